"""Terms that the rules are written in: choices, names, rounding, sentences and dates, over Narwhals expressions."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import lru_cache, reduce, wraps
from operator import add
from typing import Any, ParamSpec, Self, cast

import narwhals as nw
from narwhals._expression_parsing import evaluate_node

from tierxl.method.money import before_digits
from tierxl.method.words import MONTHS

Expr = nw.Expr
Arguments = ParamSpec("Arguments")

RATIO_DECIMALS = 9
_NO_DECIMALS = 1.5 * 2.0**52
_HALVES_UNTIL = 2.0**51
_HALF = 0.5 + 1e-9
"""A half and a little more, since 12.35 in tenths is a little less than a half as engines have it."""
_OTHER_SPACES = "[ \u00a0\u2007\u2009\u202f\t]{2,}|[\u00a0\u2007\u2009\u202f\t]"
LARGEST_TEXT = 1e17
"""The largest number that is written out; what is larger reads as this."""


class _Reusable(nw.Expr):
    """An expression that Narwhals puts into Polars' terms once, however often it is used."""

    _in_polars: Any = None
    _before: Any = None
    """The expression to which the last node was added."""

    def _append_node(self, node: Any) -> Self:
        longer = super()._append_node(node)
        longer._before = self  # noqa: SLF001
        return longer

    def _to_compliant_expr(self, ns: Any) -> Any:
        if not ns._implementation.is_polars():  # noqa: SLF001  Narwhals has no other place for this
            return super()._to_compliant_expr(ns)
        if self._in_polars is None and self._before is None:
            self._in_polars = super()._to_compliant_expr(ns)
        elif self._in_polars is None:
            before = self._before._to_compliant_expr(ns)  # noqa: SLF001  likewise
            self._in_polars = evaluate_node(before, self._nodes[-1], ns)
        return self._in_polars


def reusable(
    *sections: str,
) -> Callable[[Callable[Arguments, Expr | Mapping[str, Expr]]], Callable[Arguments, list[Expr]]]:
    """The columns of a function, made once for the same arguments: most of a small grading's time goes into that.

    A function of one expression makes the column of its own name.

    Args:
        sections: those of the policy that the columns depend on; the function gets no other.
    """

    def with_reuse(columns: Callable[Arguments, Expr | Mapping[str, Expr]]) -> Callable[Arguments, list[Expr]]:
        @lru_cache(maxsize=64)
        def made(*arguments: Any, **more: Any) -> list[Expr]:
            terms = columns(*arguments, **more)
            by_name = {columns.__name__: terms} if isinstance(terms, Expr) else terms
            return [shared(expression.alias(name)) for name, expression in by_name.items()]

        @wraps(columns)
        def of(*arguments: Any, **more: Any) -> list[Expr]:
            return made(*(it.only(*sections) if hasattr(it, "only") else it for it in arguments), **more)

        return cast("Callable[Arguments, list[Expr]]", of if sections else made)

    return with_reuse


def shared(expression: Expr) -> Expr:
    """The expression, for larger ones that take it several times, or that are made of it again and again."""
    return _Reusable(*expression._nodes)  # noqa: SLF001  likewise


def as_written(number: float) -> Fraction:
    """A number exactly as it is written: 0.1 is a tenth. An expression is written already."""
    return number if isinstance(number, Expr) else Fraction(repr(float(number)))


def decimal(number: Any) -> Any:
    """A number as one with decimals; an expression as it is."""
    return number if isinstance(number, Expr) else float(number)


def is_known(number: Any) -> Any:
    """True for a number that is not missing, and where an expression is not."""
    return ~number.is_null() if isinstance(number, Expr) else number is not None


def ratio(expression: Expr) -> Expr:
    """The expression rounded to :data:`RATIO_DECIMALS`, so that the last bits of a division decide nothing.

    Engines round halves differently. Adding a number beyond which there are no decimals rounds them to even on any;
    then no half is left, and rounding again only mends the last bit of the division, which engines differ in as well.
    """
    scaled = shared(expression * 10.0**RATIO_DECIMALS)
    whole = nw.when(scaled.abs() < _HALVES_UNTIL).then((scaled + _NO_DECIMALS) - _NO_DECIMALS).otherwise(scaled)
    return (whole / 10.0**RATIO_DECIMALS).round(RATIO_DECIMALS)


def first_that_applies(cases: Sequence[tuple[Expr, Any]], otherwise: Any) -> Expr:
    """The value of the first case whose condition holds. A condition on a missing value does not hold."""
    result = otherwise if isinstance(otherwise, Expr) else nw.lit(otherwise)
    for condition, value in reversed(cases):
        result = nw.when(condition).then(value if isinstance(value, Expr) else nw.lit(value)).otherwise(result)
    return result


def filled(template: str, *texts: Expr) -> Expr:
    """A sentence with texts in its gaps: ``filled("Score {}, was {}", now, before)``; missing where a text is."""
    first, *rest = template.split("{}")
    parts = [nw.lit(first)]
    for text, words in zip(texts, rest, strict=True):
        parts += [text, nw.lit(words)] if words else [text]
    return nw.concat_str(*(parts if first else parts[1:]))


