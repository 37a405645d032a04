"""The policy: its defaults, and what it says to wrong settings."""

from fractions import Fraction

import pytest

from tierxl.method.documented_settings import documented_settings
from tierxl.method.issues import CannotGrade
from tierxl.method.policy import Policy, policy_toml, settings_of_toml
from tierxl.method.policy_sections import Service


def test_the_default_policy_is_the_documented_one():
    assert Policy.from_toml(policy_toml()) == Policy()
    assert Policy.from_toml("") == Policy()


def test_the_default_numbers():
    policy = Policy()
    assert policy.grading.method == "five-factor"
    assert (policy.revenue.high_top, policy.revenue.medium_top) == (0.1, 0.2)
    assert (policy.wallet.high_above, policy.wallet.medium_from) == (0.75, 0.5)
    assert (policy.profit.target, policy.profit.acceptable) == ("auto", "auto")
    assert list(policy.weights.model_dump().values()) == [30, 25, 20, 15, 10]
    assert (policy.tiers.a_from, policy.tiers.b_from, policy.tiers.borderline) == (65, 40, 2.5)
    assert policy.moves.model_dump() == {
        "retention_risk": "on",
        "profitability": "revenue",
        "opportunity": "on",
        "high_touch": "on",
        "max_move": 1,
    }
    assert policy.floor.strategic == "Medium"
    assert len(policy.services) == 10


def test_every_setting_has_an_explanation_and_a_source():
    legend = policy_toml().partition("\n[grading]")[0]
    for setting in documented_settings():
        assert setting.meaning.endswith((".", "?"))
        assert all(f"[{source}]" in legend for source in setting.source.split(", "))


def test_the_documented_settings_are_all_there_are():
    documented = {}
    for setting in documented_settings():
        documented.setdefault(setting.section, {})[setting.name] = setting.value
    assert documented == Policy().model_dump(exclude={"services"})


def test_settings_that_are_left_out_keep_their_defaults():
    policy = Policy.from_toml("[weights]\nrevenue = 40\n")
    assert policy.weights.revenue == 40
    assert policy.weights.pain == Policy().weights.pain
    assert policy.tiers == Policy().tiers


def test_the_last_layer_lies_on_top():
    policy = Policy.with_settings({"weights": {"revenue": 40, "pain": 5}}, {"weights": {"revenue": 50}})
    assert (policy.weights.revenue, policy.weights.pain) == (50, 5)


def test_whole_numbers_may_be_written_with_a_decimal():
    assert Policy.from_toml("weights.revenue = 30.0\nmoves.max_move = 1.0") == Policy()


def test_a_switch_may_hold_under_one_method_only():
    by_revenue = Policy.with_settings({"grading": {"method": "revenue"}})
    switches = ("on", "off", "revenue", "five-factor")
    assert [by_revenue.uses(switch) for switch in switches] == [True, False, True, False]
    assert [Policy().uses(switch) for switch in switches] == [True, False, False, True]


def test_a_policy_file_of_an_earlier_edition_is_read_still():
    former = "[reading]\nday_order = 'iso'\npercent_points_beyond = 1.5\n[tiers]\na_from = 70"
    assert Policy.from_toml(former) == Policy.with_settings({"tiers": {"a_from": 70}})


UNKNOWN = [
    ({"wieghts": {}}, "wieghts: there is no such setting"),
    ({"weights": {"revenu": 3}}, "weights.revenu = 3: there is no such setting"),
    ({"weights": {"percent_points_beyond": 3}}, "weights.percent_points_beyond = 3: there is no such setting"),
    ({"services": {"Open events": {"D": "None"}}}, "services.Open events.D = 'None': there is no such setting"),
]


@pytest.mark.parametrize(("settings", "message"), UNKNOWN)
def test_an_unknown_setting_is_named(settings: dict, message: str):
    with pytest.raises(CannotGrade) as refused:
        Policy.with_settings(settings)
    assert message in str(refused.value)


WRONG = [
    ("grading.method = 'abc'", "grading.method = 'abc': should be 'five-factor' or 'revenue'"),
    ("floor.strategic = 'Low'", "floor.strategic = 'Low': should be 'Medium', 'High' or 'off'"),
    ("weights.revenue = -1", "weights.revenue = -1: should be greater than or equal to 0"),
    ("weights.revenue = 'a lot'", "weights.revenue = 'a lot': should be a valid number"),
    ("weights.revenue = true", "weights.revenue = True: should be a valid number"),
    ("weights.revenue = nan", "weights.revenue = nan: should be a finite number"),
    ("revenue.high_top = 10", "revenue.high_top = 10: should be less than or equal to 1"),
    ("tiers.a_from = 130", "tiers.a_from = 130: should be less than or equal to 100"),
    ("profit.target = 'high'", "profit.target = 'high': should be 'auto' or a valid number"),
    ("moves.opportunity = true", "moves.opportunity = True: should be 'on', 'off', 'five-factor' or 'revenue'"),
    ("moves.max_move = 1.5", "moves.max_move = 1.5: should be a valid integer"),
    ("moves.max_move = 3", "moves.max_move = 3: should be less than or equal to 2"),
    ("shed.exit_options = ['one; two']", "without a semicolon"),
]


@pytest.mark.parametrize(("toml", "message"), WRONG)
def test_a_value_that_a_setting_does_not_take_is_refused_in_plain_words(toml: str, message: str):
    with pytest.raises(CannotGrade) as refused:
        Policy.from_toml(toml)
    assert str(refused.value).startswith("The policy cannot be used: ")
    assert message in str(refused.value)


