"""The Service levels: what the clients of each tier get, side by side."""

from tierxl.method.plan.portfolio import Portfolio
from tierxl.method.plan.service import TIERS
from tierxl.method.rating.grading import Grading
from tierxl.sheets.description import Cell, Column, Sheet, Table
from tierxl.sheets.wording import made_anew

TITLE = "Service levels"
_WIDTHS = {"A": 46, "B": 43, "C": 43}
_HOW = "The levels are settings: change them on the sheet Settings."
_ROW = 4


def describe(grading: Grading, portfolio: Portfolio) -> Sheet:
    """The sheet of a graded portfolio."""
    figures = {tier.tier: tier for tier in portfolio.tiers}
    counts = [(name, *(getattr(figures[tier], name.lower()) for tier in TIERS)) for name in ("Clients", "Revenue")]
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
                Cell(row, column, value, style)
                for row, (line, style) in enumerate(zip(counts, ("level-count", "level-money"), strict=True), _ROW + 1)
                for column, value in enumerate(line[1:], 2)
            ),
        ],
        widths=table.widths,
        freeze=(_ROW + 1, 2),
        print_header_row=_ROW,
    )
