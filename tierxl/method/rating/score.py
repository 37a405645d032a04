"""The score of five ratings, and the starting tier."""

from dataclasses import dataclass
from typing import Any

import narwhals as nw

from tierxl.method.expressions import Expr, decimal, first_that_applies, ratio, reusable, valued
from tierxl.method.levels import HIGH, LAGGARD, LOW, MEDIUM, NOT_GRADED, NOT_RATED, A, B, C
from tierxl.method.policy import Policy
from tierxl.method.policy_sections import ShareByLevel
from tierxl.method.rating.figures import Cut
from tierxl.method.table.clients import Frame


@dataclass(frozen=True)
class Profile:
    """The terms that the rules speak of, each an expression: the five ratings, levels and answers of a client."""

    revenue: Expr
    wallet: Expr
    profitability: Expr
    strategic_value: Expr
    pain: Expr
    retention_risk: Expr
    opportunity: Expr
    appetite: Expr
    high_touch: Expr
    marquee: Expr
    potential: Expr

    @property
    def unprofitable(self) -> Expr:
        """True where profitability is Low or Laggard."""
        return (self.profitability == LOW) | (self.profitability == LAGGARD)


PROFILE_COLUMNS = (
    "revenue_rating",
    "wallet_rating",
    "profit_rating",
    "strategic_rating",
    "pain_rating",
    "retention_risk",
    "opportunity",
    "appetite_for_change",
    "high_touch",
    "marquee",
    "potential",
)
PROFILE = Profile(*map(nw.col, PROFILE_COLUMNS))


@dataclass(frozen=True)
class Factor:
    """One of the five factors of the score.

    Attributes:
        field: its name in a :class:`Profile`.
        column: the column of its rating.
        name: its name for people.
        weight: its name among the policy's weights.
        better: +1 where a higher rating earns more points, -1 where a lower one does.
        best, worst: the ends of its scale, as ratings.
    """

    field: str
    column: str
    name: str
    weight: str
    better: int
    worst: int
    best: int

    def rating(self, profile: Profile) -> Expr:
        rating: Expr = getattr(profile, self.field)
        return rating

    def weight_in(self, policy: Policy) -> Any:
        return decimal(getattr(policy.weights, self.weight))

    def points(self, profile: Profile, policy: Policy) -> Expr:
        """Points from 0 to 1 of a client's rating; 0 where it is not rated."""
        points = policy.points
        if self.better > 0:
            scale = {HIGH: points.high, MEDIUM: points.medium, LOW: points.low, LAGGARD: points.laggard}
        else:
            scale = {LOW: points.high, MEDIUM: points.medium, HIGH: points.low}
        earned = valued(self.rating(profile), {NOT_RATED: 0, LAGGARD: 0, **scale})
        return earned * likelihood(profile, policy) * size(profile, policy) if self.field == "wallet" else earned


FACTORS = (
    Factor("revenue", "revenue_rating", "Revenue", "revenue", +1, LOW, HIGH),
    Factor("wallet", "wallet_rating", "Wallet share", "wallet_upside", -1, HIGH, LOW),
    Factor("profitability", "profit_rating", "Profitability", "profitability", +1, LAGGARD, HIGH),
    Factor("strategic_value", "strategic_rating", "Strategic value", "strategic_value", +1, LOW, HIGH),
    Factor("pain", "pain_rating", "Pain factor", "pain", -1, HIGH, LOW),
)


def likelihood(profile: Profile, policy: Policy) -> Expr:
    """The likelihood that the wallet upside is won, from 0 to 1, by the appetite for change."""
    return valued(profile.appetite, _by_level(policy.likelihood))


def size(profile: Profile, policy: Policy) -> Expr:
    """The size of the wallet upside, from 0 to 1, by the client's potential."""
    return valued(profile.potential, _by_level(policy.size))


def _by_level(shares: ShareByLevel) -> dict[int, float]:
    return {HIGH: shares.high, MEDIUM: shares.medium, LOW: shares.low, NOT_RATED: shares.not_known}


def with_score(profiles: Frame, policy: Policy) -> Frame:
    """Profiles with ``score``: 100 times the weighted points of the rated factors, by the weights of these.

    It is missing where no factor that is rated has a weight, and for a client that cannot be graded.
    """
    return profiles.with_columns(_exact_score(policy)).with_columns(_score())


@reusable("likelihood", "points", "size", "weights")
def _exact_score(policy: Policy) -> dict[str, Expr]:
    earned, possible = nw.lit(0.0), nw.lit(0.0)
    for factor in FACTORS:
        weight = factor.weight_in(policy)
        earned = earned + weight * factor.points(PROFILE, policy)
        possible = possible + weight * (factor.rating(PROFILE) != NOT_RATED).cast(nw.Float64)
    return {"score": nw.when((possible > 0) & is_gradable(PROFILE)).then(100 * earned / possible)}


@reusable()
def _score() -> dict[str, Expr]:
    return {"score": ratio(nw.col("score"))}


def is_gradable(profile: Profile) -> Expr:
    """True where revenue is known, so that the client can be graded."""
    return profile.revenue != NOT_RATED


def score_cuts(policy: Policy) -> tuple[Cut, ...]:
    """The cuts from which the score is an A, and a B; none where revenue alone makes the tier."""
    if policy.grading.method == "revenue":
        return ()
    return Cut(policy.tiers.a_from), Cut(policy.tiers.b_from)


def starting_tier(score: Expr, profile: Profile, policy: Policy) -> Expr:
    """The tier before any move: from the score, or from the revenue rating alone, as the policy's method says."""
    if policy.grading.method == "revenue":
        is_a, is_b = profile.revenue == HIGH, profile.revenue == MEDIUM
    else:
        is_a, is_b = score >= policy.tiers.a_from, score >= policy.tiers.b_from
    return first_that_applies([(score.is_null(), NOT_GRADED), (is_a, A), (is_b, B)], C)


def is_borderline(score: Expr, policy: Policy) -> Expr:
    """True where the score is close to a cut; never where revenue alone makes the tier."""
    if policy.grading.method == "revenue":
        return nw.lit(False)
    tiers = policy.tiers
    distance = nw.min_horizontal((score - tiers.a_from).abs(), (score - tiers.b_from).abs())
    return (ratio(distance) <= tiers.borderline).fill_null(False)


def is_provisional(starting: Expr, is_strategic: Expr, profile: Profile) -> Expr:
    """True where a client is graded by fewer than five factors, or has a tier by the floor alone."""
    gaps = nw.any_horizontal(*(factor.rating(profile) == NOT_RATED for factor in FACTORS), ignore_nulls=True)
    return ((starting != NOT_GRADED) & gaps) | ((starting == NOT_GRADED) & is_strategic)
