"""The use cases, a function each: read, grade, write."""

import os
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import narwhals as nw
import polars as pl

from tierxl.books import frame, graded
from tierxl.books.atomic import claimed, replacing
from tierxl.books.file import WorkbookFile
from tierxl.books.graft import loses_macros
from tierxl.books.limits import refuse_more_than_a_sheet
from tierxl.books.managers import ManagerTable, read_managers_csv
from tierxl.books.new_workbook import as_new_sheet, cut_texts
from tierxl.books.open_workbook import OpenWorkbook
from tierxl.books.rewriting import Rewriting
from tierxl.books.table import ClientTable, address
from tierxl.books.workbook import ClientWorkbook, Place
from tierxl.method import grading as method
from tierxl.method.capacity import team_of
from tierxl.method.cells import shown
from tierxl.method.clients import Frame
from tierxl.method.columns import recognise
from tierxl.method.explanation import Explanation, explanation_at, explanations
from tierxl.method.grading import Grading
from tierxl.method.history import Movers, days_of, lines_of, lines_on, movers
from tierxl.method.issues import CannotGrade, Issue
from tierxl.method.managers import Manager, ManagersRead
from tierxl.method.policy import Policy, settings_of_toml
from tierxl.method.portfolio import Portfolio, portfolio
from tierxl.method.score import score_cuts
from tierxl.sheets import OWN_TITLES, history, own_sheets, settings
from tierxl.sheets.description import Sheet

if TYPE_CHECKING:
    from tierxl.method.agenda import Agenda
    from tierxl.method.assignment import Proposal
    from tierxl.method.what_if import Comparison, Sensitivity

WORKBOOKS, CSV, PARQUET = (".xlsx", ".xlsm"), ".csv", ".parquet"
FORMATS = (*WORKBOOKS, CSV, PARQUET)
CALENDAR = ".ics"

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and of how much."""


def _silent(doing: str, done: int, of: int) -> None:
    """No progress is shown."""


@dataclass(frozen=True)
class Request:
    """What to grade, and how.

    Attributes:
        source: the file with the clients.
        as_of: the day for overrides and due dates.
        table: the table or sheet that holds the clients, where it is not found by itself.
        policy_file: a TOML file with settings; they win over the workbook's Settings sheet.
        method: the method; it wins over both.
        managers: a CSV file or workbook with the account managers; it wins over the workbook's sheet of them.
    """

    source: Path
    as_of: date
    table: str | None = None
    policy_file: Path | None = None
    method: str | None = None
    managers: Path | None = None

    @property
    def inputs(self) -> list[Path]:
        """The files with people in them."""
        return [self.source, *([self.managers] if self.managers else [])]


@dataclass(frozen=True)
class GradedFile:
    """A graded file.

    Attributes:
        grading: the grading.
        portfolio: its figures.
        issues: all issues.
        target: the file with the result, where one was written.
        past: what the History sheet held before.
        unused: what on the Settings sheet cannot be used.
    """

    grading: Grading
    portfolio: Portfolio
    issues: list[Issue]
    target: Path | None = None
    past: history.Past = field(default_factory=history.no_past)
    unused: Sequence[settings.Unused] = ()


@dataclass(frozen=True)
class CalendarFile:
    """A calendar: what is planned in it, all issues of the clients, and where it was written."""

    agenda: "Agenda"
    issues: list[Issue]
    target: Path


@dataclass(frozen=True)
class Tried:
    """What to try.

    Attributes:
        settings: settings of the policy, over those in force.
        policy_file: a policy file in the place of the one in force.
    """

    settings: Mapping[str, Any]
    policy_file: Path | None = None


@dataclass(frozen=True)
class WhatIf:
    """What was found: the file as it is graded, what that hangs on, and what the trial changes, if there is one."""

    graded: GradedFile
    sensitivity: "list[Sensitivity]"
    comparison: "Comparison | None"


@dataclass(frozen=True)
class AssignedFile:
    """Who should serve whom in a file: the proposal, the graded file, and how many clients moved if it was applied."""

    proposal: "Proposal"
    graded: GradedFile
    applied: int | None


@dataclass(frozen=True)
class _Read:
    table: ClientTable
    policy: Policy
    issues: list[Issue]
    workbook: tuple[WorkbookFile, Place] | None
    managers: tuple[Manager, ...] = ()
    own: settings.SettingsRead = field(default_factory=lambda: settings.SettingsRead({}, []))
    """What the workbook's own Settings sheet says."""


