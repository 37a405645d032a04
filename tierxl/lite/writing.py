"""Writing into a workbook through xlwings Lite: in few large ranges, the user's sheet first.

A batch that fails may have been done in part, so the first step is the one that Excel may refuse: the table and the
cells beside the user's. Once they stand there, the others are sheets of our own. Charts, links between sheets, marks
beside the tiers, colours of tabs, letters that shrink to a column and the set-up of pages are left out: the object
model has none, or none that could be tried. So are lists of values: they would refuse what is not on them, where those
of the command only ask.
"""

import math
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from operator import itemgetter
from typing import Any

from tierxl.lite.areas import grouped, range_of
from tierxl.lite.open_workbook import Changes, points
from tierxl.method.issues import CannotGrade
from tierxl.sheets import clients as look
from tierxl.sheets.cells import FIRST_YEAR, LONGEST_TEXT, day_number
from tierxl.sheets.description import LAST_ROW, Area, ConditionalFormat, Sheet
from tierxl.sheets.mark import MARK
from tierxl.sheets.styles import FONT, INK, STYLES, TABLE_STYLE, Style
from tierxl.workbooks.dimensions import LINE_HEIGHT, free_name, header_style, header_styles, heights_of, long_columns
from tierxl.workbooks.layout import GradedClients
from tierxl.workbooks.stretches import stretches

HIGHEST_ROW = 409
"""The points of the highest row that Excel makes."""
_CELLS_AT_ONCE = 50_000
"""The cells of a range that is written at once: Excel on the web takes no more than some megabytes."""
_ANSWERS = (
    "true|false|wahr|falsch|vrai|faux|vero|falso|verdadero|verdadeiro|waar|onwaar|sant|falskt|sand|falsk|sann|usann|tosi"
    "|prawda|pravda|nepravda|igaz|hamis"
)
"""TRUE and FALSE in the languages of Excel, which reads what is entered in its own."""
_AS_IT_STANDS = re.compile(rf"(?!(?:{_ANSWERS})\s*$)[A-Z]\D*", re.IGNORECASE | re.ASCII)
"""A text that Excel takes for nothing else: another one could be a formula, a number, a date or an answer."""
_AROUND = re.compile(r"^(?:\w*Error: )?Action \d+ \(\w+\) failed: |\.? Up to \d+ actions? may .*", re.DOTALL)
"""Words of Lite around Excel's own."""
_OF_FONT = {"font_color", "size", "bold", "italic"}

_SIZE = Style().size

Grid = list[list[Any]]
Looks = list[tuple[str, Area]]
"""Styles, each with an area that has it."""


async def write(live: Any, changes: Changes) -> None:
    """Write the graded columns and the sheets of our own.

    Raises:
        CannotGrade: Excel does not let us write; the sentence says whether the grades stand there.
    """
    front = live.sheets.active.name
    await _refuse_where_formulas_would_be_lost(live, changes)
    if changes.graded:
        await _write_columns(live, changes.graded)
        _finish_columns(live, changes.graded)
    _write_sheets(live, changes)
    deque(_looks_back(live, changes), maxlen=0)
    live.sheets[front].activate()
    try:
        await live.flush()
    except Exception as error:
        for _ in _looks_back(live, changes):
            with suppress(Exception):  # it looks into a sheet that is not there
                await live.flush()
        written = "The grades are written, but " if changes.graded else ""
        raise CannotGrade(
            f"{written}Excel did not let tierxl {'finish' if written else 'write'}: press the button again. "
            f"Excel says: {_reason(error)}"
        ) from error


async def _refuse_where_formulas_would_be_lost(live: Any, changes: Changes) -> None:
    """Enter the user's formulas that look into our sheets as they are: where Excel lets us not, they would be lost.

    Raises:
        CannotGrade: a sheet with such formulas is protected.
    """
    deque(_looks_back(live, changes), maxlen=0)
    try:
        await live.flush()
    except Exception as error:
        titles = " or ".join(dict.fromkeys(title for title, *_ in changes.looking))
        raise CannotGrade(
            f"Nothing was changed: formulas on {titles} look into sheets that are made anew, and Excel did not let "
            f"tierxl enter them again. Is the sheet protected? Excel says: {_reason(error)}"
        ) from error


