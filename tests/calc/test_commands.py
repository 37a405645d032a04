"""What the menu's commands do in a document of Calc, through a worker and its pipes."""

from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests import files
from tests.calc.talk import Message, Talk
from tests.fake_calc import Office
from tests.files import OURS, below, headers_of, put, workbook
from tierxl.calc import worker as working
from tierxl.functions import TIER_SERVICE
from tierxl.method.policy import Policy
from tierxl.use_cases import about, commands
from tierxl.use_cases.grade import grade_file
from tierxl.use_cases.reading import Request
from tierxl.workbooks.ooxml.new_sheets import strict_writing

pytestmark = pytest.mark.long


class DayOfTheTests(date):
    @classmethod
    def today(cls) -> date:
        return files.AS_OF


@pytest.fixture(autouse=True)
def _on_the_day_of_the_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "date", DayOfTheTests)


@pytest.fixture
def ungraded(tmp_path: Path) -> Path:
    return workbook(tmp_path / "clients.xlsx")


def office(path: Path) -> Office:
    return Office(load_workbook(path), path.name)


def text_of(messages: list[Message]) -> str:
    assert all(list(message) == ["progress"] for message in messages[:-1])
    return messages[-1]["message"]


def test_grade_clients_writes_what_the_command_writes_and_says_how_many(worker: Talk, ungraded: Path):
    calc = office(ungraded)
    assert text_of(worker.command(calc, "grade_clients")).startswith("3 clients: 1 A, 0 B, 2 C; 1 to shed.\nShould you")
    with strict_writing():
        calc.book.save(ungraded.with_name("calc.xlsx"))
    files.regrade(ungraded)
    by_calc, by_file = files.everything(ungraded.with_name("calc.xlsx")), files.everything(ungraded)
    assert {title: sheet["cells"] for title, sheet in by_calc.items()} == {
        title: sheet["cells"] for title, sheet in by_file.items()
    }


def test_all_that_is_written_is_told_in_one_message(worker: Talk, ungraded: Path):
    calc = office(ungraded)
    worker.command(calc, "grade_clients")
    assert [what for what, _ in calc.asked].count("write") == 1
    assert calc.asked[-1][0] == "write"
    (changes,) = calc.changes
    assert changes["doing"] == "Grade clients"
    assert [sheet["title"] for sheet in changes["sheets"]] == OURS


def test_the_office_is_told_how_far_it_is(worker: Talk, ungraded: Path):
    *progress, _ = worker.command(office(ungraded), "grade_clients")
    assert list(dict.fromkeys(doing for message in progress for doing in message["progress"][:1])) == [
        "Reading",
        "Grading",
        "Writing",
    ]
    assert all(done <= of for message in progress for _, done, of in message.values())


def test_what_cannot_be_graded_is_a_sentence_and_nothing_is_written(worker: Talk, tmp_path: Path):
    calc = office(workbook(tmp_path / "clients.xlsx", [("Client", "City"), ("Abel", "Bath")]))
    assert "Revenue" in worker.command(calc, "grade_clients")[-1]["failed"]
    assert calc.changes == []


def test_a_list_that_is_not_understood_names_the_candidates_and_the_settings_choose_one(worker: Talk, tmp_path: Path):
    path = workbook(tmp_path / "clients.xlsx", [("Client", "Revenue"), *((f"c{n}", 9 - n) for n in range(9))])
    files.regrade(path)
    calc = office(path)
    put(calc.book["Clients"], [("Net sales", "Gross sales"), *((n, 10 - n) for n in range(9))], left=2)
    failed = worker.command(calc, "grade_clients")[-1]["failed"]
    assert '"Net sales" (column B) and "Gross sales" (column C) both mean Revenue' in failed
    assert "Settings, Columns, Revenue" in failed
    (cell,) = (row[2] for row in calc.book["Settings"] if [row[0].value, row[1].value] == ["Columns", "Revenue"])
    cell.value = "Gross sales"
    assert "1 A" in text_of(worker.command(calc, "grade_clients"))
    assert below(calc.book["Clients"], "Tier")[0] == "A"


@pytest.mark.parametrize("what", ["outline", "values", "formats", "surroundings", "write"])
def test_whatever_the_office_refuses_its_sentence_is_told_and_the_next_command_works(
    worker: Talk, ungraded: Path, what: str
):
    calc = office(ungraded)
    calc.refuses[what] = "The sheet Clients is protected."
    assert worker.command(calc, "grade_clients")[-1] == {"failed": "The sheet Clients is protected."}
    assert headers_of(calc.book["Clients"]) == ["Client", "Revenue", "Profit"]
    assert worker.command(office(ungraded), "grade_clients")[-1].keys() == {"message"}


