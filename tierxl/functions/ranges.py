"""Ranges as Excel hands them over and takes them back."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import chain
from typing import Any

import polars as pl

from tierxl.functions.worksheet_function import LONGEST_TEXT, MARK
from tierxl.method.issues import CannotGrade, Issue
from tierxl.method.table import cells
from tierxl.workbooks.ooxml.bulk_cells import FIRST_YEAR
from tierxl.workbooks.table import column_of

Grid = list[list[Any]]

LONGEST_QUOTE = 40
"""How many characters of a cell a problem quotes."""

_PLAIN = (str, float, int, bool, datetime, date, type(None))


def grid_of(argument: Any) -> Grid:
    """An argument as rows of cells, of whichever host: a range of any shape, or a single cell.

    An argument that has this form is not copied: it is only to be read.
    """
    if not isinstance(argument, list | tuple):
        return [[argument]]
    if type(argument) is list and set(map(type, argument)) == {list}:
        grid = argument
    elif any(isinstance(row, list | tuple) for row in argument):
        grid = [list(row) if isinstance(row, list | tuple) else [row] for row in argument]
    else:
        grid = [list(argument)]
    return grid if any(grid) else [[None]]


def column_of_cells(values: Iterable[Any]) -> list[Any]:
    """Cells as the method reads them: currency as a number, what no cell holds as its text."""
    column = list(values)
    if set(map(type, column)) <= set(_PLAIN):
        return column
    return [_plain(value) for value in column]


def series_of(values: Iterable[Any]) -> pl.Series:
    """Cells as a column of a table of clients."""
    column = column_of_cells(values)
    try:
        series = column_of(column)
        if series.dtype == pl.Object:  # its texts are read later
            "".join(cell for cell in column if isinstance(cell, str)).encode()
    except UnicodeEncodeError:  # half a character, as LEFT() leaves of an emoji
        whole = [cell.encode(errors="replace").decode() if isinstance(cell, str) else cell for cell in column]
        series = column_of(whole)
    return series


def shortened(text: str) -> str:
    """A text as a problem quotes it."""
    return text if len(text) <= LONGEST_QUOTE else f"{text[: LONGEST_QUOTE - 1]}…"


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    return value if isinstance(value, _PLAIN) else str(value)


def shown(values: Sequence[Any]) -> list[Any]:
    """Results as cells show them. Equal ones become one object, which makes a table of them quick to copy."""
    held = {value: _held(value) for value in set(values)}
    return [held[value] for value in values]


def _held(value: Any) -> Any:
    """A result as a cell holds it: what is missing is an empty text, where Excel would show 0."""
    if cells.is_blank(value):
        return ""
    if isinstance(value, str):
        return value[:LONGEST_TEXT]
    if isinstance(value, datetime) and value.year < FIRST_YEAR:
        return value.date().isoformat()
    return value


class Cellwise:
    """A calculation cell by cell: arguments of one shape side by side, a single cell beside each cell of a range.

    What cannot be read is a problem of its cell: there it stands in place of the answer.
    """

    def __init__(self, **arguments: Any) -> None:
        """Lay the arguments side by side.

        Raises:
            CannotGrade: they are ranges of different shapes.
        """
        grids = {name: grid_of(argument) for name, argument in arguments.items()}
        self.height, self.width = _common_shape(grids)
        self._given = {name: self._in_line(grid) for name, grid in grids.items()}
        self._cells = {name: given * len(self) if len(given) == 1 else given for name, given in self._given.items()}
        self._problems: dict[int, str] = {}

    def __len__(self) -> int:
        return self.height * self.width

    def __getitem__(self, argument: str) -> list[Any]:
        """The cells of an argument, row by row."""
        return self._cells[argument]

    @property
    def key(self) -> Hashable:
        """What tells these cells from all others. Python takes TRUE for 1 and FALSE for 0, hence the types."""
        return self.width, *((tuple(given), tuple(map(type, given))) for given in self._given.values())

    @property
    def size(self) -> int:
        """How many cells were given."""
        return sum(map(len, self._given.values()))

    def read(self, argument: str, reader: Callable[[object], Any], blank: Any = None, if_blank: str = "") -> list[Any]:
        """Read the cells of an argument.

        Args:
            argument: its name.
            reader: reads a cell that is not blank, or raises ValueError with what was expected.
            blank: the value of a blank cell, and of one that cannot be read.
            if_blank: what to mend where a cell is blank; nothing by default.
        """
        known: dict[Any, tuple[Any, str]] = {}
        values = []
        for at, cell in enumerate(self._cells[argument]):
            key = (type(cell), cell)
            if key not in known:
                known[key] = _read(cell, reader, blank, if_blank)
            value, problem = known[key]
            if problem:
                self.report(at, f"{argument}{_quoted(cell)} {problem}")
            values.append(value)
        return values

    def report(self, at: int, problem: str) -> None:
        """Note what is to be mended at a place; the first problem of a place stands."""
        self._problems.setdefault(at, f"{MARK}{problem}")

    def report_issues(self, issues: Iterable[Issue], arguments: Mapping[str, str]) -> None:
        """Note what the method has to say about clients that were made of the cells, one client a cell.

        Args:
            issues: the issues of a table of clients.
            arguments: the argument of each column of the table; issues about another column are left out.
        """
        for issue in issues:
            if issue.row is not None and issue.column in arguments:
                self.report(issue.row - 2, f"{arguments[issue.column]}{_quoted(issue.value)} {issue.message}")

    def held(self, answers: Sequence[Any]) -> tuple[Any, ...]:
        """The answers as cells hold them, with the problem of a cell in place of its answer."""
        held = shown(answers)
        for at, problem in self._problems.items():
            held[at] = problem[:LONGEST_TEXT]
        return tuple(held)

    def spilled(self, held: Sequence[Any]) -> Any:
        """Answers in the shape of the arguments, in new lists; a single one as it is."""
        if len(held) == 1:
            return held[0]
        return [list(held[start : start + self.width]) for start in range(0, len(held), self.width)]

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
