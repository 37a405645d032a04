"""A small stand-in for Excel behind xlwings: the members that tierxl uses, and no other.

It keeps an openpyxl workbook, so that a test can compare what "Excel" holds with a file. It refuses what Excel refuses,
has the limits that Excel has, and notes each member that is asked for.
"""

import io
import re
import sys
import zipfile
from collections.abc import Iterator
from copy import copy, deepcopy
from datetime import date, timedelta
from pathlib import Path
from typing import Any, ClassVar
from weakref import WeakKeyDictionary, ref

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import MergedCell
from openpyxl.formatting.formatting import ConditionalFormattingList
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.utils.protection import hash_password
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.cell_range import CellRange, MultiCellRange
from openpyxl.worksheet.table import Table as OpenpyxlTable
from openpyxl.worksheet.table import TableColumn, TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet

from tierxl.workbooks.ooxml.new_sheets import strict_writing

STANDARD_HEIGHT = 15.0
STANDARD_WIDTH = 8.43
LAST_ROW = 1_048_576


LONGEST_FORMULA = 8_221
"""The characters of a cell beyond which Excel does not give its formula, also where it is a text."""
MOST_VALUES = 2_000_000
"""The cells that Excel hands over at once; more than so many take its memory."""
BETWEEN_1900_AND_1904 = timedelta(days=1_462)
SWITCHES = {"calculation", "display_alerts", "enable_events", "interactive", "screen_updating"}


class Refused(Exception):
    """What Excel raises when it does not do something."""


class Counted:
    """An object of Excel's: it notes the members that others than this stand-in ask for, and gives none while busy.

    By `api` it is the same object, which asks Excel nothing.
    """

    __slots__ = ()
    asked: ClassVar[list[str]] = []
    is_busy: ClassVar[bool] = False

    def __getattribute__(self, name: str) -> Any:
        if not name.startswith("_") and name != "api" and sys._getframe(1).f_globals is not globals():
            Counted.asked.append(f"{type(self).__name__}.{name}")
            if Counted.is_busy:
                raise Refused("Call was rejected by callee.")
        return object.__getattribute__(self, name)


class App:
    __slots__ = ("alerts", "autofitted", "books", "calculation", "calls", "cut_copy_mode", "display_alerts",
                 "enable_events", "interactive", "on_call", "refuses", "screen_updating", "selection",
                 "status_texts")  # fmt: skip

    def __init__(self) -> None:
        self.refuses: set[str] = set()
        self.books = Books(self)
        self.selection: Range | None = None
        self.screen_updating = self.display_alerts = self.enable_events = self.interactive = True
        self.calculation = "automatic"
        self.cut_copy_mode: Any = None
        self.alerts: list[tuple[str, str]] = []
        self.status_texts: list[str] = []
        self.calls: list[str] = []
        self.autofitted: list[str] = []
        self.on_call: Any = None

    def __setattr__(self, name: str, value: Any) -> None:
        if name in SWITCHES and name in self.refuses:
            raise Refused(f"Unable to set the {name} property of the Application class")
        object.__setattr__(self, name, value)

    @property
    def api(self) -> "AppInWindows":
        return AppInWindows()

    @property
    def status_bar(self) -> str | bool:
        return self.status_texts[-1] if self.status_texts else False

    @status_bar.setter
    def status_bar(self, value: str | bool) -> None:
        self.status_texts.append(value)

    def alert(self, prompt: str, title: str | None = None, buttons: str = "ok", mode: str | None = None) -> str:
        assert (buttons, title) == ("ok", "Client tiers")
        assert not self.display_alerts, "after a minute Excel says that it waits for an OLE action, again and again"
        assert self.interactive, "nobody could move the window away from what it is about"
        self.alerts.append((prompt, mode or ""))
        return "ok"

    def called(self, what: str) -> None:
        """Count a call into Excel; a test can let one fail."""
        self.calls.append(what)
        if self.on_call:
            self.on_call(what)


class AppInWindows:
    """Excel as Windows gives it."""

    @property
    def WorksheetFunction(self) -> "AppInWindows":  # noqa: N802  the names of Windows
        return self

    def CountA(self, cells: "RangeInWindows") -> float:  # noqa: N802
        return cells.count()


