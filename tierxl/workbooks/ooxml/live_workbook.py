"""A workbook that grades itself: what its formulas look at, and where."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import polars as pl
from openpyxl.utils import absolute_coordinate

from tierxl.formulas.capacity import MANAGERS
from tierxl.formulas.graded import LiveFormulas
from tierxl.formulas.settings import cell_of
from tierxl.method.issues import Issue
from tierxl.method.rating.grading import Grading
from tierxl.method.table.columns import Kind
from tierxl.method.table.headers import WORKING
from tierxl.method.table.managers import HOURS, NAME, SENIORITY, manager_columns
from tierxl.method.words import counted
from tierxl.sheets import capacity, live, live_capacity, settings
from tierxl.sheets import clients as look
from tierxl.sheets.cells import FIRST_DAY
from tierxl.sheets.description import LAST_ROW, Area, Sheet, Table
from tierxl.sheets.live_capacity import names_of_listed
from tierxl.sheets.live_lists import FEWEST_PRINTED, ROOM
from tierxl.workbooks.graded_inputs import FIRST_DAY_OF_1904, graded_inputs, users_columns
from tierxl.workbooks.layout import Layout
from tierxl.workbooks.live_columns import LiveColumns, escaped, in_formulas, live_columns, wanted
from tierxl.workbooks.managers import managers_in
from tierxl.workbooks.ooxml.cell_range import reference
from tierxl.workbooks.ooxml.drafts import blank_rows
from tierxl.workbooks.ooxml.workbook_file import WorkbookFile
from tierxl.workbooks.outline import Pages, Place
from tierxl.workbooks.table import ClientTable

_AMOUNTS = (Kind.MONEY, Kind.NUMBER, Kind.PERCENT)
_MARK = re.compile(r"[^0-9%\s-]")


def is_live(workbook: WorkbookFile, place: Place) -> bool:
    """True where the tiers of a graded workbook are formulas, with the columns that they take beside them."""
    if not any(name.startswith(WORKING) for name in place.graded):
        return False
    return any(workbook.part(place.sheet.title).formulas([place.graded["Tier"]]))


def texts_of_amounts(table: ClientTable, issues: Iterable[Issue]) -> list[Issue]:
    """An issue for each column with amounts that are written as text, which a grading reads and formulas do not.

    Args:
        table: the clients.
        issues: those that a grading found: what it cannot read either is among them.
    """
    unread = {(issue.row, issue.column) for issue in issues}
    of_texts = []
    for at, column in table.headers.columns.items():
        header, cells = table.headers[at], table.cells.to_series(at).to_list() if column.kind in _AMOUNTS else []
        texts = [
            (row, cell)
            for row, cell in zip(table.rows, cells, strict=False)
            if isinstance(cell, str) and _MARK.search(cell) and (row, header) not in unread
        ]
        if texts:
            (row, cell), others = texts[0], len(texts) - 1
            more = f", like {counted(others, 'more cell')} below it" if others else ""
            message = f"is a text that formulas do not read{more}: make it a number, or they come to another tier"
            of_texts.append(Issue(message, row, column=header, value=cell))
    return of_texts


@dataclass(frozen=True)
class Live:
    """The facts that formulas take beside the grading.

    Attributes:
        unused: the cells of the Settings sheet that cannot be used.
        is_today: whether they follow the calendar, instead of standing by the day of the grading.
    """

    unused: Sequence[settings.Unused] = ()
    is_today: bool = False


@dataclass(frozen=True)
class LiveWorkbook:
    """A workbook that is to grade itself.

    Attributes:
        workbook: the workbook.
        place: where the clients stand.
        table: the clients.
        grading: how they are graded.
        titles: the titles of the sheets of our own, by kind.
        live: what formulas take.
        sheets: the sheets of our own.
    """

    workbook: WorkbookFile
    place: Place
    table: ClientTable
    grading: Grading
    titles: Mapping[str, str]
    live: Live
    sheets: Sequence[Sheet]

    @cached_property
    def formulas(self) -> LiveFormulas:
        """The formulas."""
        services = self._of_settings["services"]
        rows, has_team = services.bottom - services.top + 1, self._managers is not None
        return live_columns(self.table.headers, self.grading.clients.currency, rows, has_team=has_team)

    @property
    def shown(self) -> dict[str, float]:
        """The graded columns and those that their formulas take, with their widths."""
        return look.GRADED_WIDTHS | wanted(self.formulas)

    def with_formulas(self, layout: Layout) -> Layout:
        """A layout of the clients' sheet, with the formulas of its graded columns."""
        place = self.place
        headers = {at: str(header) for at, header in enumerate(place.header_cells, 1)}
        headers |= {column: layout.headers[name] for name, column in layout.columns.items()}
        columns = LiveColumns(
            self.formulas,
            users_columns(place.headers),
            place.columns,
            layout.columns,
            headers,
            place.table.name if place.table else layout.made.name if layout.made else "",
            place.sheet.title,
            place.first,
            place.last,
            self._places,
            "TODAY()" if self.live.is_today else live.formula_of(self.grading.as_of),
        )
        rows = {*self.table.rows, *blank_rows(place, self.table), *place.removed}
        shared = self.workbook.part(place.sheet.title).next_shared(layout.columns.values(), rows)
        return replace(layout, live=columns, shared=shared, pages=layout.pages and _with_room(layout.pages))

    @property
    def inputs(self) -> dict[str, pl.Series]:
        """The columns with what each client was graded by."""
        rows = set(self.table.rows)
        lines = enumerate(self.workbook.lines(self.place.sheet.title), 1)
        inputs = (line for row, line in lines if row in rows)
        users = users_columns(self.place.headers)
        return graded_inputs(
            users, self.grading.as_of, inputs, FIRST_DAY_OF_1904 if self.workbook.since_1904 else FIRST_DAY
        )

    @property
    def _places(self) -> dict[str, str]:
        """The cells of the sheets of our own that formulas look at, by name."""
        of_live, of_settings = (in_formulas(self.titles[kind]) for kind in (live.KIND, settings.KIND))
        of_cells = {
            cell_of(name): f"{of_settings}!{absolute_coordinate(reference(area))}"
            for name, area in self._of_settings.items()
        }
        return live.names(self.formulas, of_live) | of_cells | self._of_team

    @property
    def _of_settings(self) -> dict[str, Area]:
        return settings.places(self.grading.policy, self.live.unused)

    @cached_property
    def _managers(self) -> Table | None:
        """The account managers on the sheet Capacity, where formulas keep it up to date."""
        found = (sheet for sheet in self.sheets if sheet.kind == capacity.KIND and sheet.has_formulas)
        return next((sheet.tables[-1] for sheet in found), None)

    @property
    def _of_team(self) -> dict[str, str]:
        """The cells of the account managers that formulas look at, by name."""
        people = managers_in(self.workbook, self.place.sheet.title) if self._managers else None
        if not self._managers or not people:
            return {}
        of_capacity = in_formulas(self.titles[capacity.KIND])
        places = {MANAGERS: f"{of_capacity}!{names_of_listed(self._managers)}"}
        columns = manager_columns(people.headers)
        names = {live_capacity.NAMES: NAME, live_capacity.SENIORITIES: SENIORITY, live_capacity.HOURS: HOURS}
        first, last = people.rows[0], people.rows[0] + live_capacity.ROOM_FOR_LISTED - 1
        for name, at in ((name, columns[column]) for name, column in names.items() if column in columns):
            cells = [people.place(row, at).rpartition("!")[2] for row in (first, last)]
            of_sheet = f"{in_formulas(people.sheet)}!{absolute_coordinate(':'.join(cells))}"
            places[name] = f"{people.table}[{escaped(people.headers[at])}]" if people.table else of_sheet
        return places


def _with_room(pages: Pages) -> Pages:
    """The pages of the clients' sheet with some rows for those who are added: blank rows come out as empty pages."""
    bottom = min(max(pages.area.bottom + ROOM, FEWEST_PRINTED), LAST_ROW)
    return replace(pages, area=replace(pages.area, bottom=bottom))
