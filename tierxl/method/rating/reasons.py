"""The reasons in plain words: why a client has its tier, and the next step up.

Each distinct situation gets its sentence once, from plain functions; the clients then look their sentence up.
"""

from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import product

import narwhals as nw

from tierxl.method.expressions import Expr, bits, filled, first_that_applies, named, whole_text
from tierxl.method.levels import (
    HIGH,
    LAGGARD,
    LOW,
    MEDIUM,
    NOT_GRADED,
    NOT_RATED,
    RATING_NAMES,
    TIER_NAMES,
    YES,
    A,
    B,
    C,
)
from tierxl.method.policy import Policy
from tierxl.method.rating.decision import with_computed_tier
from tierxl.method.rating.figures import PERCENT, Wording, exactly
from tierxl.method.rating.moves import SHED_RULES, Move, moves_in_use
from tierxl.method.rating.ratings import Cuts, margin_cuts, wallet_cuts
from tierxl.method.rating.score import FACTORS, PROFILE, PROFILE_COLUMNS, Factor
from tierxl.method.table.clients import AnyFrame, Frame
from tierxl.method.words import listed, plural

_COUNTS = {1: "one", 2: "two"}


# --- Why -------------------------------------------------------------------------------------------------------------


def with_own_words(rated: AnyFrame, cuts: Cuts, policy: Policy) -> AnyFrame:
    """Rated clients, with their rank, and the texts that the *Why* has of each alone.

    That is ``rank_text``, ``share_text``, ``margin_text`` and ``override_text``. Few are overridden, so in memory that
    text is only made where one is.
    """
    rated = Wording(nw.col("share"), wallet_cuts(policy), PERCENT).added_to(rated, "share_text")
    rated = _margins(cuts, policy).added_to(rated, "margin_text")
    is_lazy = isinstance(rated, nw.LazyFrame)
    has_override = is_lazy or bool((rated["override_tier"] != NOT_GRADED).any())
    return rated.with_columns(
        rank_text=whole_text(nw.col("rank")), override_text=_override_sentence() if has_override else nw.lit("")
    )


def _margins(cuts: Cuts, policy: Policy) -> Wording:
    """The margins against their target. One that is the portfolio's own is rounded where that misleads nobody."""
    margin, in_force = nw.col("earned_margin"), margin_cuts(cuts)
    if cuts.target_margin is None:
        return Wording(margin, in_force, PERCENT, " %")
    exact = _percent(exactly(cuts.target_margin, unit=PERCENT))
    if policy.profit.target != "auto":
        return Wording(margin, in_force, PERCENT, f" % against a target of {exact}")
    *others, target = in_force
    rounded = f"{cuts.target_margin * 100:.1f}".removesuffix(".0")
    return Wording(
        margin,
        in_force,
        PERCENT,
        ending=f" % against a target of {rounded} %",
        rounded=[*others, replace(target, value=float(Decimal(rounded) / 100))],
        exact_ending=f" % against a target of {exact}",
    )


def _percent(text: str) -> str:
    return text.replace("%", " %")


def why() -> Expr:
    """The *Why* of a client: the wording of its profile around its own texts, as far as that has them."""
    own = {name: _number_text(name) for name in ("rank", "share", "margin")} | {"override": nw.col("override_text")}
    parts = (part for name, text in own.items() for part in (nw.col(f"until_{name}"), text))
    return nw.concat_str(*parts, nw.col("until_end"))


def _number_text(number: str) -> Expr:
    return first_that_applies([(nw.col(f"says_{number}"), nw.col(f"{number}_text"))], "")


_is_graded = nw.col("starting_tier") != NOT_GRADED
NUMBERS_IN_WHY = {
    "says_rank": _is_graded,
    "says_share": _is_graded & (nw.col("wallet_rating") != NOT_RATED),
    "says_margin": _is_graded & (nw.col("profit_rating") != NOT_RATED) & (nw.col("knows_margin") == YES),
}
"""The columns that are true where the *Why* of a profile has a number of its clients."""
COMPOSED = ("until_rank", "until_margin", "until_override")
"""The texts of :func:`wording` that are put together for each profile; the others are one of a few."""