def grade_file(request: Request, target: Path, progress: Progress = _silent) -> GradedFile:
    """Grade the clients of a file and write the result; the file's endings say which formats.

    Raises:
        CannotGrade: see :func:`tierxl.method.clients.read_clients`; also a file that cannot be read or written.
            Nothing is written then.
    """
    _known_format(target)
    _refuse_unreadable(request.source)
    with claimed(target, request.inputs):
        read = _read_for(request, target, progress)
        return _written(read, target, _graded(request.as_of, read, progress), progress)


def _read_for(request: Request, target: Path, progress: Progress) -> _Read:
    """The clients of a file that are to be written into another."""
    read = _read(request, progress)
    if read.workbook is None and target.suffix.lower() in WORKBOOKS:
        refuse_more_than_a_sheet(request.source, len(read.table.rows), len(read.table.headers))
    return read


def _written(
    read: _Read,
    target: Path,
    result: GradedFile,
    progress: Progress,
    beside: Sequence[Sheet] = (),
    rewriting: Rewriting | None = None,
) -> GradedFile:
    """Write a graded file; a workbook gets the sheets of a grading, and others that are wanted beside them."""
    progress("Writing", 0, 1)
    if read.workbook is None and target.suffix.lower() in WORKBOOKS:
        result = _with_team(result)
    columns = _polars(result.grading.columns)
    issues = list(result.issues)
    if target.suffix.lower() in WORKBOOKS:
        issues = _write_workbook(read, target, result, progress, beside, rewriting)
    elif target.suffix.lower() == CSV:
        frame.write_csv(target, read.table, columns, score_cuts(result.grading.policy))
    else:
        frame.write_parquet(target, read.table, columns)
    progress("Writing", 1, 1)
    return replace(result, issues=issues, target=target)


def check_file(request: Request, progress: Progress = _silent) -> GradedFile:
    """Grade the clients of a file and write nothing."""
    return _graded(request.as_of, _read(request, progress), progress)


def report_file(request: Request, target: Path, progress: Progress = _silent) -> GradedFile:
    """Grade the clients of a file and write a report for the director; the target's ending says which format.

    Raises:
        CannotGrade: as for grading; also a report that cannot be written. Nothing is written then.
    """
    from tierxl.report import FORMATS as REPORT_FORMATS  # noqa: PLC0415  loaded by those who ask for it
    from tierxl.report import report  # noqa: PLC0415  loaded by those who ask for it

    if target.suffix.lower() not in REPORT_FORMATS:
        raise CannotGrade(f"{target.name} is no kind of report: use {' or '.join(REPORT_FORMATS)}.")
    with claimed(target, request.inputs):
        result = check_file(request, progress)
        progress("Writing", 0, 1)
        written = report(result.grading, result.portfolio, target.suffix.lower())
        with replacing(target) as draft:
            draft.write_bytes(written)
    progress("Writing", 1, 1)
    return replace(result, target=target)


def movers_between(old: Request, new: Request) -> Movers:
    """Who has another tier in one file than in another.

    The new file is graded now. So is the old one, unless it is a workbook with a History: it is taken as it was at its
    last grading.

    Raises:
        CannotGrade: as for grading; also there is no client with a name or an ID.
    """
    before, now = _last_lines(old), check_file(new).grading
    return movers(before, _lines_of(now, new), score_cuts(now.policy))


def _last_lines(request: Request) -> Frame:
    """The lines of the last grading of a file; of one that was never graded, those of today's."""
    _refuse_unreadable(request.source)
    if request.source.suffix.lower() in WORKBOOKS:
        past = WorkbookFile(request.source).past().lines
        if len(past):
            return lines_on(past, days_of(past)[-1])
    return _lines_of(check_file(request).grading, request)


def _lines_of(grading: Grading, request: Request) -> Frame:
    lines = lines_of(grading)
    if not len(lines):
        raise CannotGrade(f"{request.source.name} has no client with a name or a Client ID.")
    return lines


