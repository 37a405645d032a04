"""The use cases on a workbook that is open in a spreadsheet program: grading it, and what is asked of its grading.

They wait for nothing that only files need, since a button does.
"""

from dataclasses import dataclass, replace
from datetime import date

import narwhals as nw

from tierxl.method.issues import CannotGrade
from tierxl.method.plan.assignment import Proposal, propose
from tierxl.method.policy import Policy
from tierxl.method.progress import Progress, silent
from tierxl.method.rating.explanation import Explanation, explanation_at, explanations
from tierxl.method.table.cells import shown
from tierxl.method.table.headers import ColumnChoice
from tierxl.method.table.orders import refuse_orders
from tierxl.sheets import assignments, live, settings, summary
from tierxl.sheets.graded_workbook import with_way_back
from tierxl.use_cases.graded import GradedFile, graded, title_issues
from tierxl.use_cases.read import with_managers
from tierxl.workbooks.client_list import clients_in
from tierxl.workbooks.managers import managers_in
from tierxl.workbooks.open_workbook import OpenWorkbook
from tierxl.workbooks.outline import Place
from tierxl.workbooks.own_sheets import own_titles
from tierxl.workbooks.table import ClientTable


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


def grade_open(workbook: OpenWorkbook, as_of: date, progress: Progress = silent) -> GradedFile:
    """Grade the clients of a workbook that is open in a spreadsheet program, and write what the command writes.

    Raises:
        CannotGrade: as for a file; also the program does not let us write. The workbook is as it was then.
    """
    opened = graded_open(workbook, as_of, progress)
    result = opened.result.as_written(opened.titles)
    is_live, sheets = workbook.is_live(opened.place), result.sheets()
    if not is_live and live.KIND in result.there:
        sheets.append(live.at_rest())
    workbook.write(opened.place, opened.table, result.grading, sheets, opened.titles, progress)
    return replace(result, is_live=is_live)


def renew_open(workbook: OpenWorkbook, as_of: date, kind: str, progress: Progress = silent) -> tuple[GradedFile, int]:
    """Grade the clients of a workbook that is open in a spreadsheet program, and make one sheet of our own anew.

    A sheet that formulas keep up to date as a whole stays as it is.

    Args:
        workbook: the workbook.
        as_of: the day for overrides and due dates.
        kind: the kind of the sheet, see :data:`tierxl.sheets.graded_workbook.OWN_TITLES`.
        progress: called with what is being done.

    Returns:
        The grading, and how many clients have another tier now than the one that stands beside them.

    Raises:
        CannotGrade: see :func:`grade_open`.
    """
    opened = graded_open(workbook, as_of, progress)
    sheets = [sheet for sheet in opened.result.sheets() if sheet.kind == kind]
    titles = {name: title for name, title in opened.titles.items() if name == kind or title in workbook.titles}
    is_live = workbook.is_live(opened.place)
    if not (is_live and workbook.follows(kind)):
        workbook.write_sheets(sheets, titles, progress)
    result = replace(opened.result, is_live=is_live)
    return result, _outdated(workbook, opened.place, result)


def explain_open(workbook: OpenWorkbook, as_of: date, sheet: str, row: int) -> Explanation:
    """Why the client in a row has its tier: a row of the clients, or of another sheet that begins with their names.

    Raises:
        CannotGrade: as for grading; also there is no client in that row.
    """
    opened = graded_open(workbook, as_of, silent)
    table, grading = opened.table, opened.result.grading
    if sheet == table.sheet and row in table.rows:
        return explanation_at(list(table.rows).index(row), grading)
    grid = workbook.grid(sheet) if sheet != table.sheet else []
    name = shown(grid[row - 1][0]) if row <= len(grid) else ""
    if not name:
        raise CannotGrade(
            "Select a cell in the row of a client first, on the clients' sheet or where a row begins with its name."
        )
    return explanations(grading, name)[0]


def assign_open(workbook: OpenWorkbook, as_of: date, progress: Progress = silent) -> Proposal:
    """Propose who should serve whom in a workbook that is open in a spreadsheet program, on the sheet Assignments.

    Raises:
        CannotGrade: see :func:`grade_open` and :func:`assign_file`.
    """
    grading = graded_open(workbook, as_of, progress).result.grading
    proposal = propose(grading)
    sheet = assignments.describe(proposal, grading)
    titles = own_titles(workbook, {assignments.KIND: assignments.TITLE})
    if summary.KIND in workbook.own_sheets():
        sheet, titles[summary.KIND] = with_way_back(sheet), workbook.own_sheets()[summary.KIND]
    workbook.write_sheets([sheet], titles, progress)
    return proposal


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
    titles = own_titles(workbook)
    issues = [*result.issues, *title_issues(workbook, titles, result)]
    return GradedOpen(table, place, replace(result, issues=issues), titles)


def _outdated(workbook: OpenWorkbook, place: Place, result: GradedFile) -> int:
    """The number of clients with another tier than the one that stands beside them, where there is one."""
    if "Tier" not in place.graded:
        return 0
    grid, column = workbook.grid(place.sheet.title), place.graded["Tier"] - 1
    tiers = zip(result.grading.clients.rows, result.grading.columns["Tier"].to_list(), strict=True)
    return sum(tier != (grid[row - 1][column] if column < len(grid[row - 1]) else None) for row, tier in tiers)
