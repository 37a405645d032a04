"""Files of clients for the tests: how they are made, graded and looked into."""

import csv
import io
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import narwhals as nw
from openpyxl import Workbook, load_workbook
from openpyxl.utils import range_boundaries
from openpyxl.worksheet.table import Table
from openpyxl.worksheet.worksheet import Worksheet
from pyarrow import parquet

from tierxl.method.policy import Policy
from tierxl.method.rating import grading as method
from tierxl.method.rating.grading import Grading
from tierxl.method.table.columns import GRADED_COLUMNS
from tierxl.sheets.styles import RATING_STYLES
from tierxl.use_cases.grade import grade_file
from tierxl.use_cases.graded import GradedFile
from tierxl.use_cases.reading import Request
from tierxl.workbooks.client_list import clients_in
from tierxl.workbooks.csv_parquet import read_csv, read_parquet
from tierxl.workbooks.ooxml.graded_workbook import write_workbook
from tierxl.workbooks.ooxml.new_sheets import strict_writing
from tierxl.workbooks.ooxml.workbook_file import WorkbookFile
from tierxl.workbooks.table import ClientTable

AS_OF = date(2026, 11, 22)
SAMPLE = Path(__file__).parents[1] / "workbook" / "sample-portfolio.csv"

CLIENTS = (("Client", "Revenue", "Profit"), ("Abel", 100, 10), ("Baker", 200, -5), ("Cohen", 300, 60))
"""A header and three clients: enough for a grading."""

SHOWN = [name for name in GRADED_COLUMNS if name not in ("Wallet rating", "Strategic rating", "Pain rating", "Upside")]
"""The graded columns of their workbook: the others, in which nobody has anything, are left out."""

OURS = [
    "Summary", "Engagement plan", "Service levels", "Portfolio", "Tier matrix", "Shed list", "Checks", "Settings",
    "History",
]  # fmt: skip
"""The sheets of our own that the first grading of these clients makes, in their order."""


def grade(source: Path, target: Path, **options: Any) -> GradedFile:
    return grade_file(Request(source, AS_OF, **options), target)


def regrade(path: Path) -> GradedFile:
    """Grade a file in place."""
    return grade(path, path)


_GRADINGS: dict[tuple[Any, ...], Grading] = {}


def write_grades(source: Path, target: Path | None = None) -> Grading:
    """Grade clients into a workbook without the sheets of our own: quick, for tests that do not look at these.

    Clients that were graded before are not graded again: the same table gives the same grading.
    """
    opened = None
    if source.suffix == ".csv":
        table = read_csv(source)
    else:
        book = WorkbookFile(source)
        table, place = clients_in(book)
        opened = book, place
    read = [table.cells.to_series(at).to_list() for at in table.headers.columns_to_read]
    key = (*table.headers, *table.rows, *map(tuple, read))
    if key not in _GRADINGS:
        _GRADINGS[key] = method.grade(nw.from_native(table.cells), Policy(), AS_OF, table.rows, headers=table.headers)
    write_workbook(target or source, opened, table, _GRADINGS[key], (), {}, lambda _, __: None)
    return _GRADINGS[key]


def clients_of(path: Path, table: str | None = None) -> ClientTable:
    """The clients as they are read, before any grading."""
    match path.suffix:
        case ".csv":
            return read_csv(path)
        case ".parquet":
            return read_parquet(path)
        case _:
            return clients_in(WorkbookFile(path), table)[0]


def columns_of(table: ClientTable) -> dict[str, list[Any]]:
    """The user's headers with the cells below them."""
    return dict(zip(table.headers, (column.to_list() for column in table.cells.iter_columns()), strict=True))


# --- CSV -------------------------------------------------------------------------------------------------------------