def _looks_back(live: Any, changes: Changes) -> Iterator[None]:
    """The steps that have the user's formulas and names look into our sheets again: Excel forgets sheets that go."""
    by_column: dict[tuple[str, int], dict[int, str]] = {}
    for title, row, column, formula in changes.looking:
        by_column.setdefault((title, column), {})[row] = formula
    for (title, column), formulas in by_column.items():
        for first, last in stretches(formulas):
            cells = range_of(live.sheets[title], Area(first, column, last, column))
            cells.formula2 = [[formulas[row]] for row in range(first, last + 1)]
            yield
    for name, reference in changes.names:
        live.names[name].refers_to = reference
        yield


def _reason(error: Exception) -> str:
    """The reason for which Excel did not do something, without what Lite says around it."""
    return f"{_AROUND.sub('', str(error)).rstrip('.')}."


# --- The graded columns ----------------------------------------------------------------------------------------------


async def _write_columns(live: Any, graded: GradedClients) -> None:
    """Let the clients' table reach over the graded columns, and write their headers and values.

    Raises:
        CannotGrade: Excel does not let us write; the sentence says whether some of it stands there.
    """
    is_changed = False
    for _ in _columns_queued(live, graded):
        try:
            await live.flush()
        except Exception as error:
            raise CannotGrade(
                f"Excel did not let tierxl write into {live.name}, and "
                f"{'only some of the grades are' if is_changed else 'nothing was'} changed. Is the workbook or a sheet "
                f"protected, or a cell being edited? Excel says: {_reason(error)}"
            ) from error
        is_changed = True


def _columns_queued(live: Any, graded: GradedClients) -> Iterator[None]:
    """The steps of writing the columns, each when it waits to be done: Excel does a step wholly or not at all.

    The looks that were there go before the values come: a number in a cell of texts would be a text.
    """
    sheet, layout, top = live.sheets[graded.sheet], graded.layout, graded.place.header_row
    names = {column: name for name, column in layout.columns.items() if column in graded.columns}
    headers = {column: graded.header(name) for column, name in names.items()}
    values = {
        column: dict(zip(graded.table.rows, graded.values(name).to_list(), strict=True))
        for column, name in names.items()
    }
    if graded.place.table and layout.grown:  # first, since nothing else is as likely to be refused
        sheet.tables[graded.place.table.name].resize(range_of(sheet, layout.grown))
        yield
    across = [range(left, right + 1) for left, right in stretches(graded.columns)]
    for columns in across:
        yield from _put(sheet, top, columns[0], [[headers[at] for at in columns]])
    for columns in across:
        range_of(sheet, Area(top, columns[0], _bottom(graded), columns[-1])).clear_formats()
        for first, last in stretches(graded.rows):
            grid = [[values[at].get(row) for at in columns] for row in range(first, last + 1)]
            yield from _put(sheet, first, columns[0], grid)


def _bottom(graded: GradedClients) -> int:
    return max([graded.place.header_row + 1, *graded.rows])


def _finish_columns(live: Any, graded: GradedClients) -> None:
    """Looks, widths, colours for clients to come, and lists of values."""
    sheet, layout, top = live.sheets[graded.sheet], graded.layout, graded.place.header_row
    styles, columns = look.graded_styles(graded.grading), graded.columns
    bottom = _bottom(graded)
    for left, right in stretches(columns):
        _plain(range_of(sheet, Area(top, left, bottom, right)), layout.vertical)
        to_the_end = range_of(sheet, Area(top, left, LAST_ROW, right))  # those for clients to come as well
        to_the_end.conditional_formats.clear()
    looks: Looks = []
    for name, column in layout.columns.items():
        if column in columns and name in styles and column not in layout.left_out:
            looks.append((header_style("graded-header", styles[name]), Area(top, column, top, column)))
            looks.append((styles[name], Area(top + 1, column, bottom, column)))
    _look(sheet, looks)
    sheet.range((top, 1)).row_height = 2 * LINE_HEIGHT
    _colour(sheet, graded.colourings)
    _widen(sheet, layout.widths)


