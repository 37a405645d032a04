"""The rules from the starting tier to the tier and its action: moves, floor, shed, override, as ordered lists."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import add

import narwhals as nw

from tierxl.method.expressions import Expr, first_that_applies, midnight
from tierxl.method.levels import HIGH, LAGGARD, LOW, MEDIUM, NOT_GRADED, TIER_NAMES, YES, A, B, C
from tierxl.method.policy import Policy
from tierxl.method.rating.score import Profile

Condition = Callable[[Profile], Expr]


@dataclass(frozen=True)
class Move:
    """A reason to move a client up or down one tier, for a sentence and in short. Its switch has the same name."""

    name: str
    step: int
    applies: Condition
    reason: str
    short: str
    source: str
    unless: str = ""


MOVES = (
    Move(
        "retention_risk",
        +1,
        lambda client: (client.retention_risk == HIGH) & ~client.unprofitable,
        "retention risk is High",
        "retention risk High",
        "S1",
        unless="the client is unprofitable",
    ),
    Move(
        "profitability",
        +1,
        lambda client: client.profitability == HIGH,
        "profitability is High",
        "profitability High",
        "S1",
    ),
    Move("opportunity", +1, lambda client: client.opportunity == HIGH, "opportunity is High", "opportunity High", "S1"),
    Move(
        "high_touch",
        -1,
        lambda client: (
            (client.high_touch == YES) & client.unprofitable & (client.opportunity == LOW) & (client.marquee != YES)
        ),
        "high touch but unprofitable, opportunity is Low, and no marquee client",
        "high touch, unprofitable, opportunity Low",
        "S1",
    ),
)


@dataclass(frozen=True)
class ShedRule:
    """A reason to shed a client, in a sentence and in short."""

    name: str
    applies: Condition
    reason: str
    short: str
    source: str


SHED_RULES = (
    ShedRule(
        "laggard",
        lambda client: client.profitability == LAGGARD,
        "the client makes a loss (Laggard)",
        "makes a loss",
        "S2",
    ),
    ShedRule(
        "painful",
        lambda client: (client.pain == HIGH) & (client.profitability == LOW),
        "pain is High and profitability Low",
        "pain High, profitability Low",
        "S2",
    ),
)


def moves_in_use(policy: Policy) -> list[Move]:
    """The moves that are switched on under the policy's method."""
    return [move for move in MOVES if policy.uses(getattr(policy.moves, move.name))]


def net_move(profile: Profile, policy: Policy) -> Expr:
    """The ups less the downs, before the policy's limit."""
    steps = (applies.cast(nw.Int8) * move.step for move, applies in applying_moves(profile, policy))
    return reduce(add, steps, nw.lit(0))


def applying_moves(profile: Profile, policy: Policy) -> list[tuple[Move, Expr]]:
    """Each move, with the condition that it is switched on under the policy's method and applies."""
    return [(move, move.applies(profile) & policy.uses(getattr(policy.moves, move.name))) for move in MOVES]


def moved(starting: Expr, net: Expr, policy: Policy) -> Expr:
    """The tier after all moves, within A to C."""
    most = policy.moves.max_move
    return (starting + net.clip(-most, most)).clip(C, A)


def is_strategic(profile: Profile, policy: Policy) -> Expr:
    """True where the client is strategic, so that it gets at least a B and is never shed."""
    match policy.floor.strategic:
        case "Medium":
            return profile.strategic_value >= MEDIUM
        case "High":
            return profile.strategic_value == HIGH
        case "off":
            return nw.lit(False)


def meets_shed_rule(profile: Profile) -> Expr:
    """True where any reason to shed applies."""
    return nw.any_horizontal(*(rule.applies(profile) for rule in SHED_RULES), ignore_nulls=True)


def computed_tier(starting: Expr, moved_tier: Expr, to_shed: Expr, is_strategic: Expr) -> Expr:
    """The tier that the method gives, before any override.

    Args:
        starting: the starting tier.
        moved_tier: the tier after all moves.
        to_shed: whether any reason to shed applies.
        is_strategic: whether the floor protects the client.
    """
    lowest = first_that_applies([(is_strategic, B)], C)
    without_grade = first_that_applies([(is_strategic, B)], NOT_GRADED)
    return first_that_applies(
        [(starting == NOT_GRADED, without_grade), (to_shed & ~is_strategic, C)], nw.max_horizontal(moved_tier, lowest)
    )


def is_overridden(as_of: date) -> Expr:
    """True where the user has set the tier, and the override has not expired."""
    expires = nw.col("override_expires")
    holds = expires.is_null() | (expires >= midnight(as_of)).fill_null(False)
    return (nw.col("override_tier") != NOT_GRADED) & holds


PROTECT, GROW, MAINTAIN, SHED, REVIEW, NO_ACTION = "Protect", "Grow", "Maintain", "Shed", "Review exception", ""


@dataclass(frozen=True)
class ActionRule:
    """An action and when it is the right one; ``tier`` and ``shed`` are expressions as well."""

    name: str
    applies: Callable[[Profile, "Standing"], Expr]
    meaning: str


@dataclass(frozen=True)
class Standing:
    """The tier of a client; true in the others where it meets a shed rule, is strategic, or is overridden."""

    tier: Expr
    meets_shed_rule: Expr
    is_strategic: Expr
    is_overridden: Expr

    @property
    def is_top(self) -> Expr:
        """Tier A or B."""
        return self.tier >= B


ACTIONS = (
    ActionRule(
        REVIEW,
        lambda _, standing: standing.meets_shed_rule & (standing.is_strategic | standing.is_overridden),
        "a client to shed by the rule, but strategic, or kept by your override",
    ),
    ActionRule(SHED, lambda _, standing: standing.meets_shed_rule, "leave the client, see the shed list"),
    ActionRule(
        PROTECT,
        lambda client, standing: standing.is_top & (client.retention_risk == HIGH) & ~client.unprofitable,
        "tier A or B, the retention risk is High, and the client is not unprofitable",
    ),
    ActionRule(
        GROW,
        lambda client, standing: (
            standing.is_top & (client.appetite != LOW) & ((client.opportunity == HIGH) | (client.wallet == LOW))
        ),
        "tier A or B, and there is more to win: opportunity is High or wallet share Low, and the appetite is not Low",
    ),
    ActionRule(MAINTAIN, lambda _, standing: standing.tier >= C, "keep up the service of its tier"),
)


def has_action(name: str) -> Expr:
    """True for graded clients with an action, by the graded column; never missing."""
    return (nw.col("Action") == name).fill_null(False)


def has_top_tier() -> Expr:
    """True for clients of tier A or B, by the graded column; missing where that is."""
    return nw.col("Tier").is_in([TIER_NAMES[A], TIER_NAMES[B]])


def action(profile: Profile, standing: Standing) -> Expr:
    """The first action that fits; none for a client without a tier."""
    graded = standing.tier != NOT_GRADED
    return first_that_applies([(graded & rule.applies(profile, standing), rule.name) for rule in ACTIONS], NO_ACTION)
