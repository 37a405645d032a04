"""A workbook that is open in LibreOffice Calc, behind an extension that is asked about it and told what to write.

All that a grading changes goes to the office in one message, and the office writes it as one step that can be undone.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from operator import itemgetter
from typing import Any, Protocol

import polars as pl

from tierxl.calc.cells import FIRST_DAY, cells_of, day_number
from tierxl.method.progress import Progress
from tierxl.method.rating.grading import Grading
from tierxl.sheets import clients as look
from tierxl.sheets.description import LAST_ROW, Area, Chart, ConditionalFormat, Series, Sheet, Table, Validation
from tierxl.sheets.styles import INK, LINE, STYLES
from tierxl.workbooks.fitting import (
    LINE_HEIGHT,
    clients_heights,
    free_name,
    header_style,
    header_styles,
    heights_of,
    long_columns,
    printed,
)
from tierxl.workbooks.layout import Layout, client_column, lay_out
from tierxl.workbooks.ooxml.bulk_cells import FIRST_YEAR, LONGEST_TEXT
from tierxl.workbooks.ooxml.graded_workbook import graded_values, taken_names
from tierxl.workbooks.ooxml.sheet_writer import FONT
from tierxl.workbooks.open_workbook import Grid, OpenWorkbook, input_columns
from tierxl.workbooks.table import ClientTable
from tierxl.workbooks.workbook import Place, SheetOutline, Surroundings, TableOutline

Told = dict[str, Any]
"""What is told in a message."""

_GRADING = "Grade clients"


class Ask(Protocol):
    """Asks the office something about the workbook, or to write into it.

    Raises:
        CannotGrade: the office refuses; the sentence is its own.
    """

    def __call__(self, what: str, **details: Any) -> Any: ...


class WorkbookInCalc(OpenWorkbook):
    """A workbook that is open in LibreOffice Calc."""

    def __init__(self, ask: Ask) -> None:
        outline = ask("outline")
        names = {name.casefold() for name in outline["names"]}
        super().__init__(outline["name"], [_outline(sheet) for sheet in outline["sheets"]], names)
        self._ask = ask
        self._day_0 = FIRST_DAY

    def values(self, title: str, rows: int = LAST_ROW) -> Grid:
        told = self._ask("values", sheet=title, **({} if rows == LAST_ROW else {"rows": rows}))
        self._day_0 = datetime.fromisoformat(told["null_date"])
        return _whole(cells_of(told, self._day_0))

    def formats(self, title: str, cells: Mapping[int, Sequence[int]]) -> dict[int, list[str]]:
        return {column: self._formats(title, column, rows) if rows else [] for column, rows in cells.items()}

    def _formats(self, title: str, column: int, rows: Sequence[int]) -> list[str]:
        stretches = self._ask("formats", sheet=title, column=column, first=rows[0], last=rows[-1])
        shown = {row: code for first, last, code in stretches for row in range(first, last + 1)}
        return [shown[row] for row in rows]

    def surroundings(self, place: Place, name_column: int) -> Surroundings:
        told = self._ask(
            "surroundings",
            sheet=place.sheet.title,
            columns=input_columns(place),
            first=place.first,
            last=place.last,
            name_column=name_column,
        )
        return Surroundings(
            merged=[Area(*area) for area in told.get("merged", ())],
            validated=[Area(place.first, column, place.last, column) for column in told["validated"]],
            is_frozen=told["is_frozen"],
            vertical=told["vertical"],
        )

    def write(
        self,
        place: Place,
        table: ClientTable,
        grading: Grading,
        sheets: Sequence[Sheet],
        titles: dict[str, str],
        progress: Progress,
    ) -> None:
        taken = taken_names(self, titles)
        layout = lay_out(place, table, self.surroundings(place, client_column(place, table)), taken)
        columns = self._columns(layout, place, table, grading)
        self._write(_GRADING, columns, sheets, titles, taken, progress)

    def write_sheets(self, sheets: Sequence[Sheet], titles: dict[str, str], progress: Progress) -> None:
        doing = ", ".join(titles[sheet.kind] for sheet in sheets)
        self._write(doing, None, sheets, titles, taken_names(self, titles), progress)

    def _write(
        self,
        doing: str,
        columns: Told | None,
        sheets: Sequence[Sheet],
        titles: dict[str, str],
        taken: Iterable[str],
        progress: Progress,
    ) -> None:
        told, names = [], set(taken)
        for done, sheet in enumerate(sheets, 1):
            progress("Writing", done, len(sheets) + 1)
            told.append(self._sheet(sheet, titles[sheet.kind], names))
        styles = {name: asdict(style) for name, style in STYLES.items()}
        looks = {"styles": styles, "font": FONT, "ink": INK, "line": LINE}
        self._ask("write", changes={"doing": doing, **looks, "columns": columns, "sheets": told})

    # --- The clients' sheet ------------------------------------------------------------------------------------------

    def _columns(self, layout: Layout, place: Place, table: ClientTable, grading: Grading) -> Told:
        styles = look.graded_styles(grading)
        return {
            "sheet": place.sheet.title,
            "header_row": place.header_row,
            "header_height": 2 * LINE_HEIGHT,
            "vertical": layout.vertical,
            "rows": list(table.rows),
            "heights": clients_heights(graded_values(grading, "Why"), layout.why_width),
            "gone": list(place.gone),
            "columns": [
                {
                    "column": column,
                    "header": layout.headers[name],
                    "header_style": header_style("graded-header", styles[name]),
                    "style": styles[name],
                    "width": look.GRADED_WIDTHS[name] if name in layout.new else None,
                    "is_new": name in layout.new,
                    "values": self._told(graded_values(grading, name)),
                }
                for name, column in sorted(layout.columns.items(), key=itemgetter(1))
            ],
            "colourings": list(map(_colouring, layout.colourings)),
            "choices": list(map(_choices, layout.choices)),
            "table": _clients_table(layout, place),
            "filtered": _area(layout.filtered) if layout.filtered else None,
            "frozen": layout.frozen,
            "parted": list(map(_area, layout.parted)),
        }

    # --- The sheets of our own ---------------------------------------------------------------------------------------

    def _sheet(self, sheet: Sheet, title: str, names: set[str]) -> Told:
        """A sheet as it is told; the names of its tables are taken from then on."""
        tables: list[Told] = []
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
            "title": title,
            "cells": [
                (cell.row, cell.column, self._told_one(cell.value), cell.style, cell.span) for cell in sheet.cells
            ],
            "tables": tables,
            "colourings": list(map(_colouring, sheet.conditional_formats)),
            "choices": list(map(_choices, sheet.validations)),
            "charts": list(map(_chart, sheet.charts)),
            "widths": list(sheet.widths),
            "heights": heights | sheet.heights,
            "freeze": sheet.freeze,
            "print_area": _area(area) if area else None,
            "print_header_row": sheet.print_header_row,
        }

    def _table(self, table: Table, columns: Sequence[pl.Series], name: str) -> Told:
        """A table as it is told; a long one by its columns, which is quicker."""
        rows: Iterable[Sequence[Any]] = (
            zip(*map(self._told, columns), strict=True)
            if columns
            else ([self._told_one(value) for value in line] for line in table.rows)
        )
        return {
            "row": table.row,
            "column": table.column,
            "headers": list(table.headers),
            "header_styles": header_styles(table),
            "rows": list(rows),
            "styles": list(table.styles),
            "name": name,
            "area": _area(table.area),
        }

    def _told(self, column: pl.Series) -> list[Any]:
        """The values of a column as they are told."""
        if column.dtype.is_temporal() or column.dtype.is_float() or column.dtype == pl.Object:
            return [self._told_one(value) for value in column.to_list()]
        if column.dtype == pl.String and (column.str.len_bytes() > LONGEST_TEXT).any():
            column = column.str.slice(0, LONGEST_TEXT)
        return column.to_list()

    def _told_one(self, value: Any) -> Any:
        """A value as it is told: a date as a number of days; what a cell cannot hold as a blank."""
        if isinstance(value, date):
            return day_number(value, self._day_0) if value.year >= FIRST_YEAR else f"{value:%Y-%m-%d}"
        if isinstance(value, float):
            return value if math.isfinite(value) else None
        return value[:LONGEST_TEXT] if isinstance(value, str) else value


def _outline(told: Told) -> SheetOutline:
    tables = (TableOutline(table["name"], Area(*table["area"]), table["totals_rows"]) for table in told["tables"])
    return SheetOutline(told["title"], told["kind"], tuple(tables))


def _whole(grid: Grid) -> Grid:
    """Cells without half a character, as LEFT() leaves of an emoji: frames cannot hold these."""
    try:
        for row in grid:
            "".join(cell for cell in row if type(cell) is str).encode()
    except UnicodeEncodeError:
        return [
            [cell.encode(errors="replace").decode() if isinstance(cell, str) else cell for cell in row] for row in grid
        ]
    return grid


def _clients_table(layout: Layout, place: Place) -> Told | None:
    """The table that the clients become, or that grows over the graded columns."""
    if layout.made:
        return {"name": layout.made.name, "area": _area(layout.made.area), "is_new": True}
    if place.table and layout.grown:
        return {"name": place.table.name, "area": _area(layout.grown), "is_new": False}
    return None


def _area(area: Area) -> list[int]:
    return [area.top, area.left, area.bottom, area.right]


def _colouring(colouring: ConditionalFormat) -> Told:
    return {"area": _area(colouring.area), "styles": colouring.styles, "above": colouring.above}


def _choices(choices: Validation) -> Told:
    return {
        "area": _area(choices.area),
        "values": choices.values,
        "title": choices.title,
        "prompt": choices.prompt,
    }


def _chart(chart: Chart) -> Told:
    return asdict(chart) | {
        "series": list(map(_series, chart.series)),
        "marks": list(map(_series, chart.marks)),
    }


def _series(series: Series) -> Told:
    fill = STYLES[series.style].fill
    return {"name": series.name, "x": _area(series.x), "y": _area(series.y), "fill": fill}
