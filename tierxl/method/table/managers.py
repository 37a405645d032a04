"""The people who serve clients: reading a table of them, such as the sheet Account managers."""

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import narwhals as nw

from tierxl.method.issues import Issue
from tierxl.method.table import cells
from tierxl.method.table.amounts import DecimalMark, signed_numbers
from tierxl.method.table.clients import Clients
from tierxl.method.table.rows import is_sum
from tierxl.method.table.vocabulary import normal
from tierxl.method.words import as_called, listed

Value = TypeVar("Value")

SENIOR, STANDARD, ASSISTANT = "Senior", "Standard", "Assistant"
SENIORITIES = (SENIOR, STANDARD, ASSISTANT)

NAME, SENIORITY, HOURS = "Account manager", "Seniority", "Hours per year"
MANAGER_COLUMNS = {
    NAME: ("name", "manager", "account manager name", "account owner", "owner", "full name", "am", "rep"),
    SENIORITY: ("level", "seniority level", "grade", "role"),
    HOURS: ("hours", "hours a year", "hours/year", "annual hours", "yearly hours", "available hours",
            "hours available", "client hours", "capacity", "capacity hours"),
}  # fmt: skip
"""The columns of a table of account managers, each with the other names it goes by."""

_COLUMNS = {normal(name): column for column, others in MANAGER_COLUMNS.items() for name in (column, *others)}
_SENIORITIES = {
    SENIOR: ("senior", "snr", "sr", "s"),
    STANDARD: ("standard", "std", "regular", "normal", "account manager"),
    ASSISTANT: ("assistant", "asst", "a", "junior", "jnr", "jr"),
}
BY_SPELLING = {normal(spelling): seniority for seniority, spellings in _SENIORITIES.items() for spelling in spellings}
"""The seniorities by the words for them, as these are compared."""
_UNIT = re.compile(r"\s*(?:hours?|hrs?|h)\.?$", re.IGNORECASE)
_BETWEEN_NAMES = re.compile(r"\s*[;/]\s*")
_JOB = normal("account manager")


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
    """The account managers of a table in their order, and the issues in it."""

    managers: tuple[Manager, ...]
    issues: tuple[Issue, ...]


def manager_columns(headers: Sequence[object]) -> dict[str, int]:
    """The position of each column of account managers in a header row, the first of those that mean the same."""
    positions: dict[str, int] = {}
    for at, header in enumerate(headers):
        if column := _COLUMNS.get(normal(header)):
            positions.setdefault(column, at)
    return positions


def are_manager_headers(headers: Sequence[object]) -> bool:
    """True for a row that can be the header of account managers: it names them, and their seniority or hours."""
    columns = manager_columns(headers)
    return NAME in columns and len(columns) > 1


def read_managers(
    headers: Sequence[object],
    lines: Iterable[Sequence[object]],
    rows: Iterable[int],
    decimal_mark: DecimalMark = "auto",
) -> ManagersRead:
    """The account managers of a table, and the issues in it.

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
    issues = _doubled(headers, columns)
    if HOURS not in columns:
        issues.append(Issue(f"the table of account managers has no column {HOURS}: capacity cannot be measured"))
    for line, row in zip(lines, rows, strict=True):
        person = {column: line[at] for column, at in columns.items() if at < len(line)}
        if all(map(cells.is_blank, person.values())):
            continue
        name = " ".join(cells.shown(person.get(NAME)).split())
        seniority, no_seniority = _read(person.get(SENIORITY), _seniority)
        hours, no_hours = _read(person.get(HOURS), lambda cell: _hours(cell, decimal_mark))
        if cells.is_blank(person.get(SENIORITY)) and is_sum(name) and hours and hours == hours_known(managers.values()):
            issues.append(Issue("is a total and no account manager, and was left out", row, name, assumed=True))
            continue
        if not name:
            no_name = "is blank: every account manager needs a name"
        elif as_called(name) in managers:
            no_name = "stands more than once: the first row is used"
        else:
            no_name = ""
            managers[as_called(name)] = Manager(name, seniority, hours)
        issues += [
            Issue(message, row, name, _header(headers, columns, column), cells.shown(person.get(column)))
            for column, message in ((SENIORITY, no_seniority), (HOURS, no_hours), (NAME, no_name))
            if message
        ]
    return ManagersRead(tuple(managers.values()), tuple(issues))


def _doubled(headers: Sequence[object], columns: dict[str, int]) -> list[Issue]:
    meant = ((at, header, _COLUMNS.get(normal(header))) for at, header in enumerate(headers))
    return [
        Issue(f'the columns "{headers[columns[column]]}" and "{header}" both mean {column}: the first one is used')
        for at, header, column in meant
        if column and columns[column] != at
    ]


def _header(headers: Sequence[object], columns: dict[str, int], column: str) -> str:
    return cells.shown(headers[columns[column]]) if column in columns else column


def _read(cell: object, reader: Callable[[Any], Value]) -> tuple[Value | None, str]:
    """The value of a cell, None for a blank; and the message on it where it cannot be read."""
    try:
        return None if cells.is_blank(cell) else reader(cell), ""
    except ValueError as error:
        return None, str(error)


def with_first_manager(clients: Clients, managers: Sequence[Manager]) -> Clients:
    """The clients, each with the first manager where a cell names several who are all known; the others are issues.

    Args:
        clients: the clients; "Ann; Bob" and "Ann / Bob" are two managers where both are known.
        managers: the managers that are known.
    """
    if not managers:
        return clients
    known = {as_called(manager.name): manager.name for manager in managers}
    column = clients.table["account_manager"]
    teams = {text: _BETWEEN_NAMES.split(text) for text in column.drop_nulls().unique().to_list()}
    teams = {
        text: [known[as_called(name)] for name in names]
        for text, names in teams.items()
        if len(names) > 1 and as_called(text) not in known and all(as_called(name) in known for name in names)
    }
    if not teams:
        return clients
    texts = column.to_list()
    issues = []
    for at, text in enumerate(texts):
        if text in teams:
            first, *others = teams[text]
            message = f"names several managers: {first} is taken as the manager, beside {listed(others)}"
            issues += clients.issues_at([at], "account_manager", [text], message)
    firsts = [teams[text][0] if text in teams else text for text in texts]
    first_manager = nw.new_series("account_manager", firsts, nw.String, backend=column.implementation)
    return replace(clients, table=clients.table.with_columns(first_manager), issues=[*clients.issues, *issues])


def _seniority(cell: object) -> str:
    spelling = normal(cell)
    try:
        return BY_SPELLING.get(spelling) or BY_SPELLING[spelling.removesuffix(_JOB)]
    except KeyError:
        raise ValueError(f"is no seniority: write {', '.join(SENIORITIES[:-1])} or {SENIORITIES[-1]}") from None


def _hours(cell: object, decimal_mark: DecimalMark) -> float:
    """A number of hours, such as 1600, "1,600" or "1600 h"; those of a year have thousands, not thousandths."""
    written = _UNIT.sub("", cell.strip()) if isinstance(cell, str) else ""
    numbers = [cells.finite(cell)] if cells.is_number(cell) else signed_numbers(written, decimal_mark)
    if not numbers:
        raise ValueError("is not a number of hours: write one such as 1600")
    found = max(numbers, key=abs)
    if found < 0:
        raise ValueError("is less than 0: write the hours a year for clients, such as 1600")
    return found


def hours_known(managers: Iterable[Manager]) -> float | None:
    """The hours a year of some account managers together; None where those of nobody are known."""
    known = [manager.hours for manager in managers if manager.hours is not None]
    return math.fsum(known) if known else None
