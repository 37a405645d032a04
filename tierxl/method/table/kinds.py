"""One reader for every kind of column and every engine: each distinct cell is read once, and the column looks it up."""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property, lru_cache
from typing import Any, Generic, NamedTuple, TypeVar

import narwhals as nw

from tierxl.method.engine import ENGINE
from tierxl.method.expressions import Expr, first_that_applies, midnight, shared
from tierxl.method.issues import CannotGrade, Issue
from tierxl.method.levels import NO, NOT_GRADED, NOT_KNOWN, NOT_RATED
from tierxl.method.money import is_another
from tierxl.method.policy import Policy
from tierxl.method.table import amounts, cells, choices, dates, percents
from tierxl.method.table.amounts import one_currency
from tierxl.method.table.columns import COLUMNS, Column, Kind
from tierxl.method.table.distinct import Column as ColumnRead
from tierxl.method.table.distinct import Counts, Key, key_of, read_each
from tierxl.method.table.headers import Headers
from tierxl.method.words import in_words

AnyFrame = TypeVar("AnyFrame", nw.DataFrame[Any], nw.LazyFrame[Any])
Series = nw.Series[Any]
LazyFrame = nw.LazyFrame[Any]


class Reading(NamedTuple):
    """The reading of one kind of cell: the type of the values, the value of a blank, and the reader of a single cell.

    Those of amounts, percentages, dates, levels, answers and satisfactions have none: they are read as a whole.
    """

    dtype: Any
    blank: int | None = None
    read: Callable[[Any], Any] | None = None


KINDS = {
    Kind.TEXT: Reading(nw.String),
    Kind.MONEY: Reading(nw.Float64),
    Kind.PERCENT: Reading(nw.Float64),
    Kind.NUMBER: Reading(nw.Float64, None, amounts.number),
    Kind.DATE: Reading(nw.Datetime("us")),
    Kind.LEVEL: Reading(nw.Int16, NOT_RATED),
    Kind.SATISFACTION: Reading(nw.Int16, NOT_RATED),
    Kind.YES_NO: Reading(nw.Int16, NOT_KNOWN),
    Kind.TIER: Reading(nw.Int16, NOT_GRADED, choices.tier),
}
NONE_IS_LOW = ("opportunity", "strategic_value")
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
NO_MARGIN = "is 100 % or more, which no margin can be: it is not used"


@dataclass(frozen=True, eq=False)
class Check:
    """One thing to report: where it applies, in which column, and the message."""

    field: str
    applies: Expr
    message: str

    @cached_property
    def mark(self) -> Expr:
        """True where it applies, never missing, under the name of the field."""
        return shared(self.applies.fill_null(False).alias(self.field))


class Source(NamedTuple):
    """A column as it is to be read: the field that it is, its header, its name in the frame, and its type there."""

    column: Column
    header: str
    name: str
    dtype: nw.dtypes.DType

    @property
    def is_of_days(self) -> bool:
        """True for dates that are not all stored as such."""
        return self.column.kind == Kind.DATE and not is_date(self.dtype)


