"""The account managers in the assignment, with the clients of each kind that they may have, and what solutions cost."""

import math
from bisect import bisect, bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import heapify, heapreplace
from itertools import product
from typing import NamedTuple

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


class Team:
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
        of_a = sum(total for total, kind in self._by_kind(self.totals) if kind.is_a)
        leaving = self.costs(self.stay)
        without_senior = 0 if self.is_senior_known else of_a
        self.floor = Costs(without_senior, 0, self._least_largest_over(), leaving.handovers, leaving.days)

    def may_have(self, at: int, kind: int) -> bool:
        """True for an account manager with hours; of tier A only for Seniors, if any of these has hours."""
        seat = self.seats[at]
        return seat.limit is not None and (seat.is_senior or not self.kinds[kind].is_a or not self.is_senior_known)

    def _least_largest_over(self) -> int:
        """The least time over one limit with which there is room for all clients, and at Seniors for those of tier A.

        An account manager has no room for a part of what all times are multiples of.
        """
        seniors = [at for at in self.known if self.seats[at].is_senior]
        of_all = [(kind.time, total) for total, kind in self._by_kind(self.totals)]
        of_a = [(kind.time, total) for total, kind in self._by_kind(self.totals) if kind.is_a] if seniors else []

        def has_room(over: int, able: Sequence[int], clients: Sequence[tuple[int, int]]) -> bool:
            step = math.gcd(*(time for time, total in clients if total)) or 1
            rooms = (max((self.seats[at].limit or 0) + over, 0) // step * step for at in able)
            return sum(rooms) >= sum(time * total for time, total in clients)

        least = max(0, *(-(self.seats[at].limit or 0) for at in self.known))
        most = least + sum(time * total for time, total in of_all)
        return bisect_left(
            range(most),
            True,
            least,
            key=lambda over: has_room(over, self.known, of_all) and has_room(over, seniors, of_a),
        )

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

    def evened(self, counts: Counts) -> Counts:
        """A solution whose largest time over a limit no client who goes, or two who change places, would lower."""
        now, times = [list(each) for each in counts], [*map(self.time_of, counts)]
        while step := self._evening(now, times):
            giver, taker, kind, back = step
            for at, of, more in ((giver, kind, -1), (taker, kind, 1), (giver, back, 1), (taker, back, -1)):
                if of >= 0:
                    now[at][of] += more
                    times[at] += more * self.kinds[of].time
        return tuple(map(tuple, now))

    def _evening(self, now: Sequence[Sequence[int]], times: Sequence[int]) -> tuple[int, int, int, int] | None:
        """The giver with the largest time over its limit, a taker, the kind that goes, and that for it, -1 for none."""
        over = [self.beyond(at, time) for at, time in enumerate(times)]
        giver = max(self.known, key=over.__getitem__)
        spare = {at: (self.seats[at].limit or 0) - times[at] for at in self.known}
        steps = []
        for taker in self.known:
            there = [of for of, count in enumerate(now[taker]) if count and self.may_have(giver, of)]
            backs = sorted([(0, -1), *((self.kinds[of].time, of) for of in there)])
            for kind in (of for of, count in enumerate(now[giver]) if count and self.may_have(taker, of)):
                time = self.kinds[kind].time
                near = bisect(backs, (time - (spare[taker] - spare[giver]) // 2,))
                for less, back in backs[max(near - 1, 0) : near + 1]:
                    then = [
                        self.beyond(at, times[at] + more) for at, more in ((giver, less - time), (taker, time - less))
                    ]
                    if taker != giver and less < time and sum(then) <= over[giver] + over[taker]:
                        steps.append((max(then), giver, taker, kind, back))
        largest, *step = min(steps, default=(over[giver],))
        return (step[0], step[1], step[2], step[3]) if largest < over[giver] else None

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
