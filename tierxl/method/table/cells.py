"""Readers of one cell: the value that an account manager wrote, as one of its column's kind.

Each reader takes a cell that is not blank and returns its value, or raises ValueError with what was expected.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Literal, NamedTuple, TypeVar

from tierxl.method.levels import HIGH, LAGGARD, LOW, MEDIUM, NO, NOT_GRADED, NOT_RATED, YES, A, B, C

Cell = TypeVar("Cell")
DecimalMark = Literal["auto", ".", ","]
DayOrder = Literal["iso", "day first", "month first"]

_LEVELS = {"high": HIGH, "h": HIGH, "3": HIGH, "medium": MEDIUM, "med": MEDIUM, "m": MEDIUM, "2": MEDIUM}
_LEVELS |= {"low": LOW, "l": LOW, "1": LOW}
_ANSWERS = {"yes": YES, "y": YES, "true": YES, "1": YES, "✓": YES, "✔": YES}
_ANSWERS |= {"no": NO, "n": NO, "false": NO, "0": NO, "✗": NO, "✘": NO}
_TIERS = {"a": A, "b": B, "c": C}
_RATINGS = _LEVELS | {"not rated": NOT_RATED}
_PROFIT_RATINGS = _RATINGS | {"laggard": LAGGARD}
_GRADED_TIERS = _TIERS | {"not graded": NOT_GRADED}

NO_DATE = "is not a date: write it as 2026-11-22, or set the day order"
_UNIX_EPOCH = date(1970, 1, 1)
_CYCLE, _YEARS_OF_CYCLE = 146_097, 400
"""Days after which the calendar repeats itself, and their years."""

LARGEST = 1e100
"""The largest number that is taken for one: sums of larger ones soon have no end."""

_ISO_CODE = (
    "AED|AFN|ALL|AMD|AOA|ARS|AUD|AWG|AZN|BAM|BBD|BDT|BGN|BHD|BIF|BMD|BND|BOB|BRL|BSD|BTN|BWP|BYN|BZD|"
    "CAD|CDF|CHF|CLP|CNY|COP|CRC|CUP|CVE|CZK|DJF|DKK|DOP|DZD|EGP|ERN|ETB|EUR|FJD|FKP|GBP|GEL|GHS|GIP|"
    "GMD|GNF|GTQ|GYD|HKD|HNL|HTG|HUF|IDR|ILS|INR|IQD|IRR|ISK|JMD|JOD|JPY|KES|KGS|KHR|KMF|KPW|KRW|KWD|"
    "KYD|KZT|LAK|LBP|LKR|LRD|LSL|LYD|MAD|MDL|MGA|MKD|MMK|MNT|MOP|MRU|MUR|MVR|MWK|MXN|MYR|MZN|NAD|NGN|"
    "NIO|NOK|NPR|NZD|OMR|PAB|PEN|PGK|PHP|PKR|PLN|PYG|QAR|RON|RSD|RUB|RWF|SAR|SBD|SCR|SDG|SEK|SGD|SHP|"
    "SLE|SOS|SRD|SSP|STN|SYP|SZL|THB|TJS|TMT|TND|TOP|TRY|TTD|TWD|TZS|UAH|UGX|USD|UYU|UZS|VES|VND|VUV|"
    "WST|XAF|XCD|XCG|XOF|XPF|YER|ZAR|ZMW|ZWG"
)
"""The currencies of ISO 4217: their codes may stand close to the digits, as other letters may not."""
_CURRENCY_CODE = re.compile(rf"^([A-Z]{{3}})\b|\b([A-Z]{{3}})$|^({_ISO_CODE})(?=[\d.,(-])|(?<=[\d.,)])({_ISO_CODE})$")
_DOLLARS = re.compile(r"^([A-Z]{1,3})\$|\b([A-Z]{1,3})\$$")
_SIGNS_OF_CODES = {"EUR": "€", "GBP": "£", "USD": "$", "US$": "$", "JPY": "¥"}
_FORMAT_CURRENCY, _FORMAT_LOCALE = re.compile(r"\[\$([^\]-]+)"), re.compile(r"\[\$-[^\]]*\]")
_FORMAT_CODE = re.compile(r'"\s*([A-Z]{3})\s*"')
_THOUSANDS_SPACE = re.compile(r"(?<=\d)[ \u00a0\u2009\u202f](?=\d{3}(?!\d))")
_SCIENTIFIC = re.compile(r"\d+(?:\.\d+)?[eE][+-]?\d{1,3}")
_HOURS = re.compile(r"\s*(?:hours?|hrs?|h)\.?$", re.IGNORECASE)
_ISO_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ]\d{2}:\d{2}.*)?")
_TIME_OF_DAY = r"\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:[ \u00a0\u202f]?[AaPp]\.?[Mm]\.?)?"
_ORDERED_DATE = re.compile(rf"(\d{{1,2}})[./-](\d{{1,2}})[./-](\d{{4}})(?:,?[ \u00a0\u202f]{_TIME_OF_DAY})?")
_MONTHS = 12
_SPREADSHEET_EPOCH, _LAST_SPREADSHEET_DAY = datetime(1899, 12, 30), 2_958_465


class Money(NamedTuple):
    """An amount with the sign of its currency, or "" where none was written."""

    amount: float
    currency: str


class Percent(NamedTuple):
    """A percentage: a fraction if it was written with a % sign, else as written, points or fraction."""

    value: float
    signed: bool


def is_blank(cell: object) -> bool:
    """True for a cell that holds nothing: no value, white space, or a frame's own mark for missing."""
    if cell is None:
        return True
    if isinstance(cell, str):
        return not cell.strip()
    if isinstance(cell, Decimal):
        return cell.is_nan()  # one that signals cannot be compared
    try:
        return type(cell).__name__ in ("NAType", "NaTType") or bool(cell != cell)
    except (TypeError, ValueError):  # an array is compared place by place
        return False


