"""A workbook whose clients are to be graded: where they stand in it, whatever it was read from."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import compress, islice
from typing import Any

import polars as pl
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.worksheet import Worksheet

from tierxl.method.issues import CannotGrade, Issue
from tierxl.method.table import cells
from tierxl.method.table.columns import Kind
from tierxl.method.table.headers import Headers, is_graded_name
from tierxl.method.table.kinds import refuse_mixed_currencies
from tierxl.method.table.managers import manager_columns
from tierxl.sheets import OWN_TITLES, history, settings
from tierxl.sheets.account_managers import TABLE as MANAGERS_TABLE
from tierxl.sheets.account_managers import TITLE as MANAGERS_SHEET
from tierxl.sheets.cells import column_of
from tierxl.sheets.clients import TABLE as CLIENTS_TABLE
from tierxl.sheets.clients import TITLE as CLIENTS_SHEET
from tierxl.sheets.description import LAST_ROW, Area
from tierxl.sheets.own_sheet import own_title
from tierxl.workbooks.managers import EXPECTED, ManagerTable, manager_header_row, no_managers, sheet_place
from tierxl.workbooks.reading import (
    ClientsReading,
    Line,
    WithoutValue,
    clients_below,
    currencies,
    filled_right_of,
    joined,
)
from tierxl.workbooks.table import HEADER_SEARCH_ROWS, NO_VALUE, ClientTable, letter_at, likely_header_row

MARK = "_tierxl"
"""The hidden name, scoped to a sheet, by which a later grading knows a sheet of ours; its value is the sheet's kind."""


@dataclass(frozen=True)
class TableOutline:
    """A table of a workbook: its name, and its area with the header row and the totals rows."""

    name: str
    area: Area
    totals_rows: int = 0


@dataclass(frozen=True)
class SheetOutline:
    """A sheet with cells: its title, its kind where it is one of ours, and its tables."""

    title: str
    kind: str | None = None
    tables: tuple[TableOutline, ...] = ()


@dataclass(frozen=True)
class Surroundings:
    """What stands on the clients' sheet beside its cells.

    Attributes:
        merged: the areas that are merged to one cell.
        validated: the areas that offer or allow only some values.
        drawn: the cells in which something is drawn, such as a sparkline.
        formulas: the columns right of the clients that have formulas beside them, whatever these come to.
        has_filter: whether the sheet has a filter of its own.
        has_custom_views: whether the sheet has views with names, which Excel bars where there is a table.
        is_frozen: whether the sheet's panes are frozen or split.
        widths: the columns whose width is set, in characters.
        fixed_heights: the rows whose height is not to be changed.
        vertical: where the clients' names stand in their cells: top, center or bottom.
    """

    merged: Sequence[Area] = ()
    validated: Sequence[Area] = ()
    drawn: Sequence[Area] = ()
    formulas: frozenset[int] = frozenset()
    has_filter: bool = False
    has_custom_views: bool = False
    is_frozen: bool = False
    widths: dict[int, float] = field(default_factory=dict)
    fixed_heights: frozenset[int] = frozenset()
    vertical: str = "bottom"


@dataclass(frozen=True)
class Place:
    """Where the clients stand in a workbook.

    Attributes:
        sheet: the outline of the sheet.
        table: the table of the workbook that they are, if they are one.
        header_row: the row of the headers.
        header_cells: the values of that row, from the first column on.
        headers: the user's headers.
        first, last: the first and last row of clients.
        bottom: the last row in which there may be clients.
        left, right: the first and last column of the table, the graded columns included.
        filled: the columns right of the clients that have cells beside them.
        gone: the rows whose client the user has taken out since the earlier grading.
    """

    sheet: SheetOutline
    table: TableOutline | None
    header_row: int
    header_cells: Line
    headers: Headers
    first: int
    last: int
    bottom: int
    left: int
    right: int
    filled: frozenset[int] = frozenset()
    gone: Sequence[int] = ()

    @property
    def columns(self) -> list[int]:
        """The column of each of the user's headers."""
        return [at + 1 for at in self.headers.places]

    @property
    def graded(self) -> dict[str, int]:
        """The column of each graded column of an earlier grading."""
        return {name: at + 1 for name, at in self.headers.graded.items()}


