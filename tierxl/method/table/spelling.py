"""Headers that are nearly right."""

from collections.abc import Hashable, Mapping
from typing import Generic, TypeVar

from tierxl.method.table.vocabulary import words

Meaning = TypeVar("Meaning", bound=Hashable)

_SHORTEST_SWAPPED = 4
SHORTEST = 5
"""Letters of the shortest word in which a slip is looked for: shorter words are soon another word."""


class Spellings(Generic[Meaning]):
    """Names with their meanings, for texts that are nearly one of them: a name but for a slip.

    A slip is one letter in a word that is missing, added, another, or swapped with its neighbour; not the first one. A
    suggestion that is wrong is worse than none, so words are never left out or added.
    """

    def __init__(self, names: Mapping[str, Meaning]) -> None:
        """Names, each with its meaning."""
        self._by_count: dict[int, list[tuple[list[str], Meaning]]] = {}
        for name, meant in names.items():
            self._by_count.setdefault(len(words(name)), []).append((words(name), meant))

    def meant_by(self, header: str) -> set[Meaning]:
        """The meanings that a header can have."""
        written = words(header)
        return {meaning for name, meaning in self._by_count.get(len(written), ()) if _same_but_for_slips(written, name)}


def _same_but_for_slips(written: list[str], name: list[str]) -> bool:
    return all(
        word == right or _is_slip(word, right) or (len(name) > 1 and _is_swapped(word, right))
        for word, right in zip(written, name, strict=True)
    )


def _is_slip(word: str, right: str) -> bool:
    shorter = min(len(word), len(right))
    if shorter < SHORTEST or word[0] != right[0] or abs(len(word) - len(right)) > 1:
        return False
    same = next((at for at, (one, other) in enumerate(zip(word, right, strict=False)) if one != other), shorter)
    ends = (word[same:], right[same:])
    missing, added, another = ends[0] == ends[1][1:], ends[0][1:] == ends[1], ends[0][1:] == ends[1][1:]
    return missing or added or another or _is_swapped(word, right)


def _is_swapped(word: str, right: str) -> bool:
    """True for a word in which two neighbours stand the wrong way round, but for its first letter."""
    if len(word) != len(right) or len(word) < _SHORTEST_SWAPPED:
        return False
    wrong = [at for at, (one, other) in enumerate(zip(word, right, strict=True)) if one != other]
    first = wrong[0] if wrong else 0
    return first > 0 and wrong == [first, first + 1] and word[first : first + 2] == right[first + 1] + right[first]
