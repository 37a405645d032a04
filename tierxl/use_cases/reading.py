"""Clients read from a file, with the policy and the account managers that their grading takes."""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import narwhals as nw

from tierxl.method.issues import CannotGrade
from tierxl.method.policy import Policy, settings_of_toml
from tierxl.method.progress import Progress
from tierxl.method.table.columns import BY_HEADER, COLUMNS
from tierxl.method.table.headers import ColumnChoice
from tierxl.method.table.orders import clients_of_orders, day_of_orders
from tierxl.method.table.vocabulary import normal
from tierxl.method.words import quoted
from tierxl.sheets import history, settings
from tierxl.use_cases.earlier_output import NO_OUTPUT, EarlierOutput
from tierxl.use_cases.read import NO_SETTINGS, Read, Source, with_cell, with_managers
from tierxl.workbooks import WORKBOOKS, csv_parquet, read_only_workbook
from tierxl.workbooks.client_list import clients_in
from tierxl.workbooks.limits import refuse_more_than_a_sheet
from tierxl.workbooks.managers import ManagerTable, managers_in, only_managers_in
from tierxl.workbooks.managers_csv import read_managers_csv
from tierxl.workbooks.ooxml.workbook_file import WorkbookFile
from tierxl.workbooks.read_only_workbook import ReadOnlyWorkbook
from tierxl.workbooks.table import ClientTable

