"""The clients as the rules see them: one typed column a field, whatever the user's table looked like.

Money and shares are numbers or missing, levels and answers are the ordered numbers of :mod:`tierxl.method.levels`
(never missing), dates are timestamps at midnight or missing.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import reduce
from itertools import islice
from operator import and_
from typing import Any

import narwhals as nw

from tierxl.method.expressions import Expr, shared
from tierxl.method.issues import CannotGrade, Issue
from tierxl.method.policy import Policy
from tierxl.method.table import cells, dates
from tierxl.method.table.columns import COLUMNS, Column, Kind
from tierxl.method.table.contents import MOST_CELLS
from tierxl.method.table.distinct import Column as ColumnRead
from tierxl.method.table.distinct import Counts, Key, key_of
from tierxl.method.table.headers import ColumnChoice, Headers, Usage
from tierxl.method.table.kinds import (
    KINDS,
    NOT_FINITE,
    AnyFrame,
    Check,
    ColumnReader,
    Series,
    Source,
    blank_of,
    codes,
    collected,
    column_name,
    empty,
    is_date,
    refuse_other_types,
    without_revenue,
)

__all__ = ["AnyFrame", "Clients", "Frame", "Series", "collected", "read_clients"]

Frame = nw.DataFrame[Any]

_MILLISECONDS = 86_400_000
"""In a day."""
_TOP, _FEW = 100, 8
"""Cells at the top of a column, which Python counts, and how many of these are looked for in the others before all."""
_HAVE_BLANKS = [
    shared((nw.col(column.field) == "").fill_null(False).any()) for column in COLUMNS if column.kind == Kind.TEXT
]
_NAMES = {column.field: column.name for column in COLUMNS}


@dataclass(frozen=True)
class Clients:
    """The clients of one table, ready for the rules.

    Attributes:
        table: one row a client in the user's order, one column a field.
        issues: the cells that could not be read.
        headers: the user's header of each field that the table has.
        rows: the row of each client in the user's own sheet or file.
        usage: the use that is made of the list's columns.
        currency: the currency of the revenue, such as £ or CHF; "" where nothing tells it.
    """

    table: Frame
    issues: list[Issue]
    headers: dict[str, str]
    rows: Sequence[int]
    usage: Usage = field(default_factory=Usage)
    currency: str = ""

    def refuse_without_revenue(self) -> None:
        """Raise :class:`CannotGrade` where no client has a revenue that can be read, so that nothing can be rated."""
        if self.table["revenue"].is_null().all():
            raise CannotGrade(without_revenue(self.headers["revenue"]))

    def issues_at(self, positions: Sequence[int], field: str, cell_texts: Sequence[str], message: str) -> list[Issue]:
        """One issue a position, about the field's cell there."""
        names, header = self.table["client"], self.headers.get(field) or _NAMES[field]
        return [
            Issue(message, self.rows[at], cells.shown(names[at]), header, shown)
            for at, shown in zip(positions, cell_texts, strict=True)
        ]


def read_clients(
    frame: Frame,
    policy: Policy,
    rows: Sequence[int] | None = None,
    headers: Headers | None = None,
    as_of: date | None = None,
    more: Mapping[int, Column] | None = None,
) -> Clients:
    """The clients of a table in memory.

    Args:
        frame: one row a client, one column a header.
        policy: says how to read money and dates that are written as text.
        rows: the row of each client in the user's sheet or file; by default the first client is in row 2.
        headers: the user's headers; by default the names of the columns.
        as_of: the day after which nobody can have been met; if it is left out, any day will do.
        more: other columns to read, by their position; their fields are among those of the table.

    Raises:
        CannotGrade: no clients, a required column is missing, two columns mean the same, a column mixes currencies, or
            half of its amounts prove one decimal mark and half the other.
    """
    headers = headers or headers_of(frame, policy)
    more = more or {}
    to_read = {*headers.columns_to_read, *more}
    if frame.is_empty():
        raise CannotGrade("There are no clients: the table has a header row and nothing below it.")
    refuse_other_types(frame, headers)
    prepared = {column_name(at): _prepared(frame[:, at], more.get(at) or headers.columns.get(at)) for at in to_read}
    reader = _InMemory(nw.from_dict(prepared), headers, policy, as_of, more)
    others = {column.field: at for at, column in more.items()}
    table = _without_blanks(reader.read().select(*_NAMES, *others))
    header_of = {field: headers[at] for field, at in (headers.position_of | others).items()}
    issues = reader.assumptions
    rows = rows if rows is not None else range(2, len(frame) + 2)
    clients = Clients(table, issues, header_of, rows, headers.usage, reader.currency)
    for name, positions, texts, message in reader.unread:
        issues += clients.issues_at(positions, name, texts, message)
    return clients


