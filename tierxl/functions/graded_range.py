"""The grading of a range of clients."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import compress
from typing import Any

import narwhals as nw

from tierxl.functions.cache import Memory
from tierxl.functions.ranges import Grid, grid_of, series_of, shortened, shown
from tierxl.method.engine import ENGINE
from tierxl.method.issues import CannotGrade
from tierxl.method.plan.suitability import suitability
from tierxl.method.policy import Policy
from tierxl.method.rating.explanation import Directory
from tierxl.method.rating.grading import Grading, grade
from tierxl.method.table import cells
from tierxl.method.table.clients import Frame
from tierxl.method.table.columns import FORMER_GRADED_COLUMNS, GRADED_COLUMNS
from tierxl.method.table.contents import MOST_CELLS
from tierxl.method.table.extent import columns_of_list
from tierxl.method.table.headers import ColumnChoice, Headers
from tierxl.method.table.managers import MANAGER_COLUMNS, Manager, are_manager_headers, read_managers
from tierxl.method.table.orders import may_be_orders, refuse_orders
from tierxl.method.table.rows import clients_alone
from tierxl.method.table.vocabulary import normal

_BY_NAME = {normal(name): today for name, today in FORMER_GRADED_COLUMNS.items()} | {
    normal(name): name for name in GRADED_COLUMNS
}
_gradings: Memory["GradedRange"] = Memory(4)


def graded_range(clients: Any, policy: Policy, as_of: date) -> "GradedRange":
    """The grading of a range of clients; those of the last few ranges are remembered.

    Args:
        clients: a header row and one row a client; a row without anything in it is no client.
        policy: the policy.
        as_of: the day for which overrides are judged.

    Raises:
        CannotGrade: see :func:`tierxl.method.table.clients.read_clients`.
    """

    def work(grid: Grid) -> GradedRange:
        frame, rows, headers = _read(grid, policy)
        grading = grade(frame, policy, as_of, rows, headers=headers)
        grading.clients.refuse_without_revenue()
        return GradedRange(grading, len(grid))

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
        """Graded columns side by side, by their names in any case, as new rows.

        Raises:
            CannotGrade: there is no such column.
        """
        return list(map(list, zip(*(self.columns[_graded_column(name)] for name in columns), strict=True)))

    def why(self, position: int) -> str:
        """Why a client has its tier, by its position among the clients."""
        return str(self.columns["Why"][self.grading.clients.rows[position] - 1])

    def advice(self, managers: tuple[Manager, ...]) -> Grid:
        """The verdict whether tiering suits these clients, and below it a row a signal."""
        advice = suitability(replace(self.grading, managers=managers))
        signals = [(signal.name, signal.value, signal.speaks, signal.sentence) for signal in advice.signals]
        return [shown(line) for line in [(advice.verdict, "", "", ""), *signals]]

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


def _read(grid: Grid, policy: Policy) -> tuple[Frame, Sequence[int], Headers]:
    """The clients of a range, the row of each in it, and the headers. Only columns that are read have cells."""
    choice = ColumnChoice(policy.header_of, settings="Settings")
    texts = [cells.shown(cell) for cell in grid[0]]
    width = len(texts)
    body = [line if len(line) == width else [*line[:width], *[None] * (width - len(line))] for line in grid[1:]]
    headers = Headers.of(texts, columns_of_list(texts, body), number=1, choice=choice).with_cells(
        lambda at: [line[headers.places[at]] for line in body[:MOST_CELLS]]
    )
    name = headers.places[headers.position_of["client"]]
    is_client = [
        not cells.is_blank(line[name]) or any(not cells.is_blank(line[at]) for at in headers.places) for line in body
    ]
    columns = list(zip(*compress(body, is_client), strict=True)) or [()] * len(texts)
    rows = list(compress(range(2, len(grid) + 1), is_client))
    blank = series_of([None] * sum(is_client))
    to_read = set(range(len(headers)) if may_be_orders(headers) else headers.columns_to_read)
    frame = {str(at): series_of(columns[place]) if at in to_read else blank for at, place in enumerate(headers.places)}
    clients = nw.from_dict(frame, backend=ENGINE)
    refuse_orders(clients, headers, policy)

    def line_at(at: int) -> list[object]:
        return [body[rows[at] - 2][place] for place in headers.places]

    alone, rows_of_clients, _ = clients_alone(clients, headers, rows, line_at)
    return alone, rows_of_clients, headers
