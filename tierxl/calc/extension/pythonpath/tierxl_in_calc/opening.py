"""A workbook of Excel is opened.

Its formulas call the functions by a name that Calc does not look up by itself; a live one shows the day of its file.
"""

import re
from typing import Any, Iterator

from com.sun.star.task import XJob

from tierxl_in_calc.document import errors_in
from tierxl_in_calc.functions import FUNCTIONS
from tierxl_in_calc.marks import kind_of
from tierxl_in_calc.service import Service

CALC = "com.sun.star.sheet.SpreadsheetDocument"
LIVE = "live"
"""The kind of the sheet on which a live workbook has its day."""

_UNKNOWN_NAME = 525
_OURS = re.compile(r"(?<![\w.])(?:{})\s*\(".format("|".join(function["name"] for function in FUNCTIONS)), re.IGNORECASE)

_WHOLE_TABLE = re.compile(r"(?<![\[;])\[#(All|Data|Headers|Totals)\]", re.IGNORECASE)
"""A part of a table as Excel names it alone; Calc wants a second pair of brackets."""


class Opening(Service, XJob):
    """Runs when a document has been opened."""

    NAME = "tierxl.Opening"
    SERVICES = ("com.sun.star.task.Job",)

    def execute(self, arguments: Any) -> Any:
        properties = {part.Name: part.Value for part in arguments}
        document = {part.Name: part.Value for part in properties.get("Environment", ())}.get("Model")
        if document is not None and document.supportsService(CALC):
            know_functions(document)
            calculate_live(document)
        return ()


def know_functions(document: Any) -> None:
    """Enter the formulas with our functions once more, where Calc has not known them."""
    was_modified, undo = document.isModified(), document.UndoManager
    undo.lock()
    try:
        for sheet in document.Sheets:
            for cell in _unknown(sheet):
                if cell.ArrayFormula:
                    cursor = sheet.createCursorByRange(cell)
                    cursor.collapseToCurrentArray()
                    if cursor.RangeAddress.StartRow == cell.CellAddress.Row:
                        cursor.setArrayFormula(_in_calc(cell.ArrayFormula.strip("{}")))
                else:
                    cell.Formula = _in_calc(cell.Formula)
    finally:
        undo.unlock()
        document.setModified(was_modified)


def calculate_live(document: Any) -> None:
    """Calculate a live workbook: Calc would show some cells as of today, and others as of the day of the file."""
    if any(kind_of(sheet) == LIVE for sheet in document.Sheets):
        document.calculateAll()


def _in_calc(formula: str) -> str:
    return _WHOLE_TABLE.sub(lambda part: f"[[#{part.group(1).capitalize()}]]", formula)


def _unknown(sheet: Any) -> Iterator[Any]:
    if sheet.isProtected():
        return
    for row, column in errors_in(sheet):
        cell = sheet.getCellByPosition(column, row)
        if cell.getError() == _UNKNOWN_NAME and _OURS.search(cell.Formula):
            yield cell
