"""Amounts of money as people write them, in the currency of the list: £1,200, -£1,200, CHF 1,200.

A currency is a sign such as £, or a code or word where it has none, such as CHF and kr; "" where none is known. A sign
stands close to the digits, anything else before a space at which no line breaks, and a minus before both.
"""

import math
import unicodedata
from fractions import Fraction


def before_digits(currency: str) -> str:
    r"""The text of a currency in front of the digits.

    >>> before_digits("£"), before_digits("CHF"), before_digits("")
    ('£', 'CHF\xa0', '')
    """
    is_close = not currency or unicodedata.category(currency[-1]) == "Sc"
    return currency if is_close else f"{currency}\N{NO-BREAK SPACE}"


def in_cents(amount: float) -> float:
    """An amount in whole cents, half a cent rounded away from 0: of its first 15 digits, as worksheets round.

    >>> in_cents(0.015), in_cents(-2.675), in_cents(0.1 + 0.2)
    (0.02, -2.68, 0.3)
    """
    cents = math.floor(Fraction(f"{abs(amount):.15g}") * 100 + Fraction(1, 2))
    return math.copysign(cents / 100, amount) if cents else 0.0


_SHARED = ("$", "¥", "kr")
"""The signs that several currencies share."""


def is_another(chosen: str, shown: str) -> bool:
    """True for a currency that is not the one a list shows; a code tells which dollar, yen or crown a list means.

    >>> is_another("€", "£"), is_another("CAD", "$"), is_another("€", "$"), is_another("€", "")
    (True, False, True, False)
    """
    is_finer = shown in _SHARED and (chosen.isalpha() or chosen.endswith(shown))
    return bool(chosen and shown) and chosen != shown and not is_finer


def money_text(amount: float, currency: str = "") -> str:
    r"""An amount in whole units.

    >>> money_text(-1234.5, "£"), money_text(1234, "CHF"), money_text(-0.4)
    ('-£1,234', 'CHF\xa01,234', '0')
    """
    return _signed(f"{amount:,.0f}", currency)


def in_short(amount: float, currency: str = "") -> str:
    """An amount in thousands or millions, as one says it.

    >>> in_short(3_141_592, "€"), in_short(86_700), in_short(-999, "$")
    ('€3.14 m', '87 k', '-$999')
    """
    if abs(amount) >= 999_500:
        return _signed(f"{amount / 1e6:,.2f} m", currency)
    return _signed(f"{amount / 1e3:,.0f} k" if abs(amount) >= 9_999.5 else f"{amount:,.0f}", currency)


def _signed(number: str, currency: str) -> str:
    digits = number.removeprefix("-")
    minus = "-" if digits not in (number, "0") else ""
    return f"{minus}{before_digits(currency)}{digits}"
