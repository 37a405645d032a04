"""The VBA project: what is borrowed from xlwings is whole and of its version, what is ours is sound."""

import json
import math
import re
import subprocess
import sys
from difflib import unified_diff
from pathlib import Path

import pytest
import xlwings as xw
from openpyxl import Workbook
from pyopenvba.apps.excel import ExcelApplication
from pyopenvba.cfb import CFB
from pyopenvba.vba import decompress

from tests.files import edit, parts_of
from tests.template.excel import excel
from tests.template.templates import ADD_IN, WITH_MACROS, vba_of, vba_of_xlwings
from tests.template.test_build import configuration_of
from tierxl.excel import workbook_policy
from tierxl.method.issues import CannotGrade
from tierxl.method.policy import Policy
from tierxl.sheets import settings
from tierxl.sheets.mark import MARK
from tierxl.template import macros
from tierxl.template.macros import own_modules, xlwings_modules

pytestmark = pytest.mark.long

BORROWED = {"xlwings", "Dictionary"}
OWN = {
    "TierxlRibbon",
    "TierxlCalculation",
    "TierxlFunctionHelp",
    "TierxlLicences",
    "TierxlWorkbooks",
    "ThisWorkbook",
    "xlwings_udfs",
}


def code_of(path: Path) -> dict[str, str]:
    """The modules with something in them, without the lines that the VBA editor hides."""
    sources = {name: re.sub(r"(?m)^Attribute .*\n", "", source) for name, source in vba_of(path).items()}
    return {name: source for name, source in sources.items() if source.strip()}


def test_the_project_has_xlwings_modules_and_ours_and_nothing_else(template: Path):
    assert set(code_of(template)) == BORROWED | OWN


def changed_lines(template: Path, name: str) -> list[str]:
    installed = vba_of_xlwings()[name].splitlines()
    compared = unified_diff(installed, vba_of(template)[name].splitlines(), n=0, lineterm="")
    return [re.sub(r"\s+", " ", line) for line in list(compared)[2:] if line[0] in "+-"]


def test_xlwings_own_modules_are_those_of_the_installed_one_but_for_our_changes(template: Path):
    assert changed_lines(template, "Dictionary") == []
    changed = changed_lines(template, "xlwings")
    assert len(changed) == 13
    assert changed[:3] == ["+#If Not Mac Then", "+Option Private Module", "+#End If"]


def test_the_command_that_starts_python_is_the_same_for_every_workbook_whatever_its_name(template: Path):
    """Excel's part of xlwings keeps a Python for each command."""
    source = vba_of(template)["xlwings"]
    command = source[source.index("Function XLPyCommand()") : source.index("Private Sub XLPyLoadDLL()")]
    of_excel = re.sub(r"(?s)#Else\n\s*' Other office apps.*?#End If\n\s*PYTHONPATH = .*?\n", "", command)
    assert "FullName" not in of_excel
    assert "ThisWorkbook" not in of_excel
    assert 'PYTHONPATH = AddExcelDir & ";;;" & GetConfig("ONEDRIVE_CONSUMER_WIN")' in command
    assert configuration_of(template)["Add_Workbook_To_PYTHONPATH"] == "False", "the name would be asked for"


def test_python_is_started_without_what_a_formula_does_not_need(template: Path):
    assert (
        '""import sys, os, tierxl.excel.start;" & LicenseKeyEnvString & "import xlwings.utils'
        in vba_of(template)["xlwings"]
    )


def test_the_settings_of_xlwings_are_read_also_while_a_chart_sheet_is_in_front(template: Path):
    """Cells of no sheet in particular are those of the sheet in front, and a chart sheet has none."""
    source = vba_of(template)["xlwings"]
    assert not re.search(r"(?<!\.)(?<!As )\bRange\(", source)


def test_an_xlwings_that_is_written_otherwise_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(macros, "_CHANGES", (("not there", "", "it is needed"),))
    with pytest.raises(CannotGrade, match="is not as expected, but it is needed"):
        xlwings_modules()