def wording(cuts: Cuts, policy: Policy) -> dict[str, Expr]:
    """The texts of a profile's *Why* around the numbers of its clients, from the columns of :data:`NUMBERS_IN_WHY`."""
    is_graded, says_share, says_margin = map(nw.col, NUMBERS_IN_WHY)

    def if_graded(text: Expr, otherwise: Expr | str = "") -> Expr:
        return first_that_applies([(is_graded, text)], otherwise)

    return {
        "until_rank": if_graded(_start(policy), _not_graded_sentence()),
        "until_share": if_graded(_before_share(says_share, cuts)),
        "until_margin": if_graded(nw.concat_str(_after_share(says_share), _before_margin(says_margin))),
        "until_override": if_graded(
            nw.concat_str(
                _after_margin(says_margin),
                named(
                    nw.col("strategic_rating"), {code: f"; strategic value {name}" for code, name in _spoken.items()}
                ),
                named(nw.col("pain_rating"), {code: f"; pain {name})." for code, name in _spoken.items()}),
                _gaps_sentence(),
                _moves_sentence(policy),
                _floor_and_shed_sentence(),
            )
        ),
        "until_end": first_that_applies([(is_graded | nw.col("overridden"), _tier_sentence())], ""),
    }


def _tier_sentence() -> Expr:
    return named(nw.col("tier"), {code: f" Tier {name}." for code, name in TIER_NAMES.items()})


def _not_graded_sentence() -> Expr:
    return first_that_applies(
        [(nw.col("revenue_rating") == NOT_RATED, "Not graded: revenue is not known.")],
        "Not graded: no factor that is rated has a weight.",
    )


def _start(policy: Policy) -> Expr:
    starting = named(nw.col("starting_tier"), TIER_NAMES)
    rating = named(nw.col("revenue_rating"), RATING_NAMES)
    score = first_that_applies([(nw.col("score").is_null(), "no score")], filled("score {}", nw.col("score_text")))
    if policy.grading.method == "revenue":
        return filled("Starts at {} by revenue alone: {} ({}: revenue {}, rank ", starting, rating, score, rating)
    return filled("Starts at {}: {} (revenue {}, rank ", starting, score, rating)


_spoken = RATING_NAMES | {NOT_RATED: "not rated"}
_UPSIDES = {LOW: "much upside", MEDIUM: "some upside", HIGH: "little upside"}
_APPETITES = {HIGH: "", MEDIUM: " but Medium appetite for change", LOW: " but Low appetite for change", NOT_RATED: ""}


def _before_share(says_share: Expr, cuts: Cuts) -> Expr:
    of = f" of {cuts.ranked}; wallet share "
    return first_that_applies([(says_share, of)], f"{of}not rated; ")


def _after_share(says_share: Expr) -> Expr:
    upside = named(
        nw.col("wallet_rating"),
        {code: f" %, {RATING_NAMES[code]}, {text}" for code, text in _UPSIDES.items()} | {NOT_RATED: "", LAGGARD: ""},
    )
    appetite = named(
        first_that_applies([(nw.col("wallet_rating") == HIGH, NOT_RATED)], nw.col("appetite_for_change")),
        {code: f"{text}; " for code, text in _APPETITES.items()} | {LAGGARD: ""},
    )
    return first_that_applies([(says_share, nw.concat_str(upside, appetite))], "")


def _before_margin(says_margin: Expr) -> Expr:
    return first_that_applies(
        [(says_margin, "margin "), (nw.col("profit_rating") == NOT_RATED, "profitability not rated")],
        "profitability Laggard, it makes a loss",
    )


def _after_margin(says_margin: Expr) -> Expr:
    ratings = {code: f", {name}" for code, name in RATING_NAMES.items()}
    return first_that_applies([(says_margin, named(nw.col("profit_rating"), ratings))], "")


def _gaps_sentence() -> Expr:
    sentences = {
        mask: _gaps([factor for place, factor in enumerate(FACTORS) if mask & 2**place])
        for mask in range(2 ** len(FACTORS))
    }
    return named(bits(factor.rating(PROFILE) == NOT_RATED for factor in FACTORS), sentences)


def _gaps(factors: list[Factor]) -> str:
    if not factors:
        return ""
    names = listed([factor.name.lower() for factor in factors])
    return f" Provisional: {names} {plural(len(factors), 'is', 'are')} not rated."


