"""The worksheet functions: the rules of the command over cells and ranges, and a short text where one is wrong."""

import copy
import gc
import inspect
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import narwhals as nw
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import tierxl
from tests import fake_excel
from tests.files import AS_OF, day
from tests.functions.ranges import Range, column, graded_range, row, sheet, without_grades
from tests.method.frames import graded_rows
from tests.runs import first
from tierxl.excel import udfs, workbook_policy
from tierxl.excel.udfs import (
    NEXT_DUE,
    PAIN_RATING,
    PROFIT_RATING,
    REVENUE_RATING,
    SHOULD_TIER,
    TIER_RATING,
    TIER_SCORE,
    TIER_SERVICE,
    TIER_TABLE,
    TIER_WHY,
    WALLET_RATING,
)
from tierxl.functions import FUNCTIONS, clients, ratings
from tierxl.method.issues import CannotGrade
from tierxl.method.plan.service import engagement_plan
from tierxl.method.policy import Policy
from tierxl.method.rating.grading import profiles_of
from tierxl.method.table.columns import COLUMNS, GRADED_COLUMNS
from tierxl.use_cases.graded import GradedFile

pytestmark = pytest.mark.usefixtures("worksheet")

CLIENTS: Range = [
    ["Client", "Revenue", "Profit"],
    ["Abel", 100.0, 10.0],
    ["Baker", 200.0, -5.0],
    ["Cohen", 300.0, 60.0],
]


@pytest.fixture(scope="module")
def portfolio(sample_workbook: Path) -> Range:
    """The sample portfolio in Excel, without the graded columns."""
    return without_grades(sheet(sample_workbook))


@pytest.fixture(scope="module")
def rows(sample: GradedFile) -> list[dict[str, Any]]:
    return graded_rows(sample.grading)


def is_mending_text(answer: object) -> bool:
    return isinstance(answer, str) and answer.startswith("tierxl: ") and "Traceback" not in answer and len(answer) < 400


# --- TIER_TABLE ------------------------------------------------------------------------------------------------------


def test_a_range_of_clients_gets_the_columns_that_the_command_writes(portfolio: Range, sample: GradedFile):
    assert TIER_TABLE(portfolio) == graded_range(sample.grading)


@pytest.mark.long
def test_a_data_frame_of_the_same_clients_is_graded_alike(portfolio: Range):
    headers, *lines = portfolio
    frame = pl.DataFrame([pl.Series(name, cells, strict=False) for name, cells in zip(headers, zip(*lines))])  # noqa: B905
    assert TIER_TABLE(portfolio) == graded_range(tierxl.grade(frame, as_of=AS_OF).grading)


def test_a_graded_table_is_graded_by_its_own_columns(sample_workbook: Path, portfolio: Range, sample: GradedFile):
    with_grades = sheet(sample_workbook)
    assert len(with_grades[0]) == len(portfolio[0]) + len(GRADED_COLUMNS)
    assert TIER_TABLE(with_grades) == graded_range(sample.grading)


def test_one_column_keeps_its_header_so_that_the_rows_stay_in_line(portfolio: Range, sample: GradedFile):
    assert TIER_TABLE(portfolio, "Tier") == graded_range(sample.grading, "Tier")


@pytest.mark.parametrize("asked", first(3, ["Tier", "tier", " TIER ", "Starting-tier", "starting_tier", "Score"]))
def test_a_column_may_be_asked_for_in_any_spelling(asked: str):
    name = asked.strip().replace("-", " ").replace("_", " ").capitalize()
    assert TIER_TABLE(CLIENTS, asked) == [[line[GRADED_COLUMNS.index(name)]] for line in TIER_TABLE(CLIENTS)]


@pytest.mark.long
def test_several_columns_come_in_the_order_in_which_they_are_asked_for(portfolio: Range, sample: GradedFile):
    assert TIER_TABLE(portfolio, row("Why", "Tier")) == graded_range(sample.grading, "Why", "Tier")


def test_a_blank_cell_asks_for_all_columns():
    assert TIER_TABLE(CLIENTS, [[None]]) == TIER_TABLE(CLIENTS)


def test_an_unknown_column_is_answered_with_the_columns_there_are():
    answer = TIER_TABLE(CLIENTS, "Teer")
    assert answer.startswith('tierxl: There is no graded column "Teer": choose Tier, Action, Reason, Score,')
    assert is_mending_text(answer)


def test_the_columns_may_stand_in_any_order_and_go_by_their_other_names():
    others = [["net-profit", "My notes", "TURNOVER", "account_name"]]
    others += [[profit, "x", revenue, name] for name, revenue, profit in CLIENTS[1:]]
    assert TIER_TABLE(others) == TIER_TABLE(CLIENTS)


def test_a_row_without_anything_in_it_is_no_client_and_stays_blank():
    header, *clients = CLIENTS
    gaps = [header, clients[0], [None, "  ", ""], *clients[1:], [None] * 3, [None] * 3]
    graded = TIER_TABLE(CLIENTS)
    blank = [""] * len(GRADED_COLUMNS)
    assert TIER_TABLE(gaps) == [*graded[:2], blank, *graded[2:], blank, blank]
    assert TIER_TABLE(gaps, "Tier") == [[line[0]] for line in TIER_TABLE(gaps)]


def test_a_row_of_old_grades_alone_is_no_client():
    header = ["Client", "Revenue", *GRADED_COLUMNS]
    old = ["A"] * len(GRADED_COLUMNS)
    graded = TIER_TABLE([header, ["Abel", 5.0, *old], [None, None, *old]], "Tier")
    assert graded == column("Tier", "A", "")


def test_a_row_with_anything_in_a_column_that_is_used_is_a_client():
    lines = [
        ["Client", "Revenue", "Pain factor", "Notes", None],
        ["Abel", 5.0, None, None, None],
        [None, None, "High", "who is this?", None],
        [None, None, None, "later", None],
        [None, None, None, None, "off the table"],
    ]
    assert TIER_TABLE(lines, "Tier") == column("Tier", "A", "Not graded", "", "")


