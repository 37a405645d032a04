"""The Why of a client in plain sentences, from which a reader can work out its score and its tier.

Each distinct situation gets its sentence once, from plain functions; the clients then look their sentence up.
"""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import reduce
from itertools import product
from operator import or_

import narwhals as nw

from tierxl.method.expressions import (
    Expr,
    bits,
    day_text,
    filled,
    first_that_applies,
    named,
    phrases,
    reusable,
    whole_text,
    with_currency,
    with_thousands,
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
    YES,
    A,
    B,
    C,
)
from tierxl.method.money import before_digits
from tierxl.method.policy import Policy
from tierxl.method.rating.figures import PERCENT, Cut, Wording, exactly
from tierxl.method.rating.moves import SHED_RULES, Move, moves_in_use
from tierxl.method.rating.ratings import Cuts, margin_cuts, wallet_cuts
from tierxl.method.rating.retention import is_read_from_signs, with_signs_text
from tierxl.method.rating.score import FACTORS, PROFILE, Factor
from tierxl.method.table.clients import AnyFrame
from tierxl.method.words import listed, plural

_COUNTS = {1: "one", 2: "two"}


def with_own_words(rated: AnyFrame, cuts: Cuts, policy: Policy, as_of: date, currency: str = "") -> AnyFrame:
    """Rated clients, with their place among the revenues, and the texts that the *Why* has of each alone.

    That is ``revenue_text``, ``share_text``, ``margin_text``, ``signs_text`` and ``override_text``. Few clients are
    overridden, and in many lists no risk is read from signs, so in memory these texts are only made where one is.
    """
    rated = _with_revenue_text(rated, cuts, policy, currency)
    rated = Wording(nw.col("share"), wallet_cuts(policy), PERCENT).added_to(rated, "share_text")
    rated = _margins(cuts, policy).added_to(rated, "margin_text")
    if _any(rated, is_read_from_signs()):
        rated = with_signs_text(rated, policy, as_of).with_columns(signs_text())
    else:
        rated = rated.with_columns(signs_text=nw.lit(""))
    if _any(rated, nw.col("override_tier") != NOT_GRADED):
        return rated.with_columns(override_text())
    return rated.with_columns(override_text=nw.lit(""))


def _any(rated: AnyFrame, condition: Expr) -> bool:
    """True where some client meets a condition, and where the clients are not in memory."""
    return isinstance(rated, nw.LazyFrame) or bool(rated.select(condition.any()).item())


def _with_revenue_text(rated: AnyFrame, cuts: Cuts, policy: Policy, currency: str) -> AnyFrame:
    match policy.revenue.by:
        case "rank":
            rank = whole_text(nw.col("rank"))
            tied = [(nw.col("revenue") == tie.revenue, nw.lit(f" (shared by {tie.clients})")) for tie in cuts.ties]
            text = nw.concat_str(rank, first_that_applies(tied, "")) if tied else rank
            return rated.with_columns(revenue_text=text)
        case "share":
            shares = [Cut(policy.revenue.high_share), Cut(policy.revenue.medium_share)]
            return Wording(nw.col("larger_share"), shares, PERCENT, " %").added_to(rated, "revenue_text")
        case "amount":
            amounts = Wording(nw.col("revenue"), [Cut(cut) for cut in _amounts(cuts)])
            return amounts.added_to(rated, "revenue_text").with_columns(
                revenue_text=with_currency(with_thousands(nw.col("revenue_text")), currency)
            )


def _amounts(cuts: Cuts) -> list[float]:
    return [cut for cut in (cuts.high_revenue, cuts.medium_revenue) if cut is not None]


def _margins(cuts: Cuts, policy: Policy) -> Wording:
    """The margins against their target. One that is the portfolio's own is rounded where that misleads nobody."""
    margin, in_force = nw.col("earned_margin"), margin_cuts(cuts, policy)
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
    own = {name: _number_text(name) for name in ("revenue", "share", "margin", "signs")}
    own["override"] = nw.col("override_text")
    parts = (part for name, text in own.items() for part in (nw.col(f"until_{name}"), text))
    return nw.concat_str(*parts, nw.col("until_end"))


def _number_text(number: str) -> Expr:
    return first_that_applies([(nw.col(f"says_{number}"), nw.col(f"{number}_text"))], "")


_is_graded = nw.col("starting_tier") != NOT_GRADED
NUMBERS_IN_WHY = {
    "says_revenue": _is_graded,
    "says_share": _is_graded & (nw.col("wallet_rating") != NOT_RATED),
    "says_margin": _is_graded & (nw.col("profit_rating") != NOT_RATED) & (nw.col("knows_margin") == YES),
    "says_signs": nw.col("tier") != NOT_GRADED,
}
"""The columns that are true where the *Why* of a profile has a number of its clients."""
COMPOSED = ("until_revenue", "until_margin", "until_signs", "until_override")
"""The texts of :func:`wording` that are put together for each profile; the others are one of a few."""


@reusable()
def numbers_in_why() -> dict[str, Expr]:
    """The columns of :data:`NUMBERS_IN_WHY`."""
    return NUMBERS_IN_WHY


