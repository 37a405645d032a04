"""Every module is VBA by its grammar, for each Excel that compiles it, and calls nothing that is not there."""

import re
from collections.abc import Iterator
from functools import cache

import pytest
from antlr4 import CommonTokenStream, InputStream
from antlr4.atn.PredictionMode import PredictionMode
from antlr4.error.ErrorListener import ErrorListener
from antlr4_vba.vbaLexer import vbaLexer
from antlr4_vba.vbaParser import vbaParser

from tests.template.templates import vba_of_xlwings
from tierxl.template.macros import OF_ADD_IN, OF_WORKBOOK, XLWINGS, own_modules, xlwings_modules

WINDOWS_64 = {"vba7": True, "win64": True, "win32": True, "mac": False, "mac_office_version": 0}
WINDOWS_32 = WINDOWS_64 | {"win64": False}
MAC = WINDOWS_64 | {"win32": False, "mac": True, "mac_office_version": 16}
SYSTEMS = {"Windows, 64 bits": WINDOWS_64, "Windows, 32 bits": WINDOWS_32, "Mac": MAC}

DIRECTIVE = re.compile(r"^\s*#(Const|If|ElseIf|Else|End If)\b(.*?)(?:\bThen)?\s*(?:'.*)?$", re.IGNORECASE)


def compiled_lines(source: str, system: dict[str, object]) -> Iterator[str]:
    """The lines of a module that an Excel compiles, and a blank one in place of each other."""
    names, open_blocks = dict(system), [(True, True)]  # whether lines of a block count, and one of its parts has done
    for line in source.splitlines():
        directive = DIRECTIVE.match(line)
        is_active, is_done = open_blocks[-1]
        if directive is None:
            yield line if all(active for active, _ in open_blocks) else ""
            continue
        word, condition = directive[1].lower(), directive[2].strip()
        if word == "const":
            name, _, value = condition.partition("=")
            names[name.strip().lower()] = value.strip().strip('"')
        elif word == "if":
            open_blocks.append((holds(condition, names),) * 2)
        elif word == "end if":
            open_blocks.pop()
        else:
            is_active = not is_done and (word == "else" or holds(condition, names))
            open_blocks[-1] = is_active, is_done or is_active
        yield ""


def holds(condition: str, names: dict[str, object]) -> bool:
    return bool(eval(re.sub(r"(?<![<>])=", "==", condition.lower()), {}, {k: lowered(v) for k, v in names.items()}))


