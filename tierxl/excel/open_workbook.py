"""A workbook that is open in Excel, through xlwings' cross-platform object model.

It is read in blocks. What a grading changes in it is drafted by the code that writes files, and then carried over by
Excel itself: so a file and an open workbook get the same columns, sheets and formats.
"""

import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import xlwings as xw

from tierxl.excel.transfer import GradedColumns, carry_over
from tierxl.method.issues import Issue
from tierxl.method.progress import Progress
from tierxl.method.rating.grading import Grading
from tierxl.method.table.cells import is_blank, shown
from tierxl.sheets import settings
from tierxl.sheets.description import LAST_ROW, Area, Sheet
from tierxl.sheets.own_sheet import own_title
from tierxl.workbooks.layout import client_column, lay_out
from tierxl.workbooks.limits import refuse_too_many_cells
from tierxl.workbooks.ooxml.cell_range import reference
from tierxl.workbooks.ooxml.graded_workbook import paint_columns, paint_sheets, taken_names
from tierxl.workbooks.ooxml.new_sheets import Draft
from tierxl.workbooks.open_workbook import Grid, OpenWorkbook, input_columns
from tierxl.workbooks.table import ClientTable
from tierxl.workbooks.workbook import MARK, Place, SheetOutline, Surroundings, TableOutline, kind_of

_MOST_FORMATS = 2_000
"""How often a column is asked for its number formats."""


def settings_of(book: xw.Book) -> settings.SettingsRead:
    """What the Settings sheet of an open workbook says, if it has one of ours."""
    sheet = own_sheet(book, settings.KIND)
    return settings.read(_values(sheet), sheet.name) if sheet else settings.SettingsRead({}, [])


def own_sheet(book: xw.Book, kind: str) -> xw.Sheet | None:
    """The sheet of ours of a kind; None where the workbook has none."""
    sheets = {sheet.name: sheet for sheet in book.sheets}
    title = own_title(kind, sheets, lambda name: _kind(sheets[name]))
    return None if title is None else sheets[title]


class WorkbookInExcel(OpenWorkbook):
    """A workbook that is open in Excel."""

    def __init__(self, live: xw.Book) -> None:
        sheets = [SheetOutline(sheet.name, _kind(sheet), tuple(map(_table, sheet.tables))) for sheet in live.sheets]
        names = {name.name.casefold() for name in live.names if "!" not in name.name}
        super().__init__(live.name, sheets, names)
        self.live = live

    def values(self, title: str, rows: int = LAST_ROW) -> Grid:
        return _values(self.live.sheets[title], rows)

    def formats(self, title: str, cells: Mapping[int, Sequence[int]]) -> dict[int, list[str]]:
        return {column: self._formats(title, rows, column) for column, rows in cells.items()}

    def _formats(self, title: str, rows: Sequence[int], column: int) -> list[str]:
        found = _formats(self.live.sheets[title], rows[0], rows[-1], column) if rows else {}
        if not found.keys() >= set(rows):
            self.issues.append(
                Issue(
                    "the cells of this column have too many different number formats to look at them all: "
                    "give them one, so that currencies and leading zeros can be told",
                    column=shown(self.grid(title)[rows[0] - 2][column - 1]) if rows[0] > 1 else "",
                )
            )
        return [found.get(row, "General") for row in rows]

    def surroundings(self, place: Place, name_column: int) -> Surroundings:
        live = self.live.sheets[place.sheet.title]
        validated = []
        for number in input_columns(place):
            below = live.range((place.first, number), (place.last, number))
            if below.data_validation.type != "none":
                validated.append(Area(place.first, number, place.last, number))
        name = live.range((place.first, name_column))
        return Surroundings(validated=validated, vertical=str(name.vertical_alignment))

    def write(
        self,
        place: Place,
        table: ClientTable,
        grading: Grading,
        sheets: Sequence[Sheet],
        titles: dict[str, str],
        progress: Progress,
    ) -> None:
        taken = taken_names(self, titles)
        layout = lay_out(place, table, self.surroundings(place, client_column(place, table)), taken)
        columns = sorted(layout.columns.values())
        changed = GradedColumns(
            sheet=place.sheet.title,
            header_row=place.header_row,
            rows=sorted({*table.rows, *place.gone}),
            columns=columns,
            new=sorted(layout.columns[name] for name in layout.new),
            is_free_below=not any(
                not is_blank(value)
                for row in self.grid(place.sheet.title)[place.bottom :]
                for value in _at(row, columns)
            ),
            lists=[reference(choices.area) for choices in layout.choices],
            grown={place.table.name: reference(layout.grown)} if place.table and layout.grown else {},
            made={layout.made.name: reference(layout.made.area)} if layout.made else {},
        )
        draft = Draft(taken=taken)
        paint_columns(draft, layout, place, table, grading)
        self._carry_over(draft, sheets, titles, progress, changed)

    def write_sheets(self, sheets: Sequence[Sheet], titles: dict[str, str], progress: Progress) -> None:
        self._carry_over(Draft(taken=taken_names(self, titles)), sheets, titles, progress)

    def _carry_over(
        self,
        draft: Draft,
        sheets: Sequence[Sheet],
        titles: dict[str, str],
        progress: Progress,
        changed: GradedColumns | None = None,
    ) -> None:
        paint_sheets(draft, sheets, titles, progress)
        carry_over(self.live, draft, [titles[sheet.kind] for sheet in sheets], changed)


def _table(table: xw.main.Table) -> TableOutline:
    area, corner = table.range, table.range.last_cell
    whole = Area(area.row, area.column, corner.row, corner.column)
    return TableOutline(table.display_name, whole, int(table.show_totals))


def _kind(sheet: xw.Sheet) -> str | None:
    """The kind of a sheet of ours; None for a sheet of the user's."""
    for name in sheet.names:
        if name.name.rpartition("!")[2] == MARK:
            return kind_of(name.refers_to or "")
    return None


def _values(sheet: xw.Sheet, first: int = LAST_ROW) -> Grid:
    """The values of a sheet, or of its first rows."""
    last = sheet.used_range.last_cell
    bottom = min(last.row, first)
    refuse_too_many_cells(f'The sheet "{sheet.name}"', bottom * last.column)
    # On a Mac, xlwings cannot read errors as text: there they are blank.
    as_text = {} if sys.platform == "darwin" else {"err_to_str": True}
    grid: Grid = sheet.range((1, 1), (bottom, last.column)).options(ndim=2, **as_text).value
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


def _at(row: Sequence[Any], columns: Iterable[int]) -> list[Any]:
    return [row[column - 1] for column in columns if column <= len(row)]
