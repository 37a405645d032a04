"""What the report says, as data: texts that are ready to print. Every figure comes from the method."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import narwhals as nw

from tierxl.method.plan.portfolio import Portfolio, pareto_curve
from tierxl.method.plan.service import TIERS, engagement_plan
from tierxl.method.policy import Policy
from tierxl.method.rating.figures import PERCENT, Cut, beside, exactly
from tierxl.method.rating.grading import Grading
from tierxl.method.rating.moves import SHED
from tierxl.method.rating.ratings import margin, margin_cuts, profit
from tierxl.method.table.cells import is_blank
from tierxl.method.table.clients import Frame
from tierxl.method.words import counted
from tierxl.sheets.engagement_plan import REMARK
from tierxl.sheets.wording import exit_line

MOST_LINES = 500
"""Clients of a tier that the report lists at most, those that are due first; the graded workbook has all."""

NOTHING = "–"
_NOT_PRINTED = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]+")


@dataclass(frozen=True)
class Figure:
    """One figure: what it is, its value, and what that says."""

    name: str
    value: str
    note: str


@dataclass(frozen=True)
class Table:
    """A table of texts.

    Attributes:
        title: what it lists.
        headers: the header of each column.
        rows: its lines.
        widths: the widths of the columns, as parts of a whole.
        numbers: the columns that are set to the right.
        note: what is to be said above it.
    """

    title: str
    headers: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    widths: tuple[int, ...]
    numbers: frozenset[str] = frozenset()
    note: str = ""


@dataclass(frozen=True)
class Charts:
    """What the charts show; shares are fractions.

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
        figures: the figures at the top.
        charts: the charts.
        overview: the tables of the first page.
        plans: the plan of each tier.
        lists: the shed list and the service levels.
        footer: the day and the policy, for the foot of every page.
    """

    title: str
    subtitle: str
    verdict: str
    figures: tuple[Figure, ...]
    charts: Charts
    overview: tuple[Table, ...]
    plans: tuple[Table, ...]
    lists: tuple[Table, ...]
    footer: str


def content_of(grading: Grading, portfolio: Portfolio) -> Content:
    """The report on a graded portfolio."""
    plan = engagement_plan(grading)
    day = f"{grading.as_of:%Y-%m-%d}"
    return Content(
        title="Client tiers",
        subtitle=f"{counted(portfolio.clients, 'client')}, as of {day}",
        verdict=portfolio.suitability.verdict,
        figures=_figures(grading, portfolio, plan),
        charts=_charts(grading, portfolio),
        overview=(_tiers(portfolio), _signals(portfolio)),
        plans=tuple(_plan(tier, plan) for tier in TIERS),
        lists=(_leaving(grading), _services(grading.policy)),
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
        Figure("Revenue", _amount(portfolio.revenue), f"of {counted(portfolio.clients, 'client')}"),
        Figure("Pareto reading", _percent(portfolio.pareto_share), f"brought by the top {portfolio.pareto_clients:,}"),
        Figure("Target margin", _target(grading), "or more is rated High"),
        Figure("Concentration", _index(portfolio.concentration_by_client), "Herfindahl by client"),
        Figure("By segment", _index(portfolio.concentration_by_segment), "Herfindahl by segment"),
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
    top = _percent(portfolio.pareto_share)
    return Charts(
        tiers,
        f"{words[0].upper()}{words[1:]}.",
        tuple(pareto_curve(grading.clients.table["revenue"].drop_nulls().to_list())),
        f"The top {counted(portfolio.pareto_clients, 'client')} by revenue bring {top} of it."
        if portfolio.pareto_share is not None
        else "No revenue is known.",
    )


def _tiers(portfolio: Portfolio) -> Table:
    hours = {load.tier: f"{load.hours:,.0f}" for load in portfolio.capacity.team.tiers}
    return Table(
        "Tiers",
        ("Tier", "Clients", "Revenue", "Share of revenue", "Hours a year"),
        [
            (
                tier.tier,
                f"{tier.clients:,}",
                _amount(tier.revenue),
                _percent(tier.revenue_share),
                hours.get(tier.tier, NOTHING),
            )
            for tier in portfolio.tiers
        ],
        (18, 16, 26, 22, 18),
        frozenset({"Clients", "Revenue", "Share of revenue", "Hours a year"}),
        portfolio.capacity.sentence,
    )


def _signals(portfolio: Portfolio) -> Table:
    against = {True: "against", False: "for", None: "open"}
    return Table(
        "Should you tier your clients?",
        ("Signal", "Measured", "Speaks", "What it says"),
        [
            (signal.name, signal.value or "not measured", against[signal.against], signal.sentence)
            for signal in portfolio.suitability.signals
        ],
        (27, 18, 11, 44),
    )


def _plan(tier: str, plan: Frame) -> Table:
    of_tier = plan.filter(nw.col("Tier") == tier)
    lines = of_tier.head(MOST_LINES).select(
        "client", "account_manager", "Action", "next_review", "review_overdue", "next_contact", "contact_overdue",
        remark=REMARK,
    )  # fmt: skip
    rows = [
        (
            _text(client), _text(manager), _text(action), _day(review), _days(review_late), _day(contact),
            _days(contact_late), _text(said),
        )
        for client, manager, action, review, review_late, contact, contact_late, said in lines.iter_rows()
    ]  # fmt: skip
    count = len(of_tier)
    first = f" The first {MOST_LINES:,} are listed, those due first; the graded workbook has all."
    return Table(
        f"Plan for tier {tier}",
        (
            "Client", "Account manager", "Action", "Next review", "Review overdue, days", "Next contact",
            "Contact overdue, days", "Remark",
        ),
        rows,
        (26, 17, 12, 9, 9, 9, 9, 12),
        note=f"{counted(count, 'client')} to look after.{first if count > MOST_LINES else ''}",
    )  # fmt: skip


def _leaving(grading: Grading) -> Table:
    lines = grading.lines("client", "account_manager", "revenue", earned_profit=profit(), earned_margin=margin())
    leaving = lines.filter((nw.col("Action") == SHED).fill_null(False))
    shown = leaving.head(MOST_LINES).select(
        "client", "account_manager", "revenue", "earned_profit", "earned_margin", "Profit rating", "Pain rating"
    )
    count, cuts = len(leaving), margin_cuts(grading.cuts)
    first = f" The first {MOST_LINES:,} are listed; the graded workbook has all." if count > MOST_LINES else ""
    note = (
        f"{counted(count, 'client')} to shed: {exit_line(grading.policy)}.{first}"
        if count
        else "No client is to be shed."
    )
    return Table(
        "Shed list",
        ("Client", "Account manager", "Revenue", "Profit", "Margin", "Profit rating", "Pain rating"),
        [
            (
                _text(client), _text(manager), _amount(revenue), _amount(earned), _percent(share, cuts),
                _text(profit_rating), _text(pain),
            )
            for client, manager, revenue, earned, share, profit_rating, pain in shown.iter_rows()
        ],
        (30, 20, 12, 12, 10, 12, 12),
        frozenset({"Revenue", "Profit", "Margin"}),
        note,
    )  # fmt: skip


def _services(policy: Policy) -> Table:
    return Table(
        "Service levels",
        ("Service", *(f"Tier {tier}" for tier in TIERS)),
        [
            (_text(name), *(_text(getattr(service, tier)) for tier in TIERS))
            for name, service in policy.services.items()
        ],
        (19, 27, 27, 27),
    )


def _text(value: Any) -> str:
    """A text in one line, without what no page can show."""
    return NOTHING if is_blank(value) else _NOT_PRINTED.sub(" ", str(value)).strip() or NOTHING


def _amount(value: float | None) -> str:
    return NOTHING if is_blank(value) else f"{value:,.0f}".replace("-", "−")


def _percent(value: float | None, cuts: Sequence[Cut] = ()) -> str:
    return NOTHING if value is None or is_blank(value) else beside(value, cuts, 1, PERCENT).replace("-", "−")


def _target(grading: Grading) -> str:
    """The target margin: one that the policy fixes as it is, the portfolio's own rounded."""
    fixed = grading.policy.profit.target
    return _percent(grading.cuts.target_margin) if fixed == "auto" else exactly(fixed, 1, PERCENT).replace("-", "−")


def _index(value: float | None) -> str:
    return NOTHING if is_blank(value) else f"{value:.2f}"


def _day(value: datetime | None) -> str:
    return NOTHING if is_blank(value) else f"{value:%Y-%m-%d}"


def _days(value: int) -> str:
    return f"{value:,}" if value else NOTHING
