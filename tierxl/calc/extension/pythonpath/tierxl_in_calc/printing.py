"""The pages of a sheet: a style of ours, the cells that are printed, and those that stand on each page."""

from tierxl_in_calc.areas import cells_at
from tierxl_in_calc.idle import when_idle


def set_up_print(document, sheet, described, looks, step):
    """One page wide; with the header row on each page. It takes long for a sheet that has cells already."""
    _use(document, sheet, looks.page(**described["page"]), step)
    area, header = described["print_area"], described["print_header_row"]
    if area:
        sheet.setPrintAreas((cells_at(sheet, area).RangeAddress,))
    if header:
        sheet.setPrintTitleRows(True)
        sheet.setTitleRows(cells_at(sheet, [header, 1, header, 1]).RangeAddress)


def print_clients(document, sheet, pages, looks, step):
    """The clients' names on each page, and the graded columns beside them; without a scale the page style stays."""
    if pages["scale"]:
        _use(document, sheet, looks.page_at(pages["scale"]), step)
        (left, right), (top, bottom) = pages["columns"], pages["rows"]
        sheet.setPrintTitleColumns(True)
        sheet.setTitleColumns(cells_at(sheet, [1, left, 1, right]).RangeAddress)
        sheet.setPrintTitleRows(True)
        sheet.setTitleRows(cells_at(sheet, [top, 1, bottom, 1]).RangeAddress)
    sheet.setPrintAreas((cells_at(sheet, pages["area"]).RangeAddress,))


def _use(document, sheet, page, step):
    title, before = sheet.Name, sheet.PageStyle

    def use(style):
        if document.Sheets.hasByName(title):
            document.Sheets[title].PageStyle = style

    if before != page:
        use(page)
        # Not with the others: LibreOffice 7.4 ends where a page changes just when sheets have been undone.
        step.beside(lambda: when_idle(lambda: use(before)), lambda: use(page))
