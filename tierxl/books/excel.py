"""A workbook that is open in Excel, through xlwings' cross-platform object model."""

from typing import Any

import xlwings as xw

from tierxl.books.workbook import MARK
from tierxl.sheets import OWN_TITLES, settings

Grid = list[list[Any]]


def settings_of(book: xw.Book) -> settings.SettingsRead:
    """What the Settings sheet of an open workbook says, if it has one of ours."""
    sheet = own_sheet(book, settings.KIND)
    return settings.read(values_of(sheet), sheet.name) if sheet else settings.SettingsRead({}, [])


def own_sheet(book: xw.Book, kind: str) -> xw.Sheet | None:
    """The sheet of ours of a kind; the one that still has its own title, where the user has copied it."""
    titled = [sheet for sheet in book.sheets if sheet.name.casefold() == OWN_TITLES[kind].casefold()]
    return next((sheet for sheet in (*titled, *book.sheets) if kind_of(sheet) == kind), None)


def kind_of(sheet: xw.Sheet) -> str | None:
    """The kind of a sheet of ours; None for a sheet of the user's."""
    for name in sheet.names:
        if name.name.rpartition("!")[2] == MARK:
            return name.refers_to.strip('="')
    return None


def values_of(sheet: xw.Sheet) -> Grid:
    """The values of a sheet, row by row from its first cell; an error such as #N/A as its text."""
    last = sheet.used_range.last_cell
    grid: Grid = sheet.range((1, 1), (last.row, last.column)).options(ndim=2, err_to_str=True).value
    return grid
