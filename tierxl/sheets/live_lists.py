"""Lists of clients as formulas: each row finds the client whose turn it is, by a number that puts them in order.

Of clients with the same number the one with the largest amount comes first, then the one further up among the clients.
The cells that find it stand out of sight, one row each; all others look up what they show there.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from tierxl.formulas.plan import LISTED
from tierxl.sheets.description import Column, Table

FEWEST_ROWS, MOST_ROWS = 200, 300
"""The rows of a long list: as many as there are clients, and some for more of them, within these limits."""
ROOM = 50
IN_ROW = "In row"
"""The header of the cell that says in which row the client of a list's row stands."""
FEWEST_PRINTED = 100
_AS_READ = ("client", "last_review", "last_contact")
"""The user's own cells that lists show as they are read."""
OUT_OF_SIGHT = 70
"""The first of the columns out of sight."""


def rows_for(clients: int) -> int:
    """The rows of a long list of so many clients."""
    return min(max(clients + ROOM, FEWEST_ROWS), MOST_ROWS)


def printed_for(clients: int) -> int:
    """The rows of it that are printed, some for more clients: blank ones come out as empty pages."""
    return min(max(clients + ROOM, FEWEST_PRINTED), rows_for(clients))


def live_list(table: Table, place: str, rows: int, amount: str = "", key: str = "") -> list[Table]:
    """A list that formulas keep up to date, and the cells out of sight that it takes, these first.

    Args:
        table: the list as it is on the day of the grading.
        place: the column of the clients that puts them in order, the largest number first; 0 for those who are not on
            the list.
        rows: how many rows it has.
        amount: the column that decides where that number is the same, if not the order of the clients.
        key: the column of a number that puts them in order by both, but for amounts that are nearly the same; in a list
            of more than a few rows all cells would be compared too often.
    """
    blank = (None,) * len(table.columns)
    shown: list[Any] = [*table.rows[:rows]] if isinstance(table.rows, list) else [*table.rows][:rows]
    columns = [replace(column, formula=_looked_up(column)) for column in table.columns]
    listed = replace(table, columns=columns, rows=[*shown, *[blank] * (rows - len(shown))])
    places, amounts, keys = (f"⟨all {name}⟩" for name in (place, amount, key))
    finders = _keyed(keys, places, amounts) if key else _compared(places, amounts) if amount else _first(places, _ROW)
    steps = [name for column in table.columns for name in _steps_to(column)]
    finders |= {name: f'IF(⟨{_ROW}⟩="","",⟨listed {name}⟩)' for name in steps}
    hidden = [Column(header, style="text", formula=formula) for header, formula in finders.items()]
    return [Table(table.row, hidden, [(None,) * len(hidden)] * rows, OUT_OF_SIGHT, is_hidden=True), listed]


def _steps_to(column: Column) -> Sequence[str]:
    """The cells out of sight that a column takes, the last of which it shows."""
    steps = LISTED.get(_name_of(column), ())
    return steps if len(steps) > 1 else ()


def _looked_up(column: Column) -> str:
    """The formula of a cell that shows something of the row's client."""
    name = _name_of(column)
    if column.formula and not column.formula.startswith("⟨all "):
        shows = column.formula
    elif name in LISTED:
        shows = f"⟨{name}⟩" if _steps_to(column) else f"⟨listed {name}⟩"
    else:
        shows = f"INDEX(⟨all {name}⟩,⟨{_ROW}⟩)"
    return f'IF(⟨{_ROW}⟩="","",{shows})'


def _name_of(column: Column) -> str:
    """The name of the cell of a client that a column shows."""
    if column.formula.startswith("⟨all "):
        return column.formula.removeprefix("⟨all ").removesuffix("⟩")
    name = (column.value if isinstance(column.value, str) else "") or column.header
    return f"shown {name}" if name in _AS_READ else name


_NUMBER, _PLACE, _AMONG, _AMOUNT, _ALIKE = "Number in list", "Place", "Among these", "Amount", "Alike"
_KEY, _FOUND, _BEFORE, _ROW = "Key", "Found in row", "In order", IN_ROW


def _first(keys: str, row: str) -> dict[str, str]:
    """The cells that find clients by a number, the largest first, and of the same ones that further up."""
    rest = f"INDEX({keys},⟨above {row}⟩+1):INDEX({keys},ROWS({keys}))"
    another = f"IF(⟨{_KEY}⟩=⟨above {_KEY}⟩,⟨above {row}⟩+MATCH(⟨{_KEY}⟩,{rest},0),MATCH(⟨{_KEY}⟩,{keys},0))"
    return {
        _NUMBER: f"N(⟨above {_NUMBER}⟩)+1",
        _KEY: f"IFERROR(LARGE({keys},⟨{_NUMBER}⟩),0)",
        row: f'IF(⟨{_KEY}⟩=0,"",{another})',
    }


def _keyed(keys: str, places: str, amounts: str) -> dict[str, str]:
    """The cells that find clients by a key, and put those whose key is the same in order by their amounts."""
    larger = f"(⟨list {_AMOUNT}⟩>⟨{_AMOUNT}⟩)+(⟨list {_AMOUNT}⟩=⟨{_AMOUNT}⟩)*(⟨list {_FOUND}⟩<⟨{_FOUND}⟩)"
    before = f"SUMPRODUCT((⟨list {_PLACE}⟩>⟨{_PLACE}⟩)+(⟨list {_PLACE}⟩=⟨{_PLACE}⟩)*({larger}))"
    return _first(keys, _FOUND) | {
        _PLACE: f'IF(⟨{_FOUND}⟩="",0,INDEX({places},⟨{_FOUND}⟩))',
        _AMOUNT: f'IF(⟨{_FOUND}⟩="",0,INDEX({amounts},⟨{_FOUND}⟩))',
        _BEFORE: f"IF(⟨{_PLACE}⟩=0,0,{before}+1)",
        _ROW: f'IF(⟨{_FOUND}⟩="","",INDEX(⟨list {_FOUND}⟩,MATCH(⟨{_NUMBER}⟩,⟨list {_BEFORE}⟩,0)))',
    }


def _compared(places: str, amounts: str) -> dict[str, str]:
    """The cells that find clients by comparing all of them, by their places and then by their amounts."""
    others = f"({places}<>⟨{_PLACE}⟩)"
    unlike = f"({others}+({amounts}<>⟨{_AMOUNT}⟩))"
    alike = f"(⟨{_PLACE}⟩=⟨above {_PLACE}⟩)*(⟨{_AMOUNT}⟩=⟨above {_AMOUNT}⟩)"
    row = f"SUMPRODUCT(SMALL(ROW({places})-MIN(ROW({places}))+1+1E+9*{unlike},⟨{_ALIKE}⟩))"
    return {
        _NUMBER: f"N(⟨above {_NUMBER}⟩)+1",
        _PLACE: f"IFERROR(LARGE({places},⟨{_NUMBER}⟩),0)",
        _AMONG: f"IF(⟨{_PLACE}⟩=⟨above {_PLACE}⟩,⟨above {_AMONG}⟩+1,1)",
        _AMOUNT: f'IF(⟨{_PLACE}⟩=0,"",SUMPRODUCT(LARGE({amounts}-1E+300*{others},⟨{_AMONG}⟩)))',
        _ALIKE: f"IF({alike},⟨above {_ALIKE}⟩+1,1)",
        _ROW: f'IF(⟨{_PLACE}⟩=0,"",{row})',
    }
