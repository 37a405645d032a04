"""Grading the clients of a file or of an open workbook, and writing the result."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import narwhals as nw

from tierxl.method.issues import CannotGrade, Issue
from tierxl.method.plan.capacity import capacity, team_of
from tierxl.method.plan.portfolio import Portfolio, portfolio
from tierxl.method.plan.suitability import suitability
from tierxl.method.policy import Policy
from tierxl.method.progress import Progress, silent
from tierxl.method.rating.grading import Grading, grade
from tierxl.method.rating.score import score_cuts
from tierxl.method.table.headers import ColumnChoice
from tierxl.method.table.orders import Orders, refuse_orders
from tierxl.method.table.rows import LeftOut
from tierxl.sheets import OWN_TITLES, history, own_sheets, settings, with_way_back
from tierxl.sheets import live as live_sheet
from tierxl.sheets.description import Sheet
from tierxl.use_cases.earlier_output import NO_OUTPUT, EarlierOutput
from tierxl.use_cases.reading import (
    CSV,
    WORKBOOKS,
    Read,
    Request,
    read_clients_of,
    read_for,
    refuse_unreadable,
    refuse_unwritable,
    with_cell,
    with_managers,
)
from tierxl.workbooks import csv_parquet
from tierxl.workbooks.atomic import claimed
from tierxl.workbooks.client_list import clients_in
from tierxl.workbooks.managers import managers_in
from tierxl.workbooks.ooxml import graded_workbook
from tierxl.workbooks.ooxml.in_place import loses_macros
from tierxl.workbooks.ooxml.new_workbook import as_new_sheet, cut_texts
from tierxl.workbooks.open_workbook import OpenWorkbook
from tierxl.workbooks.outline import Place
from tierxl.workbooks.rewriting import Rewriting
from tierxl.workbooks.table import ClientTable
from tierxl.workbooks.workbook import ClientWorkbook


@dataclass(frozen=True)
class GradedFile:
    """A graded file.

    Attributes:
        grading: the grading.
        portfolio: its figures.
        issues: all issues.
        target: the file with the result, where one was written.
        past: the History sheet as it was before.
        unused: the cells of the Settings sheet that cannot be used.
        left_out: the rows of the list that are no clients.
        orders: the orders that the clients were summed from, if they were.
        earlier: what went on from the earlier output that was written over.
        there: the kinds of the sheets of our own that the workbook has from an earlier grading.
    """

    grading: Grading
    portfolio: Portfolio
    issues: list[Issue]
    target: Path | None = None
    past: history.Past = field(default_factory=history.Past)
    unused: Sequence[settings.Unused] = ()
    left_out: Sequence[LeftOut] = ()
    orders: Orders | None = None
    earlier: EarlierOutput = NO_OUTPUT
    there: frozenset[str] = frozenset()

    def sheets(self) -> list[Sheet]:
        """The sheets of our own."""
        issues = [*self.issues, *(row.issue for row in self.left_out)]
        return own_sheets(self.grading, self.portfolio, issues, self.past, self.unused, self.there)

    def with_past(self, past: history.Past) -> "GradedFile":
        """The grading with what the History sheet held before it."""
        issues = [*self.issues, *past.issues, *history.crowded(self.grading, past)]
        return replace(self, issues=issues, past=past)

    def as_written(self, titles: Mapping[str, str]) -> "GradedFile":
        """The grading with the issues of the Settings and History sheets at the cells where they stand once written.

        Args:
            titles: the titles of the sheets of our own, by kind.
        """
        moved = settings.moved(self.grading.policy, self.unused, titles[settings.KIND])
        moved |= history.moved(self.grading, self.past, titles[history.KIND])
        return replace(self, issues=[moved.get(issue, issue) for issue in self.issues])

    def with_team(self) -> "GradedFile":
        """The grading with the account managers whom a new workbook lists, so that it stays when graded again."""
        grading = replace(self.grading, managers=team_of(self.grading))
        figures = replace(self.portfolio, suitability=suitability(grading), capacity=capacity(grading))
        return replace(self, grading=grading, portfolio=figures)


@dataclass(frozen=True)
class GradedOpen:
    """A graded workbook that is open in a spreadsheet program.

    Attributes:
        table: the clients as they were read.
        place: where they stand.
        result: the grading with its figures and issues.
        titles: the titles of the sheets of our own, by kind.
    """

    table: ClientTable
    place: Place
    result: GradedFile
    titles: dict[str, str]


def grade_file(
    request: Request, target: Path, progress: Progress = silent, *, live: bool | None = None
) -> GradedFile:
    """Grade the clients of a file and write the result; the file's endings say which formats.

    Args:
        request: what to grade.
        target: the file to write.
        progress: called with what is being done.
        live: whether the graded columns of a workbook are formulas; if left out, they are where they were.

    Raises:
        CannotGrade: see :func:`tierxl.method.table.clients.read_clients`; also a file that cannot be read or written,
            or cannot hold formulas. Nothing is written then.
    """
    if live and target.suffix.lower() not in WORKBOOKS:
        raise CannotGrade(f"{target.name} cannot hold formulas: with --live, give -o a name that ends in .xlsx.")
    with clients_to_write(request, target, progress) as read:
        return write(read, target, graded(request.as_of, read, progress), progress, live=live)


@contextmanager
def clients_to_write(request: Request, target: Path, progress: Progress) -> Iterator[Read]:
    """The clients of a file, while no other run can write the target; see :func:`grade_file`."""
    refuse_unwritable(target)
    refuse_unreadable(request.source)
    with claimed(target, request.inputs):
        yield read_for(request, target, progress)


def check_file(request: Request, progress: Progress = silent) -> GradedFile:
    """Grade the clients of a file and write nothing."""
    return graded(request.as_of, read_clients_of(request, progress), progress)


def grade_open(workbook: OpenWorkbook, as_of: date, progress: Progress = silent) -> GradedFile:
    """Grade the clients of a workbook that is open in a spreadsheet program, and write what the command writes.

    Raises:
        CannotGrade: as for a file; also the program does not let us write. The workbook is as it was then.
    """
    opened = graded_open(workbook, as_of, progress)
    result = opened.result.as_written(opened.titles)
    workbook.write(opened.place, opened.table, result.grading, result.sheets(), opened.titles, progress)
    return result


def renew_open(workbook: OpenWorkbook, as_of: date, kind: str, progress: Progress = silent) -> tuple[GradedFile, int]:
    """Grade the clients of a workbook that is open in a spreadsheet program, and make one sheet of our own anew.

    Args:
        workbook: the workbook.
        as_of: the day for overrides and due dates.
        kind: the kind of the sheet, see :data:`tierxl.sheets.OWN_TITLES`.
        progress: called with what is being done.

    Returns:
        The grading, and how many clients have another tier now than the one that stands beside them.

    Raises:
        CannotGrade: see :func:`grade_open`.
    """
    opened = graded_open(workbook, as_of, progress)
    sheets = [sheet for sheet in opened.result.sheets() if sheet.kind == kind]
    titles = {name: title for name, title in opened.titles.items() if name == kind or title in workbook.titles}
    workbook.write_sheets(sheets, titles, progress)
    return opened.result, _outdated(workbook, opened.place, opened.result)


def graded(as_of: date, read: Read, progress: Progress) -> GradedFile:
    """The grading of clients, with its figures and all issues."""
    count = len(read.table.rows)
    progress("Grading", 0, count)
    cells = nw.from_native(read.table.cells)
    grading = grade(cells, read.policy, as_of, read.table.rows, read.managers, read.table.headers)
    grading.clients.refuse_without_revenue()
    progress("Grading", count, count)
    issues = [with_cell(issue, read.table) for issue in grading.issues]
    issues = [*read.issues, *issues]
    table = read.table
    if table.orders:
        grading = replace(grading, clients=replace(grading.clients, usage=table.orders.usage))
    figures = portfolio(grading)
    return GradedFile(
        grading,
        figures,
        issues,
        unused=read.own.unused,
        left_out=table.left_out,
        orders=table.orders,
        earlier=read.earlier,
    )


def graded_open(workbook: OpenWorkbook, as_of: date, progress: Progress) -> GradedOpen:
    """The grading of the clients of a workbook that is open in a spreadsheet program; nothing is written."""
    progress("Reading", 0, 1)
    own = workbook.settings()
    policy = Policy.with_settings(own.layer)
    choice = ColumnChoice(policy.header_of, settings=workbook.own_sheets().get(settings.KIND, ""))
    table, place = clients_in(workbook, choice=choice)
    refuse_orders(nw.from_native(table.cells, eager_only=True), table.headers, policy)
    read = with_managers(table, policy, managers_in(workbook, table.sheet), own, workbook)
    result = graded(as_of, read, progress).with_past(workbook.past())
    result = replace(result, there=frozenset(workbook.own_sheets()))
    titles = graded_workbook.own_titles(workbook)
    issues = [*result.issues, *_title_issues(workbook, titles, result)]
    return GradedOpen(table, place, replace(result, issues=issues), titles)


def write(
    read: Read,
    target: Path,
    result: GradedFile,
    progress: Progress,
    beside: Sequence[Sheet] = (),
    rewriting: Rewriting | None = None,
    live: bool | None = None,
) -> GradedFile:
    """Write a graded file; a workbook gets the sheets of a grading, and others that are wanted beside them."""
    progress("Writing", 0, 1)
    if target.suffix.lower() in WORKBOOKS:
        is_live = _is_live(read) if live is None else live
        result = _write_workbook(read, target, result, progress, beside, rewriting, is_live)
    elif target.suffix.lower() == CSV:
        cuts = score_cuts(result.grading.policy)
        csv_parquet.write_csv(target, read.table, result.grading.columns.to_native(), cuts)
    else:
        csv_parquet.write_parquet(target, read.table, result.grading.columns.to_native())
    progress("Writing", 1, 1)
    return replace(result, target=target)


def _write_workbook(
    read: Read,
    target: Path,
    result: GradedFile,
    progress: Progress,
    beside: Sequence[Sheet],
    rewriting: Rewriting | None,
    is_live: bool,
) -> GradedFile:
    workbook = read.source.workbook if read.source else None
    team = read.earlier.managers.as_sheet() if read.earlier.managers else None
    beside = [*([team] if team and workbook else []), *map(with_way_back, beside)]
    wanted = OWN_TITLES | {sheet.kind: sheet.title for sheet in beside}
    titles = graded_workbook.own_titles(workbook, wanted)
    past = workbook.past() if workbook else history.Past()
    if read.earlier.past:
        past = past.with_days_of(read.earlier.past)
    result = result.with_past(past).as_written(titles)
    if workbook:
        result = replace(result, there=frozenset(workbook.own_sheets()))
        issues = [*result.issues, *_title_issues(workbook, titles, result, beside)]
        if loses_macros(workbook, target):
            issues.append(Issue("the graded copy lacks the macros of your workbook; the original keeps them"))
        on_checks_sheet = issues
    else:
        result = result.with_team()
        issues = [*result.issues, *cut_texts(read.table)]
        on_checks_sheet = _in_new_sheet(issues, as_new_sheet(read.table))
    sheets = [*replace(result, issues=on_checks_sheet).sheets(), *beside]
    if not is_live and live_sheet.KIND in result.there:
        sheets.append(live_sheet.at_rest())
    unused = result.unused if is_live else None
    graded_workbook.write_workbook(
        target, read.source, read.table, result.grading, sheets, titles, progress, rewriting, team, unused
    )
    return replace(result, issues=issues)


def _is_live(read: Read) -> bool:
    """True where the graded columns of a workbook are formulas of ours."""
    return read.source is not None and graded_workbook.is_live(*read.source)


def _title_issues(
    workbook: ClientWorkbook, titles: Mapping[str, str], result: GradedFile, beside: Sequence[Sheet] = ()
) -> list[Issue]:
    """The issues of the titles that differ from the usual, of the sheets that are made."""
    wanted = OWN_TITLES | {sheet.kind: sheet.title for sheet in beside}
    differing = {kind: title for kind, title in titles.items() if title != wanted[kind]}
    made = {sheet.kind for sheet in (*result.sheets(), *beside)} if differing else set()
    of_made = {kind: title for kind, title in differing.items() if kind in made}
    return graded_workbook.title_issues(workbook, of_made, wanted)


def _outdated(workbook: OpenWorkbook, place: Place, result: GradedFile) -> int:
    """The number of clients with another tier than the one that stands beside them, where there is one."""
    if "Tier" not in place.graded:
        return 0
    grid, column = workbook.grid(place.sheet.title), place.graded["Tier"] - 1
    tiers = zip(result.grading.clients.rows, result.grading.columns["Tier"].to_list(), strict=True)
    return sum(tier != (grid[row - 1][column] if column < len(grid[row - 1]) else None) for row, tier in tiers)


def _in_new_sheet(issues: list[Issue], table: ClientTable) -> list[Issue]:
    """Issues of a CSV or Parquet file, with the address of each cell in the workbook made from it."""
    return [
        issue if issue.row is None else with_cell(replace(issue, row=2 + bisect_left(table.rows, issue.row)), table)
        for issue in issues
    ]
