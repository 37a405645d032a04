"""The next step with each client: the first rule that fits, as a sentence with its date or its number."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import narwhals as nw

from tierxl.method.expressions import (
    Expr,
    bits,
    day_text,
    filled,
    first_that_applies,
    phrases,
    reusable,
    rounded_to,
    whole_text,
    with_thousands,
)
from tierxl.method.levels import HIGH, NOT_RATED, RATING_NAMES
from tierxl.method.money import before_digits
from tierxl.method.plan.due_dates import CONTACT, REVIEW, Appointment
from tierxl.method.policy import Policy
from tierxl.method.rating.grading import RATING_COLUMNS
from tierxl.method.rating.moves import GROW, PROTECT, SHED, has_action, has_top_tier
from tierxl.method.rating.moves import REVIEW as REVIEW_EXCEPTION
from tierxl.method.rating.retention import fallen, with_fall_text, with_signs_text
from tierxl.method.rating.score import FACTORS
from tierxl.method.table.clients import Frame
from tierxl.method.words import listed

FALL_TEXT = "fall_text"


def _as_they_are(lines: Frame, *_: object) -> Frame:
    return lines


@dataclass(frozen=True)
class NextStep:
    """A next step, and when it is the right one.

    Attributes:
        when: when it fits, in words.
        applies: the same, by the columns of the engagement plan.
        sentence: what to do, as text.
        source: where it comes from.
        worded: lines with the texts that the sentence takes from elsewhere.
    """

    when: str
    applies: Callable[[Policy], Expr]
    sentence: Callable[[Policy], Expr]
    source: str
    worded: Callable[[Frame, Policy, date], Frame] = _as_they_are


def _days_overdue(appointment: Appointment) -> Expr:
    days = nw.col(appointment.overdue)
    return nw.concat_str(
        with_thousands(whole_text(days)), first_that_applies([(days == 1, " day overdue")], " days overdue")
    )


def _due(appointment: Appointment) -> Expr:
    return day_text(nw.col(appointment.next))


def _is_due_first(appointment: Appointment) -> Expr:
    return (nw.col(appointment.next) == nw.col("due_first")).fill_null(False)


def _upside() -> Expr:
    """The upside in whole money; 0 where it is not known."""
    return rounded_to(nw.col("Upside"), 0)


_MOST_NAMED = 2
"""The most factors that a line of the plan has room to name."""


def _gaps() -> Expr:
    """The factors that are not rated, in words: by name, or how many they are."""
    headers = {column: header for header, column in RATING_COLUMNS.items()}
    not_rated = [nw.col(headers[factor.column]) == RATING_NAMES[NOT_RATED] for factor in FACTORS]
    names = [factor.name.lower() for factor in FACTORS]
    missing = {
        mask: [name for place, name in enumerate(names) if mask & 2**place] for mask in range(1, 2 ** len(names))
    }
    texts = {
        mask: listed(gaps) if len(gaps) <= _MOST_NAMED else f"{len(gaps)} missing ratings"
        for mask, gaps in missing.items()
    }
    return phrases(bits(not_rated), {0: "what it is rated by"} | texts)


NEXT_STEPS = (
    NextStep(
        "the action is Shed: the first way out",
        lambda _: has_action(SHED),
        lambda policy: nw.lit(policy.shed.exit_options[0]),
        "S2",
    ),
    NextStep(
        "the action is Review exception",
        lambda _: has_action(REVIEW_EXCEPTION),
        lambda _: nw.lit("Decide whether to keep it"),
        "S2",
    ),
    NextStep(
        "tier A or B, and neglected",
        lambda _: nw.col("neglected") & has_top_tier(),
        lambda _: filled("Call: {}", _days_overdue(CONTACT)),
        "S0",
    ),
    NextStep(
        "tier A or B, and the review meeting is overdue",
        lambda _: (nw.col(REVIEW.overdue) > 0) & has_top_tier(),
        lambda _: filled("Book the review: {}", _days_overdue(REVIEW)),
        "S0",
    ),
    NextStep(
        "the action is Protect, with the risk as your list has it",
        lambda _: has_action(PROTECT) & (nw.col("retention_risk") == HIGH),
        lambda _: nw.lit("Retention talk: the risk is High"),
        "S1",
    ),
    NextStep(
        "the action is Protect, with the risk read from its signs",
        lambda _: has_action(PROTECT),
        lambda _: filled("Retention talk: {}", nw.col("signs")),
        "S1",
        with_signs_text,
    ),
    NextStep(
        "revenue is down as far as the sign of retention risk says",
        fallen,
        lambda _: filled("Ask why revenue is down {} %", nw.col(FALL_TEXT)),
        "S2",
        lambda lines, policy, _: with_fall_text(lines, policy, FALL_TEXT),
    ),
    NextStep(
        "the action is Grow, and the upside is known",
        lambda _: has_action(GROW) & (_upside() > 0),
        lambda _: filled("Win {}{} of upside", nw.col("currency"), with_thousands(whole_text(_upside()))),
        "S2",
    ),
    NextStep(
        "the action is Grow, and the opportunity is High",
        lambda _: has_action(GROW) & (nw.col("opportunity") == HIGH),
        lambda _: nw.lit("Take the opportunity: it is High"),
        "S1",
    ),
    NextStep(
        "the action is Grow otherwise",
        lambda _: has_action(GROW),
        lambda _: nw.lit("Take the opportunity: its wallet share is Low"),
        "S2",
    ),
    NextStep(
        "provisional",
        lambda _: nw.col("Provisional") == "Yes",
        lambda _: filled("Fill in {}", _gaps()),
        "tierxl",
    ),
    NextStep(
        "the personal contact is next",
        lambda _: _is_due_first(CONTACT),
        lambda _: filled("Contact due {}", _due(CONTACT)),
        "S3",
    ),
    NextStep(
        "the review meeting is next",
        lambda _: _is_due_first(REVIEW),
        lambda _: filled("Review due {}", _due(REVIEW)),
        "S3",
    ),
    NextStep("neither has a date", lambda _: nw.lit(True), lambda _: nw.lit("No review or contact planned"), "S3"),
)
"""The next steps: a client takes the first that fits."""


def with_next_step(lines: Frame, policy: Policy, as_of: date, currency: str = "") -> Frame:
    """Lines of clients with ``next_step``, a sentence of :data:`NEXT_STEPS`.

    Args:
        lines: one line a client, in the order of their ``position``, with the columns of the engagement plan, those
            that the signs of retention risk are read from, ``opportunity`` and the graded columns.
        policy: the policy.
        as_of: the day of the plan.
        currency: the currency of the amounts.
    """
    lines = lines.with_columns(_rule(policy)).with_columns(currency=nw.lit(before_digits(currency)))
    parts = [
        NEXT_STEPS[at]
        .worded(lines.filter(nw.col("rule") == at), policy, as_of)
        .select("position", *_sentence(NEXT_STEPS[at], policy))
        for at in lines["rule"].unique().to_list()
    ]
    if not parts:
        return lines.drop("rule", "currency").with_columns(next_step=nw.lit(None, nw.String))
    return lines.drop("rule", "currency").with_columns(nw.concat(parts).sort("position")["next_step"])


@reusable("retention")
def _rule(policy: Policy) -> dict[str, Expr]:
    rules = [(rule.applies(policy), at) for at, rule in enumerate(NEXT_STEPS)]
    return {"rule": first_that_applies(rules, len(NEXT_STEPS) - 1)}


@reusable("shed")
def _sentence(rule: NextStep, policy: Policy) -> dict[str, Expr]:
    return {"next_step": rule.sentence(policy)}