@dataclass(frozen=True)
class _ClientList:
    """A list of clients on a sheet: the number and the cells of its header row, and its headers."""

    sheet: SheetOutline
    table: TableOutline | None
    row: int
    header_cells: Line
    headers: Headers


class ClientWorkbook(ABC):
    """A workbook of the user's, opened to be read and graded.

    Attributes:
        name: what the user calls it.
        sheets: its sheets with cells, in their order.
        titles: the titles of all its sheets, those that are charts included, in their order.
        names: the names of cells and tables that are taken, in lower case: Excel tells names apart regardless.
        issues: what a user should mend in it.
    """

    def __init__(self, name: str, sheets: Sequence[SheetOutline], titles: Sequence[str], names: set[str]) -> None:
        self.name = name
        self.sheets = sheets
        self.titles = titles
        self.names = names | {table.name.casefold() for sheet in sheets for table in sheet.tables}
        self.issues = [*self._unread_copies(settings.KIND), *self._unread_copies(history.KIND)]

    @abstractmethod
    def lines(self, title: str, without: Collection[int] = ()) -> Iterator[Line]:
        """The values of a sheet, row by row from its first row; those of some columns are not needed."""

    @abstractmethod
    def formats(self, title: str, cells: Mapping[int, Sequence[int]]) -> dict[int, list[str]]:
        """The number formats of some cells: for each column, those of some rows."""

    @abstractmethod
    def surroundings(self, place: Place, name_column: int) -> Surroundings:
        """What stands on the clients' sheet beside its cells, for clients with their names in a column."""

    def own_sheets(self) -> dict[str, str]:
        """The sheets of ours, which an earlier grading made: kind to title. See :mod:`tierxl.sheets.own_sheet`."""
        kinds = {sheet.title: sheet.kind for sheet in self.sheets if sheet.kind}
        titles = {kind: own_title(kind, kinds, kinds.get) for kind in kinds.values()}
        return {kind: title for kind, title in titles.items() if title is not None}

    def settings(self) -> settings.SettingsRead:
        """What our Settings sheet says, if there is one."""
        title = self.own_sheets().get(settings.KIND)
        return settings.read(list(self.lines(title)), title) if title else settings.SettingsRead({}, [])

    def past(self) -> history.Past:
        """What our History sheet holds, if there is one.

        Raises:
            CannotGrade: its headers are gone.
        """
        title = self.own_sheets().get(history.KIND)
        return history.read(self.lines(title), title) if title else history.no_past()

    def _unread_copies(self, kind: str) -> list[Issue]:
        """The sheets of a kind that are copies by their titles, which nobody should take for ours."""
        title = OWN_TITLES[kind]
        return [
            Issue(
                f"is called like a copy of {title}, so it is yours, and is not read. To use it, delete {title}, give "
                "its name to this sheet, and grade again",
                cell=sheet.title,
            )
            for sheet in self.sheets
            if sheet.kind == kind and sheet.title != self.own_sheets().get(kind)
        ]

    def clients(self, name: str | None = None) -> tuple[ClientTable, Place]:
        """Find and read the clients.

        Args:
            name: the table or sheet that holds them; by default the table or sheet Clients, else the first sheet
                whose first rows have a header row with a client and a revenue column.

        Raises:
            CannotGrade: there is no such table or sheet, or nothing that looks like a list of clients.
        """
        return self._read(self._found(name))

    def managers(self, clients: str) -> ManagerTable | None:
        """Find and read the account managers on the user's sheet, or in the table, that is called so; else None.

        Args:
            clients: the sheet with the clients, where they are not looked for.
        """
        users = [sheet for sheet in self.sheets if sheet.kind is None and sheet.title != clients]
        named = [sheet for sheet in users if _is_of_managers(sheet)]
        for sheet in named:
            found = self._managers(sheet)
            if found:
                return found
        for sheet in named[:1]:
            self.issues.append(Issue(f"nobody is read from this sheet: it needs {EXPECTED}", cell=sheet.title))
        return None

    def only_managers(self) -> ManagerTable:
        """The account managers of a workbook that is given for their sake.

        Raises:
            CannotGrade: there are none.
        """
        for sheet in sorted(self.sheets, key=lambda sheet: not _is_of_managers(sheet)):
            found = self._managers(sheet) if sheet.kind is None else None
            if found:
                return found
        raise no_managers(self.name)

    def _managers(self, sheet: SheetOutline) -> ManagerTable | None:
        top = self.head(sheet.title, HEADER_SEARCH_ROWS)
        at = manager_header_row(top)
        if at is None:
            return None
        left, right, end = 1, len(top[at]), None
        for table in sheet.tables:
            if table.area.top == at + 1 and manager_header_row([_within(top[at], table.area)]) == 0:
                left, right, end = table.area.left, table.area.right, table.area.bottom - table.totals_rows
        span = Area(at + 2, left, LAST_ROW, right)
        place = sheet_place(sheet.title, [get_column_letter(number) for number in range(left, right + 1)])
        headers, issues, lines = [cells.shown(cell) for cell in _within(top[at], span)], [], []
        for row, line in enumerate(islice(self.lines(sheet.title), at + 1, end), span.top):
            lines.append([None if type(cell) is WithoutValue else cell for cell in _within(line, span)])
            issues += [
                Issue(NO_VALUE, row, column=headers[column], value=cell.formula, cell=place(row, column))
                for column, cell in enumerate(_within(line, span))
                if type(cell) is WithoutValue and column in manager_columns(headers).values()
            ]
        return ManagerTable(headers, lines, range(span.top, span.top + len(lines)), place, issues)

    def head(self, title: str, count: int) -> list[Line]:
        """The values of the first rows of a sheet."""
        return list(islice(self.lines(title), count))

    def _read(self, found: _ClientList) -> tuple[ClientTable, Place]:
        sheet, table, headers = found.sheet, found.table, found.headers
        first, end = found.row + 1, table.area.bottom - table.totals_rows if table else None
        span = sorted((*headers.places, *headers.graded.values()))
        right = table.area.right if table else max(span, default=0) + 1
        header_cells = [*found.header_cells, *[None] * (right - len(found.header_cells))]
        tier = headers.graded.get("Tier")
        reading = ClientsReading([at + 1 for at in headers.places], None if tier is None else tier + 1, right)
        lines = self.lines(sheet.title, {at + 1 for at in headers.graded.values() if at != tier})
        reading.read(islice(lines, found.row, end), first)
        if table is not None:
            below = islice(lines, table.totals_rows, None)
            self.issues += clients_below(table.name, table.area.bottom + 1, headers, reading.numbers, below)
        columns = self._with_formats(sheet.title, reading, headers)
        letters = [letter_at(at) for at in headers.places]
        frame = pl.DataFrame([column.alias(f"c{at}") for at, column in enumerate(columns)])
        clients = ClientTable(headers, frame, reading.rows, letters, sheet.title).without_footer()
        last = max([first, *clients.rows[-1:]])
        filled = {number for number, row in reading.filled.items() if row <= last}
        place = Place(
            sheet,
            table,
            header_row=found.row,
            header_cells=header_cells,
            headers=headers,
            first=first,
            last=last,
            bottom=max(first, reading.bottom),
            left=min(span, default=0) + 1,
            right=right,
            filled=frozenset(filled | filled_right_of(header_cells, right)),
            gone=reading.gone,
        )
        return clients, place

    def _with_formats(self, title: str, reading: ClientsReading, headers: Headers) -> list[pl.Series]:
        """The columns with what only formats and formulas say: leading zeros, currencies, formulas without a value.

        Raises:
            CannotGrade: amounts of one column are formatted in more than one currency.
        """
        columns = {number: joined(column) for number, column in zip(reading.numbers, reading.columns, strict=True)}
        columns_known = {reading.numbers[at]: column for at, column in headers.columns.items()}
        for number, header in zip(reading.numbers, headers, strict=True):
            if number in columns_known:
                self.issues += [
                    Issue(NO_VALUE, row=row, column=header, value=formula)
                    for row, at, formula in reading.without_value
                    if at == number
                ]
        identifiers = [number for number, column in columns_known.items() if column.field == "client_id"]
        amounts = [number for number, column in columns_known.items() if column.kind == Kind.MONEY]
        filled = {
            number: list(compress(reading.rows, columns[number].is_not_null()))
            for number in (*identifiers, *amounts)
            if columns[number].dtype != pl.String
        }
        formats = self.formats(title, filled)
        for number in identifiers:
            shown = dict(zip(filled.get(number, ()), formats.get(number, ()), strict=True))
            if shown:
                values = zip(columns[number].to_list(), reading.rows, strict=True)
                columns[number] = column_of([_with_zeros(value, shown.get(row, "")) for value, row in values])
        for number in amounts:
            header = headers[reading.numbers.index(number)]
            refuse_mixed_currencies(header, currencies(columns[number], formats.get(number, [])))
        return list(columns.values())

    def _found(self, name: str | None) -> _ClientList:
        own = set(self.own_sheets().values())
        sheets = [sheet for sheet in self.sheets if sheet.title not in own]
        tables = [(sheet, table) for sheet in sheets for table in sheet.tables]
        wanted = (name or CLIENTS_TABLE).casefold()
        for sheet, table in tables:
            if table.name.casefold() == wanted:
                return self._in_table(sheet, table)
        for sheet in sheets:
            if sheet.title.casefold() == (name or CLIENTS_SHEET).casefold():
                return self._on_sheet(sheet)
        if name is not None:
            there = [table.name for _, table in tables] + [sheet.title for sheet in sheets]
            raise CannotGrade(f'{self.name} has no table or sheet "{name}": it has {", ".join(there)}.')
        others = []
        for sheet in sheets:
            if sheet.kind is None:
                found = self._on_sheet(sheet)
                if found.headers.are_of_clients:
                    return found
                others.append(found)
        raise CannotGrade(
            f"{self.name} has no list of clients: no sheet has, in its first 20 rows, "
            f"a header row with a Client and a Revenue column.{_did_you_mean(others)}"
        )

    def _on_sheet(self, sheet: SheetOutline) -> _ClientList:
        """The list of clients of a sheet: its table of clients if it has one, else below its likeliest header row."""
        for table in sheet.tables:
            found = self._in_table(sheet, table)
            if found.headers.are_of_clients:
                return found
        rows = self.head(sheet.title, HEADER_SEARCH_ROWS)
        at, headers = likely_header_row(rows)
        return _ClientList(sheet, None, at + 1, rows[at] if rows else (), headers)

    def _in_table(self, sheet: SheetOutline, table: TableOutline) -> _ClientList:
        """The list of clients of a table. Where the user has cells right of it, graded columns may stand beyond."""
        area = table.area
        line = next(iter(self.head(sheet.title, area.top)[area.top - 1 :]), ())
        texts = [cells.shown(cell) for cell in line] + [""] * (area.right - len(line))
        beyond = [at for at in range(area.right, len(texts)) if is_graded_name(texts[at])]
        headers = Headers.of(texts, [*range(area.left - 1, area.right), *beyond], letter_at)
        return _ClientList(sheet, table, area.top, line, headers)