def calendar_file(
    request: Request, target: Path, manager: str | None = None, progress: Progress = _silent
) -> CalendarFile:
    """Plan the next twelve months of the clients of a file, and write them as a calendar.

    Args:
        request: what to grade, and how.
        target: the calendar, .ics.
        manager: the account manager whose appointments are written; everybody's if left out.
        progress: told what is being done.

    Raises:
        CannotGrade: as for grading; also there is no such account manager, or nothing to plan.
    """
    from tierxl.books.calendar import write_calendar  # noqa: PLC0415  loaded by those who ask for it
    from tierxl.method.agenda import agenda  # noqa: PLC0415  loaded by those who ask for it

    if target.suffix.lower() != CALENDAR:
        raise CannotGrade(f"{target.name} is no calendar: give it a name that ends with {CALENDAR}.")
    _refuse_unreadable(request.source)
    with claimed(target, request.inputs):
        result = check_file(request, progress)
        planned = agenda(result.grading, manager)
        if planned.items.is_empty():
            raise CannotGrade("There is nothing to plan: no client has a tier with review meetings or contacts.")
        name = f"Client tiers, {manager}" if manager else "Client tiers"
        write_calendar(target, planned, name, partial(progress, "Writing"))
    return CalendarFile(planned, result.issues, target)


def explain_file(request: Request, client: str) -> list[Explanation]:
    """Why a client of a file has its tier: by name or Client ID; more than one where several are called so.

    Raises:
        CannotGrade: as for grading; also no client of that name.
    """
    return explanations(check_file(request).grading, client)


def what_if(request: Request, tried: Tried, target: Path | None = None, progress: Progress = _silent) -> WhatIf:
    """Compare the tiers of a file with those that other settings would give, and say what they hang on.

    Args:
        request: what to grade, and by which settings now.
        tried: the settings to try; without any, nothing is compared.
        target: the graded workbook with a sheet What if; nothing is written without it. What is tried is not applied.
        progress: told what is being done.

    Raises:
        CannotGrade: as for grading; also a setting that cannot be tried, or a target that has no sheets.
    """
    from tierxl.sheets import what_if as sheets  # noqa: PLC0415  loaded by those who ask for it

    if target is None:
        return _what_if(request, tried, _read(request, progress), progress)
    if target.suffix.lower() not in WORKBOOKS:
        raise CannotGrade(f"{target.name} has no sheets: write What if into {' or '.join(WORKBOOKS)}.")
    _refuse_unreadable(request.source)
    with claimed(target, request.inputs):
        read = _read_for(request, target, progress)
        found = _what_if(request, tried, read, progress)
        sheet = sheets.describe(found.graded.grading, found.sensitivity, found.comparison)
        return replace(found, graded=_written(read, target, found.graded, progress, [sheet]))


def _what_if(request: Request, tried: Tried, read: _Read, progress: Progress) -> WhatIf:
    from tierxl.method.what_if import compare, sensitivity  # noqa: PLC0415  loaded by those who ask for it

    policy = read.policy
    if tried.policy_file:
        policy = Policy.with_settings(read.own.layer, *_chosen(tried.policy_file, request.method))
    if tried.settings:
        policy = policy.changed(tried.settings)
    result = _graded(request.as_of, read, progress)
    comparison = None
    if tried.policy_file or tried.settings:
        other = _graded(request.as_of, replace(read, policy=policy), progress)
        comparison = compare(result.grading, other.grading)
    return WhatIf(result, sensitivity(result.grading), comparison)


def assign_file(request: Request, target: Path, *, apply: bool, progress: Progress = _silent) -> AssignedFile:
    """Propose who should serve whom, and write the graded file; a workbook gets the sheet Assignments.

    Args:
        request: what to grade, and how.
        target: the file.
        apply: whether to write the proposal into the column Account manager. A cell that holds a formula stays, and
            is among the issues.
        progress: told what is being done.

    Raises:
        CannotGrade: as for grading; also there are no account managers with hours, or no column to write into.
    """
    from tierxl.method.assignment import propose  # noqa: PLC0415  loaded by those who ask for it
    from tierxl.sheets import assignments  # noqa: PLC0415  loaded by those who ask for it

    _known_format(target)
    _refuse_unreadable(request.source)
    with claimed(target, request.inputs):
        read = _read_for(request, target, progress)
        result = _graded(request.as_of, read, progress)
        progress("Proposing", 0, 1)
        proposal = propose(result.grading)
        progress("Proposing", 1, 1)
        if not apply:
            sheet = assignments.describe(proposal, result.grading)
            return AssignedFile(proposal, _written(read, target, result, progress, [sheet]), None)
        applied, count, rewriting = _applied(proposal, read)
        result = _graded(request.as_of, applied, progress)
        sheet = assignments.describe(proposal, result.grading, count)
        return AssignedFile(proposal, _written(applied, target, result, progress, [sheet], rewriting), count)


