"""Profiles: each distinct one is ruled on once, and its clients get the ruling."""

from collections.abc import Mapping
from itertools import product
from typing import Any

import pytest

from tests.method.frames import AS_OF, ENGINES, graded, graded_rows
from tierxl.method.policy import Policy
from tierxl.method.rating.grading import profiles_of
from tierxl.method.rating.profiles import COLUMNS, distinct_profiles, with_profile
from tierxl.method.rating.ratings import measure, rate
from tierxl.method.table.columns import GRADED_COLUMNS

CLIENTS: list[Mapping[str, Any]] = [
    {"Revenue": 1000.0 + at, "Margin": margin, "Pain factor": pain, "Override tier": tier}
    for at, (margin, pain, tier) in enumerate(product((0.3, -0.1, None), ("High", None), (None, "C")))
]
FIXED = {"profit": {"target": 0.2, "acceptable": 0.1}, "revenue": {"high_top": 1.0, "medium_top": 1.0}}


@pytest.mark.long
@pytest.mark.parametrize("engine", ENGINES)
def test_each_client_gets_the_ruling_on_its_own_profile_in_its_own_row(engine: str):
    """Alone under the same cuts, a client is one profile, so that nothing can be mixed up."""
    beside_ranks = [column for column in GRADED_COLUMNS if column != "Why"]
    together = graded_rows(graded(CLIENTS, FIXED, engine=engine))
    alone = [graded_rows(graded([client], FIXED))[0] for client in CLIENTS]
    for all_of_them, single in zip(together, alone, strict=True):
        assert [all_of_them[column] for column in beside_ranks] == [single[column] for column in beside_ranks]


def test_no_column_of_a_profile_is_ever_missing():
    profiles = profiles_of(graded([{"Revenue": None}, {"Revenue": 1.0}]).clients, Policy(), AS_OF)
    assert not any(column.is_null().any() for column in profiles.iter_columns())


def test_two_profiles_have_two_numbers():
    grading = graded(CLIENTS)
    clients = with_profile(rate(measure(grading.clients.table), grading.cuts, grading.policy), grading.policy, AS_OF)
    distinct = distinct_profiles(clients)
    assert distinct["profile"].n_unique() == len(distinct) == len(clients.select(*COLUMNS).unique())