def text(cell: object) -> str:
    """A name or an identifier; a whole number loses the decimals that a spreadsheet gives it."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime) and cell == datetime(cell.year, cell.month, cell.day):
        return cell.date().isoformat()
    try:
        return str(cell).strip()
    except ValueError:
        return "a number of thousands of digits"  # Python writes out no longer ones


def shown(cell: object) -> str:
    """A cell as an issue quotes it."""
    return "" if is_blank(cell) else text(cell)


def money(cell: object, decimal_mark: DecimalMark = "auto") -> Money:
    """An amount of money and its currency, from a cell such as 1200, "$1,200.50", "(500)" or "1 200".

    Example:
        >>> money("(1,200.50 EUR)")
        Money(amount=-1200.5, currency='€')

    Raises:
        ValueError: it is no amount, or one that can be read in two ways.
    """
    if _is_number(cell):
        return Money(_finite(cell), "")
    if not isinstance(cell, str):
        raise ValueError("is not an amount of money: write a number such as 1200.50")  # noqa: TRY004  one kind of error
    unsigned, currency = _without_currency(cell.strip())
    unsigned, negative = _without_sign(unsigned)
    if not currency:
        unsigned, currency = _without_currency(unsigned)
        unsigned, negative_inside = _without_sign(unsigned)
        negative = negative != negative_inside
    amounts = _readings(unsigned, decimal_mark)
    if not amounts:
        raise ValueError("is not an amount of money: write a number such as 1200.50")
    if len(amounts) > 1:
        low, high = (f"{amount:,.10g}" for amount in sorted(amounts))
        raise ValueError(f"could be {low} or {high}: write it without a thousands mark, or set the decimal mark")
    (amount,) = amounts
    return Money(-amount if negative else amount, currency)


def currency_of(cell: object, number_format: str) -> str:
    """The sign of the currency that a spreadsheet shows for an amount, as text or by its number format; "" for none."""
    if isinstance(cell, str):
        try:
            return money(cell).currency
        except ValueError:
            return ""
    if coded := _FORMAT_CODE.search(number_format):
        return _SIGNS_OF_CODES.get(coded[1], coded[1])
    if named := _FORMAT_CURRENCY.search(number_format):
        return _SIGNS_OF_CODES.get(named[1].strip(), named[1].strip())
    without_locale = _FORMAT_LOCALE.sub("", number_format)
    return next((character for character in without_locale if unicodedata.category(character) == "Sc"), "")


def currency_named(name: str) -> str:
    """The sign of a currency that a column of currencies names by its code, its sign or in words."""
    return _SIGNS_OF_CODES.get(name.strip().upper(), name.strip().casefold())


def percent(cell: object, decimal_mark: DecimalMark = "auto") -> Percent:
    """A percentage from a cell such as 0.8, 80 or "80 %".

    Example:
        >>> percent("80 %")
        Percent(value=0.8, signed=True)

    Raises:
        ValueError: it is no percentage.
    """
    if _is_number(cell):
        return Percent(_finite(cell), signed=False)
    if not isinstance(cell, str):
        raise ValueError("is not a percentage: write a number such as 45 % or 0.45")  # noqa: TRY004  as above
    stripped = cell.strip()
    signed = stripped.endswith("%") or stripped.startswith("%")
    unsigned, negative = _without_sign(stripped.strip("%").strip())
    amounts = _readings(unsigned, decimal_mark)
    if not amounts:
        raise ValueError("is not a percentage: write a number such as 45 % or 0.45")
    amount = min(amounts)  # a percentage has decimals, not thousands
    value = -amount if negative else amount
    return Percent(value / 100 if signed else value, signed)


def fractions(percents: Mapping[Cell, Percent], points_beyond: float) -> dict[Cell, float]:
    """The percentages of a column as fractions: read as points where one without a % sign is beyond a number."""
    points = any(not share.signed and abs(share.value) > points_beyond for share in percents.values())
    scale = 100 if points else 1
    return {cell: share.value if share.signed else share.value / scale for cell, share in percents.items()}


def hours(cell: object, decimal_mark: DecimalMark = "auto") -> float:
    """A number of hours, such as 1600, "1,600" or "1600 h"."""
    if _is_number(cell):
        return _finite(cell)
    written = _HOURS.sub("", cell.strip()) if isinstance(cell, str) else ""
    unsigned, negative = _without_sign(written)
    numbers = _readings(unsigned, decimal_mark)
    if not numbers:
        raise ValueError("is not a number of hours: write one such as 1600")
    number = max(numbers)  # the hours of a year have thousands, not thousandths
    return -number if negative else number


def level(cell: object) -> int:
    """High, Medium or Low; also H/M/L and 3/2/1."""
    return _one_of(cell, _LEVELS, "is not a level: write High, Medium or Low")


def yes_no(cell: object) -> int:
    """Yes or no; also y/n, true/false, 1/0 and ✓/✗."""
    return _one_of(cell, _ANSWERS, "is not an answer: write Yes or No")


def tier(cell: object) -> int:
    """A, B or C."""
    return _one_of(cell, _TIERS, "is not a tier: write A, B or C")


def rating(cell: object) -> int:
    """A rating as the graded columns show it: a level, or Not rated."""
    return _one_of(cell, _RATINGS, "is not a level: write High, Medium or Low")


def profit_rating(cell: object) -> int:
    """A rating of the profitability as the graded columns show it: a level, Laggard, or Not rated."""
    return _one_of(cell, _PROFIT_RATINGS, "is not a rating: write High, Medium, Low or Laggard")


def graded_tier(cell: object) -> int:
    """A tier as the graded columns show it: A, B, C, or Not graded."""
    return _one_of(cell, _GRADED_TIERS, "is not a tier: write A, B or C")


def day(cell: object, day_order: DayOrder = "iso") -> datetime:
    """A spreadsheet date, or a date as text in the order of the year, or in the policy's day order."""
    if isinstance(cell, datetime):
        return datetime(cell.year, cell.month, cell.day)
    if isinstance(cell, date):
        return datetime(cell.year, cell.month, cell.day)
    if _is_number(cell) and 1 <= _finite(cell) <= _LAST_SPREADSHEET_DAY:
        return _SPREADSHEET_EPOCH + timedelta(days=int(_finite(cell)))
    if isinstance(cell, str):
        try:
            if iso := _ISO_DATE.fullmatch(cell.strip()):
                return datetime.fromisoformat(iso[1])
            if day_order != "iso" and (ordered := _ORDERED_DATE.fullmatch(cell.strip())):
                first, second, year = map(int, ordered.groups())
                return datetime(year, second, first) if day_order == "day first" else datetime(year, first, second)
        except ValueError:
            raise ValueError("is not a day of the calendar: write a date such as 2026-11-22") from None
    raise ValueError(NO_DATE)