class WindowInWindows:
    __slots__ = ("page",)

    def __init__(self, page: Worksheet) -> None:
        self.page = page

    @property
    def ScrollColumn(self) -> int:  # noqa: N802
        pane = self.page.sheet_view.pane
        corner = (pane.topLeftCell if pane else self.page.sheet_view.topLeftCell) or "A1"
        return range_boundaries(corner)[0]

    @ScrollColumn.setter
    def ScrollColumn(self, value: int) -> None:  # noqa: N802
        view = self.page.sheet_view
        (view.pane or view).topLeftCell = f"{get_column_letter(value)}{((view.pane and view.pane.ySplit) or 0) + 1:.0f}"


class Books:
    """The workbooks that are open, in the order in which they came; an add-in is none of them, and never in front."""

    __slots__ = ("app", "opened")

    def __init__(self, app: App) -> None:
        self.app = app
        self.opened: list[Book] = []

    def __iter__(self) -> Iterator["Book"]:
        return iter([book for book in self.opened if book.is_open and not book.is_add_in])

    def __getitem__(self, name: str) -> "Book":
        """A workbook by its name, and also an add-in, as Excel finds them."""
        found = [book for book in self.opened if book.is_open and book.name.casefold() == name.casefold()]
        if not found:
            raise Refused("Subscript out of range")
        return found[0]

    @property
    def active(self) -> "Book":
        in_front = self.app.selection.sheet.book if self.app.selection else None
        return in_front if in_front and in_front.is_open else list(self)[-1]

    def open(
        self, fullname: str, update_links: bool | None = None, read_only: bool | None = None,
        add_to_mru: bool | None = None,
    ) -> "Book":  # fmt: skip
        self.app.called("open")
        assert (update_links, add_to_mru) == ((None, None) if not read_only else (False, False))
        path = Path(fullname)
        if any(book.is_open and book.name.casefold() == path.name.casefold() for book in self.opened):
            raise Refused(f"A document with the name '{path.name}' is already open.")
        book = Book(self.app, path, read_only=bool(read_only))
        self.opened.append(book)
        return book


class Book(Counted):
    __slots__ = ("_computed", "_file", "_formulas", "app", "book", "fullname", "is_open", "name", "read_only")

    def __init__(self, app: App, path: Path, *, read_only: bool = False) -> None:
        self.app = app
        self.name, self.fullname = path.name, str(path)
        self._file = readable(path)
        self.book: Workbook = load_workbook(self._file, rich_text=True)
        self._formulas = [
            (sheet.title, cell.coordinate)
            for sheet in self.book.worksheets
            for cell in sheet._cells.values()
            if cell.data_type == "f"
        ]
        self._computed: dict[tuple[str, str], Any] | None = None
        self.read_only, self.is_open = read_only, True

    def computed(self, title: str, place: str) -> Any:
        """The value of a formula as the file has it: read once somebody asks for one."""
        if self._computed is None:
            shown = load_workbook(self._file, data_only=True)
            self._computed = {(title, place): shown[title][place].value for title, place in self._formulas}
        return self._computed.get((title, place))

    @property
    def is_add_in(self) -> bool:
        return self.name.endswith(".xlam")

    @property
    def content(self) -> bytes:
        """The workbook as it would be saved now, without the hour."""
        file = io.BytesIO()
        with strict_writing():
            deepcopy(self.book).save(file)
        with zipfile.ZipFile(file) as package:
            return b"".join(package.read(name) for name in package.namelist() if name != "docProps/core.xml")

    @property
    def api(self) -> "Book":
        return self

    def Windows(self, number: int) -> "WindowInWindows":  # noqa: N802
        assert number == 1
        return WindowInWindows(self.book.active)

    @property
    def FullName(self) -> str:  # noqa: N802
        return self.fullname

    @property
    def Date1904(self) -> bool:  # noqa: N802
        return self.book.epoch == CALENDAR_MAC_1904

    @property
    def sheets(self) -> "Sheets":
        return Sheets(self)

    @property
    def names(self) -> list["Name"]:
        return [Name(name, defined) for name, defined in self.book.defined_names.items()]

    def close(self) -> None:
        assert self.is_open
        self.is_open = False

    def refuse_if_protected(self) -> None:
        if self.book.security and self.book.security.lockStructure:
            raise Refused("The workbook's structure is protected.")


class Name(Counted):
    __slots__ = ("defined", "name")

    def __init__(self, name: str, defined: DefinedName) -> None:
        self.name, self.defined = name, defined

    @property
    def refers_to(self) -> str:
        return f"={self.defined.value}"

    @refers_to.setter
    def refers_to(self, value: str) -> None:
        self.defined.value = value.removeprefix("=")


