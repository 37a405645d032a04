"""The menu's commands in a real Calc: pressed, undone, saved, opened again, compared with what the command writes."""

import os
import signal
import time
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from tests.calc.office import Office
from tests.calc.test_live_functions import wait_until, workers
from tests.files import CLIENTS
from tests.files import workbook as make_workbook
from tierxl.calc.build_extension import build_extension
from tierxl.method.table.columns import GRADED_COLUMNS
from tierxl.sheets.graded_workbook import OWN_TITLES
from tierxl.use_cases.grade import grade_file
from tierxl.use_cases.reading import Request

pytestmark = pytest.mark.calc

SAMPLE = Path(__file__).parents[2] / "workbook/sample-portfolio.csv"
DONE, FAILED = 1, 0
"""How a command ended, as LibreOffice says it."""


@pytest.fixture(scope="module")
def extension(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("extension") / "tierxl.oxt"
    build_extension(path)
    return path


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, extension: Path) -> Iterator[Office]:
    """Calc with the extension."""
    started = Office(tmp_path_factory.mktemp("office"), extension)
    yield started
    started.terminate()


@pytest.fixture(scope="module")
def clients(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample portfolio with its team, not graded yet: what the command has made, without what it has added."""
    path = by_command(SAMPLE, tmp_path_factory.mktemp("clients") / "clients.xlsx")
    book = load_workbook(path)
    for title in OWN_TITLES.values():
        if title in book.sheetnames:
            del book[title]
    columns = [column for column in book["Clients"].iter_cols(values_only=True) if column[0] not in GRADED_COLUMNS]
    rows = [list(line) for line in zip(*columns, strict=True)]
    team = [list(line) for line in book["Account managers"].iter_rows(min_row=5, values_only=True)]
    for line in team[1:]:
        line[1:3] = ["Senior", 400]
    return make_workbook(
        path.with_name("list.xlsx"), rows,
        change=lambda book, _: [book.create_sheet("Account managers").append(line) for line in team[:1]]
        and [book["Account managers"].append(line) for line in team[1:]],
    )  # fmt: skip


@pytest.fixture
def document(office: Office, clients: Path) -> Iterator[Any]:
    opened = office.open(clients)
    yield opened
    office.close(opened)


def by_command(source: Path, target: Path) -> Path:
    """What the command writes today."""
    grade_file(Request(source, date.today()), target)
    return target


def titles(document: Any) -> list[str]:
    return list(document.Sheets.ElementNames)


def shown(document: Any, title: str) -> list[tuple[Any, ...]]:
    """The values of a sheet without the blank cells at its end; Calc's files keep fifteen digits of a number."""
    sheet = document.Sheets[title]
    cursor = sheet.createCursor()
    cursor.gotoEndOfUsedArea(False)
    area = sheet.getCellRangeByPosition(0, 0, cursor.RangeAddress.EndColumn, cursor.RangeAddress.EndRow)
    lines = [tuple(map(as_kept, line)) for line in area.DataArray]
    width = max((at for line in lines for at, value in enumerate(line, 1) if value is not None), default=0)
    while lines and not any(value is not None for value in lines[-1]):
        lines.pop()
    return [line[:width] for line in lines]


def as_kept(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.12g}")
    return None if value == "" else value


# --- Grade clients ---------------------------------------------------------------------------------------------------


def test_what_the_button_writes_is_what_the_command_writes(
    office: Office, document: Any, clients: Path, tmp_path: Path
):
    state, message = office.press(document, "GradeClients")
    assert (state, message.splitlines()[0]) == (DONE, "63 clients: 12 A, 18 B, 32 C, 1 Not graded; 4 to shed.")
    file = office.open(by_command(clients, tmp_path / "graded.xlsx"))
    assert titles(document) == titles(file)
    for title in titles(document):
        assert shown(document, title) == shown(file, title), title
    office.close(file)


@pytest.mark.parametrize("ending", [".ods", ".xlsx"])
def test_a_graded_document_is_saved_and_opened_again_and_graded_again(
    office: Office, document: Any, tmp_path: Path, ending: str
):
    office.press(document, "GradeClients")
    saved = office.save(document, tmp_path / f"graded{ending}")
    again = office.open(saved)
    before = {title: shown(again, title) for title in titles(again)}
    assert before == {title: shown(document, title) for title in titles(document)}
    assert office.press(again, "GradeClients")[0] == DONE
    assert {title: shown(again, title) for title in titles(again)} == before
    assert [again.Sheets[title].Charts.Count for title in ("Portfolio", "Capacity")] == [3, 1]
    office.close(again)


def test_a_list_that_is_not_understood_is_graded_once_settings_say_which_column_is_the_revenue(
    office: Office, document: Any
):
    office.press(document, "GradeClients")
    headers = document.Sheets["Clients"].getCellRangeByName("A1:AF1").DataArray[0]
    revenue = document.Sheets["Clients"].getCellByPosition(headers.index("Revenue"), 0)
    other = document.Sheets["Clients"].getCellByPosition(headers.index("Total spend"), 0)
    revenue.String, other.String = "Net sales", "Gross sales"
    state, message = office.press(document, "GradeClients")
    assert state == FAILED
    assert '"Net sales" (column ' in message
    assert "Settings, Columns, Revenue" in message
    settings = document.Sheets["Settings"]
    (row,) = (
        at for at, line in enumerate(settings.getCellRangeByName("A1:B99").DataArray) if line == ("Columns", "Revenue")
    )
    settings.getCellByPosition(2, row).String = "Net sales"
    state, message = office.press(document, "GradeClients")
    assert (state, message.splitlines()[0].split(":")[0]) == (DONE, "63 clients")


def test_one_undo_takes_a_grading_back_and_one_redo_brings_it_again(office: Office, document: Any):
    before = office.content(document)
    office.press(document, "GradeClients")
    after = {title: shown(document, title) for title in titles(document)}
    assert document.UndoManager.getAllUndoActionTitles() == ("Grade clients",)
    office.undo(document)
    assert office.content(document) == before
    office.redo(document)
    assert {title: shown(document, title) for title in titles(document)} == after


def test_two_gradings_are_two_steps(office: Office, document: Any):
    office.press(document, "GradeClients")
    first = {title: shown(document, title) for title in titles(document)}
    document.Sheets["Clients"]["E2"].Value = 90_000_000
    office.press(document, "GradeClients")
    assert shown(document, "Clients") != first["Clients"]
    office.undo(document)  # the second grading
    office.undo(document)  # the revenue
    assert {title: shown(document, title) for title in titles(document)} == first


def test_a_graded_sheet_looks_as_described(office: Office, document: Any):
    office.press(document, "GradeClients")
    content = office.content(document)["Clients"]
    headers = shown(document, "Clients")[0]
    tier, last = get_column_letter(headers.index("Tier") + 1), get_column_letter(len(headers))
    assert f"{tier}2" in content["cells"]
    assert (f"{tier}2:{tier}1048576", "cellIs", "equal", "['\"A\"']") in content["colours"]
    assert content["tables"]["Clients"][0] == f"A1:{last}64"
    assert content["frozen"] == f"{tier}2", "scrolled to the tiers"


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [([("Client", "City"), ("Abel", "Bath")], "Revenue"), ([("Client", "Revenue")], "no clients")],
    ids=["no revenue", "no clients"],
)
def test_what_cannot_be_graded_is_said_and_nothing_changes(office: Office, tmp_path: Path, rows: Any, sentence: str):
    document = office.open(make_workbook(tmp_path / "clients.xlsx", rows))
    before = office.content(document)
    state, message = office.press(document, "GradeClients")
    assert state == FAILED
    assert sentence in message
    assert office.content(document) == before
    assert document.UndoManager.getAllUndoActionTitles() == ()
    office.close(document)


