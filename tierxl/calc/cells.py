"""Cells as LibreOffice Calc has them: days are numbers from the document's first, answers are numbers, too."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

Grid = list[list[Any]]


def cells_of(message: Mapping[str, Any], day_0: datetime) -> Grid:
    """The cells of a message, with dates and answers in place of the numbers that stand for them."""
    cells: Grid = message["cells"]
    for area in message.get("dates", ()):
        _change(cells, area, lambda days: _date(days, day_0))
    for area in message.get("answers", ()):
        _change(cells, area, bool)
    return cells


def _date(days: float, day_0: datetime) -> datetime | float:
    """A day, or the number itself where the calendar does not reach as far."""
    try:
        return day_0 + timedelta(days=days)
    except OverflowError:
        return days


def _change(cells: Grid, area: Sequence[int], change: Callable[[float], Any]) -> None:
    """Change the numbers of an area; equal ones become one object."""
    top, left, bottom, right = area
    change = cache(change)
    for row in cells[top - 1 : bottom]:
        for column in range(left - 1, min(right, len(row))):
            if type(row[column]) in (int, float):
                row[column] = change(row[column])
