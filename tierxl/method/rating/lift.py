"""The lift of a client: the smallest single change of one rating that would raise its tier."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import narwhals as nw

from tierxl.method.expressions import Expr, phrases, reusable
from tierxl.method.levels import NOT_GRADED, RATING_NAMES, TIER_NAMES, A, B
from tierxl.method.policy import Policy
from tierxl.method.rating.decision import with_computed_tier
from tierxl.method.rating.score import FACTORS, PROFILE_COLUMNS, Factor
from tierxl.method.table.clients import Frame

NO_LIFT = "none"
_COLUMNS = "profile", "tier", *PROFILE_COLUMNS


@dataclass(frozen=True)
class Step:
    """A change of one rating by some levels in its better direction."""

    factor: Factor
    levels: int

    @property
    def change(self) -> int:
        """By how much the rating changes."""
        return self.levels * self.factor.better

    @property
    def ratings(self) -> list[int]:
        """The ratings from which the step is possible, in their order."""
        scale = range(min(self.factor.worst, self.factor.best), max(self.factor.worst, self.factor.best) + 1)
        return [rating for rating in scale if rating + self.change in scale]

    def text(self, before: int) -> str:
        """The step in words, such as "Revenue from Low to High"."""
        return f"{self.factor.name} from {RATING_NAMES[before]} to {RATING_NAMES[before + self.change]}"


def steps(policy: Policy) -> list[Step]:
    """Every change of one rating, the smallest first: by levels, then by the factor's weight."""
    by_weight = sorted(FACTORS, key=lambda factor: factor.weight_in(policy))
    longest = max(abs(factor.best - factor.worst) for factor in FACTORS)
    return [
        Step(factor, levels)
        for levels in range(1, longest + 1)
        for factor in by_weight
        if levels <= abs(factor.best - factor.worst)
    ]


def with_lift(decided: Frame, policy: Policy) -> Frame:
    """Decided profiles with ``lift``: the smallest change of one rating that would raise the tier, or "none".

    A step is only tried where it is possible and can raise the tier; all of them are decided in one table. The number
    of a step, the rating from which it is, and the tier that it leads to are the digits of a number, which has a text.

    Args:
        decided: the profiles as :func:`tierxl.method.rating.decision.decide` returns them, with their number.
        policy: the policy.
    """
    graded = nw.col("starting_tier") != NOT_GRADED
    raisable = decided.filter(graded, nw.col("tier") < A, ~nw.col("overridden")).select(*_COLUMNS)
    changes = {factor.column: _changes(factor, policy.only("weights"), raisable.implementation) for factor in FACTORS}
    tried = [raisable.join(each, on=column).select(_changed(column)) for column, each in changes.items()]
    raised = with_computed_tier(nw.concat(tried), policy).filter(nw.col("computed_tier") > nw.col("tier"))
    coded = raised.select("profile", step=nw.col("step") + nw.col("computed_tier"))
    first = coded.group_by("profile").agg(nw.col("step").min())
    return decided.join(first, on="profile", how="left").with_columns(_lift(policy)).drop("step")


def _possible(policy: Policy) -> list[tuple[Step, int, int]]:
    """Each step with the ratings from which it is possible, and the number of both; the tens digit is the rating."""
    numbered = enumerate(steps(policy), 1)
    return [(step, before, 100 * number + 10 * before) for number, step in numbered for before in step.ratings]


@lru_cache(maxsize=16)
def _changes(factor: Factor, policy: Policy, backend: Any) -> Frame:
    """The steps of one factor: its rating before and after each, and the number of the step."""
    lines = [
        (before, before + step.change, number) for step, before, number in _possible(policy) if step.factor == factor
    ]
    before, after, numbers = zip(*lines, strict=True)
    return nw.from_dict(
        {factor.column: before, "after": after, "step": numbers},
        {factor.column: nw.Int8(), "after": nw.Int8(), "step": nw.Int64()},
        backend=backend,
    )


@reusable()
def _changed(column: str) -> dict[str, Expr]:
    """The profiles after a step, which is one of the factor of a column."""
    return {name: nw.col("after" if name == column else name) for name in (*_COLUMNS, "step")}


@reusable("weights")
def _lift(policy: Policy) -> dict[str, Expr]:
    texts = {
        number + tier: f"{step.text(before)}: tier {TIER_NAMES[tier]}"
        for step, before, number in _possible(policy)
        for tier in (B, A)
    }
    return {"lift": phrases(nw.col("step").fill_null(0).cast(nw.Int64), {0: NO_LIFT} | texts)}