def _applied(proposal: "Proposal", read: _Read) -> tuple[_Read, int, Rewriting | None]:
    """The clients with the account managers of a proposal, how many were written, and the cells of a workbook."""
    table = read.table
    column = recognise(table.headers).get("account_manager")
    if column is None:
        raise CannotGrade(
            "There is no column Account manager to write into: give the clients one, which may be blank, and run "
            "this again."
        )
    kept: Mapping[int, str] = {}
    if read.workbook:
        workbook, place = read.workbook
        kept = workbook.unwritable(place, place.columns[column])
    texts, issues = {}, []
    for position, client, to in proposal.moves.select("position", "client", "to").iter_rows():
        row = table.rows[position]
        if row in kept:
            message = f"{kept[row]} and stays: write {to} there yourself"
            issues.append(_with_cell(Issue(message, row, client or "", table.headers[column]), table))
        else:
            texts[position] = to
    rewriting = None
    if read.workbook:
        rewriting = Rewriting(place.columns[column], {table.rows[position]: to for position, to in texts.items()})
    applied = replace(read, table=table.with_texts(column, texts), issues=[*read.issues, *issues])
    return applied, len(texts), rewriting


def grade_open(workbook: OpenWorkbook, as_of: date, progress: Progress = _silent) -> GradedFile:
    """Grade the clients of a workbook that is open in a spreadsheet program, and write what the command writes.

    Raises:
        CannotGrade: as for a file; also the program does not let us write. The workbook is as it was then.
    """
    table, place, result, titles = _graded_open(workbook, as_of, progress)
    result = _as_written(result, titles)
    sheets = own_sheets(result.grading, result.portfolio, result.issues, result.past, result.unused)
    workbook.write(place, table, result.grading, sheets, titles, partial(progress, "Writing"))
    return result


def renew_open(workbook: OpenWorkbook, as_of: date, kind: str, progress: Progress = _silent) -> tuple[GradedFile, int]:
    """Grade the clients of a workbook that is open in a spreadsheet program, and make one sheet of our own anew.

    Args:
        workbook: the workbook.
        as_of: the day for overrides and due dates.
        kind: the kind of the sheet, see :data:`tierxl.sheets.OWN_TITLES`.
        progress: told what is being done.

    Returns:
        What was graded, and how many clients have another tier now than the one that stands beside them.

    Raises:
        CannotGrade: see :func:`grade_open`.
    """
    _, place, result, titles = _graded_open(workbook, as_of, progress)
    sheets = own_sheets(result.grading, result.portfolio, result.issues, result.past, result.unused)
    wanted = [sheet for sheet in sheets if sheet.kind == kind]
    workbook.write_sheets(wanted, titles, partial(progress, "Writing"))
    return result, _outdated(workbook, place, result)


def assign_open(workbook: OpenWorkbook, as_of: date, progress: Progress = _silent) -> "Proposal":
    """Propose who should serve whom in a workbook that is open in a spreadsheet program, on the sheet Assignments.

    Raises:
        CannotGrade: see :func:`grade_open` and :func:`assign_file`.
    """
    from tierxl.method.assignment import propose  # noqa: PLC0415  loaded by those who ask for it
    from tierxl.sheets import assignments  # noqa: PLC0415  loaded by those who ask for it

    _, _, result, _ = _graded_open(workbook, as_of, progress)
    proposal = propose(result.grading)
    titles = graded.own_titles(workbook, {assignments.KIND: assignments.TITLE})
    workbook.write_sheets([assignments.describe(proposal, result.grading)], titles, partial(progress, "Writing"))
    return proposal