# --- The sheets of our own -------------------------------------------------------------------------------------------


def _write_sheets(live: Any, changes: Changes) -> None:
    """Make each sheet anew, in the place of its forerunner, else before the next that has one, else at the end."""
    titles = [changes.titles[sheet.kind] for sheet in changes.sheets]
    names = set(changes.taken)
    for at, description in enumerate(changes.sheets):
        there = [sheet.name for sheet in live.sheets]
        later = [title for title in titles[at:] if title in there]
        position = there.index(later[0]) if later else len(there)
        is_hidden = description.is_hidden
        if titles[at] in there:
            is_hidden = not live.sheets[titles[at]].visible
            live.sheets[titles[at]].delete()
        rest = [name for name in there if name != titles[at]]
        beside = {"after": live.sheets[rest[position - 1]]} if position else {"before": live.sheets[rest[0]]}
        sheet = live.sheets.add(titles[at], **beside)
        sheet.names.add(MARK, f'="{description.kind}"')
        _write_sheet(sheet, description, names)
        if is_hidden:
            sheet.visible = False


def _write_sheet(sheet: Any, description: Sheet, names: set[str]) -> None:
    """Write a described sheet into an empty one: all its cells at once, then the look of each part."""
    grid, looks = _cells(description)
    sheet.show_gridlines = False
    if not grid:
        return
    whole = range_of(sheet, Area(1, 1, len(grid), len(grid[0])))
    _plain(whole, "top")
    list(_put(sheet, 1, 1, grid))  # before a cell is one of texts, in which the mark before a text would be shown
    _look(sheet, looks)
    for cell in description.cells:
        if cell.span > 1:
            range_of(sheet, Area(cell.row, cell.column, cell.row, cell.column + cell.span - 1)).merge()
    _widen(sheet, {column: width for column, width in enumerate(description.widths, 1) if width})
    _write_tables(sheet, description, names)
    _colour(sheet, description.conditional_formats)
    if description.freeze:
        row, column = description.freeze
        frozen = f"1:{row - 1}" if column == 1 else range_of(sheet, Area(1, 1, max(row - 1, 1), column - 1))
        sheet.freeze_panes.freeze_at(frozen)


def _write_tables(sheet: Any, description: Sheet, names: set[str]) -> None:
    """Make tables of those that have a name, and rows as high as their texts need."""
    heights: dict[int, float] = {}
    for table in description.tables:
        heights |= heights_of(table, long_columns(table), description.widths)
        if table.name:
            name = free_name(table.name, names)
            names.add(name.casefold())
            made = sheet.tables.add(range_of(sheet, table.area), name, table_style_name=TABLE_STYLE)
            made.show_table_style_row_stripes = False
            if not table.is_filtered:
                made.show_autofilter = False
    rows = (heights | description.row_heights).items()
    of_row = {row: min(max(height, heights.get(row, 0)), HIGHEST_ROW) for row, height in rows}
    for height, areas in grouped((height, Area(row, 1, row, 1)) for row, height in of_row.items()):
        for area in areas:
            range_of(sheet, area).row_height = height


def _cells(description: Sheet) -> tuple[Grid, Looks]:
    """The values of a sheet row by row, and its styles."""
    values = description.values
    looks: Looks = []
    for table in description.tables:
        looks += [
            (style, Area(table.row, at, table.row, at)) for at, style in enumerate(header_styles(table), table.column)
        ]
        looks += [
            (style, Area(table.row + 1, at, table.bottom, at)) for at, style in enumerate(table.styles, table.column)
        ]
    for cell in description.cells:
        looks.append((cell.style, Area(cell.row, cell.column, cell.row, cell.column + cell.span - 1)))
    bottom, right = (max(map(itemgetter(at), values), default=0) for at in (0, 1))
    return [[values.get((row, column)) for column in range(1, right + 1)] for row in range(1, bottom + 1)], looks


