"""Who has how many clients of each kind: against every way that there is, and where the search is cut off."""

import math
import random
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from itertools import product

import pytest

from tierxl.method.plan import assignment_model
from tierxl.method.plan.assignment_model import solve
from tierxl.method.plan.assignment_team import Costs, Kind, Seat
from tierxl.method.plan.integer_program import Answer, IntegerProgram

TIMES = ([3105, 825, 70], [3105, 825, 70], [2400, 900, 660], [60, 60, 60], [100, 70, 30], [7, 5, 3], [9, 4, 0])
"""The time that a client of each tier takes a year: as it is, nearly alike, alike, and none."""


def kinds_of(times: Sequence[int], of_a: int = 1) -> list[Kind]:
    """Kinds of clients, of which so many are of tier A."""
    return [Kind(time, at < of_a) for at, time in enumerate(times)]


def a_book(source: random.Random) -> tuple[list[Seat], list[int], list[Kind]]:
    """Up to three account managers with up to seven clients, some of whom have none of them, and many ties."""
    times = source.choice([*TIMES, [source.randint(1, 5000) for _ in range(source.randint(1, 5))]])
    kinds, people = kinds_of(times, source.choice([1, 1, 2])), range(source.randint(1, 3))
    days: list[tuple[list[int], ...]] = [tuple([] for _ in kinds) for _ in people]
    arriving = [0] * len(kinds)
    for _ in range(source.randint(0, 7)):
        kind, at = source.randrange(len(kinds)), source.choice([*people, *people, None])
        if at is None:
            arriving[kind] += 1
        else:
            days[at][kind].append(source.choice([0, 365, 730, 730, source.randint(0, 7000)]))
    full = [source.choice(times) for _ in range(source.randint(0, 4))]
    limits = [None, 0, -source.randint(0, max(times)), sum(full), source.randint(0, 2 * sum(times))]
    seats = [
        Seat(tuple(map(sorted, each)), source.choice(limits[at == 0 :]), source.random() < 0.5)
        for at, each in enumerate(days)
    ]
    return seats, arriving, kinds


def least_of_all_ways(seats: Sequence[Seat], arriving: Sequence[int], kinds: Sequence[Kind]) -> Costs:
    """The costs of the best way, by trying each for each client."""
    clients = [
        (at, kind, days) for at, seat in enumerate(seats) for kind, each in enumerate(seat.days) for days in each
    ] + [(None, kind, 0) for kind, count in enumerate(arriving) for _ in range(count)]
    with_hours = [at for at, seat in enumerate(seats) if seat.limit is not None]
    return min(_costs(clients, way, seats, kinds) for way in product(with_hours, repeat=len(clients)))


def _costs(
    clients: Sequence[tuple[int | None, int, int]], way: Sequence[int], seats: Sequence[Seat], kinds: Sequence[Kind]
) -> Costs:
    without_senior = handovers = given_up = 0
    loads = [0] * len(seats)
    for (before, kind, days), now in zip(clients, way, strict=True):
        loads[now] += kinds[kind].time
        without_senior += kinds[kind].is_a and not seats[now].is_senior
        if before is not None and before != now:
            handovers += 1
            given_up += days
    over = [max(load - seat.limit, 0) for load, seat in zip(loads, seats, strict=True) if seat.limit is not None]
    return Costs(without_senior, sum(over), max(over), handovers, given_up)


@pytest.mark.long
def test_no_way_is_better_than_the_solution():
    no_way_is_better(random.Random(0), books=30)


@pytest.mark.hypothesis
@pytest.mark.parametrize("seed", range(100, 103))
def test_no_way_is_better_than_the_solution_and_each_aim_is_proved(seed: int):
    no_way_is_better(random.Random(seed), books=250)


def no_way_is_better(source: random.Random, books: int) -> None:
    for _ in range(books):
        book = a_book(source)
        solution = solve(*book)
        assert solution.costs == solution.least == least_of_all_ways(*book), book
        assert [sum(each) for each in zip(*solution.counts, strict=True)] == [
            more + sum(len(seat.days[kind]) for seat in book[0]) for kind, more in enumerate(book[1])
        ]


def test_where_the_solver_once_returned_its_start_the_better_way_is_found():
    """HiGHS 1.16, given a start and told to presolve, has the objective of two handovers here and the values of one."""
    seats = [
        Seat(([730, 1095], [], [365]), 0, False),
        Seat(([730], [0], []), 7453, False),
    ]
    book = seats, [0, 0, 0], kinds_of([3105, 825, 70])
    solution = solve(*book)
    assert solution.costs == solution.least == least_of_all_ways(*book)


def test_values_that_do_not_match_their_objective_count_for_nothing(monkeypatch: pytest.MonkeyPatch):
    """Where the solver returns its start beside a better objective, it is asked again without a start."""
    least = IntegerProgram.least

    def with_the_start(
        program: IntegerProgram, aim: Sequence[tuple[int, float]], start: Sequence[float] | None, steps: int
    ) -> Answer:
        answer = least(program, aim, start, steps)
        return replace(answer, values=start or answer.values)

    monkeypatch.setattr(IntegerProgram, "least", with_the_start)
    source = random.Random(1)
    for _ in range(12):
        book = a_book(source)
        solution = solve(*book)
        assert solution.costs == solution.least == least_of_all_ways(*book), book


