"""Tables of a document: database ranges with a name and buttons that filter."""

from tierxl_in_calc.areas import cells_at
from tierxl_in_calc.view import toggle_buttons


def clear_tables(document, sheet, kept):
    """Take the buttons of the tables of a sheet of ours away, and those tables whose names are not kept."""
    ranges, number = document.DatabaseRanges, sheet.RangeAddress.Sheet
    for name in ranges.ElementNames:
        if ranges[name].DataArea.Sheet == number:
            _show_buttons(document, ranges[name], shown=False)
            if name not in kept:
                ranges.removeByName(name)


def set_tables(document, sheet, tables):
    """Make those tables of a sheet of ours that have a name, as they are described.

    Those that are there stay the same objects, so that formulas that name them stay right.
    """
    for table in tables:
        if table["name"]:
            _set_table(document, sheet, table["name"], table["area"])
            _show_buttons(document, document.DatabaseRanges[table["name"]], shown=table["is_filtered"])


def set_table(document, sheet, table):
    """Let the table of the clients grow, or make one."""
    ranges, name = document.DatabaseRanges, table["name"]
    has_buttons = not ranges.hasByName(name) or _has_free_buttons(ranges[name])
    if has_buttons and ranges.hasByName(name):
        _show_buttons(document, ranges[name], shown=False)
    _set_table(document, sheet, name, table["area"])
    if has_buttons:
        _show_buttons(document, ranges[name], shown=True)


def _set_table(document, sheet, name, area):
    ranges, address = document.DatabaseRanges, cells_at(sheet, area).RangeAddress
    if ranges.hasByName(name):
        ranges[name].setDataArea(address)
    else:
        ranges.addNewByName(name, address)


def _has_free_buttons(table):
    """True if there are buttons by which the user does not filter: taking others away would show every row."""
    return table.AutoFilter and not table.getFilterDescriptor().getFilterFields()


def _show_buttons(document, table, *, shown):
    if table.AutoFilter != shown and not toggle_buttons(document, table.ReferredCells):
        table.AutoFilter = shown