def test_what_nobody_expected_is_a_sentence_too(worker: Talk, ungraded: Path, monkeypatch: pytest.MonkeyPatch):
    def fail(*_: Any) -> None:
        raise ZeroDivisionError("by nought")

    monkeypatch.setattr(commands, "grade_open", fail)
    failed = worker.command(office(ungraded), "grade_clients")[-1]["failed"]
    assert "ZeroDivisionError: by nought" in failed
    assert "Press Help / About" in failed


def test_a_command_that_there_is_not_is_a_sentence(worker: Talk, ungraded: Path):
    assert "KeyError: 'make_tea'" in worker.command(office(ungraded), "make_tea")[-1]["failed"]


def test_a_formula_that_is_calculated_while_cells_are_written_is_answered_meanwhile(worker: Talk, ungraded: Path):
    calc = office(ungraded)
    answers = []
    calc.meanwhile = lambda: answers.append(worker.calculate("TIER_SERVICE", "A", "Review meeting", settings="new"))
    assert text_of(worker.command(calc, "grade_clients"))
    assert answers == [TIER_SERVICE(Policy(), DayOfTheTests.today(), "A", "Review meeting")]


def test_explain_says_why_the_selected_client_has_its_tier_and_writes_nothing(worker: Talk, ungraded: Path):
    calc = office(ungraded)
    message = text_of(worker.command(calc, "explain_selected_client", sheet="Clients", row=4))
    assert message.startswith("Cohen (row 4): tier A")
    assert calc.changes == []


def test_explain_asks_for_a_client_where_none_is_selected(worker: Talk, ungraded: Path):
    failed = worker.command(office(ungraded), "explain_selected_client", sheet=None, row=None)[-1]["failed"]
    assert failed.startswith("Select a cell")


def test_check_data_lists_the_issues_and_renews_only_the_checks_sheet(worker: Talk, tmp_path: Path):
    calc = office(workbook(tmp_path / "clients.xlsx", [("Client", "Revenue"), ("Abel", "soon"), ("Baker", 5)]))
    message = text_of(worker.command(calc, "check_data"))
    assert message.startswith('1 data issue, see the sheet Checks.\n  Clients!B2, Abel, Revenue: "soon" is not')
    (changes,) = calc.changes
    assert (changes["doing"], changes["columns"]) == ("Checks", None)
    assert calc.book.sheetnames == ["Clients", "Checks"]


def test_refresh_plan_renews_only_the_plan_and_says_what_is_out_of_date(worker: Talk, ungraded: Path):
    calc = office(ungraded)
    worker.command(calc, "grade_clients")
    put(calc.book["Clients"], [(9000, 4000)], top=2, left=2)
    message = text_of(worker.command(calc, "refresh_plan"))
    assert message.startswith("The engagement plan is as of 22 Nov 2026.\nThe tier beside 2 clients is not")
    assert [sheet["title"] for sheet in calc.changes[-1]["sheets"]] == ["Engagement plan"]
    assert below(calc.book["Clients"], "Tier") == ["C", "C", "A"]


def test_refresh_plan_leaves_a_plan_that_is_formulas(worker: Talk, ungraded: Path):
    grade_file(Request(ungraded, files.AS_OF), ungraded, live=True)
    calc = office(ungraded)
    assert text_of(worker.command(calc, "refresh_plan")).endswith("up to date: there is nothing to refresh.")
    assert calc.changes == []


@pytest.mark.parametrize(("name", "advice"), [("a.xlsx", "tierxl assign FILE"), ("a.ods", "beside the clients.")])
def test_propose_assignments_makes_its_sheet_and_says_what_can_be_done_with_it(
    worker: Talk, tmp_path: Path, name: str, advice: str
):
    lines = [("Account manager", "Seniority", "Hours per year"), ("Priya", "Senior", 500)]
    path = workbook(tmp_path / "clients.xlsx", change=lambda book, _: put(book.create_sheet("Account managers"), lines))
    calc = Office(load_workbook(path), name)
    assert advice in text_of(worker.command(calc, "propose_assignments"))
    assert calc.book.sheetnames == ["Clients", "Account managers", "Assignments"]


def test_about_says_the_version_and_asks_nothing(worker: Talk, ungraded: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(about, "examine", lambda _: [])
    calc = office(ungraded)
    assert text_of(worker.command(calc, "about")).startswith(f"tierxl {version('tierxl')}\n\nAll that can be checked")
    assert calc.asked == []
