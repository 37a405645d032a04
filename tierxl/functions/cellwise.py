"""Calculations cell by cell: arguments side by side, and one answer or message a cell."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any

from tierxl.functions.ranges import Grid, column_of_cells, grid_of, shortened, shown
from tierxl.functions.worksheet_function import MARK
from tierxl.method.issues import CannotGrade, Issue
from tierxl.method.policy import Policy
from tierxl.method.table import cells
from tierxl.sheets.cells import LONGEST_TEXT

_REMEMBERED = 40_000
"""The answers to single cells that are remembered: 0.03 ms in place of 11 ms, see benchmarks/README.md."""


def cell_by_cell(rule: Callable[..., Sequence[Any]], policy: Policy, *besides: Hashable, **arguments: Any) -> Any:
    """The answers of a rule to arguments side by side, in their shape.

    Args:
        rule: gives one answer a cell from the arguments, the policy and the besides, and from nothing else.
        policy: the policy.
        besides: further values that the rule takes.
        arguments: single cells and ranges.
    """
    side_by_side = Cellwise(**arguments)
    answered = _remembered if len(side_by_side) == 1 else _answered
    return side_by_side.spilled(answered(rule, side_by_side, policy, *besides))


def _answered(
    rule: Callable[..., Sequence[Any]], arguments: "Cellwise", policy: Policy, *besides: Hashable
) -> tuple[Any, ...]:
    return arguments.shown(rule(arguments, policy, *besides))


_remembered = lru_cache(maxsize=_REMEMBERED)(_answered)


class Cellwise:
    """A calculation cell by cell: arguments of one shape side by side, a single cell beside each cell of a range.

    A cell that cannot be read has a message in place of its answer. Equal ones have the same cells in the same shape.

    Raises:
        CannotGrade: the arguments are ranges of different shapes.
    """

    def __init__(self, **arguments: Any) -> None:
        grids = {name: grid_of(argument) for name, argument in arguments.items()}
        self.height, self.width = _common_shape(grids)
        self._columns = {name: self._in_line(grid) for name, grid in grids.items()}
        self._messages: dict[int, str] = {}

    def __len__(self) -> int:
        return self.height * self.width

    def __getitem__(self, argument: str) -> list[Any]:
        """The cells of an argument, row by row."""
        column = self._columns[argument]
        return column * len(self) if len(column) == 1 else column

    def __hash__(self) -> int:
        return hash(self._key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Cellwise) and self._key == other._key

    @property
    def _key(self) -> Hashable:
        """The cells with their types, since Python takes TRUE for 1 and FALSE for 0."""
        return self.width, *((tuple(column), tuple(map(type, column))) for column in self._columns.values())

    def read(self, argument: str, reader: Callable[[object], Any], blank: Any = None, if_blank: str = "") -> list[Any]:
        """The values of an argument, one a cell; a cell that cannot be read is reported.

        Args:
            argument: its name.
            reader: reads a cell that is not blank, or raises ValueError with what was expected.
            blank: the value of a blank cell, and of one that cannot be read.
            if_blank: what to mend where a cell is blank; nothing by default.
        """
        known: dict[Any, tuple[Any, str]] = {}
        values = []
        for at, cell in enumerate(self[argument]):
            key = (type(cell), cell)
            if key not in known:
                known[key] = _read(cell, reader, blank, if_blank)
            value, message = known[key]
            if message:
                self.report(at, f"{argument}{_quoted(cell)} {message}")
            values.append(value)
        return values

    def report(self, at: int, message: str) -> None:
        """Add the message of a cell, by its place; the first message of a cell stands."""
        self._messages.setdefault(at, f"{MARK}{message}")

    def report_issues(self, issues: Iterable[Issue], arguments: Mapping[str, str]) -> None:
        """Add the issues of clients that were made of the cells, one client a cell, as messages.

        Args:
            issues: the issues of a table of clients.
            arguments: the argument behind each column of the table; issues of other columns are left out.
        """
        for issue in issues:
            if issue.row is not None and issue.column in arguments:
                self.report(issue.row - 2, f"{arguments[issue.column]}{_quoted(issue.value)} {issue.message}")

    def shown(self, answers: Sequence[Any]) -> tuple[Any, ...]:
        """The answers as cells show them, with the message of a cell in place of its answer."""
        shown_cells = shown(answers)
        for at, message in self._messages.items():
            shown_cells[at] = message[:LONGEST_TEXT]
        return tuple(shown_cells)

    def spilled(self, shown_cells: Sequence[Any]) -> Any:
        """Answers in the shape of the arguments, in new lists; a single one as it is."""
        if len(shown_cells) == 1:
            return shown_cells[0]
        return [list(shown_cells[start : start + self.width]) for start in range(0, len(shown_cells), self.width)]

    def _in_line(self, grid: Grid) -> list[Any]:
        if _shape(grid) == (1, 1):
            return column_of_cells(grid[0])
        return column_of_cells(chain.from_iterable([*row, *[None] * (self.width - len(row))] for row in grid))


def _common_shape(grids: Mapping[str, Grid]) -> tuple[int, int]:
    ranges = {name: _shape(grid) for name, grid in grids.items() if _shape(grid) != (1, 1)}
    if len(set(ranges.values())) > 1:
        sizes = ", ".join(f"{name} has {height} x {width} cells" for name, (height, width) in ranges.items())
        raise CannotGrade(f"The ranges must be of one size: {sizes}.")
    return next(iter(ranges.values()), (1, 1))


def _shape(grid: Grid) -> tuple[int, int]:
    return len(grid), max(map(len, grid), default=0)


def _quoted(cell: object) -> str:
    return f' "{shortened(text)}"' if (text := cells.shown(cell)) else ""


def _read(cell: object, reader: Callable[[object], Any], blank: Any, if_blank: str) -> tuple[Any, str]:
    if cells.is_blank(cell):
        return blank, if_blank
    try:
        return reader(cell), ""
    except ValueError as error:
        return blank, str(error)
