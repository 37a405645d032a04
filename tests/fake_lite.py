"""A strict stand-in for Excel behind xlwings Lite: the object model that a script of Lite has, and no more of it.

xlwings' own classes stand in front, which check what they are handed. Behind them are the members of Lite's engine that
tierxl uses: a test compares them with those that the engine has. Reads that the engine refuses are not there, so that
they raise. What is written waits in a queue; Excel does it when it is flushed, and may refuse in the middle, and what
was done until then stays. Excel is an openpyxl workbook here, so that a test can compare what it holds with a file.
"""

import inspect
import re
from collections.abc import Callable
from copy import copy
from datetime import date, datetime
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import xlwings as xw
from openpyxl import Workbook, load_workbook
from openpyxl.formatting.formatting import ConditionalFormattingList
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.utils.datetime import from_excel
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.table import Table as OpenpyxlTable
from openpyxl.worksheet.table import TableColumn, TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet
from xlwings import base_classes

MOST_CELLS = 100_000
"""The cells of one write: Excel on the web takes some megabytes at once."""
MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384
LONGEST_TEXT, HIGHEST_ROW, WIDEST_COLUMN = 32_767, 409.5, 255
_ERRORS = {"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"}
_ANSWERS = {"true", "false", "wahr", "falsch", "vrai", "vero", "falso", "verdadero", "waar", "sant", "pravda"}
"""What Excel takes for an answer, in its languages."""
_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?")
_DAY = re.compile(r"\d{4}-\d\d-\d\d(?: \d\d:\d\d:\d\d)?")


class Refused(Exception):
    """What Excel raises when it does not do something."""


def open_book(path: Path) -> xw.Book:
    """The workbook of a script, as Lite hands it over."""
    return xw.Book(impl=Book(load_workbook(path), path.name, load_workbook(path, data_only=True)))


def saved(book: xw.Book, path: Path) -> Path:
    """The workbook as Excel saves it."""
    book.impl.excel.save(path)
    return path


async def run(script: Callable[[xw.Book], Any], book: xw.Book) -> None:
    """Run a script as Lite does: what waits at its end is done, and let go of if it fails."""
    try:
        await script(book)
        await book.flush()
    finally:
        book.impl.queue.clear()


class Engine:
    """The engine of Lite: how values come and go."""

    name = type = "remote"

    @property
    def impl(self) -> "Engine":
        return self

    @staticmethod
    def clean_value_data(
        data: Any, datetime_builder: Any, empty_as: Any, number_builder: Any, err_to_str: bool
    ) -> list[list[Any]]:
        assert (datetime_builder, empty_as, number_builder) == (datetime, None, None)
        gone = set() if err_to_str else _ERRORS
        return [[empty_as if cell == "" or cell in gone else cell for cell in row] for row in data]

    @staticmethod
    def prepare_xl_data_element(x: Any, options: Any) -> Any:
        if isinstance(x, date):
            return x.isoformat(sep=" ") if isinstance(x, datetime) else x.isoformat()
        return "" if x is None else x


class App(base_classes.App):
    def __init__(self, book: "Book") -> None:
        self.book = book
        self.alerts: list[tuple[str, str]] = []
        self.selected: tuple[str, str] | None = None

    engine = property(lambda self: Engine())
    pid = property(lambda self: -1)
    display_alerts = property(lambda self: True, lambda self, value: None)

    @property
    def selection(self) -> "Range":
        title, address = self.selected or (self.book.sheets.active.name, None)
        return Range(self.book.sheets(title), address)

    def activate(self, steal_focus: Any = None) -> None:
        pass

    def alert(self, prompt: Any, title: Any, buttons: Any, mode: Any, callback: Any) -> None:
        assert (title, buttons, callback) == ("Client tiers", "ok", None)
        self.book.add(lambda: self.alerts.append((prompt, mode)))


