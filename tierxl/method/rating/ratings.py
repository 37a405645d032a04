"""The five ratings: revenue, wallet share, profitability, strategic value and pain."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import narwhals as nw

from tierxl.method.expressions import (
    RATIO_DECIMALS,
    Expr,
    as_written,
    decimal,
    first_that_applies,
    is_known,
    ratio,
    reusable,
    shared,
)
from tierxl.method.levels import HIGH, LAGGARD, LOW, MEDIUM, NO, NOT_RATED, YES
from tierxl.method.policy import Policy
from tierxl.method.policy_sections import Profit, Revenue
from tierxl.method.rating.figures import Cut
from tierxl.method.rating.ranks import Ranks, RanksInMemory
from tierxl.method.table.clients import AnyFrame, Frame


@dataclass(frozen=True)
class Tie:
    """A revenue that so many clients share that, although they stand at the top, they are not rated as such."""

    revenue: float
    clients: int


@dataclass(frozen=True)
class Cuts:
    """The cuts of a portfolio's ratings, which depend on all of its clients.

    Attributes:
        ranked: clients whose revenue is known.
        high_revenue: a positive revenue from here upwards is High; None where no client is.
        medium_revenue: a positive revenue from here upwards is at least Medium; None where no client is.
        target_margin: a margin from here upwards is High; None where no margin is known and the policy fixes none.
        acceptable_margin: a margin from here upwards is at least Medium; None likewise.
        ties: the revenues that reach the top shares, and that too many clients share to be rated so.
    """

    ranked: int
    high_revenue: float | None
    medium_revenue: float | None
    target_margin: float | None
    acceptable_margin: float | None
    ties: tuple[Tie, ...] = ()

    def reaches_medium(self, revenue: float) -> bool:
        """True for a positive revenue that is rated at least Medium."""
        return self.medium_revenue is not None and revenue >= self.medium_revenue


def rated_alike(one: Policy, other: Policy) -> bool:
    """True if two policies rate every portfolio alike: the settings of ratings are the same in both."""
    sections = "revenue", "wallet", "profit", "retention"
    return all(getattr(one, section) == getattr(other, section) for section in sections)


def top_count(share: float, count: int) -> int:
    """The number of clients in a top share, rounded up in exact arithmetic: ``top_count(0.1, 30)`` is 3."""
    return math.ceil(as_written(share) * count)


def rate_portfolio(clients: Frame, policy: Policy) -> tuple[Frame, Cuts, RanksInMemory]:
    """The clients of a portfolio as :func:`rate` returns them, the portfolio's cuts, and the order of its revenues."""
    measured = measure(clients)
    ranks = RanksInMemory(measured["revenue"])
    of_all = cuts(ranks, lambda: RanksInMemory(earned_margins(measured)["earned_margin"]), policy)
    return rate(measured, of_all, policy), of_all, ranks


def earned_margins(measured: AnyFrame) -> AnyFrame:
    """The margins of clients whose revenue is above 0 and whose margin is known: one column, ``earned_margin``."""
    margin = nw.col("earned_margin")
    return measured.filter((nw.col("revenue") > 0) & ~margin.is_null()).select(margin)


def cuts(revenues: Ranks, margins: Callable[[], Ranks], policy: Policy) -> Cuts:
    """The cuts of a portfolio.

    Args:
        revenues: the order of the revenues.
        margins: the order of the margins of :func:`earned_margins`; only asked for where the policy fixes no target.
        policy: the policy.
    """
    high, medium, ties = revenue_cuts(revenues, policy.revenue)
    return Cuts(revenues.count, high, medium, *profit_cuts(margins, policy.profit), ties)


def profit_cuts(margins: Callable[[], Ranks], settings: Profit) -> tuple[float | None, float | None]:
    """The margins from which a client is High, and at least Medium, as far as they are known."""
    if settings.target == "auto":
        target = top_margin(margins(), settings.target_top)
    else:
        target = round(settings.target, RATIO_DECIMALS)
    if settings.acceptable != "auto":
        return target, round(settings.acceptable, RATIO_DECIMALS)
    return target, None if target is None else round(target / 2, RATIO_DECIMALS)


