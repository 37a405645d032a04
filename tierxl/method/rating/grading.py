"""grade(): the steps of the method in their order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain

import narwhals as nw

from tierxl.method.expressions import first_that_applies, named
from tierxl.method.issues import Issue
from tierxl.method.levels import NOT_GRADED, RATING_NAMES, TIER_NAMES
from tierxl.method.policy import Policy
from tierxl.method.progress import Progress, silent
from tierxl.method.rating import parallel
from tierxl.method.rating.checks import doubtful_headers, doubtful_names, findings
from tierxl.method.rating.figures import Wording
from tierxl.method.rating.moves import (
    NO_ACTION,
    Standing,
    action,
    computed_tier,
    held_by_floor,
    meets_shed_rule,
    moved,
    net_move,
)
from tierxl.method.rating.profiles import columns_of, with_profile
from tierxl.method.rating.ratings import Cuts, cuts, rate
from tierxl.method.rating.reasons import (
    OVERRIDE_FIELDS,
    why,
    with_next_step,
    with_own_words,
    with_profiles_after_steps,
    wording,
)
from tierxl.method.rating.score import PROFILE, is_borderline, is_provisional, score_cuts, starting_tier, with_score
from tierxl.method.table.clients import AnyFrame, Clients, Frame, Series, read_clients
from tierxl.method.table.columns import GRADED_COLUMNS
from tierxl.method.table.managers import Manager

BATCH = 500_000
"""Clients that are graded at a time, so that the steps between need little memory."""
RULED_AT_ONCE = 200_000
"""Profiles that are ruled on at a time, likewise; many, as they share the profiles that their steps lead to."""
_OWN = ("profile", "overridden", "share", "earned_margin", "upside")
"""What is kept of rated clients until their profiles are ruled on."""


@dataclass(frozen=True)
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
    progress: Progress = silent,
    managers: Sequence[Manager] = (),
) -> Grading:
    """Grade a table of clients: read it, rate it, and bring each client to its tier.

    Args:
        frame: one row a client, the user's headers as column names.
        policy: the numbers and switches.
        as_of: the day for which overrides are judged.
        rows: the row of each client in the user's sheet or file.
        progress: called with how many clients are graded.
        managers: the account managers, for what is said of their hours; the tiers do not depend on them.

    Raises:
        CannotGrade: see :func:`tierxl.method.table.clients.read_clients`.
    """
    clients = read_clients(frame, policy, rows)
    doubts, (columns, issues, portfolio_cuts) = parallel.both(
        lambda: doubtful_names(clients), lambda: _graded(clients, policy, as_of, progress), len(clients.table)
    )
    found = [*doubtful_headers(frame.columns), *clients.issues, *doubts, *issues]
    found.sort(key=lambda issue: issue.row or 0)
    return Grading(clients, columns, found, portfolio_cuts, policy, as_of, tuple(managers))


def _graded(clients: Clients, policy: Policy, as_of: date, progress: Progress) -> tuple[Frame, list[Issue], Cuts]:
    """The graded columns of clients, what is amiss with their amounts and overrides, and where they were cut."""
    count = len(clients.table)
    starts = range(0, count, BATCH)
    portfolio_cuts = cuts(clients.table, policy)
    unread = {(issue.row, issue.column) for issue in clients.issues}

    def rated(start: int) -> tuple[Frame, list[Issue]]:
        batch = with_profile(rate(clients.table[start : start + BATCH], portfolio_cuts, policy), as_of)
        found = findings(batch, clients, start)
        return batch.select(*_OWN), [issue for issue in found if (issue.row, issue.column) not in unread]

    def ruled() -> tuple[Frame, Frame, list[Issue]]:
        batches, issues = zip(*parallel.each(rated, starts, count), strict=True)
        own = nw.concat(batches)
        rulings = rulings_on(own["profile"].unique(), portfolio_cuts, policy)
        return own, rulings, list(chain.from_iterable(issues))

    ranks, (own, rulings, issues) = parallel.both(lambda: _ranks(clients.table), ruled, count)

    def worded(start: int) -> Frame:
        end = start + BATCH
        alone = own[start:end].with_columns(rank=ranks[start:end])
        overrides = clients.table[start:end].select(*OVERRIDE_FIELDS)
        ruled_on = _beside(alone, overrides, _looked_up(alone["profile"], rulings))
        return graded_columns(ruled_on, portfolio_cuts, policy)

    columns = []
    for start, batch in zip(starts, parallel.each(worded, starts, count), strict=True):
        columns.append(batch)
        progress("Grading", min(start + BATCH, count), count)
    return nw.concat(columns), issues, portfolio_cuts


def decide(profiles: Frame, policy: Policy) -> Frame:
    """Profiles with score, starting tier, moves, floor, shed, override, tier and action.

    Args:
        profiles: the columns of :data:`tierxl.method.rating.score.PROFILE_COLUMNS`, and ``override``, the tier that the
            user has set or *Not graded*, all as whole numbers.
        policy: the policy.
    """
    return (
        with_score(profiles, policy)
        .with_columns(overridden=nw.col("override") != NOT_GRADED)
        .with_columns(starting_tier=starting_tier(nw.col("score"), PROFILE, policy))
        .with_columns(
            moved_tier=moved(nw.col("starting_tier"), net_move(PROFILE, policy), policy),
            meets_shed_rule=meets_shed_rule(PROFILE),
            held=held_by_floor(PROFILE, policy),
        )
        .with_columns(
            computed_tier=computed_tier(*map(nw.col, ("starting_tier", "moved_tier", "meets_shed_rule", "held")))
        )
        .with_columns(tier=first_that_applies([(nw.col("overridden"), nw.col("override"))], nw.col("computed_tier")))
        .with_columns(
            action=action(
                PROFILE,
                Standing(nw.col("tier"), nw.col("meets_shed_rule"), nw.col("held"), nw.col("overridden")),
            )
        )
    )


def decide_ratings(profiles: Frame, policy: Policy) -> Frame:
    """Clients of whom only the ratings and what is known beside them are given, decided as without an override.

    Args:
        profiles: the columns of :data:`tierxl.method.rating.score.PROFILE_COLUMNS`, as whole numbers.
        policy: the policy.
    """
    return decide(profiles.with_columns(override=nw.lit(NOT_GRADED)), policy)


def profiles_of(clients: Clients, policy: Policy, as_of: date) -> Series:
    """The number of each client's profile, see :mod:`tierxl.method.rating.profiles`."""
    rated = rate(clients.table, cuts(clients.table, policy), policy)
    return with_profile(rated, as_of)["profile"]


