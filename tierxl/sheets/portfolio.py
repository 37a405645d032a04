"""The Portfolio sheet: should you tier, how the revenue is spread, and three charts."""

import narwhals as nw

from tierxl.method.plan.portfolio import Portfolio, pareto_curve
from tierxl.method.plan.service import TIERS
from tierxl.method.plan.suitability import Signal
from tierxl.method.rating.grading import Grading
from tierxl.method.rating.ratings import margin
from tierxl.sheets.description import Cell, Chart, Colouring, Series, Sheet, Table
from tierxl.sheets.styles import ACTION_STYLES, TIER_STYLES
from tierxl.sheets.wording import TITLE_HEIGHT, exact_style, heading

MOST_POINTS = 2_000
"""How many clients the chart of revenue against margin shows at most, the largest first."""

_WIDTHS = (30, 18, 20, 18, 62)
_FIGURES_COLUMN = 15
"""Where the figures behind the charts stand, right of what is printed."""


def describe(grading: Grading, portfolio: Portfolio) -> Sheet:
    """The sheet of a graded portfolio."""
    signals = Table(
        7,
        1,
        ("Signal", "Measured", "Speaks against from", "Against tiering?", "What it says"),
        [
            (signal.name, signal.value or "not measured", signal.cut, _against(signal), signal.sentence)
            for signal in portfolio.suitability.signals
        ],
        ["label", "text", "text", "centred", "wrapped"],
    )
    tiers = Table(
        15,
        1,
        ("Tier", "Clients", "Revenue", "Share of revenue"),
        [(figures.tier, figures.clients, figures.revenue, figures.revenue_share) for figures in portfolio.tiers],
        ["tier", "count", "money", "percent"],
    )
    actions = Table(
        tiers.area.bottom + 3,
        1,
        ("Action", "Clients"),
        list(portfolio.actions.items()),
        ["centred", "count"],
    )
    reading_row = actions.area.bottom + 2
    readings = _readings(grading, portfolio, reading_row)
    charts_row = reading_row + 7
    figures, charts = _charts(grading, portfolio, charts_row)
    return Sheet(
        kind="portfolio",
        title="Portfolio",
        cells=(
            *heading("Portfolio", grading.as_of),
            Cell(4, 1, "Should you tier your clients?", "section"),
            Cell(5, 1, portfolio.suitability.verdict, "verdict"),
            Cell(14, 1, "Tiers", "section"),
            Cell(actions.row - 1, 1, "Actions", "section"),
            *readings,
            Cell(1, _FIGURES_COLUMN, "Figures behind the charts", "section"),
        ),
        tables=(signals, tiers, actions, *figures),
        colourings=(
            Colouring(signals.column_area("Against tiering?"), {"Yes": "warning", "not measured": "not-rated"}),
            Colouring(tiers.column_area("Tier"), TIER_STYLES),
            Colouring(actions.column_area("Action"), ACTION_STYLES),
        ),
        charts=charts,
        heights={1: TITLE_HEIGHT, 5: 20},
        widths=(*_WIDTHS, *[3.0] * (_FIGURES_COLUMN - 1 - len(_WIDTHS)), *[13.0] * 12),
        print_columns=len(_WIDTHS),
    )


def _against(signal: Signal) -> str:
    if signal.against is None:
        return "not measured"
    return "Yes" if signal.against else "No"


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
            f"of the revenue comes from the top {top:,} client{'s' * (top != 1)}.",
        ),
        ("Concentration by client", portfolio.concentration_by_client, "reading", _herfindahl_sentence("client")),
        ("Concentration by segment", portfolio.concentration_by_segment, "reading", _herfindahl_sentence("segment")),
        ("Target margin", portfolio.target_margin, target, "and more is rated High on profitability."),
        ("Acceptable margin", portfolio.acceptable_margin, acceptable, "and more is rated Medium, less is Low."),
    ]
    for at, (name, value, style, sentence) in enumerate(lines, row + 1):
        shown = Cell(at, 2, "not known", "note") if value is None else Cell(at, 2, value, style)
        cells += [Cell(at, 1, name, "label"), shown, Cell(at, 3, sentence, "text")]
    return cells


def _herfindahl_sentence(what: str) -> str:
    return f"Herfindahl index: 1.00 is a single {what}, towards 0 are many alike."


def _charts(grading: Grading, portfolio: Portfolio, row: int) -> tuple[list[Table], list[Chart]]:
    """The charts, and the tables of figures that they draw."""
    column = _FIGURES_COLUMN
    shares = Table(
        3,
        column,
        ("Tier", "Share of clients", "Share of revenue"),
        [
            (f"Tier {tier.tier}", tier.clients / portfolio.clients, tier.revenue_share)
            for tier in portfolio.tiers
            if tier.tier in TIERS
        ],
        ["text", "percent", "percent"],
    )
    curve = Table(
        3,
        column + 4,
        ("Clients", "Revenue"),
        pareto_curve(grading.clients.table["revenue"].drop_nulls().to_list()),
        ["percent", "percent"],
    )
    points = _points(grading, column + 7)
    charts = [
        Chart(
            "columns",
            "Clients and revenue by tier",
            row,
            1,
            tuple(
                Series(header, shares.column_area("Tier"), shares.column_area(header), style)
                for header, style in (("Share of clients", "point-c"), ("Share of revenue", "tier-a"))
            ),
            "",
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
                (Series("Revenue", curve.column_area("Clients"), curve.column_area("Revenue"), "tier-a"),),
                "Share of clients, the largest first",
                "Share of revenue",
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
                    Series(
                        f"Tier {tier}", table.column_area("Revenue"), table.column_area("Margin"), _POINT_STYLES[tier]
                    )
                    for tier, table in points.items()
                ),
                "Revenue, each line ten times the one before",
                "Margin",
                x_format="#,##0",
                y_format="0%",
                x_logarithmic=True,
                width=33,
                height=10,
            )
        )
    return tables, charts


_POINT_STYLES = {"A": "tier-a", "B": "tier-b", "C": "point-c"}


def _points(grading: Grading, column: int) -> dict[str, Table]:
    """Revenue and margin of the clients of each tier, the largest clients first."""
    lines = (
        grading.lines("client", "revenue", margin=margin())
        .select("client", "revenue", "margin", "Tier")
        .filter((nw.col("revenue") > 0) & ~nw.col("margin").is_null() & (nw.col("Tier") != "Not graded"))
        .sort("revenue", "client", descending=[True, False])
        .head(MOST_POINTS)
    )
    tables: dict[str, Table] = {}
    row = 3
    for tier in TIERS:
        rows = lines.filter(nw.col("Tier") == tier).select("client", "revenue", "margin").rows()
        if rows:
            tables[tier] = Table(row, column, (f"Tier {tier}", "Revenue", "Margin"), rows, ["text", "money", "percent"])
            row = tables[tier].area.bottom + 2
    return tables
