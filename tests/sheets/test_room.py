"""A sheet has so many rows and no more: what does not fit is counted, and nothing is written beyond the last row."""

from typing import Any

import pytest

from tests.method.frames import graded
from tests.sheets.looks import texts
from tierxl.method.issues import Issue
from tierxl.method.plan.capacity import capacity
from tierxl.method.rating.grading import Grading
from tierxl.sheets import checks, description, engagement_plan, neglected_clients, shed_list, tier_matrix
from tierxl.sheets.description import Sheet

ROWS = 60


@pytest.fixture
def grading() -> Grading:
    clients: list[dict[str, Any]] = [
        {"Client": f"Client {at}", "Revenue": 100 + at, "Profit": -1 if at % 4 == 0 else 20} for at in range(80)
    ]
    return graded(clients)


@pytest.fixture(autouse=True)
def short_sheets(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (checks, description, engagement_plan, neglected_clients, shed_list):
        monkeypatch.setattr(module, "LAST_ROW", ROWS)


def last_row(sheet: Sheet) -> int:
    return max([cell.row for cell in sheet.cells] + [table.area.bottom for table in sheet.tables])


def test_the_engagement_plan_shows_those_who_come_first_and_everybody_to_shed(grading: Grading):
    sheet = engagement_plan.describe(grading)
    plan, leaving = sheet.tables
    assert last_row(sheet) <= ROWS
    assert len(leaving.rows) == 20
    assert sheet.notes[0].endswith(f"Here are the first {len(plan.rows)} of 60: a sheet has no more rows.")


def test_the_neglected_clients_end_with_the_sheet_and_leave_half_of_it_to_the_account_managers():
    late = [{"Client": f"Client {at}", "Revenue": 1, "Profit": 1, "Account manager": f"Manager {at}",
             "Last contact": "2020-01-01"} for at in range(80)]  # fmt: skip
    sheet = neglected_clients.describe(graded(late))
    assert last_row(sheet) == ROWS
    assert [len(table.rows) for table in sheet.tables] == [26, 26]
    assert sum("(the first 26 of 80: a sheet has no more rows)" in text for text in texts(sheet)) == 2


def test_the_tier_matrix_shows_the_best(grading: Grading):
    sheet = tier_matrix.describe(grading)
    assert last_row(sheet) == ROWS
    assert "The clients here are the first 55 of 80: a sheet has no more rows." in texts(sheet)


def test_the_shed_list_ends_with_the_sheet(grading: Grading):
    assert last_row(shed_list.describe(grading)) <= ROWS


def test_the_checks_count_every_issue(grading: Grading):
    issues = [Issue("is blank", row=at, client=f"Client {at}", column="Profit") for at in range(90)]
    sheet = checks.describe(grading, issues, capacity(grading))
    assert last_row(sheet) <= ROWS
    assert any(text.startswith("90 data issues (the first ") for text in texts(sheet))


def test_a_sheet_that_repeats_another_is_short_with_many_clients_and_says_where_all_stand(
    grading: Grading, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(description, "MOST_REPEATED", 30)
    late = [{"Client": f"Client {at}", "Revenue": 1, "Profit": 1, "Last contact": "2020-01-01"} for at in range(60)]
    matrix, neglected = tier_matrix.describe(grading), neglected_clients.describe(graded(late))
    assert len(matrix.tables[0].rows) == len(neglected.tables[0].rows) == 30
    elsewhere = "all stand beside your clients, where you can filter and sort them."
    assert f"The clients here are the first 30 of 80: {elsewhere}" in texts(matrix)
    assert any("(the first 30 of 60: all stand in the Engagement plan" in text for text in texts(neglected))


def test_the_shed_list_of_many_clients_leaves_why_to_the_clients(grading: Grading, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(shed_list, "MOST_REPEATED", 30)
    sheet = shed_list.describe(grading)
    assert "Why" not in sheet.tables[0].headers
    assert "20 clients are to be shed (why stands beside each of your clients)" in texts(sheet)