def calendar_in(zone: str | None) -> tuple[int, int]:
    """The first and the last day that Python's calendar has, in days since 1970 by UTC: it ends with the year 9999."""
    beside = 0 if zone in (None, "", "UTC") else 1  # elsewhere it is another day
    return (date.min - _UNIX_EPOCH).days + beside, (date.max - _UNIX_EPOCH).days - beside


def far_day(days: int) -> str:
    """A day of any year, such as 5881580-07-11, by the days since 1970."""
    cycles, rest = divmod(days, _CYCLE)
    day_of_cycle = _UNIX_EPOCH + timedelta(rest)
    return f"{day_of_cycle.year + _YEARS_OF_CYCLE * cycles}-{day_of_cycle:%m-%d}"


def only_day_order(dates: Iterable[str]) -> DayOrder | None:
    """The day order in which some dates written as text can be read, where no other will do for all of them."""
    halves = [tuple(map(int, ordered.groups()[:2])) for text in dates if (ordered := _ORDERED_DATE.fullmatch(text))]
    has_late_first, has_late_second = (any(half[at] > _MONTHS for half in halves) for at in (0, 1))
    if has_late_first == has_late_second:
        return None
    return "day first" if has_late_first else "month first"


def _is_number(cell: object) -> bool:
    return hasattr(cell, "__float__") and type(cell).__name__ not in ("bool_", "bool", "complex64", "complex128")