def test_missing_results_are_empty_texts_where_excel_would_show_0():
    header, nobody, _ = TIER_TABLE([["Client", "Revenue"], ["Abel", None], ["Baker", 5.0]])
    shown = dict(zip(header, nobody, strict=True))
    assert (shown["Tier"], shown["Action"], shown["Score"], shown["Upside"]) == ("Not graded", "", "", "")


def test_a_cell_that_cannot_be_read_is_taken_as_blank_as_the_command_does():
    assert TIER_TABLE([["Client", "Revenue"], ["Abel", 5.0], ["Baker", "#N/A"], ["Cohen", "1,2,3"]], "Tier") == column(
        "Tier", "A", "Not graded", "Not graded"
    )


def test_currency_cells_count_as_numbers():
    in_currency = [[Decimal(str(cell)) if isinstance(cell, float) else cell for cell in line] for line in CLIENTS]
    assert TIER_TABLE(in_currency) == TIER_TABLE(CLIENTS)


def test_lines_that_are_shorter_than_the_header_end_in_blanks():
    assert TIER_TABLE([["Client", "Revenue", "Profit"], ["Abel"], ["Baker", 5.0, 1.0, "beyond"]], "Tier") == column(
        "Tier", "Not graded", "A"
    )


def test_half_a_character_does_not_stop_the_grading():
    assert TIER_TABLE([["Client", "Revenue", "Segment"], ["\ud83d", 5.0, "\ude00"]], "Tier") == column("Tier", "A")


@pytest.mark.long
@pytest.mark.parametrize("beside", [5.0, True, day("2026-01-31")])
@pytest.mark.parametrize("name", ["Client", "Segment", "Profit", "Client ID", "Override reason"])
def test_half_a_character_beside_other_cells_does_not_stop_the_grading(name: str, beside: Any):
    known = ["Client", "Revenue"] if name == "Client" else ["Client", "Revenue", name]
    clients = [known, ["Abel", 5.0, "\ud800"], ["Baker", 4.0, beside]]
    if name == "Client":
        clients = [known, ["\ud800", 5.0], [beside, 4.0]]
    assert TIER_TABLE(clients)[0] == list(GRADED_COLUMNS)
    assert TIER_TABLE(clients, "Tier")[1] == ["A"]
    assert SHOULD_TIER(clients)[0] == ["One service standard may serve you better", "", "", ""]
    assert WALLET_RATING(row("\ud800", beside))[0][0].startswith("tierxl: share ")


LONG = "x" * 33_000
LONG_CELLS = {
    "a rating": lambda: TIER_RATING(LONG, "Low", "High", "High", "Low"),
    "a rating in a range": lambda: TIER_RATING(column(LONG, "High"), "Low", "High", "High", "Low")[0][0],
    "an amount": lambda: REVENUE_RATING(LONG, 5.0),
    "a share": lambda: WALLET_RATING(LONG),
    "a service": lambda: TIER_SERVICE("A", LONG),
    "a date": lambda: NEXT_DUE("A", "Personal contact", LONG),
    "a graded column": lambda: TIER_TABLE(CLIENTS, LONG),
    "a client": lambda: TIER_WHY(CLIENTS, LONG),
    "a client in a range": lambda: TIER_WHY(CLIENTS, row("Abel", LONG))[0][1],
}


@pytest.mark.parametrize("asked", first(3, LONG_CELLS.values()), ids=list(LONG_CELLS))
def test_a_long_text_is_quoted_by_its_beginning(asked: Callable[[], str]):
    answer = asked()
    assert is_mending_text(answer)
    assert f'"{"x" * 39}…"' in answer


def test_a_text_that_is_not_long_is_quoted_as_a_whole():
    assert f'"{LONG[:40]}"' in WALLET_RATING(LONG[:40])


def test_a_client_with_a_long_name_is_found():
    clients = [["Client", "Revenue"], [LONG[:100], 5.0]]
    assert TIER_WHY(clients, LONG[:100]) == TIER_TABLE(clients, "Why")[1][0]


def test_no_text_is_longer_than_a_cell(monkeypatch: pytest.MonkeyPatch):
    def wordy(*_: object) -> None:
        raise CannotGrade(LONG)

    monkeypatch.setattr(clients, "graded_range", wordy)
    assert len(TIER_TABLE(CLIENTS)) == 32_767
    monkeypatch.setattr(ratings, "_percent", lambda _: LONG)
    assert len(PROFIT_RATING(0.1, 0.1, 0.2)) == 32_767


def test_a_reason_longer_than_a_cell_is_cut_off():
    header = ["Client", "Revenue", "Override tier", "Override reason"]
    answer = TIER_TABLE([header, ["Abel", 5.0, "B", "x" * 32_760]], "Why")
    assert len(answer[1][0]) == 32_767


@pytest.mark.parametrize("column_asked", [None, "Tier"])
def test_whoever_changes_an_answer_does_not_change_the_next(column_asked: str | None):
    first = TIER_TABLE(CLIENTS, column_asked)
    right = copy.deepcopy(first)
    first[1][0] = "spoiled"
    assert TIER_TABLE(CLIENTS, column_asked) == right
    TIER_TABLE(CLIENTS, column_asked).clear()
    assert TIER_TABLE(CLIENTS, column_asked) == right


WRONG_RANGES = {
    "a single cell": ("Client", "There is no Revenue column"),
    "an empty cell": (None, "There is no Client column"),
    "nothing at all": ([], "There is no Client column"),
    "a header row only": (CLIENTS[:1], "There are no clients"),
    "blank rows below the header": ([CLIENTS[0], [None] * 3, ["", " ", None]], "There are no clients"),
    "no revenue": ([["Client", "Profit"], ["Abel", 1.0]], "There is no Revenue column"),
    "two columns alike": ([["Client", "Revenue", "Sales"], ["Abel", 1.0, 2.0]], 'The columns "Revenue" and "Sales"'),
    "two currencies": ([["Client", "Revenue"], ["A", "$5"], ["B", "€5"]], 'The column "Revenue" mixes currencies'),
}


