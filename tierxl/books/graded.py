"""A graded workbook: the graded columns beside the user's, and the sheets of our own behind the clients."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from operator import itemgetter
from pathlib import Path
from typing import Any

import polars as pl
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.worksheet import Worksheet

from tierxl.books.areas import reference
from tierxl.books.block import LONGEST_TEXT
from tierxl.books.draft import Draft, new_workbook, save
from tierxl.books.file import WorkbookFile
from tierxl.books.fitting import LINE_HEIGHT, clients_heights, header_style
from tierxl.books.graft import graft
from tierxl.books.layout import Layout, client_column, lay_out
from tierxl.books.paint import A3, Painter, add_table, colour, fit_page_width, in_xml, offer, set_width
from tierxl.books.rewriting import Rewriting
from tierxl.books.table import ClientTable, as_shown
from tierxl.books.workbook import ClientWorkbook, Place, SheetOutline, Surroundings, mark
from tierxl.method import cells
from tierxl.method.capacity import team_of
from tierxl.method.columns import Kind, known, recognise
from tierxl.method.grading import Grading
from tierxl.method.issues import Issue
from tierxl.sheets import OWN_TITLES, account_managers
from tierxl.sheets import clients as look
from tierxl.sheets.description import Sheet

_OURS = " (tierxl)"
_QUOTED = 40
"""Characters that are shown of a text that is too long."""

Progress = Callable[[int, int], None]


def own_titles(source: ClientWorkbook | None, wanted: Mapping[str, str] = OWN_TITLES) -> dict[str, str]:
    """The title of each sheet of our own that is wanted, by kind: as it is called already, or a free one."""
    if source is None:
        return dict(wanted)
    ours = source.own_sheets()
    taken = {title.casefold() for title in source.titles if title not in ours.values()}
    titles = {}
    for kind, title in wanted.items():
        free, number = ours.get(kind, title), 2
        if free.casefold() in taken:
            free = title + _OURS
        while free.casefold() in taken:
            free, number = f"{title}{_OURS} {number}", number + 1
        titles[kind] = free
        taken.add(free.casefold())
    return titles


def title_issues(
    source: ClientWorkbook | None, titles: dict[str, str], wanted: Mapping[str, str] = OWN_TITLES
) -> list[Issue]:
    """Which sheets of our own had to take another name, because the user has one of that name."""
    if source is None:
        return []
    users = {title.casefold() for title in source.titles} - {title.casefold() for title in titles.values()}
    return [
        Issue(f'the sheet "{wanted[kind]}" is yours and stays as it is; ours is "{title}"')
        for kind, title in titles.items()
        if wanted[kind].casefold() in users
    ]


def taken_names(source: ClientWorkbook, titles: dict[str, str]) -> frozenset[str]:
    """The names that tables of our own cannot take; those of the sheets that are made anew are free."""
    ours = {table.name.casefold() for sheet in source.sheets if sheet.title in titles.values() and sheet.kind
            for table in sheet.tables}  # fmt: skip
    return frozenset(source.names - ours)


def write_workbook(
    target: Path,
    source: tuple[WorkbookFile, Place] | None,
    table: ClientTable,
    grading: Grading,
    sheets: Sequence[Sheet],
    titles: dict[str, str],
    progress: Progress,
    rewriting: Rewriting | None = None,
) -> None:
    """Write the graded workbook: the user's own with our columns and sheets, or a new one for a table from elsewhere.

    Args:
        target: the file.
        source: the user's workbook, and where the clients stand in it; None for a table from elsewhere.
        table: the clients.
        grading: how they are graded.
        sheets: the sheets of our own that are made.
        titles: the title of each, by kind.
        progress: told how many of them are made, and of how many.
        rewriting: the cells of the user's workbook that the user wants to have another text.

    Raises:
        CannotGrade: the file cannot be written; then nothing is.
    """
    if source is None:
        draft = Draft()
        _new_clients_sheet(draft, table, grading)
        paint_sheets(draft, sheets, titles, progress)
        _new_managers_sheet(draft, grading)
        save(draft, target)
        return
    workbook, place = source
    taken = taken_names(workbook, titles)
    layout = lay_out(place, table, workbook.surroundings(place, client_column(place, table)), taken)
    layout = replace(layout, rewriting=rewriting)
    draft = Draft(new_workbook(since_1904=workbook.since_1904), taken)
    paint_columns(draft, layout, place, table, grading)
    paint_sheets(draft, sheets, titles, progress)
    graft(draft, workbook, place, layout, [titles[sheet.kind] for sheet in sheets], target)


def paint_sheets(draft: Draft, sheets: Sequence[Sheet], titles: dict[str, str], progress: Progress) -> None:
    """Make the sheets of our own. Progress is told how many, and of how many."""
    painter = Painter(draft)
    for done, description in enumerate(sheets, 1):
        progress(done, len(sheets) + 1)
        mark(painter.sheet(description, titles[description.kind]), description.kind)


# --- The Clients sheet -----------------------------------------------------------------------------------------------


def paint_columns(draft: Draft, layout: Layout, place: Place, table: ClientTable, grading: Grading) -> Worksheet:
    """Make the clients' sheet with the graded columns, and nothing else."""
    sheet: Worksheet = draft.book.create_sheet(place.sheet.title)
    painter = Painter(draft, layout.vertical)
    for name, column in layout.columns.items():
        style = header_style("graded-header", look.GRADED_STYLES[name])
        painter.write(sheet, place.header_row, column, layout.headers[name], style)
        if name in layout.new:
            set_width(sheet, column, look.GRADED_WIDTHS[name])
    sheet.row_dimensions[place.header_row].height = 2 * LINE_HEIGHT
    in_order = sorted(layout.columns.items(), key=itemgetter(1))
    values = [(column, graded_values(grading, name), look.GRADED_STYLES[name]) for name, column in in_order]
    painter.block(sheet, table.rows, values, clients_heights(graded_values(grading, "Why"), layout.why_width))
    if place.gone:
        blank = [None] * len(place.gone)
        cleared = [(column, blank, look.GRADED_STYLES[name]) for name, column in in_order]
        painter.block(sheet, place.gone, cleared)
    for colouring in layout.colourings:
        colour(sheet, colouring)
    for choices in layout.choices:
        offer(sheet, choices)
    return sheet


