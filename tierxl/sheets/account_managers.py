"""The Account managers sheet: the people who look after clients, and the hours they have. It is the user's."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from tierxl.method.table.managers import SENIORITIES, SENIORITY, Manager, manager_columns
from tierxl.sheets.cells import plain
from tierxl.sheets.description import Column, Sheet, Table, Validation

TITLE = "Account managers"
KIND = TITLE.lower()
TABLE = "Account_managers"
_COLUMNS = (
    Column("Account manager", 30, value="name"),
    Column("Seniority", 16, "input", "seniority"),
    Column("Hours per year", 16, "input-count", "hours"),
)
HEADER_ROW = 5
_NAMES = (
    "Fill in the yellow cells: one row per person, with the name that stands in the column Account manager of Clients."
)
_HOURS = (
    "Hours per year: time available for clients, without leave and office work. "
    "The sheet Capacity compares it with what the clients need."
)
_PROMPT = "Tier A clients are for seniors, the calls to tier C clients for assistants."


def describe(managers: Sequence[Manager]) -> Sheet:
    """The sheet with some account managers."""
    return _sheet(Table.of(managers, _COLUMNS, HEADER_ROW, name=TABLE, grows=True), SENIORITY)


def describe_list(headers: Sequence[str], lines: Sequence[Sequence[Any]]) -> Sheet:
    """The sheet with a list as its user wrote it, under the user's own headers.

    Args:
        headers: the headers, of which two at least are understood.
        lines: the cells below them, a line a person.
    """
    rows = [tuple(plain(line[at]) if at < len(line) else None for at in range(len(headers))) for line in lines]
    columns = [
        Column(header, 20, "date" if any(isinstance(row[at], date) for row in rows) else "text")
        for at, header in enumerate(headers)
    ]
    known = manager_columns(headers)
    for column in _COLUMNS:
        if column.header in known:
            at = known[column.header]
            columns[at] = replace(column, header=headers[at])
    is_table = all(headers) and len({header.casefold() for header in headers}) == len(headers)
    table = Table(HEADER_ROW, columns, rows, name=TABLE if is_table else "", grows=True)
    return _sheet(table, headers[known[SENIORITY]] if SENIORITY in known else "")


def _sheet(table: Table, seniority: str) -> Sheet:
    """The sheet with a table of account managers, and choices below the header of their seniority."""
    choices = [table.column_area(seniority)] if seniority else []
    return Sheet(
        TITLE,
        [table],
        [_NAMES, _HOURS],
        validations=[Validation(area, SENIORITIES, "Seniority", _PROMPT) for area in choices],
        widths=table.widths,
        freeze=(HEADER_ROW + 1, 1),
        print_header_row=HEADER_ROW,
        tab="fill in",
    )
