"""The VBA of workbook and add-in: xlwings' own, ours, a function for each Python function, and its help in the wizard.

The shape of the functions is that of xlwings' own import, so that xlwings finds what it expects.
"""

import re
from importlib.resources import files
from pathlib import Path

import xlwings as xw
from pyopenvba import ExcelFile
from pyopenvba.vba import VBAModuleKind

from tierxl.functions import FUNCTIONS
from tierxl.functions.worksheet_function import CATEGORY, MARK
from tierxl.method.issues import CannotGrade
from tierxl.template.configuration import FUNCTIONS_MODULE
from tierxl.workbooks.shipped import rendered

OF_WORKBOOK, OF_ADD_IN = "vba_of_workbook", "vba_of_add_in"
"""The folders with the modules of the workbook alone, and of the add-in alone."""
_OF_BOTH = "vba"

XLWINGS, DICTIONARY = "xlwings", "Dictionary"
"""The modules of xlwings that a workbook needs to stand alone. Their licences are in the workbook, too."""

WRAPPERS, HELP = "xlwings_udfs", "TierxlFunctionHelp"
"""The modules that hand over to Python, and that give Excel's function wizard the help of each function and argument.
The first has the name that xlwings uses."""

ON_MAC = f"{MARK}functions need Excel for Windows; press Grade clients instead"
WAITS = f"{MARK}waits until Excel's window is closed; if this stays, press Ctrl + Alt + F9"
"""The answer while Excel asks something else, such as in the function wizard, where each key would call Python."""
_NOT_STARTED = f"{MARK}Python did not start; run tierxl doctor. "
_FAILED = f"{MARK}Python could not answer: "
_WORKBOOK_MODULE = "ThisWorkbook"
_IN_FRONT = "the buttons of the add-in work on the workbook in front of it"
_CHANGES = (
    (
        'Attribute VB_Name = "xlwings"\n',
        'Attribute VB_Name = "xlwings"\n#If Not Mac Then\nOption Private Module\n#End If\n',
        "its helpers are not offered among the user's functions and macros; on a Mac, Python calls one from outside",
    ),
    (
        'AddExcelDir & ";" & ThisWorkbook.FullName & ";" & ThisWorkbook.FullName & ";"',
        'AddExcelDir & ";;;"',
        "one Python serves all workbooks, whatever they are called or saved as: there is one for each command line",
    ),
    (
        '"import sys, os;"',
        '"import sys, os, tierxl.excel.start;"',
        "the first cell would wait longer, see tierxl/excel/start.py",
    ),
    (
        'In Range(sht.Range("A1"), lastCell)',
        'In sht.Range(sht.Range("A1"), lastCell)',
        "the settings are read also where a chart sheet is in front",
    ),
    ('"BOOK_CALLER", ThisWorkbook', '"BOOK_CALLER", ActiveWorkbook', _IN_FRONT),
    ('"|" + ThisWorkbook.Name', '"|" + ActiveWorkbook.Name', _IN_FRONT),
)
"""The changes to the module xlwings: from what, into what, and why."""
_VERSION_OF_VBA = re.compile(r'XLWINGS_VERSION As String = "([^"]+)"')
_VERSION_OF_DLL = re.compile(r'"xlwings(?:32|64)-([^"]+)\.dll"')


def add_macros(workbook: Path, folder: str = OF_WORKBOOK) -> None:
    """Give an .xlsm file without macros ours; the folder has those that a workbook and the add-in do not share.

    Raises:
        CannotGrade: the installed xlwings is not of one version.
    """
    borrowed = xlwings_modules()
    with ExcelFile(workbook) as file:
        project = file.add_vba_project()
        project.add_module(XLWINGS, borrowed[XLWINGS])
        project.add_module(DICTIONARY, borrowed[DICTIONARY], kind=VBAModuleKind.other)
        for name, source in own_modules(folder).items():
            if name == _WORKBOOK_MODULE:
                file.set_module(name, source)
            else:
                project.add_module(name, source)
        file.save()


def own_modules(folder: str = OF_WORKBOOK) -> dict[str, str]:
    """The modules of our own by name, as VBA stores text."""
    items = [item for name in (_OF_BOTH, folder) for item in (files("tierxl.template") / name).iterdir()]
    sources = {item.name.removesuffix(".bas"): item.read_text(encoding="ascii") for item in items}
    values = {"functions": list(FUNCTIONS.values()), "category": CATEGORY, "module": FUNCTIONS_MODULE,
              "on_mac": ON_MAC, "waits": WAITS, "not_started": _NOT_STARTED, "failed": _FAILED}  # fmt: skip
    sources[WRAPPERS] = rendered("tierxl.template", "functions.bas.j2", **values)
    sources[HELP] = rendered("tierxl.template", "help.bas.j2", **values)
    return {name: sources[name].replace("\n", "\r\n") for name in sorted(sources)}


def xlwings_modules() -> dict[str, str]:
    """The VBA of the installed xlwings, with our changes.

    Raises:
        CannotGrade: its parts are not of one version: Excel would refuse to load its DLL, or Python to answer; or it is
            not written as the version that our changes are made for.
    """
    with ExcelFile(Path(str(files("xlwings") / "quickstart_standalone.xlsm"))) as standalone:
        modules: dict[str, str] = standalone.vba_modules()
    source = modules[XLWINGS]
    versions = {*_VERSION_OF_VBA.findall(source), *_VERSION_OF_DLL.findall(source)}
    if versions != {xw.__version__}:
        raise CannotGrade(
            f"The installed xlwings is not of one version: Python has {xw.__version__}, its VBA "
            f"{', '.join(sorted(versions)) or 'none'}. Install it anew: pip install --force-reinstall xlwings."
        )
    for before, after, why in _CHANGES:
        if source.count(before) != 1:
            raise CannotGrade(f"The VBA of xlwings {xw.__version__} is not as expected, but {why}: look for {before}.")
        source = source.replace(before, after)
    return modules | {XLWINGS: source}
