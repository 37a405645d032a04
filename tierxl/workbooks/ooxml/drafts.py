"""Drafts of all that a grading writes: the graded columns, and the sheets of our own."""

from collections.abc import Sequence

from tierxl.method.progress import Progress
from tierxl.method.table.headers import WORKING
from tierxl.sheets import account_managers
from tierxl.sheets.description import Sheet
from tierxl.workbooks.dimensions import LINE_HEIGHT, header_style
from tierxl.workbooks.layout import GradedClients, Layout
from tierxl.workbooks.ooxml.new_sheets import Draft
from tierxl.workbooks.ooxml.sheet_mark import mark
from tierxl.workbooks.ooxml.sheet_writer import SheetWriter, add_conditional_format, set_width
from tierxl.workbooks.ooxml.validation import add_validation
from tierxl.workbooks.outline import Place
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


def write_graded_columns(draft: Draft, graded: GradedClients) -> None:
    """Make the clients' sheet with the graded columns, and nothing else."""
    layout, place, table, styles = graded.layout, graded.place, graded.table, graded.styles
    sheet = draft.book.create_sheet(graded.sheet)
    writer = SheetWriter(draft, layout.vertical)
    for name, column in layout.columns.items():
        style = "text" if column in layout.left_out else header_style("graded-header", styles[name])
        writer.write(sheet, place.header_row, column, graded.header(name), style)
    for column, width in layout.widths.items():
        set_width(sheet, column, width)
    sheet.row_dimensions[place.header_row].height = 2 * LINE_HEIGHT
    names = {column: name for name, column in layout.columns.items()}
    was_live = any(name.startswith(WORKING) for name in place.graded)
    blank = blank_rows(place, table) if layout.live or was_live else []
    for first, last in stretches(sorted(names)):
        of_columns = [(column, names[column], styles[names[column]]) for column in range(first, last + 1)]
        values = [(at, graded.values(name), style) for at, name, style in of_columns]
        writer.block(sheet, table.rows, values, formulas=_shared_formulas(layout, table.rows[0]))
        for rows, formulas in (
            (blank, _shared_formulas(layout, blank[0], len(layout.columns)) if blank else {}),
            ([row for row in place.removed if row not in blank], {}),
        ):
            if rows:
                nothing = [(at, [None] * len(rows), style) for at, _, style in of_columns]
                writer.block(sheet, rows, nothing, formulas=formulas)
    for colouring in layout.colourings:
        add_conditional_format(sheet, colouring)
    for choices in layout.choices:
        add_validation(sheet, choices)


def _shared_formulas(layout: Layout, row: int, number: int = 0) -> dict[int, tuple[str, int]]:
    """The formulas of the graded columns as a row has them, and the numbers that its cells share them by.

    Args:
        layout: where the columns go.
        row: the first row.
        number: the first number, beyond those that the sheet has already.
    """
    formulas = layout.live.in_row(row) if layout.live else {}
    return {column: (text, layout.shared + at) for at, (column, text) in enumerate(formulas.items(), number)}


def blank_rows(place: Place, table: ClientTable) -> list[int]:
    """The rows among the clients that wait for one."""
    others = {*table.rows, *(other.row for other in table.left_out)}
    last = place.table.area.bottom - place.table.totals_rows if place.table else place.last
    return [row for row in range(place.first, last + 1) if row not in others]
