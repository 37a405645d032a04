"""grade(): the steps of the method in their order."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import narwhals as nw

from tierxl.method.checks import findings
from tierxl.method.clients import Clients, Frame, read_clients
from tierxl.method.columns import GRADED_COLUMNS
from tierxl.method.expressions import first_that_applies, named
from tierxl.method.issues import Issue
from tierxl.method.levels import NOT_GRADED, RATING_NAMES, TIER_NAMES
from tierxl.method.moves import (
    NO_ACTION,
    Standing,
    action,
    computed_tier,
    held_by_floor,
    is_overridden,
    meets_shed_rule,
    moved,
    net_move,
)
from tierxl.method.policy import Policy
from tierxl.method.ratings import Cuts, cuts, rate
from tierxl.method.reasons import why, with_next_step
from tierxl.method.score import PROFILE, is_borderline, is_provisional, score, starting_tier

BATCH = 50_000
"""Clients that are graded at a time, so that the steps between need little memory."""

Progress = Callable[[int, int], None]


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
    """

    clients: Clients
    columns: Frame
    issues: list[Issue]
    cuts: Cuts
    policy: Policy
    as_of: date

    def lines(self, *fields: str | nw.Expr, **more: nw.Expr) -> Frame:
        """One line a client: fields of the clients, or what is made of them, with the graded columns right of them."""
        return nw.concat([self.clients.table.select(*fields, **more), self.columns], how="horizontal")


def grade(
    frame: Frame,
    policy: Policy,
    as_of: date,
    rows: Sequence[int] | None = None,
    progress: Progress | None = None,
) -> Grading:
    """Grade a table of clients: read it, rate it, and bring each client to its tier.

    Raises:
        CannotGrade: see :func:`tierxl.method.clients.read_clients`.
    """
    clients = read_clients(frame, policy, rows)
    portfolio_cuts = cuts(clients.table, policy)
    issues = list(clients.issues)
    unread = {(issue.row, issue.column) for issue in clients.issues}
    columns = []
    done = 0
    for batch in _batches(with_rank(clients.table)):
        decided = decide(rate(batch, portfolio_cuts, policy), policy, as_of)
        issues += [issue for issue in findings(decided, clients, done) if (issue.row, issue.column) not in unread]
        columns.append(graded_columns(decided, portfolio_cuts, policy))
        done += len(batch)
        if progress:
            progress(done, len(clients.table))
    issues.sort(key=lambda issue: issue.row or 0)
    return Grading(clients, nw.concat(columns), issues, portfolio_cuts, policy, as_of)


def with_rank(table: Frame) -> Frame:
    """The clients with their rank by revenue; the client with the most is 1."""
    return table.with_columns(rank=nw.col("revenue").rank("min", descending=True))


def decide(rated: Frame, policy: Policy, as_of: date) -> Frame:
    """Rated clients with score, starting tier, moves, floor, shed, override, tier and action."""
    return (
        rated.with_columns(score=score(PROFILE, policy), overridden=is_overridden(as_of))
        .with_columns(starting_tier=starting_tier(nw.col("score"), PROFILE, policy))
        .with_columns(
            moved_tier=moved(nw.col("starting_tier"), net_move(PROFILE, policy), policy),
            computed_tier=computed_tier(nw.col("starting_tier"), PROFILE, policy),
            meets_shed_rule=meets_shed_rule(PROFILE),
            held=held_by_floor(PROFILE, policy),
        )
        .with_columns(
            tier=first_that_applies([(nw.col("overridden"), nw.col("override_tier"))], nw.col("computed_tier"))
        )
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
        profiles: the columns of :data:`tierxl.method.score.PROFILE_COLUMNS`, as whole numbers.
        policy: the policy.
    """
    nobody_overrides = {
        "override_tier": nw.lit(NOT_GRADED),
        "override_expires": nw.lit(None, nw.Datetime("us")),
    }
    return decide(profiles.with_columns(**nobody_overrides), policy, date.max)


def graded_columns(decided: Frame, portfolio_cuts: Cuts, policy: Policy) -> Frame:
    """The graded columns of decided clients, under the names and in the order that users see."""
    yes_no = {1: "Yes", 0: "No"}
    reasoned = with_next_step(decided, policy)
    shown = {
        "Tier": named(nw.col("tier"), TIER_NAMES),
        "Action": nw.when(nw.col("action") != NO_ACTION).then(nw.col("action")),
        "Score": nw.col("score"),
        "Starting tier": named(nw.col("starting_tier"), TIER_NAMES),
        "Revenue rating": named(nw.col("revenue_rating"), RATING_NAMES),
        "Wallet rating": named(nw.col("wallet_rating"), RATING_NAMES),
        "Profit rating": named(nw.col("profit_rating"), RATING_NAMES),
        "Strategic rating": named(nw.col("strategic_rating"), RATING_NAMES),
        "Pain rating": named(nw.col("pain_rating"), RATING_NAMES),
        "Upside": nw.col("upside"),
        "Provisional": named(_as_number(is_provisional(nw.col("starting_tier"), PROFILE)), yes_no),
        "Borderline": named(_as_number(is_borderline(nw.col("score"), policy)), yes_no),
        "Next step": nw.col("next_step"),
        "Why": why(portfolio_cuts, policy),
    }
    return reasoned.select(**{name: shown[name] for name in GRADED_COLUMNS})


def _as_number(condition: nw.Expr) -> nw.Expr:
    return nw.when(condition).then(nw.lit(1)).otherwise(nw.lit(0))


def _batches(table: Frame) -> Iterator[Frame]:
    for start in range(0, len(table), BATCH):
        yield table[start : start + BATCH]
