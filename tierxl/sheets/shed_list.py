"""The Shed list: the clients to let go with the reasons and the ways out, and those to whom an exception applies."""

from dataclasses import replace

import narwhals as nw

from tierxl.method.expressions import ratio
from tierxl.method.rating.grading import Grading
from tierxl.method.rating.moves import REVIEW, SHED, has_action
from tierxl.method.rating.ratings import margin, margin_cuts, profit
from tierxl.method.table.clients import Frame
from tierxl.method.words import counted, plural
from tierxl.sheets.description import LAST_ROW, MOST_REPEATED, Cell, Column, Sheet, Table
from tierxl.sheets.live import AT_ONCE, as_formula
from tierxl.sheets.live_lists import FEWEST_PRINTED, live_list, rows_for
from tierxl.sheets.styles import ACTION_STYLES, RATING_STYLES, TIER_STYLES
from tierxl.sheets.wording import exit_line, made_anew

TITLE = "Shed list"
KIND = TITLE.lower()
COLUMNS = (
    Column("Client", 30, "name", value="client"),
    Column("Account manager", 18, value="account_manager"),
    Column("Tier", 7, "tier", colours=TIER_STYLES),
    Column("Revenue", 12, "money", "revenue"),
    Column("Profit", 12, "money", "listed_profit"),
    Column("Margin", 10, "percent", "listed_margin"),
    Column("Profit rating", 13, "centred", colours=RATING_STYLES["Profit rating"]),
    Column("Pain rating", 11, "centred", colours=RATING_STYLES["Pain rating"]),
    Column("Exit option", 46),
    Column("Why", 90),
)
FIGURES = {"listed_profit": profit(), "listed_margin": ratio(margin())}
"""The figures that stand beside the reasons."""
_PRINTED = len(COLUMNS) - 1
_NOBODY = "No client is to be shed."
_KEPT = "Kept as strategic, or by an override: review it."
_ORDER = "Clients to reprice or let go come first, then those that are kept. Why stands beside each of your clients."
_ROW, _LIVE_ROW = 5, 3
_ROWS_BETWEEN = 5
"""Rows that are kept free for what stands below."""


def describe(grading: Grading) -> Sheet:
    """The sheet of a graded portfolio."""
    leaving = _table(grading, SHED, exit_line(grading.policy), _ROW)
    exceptions = _table(grading, REVIEW, _KEPT, leaving.bottom + 4)
    count = len(leaving.rows)
    elsewhere = "" if "Why" in leaving.headers else " (why stands beside each of your clients)"
    who = f"{counted(count, 'client')} {plural(count, 'is', 'are')} to be shed" if count else _NOBODY
    tables = [
        replace(leaving, title=f"{who}{elsewhere}", name="Shed_list"),
        replace(
            exceptions,
            title="Review exceptions: the shed rule applies, but strategic value or an override keeps the client",
            name="Review_exceptions",
        ),
    ]
    return Sheet(
        TITLE,
        [table for table in tables if table.rows],
        [made_anew(grading.as_of)],
        [] if count else [Cell(_ROW - 1, 1, who, "section")],
        widths=leaving.widths,
        freeze=(tables[0].row + 1, 2) if count else None,
        print_columns=_PRINTED,
        print_header_row=_ROW if count else None,
        is_empty=not count and not exceptions.rows,
    )


def describe_live(grading: Grading) -> Sheet:
    """The sheet where formulas keep it up to date: one list, the clients to shed before those that are kept."""
    ways = {SHED: exit_line(grading.policy), REVIEW: _KEPT}
    clients = nw.concat(
        [with_action(grading, action).with_columns(nw.lit(way).alias("Exit option")) for action, way in ways.items()]
    )
    way_out = Column("Exit option", 46, formula=f'IF(⟨Action⟩="{SHED}",{as_formula(ways[SHED])},"{ways[REVIEW]}")')
    columns = (*COLUMNS[:-2], Column("Action", 16, "centred", colours=ACTION_STYLES), way_out)
    rows = rows_for(len(grading.columns))
    table = Table.of(clients, columns, _LIVE_ROW, room=rows, name="Shed_list")
    return Sheet(
        TITLE,
        live_list(table, "leaving place", rows),
        [f"{AT_ONCE} {_ORDER} The first {FEWEST_PRINTED} are printed."],
        widths=table.widths,
        freeze=(_LIVE_ROW + 1, 2),
        print_header_row=_LIVE_ROW,
        print_columns=len(columns),
        print_rows=_LIVE_ROW + FEWEST_PRINTED,
        is_protected=True,
    )


def with_action(grading: Grading, action: str) -> Frame:
    """The clients with an action, for :data:`COLUMNS`: one line a client."""
    fields = ("client", "account_manager", "revenue")
    lines = grading.lines(*fields, **FIGURES)
    return lines.filter(has_action(action))


def _table(grading: Grading, action: str, way_out: str, row: int) -> Table:
    clients = with_action(grading, action).with_columns(nw.lit(way_out).alias("Exit option"))
    columns = COLUMNS if len(grading.columns) <= MOST_REPEATED else COLUMNS[:-1]
    return Table.of(
        clients,
        columns,
        row,
        cuts={"Margin": margin_cuts(grading.cuts, grading.policy)},
        room=LAST_ROW - row - _ROWS_BETWEEN,
    )
