"""The ribbon and the button: each reaches its Python macro."""

import importlib
import inspect
import re
import shutil
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import xlwings as xw
from pyopenvba.apps.excel import ExcelApplication
from pyopenvba.interpreter._values import NOTHING

from tests import fake_excel
from tests.files import below, parts_of
from tests.template.excel import excel, handle, load_add_in, open_in
from tests.template.templates import vba_of
from tierxl.excel import macros
from tierxl.method.table.columns import GRADED_COLUMNS
from tierxl.sheets.styles import STYLES

pytestmark = pytest.mark.long

RIBBON, CALLBACKS = "customUI/customUI14.xml", "TierxlRibbon"
NAMESPACE = "{http://schemas.microsoft.com/office/2009/07/customui}"
RELATIONSHIP = "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility"

BUTTONS = {
    "Grade clients": ("TierxlGradeClients", "grade_clients"),
    "Explain selected client": ("TierxlExplainSelectedClient", "explain_selected_client"),
    "Check data": ("TierxlCheckData", "check_data"),
    "Refresh plan": ("TierxlRefreshPlan", "refresh_plan"),
    "Propose assignments": ("TierxlProposeAssignments", "propose_assignments"),
    "Open settings": ("TierxlOpenSettings", "open_settings"),
    "Help / About": ("TierxlAbout", "about"),
}
EXCELS_ICONS = {
    "Calculator", "ZoomToSelection", "DataValidation", "RefreshAll", "ReviewShareWorkbook", "PropertySheet", "Help",
}  # fmt: skip
"""Names of commands of Excel's own that have an icon, from Microsoft's list of its commands."""


@pytest.fixture(scope="module")
def ribbon(template: Path) -> ET.Element:
    return ET.fromstring(parts_of(template)[RIBBON])


@pytest.fixture(scope="module")
def buttons(ribbon: ET.Element) -> dict[str, ET.Element]:
    return {button.attrib["label"]: button for button in ribbon.iter(f"{NAMESPACE}button")}


def test_the_package_names_its_ribbon(template: Path):
    relationships = parts_of(template)["_rels/.rels"].decode()
    assert f'Type="{RELATIONSHIP}" Target="/{RIBBON}"' in relationships


def test_one_tab_has_its_buttons(ribbon: ET.Element, buttons: dict[str, ET.Element]):
    assert [tab.attrib["label"] for tab in ribbon.iter(f"{NAMESPACE}tab")] == ["Client tiers"]
    assert list(buttons) == list(BUTTONS)


def test_every_control_has_an_id_of_our_own(ribbon: ET.Element):
    ids = [element.attrib["id"] for element in ribbon.iter() if "id" in element.attrib]
    assert len(set(ids)) == len(ids) == len(BUTTONS) + 3
    assert all(name.startswith("Tierxl") for name in ids)


@pytest.mark.parametrize("label", BUTTONS)
def test_a_button_has_an_icon_that_excel_knows_and_says_what_it_does(label: str, buttons: dict[str, ET.Element]):
    button = buttons[label].attrib
    assert button["imageMso"] in EXCELS_ICONS
    assert button["screentip"]
    assert len(button["supertip"].split()) > 5


def test_the_keyboard_reaches_every_button(ribbon: ET.Element, buttons: dict[str, ET.Element]):
    """Alt, two letters of the tab that no tab of Excel's begins with, and one letter of the button."""
    (tab,) = ribbon.iter(f"{NAMESPACE}tab")
    assert tab.attrib["keytip"] == "CT"
    keys = [button.attrib["keytip"] for button in buttons.values()]
    assert len(set(keys)) == len(keys)
    assert all(re.fullmatch("[A-Z]", key) for key in keys)


def test_no_two_buttons_look_alike(buttons: dict[str, ET.Element]):
    assert {button.attrib["imageMso"] for button in buttons.values()} == EXCELS_ICONS


@pytest.mark.parametrize("label", BUTTONS)
def test_a_button_has_its_callback_and_the_callback_its_macro(
    label: str, buttons: dict[str, ET.Element], template: Path
):
    callback, macro = BUTTONS[label]
    assert buttons[label].attrib["onAction"] == callback
    source = vba_of(template)[CALLBACKS]
    body = re.search(
        rf"^Public Sub {callback}\(control As IRibbonControl\)\n(.*?)\nEnd Sub", source, re.MULTILINE | re.DOTALL
    )
    assert body
    assert body[1].strip() == f'TierxlRun "import tierxl.excel.macros; tierxl.excel.macros.{macro}()"'


