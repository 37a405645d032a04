"""Writing into a workbook through xlwings Lite: in few large ranges, the user's sheet first.

A batch that fails may have been done in part, so the first step is the one that Excel may refuse: the table and the
cells beside the user's. Once they stand there, the others are sheets of our own. Charts, links between sheets, marks
beside the tiers, colours of tabs and the set-up of pages are left out: the object model has none, or none that could be
tried.
"""

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from operator import itemgetter
from typing import Any

from tierxl.lite.open_workbook import Changes, points
from tierxl.method.issues import CannotGrade
from tierxl.sheets import clients as look
from tierxl.sheets.cells import FIRST_YEAR, LONGEST_TEXT, day_number
from tierxl.sheets.description import Area, ConditionalFormat, Sheet, Table
from tierxl.sheets.mark import MARK
from tierxl.sheets.styles import FONT, INK, STYLES, TABLE_STYLE, Style
from tierxl.workbooks.dimensions import LINE_HEIGHT, free_name, header_style, header_styles, heights_of, long_columns
from tierxl.workbooks.open_workbook import GradedClients
from tierxl.workbooks.stretches import stretches

_CELLS_AT_ONCE = 50_000
"""The cells of a range that is written at once: Excel on the web takes no more than some megabytes."""
_AS_IT_STANDS = re.compile(r"[A-Za-z][^\d]*")
"""A text that Excel takes for nothing else: another one could be a formula, a number or a date."""
_ANSWERS = {"true", "false"}

_SIZE = Style().size

Grid = list[list[Any]]


async def write(live: Any, changes: Changes) -> None:
    """Write the graded columns and the sheets of our own.

    Raises:
        CannotGrade: Excel does not let us write; the sentence says whether the grades stand there.
    """
    front = live.sheets.active.name
    if changes.graded:
        _write_columns(live, changes.graded)
        try:
            await live.flush()
        except Exception as error:
            raise CannotGrade(
                f"Excel did not let tierxl write into {live.name}, and nothing was changed. Is the workbook or a sheet "
                f"protected, or a cell being edited? Excel says: {error}"
            ) from error
        _finish_columns(live, changes.graded)
    _write_sheets(live, changes)
    for title, row, column, formula in changes.looking:
        live.sheets[title].range((row, column)).formula2 = formula
    for name, reference in changes.names:
        live.names[name].refers_to = reference
    live.sheets[front].activate()
    try:
        await live.flush()
    except Exception as error:
        written = "The grades are written, but " if changes.graded else ""
        raise CannotGrade(
            f"{written}Excel did not let tierxl {'finish' if written else 'write'}: press the button again. "
            f"Excel says: {error}"
        ) from error


# --- The graded columns ----------------------------------------------------------------------------------------------


def _write_columns(live: Any, graded: GradedClients) -> None:
    """Let the clients' table reach over the graded columns, and write their headers and values."""
    sheet, layout, top = live.sheets[graded.sheet], graded.layout, graded.place.header_row
    columns = graded.columns
    names = {column: name for name, column in layout.columns.items() if column in columns}
    values = {
        column: {top: None if column in layout.left_out else layout.headers[name]}
        | dict(zip(graded.table.rows, graded.values(name).to_list(), strict=True))
        for column, name in names.items()
    }
    if graded.place.table and layout.grown:  # first, since nothing else is as likely to be refused
        sheet.tables[graded.place.table.name].resize(_range(sheet, layout.grown))
    for left, right in stretches(columns):
        for first, last in stretches([top, *graded.rows]):
            lines = range(first, last + 1)
            _put(sheet, first, left, [[values[at].get(row) for at in range(left, right + 1)] for row in lines])


