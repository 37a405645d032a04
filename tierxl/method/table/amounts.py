"""Readers of amounts and numbers: of single cells, and of a column of amounts as a whole.

A reader takes a cell that is not blank, and raises ValueError with what was expected where there is no such value.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Literal, NamedTuple

from tierxl.method.issues import CannotGrade
from tierxl.method.table.cells import LARGEST, finite, is_blank, is_number, text
from tierxl.method.table.distinct import Column, Counts, Key, read_each
from tierxl.method.table.vocabulary import currencies, factors, is_currency, normal, words_for
from tierxl.method.words import counted

DecimalMark = Literal["auto", ".", ","]

DASHES = "-", "\u2212", "\u2012", "\u2013", "\u2014"
"""A minus sign, and what stands for one; alone in a cell of amounts they are a blank."""
NO_AMOUNT = "is not an amount of money: write a number such as 1200.50"
_IN_ITS_OWN_UNIT = "read in the unit beside it, not in that of the header: if it is in both, change the header"
_AS_THOUSANDS = "read as thousands: if they are not, set it: --decimal-mark, or Settings"
_OTHER_MARK = "has another decimal mark than its column, where {} separates the decimals: write it alike"
_NAMES = {".": "a point", ",": "a comma"}

_SIGNS = str.maketrans(
    dict.fromkeys(DASHES, "-")
    | dict.fromkeys("\u2018\u2019\u02bc`\u00b4", "'")
    | dict.fromkeys("\u00a0\u2007\u2009\u202f", " ")
)
_PLAIN = re.compile(r"\d+(?:\.\d\d?)?", re.ASCII)
_NUMBER_INSIDE = re.compile(
    r"(\D*?)(\d+(?:\.\d+)?[eE][+-]?\d{1,3}|(?:(?<![A-Za-z])[.,](?=\d))?\d(?:[\d., ']*\d)?)(\D*)", re.ASCII
)
_NO_DECIMALS = re.compile(r"([.,])-{1,2}")
_FIRST_WORD = re.compile(r"[~≈]|\w+(?:\.|(?=\s)|$)")
_CODE, _DOLLARS = re.compile(r"[A-Z]{3}"), re.compile(r"[A-Z]{1,3}\$")
_OF_HEADER = re.compile(r"([(\[{]?)([^\s\d_/()\[\]{}.,:;'’-]+)")
_UNIT_BESIDE = re.compile(r"^[kKTm](?=[A-Z]{3}$|[^\w\s])|(?<=[^\w\s])[kKTm]$")
_OTHER_WORDS = ("ALL", "CUP", "TOP", "TRY", "real", "won")  # which mean a currency elsewhere
_FORMAT_CURRENCY, _FORMAT_LOCALE = re.compile(r"\[\$([^\]-]+)"), re.compile(r"\[\$-[^\]]*\]")
_FORMAT_TEXT = re.compile(r'"\s*([^"]+?)\s*"')


def _numbers_with(mark: str, thousands: str) -> re.Pattern[str]:
    """Numbers with such a decimal mark; the thousands may also be parted by spaces and apostrophes, and lakhs."""
    lakhs = r"|[1-9]\d?(?:,\d{2})+,\d{3}" if thousands == "," else ""
    whole = rf"(?:\d+|[1-9]\d{{0,2}}([{thousands}' ])\d{{3}}(?:\1\d{{3}})*{lakhs})"
    return re.compile(rf"{whole}(?:[{mark}]\d+)?|[{mark}]\d+", re.ASCII)


_WITH_POINT, _WITH_COMMA = _numbers_with(".", ","), _numbers_with(",", ".")
_FOR_POINT, _FOR_COMMA = str.maketrans("", "", ",' "), str.maketrans(",", ".", ".' ")


class Money(NamedTuple):
    """An amount with the sign of its currency, or "" where none was written."""

    amount: float
    currency: str


class Readings(NamedTuple):
    """An amount as it is with a decimal point and with a decimal comma, each None where it cannot be.

    Attributes:
        with_point, with_comma: the amount.
        currency: its currency; "" where it names none.
        has_unit: whether it says that it is in thousands, millions or the like.
    """

    with_point: float | None
    with_comma: float | None
    currency: str = ""
    has_unit: bool = False

    @property
    def mark(self) -> DecimalMark:
        """The decimal mark that the amount proves, if it proves one."""
        return "," if self.with_point is None else "." if self.with_comma is None else "auto"


class Around(NamedTuple):
    """The meaning of the texts before and after a number: its sign, what multiplies it, and its currency."""

    factor: float
    currency: str


# --- One cell ---------------------------------------------------------------------------------------------------------


def money(cell: object, decimal_mark: DecimalMark = "auto") -> Money:
    """An amount of money and its currency, from a cell such as 1200, "$1,200.50", "(500)" or "1,2 Mio. €".

    Where nothing tells, a mark before exactly three digits separates thousands.

    Example:
        >>> money("(1,200.50 EUR)")
        Money(amount=-1200.5, currency='€')

    Raises:
        ValueError: it is no amount, or one with another decimal mark.
    """
    found = amount(cell)
    if found is None:
        raise ValueError(NO_AMOUNT)
    value = _with_mark(found, decimal_mark)
    if value is None:
        raise ValueError(_OTHER_MARK.format(_NAMES[decimal_mark]))
    return Money(value, found.currency)


def amount(cell: object) -> Readings | None:
    """The readings of an amount of money; None for a dash, which says that there is none.

    Raises:
        ValueError: it is no amount.
    """
    if is_number(cell):
        number = finite(cell)
        return Readings(number, number)
    if not isinstance(cell, str):
        raise ValueError(NO_AMOUNT)  # noqa: TRY004  one kind of error
    written = cell.strip()
    if _PLAIN.fullmatch(written) and len(written) < 16:
        number = float(written)
        return Readings(number, None if "." in written else number)
    written = written.translate(_SIGNS)
    if written == "-":
        return None
    number_inside = _NUMBER_INSIDE.fullmatch(written)
    if number_inside is None:
        return _without_digits(written)
    before, digits, after = number_inside.groups()
    if no_decimals := _NO_DECIMALS.match(after):
        digits, after = f"{digits}{no_decimals[1]}00", after[no_decimals.end() :]
    around = _around(before, after)
    with_point, with_comma = _readings(digits)
    if around is None or with_point is with_comma is None:
        raise ValueError(NO_AMOUNT)
    with_point, with_comma = (_times(number, around.factor) for number in (with_point, with_comma))
    return Readings(with_point, with_comma, around.currency, abs(around.factor) != 1)


def is_amount(cell: object) -> bool:
    """True for a cell that can be read as an amount of money, or as a dash that stands for none."""
    try:
        amount(cell)
    except ValueError:
        return False
    return True


PROOFS = 1_000
"""Cells at the top of a column that tell its decimal mark."""


def decimal_mark_of(cells: Iterable[object]) -> DecimalMark:
    """The decimal mark that most of some amounts prove; "auto" where none is proved more often."""
    marks = [found.mark for cell in cells if not is_blank(cell) and is_amount(cell) and (found := amount(cell))]
    return _more_often(marks.count("."), marks.count(","))


def _more_often(points: int, commas: int) -> DecimalMark:
    """The mark that is proved more often."""
    return "auto" if points == commas else "." if points > commas else ","


def number(cell: object) -> float | None:
    """A number from 0 upwards, such as 4, "4" or "2,5"; it has decimals, not thousands. None for a dash."""
    if text(cell) in DASHES:
        return None
    numbers = [finite(cell)] if is_number(cell) else signed_numbers(text(cell))
    if not numbers or min(numbers) < 0:
        raise ValueError("is not a number from 0 upwards: write one such as 4")
    return min(numbers)


# --- A column ---------------------------------------------------------------------------------------------------------


def column_of_amounts(header: str, counts: Counts, decimal_mark: DecimalMark = "auto", factor: float = 1) -> Column:
    """The amounts of a column by its decimal mark: the one that is set, or that most amounts prove.

    Args:
        header: its header.
        counts: its cells.
        decimal_mark: the policy's.
        factor: what the header says that the amounts are multiplied by, such as 1,000; not those with a unit of their
            own, such as 1.2m.

    Raises:
        CannotGrade: as many amounts prove a point as prove a comma; the column mixes currencies.
    """
    read = read_each(counts, amount)
    found: dict[Key, Readings] = read.values
    currency = one_currency(header, {readings.currency for readings in found.values()})
    mark = _mark_of(header, found, counts) if decimal_mark == "auto" else decimal_mark
    marked = ((key, it, _with_mark(it, mark)) for key, it in found.items())
    values = {key: value * (1 if it.has_unit else factor) for key, it, value in marked if value is not None}
    messages = read.messages
    if len(values) < len(found):
        messages |= dict.fromkeys(found.keys() - values.keys(), _OTHER_MARK.format(_NAMES[mark]))
    unsure = [key for key, it in found.items() if it.with_point != it.with_comma] if mark == "auto" else []
    with_unit = [key for key, it in found.items() if it.has_unit] if factor != 1 else []
    return Column(values, messages, _assumptions(unsure, with_unit, counts), currency)


def one_currency(header: str, signs: Iterable[str]) -> str:
    """The currency of a column of amounts; "" where none is known.

    Args:
        header: the column's header.
        signs: the signs of the currencies in it; "" for an amount without one.

    Raises:
        CannotGrade: there is more than one currency.
    """
    currencies_there = sorted(set(signs) - {""})
    crowns = {code.upper() for code in words_for("kr")}
    others = [sign for sign in currencies_there if sign != "kr"]
    if len(others) > 1 or (len(currencies_there) > len(others) == 1 and others[0] not in crowns):
        raise CannotGrade(
            f'The column "{header}" mixes currencies ({", ".join(currencies_there)}): convert all amounts to one '
            "currency first."
        )
    return next(iter(others or currencies_there), "")


# --- Currencies -------------------------------------------------------------------------------------------------------


def currency_of(cell: object, number_format: str) -> str:
    """The sign of the currency that a spreadsheet shows for an amount, as text or by its number format; "" for none."""
    if isinstance(cell, str):
        try:
            found = amount(cell)
        except ValueError:
            return ""
        return found.currency if found else ""
    named = [*filter(is_currency, _FORMAT_TEXT.findall(number_format)), *_FORMAT_CURRENCY.findall(number_format)]
    if named:
        return currency_named(named[0])
    without_locale = _FORMAT_LOCALE.sub("", number_format)
    return next(filter(_is_sign, without_locale), "")


def currency_named(name: str) -> str:
    """The sign of a currency by its code, its sign or in words; a code without a sign of its own stands for itself."""
    return currencies().get(name.strip(" .").casefold(), name.strip(" .").upper())


def currency_in(header: str) -> str:
    """The sign of the currency that a header names: a sign or code anywhere, a word in brackets or behind "in"."""
    before = ""
    for bracket, word in _OF_HEADER.findall(header):
        unit = _UNIT_BESIDE.sub("", word)
        is_expected = bracket or before.casefold() in ("in", "en") or any(map(_is_sign, unit)) or _CODE.fullmatch(unit)
        if is_expected and word not in _OTHER_WORDS and (currency := _currency(unit, is_close=True)):
            return currency
        before = word
    return ""


def _currency(written: str, *, is_close: bool) -> str | None:
    """The sign of a currency beside a number, None for other texts; close to the digits, a code must be a known one."""
    if sign := currencies().get(written.strip(" .").casefold()):
        return sign
    is_code = _CODE.fullmatch(written) and (not is_close or written.casefold() in words_for("currency_codes"))
    is_sign = len(written) == 1 and _is_sign(written)
    return written if is_code or is_sign or _DOLLARS.fullmatch(written) else None


def _is_sign(character: str) -> bool:
    return unicodedata.category(character) == "Sc"


# --- The parts of an amount -------------------------------------------------------------------------------------------


def _mark_of(header: str, found: Mapping[Key, Readings], counts: Counts) -> DecimalMark:
    """The decimal mark that most amounts of a column prove."""
    proofs: dict[DecimalMark, list[Key]] = {".": [], ",": []}
    for cell, readings in found.items():
        if (mark := readings.mark) != "auto":
            proofs[mark].append(cell)
    points, commas = (sum(counts[cell] for cell in cells) for cells in proofs.values())
    if points == commas > 0:
        with_point, with_comma = (min(map(_shown, cells)) for cells in proofs.values())
        raise CannotGrade(
            f'The column "{header}" has as many amounts with a decimal point ({with_point}) as with a decimal comma '
            f'({with_comma}): say which is right with --decimal-mark "." or --decimal-mark ",", or on Settings.'
        )
    return _more_often(points, commas)


def _assumptions(unsure: list[Key], with_unit: list[Key], counts: Counts) -> str:
    """The assumptions about amounts such as 1,200, whose mark nothing tells, and those with a unit of their own."""
    assumed = ((with_unit, _IN_ITS_OWN_UNIT), (unsure, _AS_THOUSANDS))
    return "; ".join(
        f"{counted(sum(counts[cell] for cell in cells), 'amount')} such as {min(map(_shown, cells))} {meaning}"
        for cells, meaning in assumed
        if cells
    )


def _shown(key: Key) -> str:
    return text(key[1])


def _with_mark(readings: Readings, mark: DecimalMark) -> float | None:
    """An amount with a decimal mark; where none is known, a mark before exactly three digits separates thousands."""
    with_point, with_comma = readings.with_point, readings.with_comma
    if mark == ".":
        return with_point
    if mark == "," or with_point is None:
        return with_comma
    return with_point if with_comma is None else max(with_point, with_comma, key=abs)


def _without_digits(written: str) -> Readings:
    """Nothing, as a spreadsheet's accounting format shows it: a dash beside a currency."""
    sign, dash, more = (part.strip() for part in written.partition("-"))
    currency = _currency(sign or more, is_close=False)
    if not dash or (sign and more) or currency is None:
        raise ValueError(NO_AMOUNT)
    return Readings(0.0, 0.0, currency)


