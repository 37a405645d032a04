"""Row heights and print areas of described sheets, and the styles and names that are worked out for their headers."""

from collections.abc import Collection, Iterable, Sequence

import polars as pl

from tierxl.sheets.cells import column_of
from tierxl.sheets.description import LONG_TABLE, Area, Sheet, Table
from tierxl.sheets.lines import Lines
from tierxl.sheets.styles import STYLES

LINE_HEIGHT = 13.5
"""The height of a line of text, in points."""

_WIDTH = 13.0
"""The width of a column that nobody has set, in characters."""
_BUTTON = 3.0
"""The width of the button that filters, which covers the end of a header's last line, in characters."""
_LETTERS = 1.15
"""The letters of a text in the width of a digit; those of a header are bold, and no more than digits fit."""


def header_style(header: str, column: str) -> str:
    """The style of a header above cells of a column style: aligned as they are."""
    aligned = f"{header}-{'indented' if STYLES[column].indent else STYLES[column].align}"
    return aligned if aligned in STYLES else header


def header_styles(table: Table) -> list[str]:
    """The style of each header of a table."""
    return [header_style(table.header_style, style) for style in table.styles]


def free_name(name: str, names: Collection[str]) -> str:
    """A name for a table that no other has, in lower case."""
    free, number = name, 2
    while free.casefold() in names:
        free, number = f"{name}_{number}", number + 1
    return free


def long_columns(table: Table) -> list[pl.Series]:
    """The columns of a table that is long; none of a short one."""
    if len(table.rows) < LONG_TABLE:
        return []
    columns = table.rows.columns() if isinstance(table.rows, Lines) else zip(*table.rows, strict=True)
    return [column if isinstance(column, pl.Series) else column_of(list(column)) for column in columns]


def printed(sheet: Sheet) -> Area | None:
    """The area of a sheet that is printed; None for all of it."""
    if not sheet.print_columns:
        return None
    drawn = [chart.bottom for chart in sheet.charts]
    filled = [table.area.bottom for table in sheet.tables if table.column <= sheet.print_columns]
    written = [cell.row for cell in sheet.cells if cell.column <= sheet.print_columns]
    bottom = sheet.print_rows or max(drawn + filled + written)
    return Area(1, 1, bottom, sheet.print_columns)


# --- How high rows are: not every program makes them as high as their wrapped texts need ------------------------------


def heights_of(table: Table, columns: Sequence[pl.Series], widths: Sequence[float]) -> dict[int, float]:
    """The heights of the rows of a table in points, by row; those of a single line are left to the program.

    Args:
        table: the table.
        columns: its columns, where it is long.
        widths: the widths of the sheet's columns, from the first on.
    """
    columns_of_sheet = range(table.column - 1, table.column - 1 + len(table.headers))
    across = [widths[at] if at < len(widths) else _WIDTH for at in columns_of_sheet]
    beside_button = [(width - _BUTTON * table.is_filtered) / _LETTERS for width in across]
    lines = [_most_lines(table.headers, header_styles(table), beside_button)]
    if columns:
        lines += _lines_of_columns(columns, table.styles, across)
    else:
        lines += [_most_lines(map(str, line), table.styles, across) for line in table.rows]
    return {row: LINE_HEIGHT * count for row, count in enumerate(lines, table.row) if count > 1}


def _lines_of_columns(columns: Sequence[pl.Series], styles: Sequence[str], widths: Sequence[float]) -> list[int]:
    lines = [1] * len(columns[0])
    for values, style, width in zip(columns, styles, widths, strict=True):
        if STYLES[style].wrap and values.dtype == pl.String:
            lines = [max(most, lines_of(text or "", width)) for most, text in zip(lines, values, strict=True)]
    return lines


def _most_lines(texts: Iterable[str], styles: Sequence[str], widths: Sequence[float]) -> int:
    wrapped = [
        lines_of(text, width) for text, style, width in zip(texts, styles, widths, strict=True) if STYLES[style].wrap
    ]
    return max(wrapped, default=1)


def lines_of(text: str, width: float) -> int:
    """The number of lines of a wrapped text in a column so many characters wide."""
    most = max(int(width * _LETTERS), 1)
    return sum(_wrapped(line, most) for line in text.split("\n")) if "\n" in text else _wrapped(text, most)


def _wrapped(text: str, most: int) -> int:
    lines, start = 1, 0
    while len(text) - start > most:
        space = text.rfind(" ", start, start + most + 1)
        start = space + 1 if space > start else start + most
        lines += 1
    return lines
