"""Workbooks on the disk: how one is opened and read."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice, takewhile
from pathlib import Path

from openpyxl.styles.numbers import BUILTIN_FORMATS
from openpyxl.utils.cell import coordinate_from_string
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from tierxl.method.issues import CannotGrade
from tierxl.sheets.description import LAST_COLUMN, Area
from tierxl.sheets.mark import MARK, kind_of
from tierxl.workbooks.limits import MOST_CELLS, refuse_too_many_cells
from tierxl.workbooks.ooxml.cell_range import areas_of
from tierxl.workbooks.ooxml.new_sheets import sheet_text
from tierxl.workbooks.ooxml.one_sheet_package import TITLE, one_sheet_package
from tierxl.workbooks.ooxml.package import (
    MAIN,
    RELATED,
    Element,
    Package,
    area,
    attribute,
    element,
    open_package,
    whole,
)
from tierxl.workbooks.ooxml.print_setup import pages_in
from tierxl.workbooks.ooxml.row_patch import without as without_columns
from tierxl.workbooks.ooxml.sheet_xml import SheetPart, text_of
from tierxl.workbooks.ooxml.styles import Styles, children
from tierxl.workbooks.outline import Place, SheetOutline, Surroundings, TableOutline
from tierxl.workbooks.reading import Line
from tierxl.workbooks.workbook import ClientWorkbook

_FILLED = re.compile(r'^(?!.*\bt="shared").*\bref="([^"]+)"')
"""The cells that a formula fills, beside its own; those that share one have it each."""


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

    def __init__(self, path: Path, package: Package | None = None) -> None:
        """Open a workbook.

        Args:
            path: the file.
            package: its package, where that is open already.

        Raises:
            CannotGrade: it is no workbook, encrypted, of the old format, or damaged.
        """
        self.path = path
        self.package = package or open_package(path)
        self.main = self.package.main_part()
        self.main_tree = self.package.tree(self.main)
        properties = self.main_tree.find(f"{{{MAIN}}}workbookPr")
        self.since_1904 = properties is not None and properties.get("date1904") in ("1", "true")
        self._looked_through: dict[str, SheetPart] = {}
        self._read_sheets: dict[str, CalamineSheet] = {}
        titles, self.sheet_parts = self._sheets()
        marks = self._marks(titles)
        hidden = {sheet.get("name") for sheet in self._listed_sheets() if sheet.get("state", "visible") != "visible"}
        sheets = [
            SheetOutline(
                title,
                kind_of(marks.get(title)),
                tuple(self.tables(title)),
                has_pivot=self._has_pivot(title),
                is_hidden=title in hidden,
            )
            for title in self.sheet_parts
        ]
        names = {name.get("name", "").casefold() for name in _names(self.main_tree) if not name.get("localSheetId")}
        super().__init__(self.path.name, sheets, titles, names)

    def _sheets(self) -> tuple[list[str], dict[str, str]]:
        """The titles of all sheets, and the parts of those with cells."""
        related = {line.id: line for line in self.package.relationships(self.main)}
        titles, parts = [], {}
        for sheet in self._listed_sheets():
            title = sheet.get("name", "")
            if not title or title in titles:
                raise CannotGrade(
                    f"{self.path.name} may be damaged: a sheet has no name, or that of another: "
                    "open it in Excel or LibreOffice, save it, and grade again."
                )
            titles.append(title)
            line = related.get(sheet.get(f"{{{RELATED}}}id"))
            if line and line.kind == "worksheet" and line.target in self.package:
                parts[title] = self.package.name_of(line.target)
        return titles, parts

    def _listed_sheets(self) -> list[Element]:
        return [*self.main_tree.iterfind(f"{{{MAIN}}}sheets/{{{MAIN}}}sheet")]

    def _marks(self, titles: Sequence[str]) -> dict[str, str]:
        marks = {}
        for name in _names(self.main_tree):
            place = whole(name, "localSheetId", -1)
            if name.get("name") == MARK and 0 <= place < len(titles):
                marks[titles[place]] = name.text or ""
        return marks

    def tables(self, title: str) -> Iterator[TableOutline]:
        """The tables of a sheet."""
        for line in self.package.relationships(self.sheet_parts[title]):
            if line.kind == "table" and line.target in self.package:
                table = self.package.tree(line.target)
                totals = whole(table, "totalsRowCount")
                name = table.get("displayName") or table.get("name", "")
                yield TableOutline(name, area(table), totals)

    def _has_pivot(self, title: str) -> bool:
        return any(line.kind == "pivotTable" for line in self.package.relationships(self.sheet_parts[title]))

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
        rows = takewhile(lambda row: row[0] <= count, part.rows_of_values())
        return list(islice(self._lines(title, self._read_sheet(title, text_of(rows))), count))

    def lines(self, title: str, without: Collection[int] = ()) -> Iterator[Line]:
        part = self.part(title)
        last_row, last_column = part.last_row, part.last_column
        if last_row * last_column > MOST_CELLS:  # some of them may have nothing but a colour
            last_row, last_column = part.last_holding()
        refuse_too_many_cells(f'The sheet "{title}"', last_row * last_column)
        if part.is_large:
            sheet = self._read_sheet(title, text_of(without_columns(part.rows_of_values(), without)))
        elif title in self._read_sheets:
            sheet = self._read_sheets[title]
        else:
            sheet = self._read_sheet(title, part.text_of_values())
            self._read_sheets = {title: sheet}
        yield from self._lines(title, sheet)
        self._read_sheets = {}  # it is read to its end once

    def merged(self, title: str) -> list[Area]:
        return _merged(self.part(title).frame)

    def _lines(self, title: str, sheet: CalamineSheet) -> Iterator[Line]:
        before = [None] * (sheet.start[1] if sheet.start else 0)
        odd = self.part(title).odd_cells
        if not before and not odd:
            yield from sheet.iter_rows()
            return
        for number, line in enumerate(sheet.iter_rows(), 1):
            values = [*before, *line]
            for column, value in odd.get(number, {}).items():
                if column <= len(values):  # what stands right of all values is under no header
                    values[column - 1] = values[column - 1] or value
            yield values

    def _read_sheet(self, title: str, rows: Iterable[bytes]) -> CalamineSheet:
        """A sheet as calamine reads it, with the text of some of its rows."""
        part = self.part(title)
        text = sheet_text(part.frame, rows)
        file = one_sheet_package(self.package, self.main, text, is_large=part.is_large, since_1904=self.since_1904)
        try:
            return CalamineWorkbook.from_filelike(file).get_sheet_by_name(TITLE)
        except (CalamineError, OSError, ValueError) as error:
            raise CannotGrade(f'The sheet "{title}" of {self.name} cannot be read: it may be damaged.') from error

    @cached_property
    def styles(self) -> Element:
        """The styles, as elements; without children where the workbook has none."""
        part = self.package.related(self.main, "styles")
        return self.package.tree(part) if part in self.package else element("styleSheet")

    @cached_property
    def _formats(self) -> list[str]:
        """The number format of each cell style."""
        own = Styles(self.styles).number_formats()
        numbers = (whole(style, "numFmtId") for style in children(self.styles, "cellXfs"))
        return [own.get(number) or BUILTIN_FORMATS.get(number, "General") for number in numbers]

    def formats(self, title: str, cells: Mapping[int, Sequence[int]]) -> dict[int, list[str]]:
        known = dict(enumerate(self._formats))
        styles = self.part(title).styles(cells)
        return {
            column: [known.get(styles[column].get(row, 0), "General") for row in rows] for column, rows in cells.items()
        }

    def formulas(self, title: str, column: int, rows: Sequence[int]) -> dict[int, str]:
        return self.part(title).formula_texts(column, rows)

    def surroundings(self, place: Place, name_column: int) -> Surroundings:
        part = self.part(place.sheet.title)
        frame = part.frame
        widths = {
            number: attribute(column, "width", float, "0")
            for column in frame.iterfind(f"{{{MAIN}}}cols/{{{MAIN}}}col")
            for number in range(whole(column, "min", 1), min(whole(column, "max"), LAST_COLUMN) + 1)
        }
        shape = frame.find(f"{{{MAIN}}}sheetFormatPr")
        right = range(place.right + 1, part.last_column + 1)
        return Surroundings(
            merged=_merged(frame),
            validated=_validated(frame),
            drawn=[
                drawn
                for line in frame.iter("{*}sparkline")
                for cells in line.iterfind("{*}sqref")
                for drawn in areas_of(cells.text)
            ],
            formulas=frozenset(
                column
                for address, column, _ in part.formulas(right)
                if place.header_row <= coordinate_from_string(address)[1] <= place.last
            ),
            has_filter=frame.find(f"{{{MAIN}}}autoFilter") is not None,
            has_custom_views=frame.find(f"{{{MAIN}}}customSheetViews") is not None,
            is_frozen=frame.find(f"{{{MAIN}}}sheetViews/{{{MAIN}}}sheetView/{{{MAIN}}}pane") is not None,
            pages=pages_in(frame, self._names_of(place.sheet.title)),
            widths=widths,
            width=Surroundings.width if shape is None else attribute(shape, "defaultColWidth", float, "9"),
            vertical=self._vertical(part.styles([name_column])[name_column].get(place.first, 0)),
        )

    def _names_of(self, title: str) -> dict[str, str]:
        """The defined names that belong to a sheet, with their formulas."""
        at = str(self.titles.index(title))
        names = (name for name in _names(self.main_tree) if name.get("localSheetId") == at)
        return {name.get("name", ""): name.text or "" for name in names}

    def unwritable(self, place: Place, column: int) -> dict[int, str]:
        """The cells of a column of the clients that are not to be written over: by row, what they are."""
        part = self.part(place.sheet.title)
        unwritable: dict[int, str] = {}
        for merged in _merged(part.frame):
            if merged.left <= column <= merged.right:
                is_own = merged.left == column and merged.top == merged.bottom  # else it is that of other clients, too
                rows = range(merged.top + is_own, min(merged.bottom, place.last) + 1)
                unwritable |= dict.fromkeys(rows, "is part of a merged cell")
        for address, _, attributes in part.formulas(range(1, part.last_column + 1)):
            filled = _FILLED.search(attributes)
            for cells in areas_of(filled[1] if filled else address):
                if cells.left <= column <= cells.right:
                    rows = range(cells.top, min(cells.bottom, place.last) + 1)
                    unwritable |= dict.fromkeys(rows, "holds a formula")
        return unwritable

    def _vertical(self, style: int) -> str:
        """The vertical alignment of texts in the cells of a style."""
        styles = children(self.styles, "cellXfs")
        alignment = styles[style].find(f"{{{MAIN}}}alignment") if style < len(styles) else None
        return "bottom" if alignment is None else alignment.get("vertical", "bottom")


def _merged(frame: Element) -> list[Area]:
    """The areas of a sheet that are merged to one cell."""
    merged = frame.iterfind(f"{{{MAIN}}}mergeCells/{{{MAIN}}}mergeCell")
    return [cells for line in merged for cells in areas_of(line.get("ref"))]


def _validated(frame: Element) -> list[Area]:
    """The areas of a sheet that offer or allow only some values."""
    rules = frame.iterfind(f"{{{MAIN}}}dataValidations/{{{MAIN}}}dataValidation")
    newer = (cells for rule in frame.iter("{*}dataValidation") for cells in rule.iterfind("{*}sqref"))
    references = [*(rule.get("sqref") for rule in rules), *(cells.text for cells in newer)]
    return [cells for reference in references for cells in areas_of(reference)]


def _names(main: Element) -> Iterator[Element]:
    """The names of a workbook."""
    yield from main.iterfind(f"{{{MAIN}}}definedNames/{{{MAIN}}}definedName")
