"""Workbooks on the disk: how one is opened, and how a graded one is saved."""

import errno
import gc
import os
import re
import sys
import warnings
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, cast
from xml.sax.saxutils import escape

from openpyxl import Workbook
from openpyxl.reader.excel import ExcelReader
from openpyxl.utils.datetime import to_excel
from python_calamine import CalamineError, CalamineWorkbook

from tierxl.books.atomic import replacing
from tierxl.books.forgotten import Forgotten
from tierxl.books.workbook import ClientWorkbook, Grid, refuse_too_many_cells
from tierxl.method import cells
from tierxl.method.issues import CannotGrade
from tierxl.sheets.description import Value

try:  # openpyxl writes with lxml where that is installed
    from lxml.etree import LxmlError
except ImportError:
    LxmlError = OSError

_OLD_OR_ENCRYPTED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MACROS = "xl/vbaProject.bin"
_ROW, _ROW_NUMBER = re.compile(rb"<(?:\w+:)?row\b[^>]*>"), re.compile(rb'\br="([0-9]+)"')
_FIXED = re.compile(rb'\bcustomHeight="(?:1|true)"')


class WorkbookFile(ClientWorkbook):
    """A workbook on the disk."""

    def __init__(self, path: Path, *, keep_macros: bool = False) -> None:
        """Open a workbook.

        Args:
            path: the file.
            keep_macros: whether macros are kept for writing; only an .xlsm file can hold them.

        Raises:
            CannotGrade: it is no workbook, encrypted, of the old format, or damaged.
        """
        self.path = path
        with path.open("rb") as file:
            start = file.read(8)
        if start == _OLD_OR_ENCRYPTED:
            raise CannotGrade(
                f"{path.name} is protected by a password or in the old .xls format: "
                "save it as .xlsx without a password to open it."
            )
        if not zipfile.is_zipfile(path):
            raise CannotGrade(f"{path.name} is not a workbook that can be read: it may be damaged or cut off.")
        try:
            with warnings.catch_warnings(action="ignore"), path.open("rb") as file:
                has_macros = keep_macros and MACROS in zipfile.ZipFile(file).namelist()
                reader = ExcelReader(file, keep_vba=has_macros, rich_text=True)
                reader.read()
                self._parts = {sheet.name: relation.target for sheet, relation in reader.parser.find_sheets()}
                self._values = CalamineWorkbook.from_path(path)
        except MemoryError:
            raise
        except Exception as error:  # a damaged workbook can fail anywhere inside the two readers
            raise CannotGrade(f"{path.name} is not a workbook that can be read: it may be damaged.") from error
        super().__init__(path.name, reader.wb)
        self.stored_values = self._stored_values()
        self.forgotten = Forgotten(path, self._parts)

    def _stored_values(self) -> dict[str, dict[str, Value]]:
        """The value that each formula of the user's had when the file was saved: sheet and cell to value.

        On the way, a number that only its date format made an error is put back.
        """
        stored: dict[str, dict[str, Value]] = {}
        for sheet in self.book.worksheets:
            odd = [cell for cell in sheet._cells.values() if cell.data_type in ("f", "e")]  # noqa: SLF001  sparse
            grid = self.grid(sheet.title) if odd else []
            for cell in odd:
                row = grid[cell.row - 1] if cell.row <= len(grid) else []
                value = row[cell.column - 1] if cell.column <= len(row) else None
                if cell.data_type == "f" and not cells.is_blank(value):
                    stored.setdefault(sheet.title, {})[cell.coordinate] = value
                elif cell.data_type == "e" and isinstance(value, float):
                    cell.value = value
        return stored

    def read_grid(self, title: str) -> Grid:
        filled = {place: cell for place, cell in self.book[title]._cells.items() if cell.value is not None}  # noqa: SLF001
        refuse_too_many_cells(
            title, max((row for row, _ in filled), default=0), max((column for _, column in filled), default=0)
        )
        try:
            grid = cast("Grid", self._values.get_sheet_by_name(title).to_python(skip_empty_area=False))
        except CalamineError as error:
            raise CannotGrade(f'The sheet "{title}" of {self.name} cannot be read.') from error
        for (row, column), cell in filled.items():
            if cell.data_type == "e" and row <= len(grid) and column <= len(grid[row - 1]):
                grid[row - 1][column - 1] = grid[row - 1][column - 1] or str(cell.value)
        return grid

    def formats(self, title: str, rows: Sequence[int], column: int) -> list[str]:
        stored = self.book[title]._cells  # noqa: SLF001  sparse: the cells that there are
        return [stored[row, column].number_format if (row, column) in stored else "General" for row in rows]

    def formula(self, title: str, row: int, column: int) -> str | None:
        cell = self.book[title]._cells.get((row, column))  # noqa: SLF001
        if cell is None or cell.data_type != "f":
            return None
        return str(getattr(cell.value, "text", cell.value))

    def fixed_heights(self, title: str) -> frozenset[int]:
        """The rows whose height was set by hand, which openpyxl does not tell from the others."""
        with zipfile.ZipFile(self.path) as package:
            rows = _ROW.findall(package.read(self._parts[title]))
        return frozenset(int(number[1]) for row in rows if _FIXED.search(row) and (number := _ROW_NUMBER.search(row)))


