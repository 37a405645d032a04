"""The number of clients of each kind that each account manager has: one aim after the other as small as can be.

Clients of one kind with one account manager are alike until it is decided which of them go. So the program has a few
numbers for each account manager and kind, however many clients there are. Nobody without hours is in it: all clients
go from there, and none come.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from heapq import heapify, heapreplace
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
"""The numbers of clients of each account manager, one a kind."""


class Costs(NamedTuple):
    """The costs of a solution, in the order of the aims; time over the limits in whole units."""

    without_senior: int
    over: int
    largest_over: int
    handovers: int
    days: int


class Kind(NamedTuple):
    """A kind of clients, who are alike but for their days: the time that each takes, and whether it is of tier A."""

    time: int
    is_a: bool


@dataclass(frozen=True)
class Seat:
    """An account manager in the model.

    Attributes:
        days: how many days each client has been a client, the fewest first; a list a kind.
        limit: the time that there is for clients, below 0 where other work takes more; None where there are no hours.
        is_senior: whether tier A clients are in the right hands.
    """

    days: tuple[Sequence[int], ...]
    limit: int | None
    is_senior: bool

    @property
    def clients(self) -> tuple[int, ...]:
        """The numbers of clients now, one a kind."""
        return tuple(map(len, self.days))


@dataclass(frozen=True)
class Solution:
    """A solution: the clients of each kind that each account manager has in the end.

    Attributes:
        counts: how many clients each account manager has, a number a kind.
        costs: what they cost, counted in whole numbers.
        least: what each aim is proved to cost at least, of all ways that are as good by the aims before it.
    """

    counts: Counts
    costs: Costs
    least: Costs


def solve(seats: Sequence[Seat], arriving: Sequence[int], kinds: Sequence[Kind]) -> Solution:
    """The best solution that the search finds, with the least costs that are proved.

    The fewest tier A clients are without a Senior; of all such ways, the least time is over the limits; of these, the
    least time over the limit of one account manager; of these, the fewest clients are handed over; of these, the fewest
    days of relationship end. No handover can be reversed without more time over the limits, also where that was not
    proved.

    Args:
        seats: the account managers; there is one at least with a limit.
        arriving: how many clients of each kind must get an account manager.
        kinds: the kinds; their time and the limits are in whole units of time a year.
    """
    search = _Search(_Team(seats, arriving, kinds))
    return Solution(search.best, search.team.costs(search.best), Costs(*search.least))


class _Team:
    """The account managers with the clients that each may have, and the costs of solutions."""

    def __init__(self, seats: Sequence[Seat], arriving: Sequence[int], kinds: Sequence[Kind]) -> None:
        self.seats, self.kinds = seats, kinds
        self.known = [at for at, seat in enumerate(seats) if seat.limit is not None]
        self.is_senior_known = any(seats[at].is_senior for at in self.known)
        self.stay = tuple(
            tuple(count if self.may_have(at, kind) else 0 for kind, count in enumerate(seat.clients))
            for at, seat in enumerate(seats)
        )
        self.going = [
            more + sum(seat.clients[kind] - stay[kind] for seat, stay in zip(seats, self.stay, strict=True))
            for kind, more in enumerate(arriving)
        ]
        self.totals = [going + sum(each[kind] for each in self.stay) for kind, going in enumerate(self.going)]
        of_a = sum(total for total, kind in zip(self.totals, kinds, strict=True) if kind.is_a)
        leaving = self.costs(self.stay)
        self.floor = Costs(0 if self.is_senior_known else of_a, 0, 0, leaving.handovers, leaving.days)

    def may_have(self, at: int, kind: int) -> bool:
        """True for an account manager with hours; of tier A only for Seniors, if any of these has hours."""
        seat = self.seats[at]
        return seat.limit is not None and (seat.is_senior or not self.kinds[kind].is_a or not self.is_senior_known)

    def able(self, kind: int) -> list[int]:
        """The account managers who may have clients of a kind."""
        return [at for at in self.known if self.may_have(at, kind)]

    def places(self) -> Iterator[tuple[int, int]]:
        """The account managers with each kind of clients that they may have."""
        return ((at, kind) for kind in range(len(self.kinds)) for at in self.able(kind))

    def start(self) -> Counts:
        """A first solution: each client stays who may; the others, those who take most first, go where most is free."""
        counts = [list(each) for each in self.stay]
        for kind, (time, _) in sorted(enumerate(self.kinds), key=lambda each: (not each[1].is_a, -each[1].time)):
            used = [(self.time_of(counts[at]) - (self.seats[at].limit or 0), at) for at in self.able(kind)]
            heapify(used)
            for _ in range(self.going[kind]):
                beyond, at = used[0]
                counts[at][kind] += 1
                heapreplace(used, (beyond + time, at))
        return tuple(map(tuple, counts))

    def costs(self, counts: Counts) -> Costs:
        """The exact costs of a solution."""
        pairs = list(zip(self.seats, counts, strict=True))
        leaving = [
            days[: max(len(days) - has, 0)] for seat, each in pairs for days, has in zip(seat.days, each, strict=True)
        ]
        over = self.over(counts)
        return Costs(
            sum(has for seat, each in pairs if not seat.is_senior for has, kind in self._by_kind(each) if kind.is_a),
            sum(over),
            max(over),
            sum(map(len, leaving)),
            sum(map(sum, leaving)),
        )

    def time_of(self, each: Sequence[int]) -> int:
        """The time that so many clients of each kind take."""
        return sum(has * kind.time for has, kind in self._by_kind(each))

    def over(self, counts: Sequence[Sequence[int]]) -> list[int]:
        """The time beyond the limit of each account manager; 0 for those who have no hours, and so no clients."""
        return [self.beyond(at, self.time_of(each)) for at, each in enumerate(counts)]

    def beyond(self, at: int, time: int) -> int:
        """The time beyond the limit of an account manager whose clients take so much."""
        limit = self.seats[at].limit
        return 0 if limit is None else max(time - limit, 0)

    def without_needless(self, counts: Counts) -> Counts:
        """A solution without the handovers that can be undone at no more time over the limits."""
        now = [list(each) for each in counts]
        changed = True
        while changed:
            changed = False
            times = [*map(self.time_of, now)]
            for kind in range(len(self.kinds)):
                before = [seat.clients[kind] for seat in self.seats]
                givers = [at for at in self.able(kind) if now[at][kind] < before[at]]
                takers = [at for at in self.able(kind) if now[at][kind] > before[at]]
                for giver, taker in product(givers, takers):
                    while (
                        now[giver][kind] < before[giver]
                        and now[taker][kind] > before[taker]
                        and self._is_needless(times, giver, taker, kind)
                    ):
                        for at, more in ((giver, 1), (taker, -1)):
                            now[at][kind] += more
                            times[at] += more * self.kinds[kind].time
                        changed = True
        return tuple(map(tuple, now))

    def _is_needless(self, times: Sequence[int], giver: int, taker: int, kind: int) -> bool:
        """True if a client of a kind can go back to the giver at no more time over the limits."""
        over = [self.beyond(at, time) for at, time in enumerate(times)]
        total, largest = sum(over), max(over)
        for at, more in ((giver, 1), (taker, -1)):
            over[at] = self.beyond(at, times[at] + more * self.kinds[kind].time)
        return (sum(over), max(over)) <= (total, largest)

    def _by_kind(self, each: Sequence[int]) -> Iterator[tuple[int, Kind]]:
        return zip(each, self.kinds, strict=True)


Place = tuple[int, int]
"""An account manager and a kind of clients."""


@dataclass(frozen=True)
class _Numbers:
    """An integer program for a team, with the places of its numbers.

    Attributes:
        team: the team.
        program: the program.
        counts: the number of clients at each place.
        goes: how many clients go from each place that has some.
        over: the time over the limit of each account manager.
        largest_over: the most of these.
        pieces: the pieces of those who go, where days of relationship count.
    """

    team: _Team
    program: "IntegerProgram"
    counts: Mapping[Place, int]
    goes: Mapping[Place, int]
    over: Mapping[int, int]
    largest_over: int
    pieces: Mapping[Place, Sequence[tuple[int, float]]]

    def values(self, counts: Counts) -> list[float]:
        """The values of the program's numbers when account managers have so many clients."""
        values = [0.0] * self.program.size
        for (at, kind), place in self.counts.items():
            values[place] = counts[at][kind]
        over = self.team.over(counts)
        values[self.largest_over] = max(over)
        for at, place in self.over.items():
            values[place] = over[at]
        for (at, kind), place in self.goes.items():
            left = float(max(self.team.seats[at].clients[kind] - counts[at][kind], 0))
            values[place] = left
            for piece, length in self.pieces.get((at, kind), ()):
                values[piece] = min(left, length)
                left -= values[piece]
        return values

    def read(self, values: Sequence[float]) -> Counts | None:
        """The solution that the program's values stand for; None where a client is lost or doubled."""
        now = [[0] * len(self.team.kinds) for _ in self.team.seats]
        for (at, kind), place in self.counts.items():
            now[at][kind] = round(values[place])
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

    program, kinds = IntegerProgram(), range(len(team.kinds))
    counts = {(at, kind): program.add_number(team.totals[kind], whole=True) for at, kind in team.places()}
    has = {(at, kind): team.seats[at].clients[kind] for at, kind in counts}
    goes = {place: program.add_number(count) for place, count in has.items() if count}
    over = {at: program.add_number() for at in team.known}
    largest_over = program.add_number()
    for place, number in goes.items():
        program.add_row([(counts[place], 1), (number, 1)], lower=has[place])
    for kind in kinds:
        total = team.totals[kind]
        program.add_row([(counts[at, kind], 1) for at in team.able(kind)], total, total)
    for at, beyond in over.items():
        times = ((kind, team.kinds[kind].time) for kind in kinds if (at, kind) in counts)
        load = [(counts[at, kind], time) for kind, time in times if time]
        program.add_row([*load, (beyond, -1)], upper=team.seats[at].limit or 0)
        program.add_row([(beyond, 1), (largest_over, -1)], upper=0)
    return _Numbers(team, program, counts, goes, over, largest_over, {})


class _Search:
    """The search for a solution: the best one so far, and the least cost that is proved of each aim."""

    def __init__(self, team: _Team) -> None:
        self.team = team
        self.best = team.without_needless(team.start())
        self.least = [team.floor.without_senior]
        numbers = _numbers(team)
        for aim in (numbers.over.values(), [numbers.largest_over], numbers.goes.values()):
            terms = [(number, 1) for number in aim]
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
        days = {(at, kind): self.team.seats[at].days[kind] for at, kind in numbers.goes}
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
