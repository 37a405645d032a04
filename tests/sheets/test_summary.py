"""The Summary: one page with the headline at the top, only tables that have rows, and the way to every other sheet."""

from datetime import date
from typing import Any

import pytest

from tests.method.frames import AS_OF, graded, table
from tests.sheets.looks import cells_in, fits_on_paper, records, texts
from tierxl.method.plan.history import lines_of
from tierxl.method.plan.portfolio import portfolio
from tierxl.method.policy import Policy
from tierxl.method.rating.grading import Grading, grade
from tierxl.method.table.managers import Manager
from tierxl.sheets.description import Sheet
from tierxl.sheets.graded_workbook import own_sheets
from tierxl.sheets.history import Past

PLAIN = [{"Revenue": 1000 * number} for number in range(1, 21)]
RICH = [
    {"Revenue": 1000 * number, "Profit": 300 * number if number > 2 else -50, "Total spend": 9000 * number,
     "Opportunity": "High", "Account manager": "Ann Lee", "Last contact": "2026-01-05"}
    for number in range(1, 21)
]  # fmt: skip


def pages(clients: list[dict[str, Any]]) -> list[Sheet]:
    grading = graded(clients)
    return own_sheets(grading, portfolio(grading), grading.issues)


def page(clients: list[dict[str, Any]]) -> Sheet:
    first = pages(clients)[0]
    assert first.title == "Summary"
    return first


def titles(sheet: Sheet) -> list[str]:
    return [table.title for table in sheet.tables if table.title]


def test_it_is_the_first_sheet_and_is_printed_on_one_page():
    found = page(PLAIN)
    assert found.is_one_page
    assert found.print_columns == len(found.widths)


@pytest.mark.long
def test_of_many_who_moved_as_many_up_as_down_are_shown():
    turned = [{"Revenue": 1000 * number} for number in range(20, 0, -1)]
    past = Past(lines_of(graded(turned, as_of=date(2026, 10, 1))))
    grading = graded(PLAIN)
    first = own_sheets(grading, portfolio(grading), [], past)[0]
    (moves,) = (records(table) for table in first.tables if "Move" in table.headers)
    assert [line["Move"] for line in moves] == ["Up", "Up", "Down", "Down"]


@pytest.mark.long
def test_it_leads_to_the_clients_and_to_every_other_sheet_in_sight_and_each_of_ours_leads_back():
    summary, *others = pages(RICH)
    in_sight = {sheet.kind for sheet in others if not sheet.is_hidden}
    assert {cell.link for cell in summary.cells if cell.link} == {"clients", *in_sight}
    assert {sheet.title for sheet in others if sheet.is_hidden} == {"History"}
    for sheet in others:
        assert [cell.link for cell in sheet.cells if cell.link] == ["summary"], sheet.title


def test_a_list_of_client_and_revenue_has_no_empty_table():
    found = page(PLAIN)
    assert titles(found) == ["What is next", "Tiers"]
    assert all(len(table.rows) for table in found.tables)


def test_whom_to_grow_and_to_let_go_stand_below_what_is_next():
    assert titles(page(RICH)) == [
        "This week",
        "To grow, the most upside first: the first 4 of 18",
        "To reprice or let go",
        "Tiers",
    ]


@pytest.mark.long
def test_who_moved_since_the_grading_before_stands_below_with_what_changed():
    past = Past(lines_of(graded(PLAIN, as_of=date(2026, 10, 1))))
    grading = graded([{"Revenue": 90_000}, *PLAIN[1:]])
    found = own_sheets(grading, portfolio(grading), [], past)[0]
    (table,) = (table for table in found.tables if table.title.startswith("Since 1 Oct 2026: 1 moved up"))
    assert records(table)[0] == {
        "Client": "Client 1", "Tier": "A", "Revenue": 90_000.0, "Move": "Up", "What changed": "Revenue Low to High",
    }  # fmt: skip


def test_no_two_things_stand_in_the_same_cells():
    for clients in (PLAIN, RICH):
        found = page(clients)
        areas = [table.area for table in found.tables]
        assert not any(one.overlaps(other) for at, one in enumerate(areas) for other in areas[:at])
        taken = {(cell.row, column) for cell in found.cells for column in range(cell.column, cell.column + cell.span)}
        assert len(taken) == sum(cell.span for cell in found.cells)


def test_amounts_are_numbers_and_what_is_not_known_is_a_dash_with_its_reason():
    found = page(PLAIN)
    tiles = [cell.value for cell in found.cells if cell.style.startswith("tile-a") and cell.row == 6]
    assert tiles == [210_000.0, "–", "–", "–", "–"]
    assert "Not known: no profit" in texts(found)


@pytest.mark.long
def test_who_is_left_out_for_the_action_where_nobody_has_an_account_manager():
    assert "Who" not in texts(page(PLAIN))
    assert "Who" in texts(page(RICH))