def _finite(cell: object) -> float:
    try:
        number = float(cell)  # type: ignore[arg-type]
    except (OverflowError, TypeError):  # of thousands of digits; more than one number
        raise ValueError("is not a finite number") from None
    if not abs(number) <= LARGEST:
        raise ValueError("is not a finite number")
    return number


def _one_of(cell: object, names: dict[str, int], expected: str) -> int:
    try:
        return names[text(cell).casefold()]
    except KeyError:
        raise ValueError(expected) from None


def _without_sign(written: str) -> tuple[str, bool]:
    if written.startswith("(") and written.endswith(")"):
        return written[1:-1].strip(), True
    if written[:1] in ("-", "\u2212", "+"):
        return written[1:].strip(), written[0] != "+"
    return written, False


def _without_currency(written: str) -> tuple[str, str]:
    """The text without its currency, and the currency's sign ("" where none is written)."""
    signs = [character for character in written if unicodedata.category(character) == "Sc"]
    if len(signs) == 1 and (written[0] == signs[0] or written[-1] == signs[0]):
        return written.replace(signs[0], "").strip(), signs[0]
    if dollars := _DOLLARS.search(written):
        name = f"{dollars[1] or dollars[2]}$"
        return _DOLLARS.sub("", written, count=1).strip(), _SIGNS_OF_CODES.get(name, name)
    if code := _CURRENCY_CODE.search(written):
        name = next(filter(None, code.groups()))
        return _CURRENCY_CODE.sub("", written, count=1).strip(), _SIGNS_OF_CODES.get(name, name)
    return written, ""


def _readings(written: str, decimal_mark: DecimalMark) -> set[float]:
    """The numbers that an unsigned text can be; where a point and a comma both make sense, the mark decides."""
    if _SCIENTIFIC.fullmatch(written):
        return {float(written)} if abs(float(written)) <= LARGEST else set()
    digits = _THOUSANDS_SPACE.sub("", written)
    readings = {}
    for mark, thousands in ((".", ","), (",", ".")):
        whole = rf"(?:\d+|[1-9]\d{{0,2}}(?:{re.escape(thousands)}\d{{3}})+)"
        if re.fullmatch(rf"{whole}(?:{re.escape(mark)}\d+)?|{re.escape(mark)}\d+", digits, re.ASCII):
            number = float(digits.replace(thousands, "").replace(mark, "."))
            if abs(number) <= LARGEST:
                readings[mark] = number
    return {readings[decimal_mark]} if decimal_mark in readings else set(readings.values())