@pytest.mark.parametrize(("clients", "message"), WRONG_RANGES.values(), ids=list(WRONG_RANGES))
@pytest.mark.parametrize("function", [TIER_TABLE, SHOULD_TIER, lambda clients: TIER_WHY(clients, "Abel")])
def test_a_range_that_cannot_be_graded_is_answered_with_a_text(function: Any, clients: Any, message: str):
    answer = function(clients)
    assert is_mending_text(answer)
    assert message in answer


@pytest.mark.long
def test_columns_decimal_mark_and_rows_are_those_of_the_settings(in_workbook: Any):
    clients = [["Kunde", "Umsatz Inland", "Umsatz Export", "Order date"]]
    clients += [["Abel", 9.0, "1.200", "2026-01-05"], ["Abel", 8.0, "2.400", "2026-02-05"]]
    clients += [["Baker", 7.0, 100.0, "2026-03-05"]]
    chosen = {"columns": {"revenue": "Umsatz Export"}, "reading": {"decimal_mark": ".", "rows": "clients"}}
    in_workbook(chosen, "chosen.xlsx")
    assert [row[0] for row in TIER_TABLE(clients, "Tier")] == ["Tier", "C", "C", "A"]
    in_workbook({})
    assert TIER_TABLE(clients) == (
        "tierxl: There is no Revenue column. The headers in row 1: Kunde, Umsatz Inland, Umsatz Export and Order date. "
        'Did you mean "Umsatz Inland" or "Umsatz Export"? Give the right one the header Revenue, or write its header, '
        'such as "Umsatz Inland", on Settings, Columns, Revenue.'
    )


# --- TIER_RATING and TIER_SCORE --------------------------------------------------------------------------------------

RATINGS = ("Revenue rating", "Wallet rating", "Profit rating", "Strategic rating", "Pain rating")
BESIDE = ("Retention risk", "Opportunity", "Appetite for change", "High touch", "Marquee")


LEVELS, ANSWERS = {3: "High", 2: "Medium", 1: "Low", -1: None}, {1: "Yes", 0: "No"}


def ratings_of(sample: GradedFile) -> dict[str, list[Any]]:
    """Of each client of the sample: the ratings that it got, and what counts beside them."""
    grading = sample.grading
    profiles = profiles_of(grading.clients, grading.policy, grading.as_of)
    given = {name: [client[name] for client in graded_rows(grading)] for name in RATINGS}
    for name in (*BESIDE, "Potential"):
        codes = profiles[name.lower().replace(" ", "_")]
        given[name] = [(ANSWERS if name in ("High touch", "Marquee") else LEVELS)[code] for code in codes]
    return given


def test_the_ratings_of_a_graded_client_give_its_tier(sample: GradedFile, rows: list[dict[str, Any]]):
    ratings = ratings_of(sample)
    answer = TIER_RATING(*(column(*cells) for cells in ratings.values()))
    compared = 0
    for client, (tier,) in zip(rows, answer, strict=True):
        if "verride" not in client["Why"]:
            assert tier == client["Tier"], client["Why"]
            compared += 1
    assert compared > 50
    assert {"A", "B", "C"} <= {tier for (tier,) in answer}


def test_the_ratings_of_a_graded_client_give_its_score(sample: GradedFile, rows: list[dict[str, Any]]):
    ratings = ratings_of(sample)
    given = [column(*ratings[name]) for name in (*RATINGS, "Appetite for change", "Potential")]
    assert TIER_SCORE(*given) == column(*("" if client["Score"] is None else client["Score"] for client in rows))


def potentials(headers: list[Any], clients: list[list[Any]]) -> list[str | None]:
    columns = zip(headers, zip(*clients, strict=True), strict=True)
    frame = pl.DataFrame([pl.Series(name, cells, strict=False) for name, cells in columns])
    grading = tierxl.grade(frame, as_of=AS_OF).grading
    return [LEVELS[code] for code in profiles_of(grading.clients, grading.policy, AS_OF)["potential"]]


@pytest.mark.parametrize("method", first(1, ["five-factor", "revenue"]))
def test_every_optional_argument_counts_as_it_does_for_the_command(portfolio: Range, in_workbook: Any, method: str):
    """Each client once with what its row says, and once more for each thing said otherwise."""
    headers, *clients = portfolio
    headers, varied = [*headers], []
    for client in clients[:20]:
        for name in BESIDE:
            varied += [
                [other if header == name else cell for header, cell in zip(headers, client, strict=True)]
                for other in (("Yes", None) if name in ("High touch", "Marquee") else ("High", "Low", None))
            ]
    for name in ("Override tier", "Override reason"):
        for client in varied:
            client[headers.index(name)] = None
    in_workbook({"grading": {"method": method}})
    graded = dict(zip(GRADED_COLUMNS, zip(*TIER_TABLE([headers, *varied])[1:], strict=True), strict=True))
    beside = [[client[headers.index(name)] for client in varied] for name in BESIDE]
    beside = [column(*cells) for cells in (*beside, potentials(headers, varied))]
    answer = TIER_RATING(*(column(*graded[name]) for name in RATINGS), *beside)
    assert answer == column(*graded["Tier"])


TIERS = [
    # revenue, wallet, profit, strategic, pain -> tier, score
    (("High", "Low", "High", "High", "Low"), "A", 100.0),
    (("Low", "High", "Low", "Low", "High"), "C", 0.0),
    (("High", None, None, None, None), "A", 100.0),
    (("Medium", "Medium", "Medium", "Medium", "Medium"), "B", 50.0),
    (("high", "L", 3.0, "h", 1.0), "A", 100.0),
    (("Low", "High", "Laggard", "Medium", "High"), "B", 7.5),  # held by the floor
    (("High", "Low", "Laggard", "Low", "Low"), "C", 60.0),  # shed
    (("Not rated", "Low", "High", "Low", "Low"), "Not graded", ""),
    (("Not rated", "Low", "High", "High", "Low"), "B", ""),  # held by the floor
    ((None, None, None, None, None), "Not graded", ""),
]


