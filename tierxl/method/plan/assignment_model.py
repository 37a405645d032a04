"""The number of clients of each tier that each account manager has: one aim after the other as small as can be.

Clients of one tier with one account manager are alike until it is decided which of them go. So the program has a few
numbers for each account manager and tier, however many clients there are.

Nobody whose hours are not known is in it. Nobody is handed over there, and taking a client from there, but for one of
tier A that needs a Senior, would be a handover that helps nobody.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from tierxl.method.plan.relationship_days import RelationshipDays

if TYPE_CHECKING:
    from tierxl.method.plan.integer_program import IntegerProgram, Terms

EFFORT = 200_000
"""The most steps of the solver in one run, by the numbers of the program. Time would differ from one
computer to the next, and the proposal with it."""

_UNDER_ONE = 0.5
"""The most that an aim that was reached may rise by while later ones are sought: less than a whole unit, and more than
the solver's tolerances come to."""

_NOISE = 0.01
"""The most that the solver's bound may be too high by."""

_RELAXED_ROUNDS, _ROUNDS = 4, 2
"""The times that the days of relationship are made exact about the last solution: with clients that can be divided,
which is quick, and then with whole ones."""

Counts = tuple[tuple[int, ...], ...]
"""The numbers of clients of each account manager: one a tier, A first."""


class Costs(NamedTuple):
    """The costs of a solution, in the order of the aims."""

    without_senior: int
    minutes_over: int
    handovers: int
    days: int


@dataclass(frozen=True)
class Seat:
    """An account manager in the model.

    Attributes:
        days: how many days each client has been a client, the fewest first; a list a tier, A first.
        limit: minutes a year that there are; None where they are not known: then nobody is handed over to this one.
        is_senior: whether tier A clients are in the right hands.
    """

    days: tuple[Sequence[int], ...]
    limit: int | None
    is_senior: bool

    @property
    def clients(self) -> tuple[int, ...]:
        """The numbers of clients now, one a tier."""
        return tuple(map(len, self.days))


@dataclass(frozen=True)
class Solution:
    """A solution: the clients of each tier that each account manager has in the end.

    Attributes:
        counts: how many clients each account manager has, a number a tier.
        costs: what they cost, counted in whole numbers.
        least: what each aim is proved to cost at least, of all ways that are as good by the aims before it.
    """

    counts: Counts
    costs: Costs
    least: Costs


def solve(seats: Sequence[Seat], arriving: Sequence[int], minutes: Sequence[int]) -> Solution:
    """The best solution that the search finds, with the least costs that are proved.

    The fewest tier A clients are without a Senior; of all such ways, the fewest minutes are over the limits; of these,
    the fewest clients are handed over; of these, the fewest days of relationship end. No handover can be
    reversed without more minutes over the limits, also where that was not proved.

    Args:
        seats: the account managers; there is one at least with a limit.
        arriving: how many clients of each tier, A first, must get an account manager.
        minutes: whole minutes that a client of each tier needs a year.
    """
    search = _Search(_Team(seats, arriving, minutes))
    return Solution(search.best, search.team.costs(search.best), Costs(*search.least))


