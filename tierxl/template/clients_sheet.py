"""The template's Clients sheet: a table with every column that the method knows, lists, and samples to replace."""

from collections.abc import Mapping, Sequence

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from tierxl.method.table.columns import COLUMNS, Column
from tierxl.sheets import clients as look
from tierxl.sheets.description import LAST_ROW, TITLE_HEIGHT, Area, Validation
from tierxl.sheets.lines import Value
from tierxl.template.growth import keep_style_below
from tierxl.workbooks.clients_print import SMALLEST
from tierxl.workbooks.dimensions import LINE_HEIGHT, header_style
from tierxl.workbooks.ooxml.cell_range import reference
from tierxl.workbooks.ooxml.sheet_writer import SheetWriter, add_table
from tierxl.workbooks.ooxml.validation import add_validation

HEADER_ROW = 5
BUTTON_ROW = 3
FIRST_ROW = HEADER_ROW + 1
_BUTTON_HEIGHT = 34
_NOTE = (
    "Paste your clients in place of the samples, one row each, as values. Client and Revenue are needed; a blank cell "
    "means that you do not know. Select a header to read what the column holds."
)
WITH_COMMAND = 'Grade them with the command: tierxl grade "Client Tiers.xlsx"'


def write_clients(writer: SheetWriter, clients: Sequence[Mapping[str, Value]], *, has_macros: bool) -> Worksheet:
    """Write the sheet; with macros there is room for a button above the table."""
    sheet: Worksheet = writer.book.create_sheet(look.TITLE)
    sheet.sheet_view.showGridLines = False
    writer.write(sheet, 1, 1, look.TITLE, "title")
    writer.write(sheet, 2, 1, _NOTE, "note")
    sheet.row_dimensions[1].height = TITLE_HEIGHT
    if has_macros:
        sheet.row_dimensions[BUTTON_ROW].height = _BUTTON_HEIGHT
    else:
        writer.write(sheet, BUTTON_ROW, 1, WITH_COMMAND, "note")
    for at, column in enumerate(COLUMNS, 1):
        _write_column(writer, sheet, at, column, [client.get(column.name) for client in clients])
    sheet.row_dimensions[HEADER_ROW].height = 2 * LINE_HEIGHT
    add_table(sheet, Area(HEADER_ROW, 1, HEADER_ROW + len(clients), len(COLUMNS)), look.TABLE)
    sheet.freeze_panes = f"B{FIRST_ROW}"
    _set_up_pages(sheet)
    return sheet


def _set_up_pages(sheet: Worksheet) -> None:
    """Print the clients' names on each page; a grading adds which columns stand right of them."""
    sheet.print_title_cols, sheet.print_title_rows = "A:A", f"{HEADER_ROW}:{HEADER_ROW}"
    sheet.page_setup.orientation, sheet.page_setup.scale = "landscape", SMALLEST


def _write_column(writer: SheetWriter, sheet: Worksheet, at: int, column: Column, values: Sequence[Value]) -> None:
    style = "identifier" if column.field == "client_id" else look.input_style(column)  # an ID keeps its leading zeros
    writer.write(sheet, HEADER_ROW, at, column.name, header_style("header", style))
    for row, value in enumerate(values, FIRST_ROW):
        writer.write(sheet, row, at, value, style)
    keep_style_below(sheet, at, FIRST_ROW)
    sheet.column_dimensions[get_column_letter(at)].width = look.input_width(column)
    _explain(sheet, Area(HEADER_ROW, at, HEADER_ROW, at), column)
    choices = look.INPUT_CHOICES.get(column.kind)
    if choices:
        add_validation(sheet, Validation(Area(FIRST_ROW, at, LAST_ROW, at), choices, column.name, look.prompt(column)))


def _explain(sheet: Worksheet, header: Area, column: Column) -> None:
    needed = " It must be filled in." if column.required else ""
    explanation = DataValidation(
        showInputMessage=True,
        allow_blank=True,
        promptTitle=column.name,
        prompt=f"{look.prompt(column)} Holds: {column.kind}.{needed}",
    )
    explanation.add(reference(header))
    sheet.add_data_validation(explanation)
