"""The Checks sheet: every data issue, and whether the service levels are distinct."""

from collections.abc import Sequence
from functools import cache

import pytest

from tests.method.frames import graded
from tests.sheets.looks import records, table_with, texts
from tierxl.method.issues import Issue
from tierxl.method.plan.capacity import capacity
from tierxl.method.rating.grading import Grading
from tierxl.sheets import checks
from tierxl.sheets.description import Sheet


@cache
def one() -> Grading:
    return graded([{"Revenue": 1}])


def described(grading: Grading, issues: Sequence[Issue]) -> Sheet:
    return checks.describe(grading, issues, capacity(grading))


ISSUES = [
    Issue("is not a date: write a date such as 2026-11-22", 7, "Abel", "Client since", "soon", "Clients!F7"),
    Issue(
        "is not known: fill it in; until then only strategic value or an override gives a tier", 8, "Baker", "Revenue"
    ),
    Issue('the sheet "Settings" is yours and stays as it is'),
    Issue("should be at most 1; the default is used", column="Value", value="7", cell="Settings!C12"),
]


def test_every_issue_is_a_row_that_says_where_and_what_to_do():
    sheet = described(one(), ISSUES)
    assert records(table_with(sheet, "What to do")) == [
        {"Where": "Clients!F7", "Client": "Abel", "Column": "Client since", "Value": "soon", "Kind": "Issue",
         "What to do": "Is not a date: write a date such as 2026-11-22."},
        {"Where": "row 8", "Client": "Baker", "Column": "Revenue", "Value": "", "Kind": "Issue",
         "What to do": "Is not known: fill it in; until then only strategic value or an override gives a tier."},
        {"Where": "the table", "Client": "", "Column": "", "Value": "", "Kind": "Issue",
         "What to do": 'The sheet "Settings" is yours and stays as it is.'},
        {"Where": "Settings!C12", "Client": "", "Column": "Value", "Value": "7", "Kind": "Issue",
         "What to do": "Should be at most 1; the default is used."},
    ]  # fmt: skip


@pytest.mark.parametrize(("count", "says"), [(0, "No data issues"), (1, "1 data issue"), (1200, "1,200 data issues")])
def test_the_issues_are_counted(count: int, says: str):
    sheet = described(one(), ISSUES[:1] * count)
    assert says in texts(sheet)
    assert sum("What to do" in table.headers for table in sheet.tables) == (count > 0)


def test_each_column_of_the_list_is_used_or_not_and_the_sheet_says_how_it_was_found():
    listed = [{"Client": "Abel", "Umsatz 2025 (k€)": 5, "Region": "Nord", "Retentoin risk": "High", "Notiz": "neu"}]
    sheet = described(graded(listed), [])
    assert [tuple(line.values()) for line in records(table_with(sheet, "Used as"))] == [
        ("Client", "Client", "By its name."),
        ("Umsatz 2025 (k€)", "Revenue", "By its name in another language; its amounts are multiplied by 1,000."),
        ("Region", "not used", ""),
        ("Retentoin risk", "not used", "Did you mean Retention risk?"),
        ("Notiz", "not used", ""),
    ]


def test_what_was_assumed_is_told_apart_from_what_is_wrong():
    assumed = Issue("3 amounts such as 1,200 read as thousands", column="Revenue", assumed=True)
    sheet = described(one(), [*ISSUES[:2], assumed])
    assert "2 data issues, 1 assumption" in texts(sheet)
    assert [line["Kind"] for line in records(table_with(sheet, "Kind"))] == ["Issue", "Issue", "Assumed"]


def test_neighbouring_tiers_are_compared():
    first, second = records(table_with(described(one(), []), "Verdict"))
    assert (first["Tiers"], first["Verdict"], first["Services that differ"]) == ("A and B", "Distinct", "9 of 10")
    assert first["The same in both"] == "Open events"
    assert (second["Tiers"], second["Services that differ"]) == ("B and C", "8 of 10")
    assert second["The same in both"] == "Open events, Clients' other professionals"
    assert {first["More often in the lower tier"], second["More often in the lower tier"]} == {"none"}


def test_levels_that_are_too_much_alike_ask_to_look_again():
    settings = {"distinct": {"differ_in": 0.95}}
    lines = records(table_with(described(graded([{"Revenue": 1}], settings), []), "Verdict"))
    assert [line["Verdict"] for line in lines] == ["Look again", "Look again"]


def test_a_service_that_a_lower_tier_gets_more_often_asks_to_look_again():
    settings = {"services": {"Open events": {"C": "Invited; 3/yr, 15 min"}}}
    first, second = records(table_with(described(graded([{"Revenue": 1}], settings), []), "Verdict"))
    assert (first["Verdict"], second["Verdict"]) == ("Distinct", "Look again")
    assert second["More often in the lower tier"] == "Open events"


def test_it_says_where_the_history_is_and_how_to_plan_with_hours():
    notes = " ".join(described(one(), []).notes)
    assert "the hidden sheet History: to see it, right-click a tab and choose Unhide or Show" in notes
    assert 'To plan with hours, add a sheet "Account managers"' in notes