class _Team:
    """The account managers with the clients that each may have, and the costs of solutions."""

    def __init__(self, seats: Sequence[Seat], arriving: Sequence[int], minutes: Sequence[int]) -> None:
        self.seats, self.minutes = seats, minutes
        self.tiers = range(len(minutes))
        self.known = [at for at, seat in enumerate(seats) if seat.limit is not None]
        self.is_senior_known = any(seats[at].is_senior for at in self.known)
        self.stay = tuple(
            tuple(count if self.may_have(at, tier) else 0 for tier, count in enumerate(seat.clients))
            for at, seat in enumerate(seats)
        )
        self.going = [
            more + sum(seat.clients[tier] - stay[tier] for seat, stay in zip(seats, self.stay, strict=True))
            for tier, more in enumerate(arriving)
        ]
        self.totals = [going + sum(each[tier] for each in self.stay) for tier, going in enumerate(self.going)]
        leaving = self.costs(self.stay)
        self.floor = Costs(
            0 if self.is_senior_known else leaving.without_senior + self.going[0],
            0,
            leaving.handovers,
            leaving.days,
        )

    def may_have(self, at: int, tier: int) -> bool:
        """True if an account manager may have clients of a tier: of A, where a Senior can take them, only Seniors."""
        return tier > 0 or self.seats[at].is_senior or not self.is_senior_known

    def places(self) -> Iterator[tuple[int, int]]:
        """The account managers with known hours, each with each tier that they may have."""
        return ((at, tier) for at, tier in product(self.known, self.tiers) if self.may_have(at, tier))

    def start(self) -> Counts:
        """A first solution: each client stays who may, and all others go to the first who may have them."""
        first = [next(at for at, of in self.places() if of == tier) for tier in self.tiers]
        return tuple(
            tuple(stay + self.going[tier] * (at == first[tier]) for tier, stay in enumerate(each))
            for at, each in enumerate(self.stay)
        )

    def costs(self, counts: Counts) -> Costs:
        """The exact costs of a solution."""
        pairs = list(zip(self.seats, counts, strict=True))
        leaving = [
            days[: max(len(days) - has, 0)] for seat, each in pairs for days, has in zip(seat.days, each, strict=True)
        ]
        return Costs(
            sum(each[0] for seat, each in pairs if not seat.is_senior),
            sum(self.beyond(at, each) for at, each in enumerate(counts)),
            sum(map(len, leaving)),
            sum(map(sum, leaving)),
        )

    def beyond(self, at: int, each: Sequence[int]) -> int:
        """The minutes beyond the limit of an account manager with so many clients."""
        limit = self.seats[at].limit
        needed = sum(need * has for need, has in zip(self.minutes, each, strict=True))
        return 0 if limit is None else max(needed - limit, 0)

    def without_needless(self, counts: Counts) -> Counts:
        """A solution without the handovers that can be undone at no more minutes over the limits."""
        now = [list(each) for each in counts]
        changed = True
        while changed:
            changed = False
            for (giver, tier), (taker, of) in product(self.places(), repeat=2):
                while tier == of and self._is_needless(now, giver, taker, tier):
                    now[giver][tier] += 1
                    now[taker][tier] -= 1
                    changed = True
        return tuple(map(tuple, now))

    def _is_needless(self, now: Sequence[Sequence[int]], giver: int, taker: int, tier: int) -> bool:
        """True if a client of a tier can go back to the giver at no more minutes over the limits."""
        before = [self.seats[at].clients[tier] for at in (giver, taker)]
        if now[giver][tier] >= before[0] or now[taker][tier] <= before[1]:
            return False
        step = [int(of == tier) for of in self.tiers]
        back = [has + more for has, more in zip(now[giver], step, strict=True)]
        without = [has - less for has, less in zip(now[taker], step, strict=True)]
        then = self.beyond(giver, back) + self.beyond(taker, without)
        return then <= self.beyond(giver, now[giver]) + self.beyond(taker, now[taker])


Place = tuple[int, int]
"""An account manager and a tier."""


@dataclass(frozen=True)
class _Numbers:
    """An integer program for a team, with the places of its numbers.

    Attributes:
        team: the team.
        program: the program.
        counts: the number of clients at each place.
        goes: how many clients go from each place that has some.
        over: minutes over the limit of each account manager.
        pieces: the pieces of those who go, where days of relationship count.
    """

    team: _Team
    program: "IntegerProgram"
    counts: Mapping[Place, int]
    goes: Mapping[Place, int]
    over: Mapping[int, int]
    pieces: Mapping[Place, Sequence[tuple[int, float]]]

    def values(self, counts: Counts) -> list[float]:
        """The values of the program's numbers when account managers have so many clients."""
        values = [0.0] * self.program.size
        for (at, tier), place in self.counts.items():
            values[place] = counts[at][tier]
        for at, place in self.over.items():
            values[place] = self.team.beyond(at, counts[at])
        for (at, tier), place in self.goes.items():
            left = float(max(self.team.seats[at].clients[tier] - counts[at][tier], 0))
            values[place] = left
            for piece, length in self.pieces.get((at, tier), ()):
                values[piece] = min(left, length)
                left -= values[piece]
        return values

    def read(self, values: Sequence[float]) -> Counts | None:
        """The solution that the program's values stand for; None where a client is lost or doubled."""
        now = [list(each) for each in self.team.stay]
        for (at, tier), place in self.counts.items():
            now[at][tier] = round(values[place])
        counts = tuple(map(tuple, now))
        are_all = [sum(each) for each in zip(*counts, strict=True)] == self.team.totals
        return counts if are_all and min(map(min, counts)) >= 0 else None

    def with_days(self, curves: Mapping[Place, RelationshipDays]) -> "tuple[_Numbers, Terms]":
        """The program with the days of relationship in straight pieces, and the sum of these."""
        program = self.program.copy()
        pieces: dict[Place, list[tuple[int, float]]] = {}
        days: list[tuple[int, float]] = []
        for place, goes in self.goes.items():
            pieces[place] = []
            for length, each in curves[place].pieces():
                piece = program.add_number(length)
                pieces[place].append((piece, length))
                days.append((piece, each))
            program.add_row([(goes, -1), *((piece, 1) for piece, _ in pieces[place])], 0, 0)
        return replace(self, program=program, pieces=pieces), days


