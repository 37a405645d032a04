"""The Portfolio sheet: should you tier, how the revenue is spread, and three charts."""

import narwhals as nw

from tierxl.method.expressions import ratio
from tierxl.method.levels import NOT_GRADED, TIER_NAMES
from tierxl.method.plan.portfolio import Portfolio, pareto_curve
from tierxl.method.plan.service import TIERS
from tierxl.method.rating.grading import Grading
from tierxl.method.rating.ratings import margin
from tierxl.method.words import counted
from tierxl.sheets.description import TITLE_HEIGHT, Cell, Chart, Column, Sheet, Table
from tierxl.sheets.styles import ACTION_STYLES, SERIES_STYLES, TIER_STYLES
from tierxl.sheets.wording import exact_style, made_anew

TITLE = "Portfolio"
MOST_POINTS = 2_000
"""The most clients that the chart of revenue against margin shows, the largest first."""

SIGNALS = (
    Column("Signal", 30, "label", "name"),
    Column("Measured", 18, value=lambda signal: signal.value or "not measured"),
    Column("Threshold", 20, value="cut"),
    Column(
        "Against tiering",
        18,
        "centred",
        lambda signal: {True: "Yes", False: "No", None: "not measured"}[signal.against],
        colours={"Yes": "warning", "not measured": "not-rated"},
    ),
    Column("What it says", 62, "wrapped", "sentence"),
)
TIER_COLUMNS = (
    Column("Tier", style="tier", value="tier", colours=TIER_STYLES),
    Column("Clients", style="count", value="clients"),
    Column("Revenue", style="money", value="revenue"),
    Column("Share of revenue", style="percent", value="revenue_share"),
)
_ACTIONS = (Column("Action", style="centred", colours=ACTION_STYLES), Column("Clients", style="count"))
_FIGURES_COLUMN = 15
"""The first column of the figures behind the charts, right of what is printed."""


def describe(grading: Grading, portfolio: Portfolio) -> Sheet:
    """The sheet of a graded portfolio."""
    signals = Table.of(portfolio.suitability.signals, SIGNALS, 7)
    tiers = Table.of(portfolio.tiers, TIER_COLUMNS, 15, title="Tiers")
    actions = Table(tiers.bottom + 3, _ACTIONS, list(portfolio.actions.items()), title="Actions")
    figures, charts = _charts(grading, portfolio, actions.bottom + 9 + len(portfolio.warnings))
    beyond = _FIGURES_COLUMN - 1 - len(SIGNALS)
    return Sheet(
        TITLE,
        [signals, tiers, actions, *figures],
        [made_anew(grading.as_of)],
        [
            Cell(4, 1, "Should you tier your clients?", "section"),
            Cell(5, 1, portfolio.suitability.verdict, "verdict"),
            *_readings(grading, portfolio, actions.bottom + 2),
            Cell(1, _FIGURES_COLUMN, "Figures behind the charts", "section"),
        ],
        charts=charts,
        heights={1: TITLE_HEIGHT, 5: 20},
        widths=(*signals.widths, *[3.0] * beyond, *[13.0] * 12),
        print_columns=len(SIGNALS),
    )


def _readings(grading: Grading, portfolio: Portfolio, row: int) -> list[Cell]:
    """The Pareto reading, the concentration and the margins that are cuts, each as a number and a sentence."""
    cells = [Cell(row, 1, "How the revenue is spread", "section")]
    top = portfolio.pareto_clients
    target, acceptable = (
        "reading-percent" if fixed == "auto" else exact_style("reading-percent", fixed)
        for fixed in (grading.policy.profit.target, grading.policy.profit.acceptable)
    )
    lines: list[tuple[str, float | None, str, str]] = [
        (
            "Pareto reading",
            portfolio.pareto_share,
            "reading-percent",
            f"of the revenue comes from the top {counted(top, 'client')}.",
        ),
        ("Concentration by client", portfolio.concentration_by_client, "reading", _herfindahl_sentence("client")),
        ("Concentration by segment", portfolio.concentration_by_segment, "reading", _herfindahl_sentence("segment")),
        ("Target margin", portfolio.target_margin, target, "and more is rated High on profitability."),
        ("Acceptable margin", portfolio.acceptable_margin, acceptable, "and more is rated Medium, less is Low."),
    ]
    for at, (name, value, style, sentence) in enumerate(lines, row + 1):
        shown = Cell(at, 2, "not known", "note") if value is None else Cell(at, 2, value, style)
        cells += [Cell(at, 1, name, "label"), shown, Cell(at, 3, sentence, "text")]
    for at, warning in enumerate(portfolio.warnings, row + 1 + len(lines)):
        cells += [Cell(at, 1, "Concentration warning", "warning"), Cell(at, 3, warning, "text")]
    return cells


