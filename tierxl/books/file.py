"""Workbooks on the disk: where the clients stand in one, and how a graded one is written."""

import errno
import gc
import os
import re
import sys
import warnings
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any, cast
from xml.sax.saxutils import escape

import polars as pl
from openpyxl import Workbook
from openpyxl.reader.excel import ExcelReader
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.utils.datetime import to_excel
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.table import Table as ExcelTable
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineError, CalamineWorkbook

from tierxl.books.atomic import replacing
from tierxl.books.table import ClientTable, best_header_row, column_of, header_row
from tierxl.method import cells
from tierxl.method.clients import refuse_mixed_currencies
from tierxl.method.columns import Kind, graded_name, graded_positions, recognised
from tierxl.method.issues import CannotGrade, Issue
from tierxl.sheets import settings
from tierxl.sheets.clients import TABLE as CLIENTS_TABLE
from tierxl.sheets.clients import TITLE as CLIENTS_SHEET
from tierxl.sheets.description import Value

try:  # openpyxl writes with lxml where that is installed
    from lxml.etree import LxmlError
except ImportError:
    LxmlError = OSError

MARK = "_tierxl"
"""The hidden name, scoped to a sheet, by which a later grading knows a sheet of ours; its value is the sheet's kind."""

_OLD_OR_ENCRYPTED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MACROS = "xl/vbaProject.bin"
_ROW, _ROW_NUMBER = re.compile(rb"<(?:\w+:)?row\b[^>]*>"), re.compile(rb'\br="([0-9]+)"')
_FIXED = re.compile(rb'\bcustomHeight="(?:1|true)"')
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


class OpenWorkbook:
    """A workbook of the user's, opened to be read and graded."""

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
                self.book = reader.wb
                self._parts = {sheet.name: relation.target for sheet, relation in reader.parser.find_sheets()}
                self._values = CalamineWorkbook.from_path(path)
        except MemoryError:
            raise
        except Exception as error:  # a damaged workbook can fail anywhere inside the two readers
            raise CannotGrade(f"{path.name} is not a workbook that can be read: it may be damaged.") from error
        self.issues: list[Issue] = []
        self._grids: dict[str, list[list[Any]]] = {}
        self.stored_values = self._stored_values()

    def _stored_values(self) -> dict[str, dict[str, Value]]:
        """The value that each formula of the user's had when the file was saved: sheet and cell to value.

        On the way, a number that only its date format made an error is put back.
        """
        stored: dict[str, dict[str, Value]] = {}
        for sheet in self.book.worksheets:
            odd = [cell for cell in sheet._cells.values() if cell.data_type in ("f", "e")]  # noqa: SLF001  sparse
            grid = self._grid(sheet.title) if odd else []
            for cell in odd:
                row = grid[cell.row - 1] if cell.row <= len(grid) else []
                value = row[cell.column - 1] if cell.column <= len(row) else None
                if cell.data_type == "f" and not cells.is_blank(value):
                    stored.setdefault(sheet.title, {})[cell.coordinate] = value
                elif cell.data_type == "e" and isinstance(value, float):
                    cell.value = value
        return stored

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
        return settings.read(self._grid(title), title) if title else settings.SettingsRead({}, [])

    def clients(self, name: str | None) -> tuple[ClientTable, Place]:
        """Find and read the clients.

        Args:
            name: the table or sheet that holds them; by default the table or sheet Clients, else the first sheet
                whose first rows have a header row with a client and a revenue column.

        Raises:
            CannotGrade: there is no such table or sheet, or nothing that looks like a list of clients.
        """
        sheet, table = self._found(name)
        grid = self._grid(sheet.title)
        if table is not None:
            left, top, right, bottom = range_boundaries(table.ref)
            header = top - 1
            body_end = bottom - (table.totalsRowCount or 0)
        else:
            header = best_header_row(grid)
            left, right, body_end = 1, max((len(row) for row in grid), default=1), len(grid)
        return self._read(sheet, table, grid, header, left, right, body_end)

    def _read(
        self, sheet: Worksheet, table: ExcelTable | None, grid: Sequence[Sequence[Any]],
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
        for place, at in enumerate(kept):
            known = recognised(headers[place])
            if known is not None and known.field == "client_id":
                columns[place] = [
                    _with_zeros(value, sheet, row, at + 1) for row, value in zip(numbers, columns[place], strict=True)
                ]
        self._report_formulas(sheet, numbers, kept, headers, columns)
        _refuse_mixed_formats(sheet, numbers, kept, headers)
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
            fixed_heights=self._fixed_heights(sheet.title),
        )
        letters = [get_column_letter(at + 1) for at in kept]
        return ClientTable(headers, frame, numbers, letters, sheet.title), clients

    def _fixed_heights(self, title: str) -> frozenset[int]:
        """The rows of a sheet whose height was set by hand, which openpyxl does not tell from the others."""
        with zipfile.ZipFile(self.path) as package:
            rows = _ROW.findall(package.read(self._parts[title]))
        return frozenset(int(number[1]) for row in rows if _FIXED.search(row) and (number := _ROW_NUMBER.search(row)))

    def _report_formulas(
        self, sheet: Worksheet, rows: list[int], kept: list[int], headers: list[str], columns: list[list[Any]]
    ) -> None:
        for at, header, column in zip(kept, headers, columns, strict=True):
            if recognised(header) is None:
                continue
            for number, value in zip(rows, column, strict=True):
                stored = sheet._cells.get((number, at + 1))  # noqa: SLF001
                if value is None and stored is not None and stored.data_type == "f":
                    self.issues.append(
                        Issue(
                            "is a formula without a value: mend it, or open the file in Excel and save it",
                            row=number,
                            column=header,
                            value=str(getattr(stored.value, "text", stored.value)),
                        )
                    )

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
            raise CannotGrade(f'{self.path.name} has no table or sheet "{name}": it has {", ".join(there)}.')
        for sheet in sheets:
            if header_row(self._grid(sheet.title)) is not None:
                return sheet, self._table_of_clients(sheet)
        raise CannotGrade(
            f"{self.path.name} has no list of clients: no sheet has, in its first 20 rows, "
            "a header row with a Client and a Revenue column."
        )

    def _table_of_clients(self, sheet: Worksheet) -> ExcelTable | None:
        """The table that a sheet's clients are, if its header row is that of a table."""
        grid = self._grid(sheet.title)
        for table in sheet.tables.values():
            left, top, right, _ = range_boundaries(table.ref)
            headers = grid[top - 1][left - 1 : right] if top <= len(grid) else []
            if header_row([headers]) is not None:
                return table
        return None

    def _grid(self, title: str) -> list[list[Any]]:
        """The values of a sheet, row by row from its first cell; each sheet is read once."""
        if title not in self._grids:
            self._grids[title] = self._read_grid(title)
        return self._grids[title]

    def _read_grid(self, title: str) -> list[list[Any]]:
        """Read the values of a sheet; an error such as #N/A as its text."""
        filled = {place: cell for place, cell in self.book[title]._cells.items() if cell.value is not None}  # noqa: SLF001
        if max((row for row, _ in filled), default=0) * max((column for _, column in filled), default=0) > _MOST_CELLS:
            raise CannotGrade(f'The sheet "{title}" is too large: remove cells far right of or below the clients.')
        try:
            grid = cast("list[list[Any]]", self._values.get_sheet_by_name(title).to_python(skip_empty_area=False))
        except CalamineError as error:
            raise CannotGrade(f'The sheet "{title}" of {self.path.name} cannot be read.') from error
        for (row, column), cell in filled.items():
            if cell.data_type == "e" and row <= len(grid) and column <= len(grid[row - 1]):
                grid[row - 1][column - 1] = grid[row - 1][column - 1] or str(cell.value)
        return grid


