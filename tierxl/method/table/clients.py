"""The clients as the rules see them: one typed column a field, whatever the user's table looked like.

Money and shares are numbers or missing, levels and answers are the ordered numbers of :mod:`tierxl.method.levels`
(never missing), dates are timestamps at midnight or missing.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from typing import Any, TypeVar

import narwhals as nw

from tierxl.method.expressions import Expr, first_that_applies
from tierxl.method.issues import CannotGrade, Issue
from tierxl.method.levels import NO, NOT_GRADED, NOT_KNOWN, NOT_RATED
from tierxl.method.policy import Policy
from tierxl.method.rating import parallel
from tierxl.method.table import cells
from tierxl.method.table.columns import COLUMNS, Column, Kind
from tierxl.method.table.headers import Headers

Frame = nw.DataFrame[Any]
Series = nw.Series[Any]
AnyFrame = TypeVar("AnyFrame", nw.DataFrame[Any], nw.LazyFrame[Any])

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
"""What columns hold that cannot be read, by the type that Narwhals gives them."""
_MILLISECONDS = 86_400_000
"""In a day."""
_NAMES = {column.field: column.name for column in COLUMNS}
BLANK_IS_NO = ("high_touch", "marquee")


@dataclass(frozen=True)
class Clients:
    """The clients of one table, ready for the rules.

    Attributes:
        table: one row a client in the user's order, one column a field.
        issues: what could not be read.
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


def read_clients(
    frame: Frame, policy: Policy, rows: Sequence[int] | None = None, headers: Headers | None = None
) -> Clients:
    """Read a table of clients.

    Args:
        frame: one row a client, one column a header.
        policy: says how to read money and dates that are written as text.
        rows: the row of each client in the user's sheet or file; by default the first client is in row 2.
        headers: the user's headers; by default the names of the columns.

    Raises:
        CannotGrade: no clients, a required column is missing, two columns mean the same, or a column mixes currencies.
    """
    headers = headers or Headers.of(frame.columns)
    fields = headers.position_of
    if frame.is_empty():
        raise CannotGrade("There are no clients: the table has a header row and nothing below it.")
    refuse_other_types(frame, headers)
    frame = frame.with_columns(_within_calendar(frame[:, at]) for at in headers.columns_to_read)
    rows = rows if rows is not None else range(2, len(frame) + 2)
    names = _texts(frame[:, fields["client"]])
    order = _day_order_of_export(frame, headers, policy)
    told = []
    if order is not None:
        policy = policy.changed({"reading": {"day_order": order}})
        told = [Issue(f"the dates of this export are read {order}: in no other order can all of them be read")]

    def read(column: Column) -> tuple[Series, list[Issue]]:
        at = fields[column.field]
        reader = _ColumnReader(policy, rows, names, headers[at])
        return reader.read(column, frame[:, at]), reader.issues

    given = [column for column in COLUMNS if column.field in fields]
    series, issues = zip(*parallel.each(read, given, len(frame)), strict=True)
    table = nw.from_dict({column.field: cells for column, cells in zip(given, series, strict=True)})
    table = table.with_columns(**{column.field: empty(column) for column in COLUMNS if column not in given})
    table = table.select(*_NAMES)
    if headers.currency is not None:
        named = _texts(frame[:, headers.currency]).filter(~table["revenue"].is_null()).drop_nulls().unique()
        refuse_mixed_currencies(headers[headers.currency], map(cells.currency_named, named.to_list()))
    header_of = {field: headers[at] for field, at in fields.items()}
    return Clients(table, [*told, *chain.from_iterable(issues)], header_of, rows)


def _day_order_of_export(frame: Frame, headers: Headers, policy: Policy) -> str | None:
    """The day order of an export's dates, where the policy names none and the dates can be read in no other order.

    A system writes all dates of an export in the order of the user who exported it.
    """
    if policy.reading.day_order != "iso" or headers.export is None:
        return None
    columns = [frame[:, at] for at, column in headers.columns.items() if column.kind == Kind.DATE]
    texts = (_texts(column).drop_nulls().unique().to_list() for column in columns if column.dtype == nw.String)
    return cells.only_day_order(chain.from_iterable(texts))


