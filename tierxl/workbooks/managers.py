"""The table of account managers in a workbook, and what is wrong in it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from tierxl.method.issues import CannotGrade, Issue
from tierxl.method.policy import Policy
from tierxl.method.table import cells
from tierxl.method.table.managers import (
    MANAGER_COLUMNS,
    ManagersRead,
    are_manager_headers,
    manager_columns,
    read_managers,
)
from tierxl.sheets import account_managers
from tierxl.sheets.account_managers import TABLE, TITLE
from tierxl.sheets.description import LAST_ROW, Area, Sheet
from tierxl.workbooks.header_rows import HEADER_SEARCH_ROWS, headers_in
from tierxl.workbooks.outline import SheetOutline
from tierxl.workbooks.reading import Line, WithoutValue
from tierxl.workbooks.table import NO_VALUE, OPEN_AND_SAVE, address, letter_at
from tierxl.workbooks.workbook import ClientWorkbook

EXPECTED = f"a header row with the columns {', '.join(MANAGER_COLUMNS)}"


@dataclass(frozen=True)
class ManagerTable:
    """The account managers of a file.

    Attributes:
        headers: the header row.
        lines: the cells below it, a line a person.
        rows: the row of each line in the file, whose first row is 1.
        place: the address of a cell, by its row and the position of its header.
        issues: what is amiss with the cells already.
        sheet, table: the title of their sheet, and the name of the table that they are; "" where there is none.
    """

    headers: Sequence[Any]
    lines: Sequence[Sequence[Any]]
    rows: Sequence[int]
    place: Callable[[int, int], str]
    issues: list[Issue] = field(default_factory=list)
    sheet: str = ""
    table: str = ""

    def read(self, policy: Policy) -> ManagersRead:
        """The account managers, and what is wrong, each issue with the address of its cell."""
        read = read_managers(self.headers, self.lines, self.rows, policy.reading.decimal_mark)
        return replace(read, issues=(*self.issues, *map(self._with_place, read.issues)))

    def on_new_sheet(self) -> "ManagerTable | None":
        """The account managers below each other on a sheet of their own, see :meth:`as_sheet`; None without any."""
        lines = [line for line in self.lines if not all(map(cells.is_blank, line))]
        first = account_managers.HEADER_ROW + 1
        rows = range(first, first + len(lines))

        def place(row: int, column: int) -> str:
            return address(TITLE, letter_at(column), row)

        return replace(self, lines=lines, rows=rows, place=place) if lines else None

    def as_sheet(self) -> Sheet:
        """The sheet of account managers with the cells as they are."""
        return account_managers.describe_list(self.headers, self.lines)

    def _with_place(self, issue: Issue) -> Issue:
        if issue.row is None or issue.column not in self.headers:
            return issue
        return replace(issue, cell=self.place(issue.row, self.headers.index(issue.column)))


def manager_header_row(rows: Sequence[Sequence[object]]) -> int | None:
    """The position of the header row of a table of account managers, among the first rows of a sheet or file."""
    for number, row in enumerate(rows[:HEADER_SEARCH_ROWS]):
        if are_manager_headers(row) and not headers_in(row).are_of_clients:
            return number
    return None


def no_managers(name: str) -> CannotGrade:
    """The error of a file in which account managers are looked for in vain."""
    return CannotGrade(
        f"{name} has no list of account managers: in its first {HEADER_SEARCH_ROWS} rows, give it {EXPECTED}."
    )


def managers_in(workbook: ClientWorkbook, clients: str) -> ManagerTable | None:
    """The account managers on the user's sheet, or in the table, that is called so; None where there is none.

    Args:
        workbook: the workbook; it gets an issue for such a sheet without account managers.
        clients: the sheet with the clients, where they are not looked for.
    """
    users = [sheet for sheet in workbook.sheets if sheet.kind is None and sheet.title != clients]
    named = [sheet for sheet in users if _is_of_managers(sheet)]
    for sheet in named:
        if managers := _managers(workbook, sheet):
            return managers
    for sheet in named[:1]:
        workbook.issues.append(Issue(f"nobody is read from this sheet: it needs {EXPECTED}", cell=sheet.title))
    return None


def only_managers_in(workbook: ClientWorkbook) -> ManagerTable:
    """The account managers of a workbook that holds nothing else to read.

    Raises:
        CannotGrade: there are none.
    """
    for sheet in sorted(workbook.sheets, key=lambda sheet: not _is_of_managers(sheet)):
        if sheet.kind is None and (managers := _managers(workbook, sheet)):
            return managers
    raise no_managers(workbook.name)


def _managers(workbook: ClientWorkbook, sheet: SheetOutline) -> ManagerTable | None:
    """The account managers below the first header row on a sheet that is one of theirs, or in its table."""
    top = workbook.head(sheet.title, HEADER_SEARCH_ROWS)
    at = manager_header_row(top)
    if at is None:
        return None
    left, right, end, name = 1, len(top[at]), None, ""
    for table in sheet.tables:
        if table.area.top == at + 1 and manager_header_row([_within(top[at], table.area)]) == 0:
            left, right, end = table.area.left, table.area.right, table.area.bottom - table.totals_rows
            name = table.name
    span = Area(at + 2, left, LAST_ROW, right)

    def place(row: int, column: int) -> str:
        return address(sheet.title, letter_at(left + column - 1), row)

    headers, issues, lines = [cells.shown(cell) for cell in _within(top[at], span)], [], []
    for row, line in enumerate(islice(workbook.lines(sheet.title), at + 1, end), span.top):
        lines.append([None if type(cell) is WithoutValue else cell for cell in _within(line, span)])
        issues += [
            Issue(
                f"{NO_VALUE}: {OPEN_AND_SAVE}", row, column=headers[column], value=cell.formula, cell=place(row, column)
            )
            for column, cell in enumerate(_within(line, span))
            if type(cell) is WithoutValue and column in manager_columns(headers).values()
        ]
    return ManagerTable(headers, lines, range(span.top, span.top + len(lines)), place, issues, sheet.title, name)


def _is_of_managers(sheet: SheetOutline) -> bool:
    """True if a sheet, or a table on it, is called Account managers."""
    has_table = any(table.name.casefold() == TABLE.casefold() for table in sheet.tables)
    return has_table or sheet.title.casefold() == TITLE.casefold()


def _within(line: Line, area: Area) -> Line:
    """The values of a line between the first and last column of an area."""
    return line[area.left - 1 : area.right]
