"""The worksheet functions behind xlwings' own code for Windows, which hands cells over and takes answers back."""

import json
import subprocess
import sys
from typing import Any

import pytest

from tests.excel.windows import LEFT_OUT, NOT_AVAILABLE
from tierxl.excel import udfs
from tierxl.excel.udfs import TIER_TABLE
from tierxl.functions import FUNCTIONS
from tierxl.functions.worksheet_function import CATEGORY
from tierxl.method.table.columns import GRADED_COLUMNS

CLIENTS = [
    ["Client", "Revenue", "Profit", "Client since"],
    ["Abel", 100.0, 10.0, "day 2026-01-31"],
    ["Baker", NOT_AVAILABLE, None, ""],
    ["Cohen", 300.0, 60.0, None],
]
CALLS = {
    "a table": ("TIER_TABLE", [CLIENTS, LEFT_OUT]),
    "a column": ("TIER_TABLE", [CLIENTS, "Tier"]),
    "a single cell": ("TIER_TABLE", ["Client", LEFT_OUT]),
    "options left out": ("TIER_RATING", ["High", "Low", "High", "High", "Low", *[LEFT_OUT] * 5]),
    "options between": ("TIER_RATING", [*["Medium"] * 3, "Low", "Medium", LEFT_OUT, "High", *[LEFT_OUT] * 3]),
    "a column of cells": ("WALLET_RATING", [[[0.8], [0.4], [None], [NOT_AVAILABLE]]]),
    "a cell": ("WALLET_RATING", [0.8]),
    "a due date": ("NEXT_DUE", ["A", "Personal contact", "day 2026-01-31"]),
    "due dates": ("NEXT_DUE", [[["A"], ["B"]], "Personal contact", [["day 2026-01-31"], [None]]]),
    "a reason": ("TIER_WHY", [CLIENTS, "Cohen"]),
    "a verdict": ("SHOULD_TIER", [CLIENTS]),
}  # fmt: skip


@pytest.fixture(scope="module")
def on_windows() -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.excel.windows"],
        input=json.dumps(list(CALLS.values())), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.fixture(scope="module")
def answers(on_windows: dict[str, Any]) -> dict[str, Any]:
    return dict(zip(CALLS, on_windows["answers"], strict=True))


@pytest.mark.long
def test_a_table_goes_to_excel_as_rows_of_equal_length(answers: dict[str, Any]):
    table = answers["a table"]
    assert table[0] == list(GRADED_COLUMNS)
    assert {len(line) for line in table} == {len(GRADED_COLUMNS)}
    assert all(cell is not None for line in table for cell in line)
    in_python = [[None if cell in ("", NOT_AVAILABLE) else cell for cell in line] for line in CLIENTS]
    assert [line[0] for line in table] == [line[0] for line in TIER_TABLE(in_python)]
    assert answers["a column"] == [[line[0]] for line in table]


@pytest.mark.long
def test_an_error_in_a_cell_comes_as_its_text(answers: dict[str, Any]):
    assert answers["a column of cells"] == [
        ["High"],
        ["Low"],
        ["Not rated"],
        ['tierxl: share "#N/A" is not a percentage: write a number such as 45 % or 0.45'],
    ]
    assert answers["a column"][2] == ["Not graded"]


def test_a_single_answer_goes_to_its_cell(answers: dict[str, Any]):
    assert answers["a cell"] == "High"
    assert answers["a single cell"].startswith("tierxl: There is no Revenue column")
    assert "rank 1 of 2" in answers["a reason"]


def test_arguments_can_be_left_out(answers: dict[str, Any]):
    assert answers["options left out"] == "A"
    assert answers["options between"] == "A"


def test_dates_go_to_excel_as_dates(answers: dict[str, Any]):
    assert answers["a due date"] == [["day 2026-02-28"]]
    assert answers["due dates"] == [
        ["day 2026-02-28"],
        ["tierxl: last is blank: write the day on which it happened last"],
    ]


def test_a_verdict_goes_to_excel_with_its_signals(answers: dict[str, Any]):
    assert [len(line) for line in answers["a verdict"]] == [4] * 6


@pytest.mark.parametrize("name", list(FUNCTIONS))
def test_xlwings_understands_a_function_as_it_is_listed(on_windows: dict[str, Any], name: str):
    understood = on_windows["understood"][name]
    assert understood["name"] == name
    assert understood["category"] == CATEGORY == "Client tiers"
    assert (understood["call_in_wizard"], understood["volatile"], understood["sub"]) == (False, False, False)
    listed = [(known.name, known.help, known.optional) for known in FUNCTIONS[name].arguments]
    assert [(given["name"], given["doc"], "optional" in given) for given in understood["args"]] == listed
    for given in understood["args"]:
        assert given["options"] == {"ndim": 2, "err_to_str": True}
        assert given.get("optional") is None


def test_elsewhere_the_functions_are_plain_python():
    assert not any(hasattr(getattr(udfs, name), "__xlfunc__") for name in FUNCTIONS)
