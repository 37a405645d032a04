"""An output of ours that is written over: its History, Settings and Account managers go on into the new one."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from typer.testing import CliRunner

from tests.files import csv_file, edit, page_of, put, regrade, workbook
from tierxl.cli import app
from tierxl.method.issues import CannotGrade
from tierxl.method.plan.history import days_of, lines_on
from tierxl.use_cases.grade import grade_file
from tierxl.use_cases.graded import GradedFile
from tierxl.use_cases.reading import Request
from tierxl.workbooks.ooxml.workbook_file import WorkbookFile

pytestmark = pytest.mark.long

SPRING, SUMMER, AUTUMN = date(2026, 3, 1), date(2026, 6, 1), date(2026, 9, 1)
CLIENTS = "Client,Revenue,Account manager\nAbel,300,Ann\nBaker,200,Bob\nCohen,100,Ann\n"


@pytest.fixture(scope="module")
def output_of_spring(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An output of the spring, in which the user has set who is a Senior, and from which score a client is an A."""
    folder = tmp_path_factory.mktemp("spring")
    target = folder / "graded.xlsx"
    grade_file(Request(csv_file(folder, CLIENTS), SPRING), target)

    def filled_in(book: Workbook) -> None:
        put(book["Account managers"], [("Ann", "Senior", 1200), ("Bob", "Assistant", 900)], top=6)
        set_to(book, "A from", 99)

    return edit(target, filled_in)


@pytest.fixture
def output(output_of_spring: Path, tmp_path: Path) -> Path:
    """A copy of it, beside the list that it was made of."""
    csv_file(tmp_path, CLIENTS)
    return Path(shutil.copy(output_of_spring, tmp_path))


def set_to(book: Workbook, setting: str, value: Any) -> None:
    (row,) = (row for row in book["Settings"].iter_rows() if row[1].value == setting)
    row[2].value = value


def again(output: Path, day: date = SUMMER, text: str = CLIENTS, **options: Any) -> GradedFile:
    """The list of another day, graded over the output."""
    return grade_file(Request(csv_file(output.parent, text), day, **options), output)


def days(path: Path) -> list[date]:
    return days_of(WorkbookFile(path).past().lines)


def managers(path: Path) -> list[tuple[Any, ...]]:
    return list(page_of(path, "Account managers").iter_rows(min_row=6, values_only=True))


LISTED = [("Ann", "Senior", 1200), ("Bob", "Assistant", 900)]


def test_the_history_the_settings_and_the_account_managers_go_on(output: Path):
    before = WorkbookFile(output).past().lines.rows()
    result = again(output)
    assert (days(output), managers(output)) == ([SPRING, SUMMER], LISTED)
    assert lines_on(WorkbookFile(output).past().lines, SPRING).rows() == before
    assert result.grading.policy.tiers.a_from == 99
    assert WorkbookFile(output).settings().layer["tiers"]["a_from"] == 99


def test_the_same_day_is_there_once_and_as_it_is_graded_last(output: Path):
    again(output, SPRING, "Client,Revenue\nDoe,5\n")
    lines = WorkbookFile(output).past().lines
    assert (days_of(lines), lines["Client"].to_list()) == ([SPRING], ["Doe"])


def test_who_moved_since_the_earlier_output_is_on_movers(output: Path):
    again(output, SUMMER, CLIENTS.replace("300", "30"))
    assert page_of(output, "Movers")["A4"].value == "Since 1 Mar 2026"


def test_it_is_said_in_one_sentence(output: Path):
    arguments = ["grade", output.parent / "clients.csv", "-o", output, "--overwrite", "--as-of", "2026-06-01"]
    text = CliRunner().invoke(app, list(map(str, arguments))).stdout
    assert "Written over:     History, Settings and Account managers of the earlier graded.xlsx are carried on." in text


