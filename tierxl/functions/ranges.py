"""Ranges of cells as hosts hand them over and take them back."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import narwhals as nw

from tierxl.method.table import cells
from tierxl.sheets.cells import FIRST_YEAR, LONGEST_TEXT, column_of, in_unicode

Grid = list[list[Any]]

LONGEST_QUOTE = 40
"""The characters of a cell that a message quotes."""

_PLAIN = (str, float, int, bool, datetime, date, type(None))


def grid_of(argument: Any) -> Grid:
    """An argument as rows of cells, of whichever host: a range of any shape, or a single cell.

    An argument that has this form is not copied: it is only to be read.
    """
    if not isinstance(argument, list | tuple):
        return [[argument]]
    if type(argument) is list and set(map(type, argument)) == {list}:
        grid = argument
    elif any(isinstance(row, list | tuple) for row in argument):
        grid = [list(row) if isinstance(row, list | tuple) else [row] for row in argument]
    else:
        grid = [list(argument)]
    return grid if any(grid) else [[None]]


def column_of_cells(values: Iterable[Any]) -> list[Any]:
    """Cells as the method reads them: currency as a number, what no cell holds as its text."""
    column = list(values)
    if set(map(type, column)) <= set(_PLAIN):
        return column
    return [_plain(value) for value in column]


def series_of(values: Iterable[Any]) -> Any:
    """Cells as a column of a table of clients, see :func:`tierxl.sheets.cells.column_of`."""
    column = column_of_cells(values)
    try:
        series = column_of(column)
        if nw.from_native(series, series_only=True).dtype == nw.Object:  # its texts are read later
            "".join(cell for cell in column if isinstance(cell, str)).encode()
    except UnicodeEncodeError:  # half a character, as LEFT() leaves of an emoji
        series = column_of(in_unicode(column))
    return series


def shortened(text: str) -> str:
    """A text as a message quotes it."""
    return text if len(text) <= LONGEST_QUOTE else f"{text[: LONGEST_QUOTE - 1]}…"


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    return value if isinstance(value, _PLAIN) else str(value)


def shown(values: Sequence[Any]) -> list[Any]:
    """Results as cells show them. Equal ones become one object, which makes a table of them quick to copy."""
    cells_of_values = {value: _cell(value) for value in set(values)}
    return [cells_of_values[value] for value in values]


def _cell(value: Any) -> Any:
    """A result as a cell shows it: what is missing is an empty text, where Excel would show 0."""
    if cells.is_blank(value):
        return ""
    if isinstance(value, str):
        return value[:LONGEST_TEXT]
    if isinstance(value, datetime) and value.year < FIRST_YEAR:
        return value.date().isoformat()
    return value
