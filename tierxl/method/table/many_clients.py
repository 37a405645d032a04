"""Clients that no memory holds: their columns stay with the engine, and only distinct cells are looked at."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import narwhals as nw

from tierxl.method.expressions import Expr
from tierxl.method.issues import CannotGrade, Issue
from tierxl.method.policy import Policy
from tierxl.method.table import amounts, dates
from tierxl.method.table.columns import Column, Kind
from tierxl.method.table.distinct import Column as ColumnRead
from tierxl.method.table.distinct import Counts, key_of
from tierxl.method.table.headers import Headers
from tierxl.method.table.kinds import (
    KINDS,
    NOT_FINITE,
    Check,
    ColumnReader,
    LazyFrame,
    Source,
    blank_of,
    codes,
    collected,
    empty,
    is_date,
    refuse_other_types,
)

TableOf = Callable[[Mapping[str, Sequence[Any]]], LazyFrame]
"""Makes a small table, given as columns, known to the engine; the columns have no missing values."""

_SPACES = "\t\n\x0b\x0c\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
_BEYOND_INTEGERS = 2.0**63
_WITH_DASHES = (Kind.MONEY, Kind.PERCENT, Kind.NUMBER)
MOST_DISTINCT = 1_000_000
"""Distinct cells of a column that is no column of numbers; they are read one by one, on one machine."""


@dataclass(frozen=True)
class ManyClients:
    """The clients of a table that no machine holds.

    Attributes:
        table: one row a client; the columns that were read, a column a field, beside those of the user's frame.
        unread: the cells that could not be read; without a message, it is that of the cell, see ``messages``.
        messages: the message on each cell that cannot be read, by field and text.
        assumptions: what nothing in the table shows, and was assumed.
        currency: the currency of the revenue; "" where nothing tells it.
    """

    table: LazyFrame
    unread: list[Check]
    messages: dict[tuple[str, str], str]
    assumptions: list[Issue]
    currency: str = ""


def read_many(
    frame: LazyFrame,
    headers: Headers,
    policy: Policy,
    table_of: TableOf,
    as_of: date | None = None,
    more: Mapping[int, Column] | None = None,
) -> ManyClients:
    """The clients of a table that stays with its engine.

    Args:
        frame: one row a client; each column is named by :func:`tierxl.method.table.kinds.column_name`.
        headers: the user's headers, in the order of the columns.
        policy: says how to read money and dates that are written as text.
        table_of: makes small tables known to the engine.
        as_of: see :func:`tierxl.method.table.clients.read_clients`.
        more: other columns to read, by their position; their fields are among those of the table.

    Raises:
        CannotGrade: as for :func:`tierxl.method.table.clients.read_clients`; also a column with too many distinct
            texts.
    """
    refuse_other_types(frame, headers)
    if not collected(frame.select(nw.len())).item():
        raise CannotGrade("There are no clients: the table has a header row and nothing below it.")
    reader = _OnEngine(frame, headers, policy, as_of, table_of, more)
    return ManyClients(reader.read(), reader.unread, reader.messages, reader.assumptions, reader.currency)


class _OnEngine(ColumnReader[LazyFrame]):
    """Reads columns that stay with their engine.

    Attributes:
        unread, messages: see :class:`ManyClients`.
    """

    def __init__(
        self,
        frame: LazyFrame,
        headers: Headers,
        policy: Policy,
        as_of: date | None,
        table_of: TableOf,
        more: Mapping[int, Column] | None,
    ) -> None:
        super().__init__(frame, headers, policy, as_of, more)
        self.table_of = table_of
        self.unread: list[Check] = []
        self.messages: dict[tuple[str, str], str] = {}

    def cell(self, name: str, dtype: nw.dtypes.DType) -> Expr:
        return plain(name, dtype)

    def text(self, name: str, dtype: nw.dtypes.DType) -> Expr:
        cell = plain(name, dtype)
        if dtype.is_float():
            whole = nw.when(cell.abs() < _BEYOND_INTEGERS).then(cell).cast(nw.Int64)
            shown = nw.when(cell == whole).then(whole.cast(nw.String)).otherwise(cell.cast(nw.String))
        elif dtype == nw.Boolean:
            shown = nw.when(cell).then(nw.lit(str(True))).otherwise(nw.when(~cell).then(nw.lit(str(False))))
        else:
            shown = cell.cast(nw.String)
        stripped = shown.str.strip_chars(_SPACES)
        return nw.when(stripped != "").then(stripped)

    def days(self, source: Source) -> Expr:
        field = source.column.field
        self.unread.append(Check(field, ~nw.col(source.name).is_null() & nw.col(field).is_null(), dates.NO_DATE))
        return plain(source.name, source.dtype).cast(nw.Date).cast(nw.Datetime("us"))

    def counts(self, source: Source) -> Counts:
        column = self.frame.select(self._comparable(source).alias("cell"))
        grouped = collected(column.group_by("cell").agg(count=nw.len()).head(MOST_DISTINCT + 1))
        distinct = grouped["cell"].to_list()
        if len(distinct) > MOST_DISTINCT:
            raise CannotGrade(
                f'The column "{source.header}" holds more than {MOST_DISTINCT:,} different texts, too many to read '
                "one by one: store it as numbers or dates."
            )
        counts = zip(distinct, grouped["count"].to_list(), strict=True)
        return {key: count for cell, count in counts if (key := key_of(cell)) is not None}

    def look_up(self, source: Source, read: ColumnRead) -> Expr:
        """Codes are few; other values are looked up in a join, as there can be many."""
        values, messages, *_ = read
        field, cell = source.column.field, plain(source.name, source.dtype)
        dtype, blank = KINDS[source.column.kind].dtype, blank_of(source.column)
        unread = nw.col(field).is_null()
        if not values:
            column = empty(source.column)
            unread = ~cell.is_null()
        elif blank is not None:
            column = codes(cell, values, blank).cast(dtype)
            unread = ~cell.is_in([written for _, written in values])
        else:
            key, value = f"{field}_cell", f"{field}_value"
            table = self.table_of({key: [written for _, written in values], value: list(values.values())})
            self.frame = self.frame.with_columns(self._comparable(source).alias(key)).join(table, on=key, how="left")
            column = nw.col(value)
        if messages:
            self.messages |= {(field, str(written)): message for (_, written), message in messages.items()}
            blank_texts = ("", *amounts.DASHES) if source.column.kind in _WITH_DASHES else ("",)
            self.unread.append(Check(field, _filled(cell, source.dtype, blank_texts) & unread, ""))
        return column

    def report_infinite(self, source: Source, infinite: Expr) -> None:
        self.unread.append(Check(source.column.field, infinite, NOT_FINITE))

    def without(self, table: LazyFrame, checks: Sequence[Check], sources: Mapping[str, Source]) -> LazyFrame:  # noqa: ARG002
        for check in checks:
            mark = f"{check.field}_not_used"
            self.unread.append(Check(check.field, nw.col(mark), check.message))
            table = table.with_columns(check.applies.alias(mark)).with_columns(
                nw.when(~nw.col(mark)).then(nw.col(check.field)).alias(check.field)
            )
        return table

    def _comparable(self, source: Source) -> Expr:
        """The cells of a column as they are looked up: decimals by their number."""
        cell = plain(source.name, source.dtype)
        return cell.cast(nw.Float64) if source.dtype.is_decimal() else cell


def _filled(cell: Expr, dtype: nw.dtypes.DType, blank: Sequence[str]) -> Expr:
    """True for cells that hold more than spaces around a text that is as good as blank."""
    there = ~cell.is_null()
    is_text = dtype in (nw.String, nw.Categorical, nw.Enum)
    return there & ~cell.str.strip_chars(_SPACES).is_in(blank) if is_text else there


def plain(name: str, dtype: nw.dtypes.DType) -> Expr:
    """The cells of a column as they are read.

    A category is its text, and a time is that of the clocks in its zone; a number that is none is missing, and so is a
    date that Python's calendar has not.
    """
    cell = nw.col(name)
    if dtype.is_float():
        return cell.cast(nw.Float64).fill_nan(None)
    if isinstance(dtype, nw.Categorical | nw.Enum):
        return cell.cast(nw.String)
    if not is_date(dtype):
        return cell
    zone = getattr(dtype, "time_zone", None)
    near = cell if getattr(dtype, "time_unit", None) == "ns" else _within_calendar(cell, dtype, zone)  # until 2262
    return near.dt.replace_time_zone(None) if zone not in (None, "UTC") else near


def _within_calendar(cell: Expr, dtype: nw.dtypes.DType, zone: str | None) -> Expr:
    """Dates; those that Python's calendar has not are missing."""
    first, last, day_0 = (datetime(1970, 1, 1) + timedelta(day) for day in (*dates.calendar_in(zone), 0))
    moments = [first, last + timedelta(days=1, microseconds=-1), day_0]
    if zone:
        moments = [moment.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)) for moment in moments]
    kind = nw.Datetime("us") if dtype == nw.Date else dtype  # Spark takes no literal day of the year 1
    earliest, latest, other = (nw.lit(moment, kind).cast(dtype) for moment in moments)
    known = (cell >= earliest) & (cell <= latest)
    # Polars looks at the day of a missing date as well, so a far one gives way before it is missing.
    return nw.when(known).then(nw.when(known).then(cell).otherwise(other))
