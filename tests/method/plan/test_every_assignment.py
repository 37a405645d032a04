"""Who should serve whom, against every way that there is."""

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from fractions import Fraction
from itertools import product
from typing import Any

import pytest

from tests.method.frames import AS_OF
from tests.method.plan.test_assignment import client, proposed
from tierxl.method.plan.assignment import FIRST_MANAGER
from tierxl.method.table.managers import Manager

Way = tuple[str | None, ...]
"""Who serves each client."""
Book = tuple[list[dict[str, Any]], list[Manager]]

SERVICES = {"A": (2025, 4, 180, 12, 30), "B": (465, 2, 120, 4, 30), "C": (15, 1, 45, 1, 10)}
"""Of each tier: minutes of other services, reviews a year, minutes of one, contacts a year, minutes of one."""
NAMES = ("Priya", "Daniel", "Sofia", "Kim")
HOURS = (None, 0, 0.5, 3, 13.74, 14, 27.5, 40, 51.76, 53, 66, 120)


def a_book(source: random.Random) -> Book:
    """A few account managers and clients, with many ties, and some with a rhythm of their own."""
    names = source.sample(NAMES, source.choice([1, 2, 2, 3, 3, 4]))
    managers = [
        Manager(n, source.choice(["Senior", "Standard", "Assistant", None]), source.choice(HOURS)) for n in names
    ]
    if not any(manager.hours for manager in managers):
        managers[0] = Manager(names[0], source.choice(["Senior", "Assistant"]), 20)
    has_rhythms = source.random() < 0.5
    clients = []
    for _ in range(source.randint(1, 6 if len(names) < 4 else 5)):
        who = source.choice([*NAMES[:3], *names, None, "Somebody Else"])
        years = source.choice([None, 0, 1, 2, 3, 10])
        if source.random() < 0.15:
            clients.append(client("C", who, years, Profit=-50) | {"Override tier": None, "Override reason": None})
            continue
        own = {}
        if has_rhythms:
            own["Reviews a year"] = source.choice([None, None, 0, 1, 2.5, 6])
            own["Contacts a year"] = source.choice([None, None, 0, 0.1, 6, 52])
        clients.append(client(source.choice("AABBCC"), who, years, **own))
    return clients, managers


