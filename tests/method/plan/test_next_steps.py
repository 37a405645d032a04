"""The next step with each client: the first rule that fits, with its number or its date."""

from dataclasses import replace
from datetime import date
from typing import Any

import narwhals as nw
import pytest

from tests.method.frames import AS_OF, ENGINES, graded
from tierxl.method.levels import NOT_RATED
from tierxl.method.plan.service import clients_to_shed, engagement_plan

TODAY = {"Last contact": AS_OF, "Last review": AS_OF}
"""Nothing is overdue."""
ALL_RATED = {"Wallet share": 0.9, "Margin": 0.2, "Strategic value": "Low", "Pain factor": "Low"}
"""All five factors are rated, beside a revenue; the wallet share leaves nothing to win."""


def client(tier: str, **cells: Any) -> dict[str, Any]:
    """A client with a tier by override, all of whose factors are rated, and of whom nothing is overdue."""
    override = {"Override tier": tier, "Override reason": "To try the plan"}
    return (
        {"Revenue": 50_000.0}
        | override
        | ALL_RATED
        | TODAY
        | {name.replace("_", " "): it for name, it in cells.items()}
    )


def next_steps(*clients: dict[str, Any], engine: str = "polars", **settings: Any) -> list[str]:
    """The next step with each client, in the order of the list."""
    grading = graded(clients, settings, engine=engine)
    lines = [*engagement_plan(grading).rows(named=True), *clients_to_shed(grading).rows(named=True)]
    return [line["next_step"] for line in sorted(lines, key=lambda line: line["position"])]


CASES = [
    # shed
    ({"Revenue": 50_000.0, "Profit": -1.0} | TODAY, "Reprice"),
    # review exception, before what is overdue
    (client("A", Margin=-0.04, Last_contact=date(2020, 1, 1)), "Decide whether to keep it"),
    # contact overdue by more than 7 days, A or B
    (client("A", Last_contact=date(2026, 10, 14)), "Call: 8 days overdue"),
    (client("A", Last_contact=date(2026, 10, 15)), "Contact due 15 Nov 2026"),
    (client("B", Last_contact=date(2020, 1, 1)), "Call: 2,426 days overdue"),
    (client("C", Last_contact=date(2020, 1, 1)), "Contact due 1 Jan 2021"),
    # a call comes before a review
    (client("A", Last_contact=date(2026, 10, 14), Last_review=date(2025, 1, 1)), "Call: 8 days overdue"),
    # review overdue, A or B
    (client("A", Last_review=date(2026, 8, 21)), "Book the review: 1 day overdue"),
    (client("B", Last_review=date(2026, 4, 13)), "Book the review: 40 days overdue"),
    (client("A", Last_review=date(2026, 8, 22)), "Review due 22 Nov 2026"),
    (client("C", Last_review=date(2025, 11, 21)), "Review due 21 Nov 2026"),
    # protect
    (client("A", Retention_risk="High"), "Retention talk: the risk is High"),
    # revenue down, of any tier; exactly 20 % is down
    (client("A", Previous_revenue=62_500.0), "Ask why revenue is down 20 %"),
    (client("C", Previous_revenue=75_000.0), "Ask why revenue is down 33.3 %"),
    (client("C", Previous_revenue=62_499.0), "Contact due 22 Nov 2027"),
    # grow, by the upside, else the opportunity, else the share
    (client("A", Opportunity="High", Wallet_share=0.25), "Win 150,000 of upside"),
    (client("A", Opportunity="High", Wallet_share=1.0), "Take the opportunity: it is High"),
    (client("A", Revenue=0.0, Wallet_share=0.0, Margin=None), "Take the opportunity: its wallet share is Low"),
    (client("A", Revenue=50_000.0, Total_spend=50_001_234.0), "Win 49,951,234 of upside"),
    # provisional
    (client("A", Strategic_value=None), "Fill in strategic value"),
    (client("A", Strategic_value=None, Pain_factor=None), "Fill in strategic value and pain factor"),
    (client("A", Strategic_value=None, Pain_factor=None, Margin=None), "Fill in 3 missing ratings"),
    # else the next date
    (client("A"), "Contact due 22 Dec 2026"),
    (client("B", Last_review=date(2026, 6, 1), Contacts_a_year=1), "Review due 1 Dec 2026"),
    (client("B", Reviews_a_year=0, Contacts_a_year=0), "No review or contact planned"),
]


@pytest.mark.parametrize("engine", ENGINES)
def test_each_client_has_the_first_next_step_that_fits(engine: str):
    steps = next_steps(*(case for case, _ in CASES), engine=engine)
    assert steps == [sentence for _, sentence in CASES]


def test_a_risk_that_is_read_from_its_signs_is_told_by_them():
    signs = {"Previous revenue": 75_000.0, "Satisfaction": "Low"}
    grading = graded([client("A", Retention_risk="High") | signs])
    derived = grading.clients.table.with_columns(retention_risk=nw.lit(NOT_RATED))
    grading = replace(grading, clients=replace(grading.clients, table=derived))
    (step,) = engagement_plan(grading)["next_step"]
    assert step == "Retention talk: revenue down 33.3 %, satisfaction Low"


def test_the_first_way_out_is_the_policys():
    assert next_steps({"Revenue": 1.0, "Profit": -1.0}, shed={"exit_options": ["Hand over", "Reprice"]}) == [
        "Hand over"
    ]


@pytest.mark.long
def test_what_the_cuts_are_is_the_policys():
    clients = client("A", Last_contact=date(2026, 10, 21)), client("A", Previous_revenue=55_000.0)
    settings = {"plan": {"grace_days": 0}, "retention": {"revenue_down": 0.05}}
    assert next_steps(*clients, **settings) == ["Call: 1 day overdue", "Ask why revenue is down 9.1 %"]
