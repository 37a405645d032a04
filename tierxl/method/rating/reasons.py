"""The Reason of a client: its tier and what made it, in at most 100 characters."""

import narwhals as nw

from tierxl.method.expressions import Expr, filled, first_that_applies, named
from tierxl.method.levels import LAGGARD, NOT_GRADED, NOT_RATED, RATING_NAMES, TIER_NAMES, YES, B
from tierxl.method.policy import Policy
from tierxl.method.rating.figures import PERCENT, Wording
from tierxl.method.rating.moves import SHED_RULES, applying_moves
from tierxl.method.rating.ratings import loss_cut
from tierxl.method.rating.score import PROFILE
from tierxl.method.table.clients import AnyFrame

_MARGIN_TEXT = "_margin_text"
_is_graded, _is_strategic = nw.col("starting_tier") != NOT_GRADED, nw.col("is_strategic")
_sheds = nw.col("meets_shed_rule") & ~_is_strategic & _is_graded
_tier = named(nw.col("tier"), TIER_NAMES)

HAS_OWN_REASON = nw.col("overridden") | (
    _sheds & (nw.col("profit_rating") == LAGGARD) & (nw.col("knows_margin") == YES)
)
"""True for profiles of which each client has a date or a margin in its reason."""
_OF_OWN_REASON = ("Tier", "overridden", "override_expires", "earned_margin")
"""The columns that such a reason is made of."""


def reason(policy: Policy) -> Expr:
    """The reason of decided profiles that are not overridden; ``score_text`` stands beside them."""
    ungraded = first_that_applies(
        [(nw.col("revenue_rating") == NOT_RATED, "revenue not known")], "no rated factor has a weight"
    )
    shed = first_that_applies([(rule.applies(PROFILE), rule.short) for rule in SHED_RULES], "")
    would_be = first_that_applies([(nw.col("meets_shed_rule"), filled("shed, {}", shed))], "C")
    kept = first_that_applies([(nw.col("meets_shed_rule"), "; strategic, not shed")], "")
    return first_that_applies(
        [
            (
                ~_is_graded,
                filled("{}: {}{}", _tier, first_that_applies([(_is_strategic, "strategic, ")], ""), ungraded),
            ),
            (_sheds, filled("C, to shed: {}", shed)),
            (_is_strategic & (nw.col("moved_tier") < B), filled("B: strategic, would be {}", would_be)),
            (nw.col("moved_tier") != nw.col("starting_tier"), nw.concat_str(_tier, _moved(policy), kept)),
        ],
        nw.concat_str(_tier, nw.lit(": "), _start(policy), kept),
    )


def _start(policy: Policy) -> Expr:
    if policy.grading.method == "revenue":
        return filled("revenue {}", named(nw.col("revenue_rating"), RATING_NAMES))
    return filled("score {}", nw.col("score_text"))


def _moved(policy: Policy) -> Expr:
    """Where a client was moved from, and by which moves."""
    net = nw.col("net_move")
    counting = [(applies & (net * move.step > 0), move) for move, applies in applying_moves(PROFILE, policy)]
    because = nw.concat_str(*(first_that_applies([(counts, f", {move.short}")], "") for counts, move in counting))
    starting, direction = named(nw.col("starting_tier"), TIER_NAMES), first_that_applies([(net > 0, "up")], "down")
    return filled(", {} from {}: {}", direction, starting, because.str.slice(len(", ")))


def with_own_reasons(ruled: AnyFrame, policy: Policy) -> AnyFrame:
    """Clients beside the rulings on their profiles, with ``Reason`` also where that has a number of the client's."""
    if isinstance(ruled, nw.LazyFrame):
        worded = _with_own_reason(ruled, policy)
        return worded.with_columns(
            Reason=first_that_applies([(nw.col("has_own_reason"), nw.col("_reason"))], nw.col("Reason"))
        )
    places = ruled["has_own_reason"].arg_true()
    if places.is_empty():
        return ruled
    own = _with_own_reason(ruled.select(*_OF_OWN_REASON)[places], policy)["_reason"]
    return ruled.with_columns(ruled["Reason"].scatter(places, own))


def _with_own_reason(ruled: AnyFrame, policy: Policy) -> AnyFrame:
    worded = Wording(nw.col("earned_margin"), [loss_cut(policy)], PERCENT).added_to(ruled, _MARGIN_TEXT)
    until = first_that_applies(
        [
            (
                ~nw.col("override_expires").is_null(),
                filled(" until {}", nw.col("override_expires").dt.to_string("%Y-%m-%d").fill_null("")),
            )
        ],
        "",
    )
    margin = nw.col(_MARGIN_TEXT).str.replace_all("-", "−", literal=True)
    return worded.with_columns(
        _reason=first_that_applies(
            [(nw.col("overridden"), filled("{} by override{}", nw.col("Tier"), until))],
            filled("C, to shed: makes a loss (margin {} %)", margin),
        )
    )
