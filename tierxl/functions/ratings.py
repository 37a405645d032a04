"""Worksheet functions over ratings: of revenue, wallet share, profit and pain; tier and score of five ratings."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import narwhals as nw

from tierxl.functions.cache import Memory
from tierxl.functions.cellwise import Cellwise, cell_by_cell
from tierxl.functions.ranges import Grid, series_of
from tierxl.functions.worksheet_function import worksheet_function
from tierxl.method.engine import ENGINE
from tierxl.method.expressions import named
from tierxl.method.issues import CannotGrade
from tierxl.method.levels import NO, NOT_GRADED, NOT_RATED, RATING_NAMES, TIER_NAMES
from tierxl.method.policy import Policy
from tierxl.method.rating.checks import CHECKS, findings
from tierxl.method.rating.decision import decide
from tierxl.method.rating.ratings import Cuts, measure, rate, rate_portfolio
from tierxl.method.table import choices
from tierxl.method.table.clients import Clients, Frame, read_clients

_PROFILE: dict[str, tuple[Callable[[object], int], int]] = {
    "revenue_rating": (choices.rating, NOT_RATED),
    "wallet_rating": (choices.rating, NOT_RATED),
    "profit_rating": (choices.profit_rating, NOT_RATED),
    "strategic_rating": (choices.rating, NOT_RATED),
    "pain_rating": (choices.rating, NOT_RATED),
    "retention_risk": (choices.level, NOT_RATED),
    "opportunity": (choices.level_or_none, NOT_RATED),
    "appetite": (choices.level, NOT_RATED),
    "high_touch": (choices.yes_no, NO),
    "marquee": (choices.yes_no, NO),
    "potential": (choices.level, NOT_RATED),
}
"""The arguments on which a tier depends, in the order of TIER_RATING's: the reader and the value of a blank."""

_SHARE_CHECKS = [check for check in CHECKS if check.field == "wallet_share"]
_OF_SETTINGS = "the Settings sheet's "
_cuts: Memory[Cuts] = Memory(4)


@worksheet_function(answers="texts")
def TIER_RATING(
    policy: Policy,
    as_of: date,
    revenue_rating: Any,
    wallet_rating: Any,
    profit_rating: Any,
    strategic_rating: Any,
    pain_rating: Any,
    retention_risk: Any = None,
    opportunity: Any = None,
    appetite: Any = None,
    high_touch: Any = None,
    marquee: Any = None,
    potential: Any = None,
) -> Any:
    """The tier A, B or C of a client from its five ratings and what else is known about it.

    Returns:
        The tier that the method gives, before any override: moves, floor and shed rule included. "Not graded" where
        the revenue is not rated and the strategic value does not make it a B.

    Source: S1 and S2; see ``docs/method.md``.
    """
    ratings = revenue_rating, wallet_rating, profit_rating, strategic_rating, pain_rating
    answers = retention_risk, opportunity, appetite, high_touch, marquee, potential
    return cell_by_cell(_tier_ratings, policy, **dict(zip(_PROFILE, ratings + answers, strict=True)))


@worksheet_function()
def REVENUE_RATING(policy: Policy, as_of: date, revenue: Any, all_revenue: Any) -> Any:
    """Rates revenue High, Medium or Low: by rank among all clients, by their share of the total, or by your amounts.

    Which of the three it is, the Settings say.

    Args:
        revenue: money, in the currency of all_revenue.
        all_revenue: money; what is no amount, such as a header, counts as not known.

    Source: S2; see ``docs/method.md``.
    """
    return cell_by_cell(_revenue_ratings, policy, _revenue_cuts(all_revenue, policy), revenue=revenue)


@worksheet_function()
def WALLET_RATING(policy: Policy, as_of: date, share: Any) -> Any:
    """Rates your share of a client's spend High, Medium or Low.

    Args:
        share: a fraction or percent points; a range is read as a whole, as a column of a table is.

    Source: S2; see ``docs/method.md``.
    """
    return cell_by_cell(_wallet_ratings, policy, share=share)


@worksheet_function()
def PROFIT_RATING(policy: Policy, as_of: date, margin: Any, target: Any = None, acceptable: Any = None) -> Any:
    """Rates a margin High, Medium or Low; a loss is a Laggard.

    Args:
        margin: a fraction or percent points; each of the three arguments is read as a whole, as a column of a table is.
        target: likewise. Where it is left out, the policy must fix one: a margin alone does not show the portfolio's.
        acceptable: likewise; at most the target.

    Source: S2; see ``docs/method.md``.
    """
    return cell_by_cell(_profit_ratings, policy, margin=margin, target=target, acceptable=acceptable)


@worksheet_function()
def PAIN_RATING(policy: Policy, as_of: date, well_aligned: Any, challenging: Any) -> Any:
    """Rates how much of a strain a client is, from two answers: High, Medium or Low. Low is good.

    Returns:
        The pain rating; "Not rated" where an answer is missing.

    Source: S2; see ``docs/method.md``.
    """
    return cell_by_cell(_pain_ratings, policy, well_aligned=well_aligned, challenging=challenging)


@worksheet_function(answers="numbers and texts")
def TIER_SCORE(
    policy: Policy,
    as_of: date,
    revenue_rating: Any,
    wallet_rating: Any,
    profit_rating: Any,
    strategic_rating: Any,
    pain_rating: Any,
    appetite: Any = None,
    potential: Any = None,
) -> Any:
    """The score of a client, from 0 to 100, from its five ratings.

    Returns:
        The score; an empty text where the revenue is not rated, or where no factor with a weight is.

    Source: see ``docs/method.md``.
    """
    ratings = revenue_rating, wallet_rating, profit_rating, strategic_rating, pain_rating
    blank = dict.fromkeys(_PROFILE)
    known = {**dict(zip(blank, ratings, strict=False)), "appetite": appetite, "potential": potential}
    return cell_by_cell(_scores, policy, **(blank | known))