def test_the_callbacks_are_those_of_the_buttons(template: Path, buttons: dict[str, ET.Element]):
    found = re.findall(r"^Public Sub (\w+)\(control As IRibbonControl\)", vba_of(template)[CALLBACKS], re.MULTILINE)
    assert found == [button.attrib["onAction"] for button in buttons.values()]


def test_every_python_statement_in_the_vba_names_a_macro_that_takes_nothing(template: Path):
    own = [source for name, source in vba_of(template).items() if name != "xlwings"]
    statements = re.findall(r'"(import [^"]*)"', "\n".join(own))
    assert len(statements) == len(BUTTONS) + 2
    for statement in statements:
        called = re.fullmatch(r"import ([\w.]+); \1\.(\w+)\(\)", statement)
        assert called
        macro = getattr(importlib.import_module(called[1]), called[2])
        assert not inspect.signature(macro, follow_wrapped=False).parameters


@pytest.mark.parametrize("callback", [callback for callback, _ in BUTTONS.values()])
def test_a_press_runs_its_python_macro_and_no_other(callback: str, template: Path, monkeypatch: pytest.MonkeyPatch):
    pressed: list[str] = []
    for _, macro in BUTTONS.values():
        monkeypatch.setattr(macros, macro, lambda name=macro: pressed.append(name))
    app = excel(template, CALLBACKS)
    app.run(callback, NOTHING)
    assert pressed == [macro for name, macro in BUTTONS.values() if name == callback]
    assert app.dialogs == []


@pytest.mark.parametrize("name", ["TierxlGradeClients", "TierxlGradeClientsButton"])
def test_grade_clients_grades_the_workbook_that_is_open(name: str, template: Path, monkeypatch: pytest.MonkeyPatch):
    """From the VBA of the built file to the cells, with stand-ins for Excel on both sides."""
    book = fake_excel.App().books.open(str(template))
    book.sheets["Clients"].activate()
    monkeypatch.setattr(xw.Book, "caller", lambda: book)
    excel(template, CALLBACKS).run(name, *([] if name.endswith("Button") else [NOTHING]))
    clients = book.book["Clients"]
    assert [cell.value for cell in clients[5]][-len(GRADED_COLUMNS) :] == list(GRADED_COLUMNS)
    assert set(below(clients, "Tier", 5)) == {"A", "B", "C"}
    assert "10 clients: 3 A, 4 B, 3 C; 1 to shed." in book.app.alerts[0][0]


@pytest.mark.parametrize("other", ["Other.xlsm", "Bob's.xlsm"])
def test_a_button_works_on_the_workbook_in_front_whichever_workbooks_button_excel_calls(
    other: str, template: Path, tmp_path: Path
):
    app = excel(template, CALLBACKS)
    open_in(app, Path(shutil.copy(template, tmp_path / other)))
    app.run("TierxlRun", "press")
    assert app.application.handed_over == [(other, "TierxlRun", "press")]
    assert app.dialogs == []


@pytest.mark.parametrize("in_front", ["none", "none that run"])
def test_a_button_of_a_workbook_leaves_one_without_buttons_to_the_add_in(
    in_front: str, template: Path, add_in: Path, budget: Path, tmp_path: Path
):
    app = excel(template, CALLBACKS)
    load_add_in(app, add_in)
    book = open_in(app, budget if in_front == "none" else Path(shutil.copy(template, tmp_path / "Blocked.xlsm")))
    book.runs_macros = False
    app.run("TierxlRun", "press")
    assert app.application.handed_over == [("Client Tiers.xlam", "TierxlRun", "press")]


def test_a_workbook_whose_macros_run_has_the_add_in_hide_its_tab(template: Path, add_in: Path):
    """Also where they are allowed once it is open; without the add-in, nothing is to be done, nor looked for."""
    app = excel(template, "ThisWorkbook", "TierxlFunctionHelp")
    handle(app, "Workbook_Open")
    assert (app.application.handed_over, app.dialogs) == ([], [])
    load_add_in(app, add_in)
    handle(app, "Workbook_Open")
    assert app.application.handed_over == [("Client Tiers.xlam", "TierxlRenewRibbon")]


