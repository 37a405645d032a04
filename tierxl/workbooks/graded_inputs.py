"""By what, and when, clients were graded whose tiers are formulas: so that Why can say whether it still holds."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import polars as pl

from tierxl.method.table.columns import BY_FIELD, Kind
from tierxl.method.table.headers import WORKING, Headers
from tierxl.method.words import in_words
from tierxl.sheets.cells import FIRST_DAY, day_number

INPUTS, AMOUNTS, DAY, WHY_AS_OF = "graded texts", "graded amounts", "graded on", "Why as of"
VALUES = (INPUTS, AMOUNTS, DAY)
"""The columns that are no formulas: they are as of a grading."""
FIRST_DAY_OF_1904 = datetime(1904, 1, 1)
"""Day 0 of a workbook whose days count from 1904 on."""
_KINDS = {column.name: column.kind for column in BY_FIELD.values()}


def working(name: str) -> str:
    """The header of a column that only formulas need."""
    return f"{WORKING}{name}"


def users_columns(headers: Headers) -> dict[str, int]:
    """The column of each field, by its name in the method."""
    return {BY_FIELD[name].name: headers.places[at] + 1 for name, at in headers.position_of.items()}


def columns_of_inputs(users: Mapping[str, int]) -> list[int]:
    """The columns that decide on a tier, among those of the user's."""
    return [column for name, column in users.items() if _KINDS[name] != Kind.TEXT]


def graded_inputs(
    users: Mapping[str, int], as_of: date, lines: Iterable[Sequence[Any]], day_0: datetime = FIRST_DAY
) -> dict[str, pl.Series]:
    """The inputs of clients as they are graded now, and the day, by the headers of their columns.

    Args:
        users: the column of each of the user's that formulas take, by its name in the method.
        as_of: the day of the grading.
        lines: the cells of each client's row.
        day_0: the day that the workbook counts as 0.
    """
    texts, amounts = [], []
    for line in lines:
        cells = [line[column - 1] if column <= len(line) else None for column in columns_of_inputs(users)]
        texts.append("|".join(cell if isinstance(cell, str) else "" for cell in cells) + "|")
        amounts.append(sum((at * _amount(cell, day_0) for at, cell in enumerate(cells, 1)), 0.0))
    days = pl.Series([in_words(as_of)] * len(texts))
    columns = {INPUTS: pl.Series(texts, dtype=pl.String), AMOUNTS: pl.Series(amounts), DAY: days, WHY_AS_OF: days}
    return {working(name): values for name, values in columns.items()}


def _amount(cell: Any, day_0: datetime) -> float:
    """A cell as the function N() has it."""
    if isinstance(cell, date):
        return day_number(cell, day_0)
    if isinstance(cell, time):
        return (datetime.combine(FIRST_DAY, cell) - FIRST_DAY) / timedelta(days=1)
    if isinstance(cell, timedelta):
        return cell / timedelta(days=1)
    return float(cell) if isinstance(cell, int | float) else 0.0
