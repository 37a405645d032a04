"""A workbook that is open in Excel, through xlwings' cross-platform object model.

It is read in blocks. What a grading changes in it is made in a workbook in memory, by the code that writes files, and
then carried over by Excel itself: so a file and an open workbook get the same columns, sheets and formats.
"""

import sys
from collections.abc import Iterable, Sequence
from typing import Any

import xlwings as xw
from openpyxl import Workbook
from openpyxl.styles import Alignment
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table as ExcelTable
from openpyxl.worksheet.table import TableColumn

from tierxl.books.carry_over import GradedColumns, carry_over
from tierxl.books.file import new_workbook
from tierxl.books.graded import Progress, client_column, paint_columns, paint_sheets
from tierxl.books.paint import put, reference
from tierxl.books.table import ClientTable
from tierxl.books.workbook import MARK, ClientWorkbook, Grid, Place, mark, refuse_too_many_cells
from tierxl.method import cells
from tierxl.method.columns import recognised
from tierxl.method.grading import Grading
from tierxl.method.issues import Issue
from tierxl.sheets import OWN_TITLES, settings
from tierxl.sheets.clients import INPUT_CHOICES
from tierxl.sheets.description import Area, Sheet

_MOST_FORMATS = 2_000
"""How often a column is asked for its number formats."""


def settings_of(book: xw.Book) -> settings.SettingsRead:
    """What the Settings sheet of an open workbook says, if it has one of ours."""
    sheet = own_sheet(book, settings.KIND)
    return settings.read(_values(sheet), sheet.name) if sheet else settings.SettingsRead({}, [])


def own_sheet(book: xw.Book, kind: str) -> xw.Sheet | None:
    """The sheet of ours of a kind; the one that still has its own title, where the user has copied it."""
    titled = [sheet for sheet in book.sheets if sheet.name.casefold() == OWN_TITLES[kind].casefold()]
    return next((sheet for sheet in (*titled, *book.sheets) if _kind(sheet) == kind), None)


class WorkbookInExcel(ClientWorkbook):
    """A workbook that is open in Excel.

    Its ``book`` is an outline: sheets, tables, names and marks, and the cells that a grading must know.
    """

    def __init__(self, live: xw.Book) -> None:
        super().__init__(live.name, _outline(live))
        self.live = live

    def read_grid(self, title: str) -> Grid:
        return _values(self.live.sheets[title])

    def formats(self, title: str, rows: Sequence[int], column: int) -> list[str]:
        found = _formats(self.live.sheets[title], rows[0], rows[-1], column) if rows else {}
        if not found.keys() >= set(rows):
            self.issues.append(
                Issue(
                    "the cells of this column have too many different number formats to look at them all: "
                    "give them one, so that currencies and leading zeros can be told",
                    column=cells.shown(self.grid(title)[rows[0] - 2][column - 1]) if rows[0] > 1 else "",
                )
            )
        return [found.get(row, "General") for row in rows]

    def formula(self, title: str, row: int, column: int) -> str | None:  # noqa: ARG002  Excel has calculated them all
        return None

    def fixed_heights(self, title: str) -> frozenset[int]:
        return frozenset(range(1, len(self.grid(title)) + 1))  # Excel fits the others by itself

    def clients(self, name: str | None = None) -> tuple[ClientTable, Place]:
        table, place = super().clients(name)
        self._fill_outline(table, place)
        return table, place

    def write(
        self,
        place: Place,
        table: ClientTable,
        grading: Grading,
        sheets: Sequence[Sheet],
        titles: dict[str, str],
        progress: Progress,
    ) -> None:
        """Write the graded columns and the sheets of our own: all is made before the first cell changes.

        Raises:
            CannotGrade: Excel does not let us write; the workbook is as it was.
        """
        outline = place.sheet
        tables, lists = dict(outline.tables.items()), _lists(place)
        columns = paint_columns(place, table, grading)
        grid = self.grid(outline.title)
        gone = [
            row
            for row in range(place.first, min(place.bottom, len(grid)) + 1)
            if outline.cell(row, columns["Tier"]).value is None and any(_at(grid[row - 1], [columns["Tier"]]))
        ]
        changed = GradedColumns(
            sheet=outline.title,
            header_row=place.header_row,
            rows=sorted({*table.rows, *gone}),
            columns=sorted(columns.values()),
            new=sorted(column for name, column in columns.items() if name not in place.graded),
            is_free_below=not any(
                not cells.is_blank(value) for row in grid[place.bottom :] for value in _at(row, columns.values())
            ),
            lists=sorted(_lists(place) - lists),
            grown={name: ref for name, ref in outline.tables.items() if tables.get(name, ref) != ref},
            made={name: ref for name, ref in outline.tables.items() if name not in tables},
        )
        self._carry_over(sheets, titles, progress, changed)

    def write_sheets(self, sheets: Sequence[Sheet], titles: dict[str, str], progress: Progress) -> None:
        """Write sheets of our own, and leave the clients as they are.

        Raises:
            CannotGrade: Excel does not let us write; the workbook is as it was.
        """
        self._carry_over(sheets, titles, progress)

    def _carry_over(
        self, sheets: Sequence[Sheet], titles: dict[str, str], progress: Progress, changed: GradedColumns | None = None
    ) -> None:
        paint_sheets(self.book, sheets, titles, progress)
        carry_over(self.live, self.book, [titles[sheet.kind] for sheet in sheets], changed)

    def _fill_outline(self, table: ClientTable, place: Place) -> None:
        """Give the outline the cells that decide where the graded columns go, and what the user has set already."""
        outline, live = place.sheet, self.live.sheets[place.sheet.title]
        users = set(place.columns)
        rows = self.grid(outline.title)[place.header_row - 1 : place.bottom]
        for row, values in enumerate(rows, place.header_row):
            for column, value in enumerate(values, 1):
                if value is not None and (row == place.header_row or column not in users):
                    put(outline.cell(row, column), value)
        name = live.range((place.first, client_column(place, table)))
        outline.cell(name.row, name.column).alignment = Alignment(vertical=name.vertical_alignment)
        for column, header in zip(place.columns, table.headers, strict=True):
            known = recognised(header)
            below = live.range((place.first, column), (place.last, column))
            if known and known.kind in INPUT_CHOICES and below.data_validation.type != "none":
                area = Area(place.first, column, place.last, column)
                outline.add_data_validation(DataValidation(sqref=reference(area)))


