"""The VBA functions: one for each Python function, with its arguments and its help."""

import importlib
import inspect
import re
from pathlib import Path
from typing import Any

import pytest
from pyopenvba.apps.excel import ExcelApplication
from pyopenvba.exceptions import VBARuntimeError
from pyopenvba.interpreter._values import MISSING

from tests.template.excel import excel
from tests.template.templates import vba_of
from tierxl.functions import FUNCTIONS
from tierxl.functions.worksheet_function import CATEGORY, MARK
from tierxl.template.macros import HELP, ON_MAC, WAITS
from tierxl.template.macros import WRAPPERS as MODULE

pytestmark = pytest.mark.long

LONGEST_LINE, MOST_CONTINUATIONS = 1023, 24
"""What the VBA editor takes."""

CALL = re.compile(
    r'(\w+) = InCells\(python\.CallUDF\("([\w.]+)", "(\w+)", Array\((.*)\), '
    r"WorkbookOf\(Application\.Caller\), Application\.Caller\)\)"
)

RECORDER = """
Public Function CallUDF(moduleName, functionName, arguments, book, caller)
    Dim cells(0 To 1, 0 To 0)
    If functionName = "TIER_WHY" Then Err.Raise 1000, Description:="Unexpected Python Error: Traceback" & vbCrLf & _
        "  File ""udfs.py"", line 1" & vbLf & "com_error: (-2147418111, 'Call was rejected by callee.')" & vbCrLf
    If functionName = "NEXT_DUE" Then
        cells(0, 0) = "none"
        cells(1, 0) = arguments(2)
        CallUDF = cells
    ElseIf functionName = "WALLET_RATING" Then
        CallUDF = Array("High", "Low")
    ElseIf functionName = "TIER_SERVICE" Then
        CallUDF = TypeName(arguments(0)) & " " & arguments(0) & " " & arguments(1)(2, 1)
    Else
        CallUDF = moduleName & " " & functionName & " " & TypeName(arguments(UBound(arguments))) & " " & book.Name
    End If
End Function
"""
STARTED = "Public Function XLPy() As Object\n    Set XLPy = New Recorder\nEnd Function"
NOT_STARTED = 'Public Function XLPy() As Object\n    Err.Raise 1000, Description:="No DLL"\nEnd Function'
TOGETHER = """
Public Function Asked()
    Asked = TypeName(NEXT_DUE("A", "Call", "x")) & ", " & TypeName(NEXT_DUE("A", "Call", 5)) & ", " & \
TypeName(WALLET_RATING(1))
End Function
Public Function Cells()
    Cells = TIER_SERVICE(Worksheets("Clients").Range("A5"), Worksheets("Clients").Range("A5:A6"))
End Function
"""
HEIGHT = """
Public Function Height(area As String)
    Height = Filled(ThisWorkbook.Worksheets("Clients").Range(area)).Rows.Count
End Function
"""


@pytest.fixture(scope="module")
def source(template: Path) -> str:
    return vba_of(template)[MODULE]


@pytest.fixture(scope="module")
def calls(source: str) -> dict[str, tuple[str, list[str]]]:
    """The calls of Python in the VBA: function to module and arguments."""
    return {
        name: (module, re.findall(r"ValueOf\((\w+)\)", arguments))
        for _, module, name, arguments in CALL.findall(source)
    }


def test_every_function_is_there_once(source: str, calls: dict[str, Any]):
    assert re.findall(r"^Public Function (\w+)\(", source, re.MULTILINE) == list(FUNCTIONS)
    assert list(calls) == list(FUNCTIONS)
    assert all(assigned == called for assigned, _, called, _ in CALL.findall(source))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_call_names_a_python_function_with_these_arguments(name: str, calls: dict[str, tuple[str, list[str]]]):
    module, arguments = calls[name]
    assert arguments == list(inspect.signature(getattr(importlib.import_module(module), name)).parameters)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_what_can_be_left_out_in_python_can_be_left_out_in_excel(name: str, source: str):
    (parameters,) = re.findall(rf"^Public Function {name}\((.*)\)$", source, re.MULTILINE)
    function = getattr(importlib.import_module("tierxl.excel.udfs"), name)
    assert parameters.split(", ") == [
        parameter.name if parameter.default is parameter.empty else f"Optional {parameter.name}"
        for parameter in inspect.signature(function).parameters.values()
    ]


def calculating(
    template: Path,
    caller: str = 'ThisWorkbook.Worksheets(1).Range("A1")',
    xlwings: str = STARTED,
    enabled: str = "True",
) -> ExcelApplication:
    """An Excel with the functions, and with a stand-in for what xlwings and the interpreter lack."""
    app = excel(template)
    text = vba_of(template)[MODULE].replace("Application.Caller", caller)
    text = text.replace('Application.CommandBars("Standard").Controls(1).Enabled', enabled)
    app.add_module(text, name=MODULE)
    app.add_module(RECORDER, name="Recorder", kind="class")
    app.add_module(xlwings, name="xlwings")
    app.add_module(TOGETHER, name="Together")
    return app