def test_nothing_is_said_where_nothing_is_written_over(output: Path):
    assert again(output.with_name("new.xlsx")).earlier.sentence == ""
    assert again(output.with_name("new.csv")).earlier.sentence == ""
    assert again(output.with_name("new.csv")).earlier.sentence == ""


@pytest.mark.parametrize("command", [["assign"], ["whatif", "--method", "revenue"]])
def test_every_command_that_writes_a_graded_workbook_carries_them_on(output: Path, command: list[str]):
    arguments = [output.parent / "clients.csv", "-o", output, "--overwrite", "--as-of", "2026-06-01"]
    assert CliRunner().invoke(app, [*command, *map(str, arguments)]).exit_code == 0
    assert (days(output), managers(output)) == ([SPRING, SUMMER], LISTED)


# --- What wins -------------------------------------------------------------------------------------------------------


def test_a_policy_file_wins_over_the_settings_that_go_on(output: Path):
    policy = output.with_name("policy.toml")
    policy.write_text("[tiers]\na_from = 70\n")
    set_b = edit(output, lambda book: set_to(book, "B from", 33))
    tiers = again(set_b, policy_file=policy).grading.policy.tiers
    assert (tiers.a_from, tiers.b_from) == (70, 33)


def test_a_list_of_account_managers_from_elsewhere_wins(output: Path):
    people = csv_file(output.parent, "Account manager,Seniority,Hours per year\nZoe,Senior,10\n", name="people.csv")
    result = again(output, managers=people)
    assert managers(output) == [("Zoe", "Senior", 10)]
    assert result.earlier.sentence == "History and Settings of the earlier graded.xlsx are carried on."


def test_a_workbook_without_sheets_of_ours_gets_those_of_the_output(output: Path):
    source = workbook(output.with_name("list.xlsx"))
    before = source.read_bytes()
    result = grade_file(Request(source, SUMMER), output)
    assert (days(output), managers(output)) == ([SPRING, SUMMER], LISTED)
    assert result.grading.policy.tiers.a_from == 99
    assert source.read_bytes() == before
    regrade(output)
    assert managers(output) == LISTED
    assert {manager.name for manager in regrade(output).grading.managers} == {"Ann", "Bob"}


def test_what_the_input_has_itself_counts_and_its_history_gets_the_days_of_the_output(output: Path):
    source = workbook(output.with_name("list.xlsx"))
    edit(source, lambda book: put(book.create_sheet("Account managers"), [
        ("Account manager", "Seniority", "Hours per year"), ("Zoe", "Senior", 10)
    ]))  # fmt: skip
    grade_file(Request(source, SUMMER), source)
    result = grade_file(Request(source, AUTUMN), output)
    assert result.earlier.sentence == "History of the earlier graded.xlsx is carried on."
    assert [manager.name for manager in result.grading.managers] == ["Zoe"]
    assert result.grading.policy.tiers.a_from == 65
    assert days(output) == [SPRING, SUMMER, AUTUMN]


def test_of_a_day_in_both_histories_the_lines_of_the_input_count(output: Path):
    source = workbook(output.with_name("list.xlsx"), [("Client", "Revenue"), ("Doe", 5)])
    grade_file(Request(source, SPRING), source)
    grade_file(Request(source, SUMMER), output)
    assert WorkbookFile(output).past().lines["Client"].to_list() == ["Doe", "Doe"]


def test_an_output_graded_in_place_reads_nothing_twice(output: Path):
    result = grade_file(Request(output, SUMMER), output)
    assert result.earlier.sentence == ""
    assert days(output) == [SPRING, SUMMER]


# --- What the user wrote stays as it was written ---------------------------------------------------------------------