def _outline(live: xw.Book) -> Workbook:
    """The sheets of an open workbook without their cells: titles, tables, names, and the marks of our own sheets."""
    book = new_workbook()
    for sheet in live.sheets:
        outline = book.create_sheet(sheet.name)
        kind = _kind(sheet)
        if kind:
            mark(outline, kind)
        for table in sheet.tables:
            outline.add_table(_table_outline(table))
    for name in live.names:
        if "!" not in name.name:
            book.defined_names[name.name] = DefinedName(name.name, attr_text="0")
    return book


def _table_outline(table: xw.main.Table) -> ExcelTable:
    area, corner = table.range, table.range.last_cell
    outline = ExcelTable(
        displayName=table.display_name,
        ref=reference(Area(area.row, area.column, corner.row, corner.column)),
        headerRowCount=int(table.show_headers),
        totalsRowCount=int(table.show_totals) or None,
    )
    numbers = range(1, corner.column - area.column + 2)
    outline.tableColumns = [TableColumn(id=number, name=f"Column{number}") for number in numbers]
    return outline


def _kind(sheet: xw.Sheet) -> str | None:
    """The kind of a sheet of ours; None for a sheet of the user's."""
    for name in sheet.names:
        if name.name.rpartition("!")[2] == MARK:
            return (name.refers_to or "").strip('="')
    return None


def _values(sheet: xw.Sheet) -> Grid:
    last = sheet.used_range.last_cell
    refuse_too_many_cells(sheet.name, last.row, last.column)
    # On a Mac, xlwings cannot read errors as text: there they are blank.
    as_text = {} if sys.platform == "darwin" else {"err_to_str": True}
    grid: Grid = sheet.range((1, 1), (last.row, last.column)).options(ndim=2, **as_text).value
    return grid


def _formats(sheet: xw.Sheet, first: int, last: int, column: int) -> dict[int, str]:
    """The number format of each row; a stretch of rows that have the same is asked for once."""
    found: dict[int, str] = {}
    stretches = [(first, last)]
    for _ in range(_MOST_FORMATS):
        if not stretches:
            break
        top, bottom = stretches.pop()
        shown = sheet.range((top, column), (bottom, column)).number_format
        if isinstance(shown, str):
            found |= dict.fromkeys(range(top, bottom + 1), shown)
        elif top < bottom:
            middle = (top + bottom) // 2
            stretches += [(middle + 1, bottom), (top, middle)]
    return found


def _lists(place: Place) -> set[str]:
    """The areas of a sheet that offer a list of values."""
    return {str(rule.sqref) for rule in place.sheet.data_validations.dataValidation}


def _at(row: Sequence[Any], columns: Iterable[int]) -> list[Any]:
    return [row[column - 1] for column in columns if column <= len(row)]
