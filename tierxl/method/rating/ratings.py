"""The five ratings: revenue, wallet share, profitability, strategic value and pain."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import narwhals as nw

from tierxl.method.expressions import RATIO_DECIMALS, Expr, first_that_applies, ratio
from tierxl.method.levels import HIGH, LAGGARD, LOW, MEDIUM, NO, NOT_RATED, YES
from tierxl.method.policy import Policy
from tierxl.method.rating.figures import Cut
from tierxl.method.table.clients import AnyFrame, Frame, collected
from tierxl.method.table.totals import totals


@dataclass(frozen=True)
class Cuts:
    """The cuts of a portfolio's ratings, which depend on all of its clients.

    Attributes:
        ranked: clients whose revenue is known.
        high_revenue: a positive revenue from here upwards is High; None where no client is.
        medium_revenue: a positive revenue from here upwards is at least Medium; None where no client is.
        target_margin: a margin from here upwards is High; None where no margin is known and the policy fixes none.
        acceptable_margin: a margin from here upwards is at least Medium; None likewise.
    """

    ranked: int
    high_revenue: float | None
    medium_revenue: float | None
    target_margin: float | None
    acceptable_margin: float | None


def rated_alike(one: Policy, other: Policy) -> bool:
    """True if two policies rate every portfolio alike: the settings of ratings are the same in both."""
    return (one.revenue, one.wallet, one.profit) == (other.revenue, other.wallet, other.profit)


def top_count(share: float, count: int) -> int:
    """The number of clients in a top share, rounded up in exact arithmetic: ``top_count(0.1, 30)`` is 3."""
    return math.ceil(Fraction(repr(share)) * count)


def rate_portfolio(clients: Frame, policy: Policy) -> tuple[Frame, Cuts]:
    """The clients of a portfolio as :func:`rate` returns them, with their ``rank``, and the portfolio's cuts.

    A rank is that among the revenues, 1 for the largest and the same for equal ones; missing where revenue is.
    """
    measured = measure(clients).with_columns(rank=nw.col("revenue").rank("min", descending=True))
    revenue, rank = measured["revenue"], measured["rank"]
    of_all = cuts(measured, rank.count(), lambda place: float(revenue.filter(rank <= place).min()), policy)
    return rate(measured, of_all, policy), of_all


def cuts(measured: AnyFrame, ranked: int, revenue_of: Callable[[int], float], policy: Policy) -> Cuts:
    """The cuts of a portfolio.

    Args:
        measured: its clients, as :func:`measure` returns them.
        ranked: the clients whose revenue is known.
        revenue_of: the revenue at a place in their order; the largest is at 1.
        policy: the policy.
    """

    def revenue_at(share: float) -> float | None:
        place = top_count(share, ranked)
        return revenue_of(place) if place else None

    target = policy.profit.target
    target_margin = portfolio_margin(measured) if target == "auto" else round(target, RATIO_DECIMALS)
    acceptable = policy.profit.acceptable
    if acceptable != "auto":
        acceptable_margin: float | None = round(acceptable, RATIO_DECIMALS)
    else:
        acceptable_margin = None if target_margin is None else round(target_margin / 2, RATIO_DECIMALS)
    return Cuts(
        ranked,
        revenue_at(policy.revenue.high_top),
        revenue_at(policy.revenue.medium_top),
        target_margin,
        acceptable_margin,
    )


def portfolio_margin(measured: AnyFrame) -> float | None:
    """Total profit by total revenue, over clients that earn and whose margin is known; never below 0."""
    known = measured.select(
        "revenue", profit=nw.coalesce(profit(), nw.col("revenue") * nw.col("earned_margin"))
    ).filter(nw.col("revenue") > 0, ~nw.col("profit").is_null())
    if not collected(known.select(nw.len())).item():
        return None
    total = totals(known)
    return max(0.0, round(total["profit"] / total["revenue"], RATIO_DECIMALS))


def revenue_rating(cuts: Cuts) -> Expr:
    """High for the top share of clients, Medium for the next, else Low; equal revenues are rated alike."""
    revenue = nw.col("revenue")

    def among_top(cut: float | None) -> Expr:
        return (revenue > 0) & (revenue >= (math.inf if cut is None else cut))

    return first_that_applies(
        [
            (revenue.is_null(), NOT_RATED),
            (among_top(cuts.high_revenue), HIGH),
            (among_top(cuts.medium_revenue), MEDIUM),
        ],
        LOW,
    )


def wallet_share() -> Expr:
    """Revenue by total spend where that is filled in, else the share as entered; a fraction, not rounded."""
    revenue, spend = nw.col("revenue"), nw.col("total_spend")
    share_of_spend = nw.when((spend > 0) & (revenue >= 0)).then(revenue / spend)
    return nw.when(spend.is_null()).then(nw.col("wallet_share")).otherwise(share_of_spend.otherwise(None))


def wallet_cuts(policy: Policy) -> tuple[Cut, Cut]:
    """The cuts from which the wallet share is High, and Medium."""
    return Cut(policy.wallet.high_above, above=True), Cut(policy.wallet.medium_from)


def wallet_rating(policy: Policy) -> Expr:
    """High above one cut, Medium from the other, else Low. A share outside 0 to 100 % is not rated."""
    share, (high, medium) = nw.col("share"), wallet_cuts(policy)
    return first_that_applies(
        [
            (share.is_null() | (share < 0) | (share > 1), NOT_RATED),
            (high.is_passed_by(share), HIGH),
            (medium.is_passed_by(share), MEDIUM),
        ],
        LOW,
    )


def upside() -> Expr:
    """Money that the client spends on what we offer, but with others; missing where wallet share is not rated."""
    revenue, spend, share = nw.col("revenue"), nw.col("total_spend"), nw.col("share")
    beyond = nw.when(spend.is_null() & (share > 0)).then(revenue / share - revenue)
    return nw.when(nw.col("wallet_rating") != NOT_RATED).then(
        nw.when(~spend.is_null()).then(spend - revenue).otherwise(beyond.otherwise(None))
    )


def profit() -> Expr:
    """The profit as entered, else revenue less the cost to serve; money."""
    return nw.coalesce(nw.col("profit"), nw.col("revenue") - nw.col("cost_to_serve"))


def margin() -> Expr:
    """Profit by revenue, else the margin as entered where neither profit nor cost is; a fraction, not rounded."""
    revenue = nw.col("revenue")
    no_amounts = nw.col("profit").is_null() & nw.col("cost_to_serve").is_null()
    earned = nw.when(revenue > 0).then(profit() / revenue)
    return nw.when(no_amounts).then(nw.col("margin")).otherwise(earned.otherwise(None))


def margin_cuts(cuts: Cuts) -> list[Cut]:
    """The cuts from which the margin is no loss, Medium, and High, as far as these are known."""
    return [Cut(0.0), *(Cut(cut) for cut in (cuts.acceptable_margin, cuts.target_margin) if cut is not None)]


def profit_rating(cuts: Cuts) -> Expr:
    """Laggard for a loss, High from the target margin, Medium from the acceptable one, else Low."""
    margin = nw.col("earned_margin")
    loses = (profit() < 0) | (margin < 0)
    if cuts.target_margin is None or cuts.acceptable_margin is None:
        return first_that_applies([(loses, LAGGARD)], NOT_RATED)
    return first_that_applies(
        [
            (loses, LAGGARD),
            (margin.is_null(), NOT_RATED),
            (margin >= cuts.target_margin, HIGH),
            (margin >= cuts.acceptable_margin, MEDIUM),
        ],
        LOW,
    )


def pain_rating() -> Expr:
    """The pain factor as entered, else from the two answers: whether the client fits us, and is hard to work with."""
    entered, aligned, challenging = nw.col("pain_factor"), nw.col("well_aligned"), nw.col("challenging")
    return first_that_applies(
        [
            (entered != NOT_RATED, entered),
            ((aligned == YES) & (challenging == NO), LOW),
            ((aligned == YES) & (challenging == YES), MEDIUM),
            ((aligned == NO) & (challenging == YES), HIGH),
            ((aligned == NO) & (challenging == NO), MEDIUM),
        ],
        NOT_RATED,
    )


def measure(clients: AnyFrame) -> AnyFrame:
    """Clients with what is rated of them: ``share`` of the wallet, and ``earned_margin``; fractions, or missing."""
    return clients.with_columns(share=wallet_share(), earned_margin=margin()).with_columns(
        share=ratio(nw.col("share")), earned_margin=ratio(nw.col("earned_margin"))
    )


def rate(measured: AnyFrame, cuts: Cuts, policy: Policy) -> AnyFrame:
    """Clients, as :func:`measure` returns them, with their five ratings, and ``upside``, in money."""
    return measured.with_columns(
        revenue_rating=revenue_rating(cuts),
        wallet_rating=wallet_rating(policy),
        profit_rating=profit_rating(cuts),
        strategic_rating=nw.col("strategic_value"),
        pain_rating=pain_rating(),
    ).with_columns(upside=upside())
