"""The profile of a client: the small whole numbers on which its tier, action, score and next step depend.

Clients of the same profile get the same ruling, whatever the amounts behind it. So each distinct profile is ruled on
once, however many clients there are, and its clients find the ruling by its number.
"""

from collections.abc import Sequence
from datetime import date
from functools import reduce

import narwhals as nw

from tierxl.method.expressions import Expr, first_that_applies, reusable
from tierxl.method.levels import NO, NOT_GRADED, YES
from tierxl.method.policy import Policy
from tierxl.method.rating.moves import is_overridden
from tierxl.method.rating.retention import retention_risk
from tierxl.method.rating.score import PROFILE_COLUMNS
from tierxl.method.table.clients import AnyFrame

COLUMNS = (*PROFILE_COLUMNS, "override", "knows_margin")
"""The columns of a profile, none of which is ever missing: what the method decides by, and what its wording needs."""

_FOUR = 4
"""Digits that a short whole number holds, which takes a quarter of the memory of a long one."""


def with_profile(rated: AnyFrame, policy: Policy, as_of: date) -> AnyFrame:
    """Rated clients with the columns of :data:`COLUMNS`, ``profile``, the number of these, and ``overridden``.

    ``retention_risk`` is the one that counts, as entered or read from its signs; ``entered_risk`` is the one entered.

    ``override`` is the tier that the user has set and that still holds, else *Not graded*; ``knows_margin`` is a number
    for yes or no. ``profile`` has a digit for each column, one more than its value: looking up one number is quicker
    than joining twelve columns, see ``benchmarks/README.md``.

    Args:
        rated: the clients as :func:`tierxl.method.rating.ratings.rate` returns them.
        policy: the policy.
        as_of: the day for which overrides are judged, and the last contact.
    """
    return rated.with_columns(_terms(policy, as_of)).with_columns(_profile())


@reusable("retention")
def _terms(policy: Policy, as_of: date) -> dict[str, Expr]:
    overridden = is_overridden(as_of)
    terms = {
        "retention_risk": retention_risk(policy, as_of),
        "override": first_that_applies([(overridden, nw.col("override_tier"))], NOT_GRADED),
        "knows_margin": first_that_applies([(nw.col("earned_margin").is_null(), NO)], YES),
    }
    small = {column: terms.get(column, nw.col(column)).cast(nw.Int8) for column in COLUMNS}
    return {"overridden": overridden, "entered_risk": nw.col("retention_risk"), **small}


@reusable()
def _profile() -> dict[str, Expr]:
    digits = [nw.col(column).cast(nw.Int16) + 1 for column in COLUMNS]
    fours = [_number(digits[at : at + _FOUR], 10).cast(nw.Int64) for at in range(0, len(digits), _FOUR)]
    return {"profile": _number(fours, 10**_FOUR)}


def _number(digits: Sequence[Expr], base: int) -> Expr:
    return reduce(lambda number, digit: number * base + digit, digits)


def distinct_profiles(clients: AnyFrame) -> AnyFrame:
    """The profiles of clients, each once: ``profile`` and its columns."""
    return clients.select("profile", *COLUMNS).unique("profile", keep="any")