class ColumnReader(ABC, Generic[AnyFrame]):
    """Reads the columns of a list of clients.

    Attributes:
        frame: the columns to read, each under its :func:`column_name`.
        fields: the values of each field, as an expression over the frame or as a column.
        assumptions: what nothing in the table shows, and was assumed.
        currency: the currency of the revenue; "" where nothing tells it.
        days_of: the dates of each field that are not all stored as such, before their order is known.
        more: columns beside those of clients, by their position.
    """

    def __init__(
        self,
        frame: AnyFrame,
        headers: Headers,
        policy: Policy,
        as_of: date | None,
        more: Mapping[int, Column] | None = None,
    ) -> None:
        self.frame: AnyFrame = frame
        self.more = more or {}
        self.headers = headers
        self.settings = policy.reading
        self.as_of = as_of
        self.fields: dict[str, Expr | Series] = {}
        self.assumptions: list[Issue] = []
        self.currency = ""
        self._written: dict[str, str] = {}

    def read(self) -> AnyFrame:
        """The frame with a column a field, see :mod:`tierxl.method.table.clients`.

        Raises:
            CannotGrade: a column mixes currencies, tells no decimal mark, or has too many distinct texts.
        """
        schema = self.frame.collect_schema()
        columns = (*COLUMNS, *self.more.values())
        places = self.headers.position_of | {column.field: at for at, column in self.more.items()}
        sources = {
            column.field: Source(column, self.headers[at], name := column_name(at), schema[name])
            for column in columns
            if (at := places.get(column.field)) is not None
        }
        self.days_of: dict[str, dates.ColumnOfDays] = {
            field: dates.ColumnOfDays.of(self.counts(it)) for field, it in sources.items() if it.is_of_days
        }
        for column in columns:
            source = sources.get(column.field)
            self.fields[column.field] = self._values(source) if source else empty(column)
        table: AnyFrame = self.frame.with_columns(**self.fields)
        self.currency = self._currency_of(table, schema, sources)
        return self.without(table, [check for check in _beyond_use(self.as_of) if check.field in sources], sources)

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
    def counts(self, source: Source) -> Counts:
        """How often each distinct cell stands in a column."""

    def distinct(self, source: Source) -> Iterable[Key]:
        """The distinct cells of a column, blank ones left out."""
        return self.counts(source)

    @abstractmethod
    def look_up(self, source: Source, read: ColumnRead) -> Expr | Series:
        """The value of each cell of a column, or that of a blank where it has none; cells with a message are noted."""

    @abstractmethod
    def report_infinite(self, source: Source, infinite: Expr) -> None:
        """Note the numbers of a column that are not finite."""

    @abstractmethod
    def without(self, table: AnyFrame, checks: Sequence[Check], sources: Mapping[str, Source]) -> AnyFrame:
        """The table without the values to which some checks apply; these are noted."""

    def _values(self, source: Source) -> Expr | Series:
        kind = source.column.kind
        if kind == Kind.TEXT:
            return self.text(source.name, source.dtype)
        if kind in (Kind.MONEY, Kind.PERCENT) and source.dtype.is_numeric():
            return self._numbers(source)
        if kind == Kind.DATE and is_date(source.dtype):
            return self.days(source)
        read = self._read(source)
        self._written[source.column.field] = read.currency
        if read.assumption:
            self.assumptions.append(Issue(read.assumption, column=source.header, assumed=True))
        return self.look_up(source, read)

    def _read(self, source: Source) -> ColumnRead:
        """The cells of a column that is not of numbers or dates alone."""
        field, kind = source.column.field, source.column.kind
        if kind == Kind.DATE:
            of_file = dates.evidence_of([*self.days_of.values(), *self._days_beside()])
            return self.days_of[field].in_order(self.settings.day_order, of_file)
        if kind == Kind.LEVEL:
            return (choices.levels_or_none if field in NONE_IS_LOW else choices.levels)(self.distinct(source))
        if kind == Kind.YES_NO:
            return choices.answers(self.distinct(source))
        if (reader := KINDS[kind].read) is not None:
            return read_each(self.distinct(source), reader)
        counts = self.counts(source)
        if kind == Kind.MONEY:
            factor = self.headers.factors.get(field, 1)
            return amounts.column_of_amounts(source.header, counts, self.settings.decimal_mark, factor)
        if kind == Kind.PERCENT:
            return percents.column_of_percents(counts)
        return choices.satisfactions(counts)

    def _days_beside(self) -> list[dates.ColumnOfDays]:
        """The dates of columns that nobody reads: they tell the order of day and month in the file as well."""
        cells_of = self.headers.cells_of or (lambda _: ())
        columns = ([cell for cell in cells_of(at) if not cells.is_blank(cell)] for at in self.headers.unused)
        of_days = (column for column in columns if column and all(map(dates.is_day, column)))
        return [dates.ColumnOfDays.of(Counter(filter(None, map(key_of, column)))) for column in of_days]

    def _numbers(self, source: Source) -> Expr:
        numbers = shared(self.cell(source.name, source.dtype).cast(nw.Float64))
        finite = shared(nw.when(numbers.abs() <= cells.LARGEST).then(numbers))
        self.report_infinite(source, ~numbers.is_null() & finite.is_null())
        if source.column.kind == Kind.MONEY:
            factor = self.headers.factors.get(source.column.field, 1)
            return finite if factor == 1 else finite * factor
        beyond, filled = (nw.when(applies).then(nw.lit(1)) for applies in (finite.abs() > 1, finite != 0))
        there = self.frame.select(beyond=beyond.sum(), filled=filled.sum())
        beyond, filled = collected(there).row(0)
        return finite / 100 if percents.are_points(beyond or 0, filled or 0) else finite

    def _currency_of(
        self, table: AnyFrame, schema: Mapping[str, nw.dtypes.DType], sources: Mapping[str, Source]
    ) -> str:
        """The currency of the revenue: the one that is set, or by the cells, a column of currencies, or the header."""
        header = self.headers[self.headers.position_of["revenue"]]
        named = self._currency_named(table, schema)
        shown = self._written.get("revenue") or named or self._shown(sources["revenue"])
        self.assumptions += [
            Issue(f"is in {other} and the revenue in {shown}: give both in one currency", column=source.header)
            for source in sources.values()
            if source.column.kind == Kind.MONEY
            and is_another(other := self._written.get(source.column.field) or self._shown(source), shown)
            and is_another(shown, other)
        ]
        chosen = amounts.currency_named(self.settings.currency)
        if is_another(chosen, shown):
            message = f"the list is in {shown}; amounts are shown in {chosen}, as it is set, and not converted"
            self.assumptions.append(
                Issue(f"{message}: if that is wrong, change --currency, or Settings", column=header, assumed=True)
            )
        return chosen or shown

    def _shown(self, source: Source) -> str:
        """The currency of amounts by their number formats, or by their header."""
        return self.headers.shown_currencies.get(source.column.field) or amounts.currency_in(source.header)

    def _currency_named(self, table: AnyFrame, schema: Mapping[str, nw.dtypes.DType]) -> str:
        """The currency of clients with revenue by a column of currencies, of which there may be only one."""
        if (currency := self.headers.currency) is None:
            return ""
        name = column_name(currency)
        named = self.text(name, schema[name]).alias("currency")
        known = table.filter(~nw.col("revenue").is_null()).select(named).unique()
        signs = map(amounts.currency_named, collected(known)["currency"].drop_nulls().to_list())
        return one_currency(self.headers[currency], signs)


