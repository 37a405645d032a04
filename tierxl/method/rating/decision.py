"""decide(): the tier and the action of profiles, step by step."""

import narwhals as nw

from tierxl.method.expressions import Expr, first_that_applies, named, reusable
from tierxl.method.levels import NOT_GRADED, TIER_NAMES
from tierxl.method.policy import Policy
from tierxl.method.rating.moves import (
    NO_ACTION,
    Standing,
    action,
    computed_tier,
    is_strategic,
    meets_shed_rule,
    moved,
    net_move,
)
from tierxl.method.rating.score import PROFILE, starting_tier, with_score
from tierxl.method.table.clients import Frame

TIER_AND_ACTION = {
    "Tier": named(nw.col("tier"), TIER_NAMES),
    "Action": nw.when(nw.col("action") != NO_ACTION).then(nw.col("action")),
}
"""The graded columns of a decision alone, under the names that users see."""


def with_computed_tier(profiles: Frame, policy: Policy) -> Frame:
    """Profiles with score, starting tier, moves, floor, shed and ``computed_tier``, the tier before any override.

    Args:
        profiles: the columns of :data:`tierxl.method.rating.score.PROFILE_COLUMNS`, as whole numbers.
        policy: the policy.
    """
    scored = with_score(profiles, policy).with_columns(_start(policy))
    return scored.with_columns(_moves(policy)).with_columns(_computed_tier())


@reusable("grading", "moves", "tiers")
def _start(policy: Policy) -> dict[str, Expr]:
    return {
        "starting_tier": starting_tier(nw.col("score"), PROFILE, policy),
        "net_move": net_move(PROFILE, policy),
    }


@reusable("floor", "grading", "moves")
def _moves(policy: Policy) -> dict[str, Expr]:
    return {
        "moved_tier": moved(nw.col("starting_tier"), nw.col("net_move"), policy),
        "meets_shed_rule": meets_shed_rule(PROFILE),
        "is_strategic": is_strategic(PROFILE, policy),
    }


@reusable()
def _computed_tier() -> dict[str, Expr]:
    terms = map(nw.col, ("starting_tier", "moved_tier", "meets_shed_rule", "is_strategic"))
    return {"computed_tier": computed_tier(*terms)}


def decide(profiles: Frame, policy: Policy) -> Frame:
    """Profiles with all that leads to their tier, with ``tier``, whether it is ``overridden``, and ``action``.

    Args:
        profiles: the columns of :data:`tierxl.method.rating.score.PROFILE_COLUMNS`, and ``override``, the tier that the
            user has set or *Not graded*, all as whole numbers.
        policy: the policy.
    """
    return with_computed_tier(profiles, policy).with_columns(_tier()).with_columns(_action())


@reusable()
def _tier() -> dict[str, Expr]:
    overridden = nw.col("override") != NOT_GRADED
    return {
        "overridden": overridden,
        "tier": first_that_applies([(overridden, nw.col("override"))], nw.col("computed_tier")),
    }


@reusable()
def _action() -> dict[str, Expr]:
    standing = Standing(*map(nw.col, ("tier", "meets_shed_rule", "is_strategic", "overridden")))
    return {"action": action(PROFILE, standing)}
