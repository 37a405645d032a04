"""Readers of percentages: of single cells, and of a column of them as a whole."""

import re
from typing import NamedTuple

from tierxl.method.table.amounts import DASHES, signed_numbers
from tierxl.method.table.cells import finite, is_number
from tierxl.method.table.distinct import Column, Counts, Key, read_each
from tierxl.method.table.vocabulary import normal, words_for

NO_PERCENTAGE = "is not a percentage: write a number such as 45 % or 0.45"
_LAST_WORD = re.compile(r"[^\d%]+$")
_SIGN = re.compile(r"^%|%(?=\)?$)")


class Percent(NamedTuple):
    """A percentage: a fraction if it was written with a % sign, else as written, points or fraction."""

    value: float
    signed: bool


def percent(cell: object) -> Percent | None:
    """A percentage from a cell such as 0.8, 80 or "80 %"; it has decimals, not thousands. None for a dash.

    Example:
        >>> percent("80 %")
        Percent(value=0.8, signed=True)

    Raises:
        ValueError: it is no percentage.
    """
    if is_number(cell):
        return Percent(finite(cell), signed=False)
    written = cell.strip() if isinstance(cell, str) else ""
    if written in DASHES:
        return None
    bare = _without_percent_sign(written)
    signed = bare != written
    numbers = signed_numbers(bare)
    if not numbers:
        raise ValueError(NO_PERCENTAGE)
    value = min(numbers, key=abs)
    return Percent(value / 100 if signed else value, signed)


def _without_percent_sign(written: str) -> str:
    """A text without its percent sign, or the word that stands for it behind a number."""
    word = _LAST_WORD.search(written)
    return written[: word.start()] if word and normal(word[0]) in words_for("percents") else _SIGN.sub("", written)


def column_of_percents(counts: Counts) -> Column:
    """The percentages of a column as fractions; those without a % sign are points where at least half lie beyond 1."""
    read = read_each(counts, percent)
    found: dict[Key, Percent] = read.values
    unsigned = {key: abs(it.value) for key, it in found.items() if it.value and not it.signed}
    beyond = sum(counts[key] for key, value in unsigned.items() if value > 1)
    are_of_points = are_points(beyond, sum(counts[key] for key in unsigned))
    values = {key: it.value / 100 if are_of_points and not it.signed else it.value for key, it in found.items()}
    return Column(values, read.messages)


def are_points(beyond: int, filled: int) -> bool:
    """True where percentages are points: at least half of those that are not 0 lie beyond 1, either way."""
    return 0 < filled <= 2 * beyond
