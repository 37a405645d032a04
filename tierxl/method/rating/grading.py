"""grade(): the steps of the method in their order."""

import sys
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TypeVar

import narwhals as nw

from tierxl.method.expressions import Expr, first_that_applies, named, reusable
from tierxl.method.issues import Issue
from tierxl.method.levels import RATING_NAMES, TIER_NAMES
from tierxl.method.policy import Policy
from tierxl.method.rating.checks import doubtful_names, findings, ties
from tierxl.method.rating.decision import TIER_AND_ACTION, decide
from tierxl.method.rating.figures import Wording
from tierxl.method.rating.lift import with_lift
from tierxl.method.rating.profiles import COLUMNS, distinct_profiles, with_profile
from tierxl.method.rating.ranks import with_place
from tierxl.method.rating.ratings import Cuts, rate_portfolio
from tierxl.method.rating.reasons import HAS_OWN_REASON, reason, with_own_reasons
from tierxl.method.rating.score import PROFILE, is_borderline, is_provisional, score_cuts
from tierxl.method.rating.why import COMPOSED, NUMBERS_IN_WHY, numbers_in_why, until_share, why, with_own_words, wording
from tierxl.method.table.clients import AnyFrame, Clients, Frame, Series, headers_of, read_clients
from tierxl.method.table.columns import GRADED_COLUMNS
from tierxl.method.table.headers import Headers
from tierxl.method.table.managers import Manager, with_first_manager

RATING_COLUMNS = {
    "Revenue rating": "revenue_rating",
    "Wallet rating": "wallet_rating",
    "Profit rating": "profit_rating",
    "Strategic rating": "strategic_rating",
    "Pain rating": "pain_rating",
}
"""The graded columns with the five ratings, and the column of the profile that each shows."""


MANY = 50_000
"""Clients from which on threads check names, word numbers and put texts together: see ``benchmarks/README.md``."""

_FEW = 1_000
"""Texts that take little memory, whether they share it or not."""

Result = TypeVar("Result")


@dataclass(frozen=True, eq=False)
class Grading:
    """A graded portfolio.

    Attributes:
        clients: the clients as they were read.
        columns: the graded columns, one row a client in the user's order; blanks are missing values.
        issues: everything in the data that a user should mend or know, in the order of the rows.
        cuts: where the ratings were cut.
        policy: the policy that was used.
        as_of: the day for which overrides were judged.
        managers: the account managers, as far as they are known.
    """

    clients: Clients
    columns: Frame
    issues: list[Issue]
    cuts: Cuts
    policy: Policy
    as_of: date
    managers: tuple[Manager, ...] = ()

    def lines(self, *fields: str | nw.Expr, **more: nw.Expr) -> Frame:
        """One line a client: fields of the clients, or what is made of them, with the graded columns right of them."""
        return nw.concat([self.clients.table.select(*fields, **more), self.columns], how="horizontal")


def grade(
    frame: Frame,
    policy: Policy,
    as_of: date,
    rows: Sequence[int] | None = None,
    managers: Sequence[Manager] = (),
    headers: Headers | None = None,
) -> Grading:
    """The grading of a table of clients: read, rated, and each client brought to its tier.

    Args:
        frame: one row a client, one column a header.
        policy: the numbers and switches.
        as_of: the day for which overrides are judged.
        rows: the row of each client in the user's sheet or file.
        managers: the account managers, for the figures of their hours; the tiers do not depend on them.
        headers: the user's headers; by default the names of the columns.

    Raises:
        CannotGrade: see :func:`tierxl.method.table.clients.read_clients`.
    """
    headers = headers or headers_of(frame, policy)
    return grade_clients(read_clients(frame, policy, rows, headers, as_of), headers, policy, as_of, managers)


def grade_clients(
    clients: Clients, headers: Headers, policy: Policy, as_of: date, managers: Sequence[Manager] = ()
) -> Grading:
    """The grading of clients that have been read; see :func:`grade`."""
    clients = with_first_manager(clients, managers)
    are_many = len(clients.table) >= MANY and sys.platform != "emscripten"  # where there are no threads
    with ThreadPoolExecutor(2) if are_many else nullcontext() as beside:
        checked = _started(beside, lambda: doubtful_names(clients))
        rated, portfolio_cuts, ranks = rate_portfolio(clients.table, policy)
        rated = with_profile(rated, policy, as_of)
        own_words = partial(with_own_words, cuts=portfolio_cuts, policy=policy, as_of=as_of, currency=clients.currency)
        worded = _started(beside, lambda: own_words(with_place(rated, ranks, policy.revenue.by)))
        profiles = distinct_profiles(rated)
        places = _started(beside, lambda: _places(rated, profiles))
        rulings = rulings_on(profiles, portfolio_cuts, policy, clients.currency).drop("profile")
        columns_of = partial(_columns_of, worded(), places(), rulings, policy)
        columns = nw.concat([*beside.map(columns_of, _halves(len(rated)))]) if beside else columns_of(slice(None))
        issues = [*headers.issues(), *clients.issues, *checked(), *findings(rated, clients)]
        issues += ties(portfolio_cuts, headers[headers.position_of["revenue"]], clients.currency)
    issues.sort(key=lambda issue: issue.row or 0)
    return Grading(clients, columns, issues, portfolio_cuts, policy, as_of, tuple(managers))