def revenue_cuts(revenues: Ranks, settings: Revenue) -> tuple[float | None, float | None, tuple[Tie, ...]]:
    """The revenues from which a client is High, and at least Medium, and the ties that are not rated so."""
    match settings.by:
        case "amount":
            return decimal(settings.high_amount), decimal(settings.medium_amount), ()
        case "share":
            return revenues.share_cut(settings.high_share), revenues.share_cut(settings.medium_share), ()
        case "rank":
            high_cut, high_tie = rank_cut(revenues, settings.high_top, settings.tie_limit)
            medium_cut, medium_tie = rank_cut(revenues, settings.medium_top, settings.tie_limit)
            return high_cut, medium_cut, tuple(dict.fromkeys(tie for tie in (high_tie, medium_tie) if tie))


def rank_cut(revenues: Ranks, top: float, tie_limit: float) -> tuple[float | None, Tie | None]:
    """The smallest revenue above 0 in a top share of the clients, and the tie across its end where that goes down.

    Clients of equal revenue across the end go up together, unless the group then has more than ``tie_limit`` times
    its size.
    """
    size, positive = top_count(top, revenues.count), revenues.larger_than(0)
    place = min(size, positive)
    if not place:
        return None, None
    revenue = revenues.value_at(place)
    larger = revenues.larger_than(revenue)
    reach = revenues.reaching(revenue)
    if reach <= as_written(tie_limit) * size:
        return revenue, None
    return revenues.value_at(larger) if larger else None, Tie(revenue, reach - larger)


def top_margin(margins: Ranks, top: float) -> float | None:
    """The lowest margin of a top share of the clients, and at least 0; None where no margin is known."""
    if not margins.count:
        return None
    others = math.ceil((1 - as_written(top)) * margins.count)
    return max(0.0, margins.value_at(margins.count - max(others, 1) + 1))


@reusable()
def revenue_rating(cuts: Cuts) -> Expr:
    """High for the top share of clients, Medium for the next, else Low; equal revenues are rated alike."""
    revenue = nw.col("revenue")
    return first_that_applies(
        [
            (revenue.is_null(), NOT_RATED),
            ((revenue > 0) & _reaches(revenue, cuts.high_revenue), HIGH),
            ((revenue > 0) & _reaches(revenue, cuts.medium_revenue), MEDIUM),
        ],
        LOW,
    )


def _reaches(amount: Expr, cut: float | None) -> Expr:
    """True where an amount reaches a cut; never where there is none."""
    return amount >= (math.inf if cut is None else cut)


def wallet_share() -> Expr:
    """Revenue by total spend where that is filled in, else the share as entered; a fraction, not rounded."""
    revenue, spend = nw.col("revenue"), nw.col("total_spend")
    share_of_spend = nw.when((spend > 0) & (revenue >= 0)).then(revenue / spend)
    return nw.when(spend.is_null()).then(nw.col("wallet_share")).otherwise(share_of_spend.otherwise(None))


def wallet_cuts(policy: Policy) -> tuple[Cut, Cut]:
    """The cuts from which the wallet share is High, and Medium."""
    return Cut(policy.wallet.high_above, above=True), Cut(policy.wallet.medium_from)


@reusable("wallet")
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


@reusable()
def upside() -> Expr:
    """Money that the client spends on what we offer, but with others; missing where wallet share is not rated."""
    revenue, spend, share = nw.col("revenue"), nw.col("total_spend"), nw.col("share")
    beyond = nw.when(spend.is_null() & (share > 0)).then(revenue / share - revenue)
    return nw.when(nw.col("wallet_rating") != NOT_RATED).then(
        nw.when(~spend.is_null()).then(spend - revenue).otherwise(beyond.otherwise(None))
    )