def _readings(digits: str) -> tuple[float | None, float | None]:
    """The number that digits with their marks are, with a decimal point and with a decimal comma."""
    if "e" in digits.lower():
        return (_not_too_large(digits),) * 2
    with_point = _not_too_large(digits.translate(_FOR_POINT)) if _WITH_POINT.fullmatch(digits) else None
    with_comma = _not_too_large(digits.translate(_FOR_COMMA)) if _WITH_COMMA.fullmatch(digits) else None
    return with_point, with_comma


def _not_too_large(digits: str) -> float | None:
    number = float(digits)
    return number if number <= LARGEST else None


def signed_numbers(written: str, decimal_mark: DecimalMark = "auto") -> list[float]:
    """The numbers that a text without a currency can be."""
    try:
        found = amount(written)
    except ValueError:
        return []
    if found is None or found.currency:
        return []
    readings = {".": found.with_point, ",": found.with_comma}
    by_mark = readings.get(decimal_mark)
    return [value for value in readings.values() if value is not None] if by_mark is None else [by_mark]


def _times(number: float | None, factor: float) -> float | None:
    return number if number is None or factor == 1 else number * factor


_CREDIT = re.compile(r"\bcr\b", re.IGNORECASE)
"""The mark of a credit in accounts; of rupees it is a crore."""