def collected(frame: AnyFrame) -> Frame:
    """A frame in memory: what a lazy one, on whatever engine, comes to."""
    return frame.collect("polars") if isinstance(frame, nw.LazyFrame) else frame


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
        held = _OTHER_TYPES.get(type(types[at]).__name__)
        if held and not collected(frame.select(nw.nth(at).is_null().all())).item():
            raise CannotGrade(
                f'The column "{headers[at]}" holds {held}, which cannot be read: store it as text, numbers or '
                "dates, or give it another header."
            )


def _within_calendar(series: Series) -> Series:
    """A column; as text where it has dates that Python's calendar has not."""
    if series.dtype != nw.Date and not isinstance(series.dtype, nw.Datetime):
        return series
    days = series.dt.timestamp("ms") // _MILLISECONDS
    first, last = cells.calendar_in(getattr(series.dtype, "time_zone", None))
    far = (~days.is_between(first, last) & ~series.is_null()).fill_null(False)
    if not far.any():
        return series
    known = series.zip_with(~far, _nulls(series, series.dtype)).to_list()
    texts = [None if cells.is_blank(cell) else cells.text(cell) for cell in known]
    for at in far.arg_true().to_list():
        texts[at] = cells.far_day(int(days[at]))
    return nw.new_series(series.name, texts, nw.String, backend=series.implementation)


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
class _ColumnReader:
    """Reads a column of a table and collects what cannot be read."""

    policy: Policy
    rows: Sequence[int]
    names: Series
    header: str

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
                return self._codes(series, cells.yes_no, NO if column.field in BLANK_IS_NO else NOT_KNOWN)
            case Kind.TIER:
                return self._codes(series, cells.tier, NOT_GRADED)

    def _money(self, series: Series) -> Series:
        if series.dtype.is_numeric():
            return self._numbers(series)
        read = self._distinct(series, partial(cells.money, decimal_mark=self.policy.reading.decimal_mark))
        refuse_mixed_currencies(self.header, {found.currency for found in read.values.values()})
        return read.mapped(lambda found: found.amount, nw.Float64)

    def _percent(self, series: Series) -> Series:
        limit = self.policy.reading.percent_points_beyond
        if series.dtype.is_numeric():
            numbers = self._numbers(series)
            return numbers / 100 if (numbers.abs() > limit).any() else numbers
        read = self._distinct(series, partial(cells.percent, decimal_mark=self.policy.reading.decimal_mark))
        return replace(read, values=cells.fractions(read.values, limit)).mapped(lambda found: found, nw.Float64)

    def _days(self, series: Series) -> Series:
        if series.dtype == nw.Date or isinstance(series.dtype, nw.Datetime):
            naive = series.dt.replace_time_zone(None) if getattr(series.dtype, "time_zone", None) else series
            return naive.cast(nw.Datetime("us")).dt.truncate("1d")
        read = self._distinct(series, partial(cells.day, day_order=self.policy.reading.day_order))
        return read.mapped(lambda found: found, nw.Datetime("us"))

    def _codes(self, series: Series, reader: Callable[[object], int], blank: int) -> Series:
        read = self._distinct(series, reader)
        if not (read.is_typed and read.values):
            return read.mapped(lambda found: found, nw.Int16, blank)
        cell = read.series.alias("cell").to_frame()
        return cell.select(code=codes(nw.col("cell"), read.values, blank).cast(nw.Int16))["code"]

    def _numbers(self, series: Series) -> Series:
        numbers = _missing_for_nan(_as_float(series))
        infinite = (numbers.abs() > cells.LARGEST).fill_null(False)
        if infinite.any():
            self._report(series, infinite.arg_true().to_list(), "is not a finite number")
            numbers = numbers.zip_with(~infinite, _nulls(numbers, nw.Float64))
        return numbers

    def _distinct(self, series: Series, reader: Callable[[object], Any]) -> "_Read":
        """Read each distinct cell once, and report every place of one that cannot be read."""
        if isinstance(series.dtype, nw.Categorical | nw.Enum | nw.UInt64):
            series = series.cast(nw.String)
        is_typed = series.dtype in (nw.String, nw.Boolean) or series.dtype.is_numeric()
        read = read_each((series.unique() if is_typed else series).to_list(), reader)
        if read.wrong:
            for at, cell in enumerate(series.to_list()):
                message = read.wrong.get(key) if (key := _key(cell)) else None
                if message:
                    self._report(series, [at], message)
        return _Read(series, read.values, is_typed)

    def _report(self, series: Series, positions: Sequence[int], message: str) -> None:
        for at in positions:
            name = cells.shown(self.names[at])
            self.issues.append(Issue(message, self.rows[at], name, self.header, cells.shown(series[at])))


