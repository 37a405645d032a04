"""Who has how many clients of each tier: a model of whole numbers, decided by a solver.

Clients of one tier with one account manager are alike until it is said which of them go. So the model has a few numbers
for each account manager and tier, however many clients there are.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

EFFORT = 200_000
"""How far the solver searches at most: steps, by the numbers of the model. Time would differ from one computer to the
next, and the proposal with it."""

COMPARED = 3_000
"""How many clients are compared one by one when it is decided whose clients go; of more, neighbours count as alike."""

_OPTIONS = {"output_flag": False, "mip_rel_gap": 0.0, "mip_abs_gap": 0.99, "random_seed": 0}
_TOLERANCE = 1e-6
"""By how much the solver's numbers may miss whole ones."""

Held = tuple[tuple[int, ...], ...]
"""How many clients each account manager has: a number a tier, A first."""

Costs = tuple[int, int, int, int]
"""Tier A clients without a Senior, minutes over the limits, handovers, days of relationship that are given up."""

_HANDOVERS = 2


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
        """How many clients there are now, a number a tier."""
        return tuple(map(len, self.days))


@dataclass(frozen=True)
class Solution:
    """Who has how many clients of each tier in the end.

    Attributes:
        held: the numbers.
        costs: what could not be avoided.
        least_handovers: how many handovers are proven to be needed: all of them, unless the search was cut off.
    """

    held: Held
    costs: Costs
    least_handovers: int


def solve(seats: Sequence[Seat], arriving: Sequence[int], minutes: Sequence[int]) -> Solution:
    """Decide who has how many clients.

    The fewest tier A clients are without a Senior; of all such ways, the fewest minutes are over the limits; of these,
    the fewest clients are handed over; of these, the fewest days of relationship are given up.

    Args:
        seats: the account managers; there is one at least with a limit.
        arriving: how many clients of each tier, A first, must get an account manager.
        minutes: whole minutes that a client of each tier needs a year.
    """
    model = _Model(seats, arriving, minutes)
    best, bounds = model.nobody_moves(), []
    for number, aim in enumerate(model.aims()):
        found, bound = model.least(aim, best)
        if found and model.costs(found)[: number + 1] <= model.costs(best)[: number + 1]:
            best = found
        bounds.append(bound)
        model.hold(aim, model.costs(best)[number])
    costs = model.costs(best)
    return Solution(best, costs, min(bounds[_HANDOVERS], costs[_HANDOVERS]))


