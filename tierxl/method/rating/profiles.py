"""The profile of a client: the small whole numbers on which its tier, action, score and next step depend.

Clients of the same profile get the same ruling, whatever the amounts behind it. So each distinct profile is ruled on
once, however many clients there are, and joined to its clients by its columns.
"""

from datetime import date

import narwhals as nw

from tierxl.method.expressions import first_that_applies
from tierxl.method.levels import NO, NOT_GRADED, YES
from tierxl.method.rating.moves import is_overridden
from tierxl.method.rating.score import PROFILE_COLUMNS
from tierxl.method.table.clients import AnyFrame

KEY = [*PROFILE_COLUMNS, "override", "knows_margin"]
"""The columns of a profile, none of which is ever missing: what the method decides by, and what its wording needs."""


def with_profile(rated: AnyFrame, as_of: date) -> AnyFrame:
    """Rated clients with ``overridden`` and the columns of :data:`KEY`, which are of one small type.

    ``override`` is the tier that the user has set and that still holds, else *Not graded*; ``knows_margin`` is a number
    for yes or no.

    Args:
        rated: the clients as :func:`tierxl.method.rating.ratings.rate` returns them.
        as_of: the day for which overrides are judged.
    """
    return (
        rated.with_columns(overridden=is_overridden(as_of))
        .with_columns(
            override=first_that_applies([(nw.col("overridden"), nw.col("override_tier"))], NOT_GRADED),
            knows_margin=first_that_applies([(nw.col("earned_margin").is_null(), NO)], YES),
        )
        .with_columns(nw.col(*KEY).cast(nw.Int8))
    )
