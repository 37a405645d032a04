"""A profile: all that decides on a client and on the wording of its reasons, as one whole number.

Tier, action, score and next step depend on a few small whole numbers, not on the amounts behind them. Clients of the
same profile get the same ruling, so each profile is ruled on once, however many clients there are.
"""

from collections.abc import Mapping
from datetime import date

import narwhals as nw

from tierxl.method.expressions import Expr, first_that_applies
from tierxl.method.levels import HIGH, NO, NOT_GRADED, NOT_KNOWN, NOT_RATED, YES, A
from tierxl.method.rating.moves import is_overridden
from tierxl.method.rating.score import PROFILE_COLUMNS
from tierxl.method.table.clients import AnyFrame

_ANSWERS = ("high_touch", "marquee")
SCALES: Mapping[str, tuple[int, int]] = {
    **{column: (NOT_KNOWN, YES) if column in _ANSWERS else (NOT_RATED, HIGH) for column in PROFILE_COLUMNS},
    "override": (NOT_GRADED, A),
    "knows_margin": (NO, YES),
}
"""The columns of a profile, with the lowest and the highest number of each."""


def with_profile(rated: AnyFrame, as_of: date) -> AnyFrame:
    """Rated clients with ``overridden``, and with ``profile``, their number.

    ``override`` is the tier that the user has set and that still holds, else *Not graded*; ``knows_margin`` is a number
    for yes or no.
    """
    return (
        rated.with_columns(overridden=is_overridden(as_of))
        .with_columns(
            override=first_that_applies([(nw.col("overridden"), nw.col("override_tier"))], NOT_GRADED),
            knows_margin=first_that_applies([(nw.col("earned_margin").is_null(), NO)], YES),
        )
        .with_columns(profile=_number())
    )


def columns_of(profile: Expr) -> dict[str, Expr]:
    """The columns of a profile, out of its number."""
    return {column: (profile // unit) % _size(column) + SCALES[column][0] for column, unit in _UNITS.items()}


def changed(profile: Expr, column: str, by: int) -> Expr:
    """The profile with another number in one column, which must stay on its scale."""
    return profile + by * _UNITS[column]


def without_override(profile: Expr) -> Expr:
    """The profile as it is where nobody has set a tier."""
    beside = _UNITS["override"] * _size("override")
    return (profile // beside) * beside


def _size(column: str) -> int:
    lowest, highest = SCALES[column]
    return highest - lowest + 1


def _units() -> dict[str, int]:
    units, unit = {}, 1
    for column in reversed(list(SCALES)):
        units[column] = unit
        unit *= _size(column)
    return units


_UNITS = _units()
"""What one step on the scale of a column adds to the number."""


def _number() -> Expr:
    number: Expr = nw.lit(0, nw.Int64)
    for column, (lowest, _) in SCALES.items():
        number = number * _size(column) + (nw.col(column) - lowest)
    return number
