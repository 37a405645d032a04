"""A worksheet function answers the office as it answers Excel, to the letter."""

from datetime import date, datetime
from typing import Any

import pytest

from tests.calc.talk import FIRST_DAY, Talk, as_cell
from tests.runs import first
from tierxl.functions import FUNCTIONS
from tierxl.method.policy import Policy
from tierxl.sheets import settings

JANUARY, JUNE = datetime(2026, 1, 15), datetime(2026, 6, 30)
CLIENTS = [
    ["Client", "Revenue", "Margin", "Client since", "Last review", "Marquee", "Strategic value"],
    ["Abel", 100.0, 0.12, JANUARY, JUNE, True, "High"],
    ["Baker", 20000.0, -0.05, datetime(2019, 3, 1), None, False, "#N/A"],
    [None, None, None, None, None, None, None],
    ["Çelik \N{GRINNING FACE}", "€1,200.50", "9 %", "soon", JUNE, "yes", "="],
    ["Abel", 31.5, None, None, None, None, "Low"],
]
TEAM = [["Account manager", "Seniority", "Hours per year"], ["Priya", "Senior", 1600.0]]
LEVELS = ["High", "Low", "Medium", "High", "Low"]
RATINGS = [["High"], ["Low"], [None], ["nonsense"]]

CASES: dict[str, list[list[Any]]] = {
    "TIER_TABLE": [[CLIENTS], [CLIENTS, "tier"], [CLIENTS, [["Why", "Score"]]], [CLIENTS, "Colour"], [[["Client"]]]],
    "TIER_RATING": [
        LEVELS,
        [*LEVELS, "High", "Low", None, True, False],
        [RATINGS, *LEVELS[1:]],
        [RATINGS, [["High", "Low"]], *LEVELS[2:]],
        [None] * 5,
        ["High"],
    ],
    "REVENUE_RATING": [[100.0, [[100.0], [300.0], [50.0]]], [[[100.0], ["x"], [None]], [[1.0], [2.0]]], [1.0, "none"]],
    "WALLET_RATING": [[0.45], ["45 %"], [[[0.1, 0.5], [0.9, None]]], [[[True], ["#DIV/0!"]]]],
    "PROFIT_RATING": [[0.2, 0.15], [[[0.2], [-0.1], [0.1]], 0.15, 0.08], [0.2], [0.2, 0.1, 0.3]],
    "PAIN_RATING": [["Yes", "No"], [True, False], [[[True], ["no"], [None], [2.0]], False]],
    "TIER_SCORE": [LEVELS, [RATINGS, *LEVELS[1:]], [None, *LEVELS[1:]]],
    "TIER_WHY": [[CLIENTS, "Baker"], [CLIENTS, "Abel"], [CLIENTS, [["Baker"], ["Abel"], ["Nobody"]]], [CLIENTS, None]],
    "TIER_SERVICE": [["A", "Review meeting"], [[["A"], ["B"], ["x"]], "review meeting"], ["A", "Tea"]],
    "NEXT_DUE": [
        ["A", "Review meeting", [[JANUARY]]],
        ["A", "Review meeting", 46037.0],
        ["A", "Review meeting", "2026-01-15"],
        [[["A"], ["B"], ["Not graded"]], "Personal contact", [[JANUARY], [JUNE], [JUNE]]],
        ["A", "Review meeting", [[JANUARY, "soon", None, 46037.0]]],
    ],
    "SHOULD_TIER": [[CLIENTS], [CLIENTS, TEAM], [CLIENTS, [["x"]]]],
}
EACH = [(name, arguments) for name in FUNCTIONS for arguments in CASES[name]]
IDS = [f"{name}-{number}" for name in FUNCTIONS for number in range(len(CASES[name]))]


def directly(name: str, arguments: list[Any], null_date: str = FIRST_DAY, policy: Policy | None = None) -> Any:
    """What a function answers when it is called, with dates as the document counts them."""
    answer = FUNCTIONS[name](policy or Policy(), date.today(), *arguments)
    day_0 = datetime.fromisoformat(null_date)
    if isinstance(answer, list):
        return [[as_cell(cell, day_0) for cell in row] for row in answer]
    return as_cell(answer, day_0)


