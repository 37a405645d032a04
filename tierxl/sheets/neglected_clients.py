"""The Neglected clients: who waits for personal contact, and with whom."""

import narwhals as nw

from tierxl.method.plan.service import TIERS, engagement_plan, neglect
from tierxl.method.rating.grading import Grading
from tierxl.sheets.description import LAST_ROW, Cell, Column, Sheet, Table
from tierxl.sheets.styles import LATE, REMARK_STYLES, TIER_STYLES
from tierxl.sheets.wording import made_anew

TITLE = "Neglected clients"
_REMARK = nw.when(nw.col("neglected")).then(nw.lit("Neglected")).otherwise(nw.lit("No contact recorded"))
_CLIENTS = (
    Column("Client", 34, "name", value="client"),
    Column("Account manager", 22, value="account_manager"),
    Column("Tier", 10, "tier", colours=TIER_STYLES),
    Column("Contact overdue, days", 16, "days", "contact_overdue", above=LATE),
    Column("Contact was due", 13, "date", "next_contact"),
    Column("Last contact", 16, "date", "last_contact"),
    Column("Review overdue, days", 16, "days", "review_overdue", above=LATE),
    Column("Remark", 22, value=_REMARK, colours=REMARK_STYLES),
)
_MANAGERS = (
    Column("Account manager", value=nw.col("account_manager").fill_null("No account manager")),
    *(Column(f"Tier {tier}", style="days", value=tier) for tier in TIERS),
    Column("Neglected", style="days", value="neglected"),
    Column("No contact recorded", style="days", value="not_recorded"),
)
_CLIENTS_ROW = 5
_ROWS_BETWEEN = 3
"""Rows from the last of the clients to the headers of the account managers."""


def describe(grading: Grading) -> Sheet:
    """The sheet of a graded portfolio."""
    neglected = neglect(engagement_plan(grading))
    room = LAST_ROW - _CLIENTS_ROW - _ROWS_BETWEEN
    count = min(len(neglected.by_manager), room // 2)
    clients = Table.of(
        neglected.clients,
        _CLIENTS,
        _CLIENTS_ROW,
        room=room - count,
        title="By client: tier A first, then the most overdue",
        title_style="note",
        elsewhere="all stand in the Engagement plan: filter its column Remark",
        name="Neglected_clients",
    )
    managers = Table.of(
        neglected.by_manager,
        _MANAGERS,
        clients.bottom + _ROWS_BETWEEN,
        room=count,
        title="By account manager: most neglected clients of tier A first",
        title_style="note",
    )
    return Sheet(
        TITLE,
        [clients, managers] if clients.rows else [],
        [made_anew(grading.as_of)],
        [Cell(3, 1, neglected.sentence, "section")],
        widths=clients.widths,
        freeze=(_CLIENTS_ROW + 1, 2) if clients.rows else None,
        print_header_row=_CLIENTS_ROW if clients.rows else None,
        is_empty=not clients.rows,
    )
