"""A graded workbook: the graded columns beside the user's, and the sheets of our own behind the clients."""

import zipfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.cell import range_boundaries
from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.table import TableColumn
from openpyxl.worksheet.worksheet import Worksheet

from tierxl.books.file import MACROS, WorkbookFile, cell_of, new_workbook, save
from tierxl.books.paint import (
    A3,
    LINE_HEIGHT,
    Painter,
    add_table,
    colour,
    fit_page_width,
    header_style,
    lines_of,
    offer,
    reference,
    set_width,
    width_of,
)
from tierxl.books.table import ClientTable
from tierxl.books.workbook import ClientWorkbook, Place, kind_of, mark
from tierxl.method import cells
from tierxl.method.columns import GRADED_COLUMNS, Kind, graded_headers, recognise, recognised
from tierxl.method.grading import Grading
from tierxl.method.issues import CannotGrade, Issue
from tierxl.method.levels import TIER_NAMES
from tierxl.sheets import OWN_TITLES
from tierxl.sheets import clients as look
from tierxl.sheets.description import LAST_COLUMN, LAST_ROW, Area, Choices, Colouring, Sheet

_OURS = " (tierxl)"

Progress = Callable[[int, int], None]


def own_titles(source: ClientWorkbook | None) -> dict[str, str]:
    """The title of each sheet of our own: as it is called already, or a free one."""
    if source is None:
        return dict(OWN_TITLES)
    ours = source.own_sheets()
    taken = {title.casefold() for title in source.book.sheetnames if title not in ours.values()}
    titles = {}
    for kind, title in OWN_TITLES.items():
        free, number = ours.get(kind, title), 2
        if free.casefold() in taken:
            free = title + _OURS
        while free.casefold() in taken:
            free, number = f"{title}{_OURS} {number}", number + 1
        titles[kind] = free
        taken.add(free.casefold())
    return titles


def title_issues(source: ClientWorkbook | None, titles: dict[str, str]) -> list[Issue]:
    """Which sheets of our own had to take another name, because the user has one of that name."""
    if source is None:
        return []
    users = {title.casefold() for title in source.book.sheetnames} - {title.casefold() for title in titles.values()}
    return [
        Issue(f'the sheet "{OWN_TITLES[kind]}" is yours and stays as it is; ours is "{title}"')
        for kind, title in titles.items()
        if OWN_TITLES[kind].casefold() in users
    ]


def write_workbook(
    target: Path,
    source: tuple[WorkbookFile, Place] | None,
    table: ClientTable,
    grading: Grading,
    sheets: Sequence[Sheet],
    titles: dict[str, str],
    progress: Progress,
) -> None:
    """Write the graded workbook: the user's own with our columns and sheets, or a new one for a table from elsewhere.

    Raises:
        CannotGrade: the file cannot be written; then nothing is.
    """
    if source is None:
        book = new_workbook()
        place = _new_clients_sheet(book, table, grading)
    else:
        book, place = source[0].book, source[1]
    paint_columns(place, table, grading)
    paint_sheets(book, sheets, titles, progress)
    save(book, target, source[0] if source else None)


def paint_sheets(book: Workbook, sheets: Sequence[Sheet], titles: dict[str, str], progress: Progress) -> None:
    """Make the sheets of our own, each in the place of its forerunner. Progress is told how many, and of how many."""
    painter = Painter(book)
    for done, description in enumerate(sheets, 1):
        progress(done, len(sheets) + 1)
        _replace_own_sheet(painter, description, titles[description.kind])


def _replace_own_sheet(painter: Painter, description: Sheet, title: str) -> None:
    book, position, state = painter.book, None, "visible"
    for sheet in list(book.worksheets):
        if kind_of(sheet) == description.kind and sheet.title == title:
            position, state = book.sheetnames.index(title), sheet.sheet_state
            book.remove(sheet)
    made = painter.sheet(description, title, position)
    made.sheet_state = state
    mark(made, description.kind)


# --- The Clients sheet -----------------------------------------------------------------------------------------------


def as_new_sheet(table: ClientTable) -> ClientTable:
    """A table of a CSV or Parquet file, at the columns where its new Clients sheet has it."""
    letters = [get_column_letter(at) for at in range(1, len(table.headers) + 1)]
    return replace(table, letters=letters, sheet=look.TITLE)


