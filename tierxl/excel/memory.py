"""Answers that are remembered, so that a formula that Excel calculates again is answered at once."""

from collections.abc import Callable
from threading import Lock
from typing import Any, Generic, TypeVar

from tierxl.excel.ranges import Grid, grid_of

Answer = TypeVar("Answer")


class Memory(Generic[Answer]):
    """The answers to the last few ranges.

    A range is known by its cells, not by where it stands, so a changed cell is a new range. Keeping the cells and
    comparing them takes a fifth of the time of a digest that tells dates and numbers apart.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._entries: list[tuple[_Kept, object, Answer]] = []
        self._lock = Lock()

    def answer(self, argument: Any, asked: object, work: Callable[[Grid], Answer]) -> Answer:
        """The answer to a range: remembered, or worked out now.

        Args:
            argument: the range, as the host hands it over.
            asked: what else the answer depends on; an answer to something unequal is no answer.
            work: works it out from the range as rows of cells; what it raises is not remembered.
        """
        given = argument if isinstance(argument, list) else grid_of(argument)
        with self._lock:
            for place, (kept, asked_then, answer) in enumerate(self._entries):
                if asked_then == asked and kept.is_same(given):
                    self._entries.insert(0, self._entries.pop(place))
                    return answer
        grid = grid_of(argument)
        kept = _Kept(grid)
        answer = work(grid)
        with self._lock:
            self._entries.insert(0, (kept, asked, answer))
            del self._entries[self._size :]
        return answer


class _Kept:
    """A copy of a range's cells. Python takes TRUE for 1 and FALSE for 0, which a table of clients does not."""

    def __init__(self, grid: Grid) -> None:
        self._grid = [row.copy() for row in grid]
        self._ambiguous = [
            (row, column, type(cell))
            for row, line in enumerate(grid)
            for column, cell in enumerate(line)
            if type(cell) is not str and cell is not None and cell in (0, 1)
        ]

    def is_same(self, given: list[Any]) -> bool:
        return self._grid == given and all(type(given[row][column]) is kind for row, column, kind in self._ambiguous)


class Rows:
    """Rows that are answered again and again. They are copied only where whoever had them last has changed them."""

    def __init__(self, rows: Grid) -> None:
        self._rows = rows
        self._answered: Grid = []

    def answer(self) -> Grid:
        """The rows."""
        if self._answered != self._rows:
            self._answered = [row.copy() for row in self._rows]
        return self._answered
