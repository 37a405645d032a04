"""The engagement plan: what is due when and the next step of each client, neglected clients, distinct levels."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import pairwise

import narwhals as nw

from tierxl.method.expressions import Expr, as_written, days_between, first_that_applies, midnight, reusable
from tierxl.method.levels import NOT_GRADED, TIER_NAMES, A, B, C
from tierxl.method.plan.due_dates import (
    APPOINTMENTS,
    CONTACT,
    LAST,
    NONE_RECORDED,
    NOT_GIVEN,
    Appointment,
    next_days,
    per_year,
)
from tierxl.method.plan.next_steps import with_next_step
from tierxl.method.policy import Policy
from tierxl.method.rating.grading import Grading
from tierxl.method.rating.moves import SHED, has_action
from tierxl.method.table.clients import Frame
from tierxl.method.words import as_called, counted, plural

TIERS = (TIER_NAMES[A], TIER_NAMES[B], TIER_NAMES[C])


@lru_cache(maxsize=1)
def engagement_plan(grading: Grading) -> Frame:
    """One line a client with a tier that is not to be shed, by tier, then by days overdue; kept for the latest grading.

    Returns:
        Columns ``position`` (in the user's table), ``client``, ``client_id``, ``account_manager``, ``revenue``,
        ``preferred_contact``, ``Tier``, ``Action``, ``last_review``, ``last_contact``; of both reviews and contacts the
        columns that :class:`tierxl.method.plan.due_dates.Appointment` names: the client's own rhythm, how often a year,
        what the due date counts from, ``next_review`` and ``next_contact`` (dates; missing where the client does not
        get the service), ``review_overdue`` and ``contact_overdue`` (days, at least 0); ``due_first`` (a date),
        ``overdue`` (the larger of the two), ``neglected`` (true or false: personal contact is overdue by more than the
        policy's grace) and ``next_step`` (text).
    """
    return _lines_of_all(grading).filter(nw.col("Action") != SHED)


def clients_to_shed(grading: Grading) -> Frame:
    """One line a client to shed, with the columns of the engagement plan, the largest revenue first."""
    return _lines_of_all(grading).filter(has_action(SHED))


@lru_cache(maxsize=1)
def _lines_of_all(grading: Grading) -> Frame:
    """The lines of all clients with a tier; of those to shed nothing is due."""
    policy, as_of = grading.policy, midnight(grading.as_of)
    lines = grading.lines(*_FIELDS).with_row_index("position").filter(nw.col("Tier") != TIER_NAMES[NOT_GRADED])
    lines = lines.with_columns(nw.col("Action").fill_null(""))
    for each in APPOINTMENTS:
        lines = lines.with_columns(rhythm(each, policy))
        is_given = not grading.clients.table[each.last].is_null().all()
        due = next_days(lines, each, as_of, is_given=is_given).alias(each.next)
        lines = lines.with_columns(due).with_columns(standing(each, as_of, is_given=is_given))
    lines = lines.with_columns(first_due(policy))
    lines = with_next_step(lines, policy, grading.as_of, grading.clients.currency)
    first = dict.fromkeys(("Tier", "overdue", "revenue", "position"), False) | {"overdue": True, "revenue": True}
    return lines.select(*_COLUMNS).sort(*first, descending=list(first.values()), nulls_last=True)


@reusable("services")
def rhythm(appointment: Appointment, policy: Policy) -> dict[str, Expr]:
    often = per_year(policy.services[appointment.service], appointment.own)
    return {appointment.rhythm: nw.when(is_served(nw.col("Tier"), nw.col("Action"))).then(often)}


@reusable()
def standing(appointment: Appointment, as_of: datetime, *, is_given: bool) -> dict[str, Expr]:
    return {
        appointment.basis: _basis(appointment, is_given=is_given),
        appointment.overdue: days_between(nw.col(appointment.next), nw.lit(as_of)).clip(0).fill_null(0).cast(nw.Int64),
    }


@reusable("plan")
def first_due(policy: Policy) -> dict[str, Expr]:
    return {
        "due_first": nw.min_horizontal(*(each.next for each in APPOINTMENTS)),
        "overdue": nw.max_horizontal(*(each.overdue for each in APPOINTMENTS)),
        "neglected": nw.col(CONTACT.overdue) > policy.plan.grace_days,
    }


_FIELDS = (
    "client", "client_id", "account_manager", "revenue", "previous_revenue", "satisfaction", "retention_risk",
    "opportunity", "preferred_contact", *(each.own for each in APPOINTMENTS), *(each.last for each in APPOINTMENTS),
)  # fmt: skip
_COLUMNS = (
    "position", "client", "client_id", "account_manager", "revenue", "preferred_contact", "Tier", "Action",
    *(name for each in APPOINTMENTS
      for name in (each.last, each.own, each.rhythm, each.basis, each.next, each.overdue)),
    "due_first", "overdue", "neglected", "next_step",
)  # fmt: skip


def is_served(tier: Expr, action: Expr) -> Expr:
    """True where a client gets the services of its tier: it has one, and is not to be shed."""
    return ((tier != TIER_NAMES[NOT_GRADED]) & (action != SHED)).fill_null(False)


def _basis(appointment: Appointment, *, is_given: bool) -> Expr:
    """The basis that the due date of each client counts from."""
    if not is_given:
        return nw.lit(NOT_GIVEN)
    return first_that_applies([(nw.col(appointment.last).is_null(), NONE_RECORDED)], LAST)


def is_not_recorded(appointment: Appointment) -> Expr:
    """True where an appointment is due since none is recorded, though the list has those of other clients."""
    return (nw.col(appointment.basis) == NONE_RECORDED) & ~nw.col(appointment.next).is_null()


def has_last_dates(plan: Frame, appointment: Appointment) -> bool:
    """True where the list has the last dates that due dates count from, and for a plan of nobody."""
    return not (plan[appointment.basis] == NOT_GIVEN).any()


def first_dates(plan: Frame) -> str:
    """The sentence on dates that do not count from a last one, since the list has none; empty where it has both.

    Args:
        plan: the engagement plan, see :func:`engagement_plan`.
    """
    missing = [each for each in APPOINTMENTS if not has_last_dates(plan, each)]
    if not missing:
        return ""
    columns = " and no ".join(f"Last {each.kind}" for each in missing)
    what = " and ".join(f"{each.kind}s" for each in missing)
    return f"Your list has no {columns}: the first {what} are spread evenly, and none is overdue."


# --- Neglected clients ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Neglect:
    """The clients who wait for personal contact.

    Attributes:
        clients: the lines of the engagement plan of clients who are neglected or have no contact recorded: tier A
            first, within a tier the most overdue first.
        by_manager: columns ``account_manager`` (missing for clients without one), ``A``, ``B``, ``C`` (neglected
            clients of the tier), ``neglected`` and ``not_recorded``; whoever neglects the best clients first.
        neglected: how many clients are neglected.
        not_recorded: how many have no contact recorded, though others have; these are due, and not overdue.
        is_known: whether the list has the last contact of any client.
    """

    clients: Frame
    by_manager: Frame
    neglected: int
    not_recorded: int
    is_known: bool

    @property
    def sentence(self) -> str:
        if not self.is_known:
            return "Your list has no Last contact, so nobody can be called neglected."
        if not self.neglected and not self.not_recorded:
            return "Nobody is neglected: every client has heard from you as often as it should."
        count, without = self.neglected, self.not_recorded
        who = f"{counted(count, 'client')} {plural(count, 'is', 'are')}" if count else "No client is"
        others = (
            f"; {counted(without, 'client')} {plural(without, 'has', 'have')} no contact recorded" if without else ""
        )
        return f"{who} neglected: personal contact is overdue{others}." if count else f"{who} neglected{others}."


def neglect(plan: Frame) -> Neglect:
    """The clients of an engagement plan who wait for personal contact.

    Args:
        plan: the engagement plan, see :func:`engagement_plan`.
    """
    clients = plan.filter(nw.col("neglected") | is_not_recorded(CONTACT))
    clients = clients.sort("Tier", CONTACT.overdue, "position", descending=[False, True, False])
    is_neglected = nw.col("neglected")
    counts = {
        **{tier: is_neglected & (nw.col("Tier") == tier) for tier in TIERS},
        "neglected": is_neglected,
        "not_recorded": ~is_neglected,
    }
    counts = {name: of.cast(nw.Int64) for name, of in counts.items()}
    by_manager = clients.select("account_manager", **counts).group_by("account_manager").agg(nw.col(*counts).sum())
    by_manager = by_manager.sort(*counts, "account_manager", descending=[True] * len(counts) + [False])
    neglected = int(clients["neglected"].sum())
    return Neglect(clients, by_manager, neglected, len(clients) - neglected, has_last_dates(plan, CONTACT))


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
    same = tuple(
        name
        for name, service in services.items()
        if as_called(getattr(service, upper)) == as_called(getattr(service, lower))
    )
    more_often_below = tuple(
        name for name, service in services.items() if (service.per_year(lower) or 0) > (service.per_year(upper) or 0)
    )
    different = len(services) - len(same)
    enough = different >= as_written(policy.distinct.differ_in) * len(services)
    return DistinctLevels(upper, lower, same, different, more_often_below, enough)