def test_a_cell_gets_what_python_answers(template: Path):
    answer = calculating(template).run("TIER_TABLE", "clients", "Tier")
    assert answer == "tierxl.excel.udfs TIER_TABLE String Client Tiers.xlsm"


def test_an_argument_that_is_left_out_reaches_python_as_missing(template: Path):
    answer = calculating(template).run("TIER_TABLE", "clients", MISSING)
    assert answer == "tierxl.excel.udfs TIER_TABLE Error Client Tiers.xlsm"


def test_python_gets_the_values_of_cells_and_need_not_ask_for_them(template: Path):
    assert calculating(template).run("Cells") == "String Client Sample: Alder Legal"


def test_of_whole_columns_the_rows_that_are_used_go_to_python(template: Path):
    """A column of formulas with B:B in each would hand over a million cells a formula."""
    app = excel(template)
    app.add_module(vba_of(template)[MODULE] + HEIGHT, name=MODULE)
    used = app.evaluate('ThisWorkbook.Worksheets("Clients").UsedRange.Rows.Count')
    heights = {area: app.run("Height", area) for area in ("A:B", "A3:A1048576", "A3:A9000", "A1048574:A1048576")}
    assert list(heights.values()) == [used, used - 2, 8_998, 3]


def test_an_answer_of_texts_alone_is_an_array_of_texts_which_may_be_long(template: Path):
    """Excel shows a text above 255 characters as an error in any other array."""
    assert calculating(template).run("Asked") == "String(), Variant(), String()"


def test_a_cell_says_what_to_do_when_python_does_not_start(template: Path):
    answer = calculating(template, xlwings=NOT_STARTED).run("TIER_WHY", "clients", "Abel")
    assert answer == f"{MARK}Python did not start; run tierxl doctor. No DLL"


def test_a_cell_says_what_python_said_when_it_fails_at_its_answer(template: Path):
    answer = calculating(template).run("TIER_WHY", "clients", "Abel")
    assert answer == f"{MARK}Python could not answer: com_error: (-2147418111, 'Call was rejected by callee.')"


def test_a_macro_of_the_users_that_calls_a_function_gets_the_error(template: Path):
    with pytest.raises(VBARuntimeError, match="No DLL"):
        calculating(template, caller="ThisWorkbook", xlwings=NOT_STARTED).run("TIER_WHY", "clients", "Abel")


def test_a_function_says_why_it_waits_while_a_window_is_open_and_does_not_call_python(template: Path, source: str):
    """Such as the function wizard, which calculates at every key; a cell would show 0 otherwise."""
    app = calculating(template, xlwings=NOT_STARTED, enabled="False")
    assert app.run("TIER_WHY", "clients", "Abel") == WAITS
    assert source.count(WAITS) == len(FUNCTIONS)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_on_a_mac_a_function_says_that_it_needs_windows(name: str, template: Path, source: str):
    app = excel(template)
    app.add_module(source.replace("#If Mac", "#If VBA7"), name=MODULE)
    assert app.run(name, *["x"] * len(FUNCTIONS[name].arguments)) == ON_MAC
    assert ON_MAC.startswith(MARK)


DESCRIBED = """\
Private Sub DescribeFunction(functionName As String, helpText As String, argumentHelp As Variant)
    Debug.Print functionName & "|" & helpText & "|" & Join(argumentHelp, "|")
    ThisWorkbook.Saved = False
End Sub
"""


def opened(template: Path) -> ExcelApplication:
    """An Excel in which the macro that runs at opening has described the functions; the interpreter has no wizard."""
    app = excel(template)
    text = vba_of(template)[HELP]
    app.add_module(text[: text.index("Private Sub DescribeFunction")] + DESCRIBED, name=HELP)
    app.run("TierxlDescribeFunctions")
    return app


def test_the_function_wizard_shows_the_help_of_each_function_and_of_each_argument(template: Path):
    assert opened(template).console == [
        "|".join([function.name, function.help, *(argument.help for argument in function.arguments)])
        for function in FUNCTIONS.values()
    ]


def test_the_help_goes_to_this_workbooks_functions_under_our_category(template: Path):
    text = vba_of(template)[HELP]
    assert "Macro:=TierxlMacroOf(ThisWorkbook, functionName)" in text
    assert f'Category:="{CATEGORY}"' in text


def test_describing_the_functions_leaves_the_workbook_saved(template: Path):
    assert opened(template).evaluate("ThisWorkbook.Saved") is True


@pytest.mark.parametrize("module", [MODULE, HELP])
def test_the_vba_editor_takes_the_lines(module: str, template: Path):
    lines = vba_of(template)[module].splitlines()
    assert max(map(len, lines)) <= LONGEST_LINE
    longest = run = 0
    for line in lines:
        run = run + 1 if line.endswith(" _") else 0
        longest = max(longest, run)
    assert longest <= MOST_CONTINUATIONS
