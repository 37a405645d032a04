"""Headers that are nearly right."""

from collections.abc import Iterable

SHORTEST = 5
"""Letters of the shortest word in which a slip is looked for: shorter words are soon another word."""


def nearly(written: str, names: Iterable[str]) -> bool:
    """Whether a header is one of some names but for a slip or for its spaces.

    A slip is one letter in a word that is missing, added, another, or swapped with its neighbour; not the first one. A
    suggestion that is wrong is worse than none, so words are never left out or added.

    Args:
        written: the header, as :func:`tierxl.method.columns.normal` writes it.
        names: the names, likewise.
    """
    words = written.split()
    return any(
        _same_without_spaces(words, name) or _same_but_for_slips(words, name)
        for name in names
        if abs(len(name) - len(written)) <= len(words) + name.count(" ")
    )


def _same_without_spaces(words: list[str], name: str) -> bool:
    return len(name) >= SHORTEST and "".join(words) == name.replace(" ", "")


def _same_but_for_slips(words: list[str], name: str) -> bool:
    meant = name.split()
    return len(words) == len(meant) and all(
        word == right or _is_slip(word, right) for word, right in zip(words, meant, strict=True)
    )


def _is_slip(word: str, right: str) -> bool:
    shorter = min(len(word), len(right))
    if shorter < SHORTEST:
        return False
    same = next((at for at, (one, other) in enumerate(zip(word, right, strict=False)) if one != other), shorter)
    ends = (word[same:], right[same:])
    missing, added, another = ends[0] == ends[1][1:], ends[0][1:] == ends[1], ends[0][1:] == ends[1][1:]
    swapped = ends[0][:2] == ends[1][1::-1] and ends[0][2:] == ends[1][2:]
    return same > 0 and (missing or added or another or swapped)
