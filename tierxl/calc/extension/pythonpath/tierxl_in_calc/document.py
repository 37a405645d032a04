"""Reading an open document: what its sheets, tables and cells are."""

from __future__ import annotations

from typing import Any, List, Sequence

from tierxl_in_calc.areas import used
from tierxl_in_calc.marks import kind_of
from tierxl_in_calc.view import character_width

Area = List[int]
"""The first row, first column, last row and last column of a rectangle of cells, counted from 1."""

_ANY_RESULT = 7  # com.sun.star.sheet.FormulaResult: VALUE, STRING and ERROR
_DATE, _LOGICAL = 2, 1024  # com.sun.star.util.NumberFormat


def outline(document: Any) -> dict[str, Any]:
    """The sheets with their kinds and tables, and the names that are in use."""
    tables: dict[str, list[dict[str, Any]]] = {}
    ranges = document.DatabaseRanges
    for name in ranges.ElementNames:
        table = ranges.getByName(name)
        title = document.Sheets.getByIndex(table.DataArea.Sheet).Name
        totals = int(table.PropertySetInfo.hasPropertyByName("TotalsRow") and table.TotalsRow)
        tables.setdefault(title, []).append({"name": name, "area": area_of(table.DataArea), "totals_rows": totals})
    return {
        "name": document.Title,
        "sheets": [
            {"title": sheet.Name, "kind": kind_of(sheet), "tables": tables.get(sheet.Name, [])}
            for sheet in document.Sheets
        ],
        "names": [*document.NamedRanges.ElementNames, *ranges.ElementNames],
    }


def values(document: Any, sheet: str, rows: int | None = None) -> dict[str, Any]:
    """The values of a sheet, or of its first rows, from its first cell on."""
    page = document.Sheets.getByName(sheet)
    end = used(page).RangeAddress
    bottom = end.EndRow if rows is None else min(end.EndRow, rows - 1)
    return table(document, page.getCellRangeByPosition(0, 0, end.EndColumn, bottom))


def table(document: Any, cells: Any) -> dict[str, Any]:
    """The values of a range, and where in it are days and answers, counted from its first cell."""
    corner = cells.RangeAddress
    grid = grid_of(cells)
    for row, column in errors_in(cells):
        grid[row][column] = cells.getCellByPosition(column, row).String
    kinds: dict[int, list[Area]] = {_DATE: [], _LOGICAL: []}
    for key, areas in _formats(cells):
        kind = document.NumberFormats.getByKey(key).Type
        for flag, of_kind in kinds.items():
            if kind & flag:
                of_kind += [_within(area, corner) for area in areas]
    return {"cells": grid, "dates": kinds[_DATE], "answers": kinds[_LOGICAL], "null_date": null_date(document)}


def grid_of(cells: Any) -> list[list[Any]]:
    """The values of a range, None for a blank."""
    return [[None if value == "" else value for value in line] for line in cells.DataArray]


def formats(document: Any, sheet: str, column: int, first: int, last: int) -> list[tuple[int, int, str]]:
    """The number formats of some rows of a column, as stretches of rows."""
    cells = document.Sheets.getByName(sheet).getCellRangeByPosition(column - 1, first - 1, column - 1, last - 1)
    return [
        (area[0], area[2], document.NumberFormats.getByKey(key).FormatString)
        for key, areas in _formats(cells)
        for area in areas
    ]


def formulas(document: Any, sheet: str, column: int, first: int, last: int) -> list[tuple[int, str]]:
    """The formulas in some rows of a column, each with its row."""
    page = document.Sheets.getByName(sheet)
    cells = page.getCellRangeByPosition(column - 1, first - 1, column - 1, last - 1)
    return [
        (row + 1, page.getCellByPosition(column - 1, row).Formula)
        for area in cells.queryFormulaCells(_ANY_RESULT).RangeAddresses
        for row in range(area.StartRow, area.EndRow + 1)
    ]


