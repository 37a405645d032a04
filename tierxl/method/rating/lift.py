"""What would lift a client: the smallest single change of one rating that would raise its tier."""

from dataclasses import dataclass

import narwhals as nw

from tierxl.method.expressions import phrases
from tierxl.method.levels import NOT_GRADED, RATING_NAMES, TIER_NAMES, A, B
from tierxl.method.policy import Policy
from tierxl.method.rating.decision import with_computed_tier
from tierxl.method.rating.score import FACTORS, PROFILE_COLUMNS, Factor
from tierxl.method.table.clients import Frame

NO_LIFT = "none"


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
    columns = "profile", "tier", *PROFILE_COLUMNS
    graded = nw.col("starting_tier") != NOT_GRADED
    raisable = decided.filter(graded, nw.col("tier") < A, ~nw.col("overridden")).select(*columns)
    texts, tried = {0: NO_LIFT}, []
    for factor in FACTORS:
        possible = [
            (before, before + step.change, 100 * number + 10 * before, step.text(before))
            for number, step in enumerate(steps(policy), 1)
            if step.factor == factor
            for before in step.ratings
        ]
        texts |= {code + tier: f"{text}: tier {TIER_NAMES[tier]}" for *_, code, text in possible for tier in (B, A)}
        before, after, codes, _ = zip(*possible, strict=True)
        changes = nw.from_dict(
            {factor.column: before, "after": after, "step": codes},
            {factor.column: nw.Int8(), "after": nw.Int8(), "step": nw.Int64()},
            backend=raisable.implementation,
        )
        lifted = raisable.join(changes, on=factor.column).drop(factor.column).rename({"after": factor.column})
        tried.append(lifted.select(*columns, "step"))
    raised = with_computed_tier(nw.concat(tried), policy).filter(nw.col("computed_tier") > nw.col("tier"))
    coded = raised.select("profile", step=nw.col("step") + nw.col("computed_tier"))
    first = coded.group_by("profile").agg(nw.col("step").min())
    stepped = decided.join(first, on="profile", how="left")
    return stepped.with_columns(lift=phrases(nw.col("step").fill_null(0).cast(nw.Int64), texts)).drop("step")