class Book(base_classes.Book):
    def __init__(self, excel: Workbook, name: str, computed: Workbook) -> None:
        self.excel, self._name, self.computed = excel, name, computed
        self.queue: list[Callable[[], object]] = []
        self.protected: set[str] = set()
        self.calls = 0
        self._app = App(self)
        self.sheets_there = [Sheet(self, page) for page in excel.worksheets]
        self.front = excel.worksheets.index(excel.active)

    name = property(lambda self: self._name)
    app = property(lambda self: self._app)
    sheets = property(lambda self: Sheets(self))

    @property
    def names(self) -> "Names":
        return Names(self, [Name(self, name) for name in self.excel.defined_names.values()])

    def activate(self) -> None:
        pass

    def add(self, work: Callable[[], object]) -> None:
        self.queue.append(work)

    async def flush(self) -> None:
        """Do what waits, up to what Excel refuses."""
        waiting = self.queue[:]
        self.queue.clear()
        for number, work in enumerate(waiting, 1):
            self.calls += 1
            try:
                work()
            except Refused as error:
                applied = f"Up to {number} action{'s' * (number > 1)} may already have been applied"
                raise Refused(f"Error: Action {number} (setValues) failed: {error} {applied}.") from error


class Sheets(base_classes.Sheets):
    def __init__(self, book: Book) -> None:
        self.book = book

    active = property(lambda self: self.book.sheets_there[self.book.front])

    def __call__(self, name_or_index: str | int) -> "Sheet":
        if isinstance(name_or_index, int):
            return self.book.sheets_there[name_or_index - 1]
        for sheet in self.book.sheets_there:
            if sheet.name.casefold() == name_or_index.casefold():
                return sheet
        raise ValueError(f"Sheet '{name_or_index}' doesn't exist!")

    def __len__(self) -> int:
        return len(self.book.sheets_there)

    def __iter__(self) -> Any:
        return iter(list(self.book.sheets_there))

    def add(self, before: "Sheet | None" = None, after: "Sheet | None" = None, name: str | None = None) -> "Sheet":
        there, excel = self.book.sheets_there, self.book.excel
        # The engine counts "before" one too low where it is not the first sheet.
        at = max(before.index - 2, 0) if before else after.index if after else len(there)
        sheet = Sheet(self.book, None, name)
        there.insert(at, sheet)
        self.book.front = at

        def do() -> None:
            if len(name) > 31 or name.casefold() in {title.casefold() for title in excel.sheetnames}:
                raise Refused("InvalidArgument: The name of the worksheet")
            sheet.page = excel.create_sheet(name, at)

        self.book.add(do)
        return sheet


class Sheet(base_classes.Sheet):
    def __init__(self, book: Book, page: Worksheet | None, name: str = "") -> None:
        self._book, self.page = book, page
        self._name = page.title if page else name
        self._visible = page is None or page.sheet_state == "visible"
        self.tables_there = (
            [Table(self, table.displayName, table.ref) for table in page.tables.values()] if page else []
        )

    name = property(lambda self: self._name)
    book = property(lambda self: self._book)
    index = property(lambda self: self._book.sheets_there.index(self) + 1)
    tables = property(lambda self: Tables(self))
    freeze_panes = property(lambda self: FreezePanes(self))

    def do(self, work: Callable[[Worksheet], object]) -> None:
        """Add something to be done to the page, which Excel refuses where it is protected."""

        def on_page() -> None:
            if self.name in self.book.protected:
                raise Refused("AccessDenied: You can't perform the requested operation.")
            work(self.page)

        self.book.add(on_page)

    @property
    def names(self) -> "Names":
        there = self.page.defined_names.values() if self.page else []
        return Names(self, [Name(self, name) for name in there])

    @property
    def visible(self) -> bool:
        return self._visible

    @visible.setter
    def visible(self, value: bool) -> None:
        self._visible = value
        self.do(lambda page: setattr(page, "sheet_state", "visible" if value else "hidden"))

    @property
    def show_gridlines(self) -> bool:
        return bool(self.page.sheet_view.showGridLines)

    @show_gridlines.setter
    def show_gridlines(self, value: bool) -> None:
        self.do(lambda page: setattr(page.sheet_view, "showGridLines", value))

    def range(self, arg1: Any, arg2: Any = None) -> "Range":
        return Range(self, arg1, arg2)

    @property
    def used_range(self) -> "Range":
        """The cells with values alone: those that only have a look do not count."""
        filled = [cell for cell in self.page._cells.values() if cell.value is not None]
        rows, columns = ({getattr(cell, of) for cell in filled} or {1} for of in ("row", "column"))
        return Range(self, (min(rows), min(columns)), (max(rows), max(columns)))

    def activate(self) -> None:
        self.book.front = self.index - 1
        self.do(lambda page: setattr(self.book.excel, "active", page))

    def delete(self) -> None:
        there = self.book.sheets_there
        assert len(there) > 1
        there.remove(self)
        self.book.front = min(self.book.front, len(there) - 1)

        def do() -> None:
            excel = self.book.excel
            excel.remove(self.page)
            lost = re.compile(rf"(?:'{re.escape(self.name)}'|\b{re.escape(self.name)})!\$?[A-Z]+\$?\d+", re.IGNORECASE)
            for cell in (cell for page in excel for cell in page._cells.values()):
                if isinstance(cell.value, str) and cell.value.startswith("="):
                    cell.value = lost.sub("#REF!", cell.value)
            for name in excel.defined_names.values():
                name.attr_text = lost.sub("#REF!", name.attr_text)

        self.book.add(do)