def test_the_charts_draw_the_tiers_and_the_curve_with_the_top_fifth_marked():
    found = page(PLAIN)
    tiers, curve = found.charts
    assert [cells_in(found, series.x) for series in tiers.series] == [["Tier A", "Tier B", "Tier C"]] * 2
    assert curve.title.startswith("The top 20% (4 clients) bring ")
    mark = curve.series[1]
    assert cells_in(found, mark.x)[:2] == [0.2, 0.2]
    assert cells_in(found, mark.y)[0] == 0


def test_figures_behind_the_charts_are_out_of_sight_and_not_printed():
    found = page(PLAIN)
    behind = [table for table in found.tables if not table.title]
    assert behind
    assert all(table.column > 2 * len(found.widths) for table in behind)


@pytest.mark.long
def test_without_revenue_nothing_is_drawn():
    assert page([{"Revenue": 0}] * 20).charts == []


# --- Which sheets there are ------------------------------------------------------------------------------------------

ALWAYS = ["Summary", "Engagement plan", "Service levels", "Portfolio", "Checks", "Settings", "History"]


def test_a_list_of_client_and_revenue_gets_only_sheets_with_something_to_show():
    assert [sheet.title for sheet in pages(PLAIN)] == ALWAYS


@pytest.mark.long
def test_sheets_appear_with_their_content_and_the_machines_stand_last():
    assert [sheet.title for sheet in pages(RICH)] == [
        "Summary", "Engagement plan", "Neglected clients", "Service levels", "Portfolio", "Tier matrix", "Shed list",
        "Checks", "Settings", "History",
    ]  # fmt: skip
    assert [sheet.title for sheet in pages(RICH) if sheet.tab == "machine"] == ["Checks", "Settings", "History"]


def with_hours(clients: list[dict[str, Any]]) -> Grading:
    named = [{"Client": f"Client {at}"} | client for at, client in enumerate(clients, 1)]
    return grade(table(named), Policy(), AS_OF, managers=[Manager("Ann Lee", "Senior", 900)])


def test_capacity_appears_once_somebody_has_hours():
    grading = with_hours(RICH)
    assert "Capacity" in [sheet.title for sheet in own_sheets(grading, portfolio(grading), [])]


@pytest.mark.long
def test_every_sheet_is_printed_one_page_wide_in_letters_that_can_be_read():
    for clients in (PLAIN, RICH):
        assert [sheet.title for sheet in pages(clients) if not fits_on_paper(sheet)] == []


@pytest.mark.long
def test_amounts_of_millions_of_francs_are_seen_whole_and_the_pages_are_no_wider():
    many = [{"Revenue": f"CHF {number}'345'678", "Total spend": f"CHF {number}'999'999"} for number in range(101, 121)]
    for sheet in pages(many):
        assert fits_on_paper(sheet), sheet.title
        for each in sheet.tables:
            for place, column in enumerate(each.columns, each.column):
                if column.style.startswith("money") and place <= len(sheet.widths):
                    assert sheet.widths[place - 1] >= len("CHF 101,345,678"), (sheet.title, column.header)


@pytest.mark.long
def test_no_page_ends_within_a_chart():
    """A page in portrait has room for 55 rows, one in landscape for 38; the Summary is printed on one."""
    past = Past(lines_of(graded(PLAIN, as_of=date(2026, 10, 1))))
    grading = with_hours(PLAIN)
    sheets = own_sheets(grading, portfolio(grading), [], past)
    ends = {sheet.title: max(chart.bottom for chart in sheet.charts) for sheet in sheets[1:] if sheet.charts}
    assert ends.keys() == {"Portfolio", "Capacity", "Movers"}
    assert all(end <= (55 if title == "Portfolio" else 38) for title, end in ends.items()), ends


@pytest.mark.long
def test_charts_stand_within_the_page_and_beside_each_other():
    """A character of a column is 7 pixels wide in the workbook's font, of 96 an inch."""
    past = Past(lines_of(graded(PLAIN, as_of=date(2026, 10, 1))))
    grading = with_hours(RICH)
    for sheet in own_sheets(grading, portfolio(grading), [], past):
        left = [2.54 * 7 / 96 * sum(sheet.widths[: column - 1]) for column in range(1, len(sheet.widths) + 2)]
        areas = [
            (chart.row, chart.bottom, left[chart.column - 1], left[chart.column - 1] + chart.width)
            for chart in sheet.charts
        ]
        assert all(right <= left[-1] for *_, right in areas), sheet.title
        for at, (top, bottom, start, end) in enumerate(areas):
            for first, last, begin, stop in areas[:at]:
                assert bottom <= first or last <= top or end <= begin or stop <= start, sheet.title


def test_a_sheet_of_an_earlier_grading_stays_with_one_sentence_since_formulas_may_look_into_it():
    grading = graded(PLAIN)
    kinds = ("neglected clients", "tier matrix", "shed list", "capacity", "movers")
    sheets = own_sheets(grading, portfolio(grading), [], there=kinds)
    empty = [sheet for sheet in sheets if sheet.kind in kinds]
    assert len(empty) == len(kinds)
    for sheet in empty:
        assert not sheet.tables
        assert any(str(cell.value).endswith(".") and cell.row > 2 for cell in sheet.cells), sheet.title