CSV, PARQUET = ".csv", ".parquet"
WRITTEN = (*WORKBOOKS, CSV, PARQUET)
READ = (*WORKBOOKS, *read_only_workbook.ENDINGS, CSV, PARQUET)
_SIGNATURES = (b"PK", b"\xd0\xcf\x11\xe0")
"""The first bytes of a workbook, and of one behind a password. A file with others holds no sheet that could be lost."""


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
        settings: settings of the policy that win over all others.
        encoding: the encoding of a CSV file, where it is not found by itself.
        is_today: whether the day is today because nobody has named one: formulas then follow the calendar.
        command: the command that grades the file so, for messages that add an option to it.
    """

    source: Path
    as_of: date
    table: str | None = None
    policy_file: Path | None = None
    method: str | None = None
    managers: Path | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    encoding: str | None = None
    is_today: bool = False
    command: str = ""

    def choice(self, policy: Policy) -> ColumnChoice:
        """The columns that the user chose."""
        return ColumnChoice(policy.header_of, self.command or f"tierxl grade {quoted(self.source)}")

    @property
    def inputs(self) -> list[Path]:
        """The files with people in them."""
        return [self.source, *([self.managers] if self.managers else [])]


def read_clients_of(request: Request, progress: Progress, earlier: EarlierOutput = NO_OUTPUT) -> Read:
    """The clients of a file, and the policy: the defaults, the workbook's Settings, the policy file, the method.

    Args:
        request: what to read, and how.
        progress: called with what is being done.
        earlier: the output that is written over. Its Settings and Account managers count where the file has none.

    Raises:
        CannotGrade: a file cannot be read, or holds no clients; a setting is wrong.
    """
    path = request.source
    refuse_unreadable(path)
    if request.table == "":
        raise CannotGrade(f'{path.name} has no table or sheet "": give one that it has, or leave --table out.')
    progress("Reading", 0, 1)
    own, source, people = earlier.settings or NO_SETTINGS, None, None
    layers = [*policy_layers(request.policy_file, request.method), request.settings]
    with _readable(path):
        workbook = _workbook(path)
        if request.table and not workbook:
            raise CannotGrade(f"{path.name} is no workbook: only a workbook has tables and sheets to choose from.")
        if isinstance(workbook, WorkbookFile) and settings.KIND in workbook.own_sheets():
            own = workbook.settings()
        policy = Policy.with_settings(own.layer, *layers)
        choice = request.choice(policy)
        if workbook:
            table, place = clients_in(workbook, request.table, choice)
            people = None if request.managers else managers_in(workbook, table.sheet)
            if isinstance(workbook, WorkbookFile):
                source = Source(workbook, place)
            else:
                table = replace(table, letters=[], sheet="", issues=workbook.issues)  # rows of a new workbook
        elif path.suffix.lower() == CSV:
            table = csv_parquet.read_csv(path, choice, request.encoding)
        else:
            table = csv_parquet.read_parquet(path, choice)
    if request.managers:
        people = _managers_file(request.managers)
    earlier = replace(
        earlier,
        settings=earlier.settings if own is earlier.settings else None,
        managers=None if people else earlier.managers,
    )
    people = people or earlier.managers
    read = with_managers(table, policy, people, own, source.workbook if source else None)
    read = with_clients_of_orders(replace(read, source=source, earlier=earlier), request.as_of)
    progress("Reading", 1, 1)
    return read


def with_clients_of_orders(read: Read, as_of: date) -> Read:
    """The reading, with the clients of the orders where the rows are orders: they stand in no workbook.

    Args:
        read: what was read.
        as_of: no order after this day counts.

    Raises:
        CannotGrade: see :func:`tierxl.method.table.orders.clients_of_orders`.
    """
    table, frame = read.table, nw.from_native(read.table.cells, eager_only=True)
    at = day_of_orders(frame, table.headers, read.policy.reading.rows)
    if at is None:
        return read
    found = clients_of_orders(frame, table.headers, table.rows, at, read.policy, as_of)
    clients = ClientTable(
        found.headers, found.cells.to_native(), found.rows, left_out=table.left_out, orders=found.orders
    )
    placed = (with_cell(issue, table) for issue in found.issues)
    issues = [replace(issue, row=None, cell=issue.place) for issue in placed]  # for there is no such row of clients
    policy = read.policy.changed({"reading": {"rows": "auto"}, "columns": dict.fromkeys(read.policy.columns, "")})
    return replace(read, table=clients, policy=policy, issues=[*read.issues, *issues], source=None)


def read_for(request: Request, target: Path, progress: Progress) -> Read:
    """The clients of a file that are to be written into another."""
    is_in_place = target.exists() and target.samefile(request.source)
    is_written_over = target.exists() and not is_in_place and target.suffix.lower() in WORKBOOKS
    read = read_clients_of(request, progress, earlier_output(target) if is_written_over else NO_OUTPUT)
    if read.table.orders and is_in_place:
        raise CannotGrade(
            f"{request.source.name} is a list of orders, which is never graded in place: give -o with a new file, or "
            "--clients if each row is a client."
        )
    if read.source is None and target.suffix.lower() in WORKBOOKS:
        refuse_more_than_a_sheet(request.source, len(read.table.rows), len(read.table.headers))
    return read


def _managers_file(path: Path) -> ManagerTable:
    with_managers_in = tuple(ending for ending in READ if ending != PARQUET)
    if path.suffix.lower() not in with_managers_in:
        raise CannotGrade(f"{path.name} cannot hold account managers: use {', '.join(with_managers_in)}.")
    refuse_unreadable(path)
    with _readable(path):
        workbook = _workbook(path)
        return only_managers_in(workbook) if workbook else read_managers_csv(path)


def _workbook(path: Path) -> WorkbookFile | ReadOnlyWorkbook | None:
    """The workbook that a file is; None for a file of another kind."""
    if path.suffix.lower() in WORKBOOKS:
        return WorkbookFile(path)
    return ReadOnlyWorkbook(path) if path.suffix.lower() in read_only_workbook.ENDINGS else None


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """As long as this lasts, an error of the disk says that a file cannot be read, and why."""
    try:
        yield
    except OSError as error:
        raise CannotGrade(f"{path} cannot be read: {error.strerror or error}.") from error


def chosen_policy(request: Request) -> Policy:
    """The policy for files that hold no settings: the defaults, and what the request asks for.

    Raises:
        CannotGrade: the policy file cannot be read, or is wrong.
    """
    return Policy.with_settings(*policy_layers(request.policy_file, request.method), request.settings)


def chosen_settings(
    columns: Sequence[str],
    day_order: str | None,
    decimal_mark: str | None,
    currency: str | None = None,
    *,
    is_orders: bool,
    is_clients: bool,
) -> dict[str, Any]:
    """The settings of the policy that options of reading stand for.

    Args:
        columns: the columns that were chosen, each as FIELD=HEADER.
        day_order: the order of day and month, where it was chosen.
        decimal_mark: the mark before decimals, where it was chosen.
        currency: the currency, where it was chosen.
        is_orders: True where each row is an order.
        is_clients: True where each row is a client.

    Raises:
        CannotGrade: a field that there is not, or that is chosen twice; orders and clients at once.
    """
    if is_orders and is_clients:
        raise CannotGrade("Give either --orders or --clients, not both.")
    header_of: dict[str, str] = {}
    for chosen in columns:
        name, _, header = chosen.partition("=")
        column = BY_HEADER.get(normal(name))
        if column is None or not header.strip():
            names = ", ".join(column.name for column in COLUMNS)
            raise CannotGrade(
                f'--column {quoted(chosen)} names no column of the method: write it as --column "Revenue=your header". '
                f"The columns are {names}."
            )
        if column.field in header_of:
            raise CannotGrade(
                f'{column.name} is chosen twice, as "{header_of[column.field]}" and as "{header}": choose one.'
            )
        header_of[column.field] = header.strip()
    rows = "orders" if is_orders else "clients" if is_clients else None
    reading = {"day_order": day_order, "decimal_mark": decimal_mark, "currency": currency, "rows": rows}
    sections = {"reading": {name: value for name, value in reading.items() if value}, "columns": header_of}
    return {section: chosen for section, chosen in sections.items() if chosen}


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
        text = " If it is a table, give it a name that ends in .csv." if path.suffix.lower() in (".tsv", ".txt") else ""
        raise CannotGrade(f"{path.name} is of no kind that can be graded: use {', '.join(READ)}.{text}")
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


def earlier_output(target: Path) -> EarlierOutput:
    """The earlier output in the place of a file that is to be written.

    Raises:
        CannotGrade: it may be one, and cannot be read, so that its sheets would be lost.
    """
    try:
        with target.open("rb") as file:
            if not file.read(max(map(len, _SIGNATURES))).startswith(_SIGNATURES):
                return EarlierOutput(target.name)
        workbook = WorkbookFile(target)
        with closing(workbook.package):
            return _of(workbook)
    except (CannotGrade, OSError) as error:
        why = str(error) if isinstance(error, CannotGrade) else f"it cannot be read: {error.strerror or error}."
        raise CannotGrade(
            f"{target} stays as it is, for its History, Settings and Account managers cannot be carried on: {why} "
            "Mend or remove it, or give -o with another name."
        ) from error


def _of(workbook: WorkbookFile) -> EarlierOutput:
    ours = workbook.own_sheets()
    if not ours:
        return EarlierOutput(workbook.name)
    managers = managers_in(workbook, "")
    return EarlierOutput(
        workbook.name,
        workbook.past() if history.KIND in ours else None,
        workbook.settings() if settings.KIND in ours else None,
        managers.on_new_sheet() if managers else None,
    )
