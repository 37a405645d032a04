"""The engagement plan: due dates by the services of each tier, neglected clients, distinct levels."""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise

import narwhals as nw

from tierxl.method.expressions import Expr, days_between, filled, first_that_applies, midnight
from tierxl.method.levels import NOT_GRADED, TIER_NAMES, A, B, C
from tierxl.method.policy import Policy
from tierxl.method.policy_sections import PERSONAL_CONTACT, REVIEW_MEETING, Service
from tierxl.method.rating.grading import Grading
from tierxl.method.rating.moves import SHED
from tierxl.method.table.clients import Frame
from tierxl.method.words import counted, plural

TIERS = (TIER_NAMES[A], TIER_NAMES[B], TIER_NAMES[C])
_FIRST = datetime(1, 1, 1)
LATEST = datetime(9900, 1, 1)
"""Nothing is due later: dates end with the year 9999."""


def next_due(last: Expr, per_year: Fraction) -> Expr:
    """The day on which a service is due next that happens so often a year, by the day on which it was last.

    Calendar months where the cadence divides the year, with the end of a month kept as the end of a month; else days.
    """
    months, days = _rhythm(per_year)
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
    months, days = _rhythm(per_year)
    if months:
        number = (day.dt.year().cast(nw.Int64) * 12 + day.dt.month().cast(nw.Int64) - 1) // months * months
        return filled("month {}", number.cast(nw.String))
    since = days_between(nw.lit(_FIRST), day)
    return filled("day {}", (since // days * days).cast(nw.String))


def _rhythm(per_year: Fraction) -> tuple[int, int]:
    """The whole months from one time to the next, where the cadence divides the year, else 0; and the days."""
    months = 12 / per_year
    return int(months) if months.denominator == 1 else 0, int(Fraction(365) / per_year + Fraction(1, 2))


@lru_cache(maxsize=1)
def engagement_plan(grading: Grading) -> Frame:
    """One line a client with a tier that is not to be shed, what is due first at the top; kept for the latest grading.

    Returns:
        Columns ``position`` (in the user's table), ``client``, ``client_id``, ``account_manager``, ``last_contact``,
        ``last_review``, ``Tier``, ``Action``, ``next_review``, ``next_contact`` and ``due_first`` (dates; missing where
        the tier does not get the service), ``review_overdue`` and ``contact_overdue`` (days, at least 0),
        ``never_reviewed``, ``never_contacted`` and ``neglected`` (true or false; a client is neglected when personal
        contact is overdue).
    """
    as_of = midnight(grading.as_of)
    fields = ("client", "client_id", "account_manager", "client_since", "last_contact", "last_review")
    plan = grading.lines(*fields).select(*fields, "Tier", "Action").with_row_index("position")
    plan = plan.filter(is_served(nw.col("Tier"), nw.col("Action")))
    services = grading.policy.services
    return (
        plan.with_columns(
            next_review=next_of_service("last_review", services[REVIEW_MEETING], as_of),
            next_contact=next_of_service("last_contact", services[PERSONAL_CONTACT], as_of),
            never_reviewed=nw.col("last_review").is_null() & nw.col("client_since").is_null(),
            never_contacted=nw.col("last_contact").is_null() & nw.col("client_since").is_null(),
        )
        .with_columns(
            review_overdue=_overdue("next_review", as_of),
            contact_overdue=_overdue("next_contact", as_of),
            due_first=nw.min_horizontal("next_review", "next_contact"),
        )
        .with_columns(neglected=nw.col("contact_overdue") > 0)
        .sort("due_first", "position", nulls_last=True)
        .drop("client_since")
    )


def is_served(tier: Expr, action: Expr) -> Expr:
    """True where a client gets the services of its tier: it has one, and is not to be shed."""
    return ((tier != TIER_NAMES[NOT_GRADED]) & (action != SHED)).fill_null(False)


def next_of_service(last: str, service: Service, as_of: datetime) -> Expr:
    """The day on which each client is due next for a service, by its tier; missing where that has no cadence.

    Due on the as-of date where neither the last date nor ``client_since`` is known.

    Args:
        last: the column of the day on which it happened last; ``client_since`` and ``Tier`` stand beside it.
        service: the service.
        as_of: the day of the plan.
    """
    known = first_that_applies([(~nw.col(last).is_null(), nw.col(last))], nw.col("client_since"))
    start = nw.when(known < LATEST).then(known)
    due: Expr = nw.lit(None, nw.Datetime("us"))
    for tier in TIERS:
        per_year = service.per_year(tier)
        if per_year is not None:
            of_tier = nw.when(known.is_null()).then(nw.lit(as_of)).otherwise(next_due(start, per_year))
            due = nw.when(nw.col("Tier") == tier).then(of_tier).otherwise(due)
    return due


def _overdue(due: str, as_of: datetime) -> Expr:
    return days_between(nw.col(due), nw.lit(as_of)).clip(0).fill_null(0).cast(nw.Int64)


# --- Neglected clients ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Neglect:
    """The clients who wait for personal contact.

    Attributes:
        clients: the lines of the engagement plan of clients who are neglected or were never contacted: tier A first,
            within a tier the most overdue first.
        by_manager: columns ``account_manager`` (missing for clients without one), ``A``, ``B``, ``C`` (neglected
            clients of the tier), ``neglected`` and ``never_contacted``; whoever neglects the best clients first.
        neglected: how many clients are neglected.
        never_contacted: how many were never contacted; these are due, and not overdue.
    """

    clients: Frame
    by_manager: Frame
    neglected: int
    never_contacted: int

    @property
    def sentence(self) -> str:
        if not self.neglected and not self.never_contacted:
            return "Nobody is neglected: every client has heard from you as often as its tier says."
        count, never = self.neglected, self.never_contacted
        who = f"{counted(count, 'client')} {plural(count, 'is', 'are')}" if count else "No client is"
        others = f", and {never:,} {plural(never, 'was', 'were')} never contacted" if never else ""
        return f"{who} neglected: personal contact is overdue{others}." if count else f"{who} neglected{others}."


def neglect(plan: Frame) -> Neglect:
    """The clients of an engagement plan who wait for personal contact.

    Args:
        plan: the engagement plan, see :func:`engagement_plan`.
    """
    never = nw.col("never_contacted") & ~nw.col("next_contact").is_null()
    clients = plan.filter(nw.col("neglected") | never)
    clients = clients.sort("Tier", "contact_overdue", "position", descending=[False, True, False])
    is_neglected = nw.col("neglected")
    counts = {
        **{tier: is_neglected & (nw.col("Tier") == tier) for tier in TIERS},
        "neglected": is_neglected,
        "never_contacted": ~is_neglected,
    }
    counts = {name: of.cast(nw.Int64) for name, of in counts.items()}
    by_manager = clients.select("account_manager", **counts).group_by("account_manager").agg(nw.col(*counts).sum())
    by_manager = by_manager.sort(*counts, "account_manager", descending=[True] * len(counts) + [False])
    neglected = int(clients["neglected"].sum())
    return Neglect(clients, by_manager, neglected, len(clients) - neglected)


# --- Distinct levels -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class DistinctLevels:
    """The comparison of the services of two neighbouring tiers.

    Attributes:
        upper, lower: the tiers.
        same: the services that both get alike.
        different: how many services differ.
        more_often_below: the services that the lower tier gets more often.
        enough: whether enough services differ, by the policy.
    """

    upper: str
    lower: str
    same: tuple[str, ...]
    different: int
    more_often_below: tuple[str, ...]
    enough: bool

    @property
    def sentence(self) -> str:
        of = self.different + len(self.same)
        verdict = "distinct" if self.enough else "too much alike"
        return f"Tiers {self.upper} and {self.lower} differ in {self.different} of {of} services: {verdict}."


def distinct_levels(policy: Policy) -> list[DistinctLevels]:
    """The comparisons of the service levels of neighbouring tiers, A and B first."""
    return [_compared(upper, lower, policy) for upper, lower in pairwise(TIERS)]


def _compared(upper: str, lower: str, policy: Policy) -> DistinctLevels:
    services = policy.services

    def level(service: Service, tier: str) -> str:
        return " ".join(str(getattr(service, tier)).casefold().split())

    same = tuple(name for name, service in services.items() if level(service, upper) == level(service, lower))
    more_often_below = tuple(
        name for name, service in services.items() if (service.per_year(lower) or 0) > (service.per_year(upper) or 0)
    )
    different = len(services) - len(same)
    enough = different >= Fraction(repr(policy.distinct.differ_in)) * len(services)
    return DistinctLevels(upper, lower, same, different, more_often_below, enough)
