"""The Movers sheet: who has another tier than at the grading before, who is to be watched, and the tiers over time."""

from collections.abc import Sequence

from tierxl.method.plan.history import Day, Movers, days_of, trend, with_grading
from tierxl.method.rating.figures import PERCENT, Cut, exactly
from tierxl.method.rating.grading import Grading
from tierxl.method.words import counted, in_words
from tierxl.sheets.description import FIGURES_COLUMN, LAST_ROW, Cell, Chart, Column, Sheet, Table
from tierxl.sheets.history import Past
from tierxl.sheets.styles import MOVE_STYLES, SERIES_STYLES, TIER_STYLES
from tierxl.sheets.wording import FIGURES, made_anew, tier_label

TITLE = "Movers"
MOST_DAYS = 12
"""The most days that the charts show, the latest."""

_CLIENTS = (
    Column("Client", 29, "name"),
    Column("Client key", 18, "identifier"),
    Column("Revenue", 13, "money"),
    Column("Move", 17, "centred", colours=MOVE_STYLES),
    Column("From", 11, "tier", colours=TIER_STYLES),
    Column("To", 11, "tier", colours=TIER_STYLES),
    Column("What changed", 60, "wrapped"),
)
WATCH = (
    Column("Client", style="name"),
    Column("Client key", style="identifier"),
    Column("Revenue before", style="money"),
    Column("Revenue now", style="money"),
    Column("Tier", style="tier", colours=TIER_STYLES),
    Column("Fall", style="percent"),
)
_WIDTHS = [column.width for column in _CLIENTS]
_MOVES = (
    Column("Move", style="label", colours=MOVE_STYLES),
    Column("Clients", style="count"),
    Column("Revenue", style="money"),
)
_CHARTS_ROW, _CLIENTS_ROW = 16, 35

_FIRST_DAY = "This is the first grading. Grade again on a later day to see who moves up or down."
_SETTINGS_CHANGED = "The settings have changed in between, so a move may come from them rather than from the client."
_NOBODY = "No client changed tier"
_ROWS_BETWEEN = 3
"""Rows from the last of those who moved to the headers of those to be watched."""


def describe(grading: Grading, past: Past, moved: Movers | None) -> Sheet:
    """The sheet of a grading, with what was before it and who has moved since; None where nothing was."""
    notes = [made_anew(grading.as_of)]
    if moved is None:
        return Sheet(TITLE, notes=notes, texts=[Cell(4, 1, _FIRST_DAY)], widths=_WIDTHS, is_empty=True)
    history = with_grading(past.lines, grading)
    days = [day for day in days_of(history) if day <= grading.as_of][-MOST_DAYS:]
    figures, charts = _charts(trend(history, days))
    moves = [*((move.name, move.clients, move.revenue) for move in moved.moves), ("Same tier", moved.unmoved, None)]
    counts = Table(5, _MOVES, moves, title=f"Since {in_words(moved.since)}")
    room = LAST_ROW - _CLIENTS_ROW - _ROWS_BETWEEN - len(moved.watch)
    who = "Who moved, and what changed"
    clients = Table.of(moved.lines, _CLIENTS, _CLIENTS_ROW, room=room, title=who, name="Movers")
    watch = Table.of(
        moved.watch,
        WATCH,
        (clients.bottom if clients.rows else _CLIENTS_ROW) + _ROWS_BETWEEN,
        cuts={"Fall": [Cut(moved.watch_from)]},
        title="Watch: the revenue fell, the tier is the same",
        name="Watch",
    )
    return Sheet(
        TITLE,
        [counts, *(table for table in (clients, watch) if table.rows), *figures],
        notes,
        [
            *([Cell(counts.bottom + 1, 1, _SETTINGS_CHANGED, "label")] if moved.policy_changed else []),
            *([] if clients.rows else [Cell(_CLIENTS_ROW - 1, 1, _NOBODY, "section")]),
            Cell(counts.bottom + 2, 1, f"Watch: {watch_sentence(moved)}.", "label"),
            Cell(1, FIGURES_COLUMN, FIGURES, "note"),
        ],
        charts=charts,
        widths=_WIDTHS,
        print_columns=len(_CLIENTS),
        print_header_row=_CLIENTS_ROW if clients.is_filtered else None,
    )


def watch_sentence(moved: Movers) -> str:
    """How many clients there are to watch, and why."""
    count, fall = len(moved.watch), exactly(moved.watch_from, unit=PERCENT)
    clients = f"{counted(count, 'client')} of tier A or B" if count else "No client of tier A or B"
    return f"{clients} kept the tier and lost {fall} or more of the revenue"


def _charts(days: Sequence[Day]) -> tuple[list[Table], list[Chart]]:
    """The figures of clients and revenue by tier over the days, and the charts that draw them."""
    names = {tier: tier_label(tier) for tier in SERIES_STYLES if any(day.clients[tier] for day in days)}
    tables, charts = [], []
    for at, (field, style, left, width) in enumerate((("clients", "count", 1, 14), ("revenue", "money", 5, 15))):
        title = f"{field.capitalize()} by tier"
        table = Table(
            3,
            [Column(title), *(Column(name, style=style) for name in names.values())],
            [(in_words(day.as_of), *(getattr(day, field)[tier] for tier in names)) for day in days],
            FIGURES_COLUMN + at * (len(names) + 2),
        )
        series = tuple(table.series(title, name, SERIES_STYLES[tier]) for tier, name in names.items())
        tables.append(table)
        charts.append(
            Chart(
                "stacked columns",
                title,
                _CHARTS_ROW,
                left,
                series,
                field.capitalize(),
                y_format="#,##0",
                width=width,
            )
        )
    return tables, charts