AGAINST_EACH_OTHER = [
    ("revenue.high_top = 0.3", "revenue: high_top (0.3) must not be more than medium_top (0.2)"),
    ("wallet.medium_from = 0.8", "wallet: medium_from (0.8) must not be more than high_above (0.75)"),
    ("profit.target = 0.1\nprofit.acceptable = 0.2", "profit: acceptable (0.2) must not be more than target (0.1)"),
    ("points.low = 0.7", "points: low (0.7) must not be more than medium (0.5)"),
    ("points.laggard = 0.2", "points: laggard (0.2) must not be more than low (0)"),
    ("tiers.a_from = 30", "tiers: b_from (40) must not be more than a_from (30)"),
    (
        "[weights]\nrevenue = 0\nprofitability = 0\nwallet_upside = 0\nstrategic_value = 0\npain = 0",
        "weights: at least one weight must be more than 0",
    ),
]


@pytest.mark.parametrize(("toml", "message"), AGAINST_EACH_OTHER)
def test_settings_that_contradict_each_other_are_refused(toml: str, message: str):
    with pytest.raises(CannotGrade) as refused:
        Policy.from_toml(toml)
    assert message in str(refused.value)


def test_every_wrong_setting_is_reported_at_once():
    with pytest.raises(CannotGrade) as refused:
        Policy.from_toml("weights.revenue = -1\ntiers.a_from = 130\nnonsense = 1")
    assert all(name in str(refused.value) for name in ("weights.revenue", "tiers.a_from", "nonsense"))


def test_text_that_is_not_toml_is_refused():
    with pytest.raises(CannotGrade, match=r"The policy file is not valid TOML: .+line 1"):
        settings_of_toml("weights.revenue = 40 points")


# --- Services --------------------------------------------------------------------------------------------------------


def service(a: str, b: str = "None", c: str = "None") -> Service:
    return Policy.with_settings({"services": {"Golf": {"A": a, "B": b, "C": c}}}).services["Golf"]


LEVELS = [
    ("4/yr, 180 min, in person", 4, 180),
    ("In person; 4 / YR, 180 MIN", 4, 180),
    ("1.5/yr, 7.5 min", Fraction(3, 2), Fraction(15, 2)),
    ("0.5/yr, 60 min", Fraction(1, 2), 60),
    ("365/yr, 1 min", 365, 1),
    ("None", None, None),
    ("Report on request, within 5 minutes", None, None),
]


@pytest.mark.parametrize(("text", "per_year", "minutes"), LEVELS)
def test_a_service_level_is_a_text_with_a_cadence_and_a_length_in_it(text: str, per_year: object, minutes: object):
    golf = service(text)
    assert (golf.per_year("A"), golf.minutes("A")) == (per_year, minutes)
    assert (golf.per_year("B"), golf.minutes("C")) == (None, None)


WRONG_LEVELS = [
    ("4/yr", 'needs both how often and how long, such as "4/yr, 30 min"'),
    ("30 min", 'needs both how often and how long, such as "4/yr, 30 min"'),
    ("4/yr, 30 min and 2/yr", "gives more than one cadence or length"),
    ("0/yr, 30 min", "365 times a year"),
    ("366/yr, 30 min", "365 times a year"),
    ("  ", 'is empty; write "None" where a tier does not get the service'),
    (" Invited ", "without spaces around it"),
    ("Invited\t", "without spaces around it"),
    ("x" * 2001, "write a text of at most 2,000 characters"),
]


@pytest.mark.parametrize(("text", "message"), WRONG_LEVELS)
def test_a_service_level_that_makes_no_sense_is_refused(text: str, message: str):
    with pytest.raises(CannotGrade) as refused:
        service(text)
    assert "services.Golf.A = " in str(refused.value)
    assert message in str(refused.value)


def test_one_level_of_a_service_can_be_changed():
    policy = Policy.with_settings({"services": {"Review meeting": {"A": "6/yr, 90 min"}}})
    meeting, before = policy.services["Review meeting"], Policy().services["Review meeting"]
    assert (meeting.per_year("A"), meeting.B, meeting.C) == (6, before.B, before.C)


def test_a_service_can_be_added_and_taken_away():
    golf = {"A": "Invited", "B": "None", "C": "None"}
    policy = Policy.with_settings({"services": {"Golf": golf, "Open events": None}})
    assert "Golf" in policy.services
    assert "Open events" not in policy.services
    assert len(policy.services) == len(Policy().services)


@pytest.mark.parametrize("name", ["Review meeting", "Personal contact"])
def test_the_services_with_due_dates_cannot_be_taken_away(name: str):
    with pytest.raises(CannotGrade, match=f'services must include "{name}"'):
        Policy.with_settings({"services": {name: None}})


def test_a_changed_policy_keeps_every_other_setting_and_what_was_taken_away():
    services = {"Open events": None, "Golf": {"A": "1/yr, 60 min", "B": "None", "C": "None"}}
    policy = Policy.with_settings({"weights": {"revenue": 40}, "services": services})
    changed = policy.changed({"tiers": {"a_from": 70}})
    assert changed == Policy.with_settings({"weights": {"revenue": 40}, "services": services, "tiers": {"a_from": 70}})
    assert "Open events" not in changed.services


@pytest.mark.parametrize(("section", "name"), [("profit", "acceptable"), ("tiers", "b_from"), ("revenue", "high_top")])
def test_minus_zero_is_zero(section: str, name: str):
    zero, minus_zero = (Policy.with_settings({section: {name: value}}) for value in (0.0, -0.0))
    assert zero == minus_zero
