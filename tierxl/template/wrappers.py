"""The VBA that is made from the Python functions: one VBA function for each, and its help in the function wizard.

The shape of the functions is that of xlwings' own import, so that xlwings finds what it expects.
"""

from collections.abc import Sequence

from tierxl.functions.worksheet_function import CATEGORY, MARK, WorksheetFunction
from tierxl.template.configuration import FUNCTIONS_MODULE
from tierxl.workbooks.shipped import rendered

FUNCTIONS, HELP = "xlwings_udfs", "TierxlFunctionHelp"
"""The names of the two modules; the first is the one that xlwings uses."""

ON_MAC = f"{MARK}functions need Excel for Windows; press Grade clients instead"
_NOT_STARTED = f"{MARK}Python did not start; run tierxl doctor. "


def functions_module(functions: Sequence[WorksheetFunction]) -> str:
    """The VBA functions that hand over to Python."""
    texts = {"module": FUNCTIONS_MODULE, "on_mac": ON_MAC, "not_started": _NOT_STARTED}
    return rendered("tierxl.template", "functions.bas.j2", functions=functions, **texts)


def help_module(functions: Sequence[WorksheetFunction]) -> str:
    """The macro that gives Excel's function wizard the help of each function and argument."""
    return rendered("tierxl.template", "help.bas.j2", functions=functions, category=CATEGORY)