def _new_clients_sheet(book: Workbook, table: ClientTable, grading: Grading) -> Place:
    """The clients of a CSV or Parquet file as a sheet, amounts and dates as such."""
    sheet: Worksheet = book.create_sheet(look.TITLE)
    painter = Painter(book)
    for at, (header, column) in enumerate(zip(table.headers, table.cells.iter_columns(), strict=True), 1):
        known = recognised(header)
        style = look.input_style(known)
        painter.write(sheet, 1, at, header or None, header_style("header", style))
        values = _typed(column, known.field, grading) if known else column.to_list()
        for row, value in enumerate(values, 2):
            painter.write(sheet, row, at, cell_of(value), style)
        sheet.column_dimensions[get_column_letter(at)].width = look.input_width(known)
    sheet.row_dimensions[1].height = 2 * LINE_HEIGHT
    fit_page_width(sheet, A3)
    sheet.print_title_rows = "1:1"
    count, width = table.cells.height, len(table.headers)
    return Place(sheet, None, 1, list(range(1, width + 1)), {}, 2, count + 1, count + 1, 1, width)


def _typed(column: pl.Series, field: str, grading: Grading) -> list[Any]:
    """A column's cells, amounts and dates as the method read them; what it could not read stays as it was."""
    kind = look.KNOWN[field].kind
    written = column.to_list()
    if kind not in (Kind.MONEY, Kind.PERCENT, Kind.DATE):
        return [cells.text(value) if kind == Kind.TEXT and value is not None else value for value in written]
    read = grading.clients.table[field].to_list()
    if kind == Kind.PERCENT:
        limit = grading.policy.reading.percent_points_beyond
        # A fraction this large would read as percent points the next time: it is kept as text with its sign.
        read = [
            _signed(value, as_written) if value is not None and abs(value) > limit else value
            for value, as_written in zip(read, written, strict=True)
        ]
    return [
        as_written if cells.is_blank(as_read) else as_read for as_read, as_written in zip(read, written, strict=True)
    ]


def _signed(fraction: float, as_written: Any) -> str:
    """A percentage as text with its sign, as the user wrote it if they wrote it so."""
    if isinstance(as_written, str) and "%" in as_written:
        return as_written
    return f"{fraction * 100:.15g}%"


def paint_columns(place: Place, table: ClientTable, grading: Grading) -> dict[str, int]:
    """Make the graded columns: over those of an earlier grading, else right of the user's. Returns where they are."""
    sheet = place.sheet
    painter = Painter(sheet.parent, _vertical_of(place, table))
    headers = graded_headers(table.headers)
    missing = [name for name in GRADED_COLUMNS if name not in place.graded]
    start = _first_free_column(place, len(missing))
    columns = place.graded | {name: start + at for at, name in enumerate(missing)}
    _unmerge(place, set(columns.values()))
    for name in GRADED_COLUMNS:
        column, style = columns[name], look.GRADED_STYLES[name]
        painter.write(sheet, place.header_row, column, headers[name], header_style("graded-header", style))
        for row, value in zip(table.rows, grading.columns[name].to_list(), strict=True):
            painter.write(sheet, row, column, cell_of(value), style)
        if name in missing:
            set_width(sheet, column, look.GRADED_WIDTHS[name])
    _clear_gone_clients(place, columns, set(table.rows))
    _fit_heights(place, columns, table, grading)
    if place.table is not None:
        left, _, right, _ = range_boundaries(place.table.ref)
        for name, column in place.graded.items():
            if left <= column <= right:
                place.table.tableColumns[column - left].name = headers[name]
    is_beside = bool(missing) and start == place.right + 1
    _extend_table(painter, place, [headers[name] for name in missing] if is_beside else [])
    _clear_colours(sheet, set(columns.values()), place.first)
    for name, styles in look.GRADED_COLOURS.items():
        colour(sheet, Colouring(Area(place.first, columns[name], LAST_ROW, columns[name]), styles))
    _offer_choices(place, table)
    if sheet.freeze_panes is None:
        sheet.freeze_panes = f"{get_column_letter(client_column(place, table) + 1)}{place.first}"
    return columns


def client_column(place: Place, table: ClientTable) -> int:
    """The column with the clients' names."""
    return place.columns[recognise(table.headers)["client"]]


