"""The Portfolio sheet: should you tier, how the revenue is spread, and the charts with the figures behind them."""

from typing import Any

import pytest

from tests.method.frames import graded
from tests.runs import first
from tests.sheets.looks import cells_in, grid, records, table_with, texts
from tierxl.method.plan.portfolio import portfolio
from tierxl.method.rating.grading import Grading
from tierxl.sheets import portfolio as sheet
from tierxl.sheets.description import Chart, Sheet


def described(grading: Grading) -> Sheet:
    return sheet.describe(grading, portfolio(grading))


def page(clients: list[dict[str, Any]], settings: dict[str, Any] | None = None) -> Sheet:
    return described(graded(clients, settings))


TWENTY = [{"Revenue": 100 * number, "Profit": 10 * number - 60, "Segment": "Retail" if number < 11 else "Energy"}
          for number in range(1, 21)]  # fmt: skip


@pytest.fixture(scope="module")
def twenty() -> Sheet:
    return page(TWENTY)


def beside(found: Sheet, label: str) -> Any:
    cells = grid(found)
    (place,) = (place for place, value in cells.items() if value == label)
    return cells[place[0], place[1] + 1]


@pytest.mark.parametrize(
    ("clients", "reactive", "verdict"),
    first(
        1,
        [
            (TWENTY, "No", "Tier your clients"),
            (TWENTY, "Yes", "Tier, with care"),
            ([{"Revenue": 100}] * 3, "not answered", "One service standard may serve you better"),
        ],
    ),
)
def test_the_verdict_stands_at_the_top(clients: list[dict[str, Any]], reactive: str, verdict: str):
    found = page(clients, {"suitability": {"highly_reactive": reactive}})
    assert [cell.value for cell in found.cells if cell.style == "verdict"] == [verdict]


def test_the_five_signals_each_have_their_measure_their_cut_and_a_sentence(twenty: Sheet):
    signals = records(table_with(twenty, "Signal"))
    assert [line["Signal"] for line in signals] == [
        "Homogeneous clients", "Small portfolio", "Highly reactive industry", "Equal revenue",
        "High resource availability",
    ]  # fmt: skip
    assert [line["Against tiering"] for line in signals] == ["No", "No", "not measured", "No", "not measured"]
    assert [line["Measured"] for line in signals][1] == "20 clients"
    assert [line["Threshold"] for line in signals][1] == "fewer than 15"
    assert all(line["What it says"].endswith(".") for line in signals)


def test_a_signal_against_tiering_says_yes():
    signals = {line["Signal"]: line for line in records(table_with(page([{"Revenue": 100}] * 3), "Signal"))}
    assert {name for name, line in signals.items() if line["Against tiering"] == "Yes"} == {
        "Small portfolio", "Equal revenue",
    }  # fmt: skip


def test_a_warning_of_concentration_stands_below_the_readings():
    found = page([{"Client": "Abel", "Revenue": 400}, *({"Client": f"C{at}", "Revenue": 100} for at in range(7))])
    (row,) = (cell.row for cell in found.cells if cell.value == "Concentration warning")
    assert "Abel brings 36% of the revenue: more than 25% depends on one client." in texts(found)
    assert max(cell.row for cell in found.cells if cell.value == "Acceptable margin") < row


def test_each_tier_has_its_clients_revenue_and_share(twenty: Sheet):
    (table,) = (
        table for table in twenty.tables if list(table.headers) == ["Tier", "Clients", "Revenue", "Share of revenue"]
    )
    lines = records(table)
    assert [line["Tier"] for line in lines] == ["A", "B", "C"]
    assert sum(line["Clients"] for line in lines) == 20
    assert sum(line["Revenue"] for line in lines) == sum(client["Revenue"] for client in TWENTY)
    assert sum(line["Share of revenue"] for line in lines) == pytest.approx(1)


def test_clients_without_a_tier_are_counted_beside_the_tiers():
    found = page([{"Revenue": 100}, {"Revenue": None}])
    (table,) = (table for table in found.tables if list(table.headers)[:2] == ["Tier", "Clients"])
    assert [(line["Tier"], line["Clients"]) for line in records(table)][-1] == ("Not graded", 1)


def test_actions_are_counted_the_commonest_first(twenty: Sheet):
    counts = [line["Clients"] for line in records(table_with(twenty, "Action"))]
    assert counts == sorted(counts, reverse=True)
    assert sum(counts) == 20


def test_the_pareto_reading_is_the_share_of_the_top_fifth(twenty: Sheet):
    assert beside(twenty, "Pareto reading") == pytest.approx((2000 + 1900 + 1800 + 1700) / 21000)
    assert "of the revenue comes from the top 4 clients." in texts(twenty)


def test_concentration_is_the_herfindahl_index_by_client_and_by_segment(twenty: Sheet):
    by_client = sum((client["Revenue"] / 21000) ** 2 for client in TWENTY)
    assert beside(twenty, "Concentration by client") == pytest.approx(by_client)
    assert beside(twenty, "Concentration by segment") == pytest.approx((5500 / 21000) ** 2 + (15500 / 21000) ** 2)


