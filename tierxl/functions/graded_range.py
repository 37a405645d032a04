"""A range of clients, graded."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from itertools import compress
from typing import Any

import narwhals as nw
import polars as pl

from tierxl.functions.cache import Memory, Rows
from tierxl.functions.ranges import Grid, grid_of, series_of, shortened, shown
from tierxl.method.issues import CannotGrade
from tierxl.method.plan.suitability import suitability
from tierxl.method.policy import Policy
from tierxl.method.rating.explanation import Directory
from tierxl.method.rating.grading import Grading, grade
from tierxl.method.table import cells
from tierxl.method.table.clients import Frame
from tierxl.method.table.columns import GRADED_COLUMNS, graded_positions, normal, recognise, telling
from tierxl.method.table.managers import MANAGER_COLUMNS, Manager, are_manager_headers, read_managers

_BY_NAME = {normal(name): name for name in GRADED_COLUMNS}
_gradings: Memory["GradedRange"] = Memory(4)


def graded_range(clients: Any, policy: Policy, as_of: date) -> "GradedRange":
    """Grade a range of clients, or remember its grading.

    Args:
        clients: a header row and one row a client; a row without anything in it is no client.
        policy: the policy.
        as_of: the day for which overrides are judged.

    Raises:
        CannotGrade: see :func:`tierxl.method.table.clients.read_clients`.
    """

    def work(grid: Grid) -> GradedRange:
        frame, rows = _read(grid)
        return GradedRange(grade(frame, policy, as_of, rows), len(grid))

    return _gradings.answer(clients, (policy, as_of), work)


def managers_in(managers: Any, policy: Policy) -> tuple[Manager, ...]:
    """The account managers of a range with a header row; nobody where the range is left out or blank.

    Raises:
        CannotGrade: its first row is no header row.
    """
    header, *lines = grid_of(managers)
    if not lines and all(map(cells.is_blank, header)):
        return ()
    if not are_manager_headers(header):
        columns = ", ".join(MANAGER_COLUMNS)
        raise CannotGrade(f"The range of account managers needs a header row with the columns {columns}.")
    return read_managers(header, lines, range(2, len(lines) + 2), policy.reading.decimal_mark).managers


@dataclass(frozen=True)
class GradedRange:
    """The grading of a range of clients.

    Attributes:
        grading: the grading; its rows count from the header row, which is 1.
        height: the rows of the range, the header row included.
    """

    grading: Grading
    height: int
    _tables: dict[tuple[str, ...], Rows] = field(default_factory=dict)
    _advice: dict[tuple[Manager, ...], list[tuple[str, ...]]] = field(default_factory=dict)

    @cached_property
    def directory(self) -> Directory:
        """The clients by name and Client ID."""
        return Directory(self.grading.clients)

    @cached_property
    def columns(self) -> dict[str, list[Any]]:
        """The graded columns below their headers, row for row with the range."""
        return {
            name: [name, *self._beside_the_range(shown(column.to_list()))]
            for name, column in zip(GRADED_COLUMNS, self.grading.columns.iter_columns(), strict=True)
        }

    def table(self, columns: Sequence[str] = GRADED_COLUMNS) -> Grid:
        """Graded columns side by side, by their names in any case. They are only to be read.

        Raises:
            CannotGrade: there is no such column.
        """
        names = tuple(map(_graded_column, columns))
        if names not in self._tables:
            self._tables[names] = Rows(list(map(list, zip(*(self.columns[name] for name in names), strict=True))))
        return self._tables[names].answer()

    def why(self, position: int) -> str:
        """Why a client has its tier, by its position among the clients."""
        return str(self.columns["Why"][self.grading.clients.rows[position] - 1])

    def advice(self, managers: tuple[Manager, ...]) -> Grid:
        """Whether tiering suits these clients: the verdict, and below it a row a signal."""
        if managers not in self._advice:
            found = suitability(replace(self.grading, managers=managers))
            signals = [(signal.name, signal.value, signal.speaks, signal.sentence) for signal in found.signals]
            self._advice.clear()
            self._advice[managers] = [(found.verdict, "", "", ""), *signals]
        return [shown(line) for line in self._advice[managers]]

    def _beside_the_range(self, values: list[Any]) -> list[Any]:
        rows = self.grading.clients.rows
        if len(rows) == self.height - 1:
            return values
        column = [""] * (self.height - 1)
        for row, value in zip(rows, values, strict=True):
            column[row - 2] = value
        return column


def _graded_column(name: str) -> str:
    try:
        return _BY_NAME[normal(name)]
    except KeyError:
        raise CannotGrade(
            f'There is no graded column "{shortened(name)}": choose {", ".join(GRADED_COLUMNS)}.'
        ) from None


def _read(grid: Grid) -> tuple[Frame, Sequence[int]]:
    """The columns that the method knows, and the row of each client in the range."""
    headers = [cells.shown(cell) for cell in grid[0]]
    ours = graded_positions(headers)
    users = [at for at, header in enumerate(headers) if header and at not in ours]
    fields = recognise([headers[at] for at in users])
    body = [line if len(line) == len(headers) else _fitted(line, len(headers)) for line in grid[1:]]
    names = [line[users[fields["client"]]] for line in body]
    is_client = [
        not cells.is_blank(name) or any(not cells.is_blank(line[at]) for at in users)
        for name, line in zip(names, body, strict=True)
    ]
    columns = list(zip(*compress(body, is_client), strict=True)) or [()] * len(headers)
    wanted = [users[at] for at in telling([headers[at] for at in users])]
    frame = pl.DataFrame({headers[at]: series_of(columns[at]) for at in wanted})
    return nw.from_native(frame), list(compress(range(2, len(grid) + 1), is_client))


def _fitted(line: list[Any], width: int) -> list[Any]:
    return [*line[:width], *[None] * (width - len(line))]