def _with_zeros(value: Any, sheet: Worksheet, row: int, column: int) -> Any:
    """An identifier with the leading zeros that its number format shows."""
    if not isinstance(value, float) or not value.is_integer():
        return value
    shown = sheet.cell(row, column).number_format
    return str(int(value)).zfill(len(shown)) if set(shown) == {"0"} else value


def _refuse_mixed_formats(sheet: Worksheet, rows: list[int], kept: list[int], headers: list[str]) -> None:
    """Refuse a column whose cells are formatted in more than one currency."""
    for at, header in zip(kept, headers, strict=True):
        known = recognised(header)
        if known is not None and known.kind == Kind.MONEY:
            amounts = [cell for row in rows if (cell := sheet._cells.get((row, at + 1))) is not None]  # noqa: SLF001
            shown = {
                cells.currency_of(None if cell.data_type == "f" else cell.value, cell.number_format)
                for cell in amounts
                if not cells.is_blank(cell.value)
            }
            refuse_mixed_currencies(header, shown)


def kind_of(sheet: Worksheet) -> str | None:
    """The kind of a sheet of ours; None for a sheet of the user's."""
    name = sheet.defined_names.get(MARK)
    return str(name.value).strip('"') if name is not None else None


def mark(sheet: Worksheet, kind: str) -> None:
    """Mark a sheet as ours."""
    sheet.defined_names[MARK] = DefinedName(MARK, attr_text=f'"{kind}"', hidden=True)


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


def save(book: Workbook, target: Path, stored_values: dict[str, dict[str, Value]]) -> None:
    """Write a workbook whole or not at all; its type follows the ending of its name.

    Args:
        book: the workbook.
        target: where to write it.
        stored_values: what the formulas of each sheet came to, for readers that do not calculate.

    Raises:
        CannotGrade: the file cannot be written.
    """
    with replacing(target) as draft:
        _write_out(book, draft)
        changes: dict[str, Callable[[bytes], bytes]] = {}
        for sheet in book.worksheets:
            if sheet.title in stored_values:
                changes[sheet.path.lstrip("/")] = partial(_with_values, values=stored_values[sheet.title])
        if target.suffix.lower() == ".xlsm" and not book.vba_archive:
            # Excel refuses an .xlsm file whose main part is called a plain workbook, even without macros.
            changes["[Content_Types].xml"] = lambda part: part.replace(_WORKBOOK, _MACRO_WORKBOOK)
        if book.chartsheets:
            # Names that belong to a sheet count chart sheets as well, which openpyxl forgets when it writes them.
            places = [book.sheetnames.index(sheet.title) for sheet in book.worksheets]
            changes["xl/workbook.xml"] = partial(_with_sheet_places, places=places)
        if changes:
            _change_parts(draft, changes)


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


def _change_parts(path: Path, changes: dict[str, Callable[[bytes], bytes]]) -> None:
    """Rewrite some parts of a workbook's package."""
    with zipfile.ZipFile(path) as package:
        parts = [(info, package.read(info)) for info in package.infolist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for info, content in parts:
            change = changes.get(info.filename)
            package.writestr(info, change(content) if change else content)
