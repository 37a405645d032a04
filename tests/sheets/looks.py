"""Looking into the description of a sheet."""

from collections.abc import Iterator
from typing import Any

from tierxl.sheets.description import Area, Sheet, Table
from tierxl.sheets.lines import Value


def grid(sheet: Sheet) -> dict[tuple[int, int], Value]:
    """All cells of a sheet, by row and column; a single cell wins over a table's."""
    cells = {(row, column): value for row, column, value, _ in _tables(sheet)}
    return cells | {(cell.row, cell.column): cell.value for cell in sheet.cells}


def styled(sheet: Sheet) -> Iterator[tuple[Value, str]]:
    """All cells of a sheet with their styles."""
    for _, _, value, style in _tables(sheet):
        yield value, style
    for cell in sheet.cells:
        yield cell.value, cell.style


def _tables(sheet: Sheet) -> Iterator[tuple[int, int, Value, str]]:
    for table in sheet.tables:
        for at, header in enumerate(table.headers):
            yield table.row, table.column + at, header, table.header_style
        for row, line in enumerate(table.rows, table.row + 1):
            for at, (value, style) in enumerate(zip(line, table.styles, strict=True)):
                yield row, table.column + at, value, style


def rows_of(sheet: Sheet) -> list[list[Value]]:
    """The sheet as a reader of workbooks sees it: row by row from the first cell, blanks as None."""
    cells = grid(sheet)
    width = max(column for _, column in cells)
    return [
        [cells.get((row, column)) for column in range(1, width + 1)]
        for row in range(1, max(row for row, _ in cells) + 1)
    ]


def table_with(sheet: Sheet, *headers: str) -> Table:
    """The one table that has these headers."""
    (found,) = (table for table in sheet.tables if set(headers) <= set(table.headers))
    return found


def records(table: Table) -> list[dict[str, Any]]:
    return [dict(zip(table.headers, line, strict=True)) for line in table.rows]


def texts(sheet: Sheet) -> list[str]:
    return [str(value) for value in grid(sheet).values() if value is not None]


def cells_in(sheet: Sheet, area: Area) -> list[Value]:
    cells = grid(sheet)
    return [
        cells.get((row, column))
        for row in range(area.top, area.bottom + 1)
        for column in range(area.left, area.right + 1)
    ]


WIDEST = {"landscape": 161, "portrait": 114}
"""The characters that a page has room for in letters of 7 points, in a font as wide as that of a LibreOffice without
Calibri."""


def fits_on_paper(sheet: Sheet) -> bool:
    """True if the columns that are printed fit on a page one beside the other."""
    count = sheet.print_columns or len(sheet.widths)
    return sum(sheet.widths[:count]) <= WIDEST["portrait" if sheet.is_portrait else "landscape"]
