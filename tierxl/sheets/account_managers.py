"""The Account managers sheet: the people who look after clients, and the hours they have. It is the user's."""

from collections.abc import Sequence

from tierxl.method.table.managers import SENIORITIES, Manager
from tierxl.sheets.description import Column, Sheet, Table, Validation

TITLE = "Account managers"
TABLE = "Account_managers"
_COLUMNS = (
    Column("Account manager", 30, value="name"),
    Column("Seniority", 16, value="seniority"),
    Column("Hours per year", 16, "count", "hours"),
)
_HEADER_ROW = 5
_NAMES = "One row a person, called as in the column Account manager of the sheet Clients."
_HOURS = (
    "Hours per year: the time for clients, without leave and office work. "
    "The sheet Capacity compares it with what the clients need."
)
_PROMPT = "Tier A clients are for seniors, the calls to tier C clients for assistants."


def describe(managers: Sequence[Manager]) -> Sheet:
    """The sheet with some account managers."""
    table = Table.of(managers, _COLUMNS, _HEADER_ROW, name=TABLE, grows=True)
    return Sheet(
        TITLE,
        [table],
        [_NAMES, _HOURS],
        validations=[Validation(table.column_area("Seniority"), SENIORITIES, "Seniority", _PROMPT)],
        widths=table.widths,
        freeze=(_HEADER_ROW + 1, 1),
        print_header_row=_HEADER_ROW,
    )
