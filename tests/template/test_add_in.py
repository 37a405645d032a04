"""The add-in: each of its callbacks, with another workbook in front of it, and the links that lead to it."""

import re
import shutil
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import xlwings as xw
from pyopenvba.apps.excel import ExcelApplication
from pyopenvba.interpreter._objects import VBAObject, method
from pyopenvba.interpreter._values import EMPTY, NOTHING

from tests import fake_excel
from tests.add_in_links import ELSEWHERE, LINKS, linked_workbook
from tests.files import below, parts_of, regrade, workbook
from tests.template.excel import START_UP, excel_with_add_in, handle, open_in
from tests.template.templates import vba_of
from tests.template.test_build import configuration_of
from tests.template.test_ribbon import BUTTONS, CALLBACKS, NAMESPACE, RIBBON, message_of
from tierxl.excel import macros
from tierxl.functions import FUNCTIONS

pytestmark = pytest.mark.long

MODULES = ("ThisWorkbook", "TierxlAddIn", CALLBACKS, "TierxlFunctionHelp")
HERE = rf"{START_UP}\Client Tiers.xlam"


@pytest.fixture
def app(add_in: Path) -> ExcelApplication:
    """An Excel with the add-in, and without a workbook."""
    return excel_with_add_in(add_in, *MODULES)


def test_it_has_the_macros_and_functions_of_the_template_and_those_that_only_an_add_in_needs(
    add_in: Path, template: Path
):
    ours, theirs = vba_of(add_in), vba_of(template)
    assert {name for name in ours if ours[name] != theirs.get(name)} == {"ThisWorkbook", "TierxlAddIn"}
    assert {name for name in theirs if not name.startswith("Sheet")} - set(ours) == set()
    assert set(configuration_of(add_in).items()) == set(configuration_of(template).items())


def test_its_window_is_hidden_and_its_sheet_is_not_as_one_must_be_in_sight(add_in: Path):
    book = parts_of(add_in)["xl/workbook.xml"]
    assert re.findall(rb'<workbookView [^>]*visibility="(\w+)"', book) == [b"hidden"]
    assert re.findall(rb'<sheet [^>]*name="([^"]*)"[^>]*state="(\w+)"', book) == [(b"xlwings.conf", b"visible")]


# --- Buttons ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("callback", "macro"), BUTTONS.values())
def test_a_press_runs_its_macro_while_another_workbook_is_in_front(
    callback: str, macro: str, app: ExcelApplication, budget: Path, monkeypatch: pytest.MonkeyPatch
):
    pressed: list[str] = []
    for _, name in BUTTONS.values():
        monkeypatch.setattr(macros, name, lambda name=name: pressed.append(name))
    open_in(app, budget)
    app.run(callback, NOTHING)
    assert (pressed, app.dialogs) == ([macro], [])


def test_it_works_by_itself_under_another_name_and_where_excel_calls_it_for_a_workbook_with_the_same_button(
    add_in: Path, template: Path, tmp_path: Path
):
    pressed: list[str] = []
    ours = Path(shutil.copy(add_in, tmp_path / "Tiers of the firm.xlam"))
    app = excel_with_add_in(ours, CALLBACKS, run_python=pressed.append)
    open_in(app, Path(shutil.copy(template, tmp_path)))
    app.run("TierxlRun", "press")
    assert (pressed, app.application.handed_over, app.dialogs) == (["press"], [], [])


