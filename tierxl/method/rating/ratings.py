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


def cuts(clients: Frame, policy: Policy) -> Cuts:
    """The cuts of a portfolio, from its clients."""
    revenues = clients["revenue"].drop_nulls().sort(descending=True)
    return cuts_between(clients, len(revenues), lambda place: float(revenues[place - 1]), policy)


def cuts_between(clients: AnyFrame, ranked: int, revenue_of: Callable[[int], float], policy: Policy) -> Cuts:
    """The cuts of a portfolio whose clients are in order of revenue already.

    Args:
        clients: one row a client, with the amounts of money and the margin.
        ranked: the clients whose revenue is known.
        revenue_of: the revenue at a place in their order; the largest is at 1.
        policy: the policy.
    """

    def revenue_at(share: float) -> float | None:
        place = top_count(share, ranked)
        return revenue_of(place) if place else None

    target = policy.profit.target
    target_margin = portfolio_margin(clients) if target == "auto" else round(target, RATIO_DECIMALS)
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


def portfolio_margin(clients: AnyFrame) -> float | None:
    """Total profit by total revenue, over clients that earn and whose margin is known; never below 0."""
    known = clients.select(
        revenue=nw.col("revenue"),
        profit=first_that_applies([(~profit().is_null(), profit())], nw.col("revenue") * margin()),
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
    """Revenue by total spend where that is filled in, else the given share; a fraction."""
    revenue, spend = nw.col("revenue"), nw.col("total_spend")
    share_of_spend = nw.when((spend > 0) & (revenue >= 0)).then(ratio(revenue / spend))
    return nw.when(spend.is_null()).then(ratio(nw.col("wallet_share"))).otherwise(share_of_spend.otherwise(None))


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
    """The profit as given, else revenue less the cost to serve; money."""
    entered = nw.col("profit")
    return nw.when(~entered.is_null()).then(entered).otherwise(nw.col("revenue") - nw.col("cost_to_serve"))


def margin() -> Expr:
    """Profit by revenue, else the given margin where neither profit nor cost is filled in; a fraction."""
    revenue = nw.col("revenue")
    no_amounts = nw.col("profit").is_null() & nw.col("cost_to_serve").is_null()
    earned = nw.when(revenue > 0).then(ratio(profit() / revenue))
    return nw.when(no_amounts).then(ratio(nw.col("margin"))).otherwise(earned.otherwise(None))


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
    """The pain factor as given, else from the two answers: whether the client fits us, and is hard to work with."""
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


def rate(clients: AnyFrame, cuts: Cuts, policy: Policy) -> AnyFrame:
    """The clients with their five ratings, and the share, margin and upside behind them."""
    return (
        clients.with_columns(share=wallet_share(), earned_margin=margin())
        .with_columns(
            revenue_rating=revenue_rating(cuts),
            wallet_rating=wallet_rating(policy),
            profit_rating=profit_rating(cuts),
            strategic_rating=nw.col("strategic_value"),
            pain_rating=pain_rating(),
        )
        .with_columns(upside=upside())
    )
