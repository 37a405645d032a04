"""Lists of clients as formulas: each row finds the client whose turn it is, by a number that puts them in order.

Of clients with the same number the one with the largest amount comes first, then the one further up among the clients.
The cells that find it stand out of sight, one row each; all others look up what they show there.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from tierxl.sheets.description import Column, Table

FEWEST_ROWS, MOST_ROWS = 200, 300
"""The rows of a long list: as many as there are clients, and some for more of them, within these limits."""
_ROOM = 50
FEWEST_PRINTED = 100
_AS_READ = ("client", "last_review", "last_contact")
"""The user's own cells that lists show as they are read."""
_LEFT = 70
"""The first of the columns out of sight."""


def rows_for(clients: int) -> int:
    """The rows of a long list of so many clients."""
    return min(max(clients + _ROOM, FEWEST_ROWS), MOST_ROWS)


def printed_for(clients: int) -> int:
    """The rows of it that are printed, some for more clients: blank ones come out as empty pages."""
    return min(max(clients + _ROOM, FEWEST_PRINTED), rows_for(clients))


def live_list(table: Table, place: str, amount: str, rows: int) -> list[Table]:
    """A list that formulas keep up to date, and the cells out of sight that it takes, these first.

    Args:
        table: the list as it is on the day of the grading.
        place: the column of the clients that puts them in order, the largest number first; 0 for those who are not on
            the list.
        amount: the column that decides where that number is the same.
        rows: how many rows it has.
    """
    blank = (None,) * len(table.columns)
    shown: list[Any] = [*table.rows[:rows]] if isinstance(table.rows, list) else [*table.rows][:rows]
    columns = [replace(column, formula=_looked_up(column)) for column in table.columns]
    listed = replace(table, columns=columns, rows=[*shown, *[blank] * (rows - len(shown))])
    finders = _finders(f"⟨all {place}⟩", f"⟨all {amount}⟩")
    return [Table(table.row, finders, [(None,) * len(finders)] * rows, _LEFT, is_hidden=True), listed]


def _looked_up(column: Column) -> str:
    """The formula of a cell that shows something of the row's client."""
    if column.formula and not column.formula.startswith("⟨all "):
        return f'IF(⟨{_ROW}⟩="","",{column.formula})'
    name = (column.value if isinstance(column.value, str) else "") or column.header
    of_all = column.formula or f"⟨all {f'shown {name}' if name in _AS_READ else name}⟩"
    return f'IF(⟨{_ROW}⟩="","",INDEX({of_all},⟨{_ROW}⟩))'


_NUMBER, _PLACE, _AMONG, _AMOUNT, _ALIKE, _ROW = "Number in list", "Place", "Among these", "Amount", "Alike", "In row"


def _finders(places: str, amounts: str) -> Sequence[Column]:
    others = f"({places}<>⟨{_PLACE}⟩)"
    unlike = f"({others}+({amounts}<>⟨{_AMOUNT}⟩))"
    alike = f"(⟨{_PLACE}⟩=⟨above {_PLACE}⟩)*(⟨{_AMOUNT}⟩=⟨above {_AMOUNT}⟩)"
    row = f"SUMPRODUCT(SMALL(ROW({places})-MIN(ROW({places}))+1+1E+9*{unlike},⟨{_ALIKE}⟩))"
    formulas = {
        _NUMBER: f"N(⟨above {_NUMBER}⟩)+1",
        _PLACE: f"IFERROR(LARGE({places},⟨{_NUMBER}⟩),0)",
        _AMONG: f"IF(⟨{_PLACE}⟩=⟨above {_PLACE}⟩,⟨above {_AMONG}⟩+1,1)",
        _AMOUNT: f'IF(⟨{_PLACE}⟩=0,"",SUMPRODUCT(LARGE({amounts}-1E+300*{others},⟨{_AMONG}⟩)))',
        _ALIKE: f"IF({alike},⟨above {_ALIKE}⟩+1,1)",
        _ROW: f'IF(⟨{_PLACE}⟩=0,"",{row})',
    }
    return [Column(header, style="text", formula=formula) for header, formula in formulas.items()]
