"""The Capacity sheet: how busy the team is, what does not fit, and a chart."""

from collections.abc import Sequence
from typing import Any

import pytest

from tests.method.frames import AS_OF, table
from tests.sheets.looks import records, table_with, texts
from tierxl.method.plan.portfolio import portfolio
from tierxl.method.policy import Policy
from tierxl.method.rating.grading import grade
from tierxl.method.table.managers import Manager
from tierxl.sheets import capacity
from tierxl.sheets.description import Sheet

PRIYA, BO, OLD = Manager("Priya Raman", "Senior", 100), Manager("Bo Lund", "Standard", 40), Manager("Old", None, None)


def of(manager: str | None, tiers: str) -> list[dict[str, Any]]:
    return [
        {"Revenue": 100, "Account manager": manager, "Override tier": tier, "Override reason": "A test"}
        for tier in tiers
    ]


def page(clients: Sequence[dict[str, Any]], *managers: Manager) -> Sheet:
    named = [{"Client": f"Client {number}"} | client for number, client in enumerate(clients, 1)]
    grading = grade(table(named), Policy(), AS_OF, managers=managers)
    return capacity.describe(grading, portfolio(grading))


TEAM = of("Bo Lund", "A") + of("Priya Raman", "BC") + of("Zoë Adler", "B") + of(None, "C")


def test_the_account_managers_stand_there_the_most_hours_at_the_top():
    lines = records(table_with(page(TEAM, PRIYA, BO, OLD), "Account manager", "Utilisation"))
    assert [
        (line["Account manager"], line["Seniority"], line["Hours needed"], line["Hours available"], line["Utilisation"])
        for line in lines
    ] == [
        ("Bo Lund", "Standard", 51.75, 40, 1.29375),
        ("Priya Raman", "Senior", 13.75 + 7 / 6, 100, 0.149166667),
        ("Zoë Adler", None, 13.75, None, None),
        ("No account manager", None, 7 / 6, None, None),
        ("Old", None, 0, None, None),
    ]
    assert [line["Tier B, clients"] for line in lines] == [0, 1, 1, 0, 0]
    assert [line["Tier A, hours"] for line in lines] == [51.75, 0, 0, 0, 0]


def test_each_line_remarks_what_is_most_urgent():
    lines = records(table_with(page(TEAM, PRIYA, BO, OLD), "Account manager", "Utilisation"))
    assert {line["Account manager"]: line["Remark"] for line in lines} == {
        "Bo Lund": "Over capacity",
        "Priya Raman": None,
        "Zoë Adler": "Not listed",
        "No account manager": None,
        "Old": "Hours not known",
    }


def test_the_hours_by_tier_add_up():
    lines = records(table_with(page(TEAM, PRIYA, BO), "Tier", "Share of hours"))
    assert [(line["Tier"], line["Clients"], line["Hours needed"]) for line in lines] == [
        ("A", 1, 51.75),
        ("B", 2, 27.5),
        ("C", 2, 7 / 3),
        ("All", 5, 51.75 + 27.5 + 7 / 3),
    ]


def test_how_busy_the_team_is_and_every_flag_is_said_in_words():
    shown = texts(page(TEAM, PRIYA, BO))
    assert (
        "Your clients need 82 hours a year, and your team has 140 (58%). The hours of 1 of 3 account managers are not "
        "known." in shown
    )
    assert "The clients of Bo Lund need 52 hours a year, and Bo Lund has only 40 (129%)." in shown
    assert "Zoë Adler is not among the account managers, and has 1 client. It needs 14 hours a year." in shown


def test_where_all_fits_it_says_so():
    assert "Nothing to look at." in texts(page(of("Priya Raman", "A"), PRIYA))


@pytest.mark.long
def test_without_account_managers_it_says_how_to_get_hours():
    shown = texts(page(TEAM))
    assert "Your clients need 82 hours a year. Fill in your team's hours to see whether that fits." in shown
    assert any(text.startswith('To plan with hours, add a sheet "Account managers"') for text in shown)
    assert page(TEAM).is_empty, "a workbook gets the sheet once somebody has hours"


def test_the_chart_stacks_the_hours_of_each_tier_and_marks_the_hours_there_are():
    sheet = page(TEAM, PRIYA, BO)
    (chart,) = sheet.charts
    managers = table_with(sheet, "Account manager", "Utilisation")
    assert (chart.kind, [series.name for series in chart.series]) == ("stacked columns", ["Tier A", "Tier B", "Tier C"])
    assert [series.y for series in chart.series] == [
        managers.column_area(f"Tier {tier}, hours") for tier in ("A", "B", "C")
    ]
    assert [(mark.name, mark.y) for mark in chart.marks] == [
        ("Hours available", managers.column_area("Hours available"))
    ]


@pytest.mark.long
def test_the_chart_of_a_large_team_shows_those_with_the_most_hours():
    clients = [client for number in range(40) for client in of(f"Manager {number}", "A" if number == 39 else "C")]
    (chart,) = page(clients, PRIYA).charts
    assert chart.title == "Hours needed and available, the 25 with the most hours"
    (area,) = {series.x.bottom - series.x.top + 1 for series in chart.series}
    assert area == 25


def test_there_is_no_chart_where_nobody_needs_hours():
    assert not page([{"Revenue": None}]).charts


def test_an_assistants_share_of_services_by_an_assistant_has_a_column_so_that_the_line_adds_up():
    """12 contacts of 10 minutes are 2 hours of Sofia's, beside her own tier B client."""
    sheet = page(of("Priya Raman", "C" * 12) + of("Sofia", "B"), PRIYA, Manager("Sofia", "Assistant", 40))
    lines = records(table_with(sheet, "Account manager", "Utilisation"))
    parts = ("Tier A, hours", "Tier B, hours", "Tier C, hours", "By an assistant, hours", "Hours needed")
    assert {line["Account manager"]: tuple(line[part] for part in parts) for line in lines} == {
        "Priya Raman": (0, 0, 12, 0, 12),
        "Sofia": (0, 13.75, 0, 2, 15.75),
    }
    assert [series.name for series in sheet.charts[0].series] == ["Tier A", "Tier B", "Tier C", "By an assistant"]
