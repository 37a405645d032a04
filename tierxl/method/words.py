"""Words of sentences, names as people write them, and texts of others as a person can safely read them."""

import difflib
import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

_ACTING = re.compile(
    "[\x00-\x1f\x7f-\x9f"  # control characters: a new line, a step back, the start of a terminal's commands
    "\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\ufff9-\ufffb"  # lines and the direction of writing
    "\ud800-\udfff]"  # halves of characters, among them the bytes of a file name that is not UTF-8
)
_BYTES = range(0xDC80, 0xDD00)
"""The numbers by which Python keeps the bytes of a file name that are no text."""

MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def visible(text: str) -> str:
    """A text on one line in which no character acts: one that would is shown by its number, as in Python."""
    return _ACTING.sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    number = ord(match[0])
    character = chr(number - 0xDC00) if number in _BYTES else match[0]
    return character.encode("unicode_escape").decode("ascii")


def listed(parts: Sequence[str], count: int | None = None) -> str:
    """Words as a list in a sentence: a, b and c. They can be the first of so many: a, b and 7 more."""
    if count is not None and len(parts) < count:
        return f"{', '.join(parts)} and {count - len(parts):,} more"
    *others, last = parts
    return f"{', '.join(others)} and {last}" if others else last


def whole(number: float) -> int:
    """A number without decimals, as a cell shows it: 135 for 134.5, where Python would round to 134, which is even."""
    return int(Decimal(str(number)).to_integral_value(ROUND_HALF_UP))


def counted(count: int, noun: str) -> str:
    """A number of things: 1 client, 1,200 clients."""
    return f"{count:,} {plural(count, noun, f'{noun}s')}"


def plural(count: float, singular: str, plural: str) -> str:
    """The form of a word that goes with a number of things: 1 client has, 2 clients have."""
    return singular if count == 1 else plural


def in_words(day: date) -> str:
    """A day as people write it: 22 Nov 2026."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def as_called(name: str) -> str:
    """A name as names are compared: case and additional spaces make no difference."""
    return " ".join(name.casefold().split())


def did_you_mean(written: str, names: Iterable[str]) -> str:
    """A question with the closest of some names, or those with the closest word, to end an error with; else nothing."""
    spellings: dict[str, str] = {}
    for name in names:
        called = as_called(name)
        for spelling in (called, *re.findall(r"\w+", called)):
            spellings.setdefault(spelling, name)
    close = difflib.get_close_matches(as_called(written), spellings, n=3, cutoff=0.6)
    meant = list(dict.fromkeys(spellings[spelling] for spelling in close))
    return f" Did you mean {' or '.join(meant)}?" if meant else ""


def quoted(text: object) -> str:
    """A text as one argument of a command, ready to paste."""
    return '"' + re.sub(r'(["$`])', r"\\\1", str(text)) + '"'


def as_argument(text: object) -> str:
    """A text as one argument of a command, quoted only where it must be."""
    return str(text) if re.fullmatch(r"[\w./:=+-]+", str(text)) else quoted(text)