class Names(Counted):
    """The names of a sheet; a Mac may not list those that are hidden."""

    __slots__ = ("page",)
    lists_hidden: ClassVar[bool] = True

    def __init__(self, page: Worksheet) -> None:
        self.page = page

    def __iter__(self) -> Iterator[Name]:
        names = self.page.defined_names.items()
        return (self(name) for name, defined in names if self.lists_hidden or not defined.hidden)

    def __call__(self, name: str) -> Name:
        if name not in self.page.defined_names:
            raise Refused("The object you are trying to access does not exist")
        title = self.page.title if self.page.title.isalnum() else f"'{self.page.title}'"
        return Name(f"{title}!{name}", self.page.defined_names[name])


class Sheets(Counted):
    __slots__ = ("book",)

    def __init__(self, book: Book) -> None:
        self.book = book

    def __iter__(self) -> Iterator["Sheet"]:
        return (Sheet(self.book, sheet) for sheet in self.book.book.worksheets)

    def __len__(self) -> int:
        return len(self.book.book.worksheets)

    @property
    def active(self) -> "Sheet":
        return Sheet(self.book, self.book.book.active)

    def __contains__(self, key: str) -> bool:
        return key.casefold() in (sheet.title.casefold() for sheet in self.book.book.worksheets)

    def __getitem__(self, key: int | str) -> "Sheet":
        self.book.app.called("sheet")
        if isinstance(key, int):
            return Sheet(self.book, self.book.book.worksheets[key])
        for sheet in self.book.book.worksheets:
            if sheet.title.casefold() == key.casefold():
                return Sheet(self.book, sheet)
        raise KeyError(key)


class Sheet(Counted):
    __slots__ = ("book", "page")

    def __init__(self, book: Book, page: Worksheet) -> None:
        self.book, self.page = book, page

    @property
    def name(self) -> str:
        return self.page.title

    @name.setter
    def name(self, value: str) -> None:
        self.book.app.called("rename")
        self.book.refuse_if_protected()
        if value in self.book.sheets and value != self.page.title:
            raise Refused(f"There is a sheet {value} already.")
        _repoint_charts(self.page, self.page.title, value)
        self._rewrite_references(f"'{value}'!" if " " in value else f"{value}!")
        self.page.title = value

    @property
    def api(self) -> "SheetInWindows":
        return SheetInWindows(self)

    @property
    def visible(self) -> bool:
        return self.page.sheet_state == "visible"

    @visible.setter
    def visible(self, value: bool) -> None:
        self.page.sheet_state = "visible" if value else "hidden"

    @property
    def names(self) -> "Names":
        return Names(self.page)

    @property
    def tables(self) -> "Tables":
        return Tables(self)

    @property
    def page_setup(self) -> "PageSetup":
        return PageSetup(self)

    @property
    def used_range(self) -> "Range":
        self.book.app.called("used_range")
        filled = [place for place, cell in self.page._cells.items() if cell.value is not None or cell.has_style]
        rows, columns = [row for row, _ in filled] or [1], [column for _, column in filled] or [1]
        return Range(self, (min(rows), min(columns)), (max(rows), max(columns)))

    def range(self, cell1: str | tuple[int, int], cell2: tuple[int, int] | None = None) -> "Range":
        if isinstance(cell1, tuple):
            return Range(self, cell1, cell2 or cell1)
        left, top, right, bottom = range_boundaries(cell1)
        return Range(self, (top, left or 1), (bottom, right or 16_384))

    def activate(self) -> None:
        self.book.app.called("activate")
        self.book.book.active = self.page
        self.book.app.selection = Range(self, (1, 1), (1, 1)) if isinstance(self.page, Worksheet) else None

    def delete(self) -> None:
        self.book.app.called("delete")
        self.book.refuse_if_protected()
        for table in self.page.tables:
            _rewrite(self.book.book, table, rf"\b{re.escape(table)}\[[^]]*\]", "#REF!")
        self._rewrite_references("#REF!")
        active = self.book.book.active
        self.book.book.remove(self.page)
        if active is not self.page:
            self.book.book.active = active

    def _rewrite_references(self, replacement: str) -> None:
        title = self.page.title
        _rewrite(self.page.parent, _in_formulas(title), _sheet_pattern(title), replacement)

    def copy(self, *, before: "Sheet | None" = None, after: "Sheet | None" = None) -> "Sheet":
        self.book.app.called("copy sheet")
        beside = before or after
        assert beside
        target = beside.book
        target.refuse_if_protected()
        title, number = self.name, 2
        while title in target.sheets:
            title, number = f"{self.name} ({number})", number + 1
        active = target.book.active
        page = target.book.create_sheet(title, target.book.index(beside.page) + (before is None))
        target.book.active = active
        _copy_page(self.page, page)
        return Sheet(target, page)