def _did_you_mean(lists: Sequence[_ClientList]) -> str:
    """A sentence on the first list with a slip in the header of a required column; "" if there is none."""
    for found in lists:
        headers = found.headers
        meant = [
            f'"{headers[at]}" ({letter_at(headers.places[at])}) for {column.name}'
            for at, column in headers.likely_misspelt.items()
            if column.required
        ]
        if meant:
            return f' Did you mean, on the sheet "{found.sheet.title}", {", ".join(meant)}?'
    return ""


def _is_of_managers(sheet: SheetOutline) -> bool:
    """Whether a sheet, or a table on it, is called Account managers."""
    has_table = any(table.name.casefold() == MANAGERS_TABLE.casefold() for table in sheet.tables)
    return has_table or sheet.title.casefold() == MANAGERS_SHEET.casefold()


def _within(line: Line, area: Area) -> Line:
    """The values of a line between the first and last column of an area."""
    return line[area.left - 1 : area.right]


def mark(sheet: Worksheet, kind: str) -> None:
    """Mark a sheet as ours."""
    sheet.defined_names[MARK] = DefinedName(MARK, attr_text=f'"{kind}"', hidden=True)


def kind_of(value: str | None) -> str | None:
    """The kind of a sheet of ours, by the value of its mark; None for a sheet of the user's."""
    return value.strip('="') if value is not None else None


def _with_zeros(value: Any, shown: str) -> Any:
    """An identifier with the leading zeros that its number format shows."""
    if not isinstance(value, float) or not value.is_integer():
        return value
    return str(int(value)).zfill(len(shown)) if set(shown) == {"0"} else value
