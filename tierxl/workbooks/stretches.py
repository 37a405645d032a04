"""Stretches of numbers. The extension for LibreOffice Calc gets a copy of this module: Python 3.8, nothing else."""

from __future__ import annotations

from typing import Iterable


def stretches(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """The first and last number of each stretch without a gap, of ascending numbers.

    Example:
        >>> stretches([1, 2, 3, 7])
        [(1, 3), (7, 7)]
    """
    ends: list[tuple[int, int]] = []
    for number in numbers:
        if ends and number == ends[-1][1] + 1:
            ends[-1] = (ends[-1][0], number)
        else:
            ends.append((number, number))
    return ends
