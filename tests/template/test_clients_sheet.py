"""The template's Clients sheet: every column of the method, lists, hints, and samples that are seen to be such."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from tests.files import are_sound, headers_of, page_of, parts_of
from tests.template.templates import PLAIN, WITH_MACROS
from tierxl.method.table.columns import COLUMNS, GRADED_COLUMNS, Column, Kind
from tierxl.sheets.clients import INPUT_CHOICES
from tierxl.template.sample import CLIENTS, SAMPLE_DAY
from tierxl.use_cases.grade import check_file
from tierxl.use_cases.reading import Request

pytestmark = pytest.mark.long

HEADER = 5


@pytest.fixture(scope="module")
def page(template: Path) -> Worksheet:
    return page_of(template)


def letter_of(page: Worksheet, column: Column) -> str:
    (found,) = (cell.column_letter for cell in page[HEADER] if cell.value == column.name)
    return str(found)


@pytest.mark.parametrize("name", [WITH_MACROS, PLAIN])
def test_the_table_has_every_column_that_the_method_knows_and_no_grades_yet(name: str, templates: dict[str, Path]):
    page = page_of(templates[name])
    assert headers_of(page, HEADER) == [column.name for column in COLUMNS]
    assert page.tables["Clients"].ref == f"A{HEADER}:{get_column_letter(len(COLUMNS))}{HEADER + len(CLIENTS)}"
    assert not set(headers_of(page, HEADER)) & set(GRADED_COLUMNS)
    assert are_sound(page)


def test_the_cells_are_the_samples(page: Worksheet):
    rows = list(page.iter_rows(min_row=HEADER + 1, values_only=True))
    for row, client in zip(rows, CLIENTS, strict=True):
        shown = {column.name: value for column, value in zip(COLUMNS, row, strict=True) if value is not None}
        assert {name: plain(value) for name, value in shown.items()} == client


def plain(value: Any) -> Any:
    return value.date() if isinstance(value, datetime) else value


def test_every_sample_says_that_it_is_one():
    assert 8 <= len(CLIENTS) <= 10
    assert all(client["Client"].startswith("Sample: ") for client in CLIENTS)


def test_together_the_samples_show_what_a_grading_can_give(template: Path):
    columns = check_file(Request(template, SAMPLE_DAY)).grading.columns
    assert set(columns["Tier"]) == {"A", "B", "C"}
    assert set(columns["Action"]) == {"Grow", "Protect", "Maintain", "Shed", "Review exception"}
    reasons = " ".join(columns["Why"])
    for words in ("Up one", "Lifted to B", "To shed", "Not shed although", "Override to B", "Provisional"):
        assert words in reasons


def test_the_samples_do_not_depend_on_the_day(template: Path):
    """Their grades are stored, and a formula calculates them on any day."""
    day = SAMPLE_DAY.replace(year=SAMPLE_DAY.year + 10)
    then, later = (check_file(Request(template, as_of)).grading.columns for as_of in (SAMPLE_DAY, day))
    assert then.to_native().equals(later.to_native())


def rules(page: Worksheet, kind: str | None) -> dict[str, DataValidation]:
    return {str(rule.sqref): rule for rule in page.data_validations.dataValidation if rule.type == kind}


@pytest.mark.parametrize(
    "column", [column for column in COLUMNS if column.kind in INPUT_CHOICES], ids=lambda it: it.name
)
def test_a_list_is_offered_down_to_the_last_row(column: Column, page: Worksheet):
    letter = letter_of(page, column)
    rule = rules(page, "list")[f"{letter}{HEADER + 1}:{letter}1048576"]
    assert rule.formula1 == '"' + ",".join(INPUT_CHOICES[column.kind]) + '"'
    sentence = f"{column.meaning[0].upper()}{column.meaning[1:]}"
    assert rule.prompt == (sentence if sentence.endswith("?") else f"{sentence}.")


@pytest.mark.parametrize("column", COLUMNS, ids=lambda it: it.name)
def test_a_header_tells_what_its_column_holds(column: Column, page: Worksheet):
    rule = rules(page, None)[f"{letter_of(page, column)}{HEADER}"]
    assert rule.showInputMessage
    assert rule.promptTitle == column.name
    assert column.meaning[1:] in rule.prompt
    assert f"Holds: {column.kind}." in rule.prompt
    assert ("must be filled in" in rule.prompt) == column.required
    assert len(rule.prompt) <= 255


FORMATS = {
    Kind.MONEY: "#,##0;[Red]-#,##0",
    Kind.PERCENT: "0.0%",
    Kind.DATE: "mm-dd-yy",
}


@pytest.mark.parametrize("column", COLUMNS, ids=lambda it: it.name)
def test_rows_that_a_user_adds_look_like_the_samples(column: Column, page: Worksheet):
    letter = letter_of(page, column)
    wanted = "@" if column.name == "Client ID" else FORMATS.get(column.kind, "General")
    below = page.column_dimensions[letter]
    assert (below.number_format, page[f"{letter}{HEADER + 1}"].number_format) == (wanted, wanted)
    assert below.width >= max(map(len, column.name.split())) + 2


def test_ids_keep_their_zeros_without_a_complaint_of_excels(page: Worksheet, template: Path):
    assert page["B6"].value == "0001"
    part = parts_of(template)["xl/worksheets/sheet2.xml"].decode()
    assert '<ignoredErrors><ignoredError numberStoredAsText="1" sqref="B6:B1048576"/></ignoredErrors>' in part


def test_names_and_headers_stay_in_sight(page: Worksheet):
    assert page.freeze_panes == "B6"


def test_on_paper_the_names_stand_on_each_page_at_seven_points(page: Worksheet):
    assert (page.print_title_cols, page.print_title_rows) == ("$A:$A", "$5:$5")
    assert (page.page_setup.orientation, page.page_setup.scale, page.print_area) == ("landscape", 70, "")


@pytest.mark.parametrize("name", [WITH_MACROS, PLAIN])
def test_the_sheet_says_what_to_do(name: str, templates: dict[str, Path]):
    page = page_of(templates[name])
    assert page["A1"].value == "Clients"
    assert "Client and Revenue are needed" in page["A2"].value
    assert (page["A3"].value == 'Grade them with the command: tierxl grade "Client Tiers.xlsx"') == (name == PLAIN)
