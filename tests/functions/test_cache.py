"""Repeated calls are answered from memory, and a change of anything that an answer depends on is never missed."""

import copy
import threading
import time
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

import pytest

from tests.files import AS_OF, day
from tests.functions.ranges import Range, column
from tierxl.excel import udfs, workbook_policy
from tierxl.excel.udfs import (
    NEXT_DUE,
    PAIN_RATING,
    PROFIT_RATING,
    REVENUE_RATING,
    SHOULD_TIER,
    TIER_RATING,
    TIER_SCORE,
    TIER_TABLE,
    TIER_WHY,
    WALLET_RATING,
)
from tierxl.functions import FUNCTIONS, TIER_SERVICE, cellwise, graded_range, ratings
from tierxl.functions.cache import Memory
from tierxl.method.policy import Policy

pytestmark = [pytest.mark.long, pytest.mark.usefixtures("worksheet")]

CLIENTS: Range = [
    ["Client", "Revenue", "Profit", "Well aligned", "Challenging", "Last contact"],
    ["Abel", 100.0, 10.0, True, 0.0, day("2026-01-31")],
    ["Baker", 200.0, -5.0, False, 1.0, None],
    ["Cohen", 300.0, 60.0, None, None, day("2026-02-15")],
]


@pytest.fixture
def gradings(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What was worked out, one entry a grading."""
    done: list[object] = []
    real = graded_range.grade

    def counted(*arguments: Any, **named: Any) -> Any:
        done.append(arguments)
        return real(*arguments, **named)

    monkeypatch.setattr(graded_range, "grade", counted)
    return done


def fresh(cells: Range) -> Range:
    """The same cells as other objects, as each call of Excel brings them."""
    return [[new(cell) for cell in line] for line in cells]


def new(cell: Any) -> Any:
    if isinstance(cell, str):
        return (cell + " ")[:-1]
    if type(cell) is float:
        return float(repr(cell))
    return copy.deepcopy(cell)


def test_the_same_cells_are_graded_once(gradings: list[object]):
    first = TIER_TABLE(CLIENTS)
    assert TIER_TABLE(fresh(CLIENTS)) == first
    assert TIER_TABLE(tuple(map(tuple, CLIENTS))) == first
    assert len(gradings) == 1


def test_the_functions_of_one_range_share_a_grading(gradings: list[object]):
    TIER_TABLE(CLIENTS)
    TIER_TABLE(fresh(CLIENTS), "Tier")
    TIER_TABLE(fresh(CLIENTS), "Why")
    TIER_WHY(fresh(CLIENTS), "Abel")
    SHOULD_TIER(fresh(CLIENTS))
    assert len(gradings) == 1


CHANGES: dict[str, Callable[[Range], Any]] = {
    "an amount": lambda cells: put(cells, 1, 1, 100.01),
    "a blank that was an amount": lambda cells: put(cells, 1, 1, None),
    "an amount as text": lambda cells: put(cells, 1, 1, "100"),
    "a name": lambda cells: put(cells, 1, 0, "abel"),
    "a header": lambda cells: put(cells, 0, 2, "Cost to serve"),
    "1 for TRUE": lambda cells: put(cells, 1, 3, 1.0),
    "0 for FALSE": lambda cells: put(cells, 2, 3, 0.0),
    "FALSE for 0": lambda cells: put(cells, 1, 4, False),
    "TRUE for 1": lambda cells: put(cells, 2, 4, True),
    "a date": lambda cells: put(cells, 3, 5, day("2026-02-16")),
    "a column more": lambda cells: [line.append(None) for line in cells],
    "a row more": lambda cells: cells.append([None] * 6),
    "a row less": lambda cells: cells.pop(),
    "another order": lambda cells: cells.append(cells.pop(1)),
}


def put(cells: Range, row: int, at: int, value: Any) -> None:
    assert type(cells[row][at]) is not type(value) or cells[row][at] != value
    cells[row][at] = value


@pytest.mark.parametrize("change", CHANGES.values(), ids=list(CHANGES))
def test_a_changed_range_is_graded_anew(gradings: list[object], change: Callable[[Range], Any]):
    TIER_TABLE(CLIENTS)
    changed = fresh(CLIENTS)
    change(changed)
    TIER_TABLE(changed)
    assert len(gradings) == 2
    TIER_TABLE(fresh(CLIENTS))
    assert len(gradings) == 2


def test_a_range_that_is_changed_in_place_is_graded_anew(gradings: list[object]):
    cells = fresh(CLIENTS)
    before = TIER_TABLE(cells)
    cells[2][2] = 100.0
    assert TIER_TABLE(cells) != before
    cells.pop()
    assert len(TIER_TABLE(cells, "Tier")) == 3
    assert len(gradings) == 3


def test_true_where_an_amount_was_is_not_answered_as_the_amount():
    clients = [["Client", "Revenue"], ["Abel", 1.0], ["Baker", 5.0]]
    assert TIER_TABLE(clients, "Tier") == column("Tier", "C", "A")
    clients[1][1] = True
    assert TIER_TABLE(clients, "Tier") == column("Tier", "Not graded", "A")


def test_currency_cells_are_graded_like_numbers_whichever_come_first():
    assert TIER_TABLE([["Client", "Revenue"], ["Abel", Decimal(1)]], "Tier") == column("Tier", "A")
    assert TIER_TABLE([["Client", "Revenue"], ["Abel", 1.0]], "Tier") == column("Tier", "A")


def test_a_change_of_the_settings_is_graded_anew(gradings: list[object], in_workbook: Any):
    before = TIER_TABLE(CLIENTS, "Tier")
    in_workbook({"tiers": {"a_from": 1, "b_from": 0}})
    lenient = TIER_TABLE(fresh(CLIENTS), "Tier")
    assert lenient != before
    in_workbook({})
    assert TIER_TABLE(fresh(CLIENTS), "Tier") == before
    assert len(gradings) == 2


def test_an_edited_settings_cell_is_graded_anew(in_workbook: Any):
    book = in_workbook({})
    before = TIER_TABLE(CLIENTS, "Tier")
    (line,) = (cells for cells in book.book["Settings"].iter_rows() if cells[1].value == "B from")
    line[2].value = 0
    workbook_policy.forget()  # as the workbook's macros tell
    assert TIER_TABLE(fresh(CLIENTS), "Tier") != before


def test_yesterdays_grading_is_not_answered_today(gradings: list[object], monkeypatch: pytest.MonkeyPatch):
    header = ["Client", "Revenue", "Override tier", "Override reason", "Override expires"]
    clients = [header, ["Abel", 100.0, "C", "On hold", day(AS_OF.isoformat())]]
    assert TIER_TABLE(clients, "Tier") == column("Tier", "C")

    class Tomorrow(date):
        @classmethod
        def today(cls) -> date:
            return AS_OF + timedelta(days=1)

    monkeypatch.setattr(udfs, "date", Tomorrow)
    assert TIER_TABLE(fresh(clients), "Tier") == column("Tier", "A")
    assert len(gradings) == 2


def test_what_cannot_be_graded_is_not_remembered_as_an_answer(gradings: list[object]):
    wrong = [["Client"], ["Abel"]]
    assert TIER_TABLE(wrong) == TIER_TABLE(fresh(wrong))
    assert TIER_TABLE(wrong).startswith("tierxl: There is no Revenue column")
    assert gradings == []


def test_only_the_last_few_ranges_are_remembered(gradings: list[object]):
    for revenue in (1.0, 2.0, 3.0, 4.0):
        TIER_TABLE([["Client", "Revenue"], ["Abel", revenue]])
    TIER_TABLE([["Client", "Revenue"], ["Abel", 1.0]])  # now the latest
    TIER_TABLE([["Client", "Revenue"], ["Abel", 5.0]])  # takes the place of 2
    assert len(gradings) == 5
    TIER_TABLE([["Client", "Revenue"], ["Abel", 1.0]])
    assert len(gradings) == 5
    TIER_TABLE([["Client", "Revenue"], ["Abel", 2.0]])
    assert len(gradings) == 6


def test_all_revenue_is_cut_once_for_many_cells(monkeypatch: pytest.MonkeyPatch, in_workbook: Any):
    done = []
    real = ratings.rate_portfolio
    monkeypatch.setattr(ratings, "rate_portfolio", lambda *arguments: done.append(arguments) or real(*arguments))
    revenue = column(1.0, 2.0, 3.0, 4.0)
    assert [REVENUE_RATING(amount, fresh(revenue)) for (amount,) in revenue] == ["Low", "Low", "Low", "High"]
    assert len(done) == 1
    assert REVENUE_RATING(4.0, column(1.0, 2.0, 3.0, 50.0, 60.0, 70.0)) == "Low"
    in_workbook({"revenue": {"high_top": 0.5, "medium_top": 1}})
    assert [REVENUE_RATING(amount, fresh(revenue)) for (amount,) in revenue] == ["Medium", "Medium", "High", "High"]
    assert len(done) == 3


def test_whoever_changes_a_verdict_does_not_change_the_next():
    first = SHOULD_TIER(CLIENTS)
    right = copy.deepcopy(first)
    first[1][0] = "spoiled"
    first.pop()
    assert SHOULD_TIER(fresh(CLIENTS)) == right


# --- Cell by cell ----------------------------------------------------------------------------------------------------

CELLS: dict[str, tuple[Any, ...]] = {
    "TIER_RATING": ("High", "Low", "High", "High", "Low"),
    "REVENUE_RATING": (3.0, column(1.0, 2.0, 3.0)),
    "WALLET_RATING": (0.8,),
    "PROFIT_RATING": (0.1, 0.1, 0.05),
    "PAIN_RATING": (True, 0.0),
    "TIER_SCORE": ("High", "Low", "High", "High", "Low"),
    "TIER_SERVICE": ("A", "Personal contact"),
    "NEXT_DUE": ("A", "Personal contact", day("2026-01-31")),
}


def of_ranges(cells: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(cell if isinstance(cell, list) else column(cell, cell, None) for cell in cells)


@pytest.fixture
def worked_out(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What was asked and was not remembered."""
    done: list[object] = []

    answered = cellwise._answered

    def counted(*asked: Any) -> Any:
        done.append(asked)
        return answered(*asked)

    monkeypatch.setattr(cellwise, "_answered", counted)
    monkeypatch.setattr(cellwise, "_remembered", lru_cache(maxsize=100)(counted))
    return done


def test_every_function_of_cells_is_among_these():
    of_clients = {name for name in FUNCTIONS if FUNCTIONS[name].arguments[0].name == "clients"}
    assert set(CELLS) == set(FUNCTIONS) - of_clients


@pytest.mark.parametrize("name", CELLS)
def test_the_same_cells_are_answered_from_memory(worked_out: list[object], name: str):
    function, cells = getattr(udfs, name), CELLS[name]
    first = function(*cells)
    assert function(*cells) == first
    assert function(*([[cell]] if not isinstance(cell, list) else fresh(cell) for cell in cells)) == first
    assert len(worked_out) == 1


@pytest.mark.parametrize("name", CELLS)
def test_a_repeated_call_of_a_cell_takes_no_time(name: str):
    function, cells = getattr(udfs, name), CELLS[name]
    function(*cells)
    start = time.perf_counter()
    for _ in range(100):
        function(*cells)
    assert time.perf_counter() - start < 0.2  # without a memory it is a second


@pytest.mark.parametrize("name", CELLS)
def test_whoever_changes_an_answer_of_cells_does_not_change_the_next(name: str):
    function, cells = getattr(udfs, name), of_ranges(CELLS[name])
    first = function(*cells)
    right = copy.deepcopy(first)
    second = function(*cells)
    second[0][0] = "spoiled"
    second.pop()
    assert first == right
    assert function(*cells) == right


def test_a_range_that_is_changed_in_place_is_rated_anew():
    shares = column(0.8, 0.4)
    assert WALLET_RATING(shares) == column("High", "Low")
    shares[1][0] = 0.9
    assert WALLET_RATING(shares) == column("High", "High")


def test_functions_of_the_same_cells_do_not_answer_for_each_other():
    ratings = ("High", "Low", "High", "High", "Low")
    assert TIER_RATING(*ratings) == "A"
    assert isinstance(TIER_SCORE(*ratings), float)
    assert PAIN_RATING("Yes", "No") != PAIN_RATING("No", "Yes")


def test_cells_of_another_shape_are_answered_in_their_shape():
    assert WALLET_RATING([[0.8, 0.4]]) == [["High", "Low"]]
    assert WALLET_RATING([[0.8], [0.4]]) == [["High"], ["Low"]]
    assert PROFIT_RATING(0.1, [[0.1], [0.2]]) == [["High"], ["Medium"]]
    assert PROFIT_RATING([[0.1], [0.2]], 0.1) == [["High"], ["High"]]


@pytest.mark.parametrize("beside", [(), (None,)], ids=["a cell", "a range"])
def test_true_and_one_and_the_text_of_it_are_told_apart(worked_out: list[object], beside: tuple[None, ...]):
    def answer(cell: object) -> Any:
        rated = WALLET_RATING(column(cell, *beside))
        return rated[0][0] if beside else rated

    assert [answer(cell) for cell in (1.0, True, "1", 0.0, False, "0")] == [
        "High",
        'tierxl: share "True" is not a percentage: write a number such as 45 % or 0.45',
        "High",
        "Low",
        'tierxl: share "False" is not a percentage: write a number such as 45 % or 0.45',
        "Low",
    ]
    assert len(worked_out) == 6


def test_other_revenue_of_all_is_another_question():
    assert REVENUE_RATING(3.0, column(1.0, 2.0, 3.0)) == "High"
    assert REVENUE_RATING(3.0, column(30.0, 20.0, 3.0)) == "Low"


def test_a_change_of_the_settings_is_never_missed_by_a_cell(in_workbook: Any):
    before = [getattr(udfs, name)(*cells) for name, cells in CELLS.items()]
    book = in_workbook({
        "wallet": {"high_above": 0.95, "medium_from": 0.9},
        "services": {"Personal contact": {"A": "1/yr, 5 min, email", "B": "None", "C": "None"}},
    })  # fmt: skip
    after = [getattr(udfs, name)(*cells) for name, cells in CELLS.items()]
    changed = {name for name, old, new in zip(CELLS, before, after, strict=True) if old != new}
    assert changed == {"WALLET_RATING", "TIER_SERVICE", "NEXT_DUE"}
    (line,) = (cells for cells in book.book["Settings"].iter_rows() if cells[1].value == "High above")
    line[2].value = 0.91
    workbook_policy.forget()
    assert WALLET_RATING(0.92) == "High"
    line[2].value = 0.93
    workbook_policy.forget()
    assert WALLET_RATING(0.92) == "Medium"


def test_a_workbook_whose_settings_stay_keeps_its_policy_and_answers(worked_out: list[object], in_workbook: Any):
    in_workbook({"wallet": {"high_above": 0.95, "medium_from": 0.9}})
    policy = workbook_policy.workbook_policy()
    workbook_policy.forget()
    assert [WALLET_RATING(0.8), WALLET_RATING(0.8)] == ["Low", "Low"]
    assert workbook_policy.workbook_policy() is policy
    assert len(worked_out) == 1


def test_a_date_of_yesterday_is_not_answered_today(worked_out: list[object], monkeypatch: pytest.MonkeyPatch):
    first = NEXT_DUE(*CELLS["NEXT_DUE"])

    class Tomorrow(date):
        @classmethod
        def today(cls) -> date:
            return AS_OF + timedelta(days=1)

    monkeypatch.setattr(udfs, "date", Tomorrow)
    assert NEXT_DUE(*CELLS["NEXT_DUE"]) == first
    assert len(worked_out) == 2


# --- The memory itself -----------------------------------------------------------------------------------------------


@pytest.fixture
def asked() -> Callable[..., int]:
    """Asks a memory, and says how many answers it has worked out so far."""
    memory: Memory[int] = Memory(2)
    worked_out: list[Range] = []

    def ask(cells: Any, about: object = None) -> int:
        def work(grid: Range) -> int:
            worked_out.append(grid)
            return len(worked_out)

        memory.answer(cells, about, work)
        return len(worked_out)

    return ask


def test_what_else_an_answer_depends_on_counts(asked: Callable[..., int]):
    assert asked([[1.0]], "a") == 1
    assert asked([[1.0]], "b") == 2
    assert asked([[1.0]], "a") == 2


def test_a_single_cell_is_a_range_of_one(asked: Callable[..., int]):
    assert asked(5.0) == asked([[5.0]]) == 1
    assert asked(None) == 2


def test_a_number_that_is_none_is_never_taken_for_another(asked: Callable[..., int]):
    assert asked([[float("nan")]]) == 1
    assert asked([[float("nan")]]) == 2


def test_answers_from_several_threads_are_right():
    memory: Memory[int] = Memory(2)
    wrong: list[int] = []

    def ask(start: int) -> None:
        for turn in range(500):
            rows = 1 + (start + turn) % 5
            if memory.answer(column(*[1.0] * rows), None, len) != rows:
                wrong.append(rows)

    threads = [threading.Thread(target=ask, args=(start,)) for start in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_answers_from_a_policy_that_is_gone_are_no_answers_of_the_next():
    for number in range(200):
        policy = Policy.with_settings(
            {"services": {"Lunch": {"A": f"{number + 1}/yr, 5 min", "B": "None", "C": "None"}}}
        )
        assert TIER_SERVICE(policy, AS_OF, "A", "Lunch") == f"{number + 1}/yr, 5 min"


def test_equal_policies_share_their_answers(worked_out: list[object]):
    for _ in range(2):
        assert FUNCTIONS["WALLET_RATING"](Policy.with_settings({"wallet": {"high_above": 0.9}}), AS_OF, 0.8) == "Medium"
    assert len(worked_out) == 1
