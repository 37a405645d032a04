"""The capacity of the team: hours that clients need, hours that account managers have, and flags."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import narwhals as nw

from tierxl.method.expressions import first_that_applies
from tierxl.method.levels import NOT_GRADED, TIER_NAMES, A, C
from tierxl.method.plan.hours import RHYTHM_FIELDS, Need, Work
from tierxl.method.plan.service import TIERS
from tierxl.method.policy import Policy
from tierxl.method.rating.figures import PERCENT, Cut, beside
from tierxl.method.rating.grading import Grading
from tierxl.method.rating.moves import SHED
from tierxl.method.table import cells
from tierxl.method.table.clients import Frame, Series
from tierxl.method.table.managers import SENIOR, Manager, hours_known
from tierxl.method.words import as_called, counted, did_you_mean, listed, plural, whole

NAMED = 3
"""The most clients or account managers that a flag names; of the others it says how many there are."""

_TO_SHED, _UNGRADED, _NOBODY = "to shed", TIER_NAMES[NOT_GRADED], ""


@dataclass(frozen=True)
class TierLoad:
    """The clients of one tier who get its service, and the hours a year that this takes."""

    tier: str
    clients: int
    hours: float


@dataclass(frozen=True)
class Load:
    """The load of an account manager, or of the whole team, and the hours available.

    Attributes:
        name: the account manager, as on the sheet Account managers, else as the clients have it.
        manager: the account manager's line on that sheet; None where there is none.
        tiers: clients and hours of each tier, A first. Clients to shed get no service and so no hours.
        to_shed: how many clients are to be shed.
        ungraded: how many clients have no tier, so that their hours are not known.
        hours: hours a year that there are; None where they are not known.
        by_assistant: hours a year of the services by an assistant that fall to this Assistant, whoever has the clients.
    """

    name: str
    manager: Manager | None
    tiers: tuple[TierLoad, ...]
    to_shed: int
    ungraded: int
    hours: float | None
    by_assistant: float = 0.0

    @property
    def clients(self) -> int:
        """The number of clients, with those who get no service."""
        return sum(tier.clients for tier in self.tiers) + self.to_shed + self.ungraded

    @property
    def needed(self) -> float:
        """Hours a year that are needed: for the clients, and for services by an assistant."""
        return math.fsum((*(tier.hours for tier in self.tiers), self.by_assistant))

    @property
    def utilisation(self) -> float | None:
        """Hours needed by hours available; None where these are not known, or none."""
        return share_of(self.needed, self.hours)

    def of_tier(self, tier: str) -> TierLoad:
        """The clients and hours of one tier."""
        return self.tiers[TIERS.index(tier)]


@dataclass(frozen=True)
class Flag:
    """A flag on the team's hours: its kind, the account manager, and a sentence."""

    kind: str
    manager: str
    sentence: str


OVER_CAPACITY, NO_SENIOR, SENIOR_ON_C = "Over capacity", "Tier A without a Senior", "Senior on tier C"
NO_MANAGER, NOT_LISTED = "No account manager", "Not listed"


@dataclass(frozen=True)
class Capacity:
    """The loads of all account managers, and the flags on them.

    Attributes:
        loads: a line an account manager: those who are listed in their order, then those whom only clients name.
        unassigned: the clients without an account manager; None where each has one.
        team: all clients, and the hours of all account managers together.
        without_hours: the account managers who are listed without their hours.
        flags: what to look at.
    """

    loads: tuple[Load, ...]
    unassigned: Load | None
    team: Load
    without_hours: tuple[str, ...]
    flags: tuple[Flag, ...]

    @property
    def sentence(self) -> str:
        """The hours needed and the hours available, as a sentence."""
        need = f"Your clients need {_hours(self.team.needed)} a year"
        if self.team.hours is None:
            return f"{need}. Fill in your team's hours to see whether that fits."
        there = f"{need}, and your team has {whole(self.team.hours):,}"
        share = f" ({self.team.utilisation:.0%})" if self.team.utilisation is not None else ""
        unknown = sum(load.hours is None for load in self.loads)
        but = f" The hours of {unknown:,} of {counted(len(self.loads), 'account manager')} are not known."
        return f"{there}{share}.{but if unknown else ''}"