class Reading:
    """A plain reading of the method on one book."""

    def __init__(self, clients: Sequence[Mapping[str, Any]], managers: Sequence[Manager]) -> None:
        self.clients, self.managers = clients, managers
        self.listed = {manager.name: manager for manager in managers}
        assistants = {m.name: Fraction(str(m.hours)) for m in managers if m.seniority == "Assistant" and m.hours}
        parts = [self.minutes(each, by_assistants=bool(assistants)) for each in clients]
        self.minutes_of_client = [by_manager for by_manager, _ in parts]
        pool, hours = sum(by_assistant for _, by_assistant in parts), sum(assistants.values())
        self.share = {name: pool * each / hours for name, each in assistants.items()}
        self.known_days = [self.days(each) for each in clients if each["Override tier"] and each["Client since"]]

    @staticmethod
    def minutes(each: Mapping[str, Any], *, by_assistants: bool) -> tuple[Fraction, Fraction]:
        """The minutes of a client for its account manager, and for the Assistants."""
        if not each["Override tier"]:
            return Fraction(0), Fraction(0)
        rest, *services = SERVICES[each["Override tier"]]
        numbers = [
            Fraction(str(of_tier if each.get(own) is None else each[own])) * minutes
            for own, of_tier, minutes in zip(
                ("Reviews a year", "Contacts a year"), services[::2], services[1::2], strict=True
            )
        ]
        reviews, contacts = numbers
        if by_assistants and each["Override tier"] == "C":
            return rest + reviews, contacts
        return rest + reviews + contacts, Fraction(0)

    @staticmethod
    def days(each: Mapping[str, Any]) -> int:
        return (AS_OF - each["Client since"]) // timedelta(days=1)

    def every_way(self) -> Iterator[Way]:
        """Every way to give the clients account managers: those who have hours."""
        able = [manager.name for manager in self.managers if manager.hours]
        return product(*(able if each["Override tier"] else [each["Account manager"]] for each in self.clients))

    def minutes_of(self, who: str, way: Sequence[str | None]) -> Fraction:
        """The minutes that an account manager needs."""
        own = sum((time for time, of in zip(self.minutes_of_client, way, strict=True) if of == who), Fraction(0))
        return own + self.share.get(who, 0)

    def limit(self, who: str) -> Fraction:
        return Fraction(str(self.listed[who].hours or 0)) * 60

    def costs(self, way: Way) -> tuple[int, Fraction, Fraction, int, int]:
        """Tier A without a Senior, minutes over capacity, the most of one, handovers, days that are given up."""
        served = [(each, who or "") for each, who in zip(self.clients, way, strict=True) if each["Override tier"]]
        without = sum(each["Override tier"] == "A" and self.listed[who].seniority != "Senior" for each, who in served)
        able = [manager.name for manager in self.managers if manager.hours]
        over = [max(self.minutes_of(who, way) - self.limit(who), Fraction(0)) for who in able]
        longest = max(self.known_days, default=0)
        gone = [
            self.days(each) if each["Client since"] else longest
            for each, who in served
            if each["Account manager"] in self.listed and each["Account manager"] != who
        ]
        return without, sum(over), max(over), len(gone), sum(gone)

    def is_true(self, reason: str, at: int, way: Way) -> bool:
        """Whether a client really has to be handed over for a reason."""
        tier, name, to = self.clients[at]["Override tier"], self.clients[at]["Account manager"], way[at] or ""
        present = [each["Account manager"] for each in self.clients]
        if "not known" in reason and "Senior" not in reason:
            return self.listed[name].hours is None
        if "has no hours" in reason:
            return self.listed[name].hours == 0
        if "needs a Senior" in reason:
            return tier == "A" and self.listed[name].seniority != "Senior" and self.listed[to].seniority == "Senior"
        comes = {
            each["Override tier"]
            for each, before, after in zip(self.clients, present, way, strict=True)
            if after == name and before != name
        }
        room = reason.rpartition(" clients of tier ")[2].split(" and ") if "clients of tier" in reason else []
        return (
            self.minutes_of(name, way) + self.minutes_of_client[at] > self.limit(name)
            and set(room) <= comes
            and ("is over capacity" in reason) <= (self.minutes_of(name, present) > self.limit(name))
            and ("is over capacity" in reason or "Frees" in reason)
        )


def no_way_is_better(book: Book) -> None:
    clients, managers = book
    proposal, reading = proposed(clients, *managers), Reading(clients, managers)
    way: list[str | None] = [each["Account manager"] for each in clients]
    for position, to in proposal.moves.select("position", "to").iter_rows():
        assert way[position] != to
        way[position] = to
    ways = set(reading.every_way())
    assert tuple(way) in ways
    found = reading.costs(tuple(way))
    assert found == min(map(reading.costs, ways))
    without, over, largest, handovers, days = found
    in_hours = [without, over / 60, largest / 60, handovers, days]
    assert [aim.reached for aim in proposal.aims] == pytest.approx(in_hours, abs=0.001)
    assert all(aim.is_proved for aim in proposal.aims), [aim.sentence for aim in proposal.aims]
    assert proposal.handovers == handovers
    assert proposal.assignments == sum(
        bool(each["Override tier"]) and each["Account manager"] not in reading.listed for each in clients
    )
    assert bool(proposal.missing) == bool(without or over)
    for position, kind, reason in proposal.moves.select("position", "kind", "reason").iter_rows():
        assert kind == FIRST_MANAGER or reading.is_true(reason, position, tuple(way)), reason
    present = [each["Account manager"] for each in clients]
    for change in proposal.changes:
        name = change.after.name
        assert change.before.needed == pytest.approx(float(reading.minutes_of(name, present) / 60))
        assert change.after.needed == pytest.approx(float(reading.minutes_of(name, way) / 60))


@pytest.mark.long
def test_no_way_is_better_than_the_proposal():
    source = random.Random(0)
    for _ in range(12):
        no_way_is_better(a_book(source))


@pytest.mark.hypothesis
@pytest.mark.parametrize("seed", range(100, 102))
def test_no_way_of_sixty_books_is_better_than_the_proposal(seed: int):
    source = random.Random(seed)
    for _ in range(30):
        no_way_is_better(a_book(source))
