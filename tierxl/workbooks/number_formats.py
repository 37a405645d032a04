"""The number formats of a column, from a program that tells one where all cells of a range have the same."""

from collections.abc import Iterator
from typing import Any


class NumberFormats:
    """The number formats of a column's rows: a range in which they differ is halved.

    Attributes:
        by_row: the format of each row that is known.
    """

    def __init__(self, first: int, last: int, most: int) -> None:
        """Begin with all rows.

        Args:
            first: the first row.
            last: the last row.
            most: the most questions.
        """
        self.by_row: dict[int, str] = {}
        self._ahead, self._most = [(first, last)], most

    def ranges(self) -> Iterator[tuple[int, int]]:
        """The first and the last row of each range to ask for; each is to be answered before the next."""
        for _ in range(self._most):
            if not self._ahead:
                return
            yield self._ahead.pop()

    def answer(self, top: int, bottom: int, shown: Any) -> None:
        """Take the number format of a range; anything but a text where its cells have several."""
        if isinstance(shown, str):
            self.by_row |= dict.fromkeys(range(top, bottom + 1), shown)
        elif top < bottom:
            middle = (top + bottom) // 2
            self._ahead += [(middle + 1, bottom), (top, middle)]
