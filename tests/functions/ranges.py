"""Ranges for the tests, as Excel hands them over: numbers as floats, blanks as None, dates as datetimes."""

from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from tests.files import page_of
from tests.method.frames import graded_rows
from tierxl.method.rating.grading import Grading
from tierxl.method.table.columns import GRADED_COLUMNS

Range = list[list[Any]]


def column(*cells: Any) -> Range:
    return [[cell] for cell in cells]


def row(*cells: Any) -> Range:
    return [list(cells)]


def sheet(path: Path, title: str = "Clients") -> Range:
    """The cells of a sheet of a workbook."""
    return [[as_excel(value) for value in line] for line in page_of(path, title).iter_rows(values_only=True)]


def without_grades(clients: Range) -> Range:
    """The columns that are not graded ones."""
    own = [at for at, header in enumerate(clients[0]) if header not in GRADED_COLUMNS]
    return [[line[at] for at in own] for line in clients]


def as_excel(value: Any) -> Any:
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return float(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime.combine(value, time())
    return value if value is None or isinstance(value, float | datetime) else str(value)


def graded_range(grading: Grading, *names: str) -> Range:
    """What a grading shows in a range: headers, and blanks as empty texts."""
    names = names or GRADED_COLUMNS
    lines = [["" if line[name] is None else line[name] for name in names] for line in graded_rows(grading)]
    return [list(names), *lines]
