"""The table of clients with calculated columns: new rows of it get the formulas by themselves."""

from tierxl.workbooks.layout import Layout
from tierxl.workbooks.ooxml.package import MAIN, Element, element

_FORMULA = "calculatedColumnFormula"


def set_formulas(table: Element, left: int, layout: Layout) -> None:
    """Give the graded columns of a table their formulas, or take away those of an earlier grading.

    Args:
        table: the table.
        left: its first column.
        layout: what changes on the sheet.
    """
    formulas = layout.live.in_table if layout.live else {}
    ours = set(layout.columns.values())
    for at, column in enumerate(table.iterfind(f"{{{MAIN}}}tableColumns/{{{MAIN}}}tableColumn"), left):
        if at not in ours:
            continue
        for former in column.findall(f"{{{MAIN}}}{_FORMULA}"):
            column.remove(former)
        if at in formulas:
            formula = element(_FORMULA)
            formula.text = formulas[at]
            column.insert(0, formula)
