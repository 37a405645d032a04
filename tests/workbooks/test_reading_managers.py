"""Account managers in files: where they are found, and what is said of those that cannot be read."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.files import AS_OF, add_table, csv_file, edit, grade, page_of, parts_of, put, regrade, workbook
from tests.runs import first
from tierxl.method.issues import CannotGrade
from tierxl.method.table.managers import Manager
from tierxl.use_cases.grade import check_file
from tierxl.use_cases.graded import GradedFile
from tierxl.use_cases.reading import Request
from tierxl.workbooks.ooxml.sheet_mark import mark

PEOPLE = (("Account manager", "Seniority", "Hours per year"), ("Priya Raman", "Senior", 1600), ("Bo Lund", "Asst", 800))
READ = (Manager("Priya Raman", "Senior", 1600), Manager("Bo Lund", "Assistant", 800))
TIME_SHEET = (("Name", "Hours"), ("Priya Raman", 7.5))
CONTACTS = (("Name", "Role", "Phone"), ("Ann Abel", "Director", "555"))


def with_sheet(
    path: Path, title: str, rows: Sequence[Sequence[Any]] = PEOPLE, top: int = 1, left: int = 1, table: str = ""
) -> Path:
    """A workbook of three clients, with another sheet."""

    def change(book: Any, _: Any) -> None:
        page = book.create_sheet(title)
        put(page, rows, top, left)
        if table:
            add_table(page, table, rows, top, left)

    return workbook(path, change=change)


def check(source: Path, managers: Path | None = None) -> GradedFile:
    return check_file(Request(source, AS_OF, managers=managers))


@pytest.mark.parametrize(
    ("title", "top", "left", "table"),
    first(
        2,
        [
            ("Account managers", 1, 1, ""),
            ("ACCOUNT MANAGERS", 5, 1, ""),
            ("Account managers", 20, 3, ""),
            ("Team", 4, 2, "Account_managers"),
            ("Account managers", 4, 2, "People"),
        ],
    ),
)
def test_they_are_found_wherever_their_header_row_stands(tmp_path: Path, title: str, top: int, left: int, table: str):
    path = with_sheet(tmp_path / "clients.xlsx", title, top=top, left=left, table=table)
    assert check(path).grading.managers == READ


def test_a_table_ends_where_it_ends(tmp_path: Path):
    path = with_sheet(tmp_path / "clients.xlsx", "Team", table="Account_managers")
    edit(path, lambda book: put(book["Team"], [("Total", None, 2400)], top=4))
    assert check(path).grading.managers == READ


def test_a_sheet_that_is_not_called_so_is_left_alone(tmp_path: Path):
    found = check(with_sheet(tmp_path / "clients.xlsx", "Elsewhere"))
    assert (found.grading.managers, found.issues) == ((), [])


@pytest.mark.long
def test_a_sheet_of_ours_is_none_of_account_managers(tmp_path: Path):
    path = with_sheet(tmp_path / "clients.xlsx", "Account managers")
    edit(path, lambda book: mark(book["Account managers"], "something"))
    assert check(path).grading.managers == ()
    regrade(path)
    with pytest.raises(CannotGrade, match="has no list of account managers"):
        check(path, path)


@pytest.mark.parametrize(("rows", "count"), [(TIME_SHEET, 1), (CONTACTS, 1)])
def test_a_sheet_that_is_called_account_managers_says_what_it_is(tmp_path: Path, rows: Any, count: int):
    found = check(with_sheet(tmp_path / "clients.xlsx", "Account managers", rows))
    assert len(found.grading.managers) == count


def test_of_a_sheet_account_managers_without_a_header_row_it_is_said_what_it_needs(tmp_path: Path):
    found = check(with_sheet(tmp_path / "clients.xlsx", "Account managers", [("Priya Raman", 1600)]))
    (issue,) = found.issues
    assert issue.cell == "Account managers"
    assert issue.message.startswith("nobody is read from this sheet: it needs a header row with the columns")


def test_what_cannot_be_read_is_told_with_its_cell(tmp_path: Path):
    rows = [PEOPLE[0], ("Priya Raman", "Boss", "many"), ("Bo Lund", "Standard", -1)]
    found = check(with_sheet(tmp_path / "clients.xlsx", "Account managers", rows, top=3, left=2))
    assert [(issue.cell, issue.value) for issue in found.issues] == [
        ("'Account managers'!C4", "Boss"),
        ("'Account managers'!D4", "many"),
        ("'Account managers'!D5", "-1"),
    ]


def test_a_formula_without_a_value_is_told_and_the_hours_are_not_known(tmp_path: Path):
    rows = [PEOPLE[0], ("Priya Raman", "Senior", "=40*40")]
    found = check(with_sheet(tmp_path / "clients.xlsx", "Account managers", rows))
    assert found.grading.managers == (Manager("Priya Raman", "Senior", None),)
    (issue,) = found.issues
    assert issue.cell == "'Account managers'!C2"
    assert issue.message.startswith("is a formula without a value")


@pytest.mark.long
def test_a_grading_leaves_the_sheet_byte_for_byte_as_it_is(tmp_path: Path):
    path = with_sheet(tmp_path / "clients.xlsx", "Account managers", table="Account_managers")
    before = parts_of(path)
    regrade(path)
    after = parts_of(path)
    for part in ("xl/worksheets/sheet2.xml", "xl/tables/table1.xml"):
        assert after[part] == before[part]
    once = parts_of(path)
    regrade(path)
    assert parts_of(path) == once


@pytest.mark.long
def test_a_workbook_without_such_a_sheet_gets_none_and_is_told_how_to_get_hours(tmp_path: Path):
    path = workbook(tmp_path / "clients.xlsx", [("Client", "Revenue", "Account manager"), ("Abel", 100, "Bo Lund")])
    regrade(path)
    assert "Account managers" not in load_workbook(path).sheetnames
    assert 'add a sheet "Account managers" with the columns' in page_of(path, "Checks")["A4"].value


# --- A file of account managers --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    first(
        1,
        [
            "Account manager,Seniority,Hours per year\nPriya Raman,Senior,1600\nBo Lund,Assistant,800\n",
            "Our team;;\n\nName;Level;Capacity\nPriya Raman;senior;1.600\nBo Lund;asst.;800\n",
            'Hours,Name,Role\n"1,600",Priya Raman,Senior\n800,Bo Lund,Junior\n',
        ],
    ),
)
def test_a_csv_file_of_them_is_read_with_any_delimiter_and_title(tmp_path: Path, text: str):
    clients = workbook(tmp_path / "clients.xlsx")
    assert check(clients, csv_file(tmp_path, text, name="team.csv")).grading.managers == READ


def test_a_workbook_of_them_is_read_whatever_its_sheet_is_called(tmp_path: Path):
    clients, team = workbook(tmp_path / "clients.xlsx"), workbook(tmp_path / "team.xlsx", PEOPLE, sheet="Sheet1", top=3)
    assert check(clients, team).grading.managers == READ


def test_a_file_wins_over_the_sheet(tmp_path: Path):
    clients = with_sheet(tmp_path / "clients.xlsx", "Account managers")
    team = csv_file(tmp_path, "Name,Hours\nZoë Adler,5\n", name="team.csv")
    assert check(clients, team).grading.managers == (Manager("Zoë Adler", None, 5),)


def test_what_cannot_be_read_of_a_csv_file_is_told_with_file_and_row(tmp_path: Path):
    team = csv_file(tmp_path, "Name,Level,Hours\n\nPriya Raman,Boss,1600\n", name="team.csv")
    (issue,) = check(workbook(tmp_path / "clients.xlsx"), team).issues
    assert str(issue).startswith('team.csv, row 3, Priya Raman, Level: "Boss" is no seniority')


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("team.csv", "Client,Revenue\nAbel,5\n", "team.csv has no list of account managers: in its first 20 rows,"),
        ("team.csv", "", "team.csv is empty: it needs a header row and rows below it."),
        ("team.pdf", "", "team.pdf cannot hold account managers: use .xlsx, .xlsm, .ods, .xls, .xlsb, .csv."),
    ],
)
def test_a_file_without_account_managers_is_refused(tmp_path: Path, name: str, text: str, sentence: str):
    clients = workbook(tmp_path / "clients.xlsx")
    with pytest.raises(CannotGrade) as refused:
        check(clients, csv_file(tmp_path, text, name=name))
    assert str(refused.value).startswith(sentence)
    with pytest.raises(CannotGrade, match=r"There is no file .*nobody\.csv"):
        check(clients, tmp_path / "nobody.csv")
    with pytest.raises(CannotGrade, match=r"clients\.xlsx has no list of account managers"):
        check(clients, clients)


# --- A new workbook --------------------------------------------------------------------------------------------------


LIST = "Client,Revenue,Account manager\nAbel,300,Priya Raman\nBaker,200,bo lund\nCohen,100,\nDean,90,PRIYA RAMAN\n"


def test_a_new_workbook_lists_the_account_managers_of_the_clients_to_be_filled_in(tmp_path: Path):
    target = tmp_path / "graded.xlsx"
    grade(csv_file(tmp_path, LIST), target)
    page = page_of(target, "Account managers")
    lines = [[cell.value for cell in row] for row in page["A5:C7"]]
    assert lines == [list(PEOPLE[0]), ["bo lund", None, None], ["Priya Raman", None, None]]
    assert page.tables["Account_managers"].ref == "A5:C7"
    assert "The hours of bo lund and Priya Raman are not known" in page_of(target, "Checks")["A4"].value


@pytest.mark.long
def test_a_new_workbook_lists_those_who_are_given(tmp_path: Path):
    target, team = tmp_path / "graded.xlsx", csv_file(tmp_path, "Name,Hours\nPriya Raman,900\n", name="team.csv")
    grade(csv_file(tmp_path, LIST), target, managers=team)
    lines = [[cell.value for cell in row] for row in page_of(target, "Account managers")["A6:C7"]]
    assert lines == [["Priya Raman", None, 900], [None, None, None]]


@pytest.mark.long
def test_a_team_can_go_on_from_there(tmp_path: Path):
    target = tmp_path / "graded.xlsx"
    grade(csv_file(tmp_path, LIST), target)
    edit(target, lambda book: put(book["Account managers"], [("Standard", 100), ("Senior", 200)], top=6, left=2))
    graded = regrade(target)
    assert graded.grading.managers == (Manager("bo lund", "Standard", 100), Manager("Priya Raman", "Senior", 200))
    assert graded.portfolio.capacity.team.hours == 300
    assert page_of(target, "Account managers")["C6"].value == 100
    assert graded.grading.as_of == date(2026, 11, 22)
