"""Looking into the templates: their VBA, and the engine that calculates their cells."""

import functools
import inspect
import io
import re
import shutil
import zipfile
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import formualizer
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter, range_boundaries
from pyopenvba import ExcelFile

from tests.files import parts_of
from tierxl.excel import udfs
from tierxl.functions import FUNCTIONS
from tierxl.template.build import NAMES
from tierxl.template.lite import NAME as LITE
from tierxl.template.live_workbook import NAME as LIVE
from tierxl.template.shipped import write_template

COMMITTED = Path(__file__).parents[2] / "workbook"
WITH_MACROS, PLAIN, PLAIN_TEMPLATE = NAMES
BLANK_TEMPLATE = "Client Tiers.xltm"
ADD_IN = "Client Tiers.xlam"
LIVE_TIERS = "xl/worksheets/sheet3.xml"


def shipped_to(folder: Path) -> dict[str, Path]:
    """Copies of the templates and the add-in by name; the file that new workbooks are made from as installing makes it.

    They are those of the repository, which are what is built: see test_build.py.
    """
    paths = {name: Path(shutil.copy(COMMITTED / name, folder)) for name in (*NAMES, ADD_IN, LIVE, LITE)}
    write_template(folder / BLANK_TEMPLATE)
    return paths | {BLANK_TEMPLATE: folder / BLANK_TEMPLATE}


# --- VBA -------------------------------------------------------------------------------------------------------------


@functools.cache
def vba_of(path: Path) -> dict[str, str]:
    """The VBA of a workbook: module to text."""
    with ExcelFile(path) as file:
        return {name: source.replace("\r\n", "\n") for name, source in file.vba_modules().items()}


def vba_of_xlwings() -> dict[str, str]:
    """The VBA of the installed xlwings, as it comes."""
    return vba_of(Path(str(files("xlwings") / "quickstart_standalone.xlsm")))


# --- Formulas --------------------------------------------------------------------------------------------------------


RESULT = re.compile(rb'(<c r="\w+" s="\d+")(?: t="(?:str|n)")?><v>[^<]*</v></c>')


def without_results(path: Path) -> bytes:
    """A template whose Live tiers carry formulas alone: the engine would take their stored results for typed values."""
    parts = parts_of(path)
    parts[LIVE_TIERS] = RESULT.sub(rb"\1/>", parts[LIVE_TIERS])
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        for name, part in parts.items():
            package.writestr(name, part)
    return file.getvalue()


def in_excel(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function as xlwings calls it, with the defaults of arguments that a formula leaves out."""
    defaults = [argument.default for argument in inspect.signature(function).parameters.values()]
    return lambda *cells: function(*cells, *defaults[len(cells) :])


class Calculated:
    """A template whose cells are calculated, with the worksheet functions in it."""

    def __init__(self, path: Path) -> None:
        self.engine = formualizer.load_workbook_bytes(without_results(path))
        for name, listed in FUNCTIONS.items():
            needed = sum(not argument.optional for argument in listed.arguments)
            self.engine.register_function(
                name, in_excel(getattr(udfs, name)), min_args=needed, max_args=len(listed.arguments)
            )
        for sheet in load_workbook(path):  # the engine reads no tables, so it is told
            for table in sheet.tables.values():
                left, top, right, bottom = range_boundaries(table.ref)
                self.engine.add_table(table.displayName, sheet.title, (top, left, bottom, right), table.column_names)

    def spilled(self, sheet: str, cell: str, area: str) -> list[list[Any]]:
        """What a formula of the template comes to, with what it spills."""
        column, row, _, _ = range_boundaries(cell)
        formula = self.engine.get_formula(sheet, row, column)
        self.engine.set_formula(sheet, row, column, "=" + formula.removeprefix("="))  # now that its names are known
        return self.values(sheet, area)

    def values(self, sheet: str, area: str) -> list[list[Any]]:
        left, top, right, bottom = range_boundaries(area)
        return [
            [self.engine.evaluate_cell(sheet, row, column) for column in range(left, right + 1)]
            for row in range(top, bottom + 1)
        ]

    def answer(self, formula: str, height: int, width: int = 1) -> list[list[Any]]:
        """What a formula of a user's comes to, in cells beside the account managers."""
        self.engine.set_formula("Account managers", 1, 8, formula)
        return self.values("Account managers", f"H1:{get_column_letter(7 + width)}{height}")

    def column(self, formula: str, height: int) -> list[Any]:
        return [row[0] for row in self.answer(formula, height)]