@dataclass(frozen=True)
class DistinctCells:
    """Distinct cells as they were read: their values, or why they have none. Blank cells are left out.

    Each cell stands beside its type, as 1 and True are two cells, though Python takes them for one.
    """

    values: dict[tuple[type, Any], Any]
    wrong: dict[tuple[type, Any], str]


def read_each(distinct: Iterable[object], reader: Callable[[Any], Any]) -> DistinctCells:
    """Read cells, each distinct one once."""
    read = DistinctCells({}, {})
    for cell in distinct:
        key = _key(cell)
        if key is None or key in read.values or key in read.wrong:
            continue
        try:
            read.values[key] = reader(cell)
        except ValueError as error:
            read.wrong[key] = str(error)
    return read


def codes(cell: Expr, values: dict[tuple[type, Any], int], blank: int) -> Expr:
    """Cells of one type as the numbers that they were read as; blank ones, and those not readable, as another."""
    return first_that_applies([(cell == written, code) for (_, written), code in values.items()], blank)


@dataclass(frozen=True)
class _Read:
    """A column and what its distinct cells were read as; whether the cells are all of one type."""

    series: Series
    values: dict[tuple[type, Any], Any]
    is_typed: bool

    def mapped(self, value_of: Callable[[Any], Any], dtype: Any, blank: Any = None) -> Series:
        """The whole column with each cell replaced by the value of its reading, and by another where it has none."""
        values = {key: value_of(found) for key, found in self.values.items()}
        if self.series.dtype == nw.String:
            texts, nothing = [text for _, text in values], _filled(self.series, blank, dtype)
            if not texts:
                return nothing
            return self.series.replace_strict(texts, list(values.values()), default=nothing, return_dtype=dtype)
        column = [values.get(key, blank) if (key := _key(cell)) else blank for cell in self.series.to_list()]
        return nw.new_series(self.series.name, column, dtype, backend=self.series.implementation)


def _key(cell: object) -> tuple[type, Any] | None:
    """What tells distinct cells apart; None for all that are blank."""
    if cells.is_blank(cell):
        return None
    return (type(cell), cell if isinstance(cell, Hashable) else cells.text(cell))


def _texts(series: Series) -> Series:
    if series.dtype == nw.String:
        stripped = series.str.strip_chars()
        blank = (stripped == "").fill_null(False)
        return stripped.zip_with(~blank, _nulls(stripped, nw.String)) if blank.any() else stripped
    values = [None if cells.is_blank(cell) else cells.text(cell) for cell in series.to_list()]
    return nw.new_series(series.name, values, nw.String, backend=series.implementation)


def _as_float(series: Series) -> Series:
    try:
        return series.cast(nw.Float64)
    except ValueError:  # Arrow's, for whole numbers that lose a digit
        return series.cast(nw.String).cast(nw.Float64)


def _missing_for_nan(series: Series) -> Series:
    return series.fill_nan(None)


def _nulls(like: Series, dtype: Any) -> Series:
    return _filled(like, None, dtype)


def _filled(like: Series, value: Any, dtype: Any) -> Series:
    return like.to_frame().select(nw.all(), filled=nw.lit(value, dtype))["filled"].alias(like.name)


def empty(column: Column) -> Expr:
    """What a column holds where no client has anything in it."""
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
            blank, dtype = NO if column.field in BLANK_IS_NO else NOT_KNOWN, nw.Int16
        case Kind.TIER:
            blank, dtype = NOT_GRADED, nw.Int16
    return nw.lit(blank, dtype)
