"""The list of clients in a workbook, known by its headers, as a table."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice, takewhile

import polars as pl

from tierxl.method.issues import CannotGrade, Issue
from tierxl.method.table import cells
from tierxl.method.table.contents import MOST_CELLS
from tierxl.method.table.headers import ColumnChoice, Headers, is_graded_name
from tierxl.method.table.rows import LeftOut
from tierxl.method.table.vocabulary import normal, words_for
from tierxl.sheets import checks
from tierxl.sheets.cells import column_of
from tierxl.sheets.clients import TABLE, TITLE
from tierxl.workbooks.header_rows import ROWS_TO_SEARCH, groups_of_columns, header_row, looks_like_header
from tierxl.workbooks.outline import Place, SheetOutline, TableOutline
from tierxl.workbooks.reading import (
    ClientsReading,
    Line,
    clients_below,
    filled_right_of,
    joined,
    like_more,
)
from tierxl.workbooks.shown_columns import with_formats, with_merged, without_errors
from tierxl.workbooks.table import NO_VALUE, OPEN_AND_SAVE, ClientTable, letter_at
from tierxl.workbooks.workbook import ClientWorkbook


@dataclass(frozen=True)
class _ClientList:
    """A list on a sheet: the number and the cells of its header row, its headers, and what stands below.

    That is whether there are amounts, and whether there are numbers in the place of the clients: a summary counts them.
    """

    sheet: SheetOutline
    table: TableOutline | None
    row: int
    header_cells: Line
    headers: Headers
    is_above_amounts: bool = False
    is_of_numbers: bool = False

    @property
    def fitness(self) -> tuple[bool, bool, bool, bool, int]:
        """The order in which lists are chosen: of clients, of names, in sight, above amounts, with most known columns.

        A pivot table comes last: it sums up a list that stands elsewhere.
        """
        begins = words_for("pivots")
        is_pivot = self.sheet.has_pivot or any(normal(header).startswith(begins) for header in self.headers)
        are_of_clients = self.headers.are_of_clients and not is_pivot
        is_list = are_of_clients, not self.is_of_numbers
        return *is_list, not self.sheet.is_hidden, self.is_above_amounts, len(self.headers.columns)


def clients_in(
    workbook: ClientWorkbook, name: str | None = None, choice: ColumnChoice | None = None
) -> tuple[ClientTable, Place]:
    """The clients of a workbook, and their place in it.

    Args:
        workbook: the workbook; it gets an issue for each client below a table, and for formulas without a value.
        name: the table or sheet that holds them; by default the table or sheet Clients, else the first sheet whose
            first rows have a header row with a client and a revenue column.
        choice: the columns that the user chose.

    Raises:
        CannotGrade: there is no such table or sheet, or no sheet with cells.
    """
    return _read(workbook, _as_before(workbook, _client_list(workbook, name, choice)))


def _as_before(workbook: ClientWorkbook, listed: _ClientList) -> _ClientList:
    """A list with the columns of an earlier grading apart from the user's, as the Checks sheet of that tells them."""
    own, headers = workbook.own_sheets().get(checks.KIND), listed.headers
    places = dict(zip(headers.places, headers.texts, strict=True))
    places |= {at: cells.shown(listed.header_cells[at]) for at in headers.graded.values()}
    if own is None or not any(map(is_graded_name, places.values())):
        return listed
    before = checks.used_before(workbook.lines(own))
    used = {header for header, use in before.items() if use != checks.NOT_USED}
    if not used or not used <= set(map(str.strip, places.values())):
        return listed  # another list was graded
    texts = [places.get(at, "") for at in range(max(places) + 1)]
    known = Headers.of(
        texts, sorted(places), headers.letter_of, number=headers.row, choice=headers.choice, users=before
    )
    return replace(listed, headers=replace(known, beside=headers.beside))