class SheetInWindows:
    """A sheet as Windows gives it."""

    def __init__(self, sheet: Sheet) -> None:
        self._protection = sheet.page.protection

    @property
    def ProtectContents(self) -> bool:  # noqa: N802
        return bool(self._protection.sheet)

    def Protect(self) -> None:  # noqa: N802
        self._protection.sheet = True

    def Unprotect(self, Password: str) -> None:  # noqa: N802, N803
        if (self._protection.password or "") not in ("", hash_password(Password)):
            raise Refused("The password you supplied is not correct.")
        self._protection.sheet = False


class Tables(Counted):
    __slots__ = ("sheet",)

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet

    def __iter__(self) -> Iterator["Table"]:
        return iter([Table(self.sheet, table) for table in self.sheet.page.tables.values()])

    def __getitem__(self, key: str) -> "Table":
        return Table(self.sheet, self.sheet.page.tables[key])

    def add(self, source: "Range", name: str, *, table_style_name: str) -> "Table":
        source.change("add table")
        assert name not in _table_names(self.sheet.page.parent), "Excel would refuse the name"
        headers = [cell.value for cell in source.cells()[0]]
        assert len({str(header).casefold() for header in headers}) == len(headers), "Excel would rename a header"
        table = OpenpyxlTable(displayName=name, name=name, ref=source.reference)
        table.tableStyleInfo = TableStyleInfo(name=table_style_name, showRowStripes=True)
        table._initialise_columns()
        for column, header in zip(table.tableColumns, headers, strict=True):
            column.name = str(header)
        self.sheet.page.add_table(table)
        return Table(self.sheet, table)


class Table(Counted):
    __slots__ = ("sheet", "table")

    def __init__(self, sheet: Sheet, table: OpenpyxlTable) -> None:
        self.sheet, self.table = sheet, table

    @property
    def display_name(self) -> str:
        return self.table.displayName

    @display_name.setter
    def display_name(self, value: str) -> None:
        self.sheet.range(self.table.ref).change("rename table")
        tables = self.sheet.page.tables
        del tables[self.table.displayName]
        assert value not in _table_names(self.sheet.page.parent)
        name = self.table.displayName
        _rewrite(self.sheet.page.parent, name, rf"\b{re.escape(name)}(?=\[)", value)
        self.table.displayName = self.table.name = value
        tables[value] = self.table

    @property
    def range(self) -> "Range":
        return self.sheet.range(self.table.ref)

    @property
    def show_totals(self) -> bool:
        return bool(self.table.totalsRowCount)

    @property
    def show_table_style_row_stripes(self) -> bool:
        return bool(self.table.tableStyleInfo.showRowStripes)

    @show_table_style_row_stripes.setter
    def show_table_style_row_stripes(self, value: bool) -> None:
        self.table.tableStyleInfo.showRowStripes = value

    def resize(self, range: "Range") -> None:  # noqa: A002  xlwings calls it so
        range.change("resize table")
        left, top, right, bottom = range_boundaries(range.reference)
        known = self.table.tableColumns
        del known[right - left + 1 :]
        for number in range_of(len(known), right - left + 1):
            name = f"Column{number + 1}"
            known.append(TableColumn(id=max(column.id for column in known) + 1, name=name))
            self.sheet.page.cell(top, left + number).value = name
        self.table.ref = range.reference
        if self.table.autoFilter is not None:
            low = bottom - (self.table.totalsRowCount or 0)
            self.table.autoFilter.ref = f"{get_column_letter(left)}{top}:{get_column_letter(right)}{low}"


range_of = range


