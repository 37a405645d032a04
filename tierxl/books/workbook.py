"""A workbook whose clients are to be graded: where they stand in it, whatever it was read from."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
from openpyxl import Workbook
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.table import Table as ExcelTable
from openpyxl.worksheet.worksheet import Worksheet

from tierxl.books.table import ClientTable, best_header_row, column_of, header_row
from tierxl.method import cells
from tierxl.method.clients import refuse_mixed_currencies
from tierxl.method.columns import Kind, graded_name, graded_positions, recognised
from tierxl.method.issues import CannotGrade, Issue
from tierxl.sheets import settings
from tierxl.sheets.clients import TABLE as CLIENTS_TABLE
from tierxl.sheets.clients import TITLE as CLIENTS_SHEET

MARK = "_tierxl"
"""The hidden name, scoped to a sheet, by which a later grading knows a sheet of ours; its value is the sheet's kind."""

Grid = list[list[Any]]
"""The values of a sheet, row by row from its first cell; None for a blank, the text of an error such as #N/A."""

_MOST_CELLS = 60_000_000


@dataclass(frozen=True)
class Place:
    """Where the clients stand in a workbook.

    Attributes:
        sheet: the sheet.
        table: the table of the workbook that they are, if they are one.
        header_row: the row of the headers.
        columns: the column of each header of the user's.
        graded: the column of each graded column of an earlier grading.
        first, last: the first and last row of clients.
        bottom: the last row in which there may be clients.
        left, right: the first and last column of the table, the graded columns included.
        fixed_heights: the rows whose height the user has set.
    """

    sheet: Worksheet
    table: ExcelTable | None
    header_row: int
    columns: list[int]
    graded: dict[str, int]
    first: int
    last: int
    bottom: int
    left: int
    right: int
    fixed_heights: frozenset[int] = frozenset()