def a_team(source: random.Random, managers: int, clients: int, full: float) -> tuple[list[Seat], list[int], list[Kind]]:
    """A team that is so full, a third of whom are no Seniors."""
    minutes = [3105, 825, 70]
    days: list[tuple[list[int], ...]] = [([], [], []) for _ in range(managers)]
    needed = 0
    for _ in range(clients):
        tier = source.randrange(3)
        days[source.randrange(managers)][tier].append(source.randrange(7000))
        needed += minutes[tier]
    limit = int(needed / full / managers)
    return (
        [Seat(tuple(map(sorted, each)), limit, at % 3 > 0) for at, each in enumerate(days)],
        [0, 0, 0],
        kinds_of(minutes),
    )


def test_thousands_of_clients_are_decided_to_the_day():
    """Two in whose stead a third would do, among 3,000 each: whose days are the fewest is not a matter of rounding."""
    days = [sorted(random.Random(at).randrange(7000) for _ in range(3000)) for at in range(2)]
    seats = [Seat(([], each, []), 10 * 2500, True) for each in days] + [Seat(([], [], []), 10 * 2000, True)]
    solution = solve(seats, [0, 0, 0], kinds_of([60, 10, 5]))
    assert solution.costs == solution.least == Costs(0, 0, 0, 1000, sum(map(sum, (each[:500] for each in days))))


def test_a_search_that_is_cut_off_says_which_aims_are_unproved(monkeypatch: pytest.MonkeyPatch):
    """Where the solver may not search, nothing is claimed that is not proved, and nothing worse is taken."""
    monkeypatch.setattr(assignment_model, "EFFORT", 0)
    book = a_team(random.Random(4), managers=9, clients=90, full=0.99)
    solution = solve(*book)
    assert solution.least < solution.costs
    assert all(least <= reached for least, reached in zip(solution.least, solution.costs, strict=True))


def test_a_bound_above_what_is_possible_proves_nothing(monkeypatch: pytest.MonkeyPatch):
    least = IntegerProgram.least

    def with_a_wrong_bound(
        program: IntegerProgram, aim: Sequence[tuple[int, float]], start: Sequence[float] | None, steps: int
    ) -> Answer:
        answer = least(program, aim, start, steps)
        return replace(answer, bound=answer.bound + 1000)

    monkeypatch.setattr(IntegerProgram, "least", with_a_wrong_bound)
    solution = solve([Seat(([], [1, 2], []), 10, True), Seat(([], [], []), 10, True)], [0, 0, 0], kinds_of([9, 9, 9]))
    assert (solution.costs, solution.least) == (Costs(0, 0, 0, 1, 1), Costs(0, 0, 0, 0, 0))


def test_no_handover_of_an_unproved_solution_can_be_taken_back(monkeypatch: pytest.MonkeyPatch):
    """Where the solver finds the fewest hours over capacity, with clients anywhere, and nothing after that."""
    least, runs = IntegerProgram.least, []

    def only_once(
        program: IntegerProgram, aim: Sequence[tuple[int, float]], start: Sequence[float] | None, steps: int
    ) -> Answer:
        runs.append(aim)
        return least(program, aim, start, steps) if len(runs) == 1 else Answer(None, math.inf, -math.inf)

    monkeypatch.setattr(IntegerProgram, "least", only_once)
    seats, arriving, kinds = a_team(random.Random(4), managers=9, clients=90, full=0.99)
    solution = solve(seats, arriving, kinds)
    assert solution.least.handovers < solution.costs.handovers
    for tier, giver, taker in product(range(3), range(9), range(9)):
        held = [list(each) for each in solution.counts]
        if held[giver][tier] < seats[giver].clients[tier] and held[taker][tier] > seats[taker].clients[tier]:
            held[giver][tier] += 1
            held[taker][tier] -= 1
            loads = [sum(kind.time * has for kind, has in zip(kinds, each, strict=True)) for each in held]
            over = [max(load - (seat.limit or 0), 0) for load, seat in zip(loads, seats, strict=True)]
            needs_senior = tier == 0 and not seats[giver].is_senior
            assert needs_senior or (sum(over), max(over)) > (solution.costs.over, solution.costs.largest_over)


@pytest.mark.long
def test_the_solver_says_nothing_of_its_own():
    """In a process of its own, as the solver writes past Python, and some of it only when the process ends."""
    code = (
        "from tierxl.method.plan.assignment_model import solve\n"
        "from tierxl.method.plan.assignment_team import Kind, Seat\n"
        "print(solve([Seat(([1, 2],), 10, True), Seat(([],), 10, True)], [0], [Kind(9, False)]).costs)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "Costs(without_senior=0, over=0, largest_over=0, handovers=1, days=1)\n"
    assert done.stderr == ""
