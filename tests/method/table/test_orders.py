"""Lists of orders and invoices: how they are known, and the clients that they are summed to."""

import random
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import narwhals as nw
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tierxl.method.issues import CannotGrade
from tierxl.method.policy import Policy
from tierxl.method.policy_sections import Rows
from tierxl.method.table.headers import Headers
from tierxl.method.table.orders import ClientsOfOrders, Window, clients_of_orders, day_of_orders, refuse_orders

AS_OF = date(2026, 11, 22)
ORDERS = [
    ("2025-03-01", "Alder Freight", 100, "Legal", "High"),
    ("2025-11-22", "Birch Foods", 70, "Retail", "Low"),
    ("2025-11-23", "alder freight ", 200, "Legal", "High"),
    ("2026-02-01", "Alder Freight", -50, "Retail", "Low"),
    ("2024-01-05", "Cedar Legal", 900, "Legal", "Medium"),
    ("2026-11-22", "Birch Foods", 30, "Retail", "Low"),
]
HEADERS = ("Order date", "Client", "Revenue", "Segment", "Strategic value")


def summed(
    orders: Sequence[Sequence[Any]] = ORDERS, headers: Sequence[str] = HEADERS, as_of: date = AS_OF
) -> ClientsOfOrders:
    """The clients of orders of a CSV file."""
    texts = [[None if cell is None else str(cell) for cell in order] for order in orders]
    frame = nw.from_native(pl.DataFrame(texts, list(headers), orient="row"))
    at = day_of_orders(frame, Headers.of(headers), "orders")
    assert at is not None
    return clients_of_orders(frame, Headers.of(headers), range(2, len(orders) + 2), at, Policy(), as_of)


def by_client(found: ClientsOfOrders, *headers: str) -> dict[str, tuple[Any, ...]]:
    places = [list(found.headers).index(header) for header in ("Client", *headers)]
    return {line[places[0]]: tuple(line[at] for at in places[1:]) for line in found.cells.rows()}


# --- How they are known ----------------------------------------------------------------------------------------------

TWICE = ("Alder", "Birch", "alder ")
DAYS = ("2026-01-02", "2026-02-03", "2026-03-04")


def known(columns: dict[str, Sequence[Any]], rows: Rows = "auto") -> str | None:
    """The header of the days of the orders; None for a list of clients."""
    at = day_of_orders(nw.from_native(pl.DataFrame(columns)), Headers.of(list(columns)), rows)
    return None if at is None else list(columns)[at]


@pytest.mark.parametrize(
    "header", ["Order date", "INVOICE DATE", "transaction_date", "postingDate", "Rechnungsdatum", "Date de commande"]
)
def test_a_list_with_the_day_of_an_order_in_which_clients_repeat_is_one_of_orders(header: str):
    columns = {header: DAYS, "Client": TWICE, "Revenue": (1, 2, 3)}
    assert known(columns) == header
    assert known(columns | {"Last contact": DAYS}) == header
    assert known(columns | {"Client": ("Alder", "Birch", "Cedar")}) is None
    assert known(columns | {"Client ID": ("1", "2", "3")}) is None, "for two clients of a name are no repeated one"
    assert known(columns, rows="clients") is None


@pytest.mark.parametrize("header", ["Date", "Datum", "fecha"])
@pytest.mark.parametrize("days", [DAYS, ("13/01/2026", "02/03/2026", None), tuple(map(date.fromisoformat, DAYS))])
def test_a_column_called_date_is_that_where_it_is_the_only_one_of_dates(header: str, days: Sequence[Any]):
    columns = {header: days, "Client": TWICE, "Revenue": (1, 2, 3)}
    assert known(columns) == header
    assert known(columns | {"Due": days}) is None
    assert known(columns | {"Last contact": ("", "", "")}) is None
    assert known(columns | {header: ("soon", "later", "never")}) is None


def test_another_date_of_clients_makes_no_orders_of_them_unless_the_user_says_so():
    columns = {"Last order date": DAYS, "Client": TWICE, "Revenue": (1, 2, 3)}
    assert known(columns) is None
    assert known(columns, rows="orders") == "Last order date"
    with pytest.raises(CannotGrade, match="no column tells the day of each"):
        known(columns | {"Due": DAYS}, rows="orders")


def test_orders_are_refused_where_each_row_must_have_a_grade_of_its_own():
    frame = nw.from_native(pl.DataFrame({"Order date": DAYS, "Client": TWICE, "Revenue": (1, 2, 3)}))
    with pytest.raises(CannotGrade, match='These are orders, not clients: "Order date" is the day of each'):
        refuse_orders(frame, Headers.of(frame.columns), Policy())


# --- What they are summed to -----------------------------------------------------------------------------------------


def test_revenue_is_that_of_twelve_months_and_previous_revenue_that_of_the_twelve_before():
    assert by_client(summed(), "Revenue", "Previous revenue", "Client since", "Last order") == {
        "Alder Freight": (150, 100, date(2025, 3, 1), date(2026, 2, 1)),
        "Birch Foods": (30, 70, date(2025, 11, 22), date(2026, 11, 22)),
        "Cedar Legal": (0, 0, date(2024, 1, 5), date(2024, 1, 5)),
    }


def test_it_is_told_in_a_sentence():
    assert summed().orders.sentence == "6 rows of 3 clients, summed over the 12 months to 2026-11-22"


def test_texts_and_levels_are_those_of_the_latest_order():
    assert by_client(summed(), "Segment", "Strategic value")["Alder Freight"] == ("Retail", "Low")