def headers_of(frame: Frame, policy: Policy) -> Headers:
    """The headers of a table in memory: the names of its columns."""
    top = frame.head(MOST_CELLS)
    headers = Headers.of(frame.columns, choice=ColumnChoice(policy.header_of))
    return headers.with_cells(lambda at: cells_to_look_at(top[:, headers.places[at]]))


def cells_to_look_at(column: Series) -> list[Any]:
    """The cells of a column that may name clients or hold revenue; none of dates, lists and the like."""
    is_likely = column.dtype in (nw.String, nw.Object, nw.Categorical) or column.dtype.is_numeric()
    return column.to_list() if is_likely else []


def _prepared(series: Series, column: Column | None) -> Series:
    """A column as every engine's columns are: numbers as such; texts where dates lie beyond the calendar."""
    dtype, kind = series.dtype, column.kind if column else Kind.TEXT
    if kind in (Kind.MONEY, Kind.PERCENT) and dtype.is_numeric():
        return _as_float(series)
    if is_date(dtype):
        series = _within_calendar(series)
    elif isinstance(dtype, nw.Categorical | nw.Enum | nw.UInt64):
        series = series.cast(nw.String)
    return _texts(series) if kind == Kind.TEXT else series


def _texts(series: Series) -> Series:
    """A column as texts."""
    if series.dtype.is_integer():
        return series.cast(nw.String)
    return series if series.dtype == nw.String else _as_texts(series, series.to_list())


def _without_blanks(table: Frame) -> Frame:
    """The clients with texts in which nothing stands as missing ones."""
    are_blank = table.select(_HAVE_BLANKS).rows(named=True)[0]
    return table.with_columns(
        nw.when(nw.col(text) != "").then(nw.col(text)) for text, is_blank in are_blank.items() if is_blank
    )


def _missing(series: Series) -> Series:
    return nw.new_series("missing", [None] * len(series), series.dtype, backend=series.implementation)


def _as_float(series: Series) -> Series:
    try:
        return series.cast(nw.Float64)
    except ValueError:  # Arrow's, for whole numbers that lose a digit
        return series.cast(nw.String).cast(nw.Float64)


def _as_texts(series: Series, values: Iterable[object]) -> Series:
    texts = [None if cells.is_blank(cell) else cells.text(cell) for cell in values]
    return nw.new_series(series.name, texts, nw.String, backend=series.implementation)


def _within_calendar(series: Series) -> Series:
    """A column of dates; as text where it has some that Python's calendar has not."""
    days = series.dt.timestamp("ms") // _MILLISECONDS
    first, last = dates.calendar_in(getattr(series.dtype, "time_zone", None))
    far = (~days.is_between(first, last) & ~series.is_null()).fill_null(False)
    if not far.any():
        return series
    known = zip(series.zip_with(~far, _missing(series)).to_list(), far.to_list(), days.to_list(), strict=True)
    return _as_texts(series, (dates.far_day(int(day)) if is_far else cell for cell, is_far, day in known))


