"""One client's grade, explained."""

from typing import Any

import pytest

from tests.method.frames import ENGINES, graded, graded_rows
from tests.runs import first
from tierxl.method.issues import CannotGrade
from tierxl.method.rating.explanation import Explanation, explanations

ASHDOWN = {
    "Client": "Ashdown & Co",
    "Client ID": "0301",
    "Revenue": 50_000,
    "Margin": 0.15,
    "Wallet share": 0.6,
    "Strategic value": "Low",
    "Pain factor": "Medium",
    "Retention risk": "High",
}
BRAMLEY = ASHDOWN | {"Client": "Bramley Joinery", "Client ID": "0302", "Margin": None, "Retention risk": None}
POLICY = {"profit": {"target": 0.2, "acceptable": 0.1}}


def explained(client: dict[str, Any], engine: str = "polars", settings: dict | None = None) -> Explanation:
    grading = graded([client], POLICY | (settings or {}), engine=engine)
    (explanation,) = explanations(grading, client["Client"])
    return explanation


@pytest.mark.parametrize("wanted", first(1, ["Ashdown & Co", "ashdown  & co", "0301"]))
def test_a_client_is_found_by_name_or_number_in_any_case(wanted: str):
    (found,) = explanations(graded([ASHDOWN, BRAMLEY], POLICY), wanted)
    assert (found.client, found.row) == ("Ashdown & Co", 2)


def test_all_clients_of_one_name_are_explained():
    grading = graded([ASHDOWN, BRAMLEY, ASHDOWN | {"Client ID": "0305", "Revenue": 10}], POLICY)
    assert [(found.row, found.tier) for found in explanations(grading, "Ashdown & Co")] == [(2, "A"), (4, "B")]


def test_an_unknown_client_is_refused_with_the_closest_name():
    with pytest.raises(CannotGrade, match=r'There is no client "Ashdwn"\. Did you mean Ashdown & Co'):
        explanations(graded([ASHDOWN, BRAMLEY]), "Ashdwn")
    with pytest.raises(CannotGrade, match=r'There is no client " "\.$'):
        explanations(graded([ASHDOWN, BRAMLEY | {"Client ID": None}]), " ")


def test_the_explanation_agrees_with_the_graded_columns():
    grading = graded([ASHDOWN, BRAMLEY], POLICY)
    for row, client in zip(graded_rows(grading), (ASHDOWN, BRAMLEY), strict=True):
        (found,) = explanations(grading, client["Client"])
        assert (found.tier, found.action, found.why, found.score) == (
            row["Tier"],
            row["Action"],
            row["Why"],
            row["Score"],
        )


@pytest.mark.parametrize("engine", ENGINES)
def test_the_factors_add_up_to_the_score(engine: str):
    found = explained(ASHDOWN, engine)
    assert [(line.name, line.rating, line.earned) for line in found.factors] == [
        ("Revenue", "High", 30),
        ("Wallet share", "Medium", 10),
        ("Profitability", "Medium", 12.5),
        ("Strategic value", "Low", 0),
        ("Pain factor", "Medium", 5),
    ]
    assert found.score == 57.5


def test_a_factor_that_is_not_rated_drops_out_of_the_sum():
    text = str(explained(BRAMLEY))
    assert "Profitability   Not rated drops out" in text
    assert "100 x 45 / 75 = 60.0" in text


def test_a_share_of_the_points_for_wallet_share_says_what_it_is_a_share_of():
    lukewarm = ASHDOWN | {"Wallet share": 0.2, "Appetite for change": "Medium"}
    assert "    0.5 of the points for Low: appetite for change is Medium\n" in str(explained(lukewarm))
    larger = {"Revenue": 9_000_000, "Wallet share": 0.2}
    grading = graded([lukewarm, *(larger | {"Client": name} for name in "BCDEFGHIJ")], POLICY)
    (of_small,) = explanations(grading, lukewarm["Client"])
    assert "    0.5 x 0.5 of the points for Low: appetite for change is Medium, potential is Low\n" in str(of_small)
    assert "of the points" not in str(explained(lukewarm | {"Wallet share": None}))


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ({}, "none: the starting tier stays as it is"),
        ({"Override tier": "C"}, "none: without the override, the starting tier stays as it is"),
        ({"Revenue": None}, "none: there is no score to start from"),
    ],
)
def test_where_no_rule_applies_the_explanation_says_what_becomes_of_the_starting_tier(cells: dict, says: str):
    assert f"The rules that apply:\n  {says}\n" in str(explained(BRAMLEY | cells))


def test_the_rules_say_which_of_them_apply():
    applies = dict(explained(ASHDOWN, settings={"moves": {"opportunity": "off"}}).rules)
    assert [rule for rule, does in applies.items() if does] == [
        "up one if retention risk is High, unless the client is unprofitable"
    ]
    assert "up one if opportunity is High (switched off)" in applies


CELLS = {
    "Wallet share": {"High": 0.9, "Medium": 0.6, "Low": 0.2},
    "Profitability": {"Laggard": -0.1, "Low": 0.05, "Medium": 0.15, "High": 0.25},
}


@pytest.mark.parametrize(
    "client",
    first(1, [ASHDOWN, BRAMLEY, BRAMLEY | {"Margin": 0.05, "High touch": "Yes"}]),
)
def test_every_change_brings_the_tier_that_it_promises(client: dict):
    changes = [change for change in explained(client).changes if change.what != "Revenue"]
    assert changes
    for change in changes:
        column = "Margin" if change.what == "Profitability" else change.what
        changed = client | {column: CELLS.get(change.what, {}).get(change.after, change.after)}
        (row,) = graded_rows(graded([changed], POLICY))  # alone its potential is High, whatever its wallet share
        assert row["Tier"] == change.tier


@pytest.mark.long
def test_an_override_is_named_as_what_decides():
    text = str(explained(ASHDOWN | {"Override tier": "C", "Override reason": "Leaving"}))
    assert "An override decides this tier. Without it, these would change it:" in text


@pytest.mark.long
def test_a_client_that_is_not_graded_has_no_score_to_explain():
    found = explained(ASHDOWN | {"Revenue": None})
    assert (found.tier, found.action, found.score) == ("Not graded", "", None)
    assert {change.what for change in found.changes} == {"Revenue", "Strategic value"}
    assert str(found).startswith("Ashdown & Co (row 2): not graded\n")
