"""Whether to tier at all: five signals and a verdict."""

from typing import Any

import pytest

from tests.method.frames import graded
from tests.runs import first
from tierxl.method.plan.suitability import (
    VERDICTS,
    equal_revenue,
    gini,
    high_resource_availability,
    highly_reactive_industry,
    homogeneous_clients,
    small_portfolio,
    suitability,
)


def of_value(*levels: str | None, **more: Any) -> list[dict[str, Any]]:
    """Clients that are alike but for their strategic value."""
    return [{"Revenue": 50_000, "Strategic value": level} | more for level in levels]


@pytest.mark.parametrize(
    ("levels", "value", "against"),
    first(
        2,
        [
            ("HHHHL", "80% alike", True),
            ("HHHL", "75% alike", False),
            ("HHLLM", "40% alike", False),
            ("H", "100% alike", True),
        ],
    ),
)
def test_clients_are_homogeneous_when_80_percent_share_their_five_ratings(levels: str, value: str, against: bool):
    signal = homogeneous_clients(graded(of_value(*levels)))
    assert (signal.value, signal.against) == (value, against)
    assert signal.cut == "80% or more alike"


def test_clients_that_differ_in_any_one_rating_are_not_alike():
    clients = [
        {"Revenue": 90_000, "Margin": 0.25, "Wallet share": 0.9, "Strategic value": "H", "Pain factor": "L"},
        {"Revenue": 10_000, "Margin": 0.25, "Wallet share": 0.9, "Strategic value": "H", "Pain factor": "L"},
        {"Revenue": 90_000, "Margin": 0.05, "Wallet share": 0.9, "Strategic value": "H", "Pain factor": "L"},
        {"Revenue": 90_000, "Margin": 0.25, "Wallet share": 0.2, "Strategic value": "H", "Pain factor": "L"},
        {"Revenue": 90_000, "Margin": 0.25, "Wallet share": 0.9, "Strategic value": "L", "Pain factor": "L"},
        {"Revenue": 90_000, "Margin": 0.25, "Wallet share": 0.9, "Strategic value": "H", "Pain factor": "H"},
        {"Revenue": 90_000, "Margin": 0.25, "Wallet share": 0.9, "Strategic value": None, "Pain factor": "L"},
    ]
    grading = graded(clients, {"profit": {"target": 0.2, "acceptable": 0.1}, "revenue": {"tie_limit": 6}})
    assert homogeneous_clients(grading).value == "14% alike"


def test_clients_that_are_not_graded_do_not_count_as_alike():
    overridden = of_value("H", Revenue=None, **{"Override tier": "A"})
    clients = of_value("H", "L") + of_value("H", "H", Revenue=None) + overridden
    assert homogeneous_clients(graded(clients)).value == "50% alike"


@pytest.mark.parametrize(
    ("levels", "value"),
    first(
        2, [("HHHH", "100% alike"), ("HHHH----", "100% alike"), ("HHHH-----", ""), ("HHLL----", "50% alike"), ("-", "")]
    ),
)
def test_only_clients_with_two_rated_factors_are_compared_if_these_are_half_of_all(levels: str, value: str):
    clients = of_value(*(None if level == "-" else level for level in levels))
    signal = homogeneous_clients(graded(clients))
    assert signal.value == value
    if not value:
        assert signal.against is None
        compared = levels.count("H")
        assert signal.sentence.startswith(f"Cannot be measured: of {len(levels)} client")
        assert f"only {compared} can be compared. That takes two rated factors." in signal.sentence


def test_nothing_is_homogeneous_where_no_client_is_graded():
    signal = homogeneous_clients(graded(of_value("H", Revenue=None)))
    assert signal.against is None
    assert signal.value == ""
    assert signal.sentence.startswith("Cannot be measured")


@pytest.mark.parametrize(("count", "against"), [(1, True), (14, True), (15, False)])
def test_a_portfolio_is_small_below_15_clients(count: int, against: bool):
    signal = small_portfolio(graded(of_value("H") * count))
    assert signal.against is against
    assert signal.value == f"{count} client" + "s" * (count > 1)


def test_clients_that_are_not_graded_count_in_the_size_of_the_portfolio():
    assert small_portfolio(graded(of_value("H") * 14 + of_value("H", Revenue=None))).against is False


@pytest.mark.parametrize(("answer", "against"), first(2, [("Yes", True), ("No", False), ("not answered", None)]))
def test_whether_the_industry_is_reactive_is_for_the_user_to_say(answer: str, against: bool | None):
    signal = highly_reactive_industry(graded(of_value("H"), {"suitability": {"highly_reactive": answer}}))
    assert signal.against is against
    assert bool(signal.value) == (against is not None)


