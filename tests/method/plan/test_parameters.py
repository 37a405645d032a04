"""The weights and cuts that people type."""

import pytest

from tierxl.method.issues import CannotGrade
from tierxl.method.plan.parameters import CUTS, WEIGHTS, Parameter, settings_tried
from tierxl.method.policy import Policy


def test_every_weight_of_the_policy_can_be_tried():
    assert [parameter.setting for parameter in WEIGHTS] == list(Policy().weights.model_dump())


@pytest.mark.parametrize("parameter", [*WEIGHTS, *CUTS], ids=lambda parameter: parameter.name)
def test_a_name_is_one_settings_own_and_the_policy_knows_it(parameter: Parameter):
    others = {spelling for other in (WEIGHTS if parameter in WEIGHTS else CUTS) if other != parameter for spelling in
              other.spellings}  # fmt: skip
    assert not others & set(parameter.spellings)
    assert hasattr(getattr(Policy(), parameter.section), parameter.setting)


@pytest.mark.parametrize(
    "name", ["wallet_upside", "wallet-upside", "Wallet upside", " WALLET  UPSIDE ", "weights.wallet_upside"]
)
def test_a_weight_may_be_spelt_as_people_write(name: str):
    assert settings_tried([f"{name}=25"], []) == {"weights": {"wallet_upside": 25}}


@pytest.mark.parametrize(
    ("typed", "section", "setting", "value"),
    [
        ("A=70", "tiers", "a_from", 70),
        ("a=72.5", "tiers", "a_from", 72.5),
        ("B = 45", "tiers", "b_from", 45),
        ("tiers.b_from=45", "tiers", "b_from", 45),
        ("revenue-high-top=15%", "revenue", "high_top", 0.15),
        ("high_top=0.15", "revenue", "high_top", 0.15),
        ("wallet.medium_from=40 %", "wallet", "medium_from", 0.4),
        ("profit-target=12%", "profit", "target", 0.12),
        ("target=auto", "profit", "target", "auto"),
    ],
)
def test_a_cut_goes_by_its_tier_or_by_its_name_in_the_policy(typed: str, section: str, setting: str, value: object):
    assert settings_tried([], [typed]) == {section: {setting: value}}


def test_several_weights_and_cuts_are_tried_together():
    assert settings_tried(["revenue=40", "pain=0"], ["A=70", "B=45"]) == {
        "weights": {"revenue": 40, "pain": 0}, "tiers": {"a_from": 70, "b_from": 45},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("weights", "cuts", "sentence"),
    [
        (
            ["revenu=40"],
            [],
            'There is no weight "revenu": did you mean revenue? The weights are revenue, profitability, wallet-upside,',
        ),
        ([], ["wallet-hi-above=80%"], "did you mean wallet-high-above?"),
        ([], ["Gold=80"], 'There is no cut "Gold": The cuts are A, B, revenue-high-top'),
        ([], ["revenue=80"], 'There is no cut "revenue":'),
        (["revenue 40"], [], '"revenue 40" is no weight: write a name and a number, such as revenue=40.'),
        ([], ["A="], '"A=" is no cut: write a name and a number, such as A=70.'),
    ],
)
def test_what_is_no_weight_or_cut_is_a_sentence(weights: list[str], cuts: list[str], sentence: str):
    with pytest.raises(CannotGrade) as refused:
        settings_tried(weights, cuts)
    assert sentence in str(refused.value)


@pytest.mark.parametrize(
    ("weights", "cuts", "sentence"),
    [
        ([], ["A=170"], "tiers.a_from = 170: should be less than or equal to 100"),
        ([], ["A=30"], "b_from (40) must not be more than a_from (30)"),
        (["pain=-1"], [], "weights.pain = -1: should be greater than or equal to 0"),
        (["pain=much"], [], "weights.pain = 'much': should be a valid number"),
        ([], ["revenue-high-top=15"], "revenue.high_top = 15: should be less than or equal to 1"),
    ],
)
def test_a_value_out_of_bounds_gets_the_policys_own_sentence(weights: list[str], cuts: list[str], sentence: str):
    with pytest.raises(CannotGrade) as refused:
        Policy().changed(settings_tried(weights, cuts))
    assert sentence in str(refused.value)
