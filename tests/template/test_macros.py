"""The VBA project: what is borrowed from xlwings is whole and of its version, what is ours is sound."""

import json
import re
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest
import xlwings as xw
from openpyxl import Workbook
from pyopenvba import ExcelFile
from pyopenvba.apps.excel import ExcelApplication

from tests.files import edit
from tests.template.templates import excel, vba_of
from tests.template.test_build import configuration_of
from tierxl.method.issues import CannotGrade
from tierxl.sheets import settings
from tierxl.sheets.mark import MARK
from tierxl.template.macros import own_modules, xlwings_modules

pytestmark = pytest.mark.long

BORROWED = {"xlwings", "Dictionary"}
OWN = {"TierxlRibbon", "TierxlCalculation", "TierxlFunctionHelp", "TierxlLicences", "ThisWorkbook", "xlwings_udfs"}


def code_of(path: Path) -> dict[str, str]:
    """The modules with something in them, without the lines that the VBA editor hides."""
    sources = {name: re.sub(r"(?m)^Attribute .*\n", "", source) for name, source in vba_of(path).items()}
    return {name: source for name, source in sources.items() if source.strip()}


def test_the_project_has_xlwings_modules_and_ours_and_nothing_else(template: Path):
    assert set(code_of(template)) == BORROWED | OWN


def test_xlwings_own_modules_are_those_of_the_installed_one(template: Path):
    with ExcelFile(str(files("xlwings") / "quickstart_standalone.xlsm")) as standalone:
        installed = standalone.vba_modules()
    built = vba_of(template)
    for name in BORROWED:
        assert built[name] == installed[name].replace("\r\n", "\n")


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


def test_olevba_reads_all_of_it(template: Path):
    command = [sys.executable, "-W", "ignore", "-m", "oletools.olevba", "--json", "--code", str(template)]
    report = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    (found,) = (part["macros"] for part in report if part.get("macros"))
    read = {Path(macro["vba_filename"]).stem: macro["code"].replace("\r\n", "\n") for macro in found}
    for name, source in code_of(template).items():
        assert source.strip().splitlines()[-1] in read[name]


@pytest.mark.parametrize("name", sorted(OWN))
def test_our_modules_declare_their_variables_and_can_be_read(name: str, template: Path):
    assert code_of(template)[name].startswith("Option Explicit\n")
    excel(template, name)


def test_nothing_of_ours_in_the_vba_needs_a_character_that_vba_cannot_store():
    assert all(source.isascii() for source in own_modules().values())


def test_no_other_add_in_has_procedures_of_these_names():
    public = [
        procedure
        for name, source in own_modules().items()
        if name != "xlwings_udfs"
        for procedure in re.findall(r"^(?:Public )?(?:Sub|Function) (\w+)", source, re.MULTILINE)
    ]
    assert len(public) == 10
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
Public Sub TierxlCalculateAgain()
    Debug.Print "calculated"
End Sub
"""


@pytest.mark.parametrize(("sheet", "said"), [("Settings", ["calculated"]), ("Clients", []), ("Account managers", [])])
def test_the_formulas_follow_a_changed_setting(sheet: str, said: list[str], template: Path):
    app = excel(template, "ThisWorkbook")
    app.add_module(CHANGE, name="Change")
    app.run("ChangeCell", sheet)
    assert app.console == said


def test_every_sheet_is_calculated_anew_and_stays_so(template: Path):
    """Excel calculates a sheet whose calculation is switched off and on; the interpreter has no such switch."""
    app = excel(template)
    source = vba_of(template)["TierxlCalculation"]
    shown = re.sub(r"sheet\.EnableCalculation = (\w+)", r'Debug.Print sheet.Name & "|" & \1', source)
    app.add_module(shown, name="TierxlCalculation")
    app.run("TierxlCalculateAgain")
    assert app.console == [f"{sheet.name}|{state}" for sheet in app.sheets() for state in (False, True)]


def test_the_settings_sheet_is_known_by_its_mark_not_by_its_title(template: Path, tmp_path: Path):
    def rename(book: Workbook) -> None:
        book["Settings"].title = "Our rules"
        book["Account managers"].title = "Settings"

    app = ExcelApplication.open(edit(template, rename, tmp_path / "renamed.xlsx"), with_vba=False)
    app.add_module(vba_of(template)["ThisWorkbook"], name="ThisWorkbook", kind="document")
    app.add_module(CHANGE, name="Change")
    app.run("ChangeCell", "Settings")
    assert app.console == []
    app.run("ChangeCell", "Our rules")
    assert app.console == ["calculated"]


def test_the_vba_and_python_mean_the_same_mark(template: Path):
    source = vba_of(template)["ThisWorkbook"]
    assert f'= "{MARK}"' in source
    assert f'"=""{settings.KIND}"""' in source