class _InMemory(ColumnReader[Frame]):
    """Reads columns in memory.

    Attributes:
        unread: the cells that cannot be read: field, positions, texts, message.
    """

    def __init__(
        self, frame: Frame, headers: Headers, policy: Policy, as_of: date | None, more: Mapping[int, Column]
    ) -> None:
        super().__init__(frame, headers, policy, as_of, more)
        self.unread: list[tuple[str, list[int], list[str], str]] = []

    def cell(self, name: str, dtype: nw.dtypes.DType) -> Expr:
        return nw.col(name).fill_nan(None) if dtype.is_float() else nw.col(name)

    def text(self, name: str, dtype: nw.dtypes.DType) -> Expr:  # noqa: ARG002  of texts, see _prepared
        return nw.col(name).str.strip_chars()

    def days(self, source: Source) -> Expr:
        cell = nw.col(source.name)
        clock = cell.dt.replace_time_zone(None) if getattr(source.dtype, "time_zone", None) else cell
        return clock.cast(nw.Datetime("us")).dt.truncate("1d")

    def counts(self, source: Source) -> Counts:
        if not _is_typed(source.dtype) or len(self.frame) <= _TOP:
            cells_there = self.frame[source.name].to_list()
            return Counter(key for cell in cells_there if (key := key_of(cell)) is not None)
        grouped = collected(self.frame.lazy().select(cell=source.name).group_by("cell").agg(count=nw.len()))
        counts = zip(grouped["cell"].to_list(), grouped["count"].to_list(), strict=True)
        return {key: count for cell, count in counts if (key := key_of(cell)) is not None}

    def distinct(self, source: Source) -> Iterable[Key]:
        if source.dtype != nw.String:
            return self.counts(source)
        column = self.frame[source.name]
        texts, below = dict.fromkeys(column.head(_TOP).to_list()), column[_TOP:]
        if len(below):
            is_other = reduce(and_, (below != text for text in islice(filter(None, texts), _FEW)), ~below.is_null())
            texts |= dict.fromkeys(below.filter(is_other).unique().to_list())
        return filter(None, map(key_of, texts))

    def look_up(self, source: Source, read: ColumnRead) -> Expr | Series:
        values, messages, *_ = read
        series, cell = self.frame[source.name], nw.col(source.name)
        dtype, blank = KINDS[source.column.kind].dtype, blank_of(source.column)
        if messages:
            for at, written in enumerate(series.to_list()):
                if (key := key_of(written)) in messages:
                    self.unread.append((source.column.field, [at], [cells.shown(written)], messages[key]))
        if not values:
            return empty(source.column)
        if blank is not None and _is_typed(source.dtype):
            return codes(cell, values, blank).cast(dtype)
        if source.dtype == nw.String:
            return cell.replace_strict(
                [text for _, text in values], list(values.values()), default=None, return_dtype=dtype
            )
        column = [values.get(key, blank) if (key := key_of(written)) else blank for written in series.to_list()]
        return nw.new_series(source.name, column, dtype, backend=series.implementation)

    def report_infinite(self, source: Source, infinite: Expr) -> None:
        series = self.frame[source.name]
        positions = self.frame.select(infinite=infinite)["infinite"].arg_true().to_list()
        self.unread.append((source.column.field, positions, [cells.shown(series[at]) for at in positions], NOT_FINITE))

    def without(self, table: Frame, checks: Sequence[Check], sources: Mapping[str, Source]) -> Frame:
        marks = table.select(check.mark for check in checks)
        for check in checks:
            positions = marks[check.field].arg_true().to_list()
            series = self.frame[sources[check.field].name]
            shown = [cells.shown(series[at]) for at in positions]
            self.unread.append((check.field, positions, shown, check.message))
            if positions:
                table = table.with_columns(nw.when(~check.applies).then(nw.col(check.field)).alias(check.field))
        return table


def _is_typed(dtype: nw.dtypes.DType) -> bool:
    """True for a type of column whose cells are all of one type, so that they can be compared."""
    return dtype in (nw.String, nw.Boolean) or dtype.is_numeric()