def graded_values(grading: Grading, name: str) -> pl.Series:
    """The values of a graded column."""
    values = grading.columns[name].to_native()
    assert isinstance(values, pl.Series)
    return values


def as_new_sheet(table: ClientTable) -> ClientTable:
    """A table of a CSV or Parquet file, at the columns where its new Clients sheet has it."""
    letters = [get_column_letter(at) for at in range(1, len(table.headers) + 1)]
    return replace(table, letters=letters, sheet=look.TITLE)


def cut_texts(table: ClientTable) -> list[Issue]:
    """Which texts of a CSV or Parquet file are too long for the cells of a workbook, and are cut there."""
    clients = table.cells.to_series(recognise(table.headers)["client"])
    return [
        Issue(
            f"is longer than the {LONGEST_TEXT:,} characters that a cell can hold: the end is only in your own file",
            row=table.rows[at],
            client=cells.shown(clients[at])[:_QUOTED],
            column=header,
            value=f"{column[at][:_QUOTED]}…",
        )
        for header, column in zip(table.headers, table.cells.iter_columns(), strict=True)
        if column.dtype == pl.String
        for at in (column.str.len_chars() > LONGEST_TEXT).arg_true()
    ]


def _new_clients_sheet(draft: Draft, table: ClientTable, grading: Grading) -> None:
    """The clients of a CSV or Parquet file as a sheet, amounts and dates as such, with the graded columns."""
    count, width = table.cells.height, len(table.headers)
    written = [in_xml(header) for header in table.headers]
    table = replace(as_new_sheet(table), headers=written, rows=range(2, count + 2))
    headers = [header or None for header in written]
    numbers = list(range(1, width + 1))
    place = Place(SheetOutline(look.TITLE), None, 1, headers, numbers, {}, 2, count + 1, count + 1, 1, width)
    layout = replace(lay_out(place, table, Surroundings()), vertical="top")
    sheet = paint_columns(draft, layout, place, table, grading)
    painter = Painter(draft)
    columns = []
    columns_known = known(headers)
    for at, header, column in zip(numbers, headers, table.cells.iter_columns(), strict=True):
        meant = columns_known.get(at - 1)
        style = look.input_style(meant)
        painter.write(sheet, 1, at, header, header_style("header", style))
        columns.append((at, _typed(column, meant.field, grading) if meant else as_shown(column, header or ""), style))
        set_width(sheet, at, look.input_width(meant))
    painter.block(sheet, table.rows, columns)
    if layout.made:
        add_table(sheet, layout.made.area, layout.made.name, layout.made.headers)
    elif layout.filtered:
        sheet.auto_filter = AutoFilter(ref=reference(layout.filtered))
    if layout.frozen:
        row, column_number = layout.frozen
        sheet.freeze_panes = f"{get_column_letter(column_number)}{row}"
    fit_page_width(sheet, A3)
    sheet.print_title_rows = "1:1"


def _new_managers_sheet(draft: Draft, grading: Grading) -> None:
    """The account managers as the user's own sheet, to fill in."""
    description = account_managers.describe(team_of(grading))
    titles = draft.book.sheetnames
    settings = OWN_TITLES["settings"]
    Painter(draft).sheet(description, description.title, titles.index(settings) if settings in titles else None)


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