class _Model:
    """The numbers of the model, what holds for them, and what they cost."""

    def __init__(self, seats: Sequence[Seat], arriving: Sequence[int], minutes: Sequence[int]) -> None:
        from highspy import Highs  # noqa: PLC0415  only a proposal needs it

        self._seats, self._arriving, self._minutes = seats, arriving, minutes
        self._solver = solver = Highs()  # type: ignore[no-untyped-call]
        for option, value in _OPTIONS.items():
            solver.setOptionValue(option, value)
        here = [sum(counts) for counts in zip(*(seat.clients for seat in seats), strict=True)]
        self._totals = [count + more for count, more in zip(here, arriving, strict=True)]
        self._held = [[solver.addIntegral(0, most) for most in self._most(seat)] for seat in seats]
        self._gone = [[solver.addVariable(0, count) for count in seat.clients] for seat in seats]
        self._over = [solver.addVariable(0) for _ in seats]
        self._step = max(math.ceil(sum(here) / COMPARED), 1)
        self._parts: list[list[list[Any]]] = []
        for of_tier, total in zip(zip(*self._held, strict=True), self._totals, strict=True):
            solver.addConstr(solver.qsum(of_tier) == total)
        for seat, held, gone, over in zip(seats, self._held, self._gone, self._over, strict=True):
            for has, goes, count in zip(held, gone, seat.clients, strict=True):
                solver.addConstr(has + goes >= count)
            if seat.limit is not None:
                load = solver.qsum(need * has for need, has in zip(minutes, held, strict=True))
                solver.addConstr(load - over <= seat.limit)

    def _most(self, seat: Seat) -> Sequence[int]:
        return seat.clients if seat.limit is None else self._totals

    def aims(self) -> Iterator[Any]:
        """What is to be as little as possible, the weightiest first, in the order of the costs."""
        total = self._solver.qsum
        yield total([held[0] for seat, held in zip(self._seats, self._held, strict=True) if not seat.is_senior])
        yield total(self._over)
        yield total([goes for gone in self._gone for goes in gone])
        yield total(list(self._days_given_up()))

    def _days_given_up(self) -> Iterator[Any]:
        """The days of the clients that go: of each tier and account manager, those with the fewest."""
        for seat, gone in zip(self._seats, self._gone, strict=True):
            self._parts.append([])
            for days, goes in zip(seat.days, gone, strict=True):
                parts = [days[start : start + self._step] for start in range(0, len(days), self._step)]
                counts = [self._solver.addVariable(0, len(part)) for part in parts]
                self._solver.addConstr(self._solver.qsum(counts) == goes)
                self._parts[-1].append(counts)
                yield from (sum(part) / len(part) * count for part, count in zip(parts, counts, strict=True))

    def least(self, aim: Any, best: Held) -> tuple[Held | None, int]:
        """Numbers for which an aim is least, if any were found, and the least that it can be as far as is proven.

        Args:
            aim: the aim.
            best: numbers that are known to be possible.
        """
        self._solver.setOptionValue("mip_max_nodes", EFFORT // self._solver.getNumCol())
        self._solver.setObjective(aim)
        self._start_from(best)
        self._solver.run()
        info = self._solver.getInfo()
        bound = math.ceil(info.mip_dual_bound - _TOLERANCE) if math.isfinite(info.mip_dual_bound) else 0
        if not math.isfinite(info.objective_function_value):
            return None, bound
        values = self._solver.getSolution().col_value
        held = tuple(tuple(round(values[has.index]) for has in each) for each in self._held)
        return (held if self._is_possible(held) else None), bound

    def _start_from(self, held: Held) -> None:
        from highspy import HighsSolution  # noqa: PLC0415  only a proposal needs it

        values = [0.0] * self._solver.getNumCol()
        for at, (seat, each) in enumerate(zip(self._seats, held, strict=True)):
            values[self._over[at].index] = self._beyond(seat, each)
            for tier, has in enumerate(each):
                goes = max(seat.clients[tier] - has, 0)
                values[self._held[at][tier].index] = has
                values[self._gone[at][tier].index] = goes
                for part in self._parts[at][tier] if self._parts else ():
                    values[part.index] = min(goes, self._step)
                    goes -= min(goes, self._step)
        start = HighsSolution()
        start.col_value = values
        self._solver.setSolution(start)

    def hold(self, aim: Any, cost: int) -> None:
        """Let an aim cost no more than this from now on."""
        self._solver.addConstr(aim <= cost)

    def nobody_moves(self) -> Held:
        """Each client stays, and those who arrive go to the first who can take them, a Senior if there is one."""
        order = sorted(range(len(self._seats)), key=lambda at: not self._seats[at].is_senior)
        first = next(at for at in order if self._seats[at].limit is not None)
        return tuple(
            tuple(count + more * (at == first) for count, more in zip(seat.clients, self._arriving, strict=True))
            for at, seat in enumerate(self._seats)
        )

    def costs(self, held: Held) -> Costs:
        """What numbers cost, exactly."""
        given = list(zip(self._seats, held, strict=True))
        gone = [
            days[: max(len(days) - has, 0)] for seat, each in given for days, has in zip(seat.days, each, strict=True)
        ]
        return (
            sum(each[0] for seat, each in given if not seat.is_senior),
            sum(self._beyond(seat, each) for seat, each in given),
            sum(map(len, gone)),
            sum(map(sum, gone)),
        )

    def _beyond(self, seat: Seat, each: Sequence[int]) -> int:
        """The minutes beyond the limit of an account manager with so many clients."""
        needed = sum(need * has for need, has in zip(self._minutes, each, strict=True))
        return 0 if seat.limit is None else max(needed - seat.limit, 0)

    def _is_possible(self, held: Held) -> bool:
        """Whether no client is lost or doubled, and nobody gets more than they can."""
        are_all = [sum(each) for each in zip(*held, strict=True)] == self._totals
        return are_all and all(
            0 <= has <= most
            for seat, each in zip(self._seats, held, strict=True)
            for has, most in zip(each, self._most(seat), strict=True)
        )