def _herfindahl_sentence(what: str) -> str:
    return f"Herfindahl index: 1.00 means a single {what}, near 0 many of similar size."


def shares_by_tier(portfolio: Portfolio, style: str, column: int) -> Table:
    """The figures of a chart of clients and revenue by tier, in a column out of sight."""
    return Table.of(
        [tier for tier in portfolio.tiers if tier.tier in TIERS],
        (
            Column("Tier", value=lambda tier: f"Tier {tier.tier}"),
            Column("Share of clients", style=style, value=lambda tier: tier.clients / portfolio.clients),
            Column("Share of revenue", style=style, value="revenue_share"),
        ),
        3,
        column=column,
    )


def _charts(grading: Grading, portfolio: Portfolio, row: int) -> tuple[list[Table], list[Chart]]:
    """The charts, and the tables of figures that they draw."""
    column = _FIGURES_COLUMN
    shares = shares_by_tier(portfolio, "percent", column)
    curve = Table(
        3,
        (Column("Clients", style="percent"), Column("Revenue", style="percent")),
        pareto_curve(grading.clients.table["revenue"].drop_nulls().to_list()),
        column + 4,
    )
    points = _points(grading, column + 7)
    charts = [
        Chart(
            "columns",
            "Clients and revenue by tier",
            row,
            1,
            tuple(
                shares.series("Tier", header, style)
                for header, style in (("Share of clients", "point-c"), ("Share of revenue", "tier-a"))
            ),
            "Share of the portfolio",
            y_format="0%",
        ),
    ]
    tables = [shares]
    if curve.rows:
        tables.append(curve)
        charts.append(
            Chart(
                "curve",
                "Pareto curve: who brings the revenue",
                row,
                4,
                (curve.series("Clients", "Revenue", "tier-a"),),
                "Share of revenue",
                "Share of clients, the largest first",
                x_format="0%",
                y_format="0%",
                y_maximum=1,
            )
        )
    if points:
        tables += points.values()
        shown = sum(len(table.rows) for table in points.values())
        charts.append(
            Chart(
                "points",
                f"Revenue against margin, {shown:,} clients with revenue and a known margin",
                row + 19,
                1,
                tuple(
                    table.series("Revenue", "Margin", SERIES_STYLES[tier], f"Tier {tier}")
                    for tier, table in points.items()
                ),
                "Margin",
                "Revenue (log scale)",
                x_format="#,##0",
                y_format="0%",
                x_logarithmic=True,
                width=33,
                height=10,
            )
        )
    return tables, charts


def _points(grading: Grading, column: int) -> dict[str, Table]:
    """Revenue and margin of the clients of each tier, the largest clients first."""
    lines = (
        grading.lines("client", "revenue", margin=ratio(margin()))
        .filter((nw.col("revenue") > 0) & ~nw.col("margin").is_null() & (nw.col("Tier") != TIER_NAMES[NOT_GRADED]))
        .sort("revenue", "client", descending=[True, False])
        .head(MOST_POINTS)
    )
    tables: dict[str, Table] = {}
    row = 3
    for tier in TIERS:
        columns = (
            Column(f"Tier {tier}", value="client"),
            Column("Revenue", style="money", value="revenue"),
            Column("Margin", style="percent", value="margin"),
        )
        table = Table.of(lines.filter(nw.col("Tier") == tier), columns, row, column=column)
        if table.rows:
            tables[tier] = table
            row = table.bottom + 2
    return tables
