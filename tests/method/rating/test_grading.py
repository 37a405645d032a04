"""Grading as a whole: its columns, its cuts, and the order of its issues."""

from collections.abc import Callable

import narwhals as nw
import pandas as pd
import pytest

from tests.method.frames import AS_OF, ENGINES, graded, graded_rows, table
from tests.runs import first
from tierxl.method.policy import Policy
from tierxl.method.rating import grading
from tierxl.method.table.columns import GRADED_COLUMNS

CLIENTS = [
    {"Client": "Ashdown", "Revenue": 5000, "Profit": 900, "Opportunity": "High", "Total spend": 4000},
    {"Client": "Bramley", "Revenue": None, "Profit": 100},
    {"Client": "Calder", "Revenue": 3000, "Profit": -50, "Override tier": "B"},
    {"Client": "Denholm", "Revenue": 2000, "Wallet share": "120 %"},
    {"Client": "Elmet", "Revenue": "lots", "Strategic value": "High"},
]


@pytest.mark.parametrize("engine", ENGINES)
def test_every_graded_column_comes_in_its_order_with_a_row_a_client(engine: str):
    columns = graded(CLIENTS, engine=engine).columns
    assert tuple(columns.columns) == GRADED_COLUMNS
    assert len(columns) == len(CLIENTS)


def test_issues_come_in_the_order_of_the_rows():
    issues = graded(CLIENTS).issues
    assert [(issue.row, issue.column) for issue in issues] == [
        (2, "Total spend"),
        (3, "Revenue"),
        (4, "Override reason"),
        (5, "Wallet share"),
        (6, "Revenue"),
    ]


def test_an_amount_that_cannot_be_read_is_not_reported_as_missing_too():
    issues = [issue for issue in graded(CLIENTS).issues if issue.row == 6]
    assert len(issues) == 1
    assert str(issues[0]).startswith('row 6, Elmet, Revenue: "lots" is not an amount of money')


def test_issues_count_the_users_own_rows():
    found = grading.grade(table(CLIENTS), Policy(), AS_OF, rows=[11, 12, 13, 20, 21])
    assert [issue.row for issue in found.issues] == [11, 12, 13, 20, 21]


@pytest.mark.parametrize(
    ("revenues", "said"),
    first(
        2,
        [
            (
                [3600] * 28 + [2400, 1200],
                ["28 of 30 clients have the same revenue, 3,600: too many to stand out, so they are rated Low"],
            ),
            (
                [900.5] * 3 + [1, 2, 3, 4, 5, 6, 7],
                ["3 of 10 clients have the same revenue, 900.50: too many to stand out, so they are rated Medium"],
            ),
            ([3600] * 2 + [1, 2, 3], []),
            ([0] * 30, []),
            (
                [9, 8] + [1] * 28,
                ["28 of 30 clients have the same revenue, 1: too many to stand out, so they are rated Low"],
            ),
        ],
    ),
)
def test_equal_revenues_that_are_too_many_to_stand_out_are_said(revenues: list[float], said: list[str]):
    found = graded([{"Fees": revenue} for revenue in revenues]).issues
    assert [(str(issue), issue.assumed) for issue in found] == [(f"Fees: {text}", True) for text in said]


def test_equal_revenues_are_not_said_where_all_of_them_can_be_high():
    clients = [{"Revenue": 3600}] * 30
    assert graded(clients, {"revenue": {"by": "share"}}).issues == []


def test_the_cuts_of_a_portfolio_can_be_looked_up():
    cuts = graded(CLIENTS).cuts
    assert cuts.ranked == 3
    assert (cuts.high_revenue, cuts.medium_revenue) == (5000, 5000)
    assert cuts.target_margin == pytest.approx(900 / 5000)
    assert cuts.acceptable_margin == pytest.approx(450 / 5000)


KINDS = [
    pytest.param(lambda native: native, id="plain"),
    pytest.param(lambda native: native.convert_dtypes(), id="nullable"),
    pytest.param(lambda native: native.convert_dtypes(dtype_backend="pyarrow"), id="on Arrow"),
]


@pytest.mark.long
@pytest.mark.parametrize("kind", KINDS)
def test_pandas_columns_of_every_kind_are_graded_alike(kind: Callable[[pd.DataFrame], pd.DataFrame]):
    numbers = [client | {"Revenue": revenue} for client, revenue in zip(CLIENTS, (5000, None, 3000, 0, 1), strict=True)]
    found = grading.grade(nw.from_native(kind(pd.DataFrame(numbers))), Policy(), AS_OF)
    on_polars = graded(numbers)
    assert graded_rows(found) == graded_rows(on_polars)
    assert found.issues == on_polars.issues


@pytest.mark.long
def test_grading_leaves_the_frame_of_the_user_alone():
    frame = table(CLIENTS, "pandas")
    before = frame.to_native().copy(deep=True)
    grading.grade(frame, Policy(), AS_OF)
    assert frame.to_native().equals(before)