class Range(Counted):
    __slots__ = ("bottom", "left", "right", "sheet", "top")

    def __init__(self, sheet: Sheet, first: tuple[int, int], last: tuple[int, int]) -> None:
        self.sheet = sheet
        (self.top, self.left), (self.bottom, self.right) = first, last
        assert 1 <= self.top <= self.bottom <= LAST_ROW
        assert 1 <= self.left <= self.right <= 16_384

    # What the fake itself needs

    @property
    def reference(self) -> str:
        return f"{get_column_letter(self.left)}{self.top}:{get_column_letter(self.right)}{self.bottom}"

    def cells(self) -> list[list[Any]]:
        page = self.sheet.page
        columns = range_of(self.left, self.right + 1)
        return [[page.cell(row, column) for column in columns] for row in range_of(self.top, self.bottom + 1)]

    def change(self, what: str) -> None:
        self.sheet.book.app.called(what)
        assert not self.sheet.book.read_only, "the draft is read only"
        if self.sheet.page.protection.sheet:
            raise Refused("The sheet is protected.")

    # What xlwings has

    @property
    def row(self) -> int:
        return self.top

    @property
    def column(self) -> int:
        return self.left

    @property
    def last_cell(self) -> "Range":
        return Range(self.sheet, (self.bottom, self.right), (self.bottom, self.right))

    @property
    def shape(self) -> tuple[int, int]:
        return self.bottom - self.top + 1, self.right - self.left + 1

    @property
    def address(self) -> str:
        first, last = (f"${get_column_letter(c)}${r}" for r, c in ((self.top, self.left), (self.bottom, self.right)))
        return first if first == last else f"{first}:{last}"

    def get_address(self, *, row_absolute: bool, column_absolute: bool) -> str:
        assert (row_absolute, column_absolute) == (False, False)
        return self.address.replace("$", "")

    def __getitem__(self, key: tuple[int, int]) -> "Range":
        place = self.top + key[0], self.left + key[1]
        return Range(self.sheet, place, place)

    def options(self, *, ndim: int, err_to_str: bool) -> "Range":
        assert (ndim, err_to_str) == (2, True)
        return self

    @property
    def value(self) -> list[list[Any]]:
        self.sheet.book.app.called("value")
        height, width = self.shape
        if height * width > MOST_VALUES:
            raise Refused("Not enough storage is available to complete this operation.")
        page = self.sheet.page
        stored = page._cells
        lines = []
        for row in range_of(self.top, self.bottom + 1):
            line = []
            for column in range_of(self.left, self.right + 1):
                cell = stored.get((row, column))
                value = cell.value if cell is not None and not isinstance(cell, MergedCell) else None
                if cell is not None and cell.data_type == "f":
                    value = self.sheet.book.computed(page.title, cell.coordinate)
                is_number = isinstance(value, int) and not isinstance(value, bool)
                line.append(float(value) if is_number else None if value is None else _plain(value))
            lines.append(line)
        return lines

    @property
    def formula(self) -> Any:
        self.sheet.book.app.called("formula")
        lines = [[_formula(cell) for cell in line] for line in self.cells()]
        if any(isinstance(formula, str) and len(formula) > LONGEST_FORMULA for line in lines for formula in line):
            raise Refused("Unable to get the Formula property of the Range class")
        return lines[0][0] if len(lines) == len(lines[0]) == 1 else lines

    @formula.setter
    def formula(self, value: Any) -> None:
        self.change("formula")
        assert value, "Excel would take it for a blank"
        lines = [[value]] if isinstance(value, str) else value
        for line, written in zip(self.cells(), lines, strict=True):
            for cell, formula in zip(line, written, strict=True):
                cell.value = formula if formula != "" else None

    formula2 = formula

    @property
    def api(self) -> "RangeInWindows":
        return RangeInWindows(self)

    @property
    def number_format(self) -> str | None:
        self.sheet.book.app.called("number_format")
        shown = {cell.number_format for line in self.cells() for cell in line}
        return shown.pop() if len(shown) == 1 else None

    @property
    def vertical_alignment(self) -> str:
        return self.cells()[0][0].alignment.vertical or "bottom"

    @property
    def row_height(self) -> float | None:
        known = self.sheet.page.row_dimensions
        heights = {
            (known[row].height or STANDARD_HEIGHT) if row in known else STANDARD_HEIGHT
            for row in range_of(self.top, self.bottom + 1)
        }
        return heights.pop() if len(heights) == 1 else None

    @property
    def column_width(self) -> float:
        dimensions = self.sheet.page.column_dimensions
        for each in dimensions.values():
            if not each.max:
                each.reindex()
        widths = {at: each.width for each in dimensions.values() if each.width
                  for at in range_of(each.min, each.max + 1)}  # fmt: skip
        return widths.get(self.left, STANDARD_WIDTH)

    @property
    def merge_cells(self) -> bool | None:
        box = CellRange(self.reference)
        touched = [area for area in self.sheet.page.merged_cells.ranges if not area.isdisjoint(box)]
        return None if touched else False

    @property
    def data_validation(self) -> "DataValidation":
        return DataValidation(self)

    @property
    def rows(self) -> "RangeRows":
        return RangeRows(self)

    def clear(self) -> None:
        self.change("clear")
        for line in self.cells():
            for cell in line:
                cell.value = None
                cell.style = "Normal"
        _without(self.sheet.page, CellRange(self.reference))
        for table in self.sheet.page.tables.values():
            left, top, right, _ = range_boundaries(table.ref)
            for column in range_of(max(left, self.left), min(right, self.right) + 1):
                if self.top <= top <= self.bottom:  # a table does without no header
                    self.sheet.page.cell(top, column).value = f"Column{column - left + 1}"

    def select(self) -> None:
        self.sheet.book.app.selection = self

    def copy(self, destination: "Range | None" = None) -> None:
        if destination is None:
            self.sheet.book.app.called("copy")
            self.sheet.book.app.cut_copy_mode = self
            return
        destination.change("copy to")
        assert destination.reference == self.reference
        for row, column in self._stored(destination):
            source, target = self.sheet.page.cell(row, column), destination.sheet.page.cell(row, column)
            if isinstance(target, MergedCell):
                raise Refused("To do this, all the merged cells need to be the same size.")
            target.value, target.data_type = _moved(source, destination.sheet.page), source.data_type
            _copy_style(source, target)
        _carry_colours(self, destination)
        _name_table_columns(destination.sheet.page)

    def paste(self, paste: str) -> None:
        self.change(f"paste {paste}")
        source = self.sheet.book.app.cut_copy_mode
        assert isinstance(source, Range)
        assert source.reference == self.reference
        here, there = self.sheet.page, source.sheet.page
        if paste == "formats":
            for row, column in source._stored(self):
                _copy_style(there.cell(row, column), here.cell(row, column))
            _carry_colours(source, self)
        elif paste == "column_widths":
            for column in range_of(self.left, self.right + 1):
                letter = get_column_letter(column)
                here.column_dimensions[letter].width = there.column_dimensions[letter].width
        else:
            assert paste == "validation"
            for rule in there.data_validations.dataValidation:
                if str(rule.sqref) == self.reference:
                    here.add_data_validation(deepcopy(rule))

    def _stored(self, other: "Range") -> list[tuple[int, int]]:
        """The places of the area that either sheet has a cell for."""
        places = {*self.sheet.page._cells, *other.sheet.page._cells}
        return [p for p in places if self.top <= p[0] <= self.bottom and self.left <= p[1] <= self.right]