def test_grade_clients_grades_the_workbook_in_front_and_touches_no_other(
    add_in: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """From the VBA of the built file to the cells, with stand-ins for Excel on both sides."""
    live = fake_excel.App()

    def run_python(statement: str) -> None:
        """Run a statement as xlwings' RunPython does, which hands over a workbook first."""
        handed_over = re.findall(r'"BOOK_CALLER", (\w+)', vba_of(add_in)["xlwings"])
        monkeypatch.setattr(xw.Book, "caller", lambda: live.books[str(app.evaluate(f"{handed_over[0]}.Name"))])
        exec(statement, {})

    app = excel_with_add_in(add_in, *MODULES, run_python=run_python)
    others = [live.books.open(str(path)) for path in (add_in, workbook(tmp_path / "Other.xlsx"))]
    mine = live.books.open(str(workbook(tmp_path / "Team 2026.xlsx")))
    before = [book.content for book in others]
    for book in (others[1], mine):
        open_in(app, tmp_path / book.name)
    app.run("TierxlGradeClients", NOTHING)
    assert below(mine.book["Clients"], "Tier") == ["C", "C", "A"]
    assert live.alerts[0][0].startswith("3 clients: 1 A, 0 B, 2 C")
    assert [book.content for book in others] == before


class Python(VBAObject):
    """Python as VBA sees it: its functions answer the name of the workbook that they are to take the settings from."""

    @method
    def CallUDF(self, *arguments: Any) -> object:  # noqa: N802
        return arguments[3].name


XLPY = """
Private python As Object
Public Sub SetPython(started As Object)
    Set python = started
End Sub
Public Function XLPy() As Object
    Set XLPy = python
End Function
"""


@pytest.mark.parametrize("number", [0, 1])
def test_a_function_gets_the_workbook_in_which_its_formula_stands_whichever_is_in_front(
    number: int, add_in: Path, tmp_path: Path
):
    app, python = excel_with_add_in(add_in), Python()
    books = [open_in(app, workbook(tmp_path / name)) for name in ("Ours.xlsx", "Theirs.xlsx")]
    cell = books[number].sheets_[0].vba_get("Range", ["A1"])
    app.application.caller = cell
    app.add_module(XLPY, name="xlwings")
    app.run("SetPython", python)
    app.add_module(vba_of(add_in)["xlwings_udfs"], name="xlwings_udfs")
    assert app.run("WALLET_RATING", 1) == books[number].name


def test_a_function_that_no_cell_calls_has_no_settings_but_the_defaults(add_in: Path, budget: Path):
    app = excel_with_add_in(add_in)
    open_in(app, budget)
    app.add_module(vba_of(add_in)["xlwings_udfs"].replace("Private Function", "Public Function"), name="xlwings_udfs")
    app.add_module("Public Function Asked()\n    Asked = WorkbookOf(CVErr(2023)).Name\nEnd Function", name="Asking")
    assert app.run("Asked") == "Client Tiers.xlam"


def test_without_a_workbook_the_buttons_are_off_and_a_press_says_what_to_open(app: ExcelApplication, budget: Path):
    app.add_module(STATES, name="States")
    assert app.run("State", "TierxlIsButtonOn") is False
    app.run("TierxlGradeClients", NOTHING)
    assert message_of(app) == "Open the workbook with your clients first, and press the button again."
    open_in(app, budget)
    assert app.run("State", "TierxlIsButtonOn") is True


STATES = """
Public Function State(callback As String) As Boolean
    Dim answer As Variant
    If callback = "TierxlIsButtonOn" Then
        TierxlIsButtonOn Nothing, answer
    Else
        TierxlIsTabShown Nothing, answer
    End If
    State = answer
End Function
"""


def test_in_protected_view_it_says_how_to_leave_it(app: ExcelApplication, budget: Path):
    open_in(app, budget)
    app.application.in_protected_view = True
    app.run("TierxlGradeClients", NOTHING)
    assert "is in Protected View. Press Enable Editing" in message_of(app)


def test_one_tab_is_shown_where_the_workbook_in_front_has_its_own(
    app: ExcelApplication, template: Path, budget: Path, tmp_path: Path
):
    app.add_module(STATES, name="States")
    assert app.run("State", "TierxlIsTabShown") is True
    open_in(app, budget)
    assert app.run("State", "TierxlIsTabShown") is True
    book = open_in(app, Path(shutil.copy(template, tmp_path / "Ann's tiers.xlsm")))
    assert app.run("State", "TierxlIsTabShown") is False
    book.runs_macros = False
    assert app.run("State", "TierxlIsTabShown") is True, "else nobody has one that works"


def test_the_ribbon_asks_for_the_workbook_in_front(add_in: Path, template: Path):
    ours, theirs = (ET.fromstring(parts_of(path)[RIBBON]) for path in (add_in, template))
    assert ours.attrib.pop("onLoad") == "TierxlRibbonLoaded"
    assert [tab.attrib.pop("getVisible") for tab in ours.iter(f"{NAMESPACE}tab")] == ["TierxlIsTabShown"]
    states = {button.attrib.pop("getEnabled") for button in ours.iter(f"{NAMESPACE}button")}
    assert states == {"TierxlIsButtonOn"}
    assert ET.tostring(ours) == ET.tostring(theirs)


class Ribbon(VBAObject):
    def __init__(self) -> None:
        self.times = 0

    @method
    def Invalidate(self) -> object:  # noqa: N802
        self.times += 1
        return EMPTY


def test_the_ribbon_is_asked_anew_when_another_workbook_comes_to_the_front_or_the_last_one_is_gone(
    app: ExcelApplication, budget: Path
):
    ribbon = Ribbon()
    app.run("TierxlRibbonLoaded", ribbon)
    book = open_in(app, budget)
    handle(app, "Host_WorkbookActivate", book)
    assert ribbon.times == 1
    handle(app, "Host_WorkbookDeactivate", book)
    assert (ribbon.times, app.application.later) == (1, ["'Client Tiers.xlam'!TierxlRenewRibbon"])
    app.run("TierxlRenewRibbon")
    assert ribbon.times == 2


def test_an_excel_that_ends_is_not_held_up_by_a_message(add_in: Path, budget: Path, tmp_path: Path):
    app = excel_with_add_in(Path(shutil.copy(add_in, tmp_path / "Ann's tiers.xlam")), *MODULES)
    book = open_in(app, budget)
    handle(app, "Host_WorkbookDeactivate", book)
    assert app.application.later == ["'Ann''s tiers.xlam'!TierxlRenewRibbon"]
    app.application.is_ending = True
    handle(app, "Host_WorkbookDeactivate", book)
    assert (len(app.application.later), app.dialogs) == (1, [])


def test_excel_gets_the_help_of_the_functions_once_when_the_first_workbook_is_open(app: ExcelApplication, budget: Path):
    handle(app, "Workbook_Open")
    assert app.application.helped == []
    book = open_in(app, budget)
    for _ in range(2):
        handle(app, "Host_WorkbookActivate", book)
    assert app.application.helped == [f"'Client Tiers.xlam'!{name}" for name in FUNCTIONS]
    assert app.application._this_workbook.saved


def test_excel_gets_the_help_at_once_where_a_workbook_was_open_before_the_add_in(app: ExcelApplication, budget: Path):
    open_in(app, budget)
    handle(app, "Workbook_Open")
    assert len(app.application.helped) == len(FUNCTIONS)


CHANGED = "Public Sub TierxlSettingsChanged(book As Workbook)\n    Debug.Print book.Name\nEnd Sub"


def test_the_formulas_of_a_workbook_follow_its_settings(app: ExcelApplication, tmp_path: Path):
    path = workbook(tmp_path / "Team.xlsx")
    regrade(path)
    app.add_module(CHANGED, name="TierxlCalculation")
    book = open_in(app, path)
    for sheet, messages in (("Clients", []), ("Settings", ["Team.xlsx"])):
        page = book.sheet_named(sheet)
        handle(app, "Host_SheetChange", page, page.vba_get("Range", ["C6"]))
        assert app.console == messages


def test_a_workbook_with_macros_of_its_own_follows_its_settings_itself(
    app: ExcelApplication, template: Path, tmp_path: Path
):
    app.add_module(CHANGED, name="TierxlCalculation")
    book = open_in(app, Path(shutil.copy(template, tmp_path)))
    page = book.sheet_named("Settings")
    for book.runs_macros in (True, False):
        handle(app, "Host_SheetChange", page, page.vba_get("Range", ["C6"]))
        assert app.console == [], "switched off, functions of its own show #NAME? once they are calculated"


# --- Links -----------------------------------------------------------------------------------------------------------


def switches(app: ExcelApplication) -> tuple[bool, ...]:
    excel = app.application
    return excel.asks_about_links, excel.display_alerts, excel.enable_events


@pytest.mark.parametrize("saved", [True, False])
def test_links_to_the_add_in_elsewhere_lead_to_it_once_a_workbook_is_open(
    app: ExcelApplication, tmp_path: Path, saved: bool
):
    book = open_in(app, linked_workbook(tmp_path / "Team.xlsx", *LINKS.values()))
    book.saved = saved
    handle(app, "Host_WorkbookOpen", book)
    assert book.links == [HERE] * len(LINKS)
    assert (book.saved, switches(app), app.dialogs) == (saved, (True, True, True), [])


def test_a_workbook_that_was_open_before_the_add_in_is_looked_at_too(app: ExcelApplication, tmp_path: Path):
    book = open_in(app, linked_workbook(tmp_path / "Team.xlsx", LINKS["at Bob's"]))
    handle(app, "Workbook_Open")
    assert book.links == [HERE]


def test_links_to_other_files_stay_and_a_workbook_without_links_too(
    app: ExcelApplication, budget: Path, tmp_path: Path
):
    others = [(ELSEWHERE, r"file:///S:\Rates.xlsx"), (ELSEWHERE, r"file:///S:\Old%20Client%20Tiers.xlam")]
    book = open_in(app, linked_workbook(tmp_path / "Team.xlsx", *others))
    before = list(book.links)
    for each in (book, open_in(app, budget)):
        handle(app, "Host_WorkbookOpen", each)
        assert each.saved
    assert book.links == before


def test_a_link_that_excel_does_not_change_stays_in_silence(app: ExcelApplication, tmp_path: Path):
    book = open_in(app, linked_workbook(tmp_path / "Team.xlsx", LINKS["at Bob's"]))
    app.add_module("Public Sub Lock()\n    ActiveSheet.Protect\nEnd Sub", name="Lock")
    app.run("Lock")
    book.saved = True
    before = list(book.links)
    handle(app, "Host_WorkbookOpen", book)
    assert (book.links, book.saved, switches(app), app.dialogs) == (before, True, (True, True, True), [])
