"""The VBA that is made from the Python functions: one VBA function for each, and its help in the function wizard.

The shape of the functions is that of xlwings' own import, so that xlwings finds what it expects.
"""

from collections.abc import Iterable

from tierxl.functions.worksheet_function import CATEGORY, MARK, WorksheetFunction
from tierxl.template.configuration import FUNCTIONS_MODULE

FUNCTIONS, HELP = "xlwings_udfs", "TierxlFunctionHelp"
"""The names of the two modules; the first is the one that xlwings uses."""

ON_MAC = f"{MARK}functions need Excel for Windows; press Grade clients instead"
_NOT_STARTED = f"{MARK}Python did not start; run tierxl doctor. "

_FUNCTION = """\
Public Function {name}({parameters})
    #If Mac Then
        {name} = "{on_mac}"
    #Else
        If (Not Application.CommandBars("Standard").Controls(1).Enabled) Then Exit Function
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        {name} = XLPy.CallUDF("{module}", "{name}", Array({arguments}), ThisWorkbook, Application.Caller)
        Exit Function
failed:
        {name} = "{not_started}" & Err.Description
    #End If
End Function
"""

_HELP = """\
Option Explicit

Public Sub TierxlDescribeFunctions()
    #If Not Mac Then
        Dim wasSaved As Boolean
        wasSaved = ThisWorkbook.Saved
{described}
        ThisWorkbook.Saved = wasSaved
    #End If
End Sub

Private Sub DescribeFunction(functionName As String, helpText As String, argumentHelp As Variant)
    On Error Resume Next
    Application.MacroOptions Macro:="'" & Replace(ThisWorkbook.Name, "'", "''") & "'!" & functionName, _
        Description:=helpText, Category:="{category}", ArgumentDescriptions:=argumentHelp
End Sub
"""


def functions_module(functions: Iterable[WorksheetFunction]) -> str:
    """The VBA functions that hand over to Python."""
    return "Option Explicit\n\n" + "\n".join(_wrapper(function) for function in functions)


def help_module(functions: Iterable[WorksheetFunction]) -> str:
    """The macro that gives Excel's function wizard the help of each function and argument."""
    described = "\n".join(
        "        DescribeFunction {}, {}, Array( _\n            {})".format(
            _quoted(function.name),
            _quoted(function.help),
            ", _\n            ".join(_quoted(argument.help) for argument in function.arguments),
        )
        for function in functions
    )
    return _HELP.format(described=described, category=CATEGORY)


def _wrapper(function: WorksheetFunction) -> str:
    names = [argument.name for argument in function.arguments]
    return _FUNCTION.format(
        name=function.name,
        parameters=", ".join(("Optional " if it.optional else "") + it.name for it in function.arguments),
        arguments=", ".join(names),
        module=FUNCTIONS_MODULE,
        on_mac=ON_MAC,
        not_started=_NOT_STARTED,
    )


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