class Range(base_classes.Range):
    def __init__(self, sheet: Sheet, arg1: Any, arg2: Any = None) -> None:
        self._sheet = sheet
        if isinstance(arg1, Range):
            arg1, arg2 = (arg1._top, arg1._left), (arg2._top, arg2._left)
        if isinstance(arg1, str):
            left, top, right, bottom = range_boundaries(arg1.replace("$", ""))
            left, top, right, bottom = left or 1, top or 1, right or MOST_COLUMNS, bottom or MOST_ROWS
        elif arg1 is None:
            left = top = right = bottom = None
        else:
            (top, left), (bottom, right) = arg1, arg2 or arg1
        self._top, self._left, self._bottom, self._right = top, left, bottom, right

    sheet = property(lambda self: self._sheet)
    row, column = property(lambda self: self._top), property(lambda self: self._left)
    shape = property(
        lambda self: (1, 1) if self._top is None else (self._bottom - self._top + 1, self._right - self._left + 1)
    )
    api = property(lambda self: self.raw_value)
    conditional_formats = property(lambda self: ConditionalFormats(self))
    font = property(lambda self: FontOfRange(self))

    @property
    def address(self) -> str | None:
        return None if self._top is None else re.sub(r"([A-Z]+)(\d+)", r"$\1$\2", self.reference)

    @property
    def reference(self) -> str:
        first, last = (
            f"{get_column_letter(at)}{row}" for at, row in ((self._left, self._top), (self._right, self._bottom))
        )
        return first if first == last else f"{first}:{last}"

    def __len__(self) -> int:
        return self.shape[0] * self.shape[1]

    def __call__(self, arg1: int, arg2: int) -> "Range":
        return Range(self.sheet, (self._top + arg1 - 1, self._left + arg2 - 1))

    def cells_of(self, page: Worksheet) -> list[Any]:
        columns = range(self._left, self._right + 1)
        return [page.cell(row, column) for row in range(self._top, self._bottom + 1) for column in columns]

    def change(self, work: Callable[[Any], object]) -> None:
        """Change the look of each cell; cells of one look get another one alike."""

        def do(page: Worksheet) -> None:
            changed: dict[bytes, Any] = {}
            for cell in self.cells_of(page):
                before = cell._style.tobytes() if cell._style else b""
                if before in changed:
                    cell._style = copy(changed[before])
                else:
                    work(cell)
                    changed[before] = copy(cell._style)

        self.sheet.do(do)

    @property
    def raw_value(self) -> list[tuple[Any, ...]]:
        page = self.sheet.page
        if page is None:
            return [("",) * self.shape[1]] * self.shape[0]
        there, columns = page._cells, range(self._left, self._right + 1)
        return [
            tuple(self._read(there[row, at]) if (row, at) in there else "" for at in columns)
            for row in range(self._top, self._bottom + 1)
        ]

    def _read(self, cell: Any) -> Any:
        """A value as JavaScript hands it over: a blank is an empty text, and a whole number has no decimals."""
        value = self.sheet.book.computed[self.sheet.name][cell.coordinate].value if _formula(cell) else cell.value
        if value is None:
            return ""
        return int(value) if isinstance(value, float) and value.is_integer() else value

    @raw_value.setter
    def raw_value(self, value: list[list[Any]]) -> None:
        height, width = len(value), len(value[0])
        assert (height, width) == self.shape, "an exactly sized range"
        assert height * width <= MOST_CELLS, "more than Excel on the web takes at once"

        def do(page: Worksheet) -> None:
            for row, line in enumerate(value, self._top):
                for column, entered in enumerate(line, self._left):
                    _enter(page.cell(row, column), entered)
            for table in page.tables.values():
                _name_columns(page, table)

        self.sheet.do(do)

    def _set_formula(self, value: Any) -> None:
        ((formula,),) = value if isinstance(value, list) else [[value]]
        self.sheet.do(lambda page: [setattr(cell, "value", formula) for cell in self.cells_of(page)])

    formula = property(None, _set_formula)
    formula2 = property(None, _set_formula)
    color = property(
        None, lambda self, value: self.change(lambda cell: setattr(cell, "fill", PatternFill("solid", _hex(value))))
    )
    number_format = property(None, lambda self, value: self.change(lambda cell: setattr(cell, "number_format", value)))
    wrap_text = property(None, lambda self, value: self._align(wrap_text=value))
    horizontal_alignment = property(None, lambda self, value: self._align(horizontal=value))
    vertical_alignment = property(None, lambda self, value: self._align(vertical=value))

    def adjust_indent(self, amount: int) -> None:
        self._align(indent=amount)

    def _align(self, **changes: Any) -> None:
        self.change(lambda cell: setattr(cell, "alignment", _with(cell.alignment, Alignment, changes)))

    def _set_width(self, value: float) -> None:
        def do(page: Worksheet) -> None:
            characters = round((value / 0.75 - 5) / 7, 2)
            if not 0 <= characters <= WIDEST_COLUMN:
                raise Refused("InvalidArgument: The width of the column")
            for column in range(self._left, self._right + 1):
                page.column_dimensions[get_column_letter(column)].width = characters

        self.sheet.do(do)

    def _set_height(self, value: float) -> None:
        def do(page: Worksheet) -> None:
            if not 0 <= value <= HIGHEST_ROW:
                raise Refused("InvalidArgument: The height of the row")
            for row in range(self._top, self._bottom + 1):
                page.row_dimensions[row].height = value

        self.sheet.do(do)

    column_width, row_height = property(None, _set_width), property(None, _set_height)

    def merge(self, across: bool) -> None:
        self.sheet.do(lambda page: page.merge_cells(self.reference))

    async def _fetch(self) -> list[Any]:
        await self.sheet.book.flush()
        self.sheet.book.calls += 1
        return self.cells_of(self.sheet.page)

    async def get_number_format(self) -> str | None:
        return _common(cell.number_format for cell in await self._fetch())

    async def get_vertical_alignment(self) -> str | None:
        return _common(cell.alignment.vertical or "bottom" for cell in await self._fetch())

    async def get_column_width(self) -> float | None:
        await self._fetch()
        dimension = self.sheet.page.column_dimensions.get(get_column_letter(self._left))
        return ((dimension.width if dimension and dimension.width else 9.14) * 7 + 5) * 0.75

    async def get_formula(self) -> list[list[Any]]:
        await self._fetch()
        lines = self.sheet.page.iter_rows(self._top, self._bottom, self._left, self._right, values_only=True)
        return [["" if value is None else getattr(value, "text", value) for value in line] for line in lines]


