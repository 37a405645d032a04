"""What a portfolio asks a board to decide."""

from typing import Any

import pytest

from tests.method.frames import graded
from tierxl.method.plan.board import decisions, largest
from tierxl.method.plan.portfolio import portfolio

STEADY = [{"Client": f"Client {number}", "Revenue": 10_000 + number, "Profit": 1_000} for number in range(20)]
BIG: dict[str, Any] = {"Revenue": 200_000, "Profit": 90_000, "Strategic value": "High", "Wallet share": 0.9}


def decided(*clients: dict[str, Any], settings: dict[str, Any] | None = None) -> list[tuple[str, str]]:
    grading = graded([*clients, *STEADY], settings or {})
    return [(decision.what, decision.why) for decision in decisions(grading, portfolio(grading))]


def test_clients_who_may_leave_come_first_the_largest_by_name():
    leaving = [{**BIG, "Client": name, "Retention risk": "High"} for name in ("Ashdown", "Bellwether", "Cedar", "Dell")]
    leaving[3]["Revenue"] = 300_000
    assert decided(*leaving)[0] == (
        "Keep 4 clients who may leave",
        "Dell, Ashdown, Bellwether and 1 more bring 900,000.",
    )


@pytest.mark.long
def test_those_to_shed_and_those_only_held_are_decided_on():
    shed = {"Client": "Ashdown", "Revenue": 20_000, "Profit": -5_000}
    held = {"Client": "Bellwether", "Revenue": 12_000, "Profit": -5_000, "Strategic value": "High"}
    assert decided(shed, held)[:2] == [
        ("Reprice or let go 1 client", "Ashdown brings 20,000."),
        (
            "Decide whether to keep 1 client",
            "Bellwether brings 12,000; only strategic value or an override keeps them.",
        ),
    ]


@pytest.mark.long
def test_there_are_three_at_most():
    clients = [
        {**BIG, "Client": "Ashdown", "Retention risk": "High"},
        {**BIG, "Client": "Bellwether", "Opportunity": "High"},
        {"Client": "Cedar", "Revenue": 20_000, "Profit": -5_000},
        {"Client": "Dell", "Revenue": 12_000, "Profit": -5_000, "Strategic value": "High"},
    ]
    whats = [what.split(" ")[0] for what, _ in decided(*clients)]
    assert whats == ["Keep", "Reprice", "Decide"]


def test_a_list_of_clients_and_revenue_only_asks_for_the_rest():
    grading = graded([{"Client": f"Client {number}", "Revenue": 10_000 + 100 * number} for number in range(20)])
    (decision,) = decisions(grading, portfolio(grading))
    assert (decision.what, decision.why) == (
        "Complete the ratings",
        "20 clients are graded on only some of the five factors.",
    )


def test_where_one_standard_may_serve_better_that_is_decided_first():
    alike = [{"Client": f"Client {number}", "Revenue": 10_000} for number in range(5)]
    grading = graded(alike)
    first, *_ = decisions(grading, portfolio(grading))
    assert first.what == "Keep the tiers, or give every client one standard of service"
    assert "You can look after so few in person." in first.why


def test_the_largest_clients_of_equal_revenue_stand_as_in_the_list():
    grading = graded([{"Client": name, "Revenue": revenue} for name, revenue in (("B", 5), ("A", 5), ("C", 9))])
    assert largest(grading.lines("client", "revenue"), 2)["client"].to_list() == ["C", "B"]