def test_the_columns_are_those_in_use_in_their_order_and_then_what_the_orders_tell():
    found = summed([(*order, "a note") for order in ORDERS], (*HEADERS, "Remark"))
    assert list(found.headers) == [*HEADERS[1:], "Previous revenue", "Client since", "Last order"]
    assert found.rows == [2, 3, 6]


@pytest.mark.parametrize(
    ("latest", "last"),
    [
        pytest.param("2026-10-22", "2026-11-22", id="31 days earlier"),
        pytest.param("2026-10-21", "2026-10-21", id="32 days earlier"),
        pytest.param("2025-12-30", "2025-12-30", id="long ago"),
    ],
)
def test_the_months_end_with_the_as_of_date_or_with_a_latest_order_of_more_than_31_days_before(latest: str, last: str):
    found = summed([("2024-01-01", "Alder", 1), (latest, "Alder", 2)], HEADERS[:3])
    assert str(found.orders.window.last) == last


def test_a_year_ends_and_begins_at_the_end_of_february():
    day = nw.col("day")
    days = [date(2027, 2, 28), date(2027, 3, 1), date(2028, 2, 29), date(2028, 3, 1)]
    frame = nw.from_native(pl.DataFrame({"day": pl.Series(days).cast(pl.Datetime("us"))}))
    assert frame.select(Window(date(2028, 2, 29)).holds(day))["day"].to_list() == [False, True, True, False]


def test_profit_and_costs_are_summed_likewise_and_unknown_where_no_order_says_them():
    headers = ("Order date", "Client", "Revenue", "Profit", "Cost to serve")
    orders = [
        ("2026-01-01", "Alder", 10, 4, 1),
        ("2026-02-01", "Alder", 10, 5, None),
        ("2026-03-01", "Birch", 10, None, 2),
        ("2024-03-01", "Cedar", 10, 3, 2),
    ]
    assert by_client(summed(orders, headers), "Profit", "Cost to serve") == {
        "Alder": (9, 1),
        "Birch": (None, 2),
        "Cedar": (0, 0),
    }


def test_clients_are_told_apart_by_their_id_where_they_have_one():
    headers = ("Order date", "Client ID", "Client", "Revenue")
    orders = [("2026-01-01", "7", "Alder", 1), ("2026-01-02", "7", "Alder Ltd", 2), ("2026-01-03", "8", "Alder", 4)]
    assert by_client(summed(orders, headers), "Revenue") == {"Alder Ltd": (3,), "Alder": (4,)}


def test_orders_after_the_as_of_date_are_left_out_and_said():
    found = summed([*ORDERS, ("2026-11-23", "Alder Freight", 5000, None, None)])
    assert by_client(found, "Revenue")["Alder Freight"] == (150,)
    assert list(map(str, found.issues)) == ["1 order is dated after 22 Nov 2026, the as-of date, and left out"]


def test_an_order_without_a_day_or_a_client_is_an_issue_and_counts_nowhere():
    wrong = [("soon", "Alder Freight", 1), (None, "Birch Foods", 2), ("2026-01-01", None, 4), ("2026-01-02", " ", 8)]
    found = summed([*(order[:3] for order in ORDERS), *wrong], HEADERS[:3])
    assert by_client(found, "Revenue") == by_client(summed(), "Revenue")
    assert [issue.row for issue in found.issues] == [8, 9, 10, 11]
    assert found.orders.rows == 6


def test_without_any_day_or_with_later_ones_only_there_is_nothing_to_sum():
    with pytest.raises(CannotGrade, match="No order has a client and a day"):
        summed([("soon", "Alder", 1)], HEADERS[:3])
    with pytest.raises(CannotGrade, match="All orders are dated after 22 Nov 2026"):
        summed([("2027-01-01", "Alder", 1)], HEADERS[:3])


# --- Properties ------------------------------------------------------------------------------------------------------

days = st.integers(0, 1200).map(lambda back: AS_OF - timedelta(back))
amounts = st.integers(-100_000, 1_000_000).map(lambda cents: cents / 100)
orders = st.lists(
    st.tuples(days, st.sampled_from(["Alder", "Birch", "Cedar", "Dun"]), amounts), min_size=1, max_size=40
)


@pytest.mark.hypothesis
@settings(deadline=None)
@given(orders, st.randoms(use_true_random=False))
def test_the_order_of_the_orders_changes_no_client(listed: list[tuple[Any, ...]], shuffling: random.Random):
    shuffled = shuffling.sample(listed, len(listed))
    figures = ("Revenue", "Previous revenue", "Client since", "Last order")
    assert by_client(summed(listed, HEADERS[:3]), *figures) == by_client(summed(shuffled, HEADERS[:3]), *figures)


@pytest.mark.hypothesis
@settings(deadline=None)
@given(orders)
def test_all_that_is_summed_is_all_that_stands_in_the_two_years(listed: list[tuple[Any, ...]]):
    found = summed(listed, HEADERS[:3])
    last = found.orders.window.last
    wanted: defaultdict[int, float] = defaultdict(float)
    for day, _, amount in listed:
        wanted[last.year - day.year - ((day.month, day.day) > (last.month, last.day))] += amount
    sums = [sum(pair) for pair in zip(*by_client(found, "Revenue", "Previous revenue").values(), strict=True)]
    assert sums == pytest.approx([wanted[0], wanted[1]], abs=1e-6)