def csv_file(folder: Path, text: str, encoding: str = "utf-8", name: str = "clients.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def csv_rows(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))


def csv_records(path: Path) -> list[dict[str, str]]:
    header, *rows = csv_rows(path)
    return [dict(zip(header, row, strict=True)) for row in rows]


# --- Workbooks -------------------------------------------------------------------------------------------------------


def workbook(
    path: Path,
    rows: Sequence[Sequence[Any]] = CLIENTS,
    *,
    sheet: str = "Clients",
    table: str | None = None,
    top: int = 1,
    left: int = 1,
    change: Callable[[Workbook, Worksheet], object] | None = None,
) -> Path:
    """A workbook with one sheet of rows, which are a table if that has a name; `change` has the last word."""
    book = Workbook()
    page = book.worksheets[0]
    page.title = sheet
    put(page, rows, top, left)
    if table:
        add_table(page, table, rows, top, left)
    if change:
        change(book, page)
    with strict_writing():
        book.save(path)
    return path


def put(page: Worksheet, rows: Sequence[Sequence[Any]], top: int = 1, left: int = 1) -> None:
    for row, line in enumerate(rows, top):
        for column, value in enumerate(line, left):
            page.cell(row, column).value = value


def add_table(page: Worksheet, name: str, rows: Sequence[Sequence[Any]], top: int = 1, left: int = 1) -> Table:
    last = page.cell(top + len(rows) - 1, left + len(rows[0]) - 1).coordinate
    added = Table(displayName=name, ref=f"{page.cell(top, left).coordinate}:{last}")
    page.add_table(added)
    return added


def edit(path: Path, change: Callable[[Workbook], object], target: Path | None = None) -> Path:
    """What a user does to a workbook between two gradings."""
    book = load_workbook(path, rich_text=True)
    change(book)
    with strict_writing():
        book.save(target or path)
    return target or path


def book_of(path: Path) -> Workbook:
    """A workbook to look at and not to change: one with the same bytes is opened once."""
    return _opened(path.read_bytes())


@lru_cache(maxsize=8)
def _opened(content: bytes) -> Workbook:
    return load_workbook(io.BytesIO(content), rich_text=True)


def page_of(path: Path, title: str = "Clients") -> Worksheet:
    return book_of(path)[title]


def values(page: Worksheet) -> dict[str, Any]:
    """The filled cells of a sheet by their address."""
    return {cell.coordinate: cell.value for line in page.iter_rows() for cell in line if cell.value is not None}


def column_at(page: Worksheet, header: str, row: int = 1) -> int:
    """The one column with a header."""
    (found,) = (cell.column for cell in page[row] if cell.value == header)
    return found


def below(page: Worksheet, header: str, row: int = 1) -> list[Any]:
    """The cells below a header, to the last row of the sheet."""
    column = column_at(page, header, row)
    return [page.cell(number, column).value for number in range(row + 1, page.max_row + 1)]


def headers_of(page: Worksheet, row: int = 1) -> list[Any]:
    return [cell.value for cell in page[row]]


def graded_block(path: Path) -> list[tuple[Any, ...]]:
    """The graded columns that a workbook shows, a row a line."""
    return [tuple(line.values()) for line in graded_records(path)]


def graded_records(path: Path) -> list[dict[str, Any]]:
    """The same, each cell with its header."""
    page = page_of(path)
    shown = [name for name in GRADED_COLUMNS if name in headers_of(page)]
    return [dict(zip(shown, line, strict=True)) for line in zip(*(below(page, name) for name in shown), strict=True)]


def everything(path: Path) -> dict[str, Any]:
    """All that a user sees of a workbook, sheet by sheet, to compare two of them."""
    book = book_of(path)
    return {
        page.title: {
            "cells": values(page),
            "formats": looks_of(page, lambda cell: (cell.number_format, cell.fill.fgColor.rgb, cell.font.b)),
            "tables": {t.displayName: (t.ref, [c.name for c in t.tableColumns]) for t in page.tables.values()},
            "choices": sorted((str(v.sqref), v.formula1) for v in page.data_validations.dataValidation),
            "colours": sorted((str(area.sqref), rule.type, str(rule.operator), str(rule.formula))
                              for area in page.conditional_formatting for rule in area.rules),
            "charts": len(page._charts),
            "merged": sorted(map(str, page.merged_cells.ranges)),
            "heights": {row: d.height for row, d in page.row_dimensions.items() if d.height},
            "widths": {name: (d.min, d.max, d.width) for name, d in page.column_dimensions.items()},
            "frozen": page.freeze_panes,
            "filter": page.auto_filter.ref,
        }
        for page in book.worksheets
    }  # fmt: skip


def looks_of(page: Worksheet, look: Callable[[Any], Any]) -> dict[str, Any]:
    """What the style of each cell comes to; it is looked at once for all cells that share it."""
    seen: dict[Any, Any] = {}
    found = {}
    for line in page.iter_rows():
        for cell in line:
            if cell._style not in seen:
                seen[cell._style] = look(cell)
            found[cell.coordinate] = seen[cell._style]
    return found


def are_sound(page: Worksheet) -> bool:
    """Whether a sheet's tables are such as Excel opens: headers are distinct text, equal to the columns' names, and
    no table lies over another, over a filter of the sheet, or over merged cells."""
    others = [area.bounds for area in page.merged_cells.ranges]
    if page.auto_filter.ref:
        others.append(range_boundaries(page.auto_filter.ref))
    tables: list[tuple[int, int, int, int]] = []
    for table in page.tables.values():
        left, top, right, bottom = range_boundaries(table.ref)
        shown = [page.cell(top, column).value for column in range(left, right + 1)]
        if shown != [column.name for column in table.tableColumns] or not all(isinstance(text, str) for text in shown):
            return False
        if len({text.casefold() for text in shown}) != len(shown):
            return False
        tables.append((left, top, right, bottom))
    return not any(
        one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]
        for at, one in enumerate(tables)
        for other in (*tables[:at], *others)
    )