class FontOfRange(base_classes.Font):
    def __init__(self, cells: Range) -> None:
        self._cells = cells

    def _change(self, **changes: Any) -> None:
        self._cells.change(lambda cell: setattr(cell, "font", _with(cell.font, Font, changes)))

    name = property(None, lambda self, value: self._change(name=value))
    size = property(None, lambda self, value: self._change(size=value))
    bold = property(None, lambda self, value: self._change(bold=value))
    italic = property(None, lambda self, value: self._change(italic=value))
    color = property(None, lambda self, value: self._change(color=_hex(value)))


class ConditionalFormats(base_classes.ConditionalFormats):
    def __init__(self, cells: Range) -> None:
        self._cells = cells

    def add_cell_value(self, spec: dict[str, Any]) -> Any:
        operator = {"equal_to": "equal", "greater_than": "greaterThan"}[spec["operator"]]
        fill = PatternFill(bgColor=_hex(spec["fill_color"])) if spec.get("fill_color") else None
        font = Font(color=_hex(spec["font_color"]), bold=spec.get("font_bold"), italic=spec.get("font_italic"))

        def do(page: Worksheet) -> None:
            rule = CellIsRule(operator, [spec["formula1"].removeprefix("=")], font=font, fill=fill)
            before = list(page.conditional_formatting)
            others = [(str(area.sqref), area.rules) for area in before]
            page.conditional_formatting = ConditionalFormattingList()
            page.conditional_formatting.add(self._cells.reference, rule)
            for area, rules in others:
                for one in rules:
                    page.conditional_formatting.add(area, one)

        self._cells.sheet.do(do)
        return None

    def clear(self) -> None:
        def do(page: Worksheet) -> None:
            area, kept = CellRange(self._cells.reference), ConditionalFormattingList()
            for there in page.conditional_formatting:
                if all(part.min_col < area.min_col or part.max_col > area.max_col for part in there.sqref.ranges):
                    for rule in there.rules:
                        kept.add(str(there.sqref), rule)
            page.conditional_formatting = kept

        self._cells.sheet.do(do)


