"""Numbers as text beside the cuts they are judged by."""

import re
from datetime import date
from typing import Any

import narwhals as nw
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.method.frames import ENGINES, graded, graded_rows
from tierxl.method.plan.history import lines_of, movers
from tierxl.method.plan.suitability import suitability
from tierxl.method.plan.what_if import compare
from tierxl.method.policy import Policy
from tierxl.method.rating.explanation import explanations
from tierxl.method.rating.figures import PERCENT, Cut, Wording, beside, exactly
from tierxl.method.rating.score import score_cuts

NEAR = settings(max_examples=60, deadline=None, derandomize=True)
CUT_OF_SHARE = st.integers(1, 9_999).map(lambda count: count / 10_000)
OFF = st.sampled_from([0, 1e-9, 1e-8, 4e-7, 1e-6, 5e-5, 4e-4, 5e-4, 6e-4, 1e-3, 0.02])


@pytest.mark.parametrize(
    ("number", "cut", "text"),
    [
        (0.4996, Cut(0.5), "49.96%"),
        (0.49996, Cut(0.5), "49.996%"),
        (0.5, Cut(0.5), "50%"),
        (0.5004, Cut(0.5), "50%"),
        (0.5004, Cut(0.5, above=True), "50.04%"),
        (0.495, Cut(0.495), "50%"),
        (0.494, Cut(0.495), "49%"),
    ],
)
def test_a_number_has_as_many_decimals_as_it_takes(number: float, cut: Cut, text: str):
    assert beside(number, [cut], 0, PERCENT) == text


@pytest.mark.parametrize(
    ("cut", "decimals", "unit", "text"),
    [
        (0.8, 0, PERCENT, "80%"),
        (0.495, 0, PERCENT, "49.5%"),
        (0.57, 0, PERCENT, "57%"),
        (0.314159265, 1, PERCENT, "31.4159265%"),
        (0.1, 2, 1, "0.10"),
        (1, 0, 1, "1"),
        (64.96, 0, 1, "64.96"),
        (1e-9, 0, 1, "0.000000001"),
        (-0.05, 1, PERCENT, "-5.0%"),
    ],
)
def test_a_cut_reads_exactly_as_it_is(cut: float, decimals: int, unit: int, text: str):
    assert exactly(cut, decimals, unit) == text


@NEAR
@given(CUT_OF_SHARE, OFF, st.sampled_from([-1, 1]), st.booleans(), st.integers(0, 2))
def test_a_number_near_a_cut_reads_as_on_its_side(cut: float, off: float, sign: int, above: bool, decimals: int):
    number, judged_by = cut + sign * off, Cut(cut, above)
    text = beside(number, [judged_by], decimals, PERCENT)
    read = float(text.removesuffix("%")) / 100
    exact = float(exactly(cut, 0, PERCENT).removesuffix("%")) / 100
    assert (read > exact if above else read >= exact) == judged_by.is_passed_by(number)


def column(numbers: list[float | None], engine: str) -> nw.DataFrame[Any]:
    native = (
        pd.DataFrame({"n": pd.Series(numbers, dtype="Float64")})
        if engine == "pandas"
        else pl.DataFrame({"n": numbers}, {"n": pl.Float64})
    )
    return nw.from_native(native, eager_only=True)


@pytest.mark.parametrize("engine", ENGINES)
def test_columns_read_the_same_in_memory_and_on_an_engine(engine: str):
    numbers = [0.4996, 0.49999, 0.5, 0.75, 0.7504, 0.7496, None, 0.123, 1.0, 0.0, 0.499999999, 0.750000001]
    words = Wording(nw.col("n"), [Cut(0.75, above=True), Cut(0.5)], PERCENT, " %")
    expected = ["49.96", "49.999", "50", "75", "75.04", "75", "0", "12.3", "100", "0", "49.9999999", "75.0000001"]
    shown = words.added_to(column(numbers, engine), "text")
    assert shown.columns == ["n", "text"]
    assert shown["text"].to_list() == [f"{text} %" for text in expected]
    on_engine = words.added_to(nw.from_native(pl.LazyFrame({"n": numbers})), "text").collect()
    assert on_engine.columns == ["n", "text"]
    assert on_engine["text"].to_list() == shown["text"].to_list()