def _client_list(workbook: ClientWorkbook, name: str | None, choice: ColumnChoice | None) -> _ClientList:
    """The list of clients of a workbook, in the table or sheet of a name; see :func:`clients_in`."""
    own = set(workbook.own_sheets().values())
    sheets = [sheet for sheet in workbook.sheets if sheet.title not in own]
    tables = [(sheet, table) for sheet in sheets for table in sheet.tables]
    wanted = (name or TABLE).casefold()
    for sheet, table in tables:
        if table.name.casefold() == wanted:
            return _in_table(workbook, sheet, table, choice)
    for sheet in sheets:
        if sheet.title.casefold() == (name or TITLE).casefold():
            return _on_sheet(workbook, sheet, choice)
    if name is not None:
        there = [table.name for _, table in tables] + [sheet.title for sheet in sheets]
        raise CannotGrade(f'{workbook.name} has no table or sheet "{name}": it has {", ".join(there)}.')
    lists = [_on_sheet(workbook, sheet, choice) for sheet in sheets if sheet.kind is None]
    if not lists:
        raise CannotGrade(f"{workbook.name} has no list of clients: all its sheets are empty, or made by tierxl.")
    likely = max(lists, key=lambda listed: listed.fitness)
    if not (likely.fitness[0] or likely.is_above_amounts or likely.headers.columns):
        raise CannotGrade(
            f"{workbook.name} has no list of clients: no sheet has, in its first 20 rows, "
            "a header row with a Client and a Revenue column."
        )
    others = [f'"{one.sheet.title}"' for one in lists if one is not likely and one.fitness[:2] == (True, True)]
    if others:
        message = f'the clients are those of the sheet "{likely.sheet.title}"; to take another, give --table'
        workbook.issues.append(Issue(f"{message}: {', '.join(others)}", assumed=True))
    return likely


def _on_sheet(workbook: ClientWorkbook, sheet: SheetOutline, choice: ColumnChoice | None) -> _ClientList:
    """The list of clients of a sheet: its table of clients if it has one, else below its likeliest header row."""
    for table in sheet.tables:
        listed = _in_table(workbook, sheet, table, choice)
        if listed.headers.are_of_clients:
            return listed
    rows = workbook.head(sheet.title, ROWS_TO_SEARCH)
    header = header_row(rows, groups_of_columns(workbook.merged(sheet.title)), choice)
    for table in sheet.tables:
        if table.area.top == header.at + 1:
            return _in_table(workbook, sheet, table, choice)
    is_above_amounts = looks_like_header(rows, header)
    line = rows[header.at] if rows else ()
    numbers = _holds_numbers(rows[header.at + 1 :], header.headers)
    return _ClientList(sheet, None, header.at + 1, line, header.headers, is_above_amounts, numbers)


def _holds_numbers(below: Sequence[Line], headers: Headers) -> bool:
    """True where nothing but numbers stands below the header of the clients."""
    client = next((headers.places[at] for at, column in headers.columns.items() if column.field == "client"), None)
    filled = [line[client] for line in below if client is not None and client < len(line) and line[client] is not None]
    return bool(filled) and all(map(cells.is_number, filled))


def _in_table(
    workbook: ClientWorkbook, sheet: SheetOutline, table: TableOutline, choice: ColumnChoice | None
) -> _ClientList:
    """The list of clients of a table. Where the user has cells right of it, graded columns may stand beyond."""
    area = table.area
    line = next(iter(workbook.head(sheet.title, area.top)[area.top - 1 :]), ())
    texts = [cells.shown(cell) for cell in line] + [""] * (area.right - len(line))
    beyond = [at for at in range(area.right, len(texts)) if is_graded_name(texts[at])]
    among = [*range(area.left - 1, area.right), *beyond]
    headers = Headers.of(texts, among, letter_at, number=area.top, choice=choice)
    return _ClientList(sheet, table, area.top, line, headers)


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
        workbook.issues += _columns_beside(table, listed.header_cells, headers)
    read = with_merged(list(map(joined, reading.columns)), reading, headers, workbook.merged(sheet.title))
    read, errors = without_errors(read, reading, headers)
    headers = headers.with_cells(lambda at: read[at].head(MOST_CELLS).to_list())
    columns, currencies_shown = with_formats(read, reading, headers, workbook, sheet.title)
    headers = headers.in_currencies(currencies_shown)
    frame = pl.DataFrame([column.alias(f"c{at}") for at, column in enumerate(columns)])
    letters = [letter_at(at) for at in headers.places]
    listed_rows = ClientTable(headers, frame, reading.rows, letters, sheet.title)
    clients = listed_rows.of_clients(partial(_formulas_of_revenues, workbook, listed_rows, reading))
    reading.leave_out({other.row for other in clients.left_out})
    if table is not None:
        below = [*islice(lines, table.totals_rows, MOST_CELLS)]
        others = _no_clients_below(workbook, table, listed_rows, reading, below)
        rows = {other.row for other in others}
        workbook.issues += clients_below(table.name, table.area.bottom + 1, headers, reading.numbers, below, rows)
        clients = replace(clients, left_out=[*clients.left_out, *others])
    formulas = list(_without_value(reading, headers))
    _refuse_without_value(clients, formulas)
    workbook.issues += [*formulas, *errors]
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


