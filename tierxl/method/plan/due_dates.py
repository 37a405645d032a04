"""The days on which review meetings and personal contacts are due next.

They count from the last ones. Where a client has none beside clients who have, it is due at once; where the list has
none at all, nobody is, and the first ones are spread evenly.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

import narwhals as nw

from tierxl.method.expressions import Expr, as_written, days_between, decimal, filled, first_that_applies, reusable
from tierxl.method.levels import NOT_GRADED, TIER_NAMES
from tierxl.method.policy_sections import MOST_A_YEAR, PERSONAL_CONTACT, REVIEW_MEETING, Service
from tierxl.method.table.clients import Frame, Series

LAST, NONE_RECORDED, NOT_GIVEN = "last date", "none recorded", "not given"
"""The bases of due dates: a last date; none of the client, where others have one; none in the whole list."""

_FIRST = datetime(1, 1, 1)
LATEST = datetime(9900, 1, 1)
"""Nothing is due later: dates end with the year 9999."""
MOST_DAYS = 36_500
"""The longest rhythm: an appointment less often than once in a hundred years is never due."""


@dataclass(frozen=True)
class Appointment:
    """A service that carries due dates, with the names of its columns: of clients, and of the engagement plan."""

    service: str
    kind: str

    @property
    def own(self) -> str:
        """The field of a client's own rhythm."""
        return f"{self.kind}s_a_year"

    @property
    def last(self) -> str:
        """The field of the day on which it was last."""
        return f"last_{self.kind}"

    @property
    def rhythm(self) -> str:
        """The column of how often a year it is; missing where never."""
        return f"{self.kind}s_per_year"

    @property
    def basis(self) -> str:
        """The column of what its due date counts from."""
        return f"{self.kind}_basis"

    @property
    def next(self) -> str:
        """The column of the day on which it is due next."""
        return f"next_{self.kind}"

    @property
    def overdue(self) -> str:
        """The column of the days by which it is overdue."""
        return f"{self.kind}_overdue"


REVIEW, CONTACT = Appointment(REVIEW_MEETING, "review"), Appointment(PERSONAL_CONTACT, "contact")
APPOINTMENTS = (REVIEW, CONTACT)


# --- How often -------------------------------------------------------------------------------------------------------


def per_year(service: Service, own: str = "") -> Expr:
    """How often a year each client has a service: by its own rhythm, else by its tier; missing where never.

    Args:
        service: the service.
        own: the column of the client's own rhythm, if there is one; ``Tier`` stands beside it.
    """
    levels = {name: service.per_year(name) for code, name in TIER_NAMES.items() if code != NOT_GRADED}
    cases = [(nw.col("Tier") == name, decimal(often)) for name, often in levels.items() if often is not None]
    of_tier = first_that_applies(cases, nw.lit(None, nw.Float64))
    often = nw.coalesce(nw.col(own).clip(upper_bound=decimal(MOST_A_YEAR)), of_tier) if own else of_tier
    known: Expr = nw.when(often > 0).then(often)
    return known


def each_rhythm(lines: Frame, column: str, make: Callable[[Frame, Fraction], Frame]) -> Frame:
    """The lines that are made of those of each rhythm, below one another; none of those without one.

    Args:
        lines: the lines.
        column: how often a year.
        make: makes lines of those with one rhythm.
    """
    rhythms = sorted(lines[column].drop_nulls().unique().to_list())
    parts = [make(lines.filter(nw.col(column) == often), as_written(often)) for often in rhythms]
    return nw.concat(parts or [make(lines.head(0), Fraction(1))])


def _months_and_days(per_year: Fraction) -> tuple[int, int]:
    """The whole months from one time to the next, where the cadence divides the year, else 0; and the days."""
    months = 12 / per_year
    return int(months) if months.denominator == 1 else 0, max(int(Fraction(365) / per_year + Fraction(1, 2)), 1)


# --- When ------------------------------------------------------------------------------------------------------------


def next_due(last: Expr, per_year: Fraction) -> Expr:
    """The day on which a service is due next that happens so often a year, by the day on which it was last.

    Calendar months where the cadence divides the year, with the end of a month kept as the end of a month; else days.
    """
    months, days = _months_and_days(per_year)
    if days > MOST_DAYS:
        return nw.when(nw.lit(False)).then(last)
    if not months:
        return last.dt.offset_by(f"{days}d")
    after = last.dt.offset_by("1d")
    is_month_end = last.dt.month() != after.dt.month()
    month_end = after.dt.offset_by(f"{months}mo").dt.offset_by("-1d")
    return first_that_applies([(is_month_end, month_end)], last.dt.offset_by(f"{months}mo"))


def period(day: Expr, per_year: Fraction) -> Expr:
    """The stretch of months, or of days, that a day falls in, as text: a service is due once in each.

    What is due next after any day of a period is due in the period behind it.
    """
    months, days = _months_and_days(per_year)
    if months:
        number = (day.dt.year().cast(nw.Int64) * 12 + day.dt.month().cast(nw.Int64) - 1) // months * months
        return filled("month {}", number.cast(nw.String))
    since = days_between(nw.lit(_FIRST), day)
    return filled("day {}", (since // days * days).cast(nw.Int64).cast(nw.String))


@reusable()
def due(last: str, per_year: Fraction, as_of: datetime) -> Expr:
    """The days on which a service is due, each after the last one; on the as-of date where there is none."""
    start = nw.when(nw.col(last) < LATEST).then(nw.col(last))
    return nw.when(nw.col(last).is_null()).then(nw.lit(as_of)).otherwise(next_due(start, per_year))


def first_days(count: int, per_year: Fraction, as_of: datetime) -> list[datetime | None]:
    """The days on which clients are due first, of whom no last day is known, in their order: spread evenly.

    Args:
        count: how many clients have the service so often.
        per_year: how often that is.
        as_of: the day from which the days count.

    Returns:
        The day of each client: at place i it is floor(i times D by ``count``) days later, where D is a year's days by
        ``per_year``, rounded. None where that is never.
    """
    _, days = _months_and_days(per_year)
    if days > MOST_DAYS:
        return [None] * count
    calendar = [as_of + timedelta(offset) for offset in range(days + 1)]
    return [calendar[place * days // count] for place in range(1, count + 1)]


def next_days(lines: Frame, appointment: Appointment, as_of: datetime, *, is_given: bool) -> Series:
    """The day on which each client is due next, in the order of the lines; missing where it never is.

    Args:
        lines: one line a client, in the order of their ``position``, with the rhythm and the last day.
        appointment: what is due.
        as_of: the day of the plan.
        is_given: whether the list has a last day of any client.
    """

    def of_rhythm(alike: Frame, per_year: Fraction) -> Frame:
        if is_given:
            return alike.select("position", *due(appointment.last, per_year, as_of))
        days = first_days(len(alike), per_year, as_of)
        positions = alike.select("position")
        return positions.with_columns(nw.new_series("due", days, nw.Datetime("us"), backend=alike.implementation))

    known = lines.select("position", appointment.rhythm, appointment.last)
    never = known.filter(nw.col(appointment.rhythm).is_null())
    never = never.select("position", due=nw.lit(None, nw.Datetime("us")))
    return nw.concat([each_rhythm(known, appointment.rhythm, of_rhythm), never]).sort("position")["due"]