@lru_cache(4096)
def _around(before: str, after: str) -> Around | None:
    """The meaning of what stands around a number; None where it means nothing."""
    sign, left, right = _sign(_without_about(before.strip()), after.strip())
    currency = _currency(left, is_close=not before.endswith(" ")) if left else ""
    behind = _magnitude_and_currency(right, is_close=not after.startswith(" "))
    if not sign or currency is None or behind is None or (currency and behind.currency not in ("", currency)):
        return None
    currency = currency or behind.currency
    if _CREDIT.search(right) and currency != "₹":
        return None
    return Around(sign * behind.factor, currency)


def _without_about(before: str) -> str:
    """The text before a number without the word that says it is not exact."""
    first = _FIRST_WORD.match(before)
    return before[first.end() :].strip() if first and normal(first[0]) in words_for("about") else before


def _sign(before: str, after: str) -> tuple[int, str, str]:
    """1 or -1, or 0 where the signs make no sense; and what stands around a number beside its sign."""
    brackets, minuses, pluses = "(" in before and ")" in after, before.count("-") + after.count("-"), before.count("+")
    if brackets:
        before, after = before.replace("(", "", 1), after.replace(")", "", 1)
    if brackets + minuses + pluses > 1 or (after.count("-") and not after.endswith("-")):
        return 0, before, after
    return (-1 if brackets or minuses else 1), before.strip("-+ "), after.strip("- ")


def _magnitude_and_currency(written: str, *, is_close: bool) -> Around | None:
    """The factor and the currency in a text behind a number, in either order; None for other texts."""
    if (alone := _currency(written, is_close=is_close) if written else "") is not None:
        return Around(1, alone)
    for at in range(1, len(written) + 1):
        for magnitude, currency in ((written[:at], written[at:]), (written[at:], written[:at])):
            factor = factors().get(normal(magnitude)) if magnitude else 1
            sign = _currency(currency.strip(), is_close=is_close) if currency else ""
            if factor and sign is not None:
                return Around(factor, sign or next(filter(_is_sign, magnitude), ""))
    return None
