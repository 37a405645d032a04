"""Reading a table of account managers."""

from typing import Any

import pytest

from tests.method.frames import AS_OF, table
from tests.runs import first
from tierxl.method.policy import Policy
from tierxl.method.rating.grading import grade
from tierxl.method.table.managers import Manager, ManagersRead, are_manager_headers, read_managers
from tierxl.method.words import as_called

HEADERS = ("Account manager", "Seniority", "Hours per year")


def read(*lines: tuple[Any, ...], headers: tuple[str, ...] = HEADERS) -> ManagersRead:
    """A table whose header is row 5 of a sheet."""
    return read_managers(headers, lines, range(6, 6 + len(lines)))


def test_a_line_a_person_gives_a_name_a_seniority_and_hours():
    found = read(("Priya Raman", "Senior", 1600), ("Lotte Vermeulen", "Assistant", 800.5))
    assert found.managers == (Manager("Priya Raman", "Senior", 1600), Manager("Lotte Vermeulen", "Assistant", 800.5))
    assert not found.issues


def test_a_total_below_the_account_managers_is_nobody():
    people = (("Priya Raman", "Senior", 1600), ("Daniel Okafor", None, 900))
    for name in ("Total", "Summe", "Total hours", "Team total"):
        found = read(*people, (name, None, 2500))
        assert [manager.name for manager in found.managers] == ["Priya Raman", "Daniel Okafor"]
        assert [(issue.row, issue.message) for issue in found.issues] == [
            (8, "is a total and no account manager, and was left out")
        ]


@pytest.mark.parametrize("person", [("Total", None, 1600), ("Max", None, 2500), ("Total", "Senior", 2500)])
def test_somebody_who_is_called_like_a_total_is_an_account_manager(person: tuple[Any, ...]):
    found = read(("Priya Raman", "Senior", 1600), ("Daniel Okafor", None, 900), person)
    assert [manager.name for manager in found.managers] == ["Priya Raman", "Daniel Okafor", person[0]]


@pytest.mark.parametrize(
    "headers",
    [
        ("ACCOUNT_MANAGER", "seniority", "hours-per-year"),
        ("Name", "Level", "Hours"),
        ("Owner", "Role", "Capacity"),
        ("Manager", "Grade", "Available hours"),
    ],
)
def test_headers_are_told_by_their_other_names_case_hyphens_and_underscores_alike(headers: tuple[str, ...]):
    assert are_manager_headers(headers)
    assert read(("Priya Raman", "Senior", 1600), headers=headers).managers == (Manager("Priya Raman", "Senior", 1600),)


def test_the_columns_can_stand_in_any_order_among_others():
    found = read((7, 1600, "Priya Raman", "Senior"), headers=("No", "Hours", "Team member", "Level"))
    assert not found.managers
    found = read((7, 1600, "Priya Raman", "Senior"), headers=("No", "Hours", "Name", "Level"))
    assert found.managers == (Manager("Priya Raman", "Senior", 1600),)


@pytest.mark.parametrize(
    ("written", "seniority"),
    [
        ("senior", "Senior"),
        (" SR. ", "Senior"),
        ("Senior account manager", "Senior"),
        ("Standard", "Standard"),
        ("Account Manager", "Standard"),
        ("std", "Standard"),
        ("asst", "Assistant"),
        ("Junior", "Assistant"),
        ("Assistant Account Manager", "Assistant"),
        ("", None),
        (None, None),
    ],
)
def test_seniority_is_read_in_its_usual_spellings_and_blank_is_not_known(written: str | None, seniority: str | None):
    found = read(("Priya Raman", written, 1600))
    assert found.managers[0].seniority == seniority
    assert not found.issues


@pytest.mark.parametrize(
    ("written", "hours"),
    [(1600, 1600), (0, 0), ("1600", 1600), ("1,600", 1600), ("1 600 h", 1600), ("1.600", 1600), ("812.5 hours", 812.5)],
)
def test_hours_are_numbers_or_text(written: object, hours: float):
    found = read(("Priya Raman", "Senior", written))
    assert found.managers[0].hours == hours
    assert not found.issues


def test_the_policys_decimal_mark_decides_how_hours_are_read():
    found = read_managers(HEADERS, [("Priya Raman", "Senior", "1.600")], [2], ".")
    assert found.managers[0].hours == 1.6


def test_blank_hours_are_not_known():
    assert read(("Priya Raman", "Senior", None)).managers[0].hours is None


