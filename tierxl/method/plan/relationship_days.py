"""The days of relationship that end for an account manager's clients of one tier, by how many of them go.

Those with the fewest days go first, so each further client costs at least as much as the one before: the sum is a
convex curve. An integer program takes it in straight pieces that nowhere lie above it, and touch it at some numbers of
clients.
"""

from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise

_NEAR = 2
"""The numbers of clients on either side of one at which the curve is exact; beyond, at ever wider distances."""


class RelationshipDays:
    """The curve of an account manager's clients of one tier.

    Args:
        days: how many days each has been a client, the fewest first.
    """

    def __init__(self, days: Sequence[int]) -> None:
        self._days = days
        self._sums = list(accumulate(days, initial=0))
        self._exact = {0, len(days)}

    def be_exact_about(self, clients: int) -> None:
        """Make the pieces touch the curve at a number of clients and about it."""
        self._exact.update(range(max(clients - _NEAR, 0), min(clients + _NEAR, len(self._days)) + 1))
        distance = _NEAR
        while distance < len(self._days):
            distance *= 3
            self._exact.update(at for at in (clients - distance, clients + distance) if 0 < at < len(self._days))

    def pieces(self) -> Iterable[tuple[float, int]]:
        """The straight pieces from 0 on: over how many clients each goes, and the days of each of these clients.

        Between two numbers of clients at which the curve is touched lie two pieces, or one: on with the days of the
        next client, and then with the days of the last one, from where the two lines meet.
        """
        for start, end in pairwise(sorted(self._exact)):
            first, last = self._days[start], self._days[end - 1]
            clients = end - start
            if first == last:
                yield clients, first
                continue
            meeting = (last * clients - (self._sums[end] - self._sums[start])) / (last - first)
            yield meeting, first
            yield clients - meeting, last
