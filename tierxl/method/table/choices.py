"""Readers of cells that hold one of a few words: levels, answers and tiers, in the languages of the table of words."""

from collections.abc import Callable, Iterable, Mapping

from tierxl.method.levels import HIGH, LAGGARD, LOW, MEDIUM, NO, NOT_GRADED, NOT_RATED, YES, A, B, C
from tierxl.method.table.amounts import number
from tierxl.method.table.cells import text
from tierxl.method.table.distinct import Column, Counts, Key, read_each
from tierxl.method.table.vocabulary import meanings, normal, words_for

_LEVELS = {"high": HIGH, "medium": MEDIUM, "low": LOW}
_ANSWERS = {"yes": YES, "no": NO}
_TIERS = {"a": A, "b": B, "c": C}
NO_LEVEL = "is not a level: write High, Medium or Low"
OTHER_SCALE = "is on a scale that goes beyond 3: write High, Medium or Low"
NO_RATING = "is not a rating: write High, Medium, Low or Laggard"
NO_ANSWER = "is not an answer: write Yes or No"
NO_TIER = "is not a tier: write A, B or C"
OF_FIVE = "is read from 0 to 10, though no number is above 5: if 5 is the best, double the numbers"
BEYOND_LEVELS = tuple(map(str, range(HIGH + 1, 11)))
"""The numbers that tell that a column is not on the scale of 3, 2 and 1."""
MARK = "x"
"""The mark of yes, or of High, in a column that has no other; beside a tick it can mean no."""
_STARS = 5
MOST_SATISFIED, SATISFIED, CONTENT = 10, 9, 7
"""The end of the scale of satisfaction, and the numbers from which it is High and Medium."""


def level(cell: object) -> int:
    """High, Medium or Low; also H/M/L and 3/2/1."""
    return _one_of(_LEVELS, _meaning(cell, "levels"), NO_LEVEL)


def level_or_none(cell: object) -> int:
    """A level; where nothing of a kind is a level of its own, None, No and 0 are Low, and Yes is High."""
    name = _meaning(cell, "levels") or _meaning(cell, "answers")
    return _one_of(_LEVELS | {"none": LOW, "yes": HIGH}, name, NO_LEVEL)


def levels(distinct: Iterable[Key], reader: Callable[[object], int] = level) -> Column:
    """A column of levels by a reader of one: beside a number from 4 to 10, no number is a level."""
    keys = [*distinct]
    if not any(text(cell) in BEYOND_LEVELS for _, cell in keys):
        return read_each(keys, reader)

    def in_words(cell: object) -> int:
        if text(cell).isdecimal():
            raise ValueError(OTHER_SCALE)
        return reader(cell)

    return read_each(keys, in_words)


def levels_or_none(distinct: Iterable[Key]) -> Column:
    """The same where None and No are Low and Yes is High: so is an x where nothing else is more than Low."""
    return _with_marks(levels(distinct, level_or_none), HIGH, LOW)


def satisfactions(counts: Counts) -> Column:
    """A column of satisfactions as levels: from 0 to 10 where any number is above 3; words are levels in any case."""
    highest = max(read_each(counts, number).values.values(), default=0)
    if highest <= HIGH:
        return read_each(counts, level)
    return read_each(counts, _of_ten)._replace(assumption=OF_FIVE if highest <= _STARS else "")


def yes_no(cell: object) -> int:
    """Yes or no; also y/n, true/false, 1/0 and ✓/✗."""
    return _one_of(_ANSWERS, _meaning(cell, "answers"), NO_ANSWER)


def answers(distinct: Iterable[Key]) -> Column:
    """A column of answers: an x is yes where nothing else is, as in a column of marks."""
    return _with_marks(read_each(distinct, yes_no), YES, NO)


def _with_marks(read: Column, most: int, least: int) -> Column:
    """A column in which each x is the most, where all else that can be read is the least."""
    marks = {key: most for key in read.messages if text(key[1]).casefold() == MARK}
    if any(value != least for value in read.values.values()):
        return read
    messages = {key: message for key, message in read.messages.items() if key not in marks}
    return read._replace(values=read.values | marks, messages=messages)


def is_answer(cell: object) -> bool:
    """True for a cell that can be read as yes or no, as a mark too."""
    return _meaning(cell, "answers") in _ANSWERS or text(cell).casefold() == MARK


def tier(cell: object) -> int:
    """A, B or C."""
    return _one_of(_TIERS, text(cell).casefold(), NO_TIER)


def rating(cell: object) -> int:
    """A rating as the graded columns show it: a level, or Not rated."""
    return NOT_RATED if normal(text(cell)) == "notrated" else level(cell)


def profit_rating(cell: object) -> int:
    """A rating of the profitability as the graded columns show it: a level, Laggard, or Not rated."""
    if normal(text(cell)) == "laggard":
        return LAGGARD
    try:
        return rating(cell)
    except ValueError:
        raise ValueError(NO_RATING) from None


def graded_tier(cell: object) -> int:
    """A tier as the graded columns show it: A, B, C, or Not graded."""
    return NOT_GRADED if normal(text(cell)) in words_for("tiers", "not_graded") else tier(cell)


def _meaning(cell: object, section: str) -> str:
    """The entry of a section of the table of words that a cell names; of numbers, none but the plain ones."""
    shown = text(cell).casefold()
    return meanings(section).get(shown if any(map(str.isdigit, shown)) else normal(shown), "")


def _one_of(values: Mapping[str, int], name: str, expected: str) -> int:
    try:
        return values[name]
    except KeyError:
        raise ValueError(expected) from None


def _of_ten(cell: object) -> int:
    """A level from a number from 0 to 10, or from a word."""
    shown = text(cell)
    if not any(map(str.isdigit, shown)):
        return level(cell)
    try:
        found = number(cell)
    except ValueError:
        found = None
    if found is None or found > MOST_SATISFIED:
        raise ValueError("is not from 0 to 10: write how satisfied the client is, such as 8")
    return HIGH if found >= SATISFIED else MEDIUM if found >= CONTENT else LOW