def explain_open(workbook: OpenWorkbook, as_of: date, sheet: str, row: int) -> Explanation:
    """Why the client in a row has its tier: a row of the clients, or of another sheet that begins with their names.

    Raises:
        CannotGrade: as for grading; also there is no client in that row.
    """
    table, _, result, _ = _graded_open(workbook, as_of, _silent)
    if sheet == table.sheet and row in table.rows:
        return explanation_at(list(table.rows).index(row), result.grading)
    grid = workbook.grid(sheet) if sheet != table.sheet else []
    name = shown(grid[row - 1][0]) if row <= len(grid) else ""
    if not name:
        raise CannotGrade(
            "Select a cell in the row of a client first, on the clients' sheet or where a row begins with its name."
        )
    return explanations(result.grading, name)[0]


def _graded_open(
    workbook: OpenWorkbook, as_of: date, progress: Progress
) -> tuple[ClientTable, Place, GradedFile, dict[str, str]]:
    progress("Reading", 0, 1)
    own = workbook.settings()
    table, place = workbook.clients()
    policy = Policy.with_settings(own.layer)
    managers = _managers(workbook.managers(table.sheet), policy)
    issues = [*own.issues, *(_with_cell(issue, table) for issue in workbook.issues), *managers.issues]
    read = _Read(table, policy, issues, None, managers.managers, own)
    result = _with_past(_graded(as_of, read, progress), workbook)
    titles = graded.own_titles(workbook)
    return table, place, replace(result, issues=[*result.issues, *graded.title_issues(workbook, titles)]), titles


def _with_past(result: GradedFile, workbook: ClientWorkbook) -> GradedFile:
    """A graded workbook with what its History sheet held before."""
    past = workbook.past()
    issues = [*result.issues, *past.issues, *history.crowded(result.grading, past)]
    return replace(result, issues=issues, past=past)


def _as_written(result: GradedFile, titles: Mapping[str, str]) -> GradedFile:
    """A graded workbook whose issues name cells of the Settings and History sheets where they stand when it is written.

    Args:
        result: the graded workbook.
        titles: the titles of the sheets of our own, by kind.
    """
    moved = settings.moved(result.grading.policy, result.unused, titles[settings.KIND])
    moved |= history.moved(result.grading, result.past, titles[history.KIND])
    return replace(result, issues=[moved.get(issue, issue) for issue in result.issues])


def _outdated(workbook: OpenWorkbook, place: Place, result: GradedFile) -> int:
    """How many clients have another tier than the one that stands beside them, where there is one."""
    if "Tier" not in place.graded:
        return 0
    grid, column = workbook.grid(place.sheet.title), place.graded["Tier"] - 1
    tiers = zip(result.grading.clients.rows, result.grading.columns["Tier"].to_list(), strict=True)
    return sum(tier != (grid[row - 1][column] if column < len(grid[row - 1]) else None) for row, tier in tiers)


def _write_workbook(
    read: _Read,
    target: Path,
    result: GradedFile,
    progress: Progress,
    beside: Sequence[Sheet],
    rewriting: Rewriting | None,
) -> list[Issue]:
    source = read.workbook[0] if read.workbook else None
    wanted = OWN_TITLES | {sheet.kind: sheet.title for sheet in beside}
    titles = graded.own_titles(source, wanted)
    result = _as_written(_with_past(result, source), titles) if source else result
    in_the_way = graded.title_issues(source, titles, wanted)
    issues = [*result.issues, *in_the_way, *([] if source else cut_texts(read.table))]
    if source and loses_macros(source, target):
        issues.append(Issue("the graded copy lacks the macros of your workbook; the original keeps them"))
    in_book = issues if source else _in_new_sheet(issues, as_new_sheet(read.table))
    sheets = [*own_sheets(result.grading, result.portfolio, in_book, result.past, result.unused), *beside]
    told = partial(progress, "Writing")
    graded.write_workbook(target, read.workbook, read.table, result.grading, sheets, titles, told, rewriting)
    return issues


def _graded(as_of: date, read: _Read, progress: Progress) -> GradedFile:
    known = nw.from_native(read.table.known_columns())
    count = len(known)
    grading = method.grade(
        known,
        read.policy,
        as_of,
        read.table.rows,
        lambda done, _: progress("Grading", done, count),
        read.managers,
    )
    issues = [_with_cell(issue, read.table) for issue in grading.issues]
    return GradedFile(grading, portfolio(grading), [*read.issues, *issues], unused=read.own.unused)


def _with_team(result: GradedFile) -> GradedFile:
    """With the account managers whom a new workbook lists, so that grading it again says the same of them."""
    grading = replace(result.grading, managers=team_of(result.grading))
    return replace(result, grading=grading, portfolio=portfolio(grading))


