"""Drafts of all that a grading writes: the graded columns, and the sheets of our own."""

from collections.abc import Sequence

from openpyxl.worksheet.worksheet import Worksheet

from tierxl.method.progress import Progress
from tierxl.method.rating.grading import Grading
from tierxl.sheets import account_managers
from tierxl.sheets import clients as look
from tierxl.sheets.description import Sheet
from tierxl.workbooks.dimensions import LINE_HEIGHT, header_style
from tierxl.workbooks.layout import Layout
from tierxl.workbooks.ooxml.new_sheets import Draft
from tierxl.workbooks.ooxml.sheet_mark import mark
from tierxl.workbooks.ooxml.sheet_writer import SheetWriter, add_conditional_format, add_validation, set_width
from tierxl.workbooks.outline import Place
from tierxl.workbooks.own_sheets import graded_values
from tierxl.workbooks.stretches import stretches
from tierxl.workbooks.table import ClientTable


def write_own_sheets(draft: Draft, sheets: Sequence[Sheet], titles: dict[str, str], progress: Progress) -> None:
    """Make the sheets of our own."""
    writer = SheetWriter(draft)
    for done, description in enumerate(sheets, 1):
        progress("Writing", done, len(sheets) + 1)
        sheet = writer.sheet(description, titles[description.kind], titles=titles)
        if description.kind != account_managers.KIND:  # which is the user's
            mark(sheet, description.kind)


# --- The Clients sheet -----------------------------------------------------------------------------------------------


def write_graded_columns(draft: Draft, layout: Layout, place: Place, table: ClientTable, grading: Grading) -> Worksheet:
    """Make the clients' sheet with the graded columns, and nothing else."""
    sheet: Worksheet = draft.book.create_sheet(place.sheet.title)
    writer = SheetWriter(draft, layout.vertical)
    styles = look.graded_styles(grading)
    for name, column in layout.columns.items():
        style = header_style("graded-header", styles[name])
        writer.write(sheet, place.header_row, column, layout.headers[name], style)
    for column, width in layout.widths.items():
        set_width(sheet, column, width)
    sheet.row_dimensions[place.header_row].height = 2 * LINE_HEIGHT
    names = {column: name for name, column in layout.columns.items()}
    for first, last in stretches(sorted(names)):
        of_columns = [(column, names[column], styles[names[column]]) for column in range(first, last + 1)]
        writer.block(sheet, table.rows, [(at, graded_values(grading, name), style) for at, name, style in of_columns])
        if place.removed:
            writer.block(
                sheet, place.removed, [(at, [None] * len(place.removed), style) for at, _, style in of_columns]
            )
    for colouring in layout.colourings:
        add_conditional_format(sheet, colouring)
    for choices in layout.choices:
        add_validation(sheet, choices)
    return sheet
