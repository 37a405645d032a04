"""The sentences and lists of the Summary as formulas."""

from dataclasses import dataclass

from tierxl.method.levels import NOT_RATED, RATING_NAMES
from tierxl.method.money import before_digits
from tierxl.method.plan.due_dates import APPOINTMENTS, CONTACT
from tierxl.method.plan.summary import (
    MOST_NAMED,
    NO_DATES,
    NO_PROFIT,
    NO_RISK,
    NO_SPEND,
    OF_RISK,
    TO_SHED,
    UPSIDE,
    Tile,
)
from tierxl.method.rating.moves import PROTECT, SHED
from tierxl.sheets.description import Cell, Column, Table, letters
from tierxl.sheets.live import CLIENTS, OF_ACTION, REVENUE, counted_clients, rounded, with_commas
from tierxl.sheets.live_lists import live_list

_NAMES = 80
"""The column of the names in the headline, out of sight."""
_NAMES_ROW = 3
_IN_PLAN = '⟨all overdue⟩,">0",⟨all plan place⟩,">0"'
_DATES = "+".join(f"⟨{each.last} given⟩" for each in APPOINTMENTS)


@dataclass(frozen=True)
class _Formulas:
    """The formulas of a tile: where its amount is known, the amount, and how many clients it is of."""

    is_known: str
    amount: str
    clients: str
    about: str
    lacks: str = ""
    about_one: str = ""


def _of_action(action: str) -> tuple[str, str]:
    revenue, clients = OF_ACTION
    return revenue.format(action), clients.format(action)


_TILES = {
    "Revenue": _Formulas("TRUE", REVENUE, CLIENTS, ""),
    "At risk": _Formulas(f"SUMPRODUCT((⟨all risk⟩<>{NOT_RATED})*1)>0", *_of_action(PROTECT), OF_RISK, NO_RISK),
    "Overdue": _Formulas(
        f"{_DATES}>0",
        f"SUMIFS(⟨all revenue⟩,{_IN_PLAN})",
        f"COUNTIFS({_IN_PLAN})",
        "wait for a call or review",
        NO_DATES,
        "waits for a call or review",
    ),
    "To shed": _Formulas(
        f'COUNTIF(⟨all Profit rating⟩,"{RATING_NAMES[NOT_RATED]}")<{CLIENTS}',
        *_of_action(SHED),
        TO_SHED,
        NO_PROFIT,
    ),
    "Upside": _Formulas(
        "COUNT(⟨all Upside⟩)>0", 'SUMIF(⟨all Upside⟩,">0")', 'COUNTIF(⟨all Upside⟩,">0")', UPSIDE, NO_SPEND
    ),
}


def tile_formulas(tile: Tile) -> tuple[str, str]:
    """The formulas of the amount of a tile and of the sentence below it."""
    it = _TILES[tile.name]
    sentence = counted_clients(it.clients, it.about, it.about_one)
    return (
        f'IF({it.is_known},ROUND({it.amount},2),"\N{EN DASH}")',
        f'IF({it.is_known},{sentence},"{it.lacks}")',
    )


def names_in_headline(row: int) -> list[Table]:
    """The clients of tier A who are neglected longest, out of sight, for the headline."""
    names = Table(row, [Column("Neglected", value="client")], [], _NAMES)
    return live_list(names, "waits place", MOST_NAMED + 1, "largest revenue")


def headline(currency: str, waits: Table, to_shed: Table) -> tuple[list[Cell], str]:
    """The parts of the headline, out of sight: who brings the revenue, who is neglected, whom to let go.

    Args:
        currency: the currency of the amounts.
        waits: the names of those who wait.
        to_shed: the list of clients to reprice or let go.

    Returns:
        The cells, and the formula of the headline.
    """
    count = 'COUNTIF(⟨all Tier⟩,"A")'
    revenue, whole, of_all = (_address(_NAMES_ROW + at, _NAMES + 3) for at in range(3))
    figures = ('SUMIF(⟨all Tier⟩,"A",⟨all revenue⟩)', rounded(revenue), f"IF({REVENUE}>0,100*{revenue}/{REVENUE},0)")
    money = f'IF({whole}<0,"-","")&"{before_digits(currency)}"&{with_commas(f"ABS({whole})")}'
    share = f'IF({REVENUE}>0," ("&{rounded(of_all)}&"% of the revenue)","")'
    brings = (
        f'IF({count}=0,"No client is tier A",{with_commas(count)}&IF({count}=1," A client brings "," A clients bring ")'
        f"&{money}&{share})"
    )
    waiting, leaving = 'COUNTIF(⟨all waits place⟩,">0")', "SUM(⟨all shed place⟩)"
    who = f'IF({waiting}=1," of them is"," of them are")&" neglected: "&{_named(waiting, waits)}'
    neglected = (
        f'IF(({count}=0)+(⟨{CONTACT.last} given⟩=0)>0,"","; "&IF({waiting}=0,"none of them is neglected",'
        f"{with_commas(waiting)}&{who}))"
    )
    goes = f'IF({leaving}=0,"","; "&{counted_clients(leaving, "to reprice or let go")}&": "&{_named(leaving, to_shed)})'
    parts = enumerate((brings, neglected, goes), _NAMES_ROW)
    cells = [Cell(row, _NAMES + 2, None, "text", formula=formula) for row, formula in parts]
    numbers = [Cell(row, _NAMES + 3, None, "text", formula=formula) for row, formula in enumerate(figures, _NAMES_ROW)]
    return [*cells, *numbers], "&".join([*(_address(cell.row, cell.column) for cell in cells), '"."'])


def _named(count: str, table: Table) -> str:
    """The formula of the first names of a list, and how many more there are."""
    cells = [_address(row, table.column) for row in range(table.row + 1, table.row + 2 + MOST_NAMED)]
    first, second, third = (f'IF({cell}="","one without a name",{cell})' for cell in cells)
    more = f'{first}&", "&{second}&" and "&IF({count}=3,{third},{with_commas(f"({count}-{MOST_NAMED})")}&" more")'
    return f'IF({count}=1,{first},IF({count}=2,{first}&" and "&{second},{more}))'


def _address(row: int, column: int) -> str:
    return f"${letters(column)}${row}"


def steps_title(table: Table) -> Cell:
    """The title of the list of next steps: whether all of them are due this week."""
    column = table.column + table.headers.index("By")
    days = f"{_address(table.row + 1, column)}:{_address(table.bottom, column)}"
    later = f'IF(MAX({days})>⟨day⟩+7,"What is next","This week")'
    return Cell(table.row - 1, table.column, table.title, table.title_style, formula=later)


def list_title(table: Table, title: str, count: str) -> Cell:
    """The title of a list, which says how many clients there are where it does not show all."""
    more = f'IF({count}>{len(table.rows)},": the first {len(table.rows)} of "&{with_commas(count)},"")'
    return Cell(table.row - 1, table.column, table.title, table.title_style, formula=f'"{title}"&{more}')
