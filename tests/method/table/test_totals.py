"""Totals that do not depend on the order of adding."""

import math
import random

import narwhals as nw
import polars as pl
import pytest

from tierxl.method.table.totals import clients_and_revenue, totals


def amounts(kind: str) -> list[float]:
    some = random.Random(5)
    if kind == "of every size":
        return [some.uniform(-1, 1) * 10.0 ** some.randint(-8, 12) for _ in range(5_000)]
    if kind == "of thirds":
        return [at / 3 for at in range(1, 5_000)]
    return [0.0, -0.0, 0.0]


@pytest.mark.parametrize("kind", ["of every size", "of thirds", "nothing"])
@pytest.mark.parametrize("lazy", [False, True])
def test_a_total_is_the_exact_sum_in_any_order(kind: str, lazy: bool):
    for order in range(3):
        shuffled = random.Random(order).sample(amounts(kind), k=len(amounts(kind)))
        frame = pl.DataFrame({"amount": shuffled})
        found = totals(nw.from_native(frame.lazy() if lazy else frame))
        assert found == {"amount": math.fsum(shuffled)}


def test_columns_have_totals_of_their_own():
    found = totals(nw.from_native(pl.DataFrame({"small": [0.1] * 10, "large": [1e15] * 10})))
    assert found == {"small": 1.0, "large": 1e16}


def test_each_tier_has_a_total_of_its_own_also_one_that_nobody_has():
    lines = nw.from_native(pl.DataFrame({"Tier": ["A", "C", "A", "Not graded"], "Revenue": [0.1, 5.0, 0.2, 0.0]}))
    clients, revenue = clients_and_revenue(lines, nw.col("Tier"), nw.col("Revenue"))
    assert clients == {"A": 2, "B": 0, "C": 1, "Not graded": 1}
    assert revenue == {"A": math.fsum([0.1, 0.2]), "B": 0.0, "C": 5.0, "Not graded": 0.0}
