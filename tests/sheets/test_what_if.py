"""The What if sheet: what is tried, what it changes, and what the tiers hang on."""

from functools import cache

import pytest

from tests.method.frames import graded
from tests.method.plan.test_what_if import CLIENTS, FIXED
from tests.sheets.looks import cells_in, fits_on_paper, grid, records, styled, table_with, texts
from tierxl.method.plan.what_if import compare, sensitivity
from tierxl.method.rating.grading import Grading
from tierxl.sheets import description, what_if
from tierxl.sheets.description import Sheet
from tierxl.sheets.styles import STYLES

pytestmark = pytest.mark.long

TRIED = {
    "tiers": {"a_from": 70},
    "revenue": {"high_top": 0.1, "medium_top": 0.15},
    "services": {"Golf": {"A": "1/yr, 60 min", "B": "None", "C": "None"}},
}


@cache
def now() -> Grading:
    return graded(CLIENTS, FIXED)


@cache
def sheet() -> Sheet:
    return what_if.describe(now(), sensitivity(now()), compare(now(), graded(CLIENTS, FIXED | TRIED)))


@cache
def without_a_trial() -> Sheet:
    return what_if.describe(now(), sensitivity(now()), None)


def test_the_sheet_is_printed_one_page_wide_in_letters_that_can_be_read():
    assert fits_on_paper(sheet())


def test_the_sheet_says_that_nothing_of_it_is_applied():
    assert any("Nothing here is applied" in text for text in texts(sheet()))
    assert any("grading leaves it as it is" in text for text in texts(sheet()))


def test_the_settings_that_differ_stand_beside_each_other():
    settings = sheet().tables[0]
    assert [tuple(line) for line in settings.rows] == [
        ("Revenue: Medium top", 0.2, 0.15), ("Tiers: A from", 65, 70), ("Golf: Tier A", "none", "1/yr, 60 min"),
        ("Golf: Tier B", "none", "None"), ("Golf: Tier C", "none", "None"),
    ]  # fmt: skip
    shares = [cell for cell in sheet().cells if cell.style == "share"]
    assert [(cell.row, cell.value) for cell in shares] == [(settings.row + 1, 0.2), (settings.row + 1, 0.15)]


def test_the_figures_stand_beside_each_other_with_the_change():
    found = {line["Figure"]: line for line in records(table_with(sheet(), "Figure"))}
    assert list(found) == [
        "Tier A: clients", "Tier B: clients", "Tier C: clients", "Tier A: revenue", "Tier B: revenue",
        "Tier C: revenue", "Clients to shed", "Team hours a year",
    ]  # fmt: skip
    assert found["Tier A: clients"] == {"Figure": "Tier A: clients", "Now": 4, "Tried": 2, "Change": -2}
    assert found["Tier A: revenue"] == {"Figure": "Tier A: revenue", "Now": 2000, "Tried": 1000, "Change": -1000}


def test_who_changes_tier_stands_there_with_the_reason_the_most_revenue_first():
    clients = table_with(sheet(), "Client", "Why")
    assert clients.name == "What_if"
    assert [(it["Client"], it["Revenue"], it["From"], it["To"], it["Score now"], it["Score tried"]) for it in
            records(clients)] == [("Bellwether", 500, "A", "B", 65, 65), ("Cedar", 500, "A", "B", 65, 65)]  # fmt: skip
    assert {it["Why"] for it in records(clients)} == {"Score 65 as before; starts at B, was A"}


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"tiers": {"a_from": 70}}, "2 clients, with 1,000 of revenue, change tier. It frees 76 team hours a year."),
        ({"tiers": {"b_from": 51}}, "1 client, with 100 of revenue, changes tier. It frees 13 team hours a year."),
        ({"tiers": {"a_from": 50}}, "1 client, with 100 of revenue, changes tier. It costs 38 team hours a year."),
        ({"tiers": {"borderline": 6}}, "No client changes tier. The team's hours stay as they are."),
        ({}, "What you try is in force already: nothing changes."),
    ],
)
def test_a_sentence_says_what_comes_of_it(settings: dict, sentence: str):
    assert what_if.sentence(compare(now(), graded(CLIENTS, FIXED | settings))) == sentence


def test_the_sensitivity_is_there_with_and_without_a_trial():
    for described in (sheet(), without_a_trial()):
        hangs = table_with(described, "Setting", "Hours")
        first = hangs.rows[0]
        assert first == ("Tiers: A from", 65, 52, 0, 0, 0, 78, 3, 1100, first[-1])
        assert first[-1] < 0
        assert len(hangs.rows) == 15
        assert "The tiers depend most on Tiers: A from: up to 3 clients change tier." in texts(described)


def test_shares_are_shown_as_percent():
    hangs = table_with(sheet(), "Setting", "Hours")
    row = hangs.row + 1 + [line[0] for line in hangs.rows].index("Revenue: High top")
    percents = {cell.column: cell.value for cell in sheet().cells if cell.row == row and cell.style == "percent"}
    assert percents == {2: 0.1, 3: 0.08, 7: 0.12}


def test_a_value_that_the_policy_bars_is_marked():
    close = graded(CLIENTS, FIXED | {"tiers": {"a_from": 50, "b_from": 45}})
    hangs = table_with(what_if.describe(close, sensitivity(close), None), "Setting", "Hours")
    lines = {line[0]: line for line in hangs.rows}
    assert lines["Tiers: B from"][6:] == ("not possible", None, None, None)


def test_where_no_setting_moves_anybody_the_sheet_says_so():
    alone = graded([{"Client": "Ashdown", "Revenue": 100}])
    described = what_if.describe(alone, sensitivity(alone), None)
    assert "No client changes tier, whichever of these settings is changed." in texts(described)


def test_the_chart_shows_the_clients_of_both_sides_by_the_settings_that_matter_most():
    for described in (sheet(), without_a_trial()):
        (chart,) = described.charts
        lower, higher = chart.series
        hangs = table_with(described, "Setting", "Hours")
        assert cells_in(described, lower.x) == [line[0] for line in hangs.rows[: what_if.MOST_BARS]]
        assert cells_in(described, lower.y) == [line[3] for line in hangs.rows[: what_if.MOST_BARS]]
        assert cells_in(described, higher.y) == [line[7] for line in hangs.rows[: what_if.MOST_BARS]]


def test_the_chart_covers_no_cell():
    (chart,) = sheet().charts
    covered = [at for at in grid(sheet()) if at[1] >= chart.column and chart.row <= at[0] < chart.row + 24]
    assert covered == []


def test_every_style_exists():
    named = {style for described in (sheet(), without_a_trial()) for _, style in styled(described)}
    named |= {series.style for chart in sheet().charts for series in chart.series}
    assert named <= set(STYLES)


def test_no_more_clients_are_listed_than_a_sheet_has_rows(monkeypatch: pytest.MonkeyPatch):
    whole = table_with(sheet(), "Client", "Why")
    monkeypatch.setattr(description, "LAST_ROW", whole.row + 1)
    described = what_if.describe(now(), sensitivity(now()), compare(now(), graded(CLIENTS, FIXED | TRIED)))
    assert [it["Client"] for it in records(table_with(described, "Client", "Why"))] == ["Bellwether"]
    assert any("(the first 1 of 2: a sheet has no more rows)" in text for text in texts(described))