def _moves_sentence(policy: Policy) -> Expr:
    moves = moves_in_use(policy)
    code = nw.col("starting_tier") * 2 ** len(moves) + bits(move.applies(PROFILE) for move in moves)
    sentences = {
        starting * 2 ** len(moves) + mask: moves_text(
            starting, [move for place, move in enumerate(moves) if mask & 2**place], policy
        )
        for starting, mask in product((NOT_GRADED, C, B, A), range(2 ** len(moves)))
    }
    return named(code, sentences)


def moves_text(starting: int, moves: list[Move], policy: Policy) -> str:
    """The sentence on the moves that apply to a client of a starting tier, with a space before it."""
    if not moves or starting == NOT_GRADED:
        return ""
    ups = [move.reason for move in moves if move.step > 0]
    downs = [move.reason for move in moves if move.step < 0]
    net = sum(move.step for move in moves)
    most = policy.moves.max_move
    step = max(-most, min(net, most))
    tier = max(C, min(starting + step, A))
    direction, reasons, against = ("Up", ups, downs) if net > 0 else ("Down", downs, ups)
    if net == 0:
        return f" No move: up for {listed(ups)}, down for {listed(downs)}."
    text = listed(reasons) + (f", against {listed(against)}" if against else "")
    if step == 0:
        return f" No move, as the policy allows none: {text}."
    if tier == starting:
        end = "highest" if net > 0 else "lowest"
        return f" Stays at {TIER_NAMES[starting]}, the {end} tier: {text}."
    limit = f" (held to {_COUNTS[most]})" if abs(net) > most else ""
    return f" {direction} {_COUNTS[abs(tier - starting)]}{limit}: {text}."


def _floor_and_shed_sentence() -> Expr:
    strategic = named(nw.col("strategic_rating"), RATING_NAMES)
    reason = shed_reason()
    is_strategic = nw.col("is_strategic")
    lifted = filled(" Lifted to B: strategic value is {}.", strategic)
    spared = filled(" Not shed although {}: strategic value is {}.", reason, strategic)
    floor = first_that_applies([(is_strategic & (nw.col("moved_tier") < B), lifted)], "")
    return first_that_applies(
        [
            (nw.col("meets_shed_rule") & is_strategic, nw.concat_str(floor, spared)),
            (nw.col("meets_shed_rule"), filled(" To shed: {}.", reason)),
        ],
        floor,
    )


def shed_reason() -> Expr:
    """The reason to shed a client, as text; empty where no shed rule applies."""
    return first_that_applies([(rule.applies(PROFILE), rule.reason) for rule in SHED_RULES], "")


def _override_sentence() -> Expr:
    tier = first_that_applies([(nw.col("override_tier") == code, name) for code, name in TIER_NAMES.items()], "")
    until = nw.col("override_expires").dt.to_string("%Y-%m-%d").fill_null("")
    expires = first_that_applies([(~nw.col("override_expires").is_null(), filled(", until {}", until))], "")
    reason = first_that_applies(
        [(nw.col("override_reason").is_null(), ", no reason given")],
        filled(": {}", nw.col("override_reason").fill_null("")),
    )
    return first_that_applies(
        [
            (nw.col("overridden"), filled(" Override to {}{}{}.", tier, reason, expires)),
            (nw.col("override_tier") != NOT_GRADED, filled(" The override to {} ended on {}.", tier, until)),
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


def with_next_step(decided: Frame, policy: Policy) -> Frame:
    """Decided profiles with ``next_step``: the smallest change of one rating that raises the tier, or "none".

    A step is only tried where it is possible and can raise the tier; all of them are decided in one table. The number
    of a step, the rating from which it is, and the tier that it leads to are the digits of a number, which has a text.

    Args:
        decided: the profiles as :func:`tierxl.method.rating.decision.decide` returns them, with their number.
        policy: the policy.
    """
    columns = "profile", "tier", *PROFILE_COLUMNS
    raisable = decided.filter(nw.col("tier") < A, ~nw.col("overridden")).select(*columns)
    texts, tried = {0: NO_STEP}, []
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
    return stepped.with_columns(next_step=named(nw.col("step").fill_null(0).cast(nw.Int64), texts)).drop("step")