def test_helpers_are_not_offered_among_the_users_functions_and_macros(template: Path):
    modules = vba_of(template)
    hidden = {name for name, source in modules.items() if "\nOption Private Module\n" in source}
    assert hidden == {"xlwings", "TierxlCalculation", "TierxlFunctionHelp", "TierxlLicences", "TierxlWorkbooks"}


def test_the_vba_and_its_dlls_are_of_the_installed_version_to_the_digit(template: Path):
    source = vba_of(template)["xlwings"]
    assert set(re.findall(r'XLWINGS_VERSION As String = "(.*)"', source)) == {xw.__version__}
    assert set(re.findall(r'"xlwings\d\d-(.*?)\.dll"', source)) == {xw.__version__}


def test_an_xlwings_of_two_versions_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(xw, "__version__", "0.1.2")
    with pytest.raises(CannotGrade) as refusal:
        xlwings_modules()
    assert str(refusal.value) == (
        "The installed xlwings is not of one version: Python has 0.1.2, its VBA 0.37.8. "
        "Install it anew: pip install --force-reinstall xlwings."
    )


def test_the_licences_of_what_is_borrowed_are_in_the_workbook(template: Path):
    modules = vba_of(template)
    assert "BSD 3-clause license" in modules["xlwings"]
    assert "THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS" in modules["xlwings"]
    assert "(c) Tim Hall" in modules["Dictionary"]
    assert "Copyright (c) 2017 Tim Hall" in modules["TierxlLicences"]
    assert "this permission notice shall be included in all" in modules["TierxlLicences"]


def test_no_compiled_code_stands_beside_the_texts(template: Path):
    """Excel compiles them as it opens the workbook; see Microsoft's MS-OVBA, 2.3.4.1 and 2.3.4.3."""
    file = CFB.from_bytes(parts_of(template)["xl/vbaProject.bin"])
    assert file.get_stream_in_storage("VBA", "_VBA_PROJECT") == bytes.fromhex("CC 61 FF FF 00 00 00")
    modules = set(vba_of(template))
    assert {*file.list_streams_in_storage("VBA")} == {*modules, "dir", "_VBA_PROJECT"}
    for name in modules:
        text = decompress(file.get_stream_in_storage("VBA", name))
        assert text.startswith(f'Attribute VB_Name = "{name}"'.encode()), "it begins where its stream does"


@pytest.mark.parametrize("name", [WITH_MACROS, ADD_IN])
def test_olevba_reads_all_of_it(name: str, templates: dict[str, Path]):
    template = templates[name]
    command = [sys.executable, "-W", "ignore", "-m", "oletools.olevba", "--json", "--code", str(template)]
    report = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    (found,) = (part["macros"] for part in report if part.get("macros"))
    read = {Path(macro["vba_filename"]).stem: macro["code"].replace("\r\n", "\n") for macro in found}
    for name, source in code_of(template).items():
        assert source.strip().splitlines()[-1] in read[name]


def test_our_modules_declare_their_variables(template: Path):
    modules = code_of(template)
    assert all(modules[name].startswith("Option Explicit\n") for name in OWN)


def test_nothing_of_ours_in_the_vba_needs_a_character_that_vba_cannot_store():
    assert all(source.isascii() for source in own_modules().values())


def test_no_other_add_in_has_procedures_of_these_names():
    public = [
        procedure
        for name, source in own_modules().items()
        if name != "xlwings_udfs"
        for procedure in re.findall(r"^(?:Public )?(?:Sub|Function) (\w+)", source, re.MULTILINE)
    ]
    assert len(public) == 17
    assert all(procedure.startswith("Tierxl") for procedure in public)


def test_every_setting_that_xlwings_looks_for_is_found_in_the_workbook(template: Path):
    """So that a file of the user's, or beside the workbook, changes nothing. Two have a default that must stay."""
    asked = set(re.findall(r'GetConfig\("([^"]+)"', vba_of(template)["xlwings"]))
    found = {key.upper() for key in configuration_of(template)} - {"XLWINGS_VERSION"}  # this one is for tierxl doctor
    assert found == asked - {"INTERPRETER", "TEMP DIR"}


