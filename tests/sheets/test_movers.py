"""The Movers sheet: who has moved, what changed, and the tiers over time."""

from datetime import date, timedelta
from functools import cache

import pytest

from tests.method.frames import graded
from tests.sheets.looks import cells_in, records, table_with, texts
from tierxl.method.plan.history import no_lines, with_grading
from tierxl.sheets import movers
from tierxl.sheets.description import Sheet
from tierxl.sheets.history import Past

pytestmark = pytest.mark.long

SPRING, SUMMER = date(2026, 3, 1), date(2026, 6, 1)
BEFORE = [{"Client": "rises", "Revenue": 5}, {"Client": "falls", "Revenue": 300}, {"Client": "leaves", "Revenue": 4}]
AFTER = [{"Client": "rises", "Revenue": 400}, {"Client": "falls", "Revenue": 3}, {"Client": "comes", "Revenue": 2}]


@cache
def moved(**settings: str) -> Sheet:
    past = Past(with_grading(no_lines(), graded(BEFORE, as_of=SPRING)))
    return movers.describe(graded(AFTER, {"moves": settings} if settings else {}, SUMMER), past)


def test_each_mover_has_a_row_with_its_tiers_and_what_changed():
    rows = records(table_with(moved(), "What changed"))
    assert [(row["Client"], row["Move"], row["From"], row["To"], row["Revenue"]) for row in rows] == [
        ("rises", "Up", "C", "A", 400),
        ("falls", "Down", "A", "C", 3),
        ("comes", "New", None, "C", 2),
        ("leaves", "Gone", "C", None, 4),
    ]
    assert rows[0]["What changed"] == "Revenue Low to High"


def test_moves_are_counted_with_their_revenue():
    (counts,) = (table for table in moved().tables if table.headers == ("Move", "Clients", "Revenue"))
    assert [tuple(line) for line in counts.rows] == [
        ("Up", 1, 400), ("Down", 1, 3), ("Now graded", 0, 0), ("No longer graded", 0, 0), ("New", 1, 2), ("Gone", 1, 4),
        ("Same tier", 0, None),
    ]  # fmt: skip
    assert "Since 2026-03-01" in texts(moved())


def test_other_settings_are_mentioned():
    said = "The settings have changed in between: a move may come from them, and not from the client."
    assert said not in texts(moved())
    assert said in texts(moved(opportunity="off"))


def test_the_charts_stack_clients_and_revenue_by_tier_over_the_days():
    clients, revenue = moved().charts
    assert [series.name for series in clients.series] == ["Tier A", "Tier C"]
    assert cells_in(moved(), clients.series[0].x) == ["2026-03-01", "2026-06-01"]
    assert [cells_in(moved(), series.y) for series in clients.series] == [[1, 1], [2, 2]]
    assert [cells_in(moved(), series.y) for series in revenue.series] == [[300, 400], [9, 5]]


@pytest.mark.long
def test_the_charts_show_the_latest_days_only():
    lines = no_lines()
    for day in range(movers.MOST_DAYS + 5):
        lines = with_grading(lines, graded(BEFORE, as_of=SPRING + timedelta(day)))
    sheet = movers.describe(graded(AFTER, as_of=SUMMER), Past(lines))
    days = cells_in(sheet, sheet.charts[0].series[0].x)
    assert (len(days), days[-1]) == (movers.MOST_DAYS, "2026-06-01")


def test_days_after_the_grading_are_not_in_its_charts():
    past = Past(
        with_grading(Past(with_grading(no_lines(), graded(BEFORE, as_of=SPRING))).lines, graded(AFTER, as_of=SUMMER))
    )
    sheet = movers.describe(graded(AFTER, as_of=date(2026, 4, 1)), past)
    assert cells_in(sheet, sheet.charts[0].series[0].x) == ["2026-03-01", "2026-04-01"]


def test_on_the_first_day_a_sentence_stands_in_place_of_tables_and_charts():
    sheet = movers.describe(graded(AFTER, as_of=SUMMER), Past(no_lines()))
    assert not sheet.charts
    assert not sheet.tables
    assert any("There is no earlier day in the History yet" in text for text in texts(sheet))


def test_where_nobody_moved_it_says_so_without_an_empty_table():
    past = Past(with_grading(no_lines(), graded(AFTER, as_of=SPRING)))
    sheet = movers.describe(graded(AFTER, as_of=SUMMER), past)
    assert "Every client has the tier that it had" in texts(sheet)
    assert not [table for table in sheet.tables if "What changed" in table.headers]


@pytest.mark.parametrize("header", ["Move", "From", "To"])
def test_moves_and_tiers_are_coloured(header: str):
    listed = table_with(moved(), "What changed")
    assert listed.column_area(header) in [colouring.area for colouring in moved().conditional_formats]
