"""Areas of the messages, [top, left, bottom, right] counted from 1, and what stands at them in a document."""

from itertools import groupby

from com.sun.star.table import CellRangeAddress


def cells_at(sheet, area):
    """The cells of an area."""
    top, left, bottom, right = area
    return sheet.getCellRangeByPosition(left - 1, top - 1, right - 1, bottom - 1)


def used(sheet):
    """The cells of a sheet from its first one to the end of what is used."""
    cursor = sheet.createCursor()
    cursor.gotoEndOfUsedArea(False)
    end = cursor.RangeAddress
    return sheet.getCellRangeByPosition(0, 0, end.EndColumn, end.EndRow)


def together(document, sheet, areas):
    """The cells of several areas of one sheet as one."""
    ranges = document.createInstance("com.sun.star.sheet.SheetCellRanges")
    number = sheet.RangeAddress.Sheet
    addresses = (
        CellRangeAddress(number, left - 1, top - 1, right - 1, bottom - 1) for top, left, bottom, right in areas
    )
    ranges.addRangeAddresses(tuple(addresses), False)
    return ranges


def runs(values):
    """Runs of equal values: at which place each starts, where the next one does, and the value."""
    start = 0
    for value, alike in groupby(values):
        end = start + len(list(alike))
        yield start, end, value
        start = end
