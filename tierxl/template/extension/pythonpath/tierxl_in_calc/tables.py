"""Tables of a document: database ranges with a name and buttons that filter."""

from tierxl_in_calc.areas import cells_at


def keep_tables(document, sheet, areas, step):
    """Let a sheet of ours have these tables, name to area, and no others. Those that are there stay the same objects,

    so that formulas that name them stay right.
    """
    ranges, number = document.DatabaseRanges, sheet.RangeAddress.Sheet
    for name in ranges.ElementNames:
        if ranges[name].DataArea.Sheet == number:
            _show_all(ranges[name])
            if name not in areas:
                _hide_buttons(ranges, name, step)
                ranges.removeByName(name)
    for name, area in areas.items():
        if ranges.hasByName(name):
            _hide_buttons(ranges, name, step)
            ranges[name].setDataArea(cells_at(sheet, area).RangeAddress)
        else:
            ranges.addNewByName(name, cells_at(sheet, area).RangeAddress)
        _show_buttons(ranges, name, step)


def set_table(document, sheet, table, step):
    """Let the table of the clients grow, or make one."""
    ranges, name = document.DatabaseRanges, table["name"]
    area = cells_at(sheet, table["area"]).RangeAddress
    if not ranges.hasByName(name):
        ranges.addNewByName(name, area)
        _show_buttons(ranges, name, step)
    elif ranges[name].AutoFilter:
        _hide_buttons(ranges, name, step)
        ranges[name].setDataArea(area)
        _show_buttons(ranges, name, step)
    else:
        ranges[name].setDataArea(area)


def _show_all(table):
    """Take back what the user filters by: it was said of the rows that were there before."""
    if table.getFilterDescriptor().getFilterFields():
        table.getFilterDescriptor().setFilterFields(())
        table.refresh()


def _show_buttons(ranges, name, step):
    def buttons(shown):
        ranges[name].AutoFilter = shown

    buttons(True)
    step.after_all(lambda: buttons(False), lambda: buttons(True))


def _hide_buttons(ranges, name, step):
    """LibreOffice keeps the buttons of a table's old area, also when it undoes a change, unless they are hidden."""

    def buttons(shown):
        ranges[name].AutoFilter = shown

    if ranges[name].AutoFilter:
        buttons(False)
        step.before_all(lambda: buttons(True))