def named(codes: Expr, names: Mapping[int, Any]) -> Expr:
    """The names of whole numbers such as ratings or tiers; each number has one.

    Comparing with the numbers of a short scale takes a sixth of what looking them up does.
    """
    *cases, (_, last) = names.items()
    return first_that_applies([(codes == code, name) for code, name in cases], last)


def valued(codes: Expr, values: Mapping[int, float]) -> Expr:
    """The values of whole numbers such as ratings; each number has one."""
    return named(codes, {code: decimal(value) for code, value in values.items()})


def as_compared(names: Expr) -> Expr:
    """Names of clients as they are compared: in small letters, with single plain spaces."""
    return names.str.replace_all(_OTHER_SPACES, " ").str.to_lowercase()


def phrases(numbers: Expr, texts: Mapping[int, str]) -> Expr:
    """The texts of whole numbers of which there are many; each number must have one."""
    return numbers.replace_strict(list(texts), list(texts.values()), return_dtype=nw.String)


def bits(conditions: Iterable[Expr]) -> Expr:
    """A whole number with a bit for each condition that holds, 1 for the first; no condition is ever missing."""
    return reduce(add, (condition.cast(nw.Int64) * 2**place for place, condition in enumerate(conditions)), nw.lit(0))


def whole_text(numbers: Expr) -> Expr:
    """Numbers as whole-number text; a missing one reads 0."""
    return numbers.fill_null(0).cast(nw.Int64).cast(nw.String)


def rounded_to(numbers: Expr, places: int) -> Expr:
    """Numbers in whole units of so many decimal places, a half rounded away from 0; 0 for a missing one."""
    largest = LARGEST_TEXT / 10.0 ** (places - 1)
    known = numbers.fill_null(0)
    size = (known.abs().clip(upper_bound=largest) * 10.0**places + _HALF).floor().cast(nw.Int64)
    return size * first_that_applies([(known < 0, -1)], 1)


def decimal_text(whole: Expr, power: Expr) -> Expr:
    """Whole units as text: 525 is 52.5 where ten of them are 1, and 5.25 where a hundred are; 110 tenths are 11."""
    size = whole.abs()
    sign = nw.when(whole < 0).then(nw.lit("-")).otherwise(nw.lit(""))
    rest = size - (size // power) * power
    digits = (rest + power).cast(nw.String).str.slice(1)
    decimals = nw.when(rest > 0).then(nw.concat_str(nw.lit("."), digits)).otherwise(nw.lit(""))
    return nw.concat_str(sign, (size // power).cast(nw.String), decimals)


def with_thousands(numbers: Expr) -> Expr:
    """Numbers as text with a comma between thousands: 1234.5 as 1,234.5."""
    wide = nw.concat_str(nw.lit("0" * 17), numbers.str.replace_all(r"^-|[.].*$", "")).str.tail(18)
    groups = nw.concat_str(*(wide.str.slice(place, 3) for place in range(0, 18, 3)), separator=",")
    whole = groups.str.replace_all(r"^[0,]{1,22}", "")
    sign, decimals = (numbers.str.replace_all(pattern, "") for pattern in (r"[0-9].*$", r"^[^.]+"))
    return nw.concat_str(sign, first_that_applies([(whole == "", "0")], whole), decimals)


def with_currency(amounts: Expr, currency: str) -> Expr:
    """Amounts as text with their currency behind the minus: -1,234.5 as -£1,234.5."""
    if not currency:
        return amounts
    sign = first_that_applies([(amounts.str.starts_with("-"), "-")], "")
    return nw.concat_str(sign, nw.lit(before_digits(currency)), amounts.str.replace_all("^-", ""))


def day_text(day: Expr) -> Expr:
    """Dates as people write them: 22 Nov 2026; missing where there is none."""
    month = first_that_applies([(day.dt.month() == number, name) for number, name in enumerate(MONTHS, 1)], "")
    words = filled("{} {} {}", whole_text(day.dt.day()), month, whole_text(day.dt.year()))
    return nw.when(~day.is_null()).then(words)


def tenths_text(tenths: int) -> str:
    """Whole tenths as text with at most one decimal, such as 52.5 or 11."""
    whole, rest = divmod(abs(tenths), 10)
    return f"{'-' if tenths < 0 else ''}{whole}{f'.{rest}' if rest else ''}"


def midnight(day: date) -> datetime:
    """The first moment of a day, as the dates of clients have it; an expression as it is."""
    return day if isinstance(day, Expr) else datetime(day.year, day.month, day.day)


def days_before(day: date, days: int) -> datetime:
    """The first moment of the day so many days before another."""
    return midnight(day) - (days if isinstance(days, Expr) else timedelta(days))


def days_between(since: Expr, until: Expr) -> Expr:
    """The days from one date to another; below 0 where the other comes first, missing where a date is."""
    return day_number(until) - day_number(since)


def day_number(day: Expr) -> Expr:
    """The number of a day, counted from the beginning of year 1; missing where the day is.

    Spark has no lengths of time, but parts of dates; these are decimal numbers, as pandas has no other missing ones.
    """
    past = day.dt.year().cast(nw.Float64) - 1
    return 365 * past + past // 4 - past // 100 + past // 400 + day.dt.ordinal_day().cast(nw.Float64)
