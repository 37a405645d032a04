"""The portfolio on one page: what is said at the top, the amounts, and what comes next."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests.method.frames import AS_OF, graded
from tierxl.method.issues import Issue
from tierxl.method.money import in_short
from tierxl.method.plan.history import lines_of, movers
from tierxl.method.plan.portfolio import portfolio
from tierxl.method.plan.summary import Summary, summary

BIG = [{"Client": name, "Revenue": 1_000_000} for name in ("Ashdown", "Bellwether")]
SMALL = [{"Client": f"Small {number}", "Revenue": 10_000} for number in range(18)]
RATED: dict[str, Any] = {"Strategic value": "High", "Total spend": 9_000_000, "Profit": 400_000}


def of(clients: list[dict[str, Any]], issues: list[Issue] | None = None) -> Summary:
    grading = graded(clients)
    return summary(grading, portfolio(grading), issues or [])


def tile(found: Summary, name: str) -> tuple[float | None, str]:
    (one,) = (tile for tile in found.tiles if tile.name == name)
    return one.amount, one.sentence


# --- The headline ----------------------------------------------------------------------------------------------------


def test_the_headline_says_who_brings_the_revenue_and_claims_nothing_about_calls_without_contacts():
    assert of(BIG + SMALL).headline == "2 A clients bring 2,000,000 (92% of the revenue)."


def test_the_headline_names_the_a_clients_that_wait_for_a_call_and_those_to_let_go():
    clients = [
        *({**client, **RATED, "Last contact": "2026-01-05"} for client in BIG),
        {"Client": "Cedar House", "Revenue": 20_000, "Profit": -5_000, "Pain factor": "High"},
        *SMALL,
    ]
    found = of(clients).headline
    assert "2 of them are neglected: Ashdown and Bellwether" in found
    assert found.endswith("1 client to reprice or let go: Cedar House.")


@pytest.mark.long
def test_the_headline_says_that_no_a_client_waits_where_the_contacts_tell():
    clients = [{**client, **RATED, "Last contact": "2026-11-20"} for client in BIG]
    assert "none of them is neglected" in of(clients + SMALL).headline


@pytest.mark.long
def test_more_names_than_three_are_counted():
    clients = [{"Client": f"Big {number}", "Revenue": 1_000_000, "Last contact": "2026-01-05"} for number in range(4)]
    found = of([*clients, *({**client, "Last contact": "2026-11-20"} for client in SMALL * 3)]).headline
    assert "4 of them are neglected: Big 0, Big 1 and 2 more" in found


# --- The amounts -----------------------------------------------------------------------------------------------------


def test_a_list_of_client_and_revenue_alone_makes_no_claim_about_anything_else():
    found = of(BIG + SMALL)
    assert tile(found, "Revenue") == (2_180_000, "20 clients")
    assert {one.name: one.amount for one in found.tiles[1:]} == dict.fromkeys(
        ("At risk", "Overdue", "To shed", "Upside")
    )
    assert all(one.sentence.startswith("Not known: no ") for one in found.tiles[1:])


@pytest.mark.long
def test_where_all_clients_are_to_be_shed_none_is_overdue_though_the_list_has_last_contacts():
    found = of([{"Revenue": 100 * at, "Profit": -1, "Last contact": "2020-01-01"} for at in range(1, 4)])
    assert tile(found, "Overdue") == (0, "0 clients wait for a call or review")


def test_what_is_at_risk_is_the_revenue_of_the_clients_to_protect():
    clients = [{**BIG[0], **RATED, "Retention risk": "High"}, {**BIG[1], **RATED, "Retention risk": "Low"}, *SMALL]
    assert tile(of(clients), "At risk") == (1_000_000, "1 client of tier A or B may leave")


@pytest.mark.long
def test_what_is_overdue_is_the_revenue_of_the_clients_that_wait():
    clients = [{**BIG[0], "Last contact": "2026-01-05"}, {**BIG[1], "Last contact": "2026-11-21"}, *SMALL]
    amount, sentence = tile(of(clients), "Overdue")
    assert (amount, sentence) == (1_000_000, "1 client waits for a call or review")


@pytest.mark.long
def test_the_upside_is_what_the_clients_spend_elsewhere_and_could_with_you():
    clients = [{**BIG[0], "Total spend": 3_000_000}, *SMALL]
    grading = graded(clients)
    amount, sentence = tile(of(clients), "Upside")
    assert amount == round(sum(filter(None, grading.columns["Upside"].to_list())), 2)
    assert sentence == "1 client could buy more"


def test_the_tiers_come_with_their_hours_and_a_line_for_all():
    lines = of(BIG + SMALL).tiers
    assert [line.tier for line in lines] == ["A", "B", "C", "All"]
    assert lines[-1].clients == sum(line.clients for line in lines[:-1]) == 20
    assert lines[-1].hours == pytest.approx(sum(line.hours or 0 for line in lines[:-1]))


# --- What comes next -------------------------------------------------------------------------------------------------


def test_what_is_overdue_is_to_be_done_today_and_tier_a_comes_first():
    late = [{**client, "Last contact": "2025-01-05"} for client in (*SMALL, *BIG)]
    found = of(late)
    assert found.next_steps["Tier"].to_list() == sorted(found.next_steps["Tier"].to_list())
    assert found.next_steps["client"].to_list()[:2] == ["Ashdown", "Bellwether"]
    assert {day.date() for day in found.next_steps["by"].to_list()} == {AS_OF}
    assert found.is_this_week


def test_there_are_ten_next_steps_and_those_after_this_week_come_by_their_day():
    recent = [{**client, "Last contact": "2026-11-20", "Last review": "2026-11-20"} for client in BIG + SMALL]
    found = of(recent)
    days = [day.date() for day in found.next_steps["by"].to_list()]
    assert len(days) == 10
    assert days == sorted(days)
    assert not found.is_this_week
    assert days[-1] > AS_OF + timedelta(days=7)


def test_a_client_to_shed_is_no_next_step():
    clients = [*BIG, {"Client": "Cedar House", "Revenue": 20_000, "Profit": -5_000, "Last contact": "2020-01-01"}]
    found = of(clients + SMALL)
    assert found.to_shed["client"].to_list() == ["Cedar House"]
    assert "Cedar House" not in found.next_steps["client"].to_list()


@pytest.mark.long
def test_clients_to_grow_come_by_their_upside():
    clients = [
        {**client, "Strategic value": "High", "Opportunity": "High", "Total spend": spend}
        for client, spend in zip((*BIG, *SMALL), range(4_000_000, 2_000_000, -100_000), strict=True)
    ]
    upsides = of(clients).to_grow["Upside"].to_list()
    assert upsides
    assert upsides == sorted(upsides, reverse=True)


def test_who_moved_is_not_known_without_an_earlier_grading():
    assert of(BIG + SMALL).moved is None


@pytest.mark.long
def test_who_moved_up_and_down_is_counted_and_the_largest_are_named():
    before = lines_of(graded(BIG + SMALL, as_of=date(2026, 10, 1)))
    grading = graded([{**BIG[0], "Revenue": 5_000}, *({**client, "Revenue": 900_000} for client in SMALL), BIG[1]])
    found = summary(grading, portfolio(grading), movers=movers(before, lines_of(grading))).moved
    assert found
    assert found.sentence == "Since 1 Oct 2026: 0 moved up, 1 down"
    assert found.clients["client"].to_list() == ["Ashdown"]


# --- What it rests on ------------------------------------------------------------------------------------------------


def test_what_the_grades_rest_on_are_the_columns_and_the_issues():
    clients = [{**client, "Colour": "red"} for client in BIG + SMALL]
    assert of(clients, [Issue("is blank"), Issue("was read so", assumed=True)]).rests_on == {
        "Columns used": "Client and Revenue",
        "Not used": "Colour",
        "Data issues": "1 data issue, 1 assumption",
    }


@pytest.mark.parametrize(
    ("amount", "text"),
    [(0, "0"), (-3_850, "-3,850"), (9_999, "9,999"), (86_500, "86 k"), (999_499, "999 k"), (5_703_981, "5.70 m")],
)
def test_amounts_are_shortened_as_one_says_them(amount: float, text: str):
    assert in_short(amount) == text
