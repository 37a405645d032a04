"""Workbooks on the disk: how one is opened and read."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import deepcopy
from functools import cached_property
from itertools import islice, takewhile
from pathlib import Path
from typing import Any

from openpyxl.styles.numbers import BUILTIN_FORMATS
from openpyxl.utils.cell import coordinate_from_string
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from tierxl.books.areas import area_of
from tierxl.books.draft import sheet_text
from tierxl.books.limits import refuse_too_many_cells
from tierxl.books.managers import ManagerTable
from tierxl.books.overlay import text_of
from tierxl.books.overlay import without as without_columns
from tierxl.books.package import MAIN, RELATED, Element, Package, sound
from tierxl.books.sheet_part import Row, SheetPart, column_of
from tierxl.books.slim import slim
from tierxl.books.styles import Styles
from tierxl.books.table import ClientTable
from tierxl.books.workbook import (
    MARK,
    ClientWorkbook,
    Line,
    Place,
    SheetOutline,
    Surroundings,
    TableOutline,
    WithoutValue,
    kind_of,
)
from tierxl.method.issues import CannotGrade
from tierxl.sheets.description import LAST_COLUMN
from tierxl.sheets.history import Past
from tierxl.sheets.settings import SettingsRead

_FILLED = re.compile(r'^(?!.*\bt="shared").*\bref="([^"]+)"')
"""The cells that a formula fills, beside its own; those that share one have it each."""

_HOLDS_FORMULA = "holds a formula"


class WorkbookFile(ClientWorkbook):
    """A workbook on the disk.

    Attributes:
        path: the file.
        package: its parts.
        main: the part that lists its sheets.
        main_tree: that part, as elements.
        since_1904: whether its days count from 1904 on.
        sheet_parts: the part of each sheet with cells, by title.
    """

    def __init__(self, path: Path) -> None:
        """Open a workbook.

        Raises:
            CannotGrade: it is no workbook, encrypted, of the old format, or damaged.
        """
        self.path = path
        self.package = Package(path)
        with sound(path):
            self._look_through()

    def _look_through(self) -> None:
        self.main = self.package.main_part()
        self.main_tree = self.package.tree(self.main)
        properties = self.main_tree.find(f"{{{MAIN}}}workbookPr")
        self.since_1904 = properties is not None and properties.get("date1904") in ("1", "true")
        self._looked_through: dict[str, SheetPart] = {}
        self._read_sheets: dict[str, CalamineSheet] = {}
        self._odd: dict[str, dict[int, dict[int, Any]]] = {}
        titles, self.sheet_parts = self._sheets()
        marks = self._marks(titles)
        sheets = [
            SheetOutline(title, kind_of(marks.get(title)), tuple(self.tables(title))) for title in self.sheet_parts
        ]
        names = {name.get("name", "").casefold() for name in _names(self.main_tree) if not name.get("localSheetId")}
        super().__init__(self.path.name, sheets, titles, names)

    def _sheets(self) -> tuple[list[str], dict[str, str]]:
        """The titles of all sheets, and the parts of those with cells."""
        related = {line.id: line for line in self.package.relationships(self.main)}
        titles, parts = [], {}
        for sheet in self.main_tree.iterfind(f"{{{MAIN}}}sheets/{{{MAIN}}}sheet"):
            title = sheet.get("name", "")
            titles.append(title)
            found = related.get(sheet.get(f"{{{RELATED}}}id"))
            if found and found.kind == "worksheet" and found.target in self.package:
                parts[title] = self.package.name_of(found.target)
        return titles, parts

    def _marks(self, titles: Sequence[str]) -> dict[str, str]:
        marks = {}
        for name in _names(self.main_tree):
            place = int(name.get("localSheetId", "-1"))
            if name.get("name") == MARK and 0 <= place < len(titles):
                marks[titles[place]] = name.text or ""
        return marks

    def tables(self, title: str) -> Iterator[TableOutline]:
        """The tables of a sheet."""
        for line in self.package.relationships(self.sheet_parts[title]):
            if line.kind == "table" and line.target in self.package:
                table = self.package.tree(line.target)
                totals = int(table.get("totalsRowCount", "0"))
                name = table.get("displayName") or table.get("name", "")
                yield TableOutline(name, area_of(table.get("ref", "A1")), totals)

    def part(self, title: str) -> SheetPart:
        """The part of a sheet; each is looked through once."""
        if title not in self._looked_through:
            name = self.sheet_parts[title]
            self._looked_through[title] = SheetPart(lambda: self.package.open(name), self.path)
        return self._looked_through[title]

    def head(self, title: str, count: int) -> list[Line]:
        part = self.part(title)
        if not part.is_large:
            return super().head(title, count)
        rows = takewhile(lambda row: row[0] <= count, part.rows())
        return list(islice(self._lines(title, self._slim(title, rows)), count))

    def lines(self, title: str, without: Collection[int] = ()) -> Iterator[Line]:
        part = self.part(title)
        refuse_too_many_cells(f'The sheet "{title}"', part.last_row * part.last_column)
        is_slim = part.is_large and without
        sheet = self._slim(title, without_columns(part.rows(), without)) if is_slim else self._whole(title)
        yield from self._lines(title, sheet)
        self._read_sheets = {}  # it is read to its end once

    def _lines(self, title: str, sheet: CalamineSheet) -> Iterator[Line]:
        before = [None] * (sheet.start[1] if sheet.start else 0)
        odd = self._odd_cells(title)
        if not before and not odd:
            yield from sheet.iter_rows()
            return
        for number, line in enumerate(sheet.iter_rows(), 1):
            values = [*before, *line] if before else line
            if number in odd:
                values += [None] * (max(odd[number]) - len(values))
                for column, value in odd[number].items():
                    values[column - 1] = values[column - 1] or value
            yield values

    def _whole(self, title: str) -> CalamineSheet:
        if title not in self._read_sheets:
            with self._one_sentence_for_errors(title), self.path.open("rb") as file:  # any name can be opened so
                self._read_sheets = {title: CalamineWorkbook.from_filelike(file).get_sheet_by_name(title)}
        return self._read_sheets[title]

    def _slim(self, title: str, rows: Iterator[Row]) -> CalamineSheet:
        """A large sheet with some of its rows or columns."""
        text = sheet_text(deepcopy(self.part(title).frame), text_of(rows))
        file = slim(self.package, self.main, self.sheet_parts[title], text)
        with self._one_sentence_for_errors(title):
            return CalamineWorkbook.from_filelike(file).get_sheet_by_name(title)

    @contextmanager
    def _one_sentence_for_errors(self, title: str) -> Iterator[None]:
        try:
            yield
        except (CalamineError, OSError, ValueError) as error:
            raise CannotGrade(f'The sheet "{title}" of {self.name} cannot be read: it may be damaged.') from error

    def _odd_cells(self, title: str) -> dict[int, dict[int, Any]]:
        """What stands for a value in cells with an error, and for formulas without one: by row and column."""
        if title not in self._odd:
            part = self.part(title)
            odd: dict[int, dict[int, Any]] = {}
            valueless = {cell: WithoutValue(formula) for cell, formula in part.formulas_without_value().items()}
            for cell, value in (part.errors() | valueless).items():
                letters, row = coordinate_from_string(cell)
                odd.setdefault(row, {})[column_of(letters.encode())] = value
            self._odd[title] = odd
        return self._odd[title]

    @cached_property
    def styles(self) -> Element | None:
        """The styles, as elements, if the workbook has any."""
        part = self.package.related(self.main, "styles")
        return self.package.tree(part) if part in self.package else None

    @cached_property
    def _cell_styles(self) -> list[Element]:
        return [] if self.styles is None else self.styles.findall(f"{{{MAIN}}}cellXfs/{{{MAIN}}}xf")

    @cached_property
    def _formats(self) -> list[str]:
        """The number format of each cell style."""
        own = {} if self.styles is None else Styles(self.styles).number_formats()
        numbers = (style.get("numFmtId", "0") for style in self._cell_styles)
        return [own.get(number) or BUILTIN_FORMATS.get(int(number), "General") for number in numbers]

    def formats(self, title: str, cells: Mapping[int, Sequence[int]]) -> dict[int, list[str]]:
        known = dict(enumerate(self._formats))
        styles = self.part(title).styles(cells)
        return {
            column: [known.get(styles[column].get(row, 0), "General") for row in rows] for column, rows in cells.items()
        }

    def settings(self) -> SettingsRead:
        with sound(self.path):
            return super().settings()

    def past(self) -> Past:
        with sound(self.path):
            return super().past()

    def clients(self, name: str | None = None) -> tuple[ClientTable, Place]:
        with sound(self.path):
            return super().clients(name)

    def managers(self, clients: str) -> ManagerTable | None:
        with sound(self.path):
            return super().managers(clients)

    def only_managers(self) -> ManagerTable:
        with sound(self.path):
            return super().only_managers()

    def surroundings(self, place: Place, name_column: int) -> Surroundings:
        with sound(self.path):
            return self._surroundings(place, name_column)

    def _surroundings(self, place: Place, name_column: int) -> Surroundings:
        part = self.part(place.sheet.title)
        frame = part.frame
        widths = {
            number: float(column.get("width", "0"))
            for column in frame.iterfind(f"{{{MAIN}}}cols/{{{MAIN}}}col")
            for number in range(int(column.get("min", "1")), min(int(column.get("max", "0")), LAST_COLUMN) + 1)
        }
        right = range(place.right + 1, part.last_column + 1)
        return Surroundings(
            merged=[
                area_of(cell.get("ref", "A1")) for cell in frame.iterfind(f"{{{MAIN}}}mergeCells/{{{MAIN}}}mergeCell")
            ],
            validated=[area_of(reference) for reference in _validated(frame)],
            drawn=[area_of(cells.text) for line in frame.iter("{*}sparkline") for cells in line.iterfind("{*}sqref")],
            formulas=frozenset(
                column
                for address, column, _ in part.formulas(right)
                if place.header_row <= coordinate_from_string(address)[1] <= place.last
            ),
            has_filter=frame.find(f"{{{MAIN}}}autoFilter") is not None,
            has_custom_views=frame.find(f"{{{MAIN}}}customSheetViews") is not None,
            is_frozen=frame.find(f"{{{MAIN}}}sheetViews/{{{MAIN}}}sheetView/{{{MAIN}}}pane") is not None,
            widths=widths,
            fixed_heights=part.fixed_heights,
            vertical=self._vertical(part.styles([name_column])[name_column].get(place.first, 0)),
        )

    def unwritable(self, place: Place, column: int) -> dict[int, str]:
        """The cells of a column of the clients that are not to be written over: by row, what they are."""
        with sound(self.path):
            part = self.part(place.sheet.title)
            merged = part.frame.iterfind(f"{{{MAIN}}}mergeCells/{{{MAIN}}}mergeCell")
            found: dict[int, str] = {}
            for area in (area_of(cell.get("ref", "A1")) for cell in merged):
                if area.left <= column <= area.right:
                    behind = area.top + (area.left == column)
                    found |= dict.fromkeys(range(behind, min(area.bottom, place.last) + 1), "is part of a merged cell")
            for address, _, said in part.formulas(range(1, part.last_column + 1)):
                filled = _FILLED.search(said)
                area = area_of(filled[1] if filled else address)
                if area.left <= column <= area.right:
                    found |= dict.fromkeys(range(area.top, min(area.bottom, place.last) + 1), _HOLDS_FORMULA)
            return found

    def _vertical(self, style: int) -> str:
        """Where texts stand in the cells of a style."""
        styles = self._cell_styles
        alignment = styles[style].find(f"{{{MAIN}}}alignment") if style < len(styles) else None
        return "bottom" if alignment is None else alignment.get("vertical", "bottom")


def _validated(frame: Element) -> Iterator[str]:
    for rule in frame.iterfind(f"{{{MAIN}}}dataValidations/{{{MAIN}}}dataValidation"):
        yield from rule.get("sqref", "").split()
    for newer in frame.iter("{*}dataValidation"):
        for cells in newer.iterfind("{*}sqref"):
            yield from (cells.text or "").split()


def _names(main: Element) -> Iterator[Element]:
    """The names of a workbook."""
    yield from main.iterfind(f"{{{MAIN}}}definedNames/{{{MAIN}}}definedName")
