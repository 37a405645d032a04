"""The clients as the rules see them: one typed column a field, whatever the user's table looked like.

Money and shares are numbers or missing, levels and answers are the ordered numbers of :mod:`tierxl.method.levels`
(never missing), dates are timestamps at midnight or missing.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import narwhals as nw

from tierxl.method import cells
from tierxl.method.columns import COLUMNS, Column, Kind, recognise
from tierxl.method.issues import CannotGrade, Issue
from tierxl.method.levels import NO, NOT_GRADED, NOT_KNOWN, NOT_RATED
from tierxl.method.policy import Policy

Frame = nw.DataFrame[Any]
Series = nw.Series[Any]

_NAMES = {column.field: column.name for column in COLUMNS}
_BLANK_IS_NO = ("high_touch", "marquee")


@dataclass(frozen=True)
class Clients:
    """The clients of one table, ready for the rules.

    Attributes:
        table: one row a client in the user's order, one column a field.
        issues: what could not be read, or looks wrong.
        headers: the user's header of each field that the table has.
        rows: the row of each client in the user's own sheet or file.
    """

    table: Frame
    issues: list[Issue]
    headers: dict[str, str]
    rows: Sequence[int]

    def issues_at(self, positions: Sequence[int], field: str, cell_texts: Sequence[str], message: str) -> list[Issue]:
        """One issue a position, about the field's cell there."""
        names = self.table["client"]
        return [
            Issue(message, self.rows[at], cells.shown(names[at]), self.headers.get(field, _NAMES[field]), shown)
            for at, shown in zip(positions, cell_texts, strict=True)
        ]


def read_clients(frame: Frame, policy: Policy, rows: Sequence[int] | None = None) -> Clients:
    """Read a table of clients.

    Args:
        frame: one row a client, the user's headers as column names.
        policy: says how to read money and dates that are written as text.
        rows: the row of each client in the user's sheet or file; by default the first client is in row 2.

    Raises:
        CannotGrade: no clients, a required column is missing, two columns mean the same, or a column mixes currencies.
    """
    fields = recognise(frame.columns)
    if frame.is_empty():
        raise CannotGrade("There are no clients: the table has a header row and nothing below it.")
    rows = rows if rows is not None else range(2, len(frame) + 2)
    reader = _TableReader(policy, rows, _texts(frame[:, fields["client"]]))
    columns = {
        column.field: reader.read(column, frame[:, fields[column.field]])
        if column.field in fields
        else _empty(column, frame)
        for column in COLUMNS
    }
    table = nw.from_dict(columns)
    headers = {field: str(frame.columns[position]) for field, position in fields.items()}
    clients = Clients(table, reader.issues, headers, rows)
    return Clients(table, [*reader.issues, *_blank_names(clients), *_duplicates(clients)], headers, rows)


def refuse_mixed_currencies(header: str, currencies: Iterable[str]) -> None:
    """Refuse a column of amounts in more than one currency.

    Args:
        header: the column's header.
        currencies: the signs of the currencies found; "" for an amount without one.

    Raises:
        CannotGrade: there is more than one sign.
    """
    signs = sorted(set(currencies) - {""})
    if len(signs) > 1:
        raise CannotGrade(
            f'The column "{header}" mixes currencies ({", ".join(signs)}): convert all amounts to one currency first.'
        )


@dataclass
class _TableReader:
    """Reads the columns of one table and collects what cannot be read."""

    policy: Policy
    rows: Sequence[int]
    names: Series

    def __post_init__(self) -> None:
        self.issues: list[Issue] = []

    def read(self, column: Column, series: Series) -> Series:
        match column.kind:
            case Kind.TEXT:
                return self.names if column.field == "client" else _texts(series)
            case Kind.MONEY:
                return self._money(series)
            case Kind.PERCENT:
                return self._percent(series)
            case Kind.DATE:
                return self._days(series)
            case Kind.LEVEL:
                return self._codes(series, cells.level, NOT_RATED)
            case Kind.YES_NO:
                return self._codes(series, cells.yes_no, NO if column.field in _BLANK_IS_NO else NOT_KNOWN)
            case Kind.TIER:
                return self._codes(series, cells.tier, NOT_GRADED)

    def _money(self, series: Series) -> Series:
        if series.dtype.is_numeric():
            return self._numbers(series)
        read = self._distinct(series, partial(cells.money, decimal_mark=self.policy.reading.decimal_mark))
        refuse_mixed_currencies(str(series.name), {found.currency for found in read.values.values() if found})
        return read.mapped(lambda found: found.amount if found else None, nw.Float64)

    def _percent(self, series: Series) -> Series:
        limit = self.policy.reading.percent_points_beyond
        if series.dtype.is_numeric():
            numbers = self._numbers(series)
            return numbers / 100 if (numbers.abs() > limit).any() else numbers
        read = self._distinct(series, partial(cells.percent, decimal_mark=self.policy.reading.decimal_mark))
        points = any(found and not found.signed and abs(found.value) > limit for found in read.values.values())

        def fraction(found: cells.Percent | None) -> float | None:
            if found is None:
                return None
            return found.value / 100 if points and not found.signed else found.value

        return read.mapped(fraction, nw.Float64)

    def _days(self, series: Series) -> Series:
        if series.dtype == nw.Date or isinstance(series.dtype, nw.Datetime):
            naive = series.dt.replace_time_zone(None) if getattr(series.dtype, "time_zone", None) else series
            return naive.cast(nw.Datetime("us")).dt.truncate("1d")
        read = self._distinct(series, partial(cells.day, day_order=self.policy.reading.day_order))
        return read.mapped(lambda found: found, nw.Datetime("us"))

    def _codes(self, series: Series, reader: Callable[[object], int], blank: int) -> Series:
        read = self._distinct(series, reader)
        return read.mapped(lambda found: blank if found is None else found, nw.Int16)

    def _numbers(self, series: Series) -> Series:
        numbers = _missing_for_nan(series.cast(nw.Float64))
        infinite = (numbers.abs() > cells.LARGEST).fill_null(False)
        if infinite.any():
            self._report(series, infinite.arg_true().to_list(), "is not a finite number")
            numbers = numbers.zip_with(~infinite, _nulls(numbers, nw.Float64))
        return numbers

    def _distinct(self, series: Series, reader: Callable[[object], Any]) -> "_Read":
        """Read each distinct cell once, and report every place of one that cannot be read."""
        keys = series.fill_null("") if series.dtype == nw.String else None
        distinct = keys.unique().to_list() if keys is not None else series.to_list()
        values: dict[Any, Any] = {}
        wrong: dict[Any, str] = {}
        for cell in distinct:
            key = cell if keys is not None else _key(cell)
            if key in values:
                continue
            values[key] = None
            if not cells.is_blank(cell):
                try:
                    values[key] = reader(cell)
                except ValueError as error:
                    wrong[key] = str(error)
        if wrong:
            written = series.to_list()
            for at, cell in enumerate(written):
                message = wrong.get(cell if keys is not None else _key(cell))
                if message:
                    self._report(series, [at], message)
        return _Read(keys if keys is not None else series, values)

    def _report(self, series: Series, positions: Sequence[int], message: str) -> None:
        for at in positions:
            name = cells.shown(self.names[at])
            self.issues.append(Issue(message, self.rows[at], name, str(series.name), cells.shown(series[at])))