def test_the_margins_of_the_portfolio_are_told(twenty: Sheet):
    fifteenth = (10 * 15 - 60) / (100 * 15)  # of twenty margins, each larger than the one before
    assert beside(twenty, "Target margin") == pytest.approx(fifteenth)
    assert beside(twenty, "Acceptable margin") == pytest.approx(fifteenth / 2)


def test_what_is_not_known_is_said_to_be():
    found = page([{"Revenue": 0}, {"Revenue": None}])
    for label in ("Pareto reading", "Concentration by client", "Concentration by segment", "Target margin"):
        assert beside(found, label) == "not known"
    assert not [text for text in texts(found) if text.startswith(("of the revenue", "Herfindahl", "and more"))]


# --- Charts ----------------------------------------------------------------------------------------------------------


def chart(found: Sheet, kind: str) -> Chart:
    (drawn,) = (drawn for drawn in found.charts if drawn.kind == kind)
    return drawn


def test_three_charts_stand_below_the_verdict_and_above_all_tables(twenty: Sheet):
    assert [drawn.kind for drawn in twenty.charts] == ["columns", "curve", "points"]
    (verdict,) = (cell.row for cell in twenty.cells if cell.style == "verdict")
    first_table = min(table.row for table in twenty.tables if table.column == 1)
    assert all(verdict < drawn.row and drawn.bottom < first_table for drawn in twenty.charts)


def test_the_largest_clients_and_those_with_the_lowest_margins_have_their_names_where_these_do_not_overlap():
    clients = [{"Client": f"Client {at}", "Revenue": 100 * at, "Margin": 0.4 - at % 7 / 10} for at in range(1, 21)]
    found = page(clients)
    names = {series.name: cells_in(found, series.x) for series in chart(found, "points").named}
    assert names == {f"Client {at}": [100 * at] for at in (20, 18, 6)}, "19 stands by 20, and 13 by 6"


def test_the_columns_show_clients_and_revenue_by_tier(twenty: Sheet):
    clients, revenue = chart(twenty, "columns").series
    assert cells_in(twenty, clients.x) == ["Tier A", "Tier B", "Tier C"]
    assert (clients.name, revenue.name) == ("Share of clients", "Share of revenue")
    for series in (clients, revenue):
        shares: list[Any] = cells_in(twenty, series.y)
        assert sum(shares) == pytest.approx(1)


def test_the_curve_runs_from_nothing_to_everything_and_is_bent_upwards(twenty: Sheet):
    series, *_ = chart(twenty, "curve").series
    x: list[Any] = cells_in(twenty, series.x)
    y: list[Any] = cells_in(twenty, series.y)
    assert (x[0], y[0], x[-1], y[-1]) == (0, 0, 1, 1)
    assert dict(zip(x, y, strict=True))[0.2] == pytest.approx(7400 / 21000)
    assert all(share >= place for place, share in zip(x, y, strict=True))


def test_the_points_show_revenue_against_margin_a_series_a_tier(twenty: Sheet):
    drawn = chart(twenty, "points")
    seen = {
        revenue: margin
        for series in drawn.series
        for revenue, margin in zip(cells_in(twenty, series.x), cells_in(twenty, series.y), strict=True)
    }
    assert seen == {client["Revenue"]: pytest.approx(client["Profit"] / client["Revenue"]) for client in TWENTY}
    assert [series.name for series in drawn.series] == sorted(series.name for series in drawn.series)
    assert len({series.style for series in drawn.series}) == len(drawn.series)


def test_the_title_of_the_points_counts_them():
    clients = [*TWENTY, {"Revenue": 5}, {"Revenue": -5, "Profit": 1}, {"Revenue": None, "Margin": 0.1}]
    assert chart(page(clients), "points").title == "Revenue against margin: 20 clients"


def test_without_revenue_there_is_neither_a_curve_nor_points():
    assert [drawn.kind for drawn in page([{"Revenue": 0}]).charts] == ["columns"]


def test_a_large_portfolio_shows_its_largest_clients_only():
    clients = [{"Revenue": number, "Margin": 0.1} for number in range(1, sheet.MOST_POINTS + 50)]
    found = page(clients)
    shown = [revenue for series in chart(found, "points").series for revenue in cells_in(found, series.x)]
    assert len(shown) == sheet.MOST_POINTS
    assert min(shown, key=float) == 50  # type: ignore[arg-type]
    assert chart(found, "points").title == "Revenue against margin: the largest 2,000 clients"


def test_the_figures_behind_the_charts_are_not_printed(twenty: Sheet):
    assert twenty.print_columns is not None
    for drawn in twenty.charts:
        for series in drawn.series:
            assert min(series.x.left, series.y.left) > twenty.print_columns
        assert drawn.column <= twenty.print_columns


def test_no_two_tables_overlap(twenty: Sheet):
    taken = [
        (row, column)
        for table in twenty.tables
        for row in range(table.area.top, table.area.bottom + 1)
        for column in range(table.area.left, table.area.right + 1)
    ]
    assert len(taken) == len(set(taken))
