"""A new workbook for clients of a CSV or Parquet file, to be graded in place as if a user had made it.

Tier, Action and Reason have their places right of the clients' names: whoever opens it sees them first.
"""

from dataclasses import replace
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Any

import polars as pl
from openpyxl.utils import get_column_letter

from tierxl.method.issues import Issue
from tierxl.method.plan.capacity import team_of
from tierxl.method.rating.grading import Grading
from tierxl.method.table import cells
from tierxl.method.table.columns import Kind
from tierxl.method.table.percents import are_points
from tierxl.sheets import account_managers, summary
from tierxl.sheets import clients as look
from tierxl.sheets.cells import LONGEST_TEXT
from tierxl.sheets.currency import style_in
from tierxl.sheets.description import Sheet
from tierxl.workbooks.atomic import one_sentence_for_errors
from tierxl.workbooks.dimensions import header_style
from tierxl.workbooks.ooxml.cell_texts import without_controls
from tierxl.workbooks.ooxml.new_sheets import Draft, write_draft
from tierxl.workbooks.ooxml.package import Package
from tierxl.workbooks.ooxml.sheet_mark import mark
from tierxl.workbooks.ooxml.sheet_writer import SheetWriter, set_width
from tierxl.workbooks.ooxml.workbook_file import WorkbookFile
from tierxl.workbooks.outline import Place
from tierxl.workbooks.table import ClientTable, as_shown

_QUOTED = 40
"""Characters that are shown of a text that is too long."""


def new_clients_workbook(
    target: Path, table: ClientTable, grading: Grading, team: Sheet | None = None
) -> tuple[WorkbookFile, Place]:
    """A workbook in memory with the clients, amounts and dates as such, and a sheet for the account managers, if any.

    It opens with the place of the Summary.

    Args:
        target: the file that it will be, for messages.
        table: the clients, at their rows and columns on the new sheet.
        grading: how they are graded; it says how amounts and dates were read.
        team: the sheet of account managers; if left out, it lists those of the grading.
    """
    texts = tuple(without_controls(header) for header in table.headers)
    headers = replace(table.headers, texts=texts)
    table = replace(table, headers=headers)
    draft = Draft()
    mark(draft.book.create_sheet(summary.TITLE), summary.KIND)  # a place at the front, where it opens
    _add_clients(draft, table, grading)
    description = team or account_managers.describe(team_of(grading))
    if description.tables[0].rows:
        SheetWriter(draft).sheet(description, description.title)
    with one_sentence_for_errors(target):
        write_draft(draft, file := BytesIO())
    workbook = WorkbookFile(target, Package(target, file))
    last, right = len(table.rows) + 1, max(*headers.places, *headers.graded.values()) + 1
    by_place = dict(zip(headers.places, headers, strict=True))
    shown = [by_place.get(at) or None for at in range(right)]
    sheet = next(sheet for sheet in workbook.sheets if sheet.title == look.TITLE)
    return workbook, Place(sheet, None, 1, shown, headers, 2, last, last, 1, right)


def _add_clients(draft: Draft, table: ClientTable, grading: Grading) -> None:
    sheet = draft.book.create_sheet(look.TITLE)
    writer = SheetWriter(draft)
    columns = []
    for at, (header, column) in enumerate(zip(table.headers, table.cells.iter_columns(), strict=True)):
        number, meant = table.headers.places[at] + 1, table.headers.columns.get(at)
        style = style_in(look.input_style(meant, is_of_days=column.dtype.is_temporal()), grading.clients.currency)
        writer.write(sheet, 1, number, header or None, header_style("header", style))
        values = _typed(column, meant.field, grading) if meant else as_shown(column, header)
        columns.append((number, values, style))
        amounts = grading.clients.table[meant.field] if meant and meant.kind == Kind.MONEY else None
        set_width(sheet, number, look.input_width(meant, amounts, grading.clients.currency))
    for name, place in table.headers.graded.items():
        set_width(sheet, place + 1, look.GRADED_WIDTHS[name])
    writer.block(sheet, table.rows, columns)


def as_new_sheet(table: ClientTable) -> ClientTable:
    """A table of a CSV or Parquet file, at the columns where its new Clients sheet has it."""
    beside = table.headers.position_of["client"] + 1
    graded = dict(zip(look.FIRST_SEEN, count(beside)))
    places = tuple(at if at < beside else at + len(graded) for at in range(len(table.headers)))
    letters = [get_column_letter(at + 1) for at in places]
    return replace(
        table, headers=replace(table.headers, places=places, graded=graded), letters=letters, sheet=look.TITLE
    )


def cut_texts(table: ClientTable) -> list[Issue]:
    """An issue for each text of a CSV or Parquet file that is too long for a cell of a workbook, and is cut there."""
    clients = table.cells.to_series(table.headers.position_of["client"])
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


def _typed(column: pl.Series, field: str, grading: Grading) -> list[Any]:
    """A column's cells, amounts and dates as the method read them; what it could not read stays as it was."""
    kind = look.KNOWN[field].kind
    written = column.to_list()
    if kind not in (Kind.MONEY, Kind.PERCENT, Kind.NUMBER, Kind.DATE):
        return [cells.text(value) if kind == Kind.TEXT and value is not None else value for value in written]
    read = grading.clients.table[field].to_list()
    if kind == Kind.PERCENT:
        filled = [value for value in read if value]
        if are_points(sum(abs(value) > 1 for value in filled), len(filled)):  # the next time: so these keep their sign
            read = [
                _signed(value, as_written) if value and abs(value) > 1 else value
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
