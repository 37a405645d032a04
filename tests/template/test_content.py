"""The other sheets of the template, and a grading of the file by the command."""

from datetime import timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from tests.files import below, book_of, everything, grade, headers_of, page_of, values
from tests.template.templates import PLAIN, WITH_MACROS
from tests.template.test_build import SHEETS
from tierxl.functions import FUNCTIONS
from tierxl.method.table.columns import GRADED_COLUMNS
from tierxl.method.words import in_words
from tierxl.sheets.graded_workbook import OWN_TITLES
from tierxl.sheets.mark import MARK
from tierxl.template.sample import CLIENTS, SAMPLE_DAY
from tierxl.use_cases.grade import grade_file
from tierxl.use_cases.reading import Request

pytestmark = pytest.mark.long

BOTH = pytest.mark.parametrize("name", [WITH_MACROS, PLAIN])


# --- Start here ------------------------------------------------------------------------------------------------------


@BOTH
def test_start_here_leads_to_every_other_sheet(name: str, templates: dict[str, Path]):
    page = page_of(templates[name], "Start here")
    links = {cell.value: cell.hyperlink.location for row in page.iter_rows() for cell in row if cell.hyperlink}
    assert links == {title: f"'{title}'!A1" for title in SHEETS if title != "Start here"}


def test_start_here_lists_every_function_with_what_it_answers(template: Path):
    page = page_of(template, "Start here")
    shown = {row[0].value: (row[1].value, row[2].value) for row in page.iter_rows(max_col=3)}
    for function in FUNCTIONS.values():
        assert shown[function.name] == (function.help, ", ".join(argument.name for argument in function.arguments))


def test_start_here_says_what_to_do_in_three_steps_and_when_the_buttons_do_nothing(template: Path):
    texts = [str(text) for text in values(page_of(template, "Start here")).values()]
    assert [text[:2] for text in texts if text[:3] in ("1  ", "2  ", "3  ")] == ["1 ", "2 ", "3 "]
    for words in ("Unblock", "trusted folder", "tierxl doctor", "Excel for Windows", "Excel for Mac", "tierxl grade"):
        assert any(words in text for text in texts), words


def test_start_here_without_macros_promises_none_and_only_functions_that_are_names(plain: Path):
    texts = " ".join(map(str, values(page_of(plain, "Start here")).values()))
    assert 'tierxl grade "Client Tiers.xlsx"' in texts
    assert "Press Grade clients" not in texts
    assert {name for name in FUNCTIONS if name in texts} <= {*book_of(plain).defined_names}


def test_start_here_of_the_template_for_the_add_in_promises_no_macros_and_no_button_on_a_sheet(for_add_in: Path):
    texts = " ".join(map(str, values(page_of(for_add_in, "Start here")).values()))
    for words in ("Press Grade clients", "tab Client tiers", "tierxl doctor", *FUNCTIONS):
        assert words in texts, words
    for words in ("Client Tiers.xlsm", "Enable Content", "on the sheet Clients."):
        assert words not in texts, words


# --- Account managers ------------------------------------------------------------------------------------------------


def test_the_account_managers_are_those_of_the_samples(template: Path):
    page = page_of(template, "Account managers")
    assert headers_of(page, 5) == ["Account manager", "Seniority", "Hours per year"]
    assert page.tables["Account_managers"].ref == "A5:C8"
    assert set(below(page, "Account manager", 5)) == {client["Account manager"] for client in CLIENTS}
    assert below(page, "Seniority", 5) == ["Senior", "Standard", "Assistant"]
    assert page.column_dimensions["C"].number_format == page["C6"].number_format == "#,##0"
    (rule,) = page.data_validations.dataValidation
    assert (str(rule.sqref), rule.formula1) == ("B6:B1048576", '"Senior,Standard,Assistant"')


@BOTH
def test_it_is_told_what_the_hours_of_the_account_managers_are_for(name: str, templates: dict[str, Path]):
    assert "The sheet Capacity compares" in page_of(templates[name], "Account managers")["A3"].value
    shown = {row[0].value: row[1].value for row in page_of(templates[name], "Start here").iter_rows(max_col=2)}
    assert "The sheet Capacity compares" in shown["Account managers"]


@BOTH
def test_the_hours_of_the_samples_are_compared(name: str, templates: dict[str, Path]):
    capacity = page_of(templates[name], "Capacity")
    assert capacity["A5"].value == "Your clients need 213 hours a year, and your team has 360 (59%)."


def kind_of(page: Worksheet) -> str | None:
    mark = page.defined_names.get(MARK)
    return mark.value.strip('"') if mark else None


def test_the_account_managers_sheet_is_the_users(template: Path):
    assert kind_of(page_of(template, "Account managers")) is None


# --- Our own sheets --------------------------------------------------------------------------------------------------


@BOTH
def test_our_own_sheets_are_marked_so_that_a_grading_replaces_them(name: str, templates: dict[str, Path]):
    book = book_of(templates[name])
    ours = {title.lower(): title for title in (*SHEETS, "History") if title in OWN_TITLES.values()}
    assert {kind_of(page): page.title for page in book if kind_of(page)} == ours


@BOTH
def test_the_command_grades_the_file_and_replaces_our_sheets(name: str, templates: dict[str, Path], tmp_path: Path):
    later = SAMPLE_DAY + timedelta(days=1)
    target = tmp_path / name
    graded = grade_file(Request(templates[name], later), target)
    book = load_workbook(target, data_only=True)
    assert [page.title for page in book if page.sheet_state == "visible"] == SHEETS
    assert in_words(later) in book["Portfolio"]["A2"].value
    assert headers_of(book["Clients"], 5)[-len(GRADED_COLUMNS) :] == list(GRADED_COLUMNS)
    assert below(book["Clients"], "Tier", 5) == graded.grading.columns["Tier"].to_list()


@BOTH
def test_our_sheets_show_what_the_command_writes_on_the_same_day(name: str, templates: dict[str, Path], tmp_path: Path):
    grade(templates[name], tmp_path / name)
    given, written = everything(templates[name]), everything(tmp_path / name)
    for title in {*OWN_TITLES.values()} & {*SHEETS}:
        assert written[title] == given[title], title


def test_the_samples_are_nobodys_history(template: Path):
    page = page_of(template, "History")
    assert page["A2"].value == "Nothing has been graded yet."
    assert [cell.value for row in page.iter_rows(min_row=6) for cell in row if cell.value is not None] == []


@BOTH
def test_the_print_of_start_here_fits_a_page(name: str, templates: dict[str, Path]):
    setup = page_of(templates[name], "Start here").page_setup
    assert (setup.fitToWidth, setup.fitToHeight) == (1, 1)