class RangeInWindows:
    """Cells as Windows gives them."""

    __slots__ = ("range",)

    def __init__(self, rng: Range) -> None:
        self.range = rng

    def _cells(self) -> list[Any]:
        stored = self.range.sheet.page._cells
        return [stored[place] for place in self.range._stored(self.range)]

    def count(self) -> int:
        self.range.sheet.book.app.called("count")
        return sum(cell.value is not None for cell in self._cells())

    @property
    def HasFormula(self) -> bool | None:  # noqa: N802
        self.range.sheet.book.app.called("has formula")
        kinds = {cell.data_type == "f" for cell in self._cells()}
        everywhere = len(self._cells()) == self.range.shape[0] * self.range.shape[1]
        return False if kinds <= {False} else True if everywhere and kinds == {True} else None


class PageSetup:
    """The setup of a sheet's pages: as xlwings gives it, and as Windows does."""

    __slots__ = ("sheet",)
    has_printer: ClassVar[bool] = True

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet

    @property
    def api(self) -> "PageSetup":
        return self

    @property
    def _page(self) -> Worksheet:
        self.sheet.book.app.called("page setup")
        if not self.has_printer:
            raise Refused("Unable to get the property of the PageSetup class")
        return self.sheet.page

    @property
    def print_area(self) -> str | None:
        return self._page.print_area.rpartition("!")[2] or None

    @print_area.setter
    def print_area(self, value: str) -> None:
        self._page.print_area = value

    @property
    def PrintTitleColumns(self) -> str:  # noqa: N802
        return self._page.print_title_cols or ""

    @PrintTitleColumns.setter
    def PrintTitleColumns(self, value: str) -> None:  # noqa: N802
        self._page.print_title_cols = value

    @property
    def PrintTitleRows(self) -> str:  # noqa: N802
        return self._page.print_title_rows or ""

    @PrintTitleRows.setter
    def PrintTitleRows(self, value: str) -> None:  # noqa: N802
        self._page.print_title_rows = value

    @property
    def Orientation(self) -> int:  # noqa: N802
        return 2 if self._page.page_setup.orientation == "landscape" else 1

    @Orientation.setter
    def Orientation(self, value: int) -> None:  # noqa: N802
        self._page.page_setup.orientation = ["portrait", "landscape"][value - 1]

    @property
    def Zoom(self) -> int | bool:  # noqa: N802
        fit = self._page.sheet_properties.pageSetUpPr
        return False if fit and fit.fitToPage else self._page.page_setup.scale or 100

    @Zoom.setter
    def Zoom(self, value: int) -> None:  # noqa: N802
        self._page.page_setup.scale = value


