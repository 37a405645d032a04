"""Settings that the cells of the sheet Settings cannot hold: a workbook whose tiers are formulas is refused then."""

from pathlib import Path
from typing import Any

import pytest

from tests.files import AS_OF, csv_file
from tierxl.method.issues import CannotGrade
from tierxl.method.policy import Policy
from tierxl.sheets.settings_held import not_held
from tierxl.use_cases.grade import grade_file
from tierxl.use_cases.reading import Request

GOLF = {"A": "12/yr, 240 min", "B": "None", "C": "None"}


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"weights": {"pain": 33.333333333333336, "revenue": 0}, "profit": {"target": 0.1}},
        {"services": {"Golf": GOLF, "Open events": None}, "shed": {"exit_options": ['Say "no"', "Reprice"]}},
        {"columns": {"revenue": "=Billings"}, "reading": {"currency": "£", "decimal_mark": ","}},
    ],
)
def test_what_people_write_into_a_policy_is_held(settings: dict[str, Any]):
    assert not_held(Policy.with_settings(settings)) == []


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        ({"shed": {"exit_options": ["Reprice " + "x" * 1_900] * 20}}, "shed.exit_options"),
        ({"suitability": {"small_below": 10**20}}, "suitability.small_below"),
        ({"suitability": {"small_below": 10**400}}, "suitability.small_below"),
        ({"services": {"Weights": {**GOLF, "A": "Pain"}}}, "services.Weights"),
    ],
)
def test_a_text_a_number_and_a_service_that_are_others_once_read_back_are_not(settings: dict[str, Any], name: str):
    assert not_held(Policy.with_settings(settings)) == [name]


@pytest.mark.long
def test_formulas_by_such_a_policy_are_refused_in_a_sentence_and_values_are_not(tmp_path: Path):
    request = Request(
        csv_file(tmp_path, "Client,Revenue\nAbel,1\n"), AS_OF, settings={"suitability": {"small_below": 10**20}}
    )
    with pytest.raises(CannotGrade, match=r"its cells cannot hold suitability.small_below: change that in the policy"):
        grade_file(request, tmp_path / "out.xlsx", live=True)
    assert not (tmp_path / "out.xlsx").exists()
    grade_file(request, tmp_path / "out.xlsx")
