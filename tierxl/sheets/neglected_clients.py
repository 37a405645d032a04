"""The Neglected clients: who waits for personal contact, and with whom."""

import narwhals as nw

from tierxl.method.plan.service import TIERS, engagement_plan, neglect
from tierxl.method.rating.grading import Grading
from tierxl.method.table.clients import Frame
from tierxl.sheets.description import LAST_ROW, Cell, Colouring, Lines, Sheet, Table
from tierxl.sheets.styles import TIER_STYLES
from tierxl.sheets.wording import TITLE_HEIGHT, heading, shortened, too_long

_COLUMNS = {
    "Client": (nw.col("client"), 34, "text"),
    "Account manager": (nw.col("account_manager"), 22, "text"),
    "Tier": (nw.col("Tier"), 10, "tier"),
    "Contact overdue, days": (nw.col("contact_overdue"), 12, "days"),
    "Contact was due": (nw.col("next_contact"), 13, "date"),
    "Last contact": (nw.col("last_contact"), 16, "date"),
    "Review overdue, days": (nw.col("review_overdue"), 12, "days"),
    "Remark": (nw.when(nw.col("neglected")).then(nw.lit("Neglected")).otherwise(nw.lit("Never contacted")), 18, "text"),
}
"""Each column by its header: what it shows of the plan, its width and its style."""
_COUNTS = ("Account manager", *(f"Tier {tier}" for tier in TIERS), "Neglected", "Never contacted")
_COUNTS_ROW = 7
_ELSEWHERE = "all stand in the Engagement plan: filter its column Remark"
_ROWS_BETWEEN = 4
"""Rows between the counts and the clients, with the headers."""


def describe(grading: Grading) -> Sheet:
    """The sheet of a graded portfolio."""
    found = neglect(engagement_plan(grading))
    cells = [*heading("Neglected clients", grading.as_of), Cell(4, 1, found.sentence, "section")]
    tables: list[Table] = []
    colourings: list[Colouring] = []
    if not found.clients.is_empty():
        counts = _counts(found.by_manager, cells)
        clients = _clients(found.clients, counts.area.bottom + 3, cells)
        tables = [counts, clients]
        colourings = [
            Colouring(clients.column_area("Tier"), TIER_STYLES),
            Colouring(clients.column_area("Contact overdue, days"), above=(0, "overdue")),
            Colouring(clients.column_area("Review overdue, days"), above=(0, "overdue")),
            Colouring(clients.column_area("Remark"), {"Neglected": "overdue", "Never contacted": "warning"}),
        ]
    return Sheet(
        kind="neglected clients",
        title="Neglected clients",
        cells=cells,
        tables=tables,
        colourings=colourings,
        heights={1: TITLE_HEIGHT},
        widths=[width for _, width, _ in _COLUMNS.values()],
    )


def _counts(by_manager: Frame, cells: list[Cell]) -> Table:
    """How many clients each account manager neglects, by tier; what is said of it goes to the cells."""
    fitting = by_manager.head((LAST_ROW - _COUNTS_ROW - _ROWS_BETWEEN) // 2)
    what = "By account manager: most neglected clients of tier A first"
    cells.append(Cell(_COUNTS_ROW - 1, 1, what + too_long(len(fitting), len(by_manager)), "note"))
    named = fitting.with_columns(nw.col("account_manager").fill_null("No account manager"))
    return Table(_COUNTS_ROW, 1, _COUNTS, Lines(named), ["text", *["days"] * (len(_COUNTS) - 1)])


def _clients(waiting: Frame, row: int, cells: list[Cell]) -> Table:
    """Who waits; what is said of it goes to the cells."""
    fitting, remark = shortened(waiting, LAST_ROW - row, _ELSEWHERE)
    what = "By client: tier A first, and of each tier the most overdue"
    cells.append(Cell(row - 1, 1, what + remark, "note"))
    rows = Lines(fitting.select(**{header: shown for header, (shown, _, _) in _COLUMNS.items()}))
    styles = [style for _, _, style in _COLUMNS.values()]
    return Table(row, 1, list(_COLUMNS), rows, styles, name="Neglected_clients")