def capacity(grading: Grading) -> Capacity:
    """The capacity of the team of a graded portfolio."""
    served = _served(grading)
    counts = _counts(served)
    listed = {as_called(manager.name): manager for manager in grading.managers}
    names = _names(served, listed)
    of_team = sum(map(Counter, counts.values()), Counter())
    work = Work.of(of_team, tuple(listed.values()), grading.policy)
    shares = dict(zip(listed, work.shares, strict=True))
    loads = tuple(
        replace(_load(name, listed.get(key), counts[key], work.of_manager), by_assistant=float(shares.get(key, 0) / 60))
        for key, name in names.items()
    )
    unassigned = _load("", None, counts[_NOBODY], work.of_manager) if _NOBODY in counts else None
    team = replace(_load("", None, of_team, work.of_all), hours=hours_known(grading.managers))
    without_hours = tuple(manager.name for manager in grading.managers if manager.hours is None)
    return Capacity(loads, unassigned, team, without_hours, tuple(_flags(loads, unassigned, served, grading)))


def team_of(grading: Grading) -> tuple[Manager, ...]:
    """The account managers who are listed; where nobody is, those whom clients name, of whom no more is known."""
    return grading.managers or tuple(Manager(load.name, None, None) for load in capacity(grading).loads)


def share_of(part: float, whole: float | None) -> float | None:
    """A part by its whole, rounded as ratios are compared; None where the whole is not known or 0."""
    return round(part / whole, 9) if whole else None


def _served(grading: Grading) -> Frame:
    """One line a client: ``client``, ``key`` of its account manager, the manager's name, ``service``: a tier, or why it
    gets none, and its own rhythm.
    """
    fields = ("client", "account_manager", *RHYTHM_FIELDS.values())
    lines = grading.lines(*fields).select(*fields, "Tier", "Action")
    service = first_that_applies([(nw.col("Action") == SHED, _TO_SHED)], nw.col("Tier"))
    lines = lines.with_columns(account_manager=nw.col("account_manager").fill_null(""), service=service)
    return lines.with_columns(key=manager_keys(lines["account_manager"])).drop("Tier", "Action")


def manager_keys(names: Series) -> Series:
    """The names of account managers as they are compared."""
    distinct = names.unique().to_list()
    return names.replace_strict(distinct, list(map(as_called, distinct)), return_dtype=nw.String)


def _counts(served: Frame) -> dict[str, Counter[Need]]:
    """The numbers of clients of each need, by the key of the account manager's name."""
    counts: dict[str, Counter[Need]] = defaultdict(Counter)
    groups = served.group_by("key", "service", *RHYTHM_FIELDS.values()).agg(count=nw.len())
    for key, service, *per_year, count in groups.iter_rows():
        counts[key][Need.of(service, *per_year)] = count
    return counts


def _names(served: Frame, listed: Mapping[str, Manager]) -> dict[str, str]:
    """The account managers by the key of their names: those who are listed, then the others by the alphabet."""
    named = served.select("key", "account_manager").unique("key", keep="first").sort("key").iter_rows()
    others = {key: " ".join(name.split()) for key, name in named if key not in listed and key != _NOBODY}
    return {key: manager.name for key, manager in listed.items()} | others


def tier_loads(counts: Mapping[Need, int], minutes: Mapping[Need, Fraction]) -> tuple[TierLoad, ...]:
    """The loads of so many clients of each need, in the tiers' order.

    Args:
        counts: the number of clients of each need.
        minutes: the minutes a year that a client of each need takes.
    """
    loads = []
    for tier in TIERS:
        of_tier = {need: count for need, count in counts.items() if need.tier == tier}
        taken = sum((count * minutes[need] for need, count in of_tier.items()), Fraction(0))
        loads.append(TierLoad(tier, sum(of_tier.values()), float(taken / 60)))
    return tuple(loads)


def _load(name: str, manager: Manager | None, counts: Mapping[Need, int], minutes: Mapping[Need, Fraction]) -> Load:
    others = {why: sum(count for need, count in counts.items() if need.tier == why) for why in (_TO_SHED, _UNGRADED)}
    there = manager.hours if manager else None
    return Load(name, manager, tier_loads(counts, minutes), others[_TO_SHED], others[_UNGRADED], there)


# --- Flags -----------------------------------------------------------------------------------------------------------


def _flags(loads: Sequence[Load], unassigned: Load | None, served: Frame, grading: Grading) -> Iterator[Flag]:
    policy = grading.policy
    for load in loads:
        yield from _over_capacity(load, policy)
    if any(manager.seniority for manager in grading.managers):
        yield from _without_senior(loads, unassigned, served)
    for load in loads:
        yield from _senior_on_c(load, policy)
    if unassigned:
        yield _without_manager(unassigned, served)
    if grading.managers:
        yield from _not_listed(loads)


