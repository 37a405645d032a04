"""Readers of dates: of single cells, and the order of day and month in a column of them, and in its file."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Literal, NamedTuple, NoReturn

from tierxl.method.table.cells import finite, is_number
from tierxl.method.table.distinct import Column, Counts, Key, key_of, read_each
from tierxl.method.table.vocabulary import meanings, normal, words, words_for

DayOrder = Literal["auto", "day first", "month first"]

NO_DATE = "is not a date: write a date such as 2026-11-22"
NO_DAY = "is not a day of the calendar: write a date such as 2026-11-22"
UNKNOWN_ORDER = (
    "can be read day first and month first: give --dates day-first or --dates month-first (Settings: Day order), or "
    "write a date such as 2026-11-22"
)
_OTHER_ORDER = "is not a day when it is read {order}, as its column is: write a date such as 2026-11-22"
_UNIX_EPOCH = date(1970, 1, 1)
_CYCLE, _YEARS_OF_CYCLE = 146_097, 400
"""Days after which the calendar repeats itself, and their years."""
_SPREADSHEET_EPOCH, _LAST_SPREADSHEET_DAY = datetime(1899, 12, 30), 2_958_465
_FIRST_SPREADSHEET_DAY = 10_000
"""Numbers below it, the day of which is in 1927, are years alone, or lengths of time, and no days."""

_SPACE = r"[ \u00a0\u2009\u202f]"
_TIME = re.compile(
    rf"(?:T|,?{_SPACE}+)\d{{1,2}}[:.]\d{{2}}(?:[:.]\d{{2}}(?:[.,]\d+)?)?"
    rf"(?:{_SPACE}?(?:[AP]\.?M\.?|Uhr))?(?:{_SPACE}?(?:Z|UTC|GMT|[+-]\d{{2}}:?\d{{2}}))?$",
    re.IGNORECASE,
)
_BETWEEN = rf"{_SPACE}?[-./ _]{_SPACE}?"
_YEAR_FIRST = re.compile(rf"(\d{{4}})(?:{_BETWEEN}(\d{{1,2}}){_BETWEEN}(\d{{1,2}})\.?|(\d{{2}})(\d{{2}}))", re.ASCII)
_ORDERED = re.compile(rf"(\d{{1,2}}){_BETWEEN}(\d{{1,2}}){_BETWEEN}(\d{{4}}|\d{{2}})\.?", re.ASCII)
_FIRST_WORD = re.compile(r"([^\W\d_]+)[.,]*\s+")
_TOKENS = re.compile(r"\d+|[^\W\d_]+")
_CENTURY = 2000


class Readings(NamedTuple):
    """The day that a cell is with the day first and with the month first, each None where there is no such day."""

    day_first: datetime | None
    month_first: datetime | None


class Evidence(NamedTuple):
    """The number of cells that are days with the day first only, and of those with the month first only."""

    day_first: int = 0
    month_first: int = 0

    @property
    def order(self) -> DayOrder | None:
        """The order of the most; None where none has more."""
        if self.day_first == self.month_first:
            return None
        return "day first" if self.day_first > self.month_first else "month first"


def day(cell: object, day_order: DayOrder = "auto") -> datetime:
    """A spreadsheet date, or a date as text: year first, with the month in words, or in an order that is known.

    Raises:
        ValueError: it is no date, or nothing tells its order.
    """
    found = readings(cell)
    if day_order == "auto":
        day_order = evidence([found]).order or "auto"
    return _in_order(found, day_order)


def readings(cell: object) -> Readings:
    """The days that a cell can be; the same in both orders where it can be read one way only.

    Raises:
        ValueError: it is no date in any order.
    """
    if isinstance(cell, date):
        return _same(datetime(cell.year, cell.month, cell.day))
    if is_number(cell) and finite(cell) < _FIRST_SPREADSHEET_DAY:
        raise ValueError(NO_DATE)
    if is_number(cell) and finite(cell) <= _LAST_SPREADSHEET_DAY:
        return _same(_SPREADSHEET_EPOCH + timedelta(days=int(finite(cell))))
    if is_number(cell) and finite(cell).is_integer():
        cell = str(int(finite(cell)))
    if isinstance(cell, str):
        return _of_text(_TIME.sub("", cell.strip()))
    raise ValueError(NO_DATE)


def is_day(cell: object) -> bool:
    """True for a cell that is a date, or a text that can be read as one in any order."""
    try:
        return not is_number(cell) and bool(readings(cell))
    except ValueError:
        return False


def order_in(cells: Iterable[object], day_order: DayOrder) -> DayOrder:
    """The order of some cells side by side: the policy's, or what they prove themselves."""
    if day_order != "auto":
        return day_order
    return ColumnOfDays.of(Counter(key for cell in cells if (key := key_of(cell)) is not None)).evidence.order or "auto"


