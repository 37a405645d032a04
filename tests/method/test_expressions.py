"""Numbers as the sentences show them, and choices between cases."""

from datetime import date, datetime

import narwhals as nw
import polars as pl
import pytest

from tests.method.frames import ENGINES, frame
from tierxl.method.expressions import (
    day_text,
    days_between,
    first_that_applies,
    midnight,
    named,
    ratio,
    reusable,
    rounded_to,
    tenths_text,
)
from tierxl.method.levels import RATING_NAMES
from tierxl.method.policy import Policy
from tierxl.method.words import in_words

NUMBERS = {
    0.0: "0",
    52.5: "52.5",
    11.0: "11",
    11.04: "11",
    11.05: "11.1",
    99.96: "100",
    -0.04: "0",
    -12.34: "-12.3",
    100.0: "100",
    1e17: "100000000000000000",
    1e300: "100000000000000000",
    -float("inf"): "-100000000000000000",
}


@pytest.mark.parametrize("engine", ENGINES)
def test_numbers_are_shown_with_at_most_one_decimal(engine: str):
    tenths = frame({"number": list(NUMBERS)}, engine).select(tenths=rounded_to(nw.col("number"), 1))["tenths"]
    assert [tenths_text(number) for number in tenths.to_list()] == list(NUMBERS.values())


def test_the_first_case_that_applies_wins_and_a_missing_value_applies_to_none():
    numbers = nw.from_native(pl.DataFrame({"number": [5, 15, 25, None]}), eager_only=True)
    sizes = first_that_applies([(nw.col("number") > 20, "large"), (nw.col("number") > 10, "middling")], "small")
    assert numbers.select(size=sizes)["size"].to_list() == ["small", "middling", "large", "small"]


@pytest.mark.parametrize("engine", ENGINES)
def test_reusable_columns_are_made_once_for_the_same_arguments_and_serve_every_frame(engine: str):
    made = []

    @reusable()
    def columns(factor: int) -> dict[str, nw.Expr]:
        made.append(factor)
        return {"times": nw.col("number") * factor}

    several = [frame({"number": numbers}, engine).with_columns(columns(2)) for numbers in ([1, 2], [5])]
    assert [each["times"].to_list() for each in several] == [[2, 4], [10]]
    assert frame({"number": [1]}, engine).select(columns(3))["times"].to_list() == [3]
    assert made == [2, 3]


def test_columns_are_made_anew_where_a_section_of_the_policy_differs_that_they_name_and_read_no_other():
    made = []

    @reusable("tiers")
    def cuts(policy: Policy) -> dict[str, nw.Expr]:
        made.append(policy.tiers.a_from)
        return {"cut": nw.lit(policy.tiers.a_from)}

    @reusable("tiers")
    def methods(policy: Policy) -> dict[str, nw.Expr]:
        return {"method": nw.lit(policy.grading.method)}

    policies = [
        Policy(),
        Policy.with_settings({"weights": {"revenue": 40}}),
        Policy.with_settings({"tiers": {"a_from": 70}}),
    ]
    clients = frame({"client": ["Abel"]})
    assert [clients.select(cuts(policy)).item() for policy in policies] == [65, 65, 70]
    assert made == [65, 70]
    with pytest.raises(AttributeError):
        methods(Policy())


@pytest.mark.parametrize("engine", ENGINES)
def test_every_level_has_its_name(engine: str):
    levels = frame({"level": list(RATING_NAMES)}, engine)
    assert levels.select(name=named(nw.col("level"), RATING_NAMES))["name"].to_list() == list(RATING_NAMES.values())


def test_ratios_are_the_same_when_they_differ_only_in_the_last_bits():
    thirds = nw.from_native(pl.DataFrame({"part": [0.1 + 0.2, 0.3]}), eager_only=True)
    assert thirds.select(rounded=ratio(nw.col("part")))["rounded"].n_unique() == 1


@pytest.mark.parametrize("engine", ENGINES)
def test_days_between_dates_are_whole_and_a_missing_date_has_none(engine: str):
    since, until = midnight(date(2024, 2, 28)), midnight(date(2024, 3, 1))
    assert since == datetime(2024, 2, 28)
    dates = frame({"since": [since, until, None], "until": [until, since, until]}, engine)
    dates = dates.with_columns(nw.all().cast(nw.Datetime("us")))
    days = dates.select(days=days_between(nw.col("since"), nw.col("until")))["days"]
    assert [None if missing else day for day, missing in zip(days, days.is_null(), strict=True)] == [2, -2, None]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_day_reads_the_same_in_a_table_as_alone(engine: str):
    days = [midnight(date(2026, month, 1 + 2 * month)) for month in range(1, 13)]
    dates = frame({"day": [*days, None]}, engine).with_columns(nw.col("day").cast(nw.Datetime("us")))
    texts = dates.select(text=day_text(nw.col("day")).fill_null("none"))["text"].to_list()
    assert texts == [*map(in_words, days), "none"]
