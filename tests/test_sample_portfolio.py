"""The sample portfolio: about 60 firms in which every rule of the method fires at least once."""

from datetime import date
from pathlib import Path
from typing import Any

import narwhals as nw
import polars as pl
import pytest

from tests.files import SAMPLE, page_of, values
from tests.method.frames import graded_rows
from tierxl.method.levels import RATING_NAMES
from tierxl.method.policy import Policy
from tierxl.method.rating.grading import grade
from tierxl.method.rating.moves import ACTIONS, MOVES, SHED_RULES
from tierxl.method.table.columns import COLUMNS
from tierxl.use_cases.graded import GradedFile


@pytest.fixture(scope="module")
def rows(sample: GradedFile) -> list[dict[str, Any]]:
    return graded_rows(sample.grading)


@pytest.fixture(scope="module")
def reasons(rows: list[dict[str, Any]]) -> list[str]:
    return [row["Why"] for row in rows]


@pytest.fixture(scope="module")
def reasons_by_revenue() -> list[str]:
    """The reasons under the method that looks at revenue alone."""
    clients = nw.from_native(pl.read_csv(SAMPLE, infer_schema=False))
    policy = Policy.with_settings({"grading": {"method": "revenue"}})
    return [row["Why"] for row in graded_rows(grade(clients, policy, date(2026, 11, 22)))]


def test_it_has_about_60_clients(rows: list[dict[str, Any]]):
    assert 55 <= len(rows) <= 65


def test_it_has_every_column_that_the_method_knows_and_one_of_the_users_own():
    headers = pl.read_csv(SAMPLE, infer_schema=False).columns
    assert {column.name for column in COLUMNS} < set(headers)


@pytest.mark.parametrize("tier", ["A", "B", "C", "Not graded"])
def test_every_tier_is_given_and_is_a_starting_tier(rows: list[dict[str, Any]], tier: str):
    assert tier in {row["Tier"] for row in rows}
    assert tier in {row["Starting tier"] for row in rows}


@pytest.mark.parametrize("action", [*(rule.name for rule in ACTIONS), None])
def test_every_action_is_taken(rows: list[dict[str, Any]], action: str | None):
    assert action in {row["Action"] for row in rows}


@pytest.mark.parametrize(
    "column", ["Revenue rating", "Wallet rating", "Profit rating", "Strategic rating", "Pain rating"]
)
@pytest.mark.parametrize("level", RATING_NAMES.values())
def test_every_rating_is_made(rows: list[dict[str, Any]], column: str, level: str):
    found = {row[column] for row in rows}
    assert (level in found) == (level != "Laggard" or column == "Profit rating")


@pytest.mark.parametrize("move", MOVES, ids=lambda move: move.name)
def test_every_move_is_made(reasons: list[str], reasons_by_revenue: list[str], move: Any):
    texts = reasons_by_revenue if move.name == "profitability" else reasons
    direction = " Up one: " if move.step > 0 else " Down one: "
    assert [text for text in texts if direction in text and move.reason in text.split(direction)[1]]


@pytest.mark.parametrize(
    "words",
    [
        "Stays at A, the highest tier",
        "Up one",
        "Down one",
        "Lifted to B: strategic value is Medium",
        "Not shed although",
    ],
)
def test_every_outcome_of_a_rule_is_met(reasons: list[str], words: str):
    assert [text for text in reasons if words in text]


@pytest.mark.parametrize("rule", SHED_RULES, ids=lambda rule: rule.name)
def test_every_reason_to_shed_is_met(reasons: list[str], rule: Any):
    assert [text for text in reasons if f"To shed: {rule.reason}." in text]


@pytest.mark.parametrize("words", [", until ", "no reason given", " ended on ", ": Moving to parent's panel"])
def test_overrides_live_expired_and_without_a_reason_are_met(reasons: list[str], words: str):
    assert [text for text in reasons if "verride" in text and words in text]


def test_an_override_gives_a_tier_to_a_client_that_cannot_be_graded(rows: list[dict[str, Any]]):
    assert [row for row in rows if row["Starting tier"] == "Not graded" and row["Tier"] in ("A", "B", "C")]


def test_strategic_value_gives_a_tier_to_a_client_that_cannot_be_graded(rows: list[dict[str, Any]]):
    assert "B: strategic, revenue not known" in {row["Reason"] for row in rows}


@pytest.mark.parametrize("column", ["Provisional", "Borderline"])
def test_both_answers_are_given(rows: list[dict[str, Any]], column: str):
    assert {row[column] for row in rows} == {"Yes", "No"}


def test_there_are_changes_that_would_lift_a_client_and_clients_that_nothing_lifts(rows: list[dict[str, Any]]):
    steps = {row["What would lift it"] for row in rows}
    assert "none" in steps
    for factor in ("Revenue", "Profitability", "Strategic value", "Pain factor"):
        assert [step for step in steps if step.startswith(f"{factor} from ")], factor


def test_upsides_come_from_both_ways_of_telling_a_wallet(sample: GradedFile):
    table = sample.grading.clients.table
    upside = sample.grading.columns["Upside"]
    for known in ("total_spend", "wallet_share"):
        given = ~table[known].is_null() & (table["total_spend"].is_null() if known == "wallet_share" else True)
        assert len(upside.filter(given & ~upside.is_null())) > 3


@pytest.mark.parametrize(
    ("column", "words"),
    [
        ("Client ID", "is in more than one row"),
        ("Opportunity", "is not a level"),
        ("Total spend", "such as 148.000 read as thousands"),
        ("Wallet share", "is outside 0 to 100 %"),
        ("Revenue", "is not known: fill it in; until then only strategic value or an override gives a tier"),
        ("Override reason", "is blank"),
        ("Override expires", "has passed"),
    ],
)
def test_its_data_have_the_faults_that_real_lists_have(sample: GradedFile, column: str, words: str):
    assert [issue for issue in sample.issues if issue.column == column and words in issue.message]


def test_the_due_dates_are_of_every_kind(sample_workbook: Path):
    shown = set(values(page_of(sample_workbook, "Engagement plan")).values())
    assert {"Neglected", "None recorded"} <= shown


def test_it_is_worth_tiering(sample: GradedFile):
    assert sample.portfolio.suitability.verdict == "Tier your clients"


def test_the_firms_are_all_different_and_some_need_more_than_ascii():
    names = pl.read_csv(SAMPLE, infer_schema=False)["Client"].to_list()
    assert len(set(names)) == len(names)
    assert [name for name in names if not name.isascii()]
    assert [name for name in names if "," in name]
