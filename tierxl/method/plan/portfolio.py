"""The portfolio in figures: its tiers, the Pareto reading and its concentration."""

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import narwhals as nw

from tierxl.method.levels import NOT_GRADED, TIER_NAMES
from tierxl.method.plan.capacity import Capacity, capacity
from tierxl.method.plan.suitability import Suitability, suitability
from tierxl.method.rating.grading import Grading
from tierxl.method.rating.moves import SHED
from tierxl.method.rating.ratings import top_count
from tierxl.method.table.totals import clients_and_revenue, totals


@dataclass(frozen=True)
class TierFigures:
    """The clients of one tier; revenue is money, its share a fraction (missing where there is no revenue)."""

    tier: str
    clients: int
    revenue: float
    revenue_share: float | None


@dataclass(frozen=True)
class Portfolio:
    """The figures of a portfolio as a whole.

    Attributes:
        clients: how many there are.
        revenue: their revenue; money.
        tiers: clients and revenue of the tiers A, B, C, and of those not graded where there are any.
        actions: how many clients have each action.
        to_shed: how many clients to shed.
        target_margin, acceptable_margin: the cuts of the profitability rating; fractions.
        pareto_clients: how many clients the top share is.
        pareto_share: the share of the revenue that they bring; a fraction, negative revenue counted as 0.
        concentration_by_client: Herfindahl index of revenue, from 1/n for equal clients to 1 for a single one.
        concentration_by_segment: the same by segment, over the clients whose segment is known.
        suitability: whether to tier at all.
        capacity: the hours that the clients need, against those that the account managers have.
    """

    clients: int
    revenue: float
    tiers: tuple[TierFigures, ...]
    actions: dict[str, int]
    to_shed: int
    target_margin: float | None
    acceptable_margin: float | None
    pareto_clients: int
    pareto_share: float | None
    concentration_by_client: float | None
    concentration_by_segment: float | None
    suitability: Suitability
    capacity: Capacity


def portfolio(grading: Grading) -> Portfolio:
    """The figures of a graded portfolio."""
    table, columns = grading.clients.table, grading.columns
    earned = [max(0.0, revenue) for revenue in table["revenue"].drop_nulls().to_list()]
    top = top_count(grading.policy.suitability.pareto_top, len(earned))
    revenue = totals(table.select(nw.col("revenue").fill_null(0.0)))["revenue"]
    actions = columns.filter(~nw.col("Action").is_null())["Action"].to_list()
    return Portfolio(
        clients=len(table),
        revenue=revenue,
        tiers=_tiers(grading, revenue),
        actions=dict(Counter(actions).most_common()),
        to_shed=actions.count(SHED),
        target_margin=grading.cuts.target_margin,
        acceptable_margin=grading.cuts.acceptable_margin,
        pareto_clients=top,
        pareto_share=_share(math.fsum(sorted(earned, reverse=True)[:top]), math.fsum(earned)),
        concentration_by_client=herfindahl(earned),
        concentration_by_segment=herfindahl(_revenue_by_segment(grading)),
        suitability=suitability(grading),
        capacity=capacity(grading),
    )


def pareto_curve(revenues: Sequence[float], points: int = 100) -> list[tuple[float, float]]:
    """Points of the Pareto curve: the share of clients, the largest first, and that of their revenue; fractions."""
    earned = sorted((max(0.0, revenue) for revenue in revenues), reverse=True)
    total = math.fsum(earned)
    if not total:
        return []
    ends = sorted({round(point * len(earned) / points) for point in range(points + 1)})
    sums = list(accumulate(earned, initial=0.0))
    return [(end / len(earned), sums[end] / sums[-1]) for end in ends]


def herfindahl(revenues: Sequence[float]) -> float | None:
    """The Herfindahl index, the sum of the squared shares; None where there is no revenue."""
    total = math.fsum(revenues)
    return math.fsum((revenue / total) ** 2 for revenue in revenues) if total > 0 else None


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole > 0 else None


def _tiers(grading: Grading, whole: float) -> tuple[TierFigures, ...]:
    lines = grading.lines(nw.col("revenue").fill_null(0.0))
    clients, revenue = clients_and_revenue(lines, nw.col("Tier"), nw.col("revenue"))
    return tuple(
        TierFigures(tier, clients[tier], revenue[tier], _share(revenue[tier], whole))
        for tier in clients
        if clients[tier] or tier != TIER_NAMES[NOT_GRADED]
    )


def _revenue_by_segment(grading: Grading) -> list[float]:
    known = grading.clients.table.select("segment", "revenue").drop_nulls()
    sums: dict[str, float] = defaultdict(float)
    for segment, revenue in known.iter_rows():
        sums[segment] += max(0.0, revenue)
    return list(sums.values())
