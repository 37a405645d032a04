"""The reasons in plain words: why a client has its tier, and the next step up.

Each distinct situation gets its sentence once, from plain functions; the clients then look their sentence up.
"""

from dataclasses import dataclass
from itertools import product

import narwhals as nw

from tierxl.method.clients import Frame
from tierxl.method.expressions import (
    Expr,
    decimal_text,
    first_that_applies,
    named,
    percent_text,
    whole_text,
)
from tierxl.method.levels import (
    HIGH,
    LAGGARD,
    LOW,
    MEDIUM,
    NOT_GRADED,
    NOT_RATED,
    RATING_NAMES,
    TIER_NAMES,
    A,
    B,
    C,
)
from tierxl.method.moves import SHED_RULES, Move, computed_tier, held_by_floor, moves_in_use
from tierxl.method.policy import Policy
from tierxl.method.ratings import Cuts
from tierxl.method.score import FACTORS, PROFILE, PROFILE_COLUMNS, Factor, score, starting_tier

_COUNTS = {1: "one", 2: "two"}


def listed(parts: list[str]) -> str:
    """Words as a list in a sentence: a, b and c."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


# --- Why -------------------------------------------------------------------------------------------------------------


def why(cuts: Cuts, policy: Policy) -> Expr:
    """Why a client has its tier, step by step, with the numbers."""
    return first_that_applies(
        [
            (
                nw.col("starting_tier") == NOT_GRADED,
                nw.concat_str(_not_graded_sentence(), _override_sentence(), _tier_if_overridden()),
            )
        ],
        nw.concat_str(
            _start_sentence(cuts, policy),
            _gaps_sentence(),
            _moves_sentence(policy),
            _floor_and_shed_sentence(policy),
            _override_sentence(),
            nw.lit(" Tier "),
            named(nw.col("tier"), TIER_NAMES),
            nw.lit("."),
        ),
    )


def _not_graded_sentence() -> Expr:
    return first_that_applies(
        [(nw.col("revenue_rating") == NOT_RATED, "Not graded: revenue is not known.")],
        "Not graded: no factor that is rated has a weight.",
    )


def _tier_if_overridden() -> Expr:
    return first_that_applies(
        [(nw.col("overridden"), nw.concat_str(nw.lit(" Tier "), named(nw.col("tier"), TIER_NAMES), nw.lit(".")))], ""
    )


def _start_sentence(cuts: Cuts, policy: Policy) -> Expr:
    starting = named(nw.col("starting_tier"), TIER_NAMES)
    factors = _factors_text(cuts)
    has_score = first_that_applies([(nw.col("score").is_null(), nw.lit("no score"))], _score_text())
    if policy.grading.method == "revenue":
        rating = named(nw.col("revenue_rating"), RATING_NAMES)
        return nw.concat_str(
            nw.lit("Starts at "), starting, nw.lit(" by revenue alone: "), rating, nw.lit(" ("),
            has_score, nw.lit(": "), factors, nw.lit(")."),
        )  # fmt: skip
    return nw.concat_str(
        nw.lit("Starts at "), starting, nw.lit(": "), has_score, nw.lit(" ("), factors, nw.lit(").")
    )  # fmt: skip


def _score_text() -> Expr:
    return nw.concat_str(nw.lit("score "), decimal_text(nw.col("score")))


def _factors_text(cuts: Cuts) -> Expr:
    revenue = nw.concat_str(
        nw.lit("revenue "), named(nw.col("revenue_rating"), RATING_NAMES),
        nw.lit(", rank "), whole_text(nw.col("rank")), nw.lit(f" of {cuts.ranked}; "),
    )  # fmt: skip
    others = nw.concat_str(
        named(nw.col("strategic_rating"), {code: f"; strategic value {name}" for code, name in _spoken.items()}),
        named(nw.col("pain_rating"), {code: f"; pain {name}" for code, name in _spoken.items()}),
    )
    return nw.concat_str(revenue, _wallet_text(), _profit_text(cuts), others)


_spoken = RATING_NAMES | {NOT_RATED: "not rated"}
_UPSIDES = {LOW: "much upside", MEDIUM: "some upside", HIGH: "little upside"}
_APPETITES = {HIGH: "", MEDIUM: " but Medium appetite for change", LOW: " but Low appetite for change", NOT_RATED: ""}


def _wallet_text() -> Expr:
    rated = nw.concat_str(
        nw.lit("wallet share "),
        percent_text(nw.col("share")),
        named(nw.col("wallet_rating"), {code: f", {RATING_NAMES[code]}, {text}" for code, text in _UPSIDES.items()}
              | {NOT_RATED: "", LAGGARD: ""}),
        named(
            first_that_applies([(nw.col("wallet_rating") == HIGH, NOT_RATED)], nw.col("appetite_for_change")),
            _APPETITES,
        ),
        nw.lit("; "),
    )  # fmt: skip
    return first_that_applies([(nw.col("wallet_rating") == NOT_RATED, nw.lit("wallet share not rated; "))], rated)


def _profit_text(cuts: Cuts) -> Expr:
    rating = named(nw.col("profit_rating"), RATING_NAMES)
    target = "" if cuts.target_margin is None else f" against a target of {_percent(cuts.target_margin)}"
    with_margin = nw.concat_str(
        nw.lit("margin "), percent_text(nw.col("earned_margin")), nw.lit(f"{target}, "), rating
    )  # fmt: skip
    return first_that_applies(
        [
            (nw.col("profit_rating") == NOT_RATED, nw.lit("profitability not rated")),
            (nw.col("earned_margin").is_null(), nw.lit("profitability Laggard, it makes a loss")),
        ],
        with_margin,
    )


def _percent(fraction: float) -> str:
    return f"{fraction * 100:.1f}".removesuffix(".0") + " %"


def _gaps_sentence() -> Expr:
    code: Expr = nw.lit(0)
    for place, factor in enumerate(FACTORS):
        missing = factor.rating(PROFILE) == NOT_RATED
        code = code + nw.when(missing).then(nw.lit(2**place)).otherwise(nw.lit(0))
    sentences = {
        mask: _gaps([factor for place, factor in enumerate(FACTORS) if mask & 2**place])
        for mask in range(2 ** len(FACTORS))
    }
    return named(code, sentences)


def _gaps(factors: list[Factor]) -> str:
    if not factors:
        return ""
    names = listed([factor.name.lower() for factor in factors])
    return f" Provisional: {names} {'is' if len(factors) == 1 else 'are'} not rated."


def _moves_sentence(policy: Policy) -> Expr:
    moves = moves_in_use(policy)
    code: Expr = nw.col("starting_tier") * 2 ** len(moves)
    for place, move in enumerate(moves):
        code = code + nw.when(move.applies(PROFILE)).then(nw.lit(2**place)).otherwise(nw.lit(0))
    sentences = {
        starting * 2 ** len(moves) + mask: moves_text(
            starting, [move for place, move in enumerate(moves) if mask & 2**place], policy
        )
        for starting, mask in product((NOT_GRADED, C, B, A), range(2 ** len(moves)))
    }
    return named(code, sentences)


def moves_text(starting: int, moves: list[Move], policy: Policy) -> str:
    """What the moves that apply do to a client of a starting tier, as one sentence with a space before it."""
    if not moves or starting == NOT_GRADED:
        return ""
    ups = [move.reason for move in moves if move.step > 0]
    downs = [move.reason for move in moves if move.step < 0]
    net = sum(move.step for move in moves)
    most = policy.moves.max_move
    held = max(-most, min(net, most))
    tier = max(C, min(starting + held, A))
    direction, reasons, against = ("Up", ups, downs) if net > 0 else ("Down", downs, ups)
    if net == 0:
        return f" No move: up for {listed(ups)}, down for {listed(downs)}."
    text = listed(reasons) + (f", against {listed(against)}" if against else "")
    if held == 0:
        return f" No move, as the policy allows none: {text}."
    if tier == starting:
        end = "highest" if net > 0 else "lowest"
        return f" Stays at {TIER_NAMES[starting]}, the {end} tier: {text}."
    limit = f" (held to {_COUNTS[most]})" if abs(net) > most else ""
    return f" {direction} {_COUNTS[abs(tier - starting)]}{limit}: {text}."


def _floor_and_shed_sentence(policy: Policy) -> Expr:
    strategic = named(nw.col("strategic_rating"), RATING_NAMES)
    reason = shed_reason()
    held = held_by_floor(PROFILE, policy)
    lifted = nw.concat_str(nw.lit(" Lifted to B: strategic value is "), strategic, nw.lit("."))
    spared = nw.concat_str(
        nw.lit(" Not shed although "), reason, nw.lit(": strategic value is "), strategic, nw.lit(".")
    )  # fmt: skip
    floor = first_that_applies([(held & (nw.col("moved_tier") < B), lifted)], "")
    return first_that_applies(
        [
            (nw.col("meets_shed_rule") & held, nw.concat_str(floor, spared)),
            (nw.col("meets_shed_rule"), nw.concat_str(nw.lit(" To shed: "), reason, nw.lit("."))),
        ],
        floor,
    )


def shed_reason() -> Expr:
    """Why a client should go, as words; empty where no shed rule applies."""
    return first_that_applies([(rule.applies(PROFILE), rule.reason) for rule in SHED_RULES], "")


def _override_sentence() -> Expr:
    tier = named(nw.col("override_tier"), TIER_NAMES)
    until = nw.col("override_expires").dt.to_string("%Y-%m-%d").fill_null("")
    expires = first_that_applies(
        [(~nw.col("override_expires").is_null(), nw.concat_str(nw.lit(", until "), until))], ""
    )
    reason = first_that_applies(
        [(nw.col("override_reason").is_null(), ", no reason given")],
        nw.concat_str(nw.lit(": "), nw.col("override_reason").fill_null("")),
    )
    return first_that_applies(
        [
            (nw.col("overridden"), nw.concat_str(nw.lit(" Override to "), tier, reason, expires, nw.lit("."))),
            (
                nw.col("override_tier") != NOT_GRADED,
                nw.concat_str(nw.lit(" The override to "), tier, nw.lit(" ended on "), until, nw.lit(".")),
            ),
        ],
        "",
    )


# --- Next step -------------------------------------------------------------------------------------------------------

NO_STEP = "none"


@dataclass(frozen=True)
class Step:
    """A change of one rating by some levels in its better direction."""

    factor: Factor
    levels: int

    def changed(self) -> Expr:
        """The factor's rating after the step."""
        return self.factor.rating(PROFILE) + self.levels * self.factor.better

    def is_possible(self) -> Expr:
        """Whether the factor is rated and the scale goes on that far."""
        rating, changed = self.factor.rating(PROFILE), self.changed()
        low, high = sorted((self.factor.worst, self.factor.best))
        return (rating != NOT_RATED) & (changed >= low) & (changed <= high)

    def taken(self, clients: Frame) -> Frame:
        """The clients after the step; those who cannot take it stay as they are."""
        column = self.factor.column
        return clients.with_columns(
            nw.when(self.is_possible()).then(self.changed()).otherwise(nw.col(column)).alias(column)
        )

    def text(self, rating: int, tier: int) -> str:
        changed = rating + self.levels * self.factor.better
        names = (RATING_NAMES[rating], RATING_NAMES[changed])
        return f"{self.factor.name} from {names[0]} to {names[1]}: tier {TIER_NAMES[tier]}"


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