def test_a_column_of_cells_has_the_decimals_that_keep_all_its_numbers_on_their_sides():
    def decimals(*numbers: float | None) -> int:
        return Wording(nw.col("n"), [Cut(65), Cut(40)]).decimals(column(list(numbers), "polars"))

    assert decimals(64.9, 66.666666667, None, 40) == 1
    assert decimals(64.96, 70) == 2
    assert decimals(64.96, 39.9996) == 4
    assert decimals() == 1
    assert Wording(nw.col("n"), [Cut(0.25)]).decimals(column([0.24999], "polars")) == 1


# --- In the Why ------------------------------------------------------------------------------------------------------

SHARE = re.compile(r"wallet share (-?[\d.]+) %, (\w+)")
MARGIN = re.compile(r"margin (-?[\d.]+) % against a target of (-?[\d.]+) %, (\w+)")
SCORE = re.compile(r"Starts at (\w): score ([\d.]+)")


@NEAR
@given(
    st.integers(2, 9_998),
    st.integers(0, 9_998),
    st.lists(st.tuples(st.booleans(), OFF, st.sampled_from([-1, 1])), min_size=1),
)
def test_every_wallet_share_in_the_why_reads_as_it_is_rated(
    high: int, medium: int, near: list[tuple[bool, float, int]]
):
    cuts = sorted((high / 10_000, medium / 10_000))
    shares = [min(1.0, max(0.0, cuts[upper] + sign * off)) for upper, off, sign in near]
    grading = graded(
        [{"Client": "a", "Revenue": 1, "Wallet share": share} for share in shares],
        {"wallet": {"high_above": cuts[1], "medium_from": cuts[0]}},
    )
    rows = graded_rows(grading)
    for row in rows:
        shown, rating = SHARE.search(row["Why"]).groups()
        read = round(float(shown) / 100, 12)
        assert rating == row["Wallet rating"] == ("High" if read > cuts[1] else "Medium" if read >= cuts[0] else "Low")


@NEAR
@given(
    st.lists(st.tuples(st.integers(1, 100_000), st.integers(-20_000, 40_000)), min_size=2, max_size=8),
    st.one_of(st.none(), st.integers(0, 5_000)),
)
def test_every_margin_in_the_why_reads_as_it_is_rated(amounts: list[tuple[int, int]], fixed: int | None):
    total = sum(profit for _, profit in amounts) / sum(revenue for revenue, _ in amounts)
    target = max(0.0, total) if fixed is None else fixed / 10_000
    near = [(1_000_000, round((target + off) * 1_000_000)) for off in (-4e-4, -1e-6, 0, 1e-6, 4e-4)]
    clients = [{"Client": "a", "Revenue": revenue, "Profit": profit} for revenue, profit in [*amounts, *near]]
    for row in graded_rows(graded(clients, {"profit": {"target": "auto" if fixed is None else target}})):
        shown, against, rating = MARGIN.search(row["Why"]).groups()
        assert rating == row["Profit rating"]
        assert (float(shown) >= float(against)) == (rating == "High") or float(shown) < 0
        assert (float(shown) < 0) == (rating == "Laggard")
        if fixed is not None:
            assert float(against) == float(exactly(target, 0, PERCENT).removesuffix("%"))


