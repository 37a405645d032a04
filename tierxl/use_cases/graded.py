"""A grading of clients that were read, with its figures, its issues, and the sheets of our own that show it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import narwhals as nw

from tierxl.method.issues import Issue
from tierxl.method.plan.capacity import capacity, team_of
from tierxl.method.plan.portfolio import Portfolio, portfolio
from tierxl.method.plan.suitability import suitability
from tierxl.method.progress import Progress
from tierxl.method.rating.grading import Grading, grade
from tierxl.method.table.orders import Orders
from tierxl.method.table.rows import LeftOut
from tierxl.sheets import history, settings
from tierxl.sheets.description import Sheet
from tierxl.sheets.graded_workbook import OWN_TITLES, own_sheets
from tierxl.use_cases.earlier_output import NO_OUTPUT, EarlierOutput
from tierxl.use_cases.read import Read, with_cell
from tierxl.workbooks import own_sheets as titles_of
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
        was_graded: whether the clients stand in a workbook with graded columns of an earlier grading.
        is_live: whether formulas keep the graded columns up to date, those of an open workbook as well.
        has_team: whether the workbook lists the account managers that the grading knows.
        is_today: whether formulas follow the calendar, instead of standing by the day of the grading.
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
    was_graded: bool = False
    is_live: bool = False
    has_team: bool = False
    is_today: bool = False

    def sheets(self) -> list[Sheet]:
        """The sheets of our own."""
        issues = [*self.issues, *(row.issue for row in self.left_out)]
        return own_sheets(
            self.grading,
            self.portfolio,
            issues,
            self.past,
            self.unused,
            self.there,
            is_live=self.is_live,
            has_team=self.has_team,
        )

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
        was_graded=bool(read.source and table.headers.graded),
    )


def title_issues(
    workbook: ClientWorkbook, titles: Mapping[str, str], result: GradedFile, beside: Sequence[Sheet] = ()
) -> list[Issue]:
    """The issues of the titles that differ from the usual, of the sheets that are made."""
    wanted = OWN_TITLES | {sheet.kind: sheet.title for sheet in beside}
    differing = {kind: title for kind, title in titles.items() if title != wanted[kind]}
    made = {sheet.kind for sheet in (*result.sheets(), *beside)} if differing else set()
    of_made = {kind: title for kind, title in differing.items() if kind in made}
    return titles_of.title_issues(workbook, of_made, wanted)