class RangeRows:
    __slots__ = ("range",)

    def __init__(self, rng: Range) -> None:
        self.range = rng

    def autofit(self) -> None:
        self.range.change("autofit")
        self.range.sheet.book.app.autofitted.append(f"{self.range.top}:{self.range.bottom}")


class DataValidation:
    __slots__ = ("range",)

    def __init__(self, rng: Range) -> None:
        self.range = rng

    @property
    def type(self) -> str:
        box = CellRange(self.range.reference)
        rules = [
            rule
            for rule in self.range.sheet.page.data_validations.dataValidation
            if any(not area.isdisjoint(box) for area in rule.sqref.ranges)
        ]
        return rules[0].type if rules else "none"


# --- How openpyxl's workbooks are moved about ------------------------------------------------------------------------


def readable(path: Path) -> io.BytesIO:
    """A file for openpyxl, which takes an add-in for no workbook."""
    if path.suffix != ".xlam":
        return io.BytesIO(path.read_bytes())
    file = io.BytesIO()
    with zipfile.ZipFile(path) as package, zipfile.ZipFile(file, "w") as written:
        for name in package.namelist():
            content = package.read(name)
            written.writestr(name, content.replace(b"ms-excel.addin.macroEnabled", b"ms-excel.sheet.macroEnabled"))
    file.seek(0)
    return file


def _name_table_columns(page: Worksheet) -> None:
    """The columns of a table are called as the header cells say."""
    for table in page.tables.values():
        left, top, _, _ = range_boundaries(table.ref)
        for at, column in enumerate(table.tableColumns):
            column.name = str(page.cell(top, left + at).value)


def _in_formulas(title: str) -> str:
    """The title of a sheet as formulas have it between their quotes."""
    return title.replace("'", "''")


def _sheet_pattern(title: str) -> str:
    quoted = re.escape(_in_formulas(title))
    return rf"(?:'{quoted}'|\b{quoted})!"


def _rewrite(book: Workbook, name: str, pattern: str, replacement: str) -> None:
    """Formulas follow a sheet or table to its new name, and lose one that is deleted; others are not looked through."""
    for sheet in book.worksheets:
        for cell in sheet._cells.values():
            if cell.data_type == "f" and isinstance(cell.value, str) and name in cell.value:
                cell.value = re.sub(pattern, replacement, cell.value)
    for defined in book.defined_names.values():
        defined.value = re.sub(pattern, replacement, defined.value)


def _moved(cell: Any, page: Worksheet) -> Any:
    """What a cell shows on another sheet: Excel copies the number of a day, whatever day the other one counts from."""
    theirs, ours = (each.epoch == CALENDAR_MAC_1904 for each in (cell.parent.parent, page.parent))
    shift = BETWEEN_1900_AND_1904 * (ours - theirs)
    return cell.value + shift if isinstance(cell.value, date) else cell.value


def _formula(cell: Any) -> Any:
    return "" if cell.value is None else getattr(cell.value, "text", cell.value)


def _plain(value: Any) -> Any:
    return str(value) if type(value).__name__ == "CellRichText" else value


def _table_names(book: Workbook) -> set[str]:
    return {table.displayName for sheet in book.worksheets for table in sheet.tables.values()}


_STYLES: WeakKeyDictionary[Workbook, dict[Any, Any]] = WeakKeyDictionary()
"""For each workbook, its own number of each style that came from another."""


