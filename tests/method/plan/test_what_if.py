"""What if: what another policy changes, and which settings the tiers hang on."""

import math
from collections import Counter
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings

import tierxl
from tests.files import SAMPLE
from tests.method.frames import AS_OF, ENGINES, graded, graded_rows
from tests.method.rating.test_properties import POLICIES, PORTFOLIOS, PROPERTY
from tierxl.method.plan import what_if
from tierxl.method.plan.hours import hours_per_client
from tierxl.method.plan.parameters import CUTS, WEIGHTS
from tierxl.method.plan.what_if import Comparison, Sensitivity, Shift, compare, sensitivity
from tierxl.method.policy import Policy
from tierxl.method.rating.grading import Grading

Row = dict[str, Any]

SERVED = {"Margin": 0.25, "Total spend": 5000}
"""A High margin earns 25 points, a Low wallet share 20."""
CLIENTS = [
    {"Client": "Ashdown", "Revenue": 900, "Strategic value": "High", "Pain factor": "Low", **SERVED},
    {"Client": "Bellwether", "Revenue": 500, "Strategic value": "Low", "Pain factor": "Medium", **SERVED},
    {"Client": "Cedar", "Revenue": 500, "Strategic value": "Low", "Pain factor": "Medium", **SERVED},
    {"Client": "Dunmore", "Revenue": 100, "Strategic value": "High", "Pain factor": "Low", **SERVED},
    {"Client": "Eaton", "Revenue": 100, "Strategic value": "Low", "Pain factor": "Medium", **SERVED},
    {"Client": "Farrow", "Revenue": 90, "Profit": -20, "Strategic value": "Low", "Pain factor": "Low"},
    *({"Client": f"Small {number}", "Revenue": 10, "Margin": 0.05} for number in range(4)),
]
"""Ashdown has a score of 100, Bellwether and Cedar have 65, Dunmore has 70, Eaton has 50; Farrow is to be shed."""
FIXED = {"profit": {"target": 0.2, "acceptable": 0.1}}


@cache
def tried(engine: str = "polars", **settings: float) -> Comparison:
    """What comes of other cuts between the tiers."""
    return compared({"tiers": settings}, engine)


def compared(settings: Mapping[str, Any], engine: str = "polars") -> Comparison:
    return compare(graded(CLIENTS, FIXED, engine=engine), graded(CLIENTS, FIXED | settings, engine=engine))


def moved(comparison: Comparison) -> dict[str, str]:
    """Who goes from where to where."""
    return {row["client"]: f"{row['tier_before']} to {row['tier_after']}" for row in
            comparison.moved.iter_rows(named=True)}  # fmt: skip


# --- One portfolio, in plain words -----------------------------------------------------------------------------------


def test_the_portfolio_is_as_its_words_say():
    rows = dict(zip((client["Client"] for client in CLIENTS), graded_rows(graded(CLIENTS, FIXED)), strict=True))
    assert {name: rows[name]["Score"] for name in ("Ashdown", "Bellwether", "Cedar", "Dunmore", "Eaton")} == {
        "Ashdown": 100, "Bellwether": 65, "Cedar": 65, "Dunmore": 70, "Eaton": 50,
    }  # fmt: skip
    assert rows["Farrow"]["Action"] == "Shed"


@pytest.mark.parametrize("engine", ENGINES)
def test_raising_a_to_70_moves_exactly_the_two_clients_between(engine: str):
    found = tried(engine, a_from=70)
    assert moved(found) == {"Bellwether": "A to B", "Cedar": "A to B"}
    assert found.shifts == (Shift("A", "B", 2, 1000),)
    assert (found.clients, found.revenue) == (2, 1000)


def test_a_client_less_in_tier_a_frees_the_hours_between_a_and_b():
    policy = Policy()
    difference = hours_per_client("A", policy) - hours_per_client("B", policy)
    assert tried(a_from=70).hours == pytest.approx(-2 * difference)
    assert [row["hours"] for row in tried(a_from=70).moved.iter_rows(named=True)] == pytest.approx([-difference] * 2)


def test_the_figures_of_both_stand_side_by_side():
    before, after = tried(a_from=70).before, tried(a_from=70).after
    assert before.clients == {"A": 4, "B": 1, "C": 5, "Not graded": 0}
    assert after.clients == {"A": 2, "B": 3, "C": 5, "Not graded": 0}
    assert before.revenue == {"A": 2000, "B": 100, "C": 130, "Not graded": 0}
    assert after.revenue == {"A": 1000, "B": 1100, "C": 130, "Not graded": 0}
    assert (before.to_shed, after.to_shed) == (1, 1)


