"""The report as data: texts that are ready to print. Every figure comes from the method."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

import narwhals as nw

from tierxl.method.plan.history import Movers
from tierxl.method.plan.portfolio import Portfolio, pareto_curve
from tierxl.method.plan.service import TIERS, engagement_plan, first_dates
from tierxl.method.policy import Policy
from tierxl.method.rating.figures import PERCENT, Cut, exactly
from tierxl.method.rating.grading import Grading
from tierxl.method.rating.moves import SHED
from tierxl.method.rating.ratings import margin_cuts
from tierxl.method.table.clients import Frame
from tierxl.method.words import counted
from tierxl.sheets import movers
from tierxl.sheets.description import Column, Table, chosen
from tierxl.sheets.engagement_plan import COLUMNS as PLAN
from tierxl.sheets.portfolio import SIGNALS, TIER_COLUMNS
from tierxl.sheets.shed_list import COLUMNS as SHED_LIST
from tierxl.sheets.shed_list import with_action
from tierxl.sheets.texts import as_text
from tierxl.sheets.wording import exit_line

MOST_LINES = 500
"""Clients of a tier that the report lists at most, the most overdue first; the graded workbook has all."""

NOTHING = "–"
_NOT_PRINTED = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]+")


@dataclass(frozen=True)
class Figure:
    """One figure: what it is, its value, and what that says."""

    name: str
    value: str
    note: str


@dataclass(frozen=True)
class Section:
    """A titled table of texts.

    Attributes:
        title: the title.
        columns: the columns; their widths are parts of a whole.
        rows: the texts, row by row.
        note: the line above the table.
    """

    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    note: str = ""


@dataclass(frozen=True)
class Charts:
    """The figures of the charts; shares are fractions.

    Attributes:
        tiers: tier, its share of the clients and of the revenue.
        tiers_sentence: the same in words.
        pareto: share of clients and the share of revenue that they bring, the largest first.
        pareto_sentence: what the curve says in words.
    """

    tiers: tuple[tuple[str, float, float], ...]
    tiers_sentence: str
    pareto: tuple[tuple[float, float], ...]
    pareto_sentence: str


@dataclass(frozen=True)
class Content:
    """The report.

    Attributes:
        title, subtitle: the heading.
        verdict: whether to tier at all.
        warnings: on what too much of the revenue hangs.
        figures: the figures at the top.
        charts: the charts.
        overview: the tables of the first page.
        plans: the plan of each tier.
        lists: the clients to watch where there was an earlier grading, the shed list, and the service levels.
        footer: the day and the policy, for the foot of every page.
    """

    title: str
    subtitle: str
    verdict: str
    warnings: tuple[str, ...]
    figures: tuple[Figure, ...]
    charts: Charts
    overview: tuple[Section, ...]
    plans: tuple[Section, ...]
    lists: tuple[Section, ...]
    footer: str


def content_of(grading: Grading, portfolio: Portfolio, moved: Movers | None = None) -> Content:
    """The report on a graded portfolio."""
    plan = engagement_plan(grading)
    day = f"{grading.as_of:%Y-%m-%d}"
    return Content(
        title="Client tiers",
        subtitle=f"{counted(portfolio.clients, 'client')}, as of {day}",
        verdict=portfolio.suitability.verdict,
        warnings=tuple(map(_printed, portfolio.warnings)),
        figures=_figures(grading, portfolio, plan),
        charts=_charts(grading, portfolio),
        overview=(_tiers(portfolio), _signals(portfolio)),
        plans=tuple(_plan(tier, plan) for tier in TIERS),
        lists=(*([_watch(moved)] if moved else []), _leaving(grading), _services(grading.policy)),
        footer=f"As of {day}. {policy_line(grading.policy)}",
    )


def policy_line(policy: Policy) -> str:
    """The policy in a line: its method, and which settings differ from the defaults."""
    changed = _changed(policy.model_dump(mode="json"), Policy().model_dump(mode="json"))
    changed = [name for name in changed if name != "grading.method"]
    shown = ", ".join(changed[:4]) + (f" and {len(changed) - 4} more" if len(changed) > 4 else "")
    settings = f"changed from the defaults: {shown}" if changed else "default settings"
    return f"Method {policy.grading.method}, {settings}."


def _changed(settings: dict[str, Any], defaults: dict[str, Any], section: str = "") -> list[str]:
    """The names of the settings that differ."""
    names = []
    for name in {**defaults, **settings}:
        value, default = settings.get(name), defaults.get(name)
        if isinstance(value, dict) and isinstance(default, dict):
            names += _changed(value, default, f"{section}{name}.")
        elif value != default:
            names.append(f"{section}{name}")
    return names


def _figures(grading: Grading, portfolio: Portfolio, plan: Frame) -> tuple[Figure, ...]:
    neglected = int(plan["neglected"].sum()) if len(plan) else 0
    return (
        Figure("Revenue", _text(portfolio.revenue, _MONEY), f"of {counted(portfolio.clients, 'client')}"),
        Figure(
            "Pareto reading",
            _text(portfolio.pareto_share, _PERCENT),
            f"brought by the top {portfolio.pareto_clients:,}",
        ),
        Figure("Target margin", _target(grading), "or more is rated High"),
        Figure("Concentration", _text(portfolio.concentration_by_client, _INDEX), "Herfindahl by client"),
        Figure("By segment", _text(portfolio.concentration_by_segment, _INDEX), "Herfindahl by segment"),
        Figure("Neglected", f"{neglected:,}", "contact is overdue"),
        Figure("To shed", f"{portfolio.to_shed:,}", "see the shed list"),
    )


def _charts(grading: Grading, portfolio: Portfolio) -> Charts:
    tiers = tuple(
        (tier.tier, tier.clients / portfolio.clients, max(0.0, tier.revenue_share or 0.0))
        for tier in portfolio.tiers
        if tier.tier in TIERS
    )
    words = "; ".join(
        f"tier {name} {clients:.0%} of clients, {revenue:.0%} of revenue" for name, clients, revenue in tiers
    )
    top = _text(portfolio.pareto_share, _PERCENT)
    return Charts(
        tiers,
        f"{words[0].upper()}{words[1:]}.",
        tuple(pareto_curve(grading.clients.table["revenue"].drop_nulls().to_list())),
        f"The top {counted(portfolio.pareto_clients, 'client')} by revenue bring {top} of it."
        if portfolio.pareto_share is not None
        else "No revenue is known.",
    )


def _section(
    title: str,
    data: Frame | Sequence[Any],
    columns: Sequence[Column],
    note: str = "",
    cuts: Mapping[str, Sequence[Cut]] | None = None,
) -> Section:
    table = Table.of(data, columns, cuts=cuts, room=MOST_LINES)
    rows = [[_text(value, column) for value, column in zip(row, table.columns, strict=True)] for row in table.rows]
    return Section(title, table.columns, rows, note)


def _tiers(portfolio: Portfolio) -> Section:
    hours = {load.tier: load.hours for load in portfolio.capacity.team.tiers}
    hours_column = Column("Hours a year", style="count", value=lambda tier: hours.get(tier.tier))
    widths = {"Tier": 18, "Clients": 16, "Revenue": 26, "Share of revenue": 22, "Hours a year": 18}
    columns = chosen((*TIER_COLUMNS, hours_column), widths)
    return _section("Tiers", portfolio.tiers, columns, portfolio.capacity.sentence)


def _signals(portfolio: Portfolio) -> Section:
    widths = {"Signal": 27, "Measured": 18, "Speaks": 11, "What it says": 44}
    columns = chosen((*SIGNALS, Column("Speaks", value="speaks")), widths)
    return _section("Should you tier your clients?", portfolio.suitability.signals, columns)


def _plan(tier: str, plan: Frame) -> Section:
    of_tier = plan.filter(nw.col("Tier") == tier)
    widths = {
        "Client": 21, "Account manager": 14, "Action": 10, "Next step": 21, "Next review": 9,
        "Review overdue, days": 8, "Next contact": 9, "Contact overdue, days": 8, "Preferred contact": 9, "Remark": 11,
    }  # fmt: skip
    note = f"{counted(len(of_tier), 'client')} to look after.{_listed_first(len(of_tier), ', the most overdue first')}"
    spread = first_dates(plan)
    note = f"{note} {spread}" if spread else note
    return _section(f"Plan for tier {tier}", of_tier, chosen(PLAN, widths), note)


def _watch(moved: Movers) -> Section:
    count = len(moved.watch)
    widths = {"Client": 40, "Client key": 20, "Tier": 8, "Revenue before": 12, "Revenue now": 12, "Fall": 8}
    note = f"{movers.watch_sentence(moved)} since {moved.since:%Y-%m-%d}.{_listed_first(count)}"
    return _section("Watch", moved.watch, chosen(movers.WATCH, widths), note, {"Fall": [Cut(moved.watch_from)]})


def _leaving(grading: Grading) -> Section:
    leaving = with_action(grading, SHED)
    count = len(leaving)
    note = f"{counted(count, 'client')} to shed: {exit_line(grading.policy)}.{_listed_first(count)}"
    widths = {
        "Client": 30, "Account manager": 20, "Revenue": 12, "Profit": 12, "Margin": 10, "Profit rating": 12,
        "Pain rating": 12,
    }  # fmt: skip
    cuts = {"Margin": margin_cuts(grading.cuts, grading.policy)}
    return _section(
        "Shed list", leaving, chosen(SHED_LIST, widths), note if count else "No client is to be shed.", cuts
    )


def _listed_first(count: int, which: str = "") -> str:
    """A remark where more clients are there than are listed."""
    return f" The first {MOST_LINES:,} are listed{which}; the graded workbook has all." if count > MOST_LINES else ""


def _services(policy: Policy) -> Section:
    rows = [
        {"Service": name} | {f"Tier {tier}": getattr(service, tier) for tier in TIERS}
        for name, service in policy.services.items()
    ]
    columns = [Column(header, 27 if at else 19, value=itemgetter(header)) for at, header in enumerate(rows[0])]
    return _section("Service levels", rows, columns)


_MONEY, _PERCENT, _INDEX = (Column("", style=style) for style in ("money", "percent", "number"))


def _text(value: Any, column: Column) -> str:
    """The text of a value in one line, without what no page can show."""
    text = _printed(as_text(value, column, NOTHING)) or NOTHING
    return text.replace("-", "\N{MINUS SIGN}") if column.is_number else text


def _printed(text: str) -> str:
    return _NOT_PRINTED.sub(" ", text).strip()


def _target(grading: Grading) -> str:
    """The target margin: one that the policy fixes as it is, the portfolio's own rounded."""
    fixed = grading.policy.profit.target
    if fixed == "auto":
        return _text(grading.cuts.target_margin, _PERCENT)
    return exactly(fixed, 1, PERCENT).replace("-", "\N{MINUS SIGN}")