def _finish_columns(live: Any, graded: GradedClients) -> None:
    """Looks, widths, colours for clients to come, and lists of values."""
    sheet, layout, top = live.sheets[graded.sheet], graded.layout, graded.place.header_row
    styles, columns = look.graded_styles(graded.grading), graded.columns
    bottom = max([top + 1, *graded.rows])
    for left, right in stretches(columns):
        area = _range(sheet, Area(top, left, bottom, right))
        _plain(area, layout.vertical)
        area.conditional_formats.clear()
    for name, column in layout.columns.items():
        if column in columns and name in styles and column not in layout.left_out:
            _look(sheet, Area(top, column, top, column), STYLES[header_style("graded-header", styles[name])])
            _look(sheet, Area(top + 1, column, bottom, column), STYLES[styles[name]])
    sheet.range((top, 1)).row_height = 2 * LINE_HEIGHT
    for colouring in graded.colourings:
        _colour(sheet, colouring)
    for column, width in layout.widths.items():
        sheet.range((1, column)).column_width = points(width)
    for choices in layout.choices:
        _offer(sheet, choices.area, choices.values)


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
        _write_sheet(sheet, description, names)
        sheet.names.add(MARK, f'="{description.kind}"')
        sheet.visible = not is_hidden


def _write_sheet(sheet: Any, description: Sheet, names: set[str]) -> None:
    """Write a described sheet into an empty one: all its cells at once, then the look of each part."""
    grid, looks = _cells(description)
    sheet.show_gridlines = False
    if not grid:
        return
    whole = _range(sheet, Area(1, 1, len(grid), len(grid[0])))
    _plain(whole, "top")
    _put(sheet, 1, 1, grid)  # before a cell is one of texts, in which the mark before a text would be shown
    for style, areas in looks.items():
        for area in areas:
            _look(sheet, area, STYLES[style])
    for cell in description.cells:
        if cell.span > 1:
            _range(sheet, Area(cell.row, cell.column, cell.row, cell.column + cell.span - 1)).merge()
    for column, width in enumerate(description.widths, 1):
        if width:
            sheet.range((1, column)).column_width = points(width)
    _write_tables(sheet, description, names)
    for colouring in description.conditional_formats:
        _colour(sheet, colouring)
    for choices in description.validations:
        _offer(sheet, choices.area, choices.values)
    if description.freeze:
        row, column = description.freeze
        frozen = f"1:{row - 1}" if column == 1 else _range(sheet, Area(1, 1, max(row - 1, 1), column - 1))
        sheet.freeze_panes.freeze_at(frozen)


def _write_tables(sheet: Any, description: Sheet, names: set[str]) -> None:
    """Make tables of those that have a name, and rows as high as their texts need."""
    heights: dict[int, float] = {}
    for table in description.tables:
        heights |= heights_of(table, long_columns(table), description.widths)
        if table.name:
            name = free_name(table.name, names)
            names.add(name.casefold())
            made = sheet.tables.add(_range(sheet, table.area), name, table_style_name=TABLE_STYLE)
            made.show_autofilter, made.show_table_style_row_stripes = table.is_filtered, False
    for row, height in (heights | description.row_heights).items():
        sheet.range((row, 1)).row_height = max(height, heights.get(row, 0))


def _cells(description: Sheet) -> tuple[Grid, dict[str, list[Area]]]:
    """The values of a sheet row by row, and the areas of each style."""
    values: dict[tuple[int, int], Any] = {}
    looks: dict[str, list[Area]] = {}
    for table in description.tables:
        values |= _values(table)
        for area, style in _looks(table):
            looks.setdefault(style, []).append(area)
    for cell in description.cells:
        values[cell.row, cell.column] = cell.value
        looks.setdefault(cell.style, []).append(Area(cell.row, cell.column, cell.row, cell.column + cell.span - 1))
    bottom, right = (max(map(itemgetter(at), values), default=0) for at in (0, 1))
    return [[values.get((row, column)) for column in range(1, right + 1)] for row in range(1, bottom + 1)], looks


def _values(table: Table) -> Iterator[tuple[tuple[int, int], Any]]:
    """The values of a table by row and column."""
    for row, line in enumerate((table.headers, *table.rows), table.row):
        for column, value in enumerate(line, table.column):
            yield (row, column), value


