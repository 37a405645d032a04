"""From a frame of any kind to typed clients."""

from datetime import UTC, date, datetime
from typing import Any

import narwhals as nw
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from tests.method.frames import ENGINES, frame
from tests.runs import first
from tierxl.method.levels import HIGH, LOW, NO, NOT_KNOWN, NOT_RATED, YES
from tierxl.method.policy import Policy
from tierxl.method.rating.checks import doubtful_names
from tierxl.method.table.clients import Clients, read_clients

NAMES = ["Ashdown", "Bramley"]
BASE = {"Client": NAMES, "Revenue": [2000, 1000]}


def read(native: Any, settings: dict | None = None) -> Clients:
    return read_clients(nw.from_native(native, eager_only=True), Policy.with_settings(settings or {}))


def column(clients: Clients, field: str) -> list[Any]:
    return [None if pd.isna(value) else value for value in clients.table[field].to_list()]


NUMBERS = [
    pytest.param(pd.DataFrame(BASE | {"Profit": [500, None]}), id="pandas"),
    pytest.param(pd.DataFrame(BASE | {"Profit": pd.array([500, None], dtype="Int64")}), id="pandas Int64"),
    pytest.param(pd.DataFrame(BASE | {"Profit": pd.array([500, None], dtype="Float64")}), id="pandas Float64"),
    pytest.param(pd.DataFrame(BASE | {"Profit": pd.Series([500, pd.NA], dtype=object)}), id="pandas object"),
    pytest.param(pd.DataFrame(BASE | {"Profit": pd.Series(["500", None], dtype="string")}), id="pandas string"),
    pytest.param(
        pd.DataFrame(BASE | {"Profit": [500, None]}).convert_dtypes(dtype_backend="pyarrow"), id="pandas on Arrow"
    ),
    pytest.param(pl.DataFrame(BASE | {"Profit": [500, None]}), id="Polars"),
    pytest.param(pl.DataFrame(BASE | {"Profit": [500.0, float("nan")]}), id="Polars with NaN"),
    pytest.param(pl.DataFrame(BASE | {"Profit": ["500", None]}), id="Polars text"),
    pytest.param(pl.DataFrame(BASE | {"Profit": pl.Series(["500", None]).cast(pl.Decimal(9, 2))}), id="Polars Decimal"),
    pytest.param(pl.DataFrame(BASE | {"Profit": pl.Series([500, " "], dtype=pl.Object)}), id="Polars object"),
    pytest.param(pa.table(BASE | {"Profit": [500, None]}), id="Arrow"),
]


@pytest.mark.parametrize("native", first(6, NUMBERS))
def test_money_is_read_from_any_kind_of_column(native: Any):
    clients = read(native)
    assert column(clients, "profit") == [500, None]
    assert column(clients, "revenue") == [2000, 1000]
    assert clients.issues == []


WORDS = [
    pytest.param(pd.DataFrame(BASE | {"Opportunity": ["High", None]}), id="pandas"),
    pytest.param(pd.DataFrame(BASE | {"Opportunity": pd.Categorical(["High", None])}), id="pandas category"),
    pytest.param(pd.DataFrame(BASE | {"Opportunity": pd.array([3, None], dtype="Int64")}), id="pandas Int64"),
    pytest.param(pd.DataFrame(BASE | {"Opportunity": ["High", None]}).convert_dtypes(), id="pandas nullable"),
    pytest.param(pl.DataFrame(BASE | {"Opportunity": [3, None]}), id="Polars number"),
    pytest.param(
        pl.DataFrame(BASE | {"Opportunity": pl.Series(["H", None], dtype=pl.Categorical)}), id="Polars category"
    ),
]


@pytest.mark.parametrize("native", first(3, WORDS))
def test_levels_are_read_from_any_kind_of_column(native: Any):
    clients = read(native)
    assert column(clients, "opportunity") == [HIGH, NOT_RATED]
    assert clients.issues == []