NO_SENIORITY = '"Boss" is no seniority: write Senior, Standard or Assistant'
NO_HOURS = '"full time" is not a number of hours: write one such as 1600'
NEGATIVE = '"-5" is less than 0: write the hours a year for clients, such as 1600'


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (("Priya Raman", "Boss", 1600), f"row 6, Priya Raman, Seniority: {NO_SENIORITY}"),
        (("Priya Raman", "Senior", "full time"), f"row 6, Priya Raman, Hours per year: {NO_HOURS}"),
        (("Priya Raman", "Senior", -5), f"row 6, Priya Raman, Hours per year: {NEGATIVE}"),
        (("Priya Raman", "Senior", float("inf")), 'row 6, Priya Raman, Hours per year: "inf" is not a finite number'),
        ((" ", "Senior", 1600), "row 6, Account manager: is blank: every account manager needs a name"),
    ],
)
def test_what_cannot_be_read_is_an_issue_that_names_row_column_and_value(line: tuple[Any, ...], sentence: str):
    assert [str(issue) for issue in read(line).issues] == [sentence]


def test_what_cannot_be_read_is_not_known_and_the_person_stays():
    assert read(("Priya Raman", "Boss", "plenty")).managers == (Manager("Priya Raman", None, None),)


def test_nobody_is_read_from_a_line_without_a_name():
    assert read((None, "Senior", 1600)).managers == ()


def test_a_person_named_twice_counts_once_as_in_the_first_row():
    found = read(("Priya Raman", "Senior", 1600), ("priya  RAMAN ", "Assistant", 100))
    assert found.managers == (Manager("Priya Raman", "Senior", 1600),)
    (issue,) = found.issues
    assert (issue.row, issue.column, issue.value) == (7, "Account manager", "priya  RAMAN")
    assert issue.message == "stands more than once: the first row is used"


def test_empty_lines_are_passed_over_and_short_ones_are_blank_at_their_end():
    found = read((), (None, "", " "), ("Priya Raman",))
    assert found.managers == (Manager("Priya Raman", None, None),)
    assert not found.issues


def test_two_columns_that_mean_the_same_are_reported_and_the_first_is_used():
    found = read(("Priya Raman", 1600, 800), headers=("Name", "Hours", "Capacity"))
    assert found.managers[0].hours == 1600
    assert str(found.issues[0]) == 'the columns "Hours" and "Capacity" both mean Hours per year: the first one is used'


def test_a_table_without_hours_says_that_capacity_cannot_be_measured():
    (issue,) = read(("Priya Raman", "Senior"), headers=("Name", "Level")).issues
    assert "has no column Hours per year" in str(issue)


@pytest.mark.parametrize("headers", [("Account manager",), ("Client", "Revenue"), ("Seniority", "Hours"), ()])
def test_a_row_that_does_not_name_people_and_say_something_of_them_is_no_header(headers: tuple[str, ...]):
    assert not are_manager_headers(headers)


def test_names_are_compared_whatever_their_case_and_spaces():
    assert as_called("  Priya   RAMAN") == as_called("priya raman") != as_called("Priya Ramen")


# --- Two names in one cell -------------------------------------------------------------------------------------------


def managers_of(*cells: str | None) -> tuple[list[str | None], list[str]]:
    """The account managers of clients with such cells, where Ann, Bob and Cy are on the sheet; and the issues."""
    clients = [{"Client": f"Client {at}", "Revenue": 100, "Account manager": cell} for at, cell in enumerate(cells, 1)]
    team = [Manager(name, "Standard", 100) for name in ("Ann", "Bob", "Cy", "Bob / Cy")]
    grading = grade(table(clients), Policy(), AS_OF, managers=team)
    issues = [str(issue) for issue in grading.issues if issue.column == "Account manager"]
    return grading.clients.table["account_manager"].to_list(), issues


@pytest.mark.parametrize("cell", first(1, ["Ann; Bob", "Ann / Bob", "ann/BOB", " Ann ;Bob "]))
def test_of_two_names_in_one_cell_the_first_is_the_manager_and_the_other_is_named(cell: str):
    managers, issues = managers_of(cell)
    assert managers == ["Ann"]
    sentence = f'"{cell.strip()}" names several managers: Ann is taken as the manager, beside Bob'
    assert issues == [f"row 2, Client 1, Account manager: {sentence}"]


def test_of_three_names_the_first_is_the_manager():
    managers, issues = managers_of("Cy; Ann / Bob")
    assert managers == ["Cy"]
    assert issues[0].endswith("Cy is taken as the manager, beside Ann and Bob")


@pytest.mark.parametrize(
    "cell",
    first(
        3, [None, "Ann", "Ann; Somebody Else", "Ann & Bob", "Ann and Bob", "Ann, Bob", "Ann + Bob", "Bob / Cy", "Ann;"]
    ),
)
def test_what_is_not_two_names_of_the_sheet_is_one_name(cell: str | None):
    """Somebody who is not on the sheet may be called so; and somebody who is called so may be on it."""
    assert managers_of(cell) == ([cell], [])