@NEAR
@given(st.integers(1, 9_999), st.integers(0, 100), st.sampled_from([-0.05, -0.04, -0.001, 0, 0.001, 0.04]))
def test_every_score_in_the_why_reads_as_its_tier(weight: int, b_from: int, off: float):
    weights = dict.fromkeys(("wallet_upside", "strategic_value", "pain"), 0)
    score = weight / 100
    a_from = min(100.0, max(score + off, b_from))
    grading = graded(
        [{"Client": "a", "Revenue": 1, "Margin": 0.05}],
        {
            "weights": weights | {"revenue": score, "profitability": 100 - score},
            "tiers": {"a_from": a_from, "b_from": b_from},
            "profit": {"target": 0.9, "acceptable": 0.8},
        },
    )
    (row,) = graded_rows(grading)
    tier, shown = SCORE.search(row["Why"]).groups()
    assert tier == ("A" if float(shown) >= a_from else "B" if float(shown) >= b_from else "C")


# --- Wherever else a number stands beside a cut ----------------------------------------------------------------------

NEARLY_A = {
    "weights": {"revenue": 64.96, "profitability": 35.04, "wallet_upside": 0, "strategic_value": 0, "pain": 0},
    "profit": {"target": 0.9, "acceptable": 0.8},
}
"""A client of High revenue and Low profitability has a score of 64.96, and 65 would be an A."""
DAYS = date(2026, 5, 1), date(2026, 11, 22)
LOW_MARGIN = {"Client": "Abel", "Revenue": 100, "Margin": 0.05}


def test_the_explanation_shows_a_score_just_below_a_cut_as_below_it():
    (explained,) = explanations(graded([LOW_MARGIN], NEARLY_A), "Abel")
    assert "100 x 64.96 / 100 = 64.96" in str(explained)


@pytest.mark.long
def test_a_score_that_another_policy_brings_over_a_cut_is_shown_on_both_sides_of_it():
    before, after = (
        graded([LOW_MARGIN], NEARLY_A | {"weights": NEARLY_A["weights"] | {"revenue": weight}})
        for weight in (64.96, 65.08)
    )
    (why,) = compare(before, after).moved["why"].to_list()
    assert why == "Score 65, was 64.96; starts at A, was B"


@pytest.mark.long
def test_movers_show_a_score_on_its_side_of_the_cut():
    settings = NEARLY_A | {"likelihood": {"high": 1, "low": 0.998}}
    settings["weights"] = {"revenue": 0, "profitability": 35, "wallet_upside": 65, "strategic_value": 0, "pain": 0}
    clients = [LOW_MARGIN | {"Wallet share": 0.1, "Appetite for change": level} for level in ("Low", "High")]
    before, now = (lines_of(graded([client], settings, day)) for client, day in zip(clients, DAYS, strict=True))
    cuts = score_cuts(Policy.with_settings(settings))
    assert movers(before, now, cuts).lines["What changed"].to_list() == ["Score 64.9 to 65"]
    settings["likelihood"]["low"] = 0.9995
    before = lines_of(graded([clients[0]], settings, DAYS[0]))
    assert movers(before, now, cuts).lines["What changed"].to_list() == ["Score 64.97 to 65"]


def test_the_signals_show_what_they_measure_on_its_side_of_the_cut_and_the_cut_as_it_is():
    alike = [{"Client": f"c{number}", "Revenue": 10, "Pain factor": "High"} for number in range(2)]
    settings = {"suitability": {"homogeneous_from": 0.667, "equal_gini_below": 0.125}}
    clients = [*alike, {"Client": "d", "Revenue": 10, "Pain factor": "Low"}]
    signals = {signal.name: signal for signal in suitability(graded(clients, settings)).signals}
    homogeneous = signals["Homogeneous clients"]
    assert (homogeneous.value, homogeneous.cut, homogeneous.against) == ("66.67% alike", "66.7% or more alike", False)
    assert signals["Equal revenue"].cut.startswith("Gini below 0.125")


def test_a_wallet_share_just_above_100_percent_is_quoted_as_above_it():
    shares = [("a", 1.004), ("b", 0.5), ("c", 0.25)]
    (issue,) = (
        issue
        for issue in graded([{"Client": name, "Revenue": 1, "Wallet share": share} for name, share in shares]).issues
        if issue.column == "Wallet share"
    )
    assert issue.value == "100.4%"