def _started(beside: ThreadPoolExecutor | None, work: Callable[[], Result]) -> Callable[[], Result]:
    """The result of work: begun at once in a thread beside if there is one, else done when it is asked for."""
    return beside.submit(work).result if beside else work


def profiles_of(clients: Clients, policy: Policy, as_of: date) -> Frame:
    """The profile of each client: the columns of :data:`tierxl.method.rating.profiles.COLUMNS`."""
    rated, *_ = rate_portfolio(clients.table, policy)
    return with_profile(rated, policy, as_of).select(*COLUMNS)


def rulings_on(profiles: Frame, portfolio_cuts: Cuts, policy: Policy, currency: str = "") -> Frame:
    """The rulings of the method on distinct profiles.

    Args:
        profiles: see :func:`tierxl.method.rating.profiles.distinct_profiles`.
        portfolio_cuts: where the portfolio's ratings are cut.
        policy: the policy.
        currency: the currency of the revenue.

    Returns:
        One row a profile: its number, the graded columns that it decides on under the names that users see, and the
        wording of its reasons, see :func:`tierxl.method.rating.reasons.wording`.
    """
    decided = with_lift(decide(profiles, policy), policy)
    decided = Wording(nw.col("score"), score_cuts(policy)).added_to(decided, "score_text")
    rulings = decided.with_columns(numbers_in_why()).select(
        "profile",
        *NUMBERS_IN_WHY,
        *decided_columns(policy),
        *wording(policy),
        until_share=until_share(portfolio_cuts, policy, currency),
    )
    return rulings.with_columns(_each_text_once(rulings[text]) for text in COMPOSED)


def graded_columns(ruled: AnyFrame, policy: Policy, beside: Iterable[str] = ()) -> AnyFrame:
    """The graded columns of clients, under the names and in the order that users see.

    Args:
        ruled: rated clients with their own words, and beside them the rulings on their profiles.
        policy: the policy.
        beside: other columns that are to stand left of them.
    """
    return with_own_reasons(ruled, policy).select(*beside, *_graded_columns())


@reusable()
def _graded_columns() -> dict[str, Expr]:
    own = {"Upside": nw.col("upside"), "Why": why()}
    return {name: own.get(name, nw.col(name)) for name in GRADED_COLUMNS}


@reusable("grading", "moves", "tiers")
def decided_columns(policy: Policy) -> dict[str, Expr]:
    return {
        "has_own_reason": HAS_OWN_REASON,
        **TIER_AND_ACTION,
        "Reason": reason(policy),
        "Score": nw.col("score"),
        "Starting tier": named(nw.col("starting_tier"), TIER_NAMES),
        **{header: named(nw.col(column), RATING_NAMES) for header, column in RATING_COLUMNS.items()},
        "Provisional": _yes_or_no(is_provisional(nw.col("starting_tier"), nw.col("is_strategic"), PROFILE)),
        "Borderline": _yes_or_no(is_borderline(nw.col("score"), policy)),
        "What would lift it": nw.col("lift"),
    }


def _yes_or_no(condition: nw.Expr) -> nw.Expr:
    return first_that_applies([(condition, "Yes")], "No")


def _places(rated: Frame, profiles: Frame) -> Series:
    """The place of each client's profile among the distinct ones, and so of the ruling on it."""
    return rated["profile"].replace_strict(profiles["profile"].to_list(), range(len(profiles)), return_dtype=nw.Int64)


def _columns_of(worded: Frame, places: Series, rulings: Frame, policy: Policy, clients: slice) -> Frame:
    """The graded columns of some clients: their own words, and the rulings on their profiles."""
    return graded_columns(nw.concat([worded[clients], rulings[places[clients]]], how="horizontal"), policy)


def _halves(count: int) -> tuple[slice, slice]:
    """Two halves of so many clients."""
    return slice(count // 2), slice(count // 2, count)


def _each_text_once(texts: Series) -> Series:
    """Texts, none missing, of which equal ones share their memory: see its figure in ``benchmarks/README.md``."""
    if len(texts) < _FEW:
        return texts
    distinct = texts.unique().to_list()
    return texts.replace_strict(distinct, distinct, return_dtype=nw.String)
