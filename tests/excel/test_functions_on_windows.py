"""The worksheet functions behind xlwings' own code for Windows, which hands cells over and takes answers back."""

import json
import subprocess
import sys
from typing import Any

import pytest

from tests.excel.windows import LEFT_OUT, NOT_AVAILABLE
from tierxl.excel import udfs
from tierxl.excel.udfs import LONGEST_BESIDE_NUMBERS, TIER_TABLE
from tierxl.functions import FUNCTIONS
from tierxl.functions.worksheet_function import CATEGORY
from tierxl.method.table.columns import GRADED_COLUMNS

CLIENTS = [
    ["Client", "Revenue", "Profit", "Client since", "Override tier", "Override reason", "Override date"],
    ["Abel", 100.0, 10.0, "day 2026-01-31", None, None, None],
    ["Baker", NOT_AVAILABLE, None, "", None, None, None],
    ["Cohen", 300.0, 60.0, None, "B", "They asked for it. " * 20, None],
]
LEVELS = ["High", "Low", "High", "Medium", "Low"]
MANAGERS = [["Account manager", "Seniority", "Hours per year"], ["Priya", "Senior", 500.0]]
CALLS: dict[str, tuple[str, list[Any]]] = {
    "a table": ("TIER_TABLE", [CLIENTS, LEFT_OUT]),
    "a column": ("TIER_TABLE", [CLIENTS, "Tier"]),
    "the reasons": ("TIER_TABLE", [CLIENTS, "Why"]),
    "reasons and numbers": ("TIER_TABLE", [CLIENTS, ["Score", "Why"]]),
    "a single cell": ("TIER_TABLE", ["Client", LEFT_OUT]),
    "options left out": ("TIER_RATING", [*LEVELS, *[LEFT_OUT] * 6]),
    "options between": ("TIER_RATING", [*["Medium"] * 3, "Low", "Medium", LEFT_OUT, "High", *[LEFT_OUT] * 4]),
    "revenues": ("REVENUE_RATING", [[[9.0], [5.0], [1.0]], [[9.0], [5.0], [1.0]]]),
    "a revenue": ("REVENUE_RATING", [9.0, [[9.0], [5.0], [1.0]]]),
    "a column of cells": ("WALLET_RATING", [[[0.8], [0.4], [None], [NOT_AVAILABLE]]]),
    "a row of cells": ("WALLET_RATING", [[[0.8, 0.4]]]),
    "a cell": ("WALLET_RATING", [0.8]),
    "an error": ("WALLET_RATING", [NOT_AVAILABLE]),
    "a margin": ("PROFIT_RATING", [0.12, 0.1, LEFT_OUT]),
    "a strain": ("PAIN_RATING", ["Yes", "No"]),
    "a score": ("TIER_SCORE", [*LEVELS, "Medium", LEFT_OUT]),
    "cells of an older workbook": ("TIER_SCORE", [*[{"cells": level} for level in LEVELS], LEFT_OUT, LEFT_OUT]),
    "a range of an older workbook": ("WALLET_RATING", [{"cells": [[0.8], [NOT_AVAILABLE]]}]),
    "scores": ("TIER_SCORE", [*[[[level], [level]] for level in LEVELS], LEFT_OUT, LEFT_OUT]),
    "scores in a row": ("TIER_SCORE", [*[[[level, level]] for level in LEVELS], LEFT_OUT, LEFT_OUT]),
    "a service": ("TIER_SERVICE", ["A", "Personal contact"]),
    "a due date": ("NEXT_DUE", ["A", "Personal contact", "day 2026-01-31"]),
    "due dates": ("NEXT_DUE", [[["A"], ["B"]], "Personal contact", [["day 2026-01-31"], [None]]]),
    "a reason": ("TIER_WHY", [CLIENTS, "Cohen"]),
    "a verdict": ("SHOULD_TIER", [CLIENTS, MANAGERS]),
}  # fmt: skip


@pytest.fixture(scope="module")
def on_windows() -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.excel.windows"],
        input=json.dumps(list(CALLS.values())), capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.fixture(scope="module")
def answers(on_windows: dict[str, Any]) -> dict[str, Any]:
    return {call: answer["cells"] for call, answer in zip(CALLS, on_windows["answers"], strict=True)}


def test_every_function_is_called():
    assert {name for name, _ in CALLS.values()} == set(FUNCTIONS)


