"""The order of a portfolio's amounts: how many are larger than one, which stands at a place, what the larger bring."""

from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import narwhals as nw

from tierxl.method.expressions import ratio
from tierxl.method.table.clients import Frame, Series


class Ranks(Protocol):
    """The values of one column in their order, the largest first; missing values have no place in it."""

    @property
    def count(self) -> int:
        """The number of values that are known."""

    def value_at(self, place: int) -> float:
        """The value at a place; the largest is at 1."""

    def larger_than(self, value: float) -> int:
        """The number of values that are strictly larger."""

    def reaching(self, value: float) -> int:
        """The number of values that are as large, or larger."""

    def share_cut(self, share: float) -> float | None:
        """The smallest value above 0 of which the strictly larger bring less than a share of all above 0."""


@dataclass(frozen=True)
class RanksInMemory:
    """The order of a column in memory; see :class:`Ranks`."""

    values: Series

    @cached_property
    def count(self) -> int:
        return int(self.values.count())

    def value_at(self, place: int) -> float:
        return float(self._descending[place - 1])

    def larger_than(self, value: float) -> int:
        return int((self.values > value).sum())

    def reaching(self, value: float) -> int:
        return int((self.values >= value).sum())

    def share_cut(self, share: float) -> float | None:
        places = int((self.larger_shares.head(-1) < share).sum())
        return self.value_at(places) if places else None

    @cached_property
    def larger_shares(self) -> Series:
        """The share of all above 0 that the values before each place bring, and at the end, 1 for the other values."""
        value = nw.col("value")
        positive = self._descending.filter(self._descending > 0).alias("value").to_frame()
        share = ratio((value.cum_sum() - value) / value.sum())
        ending = nw.from_dict({"share": [1.0]}, backend=positive.implementation)
        return nw.concat([positive.select(share=share), ending])["share"]

    @cached_property
    def _descending(self) -> Series:
        return self.values.drop_nulls().sort(descending=True)


def with_place(clients: Frame, ranks: RanksInMemory, by: str) -> Frame:
    """Clients with ``rank``, how many have more revenue, and one; by share, with ``larger_share`` in its stead.

    A ``larger_share`` is the share of all revenue above 0 that those with more bring; without revenue both are missing.
    """
    ranked = clients.with_columns(rank=nw.col("revenue").rank("min", descending=True))
    if by != "share":
        return ranked
    shares = ranks.larger_shares
    places = ranked["rank"].fill_null(1).cast(nw.Int64).clip(1, len(shares)) - 1
    known = nw.when(~nw.col("revenue").is_null()).then(nw.col("larger_share"))
    return ranked.drop("rank").with_columns(larger_share=shares[places]).with_columns(larger_share=known)