@pytest.mark.parametrize(("ratings", "tier", "score"), TIERS)
def test_five_ratings_give_a_tier_and_a_score(ratings: tuple[Any, ...], tier: str, score: Any):
    assert TIER_RATING(*ratings) == tier
    assert TIER_SCORE(*ratings) == score


def test_what_is_known_beside_the_ratings_moves_the_tier():
    middling = ("Medium", "Medium", "Medium", "Low", "Medium")
    assert TIER_RATING(*middling) == "B"
    assert TIER_RATING(*middling, "High") == "A"
    assert TIER_RATING(*middling, None, "High") == "A"
    poor = ("Medium", "Low", "Low", "Low", "Low")
    assert TIER_RATING(*poor, "High", "Low") == "B"  # unprofitable: the risk lifts nobody
    assert TIER_RATING(*poor, None, "Low", None, "Yes") == "C"
    assert TIER_RATING(*poor, None, "Low", None, "Yes", "Yes") == "B"
    assert TIER_SCORE(*poor) == 45.0
    assert TIER_SCORE(*poor, "Low") == 25.0
    assert TIER_SCORE(*poor, None, "Medium") == 40.0  # an upside of three quarters of its size
    assert TIER_SCORE(*poor, "Medium", "Low") == 30.0
    assert TIER_RATING(*poor, None, None, None, None, None, "Medium") == "B"
    assert TIER_RATING(*poor, None, None, None, None, None, "Low") == "C"


def test_a_single_cell_stands_beside_each_cell_of_a_range():
    assert TIER_RATING(column("High", "Low"), [["High"]], "Laggard", "Low", "Low") == column("C", "C")
    assert TIER_RATING(row("High", "Low", None), "Low", "High", "Low", "Low") == row("A", "B", "Not graded")
    block = [["High", "Low"], [None, "Medium"]]
    assert TIER_RATING(block, block, block, "Low", "Low") == [["A", "C"], ["Not graded", "B"]]


def test_a_wrong_cell_is_named_in_its_place_and_leaves_the_others():
    answer = TIER_RATING(column("High", "Hgh", "High"), "Low", column("High", "High", "Lagard"), "Low", "Low")
    assert answer == column(
        "A",
        'tierxl: revenue_rating "Hgh" is not a level: write High, Medium or Low',
        'tierxl: profit_rating "Lagard" is not a rating: write High, Medium, Low or Laggard',
    )


WRONG_RATINGS = [
    ({"wallet_rating": "Laggard"}, 'wallet_rating "Laggard" is not a level: write High, Medium or Low'),
    ({"strategic_rating": 4.0}, 'strategic_rating "4" is not a level: write High, Medium or Low'),
    ({"pain_rating": datetime(2026, 3, 1)}, 'pain_rating "2026-03-01" is not a level: write High, Medium or Low'),
    ({"retention_risk": "Not rated"}, 'retention_risk "Not rated" is not a level: write High, Medium or Low'),
    ({"high_touch": "High"}, 'high_touch "High" is not an answer: write Yes or No'),
    ({"marquee": 2.0}, 'marquee "2" is not an answer: write Yes or No'),
    ({"appetite": True}, 'appetite "True" is not a level: write High, Medium or Low'),
    ({"opportunity": "#N/A"}, 'opportunity "#N/A" is not a level: write High, Medium or Low'),
]


@pytest.mark.parametrize(("wrong", "message"), WRONG_RATINGS)
def test_a_wrong_rating_is_answered_with_what_to_write(wrong: dict[str, Any], message: str):
    names = [argument.name for argument in FUNCTIONS["TIER_RATING"].arguments]
    right = dict.fromkeys(names[:5], "Low") | dict.fromkeys(names[5:])
    assert TIER_RATING(*(right | wrong).values()) == f"tierxl: {message}"


def test_ranges_of_different_sizes_are_answered_with_their_sizes():
    answer = TIER_RATING(column("High", "Low"), row("High", "Low"), "Low", "Low", "Low")
    assert answer == (
        "tierxl: The ranges must be of one size: revenue_rating has 2 x 1 cells, wallet_rating has 1 x 2 cells."
    )


# --- One rating ------------------------------------------------------------------------------------------------------


def column_of(portfolio: Range, name: str) -> Range:
    at = portfolio[0].index(name)
    return [[line[at]] for line in portfolio[1:]]


def test_revenue_is_rated_as_the_command_rates_it(portfolio: Range, rows: list[dict[str, Any]]):
    revenue = column_of(portfolio, "Revenue")
    readable = [[cell] if isinstance(cell, float) else [None] for (cell,) in revenue]
    assert REVENUE_RATING(readable, revenue) == column(*(client["Revenue rating"] for client in rows))


def test_revenue_is_compared_with_all_revenue():
    ten = column(*(float(amount) for amount in range(1, 11)))
    assert REVENUE_RATING(row(10.0, 9.0, 8.0, 9.5, 0.0, -5.0, None), ten) == row(
        "High", "Medium", "Low", "Medium", "Low", "Low", "Not rated"
    )
    assert REVENUE_RATING(10.0, [*ten, ["Revenue"], [None]]) == "High"
    assert REVENUE_RATING("$1,200.50", ten) == "High"


@pytest.mark.parametrize("nothing", [None, [], column("Revenue", None), row("a", True)])
def test_all_revenue_without_an_amount_is_answered_with_a_text(nothing: Any):
    assert REVENUE_RATING(5.0, nothing).startswith("tierxl: all_revenue holds no amount: give it")


def test_a_wrong_amount_is_named_in_its_place():
    answer = REVENUE_RATING(column(5.0, "much", True, "5 %"), column(1.0, 2.0))
    assert answer[0] == ["High"]
    assert answer[1] == ['tierxl: revenue "much" is not an amount of money: write a number such as 1200.50']
    assert "is not an amount" in answer[2][0]
    assert "is not an amount" in answer[3][0]