# --- Ranges ----------------------------------------------------------------------------------------------------------


def _put(sheet: Any, top: int, left: int, grid: Grid) -> Iterator[None]:
    """Write values from a cell on, in pieces that Excel takes at once; each is a step."""
    width = len(grid[0])
    rows_at_once = max(_CELLS_AT_ONCE // width, 1)
    for start in range(0, len(grid), rows_at_once):
        piece = [list(map(_value, line)) for line in grid[start : start + rows_at_once]]
        sheet.range((top + start, left), (top + start + len(piece) - 1, left + width - 1)).value = piece
        yield


def _value(value: Any) -> Any:
    """A value as Excel takes it for what it is: a day as its number, a text never as a formula or a number."""
    if isinstance(value, date):
        return day_number(value) if value.year >= FIRST_YEAR else f"'{value:%Y-%m-%d}"
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if not isinstance(value, str) or not value:
        return value
    return (value if _AS_IT_STANDS.fullmatch(value) else f"'{value}")[:LONGEST_TEXT]


def _plain(cells: Any, vertical: str) -> None:
    """Give cells the letters that most of ours have."""
    cells.font.name, cells.font.size, cells.font.color = FONT, _SIZE, f"#{INK}"
    cells.vertical_alignment = vertical


def _look(sheet: Any, looks: Looks) -> None:
    """Give plain cells what else their styles say: a property at once to all cells side by side that share it."""
    properties = ((one, area) for style, area in looks for one in _beyond_plain(STYLES[style]))
    for (name, value), areas in grouped(properties):
        for area in areas:
            cells = range_of(sheet, area)
            setattr(cells.font if name in _OF_FONT else cells, name.removeprefix("font_"), value)
    for indent, areas in grouped((STYLES[style].indent, area) for style, area in looks):
        for area in areas if indent else ():
            range_of(sheet, area).adjust_indent(indent)


def _beyond_plain(style: Style) -> Iterator[tuple[str, Any]]:
    """The properties in which cells of a style are not plain."""
    properties = {
        "number_format": (style.number_format, "General"),
        "color": (style.fill and f"#{style.fill}", ""),
        "font_color": (f"#{style.colour or INK}", f"#{INK}"),
        "size": (style.size, _SIZE),
        "bold": (style.bold, False),
        "italic": (style.italic, False),
        "horizontal_alignment": (style.align, ""),
        "wrap_text": (style.wrap, False),
    }
    yield from ((name, value) for name, (value, plain) in properties.items() if value != plain)


def _widen(sheet: Any, widths: Mapping[int, float]) -> None:
    """Make columns as wide as so many characters."""
    for width, areas in grouped((width, Area(1, column, 1, column)) for column, width in widths.items()):
        for area in areas:
            range_of(sheet, area).column_width = points(width)


def _colour(sheet: Any, colourings: Iterable[ConditionalFormat]) -> None:
    """Add live colours to areas: by the text of a cell, or above a number. The last one added counts first."""
    for (of_text, above), areas in grouped((((*one.styles.items(),), one.above), one.area) for one in colourings):
        for area in areas:
            formats = range_of(sheet, area).conditional_formats
            for text, style in reversed(of_text):
                formats.add_cell_value("equal_to", f'="{text}"', **_live(STYLES[style]))
            if above:
                limit, style = above
                formats.add_cell_value("greater_than", f"={limit:g}", **_live(STYLES[style]))


def _live(style: Style) -> dict[str, Any]:
    """The look that a live colour gives to a cell."""
    look = {
        "font_color": f"#{style.colour or INK}",
        "font_bold": style.bold or None,
        "font_italic": style.italic or None,
    }
    return look | ({"fill_color": f"#{style.fill}"} if style.fill else {})