def standings(profiles: Series, policy: Policy) -> Frame:
    """``Tier`` and ``Action`` of each client as its graded columns have them, without the words.

    Args:
        profiles: the number of each client's profile.
        policy: the policy.
    """
    decided = decide(_with_columns_of(profiles.unique()), policy)
    named = _decided_columns(policy)
    return _looked_up(profiles, decided.select("profile", Tier=named["Tier"], Action=named["Action"]))


def rulings_on(profiles: Series, portfolio_cuts: Cuts, policy: Policy) -> Frame:
    """What the method rules on each of some distinct profiles.

    Args:
        profiles: the numbers of the profiles, see :mod:`tierxl.method.rating.profiles`.
        portfolio_cuts: where the portfolio's ratings are cut.
        policy: the policy.

    Returns:
        One row a profile: ``profile``, the graded columns that it decides on under the names that users see, and the
        wording of its reasons, see :func:`tierxl.method.rating.reasons.wording`.
    """
    scores = Wording(nw.col("score"), score_cuts(policy))

    def ruled(start: int) -> Frame:
        batch = _with_columns_of(profiles[start : start + RULED_AT_ONCE])
        reached = with_profiles_after_steps(batch, policy)
        decided = decide(_with_columns_of(reached.unique()), policy)
        place = _places(reached, decided["profile"])
        tiers_after = decided["computed_tier"][place[len(batch) :]]
        return scores.added_to(with_next_step(decided[place[: len(batch)]], tiers_after, policy), "score_text").select(
            "profile", **_decided_columns(policy), **wording(portfolio_cuts, policy)
        )

    rulings = nw.concat([ruled(start) for start in range(0, len(profiles), RULED_AT_ONCE)]).sort("profile")
    return rulings.with_columns(_each_text_once(text) for text in rulings.iter_columns() if text.dtype == nw.String)


