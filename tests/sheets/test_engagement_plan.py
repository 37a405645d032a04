"""The Engagement plan: who is due when, and the way out for the others."""

from datetime import date, datetime
from functools import cache
from typing import Any

import pytest

from tests.method.frames import graded
from tests.runs import first
from tests.sheets.looks import grid, records, table_with, texts
from tierxl.method.plan.history import lines_of, movers_since
from tierxl.sheets import engagement_plan
from tierxl.sheets.description import Sheet

AS_OF = date(2026, 11, 22)


def sheet(*clients: dict[str, Any], settings: dict[str, Any] | None = None) -> Sheet:
    return engagement_plan.describe(graded([{"Revenue": 100} | client for client in clients], settings, AS_OF))


def plan(page: Sheet) -> list[dict[str, Any]]:
    return records(table_with(page, "Next review", "Next contact"))


MIXED = (
    {"Client": "Abel", "Override tier": "A", "Revenue": 700},
    {"Client": "Baker", "Override tier": "B", "Revenue": 200},
    {"Client": "Cohen", "Override tier": "C", "Revenue": 60},
    {"Client": "Dean", "Revenue": 40},
    {"Client": "Evans", "Revenue": 50, "Profit": -5},
    {"Client": "Frank", "Revenue": None},
)


@cache
def mixed() -> Sheet:
    return sheet(*MIXED)


def test_every_served_client_has_one_line():
    assert sorted(line["Client"] for line in plan(mixed())) == ["Abel", "Baker", "Cohen", "Dean"]


def test_the_plan_begins_at_the_top_with_its_headers_and_the_clients_names_always_in_sight():
    for page, row in ((dated(), 3), (mixed(), 4)):
        assert table_with(page, "Next review").row == page.print_header_row == row
        assert page.freeze == (row + 1, 2)


@pytest.mark.long
def test_a_rhythm_of_its_own_is_seen_where_a_client_has_one_and_only_then():
    own = {"Client": "own", "Override tier": "A", "Contacts a year": 2.5, "Reviews a year": 0}
    small = {"Client": "small", "Override tier": "C", "Reviews a year": 1}
    other = {"Client": "other", "Override tier": "C"}
    lines = {line["Client"]: line["Own rhythm"] for line in plan(sheet(own, small, other))}
    assert lines == {"own": "0 reviews a year, 2.5 contacts a year", "small": "1 review a year", "other": ""}
    assert "Own rhythm" not in table_with(mixed(), "Next review").headers


@pytest.mark.long
def test_a_trend_stands_beside_the_tier_of_whoever_moved_since_the_grading_before_and_only_then():
    clients = [
        {"Client": "Abel", "Override tier": "A"},
        {"Client": "Baker", "Override tier": "C"},
        {"Client": "Cohen", "Override tier": "B"},
        {"Client": "Dean", "Override tier": "B"},
        {"Client": "Evans", "Override tier": "C", "Profit": -5},
    ]
    before = {"Abel": "B", "Baker": "A", "Cohen": "B", "Evans": "C"}
    listed = [{"Client": who, "Override tier": tier, "Revenue": 100} for who, tier in before.items()]
    earlier = graded(listed, as_of=date(2026, 8, 30))
    later = graded([{"Revenue": 100} | client for client in clients], as_of=AS_OF)
    page = engagement_plan.describe(later, movers_since(lines_of(earlier), later))
    table = table_with(page, "Next review")
    assert table.headers[1:3] == ("Tier", "Trend")
    trends = {line["Client"]: line["Trend"] for line in records(table)}
    assert trends == {"Abel": "▲ from B", "Baker": "▼ from A", "Cohen": None, "Dean": "new", "Evans": None}
    assert "Trend" not in table_with(mixed(), "Next review").headers


DATED = (
    {"Client": "in a year", "Override tier": "C", "Last contact": "2026-11-22", "Last review": "2026-11-22"},
    {"Client": "long ago", "Override tier": "C", "Last contact": "2025-01-31", "Client since": "2025-06-01"},
    {"Client": "a review is due", "Override tier": "A", "Last contact": "2026-11-20", "Last review": "2026-08-31"},
    {"Client": "nobody knows", "Override tier": "B", "Account manager": "Priya"},
    {"Client": "never reviewed", "Override tier": "B", "Last contact": "2026-11-01"},
)


@cache
def dated() -> Sheet:
    return sheet(*DATED)


def test_lines_are_sorted_by_tier_then_by_days_overdue_then_by_revenue():
    lines = [(line["Client"], line["Tier"]) for line in plan(dated())]
    assert lines == [
        ("a review is due", "A"), ("nobody knows", "B"), ("never reviewed", "B"), ("long ago", "C"), ("in a year", "C"),
    ]  # fmt: skip


def test_due_dates_and_overdue_days_are_counted_from_the_last_ones():
    lines = {line["Client"]: line for line in plan(dated())}
    late = lines["long ago"]
    assert (late["Next contact"], late["Next review"]) == (datetime(2026, 1, 31), datetime(2026, 11, 22))
    assert (late["Last contact"], late["Last review"]) == (datetime(2025, 1, 31), None)
    assert late["Days overdue"] == (AS_OF - date(2026, 1, 31)).days
    due = lines["a review is due"]
    assert (due["Next review"], due["Next contact"]) == (datetime(2026, 11, 30), datetime(2026, 12, 20))
    assert due["Days overdue"] == 0
    assert lines["nobody knows"]["Next contact"] == datetime(2026, 11, 22)


