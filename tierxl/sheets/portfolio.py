"""The Portfolio sheet: should you tier, how the revenue is spread, and three charts."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import narwhals as nw

from tierxl.method.expressions import ratio
from tierxl.method.levels import NOT_GRADED, TIER_NAMES
from tierxl.method.plan.portfolio import Portfolio, pareto_curve
from tierxl.method.plan.service import TIERS
from tierxl.method.rating.figures import PERCENT, exactly
from tierxl.method.rating.grading import Grading
from tierxl.method.rating.ratings import margin
from tierxl.method.table.clients import Frame
from tierxl.method.words import counted, plural
from tierxl.sheets.description import FIGURES_COLUMN, Cell, Chart, Column, Sheet, Table
from tierxl.sheets.live import CLIENTS, CLIENTS_OF_TIER, REVENUE, REVENUE_OF_TIER, SHARE_OF_REVENUE
from tierxl.sheets.styles import ACTION_STYLES, SERIES_STYLES, TIER_STYLES
from tierxl.sheets.wording import FIGURES, exact_style, made_anew

TITLE = "Portfolio"
MOST_POINTS = 2_000
"""The most clients that the chart of revenue against margin shows, the largest first."""

SIGNALS = (
    Column("Signal", 25, "label", "name"),
    Column("Measured", 14, value=lambda signal: signal.value or "not measured"),
    Column("Threshold", 16, value="cut"),
    Column(
        "Against tiering",
        13,
        "centred",
        lambda signal: {True: "Yes", False: "No", None: "not measured"}[signal.against],
        colours={"Yes": "warning", "not measured": "not-rated"},
    ),
    Column("What it says", 46, "wrapped", "sentence"),
)
TIER_COLUMNS = (
    Column("Tier", style="tier", value="tier", colours=TIER_STYLES),
    Column("Clients", style="count", value="clients", formula=CLIENTS_OF_TIER),
    Column("Revenue", style="money", value="revenue", formula=REVENUE_OF_TIER),
    Column("Share of revenue", style="percent", value="revenue_share", formula=SHARE_OF_REVENUE),
)
_ACTIONS = (
    Column("Action", style="centred", colours=ACTION_STYLES),
    Column("Clients", style="count", formula="COUNTIF(⟨all Action⟩,⟨Action⟩)"),
)
_RIGHT = 4
"""The column of the charts on the right."""
_CHARTS_ROW, _CHART_ROWS = 6, 12
_FIGURES_ROW = 3
_WHY = "What the verdict rests on"
_NAMED = 3
"""The largest clients, and those with the lowest margins, that have their names in the chart of both."""
_NAME_WIDTH, _NAME_HEIGHT = 0.22, 0.24
"""The room of a name in that chart, as a part of its axes: of names that would overlap, the first is shown."""


def describe(grading: Grading, portfolio: Portfolio) -> Sheet:
    """The sheet of a graded portfolio: the verdict at the top and the charts below it, all on one page."""
    size = {"row": _CHARTS_ROW, "width": 10, "height": 5.8}
    drawn = [
        tier_chart(portfolio, FIGURES_COLUMN, column=1, **size),
        pareto_chart(grading, portfolio, FIGURES_COLUMN + 4, column=_RIGHT, **size),
        _points_chart(grading, _CHARTS_ROW + _CHART_ROWS, FIGURES_COLUMN + 14),
    ]
    charts = [chart for chart, _ in drawn if chart]
    signals = Table.of(portfolio.suitability.signals, SIGNALS, max(chart.bottom for chart in charts) + 2, title=_WHY)
    tiers = Table.of(portfolio.tiers, TIER_COLUMNS, signals.bottom + 3, title="Tiers")
    actions = Table(tiers.bottom + 3, _ACTIONS, list(portfolio.actions.items()), title="Actions")
    return Sheet(
        TITLE,
        [signals, tiers, actions, *(table for _, tables in drawn for table in tables)],
        [made_anew(grading.as_of)],
        [
            Cell(3, 1, "Should you tier your clients?", "section"),
            Cell(4, 1, portfolio.suitability.verdict, "verdict"),
            *_readings(grading, portfolio, actions.bottom + 2),
            Cell(1, FIGURES_COLUMN, FIGURES, "note"),
        ],
        charts=charts,
        widths=signals.widths,
        print_columns=len(SIGNALS),
        is_one_page=True,
        is_portrait=True,
    )


def _readings(grading: Grading, portfolio: Portfolio, row: int) -> list[Cell]:
    """The Pareto reading, the concentration and the margins that are cuts, each that is known with a sentence."""
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
        is_known = value is not None
        shown = [Cell(at, 2, value, style), Cell(at, 3, sentence)] if is_known else [Cell(at, 2, "not known", "note")]
        cells += [Cell(at, 1, name, "label"), *shown]
    for at, warning in enumerate(portfolio.warnings, row + 1 + len(lines)):
        cells += [Cell(at, 1, "Concentration warning", "warning"), Cell(at, 3, warning, "text")]
    return cells


def _herfindahl_sentence(what: str) -> str:
    return f"Herfindahl index: 1.00 means a single {what}, near 0 many of similar size."


# --- Charts, each with the tables of the figures that it draws --------------------------------------------------------

Drawn = tuple[Chart | None, list[Table]]
"""A chart, or none where there is nothing to draw."""


def tier_chart(portfolio: Portfolio, figures: int, **place: Any) -> Drawn:
    """The chart of clients and revenue by tier.

    Args:
        portfolio: the figures of a graded portfolio.
        figures: the first column of what it draws.
        place: its row, column, width and height.
    """
    shares = Table.of(
        [tier for tier in portfolio.tiers if tier.tier in TIERS],
        (
            Column("Tier", value=lambda tier: f"Tier {tier.tier}"),
            Column(
                "Share of clients",
                style="whole-percent",
                value=lambda tier: tier.clients / portfolio.clients,
                formula=f"IF({CLIENTS}>0,COUNTIF(⟨all Tier⟩,RIGHT(⟨Tier⟩))/{CLIENTS},0)",
            ),
            Column(
                "Share of revenue",
                style="whole-percent",
                value="revenue_share",
                formula=f'IF({REVENUE}>0,SUMIF(⟨all Tier⟩,RIGHT(⟨Tier⟩),⟨all revenue⟩)/{REVENUE},"")',
            ),
        ),
        _FIGURES_ROW,
        column=figures,
    )
    series = (
        shares.series("Tier", "Share of clients", "point-clients"),
        shares.series("Tier", "Share of revenue", "point-revenue"),
    )
    title, share = "Clients and revenue by tier", "Share of the portfolio"
    return Chart("columns", title, series=series, y_title=share, y_format="0%", labelled=True, **place), [shares]


def pareto_chart(grading: Grading, portfolio: Portfolio, figures: int, **place: Any) -> Drawn:
    """The Pareto curve of the revenue with its top marked, in ten columns of figures; none where there is no revenue.

    Args:
        grading: the grading.
        portfolio: its figures.
        figures: the first column of what it draws.
        place: its row, column, width and height.
    """
    revenues = grading.clients.table["revenue"].drop_nulls().to_list()
    points, share = pareto_curve(revenues), portfolio.pareto_share
    if not points or share is None:
        return None, []
    top = portfolio.pareto_clients / len(revenues)
    percents = [Column(header, style="whole-percent") for header in ("Clients", "Revenue")]
    curve, mark, even = (
        Table(_FIGURES_ROW, percents, rows, figures + 3 * at)
        for at, rows in enumerate((points, [(top, 0.0), (top, share), (0.0, share)], [(0.0, 0.0), (1.0, 1.0)]))
    )
    largest = exactly(grading.policy.suitability.pareto_top, unit=PERCENT)
    who = f"{counted(portfolio.pareto_clients, 'client')}) {plural(portfolio.pareto_clients, 'brings', 'bring')}"
    chart = Chart(
        "curve",
        f"The top {largest} ({who} {share:.0%} of the revenue",
        series=(
            curve.series("Clients", "Revenue", "point-revenue"),
            mark.series("Clients", "Revenue", "hours", f"Top {largest}"),
            even.series("Clients", "Revenue", "point-none", "All alike"),
        ),
        y_title="Share of revenue",
        x_title="Share of clients, the largest first",
        x_format="0%",
        y_format="0%",
        y_maximum=1,
        **place,
    )
    return chart, [curve, mark, even]


def _points_chart(grading: Grading, row: int, figures: int) -> Drawn:
    """The chart of revenue against margin, with the names of the outliers; none where no margin is known."""
    lines = (
        grading.lines("client", "revenue", margin=ratio(margin()))
        .filter((nw.col("revenue") > 0) & ~nw.col("margin").is_null() & (nw.col("Tier") != TIER_NAMES[NOT_GRADED]))
        .sort("revenue", "client", descending=[True, False])
        .head(MOST_POINTS)
    )
    points = _points(lines, figures)
    if not points:
        return None, []
    names = _outliers(lines, figures + 4)
    chart = Chart(
        "points",
        f"Revenue against margin: {'the largest ' * (len(lines) == MOST_POINTS)}{counted(len(lines), 'client')}",
        row,
        1,
        tuple(table.series("Revenue", "Margin", SERIES_STYLES[tier], f"Tier {tier}") for tier, table in points.items()),
        "Margin",
        "Revenue, log scale",
        x_format="#,##0",
        y_format="0%",
        x_logarithmic=True,
        named=tuple(table.series("Revenue", table.headers[-1], "outlier") for table in names),
        width=20.6,
        height=8,
    )
    return chart, [*points.values(), *names]


def _points(lines: Frame, column: int) -> dict[str, Table]:
    """Revenue and margin of the clients of each tier, the largest clients first."""
    tables: dict[str, Table] = {}
    row = _FIGURES_ROW
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


def _outliers(lines: Frame, column: int) -> list[Table]:
    """The points that have their names beside them: the largest clients, and those with the lowest margins, apart."""
    candidates = [*lines.head(_NAMED).iter_rows(named=True), *lines.sort("margin").head(_NAMED).iter_rows(named=True)]
    across, up = (_spread(lines[name].to_list(), scale) for name, scale in (("revenue", math.log), ("margin", float)))
    points: dict[str, tuple[float, float]] = {}
    for line in candidates:
        point = line["revenue"], line["margin"]
        is_free = all(
            abs(math.log(point[0] / other[0])) > across * _NAME_WIDTH or abs(point[1] - other[1]) > up * _NAME_HEIGHT
            for other in points.values()
        )
        if line["client"] and is_free:
            points[line["client"]] = point
    return [
        Table(_FIGURES_ROW + 3 * at, (Column("Revenue", style="money"), Column(name, style="percent")), [point], column)
        for at, (name, point) in enumerate(points.items())
    ]


def _spread(values: Sequence[float], scale: Callable[[float], float]) -> float:
    """The length of an axis on which all values have their place."""
    return scale(max(values)) - scale(min(values))
