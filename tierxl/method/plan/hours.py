"""The hours a year that clients need: by the service levels of their tier, and by a rhythm of their own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

import narwhals as nw

from tierxl.method.expressions import Expr, as_written, first_that_applies
from tierxl.method.plan.due_dates import APPOINTMENTS
from tierxl.method.plan.service import TIERS, is_served
from tierxl.method.policy import Policy
from tierxl.method.policy_sections import Service
from tierxl.method.table.managers import ASSISTANT, Manager
from tierxl.method.words import as_called

RHYTHM_FIELDS = {each.service: each.own for each in APPOINTMENTS}
"""The services that a client can have in a rhythm of its own, each with its field in the clients' table."""


class Need(NamedTuple):
    """The needs that clients share: their tier, and how often a year they get a service by a rhythm of their own.

    Attributes:
        tier: the tier, or why there is no service.
        reviews, contacts: review meetings and personal contacts a year; None where the tier says it.
    """

    tier: str
    reviews: float | None = None
    contacts: float | None = None

    @classmethod
    def of(cls, tier: str, *per_year: float | None) -> "Need":
        """The need of a client by its values in a frame, where pandas has NaN for what is missing."""
        return cls(tier, *(None if each != each else each for each in per_year))

    def own_rhythm(self) -> dict[str, Fraction]:
        """Occurrences a year of the services in a rhythm of their own."""
        own = zip(RHYTHM_FIELDS, (self.reviews, self.contacts), strict=True)
        return {service: as_written(per_year) for service, per_year in own if per_year is not None}


class Minutes(NamedTuple):
    """Minutes a year of a client's services: those by its account manager, and those by an assistant."""

    by_manager: Fraction
    by_assistant: Fraction

    @property
    def all(self) -> Fraction:
        """Both together."""
        return self.by_manager + self.by_assistant


def is_by_assistant(service: Service, tier: str) -> bool:
    """True where a tier gets a service by an assistant: its level says so."""
    return "by an assistant" in as_called(getattr(service, tier))


def minutes_per_client(need: Need, policy: Policy) -> Minutes:
    """Minutes a year that one client takes: over all services of its tier, how often times how long.

    A service without a length in this tier takes no minutes, however often a client has it.
    """
    own, minutes = need.own_rhythm(), {True: Fraction(0), False: Fraction(0)}
    for name, service in policy.services.items():
        per_year = own.get(name, service.per_year(need.tier) or Fraction(0))
        minutes[is_by_assistant(service, need.tier)] += per_year * (service.minutes(need.tier) or 0)
    return Minutes(by_manager=minutes[False], by_assistant=minutes[True])


def hours_per_client(tier: str, policy: Policy) -> float:
    """Hours a year that one client of a tier takes that has no rhythm of its own."""
    return float(minutes_per_client(Need(tier), policy).all / 60)


def hours_needed(tier: Expr, action: Expr, policy: Policy) -> Expr:
    """Hours a year that a client takes, beside the fields of :data:`RHYTHM_FIELDS`; none where it gets no service."""
    of_tier = [(tier == name, _hours_of_tier(name, policy)) for name in TIERS]
    return first_that_applies([(~is_served(tier, action), 0.0), *of_tier], 0.0)


def _hours_of_tier(tier: str, policy: Policy) -> Expr:
    """Hours a year that a client takes if it is of a tier."""
    minutes = nw.lit(float(minutes_per_client(Need(tier, 0, 0), policy).all))
    for name, field in RHYTHM_FIELDS.items():
        service = policy.services[name]
        per_year = nw.col(field).fill_null(float(service.per_year(tier) or 0))
        minutes = minutes + per_year * float(service.minutes(tier) or 0)
    return minutes / 60


@dataclass(frozen=True)
class Work:
    """The work for all clients, in minutes a year, and to whom it falls.

    Attributes:
        of_manager: the minutes of a client of each need that fall to its account manager.
        of_all: all minutes of a client of each need.
        shares: the minutes of services by an assistant that fall to each account manager, whoever has the clients.
            Assistants share them by their hours; where none has hours, these services fall to a client's own manager.
    """

    of_manager: Mapping[Need, Fraction]
    of_all: Mapping[Need, Fraction]
    shares: tuple[Fraction, ...]

    @classmethod
    def of(cls, clients: Mapping[Need, int], managers: Sequence[Manager], policy: Policy) -> "Work":
        """The work for so many clients of each need."""
        minutes = {need: minutes_per_client(need, policy) for need in clients if need.tier in TIERS}
        weights = [as_written(each.hours or 0) if each.seniority == ASSISTANT else Fraction(0) for each in managers]
        of_all = {need: each.all for need, each in minutes.items()}
        if not any(weights):
            return cls(of_all, of_all, tuple(weights))
        of_assistants = sum(clients[need] * each.by_assistant for need, each in minutes.items())
        shares = tuple(of_assistants * weight / sum(weights) for weight in weights)
        return cls({need: each.by_manager for need, each in minutes.items()}, of_all, shares)