def test_a_button_that_has_no_workbook_to_work_on_says_which_one_it_wants(template: Path, budget: Path):
    app = excel(template, CALLBACKS)
    open_in(app, budget)
    app.run("TierxlGradeClientsButton")
    assert message_of(app) == (
        "The workbook in front, Budget.xlsx, is not one of Client tiers. Click on Client Tiers.xlsm, and press the "
        "button again."
    )


def message_of(app: ExcelApplication) -> str:
    ((_, message, title, _),) = app.dialogs
    assert title == "Client tiers"
    return str(message)


@pytest.mark.parametrize("character", '"$`|=')
def test_on_a_mac_a_name_that_cannot_be_passed_on_is_told(character: str, template: Path):
    app = excel(template)
    name = character.replace('"', '""')
    source = vba_of(template)[CALLBACKS].replace("#If Mac", "#If VBA7").replace("#If Not Mac", "#If Not VBA7")
    app.add_module(source.replace("ActiveWorkbook.Name Like", f'"a{name}b.xlsm" Like'), name=CALLBACKS)
    app.run("TierxlGradeClientsButton")
    assert "a character that a Mac cannot pass on" in message_of(app)


def test_a_workbook_that_python_does_not_answer_says_what_to_do(template: Path):
    def fail(_: str) -> None:
        raise ConnectionError

    app = excel(template, CALLBACKS, run_python=fail)
    app.add_module(
        'Public Function RunPython(statement As String)\n    Err.Raise 1, Description:="No DLL"\nEnd Function',
        name="xlwings",
    )
    app.run("TierxlGradeClientsButton")
    ((_, message, title, _),) = app.dialogs
    assert title == "Client tiers"
    assert message.startswith("tierxl could not start: No DLL")
    assert message.endswith("Open a terminal and run: tierxl doctor")


def test_excel_takes_keys_again_also_where_python_has_ended_before_it_could_say_so(template: Path):
    source = vba_of(template)[CALLBACKS].replace("Application.Interactive = True", 'Debug.Print "on"')
    for answer, messages in ((None, []), (-1, ["on"])):
        app = excel(template, run_python=lambda _, answer=answer: answer)
        app.add_module(source, name=CALLBACKS)
        app.run("TierxlGradeClientsButton")
        assert app.console == messages


def test_a_computer_that_lets_excel_start_no_python_is_told_whom_to_ask(template: Path):
    app = excel(template, CALLBACKS)
    refusal = (
        'Err.Raise 1000, Description:="Could not create Python process." & vbCrLf & "Error message: Access is denied."'
    )
    app.add_module(f"Public Function RunPython(statement As String)\n    {refusal}\nEnd Function", name="xlwings")
    app.run("TierxlGradeClientsButton")
    ((_, message, _, _),) = app.dialogs
    assert "does not let Excel start Python" in message
    assert "section Antivirus" in message


def drawn(template: Path) -> str:
    drawings = [part.decode() for name, part in parts_of(template).items() if name.startswith("xl/drawings/drawing")]
    (button,) = (drawing for drawing in drawings if "macro=" in drawing)
    return button


def test_the_button_on_the_clients_sheet_calls_a_macro_that_takes_nothing(template: Path):
    (macro,) = re.findall(r'macro="\[0\]!(\w+)"', drawn(template))
    assert f"Public Sub {macro}()\n" in vba_of(template)[CALLBACKS]
    assert "<a:t>Grade clients</a:t>" in drawn(template)


def test_the_button_has_the_colours_of_the_house(template: Path):
    assert STYLES["tier-a"].fill in drawn(template)


def test_the_button_stands_on_the_clients_sheet_above_the_table(template: Path):
    parts = parts_of(template)
    (drawing,) = re.findall(r'Target="/(xl/drawings/[^"]*)"', parts["xl/worksheets/_rels/sheet2.xml.rels"].decode())
    assert b"macro=" in parts[drawing]
    assert b'name="Clients" sheetId="2"' in parts["xl/workbook.xml"]
    assert b"<drawing " in parts["xl/worksheets/sheet2.xml"]
    assert b"<xdr:row>2</xdr:row>" in parts[drawing]