ANSWERS = [
    pytest.param(pd.DataFrame(BASE | {"Well aligned": [True, None]}), id="pandas"),
    pytest.param(pd.DataFrame(BASE | {"Well aligned": pd.array([True, None], dtype="boolean")}), id="pandas boolean"),
    pytest.param(pl.DataFrame(BASE | {"Well aligned": [True, None]}), id="Polars"),
    pytest.param(pl.DataFrame(BASE | {"Well aligned": [1, None]}), id="Polars number"),
]


@pytest.mark.parametrize("engine", ENGINES)
def test_levels_that_first_stand_far_down_a_column_are_read_as_those_at_its_top(engine: str):
    spellings = ["High", "high", "HIGH", "H", "hoch", "Hoch", "élevé", "alto", "alta", "3"]
    written = [*["Low", None, ""] * 100, *spellings, "huge", "Low"]
    count = len(written)
    clients = read(frame({"Client": ["Abel"] * count, "Revenue": [1.0] * count, "Opportunity": written}, engine))
    assert column(clients, "opportunity") == [*[LOW, NOT_RATED, NOT_RATED] * 100, *[HIGH] * 10, NOT_RATED, LOW]
    assert [(issue.row, issue.value) for issue in clients.issues] == [(312, "huge")]


@pytest.mark.parametrize("native", ANSWERS)
def test_answers_are_read_from_any_kind_of_column(native: Any):
    assert column(read(native), "well_aligned") == [YES, NOT_KNOWN]


LATE = datetime(2026, 11, 2, 23, 30)
DATES = [
    pytest.param(pd.DataFrame(BASE | {"Last contact": pd.to_datetime([LATE, None])}), id="pandas"),
    pytest.param(
        pd.DataFrame(BASE | {"Last contact": pd.to_datetime([LATE, None]).tz_localize("Asia/Tokyo")}), id="pandas zone"
    ),
    pytest.param(pd.DataFrame(BASE | {"Last contact": [LATE.date(), None]}), id="pandas object"),
    pytest.param(pd.DataFrame(BASE | {"Last contact": pd.Series([LATE, pd.NaT], dtype=object)}), id="pandas NaT"),
    pytest.param(pl.DataFrame(BASE | {"Last contact": [LATE.date(), None]}), id="Polars date"),
    pytest.param(pl.DataFrame(BASE | {"Last contact": [LATE, None]}), id="Polars"),
    pytest.param(pl.DataFrame(BASE | {"Last contact": [LATE.replace(tzinfo=UTC), None]}), id="Polars zone"),
    pytest.param(pl.DataFrame(BASE | {"Last contact": ["2026-11-02", None]}), id="Polars text"),
]


@pytest.mark.parametrize("native", first(4, DATES))
def test_days_are_read_from_any_kind_of_column_without_their_hours(native: Any):
    assert [day and day.date() for day in column(read(native), "last_contact")] == [date(2026, 11, 2), None]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_client_id_keeps_its_zeros_and_loses_the_decimals_of_a_spreadsheet(engine: str):
    columns = BASE | {"Client ID": ["007", 7.0]}
    assert column(read_clients(frame(columns, engine), Policy()), "client_id") == ["007", "7"]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_column_that_is_not_there_is_not_known(engine: str):
    clients = read_clients(frame(BASE, engine), Policy())
    assert column(clients, "profit") == [None, None]
    assert column(clients, "opportunity") == [NOT_RATED, NOT_RATED]
    assert column(clients, "well_aligned") == [NOT_KNOWN, NOT_KNOWN]
    assert column(clients, "marquee") == [NO, NO]
    assert column(clients, "segment") == [None, None]
    assert clients.issues == []


def test_a_whole_column_that_is_blank_is_not_known():
    clients = read(pl.DataFrame(BASE | {"Profit": [None, None], "Opportunity": [None, " "]}))
    assert column(clients, "profit") == [None, None]
    assert column(clients, "opportunity") == [NOT_RATED, NOT_RATED]


