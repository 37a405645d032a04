"""The limits of a cell, the same in all spreadsheet programs, and cells as a column."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from tierxl.method.engine import ENGINE
from tierxl.sheets.lines import Value

if ENGINE == "polars":
    import polars as pl
else:
    import pandas as pd

LONGEST_TEXT = 32_767
"""The characters that a cell holds."""

FIRST_DAY = datetime(1899, 12, 30)
"""Day 0 of most workbooks."""

FIRST_YEAR = 1900
"""The first year that a cell holds as a date."""

_COLUMNS: Sequence[tuple[set[type], Callable[[list[Any]], Any]]]
if ENGINE == "polars":
    _COLUMNS = (
        ({str}, partial(pl.Series, dtype=pl.String)),
        ({int, float}, partial(pl.Series, dtype=pl.Float64, strict=False)),
        ({datetime}, partial(pl.Series, dtype=pl.Datetime("us"))),
        ({date}, partial(pl.Series, dtype=pl.Date)),
    )
    _mixed = partial(pl.Series, dtype=pl.Object)
else:
    _COLUMNS = (
        ({str}, partial(pd.Series, dtype="string")),
        ({int, float}, partial(pd.Series, dtype="float64")),
        ({datetime, date}, partial(pd.Series, dtype="datetime64[us]")),
    )
    _mixed = partial(pd.Series, dtype="object")

NOT_XML = "[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]"
"""Pattern of the characters that no workbook can hold, beside halves of a character."""


def column_of(values: list[Any]) -> Any:
    """Cells as one column of :data:`ENGINE`: of texts, numbers or dates where all are alike, else of objects."""
    present = {type(value) for value in values if value is not None}
    for types, column in _COLUMNS:
        if present <= types:
            return column(values)
    return _mixed(values)


def day_number(day: date, day_0: datetime = FIRST_DAY) -> float:
    """A date as the number that a workbook has for it."""
    moment = day if isinstance(day, datetime) else datetime(day.year, day.month, day.day)
    return (moment - day_0) / timedelta(days=1)


def plain(cell: Any) -> Value:
    """A value as one that a sheet can hold: another thing than text, number or date as its text."""
    return cell if cell is None or isinstance(cell, str | int | float | date) else str(cell)


def in_unicode(cells: list[Any]) -> list[Any]:
    """Cells with a question mark in place of half a character, as LEFT() leaves of an emoji: columns cannot hold it."""
    return [cell.encode(errors="replace").decode() if isinstance(cell, str) else cell for cell in cells]