@lru_cache(maxsize=4)
def _beyond_use(as_of: date | None) -> list[Check]:
    """The values that are read and not to be used."""
    late = f"is after {in_words(as_of)}, the day of this grading: it is not used" if as_of else ""
    return [Check(field, applies, NO_MARGIN if field == "margin" else late) for field, applies in beyond_use(as_of)]


def beyond_use(as_of: Any) -> list[tuple[str, Expr]]:
    """The fields of which a value may be beyond use, and where it is: no margin, or after the day of the grading."""
    past = () if as_of is None else ("last_contact", "last_review", "client_since")
    return [("margin", nw.col("margin") >= 1), *((field, nw.col(field) > midnight(as_of)) for field in past)]


def column_name(position: int) -> str:
    """The name of the user's column at a position: one that no field and no other engine's rules get in the way of."""
    return f"given_{position}"


def blank_of(column: Column) -> int | None:
    """The value of a blank cell of a column."""
    return NO if column.field in _BLANK_IS_NO else KINDS[column.kind].blank


@cache
def empty(column: Column) -> Expr:
    """The values of a column in which no client has anything."""
    return shared(nw.lit(blank_of(column), KINDS[column.kind].dtype))


def collected(frame: AnyFrame) -> nw.DataFrame[Any]:
    """A frame in memory, from one on whatever engine."""
    return frame.collect(ENGINE) if isinstance(frame, nw.LazyFrame) else frame


def is_date(dtype: nw.dtypes.DType) -> bool:
    """True for a type of dates or times."""
    return dtype == nw.Date or isinstance(dtype, nw.Datetime)


def codes(cell: Expr, values: Mapping[Key, Any], blank: int) -> Expr:
    """Cells of one type as the numbers that they were read as; blank ones, and those not readable, as another."""
    return first_that_applies([(cell == written, code) for (_, written), code in values.items()], blank)


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
