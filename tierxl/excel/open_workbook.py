"""A workbook that is open in Excel, through xlwings' cross-platform object model.

It is read in blocks. What a grading changes in it is drafted by the code that writes files, and then carried over by
Excel itself: so a file and an open workbook get the same columns, sheets and formats.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

import xlwings as xw

from tierxl.excel.sheets import days_count_from_1904, formulas_of, kind_of_sheet, last_cell, values
from tierxl.method.progress import Progress
from tierxl.method.table.cells import is_blank
from tierxl.sheets.description import LAST_COLUMN, LAST_ROW, Area, Sheet
from tierxl.workbooks.graded_inputs import FIRST_DAY_OF_1904
from tierxl.workbooks.layout import GradedClients
from tierxl.workbooks.limits import refuse_too_many_cells
from tierxl.workbooks.number_formats import NumberFormats
from tierxl.workbooks.open_workbook import Grid, OpenWorkbook, columns_to_explain
from tierxl.workbooks.outline import Place, SheetOutline, Surroundings, TableOutline
from tierxl.workbooks.own_sheets import taken_names

_MOST_FORMATS = 2_000
"""The most questions for the number formats of one column."""


class WorkbookInExcel(OpenWorkbook):
    """A workbook that is open in Excel."""

    def __init__(self, live: xw.Book) -> None:
        sheets = [
            SheetOutline(sheet.name, kind_of_sheet(sheet), tuple(map(_table, sheet.tables))) for sheet in live.sheets
        ]
        names = {name.name.casefold() for name in live.names if "!" not in name.name}
        super().__init__(live.name, sheets, names)
        self.live = live

    @property
    def day_0(self) -> datetime:
        return FIRST_DAY_OF_1904 if days_count_from_1904(self.live) else super().day_0

    def values(self, title: str, rows: int = LAST_ROW) -> Grid:
        sheet = self.live.sheets[title]
        bottom, right = last_cell(sheet)
        bottom = min(bottom, rows)
        refuse_too_many_cells(f'The sheet "{title}"', bottom * right)
        return values(sheet, bottom, right)

    def formats(self, title: str, cells: Mapping[int, Sequence[int]]) -> dict[int, list[str]]:
        sheet = self.live.sheets[title]
        known = {column: _formats(sheet, rows[0], rows[-1], column) for column, rows in cells.items() if rows}
        return {
            column: self.formats_of_rows(title, column, rows, known.get(column, {})) for column, rows in cells.items()
        }

    def formulas(self, title: str, column: int, rows: Sequence[int]) -> dict[int, str]:
        cells = self.live.sheets[title].range((rows[0], column), (rows[-1], column))
        texts = dict(enumerate((line[0] for line in formulas_of(cells)), rows[0]))
        return {row: texts[row] for row in rows if str(texts[row]).startswith("=")}

    def surroundings(self, place: Place, name_column: int) -> Surroundings:
        from tierxl.excel.print_setup import pages_of  # noqa: PLC0415  openpyxl, for which only writing waits

        live = self.live.sheets[place.sheet.title]
        validated = []
        for number in columns_to_explain(place):
            below = live.range((place.first, number), (place.last, number))
            if below.data_validation.type != "none":
                validated.append(Area(place.first, number, place.last, number))
        name = live.range((place.first, name_column))
        unset = _width(live, LAST_COLUMN)
        widths = {at: _width(live, at) for at in range(1, place.right + 1)}
        return Surroundings(
            validated=validated,
            is_frozen=True,  # a pane that scrolls is the window's, and stays as it is
            pages=pages_of(live),
            widths={at: width for at, width in widths.items() if width != unset},
            width=unset,
            vertical=str(name.vertical_alignment),
        )

    def write_sheets(
        self,
        sheets: Sequence[Sheet],
        titles: dict[str, str],
        progress: Progress,
        graded: GradedClients | None = None,
    ) -> None:
        from tierxl.excel.transfer import carry_over, draft_of  # noqa: PLC0415  openpyxl, for which only writing waits

        draft = draft_of(self.live, taken_names(self, titles), sheets, titles, progress, graded)
        is_free_below = graded is not None and self._is_free_below(graded)
        carry_over(self.live, draft, [titles[sheet.kind] for sheet in sheets], graded, is_free_below=is_free_below)

    def _is_free_below(self, graded: GradedClients) -> bool:
        rows = self.grid(graded.sheet)[graded.place.bottom :]
        return all(is_blank(row[at - 1]) for row in rows for at in graded.columns if at <= len(row))


def _table(table: xw.main.Table) -> TableOutline:
    area, corner = table.range, table.range.last_cell
    whole = Area(area.row, area.column, corner.row, corner.column)
    return TableOutline(table.display_name, whole, int(table.show_totals))


def _width(sheet: xw.Sheet, column: int) -> float:
    """The width of a column, in characters."""
    return sheet.range((1, column)).column_width or 0.0


def _formats(sheet: xw.Sheet, first: int, last: int, column: int) -> dict[int, str]:
    """The number format of each row; a stretch of rows that have the same is asked for once."""
    formats = NumberFormats(first, last, _MOST_FORMATS)
    for top, bottom in formats.ranges():
        formats.answer(top, bottom, sheet.range((top, column), (bottom, column)).number_format)
    return formats.by_row
