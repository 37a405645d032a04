"""Answers that are remembered, so that a formula that Excel calculates again is answered at once."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
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


class Answers(Generic[Answer]):
    """The last answers to single cells and short ranges, of which there are many at a time. They are looked up."""

    def __init__(self, most_cells: int) -> None:
        self._most_cells = most_cells
        self._cells = 0
        self._entries: OrderedDict[Hashable, tuple[object, int, Answer]] = OrderedDict()
        self._lock = Lock()

    def answer(self, asked: Hashable, policy: object, size: int, work: Callable[[], Answer]) -> Answer:
        """The answer to what is asked: remembered, or worked out now.

        Args:
            asked: all that the answer depends on, but for the policy.
            policy: what has no hash. It is known by its identity, and kept, so that no other one takes that over.
            size: how many cells it takes to remember the answer.
            work: works it out; what it raises is not remembered. Nobody may change what it returns.
        """
        key = (id(policy), asked)
        with self._lock:
            if key in self._entries:
                self._entries.move_to_end(key)
                return self._entries[key][-1]
        answer = work()
        with self._lock:
            if size <= self._most_cells and key not in self._entries:
                self._entries[key] = (policy, size, answer)
                self._cells += size
            while self._cells > self._most_cells:
                _, (_, forgotten, _) = self._entries.popitem(last=False)
                self._cells -= forgotten
        return answer


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
