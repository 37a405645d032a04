"""The mark of a sheet of ours: a name of the sheet's own, whose content says what kind of sheet it is."""

import uno
from com.sun.star.table import CellAddress

MARK = "_tierxl"
_HIDDEN = "com.sun.star.sheet.NamedRangeFlag.HIDDEN"


def kind_of(sheet):
    """The kind of a sheet of ours; None for one of the user's."""
    names = sheet.NamedRanges
    return names[MARK].Content.strip('"') if names.hasByName(MARK) else None


def mark(sheet, kind):
    """Mark a new sheet as ours."""
    sheet.NamedRanges.addNewByName(MARK, f'"{kind}"', CellAddress(sheet.RangeAddress.Sheet, 0, 0), _hidden())


def _hidden():
    """The flag that hides a name; 0 for a LibreOffice before 7.5, which cannot hide one."""
    try:
        return uno.getConstantByName(_HIDDEN)
    except uno.getClass("com.sun.star.uno.RuntimeException"):
        return 0