def test_the_hours_are_those_of_every_tier_and_a_client_to_shed_gets_none():
    policy = Policy()
    hours = {tier: hours_per_client(tier, policy) for tier in "ABC"}
    assert tried(a_from=70).before.hours == pytest.approx(4 * hours["A"] + hours["B"] + 4 * hours["C"])


def test_the_reason_tells_the_score_before_and_after():
    assert why(tried(a_from=70)) == {
        "Bellwether": "Score 65 as before; starts at B, was A", "Cedar": "Score 65 as before; starts at B, was A",
    }  # fmt: skip
    heavier = compared({"weights": {"revenue": 60}})
    assert why(heavier) == {
        "Bellwether": "Score 61.5, was 65; starts at B, was A", "Cedar": "Score 61.5, was 65; starts at B, was A",
        "Dunmore": "Score 53.8, was 70; starts at B, was A", "Eaton": "Score 38.5, was 50; starts at C, was B",
    }  # fmt: skip


def why(comparison: Comparison) -> dict[str, str]:
    return {row["client"]: row["why"] for row in comparison.moved.iter_rows(named=True)}


def test_the_reason_names_the_ratings_that_change():
    found = compared({"revenue": {"high_top": 0.1, "medium_top": 0.1}})
    assert moved(found) == {"Bellwether": "A to B", "Cedar": "A to B"}
    assert why(found)["Cedar"] == "Score 50, was 65; Revenue rating Low, was Medium; starts at B, was A"


@pytest.mark.long
def test_the_reason_tells_who_is_to_be_shed_only_now():
    clients = [{"Client": "Held", "Revenue": 90, "Profit": -20, "Strategic value": "Medium"}, *CLIENTS]
    found = compare(graded(clients, FIXED), graded(clients, FIXED | {"floor": {"strategic": "off"}}))
    assert moved(found) == {"Held": "B to C"}
    assert why(found)["Held"].endswith("as before; to be shed")
    assert (found.before.to_shed, found.after.to_shed) == (1, 2)


@pytest.mark.long
def test_where_nothing_else_differs_the_reason_points_to_the_moves_or_the_floor():
    clients = [{"Client": "Grows", "Revenue": 90, "Margin": 0.15, "Opportunity": "High"}, *CLIENTS]
    found = compare(graded(clients, FIXED), graded(clients, FIXED | {"moves": {"opportunity": "off"}}))
    assert why(found)["Grows"].endswith("as before; the moves or the floor differ")


def test_the_settings_that_differ_are_named_with_both_values():
    services = {"Review meeting": {"A": "6/yr, 180 min"}, "Golf": {"A": "1/yr, 60 min", "B": "None", "C": "None"}}
    found = compared({"weights": {"pain": 20}, "services": services})
    assert [(it.section, it.setting, it.before, it.after) for it in found.settings] == [
        ("weights", "pain", 10, 20),
        ("Review meeting", "Tier A", "4/yr, 180 min, in person, travel or host", "6/yr, 180 min"),
        ("Golf", "Tier A", None, "1/yr, 60 min"), ("Golf", "Tier B", None, "None"), ("Golf", "Tier C", None, "None"),
    ]  # fmt: skip


def test_a_better_service_costs_hours_though_nobody_changes_tier():
    found = compared({"services": {"Review meeting": {"A": "5/yr, 180 min"}}})
    assert (found.clients, found.revenue) == (0, 0)
    assert found.hours == pytest.approx(4 * 3)


def test_the_same_policy_changes_nothing():
    found = compared({})
    assert (found.settings, found.shifts, len(found.moved), found.hours) == ((), (), 0, 0)


# --- What the tiers hang on ------------------------------------------------------------------------------------------


@cache
def hung_on() -> dict[str, Sensitivity]:
    """The settings that the tiers hang on, by their name."""
    return {it.parameter.name: it for it in sensitivity(graded(CLIENTS, FIXED))}


@pytest.mark.long
def test_the_cut_of_tier_a_is_tried_a_fifth_lower_and_a_fifth_higher():
    found = hung_on()["A"]
    assert (found.less.value, found.value, found.more.value) == (52, 65, 78)
    assert (found.less.clients, found.less.hours) == (0, 0)
    assert (found.more.clients, found.more.revenue) == (3, 1100)
    assert found.clients == 3