def _numbers(team: _Team) -> _Numbers:
    """The integer program of a team: each client is somewhere, those who do not stay go, the rest is over the limit."""
    from tierxl.method.plan.integer_program import IntegerProgram  # noqa: PLC0415  only a proposal needs the solver

    program = IntegerProgram()
    counts = {(at, tier): program.add_number(team.totals[tier], whole=True) for at, tier in team.places()}
    has = {(at, tier): team.seats[at].clients[tier] for at, tier in counts}
    goes = {place: program.add_number(count) for place, count in has.items() if count}
    over = {at: program.add_number() for at in team.known}
    for place, number in goes.items():
        program.add_row([(counts[place], 1), (number, 1)], lower=has[place])
    for tier in team.tiers:
        total = team.totals[tier] - sum(each[tier] for at, each in enumerate(team.stay) if at not in over)
        program.add_row([(number, 1) for (_, of), number in counts.items() if of == tier], total, total)
    for at, beyond in over.items():
        load = [(counts[at, tier], need) for tier, need in enumerate(team.minutes) if need and (at, tier) in counts]
        program.add_row([*load, (beyond, -1)], upper=team.seats[at].limit or 0)
    return _Numbers(team, program, counts, goes, over, {})


class _Search:
    """The search for a solution: the best one so far, and the least cost that is proved of each aim."""

    def __init__(self, team: _Team) -> None:
        self.team = team
        self.best = team.without_needless(team.start())
        self.least = [team.floor.without_senior]
        numbers = _numbers(team)
        for aim in (numbers.over, numbers.goes):
            terms = [(number, 1) for number in aim.values()]
            self.least.append(self._floor)
            self._seek(numbers, terms)
            cost = self._reached - team.floor[len(self.least) - 1]
            numbers.program.add_row(terms, upper=cost + _UNDER_ONE)
        self.least.append(self._floor)
        self._seek_days(numbers)

    @property
    def _floor(self) -> int:
        """The least cost of the next aim, whatever is decided."""
        return self.team.floor[len(self.least)]

    @property
    def _reached(self) -> int:
        """The cost of the present aim in the best solution."""
        return self.team.costs(self.best)[len(self.least) - 1]

    @property
    def _is_proved(self) -> bool:
        return self._reached == self.least[-1]

    def _seek(self, numbers: _Numbers, aim: "Terms") -> None:
        """Look for better numbers, and a bound: from the best ones, then from nothing where they are not proved."""
        for start in (numbers.values(self.best), None):
            if not self._is_proved:
                self._run(numbers, aim, start)

    def _run(self, numbers: _Numbers, aim: "Terms", start: Sequence[float] | None) -> Counts | None:
        """The numbers of one run of the solver, which count where they cost what the solver says that they do."""
        answer = numbers.program.least(aim, start, EFFORT // numbers.program.size)
        counts = numbers.read(answer.values) if answer.values is not None else None
        if counts:
            values = numbers.values(counts)
            if sum(each * values[number] for number, each in aim) > answer.objective + _UNDER_ONE:
                return None
            better, aims = self.team.without_needless(counts), len(self.least)
            if self.team.costs(better)[:aims] < self.team.costs(self.best)[:aims]:
                self.best = better
        if math.isfinite(answer.bound):
            floor = self.team.floor[len(self.least) - 1]
            bound = floor + math.ceil(answer.bound - _NOISE)
            if bound <= self._reached:
                self.least[-1] = max(self.least[-1], bound)
        return counts

    def _seek_days(self, numbers: _Numbers) -> None:
        """Look for the fewest days of relationship, with curves that are exact about one solution after the other."""
        days = {(at, tier): self.team.seats[at].days[tier] for at, tier in numbers.goes}
        curves = {place: RelationshipDays(each) for place, each in days.items()}
        self._be_exact(curves, numbers, numbers.values(self.best))
        for _ in range(_RELAXED_ROUNDS):
            if self._is_proved:
                return
            relaxed, aim = numbers.with_days(curves)
            self._be_exact(curves, numbers, relaxed.program.relaxed(aim))
        size = 0
        for _ in range(_ROUNDS):
            exact, aim = numbers.with_days(curves)
            if self._is_proved or exact.program.size == size:
                return
            size = exact.program.size
            start = exact.values(self.best)
            counts = self._run(exact, aim, start) or self._run(exact, aim, None)
            for solution in (counts or self.best, self.best):
                self._be_exact(curves, numbers, numbers.values(solution))

    @staticmethod
    def _be_exact(curves: Mapping[Place, RelationshipDays], numbers: _Numbers, values: Sequence[float]) -> None:
        for place, goes in numbers.goes.items():
            curves[place].be_exact_about(round(values[goes]))