@pytest.mark.long
def test_a_table_goes_to_excel_as_rows_of_equal_length(answers: dict[str, Any]):
    table = answers["a table"]
    assert table[0] == [name for name in GRADED_COLUMNS if name != "Why"]
    assert {len(line) for line in table} == {len(GRADED_COLUMNS) - 1}
    assert all(cell is not None for line in table for cell in line)
    in_python = [[None if cell in ("", NOT_AVAILABLE) else cell for cell in line] for line in CLIENTS]
    assert [line[0] for line in table] == [line[0] for line in TIER_TABLE(in_python)]
    assert answers["a column"] == [[line[0]] for line in table]


@pytest.mark.long
def test_a_long_reason_is_whole_alone_and_among_texts_and_cut_where_excel_would_show_an_error(answers: dict[str, Any]):
    """Excel shows a text above 255 characters as #VALUE! among numbers; the VBA hands a list of texts over as such."""
    whole = answers["a reason"]
    assert len(whole) > LONGEST_BESIDE_NUMBERS
    assert answers["the reasons"][3] == [whole]
    score, cut = answers["reasons and numbers"][3]
    assert isinstance(score, float)
    assert (len(cut), cut) == (255, f"{whole[:254]}…")


def test_no_text_among_numbers_is_longer_than_excel_takes(answers: dict[str, Any]):
    for answer in answers.values():
        lines = answer if isinstance(answer, list) else []
        cells = [cell for line in lines for cell in (line if isinstance(line, list) else [line])]
        if not all(isinstance(cell, str) for cell in cells):
            assert max((len(cell) for cell in cells if isinstance(cell, str)), default=0) <= 255


@pytest.mark.long
def test_an_error_in_a_cell_comes_as_its_text(answers: dict[str, Any]):
    message = 'tierxl: share "#N/A" is not a percentage: write a number such as 45 % or 0.45'
    assert answers["a column of cells"] == [["High"], ["Low"], ["Not rated"], [message]]
    assert answers["an error"] == message
    assert answers["a range of an older workbook"] == [["High"], [message]]
    assert answers["a column"][2] == ["Not graded"]


def test_a_single_answer_goes_to_its_cell(answers: dict[str, Any]):
    assert answers["a cell"] == "High"
    assert answers["a single cell"].startswith("tierxl: There is no Revenue column")
    assert "rank 1 of 2" in answers["a reason"]
    assert (answers["a revenue"], answers["a margin"], answers["a strain"]) == ("High", "High", "Low")
    assert "/yr" in answers["a service"]


def test_a_number_goes_to_its_cell_as_a_number(answers: dict[str, Any]):
    assert answers["a score"] == 82.5
    assert answers["cells of an older workbook"] == 92.5


def test_an_answer_over_cells_has_their_shape_and_a_single_row_is_a_list(answers: dict[str, Any]):
    assert answers["revenues"] == [["High"], ["Low"], ["Low"]]
    assert answers["scores"] == [[92.5], [92.5]]
    assert answers["scores in a row"] == [92.5, 92.5]
    assert answers["a row of cells"] == ["High", "Low"]


def test_arguments_can_be_left_out(answers: dict[str, Any]):
    assert answers["options left out"] == "A"
    assert answers["options between"] == "A"


def test_dates_go_to_excel_as_dates(answers: dict[str, Any]):
    assert answers["a due date"] == "day 2026-02-28"
    assert answers["due dates"] == [
        ["day 2026-02-28"],
        ["tierxl: last is blank: write the day on which it happened last"],
    ]


def test_a_verdict_goes_to_excel_with_its_signals(answers: dict[str, Any]):
    assert [len(line) for line in answers["a verdict"]] == [4] * 6


def test_the_workbook_is_asked_for_its_sheets_once_and_then_only_for_its_name(on_windows: dict[str, Any]):
    first, *others = [
        answer["asked"]
        for call, answer in zip(CALLS, on_windows["answers"], strict=True)
        if "older workbook" not in call
    ]
    assert first.count("Workbook.Worksheets") == 2, "xlwings looks for embedded code, tierxl for the settings"
    assert all(asked in (["Workbook.FullName"], ["Workbook.FullName", "Workbook.Worksheets"]) for asked in others)


def test_a_busy_excel_is_asked_a_few_times_and_the_function_answers(on_windows: dict[str, Any]):
    first, second, third = on_windows["while busy"]
    assert first["cells"] == second["cells"] == third["cells"] == on_windows["answers"][-1]["cells"]
    assert len(first["asked"]) < 10
    assert second["asked"] == ["Workbook.FullName"]
    assert set(third["asked"]) == {"Workbook.FullName"}, "not even its name, a few times"


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
        assert given.get("optional") is None or given["name"] == "column"


def test_elsewhere_the_functions_are_plain_python():
    assert not any(hasattr(getattr(udfs, name), "__xlfunc__") for name in FUNCTIONS)