def _vertical_of(place: Place, table: ClientTable) -> str:
    """Where the clients' names stand in their cells, so that the grades stand beside them."""
    name = place.sheet.cell(place.first, client_column(place, table))
    return name.alignment.vertical or "bottom"


def _unmerge(place: Place, columns: set[int]) -> None:
    """Part graded cells that were merged since the earlier grading: each client has its own."""
    for merged in list(place.sheet.merged_cells.ranges):
        left, top, right, _ = merged.bounds
        if set(range(left, right + 1)) <= columns and top >= place.first:
            place.sheet.unmerge_cells(str(merged))


def _clear_gone_clients(place: Place, columns: dict[str, int], rows: set[int]) -> None:
    """Clear the grades of clients that the user has taken out since the earlier grading."""
    if not place.graded:
        return
    for row in range(place.first, place.bottom + 1):
        if row not in rows and place.sheet.cell(row, columns["Tier"]).value in TIER_NAMES.values():
            for column in columns.values():
                place.sheet.cell(row, column).value = None


def _fit_heights(place: Place, columns: dict[str, int], table: ClientTable, grading: Grading) -> None:
    """Rows as high as their reasons need, where the user has not set a height."""
    sheet = place.sheet
    if place.header_row not in place.fixed_heights:
        header = sheet.row_dimensions[place.header_row]
        header.height = max(header.height or 0, 2 * LINE_HEIGHT)
    width = width_of(sheet, columns["Why"])
    for row, why in zip(table.rows, grading.columns["Why"].to_list(), strict=True):
        if row not in place.fixed_heights:
            sheet.row_dimensions[row].height = LINE_HEIGHT * max(lines_of(why, width), 2)


def _first_free_column(place: Place, count: int) -> int:
    """The column right of the clients where so many columns are free; further right where the user has cells."""
    sheet, start = place.sheet, place.right + 1
    used: set[int] = {
        column
        for (row, column), cell in sheet._cells.items()  # noqa: SLF001  sparse: the cells that there are
        if place.header_row <= row <= place.last and column >= start and cell.value is not None
    }
    others = [range_boundaries(other.ref) for other in sheet.tables.values() if other is not place.table]
    for left, top, right, low in [*others, *(merged.bounds for merged in sheet.merged_cells.ranges)]:
        if top <= place.last and low >= place.header_row and right >= start:
            used |= set(range(left, right + 1))
    for candidate in sorted({start, *(column + 2 for column in used)}):
        wanted = range(candidate, candidate + count)
        if wanted.stop - 1 <= LAST_COLUMN and used.isdisjoint(wanted):
            return candidate
    raise CannotGrade(
        f'The sheet "{sheet.title}" has no room for {count} columns right of the clients: '
        "move or remove what stands there."
    )


def _extend_table(painter: Painter, place: Place, new_headers: Sequence[str]) -> None:
    """Let the table of clients reach over the new columns; make one where there is none and one is possible."""
    sheet, table = place.sheet, place.table
    right = place.right + len(new_headers)
    if table is not None:
        left, top, _, bottom = range_boundaries(table.ref)
        table.ref = reference(Area(top, left, bottom, right))
        if table.autoFilter is not None:
            table.autoFilter.ref = reference(Area(top, left, bottom - (table.totalsRowCount or 0), right))
        first = max((column.id for column in table.tableColumns), default=0) + 1
        for number, header in enumerate(new_headers, first):
            table.tableColumns.append(TableColumn(id=number, name=header))
    elif (new_headers or place.graded) and _can_be_table(place, right):
        name = look.TABLE
        if name.casefold() not in painter.taken_names():
            add_table(sheet, Area(place.header_row, place.left, place.last, right), name)
    if not sheet.tables and not sheet.auto_filter.ref:
        sheet.auto_filter = AutoFilter(ref=reference(Area(place.header_row, place.left, place.last, right)))


def _can_be_table(place: Place, right: int) -> bool:
    """A table needs distinct headers that are text, no merged cells, and no other table or filter in its way."""
    sheet = place.sheet
    headers = [sheet.cell(place.header_row, column).value for column in range(place.left, right + 1)]
    texts = [header for header in headers if isinstance(header, str) and header.strip()]
    is_distinct = len({text.casefold() for text in texts}) == len(headers)
    area = Area(place.header_row, place.left, place.last, right)
    boxes = [merged.bounds for merged in sheet.merged_cells.ranges]
    boxes += [range_boundaries(other.ref) for other in sheet.tables.values()]
    return is_distinct and not sheet.auto_filter.ref and not any(_overlap(area, box) for box in boxes)