class FreezePanes(base_classes.FreezePanes):
    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet

    def freeze_at(self, frozen_range: str) -> None:
        left, top, right, bottom = range_boundaries(frozen_range.replace("$", ""))
        assert (left or 1, top or 1) == (1, 1)
        scrolls = f"{get_column_letter((right or 0) + 1 if left else 1)}{(bottom or 0) + 1}"
        self._sheet.do(lambda page: setattr(page, "freeze_panes", scrolls))


class Table(base_classes.Table):
    def __init__(self, sheet: Sheet, name: str, area: str) -> None:
        self._sheet, self._name, self.area = sheet, name, area

    name = property(lambda self: self._name)
    parent = property(lambda self: self._sheet)
    range = property(lambda self: Range(self._sheet, self.area))
    show_totals = property(lambda self: bool(self._sheet.page.tables[self._name].totalsRowCount))

    def _style(self, **changes: Any) -> None:
        def do(page: Worksheet) -> None:
            style = page.tables[self._name].tableStyleInfo
            for name, value in changes.items():
                setattr(style, name, value)

        self._sheet.do(do)

    show_autofilter = property(None, lambda self, value: self._filter(value))
    show_table_style_row_stripes = property(None, lambda self, value: self._style(showRowStripes=value))

    def _filter(self, value: bool) -> None:
        def do(page: Worksheet) -> None:
            if not value:
                page.tables[self._name].autoFilter = None

        self._sheet.do(do)

    def resize(self, range: xw.Range) -> None:
        area = range.address.replace("$", "")

        def do(page: Worksheet) -> None:
            table = page.tables[self._name]
            if CellRange(table.ref).min_row != CellRange(area).min_row:
                raise Refused("The headers must remain in the same row.")
            self.area = table.ref = area
            if table.autoFilter:
                table.autoFilter.ref = area
            _name_columns(page, table)

        self._sheet.do(do)


