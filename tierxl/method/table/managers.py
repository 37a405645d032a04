"""The people who serve clients: reading a table of them, such as the sheet Account managers."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from tierxl.method.issues import Issue
from tierxl.method.table import cells
from tierxl.method.table.cells import DecimalMark
from tierxl.method.table.columns import normal
from tierxl.method.words import as_called

SENIOR, STANDARD, ASSISTANT = "Senior", "Standard", "Assistant"
SENIORITIES = (SENIOR, STANDARD, ASSISTANT)

NAME, SENIORITY, HOURS = "Account manager", "Seniority", "Hours per year"
MANAGER_COLUMNS = {
    NAME: ("name", "manager", "account manager name", "account owner", "owner", "full name", "am", "rep"),
    SENIORITY: ("level", "seniority level", "grade", "role"),
    HOURS: ("hours", "hours a year", "hours/year", "hours / year", "annual hours", "yearly hours", "available hours",
            "hours available", "client hours", "capacity", "capacity hours"),
}  # fmt: skip
"""The columns of a table of account managers, each with the other names it goes by."""

_COLUMNS = {normal(name): column for column, others in MANAGER_COLUMNS.items() for name in (column, *others)}
_SENIORITIES = {
    SENIOR: ("senior", "snr", "sr", "sr.", "s"),
    STANDARD: ("standard", "std", "regular", "normal", "account manager"),
    ASSISTANT: ("assistant", "asst", "asst.", "a", "junior", "jnr", "jr", "jr."),
}
_BY_SPELLING = {spelling: seniority for seniority, spellings in _SENIORITIES.items() for spelling in spellings}
_JOB = " account manager"


@dataclass(frozen=True)
class Manager:
    """An account manager.

    Attributes:
        name: as in the column Account manager of the clients.
        seniority: one of :data:`SENIORITIES`; None where it is not known.
        hours: hours a year for clients; None where they are not known.
    """

    name: str
    seniority: str | None
    hours: float | None


@dataclass(frozen=True)
class ManagersRead:
    """The account managers of a table in their order, and what is wrong in it."""

    managers: tuple[Manager, ...]
    issues: tuple[Issue, ...]


def manager_columns(headers: Sequence[object]) -> dict[str, int]:
    """Where each column of account managers stands in a header row, the first of those that mean the same."""
    found: dict[str, int] = {}
    for position, header in enumerate(headers):
        column = _COLUMNS.get(normal(header))
        if column is not None:
            found.setdefault(column, position)
    return found


def are_manager_headers(headers: Sequence[object]) -> bool:
    """Whether a row can be the header of a table of account managers: it names them, and their seniority or hours."""
    columns = manager_columns(headers)
    return NAME in columns and len(columns) > 1


def read_managers(
    headers: Sequence[object],
    lines: Iterable[Sequence[object]],
    rows: Iterable[int],
    decimal_mark: DecimalMark = "auto",
) -> ManagersRead:
    """Read a table of account managers.

    Args:
        headers: the header row, with a column Account manager; see :data:`MANAGER_COLUMNS` for the others.
        lines: the cells below it, one line a person; a line without anything in these columns is no person.
        rows: the row of each line in the user's sheet or file.
        decimal_mark: the policy's, for hours that are written as text.

    Returns:
        The account managers. A seniority or hours that cannot be read are not known, and a person named twice counts
        once, as in the first row; each of these is an issue.
    """
    columns = manager_columns(headers)
    managers: dict[str, Manager] = {}
    issues = list(_doubled(headers))
    if HOURS not in columns:
        issues.append(Issue(f"the table of account managers has no column {HOURS}: capacity cannot be measured"))
    for line, row in zip(lines, rows, strict=True):
        person = _Person(headers, columns, line, row)
        if person.is_blank:
            continue
        seniority, hours = person.seniority(), person.hours(decimal_mark)
        if not person.name:
            person.report(NAME, "is blank: every account manager needs a name")
        elif as_called(person.name) in managers:
            person.report(NAME, "stands more than once: the first row is used")
        else:
            managers[as_called(person.name)] = Manager(person.name, seniority, hours)
        issues += person.issues
    return ManagersRead(tuple(managers.values()), tuple(issues))


def _doubled(headers: Sequence[object]) -> Iterator[Issue]:
    used = manager_columns(headers)
    for position, header in enumerate(headers):
        column = _COLUMNS.get(normal(header))
        if column is not None and used[column] != position:
            yield Issue(
                f'the columns "{headers[used[column]]}" and "{header}" both mean {column}: the first one is used'
            )


class _Person:
    """One line of the table, and what is wrong in it."""

    def __init__(self, headers: Sequence[object], columns: dict[str, int], line: Sequence[object], row: int) -> None:
        self._headers, self._columns, self._line, self._row = headers, columns, line, row
        self.issues: list[Issue] = []
        self.name = " ".join(cells.shown(self._cell(NAME)).split())

    @property
    def is_blank(self) -> bool:
        return all(cells.is_blank(self._cell(column)) for column in MANAGER_COLUMNS)

    def seniority(self) -> str | None:
        if cells.is_blank(self._cell(SENIORITY)):
            return None
        written = normal(self._cell(SENIORITY))
        found = _BY_SPELLING.get(written) or _BY_SPELLING.get(written.removesuffix(_JOB))
        if found is None:
            self.report(SENIORITY, f"is no seniority: write {', '.join(SENIORITIES[:-1])} or {SENIORITIES[-1]}")
        return found

    def hours(self, decimal_mark: DecimalMark) -> float | None:
        if cells.is_blank(self._cell(HOURS)):
            return None
        try:
            hours = cells.hours(self._cell(HOURS), decimal_mark)
        except ValueError as error:
            self.report(HOURS, str(error))
            return None
        if hours < 0:
            self.report(HOURS, "is less than 0: write the hours a year for clients, such as 1600")
            return None
        return hours

    def report(self, column: str, message: str) -> None:
        at = self._columns.get(column)
        header = column if at is None else cells.shown(self._headers[at])
        self.issues.append(Issue(message, self._row, self.name, header, cells.shown(self._cell(column))))

    def _cell(self, column: str) -> object:
        at = self._columns.get(column)
        return self._line[at] if at is not None and at < len(self._line) else None


def hours_known(managers: Iterable[Manager]) -> float | None:
    """The hours a year of some account managers together; None where those of nobody are known."""
    known = [manager.hours for manager in managers if manager.hours is not None]
    return math.fsum(known) if known else None