def _no_clients_below(
    workbook: ClientWorkbook, table: TableOutline, clients: ClientTable, reading: ClientsReading, below: Sequence[Line]
) -> list[LeftOut]:
    """The rows below a table that would be no clients without it: a total, say, and notes."""
    beneath = ClientsReading(reading.numbers, None, table.area.right)
    beneath.read(iter(below), table.area.bottom + 1)
    if not beneath.rows:
        return []
    columns = zip(clients.cells.iter_columns(), map(joined, beneath.columns), strict=True)
    longer = [column_of([*column.to_list(), *more.to_list()]).alias(column.name) for column, more in columns]
    both = replace(clients, cells=pl.DataFrame(longer), rows=[*clients.rows, *beneath.rows])
    left_out = both.of_clients(partial(_formulas_of_revenues, workbook, both, reading)).left_out
    return [other for other in left_out if other.row > table.area.bottom]


def _columns_beside(table: TableOutline, line: Line, headers: Headers) -> Iterator[Issue]:
    """An issue for each column right beside a table, up to the first without a header, that the table lacks: a
    spreadsheet program that does not stretch tables leaves a column out that somebody adds.
    """
    texts = [cells.shown(cell) for cell in line]
    with_header = takewhile(lambda at: texts[at], range(table.area.right, len(texts)))
    beside = [at for at in with_header if not is_graded_name(texts[at])]
    if not beside:
        return
    beyond = Headers.of(texts, beside)
    in_table = set(headers.columns.values())
    for at, column in beyond.columns.items():
        if column not in in_table:
            yield Issue(
                f"this column, right of the table {table.name}, is not read: make the table reach over it (in Excel, "
                "drag its lower right corner; in LibreOffice, Data, Define Range), and grade again",
                column=beyond[at],
            )


def _refuse_without_value(clients: ClientTable, formulas: Sequence[Issue]) -> None:
    """Refuse a list whose revenues are all formulas without values."""
    at = clients.headers.position_of["revenue"]
    of_revenue = [issue for issue in formulas if issue.column == clients.headers[at]]
    if of_revenue and clients.cells.to_series(at).is_null().all():
        raise CannotGrade(f"{of_revenue[0]}. No client has a revenue that can be read.")


def _formulas_of_revenues(
    workbook: ClientWorkbook, table: ClientTable, reading: ClientsReading, positions: Sequence[int]
) -> dict[int, str]:
    """The formulas in the revenues of some rows, by the position of each row; they need not name their own sheet."""
    position_of = {table.rows[at]: at for at in positions}
    column = reading.numbers[table.headers.position_of["revenue"]]
    in_quotes = "'" + table.sheet.replace("'", "''") + "'"
    titles = "|".join(map(re.escape, (table.sheet, in_quotes)))
    own = re.compile(rf"(?<!\w)\$?(?:{titles})[!.]", re.IGNORECASE)
    formulas = workbook.formulas(table.sheet, column, list(position_of))
    return {position_of[row]: own.sub("", text) for row, text in formulas.items()}


def _without_value(reading: ClientsReading, headers: Headers) -> Iterator[Issue]:
    """An issue for each column that a grading reads and in which formulas have no value."""
    for at in headers.columns:
        formulas = [(row, formula) for row, number, formula in reading.without_value if number == reading.numbers[at]]
        for row, formula in formulas[:1]:
            yield Issue(
                f"{NO_VALUE}{like_more(len(formulas))}: {OPEN_AND_SAVE}", row=row, column=headers[at], value=formula
            )
