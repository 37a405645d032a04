"""A workbook that is open in Excel, as a script of xlwings Lite has it: read here, and changed when all is decided."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tierxl.lite.questions import Answers, Question
from tierxl.method.progress import Progress
from tierxl.sheets import settings
from tierxl.sheets.description import LAST_COLUMN, LAST_ROW, Area, Sheet
from tierxl.sheets.graded_workbook import OWN_TITLES
from tierxl.sheets.mark import MARK, kind_of
from tierxl.workbooks.layout import GradedClients
from tierxl.workbooks.limits import refuse_too_many_cells
from tierxl.workbooks.open_workbook import Grid, OpenWorkbook
from tierxl.workbooks.outline import Place, SheetOutline, Surroundings, TableOutline
from tierxl.workbooks.own_sheets import looking_into, taken_names

_CHARACTER, _MARGIN, _POINT = 7, 5, 0.75
"""The width of a character and of a cell's margins on a screen, and a point of it, in the letters of a new workbook."""


@dataclass(frozen=True)
class Changes:
    """All that a command changes in a workbook.

    Attributes:
        sheets: the sheets of our own that are made anew.
        titles: the title of each, by kind.
        taken: the names that tables of our own cannot take.
        graded: the graded clients, where their columns are written.
        looking: the cells of the user's whose formulas look into the sheets that are made anew: sheet, row, column,
            formula.
        names: the user's names that refer to something on these sheets: name, reference.
    """

    sheets: Sequence[Sheet]
    titles: Mapping[str, str]
    taken: frozenset[str]
    graded: GradedClients | None
    looking: Sequence[tuple[str, int, int, str]]
    names: Sequence[tuple[str, str]]


class WorkbookInLite(OpenWorkbook):
    """A workbook that is open in Excel, behind xlwings Lite.

    Attributes:
        live: the script's workbook.
        changes: all that the command changes, once it has decided; nothing is written before.
    """

    def __init__(self, live: Any, answers: Answers) -> None:
        sheets = [SheetOutline(sheet.name, _kind_of(sheet), tuple(map(_table, sheet.tables))) for sheet in live.sheets]
        names = {name.name.casefold() for name in live.names if "!" not in name.name}
        super().__init__(live.name, sheets, names)
        self.live = live
        self.changes: Changes | None = None
        self._answers, self._grids = answers, answers.grids

    def values(self, title: str, rows: int = LAST_ROW) -> Grid:
        sheet = self.live.sheets[title]
        last = sheet.used_range.last_cell
        bottom, right = min(last.row, rows), last.column
        refuse_too_many_cells(f'The sheet "{title}"', bottom * right)
        grid = sheet.range((1, 1), (bottom, right)).options(ndim=2, err_to_str=True).value
        # JavaScript hands over whole numbers as such; every other host has decimals.
        return [[float(cell) if type(cell) is int else cell for cell in line] for line in grid]

    def formats(self, title: str, cells: Mapping[int, Sequence[int]]) -> dict[int, list[str]]:
        asked = {
            column: Question("number formats", title, Area(rows[0], column, rows[-1], column))
            for column, rows in cells.items()
            if rows
        }
        known = dict(zip(asked, self._answers(*asked.values()), strict=True))
        return {
            column: self.formats_of_rows(title, column, rows, known.get(column, {})) for column, rows in cells.items()
        }

    def formulas(self, title: str, column: int, rows: Sequence[int]) -> dict[int, str]:
        (texts,) = self._answers(Question("formulas", title, Area(rows[0], column, rows[-1], column)))
        of_row = dict(enumerate((line[0] for line in texts), rows[0]))
        return {row: of_row[row] for row in rows if str(of_row[row]).startswith("=")}

    def surroundings(self, place: Place, name_column: int) -> Surroundings:
        """The surroundings as far as the object model tells.

        It does not tell of filters and frozen panes, so that both count as there: none is made. Nor are lists of
        values, so that nobody asks for those.
        """
        title = place.sheet.title
        columns = {at: Area(1, at, 1, at) for at in (*range(1, place.right + 1), LAST_COLUMN)}
        name = Area(place.first, name_column, place.first, name_column)
        *answers, vertical = self._answers(
            *(Question("column width", title, area) for area in columns.values()),
            Question("vertical alignment", title, name),
        )
        *widths, unset = map(_characters, answers)
        return Surroundings(
            has_filter=True,
            is_frozen=True,
            widths={at: width for at, width in zip(columns, widths, strict=False) if width != unset},
            width=unset,
            vertical=str(vertical or "bottom"),
        )

    def write_sheets(
        self,
        sheets: Sequence[Sheet],
        titles: dict[str, str],
        progress: Progress,  # noqa: ARG002  Lite shows none
        graded: GradedClients | None = None,
    ) -> None:
        stays = settings.KIND if titles.get(settings.KIND) in self.titles else ""  # names and formulas look into it
        anew = [sheet for sheet in sheets if sheet.kind != stays]
        forerunners = {titles[sheet.kind] for sheet in anew} & set(self.titles)
        tables = [table.name for sheet in self.sheets if sheet.title in forerunners for table in sheet.tables]
        looks_into = looking_into(forerunners, tables)
        looking = self._looking_into(looks_into, forerunners) if forerunners else []
        names = [(name.name, name.refers_to) for name in self.live.names if looks_into.search(name.refers_to or "")]
        names = [(name, reference) for name, reference in names if "!" not in name]
        self.changes = Changes(anew, titles, taken_names(self, titles), graded, looking, names)

    def _looking_into(self, looks_into: re.Pattern[str], forerunners: set[str]) -> list[tuple[str, int, int, str]]:
        """The cells on other sheets whose formulas look into some sheets or their tables: Excel would lose them."""
        asked = []
        for sheet in self.live.sheets:
            if sheet.name not in forerunners:
                last = sheet.used_range.last_cell
                asked.append(Question("formulas", sheet.name, Area(1, 1, last.row, last.column)))
        return [
            (question.sheet, row, column, formula)
            for question, lines in zip(asked, self._answers(*asked), strict=True)
            for row, line in enumerate(lines, 1)
            for column, formula in enumerate(line, 1)
            if isinstance(formula, str) and formula.startswith("=") and looks_into.search(formula)
        ]


def points(characters: float) -> float:
    """The width of a column in points, in which Lite counts, by that in characters."""
    return (characters * _CHARACTER + _MARGIN) * _POINT


def _characters(width: float | None) -> float:
    """The width of a column in characters, by that in points; none of a hidden one."""
    return round(max((width or 0) / _POINT - _MARGIN, 0) / _CHARACTER, 2)


def _kind_of(sheet: Any) -> str | None:
    """The kind of a sheet of ours; None for a sheet of the user's.

    A client of Lite that does not tell what a name refers to leaves only the title to go by.
    """
    for name in sheet.names:
        if name.name.rpartition("!")[2] == MARK:
            title = sheet.name.casefold()
            return kind_of(name.refers_to) or (title if title in OWN_TITLES else None)
    return None


def _table(table: Any) -> TableOutline:
    area, corner = table.range, table.range.last_cell
    return TableOutline(table.name, Area(area.row, area.column, corner.row, corner.column), int(table.show_totals))
