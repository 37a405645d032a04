"""Headers that are nearly right."""

from collections.abc import Hashable, Mapping
from typing import Generic, TypeVar

Meaning = TypeVar("Meaning", bound=Hashable)

SHORTEST = 5
"""Letters of the shortest word in which a slip is looked for: shorter words are soon another word."""


class Spellings(Generic[Meaning]):
    """Names with their meanings, for texts that are nearly one of them: a name but for a slip or for its spaces.

    A slip is one letter in a word that is missing, added, another, or swapped with its neighbour; not the first one. A
    suggestion that is wrong is worse than none, so words are never left out or added.
    """

    def __init__(self, names: Mapping[str, Meaning]) -> None:
        """Names as :func:`tierxl.method.table.columns.normal` writes them, each with its meaning."""
        self._without_spaces = {name.replace(" ", ""): meant for name, meant in names.items() if len(name) >= SHORTEST}
        self._by_count: dict[int, list[tuple[list[str], Meaning]]] = {}
        for name, meant in names.items():
            words = name.split()
            self._by_count.setdefault(len(words), []).append((words, meant))

    def meant_by(self, written: str) -> set[Meaning]:
        """The meanings that a header can have; it is written as the names are."""
        words = written.split()
        meant = {meaning for name, meaning in self._by_count.get(len(words), ()) if _same_but_for_slips(words, name)}
        together = "".join(words)
        return meant | ({self._without_spaces[together]} if together in self._without_spaces else set())


def _same_but_for_slips(words: list[str], name: list[str]) -> bool:
    return all(word == right or _is_slip(word, right) for word, right in zip(words, name, strict=True))


def _is_slip(word: str, right: str) -> bool:
    shorter = min(len(word), len(right))
    if shorter < SHORTEST or word[0] != right[0] or abs(len(word) - len(right)) > 1:
        return False
    same = next((at for at, (one, other) in enumerate(zip(word, right, strict=False)) if one != other), shorter)
    ends = (word[same:], right[same:])
    missing, added, another = ends[0] == ends[1][1:], ends[0][1:] == ends[1], ends[0][1:] == ends[1][1:]
    swapped = ends[0][:2] == ends[1][1::-1] and ends[0][2:] == ends[1][2:]
    return missing or added or another or swapped
