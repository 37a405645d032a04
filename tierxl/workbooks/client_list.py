"""The list of clients in a workbook, known by its headers, as a table with the zeros that formats show."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import compress, islice
from typing import Any

import polars as pl

from tierxl.method.issues import CannotGrade, Issue
from tierxl.method.table import cells
from tierxl.method.table.columns import Kind
from tierxl.method.table.headers import Headers, is_graded_name
from tierxl.method.table.kinds import refuse_mixed_currencies
from tierxl.method.table.vocabulary import normal, words_for
from tierxl.sheets.cells import column_of
from tierxl.sheets.clients import TABLE, TITLE
from tierxl.workbooks.header_rows import ROWS_TO_SEARCH, groups_of_columns, header_row, looks_like_header
from tierxl.workbooks.outline import Place, SheetOutline, TableOutline
from tierxl.workbooks.reading import (
    ClientsReading,
    Line,
    clients_below,
    currencies,
    filled_right_of,
    joined,
)
from tierxl.workbooks.table import NO_VALUE, OPEN_AND_SAVE, ClientTable, letter_at
from tierxl.workbooks.workbook import ClientWorkbook


@dataclass(frozen=True)
class _ClientList:
    """A list on a sheet: the number and the cells of its header row, its headers, and whether amounts stand below."""

    sheet: SheetOutline
    table: TableOutline | None
    row: int
    header_cells: Line
    headers: Headers
    is_above_amounts: bool = False

    @property
    def is_pivot(self) -> bool:
        """True for a pivot table, which sums up a list that stands elsewhere."""
        begins = words_for("pivots")
        return self.sheet.has_pivot or any(normal(header).startswith(begins) for header in self.headers)


def clients_in(workbook: ClientWorkbook, name: str | None = None) -> tuple[ClientTable, Place]:
    """The clients of a workbook, and their place in it.

    Args:
        workbook: the workbook; it gets an issue for each client below a table, and for formulas without a value.
        name: the table or sheet that holds them; by default the table or sheet Clients, else the first sheet whose
            first rows have a header row with a client and a revenue column.

    Raises:
        CannotGrade: there is no such table or sheet, or nothing that looks like a list of clients.
    """
    return _read(workbook, _client_list(workbook, name))


def _client_list(workbook: ClientWorkbook, name: str | None) -> _ClientList:
    """The list of clients of a workbook, in the table or sheet of a name; see :func:`clients_in`."""
    own = set(workbook.own_sheets().values())
    sheets = [sheet for sheet in workbook.sheets if sheet.title not in own]
    tables = [(sheet, table) for sheet in sheets for table in sheet.tables]
    wanted = (name or TABLE).casefold()
    for sheet, table in tables:
        if table.name.casefold() == wanted:
            return _in_table(workbook, sheet, table)
    for sheet in sheets:
        if sheet.title.casefold() == (name or TITLE).casefold():
            return _on_sheet(workbook, sheet)
    if name is not None:
        there = [table.name for _, table in tables] + [sheet.title for sheet in sheets]
        raise CannotGrade(f'{workbook.name} has no table or sheet "{name}": it has {", ".join(there)}.')
    others = []
    for sheet in sheets:
        if sheet.kind is None:
            listed = _on_sheet(workbook, sheet)
            if listed.headers.are_of_clients and not listed.is_pivot:
                return listed
            others.append(listed)
    for listed in sorted(others, key=lambda listed: (not listed.headers.are_of_clients, listed.is_pivot)):
        if listed.headers.are_of_clients or listed.is_above_amounts:
            return listed
    raise CannotGrade(
        f"{workbook.name} has no list of clients: no sheet has, in its first 20 rows, "
        f"a header row with a Client and a Revenue column.{_did_you_mean(others)}"
    )


def _on_sheet(workbook: ClientWorkbook, sheet: SheetOutline) -> _ClientList:
    """The list of clients of a sheet: its table of clients if it has one, else below its likeliest header row."""
    for table in sheet.tables:
        listed = _in_table(workbook, sheet, table)
        if listed.headers.are_of_clients:
            return listed
    rows = workbook.head(sheet.title, ROWS_TO_SEARCH)
    header = header_row(rows, groups_of_columns(workbook.merged(sheet.title)))
    for table in sheet.tables:
        if table.area.top == header.at + 1:
            return _in_table(workbook, sheet, table)
    is_above_amounts = looks_like_header(rows, header)
    return _ClientList(sheet, None, header.at + 1, rows[header.at] if rows else (), header.headers, is_above_amounts)


def _in_table(workbook: ClientWorkbook, sheet: SheetOutline, table: TableOutline) -> _ClientList:
    """The list of clients of a table. Where the user has cells right of it, graded columns may stand beyond."""
    area = table.area
    line = next(iter(workbook.head(sheet.title, area.top)[area.top - 1 :]), ())
    texts = [cells.shown(cell) for cell in line] + [""] * (area.right - len(line))
    beyond = [at for at in range(area.right, len(texts)) if is_graded_name(texts[at])]
    headers = Headers.of(texts, [*range(area.left - 1, area.right), *beyond], letter_at)
    return _ClientList(sheet, table, area.top, line, headers)


def _did_you_mean(lists: Sequence[_ClientList]) -> str:
    """A sentence on the first list with a slip in the header of a required column; "" if there is none."""
    for listed in lists:
        headers = listed.headers
        meant = [
            f'"{headers[at]}" ({letter_at(headers.places[at])}) for {column.name}'
            for at, column in headers.likely_misspelt.items()
            if column.required
        ]
        if meant:
            return f' Did you mean, on the sheet "{listed.sheet.title}", {", ".join(meant)}?'
    return ""


def _read(workbook: ClientWorkbook, listed: _ClientList) -> tuple[ClientTable, Place]:
    sheet, table, headers = listed.sheet, listed.table, listed.headers
    first, end = listed.row + 1, table.area.bottom - table.totals_rows if table else None
    span = sorted((*headers.places, *headers.graded.values()))
    right = table.area.right if table else max(span, default=0) + 1
    header_cells = [*listed.header_cells, *[None] * (right - len(listed.header_cells))]
    tier = headers.graded.get("Tier")
    reading = ClientsReading([at + 1 for at in headers.places], None if tier is None else tier + 1, right)
    lines = workbook.lines(sheet.title, {at + 1 for at in headers.graded.values() if at != tier})
    reading.read(islice(lines, listed.row, end), first)
    if table is not None:
        below = islice(lines, table.totals_rows, None)
        workbook.issues += clients_below(table.name, table.area.bottom + 1, headers, reading.numbers, below)
    workbook.issues += _without_value(reading, headers)
    columns = _with_formats(workbook, sheet.title, reading, headers)
    frame = pl.DataFrame([column.alias(f"c{at}") for at, column in enumerate(columns)])
    letters = [letter_at(at) for at in headers.places]
    clients = ClientTable(headers, frame, reading.rows, letters, sheet.title).without_footer()
    last = max([first, *clients.rows[-1:]])
    filled = {number for number, row in reading.filled.items() if row <= last}
    return clients, Place(
        sheet,
        table,
        header_row=listed.row,
        header_cells=header_cells,
        headers=headers,
        first=first,
        last=last,
        bottom=max(first, reading.bottom),
        left=min(span, default=0) + 1,
        right=right,
        filled=frozenset(filled | filled_right_of(header_cells, right)),
        removed=reading.removed,
    )


def _without_value(reading: ClientsReading, headers: Headers) -> Iterator[Issue]:
    """An issue for each column that a grading reads and in which formulas have no value."""
    for at in headers.columns:
        formulas = [(row, formula) for row, number, formula in reading.without_value if number == reading.numbers[at]]
        for row, formula in formulas[:1]:
            others = f", like {len(formulas) - 1:,} more below it" if len(formulas) > 1 else ""
            yield Issue(f"{NO_VALUE}{others}: {OPEN_AND_SAVE}", row=row, column=headers[at], value=formula)


def _with_formats(workbook: ClientWorkbook, title: str, reading: ClientsReading, headers: Headers) -> list[pl.Series]:
    """The columns, client IDs with the leading zeros that their formats show.

    Raises:
        CannotGrade: amounts of one column are formatted in more than one currency.
    """
    columns, numbers = list(map(joined, reading.columns)), reading.numbers
    identifiers = [at for at, column in headers.columns.items() if column.field == "client_id"]
    amounts = [at for at, column in headers.columns.items() if column.kind == Kind.MONEY]
    filled = {
        numbers[at]: list(compress(reading.rows, columns[at].is_not_null()))
        for at in (*identifiers, *amounts)
        if columns[at].dtype != pl.String
    }
    formats = workbook.formats(title, filled)
    for at in identifiers:
        if of_filled := formats.get(numbers[at]):
            shown = iter(of_filled)
            values = [None if value is None else _with_zeros(value, next(shown)) for value in columns[at].to_list()]
            columns[at] = column_of(values)
    for at in amounts:
        refuse_mixed_currencies(headers[at], currencies(columns[at], formats.get(numbers[at], [])))
    return columns


def _with_zeros(value: Any, number_format: str) -> Any:
    """An identifier with the leading zeros that its number format shows."""
    if not isinstance(value, float) or not value.is_integer():
        return value
    return str(int(value)).zfill(len(number_format)) if set(number_format) == {"0"} else value