def lowered(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


class Errors(ErrorListener):
    def __init__(self) -> None:
        self.found: list[str] = []

    def syntaxError(self, recognizer, symbol, line, column, message, error):  # noqa: ARG002, N802
        self.found.append(f"line {line}, {column}: {message}")


def syntax_errors(name: str, source: str, system: dict[str, object]) -> list[str]:
    """The errors in a module, without the lines at its top that the VBA editor hides."""
    name = "ThisWorkbook" if name == OF_WORKBOOK_ALONE else name
    return [error for part in parts_of(source, system) for error in parsed(f'Attribute VB_Name = "{name}"\n{part}\n')]


def parts_of(source: str, system: dict[str, object]) -> list[str]:
    """The declarations and each procedure of a module that an Excel compiles."""
    code = re.sub(r"(?m)^\s*'.*$", "", re.sub(r"\A(?:Attribute .*\r?\n)+", "", source))
    compiled = "\n".join(compiled_lines(code, system)) + "\n"
    return [part.strip() for part in (PROCEDURE.sub("", compiled), *PROCEDURE.findall(compiled))]


PROCEDURE = re.compile(
    r"^[ \t]*(?:(?:Public|Private|Friend|Static) )*(?:Sub|Function|Property) .*?^[ \t]*End (?:Sub|Function|Property)$",
    re.MULTILINE | re.DOTALL,
)


@cache
def parsed(source: str) -> list[str]:
    """The errors in the declarations of a module or in one procedure; most are the same for several systems.

    What has no errors in the quick mode, SLL, has none in the full one, LL.
    """
    return parsed_in(PredictionMode.SLL, source) and parsed_in(PredictionMode.LL, source)


def parsed_in(mode: PredictionMode, source: str) -> list[str]:
    errors = Errors()
    lexer = vbaLexer(InputStream(source))
    parser = vbaParser(CommonTokenStream(lexer))
    parser._interp.predictionMode = mode
    for part in (lexer, parser):
        part.removeErrorListeners()
        part.addErrorListener(errors)
    parser.startRule()
    return [f"{source.splitlines()[1:2]}, {error}" for error in errors.found]


OF_WORKBOOK_ALONE = "ThisWorkbook of the workbook"
OWN = own_modules(OF_ADD_IN) | {OF_WORKBOOK_ALONE: own_modules(OF_WORKBOOK)["ThisWorkbook"]}
"""The modules of the add-in and of the workbook, which are the same but for one."""


@pytest.mark.long
def test_our_modules_and_what_we_change_in_those_of_xlwings_are_vba():
    """One test: ANTLR works the grammar out as it parses, and each process of the tests would do that anew."""
    for name, system in SYSTEMS.items():
        of_ours = {module: syntax_errors(module, source, system) for module, source in OWN.items()}
        assert not any(of_ours.values()), (name, of_ours)
        changed = changed_in_xlwings(system)
        assert changed[XLWINGS], name
        of_changes = [error for parts in changed.values() for part in parts for error in syntax_errors("x", part, {})]
        assert of_changes == [], name


@pytest.mark.long
def test_the_grammar_tells_what_is_no_vba():
    source = "Option Explicit\nPublic Sub A()\n    If x The\n        y = 1\n    End If\nEnd Sub\n"
    assert syntax_errors("A", source, WINDOWS_64)
    assert syntax_errors("A", source.replace(" The\n", " Then\n"), WINDOWS_64) == []


def changed_in_xlwings(system: dict[str, object]) -> dict[str, set[str]]:
    before = vba_of_xlwings()
    return {
        name: set(parts_of(source, system)) - set(parts_of(before[name], system))
        for name, source in xlwings_modules().items()
    }


def test_each_excel_compiles_its_own_lines():
    source = "#If Mac Then\na\n#ElseIf Win64 Then\nb\n#Else\nc\n#End If\nd"
    compiled = {system: "".join(compiled_lines(source, names)) for system, names in SYSTEMS.items()}
    assert compiled == {"Windows, 64 bits": "bd", "Windows, 32 bits": "cd", "Mac": "ad"}


# --- Names -----------------------------------------------------------------------------------------------------------

VBA = """
    _ And Array As Boolean ByRef ByVal Const CStr Dim Each Else ElseIf End Err Error Exit Explicit False For
    Function GoTo If In InStr InStrRev Is IsArray IsNumeric IsObject LBound LCase Len Like Long Mac Mid Module
    MsgBox Next Not Nothing Now Object On Option Optional Private Public ReDim Replace Resume Set Split Step String
    Sub Then To Trim True TypeName TypeOf UBound Variant VarType vbCr vbExclamation vbLf vbNewLine vbString With
    WithEvents
"""
EXCEL = """
    ActiveProtectedViewWindow ActiveWorkbook Application ArgumentDescriptions AskToUpdateLinks Caller Category
    ChangeLink CommandBars Controls Count CountIf Description DisplayAlerts EnableCalculation Enabled EnableEvents
    FullName HasVBProject Interactive Invalidate IRibbonControl IRibbonUI IsAddin LinkSources Macro MacroOptions
    Name Names Number OnTime Parent Range RefersTo Resize Row Rows Run Saved ThisWorkbook UsedRange Value Workbook
    Workbook_Open Workbook_SheetChange Workbooks Worksheet WorksheetFunction Worksheets xlExcelLinks
    xlLinkTypeExcelLinks
"""
PYTHON = "CallUDF Exec"
"""Members of xlwings' server."""


def code_of(source: str) -> str:
    return re.sub(r"'.*", "", re.sub(r'"(?:[^"]|"")*"', '""', source))


def declared(code: str) -> set[str]:
    """The procedures, arguments, variables, constants and labels of a module."""
    names = re.findall(r"(?m)^(\w+):", code) + re.findall(r"\b(?:Sub|Function|Const) (\w+)", code)
    for listed in re.findall(
        r"(?:Sub|Function) \w+\(([^)]*)\)|\b(?:Dim|Private(?: WithEvents)?) (?!Sub|Function)(.*)", code
    ):
        names += re.findall(
            r"(?:Optional |ByVal |ByRef )?(\w+)(?:\(\))?(?: As \w+)?(?:, |$)", listed[0] or listed[1].strip()
        )
    return {name.lower() for name in names}


def public(code: str) -> set[str]:
    return {
        name.lower() for name in re.findall(r"(?m)^ *(?:Public |Declare |PtrSafe )*(?:Sub|Function|Const) (\w+)", code)
    }


@cache
def procedures() -> set[str]:
    """The procedures that any module can call, those of libraries and the constants too."""
    modules = [*OWN.values(), xlwings_modules()[XLWINGS]]
    return set().union(*(public(code_of(source)) for source in modules))


@pytest.mark.parametrize("name", OWN)
def test_our_modules_name_nothing_that_is_not_there(name: str):
    """VBA compiles a procedure when it is called first: a name with a slip is found by the user."""
    known = {word.lower() for word in (VBA + EXCEL + PYTHON).split()}
    code = code_of(OWN[name].replace("\r", ""))
    assert {word.lower() for word in re.findall(r"[A-Za-z_]\w*", code)} - known - procedures() - declared(code) == set()