def _over_capacity(load: Load, policy: Policy) -> Iterator[Flag]:
    if load.hours is None or not load.needed:
        return
    full, share, there = full_at(policy), load.utilisation, "none"
    if share is not None:
        if not full.is_passed_by(share):
            return
        there = f"only {whole(load.hours):,} ({beside(share, [full], 0, PERCENT)})"
    clients = f"The clients of {load.name}"
    if load.by_assistant:
        clients += f", with {_hours(load.by_assistant)} of services by an assistant,"
    need = f"{clients} need {_hours(load.needed)} a year"
    yield Flag(OVER_CAPACITY, load.name, f"{need}, and {load.name} has {there}.")


def _without_senior(loads: Sequence[Load], unassigned: Load | None, served: Frame) -> Iterator[Flag]:
    """The flags for tier A clients of nobody, or of somebody who is not known to be a Senior."""
    a_clients = served.filter(nw.col("service") == TIER_NAMES[A])
    for load in loads:
        count = load.of_tier(TIER_NAMES[A]).clients
        seniority = load.manager.seniority if load.manager else None
        if count and seniority != SENIOR:
            who = listed(_first_of(a_clients, as_called(load.name)), count)
            described = f"{load.name} ({seniority or 'seniority not known'})"
            yield Flag(NO_SENIOR, load.name, f"{described} looks after {counted(count, 'tier A client')}: {who}.")
    count = unassigned.of_tier(TIER_NAMES[A]).clients if unassigned else 0
    if count:
        whose = f"{counted(count, 'tier A client')} {plural(count, 'has', 'have')} no account manager and so no Senior"
        yield Flag(NO_SENIOR, "", f"{whose}: {listed(_first_of(a_clients, _NOBODY), count)}.")


def _senior_on_c(load: Load, policy: Policy) -> Iterator[Flag]:
    on_c = load.of_tier(TIER_NAMES[C])
    share = share_of(on_c.hours, load.hours)
    most = Cut(policy.capacity.senior_on_c, above=True)
    if load.manager and load.manager.seniority == SENIOR and load.hours and share and most.is_passed_by(share):
        yield Flag(
            SENIOR_ON_C,
            load.name,
            f"{load.name} (Senior) spends {whole(on_c.hours):,} of {whole(load.hours):,} hours "
            f"({beside(share, [most], 0, PERCENT)}) on {counted(on_c.clients, 'tier C client')}.",
        )


def _without_manager(unassigned: Load, served: Frame) -> Flag:
    count = unassigned.clients
    clients = f"{counted(count, 'client')} {plural(count, 'has', 'have')} no account manager"
    who = listed(_first_of(served, _NOBODY), count)
    return Flag(NO_MANAGER, "", f"{clients}: {who}. {_need(count, unassigned.needed)}")


def _not_listed(loads: Sequence[Load]) -> Iterator[Flag]:
    others = [load for load in loads if not load.manager]
    known = [load.name for load in loads if load.manager]
    if others:
        names = listed([load.name for load in others[:NAMED]], len(others))
        clients = sum(load.clients for load in others)
        needed = math.fsum(load.needed for load in others)
        be, have = plural(len(others), "is", "are"), plural(len(others), "has", "have")
        sentence = f"{names} {be} not among the account managers, and {have} {counted(clients, 'client')}."
        whose = others[0].name if len(others) == 1 else ""
        yield Flag(NOT_LISTED, whose, f"{sentence} {_need(clients, needed)}{did_you_mean(whose, known)}")


def _need(clients: int, hours: float) -> str:
    return f"{plural(clients, 'It needs', 'They need')} {_hours(hours)} a year."


def _first_of(clients: Frame, key: str) -> list[str]:
    """The first few clients of an account manager, by the key of the name, in the user's order."""
    names = clients.filter(nw.col("key") == key)["client"].head(NAMED).to_list()
    return [cells.name_or(name, "a client without a name") for name in names]


def _hours(hours: float) -> str:
    return counted(whole(hours), "hour")


def full_at(policy: Policy) -> Cut:
    """The utilisation above which an account manager has too much to do."""
    return Cut(policy.capacity.full_at, above=True)
