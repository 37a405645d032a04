"""The Account managers sheet: the people who look after clients, and the hours they have. It is the user's."""

from collections.abc import Sequence

from tierxl.method.table.managers import SENIORITIES, Manager
from tierxl.sheets.description import LAST_ROW, Area, Cell, Choices, Sheet, Table
from tierxl.sheets.wording import TITLE_HEIGHT

KIND = "account managers"
TITLE = "Account managers"
TABLE = "Account_managers"
_COLUMNS = (("Account manager", 30, "text"), ("Seniority", 16, "text"), ("Hours per year", 16, "count"))
_HEADER_ROW = 5

_HOURS = (
    "Hours per year: the time for clients, without leave and office work. "
    "The sheet Capacity compares it with what the clients need."
)


def describe(managers: Sequence[Manager]) -> Sheet:
    """The sheet with some account managers."""
    table = Table(
        _HEADER_ROW,
        1,
        [header for header, _, _ in _COLUMNS],
        [(manager.name, manager.seniority, manager.hours) for manager in managers],
        [style for _, _, style in _COLUMNS],
        name=TABLE,
    )
    seniority = table.column_area("Seniority", to_last_row=True)
    return Sheet(
        kind=KIND,
        title=TITLE,
        cells=(
            Cell(1, 1, TITLE, "title"),
            Cell(2, 1, "One row a person, called as in the column Account manager of the sheet Clients.", "note"),
            Cell(3, 1, _HOURS, "note"),
        ),
        tables=(table,),
        choices=[
            Choices(
                Area(_HEADER_ROW + 1, seniority.left, LAST_ROW, seniority.right),
                SENIORITIES,
                "Seniority",
                "Tier A clients are for seniors, the calls to tier C clients for assistants.",
            )
        ],
        heights={1: TITLE_HEIGHT},
        widths=[width for _, width, _ in _COLUMNS],
        freeze=(_HEADER_ROW + 1, 1),
        print_header_row=_HEADER_ROW,
    )
