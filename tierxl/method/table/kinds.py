"""One reader for every kind of column and every engine: each distinct cell is read once, and the column looks it up."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

import narwhals as nw

from tierxl.method.expressions import Expr, first_that_applies
from tierxl.method.issues import CannotGrade
from tierxl.method.levels import NO, NOT_GRADED, NOT_KNOWN, NOT_RATED
from tierxl.method.policy import Policy
from tierxl.method.policy import Reading as Settings
from tierxl.method.table import cells
from tierxl.method.table.columns import COLUMNS, Column, Kind
from tierxl.method.table.headers import Headers

AnyFrame = TypeVar("AnyFrame", nw.DataFrame[Any], nw.LazyFrame[Any])
Series = nw.Series[Any]
LazyFrame = nw.LazyFrame[Any]
Values = dict[tuple[type, Any], Any]
Messages = dict[tuple[type, Any], str]
"""The value of each distinct cell, and the message on each that has none. A cell stands beside its type, as 1 and True
are two, though Python equates them."""


class Reading(NamedTuple):
    """The reading of one kind of cell: its reader, the type of the values, and the value of a blank."""

    read: Callable[[Any, Settings], Any]
    dtype: Any
    blank: int | None = None


KINDS = {
    Kind.TEXT: Reading(lambda cell, _: cells.text(cell), nw.String),
    Kind.MONEY: Reading(lambda cell, settings: cells.money(cell, settings.decimal_mark), nw.Float64),
    Kind.PERCENT: Reading(lambda cell, settings: cells.percent(cell, settings.decimal_mark), nw.Float64),
    Kind.NUMBER: Reading(lambda cell, settings: cells.number(cell, settings.decimal_mark), nw.Float64),
    Kind.DATE: Reading(lambda cell, settings: cells.day(cell, settings.day_order), nw.Datetime("us")),
    Kind.LEVEL: Reading(lambda cell, _: cells.level(cell), nw.Int16, NOT_RATED),
    Kind.SATISFACTION: Reading(lambda cell, _: cell, nw.Int16, NOT_RATED),
    Kind.YES_NO: Reading(lambda cell, _: cells.yes_no(cell), nw.Int16, NOT_KNOWN),
    Kind.TIER: Reading(lambda cell, _: cells.tier(cell), nw.Int16, NOT_GRADED),
}
_BLANK_IS_NO = ("high_touch", "marquee")
_OTHER_TYPES = {
    "List": "lists",
    "Array": "lists",
    "Struct": "records",
    "Map": "records",
    "Binary": "bytes",
    "Duration": "lengths of time",
    "Time": "times of day",
    "Unknown": "values of a type of its own",
}
"""The contents of columns that cannot be read, by the type that Narwhals gives them."""
NOT_FINITE = "is not a finite number"


@dataclass(frozen=True)
class Check:
    """One thing to report: where it applies, in which column, and the message."""

    field: str
    applies: Expr
    message: str


class Source(NamedTuple):
    """A column as it is to be read: the field that it is, its header, its name in the frame, and its type there."""

    column: Column
    header: str
    name: str
    dtype: nw.dtypes.DType


class ColumnReader(ABC, Generic[AnyFrame]):
    """Reads the columns of a list of clients.

    Attributes:
        frame: the columns to read, each under its :func:`column_name`.
        fields: the values of each field, as an expression over the frame or as a column.
        more: columns beside those of clients, by their position.
    """

    def __init__(
        self, frame: AnyFrame, headers: Headers, policy: Policy, more: Mapping[int, Column] | None = None
    ) -> None:
        self.frame: AnyFrame = frame
        self.more = more or {}
        self.headers = headers
        self.settings = policy.reading
        self.fields: dict[str, Expr | Series] = {}

    def read(self) -> AnyFrame:
        """The frame with a column a field, see :mod:`tierxl.method.table.clients`.

        Raises:
            CannotGrade: a column mixes currencies, or has too many distinct texts.
        """
        schema = self.frame.collect_schema()
        position_of = self.headers.position_of | {column.field: at for at, column in self.more.items()}
        for column in (*COLUMNS, *self.more.values()):
            at = position_of.get(column.field)
            if at is None:
                self.fields[column.field] = empty(column)
            else:
                name = column_name(at)
                self.fields[column.field] = self._values(Source(column, self.headers[at], name, schema[name]))
        table: AnyFrame = self.frame.with_columns(**self.fields)
        if (currency := self.headers.currency) is not None:
            name = column_name(currency)
            named = self.text(name, schema[name]).alias("currency")
            known = table.filter(~nw.col("revenue").is_null()).select(named).unique()
            signs = map(cells.currency_named, collected(known)["currency"].drop_nulls().to_list())
            refuse_mixed_currencies(self.headers[currency], signs)
        return table

    @abstractmethod
    def cell(self, name: str, dtype: nw.dtypes.DType) -> Expr:
        """The cells of a column; a category is its text, and a number that is none is missing."""

    @abstractmethod
    def text(self, name: str, dtype: nw.dtypes.DType) -> Expr:
        """A column as texts without the spaces around them, missing where nothing is left."""

    @abstractmethod
    def days(self, source: Source) -> Expr:
        """A column of dates or times as days, by the clocks in its zone."""

    @abstractmethod
    def distinct(self, source: Source) -> Iterable[object]:
        """The distinct cells of a column, or all of them where they are of several types."""

    @abstractmethod
    def look_up(self, source: Source, values: Values, messages: Messages) -> Expr | Series:
        """The value of each cell of a column, or that of a blank where it has none; cells with a message are noted."""

    @abstractmethod
    def report_infinite(self, source: Source, infinite: Expr) -> None:
        """Note the numbers of a column that are not finite."""

    def _values(self, source: Source) -> Expr | Series:
        kind = source.column.kind
        if kind == Kind.TEXT:
            return self.text(source.name, source.dtype)
        if kind in (Kind.MONEY, Kind.PERCENT) and source.dtype.is_numeric():
            return self._numbers(source)
        if kind == Kind.DATE and is_date(source.dtype):
            return self.days(source)
        values, messages = read_each(self.distinct(source), lambda cell: KINDS[kind].read(cell, self.settings))
        if kind == Kind.MONEY:
            refuse_mixed_currencies(source.header, {money.currency for money in values.values()})
            values = {cell: money.amount for cell, money in values.items()}
        elif kind == Kind.PERCENT:
            values = cells.fractions(values, self.settings.percent_points_beyond)
        elif kind == Kind.SATISFACTION:
            values, messages = cells.satisfactions(values)
        return self.look_up(source, values, messages)

    def _numbers(self, source: Source) -> Expr:
        numbers = self.cell(source.name, source.dtype).cast(nw.Float64)
        finite = nw.when(numbers.abs() <= cells.LARGEST).then(numbers)
        self.report_infinite(source, ~numbers.is_null() & finite.is_null())
        if source.column.kind == Kind.PERCENT:
            largest = collected(self.frame.select(finite.abs().max())).item()
            if largest is not None and largest > self.settings.percent_points_beyond:
                return finite / 100
        return finite


def column_name(position: int) -> str:
    """The name of the user's column at a position: one that no field and no other engine's rules get in the way of."""
    return f"given_{position}"


def blank_of(column: Column) -> int | None:
    """The value of a blank cell of a column."""
    return NO if column.field in _BLANK_IS_NO else KINDS[column.kind].blank


def empty(column: Column) -> Expr:
    """The values of a column in which no client has anything."""
    return nw.lit(blank_of(column), KINDS[column.kind].dtype)


def collected(frame: AnyFrame) -> nw.DataFrame[Any]:
    """A frame in memory, from one on whatever engine."""
    return frame.collect("polars") if isinstance(frame, nw.LazyFrame) else frame


def is_date(dtype: nw.dtypes.DType) -> bool:
    """True for a type of dates or times."""
    return dtype == nw.Date or isinstance(dtype, nw.Datetime)


def codes(cell: Expr, values: Values, blank: int) -> Expr:
    """Cells of one type as the numbers that they were read as; blank ones, and those not readable, as another."""
    return first_that_applies([(cell == written, code) for (_, written), code in values.items()], blank)


def read_each(distinct: Iterable[object], reader: Callable[[Any], Any]) -> tuple[Values, Messages]:
    """The value of each distinct cell, and of each that has none the message why. Blank cells are left out."""
    values: Values = {}
    messages: Messages = {}
    for cell in distinct:
        key = key_of(cell)
        if key is None or key in values or key in messages:
            continue
        try:
            values[key] = reader(cell)
        except ValueError as error:
            messages[key] = str(error)
    return values, messages


def key_of(cell: object) -> tuple[type, Any] | None:
    """A key that distinct cells differ in; None for all that are blank."""
    if cells.is_blank(cell):
        return None
    return (type(cell), cell if isinstance(cell, Hashable) else cells.text(cell))


def refuse_other_types(frame: AnyFrame, headers: Headers) -> None:
    """Refuse columns to read whose values are no texts, numbers, answers or dates.

    Args:
        frame: the table.
        headers: the user's headers, in the order of its columns.

    Raises:
        CannotGrade: there is such a column; the message names it.
    """
    types = list(frame.collect_schema().values())
    for at in headers.columns_to_read:
        contents = _OTHER_TYPES.get(type(types[at]).__name__)
        if contents and not collected(frame.select(nw.nth(at).is_null().all())).item():
            raise CannotGrade(
                f'The column "{headers[at]}" holds {contents}, which cannot be read: store it as text, numbers or '
                "dates, or give it another header."
            )


def without_revenue(header: str) -> str:
    """The error about a list in whose column of revenue nothing can be read."""
    return (
        f'No client has a revenue that can be read: fill in amounts, such as 412000, in the column "{header}", or '
        "choose another column for Revenue."
    )


def refuse_mixed_currencies(header: str, currencies: Iterable[str]) -> None:
    """Refuse a column of amounts in more than one currency.

    Args:
        header: the column's header.
        currencies: the signs of the currencies in it; "" for an amount without one.

    Raises:
        CannotGrade: there is more than one sign.
    """
    signs = sorted(set(currencies) - {""})
    if len(signs) > 1:
        raise CannotGrade(
            f'The column "{header}" mixes currencies ({", ".join(signs)}): convert all amounts to one currency first.'
        )