def _copy_style(source: Any, target: Any) -> None:
    if source.has_style or target.has_style:
        theirs, ours = source.parent.parent, target.parent.parent
        known = _STYLES.setdefault(ours, {}).setdefault(ref(theirs), {})
        look = tuple(source._style or ())
        if look not in known:
            target.font, target.fill, target.border = copy(source.font), copy(source.fill), copy(source.border)
            target.alignment, target.number_format = copy(source.alignment), source.number_format
            target.quotePrefix = source.quotePrefix
            known[look] = copy(target._style)
        target._style = copy(known[look])


def _carry_colours(source: Range, target: Range) -> None:
    """Live colours go where cells and formats go."""
    box = CellRange(target.reference)
    _without(target.sheet.page, box)
    for formatting in list(source.sheet.page.conditional_formatting):
        for area in formatting.sqref.ranges:
            if not area.isdisjoint(box):
                for rule in formatting.rules:
                    target.sheet.page.conditional_formatting.add(area.intersection(box).coord, deepcopy(rule))


def _without(page: Worksheet, box: CellRange) -> None:
    """Take an area out of all live colours of a sheet."""
    before, page.conditional_formatting = page.conditional_formatting, ConditionalFormattingList()
    for formatting in before:
        left = [part for area in formatting.sqref.ranges for part in _parts_outside(area, box)]
        for rule in formatting.rules if left else ():
            page.conditional_formatting.add(str(MultiCellRange(left)), rule)


def _parts_outside(area: CellRange, box: CellRange) -> list[CellRange]:
    if area.isdisjoint(box):
        return [area]
    left, top, right, bottom = area.bounds
    low, high = max(top, box.min_row), min(bottom, box.max_row)
    bands = [
        (left, top, right, low - 1),
        (left, high + 1, right, bottom),
        (left, low, box.min_col - 1, high),
        (box.max_col + 1, low, right, high),
    ]
    return [CellRange(None, *band) for band in bands if band[0] <= band[2] and band[1] <= band[3]]


def _copy_page(source: Worksheet, page: Worksheet) -> None:
    for (row, column), cell in source._cells.items():
        if isinstance(cell, MergedCell):
            page._cells[row, column] = MergedCell(page, row, column)
        else:
            page.cell(row, column).value = _moved(cell, page)
            page.cell(row, column).data_type = cell.data_type
            page.cell(row, column)._hyperlink = copy(cell._hyperlink)
        _copy_style(cell, page._cells[row, column])
    for area in source.merged_cells.ranges:
        page.merged_cells.add(area.coord)
    for letter, dimension in source.column_dimensions.items():
        page.column_dimensions[letter] = copy(dimension)
        page.column_dimensions[letter].worksheet = page
    for row, dimension in source.row_dimensions.items():
        page.row_dimensions[row].height = dimension.height
    for formatting in source.conditional_formatting:
        for rule in formatting.rules:
            page.conditional_formatting.add(str(formatting.sqref), deepcopy(rule))
    for rule in source.data_validations.dataValidation:
        page.add_data_validation(deepcopy(rule))
    for table in source.tables.values():
        copied, number = deepcopy(table), 2
        while copied.displayName in _table_names(page.parent):
            copied.displayName = copied.name = f"{table.displayName}{number}"
            number += 1
        page.add_table(copied)
    for name, defined in source.defined_names.items():
        page.defined_names[name] = copy(defined)
    for chart in source._charts:
        page.add_chart(deepcopy(chart), chart.anchor._from and _anchor(chart))
    _repoint_charts(page, source.title, page.title)
    page.freeze_panes = source.freeze_panes
    page.sheet_view.showGridLines = source.sheet_view.showGridLines
    page.page_setup, page.print_options = copy(source.page_setup), copy(source.print_options)
    page.page_margins = copy(source.page_margins)
    page.sheet_properties = copy(source.sheet_properties)
    page.print_title_rows, page.print_area = source.print_title_rows, source.print_area or None


def _anchor(chart: Any) -> str:
    return f"{get_column_letter(chart.anchor._from.col + 1)}{chart.anchor._from.row + 1}"


def _repoint_charts(page: Worksheet, old: str, new: str) -> None:
    for chart in page._charts:
        for series in chart.series:
            for data in (series.cat, series.val, getattr(series, "xVal", None), getattr(series, "yVal", None)):
                for known in (getattr(data, "numRef", None), getattr(data, "strRef", None)):
                    if known is not None:
                        known.f = known.f.replace(f"'{old}'!", f"'{new}'!")
