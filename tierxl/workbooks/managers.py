"""A table of account managers as a file holds it: where it is found, and how what is wrong in it is told."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tierxl.method.issues import CannotGrade, Issue
from tierxl.method.policy import Policy
from tierxl.method.table.managers import MANAGER_COLUMNS, ManagersRead, are_manager_headers, read_managers
from tierxl.workbooks.csv_parquet import CsvRows, csv_lines
from tierxl.workbooks.table import HEADER_SEARCH_ROWS, address, header_row

EXPECTED = f"a header row with the columns {', '.join(MANAGER_COLUMNS)}"


@dataclass(frozen=True)
class ManagerTable:
    """The account managers of a file.

    Attributes:
        headers: the header row.
        lines: the cells below it, a line a person.
        rows: the row of each line in the file, whose first row is 1.
        place: the address of a cell, by its row and the position of its header.
        issues: what is amiss with the cells already.
    """

    headers: Sequence[Any]
    lines: Sequence[Sequence[Any]]
    rows: Sequence[int]
    place: Callable[[int, int], str]
    issues: list[Issue] = field(default_factory=list)

    def read(self, policy: Policy) -> ManagersRead:
        """The account managers, and what is wrong, each issue with the address of its cell."""
        read = read_managers(self.headers, self.lines, self.rows, policy.reading.decimal_mark)
        return replace(read, issues=(*self.issues, *map(self._with_place, read.issues)))

    def _with_place(self, issue: Issue) -> Issue:
        if issue.row is None or issue.column not in self.headers:
            return issue
        return replace(issue, cell=self.place(issue.row, self.headers.index(issue.column)))


def manager_header_row(rows: Sequence[Sequence[object]]) -> int | None:
    """Which of the first rows of a sheet or file is the header of a table of account managers."""
    for number, row in enumerate(rows[:HEADER_SEARCH_ROWS]):
        if are_manager_headers(row) and header_row([row]) is None:
            return number
    return None


def read_managers_csv(path: Path) -> ManagerTable:
    """Read a CSV file of account managers.

    Raises:
        CannotGrade: the file is no text, or has no such table.
    """

    def refuse(_: CsvRows) -> int:
        raise no_managers(path.name)

    headers, body = csv_lines(path, manager_header_row, refuse)
    return ManagerTable(
        headers,
        [line for _, line in body],
        [row for row, _ in body],
        lambda row, _: f"{path.name}, row {row}",
    )


def no_managers(name: str) -> CannotGrade:
    """What is said of a file in which account managers are looked for in vain."""
    return CannotGrade(
        f"{name} has no list of account managers: in its first {HEADER_SEARCH_ROWS} rows, give it {EXPECTED}."
    )


def sheet_place(sheet: str, letters: Sequence[str]) -> Callable[[int, int], str]:
    """The address of a cell of a sheet, by its row and the position of its header."""
    return lambda row, at: address(sheet, letters[at], row)
