"""The Service levels: what the clients of each tier get, side by side."""

from dataclasses import replace

from tierxl.formulas.services import shown
from tierxl.method.plan.portfolio import Portfolio
from tierxl.method.plan.service import TIERS
from tierxl.method.rating.grading import Grading
from tierxl.sheets.description import Cell, Column, Sheet, Table
from tierxl.sheets.live import AT_ONCE
from tierxl.sheets.settings import BLANK_ROWS
from tierxl.sheets.wording import made_anew

TITLE = "Service levels"
KIND = TITLE.lower()
_WIDTHS = {"A": 46, "B": 43, "C": 43}
_HOW = "The levels are settings: change them on the sheet Settings."
_WHERE = "The levels are those of the sheet Settings."
_COUNTED = {
    "Clients": ("level-count", 'COUNTIF(⟨all Tier⟩,"{}")'),
    "Revenue": ("level-money", 'SUMIF(⟨all Tier⟩,"{}",⟨all revenue⟩)'),
}
"""The counts of each tier, each with its style and its formula."""
_ROW = 4


def describe_live(grading: Grading, portfolio: Portfolio) -> Sheet:
    """The sheet where formulas keep it up to date; it has rows for the services that a user adds on Settings."""
    sheet = describe(grading, portfolio)
    (table,) = sheet.tables
    blank = (None,) * len(table.columns)
    table = replace(table, rows=[*table.rows, *[blank] * BLANK_ROWS])
    services = enumerate(table.rows[len(_COUNTED) :], 1)
    cells = [
        Cell(_ROW + len(_COUNTED) + at, column, value, table.styles[column - 1], formula=f"⟨{shown(at, column)}⟩")
        for at, line in services
        for column, value in enumerate(line, 1)
    ]
    return replace(
        sheet, tables=[table], texts=[*sheet.texts, *cells], notes=[f"{AT_ONCE} {_WHERE}"], is_protected=True
    )


def describe(grading: Grading, portfolio: Portfolio) -> Sheet:
    """The sheet of a graded portfolio."""
    figures = {tier.tier: tier for tier in portfolio.tiers}
    counts = [(name, *(getattr(figures[tier], name.lower()) for tier in TIERS)) for name in _COUNTED]
    services = grading.policy.services.items()
    levels = [(name, *(getattr(service, tier) for tier in TIERS)) for name, service in services]
    columns = [
        Column("Service", 26, "level-label"),
        *(Column(f"Tier {tier}", _WIDTHS[tier], "level") for tier in TIERS),
    ]
    table = Table(_ROW, columns, [*counts, *levels])
    return Sheet(
        TITLE,
        [table],
        [f"{made_anew(grading.as_of)} {_HOW}"],
        [
            *(Cell(_ROW, at, f"Tier {tier}", f"header-{tier.lower()}") for at, tier in enumerate(TIERS, 2)),
            *(
                Cell(row, column, value, style, formula=formula.format(TIERS[column - 2]))
                for row, (line, (style, formula)) in enumerate(zip(counts, _COUNTED.values(), strict=True), _ROW + 1)
                for column, value in enumerate(line[1:], 2)
            ),
        ],
        widths=table.widths,
        freeze=(_ROW + 1, 2),
        print_header_row=_ROW,
    )
