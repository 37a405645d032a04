"""A described sheet of ours, painted into a document: a new one, or in place of what an earlier grading painted."""

from com.sun.star.sheet.CellFlags import ANNOTATION, EDITATTR, FORMATTED, HARDATTR, STYLES

from tierxl_in_calc.areas import cells_at, together, used
from tierxl_in_calc.cells import (
    CONTENTS,
    answers_in,
    colour,
    empty_again,
    fill,
    offer,
    set_heights,
    set_widths,
    show_answers,
)
from tierxl_in_calc.charts import draw
from tierxl_in_calc.looks import PREFIX, colour_of
from tierxl_in_calc.marks import mark
from tierxl_in_calc.printing import set_up_print
from tierxl_in_calc.tables import clear_tables, set_tables
from tierxl_in_calc.view import dress, freeze

_EVERYTHING = CONTENTS | ANNOTATION | HARDATTR | STYLES | EDITATTR | FORMATTED
_HEIGHT = 15
"""The height of a row without one of its own, in points, as in Excel: charts count on it."""


def paint(document, described, looks, step, character, later=()):
    """Paint a sheet; characters of a column are so wide. A new one stands before the first of the later titles.

    A sheet that is there is never deleted, so that the user's formulas that look into it stay right.
    """
    title = described["title"]
    is_new = not document.Sheets.hasByName(title)
    if is_new:
        there = document.Sheets.ElementNames
        document.Sheets.insertNewByName(title, next((at for at, name in enumerate(there) if name in later), len(there)))
        mark(document.Sheets[title], described["kind"])
    sheet = document.Sheets[title]
    bottom, right = _end(described)
    last = max([bottom, *(chart["bottom"] for chart in described["charts"])])
    if not is_new:
        end = used(sheet).RangeAddress
        last = max(last, end.EndRow + 1)
        written = [1, 1, last, max(right, end.EndColumn + 1)]
        empty_again(cells_at(sheet, written), step)
        clear_tables(document, sheet, {table["name"] for table in described["tables"]})
        _empty(sheet)
    set_up_print(document, sheet, described, looks, step)
    set_widths(sheet, dict(enumerate(described["widths"], 1)), character)
    heights = dict.fromkeys(range(1, last + 1), _HEIGHT)
    heights.update({int(row): height for row, height in described["heights"].items()})
    set_heights(document, sheet, heights)
    sheet.TabColor = colour_of(described["tab"])
    _write(document, sheet, described, looks, is_new)
    for row, column, target in described["links"]:
        _lead(document, sheet.getCellByPosition(column - 1, row - 1), target)
    for colouring in described["colourings"]:
        colour(sheet, colouring, looks.of_cells(_style_at(described, colouring["area"])), looks, step)
    for choices in described["choices"]:
        offer(sheet, choices)
    set_tables(document, sheet, described["tables"])
    for number, chart in enumerate(described["charts"], 1):
        name = f"{PREFIX}{described['kind']} {number}"
        draw(sheet, chart, name, looks, _words_of(described))
    (dress if is_new else freeze)(document, title, described["freeze"])
    if is_new:
        step.beside(redo=lambda: dress(document, title, described["freeze"]))
        sheet.IsVisible = not described["is_hidden"]


def _end(described):
    """The last row and the last column with a cell."""
    tables = [table["area"][2:] for table in described["tables"]]
    cells = [(row, column + span - 1) for row, column, _, _, span in described["cells"]]
    return tuple(map(max, zip((1, 1), *tables, *cells)))


def _empty(sheet):
    sheet.merge(False)
    sheet.clearContents(_EVERYTHING)
    for name in sheet.Charts.ElementNames:
        sheet.Charts.removeByName(name)
    sheet.Rows.IsVisible = True


def _write(document, sheet, described, looks, is_new):
    """Write the cells of the tables, and over them the single cells.

    A text that looks like a formula gets a format for texts with its value; LibreOffice undoes that where the styles
    come first. On a new sheet they come last: it does not do them again where there are no cells yet.
    """
    bottom, right = _end(described)
    lines = [[None] * right for _ in range(bottom)]
    for table in described["tables"]:
        left = table["column"] - 1
        for row, values in enumerate([table["headers"], *table["rows"]], table["row"] - 1):
            lines[row][left : left + len(values)] = values
    for row, column, value, *_ in described["cells"]:
        lines[row - 1][column - 1] = value
    if is_new:
        fill(sheet, 1, 1, lines)
    for style, areas in (*_styles_of_tables(described).items(), *_styles_of_cells(described).items()):
        together(document, sheet, areas).CellStyle = looks.of_cells(style)
    if not is_new:
        fill(sheet, 1, 1, lines)
    for row, column, _, _, span in described["cells"]:
        if span > 1:
            cells_at(sheet, [row, column, row, column + span - 1]).merge(True)
    show_answers(document, sheet, answers_in(lines, 1, 1), looks)


def _lead(document, cell, target):
    """Let the text of a cell lead to a sheet."""
    link = document.createInstance("com.sun.star.text.TextField.URL")
    link.Representation, link.URL = cell.String, f"#{target}.A1"
    cell.setString("")
    cell.insertTextContent(cell.createTextCursor(), link, False)


def _words_of(described):
    """The row and column of each text among the headers and single cells."""
    headers = {
        header: (table["row"], column)
        for table in described["tables"]
        for column, header in enumerate(table["headers"], table["column"])
    }
    return {**{value: (row, column) for row, column, value, *_ in described["cells"]}, **headers}


def _styles_of_tables(described):
    areas = {}
    for table in described["tables"]:
        top, count = table["row"], len(table["rows"])
        for column, (header, style) in enumerate(zip(table["header_styles"], table["styles"]), table["column"]):
            areas.setdefault(header, []).append([top, column, top, column])
            if count:
                areas.setdefault(style, []).append([top + 1, column, top + count, column])
    return areas


def _styles_of_cells(described):
    areas = {}
    for row, column, _, style, span in described["cells"]:
        areas.setdefault(style, []).append([row, column, row, column + span - 1])
    return areas


def _style_at(described, area):
    """The style of the cells of an area, as its first cell has it."""
    top, left = area[:2]
    for row, column, _, style, _ in described["cells"]:
        if (row, column) == (top, left):
            return style
    for table in described["tables"]:
        first, start, last, end = table["area"]
        if first < top <= last and start <= left <= end:
            return table["styles"][left - start]
    return "text"