def _with_cell(issue: Issue, table: ClientTable) -> Issue:
    """An issue of a sheet, with the address of its cell."""
    if issue.row is None or issue.cell or not table.letters or issue.column not in table.headers:
        return issue
    letter = table.letters[table.headers.index(issue.column)]
    return replace(issue, cell=address(table.sheet, letter, issue.row))


def _in_new_sheet(issues: list[Issue], table: ClientTable) -> list[Issue]:
    """Issues of a CSV or Parquet file, with the address of each cell in the workbook made from it."""
    return [
        issue if issue.row is None else _with_cell(replace(issue, row=2 + bisect_left(table.rows, issue.row)), table)
        for issue in issues
    ]


def _read(request: Request, progress: Progress) -> _Read:
    """The clients of a file, and the policy: the defaults, the workbook's Settings, the policy file, the method."""
    path = request.source
    _refuse_unreadable(path)
    if request.table == "":
        raise CannotGrade(f'{path.name} has no table or sheet "": give one that it has, or leave --table out.')
    progress("Reading", 0, 1)
    issues: list[Issue] = []
    own = settings.SettingsRead({}, [])
    workbook, people = None, None
    try:
        if path.suffix.lower() in WORKBOOKS:
            opened = WorkbookFile(path)
            own = opened.settings()
            table, place = opened.clients(request.table)
            people = None if request.managers else opened.managers(table.sheet)
            issues += [*own.issues, *(_with_cell(issue, table) for issue in opened.issues)]
            workbook = (opened, place)
        elif request.table:
            raise CannotGrade(f"{path.name} is no workbook: only a workbook has tables and sheets to choose from.")
        elif path.suffix.lower() == CSV:
            table = frame.read_csv(path)
        else:
            table = frame.read_parquet(path)
    except OSError as error:
        raise CannotGrade(f"{path} cannot be read: {error.strerror or error}.") from error
    policy = Policy.with_settings(own.layer, *_chosen(request.policy_file, request.method))
    managers = _managers(_managers_file(request.managers) if request.managers else people, policy)
    progress("Reading", 1, 1)
    return _Read(table, policy, [*issues, *managers.issues], workbook, managers.managers, own)


def _managers(table: ManagerTable | None, policy: Policy) -> ManagersRead:
    return table.read(policy) if table else ManagersRead((), ())


def _managers_file(path: Path) -> ManagerTable:
    if path.suffix.lower() not in (*WORKBOOKS, CSV):
        raise CannotGrade(f"{path.name} cannot hold account managers: use {', '.join((*WORKBOOKS, CSV))}.")
    _refuse_unreadable(path)
    try:
        return read_managers_csv(path) if path.suffix.lower() == CSV else WorkbookFile(path).only_managers()
    except OSError as error:
        raise CannotGrade(f"{path} cannot be read: {error.strerror or error}.") from error


def chosen_policy(policy_file: Path | None, method: str | None) -> Policy:
    """The policy for files that hold no settings: the defaults, a policy file, a method; each wins over those before.

    Raises:
        CannotGrade: the policy file cannot be read, or is wrong.
    """
    return Policy.with_settings(*_chosen(policy_file, method))


def _chosen(policy_file: Path | None, method: str | None) -> list[dict[str, Any]]:
    layers = [_policy_file(policy_file)] if policy_file else []
    return [*layers, {"grading": {"method": method}}] if method else layers


def _policy_file(path: Path) -> dict[str, Any]:
    try:
        return settings_of_toml(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise CannotGrade(f"The policy file {path} cannot be read: {error}.") from error


def _refuse_unreadable(path: Path) -> None:
    _known_format(path)
    if not os.path.isfile(path):  # noqa: PTH113  Path.is_file raises for names that no disk can hold
        raise CannotGrade(f"There is no file {path}.")
    if not os.access(path, os.R_OK):
        raise CannotGrade(f"{path} cannot be read: you may not read it.")


def _known_format(path: Path) -> None:
    if path.suffix.lower() not in FORMATS:
        raise CannotGrade(f"{path.name} is of no kind that can be graded: use {', '.join(FORMATS)}.")


def _polars(columns: Frame) -> pl.DataFrame:
    native = columns.to_native()
    assert isinstance(native, pl.DataFrame)
    return native
