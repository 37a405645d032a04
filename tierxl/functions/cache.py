"""A memory of the answers to whole ranges, so that the formulas of one range share its grading."""

from collections.abc import Callable
from threading import Lock
from typing import Any, Generic, TypeVar

from tierxl.functions.ranges import Grid, grid_of

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

    def answer(self, argument: Any, besides: object, work: Callable[[Grid], Answer]) -> Answer:
        """The answer to a range, remembered or calculated now.

        Args:
            argument: the range, as the host hands it over.
            besides: all else that the answer depends on.
            work: calculates it from the range as rows of cells; its errors are not remembered.
        """
        grid = grid_of(argument)
        with self._lock:
            for place, (kept, besides_then, answer) in enumerate(self._entries):
                if besides_then == besides and kept.is_same(grid):
                    self._entries.insert(0, self._entries.pop(place))
                    return answer
        kept = _Kept(grid)
        answer = work(grid)
        with self._lock:
            self._entries.insert(0, (kept, besides, answer))
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

    def is_same(self, grid: Grid) -> bool:
        return self._grid == grid and all(type(grid[row][column]) is kind for row, column, kind in self._ambiguous)