def cell_of(value: Any) -> Value:
    """A value as a workbook can hold it."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return value if value == value and abs(value) != float("inf") else None
    if isinstance(value, datetime):
        value = value.replace(tzinfo=None)  # a workbook knows no time zones
    if isinstance(value, date):
        return value if value.year >= 1900 else value.isoformat()[:10]
    return str(value)


def new_workbook() -> Workbook:
    """An empty workbook, without any sheet."""
    book = Workbook()
    book.remove(book.worksheets[0])
    return book


def save(book: Workbook, target: Path, source: WorkbookFile | None = None) -> None:
    """Write a workbook whole or not at all; its type follows the ending of its name.

    Args:
        book: the workbook.
        target: where to write it.
        source: the file that it was read from: what openpyxl does not know of it is put back, such as the values of its
            formulas, for readers that do not calculate.

    Raises:
        CannotGrade: the file cannot be written.
    """
    with replacing(target) as draft:
        _write_out(book, draft)
        if source or book.chartsheets or (target.suffix.lower() == ".xlsm" and not book.vba_archive):
            _mend(draft, book, source)


def _mend(draft: Path, book: Workbook, source: WorkbookFile | None) -> None:
    """Mend the parts that openpyxl wrote."""
    with zipfile.ZipFile(draft) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    sheets = {sheet.title: sheet.path.lstrip("/") for sheet in book.worksheets}
    if source:
        for title, values in source.stored_values.items():
            if title in sheets:
                parts[sheets[title]] = _with_values(parts[sheets[title]], values)
        source.forgotten.put_back(parts, sheets)
    if draft.suffix.lower() == ".xlsm" and not book.vba_archive:
        # Excel refuses an .xlsm file whose main part is called a plain workbook, even without macros.
        parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(_WORKBOOK, _MACRO_WORKBOOK)
    if book.chartsheets:
        # Names that belong to a sheet count chart sheets as well, which openpyxl forgets when it writes them.
        places = [book.sheetnames.index(sheet.title) for sheet in book.worksheets]
        parts["xl/workbook.xml"] = _with_sheet_places(parts["xl/workbook.xml"], places)
    with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in parts.items():
            package.writestr(name, part)


def _write_out(book: Workbook, draft: Path) -> None:
    """Let openpyxl write. What it leaves behind on a full disk complains once more when it is cleaned up."""
    hook, sys.unraisablehook = sys.unraisablehook, lambda _: None
    failed = 0
    try:
        try:
            book.save(draft)
        except OSError as error:
            failed = error.errno or errno.EIO
        except LxmlError as error:  # it names the system's error in its own way, such as IO_ENOSPC
            failed = getattr(errno, str(error).removeprefix("IO_"), errno.EIO)
        if failed:
            gc.collect()
    finally:
        sys.unraisablehook = hook
    if failed:
        raise OSError(failed, os.strerror(failed))


_WORKBOOK = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_MACRO_WORKBOOK = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
_FORMULA = re.compile(
    rb'<c r="([A-Z]+[0-9]+)"((?: s="[0-9]+")?)[^>]*>(<f\b(?:[^>]*/>|.*?</f>))<v ?(?:/>|></v>)</c>', re.DOTALL
)


def _with_values(part: bytes, values: dict[str, Value]) -> bytes:
    """A sheet's part with the value of each formula beside it."""

    def valued(cell: re.Match[bytes]) -> bytes:
        value = values.get(cell[1].decode())
        if value is None:
            return cell[0]
        kind, shown = _as_stored(value)
        return b'<c r="%s"%s t="%s">%s<v>%s</v></c>' % (cell[1], cell[2], kind, cell[3], escape(shown).encode())

    return _FORMULA.sub(valued, part)


def _with_sheet_places(part: bytes, places: list[int]) -> bytes:
    """The workbook's part with each name that belongs to a worksheet at that sheet's place among all sheets."""
    return re.sub(rb'localSheetId="([0-9]+)"', lambda found: b'localSheetId="%d"' % places[int(found[1])], part)


def _as_stored(value: Value) -> tuple[bytes, str]:
    """A value as the file format stores the result of a formula: its type and its text."""
    if isinstance(value, bool):
        return b"b", str(int(value))
    if isinstance(value, str):
        return b"str", value
    return b"n", repr(to_excel(value) if isinstance(value, date) else value)