@pytest.mark.parametrize(
    ("revenues", "coefficient"),
    [
        ([5, 5, 5, 5], 0),
        ([7], 0),
        ([1, 3], 0.25),
        ([0, 0, 0, 8], 0.75),
        ([1, 2, 3, 4], 0.25),
        ([-5, 8], 0.5),
        ([], None),
        ([0, 0], None),
        ([-5, -1], None),
    ],
)
def test_the_gini_coefficient_of_a_few_revenues(revenues: list[float], coefficient: float | None):
    assert gini(revenues) == coefficient


def test_the_gini_coefficient_does_not_depend_on_the_order():
    assert gini([4, 1, 3, 2]) == gini([1, 2, 3, 4])


def of_revenue(*revenues: float | None) -> list[dict[str, Any]]:
    return [{"Revenue": revenue} for revenue in revenues]


@pytest.mark.parametrize(
    ("revenues", "value", "against"),
    first(2, [((21, 29), "Gini 0.08", True), ((20, 30), "Gini 0.10", False), ((0, 50), "Gini 0.50", False)]),
)
def test_revenue_is_equal_below_a_gini_of_one_tenth(revenues: tuple[float, ...], value: str, against: bool):
    signal = equal_revenue(graded(of_revenue(*revenues, None)))
    assert (signal.value, signal.against) == (value, against)


@pytest.mark.parametrize(("levels", "against"), first(1, [("H---", True), ("HH--", False), ("HHHH", False)]))
def test_equal_revenue_matters_where_fewer_than_half_of_the_clients_have_a_second_factor(levels: str, against: bool):
    signal = equal_revenue(graded(of_value(*(None if level == "-" else level for level in levels))))
    assert (signal.value, signal.against) == ("Gini 0.00", against)
    assert ("nothing else tells them apart" in signal.sentence) == against


def test_equal_revenue_cannot_be_measured_without_revenue():
    signal = equal_revenue(graded(of_revenue(0, -10, None)))
    assert (signal.against, signal.value) == (None, "")


def test_resources_cannot_be_measured_without_the_hours_of_the_team():
    signal = high_resource_availability(graded(of_revenue(10, 10, None, 10)))
    assert signal.against is None
    assert "207 hours a year" in signal.sentence  # 4 clients of 51.75 hours


def test_own_rhythms_make_no_difference_to_the_hours_that_tier_a_would_take():
    often = [client | {"Contacts a year": 52} for client in of_revenue(10, 10, None, 10)]
    assert "207 hours a year" in high_resource_availability(graded(often)).sentence


ALL_DIFFERENT = [{"Revenue": 10_000 * number, "Strategic value": "HML"[number % 3]} for number in range(1, 17)]
FEW = ALL_DIFFERENT[:14]
EQUAL = [client | {"Revenue": 10_000} for client in ALL_DIFFERENT]
EQUAL_ALONE = of_revenue(*[10_000] * 16)


@pytest.mark.parametrize(
    ("clients", "reactive", "verdict"),
    first(
        3,
        [
            (ALL_DIFFERENT, "No", "Tier your clients"),
            (ALL_DIFFERENT, "not answered", "Tier your clients"),
            (ALL_DIFFERENT, "Yes", "Tier, with care"),
            (FEW, "No", "Tier, with care"),
            (EQUAL, "No", "Tier your clients"),
            (EQUAL_ALONE, "No", "Tier, with care"),
            (EQUAL_ALONE[:14], "No", "One service standard may serve you better"),
            (FEW, "Yes", "One service standard may serve you better"),
            (EQUAL[:14], "Yes", "One service standard may serve you better"),
        ],
    ),
)
def test_the_verdict_counts_the_signals_against_tiering(clients: list, reactive: str, verdict: str):
    grading = graded(clients, {"suitability": {"highly_reactive": reactive}})
    assert suitability(grading).verdict == verdict


def test_there_are_five_signals_each_with_a_cut_and_a_sentence():
    signals = suitability(graded(ALL_DIFFERENT)).signals
    assert [signal.name for signal in signals] == [
        "Homogeneous clients",
        "Small portfolio",
        "Highly reactive industry",
        "Equal revenue",
        "High resource availability",
    ]
    assert all(signal.cut and signal.sentence.endswith(".") for signal in signals)
    assert len(VERDICTS) == 3


def test_every_cut_is_the_policys():
    cuts = {
        "homogeneous_from": 0.25,
        "small_below": 17,
        "highly_reactive": "No",
        "equal_gini_below": 0.5,
    }
    signals = suitability(graded(ALL_DIFFERENT, {"suitability": cuts})).signals
    assert [signal.against for signal in signals] == [True, True, False, False, None]
    half = [client | {"Strategic value": None} for client in ALL_DIFFERENT[:8]] + ALL_DIFFERENT[8:]
    signals = suitability(graded(half, {"suitability": cuts | {"two_factors_from": 0.51}})).signals
    assert [signal.against for signal in signals] == [None, True, False, True, None]
