"""A workbook that is open in LibreOffice Calc, behind an extension that answers questions about it and writes into it.

All that a grading changes goes to the office in one message, and the office writes it as one step that can be undone.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from operator import itemgetter
from typing import Any

import polars as pl

from tierxl.calc.cells import cells_of
from tierxl.calc.wire import Message
from tierxl.method.progress import Progress
from tierxl.sheets import clients
from tierxl.sheets.cells import FIRST_DAY, FIRST_YEAR, LONGEST_TEXT, day_number, in_unicode
from tierxl.sheets.description import LAST_ROW, Area, Chart, ConditionalFormat, Sheet, Table, Validation, letters
from tierxl.sheets.styles import FONT, INK, LINE, STYLES, TABS
from tierxl.workbooks.dimensions import (
    LINE_HEIGHT,
    free_name,
    header_style,
    header_styles,
    heights_of,
    long_columns,
    printed,
)
from tierxl.workbooks.layout import GradedClients, Layout
from tierxl.workbooks.open_workbook import Grid, OpenWorkbook, columns_to_explain
from tierxl.workbooks.outline import ALL_CELLS, Pages, Place, SheetOutline, Surroundings, TableOutline
from tierxl.workbooks.own_sheets import taken_names

_GRADING = "Grade clients"


Ask = Callable[..., Any]
"""Asks the office something about the workbook, or to write into it: ``ask(what, **details)``.