def evidence(found: Iterable[Readings], counts: Iterable[int] | None = None) -> Evidence:
    """The evidence for the order of some dates, each as often as it is counted."""
    day_first = month_first = 0
    for days, count in zip(found, counts, strict=True) if counts is not None else ((days, 1) for days in found):
        day_first += count * (days.month_first is None)
        month_first += count * (days.day_first is None)
    return Evidence(day_first, month_first)


class ColumnOfDays(NamedTuple):
    """A column of dates before its order is known: the readings of each cell, and their evidence."""

    read: Column
    evidence: Evidence

    @classmethod
    def of(cls, counts: Counts) -> "ColumnOfDays":
        """The dates of a column."""
        read = read_each(counts, readings)
        return cls(read, evidence(read.values.values(), (counts[key] for key in read.values)))

    def in_order(self, day_order: DayOrder, of_file: Evidence) -> Column:
        """The days of the column.

        Args:
            day_order: the policy's; "auto" for what the column's own evidence says, else that of its file.
            of_file: the evidence in all columns of dates.
        """
        if day_order == "auto":
            day_order = self.evidence.order or of_file.order or "auto"
        values: dict[Key, datetime] = {}
        messages = dict(self.read.messages)
        for key, found in self.read.values.items():
            try:
                values[key] = _in_order(found, day_order)
            except ValueError as error:
                messages[key] = str(error)
        return Column(values, messages)


def evidence_of(columns: Sequence[ColumnOfDays]) -> Evidence:
    """The evidence of columns together."""
    return Evidence(
        sum(column.evidence.day_first for column in columns), sum(column.evidence.month_first for column in columns)
    )


def calendar_in(zone: str | None) -> tuple[int, int]:
    """The first and the last day that Python's calendar has, in days since 1970 by UTC: it ends with the year 9999."""
    beside = 0 if zone in (None, "", "UTC") else 1  # elsewhere it is another day
    return (date.min - _UNIX_EPOCH).days + beside, (date.max - _UNIX_EPOCH).days - beside


def far_day(days: int) -> str:
    """A day of any year, such as 5881580-07-11, by the days since 1970."""
    cycles, rest = divmod(days, _CYCLE)
    day_of_cycle = _UNIX_EPOCH + timedelta(rest)
    return f"{day_of_cycle.year + _YEARS_OF_CYCLE * cycles}-{day_of_cycle:%m-%d}"


def _in_order(found: Readings, day_order: DayOrder) -> datetime:
    if found.day_first and found.day_first == found.month_first:
        return found.day_first
    if day_order == "auto":
        raise ValueError(UNKNOWN_ORDER)
    in_order = found.day_first if day_order == "day first" else found.month_first
    if in_order is None:
        raise ValueError(_OTHER_ORDER.format(order=day_order))
    return in_order


def _same(found: datetime) -> Readings:
    return Readings(found, found)


@lru_cache(4096)
def _of_text(written: str) -> Readings:
    """The days that a text without a time can be."""
    weekday = _FIRST_WORD.match(written)
    if weekday and normal(weekday[1]) in words_for("weekdays"):
        with suppress(ValueError):  # for "mar" is Tuesday as well as March
            return _of_text(written[weekday.end() :])
    if year_first := _YEAR_FIRST.fullmatch(written):
        year, *month_and_day = (int(part) for part in year_first.groups() if part)
        return _same(_calendar_day(year, *month_and_day) or _no_day())
    if ordered := _ORDERED.fullmatch(written):
        first, second = int(ordered[1]), int(ordered[2])
        year = _year(ordered[3])
        found = Readings(_calendar_day(year, second, first), _calendar_day(year, first, second))
        return found if any(found) else _no_day()
    return _same(_calendar_day(*_with_month_in_words(written)) or _no_day())


def _with_month_in_words(written: str) -> tuple[int, int, int]:
    """Year, month and day of a date such as 15 Aug 2026, Aug 15, 2026, or 4 de mayo de 2026."""
    tokens = _TOKENS.findall(" ".join(words(written)))
    names = [token for token in tokens if not token.isdigit() and token not in words_for("dates")]
    if len(names) > 1:
        names = [name for name in names if name not in words_for("weekdays")]
    numbers = [token for token in tokens if token.isdigit()]
    if len(names) != 1 or len(numbers) != 2 or names[0] not in meanings("months"):
        raise ValueError(NO_DATE)
    year, month_day = (numbers[0], numbers[1]) if len(numbers[0]) == len("2026") else (numbers[1], numbers[0])
    if len(year) not in (2, 4) or len(month_day) > len("31"):
        raise ValueError(NO_DATE)
    return _year(year), int(meanings("months")[names[0]]), int(month_day)


def _year(written: str) -> int:
    return int(written) + (_CENTURY if len(written) == len("26") else 0)


def _calendar_day(year: int, month: int, number: int) -> datetime | None:
    try:
        return datetime(year, month, number)
    except ValueError:
        return None


def _no_day() -> NoReturn:
    raise ValueError(NO_DAY)
