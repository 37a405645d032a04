"""The retention risk, and its signs: revenue has fallen, satisfaction is Low, and nobody was in touch for long."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import add, or_

import narwhals as nw

from tierxl.method.expressions import (
    RATIO_DECIMALS,
    Expr,
    days_before,
    days_between,
    filled,
    first_that_applies,
    midnight,
    ratio,
    reusable,
    whole_text,
)
from tierxl.method.levels import HIGH, LOW, MEDIUM, NOT_RATED
from tierxl.method.policy import Policy
from tierxl.method.rating.figures import PERCENT, Cut, Wording
from tierxl.method.table.clients import AnyFrame

FALL_TEXT, _SILENCE_TEXT = "_fall_text", "_silence_text"


def fall(now: str = "revenue", before: str = "previous_revenue") -> Expr:
    """The fraction by which revenue is below what it was, if that was above 0; below 0 where it rose, else missing.

    Args:
        now: the column with the revenue.
        before: the column with what it was.
    """
    previous = nw.col(before)
    lost: Expr = nw.when(previous > 0).then((previous - nw.col(now)) / previous)
    return ratio(lost)


def fallen_cut(policy: Policy) -> Cut:
    """The fall of revenue from which it is a sign."""
    return Cut(round(policy.retention.revenue_down, RATIO_DECIMALS))


def fallen(policy: Policy) -> Expr:
    """True where revenue is so far below previous revenue that it is a sign; never missing."""
    falls: Expr = fallen_cut(policy).is_passed_by(fall())
    return falls.fill_null(False)


def is_silent(policy: Policy, as_of: date) -> Expr:
    """True where the last contact is more days ago than the policy's limit; never missing."""
    since = days_before(as_of, policy.retention.silent_days)
    return (nw.col("last_contact") < since).fill_null(False)


@dataclass(frozen=True)
class Sign:
    """A sign that a client may leave.

    Attributes:
        name: what it looks at.
        applies: where the sign is there; never missing.
        is_measured: where the list says enough to tell; never missing.
        text: the sign with its number, as text.
        source: where it comes from.
    """

    name: str
    applies: Callable[[Policy, date], Expr]
    is_measured: Callable[[], Expr]
    text: Expr
    source: str


SIGNS = (
    Sign(
        "revenue",
        lambda policy, _: fallen(policy),
        lambda: ~fall().is_null(),
        filled("revenue down {} %", nw.col(FALL_TEXT)),
        "tierxl",
    ),
    Sign(
        "satisfaction",
        lambda *_: nw.col("satisfaction") == LOW,
        lambda: nw.col("satisfaction") != NOT_RATED,
        nw.lit("satisfaction Low"),
        "S1",
    ),
    Sign(
        "contact",
        is_silent,
        lambda: ~nw.col("last_contact").is_null(),
        filled("no contact for {} days", nw.col(_SILENCE_TEXT)),
        "S1",
    ),
)


def retention_risk(policy: Policy, as_of: date) -> Expr:
    """The retention risk as entered, else by the number of its signs; not known where none of these is measured."""
    entered = nw.col("retention_risk")
    if policy.retention.derive == "off":
        return entered
    signs = reduce(add, (sign.applies(policy, as_of).cast(nw.Int8) for sign in SIGNS))
    return first_that_applies(
        [
            (entered != NOT_RATED, entered),
            (~reduce(or_, (sign.is_measured() for sign in SIGNS)), NOT_RATED),
            (signs >= policy.retention.high_signs, HIGH),
            (signs >= policy.retention.medium_signs, MEDIUM),
        ],
        LOW,
    )


@reusable("retention")
def risks(policy: Policy, as_of: date) -> dict[str, Expr]:
    """The column ``risk``: the retention risk of each client."""
    return {"risk": retention_risk(policy, as_of)}


def is_read_from_signs() -> Expr:
    """True where the retention risk that counts was read from its signs, of clients that have both risks."""
    return (nw.col("entered_risk") == NOT_RATED) & (nw.col("retention_risk") != NOT_RATED)


def with_fall_text(clients: AnyFrame, policy: Policy, name: str) -> AnyFrame:
    """Clients with the per cent of :func:`fall` as a column of text, without a sign, on the right side of its cut."""
    return Wording(fall(), [fallen_cut(policy)], PERCENT).added_to(clients, name)


def with_signs_text(clients: AnyFrame, policy: Policy, as_of: date) -> AnyFrame:
    """Clients with ``signs``: those that apply, such as ``revenue down 34 %, satisfaction Low``; empty without one."""
    worded = with_fall_text(clients, policy, FALL_TEXT).with_columns(_silence_text(as_of))
    return worded.with_columns(_signs(policy, as_of)).drop(FALL_TEXT, _SILENCE_TEXT)


@reusable()
def _silence_text(as_of: date) -> dict[str, Expr]:
    return {_SILENCE_TEXT: whole_text(days_between(nw.col("last_contact"), nw.lit(midnight(as_of))))}


@reusable("retention")
def _signs(policy: Policy, as_of: date) -> dict[str, Expr]:
    signs = (first_that_applies([(sign.applies(policy, as_of), filled(", {}", sign.text))], "") for sign in SIGNS)
    return {"signs": nw.concat_str(*signs).str.slice(2)}