def test_a_protected_sheet_is_refused(office: Office, tmp_path: Path):
    document = office.open(make_workbook(tmp_path / "clients.xlsx", CLIENTS))
    document.Sheets["Clients"].protect("")
    state, message = office.press(document, "GradeClients")
    assert (state, 'The sheet "Clients" is protected' in message) == (FAILED, True)
    assert titles(document) == ["Clients"]
    office.close(document)


# --- The other commands ----------------------------------------------------------------------------------------------


def commands(extension: Path) -> list[str]:
    """The commands of the menu, as the extension lists them."""
    with zipfile.ZipFile(extension) as package:
        root = ET.fromstring(package.read("Addons.xcu"))
    (menu,) = [node for node in root.iter("node") if "OfficeMenuBar" in node.attrib.values()]
    found = [value.text or "" for value in menu.iter("value")]
    return [text.removeprefix("tierxl:") for text in found if text.startswith("tierxl:")]


def test_the_menu_has_the_ribbons_commands(extension: Path):
    assert commands(extension) == [
        "GradeClients", "ExplainSelectedClient", "CheckData", "RefreshPlan", "ProposeAssignments", "OpenSettings",
        "About",
    ]  # fmt: skip


def test_each_command_of_the_menu_does_something_and_can_be_undone(office: Office, document: Any, extension: Path):
    document.CurrentController.select(document.Sheets["Clients"]["B9"])
    for command in commands(extension):
        before = {title: shown(document, title) for title in titles(document)}
        steps = document.UndoManager.getAllUndoActionTitles()
        state, message = office.press(document, command)
        assert state == DONE, message
        assert message or command == "OpenSettings"
        if document.UndoManager.getAllUndoActionTitles() != steps and command != "GradeClients":
            office.undo(document)
            assert {title: shown(document, title) for title in titles(document)} == before


def test_the_client_in_the_selected_row_is_explained(office: Office, document: Any):
    sheet = document.Sheets["Clients"]
    names = [line[0] for line in sheet["B1:B63"].DataArray]
    document.CurrentController.select(sheet["D1:D63"].getCellByPosition(0, names.index("Ardnavar Biologics Ltd")))
    state, message = office.press(document, "ExplainSelectedClient")
    assert state == DONE
    assert message.startswith("Ardnavar Biologics Ltd")


def test_the_plan_is_made_anew_alone(office: Office, document: Any):
    assert office.press(document, "RefreshPlan")[1].startswith("The engagement plan is as of ")
    assert titles(document) == ["Clients", "Account managers", "Engagement plan"]


def test_the_settings_are_opened(office: Office, document: Any):
    assert office.press(document, "OpenSettings")[0] == FAILED
    office.press(document, "GradeClients")
    document.Sheets.copyByName("Settings", "Settings_2", 0)
    assert office.press(document, "OpenSettings") == (DONE, "")
    assert document.CurrentController.ActiveSheet.Name == "Settings"


# --- The worker ------------------------------------------------------------------------------------------------------


def test_a_worker_killed_during_a_grading_leaves_the_document_and_the_next_command_works(office: Office, document: Any):
    office.press(document, "About")
    (worker,) = workers(office)
    before = office.content(document)
    os.kill(worker, signal.SIGSTOP)
    with ThreadPoolExecutor() as pool:
        pressed = pool.submit(office.press, document, "GradeClients")
        time.sleep(1)
        assert not pressed.done()
        os.kill(worker, signal.SIGKILL)
        state, message = pressed.result(30)
    assert state == FAILED
    assert message == "tierxl ended unexpectedly. The document is as it was."
    assert office.content(document) == before
    assert office.press(document, "GradeClients")[0] == DONE
    wait_until(lambda: len(workers(office)) == 1)