def _looks(table: Table) -> Iterator[tuple[Area, str]]:
    """The areas of a table with their styles: columns side by side that look alike are one."""
    for top, bottom, styles in (
        (table.row, table.row, header_styles(table)),
        (table.row + 1, table.bottom, table.styles),
    ):
        for style, columns in _alike(styles):
            yield Area(top, table.column + columns[0], bottom, table.column + columns[-1]), style


def _alike(styles: Sequence[str]) -> Iterator[tuple[str, range]]:
    start = 0
    for at in range(1, len(styles) + 1):
        if at == len(styles) or styles[at] != styles[start]:
            yield styles[start], range(start, at)
            start = at


# --- Ranges ----------------------------------------------------------------------------------------------------------


def _range(sheet: Any, area: Area) -> Any:
    return sheet.range((area.top, area.left), (area.bottom, area.right))


def _put(sheet: Any, top: int, left: int, grid: Grid) -> None:
    """Write values from a cell on, in pieces that Excel takes at once."""
    width = len(grid[0])
    rows_at_once = max(_CELLS_AT_ONCE // width, 1)
    for start in range(0, len(grid), rows_at_once):
        piece = [list(map(_value, line)) for line in grid[start : start + rows_at_once]]
        sheet.range((top + start, left), (top + start + len(piece) - 1, left + width - 1)).value = piece


def _value(value: Any) -> Any:
    """A value as Excel takes it for what it is: a day as its number, a text never as a formula or a number."""
    if isinstance(value, date):
        return day_number(value) if value.year >= FIRST_YEAR else f"'{value:%Y-%m-%d}"
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if not isinstance(value, str) or not value:
        return value
    text = value[:LONGEST_TEXT]
    is_plain = _AS_IT_STANDS.fullmatch(text) and text.casefold() not in _ANSWERS
    return text if is_plain else f"'{text}"[: LONGEST_TEXT + 1]


def _plain(cells: Any, vertical: str) -> None:
    """Give cells the letters that most of ours have."""
    cells.font.name, cells.font.size, cells.font.color = FONT, _SIZE, f"#{INK}"
    cells.vertical_alignment = vertical


def _look(sheet: Any, area: Area, style: Style) -> None:
    """Give plain cells what else a style says."""
    cells = _range(sheet, area)
    if style.number_format != "General":
        cells.number_format = style.number_format
    if style.fill:
        cells.color = f"#{style.fill}"
    if style.colour not in ("", INK):
        cells.font.color = f"#{style.colour}"
    if style.size != _SIZE:
        cells.font.size = style.size
    if style.bold:
        cells.font.bold = True
    if style.italic:
        cells.font.italic = True
    if style.align:
        cells.horizontal_alignment = style.align
    if style.indent:
        cells.adjust_indent(style.indent)
    if style.wrap:
        cells.wrap_text = True


def _colour(sheet: Any, colouring: ConditionalFormat) -> None:
    """Add live colours to an area: by the text of a cell, or above a number. The last one added counts first."""
    formats = _range(sheet, colouring.area).conditional_formats
    for text, style in reversed(list(colouring.styles.items())):
        formats.add_cell_value("equal_to", f'="{text}"', **_live(STYLES[style]))
    if colouring.above:
        limit, style = colouring.above
        formats.add_cell_value("greater_than", f"={limit:g}", **_live(STYLES[style]))


def _live(style: Style) -> dict[str, Any]:
    """The look that a live colour gives to a cell."""
    look = {
        "font_color": f"#{style.colour or INK}",
        "font_bold": style.bold or None,
        "font_italic": style.italic or None,
    }
    return look | ({"fill_color": f"#{style.fill}"} if style.fill else {})


def _offer(sheet: Any, area: Area, values: Iterable[str]) -> None:
    """Offer a list of values in the cells of an area, where its values can stand in one."""
    values = list(values)
    if values and not any(mark in value for value in values for mark in ",;"):
        _range(sheet, area).data_validation.set_list(values)