def test_the_configuration_has_no_gap_at_which_xlwings_stops_reading(template: Path):
    assert all(configuration_of(template))


# --- A changed setting -----------------------------------------------------------------------------------------------

CHANGE = """
Public Sub ChangeCell(sheetName As String)
    Worksheets(sheetName).Range("C6").Value = "revenue"
End Sub
Public Sub TierxlDescribeFunctions()
End Sub
Public Sub TierxlSettingsChanged(book As Workbook)
    Debug.Print "calculated"
End Sub
"""


@pytest.mark.parametrize(("sheet", "said"), [("Settings", ["calculated"]), ("Clients", []), ("Account managers", [])])
def test_the_formulas_follow_a_changed_setting(sheet: str, said: list[str], template: Path):
    app = excel(template, "ThisWorkbook")
    app.add_module(CHANGE, name="Change")
    app.run("ChangeCell", sheet)
    assert app.console == said


PYTHON = """
Public Sub Exec(statement)
    Debug.Print statement
End Sub
"""
LIBRARY = """
Public Function XLPyCommand() As String
    XLPyCommand = "pythonw"
End Function
Public Function XLPyDLLActivateAuto(ByRef Result As Variant, ByVal Config As String, ByVal mode As Long) As Long
    If mode <> 0 Then Err.Raise 1000, Description:="A Python is started"
    Set Result = Running
End Function
Private Function Running() As Object
    Set Running = {running}
End Function
"""
"""xlwings' library, as its source has it: by mode 0 it hands over the Python that runs, or nothing."""


@pytest.mark.parametrize("is_running", [True, False])
def test_every_sheet_is_calculated_anew_and_stays_so_and_only_a_python_that_runs_is_told(
    is_running: bool, template: Path, monkeypatch: pytest.MonkeyPatch
):
    """Excel calculates a sheet whose calculation is switched off and on; the interpreter has no such switch."""
    app = excel(template)
    source = vba_of(template)["TierxlCalculation"]
    shown = re.sub(r"sheet\.EnableCalculation = (\w+)", r'Debug.Print sheet.Name & "|" & \1', source)
    app.add_module(shown, name="TierxlCalculation")
    app.add_module(PYTHON, name="Recorder", kind="class")
    app.add_module(LIBRARY.format(running="New Recorder" if is_running else "Nothing"), name="xlwings")
    app.run("TierxlSettingsChanged", app.workbook)
    calculated = [f"{sheet.name}|{state}" for sheet in app.sheets() for state in (False, True)]
    if not is_running:
        assert app.console == calculated
        return
    statement, *others = app.console
    assert others == calculated
    monkeypatch.setattr(workbook_policy, "_readings", {"a.xlsm": workbook_policy._Reading({}, Policy(), math.inf)})
    exec(statement, {})
    assert workbook_policy._readings["a.xlsm"].fresh_until == 0, "Python forgets the settings before"


def test_the_settings_sheet_is_known_by_its_mark_not_by_its_title(template: Path, tmp_path: Path):
    def rename(book: Workbook) -> None:
        book["Settings"].title = "Our rules"
        book["Account managers"].title = "Settings"

    app = ExcelApplication.open(edit(template, rename, tmp_path / "renamed.xlsx"), with_vba=False)
    for name, kind in (("ThisWorkbook", "document"), ("TierxlWorkbooks", "standard")):
        app.add_module(vba_of(template)[name], name=name, kind=kind)
    app.add_module(CHANGE, name="Change")
    app.run("ChangeCell", "Settings")
    assert app.console == []
    app.run("ChangeCell", "Our rules")
    assert app.console == ["calculated"]


def test_the_vba_and_python_mean_the_same_mark(template: Path):
    source = vba_of(template)["TierxlWorkbooks"]
    assert f'= "{MARK}"' in source
    assert f'"=""{settings.KIND}"""' in source
