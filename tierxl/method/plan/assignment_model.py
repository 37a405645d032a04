"""The number of clients of each kind that each account manager has: one aim after the other as small as can be.

Clients of one kind with one account manager are alike until it is decided which of them go. So the program has a few
numbers for each account manager and kind, however many clients there are. Nobody without hours is in it: all clients
go from there, and none come.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tierxl.method.plan.assignment_team import Costs, Counts, Kind, Seat, Team
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

_LARGEST_OVER = 1 + Costs._fields.index("largest_over")
"""The number of aims up to the largest time over a limit."""


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
    search = _Search(Team(seats, arriving, kinds))
    return Solution(search.best, search.team.costs(search.best), Costs(*search.least))


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

    team: Team
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


def _numbers(team: Team) -> _Numbers:
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

    def __init__(self, team: Team) -> None:
        self.team = team
        self.best = team.without_needless(team.start())
        self.least = [team.floor.without_senior]
        numbers = _numbers(team)
        for aim in (numbers.over.values(), [numbers.largest_over], numbers.goes.values()):
            terms = [(number, 1) for number in aim]
            self.least.append(self._floor)
            self._keep(self.best)
            self._seek(numbers, terms)
            cost = self._reached - self._outside
            numbers.program.add_row(terms, upper=cost + _UNDER_ONE)
        self.least.append(self._floor)
        self._seek_days(numbers)

    @property
    def _floor(self) -> int:
        """The least cost of the next aim, whatever is decided."""
        return self.team.floor[len(self.least)]

    @property
    def _outside(self) -> int:
        """The cost of the present aim that is not in the program: of those who go whatever is decided."""
        return self.team.floor[len(self.least) - 1] if len(self.least) > _LARGEST_OVER else 0

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
            self._keep(counts)
        if math.isfinite(answer.bound):
            bound = self._outside + math.ceil(answer.bound - _NOISE)
            if bound <= self._reached:
                self.least[-1] = max(self.least[-1], bound)
        return counts

    def _keep(self, counts: Counts) -> None:
        """Keep a solution, as far as it can be bettered at once, if it is better than the best one so far."""
        aims = len(self.least)
        better = self.team.without_needless(self.team.evened(counts) if aims == _LARGEST_OVER else counts)
        if self.team.costs(better)[:aims] < self.team.costs(self.best)[:aims]:
            self.best = better

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
