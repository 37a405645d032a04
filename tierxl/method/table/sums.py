"""The sums that a list has in its own rows: of those above, since the last total, or of those below."""

from collections.abc import Iterator, Sequence
from functools import cache, cached_property, partial
from itertools import accumulate
from typing import Any, NamedTuple

import narwhals as nw

from tierxl.method.table import cells
from tierxl.method.table.amounts import PROOFS, DecimalMark, decimal_mark_of, money

Series = nw.Series[Any]
_ROUNDING = 0.005
"""The share by which a total may differ from the sum of its rows."""


def _amount(cell: object, decimal_mark: DecimalMark) -> float | None:
    try:
        return money(cell, decimal_mark).amount
    except ValueError:
        return None


def comes_to(amount: float, figure: float) -> bool:
    """True for an amount that is another but for its rounding; nothing comes to 0."""
    return figure != 0 and abs(amount - figure) <= _ROUNDING * abs(figure)


def sums_of_those_below(amounts: Sequence[float]) -> list[int]:
    """The positions of the amounts that are the sum of those below them, up to the next of these.

    It is empty where an amount is neither such a sum nor in one, and where each sum is of one amount.

    Example:
        >>> sums_of_those_below([500.0, 300.0, 200.0, 400.0, 400.0])
        [0, 3]
        >>> sums_of_those_below([500.0, 300.0, 200.0, 400.0])
        []
    """
    sums, at = [], 0
    while at < len(amounts):
        below, reached = at + 1, 0.0
        while below < len(amounts) and abs(amounts[at] - reached - amounts[below]) <= abs(amounts[at] - reached):
            reached += amounts[below]
            below += 1
        if not comes_to(reached, amounts[at]):
            return []
        sums.append(at)
        at = below
    return sums if 2 * len(sums) < len(amounts) else []


class Stretch(NamedTuple):
    """The clients in the rows from a position on: their number, and the sum of their revenues."""

    first: int
    clients: int
    total: float

    def makes(self, amount: float, meaning: str) -> bool:
        """True where an amount is the sum of them, but for its rounding; likewise their average or number."""
        if not self.clients:
            return False
        figures = {"average": self.total / self.clients, "count": float(self.clients)}
        figure = figures.get(meaning, self.total)
        return comes_to(amount, figure) and (meaning == "sum" or abs(amount - figure) <= 0.5)


class Above:
    """The clients above a row: since the last total, since those before it, and since the first row."""

    def __init__(self, revenue: Series) -> None:
        self._revenue = revenue
        self._totals: list[tuple[int, int | None]] = []
        self._starts = [Stretch(0, 0, 0.0)]
        self._in_totals = Stretch(0, 0, 0.0)

    def leave_out(self, at: int, first: int | None = None) -> None:
        """Note that a row is a total, of the rows from one on where that is known. Rows come in their order."""
        self._totals.append((at, first))

    def stretches(self, at: int) -> Iterator[Stretch]:
        """The stretches of clients that end above a row, the shortest first."""
        for total, first in self._totals:
            self._close(total, first)
        self._totals = []
        here = self._until(at)
        for start in reversed(self._starts):
            yield Stretch(start.first, here.clients - start.clients, here.total - start.total)

    def _close(self, total: int, first: int | None) -> None:
        """Begin a stretch below a total; those within the rows that it adds up are done with."""
        amount = self.amounts[total]
        _, clients, before = self._in_totals
        self._in_totals = Stretch(0, clients + (amount is not None), before + (amount or 0.0))
        while first is not None and self._starts[-1].first > first:
            self._starts.pop()
        self._starts.append(self._until(total + 1))

    def _until(self, at: int) -> Stretch:
        clients, totals = self._sums
        return Stretch(at, clients[at] - self._in_totals.clients, totals[at] - self._in_totals.total)

    @cached_property
    def amounts(self) -> list[float | None]:
        """The revenue in each row; missing where it cannot be read."""
        column = self._revenue.to_list()
        read = cache(partial(_amount, decimal_mark=decimal_mark_of(column[:PROOFS])))

        def amount(cell: object) -> float | None:
            if type(cell) is float and abs(cell) <= cells.LARGEST:
                return cell
            return None if cells.is_blank(cell) else read(cell)

        return [amount(cell) for cell in column]

    @cached_property
    def _sums(self) -> tuple[list[int], list[float]]:
        clients = accumulate((amount is not None for amount in self.amounts), initial=0)
        return list(clients), list(accumulate((amount or 0.0 for amount in self.amounts), initial=0.0))