def test_wallet_share_is_rated_as_the_command_rates_it(sample: GradedFile):
    shares = nw.to_native(sample.grading.clients.table).select("revenue", "total_spend", "wallet_share").rows()
    known = [revenue / spend if spend else share for revenue, spend, share in shares if revenue is not None]
    expected = [
        client["Wallet rating"]
        for client, (revenue, _, _) in zip(graded_rows(sample.grading), shares, strict=True)
        if revenue is not None
    ]
    inside = [(share, rating) for share, rating in zip(known, expected, strict=True) if share and 0 <= share <= 1]
    assert len(inside) > 40
    assert WALLET_RATING(column(*(share for share, _ in inside))) == column(*(rating for _, rating in inside))


SHARES = [
    (0.76, "High"),
    (0.75, "Medium"),
    (0.5, "Medium"),
    (0.49, "Low"),
    (0.0, "Low"),
    (1.0, "High"),
    (80.0, "High"),
    ("45 %", "Low"),
    ("80%", "High"),
    (None, "Not rated"),
    ("120 %", 'tierxl: share "120%" is outside 0 to 100 %: wallet share is not rated'),
    (-0.1, 'tierxl: share "-10%" is outside 0 to 100 %: wallet share is not rated'),
    ("most", 'tierxl: share "most" is not a percentage: write a number such as 45 % or 0.45'),
]


@pytest.mark.parametrize(("share", "rating"), first(6, SHARES))
def test_a_wallet_share_is_rated_by_the_cuts(share: Any, rating: str):
    assert WALLET_RATING(share) == rating


def test_a_range_of_percentages_is_read_as_a_whole():
    assert WALLET_RATING(row(80.0, 0.9, "90 %")) == row("High", "Low", "High")
    assert WALLET_RATING(row(0.8, 0.9, "90 %")) == row("High", "High", "High")


def test_margins_are_rated_as_the_command_rates_them(sample: GradedFile):
    margins, ratings = [], []
    for (revenue, profit, cost), client in zip(
        nw.to_native(sample.grading.clients.table).select("revenue", "profit", "cost_to_serve").rows(),
        graded_rows(sample.grading),
        strict=True,
    ):
        earned = profit if profit is not None else revenue - cost if None not in (revenue, cost) else None
        if earned is not None and revenue and revenue > 0:
            margins.append(earned / revenue)
            ratings.append(client["Profit rating"])
    assert set(ratings) == {"High", "Medium", "Low", "Laggard"}
    assert PROFIT_RATING(column(*margins), sample.grading.cuts.target_margin) == column(*ratings)


MARGINS = [
    # margin, target, acceptable -> rating
    ((0.12, 0.12), "High"),
    ((0.119, 0.12), "Medium"),
    ((0.06, 0.12), "Medium"),
    ((0.059, 0.12), "Low"),
    ((0.0, 0.12), "Low"),
    ((-0.01, 0.12), "Laggard"),
    ((0.06, 0.12, 0.1), "Low"),
    ((12.0, "12 %", 0.1), "High"),
    ((0.12, 12.0), "High"),
    ((None, 0.12), "Not rated"),
]


@pytest.mark.parametrize(("margins", "rating"), first(5, MARGINS))
def test_a_margin_is_rated_by_the_target(margins: tuple[Any, ...], rating: str):
    assert PROFIT_RATING(*margins) == rating


def test_each_margin_can_have_a_target_of_its_own():
    assert PROFIT_RATING(column(0.1, 0.1, 0.1), column(0.1, 0.2, 0.3)) == column("High", "Medium", "Low")
    assert PROFIT_RATING(0.1, row(0.1, 0.4), row(0.05, 0.1)) == row("High", "Medium")


def test_a_margin_without_any_target_is_answered_with_a_text():
    assert PROFIT_RATING(0.1).startswith("tierxl: target is left out: give one")


def test_a_wrong_target_spoils_its_own_cells_only():
    answer = PROFIT_RATING(0.1, column(0.1, "lots", 0.1), column(0.05, 0.05, 0.2))
    assert answer == column(
        "High",
        'tierxl: target "lots" is not a percentage: write a number such as 45 % or 0.45',
        "tierxl: acceptable 20 % is more than target 10 %: it can be the target at most.",
    )


@pytest.mark.parametrize(
    ("settings_of_profit", "margins", "message"),
    first(
        2,
        [
            ({}, (0.1, 0.2), "acceptable 20 % is more than target 10 %: "),
            ({}, ("10 %", "10.5 %"), "acceptable 10.5 % is more than target 10 %: "),
            ({"target": 0.1}, (None, 0.2), "acceptable 20 % is more than the Settings sheet's target 10 %: "),
            ({"acceptable": 0.2}, (0.1,), "the Settings sheet's acceptable 20 % is more than target 10 %: "),
            ({}, (2e6, 0.1), "target "),
        ],
    ),
)
def test_margins_that_do_not_go_together_are_named_as_they_are_given(
    in_workbook: Any, settings_of_profit: dict[str, float], margins: tuple[Any, ...], message: str
):
    in_workbook({"profit": settings_of_profit})
    answer = PROFIT_RATING(0.12, *margins)
    assert is_mending_text(answer)
    assert answer.startswith(f"tierxl: {message}")
    assert "policy" not in answer


def test_pain_is_rated_from_two_answers():
    answers = row("Yes", "No", None)
    assert PAIN_RATING(answers, "Yes") == row("Medium", "High", "Not rated")
    assert PAIN_RATING(answers, False) == row("Low", "Medium", "Not rated")
    assert PAIN_RATING(True, 0.0) == "Low"
    assert PAIN_RATING("Yes", None) == "Not rated"
    assert PAIN_RATING("maybe", "Yes") == 'tierxl: well_aligned "maybe" is not an answer: write Yes or No'
    assert PAIN_RATING("Yes", "hardly") == 'tierxl: challenging "hardly" is not an answer: write Yes or No'


# --- TIER_WHY --------------------------------------------------------------------------------------------------------