def _tier_ratings(arguments: Cellwise, policy: Policy) -> list[Any]:
    return _decided(arguments, policy).select(tier=named(nw.col("tier"), TIER_NAMES))["tier"].to_list()


def _scores(arguments: Cellwise, policy: Policy) -> list[Any]:
    return _decided(arguments, policy)["score"].to_list()


def _decided(arguments: Cellwise, policy: Policy) -> Frame:
    """The decisions of the method on clients of these ratings, without an override; one row a client."""
    columns = {name: arguments.read(name, reader, blank) for name, (reader, blank) in _PROFILE.items()}
    profiles = nw.from_dict(columns, backend=ENGINE).rename({"appetite": "appetite_for_change"})
    return decide(profiles.with_columns(override=nw.lit(NOT_GRADED)), policy)


def _revenue_ratings(arguments: Cellwise, policy: Policy, portfolio_cuts: Cuts) -> list[str]:
    clients = _read(arguments, policy, {"Revenue": "revenue"})
    return _names(rate(measure(clients.table), portfolio_cuts, policy), "revenue_rating")


def _wallet_ratings(arguments: Cellwise, policy: Policy) -> list[str]:
    clients = _read(arguments, policy, {"Wallet share": "share"})
    rated, *_ = rate_portfolio(clients.table, policy)
    arguments.report_issues(findings(rated, clients, _SHARE_CHECKS), {"Wallet share": "share"})
    return _names(rated, "wallet_rating")


def _profit_ratings(arguments: Cellwise, policy: Policy) -> list[str]:
    names = "margin", "target", "acceptable"
    margins, targets, acceptables = (_read(arguments, policy, {"Margin": name}) for name in names)
    places: dict[tuple[float | None, float | None], list[int]] = {}
    for at, fixed in enumerate(zip(targets.table["margin"], acceptables.table["margin"], strict=True)):
        places.setdefault(fixed, []).append(at)
    ratings = [""] * len(arguments)
    for (fixed_target, fixed_acceptable), positions in places.items():
        try:
            fixed_policy = _with_margins(policy, fixed_target, fixed_acceptable)
        except CannotGrade as error:
            for at in positions:
                arguments.report(at, str(error))
        else:
            rated, *_ = rate_portfolio(margins.table[positions], fixed_policy)
            for at, rating in zip(positions, _names(rated, "profit_rating"), strict=True):
                ratings[at] = rating
    return ratings


def _pain_ratings(arguments: Cellwise, policy: Policy) -> list[str]:
    clients = _read(arguments, policy, {"Well aligned": "well_aligned", "Challenging": "challenging"})
    rated, *_ = rate_portfolio(clients.table, policy)
    return _names(rated, "pain_rating")


def _read(arguments: Cellwise, policy: Policy, columns: Mapping[str, str]) -> Clients:
    """Arguments as columns of clients, header to argument, one client a cell; what cannot be read is reported."""
    clients = _clients(policy, {header: arguments[argument] for header, argument in columns.items()})
    arguments.report_issues(clients.issues, columns)
    return clients


def _clients(policy: Policy, columns: dict[str, list[Any]]) -> Clients:
    """Cells as columns of clients, one client a cell."""
    (count, *_) = map(len, columns.values())
    needed: dict[str, list[Any]] = {"Client": list(map(str, range(count))), "Revenue": [None] * count}
    frame = nw.from_dict({header: series_of(column) for header, column in (needed | columns).items()}, backend=ENGINE)
    return read_clients(frame, policy)


def _names(rated: Frame, rating: str) -> list[str]:
    return rated.select(names=named(nw.col(rating), RATING_NAMES))["names"].to_list()


def _revenue_cuts(all_revenue: Any, policy: Policy) -> Cuts:
    """The cuts between the revenue ratings of all clients."""

    def work(grid: Grid) -> Cuts:
        clients = _clients(policy, {"Revenue": [cell for row in grid for cell in row]})
        _, portfolio_cuts, _ = rate_portfolio(clients.table, policy)
        if not portfolio_cuts.ranked and policy.revenue.by != "amount":
            raise CannotGrade(
                "all_revenue holds no amount: give it the revenue of all clients, such as Clients[Revenue]."
            )
        return portfolio_cuts

    return _cuts.answer(all_revenue, policy, work)


def _with_margins(policy: Policy, target: float | None, acceptable: float | None) -> Policy:
    """The policy with these margins fixed; one that is None stays as the policy has it.

    Raises:
        CannotGrade: no target is fixed, or they do not go together.
    """
    fixed = {"target": target, "acceptable": acceptable}
    margins = {name: margin for name, margin in fixed.items() if margin is not None}
    at_most = policy.profit.target if target is None else target
    at_least = policy.profit.acceptable if acceptable is None else acceptable
    if at_most == "auto":
        raise CannotGrade("target is left out: give one, since the policy takes the margin of all clients.")
    if at_least != "auto" and at_least > at_most:
        of_acceptable, of_target = ("" if margin is not None else _OF_SETTINGS for margin in (acceptable, target))
        raise CannotGrade(
            f"{of_acceptable}acceptable {_percent(at_least)} is more than {of_target}target {_percent(at_most)}: "
            "it can be the target at most."
        )
    try:
        return Policy.with_settings(policy.model_dump(), {"profit": margins})
    except CannotGrade:
        named_margins = " and ".join(f"{name} {_percent(margin)}" for name, margin in margins.items())
        raise CannotGrade(f"{named_margins} cannot be used: write a margin such as 12 % or 0.12.") from None


def _percent(margin: float) -> str:
    return f"{margin * 100:.10g} %"
