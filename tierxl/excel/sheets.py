"""The sheets of a workbook that is open in Excel: which is ours, how far a sheet reaches, and what its cells hold.

The worksheet functions read the settings by it, so it imports nothing that they would wait for.
"""

import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import xlwings as xw

from tierxl.method.issues import CannotGrade
from tierxl.sheets import settings
from tierxl.sheets.mark import MARK, kind_of
from tierxl.sheets.own_sheet import own_title

_MANY_ROWS = 5_000
"""The rows of a used range beyond which Excel is asked whether they hold anything."""
_MANY_COLUMNS = 500
"""The same of columns."""
_MOST_REFUSALS = 2_000
"""The areas whose formulas Excel may refuse to give, as where a formula stands among many long notes."""
_ROWS_AT_ONCE = 10_000
"""The rows that a Mac reads at once to find the last one that holds anything."""


def settings_of(book: xw.Book) -> settings.SettingsRead:
    """The settings on the Settings sheet of an open workbook; none where it has no such sheet of ours."""
    sheet = own_sheet(book, settings.KIND)
    return settings.read(values(sheet, *last_cell(sheet)), sheet.name) if sheet else settings.SettingsRead({}, [])


def own_sheet(book: xw.Book, kind: str) -> xw.Sheet | None:
    """The sheet of ours of a kind; None where the workbook has none."""
    sheets = {sheet.name: sheet for sheet in book.sheets}
    title = own_title(kind, sheets, lambda name: kind_of_sheet(sheets[name]))
    return None if title is None else sheets[title]


def kind_of_sheet(sheet: xw.Sheet) -> str | None:
    """The kind of a sheet of ours; None for a sheet of the user's."""
    for name in sheet.names:
        if name.name.rpartition("!")[2] == MARK:
            return kind_of(name.refers_to or "")
    if sys.platform == "darwin":  # whether a Mac lists names that are hidden could not be tried
        with suppress(Exception):
            return kind_of(str(sheet.names(MARK).refers_to))
    return None


def values(sheet: xw.Sheet, bottom: int, right: int) -> list[list[Any]]:
    """The values of a sheet down to a row and up to a column; None for a blank, the text of an error such as #N/A.

    Raises:
        CannotGrade: Excel has left out rows.
    """
    # On a Mac, xlwings cannot read errors as text: there they are blank.
    as_text = {} if sys.platform == "darwin" else {"err_to_str": True}
    grid: list[list[Any]] = sheet.range((1, 1), (bottom, right)).options(ndim=2, **as_text).value
    if len(grid) != bottom:  # a Mac is known to leave out rows with errors, and all below would be another client's
        raise CannotGrade(
            f'Excel handed over {len(grid):,} of {bottom:,} rows of the sheet "{sheet.name}". Correct the cells that '
            "show an error such as #N/A, and try again."
        )
    return grid


def last_cell(sheet: xw.Sheet) -> tuple[int, int]:
    """The last row and column of a sheet that hold anything; nobody asks where the used ones are few.

    Excel counts cells as used that only have a format, up to the last row or column of the sheet where all cells of one
    have it.
    """
    used = sheet.used_range.last_cell
    bottom, right = used.row, used.column
    if sys.platform == "darwin":
        return _last_row_by_reading(sheet, bottom, right) if bottom > _MANY_ROWS else bottom, right
    if bottom > _MANY_ROWS:
        bottom = _last_by_counting(sheet, bottom, lambda row: ((row, 1), (bottom, right)))
    if right > _MANY_COLUMNS:
        right = _last_by_counting(sheet, right, lambda column: ((1, column), (bottom, right)))
    return bottom, right


def days_count_from_1904(book: xw.Book) -> bool:
    """True if the days of an open workbook count from 1904 on: Excel copies their numbers, not the days."""
    with suppress(Exception):  # what a Mac calls it could not be tried
        return bool(book.api.date_1904.get() if sys.platform == "darwin" else book.api.Date1904)
    return False


def formulas_of(area: xw.Range, property_of_formula: str = "formula") -> list[list[Any]]:
    """The formulas of an area as rows; a text where there is none.

    Excel does not give the formula of a cell with more than 8,221 characters, nor those of an area that has such a
    cell. As no formula is so long, the area is halved until the cell is alone, and blank. Areas without any formula,
    such as columns of notes, are not looked at.
    """
    return _Formulas(area.sheet, property_of_formula).of(area.row, area.column, *area.shape)


class _Formulas:
    """The formulas of a sheet."""

    def __init__(self, sheet: xw.Sheet, property_of_formula: str) -> None:
        self._sheet, self._property, self._refusals = sheet, property_of_formula, 0

    def of(self, top: int, left: int, height: int, width: int) -> list[list[Any]]:
        """The formulas of an area as rows.

        Raises:
            Exception: Excel has refused too often for its reason to be long cells.
        """
        area = self._sheet.range((top, left), (top + height - 1, left + width - 1))
        if _has_no_formula(area):
            return [[""] * width for _ in range(height)]
        try:
            return formula_rows(getattr(area, self._property), (height, width))
        except Exception:
            self._refusals += 1
            if self._refusals > _MOST_REFUSALS:
                raise
        if width > 1:
            half = width // 2
            right = self.of(top, left + half, height, width - half)
            return [[*line, *more] for line, more in zip(self.of(top, left, height, half), right, strict=True)]
        if height > 1:
            half = height // 2
            return [*self.of(top, left, half, 1), *self.of(top + half, left, height - half, 1)]
        return [[""]]


def _has_no_formula(area: xw.Range) -> bool:
    with suppress(Exception):
        return (area.api.has_formula.get() if sys.platform == "darwin" else area.api.HasFormula) is False
    return False


def formula_rows(formulas: Any, shape: tuple[int, int]) -> list[list[Any]]:
    """The formulas of an area as rows, however a system gives those of a single cell or row."""
    flat = [cell for line in _listed(formulas) for cell in _listed(line)]
    height, width = shape
    return [flat[row * width : (row + 1) * width] for row in range(height)]


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


def _last_by_counting(sheet: xw.Sheet, last: int, area_from: Callable[[int], tuple[Any, Any]]) -> int:
    """The last row or column that holds anything, by halves: Excel counts the cells from one on, filtered or not."""
    count = sheet.book.app.api.WorksheetFunction.CountA
    first = 1
    while first < last:
        middle = (first + last) // 2
        if count(sheet.range(*area_from(middle + 1)).api):
            first = middle + 1
        else:
            last = middle
    return last


def _last_row_by_reading(sheet: xw.Sheet, bottom: int, right: int) -> int:
    """The same where Excel is not asked in the words of Windows: the values are read from the bottom up."""
    while bottom > 1:
        top = max(bottom - _ROWS_AT_ONCE, 0) + 1
        lines = sheet.range((top, 1), (bottom, right)).options(ndim=2).value
        filled = [at for at, line in enumerate(lines, top) if any(cell is not None for cell in line)]
        if filled:
            return filled[-1]
        bottom = top - 1
    return 1