def test_columns_and_words_of_the_users_own_stay_among_the_account_managers(output: Path):
    def own(book: Workbook) -> None:
        page = book["Account managers"]
        put(page, [("Owner", "Level", "Hours", "Since"), ("Ann", "Sr", "lots", date(2020, 5, 1))], top=5)
        page.delete_rows(7)
        page.tables.clear()

    edit(output, own)
    for day in (SUMMER, AUTUMN):
        issues = [(issue.cell, issue.value) for issue in again(output, day).issues]
        assert issues == [("'Account managers'!C6", "lots")]
    lines = list(page_of(output, "Account managers").iter_rows(min_row=5, values_only=True))
    assert lines[0] == ("Owner", "Level", "Hours", "Since")
    assert lines[1][:3] == ("Ann", "Sr", "lots")
    assert lines[1][3].date() == date(2020, 5, 1)


def test_settings_that_cannot_be_used_stay_and_are_reported(output: Path):
    edit(output, lambda book: set_to(book, "A from", "high"))
    for day in (SUMMER, AUTUMN):
        (issue,) = again(output, day).issues
        assert issue.value == "high"
        assert page_of(output, "Settings")[issue.cell.partition("!")[2]].value == "high"


def test_lines_of_the_history_that_cannot_be_used_stay_once(output: Path):
    edit(output, lambda book: setattr(book["History"]["E7"], "value", "D"))
    source = workbook(output.with_name("list.xlsx"))
    for day in (SUMMER, AUTUMN):
        issues = grade_file(Request(source, day), output).issues
        assert sum("is kept and not used" in issue.message for issue in issues) == 1
    grade_file(Request(output, AUTUMN), source)
    assert len(WorkbookFile(output).past().unread) == 1
    grade_file(Request(source, AUTUMN), output)
    assert len(WorkbookFile(output).past().unread) == 1


def test_a_history_of_the_first_edition_goes_on_without_a_loss(output: Path):
    before = WorkbookFile(output).past().lines.drop("Wallet share", "Margin").rows()
    edit(output, lambda book: book["History"].delete_cols(14, 2))
    result = again(output)
    assert not result.issues
    kept = lines_on(WorkbookFile(output).past().lines, SPRING)
    assert kept.drop("Wallet share", "Margin").rows() == before
    assert kept["Margin"].to_list() == [None] * 3


# --- What is no output of ours, or cannot be read --------------------------------------------------------------------


def test_a_workbook_that_is_none_of_ours_is_replaced_as_asked_and_it_is_said(tmp_path: Path):
    target = workbook(tmp_path / "graded.xlsx", change=lambda book, _: put(book.create_sheet("History"), [("Rome",)]))
    text = again(target).earlier.sentence
    assert text == "the earlier graded.xlsx had no History, Settings or Account managers to carry on."
    assert days(target) == [SUMMER]


def test_a_file_that_is_no_workbook_is_replaced_as_asked(tmp_path: Path):
    target = tmp_path / "graded.xlsx"
    target.write_text("the old file")
    again(target)
    assert days(target) == [SUMMER]


def cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-200])


def behind_a_password(path: Path) -> None:
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))


def without_headers(path: Path) -> None:
    edit(path, lambda book: book["History"].delete_rows(5))


@pytest.mark.parametrize(
    ("harm", "why"),
    [
        (cut_off, "may be damaged or cut off"),
        (behind_a_password, "protected by a password"),
        (without_headers, 'The sheet "History" has no headers'),
    ],
)
def test_an_output_whose_sheets_cannot_be_read_is_not_written_over(
    output: Path, harm: Callable[[Path], None], why: str
):
    harm(output)
    before = output.read_bytes()
    with pytest.raises(CannotGrade, match=why) as refused:
        again(output)
    assert str(refused.value).startswith(
        f"{output} stays as it is, for its History, Settings and Account managers cannot be carried on: "
    )
    assert output.read_bytes() == before


def test_only_a_sheet_that_is_marked_as_ours_is_taken_for_it(output: Path):
    edit(output, lambda book: setattr(book.copy_worksheet(book["History"]), "title", "History 2025"))
    again(output)
    assert days(output) == [SPRING, SUMMER]
    assert "History 2025" not in load_workbook(output).sheetnames
