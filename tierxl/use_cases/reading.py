"""Clients read from a file, with the policy and the account managers that their grading takes."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from tierxl.method.issues import CannotGrade, Issue
from tierxl.method.policy import Policy, settings_of_toml
from tierxl.method.progress import Progress
from tierxl.method.table.managers import Manager, ManagersRead
from tierxl.sheets import settings
from tierxl.workbooks import csv_parquet, read_only_workbook
from tierxl.workbooks.client_list import clients_in
from tierxl.workbooks.limits import refuse_more_than_a_sheet
from tierxl.workbooks.managers import ManagerTable, managers_in, only_managers_in, read_managers_csv
from tierxl.workbooks.ooxml.workbook_file import WorkbookFile
from tierxl.workbooks.outline import Place
from tierxl.workbooks.read_only_workbook import ReadOnlyWorkbook
from tierxl.workbooks.table import ClientTable, address
from tierxl.workbooks.workbook import ClientWorkbook

WORKBOOKS, CSV, PARQUET = (".xlsx", ".xlsm"), ".csv", ".parquet"
WRITTEN = (*WORKBOOKS, CSV, PARQUET)
READ = (*WORKBOOKS, *read_only_workbook.ENDINGS, CSV, PARQUET)


@dataclass(frozen=True)
class Request:
    """A request to grade a file.

    Attributes:
        source: the file with the clients.
        as_of: the day for overrides and due dates.
        table: the table or sheet that holds the clients, where it is not found by itself.
        policy_file: a TOML file with settings; they win over the workbook's Settings sheet.
        method: the method; it wins over both.
        managers: a CSV file or workbook with the account managers; it wins over the workbook's sheet of them.
        encoding: the encoding of a CSV file, where it is not found by itself.
    """

    source: Path
    as_of: date
    table: str | None = None
    policy_file: Path | None = None
    method: str | None = None
    managers: Path | None = None
    encoding: str | None = None

    @property
    def inputs(self) -> list[Path]:
        """The files with people in them."""
        return [self.source, *([self.managers] if self.managers else [])]


class Source(NamedTuple):
    """The workbook that clients stand in, and their place in it."""

    workbook: WorkbookFile
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
    """

    table: ClientTable
    policy: Policy
    issues: list[Issue]
    managers: tuple[Manager, ...] = ()
    own: settings.SettingsRead = NO_SETTINGS
    source: Source | None = None


def read_clients_of(request: Request, progress: Progress) -> Read:
    """The clients of a file, and the policy: the defaults, the workbook's Settings, the policy file, the method.

    Raises:
        CannotGrade: a file cannot be read, or holds no clients; a setting is wrong.
    """
    path = request.source
    refuse_unreadable(path)
    if request.table == "":
        raise CannotGrade(f'{path.name} has no table or sheet "": give one that it has, or leave --table out.')
    progress("Reading", 0, 1)
    own, source, people = NO_SETTINGS, None, None
    with _readable(path):
        if path.suffix.lower() in WORKBOOKS:
            workbook = WorkbookFile(path)
            own = workbook.settings()
            table, place = clients_in(workbook, request.table)
            source = Source(workbook, place)
            people = None if request.managers else managers_in(workbook, table.sheet)
        elif path.suffix.lower() in read_only_workbook.ENDINGS:
            foreign = ReadOnlyWorkbook(path)
            table, _ = clients_in(foreign, request.table)
            people = None if request.managers else managers_in(foreign, table.sheet)
            table = replace(table, letters=[], sheet="", issues=foreign.issues)  # its rows count, in a new workbook
        elif request.table:
            raise CannotGrade(f"{path.name} is no workbook: only a workbook has tables and sheets to choose from.")
        else:
            is_csv = path.suffix.lower() == CSV
            table = csv_parquet.read_csv(path, request.encoding) if is_csv else csv_parquet.read_parquet(path)
    policy = Policy.with_settings(own.layer, *policy_layers(request.policy_file, request.method))
    if request.managers:
        people = _managers_file(request.managers)
    read = with_managers(table, policy, people, own, source.workbook if source else None)
    progress("Reading", 1, 1)
    return replace(read, source=source)


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


def read_for(request: Request, target: Path, progress: Progress) -> Read:
    """The clients of a file that are to be written into another."""
    read = read_clients_of(request, progress)
    if read.source is None and target.suffix.lower() in WORKBOOKS:
        refuse_more_than_a_sheet(request.source, len(read.table.rows), len(read.table.headers))
    return read


def _managers_file(path: Path) -> ManagerTable:
    with_managers_in = tuple(ending for ending in READ if ending != PARQUET)
    if path.suffix.lower() not in with_managers_in:
        raise CannotGrade(f"{path.name} cannot hold account managers: use {', '.join(with_managers_in)}.")
    refuse_unreadable(path)
    with _readable(path):
        if path.suffix.lower() == CSV:
            return read_managers_csv(path)
        is_read_only = path.suffix.lower() in read_only_workbook.ENDINGS
        return only_managers_in(ReadOnlyWorkbook(path) if is_read_only else WorkbookFile(path))


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """As long as this lasts, an error of the disk says that a file cannot be read, and why."""
    try:
        yield
    except OSError as error:
        raise CannotGrade(f"{path} cannot be read: {error.strerror or error}.") from error


def chosen_policy(policy_file: Path | None, method: str | None) -> Policy:
    """The policy for files that hold no settings: the defaults, a policy file, a method; each wins over those before.

    Raises:
        CannotGrade: the policy file cannot be read, or is wrong.
    """
    return Policy.with_settings(*policy_layers(policy_file, method))


def policy_layers(policy_file: Path | None, method: str | None) -> list[dict[str, Any]]:
    """The settings of a policy file and of a method, as layers over others."""
    layers = [_policy_file(policy_file)] if policy_file else []
    return [*layers, {"grading": {"method": method}}] if method else layers


def _policy_file(path: Path) -> dict[str, Any]:
    try:
        return settings_of_toml(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise CannotGrade(f"The policy file {path} cannot be read: {error}.") from error


def refuse_unreadable(path: Path) -> None:
    """Raise :class:`CannotGrade` where a file is not there, may not be read, or is of no kind that can be graded."""
    if path.suffix.lower() not in READ:
        raise CannotGrade(f"{path.name} is of no kind that can be graded: use {', '.join(READ)}.")
    if not os.path.isfile(path):  # noqa: PTH113  Path.is_file raises for names that no disk can hold
        raise CannotGrade(f"There is no file {path}.")
    if not os.access(path, os.R_OK):
        raise CannotGrade(f"{path} cannot be read: you may not read it.")


def refuse_unwritable(path: Path) -> None:
    """Raise :class:`CannotGrade` where a file is of no kind that is written."""
    ending = path.suffix.lower()
    if ending in read_only_workbook.ENDINGS:
        raise CannotGrade(f"{ending} is read, but not written: leave --in-place out, or name an .xlsx file with -o.")
    if ending not in WRITTEN:
        raise CannotGrade(f"{path.name} is of no kind that can be graded: use {', '.join(WRITTEN)}.")


def with_cell(issue: Issue, table: ClientTable) -> Issue:
    """An issue of a sheet, with the address of its cell."""
    if issue.row is None or issue.cell or not table.letters or issue.column not in table.headers:
        return issue
    letter = table.letters[table.headers.index(issue.column)]
    return replace(issue, cell=address(table.sheet, letter, issue.row))
