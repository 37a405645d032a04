"""The Movers sheet: who has another tier than at the grading before, and how the tiers have grown over time."""

from collections.abc import Sequence
from dataclasses import replace

from tierxl.method.levels import NOT_GRADED, TIER_NAMES
from tierxl.method.plan.history import Day, Movers, days_of, movers_since, trend, with_grading
from tierxl.method.rating.grading import Grading
from tierxl.sheets.description import LAST_ROW, Cell, Chart, Colouring, Lines, Series, Sheet, Table
from tierxl.sheets.history import Past
from tierxl.sheets.styles import MOVE_STYLES, TIER_STYLES
from tierxl.sheets.wording import TITLE_HEIGHT, heading, too_long

MOST_DAYS = 12
"""How many days the charts show at most, the latest."""

_COLUMNS = (
    ("Client", 32, "text"),
    ("Client key", 22, "identifier"),
    ("Revenue", 14, "money"),
    ("Move", 18, "centred"),
    ("From", 11, "tier"),
    ("To", 11, "tier"),
    ("What changed", 64, "wrapped"),
)
_CHARTS_ROW, _MOVERS_ROW = 16, 35
_FIGURES_COLUMN = len(_COLUMNS) + 4
"""Where the figures behind the charts stand, right of what is printed."""

_SERIES = {"A": "tier-a", "B": "tier-b", "C": "point-c", TIER_NAMES[NOT_GRADED]: "point-none"}
"""The tiers as the charts stack them, each with its style."""

_FIRST_DAY = (
    "There is no earlier day in the History yet. Who moves up or down from here is listed after a grading on a later "
    "day."
)
_SETTINGS_CHANGED = "The settings have changed in between: a move may come from them, and not from the client."


def describe(grading: Grading, past: Past) -> Sheet:
    """The sheet of a grading, with what was before it."""
    moved = movers_since(past.lines, grading)
    sheet = Sheet(
        kind="movers",
        title="Movers",
        cells=heading("Movers", grading.as_of),
        heights={1: TITLE_HEIGHT},
        widths=[width for _, width, _ in _COLUMNS],
    )
    if moved is None:
        return replace(sheet, cells=(*sheet.cells, Cell(4, 1, _FIRST_DAY)))
    history = with_grading(past.lines, grading)
    days = [day for day in days_of(history) if day <= grading.as_of][-MOST_DAYS:]
    figures, charts = _charts(trend(history, days))
    counts = _counts(moved)
    listed = _listed(moved)
    section = f"Since {moved.since:%Y-%m-%d}"
    cells = [
        Cell(4, 1, section, "section"),
        *([Cell(counts.area.bottom + 1, 1, _SETTINGS_CHANGED, "label")] if moved.policy_changed else []),
        Cell(_MOVERS_ROW - 1, 1, _title(moved, listed), "section"),
        Cell(1, _FIGURES_COLUMN, "Figures behind the charts", "section"),
    ]
    beyond = [3.0] * (_FIGURES_COLUMN - 1 - len(_COLUMNS))
    return replace(
        sheet,
        cells=(*sheet.cells, *cells),
        tables=(counts, listed, *figures) if listed.rows else (counts, *figures),
        colourings=(
            Colouring(counts.column_area("Move"), MOVE_STYLES),
            *(Colouring(listed.column_area(header), styles) for header, styles in _COLOURS.items()),
        ),
        charts=charts,
        widths=(*sheet.widths, *beyond, *[13.0] * sum(len(table.headers) + 1 for table in figures)),
        print_columns=len(_COLUMNS),
    )


_COLOURS = {"Move": MOVE_STYLES, "From": TIER_STYLES, "To": TIER_STYLES}


def _counts(moved: Movers) -> Table:
    rows = [(move.name, move.clients, move.revenue) for move in moved.moves]
    return Table(
        5, 1, ("Move", "Clients", "Revenue"), [*rows, ("Same tier", moved.unmoved, None)], ["label", "count", "money"]
    )


def _listed(moved: Movers) -> Table:
    headers = [header for header, _, _ in _COLUMNS]
    rows = Lines(moved.lines.select(headers).head(LAST_ROW - _MOVERS_ROW))
    return Table(_MOVERS_ROW, 1, headers, rows, [style for _, _, style in _COLUMNS], name="Movers")


def _title(moved: Movers, listed: Table) -> str:
    if not listed.rows:
        return "Every client has the tier that it had"
    return f"Who moved, and what changed{too_long(len(listed.rows), len(moved.lines))}"


def _charts(days: Sequence[Day]) -> tuple[list[Table], list[Chart]]:
    """Clients and revenue by tier over the days, and the figures that the charts draw."""
    tiers = [tier for tier in _SERIES if any(day.clients[tier] for day in days)]
    names = [tier if tier == TIER_NAMES[NOT_GRADED] else f"Tier {tier}" for tier in tiers]
    tables, charts = [], []
    for at, (title, left, width, style) in enumerate(
        (("Clients by tier", 1, 15.5, "count"), ("Revenue by tier", 5, 17.5, "money"))
    ):
        rows = [
            (f"{day.as_of:%Y-%m-%d}", *((day.revenue if at else day.clients)[tier] for tier in tiers)) for day in days
        ]
        column = _FIGURES_COLUMN + at * (len(tiers) + 2)
        table = Table(3, column, (title, *names), rows, ["text", *[style] * len(tiers)])
        series = tuple(
            Series(name, table.column_area(title), table.column_area(name), _SERIES[tier])
            for name, tier in zip(names, tiers, strict=True)
        )
        tables.append(table)
        charts.append(
            Chart(
                "stacked columns",
                title,
                _CHARTS_ROW,
                left,
                series,
                "",
                title.partition(" ")[0],
                y_format="#,##0",
                width=width,
            )
        )
    return tables, charts