def _overlap(area: Area, box: tuple[int, int, int, int]) -> bool:
    left, top, right, bottom = box
    return left <= area.right and right >= area.left and top <= area.bottom and bottom >= area.top


def _clear_colours(sheet: Worksheet, columns: set[int], first: int) -> None:
    """Take away the live colours of an earlier grading: rules of ours that cover nothing but graded cells."""
    texts = {f'"{text}"' for styles in look.GRADED_COLOURS.values() for text in styles}
    formattings = sheet.conditional_formatting._cf_rules  # noqa: SLF001  there is no public way to remove a rule
    for formatting, rules in list(formattings.items()):
        boxes = [part.bounds for part in formatting.sqref.ranges]
        is_ours = all(bottom == LAST_ROW and top >= first for _, top, _, bottom in boxes)
        if is_ours and all(set(range(left, right + 1)) <= columns for left, _, right, _ in boxes):
            kept = [rule for rule in rules if rule.type != "cellIs" or not set(rule.formula) <= texts]
            del formattings[formatting]
            for rule in kept:
                sheet.conditional_formatting.add(str(formatting.sqref), rule)


def _offer_choices(place: Place, table: ClientTable) -> None:
    """Offer lists for the user's level, yes/no and tier columns, where the user has no validation of their own."""
    sheet = place.sheet
    validated = [part.bounds for rule in sheet.data_validations.dataValidation for part in rule.sqref.ranges]
    for column, header in zip(place.columns, table.headers, strict=True):
        known = recognised(header)
        values = look.INPUT_CHOICES.get(known.kind) if known else None
        area = Area(place.first, column, LAST_ROW, column)
        if known and values and not any(_overlap(area, box) for box in validated):
            offer(sheet, Choices(area, values, known.name, look.prompt(known)))


# --- What a copy cannot keep -----------------------------------------------------------------------------------------

_NOT_KEPT = {
    "xl/pivotTables/": "pivot tables",
    "xl/slicers/": "slicers",
    "xl/timelines/": "timelines",
    "xl/threadedComments/": "threaded comments",
    "xl/ctrlProps/": "buttons and other controls",
    "xl/activeX/": "buttons and other controls",
    "xl/embeddings/": "embedded objects",
    "xl/connections.xml": "data connections",
    "xl/queryTables/": "queries",
    "xl/richData/": "linked data types",
    "xl/model/": "the data model",
    "xl/diagrams/": "SmartArt",
    "xl/charts/chartEx": "newer charts",
    "xl/media/": "pictures",
    "customXml/": "custom XML",
    "_xmlsignatures/": "digital signatures",
    "docMetadata/": "sensitivity labels",
}
_SHAPES = (b"<xdr:sp ", b"<xdr:sp>", b"<xdr:grpSp", b"<xdr:cxnSp", b"<sp ", b"<sp>", b"AlternateContent")


def not_kept(source: Path, target: Path) -> list[str]:
    """What of a workbook would be missing from its graded copy, in plain words."""
    with zipfile.ZipFile(source) as package:
        names = package.namelist()
        lost = [what for start, what in _NOT_KEPT.items() if any(name.startswith(start) for name in names)]
        drawings = [name for name in names if name.startswith("xl/drawings/drawing")]
        if any(shape in package.read(name) for name in drawings for shape in _SHAPES):
            lost.append("shapes")
        sheets = [name for name in names if name.startswith("xl/worksheets/sheet")]
        if any(b"<extLst" in package.read(name) for name in sheets):
            lost.append("sparklines, or newer conditional formats and validations")
        if target.suffix.lower() == ".xlsx" and MACROS in names:
            lost.append("macros")
    return list(dict.fromkeys(lost))


def refuse_losses(source: Path, lost: Sequence[str]) -> None:
    """Refuse to grade in place where something of the user's would be lost.

    Raises:
        CannotGrade: something would be lost.
    """
    if lost:
        raise CannotGrade(
            f"{source.name} cannot be graded in place without losing its {', '.join(lost)}: "
            "grade into a new file with -o, and the original stays as it is."
        )