@reusable("grading", "moves", "points", "revenue")
def wording(policy: Policy) -> dict[str, Expr]:
    """The texts of a profile's *Why* around the numbers of its clients, from the columns of :data:`NUMBERS_IN_WHY`.

    ``until_share`` is not among them, as it names cuts of the portfolio: see :func:`until_share`.
    """
    says_share, says_margin = nw.col("says_share"), nw.col("says_margin")
    has_tier = _is_graded | nw.col("is_strategic")
    return {
        "until_revenue": _if_graded(_start(policy), _not_graded_sentence()),
        "until_margin": _if_graded(nw.concat_str(_after_share(says_share, policy), _before_margin(says_margin))),
        "until_signs": nw.concat_str(
            _if_graded(
                nw.concat_str(
                    _after_margin(says_margin),
                    named(
                        nw.col("strategic_rating"),
                        {code: f"; strategic value {name}" for code, name in _spoken.items()},
                    ),
                    named(nw.col("pain_rating"), {code: f"; pain {name})." for code, name in _spoken.items()}),
                )
            ),
            first_that_applies([(has_tier, _gaps_sentence())], ""),
        ),
        "until_override": nw.concat_str(
            _if_graded(_moves_sentence(policy)),
            first_that_applies([(has_tier | nw.col("overridden"), _floor_and_shed_sentence())], ""),
        ),
        "until_end": first_that_applies([(nw.col("tier") != NOT_GRADED, _tier_sentence())], ""),
    }


def until_share(cuts: Cuts, policy: Policy, currency: str) -> Expr:
    """The text of a profile's *Why* from the revenue of its clients until their share."""
    amounts = " and ".join(f"{before_digits(currency)}{Decimal(repr(cut)).normalize():,f}" for cut in _amounts(cuts))
    among = {"rank": f" of {cuts.ranked}", "share": "", "amount": f" against {amounts}"}[policy.revenue.by]
    rated = nw.col("says_share")
    return _if_graded(first_that_applies([(rated, f"{among}; wallet share ")], f"{among}; wallet share not rated; "))


def _if_graded(text: Expr, otherwise: Expr | str = "") -> Expr:
    return first_that_applies([(_is_graded, text)], otherwise)


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
    score = filled("score {}", nw.col("score_text"))
    place = {"rank": "rank ", "share": "larger clients bring ", "amount": ""}[policy.revenue.by]
    if policy.grading.method == "revenue":
        return filled(
            f"Starts at {{}} by revenue alone: {{}} ({{}}: revenue {{}}, {place}", starting, rating, score, rating
        )
    return filled(f"Starts at {{}}: {{}} (revenue {{}}, {place}", starting, score, rating)


_spoken = RATING_NAMES | {NOT_RATED: "not rated"}
_UPSIDES = {LOW: "much upside", MEDIUM: "some upside", HIGH: "little upside"}


def _after_share(says_share: Expr, policy: Policy) -> Expr:
    """The wallet rating, and the appetite and potential by which its upside counts, where it counts at all."""
    points = policy.points
    earned = {LOW: points.high, MEDIUM: points.medium, HIGH: points.low}
    rating = nw.col("wallet_rating")
    upside = named(
        rating,
        {code: f" %, {RATING_NAMES[code]}, {text}" for code, text in _UPSIDES.items()} | {NOT_RATED: "", LAGGARD: ""},
    )
    counts = reduce(or_, (rating == code for code, share in earned.items() if share), nw.lit(False))

    def where_it_counts(column: str, noun: str) -> Expr:
        texts = {code: f", {name} {noun}" for code, name in RATING_NAMES.items() if code > LAGGARD}
        level = first_that_applies([(counts, nw.col(column))], NOT_RATED)
        return named(level, texts | {NOT_RATED: "", LAGGARD: ""})

    potential = where_it_counts("potential", "potential")
    appetite = where_it_counts("appetite_for_change", "appetite for change")
    return first_that_applies([(says_share, nw.concat_str(upside, potential, appetite, nw.lit("; ")))], "")


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
    return phrases(bits(factor.rating(PROFILE) == NOT_RATED for factor in FACTORS), sentences)


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
    return phrases(code, sentences)


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
    reason = first_that_applies([(rule.applies(PROFILE), rule.reason) for rule in SHED_RULES], "")
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


@reusable()
def signs_text() -> Expr:
    """The signs from which the retention risk was read, with a space before them; empty where there are none."""
    risk = first_that_applies([(nw.col("retention_risk") == code, name) for code, name in RATING_NAMES.items()], "")
    sentence = filled(" Retention risk {}: {}.", risk, nw.col("signs"))
    return first_that_applies([(is_read_from_signs() & (nw.col("signs") != ""), sentence)], "")


@reusable()
def override_text() -> Expr:
    """The override with its reason, or the day on which it ended; empty where there is none."""
    tier = first_that_applies([(nw.col("override_tier") == code, name) for code, name in TIER_NAMES.items()], "")
    until = day_text(nw.col("override_expires")).fill_null("")
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