class Tables(base_classes.Tables):
    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet

    parent = property(lambda self: self._sheet)

    def __call__(self, key: int | str) -> Table:
        if isinstance(key, int):
            return self._sheet.tables_there[key - 1]
        return next(table for table in self._sheet.tables_there if table.name == key)

    def __len__(self) -> int:
        return len(self._sheet.tables_there)

    def __iter__(self) -> Any:
        return iter(self._sheet.tables_there)

    def __contains__(self, key: str) -> bool:
        return any(table.name == key for table in self._sheet.tables_there)

    def add(
        self, source_type: Any = None, source: Any = None, link_source: Any = None, has_headers: Any = None,
        destination: Any = None, table_style_name: str | None = None, name: str = "",
    ) -> Table:  # fmt: skip
        assert has_headers is True
        made = Table(self._sheet, name, source.address.replace("$", ""))
        self._sheet.tables_there.append(made)

        def do(page: Worksheet) -> None:
            taken = {there.casefold() for other in self._sheet.book.excel for there in other.tables}
            if name.casefold() in taken or re.search(r"[^\w.]", name):
                raise Refused("InvalidArgument: The name of the table")
            others = [*(CellRange(there.ref) for there in page.tables.values()), *page.merged_cells.ranges]
            if any(not there.isdisjoint(CellRange(made.area)) for there in others):
                raise Refused("A table can't overlap another table, or merged cells.")
            table = OpenpyxlTable(displayName=name, ref=made.area)
            table.tableStyleInfo = TableStyleInfo(name=table_style_name, showRowStripes=True)
            page.add_table(table)
            table._initialise_columns()
            _name_columns(page, table)

        self._sheet.do(do)
        return made


class Names(base_classes.Names):
    def __init__(self, parent: Book | Sheet, there: list["Name"]) -> None:
        self.parent, self._there = parent, there

    def __len__(self) -> int:
        return len(self._there)

    def __call__(self, name_or_index: int | str) -> "Name":
        if isinstance(name_or_index, str):
            return next(name for name in self._there if name.name == name_or_index)
        return self._there[name_or_index - 1]

    def add(self, name: str, refers_to: str) -> "Name":
        made = DefinedName(name, attr_text=refers_to.removeprefix("="))
        assert isinstance(self.parent, Sheet)
        self.parent.do(lambda page: page.defined_names.add(made))
        return Name(self.parent, made)


class Name(base_classes.Name):
    def __init__(self, parent: Book | Sheet, there: DefinedName) -> None:
        self.parent, self._there = parent, there

    @property
    def name(self) -> str:
        return f"'{self.parent.name}'!{self._there.name}" if isinstance(self.parent, Sheet) else self._there.name

    @property
    def refers_to(self) -> str:
        return f"={self._there.attr_text}"

    @refers_to.setter
    def refers_to(self, value: str) -> None:
        assert isinstance(self.parent, Book)
        self.parent.add(lambda: setattr(self._there, "attr_text", value.removeprefix("=")))


def _formula(cell: Any) -> str:
    """The formula of a cell; empty without one."""
    formula = getattr(cell.value, "text", cell.value)
    return formula if cell.data_type == "f" else ""


def _enter(cell: Any, entered: Any) -> None:
    """Enter a value as somebody types it: a text that reads as something else becomes that without a mark before it."""
    if isinstance(entered, str) and len(entered) > LONGEST_TEXT:
        raise Refused("The text is too long.")
    if not isinstance(entered, str) or cell.number_format == "@":
        cell.value = entered
        if isinstance(entered, float | int) and cell.is_date:
            cell.value = from_excel(entered)
        return
    if entered.startswith("'"):
        cell.value, cell.data_type = entered[1:], "s"
    elif entered.startswith(("=", "+", "-", "@")) and not _NUMBER.fullmatch(entered):
        raise Refused(f"a formula that nobody wanted: {entered}")
    elif entered.strip().casefold() in _ANSWERS:
        cell.value = True
    elif _DAY.fullmatch(entered):
        cell.value = datetime.fromisoformat(entered)
    else:
        try:
            cell.value = float(entered)
        except ValueError:
            cell.value = entered or None