# --- Packages --------------------------------------------------------------------------------------------------------


def parts_of(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def package(path: Path, parts: Mapping[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as written:
        for name, content in parts.items():
            written.writestr(name, content)
    return path


FIRST_SHEET = "xl/worksheets/sheet1.xml"


def with_part(path: Path, name: str, change: Callable[[bytes], bytes]) -> Path:
    """Change one part of a package in place."""
    parts = parts_of(path)
    parts[name] = change(parts.get(name, b""))
    return package(path, parts)


def with_stored_values(path: Path, stored: Mapping[str, str]) -> Path:
    """Give cells, such as formulas, the values that Excel stores in them: cell to text of a number."""

    def change(part: bytes) -> bytes:
        for cell, value in stored.items():
            start = part.index(b'<c r="%s"' % cell.encode())
            end = part.index(b"</c>", start)
            filled = re.sub(rb"<v ?/>|<v>[^<]*</v>", b"", part[start:end])
            part = part[:start] + filled + b"<v>%s</v>" % value.encode() + part[end:]
        return part

    return with_part(path, FIRST_SHEET, change)


def macro_workbook(path: Path) -> Path:
    """An .xlsm workbook with macros in it, as far as a package shows."""
    parts = parts_of(workbook(path.with_suffix(".xlsx")))
    parts["[Content_Types].xml"] = (
        parts["[Content_Types].xml"]
        .replace(PLAIN_WORKBOOK, MACRO_WORKBOOK)
        .replace(b"</Types>", b'<Override PartName="/xl/vbaProject.bin" '
                 b'ContentType="application/vnd.ms-office.vbaProject"/></Types>')
    )  # fmt: skip
    parts["xl/_rels/workbook.xml.rels"] = parts["xl/_rels/workbook.xml.rels"].replace(
        b"</Relationships>",
        b'<Relationship Id="rIdMacros" Target="vbaProject.bin" '
        b'Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject"/></Relationships>',
    )
    parts["xl/vbaProject.bin"] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 macros"
    return package(path, parts)


PLAIN_WORKBOOK = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
MACRO_WORKBOOK = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"


# --- Graded files of any format --------------------------------------------------------------------------------------


def graded_values(path: Path) -> list[dict[str, Any]]:
    """The graded columns of any file, with None for blanks and scores to one decimal."""
    match path.suffix:
        case ".csv":
            rows: list[dict[str, Any]] = [dict(record) for record in csv_records(path)]
        case ".parquet":
            rows = parquet.read_table(path, columns=list(GRADED_COLUMNS)).to_pylist()
        case _:
            rows = [
                {"Upside": None, **dict.fromkeys(RATING_STYLES, "Not rated"), **row} for row in graded_records(path)
            ]
    return [{name: plain(name, row[name]) for name in GRADED_COLUMNS} for row in rows]


def plain(name: str, value: Any) -> Any:
    if value in (None, ""):
        return None
    if name == "Score":
        return int(float(value) * 10 + 0.5) / 10
    return round(float(value), 2) if name == "Upside" else value


def day(text: str) -> datetime:
    return datetime.fromisoformat(text)
