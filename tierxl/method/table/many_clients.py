"""Reading more clients than fit into memory: the columns stay with their engine, only distinct cells are looked at.

What is read is what :mod:`tierxl.method.table.clients` reads, by the same readers.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import narwhals as nw

from tierxl.method.expressions import Expr, first_that_applies
from tierxl.method.issues import CannotGrade
from tierxl.method.levels import NO, NOT_GRADED, NOT_KNOWN, NOT_RATED
from tierxl.method.policy import Policy
from tierxl.method.rating.checks import CHECKS, NAMELESS, REPEATED
from tierxl.method.table import cells
from tierxl.method.table.clients import (
    BLANK_IS_NO,
    DistinctCells,
    codes,
    collected,
    empty,
    read_each,
    refuse_mixed_currencies,
    refuse_other_types,
)
from tierxl.method.table.columns import COLUMNS, Column, Kind
from tierxl.method.table.headers import Headers

LazyFrame = nw.LazyFrame[Any]
TableOf = Callable[[Mapping[str, Sequence[Any]]], LazyFrame]
"""Makes a small table, given as columns, known to the engine; the columns have no missing values."""

MOST_DISTINCT = 1_000_000
"""Distinct cells of a column that is no column of numbers; they are read one by one, on one machine."""
_SPACES = "\t\n\x0b\x0c\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
_UNREADABLE = -9
_BEYOND_INTEGERS = 2.0**63
_NOT_FINITE = "is not a finite number"


@dataclass(frozen=True)
class Doubt:
    """One thing to report, and where it applies; without a message, it is that of the cell, see ``unreadable``."""

    field: str
    applies: Expr
    message: str


@dataclass(frozen=True)
class ManyClients:
    """The clients of a table that no machine holds.

    Attributes:
        table: one row a client; the columns that were read, a column a field, beside those of the given frame.
        doubts: what could not be read.
        unreadable: why a cell cannot be read: a field and the text of the cell to the message.
    """

    table: LazyFrame
    doubts: list[Doubt]
    unreadable: dict[tuple[str, str], str]


def read_many(frame: LazyFrame, headers: Headers, policy: Policy, table_of: TableOf) -> ManyClients:
    """Read a table of clients that stays with its engine.

    Args:
        frame: one row a client; each column is named by :func:`given`.
        headers: the user's headers, in the order of the columns.
        policy: says how to read money and dates that are written as text.
        table_of: makes small tables known to the engine.

    Raises:
        CannotGrade: as for :func:`tierxl.method.table.clients.read_clients`; also a column with too many distinct
            texts.
    """
    fields = headers.position_of
    refuse_other_types(frame, headers)
    if not collected(frame.select(nw.len())).item():
        raise CannotGrade("There are no clients: the table has a header row and nothing below it.")
    reader = _Reader(policy, table_of, frame, [], {})
    for column in COLUMNS:
        if column.field in fields:
            reader.read(column, given(fields[column.field]), headers[fields[column.field]])
        else:
            reader.table = reader.table.with_columns(empty(column).alias(column.field))
    if headers.currency is not None:
        reader.refuse_mixed_currencies(given(headers.currency), headers[headers.currency])
    return ManyClients(reader.table, reader.doubts, reader.unreadable)


def given(position: int) -> str:
    """The name of the user's column at a position: one that no field and no other engine's rules get in the way of."""
    return f"given_{position}"


def doubts_of(clients: ManyClients) -> list[Doubt]:
    """Everything to report of rated clients that carry ``repeats_client_id`` and ``repeats_client``."""
    unread = {doubt.field: doubt.applies for doubt in clients.doubts}
    checks = [
        Doubt(
            check.field,
            check.applies & ~unread[check.field] if check.field in unread else check.applies,
            check.message,
        )
        for check in CHECKS
    ]
    return [
        *clients.doubts,
        Doubt("client", nw.col("client").is_null(), NAMELESS),
        Doubt("client_id", nw.col("repeats_client_id"), REPEATED),
        Doubt("client", nw.col("repeats_client"), REPEATED),
        *checks,
    ]


def with_repeats(clients: LazyFrame, repeated: Callable[[LazyFrame], LazyFrame]) -> LazyFrame:
    """The clients with ``repeats_client_id`` and ``repeats_client``.

    They say whether others share the client's ID; or, where there is none, its name.

    Args:
        clients: the clients.
        repeated: what stands more than once in a frame of one column without gaps, each once.
    """
    for field in ("client_id", "client"):
        key, repeats = f"{field}_key", f"repeats_{field}"
        counts = nw.col(field)
        if field == "client":
            counts = nw.when(nw.col("client_id").is_null()).then(counts.str.to_lowercase())
        clients = clients.with_columns(counts.alias(key))
        shared = repeated(clients.select(key).filter(~nw.col(key).is_null())).with_columns(nw.lit(1).alias(repeats))
        clients = clients.join(shared, on=key, how="left").with_columns((~nw.col(repeats).is_null()).alias(repeats))
    return clients


@dataclass
class _Reader:
    """Reads one column after the other, and collects what cannot be read."""

    policy: Policy
    table_of: TableOf
    table: LazyFrame
    doubts: list[Doubt]
    unreadable: dict[tuple[str, str], str]

    def __post_init__(self) -> None:
        self.schema = self.table.collect_schema()

    def read(self, column: Column, name: str, header: str) -> None:
        dtype = self.schema[name]
        cell = plain(name, dtype)
        match column.kind:
            case Kind.TEXT:
                self._keep(column, _text(cell, dtype))
            case Kind.MONEY | Kind.PERCENT if dtype.is_numeric():
                self._numbers(column, cell.cast(nw.Float64))
            case Kind.MONEY:
                self._money(column, name, header)
            case Kind.PERCENT:
                self._percent(column, name, header)
            case Kind.DATE if _is_date(dtype):
                self._keep(column, cell.cast(nw.Date).cast(nw.Datetime("us")))
                unread = ~nw.col(name).is_null() & nw.col(column.field).is_null()
                self.doubts.append(Doubt(column.field, unread, cells.NO_DATE))
            case Kind.DATE:
                self._days(column, name, header)
            case _:
                self._codes(column, name, header, *self._scale(column))

    def refuse_mixed_currencies(self, name: str, header: str) -> None:
        """Refuse revenues that are in more than one currency, as another column says."""
        named = self.table.filter(~nw.col("revenue").is_null()).select(
            _text(plain(name, self.schema[name]), self.schema[name])
        )
        found = collected(named.unique().head(MOST_DISTINCT))[name].drop_nulls().to_list()
        refuse_mixed_currencies(header, map(cells.currency_named, found))

    def _scale(self, column: Column) -> tuple[Callable[[object], int], int]:
        """How a level, an answer or a tier is read, and what a blank one counts as."""
        if column.kind == Kind.LEVEL:
            return cells.level, NOT_RATED
        if column.kind == Kind.YES_NO:
            return cells.yes_no, NO if column.field in BLANK_IS_NO else NOT_KNOWN
        return cells.tier, NOT_GRADED

    def _reader(self, reader: Callable[..., Any]) -> Callable[[Any], Any]:
        return partial(reader, decimal_mark=self.policy.reading.decimal_mark)

    def _keep(self, column: Column, expression: Expr) -> None:
        self.table = self.table.with_columns(expression.alias(column.field))

    def _numbers(self, column: Column, numbers: Expr) -> None:
        finite = nw.when(numbers.abs() <= cells.LARGEST).then(numbers)
        self.doubts.append(Doubt(column.field, ~numbers.is_null() & nw.col(column.field).is_null(), _NOT_FINITE))
        if column.kind == Kind.PERCENT:
            largest = collected(self.table.select(finite.abs().max())).item()
            if largest is not None and largest > self.policy.reading.percent_points_beyond:
                finite = finite / 100
        self._keep(column, finite)

    def _money(self, column: Column, name: str, header: str) -> None:
        found = self._distinct(column, name, header, self._reader(cells.money))
        refuse_mixed_currencies(header, {money.currency for money in found.values.values()})
        self._look_up(column, name, {cell: money.amount for (_, cell), money in found.values.items()})

    def _days(self, column: Column, name: str, header: str) -> None:
        if self.schema[name].is_decimal():  # days are looked up by their number
            numbers = f"{name}_number"
            self.table = self.table.with_columns(nw.col(name).cast(nw.Float64).alias(numbers))
            self.schema, name = self.table.collect_schema(), numbers
        found = self._distinct(column, name, header, partial(cells.day, day_order=self.policy.reading.day_order))
        self._look_up(column, name, {cell: day for (_, cell), day in found.values.items()})

    def _percent(self, column: Column, name: str, header: str) -> None:
        found = self._distinct(column, name, header, self._reader(cells.percent))
        fractions = cells.fractions(found.values, self.policy.reading.percent_points_beyond)
        self._look_up(column, name, {cell: fraction for (_, cell), fraction in fractions.items()})

    def _distinct(self, column: Column, name: str, header: str, reader: Callable[[Any], Any]) -> DistinctCells:
        """The distinct cells of a column as they are read; those that cannot be read are noted."""
        distinct = collected(self.table.select(plain(name, self.schema[name])).unique().head(MOST_DISTINCT + 1))[name]
        if len(distinct) > MOST_DISTINCT:
            raise CannotGrade(
                f'The column "{header}" holds more than {MOST_DISTINCT:,} different texts, too many to read '
                "one by one: store it as numbers or dates."
            )
        found = read_each(distinct.to_list(), reader)
        self.unreadable |= {(column.field, _written(cell)): message for (_, cell), message in found.wrong.items()}
        return found

    def _look_up(self, column: Column, name: str, values: Mapping[Any, Any]) -> None:
        """The column with each cell replaced by its value, in a join, as there can be many."""
        cell = plain(name, self.schema[name])
        if values:
            read = self.table_of({f"{column.field}_cell": list(values), column.field: list(values.values())})
            self.table = self.table.join(read, left_on=name, right_on=f"{column.field}_cell", how="left")
        else:
            self.table = self.table.with_columns(empty(column).alias(column.field))
        self._doubt(column, name, cell, nw.col(column.field).is_null())

    def _codes(self, column: Column, name: str, header: str, reader: Callable[[object], int], blank: int) -> None:
        found = self._distinct(column, name, header, reader)
        cell = plain(name, self.schema[name])
        read = codes(cell, found.values, _UNREADABLE)
        self._keep(column, first_that_applies([(read != _UNREADABLE, read)], blank).cast(nw.Int64))
        self._doubt(column, name, cell, read == _UNREADABLE)

    def _doubt(self, column: Column, name: str, cell: Expr, unread: Expr) -> None:
        filled = ~cell.is_null()
        if self.schema[name] in (nw.String, nw.Categorical, nw.Enum):
            filled = filled & (cell.str.strip_chars(_SPACES) != "")
        self.doubts.append(Doubt(column.field, filled & unread, ""))


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
    if not _is_date(dtype):
        return cell
    zone = getattr(dtype, "time_zone", None)
    near = cell if getattr(dtype, "time_unit", None) == "ns" else _within_calendar(cell, dtype, zone)  # until 2262
    return near.dt.replace_time_zone(None) if zone not in (None, "UTC") else near


def _within_calendar(cell: Expr, dtype: nw.dtypes.DType, zone: str | None) -> Expr:
    """Dates; those that Python's calendar has not are missing."""
    first, last, day_0 = (datetime(1970, 1, 1) + timedelta(day) for day in (*cells.calendar_in(zone), 0))
    moments = [first, last + timedelta(days=1, microseconds=-1), day_0]
    if zone:
        moments = [moment.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)) for moment in moments]
    kind = nw.Datetime("us") if dtype == nw.Date else dtype  # Spark takes no literal day of the year 1
    earliest, latest, other = (nw.lit(moment, kind).cast(dtype) for moment in moments)
    known = (cell >= earliest) & (cell <= latest)
    # Polars looks at the day of a missing date as well, so a far one gives way before it is missing.
    return nw.when(known).then(nw.when(known).then(cell).otherwise(other))


def _is_date(dtype: nw.dtypes.DType) -> bool:
    return dtype == nw.Date or isinstance(dtype, nw.Datetime)


def _text(cell: Expr, dtype: nw.dtypes.DType) -> Expr:
    """Names and numbers as text without the spaces around it, missing where nothing is left."""
    if dtype.is_float():
        whole = nw.when(cell.abs() < _BEYOND_INTEGERS).then(cell).cast(nw.Int64)
        text = nw.when(cell == whole).then(whole.cast(nw.String)).otherwise(cell.cast(nw.String))
    elif dtype == nw.Boolean:
        text = nw.when(cell).then(nw.lit(str(True))).otherwise(nw.when(~cell).then(nw.lit(str(False))))
    else:
        text = cell.cast(nw.String)
    stripped = text.str.strip_chars(_SPACES)
    return nw.when(stripped != "").then(stripped)


def _written(cell: object) -> str:
    return str(cell)