COSTS = "cost_to_serve", "support_cost", "overhead"


def costs() -> Expr:
    """The sum of the costs that are known, each by its size, as some lists have them below 0; money, or missing."""
    known = nw.any_horizontal(*(~nw.col(cost).is_null() for cost in COSTS), ignore_nulls=True)
    return nw.when(known).then(nw.sum_horizontal(*(nw.col(cost).abs() for cost in COSTS)))


def profit() -> Expr:
    """The profit as entered, else revenue less the costs; money."""
    return nw.coalesce(nw.col("profit"), nw.col("revenue") - costs())


def margin() -> Expr:
    """Profit by revenue, else the margin as entered where neither profit nor any cost is; a fraction, not rounded."""
    revenue = nw.col("revenue")
    no_amounts = nw.all_horizontal(*(nw.col(amount).is_null() for amount in ("profit", *COSTS)), ignore_nulls=True)
    earned = nw.when(revenue > 0).then(profit() / revenue)
    return nw.when(no_amounts).then(nw.col("margin")).otherwise(earned.otherwise(None))


def loss_cut(policy: Policy) -> Cut:
    """The margin below which a client makes a loss."""
    return Cut(round(policy.profit.laggard_below, RATIO_DECIMALS))


def margin_cuts(cuts: Cuts, policy: Policy) -> list[Cut]:
    """The cuts from which the margin is no loss, Medium, and High, as far as these are known."""
    known = (cut for cut in (cuts.acceptable_margin, cuts.target_margin) if cut is not None)
    return [loss_cut(policy), *map(Cut, known)]


@reusable("profit")
def profit_rating(cuts: Cuts, policy: Policy) -> Expr:
    """Laggard for a loss, High from the target margin, Medium from the acceptable one, else Low.

    A loss is a margin below the policy's cut, or where no margin is known, a profit below 0.
    """
    margin = nw.col("earned_margin")
    loses = first_that_applies([(margin.is_null(), profit() < 0)], ~loss_cut(policy).is_passed_by(margin))
    if not is_known(cuts.target_margin):
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


@reusable()
def potential(cuts: Cuts) -> Expr:
    """The level that the client's revenue would reach with all of its spend; not known where wallet share is not rated.

    A level that no client has cannot be reached.
    """
    whole = _revenue_with_all_spend()
    return first_that_applies(
        [
            (whole.is_null(), NOT_RATED),
            (_reaches(whole, cuts.high_revenue), HIGH),
            (_reaches(whole, cuts.medium_revenue), MEDIUM),
        ],
        LOW,
    )


@cache
def _revenue_with_all_spend() -> Expr:
    """The revenue of a client with all of its spend; money, missing where wallet share is not rated."""
    by_share = nw.when(nw.col("share") > 0).then(nw.col("revenue") / nw.col("share"))
    amount = nw.when(nw.col("wallet_rating") != NOT_RATED).then(nw.coalesce(nw.col("total_spend"), by_share))
    return shared(ratio(amount))


@reusable()
def strategic_rating() -> Expr:
    """The strategic value as entered."""
    return nw.col("strategic_value")


@reusable()
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
    return clients.with_columns(_exact_measures()).with_columns(_measures())


@reusable()
def _exact_measures() -> dict[str, Expr]:
    return {"share": wallet_share(), "earned_margin": margin()}


@reusable()
def _measures() -> dict[str, Expr]:
    return {name: ratio(nw.col(name)) for name in ("share", "earned_margin")}


def rate(measured: AnyFrame, cuts: Cuts, policy: Policy) -> AnyFrame:
    """Clients, as :func:`measure` returns them, with their five ratings, ``potential``, and ``upside``, in money."""
    return measured.with_columns(
        *revenue_rating(cuts), *profit_rating(cuts, policy), *wallet_rating(policy), *strategic_rating(), *pain_rating()
    ).with_columns(*upside(), *potential(cuts))