def graded_columns(
    ruled: AnyFrame, portfolio_cuts: Cuts, policy: Policy, beside: Mapping[str, nw.Expr] | None = None
) -> AnyFrame:
    """The graded columns of clients, under the names and in the order that users see.

    Args:
        ruled: rated clients with their rank, and beside them the rulings on their profiles.
        portfolio_cuts: where the portfolio's ratings are cut.
        policy: the policy.
        beside: other columns that are to stand left of them.
    """
    own = {"Upside": nw.col("upside"), "Why": why()}
    graded = {name: own.get(name, nw.col(name)) for name in GRADED_COLUMNS}
    return with_own_words(ruled, portfolio_cuts, policy).select(**(beside or {}), **graded)


def _decided_columns(policy: Policy) -> dict[str, nw.Expr]:
    yes_no = {1: "Yes", 0: "No"}
    return {
        "Tier": named(nw.col("tier"), TIER_NAMES),
        "Action": nw.when(nw.col("action") != NO_ACTION).then(nw.col("action")),
        "Score": nw.col("score"),
        "Starting tier": named(nw.col("starting_tier"), TIER_NAMES),
        "Revenue rating": named(nw.col("revenue_rating"), RATING_NAMES),
        "Wallet rating": named(nw.col("wallet_rating"), RATING_NAMES),
        "Profit rating": named(nw.col("profit_rating"), RATING_NAMES),
        "Strategic rating": named(nw.col("strategic_rating"), RATING_NAMES),
        "Pain rating": named(nw.col("pain_rating"), RATING_NAMES),
        "Provisional": named(_as_number(is_provisional(nw.col("starting_tier"), PROFILE)), yes_no),
        "Borderline": named(_as_number(is_borderline(nw.col("score"), policy)), yes_no),
        "Next step": nw.col("next_step"),
    }


def _as_number(condition: nw.Expr) -> nw.Expr:
    return nw.when(condition).then(nw.lit(1)).otherwise(nw.lit(0))


def _ranks(clients: Frame) -> Series:
    """Each client's rank by revenue; the client with the most is 1."""
    return clients.select(rank=nw.col("revenue").rank("min", descending=True))["rank"]


def _with_columns_of(profiles: Series) -> Frame:
    return profiles.alias("profile").to_frame().with_columns(**columns_of(nw.col("profile")))


def _looked_up(profiles: Series, rulings: Frame) -> Frame:
    """The ruling on each profile, in the order of the profiles."""
    return rulings.drop("profile")[_places(profiles, rulings["profile"])]


def _places(profiles: Series, distinct: Series) -> Series:
    """Where each profile stands among the distinct ones."""
    return profiles.replace_strict(distinct.to_list(), range(len(distinct)), return_dtype=nw.Int64)


def _each_text_once(texts: Series) -> Series:
    """The same texts, with those that are equal in the same place of the memory, which is read faster."""
    distinct = texts.drop_nulls().unique().to_list()
    return texts.replace_strict(distinct, distinct, return_dtype=nw.String) if distinct else texts


def _beside(*frames: Frame) -> Frame:
    first, *others = frames
    return first.with_columns(*(column for frame in others for column in frame.iter_columns()))