It raises :class:`~tierxl.CannotGrade` where the office refuses; the sentence is the office's own.
"""


class WorkbookInCalc(OpenWorkbook):
    """A workbook that is open in LibreOffice Calc."""

    def __init__(self, ask: Ask) -> None:
        outline = ask("outline")
        names = {name.casefold() for name in outline["names"]}
        super().__init__(outline["name"], [_outline(sheet) for sheet in outline["sheets"]], names)
        self._ask = ask
        self._day_0 = FIRST_DAY

    @property
    def day_0(self) -> datetime:
        return self._day_0

    def values(self, title: str, rows: int = LAST_ROW) -> Grid:
        reply = self._ask("values", sheet=title, **({} if rows == LAST_ROW else {"rows": rows}))
        self._day_0 = datetime.fromisoformat(reply["null_date"])
        return _in_unicode(cells_of(reply, self._day_0))

    def formats(self, title: str, cells: Mapping[int, Sequence[int]]) -> dict[int, list[str]]:
        return {column: self._formats(title, column, rows) if rows else [] for column, rows in cells.items()}

    def _formats(self, title: str, column: int, rows: Sequence[int]) -> list[str]:
        stretches = self._ask("formats", sheet=title, column=column, first=rows[0], last=rows[-1])
        shown = {row: code for first, last, code in stretches for row in range(first, last + 1)}
        return [shown[row] for row in rows]

    def formulas(self, title: str, column: int, rows: Sequence[int]) -> dict[int, str]:
        there = dict(self._ask("formulas", sheet=title, column=column, first=rows[0], last=rows[-1]))
        return {row: there[row] for row in rows if row in there}

    def surroundings(self, place: Place, name_column: int) -> Surroundings:
        reply = self._ask(
            "surroundings",
            sheet=place.sheet.title,
            columns=columns_to_explain(place),
            first=place.first,
            last=place.last,
            name_column=name_column,
            right=place.right,
        )
        return Surroundings(
            validated=[Area(place.first, column, place.last, column) for column in reply["validated"]],
            is_frozen=reply["is_frozen"],
            vertical=reply["vertical"],
            pages=_pages(reply["pages"]) if reply["pages"] else None,
            widths=dict(reply["widths"]),
        )

    def write_sheets(
        self,
        sheets: Sequence[Sheet],
        titles: dict[str, str],
        progress: Progress,
        graded: GradedClients | None = None,
    ) -> None:
        described, names = [], set(taken_names(self, titles))
        linked = titles | ({clients.KIND: graded.sheet} if graded else {})
        for done, sheet in enumerate(sheets, 1):
            progress("Writing", done, len(sheets) + 1)
            described.append(self._sheet(sheet, linked, names))
        changes = {
            "doing": _GRADING if graded else ", ".join(titles[sheet.kind] for sheet in sheets),
            "styles": {name: asdict(style) for name, style in STYLES.items()},
            "font": FONT,
            "ink": INK,
            "line": LINE,
            "columns": self._columns(graded) if graded else None,
            "sheets": described,
        }
        self._ask("write", changes=changes)

    # --- The clients' sheet ------------------------------------------------------------------------------------------

    def _columns(self, graded: GradedClients) -> Message:
        layout, place, styles = graded.layout, graded.place, graded.styles
        return {
            "sheet": graded.sheet,
            "header_row": place.header_row,
            "header_height": 2 * LINE_HEIGHT,
            "vertical": layout.vertical,
            "rows": list(graded.table.rows),
            "removed_rows": list(place.removed),
            "columns": [
                {
                    "column": column,
                    "header": graded.header(name),
                    "header_style": header_style("graded-header", styles[name]),
                    "style": styles[name],
                    "values": self._values(graded.values(name)),
                }
                for name, column in sorted(layout.columns.items(), key=itemgetter(1))
                if column in graded.columns
            ],
            "colourings": list(map(_described, graded.colourings)),
            "choices": list(map(_choices, layout.choices)),
            "table": _clients_table(layout, place),
            "filtered": _described(layout.filtered) if layout.filtered else None,
            "widths": list(layout.widths.items()),
            "frozen": layout.frozen,
            "beside": layout.beside,
            "pages": asdict(layout.pages) | {"area": _described(layout.pages.area)} if layout.pages else None,
        }

    # --- The sheets of our own ---------------------------------------------------------------------------------------

    def _sheet(self, sheet: Sheet, titles: Mapping[str, str], names: set[str]) -> Message:
        """A sheet in a message; the names of its tables are added to those in use."""
        tables: list[Message] = []
        heights: dict[int, float] = {}
        for table in sheet.tables:
            columns = long_columns(table)
            name = free_name(table.name, names) if table.name else ""
            names.add(name.casefold())
            tables.append(self._table(table, columns, name))
            heights |= heights_of(table, columns, sheet.widths)
        area = printed(sheet)
        return {
            "kind": sheet.kind,
            "title": titles[sheet.kind],
            "cells": [(cell.row, cell.column, self._value(cell.value), cell.style, cell.span) for cell in sheet.cells],
            "tables": tables,
            "colourings": list(map(_described, sheet.conditional_formats)),
            "choices": list(map(_choices, sheet.validations)),
            "charts": [
                {**_described(chart), "bottom": chart.bottom, "has_legend": chart.has_legend} for chart in sheet.charts
            ],
            "widths": list(sheet.widths),
            "heights": heights | {row: max(height, heights.get(row, 0)) for row, height in sheet.row_heights.items()},
            "links": [(cell.row, cell.column, titles[cell.link]) for cell in sheet.cells if cell.link in titles],
            "tab": TABS[sheet.tab],
            "page": {"is_one": sheet.is_one_page, "is_portrait": sheet.is_portrait},
            "is_hidden": sheet.is_hidden,
            "freeze": sheet.freeze,
            "print_area": _described(area) if area else None,
            "print_header_row": sheet.print_header_row,
        }

    def _table(self, table: Table, columns: Sequence[pl.Series], name: str) -> Message:
        """A table in a message; a long one by its columns, which is quicker."""
        rows: Iterable[Sequence[Any]] = (
            zip(*map(self._values, columns), strict=True)
            if columns
            else ([self._value(value) for value in line] for line in table.rows)
        )
        return {
            "row": table.row,
            "column": table.column,
            "headers": list(table.headers),
            "header_styles": header_styles(table),
            "rows": list(rows),
            "styles": list(table.styles),
            "name": name,
            "is_filtered": table.is_filtered,
            "area": _described(table.area),
        }

    def _values(self, column: pl.Series) -> list[Any]:
        """The values of a column in a message."""
        if column.dtype.is_temporal() or column.dtype.is_float() or column.dtype == pl.Object:
            return [self._value(value) for value in column.to_list()]
        if column.dtype == pl.String and (column.str.len_bytes() > LONGEST_TEXT).any():
            column = column.str.slice(0, LONGEST_TEXT)
        return column.to_list()

    def _value(self, value: Any) -> Any:
        """A value in a message: a date as a number of days; what a cell cannot hold as a blank."""
        if isinstance(value, date):
            return day_number(value, self._day_0) if value.year >= FIRST_YEAR else f"{value:%Y-%m-%d}"
        if isinstance(value, float):
            return value if math.isfinite(value) else None
        return value[:LONGEST_TEXT] if isinstance(value, str) else value


def _outline(sheet: Message) -> SheetOutline:
    tables = (TableOutline(table["name"], Area(*table["area"]), table["totals_rows"]) for table in sheet["tables"])
    return SheetOutline(sheet["title"], sheet["kind"], tuple(tables))


def _pages(pages: Message) -> Pages:
    """The pages that somebody has set up; all cells where no area is named or several are."""
    areas = [Area(*area) for area in pages["areas"]]
    if len(areas) > 1:
        return Pages()
    return Pages(areas[0] if areas else ALL_CELLS, tuple(pages["columns"]), tuple(pages["rows"]))


def _in_unicode(grid: Grid) -> Grid:
    """Cells that frames can hold."""
    try:
        "".join(cell for row in grid for cell in row if type(cell) is str).encode()
    except UnicodeEncodeError:
        return list(map(in_unicode, grid))
    return grid


def _clients_table(layout: Layout, place: Place) -> Message | None:
    """The table that the clients become, or that grows over the graded columns."""
    if layout.made:
        return {"name": layout.made.name, "area": _described(layout.made.area)}
    if place.table and layout.grown:
        return {"name": place.table.name, "area": _described(layout.grown)}
    return None


def _choices(validation: Validation) -> Message:
    """A data validation in a message; the formula of its limits as Calc takes it."""
    described: Message = _described(validation)
    numbers, area = validation.numbers, validation.area
    if not numbers:
        return described | {"limits": None}
    limits = numbers.limits(f"{letters(area.left)}{area.top}")
    first = limits.first.replace(",", ";")
    return described | {"limits": [limits.kind, first, limits.last, numbers.title, numbers.message]}


def _described(thing: Area | ConditionalFormat | Validation | Chart) -> Any:
    """An area in a message, as a list; or another part of a description, as its fields."""
    return asdict(thing, dict_factory=_fields)


def _fields(fields: list[tuple[str, Any]]) -> Any:
    return [value for _, value in fields] if fields[0][0] == "top" else dict(fields)