def _name_columns(page: Worksheet, table: OpenpyxlTable) -> None:
    """Name the columns of a table by its header row: Excel fills a blank header at once, and has no two of a name."""
    left, top, right, _ = range_boundaries(table.ref)
    for at, column in enumerate(range(left, right + 1), 1):
        page.cell(top, column).value = page.cell(top, column).value or f"Column{at}"
    headers = [str(page.cell(top, column).value) for column in range(left, right + 1)]
    if len({header.casefold() for header in headers}) < len(headers):
        raise Refused("No two headers of a table are alike.")
    table.tableColumns = [TableColumn(id=at, name=header) for at, header in enumerate(headers, 1)]


def _hex(colour: Any) -> str:
    if isinstance(colour, tuple):
        return "{:02X}{:02X}{:02X}".format(*colour)
    assert re.fullmatch(r"#[0-9A-Fa-f]{6}", colour)
    return colour[1:]


def _with(part: Any, kind: Any, changes: dict[str, Any]) -> Any:
    known = {name: getattr(part, name) for name in (*kind.__elements__, *kind.__attrs__) if hasattr(part, name)}
    if kind is Font:
        known = {name: getattr(part, name) for name in ("name", "size", "bold", "italic", "color")}
    return kind(**known | changes)


def _common(values: Any) -> Any:
    """The value that all cells share; None where they do not."""
    distinct = set(values)
    return distinct.pop() if len(distinct) == 1 else None


def module() -> ModuleType:
    """The module xlwings as main.py of a workbook imports it; it notes its scripts and functions."""
    made = ModuleType("xlwings")
    made.scripts, made.functions, made.Book = {}, {}, xw.Book  # type: ignore[attr-defined]

    def script(f: Any = None, *, name: str = "", include: Any = None, exclude: Any = None) -> Any:
        def noted(function: Any) -> Any:
            (hint,) = (kind for argument, kind in function.__annotations__.items() if argument != "return")
            assert hint is xw.Book, "exactly one parameter is annotated with Book"
            made.scripts[name or function.__name__] = function
            return function

        return noted(f) if f else noted

    def func(f: Any) -> Any:
        made.functions[f.__name__.upper()] = partial(_called, f)
        return f

    def arg(name: str, *, ndim: int, err_to_str: bool = False, doc: str) -> Any:
        def noted(function: Any) -> Any:
            assert (name in function.__annotations__, ndim) == (True, 2)
            assert doc
            vars(function).setdefault("takes_errors", {})[name] = err_to_str
            return function

        return noted

    made.script, made.func, made.arg = script, func, arg  # type: ignore[attr-defined]
    return made


def _called(function: Any, *ranges: list[list[Any]]) -> Any:
    """The answer of a function as Lite calls it.

    A range of one cell arrives as its value and one of one row as that row, and both are made ranges again; a blank
    cell is an argument that is left out, whether it may be or not. An error is an object of JavaScript.
    """
    cells: list[Any] = []
    for (name, parameter), grid in zip(inspect.signature(function).parameters.items(), ranges, strict=False):
        blank = parameter.default if parameter.default is not parameter.empty else None
        texts = function.takes_errors[name]
        read = [[_argument(cell, texts) for cell in line] for line in grid]
        cells.append(blank if read == [[None]] and not isinstance(grid[0][0], dict) else read)
    answer = function(*cells)
    lines = answer if isinstance(answer, list) else [[answer]]
    assert len({len(line) for line in lines}) == 1, "a rectangle"
    return answer


def _argument(cell: Any, takes_errors: bool) -> Any:
    if isinstance(cell, dict):
        return cell["basicValue"] if takes_errors else None
    return None if cell == "" else cell
