"""The clients as the rules see them: one typed column a field, whatever the user's table looked like.

Money and shares are numbers or missing, levels and answers are the ordered numbers of :mod:`tierxl.method.levels`
(never missing), dates are timestamps at midnight or missing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

import narwhals as nw

from tierxl.method.expressions import Expr
from tierxl.method.issues import CannotGrade, Issue
from tierxl.method.policy import Policy
from tierxl.method.table import cells
from tierxl.method.table.columns import COLUMNS, Column, Kind
from tierxl.method.table.contents import MOST_CELLS
from tierxl.method.table.headers import ColumnChoice, Headers, Usage
from tierxl.method.table.kinds import (
    KINDS,
    NOT_FINITE,
    AnyFrame,
    ColumnReader,
    Messages,
    Series,
    Source,
    Values,
    blank_of,
    codes,
    collected,
    column_name,
    empty,
    is_date,
    key_of,
    refuse_other_types,
    without_revenue,
)

__all__ = ["AnyFrame", "Clients", "Frame", "Series", "collected", "read_clients"]

Frame = nw.DataFrame[Any]

_MILLISECONDS = 86_400_000
"""In a day."""
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
    """

    table: Frame
    issues: list[Issue]
    headers: dict[str, str]
    rows: Sequence[int]
    usage: Usage = field(default_factory=Usage)

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
    more: Mapping[int, Column] | None = None,
) -> Clients:
    """The clients of a table in memory.

    Args:
        frame: one row a client, one column a header.
        policy: says how to read money and dates that are written as text.
        rows: the row of each client in the user's sheet or file; by default the first client is in row 2.
        headers: the user's headers; by default the names of the columns.
        more: other columns to read, by their position; their fields are among those of the table.

    Raises:
        CannotGrade: no clients, a required column is missing, two columns mean the same, or a column mixes
            currencies.
    """
    headers = headers or headers_of(frame, policy)
    more = more or {}
    to_read = {*headers.columns_to_read, *more}
    if frame.is_empty():
        raise CannotGrade("There are no clients: the table has a header row and nothing below it.")
    refuse_other_types(frame, headers)
    prepared = {column_name(at): _prepared(frame[:, at], more.get(at) or headers.columns.get(at)) for at in to_read}
    issues = []
    order = _day_order_of_export(prepared, headers, policy)
    if order is not None:
        policy = policy.changed({"reading": {"day_order": order}})
        issues = [Issue(f"the dates of this export are read {order}: in no other order can all of them be read")]
    reader = _InMemory(nw.from_dict(prepared), headers, policy, more)
    others = {column.field: at for at, column in more.items()}
    table = _without_blanks(reader.read().select(*_NAMES, *others))
    header_of = {field: headers[at] for field, at in (headers.position_of | others).items()}
    clients = Clients(table, issues, header_of, rows if rows is not None else range(2, len(frame) + 2), headers.usage)
    for name, positions, texts, message in reader.unread:
        issues += clients.issues_at(positions, name, texts, message)
    return clients


def headers_of(frame: Frame, policy: Policy) -> Headers:
    """The headers of a table in memory: the names of its columns."""
    top = frame.head(MOST_CELLS)
    headers = Headers.of(frame.columns, choice=ColumnChoice(policy.header_of))
    return headers.with_cells(lambda at: top[:, headers.places[at]].to_list())


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
    texts = [nw.col(column.field) for column in COLUMNS if column.kind == Kind.TEXT]
    are_blank = table.select((text == "").fill_null(False).any() for text in texts).row(0)
    return table.with_columns(
        nw.when(text != "").then(text) for text, is_blank in zip(texts, are_blank, strict=True) if is_blank
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
    first, last = cells.calendar_in(getattr(series.dtype, "time_zone", None))
    far = (~days.is_between(first, last) & ~series.is_null()).fill_null(False)
    if not far.any():
        return series
    known = zip(series.zip_with(~far, _missing(series)).to_list(), far.to_list(), days.to_list(), strict=True)
    return _as_texts(series, (cells.far_day(int(day)) if is_far else cell for cell, is_far, day in known))


def _day_order_of_export(columns: Mapping[str, Series], headers: Headers, policy: Policy) -> str | None:
    """The day order of an export's dates, where the policy names none and the dates can be read in no other order.

    A system writes all dates of an export in the order of the user who exported it.
    """
    if policy.reading.day_order != "iso" or headers.export is None:
        return None
    dates = [columns[column_name(at)] for at, column in headers.columns.items() if column.kind == Kind.DATE]
    texts = (column.drop_nulls().unique().to_list() for column in dates if column.dtype == nw.String)
    return cells.only_day_order(map(str.strip, chain.from_iterable(texts)))


class _InMemory(ColumnReader[Frame]):
    """Reads columns in memory.

    Attributes:
        unread: the cells that cannot be read: field, positions, texts, message.
    """

    def __init__(self, frame: Frame, headers: Headers, policy: Policy, more: Mapping[int, Column]) -> None:
        super().__init__(frame, headers, policy, more)
        self.unread: list[tuple[str, list[int], list[str], str]] = []

    def cell(self, name: str, dtype: nw.dtypes.DType) -> Expr:
        return nw.col(name).fill_nan(None) if dtype.is_float() else nw.col(name)

    def text(self, name: str, dtype: nw.dtypes.DType) -> Expr:  # noqa: ARG002  of texts, see _prepared
        return nw.col(name).str.strip_chars()

    def days(self, source: Source) -> Expr:
        cell = nw.col(source.name)
        clock = cell.dt.replace_time_zone(None) if getattr(source.dtype, "time_zone", None) else cell
        return clock.cast(nw.Datetime("us")).dt.truncate("1d")

    def distinct(self, source: Source) -> Iterable[object]:
        series = self.frame[source.name]
        return iter((series.unique() if _is_typed(source.dtype) else series).to_list())

    def look_up(self, source: Source, values: Values, messages: Messages) -> Expr | Series:
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


def _is_typed(dtype: nw.dtypes.DType) -> bool:
    """True for a type of column whose cells are all of one type, so that they can be compared."""
    return dtype in (nw.String, nw.Boolean) or dtype.is_numeric()
