"""Clients as they were read, from a file or a workbook that is open, with all that their grading takes."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from tierxl.method.issues import Issue
from tierxl.method.policy import Policy
from tierxl.method.table.managers import Manager, ManagersRead
from tierxl.sheets import settings
from tierxl.use_cases.earlier_output import NO_OUTPUT, EarlierOutput
from tierxl.workbooks.managers import ManagerTable
from tierxl.workbooks.outline import Place
from tierxl.workbooks.table import ClientTable, address
from tierxl.workbooks.workbook import ClientWorkbook

if TYPE_CHECKING:
    from tierxl.workbooks.ooxml.workbook_file import WorkbookFile


class Source(NamedTuple):
    """The workbook that clients stand in, and their place in it."""

    workbook: "WorkbookFile"
    place: Place


NO_SETTINGS = settings.SettingsRead({}, [])


@dataclass(frozen=True)
class Read:
    """Clients as they were read, with all that their grading takes.

    Attributes:
        table: the clients.
        policy: the policy.
        issues: the issues of the settings, of the workbook and of the account managers.
        managers: the account managers.
        own: the settings of the workbook's own Settings sheet.
        source: the workbook, where it is a file.
        earlier: what goes on from the earlier output that is written over.
    """

    table: ClientTable
    policy: Policy
    issues: list[Issue]
    managers: tuple[Manager, ...] = ()
    own: settings.SettingsRead = NO_SETTINGS
    source: Source | None = None
    earlier: EarlierOutput = NO_OUTPUT


def with_managers(
    table: ClientTable,
    policy: Policy,
    people: ManagerTable | None,
    own: settings.SettingsRead,
    workbook: ClientWorkbook | None,
) -> Read:
    """Clients with their account managers, and the issues of all that was read."""
    managers = people.read(policy) if people else ManagersRead((), ())
    of_workbook = [with_cell(issue, table) for issue in workbook.issues] if workbook else []
    return Read(table, policy, [*own.issues, *table.issues, *of_workbook, *managers.issues], managers.managers, own)


def with_cell(issue: Issue, table: ClientTable) -> Issue:
    """An issue of a sheet, with the address of its cell."""
    if issue.row is None or issue.cell or not table.letters or issue.column not in table.headers:
        return issue
    letter = table.letters[table.headers.index(issue.column)]
    return replace(issue, cell=address(table.sheet, letter, issue.row))