@dataclass(frozen=True)
class _Read:
    """The distinct cells of a column with what they were read as (None: blank, or not readable)."""

    series: Series
    values: dict[Any, Any]

    def mapped(self, value_of: Callable[[Any], Any], dtype: Any) -> Series:
        """The whole column with each cell replaced by the value of its reading."""
        values = {key: value_of(found) for key, found in self.values.items()}
        if self.series.dtype == nw.String:
            missing = [key for key, value in values.items() if value is None]
            present = {key: value for key, value in values.items() if value is not None}
            if not present:
                return _nulls(self.series, dtype)
            filler = next(iter(present.values()))
            mapped = self.series.replace_strict(
                [*present, *missing], [*present.values(), *(filler for _ in missing)], return_dtype=dtype
            )
            return mapped.zip_with(~self.series.is_in(missing), _nulls(self.series, dtype)) if missing else mapped
        column = [values[_key(cell)] for cell in self.series.to_list()]
        return nw.new_series(self.series.name, column, dtype, backend=self.series.implementation)


def _key(cell: object) -> object:
    """What tells distinct cells apart: 1 and True are two, and all marks for missing are one."""
    return None if cells.is_blank(cell) else (type(cell), cell)


def _texts(series: Series) -> Series:
    if series.dtype == nw.String:
        stripped = series.str.strip_chars()
        return stripped.zip_with((stripped != "").fill_null(False), _nulls(stripped, nw.String))
    values = [None if cells.is_blank(cell) else cells.text(cell) for cell in series.to_list()]
    return nw.new_series(series.name, values, nw.String, backend=series.implementation)


def _missing_for_nan(series: Series) -> Series:
    return series.fill_nan(None)


def _nulls(like: Series, dtype: Any) -> Series:
    return nw.new_series(like.name, [None] * len(like), dtype, backend=like.implementation)


def _empty(column: Column, frame: Frame) -> Series:
    blank: Any = None
    dtype: Any = nw.String
    match column.kind:
        case Kind.MONEY | Kind.PERCENT:
            dtype = nw.Float64
        case Kind.DATE:
            dtype = nw.Datetime("us")
        case Kind.LEVEL:
            blank, dtype = NOT_RATED, nw.Int16
        case Kind.YES_NO:
            blank, dtype = NO if column.field in _BLANK_IS_NO else NOT_KNOWN, nw.Int16
        case Kind.TIER:
            blank, dtype = NOT_GRADED, nw.Int16
    return nw.new_series(column.field, [blank] * len(frame), dtype, backend=frame.implementation)


def _blank_names(clients: Clients) -> list[Issue]:
    nameless = clients.table["client"].is_null().arg_true().to_list()
    message = "is blank: every client needs a name"
    return clients.issues_at(nameless, "client", [""] * len(nameless), message)


def _duplicates(clients: Clients) -> list[Issue]:
    """Clients that share a Client ID, or a name where there is no ID."""
    issues: list[Issue] = []
    no_id = clients.table["client_id"].is_null()
    for field, where in (("client_id", ~no_id), ("client", no_id)):
        column = clients.table[field]
        keys = column.str.to_lowercase()
        candidates = keys.filter(where & ~column.is_null())
        shared = candidates.filter(candidates.is_duplicated()).unique().to_list()
        if not shared:
            continue
        repeated = keys.is_in(shared) & where
        positions = repeated.fill_null(False).arg_true().to_list()
        issues += clients.issues_at(
            positions, field, [column[at] for at in positions], "stands in more than one row: each is graded"
        )
    return issues