@pytest.fixture
def only(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Leaves only the weights and cuts with these names to be tried."""

    def leave(*names: str) -> None:
        for group, parameters in (("WEIGHTS", WEIGHTS), ("CUTS", CUTS)):
            monkeypatch.setattr(what_if, group, [it for it in parameters if it.name in names])

    return leave


@pytest.mark.long
def test_the_step_is_a_setting(only: Callable[..., None]):
    only("A")
    (found,) = sensitivity(graded(CLIENTS, FIXED | {"sensitivity": {"step": 0.1}}))
    assert (found.less.value, found.more.value) == (58.5, 71.5)


@pytest.mark.long
def test_what_moves_most_clients_comes_first():
    moves = [it.clients for it in hung_on().values()]
    assert moves == sorted(moves, reverse=True)
    assert moves[0] == 3


def test_every_weight_and_every_cut_is_tried():
    assert set(hung_on()) == in_force({}) - {"profit-laggard-below"}  # which is 0, and a fifth of that is 0


def in_force(settings: dict[str, Any]) -> set[str]:
    """The names of the weights and cuts that a policy rates by."""
    grading = graded(CLIENTS, FIXED | settings)
    return {each.name for each in (*WEIGHTS, *CUTS) if each.value(grading.policy, grading.cuts) is not None}


@pytest.mark.long
def test_a_cut_is_in_force_where_something_is_rated_by_it():
    amounts = {"by": "amount", "high_amount": 4000, "medium_amount": 1000}
    of_revenue = {
        by: {name for name in in_force(settings) if name.startswith("revenue-")}
        for by, settings in (("rank", {}), ("share", {"revenue": {"by": "share"}}), ("amount", {"revenue": amounts}))
    }
    assert of_revenue == {
        "rank": {"revenue-high-top", "revenue-medium-top"},
        "share": {"revenue-high-share", "revenue-medium-share"},
        "amount": {"revenue-high-amount", "revenue-medium-amount"},
    }
    assert "retention-silent-days" not in in_force({"retention": {"derive": "off"}})
    assert "profit-target-top" not in in_force({"profit": {"target": 0.2}})


def test_days_are_tried_as_whole_days():
    (days,) = (each for each in CUTS if each.setting == "silent_days")
    policy = Policy.with_settings({"retention": {"silent_days": 91}})
    assert days.with_value(policy, 0.8 * 91).retention.silent_days == 73


@pytest.mark.long
def test_a_weight_of_0_and_a_margin_that_nobody_knows_are_left_out():
    clients = [{"Client": client["Client"], "Revenue": client["Revenue"]} for client in CLIENTS]
    names = {it.parameter.name for it in sensitivity(graded(clients, {"weights": {"pain": 0}}))}
    assert not names & {"pain", "profit-target", "profit-acceptable"}
    assert {"revenue", "profit-target-top"} <= names


@pytest.mark.long
def test_the_portfolios_own_margin_is_where_an_automatic_target_is_turned_from(only: Callable[..., None]):
    only("profit-target", "profit-acceptable")
    found = {it.parameter.name: it for it in sensitivity(graded(CLIENTS))}
    cuts = graded(CLIENTS).cuts
    assert cuts.target_margin is not None
    assert found["profit-target"].value == cuts.target_margin
    assert found["profit-acceptable"].value == cuts.acceptable_margin
    assert found["profit-target"].more.value == pytest.approx(1.2 * cuts.target_margin)


def test_a_value_that_the_policy_bars_is_not_tried(only: Callable[..., None]):
    only("A", "B")
    found = {
        it.parameter.name: it for it in sensitivity(graded(CLIENTS, FIXED | {"tiers": {"a_from": 50, "b_from": 45}}))
    }
    assert found["B"].more is None
    assert found["A"].less is None
    assert found["B"].less.value == 36


@pytest.mark.long
def test_under_the_revenue_method_no_weight_moves_anybody():
    by_revenue = {"grading": {"method": "revenue"}, "moves": {"profitability": "off"}}
    found = sensitivity(graded(CLIENTS, FIXED | by_revenue))
    assert {it.clients for it in found if it.parameter.section in ("weights", "tiers")} == {0}
    assert max(it.clients for it in found if it.parameter.section == "revenue") > 0


# --- As grading twice would find -------------------------------------------------------------------------------------


def rows_of(frame: pl.DataFrame, policy: Policy) -> list[Row]:
    return tierxl.grade(frame, policy, AS_OF).frame.to_dicts()


def hours_of(rows: list[Row], policy: Policy) -> float:
    served = Counter(row["Tier"] for row in rows if row["Action"] != "Shed" and row["Tier"] != "Not graded")
    return math.fsum(count * hours_per_client(tier, policy) for tier, count in served.items())


def effect(before: list[Row], after: list[Row], revenues: list[float | None]) -> tuple[int, float]:
    """How many clients change tier, and their revenue."""
    pairs = zip(before, after, revenues, strict=True)
    changed = [revenue or 0 for one, other, revenue in pairs if one["Tier"] != other["Tier"]]
    return len(changed), math.fsum(changed)


def check_sensitivity(grading: Grading, frame: pl.DataFrame, revenues: list[float | None]) -> int:
    """Every trial of a sensitivity, beside a grading under the changed policy."""
    policy, checked = grading.policy, 0
    before = rows_of(frame, policy)
    for found in sensitivity(grading):
        for trial in filter(None, (found.less, found.more)):
            other = found.parameter.with_value(policy, trial.value)
            assert found.parameter.value(other, grading.cuts) == trial.value
            after = rows_of(frame, other)
            assert (trial.clients, trial.revenue) == pytest.approx(effect(before, after, revenues)), (
                found.parameter.name
            )
            assert trial.hours == pytest.approx(hours_of(after, other) - hours_of(before, policy)), found.parameter.name
            checked += 1
    return checked


@pytest.mark.long
def test_the_sample_hangs_on_what_grading_it_under_each_changed_policy_shows():
    sample = pl.read_csv(SAMPLE, infer_schema_length=0)
    result = tierxl.grade(sample, Policy(), AS_OF).grading
    assert check_sensitivity(result, sample, result.clients.table["revenue"].to_list()) == 32


def native(grading: Grading, clients: list[Row]) -> pl.DataFrame:
    """Clients as a frame of texts, as the grading read them."""
    return pl.DataFrame({"Client": grading.clients.table["client"].to_list()}).with_columns(
        pl.Series(header, [client[header] for client in clients], dtype=pl.Object, strict=False)
        for header in clients[0]
    )


@settings(PROPERTY, max_examples=3)
@given(PORTFOLIOS, POLICIES)
def test_the_sensitivity_is_what_grading_under_each_changed_policy_shows(clients: list, settings: dict):
    result = graded(clients, settings)
    check_sensitivity(result, native(result, clients), result.clients.table["revenue"].to_list())


@PROPERTY
@given(PORTFOLIOS, POLICIES, POLICIES)
def test_a_comparison_is_what_grading_twice_shows(clients: list, one: dict, other: dict):
    before, after = graded(clients, one), graded(clients, other)
    found = compare(before, after)
    frame, revenues = native(before, clients), before.clients.table["revenue"].to_list()
    policies = Policy.with_settings(one), Policy.with_settings(other)
    rows = [rows_of(frame, policy) for policy in policies]
    assert (found.clients, found.revenue) == pytest.approx(effect(*rows, revenues))
    for figures, graded_as, policy in zip((found.before, found.after), rows, policies, strict=True):
        assert {tier: count for tier, count in figures.clients.items() if count} == Counter(
            row["Tier"] for row in graded_as
        )
        assert figures.to_shed == sum(row["Action"] == "Shed" for row in graded_as)
        assert figures.hours == pytest.approx(hours_of(graded_as, policy))
    pairs = [(row["Client"], row["Tier"], then["Tier"]) for row, then in zip(*rows, strict=True)]
    assert [(row["client"], row["tier_before"], row["tier_after"]) for row in found.moved.iter_rows(named=True)] == [
        pair for pair in pairs if pair[1] != pair[2]
    ]
    shifts = Counter((now, then) for _, now, then in pairs if now != then)
    assert {(shift.before, shift.after): shift.clients for shift in found.shifts} == shifts


@pytest.mark.long
def test_a_weight_needs_no_rating_anew(monkeypatch: pytest.MonkeyPatch):
    rated = []
    profiles_of = what_if.profiles_of
    monkeypatch.setattr(what_if, "profiles_of", lambda *them: rated.append(them[1]) or profiles_of(*them))
    tried = sensitivity(graded(CLIENTS, FIXED))
    assert len(rated) == 1 + 2 * sum(it.parameter.section not in ("weights", "tiers") for it in tried)