def test_a_remark_tells_who_is_neglected_and_of_whom_nothing_is_recorded():
    remarks = {line["Client"]: line["Remark"] for line in plan(dated())}
    assert remarks == {
        "in a year": None,
        "long ago": "Neglected",
        "a review is due": None,
        "nobody knows": "None recorded",
        "never reviewed": "No review recorded",
    }


def test_a_client_that_was_only_reviewed_has_no_contact_recorded():
    lines = plan(sheet({"Client": "a", "Last contact": "2026-11-01"}, {"Client": "b", "Last review": "2026-11-01"}))
    assert {line["Client"]: line["Remark"] for line in lines} == {"a": "No review recorded", "b": "No contact recorded"}


def test_the_sheet_says_once_which_dates_the_list_has_none_of():
    sentence = "Your list has no Last review: the first reviews are spread evenly, and none is overdue."
    assert sheet({"Client": "a", "Last contact": "2026-11-01"}).notes[1:] == [sentence]
    assert len(dated().notes) == 1


def test_each_client_has_its_next_step_and_its_preferred_contact():
    (late, other) = plan(
        sheet(
            {"Client": "late", "Override tier": "A", "Last contact": "2026-10-01", "Preferred contact": "video"},
            {"Client": "other", "Override tier": "A", "Last contact": "2026-11-20"},
        )
    )
    assert (late["Next step"], late["Preferred contact"]) == ("Call: 21 days overdue", "video")
    assert other["Preferred contact"] is None


def test_the_account_manager_stands_beside_the_client():
    managers = {line["Client"]: line["Account manager"] for line in plan(dated())}
    assert managers["nobody knows"] == "Priya"
    assert managers["long ago"] is None


def test_overdue_days_are_coloured_when_there_are_any():
    page = dated()
    table = table_with(page, "Next review")
    colours = {(colour.area.left, colour.area.top): colour for colour in page.conditional_formats}
    area = table.column_area("Days overdue")
    assert colours[area.left, area.top].above == (0, "overdue")
    assert colours[area.left, area.top].area == area


@pytest.mark.parametrize("kind", ["tier", "action"])
def test_tiers_and_actions_are_coloured_over_all_lines(kind: str):
    page = mixed()
    plan, leaving = (table.column_area(kind.capitalize()) for table in page.tables)
    assert plan.bottom == page.tables[0].row + len(page.tables[0].rows)
    assert [colour.area for colour in page.conditional_formats if colour.area.left == plan.left] == [plan, leaving]


def test_clients_to_shed_have_an_exit_line_below_and_no_service_line():
    page = mixed()
    cells = grid(page)
    (row,) = (row for (row, column), value in cells.items() if (column, value) == (1, "Evans"))
    assert row > table_with(page, "Next review").area.bottom
    assert [cells[row, column] for column in (2, 3, 4, 5, 6)] == [
        "C", 50, "Shed", "Reprice, reduce service, or introduce to a competitor", "Reprice",
    ]  # fmt: skip


def test_the_exit_option_wraps_below_the_wide_column_of_the_next_step_so_that_no_page_cuts_it():
    page = mixed()
    exits, plan = table_with(page, "Exit option"), table_with(page, "Next review")
    at = exits.headers.index("Exit option")
    assert (plan.headers[at], exits.styles[at]) == ("Next step", "wrapped")


@pytest.mark.long
def test_a_column_of_account_managers_is_there_once_any_client_has_one_also_one_to_shed():
    leaving = {"Client": "Evans", "Revenue": 50, "Profit": -5, "Account manager": "Ann"}
    for page, is_there in ((mixed(), False), (sheet(*MIXED[:4], leaving), True)):
        for table in page.tables:
            assert ("Account manager" in table.headers) == is_there


@pytest.mark.long
def test_the_exit_options_are_the_users():
    page = sheet(*MIXED, settings={"shed": {"exit_options": ["Send to our partner"]}})
    assert "Send to our partner" in texts(page)


@pytest.mark.long
def test_where_nobody_is_to_be_shed_the_sheet_says_so():
    assert "No client is to be shed." in texts(sheet({"Client": "Abel", "Revenue": 9, "Profit": 1}))
    assert "No client is to be shed." not in texts(sheet({"Client": "Abel"})), "without profits, nobody knows"


@pytest.mark.parametrize(
    ("clients", "says"),
    first(
        1,
        [
            (
                [{"Revenue": 1}, {"Revenue": None}],
                "1 client has no tier yet and so no service level: see the sheet Checks.",
            ),
            ([{"Revenue": None}] * 2, "2 clients have no tier yet and so no service level: see the sheet Checks."),
        ],
    ),
)
def test_clients_without_a_tier_are_counted(clients: list[dict[str, Any]], says: str):
    assert says in texts(sheet(*clients))


@pytest.mark.long
def test_a_portfolio_without_any_served_client_still_has_its_sheet():
    page = sheet({"Client": "Evans", "Profit": -5})
    assert plan(page) == []
    assert "Evans" in texts(page)


@pytest.mark.long
def test_a_service_without_a_cadence_for_a_tier_has_no_due_date():
    services = {"Review meeting": {"C": "None"}}
    (line,) = plan(
        sheet({"Client": "Abel", "Override tier": "C", "Last contact": "2026-11-01"}, settings={"services": services})
    )
    assert line["Next review"] is None
    assert line["Days overdue"] == 0
    assert line["Next contact"] == datetime(2027, 11, 1)
