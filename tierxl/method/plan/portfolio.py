"""The portfolio in figures: its tiers, the Pareto reading and its concentration."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

import narwhals as nw

from tierxl.method.expressions import RATIO_DECIMALS
from tierxl.method.levels import NOT_GRADED, TIER_NAMES
from tierxl.method.plan.capacity import Capacity, capacity
from tierxl.method.plan.suitability import Suitability, suitability
from tierxl.method.rating.figures import PERCENT, Cut, beside, exactly
from tierxl.method.rating.grading import Grading
from tierxl.method.rating.moves import SHED
from tierxl.method.rating.ratings import top_count
from tierxl.method.table.cells import name_or
from tierxl.method.table.totals import clients_and_revenue, totals

MOST_WARNINGS = 10
"""The most clients, and the most segments, that are warned of: the largest. By default there are never more than 3."""


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
        warnings: a sentence for each client, and each segment, that too much of the revenue hangs on.
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
    warnings: tuple[str, ...]
    suitability: Suitability
    capacity: Capacity


def portfolio(grading: Grading) -> Portfolio:
    """The figures of a graded portfolio."""
    table, columns = grading.clients.table, grading.columns
    earned = [max(0.0, revenue) for revenue in table["revenue"].drop_nulls().to_list()]
    top = top_count(grading.policy.suitability.pareto_top, len(earned))
    whole = math.fsum(earned)
    revenue = totals(table.select(nw.col("revenue").fill_null(0.0)))["revenue"]
    segments = _revenue_by_segment(grading)
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
        pareto_share=_share(math.fsum(sorted(earned, reverse=True)[:top]), whole),
        concentration_by_client=herfindahl(earned),
        concentration_by_segment=herfindahl(list(segments.values())),
        warnings=tuple(_warnings(grading, segments, whole)),
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


def _revenue_by_segment(grading: Grading) -> dict[str, float]:
    known = grading.clients.table.select("segment", "revenue").drop_nulls()
    sums: dict[str, float] = defaultdict(float)
    for segment, revenue in known.iter_rows():
        sums[segment] += max(0.0, revenue)
    return sums


def _warnings(grading: Grading, segments: Mapping[str, float], whole: float) -> Iterator[str]:
    """The sentences on clients and segments with a larger share of all positive revenue than the policy's."""
    if whole <= 0:
        return
    largest, most = grading.policy.concentration, min(MOST_WARNINGS, len(grading.columns))
    clients = grading.clients.table.select("client", "revenue").with_row_index("position")
    clients = clients.filter(nw.col("revenue") > 0).sort("revenue", "position", descending=[True, False]).head(most)
    of_clients = [
        (name_or(name, "A client without a name"), revenue)
        for name, revenue in clients.select("client", "revenue").iter_rows()
    ]
    of_segments = sorted(segments.items(), key=lambda segment: (-segment[1], segment[0]))[:most]
    for amounts, what, above in (
        (of_clients, "client", largest.client_above),
        ([(f"Segment {name}", revenue) for name, revenue in of_segments], "segment", largest.segment_above),
    ):
        cut = Cut(round(above, RATIO_DECIMALS), above=True)
        for name, revenue in amounts:
            share = round(revenue / whole, RATIO_DECIMALS)
            if cut.is_passed_by(share):
                shown, most_of_one = beside(share, [cut], 0, PERCENT), exactly(above, unit=PERCENT)
                yield f"{name} brings {shown} of the revenue: more than {most_of_one} depends on one {what}."
