"""The signs that a client may leave."""

from datetime import date
from typing import Any

import pytest

from tests.method.frames import AS_OF, ENGINES, table
from tierxl.method.policy import Policy
from tierxl.method.rating.retention import SIGNS, fall, with_signs_text
from tierxl.method.table.clients import read_clients

POLICY = Policy()


def signs(clients: list[dict[str, Any]], settings: dict[str, Any] | None = None, engine: str = "polars") -> list[str]:
    """The text of the signs of each client."""
    policy = Policy.with_settings(settings or {})
    named = [{"Client": f"Client {number}"} | client for number, client in enumerate(clients, 1)]
    read = read_clients(table(named, engine), policy, as_of=AS_OF).table
    return with_signs_text(read, policy, AS_OF)["signs"].to_list()


CASES = [
    ({"Revenue": 66_000.0, "Previous revenue": 100_000.0}, "revenue down 34 %"),
    ({"Revenue": 80_000.0, "Previous revenue": 100_000.0}, "revenue down 20 %"),
    ({"Revenue": 80_010.0, "Previous revenue": 100_000.0}, ""),
    ({"Revenue": 79_999.0, "Previous revenue": 100_000.0}, "revenue down 20 %"),
    ({"Revenue": -50.0, "Previous revenue": 100.0}, "revenue down 150 %"),
    ({"Revenue": -50.0, "Previous revenue": 0.0}, ""),
    ({"Revenue": -50.0, "Previous revenue": -10.0}, ""),
    ({"Revenue": None, "Previous revenue": 100.0}, ""),
    ({"Revenue": 1.0, "Satisfaction": "Low"}, "satisfaction Low"),
    ({"Revenue": 1.0, "Satisfaction": "Medium"}, ""),
    ({"Revenue": 1.0, "Last contact": date(2026, 5, 26)}, ""),
    ({"Revenue": 1.0, "Last contact": date(2026, 5, 25)}, "no contact for 181 days"),
    (
        {"Revenue": 1.0, "Previous revenue": 3.0, "Satisfaction": "Low", "Last contact": date(2025, 11, 22)},
        "revenue down 66.7 %, satisfaction Low, no contact for 365 days",
    ),
    (
        {"Revenue": 1.0, "Satisfaction": "Low", "Last contact": date(2025, 11, 22)},
        "satisfaction Low, no contact for 365 days",
    ),
]


@pytest.mark.parametrize("engine", ENGINES)
def test_each_sign_is_named_with_its_number(engine: str):
    assert signs([client for client, _ in CASES], engine=engine) == [text for _, text in CASES]


def test_the_cuts_are_the_policys():
    settings = {"retention": {"revenue_down": 0.5, "silent_days": 30}}
    clients = [
        {"Revenue": 51.0, "Previous revenue": 100.0, "Last contact": date(2026, 10, 23)},
        {"Revenue": 50.0, "Previous revenue": 100.0, "Last contact": date(2026, 10, 22)},
    ]
    assert signs(clients, settings) == ["", "revenue down 50 %, no contact for 31 days"]


def test_a_fall_close_to_its_cut_reads_as_on_its_side_of_it():
    settings = {"retention": {"revenue_down": 0.2504}}
    clients = [{"Revenue": revenue, "Previous revenue": 100.0} for revenue in (74.958, 74.96, 74.961)]
    assert signs(clients, settings) == ["revenue down 25.04 %", "revenue down 25.04 %", ""]


def test_a_sign_is_measured_where_the_list_says_enough():
    clients = [
        {"Client": "Ann", "Revenue": 1.0, "Previous revenue": 2.0, "Satisfaction": "High", "Last contact": AS_OF},
        {"Client": "Bob", "Revenue": 1.0, "Previous revenue": 0.0},
    ]
    read = read_clients(table(clients), POLICY, as_of=AS_OF).table
    measured = read.select(**{sign.name: sign.is_measured() for sign in SIGNS}).rows()
    assert measured == [(True, True, True), (False, False, False)]
    assert read.select(fall=fall())["fall"].to_list() == [0.5, None]