def test_the_reason_of_a_client_is_its_why_column(portfolio: Range, rows: list[dict[str, Any]]):
    names = [line[portfolio[0].index("Client")] for line in portfolio[1:]]
    for name in ("Aldersyke Building Society", "  aldersyke  BUILDING society ", "00159"):
        assert TIER_WHY(portfolio, name) == rows[names.index("Aldersyke Building Society")]["Why"]


def test_a_range_of_clients_is_answered_one_by_one(portfolio: Range, rows: list[dict[str, Any]]):
    headers, *clients = portfolio
    names = [line[headers.index("Client")] for line in clients]
    unique = [name for name in names if name and names.count(name) == 1]
    reasons = {name: client["Why"] for name, client in zip(names, rows, strict=True)}
    assert TIER_WHY(portfolio, column(*unique)) == column(*(reasons[name] for name in unique))
    assert TIER_WHY(portfolio, row(unique[0], None, "Nobody")) == row(
        reasons[unique[0]], "", 'tierxl: client "Nobody" is not among the clients'
    )


def test_several_clients_of_one_name_are_answered_one_below_the_other():
    twice = [*CLIENTS, ["Abel", 50.0, 1.0]]
    first, second = TIER_WHY(twice, "Abel")
    assert "rank 3 of 4" in first[0]
    assert "rank 4 of 4" in second[0]
    assert TIER_WHY(twice, row("Abel", "Baker"))[0][0] == f"{first[0]}\n{second[0]}"


def test_an_identifier_that_is_a_number_is_found():
    assert "rank 1 of 1" in TIER_WHY([["Client", "Client ID", "Revenue"], ["Abel", 159.0, 5.0]], 159.0)


def test_an_unknown_client_is_answered_with_the_closest_names():
    assert TIER_WHY(CLIENTS, "Bakr") == 'tierxl: There is no client "Bakr". Did you mean Baker?'
    assert TIER_WHY(CLIENTS, None) == 'tierxl: There is no client "".'


def test_the_row_of_a_reason_is_right_below_blank_rows():
    gaps = [*CLIENTS[:2], [None] * 3, *CLIENTS[2:]]
    assert TIER_WHY(gaps, "Cohen") == TIER_WHY(CLIENTS, "Cohen")


# --- Services --------------------------------------------------------------------------------------------------------


def test_a_tier_gets_what_the_policy_says_of_a_service():
    assert TIER_SERVICE("A", "Personal contact") == "12/yr, 30 min, phone"
    assert TIER_SERVICE(column("a", "B", "Not graded", None), " personal  CONTACT") == column(
        "12/yr, 30 min, phone", "4/yr, 30 min, phone or email", "Not graded", "Not graded"
    )
    assert TIER_SERVICE("C", "client-appreciation") == "None"
    services = list(Policy().services)
    assert TIER_SERVICE("B", row(*services)) == row(*(Policy().services[name].B for name in services))


def test_an_unknown_service_or_tier_is_answered_with_what_there_is():
    answer = TIER_SERVICE("A", "Lunch")
    assert answer.startswith('tierxl: service "Lunch" is no service: choose Sponsor, Review meeting, Personal contact,')
    assert TIER_SERVICE("A", None).startswith("tierxl: service is blank: choose Sponsor, Review meeting,")
    assert TIER_SERVICE("D", "Sponsor") == 'tierxl: tier "D" is not a tier: write A, B or C'
    assert is_mending_text(answer)


DUE = [
    # tier, service, last -> due
    (("A", "Personal contact", day("2026-01-31")), day("2026-02-28")),
    (("B", "personal contact", day("2026-11-30")), day("2027-02-28")),
    (("C", "Personal contact", day("2024-02-29")), day("2025-02-28")),
    (("A", "Review meeting", "2026-05-15"), day("2026-08-15")),
    (("A", "Data analysis", datetime(2026, 5, 15, 13, 45)), day("2026-08-15")),
    (("A", "Personal contact", 46053.0), day("2026-02-28")),  # a date as its number
    (("A", "Sponsor", day("2026-01-31")), "none"),
    (("C", "Client appreciation", day("2026-01-31")), "none"),
    (("Not graded", "Personal contact", day("2026-01-31")), "none"),
    ((None, "Personal contact", day("2026-01-31")), "none"),
    (("A", "Personal contact", "0001-01-01"), "0001-02-01"),  # before the first day of a worksheet
    (("A", "Personal contact", day("9999-12-31")), "none"),
    (("A", "Personal contact", None), "tierxl: last is blank: write the day on which it happened last"),
    (
        ("A", "Personal contact", "soon"),
        'tierxl: last "soon" is not a date: write a date such as 2026-11-22',
    ),
    (("D", "Lunch", "soon"), 'tierxl: tier "D" is not a tier: write A, B or C'),
]


@pytest.mark.parametrize(("asked", "due"), DUE)
def test_a_service_is_due_next_after_its_cadence(asked: tuple[Any, ...], due: Any):
    assert NEXT_DUE(*asked) == due


def test_due_dates_of_a_range_come_side_by_side():
    tiers, lasts = column("A", "B", "C"), column(day("2026-01-15"), None, day("2026-03-15"))
    assert NEXT_DUE(tiers, "Review meeting", lasts) == column(
        day("2026-04-15"), "tierxl: last is blank: write the day on which it happened last", day("2027-03-15")
    )
    services = row("Review meeting", "Personal contact", "Sponsor")
    assert NEXT_DUE("A", services, day("2026-01-15")) == row(day("2026-04-15"), day("2026-02-15"), "none")


def test_the_engagement_plan_and_the_function_agree(portfolio: Range, sample: GradedFile):
    plan = nw.to_native(engagement_plan(sample.grading)).filter(pl.col("next_contact").is_not_null())
    lasts = {line[portfolio[0].index("Client")]: line[portfolio[0].index("Last contact")] for line in portfolio[1:]}
    lines = [line for line in plan.to_dicts() if isinstance(lasts[line["client"]], datetime)]
    assert len(lines) > 20
    given = [column(*cells) for cells in zip(*((line["Tier"], lasts[line["client"]]) for line in lines), strict=True)]
    assert NEXT_DUE(given[0], "Personal contact", given[1]) == column(*(line["next_contact"] for line in lines))