@pytest.mark.parametrize(
    ("given", "read_as"),
    [
        ([80, 0.5], [0.8, 0.005]),
        ([80, 0.5, 0.6], [80, 0.5, 0.6]),
        ([-1.6, 0, 0.5, 0], [-0.016, 0, 0.005, 0]),
        ([1, 0], [1, 0]),
        ([0, 0], [0, 0]),
    ],
)
@pytest.mark.parametrize("written", [float, str])
def test_percentages_are_points_where_half_of_those_that_are_not_0_lie_beyond_1(
    given: list, read_as: list, written: type
):
    columns = {"Client": list("abcd"[: len(given)]), "Revenue": 1, "Wallet share": list(map(written, given))}
    assert column(read(pl.DataFrame(columns, strict=False)), "wallet_share") == pytest.approx(read_as)


@pytest.mark.parametrize("margin", ["112 %", 112, "100"])
def test_a_margin_of_100_percent_or_more_is_reported_and_not_used(margin: object):
    clients = read(
        pl.DataFrame({"Client": ["a", "b", "c"], "Revenue": 1, "Margin": pl.Series([str(margin), "45", "4"])})
    )
    assert column(clients, "margin") == [None, 0.45, 0.04]
    assert [(issue.row, issue.value, issue.message) for issue in clients.issues] == [
        (2, str(margin), "is 100 % or more, which no margin can be: it is not used")
    ]


@pytest.mark.parametrize("engine", ENGINES)
def test_an_issue_says_where_what_and_what_was_expected(engine: str):
    columns = {"Kunde": ["x", "y"], "Customer": NAMES, "SALES": ["100", "lots"], "churn-risk": ["High", "so so"]}
    issues = read_clients(frame(columns, engine), Policy(), rows=[5, 9]).issues
    assert [(issue.row, issue.client, issue.column, issue.value) for issue in issues] == [
        (9, "Bramley", "SALES", "lots"),
        (9, "Bramley", "churn-risk", "so so"),
    ]
    assert issues[1].message == "is not a level: write High, Medium or Low"


@pytest.mark.parametrize("number", [float("inf"), 1.7e308, -1e101])
def test_numbers_without_end_are_reported_and_not_known(number: float):
    clients = read(pl.DataFrame({"Client": NAMES, "Revenue": [number, 5.0]}))
    assert column(clients, "revenue") == [None, 5]
    assert [(issue.row, issue.message) for issue in clients.issues] == [(2, "is not a finite number")]


def test_the_same_unreadable_text_is_reported_in_every_row():
    clients = read(pl.DataFrame({"Client": ["a", "b", "c"], "Revenue": ["?", "5", "?"]}))
    assert [issue.row for issue in clients.issues] == [2, 4]


def duplicates(columns: dict[str, list]) -> list[tuple[int | None, str]]:
    clients = read(pl.DataFrame(columns | {"Revenue": [1] * 3}))
    return [(issue.row, issue.column) for issue in doubtful_names(clients)]


def test_names_are_the_same_in_capitals_and_between_spaces():
    assert duplicates({"Client": ["Ashdown", " ASHDOWN ", "Bramley"]}) == [(2, "Client"), (3, "Client")]


def test_a_client_with_a_number_is_no_duplicate_of_one_without():
    assert duplicates({"Client": ["Ashdown"] * 3, "Client ID": ["1", None, "2"]}) == []


def test_names_tell_clients_without_a_number_apart():
    columns = {"Client": ["Ashdown", "Ashdown", "Bramley"], "Client ID": [None, None, "2"]}
    assert duplicates(columns) == [(2, "Client"), (3, "Client")]


def test_clients_without_a_name_are_reported_but_are_no_duplicates():
    assert duplicates({"Client": [None, " ", "Bramley"]}) == [(2, "Client"), (3, "Client")]


@pytest.mark.parametrize("engine", ENGINES)
def test_rows_stay_in_their_order(engine: str):
    columns = {"Revenue": ["1", "3", "2"], "Client": ["c", "a", "b"], "Opportunity": ["L", "H", "L"]}
    clients = read_clients(frame(columns, engine), Policy())
    assert column(clients, "client") == ["c", "a", "b"]
    assert column(clients, "revenue") == [1, 3, 2]
    assert column(clients, "opportunity") == [LOW, HIGH, LOW]


def test_the_index_of_a_pandas_frame_does_not_matter():
    native = pd.DataFrame(BASE | {"Opportunity": ["High", "Low"]}, index=[7, 7])
    assert column(read(native), "opportunity") == [HIGH, LOW]