class ClientWorkbook(ABC):
    """A workbook of the user's, opened to be read and graded.

    Attributes:
        name: what the user calls it.
        book: its sheets, with the tables and the marks of our own sheets.
        issues: what a user should mend in it.
    """

    def __init__(self, name: str, book: Workbook) -> None:
        self.name = name
        self.book = book
        self.issues: list[Issue] = []
        self._grids: dict[str, Grid] = {}

    @abstractmethod
    def read_grid(self, title: str) -> Grid:
        """Read the values of a sheet."""

    @abstractmethod
    def formats(self, title: str, rows: Sequence[int], column: int) -> list[str]:
        """The number formats of some cells of a column."""

    @abstractmethod
    def formula(self, title: str, row: int, column: int) -> str | None:
        """The formula of a cell without a value, if it has one."""

    @abstractmethod
    def fixed_heights(self, title: str) -> frozenset[int]:
        """The rows of a sheet whose height is not to be changed."""

    def own_sheets(self) -> dict[str, str]:
        """The sheets that an earlier grading made: kind to title. A copy that the user made of one is the user's."""
        found: dict[str, list[str]] = {}
        for sheet in self.book.worksheets:
            kind = kind_of(sheet)
            if kind:
                found.setdefault(kind, []).append(sheet.title)
        return {
            kind: next((title for title in titles if title.casefold().startswith(kind)), titles[0])
            for kind, titles in found.items()
        }

    def settings(self) -> settings.SettingsRead:
        """What our Settings sheet says, if there is one."""
        title = self.own_sheets().get(settings.KIND)
        return settings.read(self.grid(title), title) if title else settings.SettingsRead({}, [])

    def clients(self, name: str | None = None) -> tuple[ClientTable, Place]:
        """Find and read the clients.

        Args:
            name: the table or sheet that holds them; by default the table or sheet Clients, else the first sheet
                whose first rows have a header row with a client and a revenue column.

        Raises:
            CannotGrade: there is no such table or sheet, or nothing that looks like a list of clients.
        """
        sheet, table = self._found(name)
        grid = self.grid(sheet.title)
        if table is not None:
            left, top, right, bottom = range_boundaries(table.ref)
            header = top - 1
            body_end = bottom - (table.totalsRowCount or 0)
        else:
            header = best_header_row(grid)
            left, right, body_end = 1, max((len(row) for row in grid), default=1), len(grid)
        return self._read(sheet, table, grid, header, left, right, body_end)

    def grid(self, title: str) -> Grid:
        """The values of a sheet; each sheet is read once."""
        if title not in self._grids:
            self._grids[title] = self.read_grid(title)
        return self._grids[title]

    def _read(
        self, sheet: Worksheet, table: ExcelTable | None, grid: Grid,
        header: int, left: int, right: int, body_end: int,
    ) -> tuple[ClientTable, Place]:  # fmt: skip
        top_row = [*grid[header], *[None] * right] if header < len(grid) else [None] * right
        span = [at for at in range(left - 1, right) if table is not None or not cells.is_blank(top_row[at])]
        # Where the user has cells right of a table, the graded columns of an earlier grading stand beyond them.
        span += [at for at in range(right, len(top_row)) if graded_name(top_row[at]) is not None]
        all_headers = [cells.shown(top_row[at]) for at in span]
        ours = graded_positions(all_headers)
        kept = [at for place, at in enumerate(span) if place not in ours]
        headers = [all_headers[place] for place in range(len(span)) if place not in ours]
        numbers: list[int] = []
        columns: list[list[Any]] = [[] for _ in kept]
        for number, row in enumerate(grid[header + 1 : body_end], header + 2):
            line = [row[at] if at < len(row) and not cells.is_blank(row[at]) else None for at in kept]
            if any(value is not None for value in line):
                numbers.append(number)
                for column, value in zip(columns, line, strict=True):
                    column.append(value)
        self._look_at_formats(sheet.title, numbers, kept, headers, columns)
        frame = pl.DataFrame([column_of(column).alias(f"c{at}") for at, column in enumerate(columns)])
        clients = Place(
            sheet,
            table,
            header_row=header + 1,
            columns=[at + 1 for at in kept],
            graded={name: span[at] + 1 for at, name in ours.items()},
            first=header + 2,
            last=max([header + 2, *numbers]),
            bottom=max(header + 2, body_end),
            left=span[0] + 1 if span else 1,
            right=min(span[-1] + 1, right) if span else 1,
            fixed_heights=self.fixed_heights(sheet.title),
        )
        letters = [get_column_letter(at + 1) for at in kept]
        return ClientTable(headers, frame, numbers, letters, sheet.title), clients

    def _look_at_formats(
        self, title: str, rows: list[int], kept: list[int], headers: list[str], columns: list[list[Any]]
    ) -> None:
        """Read what only formats and formulas say: leading zeros, currencies, formulas without a value.

        Raises:
            CannotGrade: amounts of one column are formatted in more than one currency.
        """
        for at, header, column in zip(kept, headers, columns, strict=True):
            known = recognised(header)
            if known is None:
                continue
            for place, value in enumerate(column):
                formula = self.formula(title, rows[place], at + 1) if value is None else None
                if formula is not None:
                    message = "is a formula without a value: mend it, or open the file in Excel and save it"
                    self.issues.append(Issue(message, row=rows[place], column=header, value=formula))
            if known.field == "client_id":
                formats = self.formats(title, rows, at + 1)
                column[:] = [_with_zeros(value, shown) for value, shown in zip(column, formats, strict=True)]
            elif known.kind == Kind.MONEY:
                filled = [place for place, value in enumerate(column) if value is not None]
                formats = self.formats(title, [rows[place] for place in filled], at + 1)
                shown = zip((column[place] for place in filled), formats, strict=True)
                refuse_mixed_currencies(header, {cells.currency_of(*amount) for amount in shown})

    def _found(self, name: str | None) -> tuple[Worksheet, ExcelTable | None]:
        own = set(self.own_sheets().values())
        sheets = [sheet for sheet in self.book.worksheets if sheet.title not in own]
        tables = [(sheet, table) for sheet in sheets for table in sheet.tables.values()]
        wanted = (name or CLIENTS_TABLE).casefold()
        for sheet, table in tables:
            if table.displayName.casefold() == wanted:
                return sheet, table
        for sheet in sheets:
            if sheet.title.casefold() == (name or CLIENTS_SHEET).casefold():
                return sheet, self._table_of_clients(sheet)
        if name is not None:
            there = [table.displayName for _, table in tables] + [sheet.title for sheet in sheets]
            raise CannotGrade(f'{self.name} has no table or sheet "{name}": it has {", ".join(there)}.')
        for sheet in sheets:
            if header_row(self.grid(sheet.title)) is not None:
                return sheet, self._table_of_clients(sheet)
        raise CannotGrade(
            f"{self.name} has no list of clients: no sheet has, in its first 20 rows, "
            "a header row with a Client and a Revenue column."
        )

    def _table_of_clients(self, sheet: Worksheet) -> ExcelTable | None:
        """The table that a sheet's clients are, if its header row is that of a table."""
        grid = self.grid(sheet.title)
        for table in sheet.tables.values():
            left, top, right, _ = range_boundaries(table.ref)
            headers = grid[top - 1][left - 1 : right] if top <= len(grid) else []
            if header_row([headers]) is not None:
                return table
        return None


def refuse_too_many_cells(title: str, rows: int, columns: int) -> None:
    """Refuse a sheet that cannot be read in a reasonable time.

    Raises:
        CannotGrade: the sheet is too large.
    """
    if rows * columns > _MOST_CELLS:
        raise CannotGrade(f'The sheet "{title}" is too large: remove cells far right of or below the clients.')


def kind_of(sheet: Worksheet) -> str | None:
    """The kind of a sheet of ours; None for a sheet of the user's."""
    name = sheet.defined_names.get(MARK)
    return str(name.value).strip('"') if name is not None else None


def mark(sheet: Worksheet, kind: str) -> None:
    """Mark a sheet as ours."""
    sheet.defined_names[MARK] = DefinedName(MARK, attr_text=f'"{kind}"', hidden=True)


def _with_zeros(value: Any, shown: str) -> Any:
    """An identifier with the leading zeros that its number format shows."""
    if not isinstance(value, float) or not value.is_integer():
        return value
    return str(int(value)).zfill(len(shown)) if set(shown) == {"0"} else value