def surroundings(
    document: Any, sheet: str, columns: Sequence[int], first: int, last: int, name_column: int, right: int
) -> dict[str, Any]:
    """The surroundings of the clients: validations, widths, vertical place of names, frozen panes, pages."""
    page = document.Sheets.getByName(sheet)
    below = {
        column: page.getCellRangeByPosition(column - 1, first - 1, column - 1, last - 1)
        for column in [*columns, name_column]
    }
    vertical = {1: "top", 2: "center"}.get(below[name_column].VertJustify, "bottom")
    validated = [column for column in columns if _is_validated(below[column])]
    return {
        "validated": validated,
        "vertical": vertical,
        "is_frozen": _is_frozen(document, sheet),
        "widths": _widths(document, page, right),
        "pages": pages(document, page),
    }


def null_date(document: Any) -> str:
    """The day that a document counts as 0."""
    day = document.NullDate
    return f"{day.Year:04}-{day.Month:02}-{day.Day:02}"


def area_of(address: Any) -> Area:
    """A cell range address as an area."""
    return [address.StartRow + 1, address.StartColumn + 1, address.EndRow + 1, address.EndColumn + 1]


def errors_in(cells: Any) -> list[tuple[int, int]]:
    """The cells whose formula comes to an error, by row and column in the range."""
    corner = cells.RangeAddress
    return [
        (row - corner.StartRow, column - corner.StartColumn)
        for area in cells.queryFormulaCells(4).RangeAddresses  # com.sun.star.sheet.FormulaResult.ERROR
        for row in range(area.StartRow, area.EndRow + 1)
        for column in range(area.StartColumn, area.EndColumn + 1)
    ]


def _formats(cells: Any) -> list[tuple[int, list[Area]]]:
    """The number formats of a range, each with its areas; equal stretches of cells are looked at once."""
    return [
        (group.getByIndex(0).NumberFormat, [area_of(address) for address in group.RangeAddresses])
        for group in cells.UniqueCellFormatRanges
    ]


def _within(area: Area, corner: Any) -> Area:
    top, left, bottom, right = area
    return [top - corner.StartRow, left - corner.StartColumn, bottom - corner.StartRow, right - corner.StartColumn]


def pages(document: Any, page: Any) -> dict[str, Any] | None:
    """The pages that somebody has set up on a sheet: areas, columns and rows on each page; nothing if nobody has."""
    style = document.StyleFamilies.getByName("PageStyles").getByName(page.PageStyle)
    scales = (style.PageScale, style.ScaleToPages, style.ScaleToPagesX, style.ScaleToPagesY)
    columns, rows = page.getTitleColumns(), page.getTitleRows()
    found = {
        "areas": list(map(area_of, page.getPrintAreas())),
        "columns": [columns.StartColumn + 1, columns.EndColumn + 1] if page.getPrintTitleColumns() else [0, 0],
        "rows": [rows.StartRow + 1, rows.EndRow + 1] if page.getPrintTitleRows() else [0, 0],
    }
    is_set_up = any(map(any, found.values())) or style.IsLandscape or scales != (100, 0, 0, 0)
    return found if is_set_up else None


def _is_validated(cells: Any) -> bool:
    return any(group.getByIndex(0).Validation.Type.value != "ANY" for group in cells.UniqueCellFormatRanges)


def _widths(document: Any, page: Any, right: int) -> list[tuple[int, float]]:
    """The columns, as far as a right one, whose width was set, with that in characters."""
    widths = [page.Columns.getByIndex(at).Width for at in range(right)]
    unset, character = page.Columns.getByIndex(page.Columns.Count - 1).Width, character_width(document)
    return [(at, width / character) for at, width in enumerate(widths, 1) if width != unset]


def _is_frozen(document: Any, sheet: str) -> bool:
    """True if the panes of a sheet are frozen or split; also for a sheet that is not shown, where it is not known."""
    controller = document.CurrentController
    if controller is None or controller.ActiveSheet.Name != sheet:
        return True
    return bool(controller.hasFrozenPanes() or controller.getIsWindowSplit())