# --- SHOULD_TIER -----------------------------------------------------------------------------------------------------


def test_the_verdict_stands_above_its_signals(portfolio: Range, sample: GradedFile):
    found = sample.portfolio.suitability
    verdict, *signals = SHOULD_TIER(portfolio)
    assert verdict == [found.verdict, "", "", ""]
    words = {True: "against", False: "for", None: "open"}
    assert signals == [[s.name, s.value, words[s.against], s.sentence] for s in found.signals]


def test_a_few_clients_speak_against_tiering():
    _, _, small, reactive, *_ = SHOULD_TIER(CLIENTS)
    assert small == ["Small portfolio", "3 clients", "against", "You can look after so few in person."]
    assert reactive[2] == "open"


MANAGERS = [["Name", "Level", "Hours"], ["Priya Raman", "Senior", 100.0], ["Bo Lund", "Assistant", 60.0]]


def test_the_hours_of_account_managers_speak_for_or_against_tiering():
    (_, _, *rest), (signal, *without) = SHOULD_TIER(CLIENTS)[4:6], SHOULD_TIER(CLIENTS)[5]
    assert not rest
    assert (signal, without[:2]) == ("High resource availability", ["", "open"])
    assert SHOULD_TIER(CLIENTS, MANAGERS)[5][:3] == ["High resource availability", "1.03", "against"]
    assert SHOULD_TIER(CLIENTS, MANAGERS[:2])[5][:3] == ["High resource availability", "0.64", "for"]
    assert SHOULD_TIER(CLIENTS)[5][2] == "open"


def test_a_range_that_holds_no_account_managers_is_refused():
    assert SHOULD_TIER(CLIENTS, [["Client", "Revenue"], ["Abel", 5.0]]) == (
        "tierxl: The range of account managers needs a header row with the columns Account manager, Seniority, "
        "Hours per year."
    )


# --- The policy of the workbook --------------------------------------------------------------------------------------


def test_the_settings_sheet_of_the_calling_workbook_is_the_policy(in_workbook: Any):
    in_workbook({
        "grading": {"method": "revenue"},
        "profit": {"target": 0.2, "acceptable": 0.15},
        "wallet": {"high_above": 0.3, "medium_from": 0.1},
        "revenue": {"high_top": 0.5, "medium_top": 1},
        "weights": {"revenue": 0},
        "services": {"Lunch": {"A": "1/yr, 60 min", "B": "None", "C": "None"}, "Sponsor": None},
    })  # fmt: skip
    assert TIER_RATING("Low", "Low", "Medium", "Low", "Low") == "C"
    assert PROFIT_RATING(row(0.2, 0.15, 0.1)) == row("High", "Medium", "Low")
    assert WALLET_RATING(row(0.31, 0.1, 0.05)) == row("High", "Medium", "Low")
    assert REVENUE_RATING(column(4.0, 3.0, 2.0), column(4.0, 3.0, 2.0, 1.0)) == column("High", "High", "Medium")
    assert TIER_SCORE("High", "High", "Low", "Low", "High") == 0.0
    assert TIER_SERVICE("A", "lunch") == "1/yr, 60 min"
    assert TIER_SERVICE("A", "Sponsor").startswith('tierxl: service "Sponsor" is no service')
    assert NEXT_DUE("A", "Lunch", day("2026-01-31")) == day("2027-01-31")


def test_the_policy_says_how_text_is_read(in_workbook: Any):
    in_workbook({"reading": {"decimal_mark": ",", "day_order": "day first"}})
    assert REVENUE_RATING("1.200", column(1000.0, 1100.0)) == "High"
    assert REVENUE_RATING(Decimal("1.200"), column(1000.0, 1100.0)) == "Low"
    assert NEXT_DUE("C", "Personal contact", "03/04/2026") == day("2027-04-03")


@pytest.mark.long
def test_a_fixed_target_and_no_acceptable_margin_is_half_of_it(in_workbook: Any):
    in_workbook({"profit": {"target": 0.2}})
    assert PROFIT_RATING(row(0.2, 0.1, 0.05)) == row("High", "Medium", "Low")
    in_workbook({"profit": {"acceptable": 0.15}})
    assert PROFIT_RATING(row(0.2, 0.15, 0.1), 0.2) == row("High", "Medium", "Low")


def test_a_wrong_setting_keeps_its_default(in_workbook: Any):
    book = in_workbook({"tiers": {"a_from": 45}})
    page = book.book["Settings"]
    (line,) = (cells for cells in page.iter_rows() if cells[1].value == "B from")
    line[2].value = "plenty"
    assert TIER_RATING("Medium", "Medium", "Medium", "Low", "Low") == "A"


@pytest.mark.long
def test_a_workbook_without_settings_and_a_call_without_workbook_take_the_default_policy(
    in_workbook: Any, monkeypatch: pytest.MonkeyPatch
):
    book = in_workbook({"tiers": {"a_from": 10, "b_from": 10}})
    assert TIER_RATING("Low", "Low", "Low", "Low", "Low") == "A"
    book.book["Settings"].defined_names.clear()
    workbook_policy.forget()
    assert TIER_RATING("Low", "Low", "Low", "Low", "Low") == "C"
    monkeypatch.undo()
    assert TIER_RATING("Low", "Low", "Low", "Low", "Low") == "C"


def test_while_excel_is_busy_a_workbook_keeps_the_policy_it_had(in_workbook: Any, monkeypatch: pytest.MonkeyPatch):
    ratings = ("Low", "Low", "Low", "Low", "Low")
    in_workbook({"tiers": {"a_from": 10, "b_from": 10}}, "lenient.xlsx")
    assert TIER_RATING(*ratings) == "A"

    def busy(_: object) -> None:
        raise fake_excel.Refused

    monkeypatch.setattr(workbook_policy, "settings_of", busy)
    workbook_policy.forget()
    assert TIER_RATING(*ratings) == "A"
    in_workbook({"tiers": {"a_from": 10, "b_from": 10}}, "another.xlsx")
    assert TIER_RATING(*ratings) == "C"