def with_next_step(clients: Frame, policy: Policy) -> Frame:
    """The clients with ``next_step``: the smallest change of one rating that raises the tier, or "none"."""
    ladder = steps(policy)
    known = clients.select(nw.col(*PROFILE_COLUMNS).cast(nw.Int64))
    stepped = (
        # All steps in one table, so that each rule runs once.
        nw.concat([step.taken(known) for step in ladder])
        .with_columns(score_then=score(PROFILE, policy))
        .with_columns(starting_then=starting_tier(nw.col("score_then"), PROFILE, policy))
        .select(tier=computed_tier(nw.col("starting_then"), PROFILE, policy))["tier"]
    )
    count = len(clients)
    after = {f"tier_after_{number}": stepped[number * count : (number + 1) * count] for number in range(len(ladder))}
    clients = clients.with_columns(**after)
    raised = [
        (nw.col(name) > nw.col("tier"), _step_code(number, step.factor.rating(PROFILE), nw.col(name)))
        for number, (name, step) in enumerate(zip(after, ladder, strict=True))
    ]
    code = first_that_applies([(nw.col("overridden"), -1), *raised], -1)
    texts = {-1: NO_STEP} | {
        _code(number, rating, tier): step.text(rating, tier)
        for number, step in enumerate(ladder)
        for rating in _ratings_before(step)
        for tier in (B, A)
    }
    return clients.with_columns(next_step=named(code, texts)).drop(list(after))


def _ratings_before(step: Step) -> list[int]:
    low, high = sorted((step.factor.worst, step.factor.best))
    return [rating for rating in range(low, high + 1) if low <= rating + step.levels * step.factor.better <= high]


def _code(number: int, rating: int, tier: int) -> int:
    return (number * 4 + rating) * 4 + tier


def _step_code(number: int, rating: Expr, tier: Expr) -> Expr:
    return (rating + number * 4) * 4 + tier
