"""Totals that are the same whatever the order in which they are added, on one machine or on many."""

import math

import narwhals as nw

from tierxl.method.expressions import Expr, first_that_applies, shared
from tierxl.method.levels import TIER_NAMES
from tierxl.method.table.clients import AnyFrame, Frame, collected

_PARTS = 3
_BITS = 53  # of a number's precision


def totals(amounts: AnyFrame) -> dict[str, float]:
    """The total of each column of amounts; the columns have no missing values, and there is at least one row.

    Adding rounds, so the order of adding shows in the last digits of a sum. Each amount is therefore split into parts
    of so few digits that adding them rounds nothing (Rump, Ogita, Oishi: Accurate floating-point summation, 2008).
    """
    names = amounts.collect_schema().names()
    largest = {name: nw.col(name).abs().max() for name in names}
    ((count, *extents),) = collected(amounts.select(nw.len().alias("count"), **largest)).rows()
    sums = {
        f"{name}_{number}": part.sum()
        for name, extent in zip(names, extents, strict=True)
        for number, part in enumerate(_parts(nw.col(name), count, extent))
    }
    (parts,) = collected(amounts.select(**sums)).rows(named=True)
    return {name: math.fsum(parts[f"{name}_{number}"] for number in range(_PARTS)) for name in names}


def clients_and_revenue(lines: Frame, tier: Expr, revenue: Expr) -> tuple[dict[str, int], dict[str, float]]:
    """The number of clients of each tier, and their revenue; all tiers, and those not graded."""
    (clients,) = lines.select(**{name: (tier == name).sum() for name in TIER_NAMES.values()}).rows(named=True)
    by_tier = {name: first_that_applies([(tier == name, revenue)], 0.0) for name in TIER_NAMES.values()}
    return clients, totals(lines.select(**by_tier))


def _parts(amount: Expr, count: int, largest: float) -> list[Expr]:
    """An amount as parts, the coarsest first, each a multiple of a unit in which all sums are whole numbers."""
    parts = []
    room = count.bit_length() + 1
    exponent = math.frexp(largest)[1] + room
    for _ in range(_PARTS):
        scale = math.ldexp(1.0, exponent)
        part = shared((amount + scale) - scale)
        parts.append(part)
        amount = shared(amount - part)
        exponent += room - _BITS
    return parts