# --- Whatever the cells hold -----------------------------------------------------------------------------------------

words = st.sampled_from(
    ["High", "Low", "Laggard", "Yes", "A", "Abel", "12 %", "$5", "(7)", "1.200", "2026-11-22", "#N/A", " "]
)
cell = st.one_of(
    st.none(),
    words,
    st.floats(),
    st.booleans(),
    st.text(st.characters(), max_size=5),
    st.datetimes(),
    st.dates(),
    st.integers(-(2**60), 2**60),
    st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**9),
)
header = st.one_of(st.sampled_from([*(known.name for known in COLUMNS), *GRADED_COLUMNS, "Sales"]), cell)
line = st.lists(cell, max_size=6)
argument = st.one_of(cell, st.lists(line, max_size=4), st.lists(st.lists(cell, min_size=2, max_size=2), max_size=4))
portfolios = st.builds(
    lambda headers, lines: [["Client", "Revenue", *headers], *lines], st.lists(header, max_size=5), st.lists(line)
)
lenient = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def holds(answer: object) -> bool:
    """Whether an answer is what cells can show: texts, finite numbers, dates; one, or rows of equal length."""
    if not isinstance(answer, list):
        return isinstance(answer, str | datetime) or (isinstance(answer, float) and answer == answer)
    widths = {len(cells) for cells in answer}
    return len(widths) == 1 and all(not isinstance(part, list) and holds(part) for cells in answer for part in cells)


@pytest.mark.parametrize("function", [TIER_TABLE, SHOULD_TIER, lambda clients: TIER_WHY(clients, [["Abel", 5.0]])])
@given(clients=st.one_of(portfolios, argument))
@lenient
def test_no_range_of_clients_stops_a_function(function: Any, clients: Any):
    with unexpected() as failures:
        assert holds(function(clients))
    assert failures == []


CELLWISE = [
    FUNCTIONS[name] for name in FUNCTIONS if "clients" not in {known.name for known in FUNCTIONS[name].arguments}
]


@pytest.mark.parametrize("name", [function.name for function in CELLWISE])
@given(cells=st.data())
@lenient
def test_no_cell_stops_a_function(name: str, cells: st.DataObject):
    arguments = [cells.draw(argument) for _ in FUNCTIONS[name].arguments]
    with unexpected() as failures:
        assert holds(getattr(udfs, name)(*arguments))
    assert failures == []


@pytest.mark.parametrize("wanted", ["column", "client"])
@given(asked=argument)
@lenient
def test_nothing_that_is_asked_of_clients_stops_a_function(wanted: str, asked: Any):
    with unexpected() as failures:
        assert holds(TIER_TABLE(CLIENTS, asked) if wanted == "column" else TIER_WHY(CLIENTS, asked))
    assert failures == []


@contextmanager
def unexpected() -> Iterator[list[str]]:
    """What fails in a way that nobody foresaw, although the cell shows a text."""
    failures: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: failures.append(str(record.exc_info))  # type: ignore[method-assign]
    logger = logging.getLogger("tierxl.functions.worksheet_function")
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    try:
        yield failures
    finally:
        logger.removeHandler(handler)
        logger.setLevel(logging.NOTSET)


def test_an_unforeseen_failure_is_a_short_text_and_stands_in_the_log(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    def broken(*_: object) -> None:
        raise ZeroDivisionError("deep inside")

    caplog.set_level("DEBUG")
    monkeypatch.setattr(clients, "graded_range", broken)
    answer = TIER_TABLE(CLIENTS)
    assert answer == "tierxl: TIER_TABLE cannot be calculated (ZeroDivisionError): check the cells it is given"
    assert "deep inside" in caplog.text
    assert TIER_RATING("High") == ("tierxl: TIER_RATING cannot be calculated (TypeError): check the cells it is given")


# --- The function wizard ---------------------------------------------------------------------------------------------

SIGNATURES = {
    "TIER_TABLE": "clients [column]",
    "TIER_RATING": "revenue_rating wallet_rating profit_rating strategic_rating pain_rating "
    "[retention_risk] [opportunity] [appetite] [high_touch] [marquee] [potential]",
    "REVENUE_RATING": "revenue all_revenue",
    "WALLET_RATING": "share",
    "PROFIT_RATING": "margin [target] [acceptable]",
    "PAIN_RATING": "well_aligned challenging",
    "TIER_SCORE": "revenue_rating wallet_rating profit_rating strategic_rating pain_rating [appetite] [potential]",
    "TIER_WHY": "clients client",
    "TIER_SERVICE": "tier service",
    "NEXT_DUE": "tier service last",
    "SHOULD_TIER": "clients [managers]",
}


def test_the_functions_and_their_arguments_are_listed_in_their_order():
    listed = {
        name: " ".join(f"[{known.name}]" if known.optional else known.name for known in function.arguments)
        for name, function in FUNCTIONS.items()
    }
    assert listed == SIGNATURES
    assert list(listed) == list(SIGNATURES)


@pytest.mark.parametrize("name", SIGNATURES)
def test_a_function_is_in_capitals_where_excel_looks_for_it(name: str):
    function = getattr(udfs, name)
    assert FUNCTIONS[name].name == function.__name__ == name
    assert list(inspect.signature(function).parameters) == [known.name for known in FUNCTIONS[name].arguments]


@pytest.mark.parametrize("name", SIGNATURES)
def test_the_help_fits_into_the_function_wizard(name: str):
    texts = [FUNCTIONS[name].help, *(known.help for known in FUNCTIONS[name].arguments)]
    for text in texts:
        assert 10 < len(text) <= 255
        assert text == " ".join(text.split())
        assert text.endswith(".")
        assert not set("`_<>") & set(text)


def test_the_garbage_collector_is_left_as_it_was():
    for wanted in (True, False):
        (gc.enable if wanted else gc.disable)()
        try:
            TIER_TABLE(CLIENTS)
            assert gc.isenabled() is wanted
        finally:
            gc.enable()
