"""The Movers sheet: who has moved, what changed, and the tiers over time."""

from datetime import date, timedelta
from functools import cache

import pytest

from tests.method.frames import graded
from tests.sheets.looks import cells_in, records, table_with, texts
from tierxl.method.plan.history import movers_since, no_lines, with_grading
from tierxl.method.rating.grading import Grading
from tierxl.sheets import movers
from tierxl.sheets.description import Column, Sheet, Table
from tierxl.sheets.history import Past
from tierxl.workbooks.dimensions import LINE_HEIGHT, heights_of

pytestmark = pytest.mark.long

SPRING, SUMMER = date(2026, 3, 1), date(2026, 6, 1)
BEFORE = [{"Client": "rises", "Revenue": 5}, {"Client": "falls", "Revenue": 300}, {"Client": "leaves", "Revenue": 4}]
AFTER = [{"Client": "rises", "Revenue": 400}, {"Client": "falls", "Revenue": 3}, {"Client": "comes", "Revenue": 2}]


def described(grading: Grading, past: Past) -> Sheet:
    return movers.describe(grading, past, movers_since(past.lines, grading))


@cache
def moved(**settings: str) -> Sheet:
    past = Past(with_grading(no_lines(), graded(BEFORE, as_of=SPRING)))
    return described(graded(AFTER, {"moves": settings} if settings else {}, SUMMER), past)


def test_each_mover_has_a_row_with_its_tiers_and_what_changed():
    rows = records(table_with(moved(), "What changed"))
    assert [(row["Client"], row["Move"], row["From"], row["To"], row["Revenue"]) for row in rows] == [
        ("rises", "Up", "C", "A", 400),
        ("falls", "Down", "A", "C", 3),
        ("comes", "New", None, "C", 2),
        ("leaves", "Gone", "C", None, 4),
    ]
    assert rows[0]["What changed"] == "Revenue Low to High"


def test_a_header_of_two_words_that_its_column_cannot_hold_has_a_row_of_two_lines():
    watch = Table(5, [Column("Revenue before", 13, "money"), Column("Tier", 11, "tier")], [(1, "A")])
    assert heights_of(watch, [], [13, 11]) == {5: 2 * LINE_HEIGHT}
    assert heights_of(watch, [], [14, 11]) == {}


def test_moves_are_counted_with_their_revenue():
    (counts,) = (table for table in moved().tables if table.headers == ("Move", "Clients", "Revenue"))
    assert [tuple(line) for line in counts.rows] == [
        ("Up", 1, 400), ("Down", 1, 3), ("Now graded", 0, 0), ("No longer graded", 0, 0), ("New", 1, 2), ("Gone", 1, 4),
        ("Same tier", 0, None),
    ]  # fmt: skip
    assert "Since 1 Mar 2026" in texts(moved())


def test_other_settings_are_mentioned():
    sentence = "The settings have changed in between, so a move may come from them rather than from the client."
    assert sentence not in texts(moved())
    assert sentence in texts(moved(opportunity="off"))


def test_the_charts_stack_clients_and_revenue_by_tier_over_the_days():
    clients, revenue = moved().charts
    assert [series.name for series in clients.series] == ["Tier A", "Tier C"]
    assert cells_in(moved(), clients.series[0].x) == ["1 Mar 2026", "1 Jun 2026"]
    assert [cells_in(moved(), series.y) for series in clients.series] == [[1, 1], [2, 2]]
    assert [cells_in(moved(), series.y) for series in revenue.series] == [[300, 400], [9, 5]]


@pytest.mark.long
def test_the_charts_show_the_latest_days_only():
    lines = no_lines()
    for day in range(movers.MOST_DAYS + 5):
        lines = with_grading(lines, graded(BEFORE, as_of=SPRING + timedelta(day)))
    sheet = described(graded(AFTER, as_of=SUMMER), Past(lines))
    days = cells_in(sheet, sheet.charts[0].series[0].x)
    assert (len(days), days[-1]) == (movers.MOST_DAYS, "1 Jun 2026")


def test_days_after_the_grading_are_not_in_its_charts():
    past = Past(
        with_grading(Past(with_grading(no_lines(), graded(BEFORE, as_of=SPRING))).lines, graded(AFTER, as_of=SUMMER))
    )
    sheet = described(graded(AFTER, as_of=date(2026, 4, 1)), past)
    assert cells_in(sheet, sheet.charts[0].series[0].x) == ["1 Mar 2026", "1 Apr 2026"]


def test_on_the_first_day_a_sentence_stands_in_place_of_tables_and_charts():
    sheet = described(graded(AFTER, as_of=SUMMER), Past(no_lines()))
    assert not sheet.charts
    assert not sheet.tables
    assert any("This is the first grading." in text for text in texts(sheet))


def test_where_nobody_moved_it_says_so_without_an_empty_table():
    past = Past(with_grading(no_lines(), graded(AFTER, as_of=SPRING)))
    sheet = described(graded(AFTER, as_of=SUMMER), past)
    assert "No client changed tier" in texts(sheet)
    assert not [table for table in sheet.tables if "What changed" in table.headers]


def watch_of(revenue_then: float, revenue_now: float, revenue_down: float = 0.2) -> Sheet:
    clients = [{"Client": "sure", "Revenue": revenue_then, "Override tier": "A"}, *AFTER]
    past = Past(with_grading(no_lines(), graded(clients, as_of=SPRING)))
    policy = {"retention": {"revenue_down": revenue_down}}
    return described(graded([clients[0] | {"Revenue": revenue_now}, *AFTER], policy, SUMMER), past)


def test_those_to_be_watched_stand_below_the_movers_with_what_revenue_was_and_is_and_its_fall():
    sheet = watch_of(1_000, 749)
    assert records(table_with(sheet, "Fall")) == [
        {
            "Client": "sure",
            "Client key": "sure",
            "Revenue before": 1_000,
            "Revenue now": 749,
            "Tier": "A",
            "Fall": 0.251,
        }
    ]
    assert "Watch: 1 client of tier A or B kept the tier and lost 20% or more of the revenue." in texts(sheet)


def test_a_fall_beside_the_cut_has_the_decimals_that_show_its_side():
    assert table_with(watch_of(100_000, 79_958, 0.2004), "Fall").styles[-1] == "percent-2"
    assert table_with(watch_of(100_000, 79_958), "Fall").styles[-1] == "percent"


def test_where_nobody_is_to_be_watched_it_says_so_without_an_empty_table():
    sheet = watch_of(1_000, 801)
    assert "Watch: No client of tier A or B kept the tier and lost 20% or more of the revenue." in texts(sheet)
    assert not [table for table in sheet.tables if "Fall" in table.headers]


@pytest.mark.parametrize("header", ["Move", "From", "To"])
def test_moves_and_tiers_are_coloured(header: str):
    listed = table_with(moved(), "What changed")
    assert listed.column_area(header) in [colouring.area for colouring in moved().conditional_formats]
