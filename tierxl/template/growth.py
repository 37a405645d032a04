"""Rows that a user adds, or that spill later, look as those that are there."""

from copy import copy

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from tierxl.sheets.description import Sheet
from tierxl.workbooks.ooxml.sheet_writer import SheetWriter

_NOTE = "A2"
"""The cell of the first note on a sheet."""


def keep_style_below(sheet: Worksheet, column: int, row: int) -> None:
    """Let the cells of a column that nothing stands in yet look as the cell of one row does; those above, as notes."""
    dimension = sheet.column_dimensions[get_column_letter(column)]
    dimension._style = copy(sheet.cell(row, column)._style)  # noqa: SLF001  as SheetWriter shares a style
    for cell in (sheet.cell(above, column) for above in range(1, row)):
        if not cell.has_style:
            cell._style = copy(sheet[_NOTE]._style)  # noqa: SLF001


def growing_sheet(writer: SheetWriter, described: Sheet, position: int | None = None) -> Worksheet:
    """A sheet with one table, written so that the cells below the table look as its first row does."""
    sheet = writer.sheet(described, described.title, position)
    (table,) = described.tables
    for column in range(table.area.left, table.area.right + 1):
        keep_style_below(sheet, column, table.row + 1)
    return sheet