@pytest.mark.parametrize(("name", "arguments"), first(12, EACH), ids=IDS)
def test_the_worker_answers_what_the_function_answers(worker: Talk, name: str, arguments: list[Any]):
    assert worker.calculate(name, *arguments) == directly(name, arguments)


@pytest.mark.parametrize("clients", [CLIENTS, [[*row, row[4]] for row in CLIENTS]], ids=["right", "wrong"])
def test_a_document_that_counts_its_days_from_1904_gets_the_same_tiers(worker: Talk, clients: list[Any]):
    assert worker.calculate("TIER_TABLE", clients, null_date="1904-01-01") == directly("TIER_TABLE", [clients])


@pytest.mark.parametrize("last", [[[JANUARY]], 46037.0 - 1462, [[46037.0 - 1462]], "2026-01-15"])
def test_in_such_a_document_a_day_is_due_on_the_same_day(worker: Talk, last: Any):
    due = worker.calculate("NEXT_DUE", "A", "Review meeting", last, null_date="1904-01-01")
    assert due == directly("NEXT_DUE", ["A", "Review meeting", [[JANUARY]]]) - 1462


def test_a_number_that_is_no_day_of_the_calendar_is_answered_too(worker: Talk):
    far = {"cells": [[1e12]], "dates": [[1, 1, 1, 1]], "answers": []}
    asked = {"function": "NEXT_DUE", "arguments": ["A", "Review meeting", far], "settings": None}
    answer = worker.reply_to(asked | {"null_date": FIRST_DAY})["answer"]
    assert answer == directly("NEXT_DUE", ["A", "Review meeting", 1e12])


def test_half_a_character_is_answered_as_in_excel(worker: Talk):
    clients = [*CLIENTS, ["half \ud83d", 5.0, None, None, None, None, None]]
    assert worker.calculate("TIER_TABLE", clients) == directly("TIER_TABLE", [clients])


def test_a_function_that_there_is_not_fails_with_a_sentence_and_the_next_one_answers(worker: Talk):
    asked = {"function": "TIER_MAGIC", "arguments": [], "settings": None, "null_date": FIRST_DAY}
    assert "TIER_MAGIC" in worker.reply_to(asked)["failed"]
    assert worker.calculate("TIER_RATING", *LEVELS) == directly("TIER_RATING", LEVELS)


# --- The settings of the calling document ----------------------------------------------------------------------------


def grid_of(policy: Policy) -> list[list[Any]]:
    """The cells of a Settings sheet."""
    sheet = settings.describe(policy)
    bottom = max(table.area.bottom for table in sheet.tables)
    grid: list[list[Any]] = [[None] * 5 for _ in range(bottom)]
    for table in sheet.tables:
        for row, line in enumerate([table.headers, *table.rows], table.row - 1):
            grid[row][: len(line)] = [float(cell) if isinstance(cell, int) else cell for cell in line]
    return grid


BY_REVENUE = Policy.with_settings({"grading": {"method": "revenue"}})
AT_ODDS = ["High", "High", "Medium", "Medium", "High"]


def test_a_function_follows_the_settings_of_its_own_document(worker: Talk):
    worker.send({"settings": "mine", "cells": grid_of(BY_REVENUE)})
    worker.send({"settings": "other", "cells": grid_of(Policy())})
    by_revenue, as_usual = (directly("TIER_RATING", AT_ODDS, policy=policy) for policy in (BY_REVENUE, None))
    assert by_revenue != as_usual
    assert worker.calculate("TIER_RATING", *AT_ODDS, settings="mine") == by_revenue
    for document in ("other", "never told", None):
        assert worker.calculate("TIER_RATING", *AT_ODDS, settings=document) == as_usual
    worker.send({"settings": "mine", "cells": None})
    assert worker.calculate("TIER_RATING", *AT_ODDS, settings="mine") == as_usual


def test_a_setting_that_is_wrong_keeps_its_default(worker: Talk):
    grid = grid_of(BY_REVENUE)
    (line,) = [line for line in grid if line[1] == "Method"]
    line[2] = "by the moon"
    worker.send({"settings": "wrong", "cells": grid})
    assert worker.calculate("TIER_RATING", *AT_ODDS, settings="wrong") == directly("TIER_RATING", AT_ODDS)
