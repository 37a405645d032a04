"""The worksheet functions as Excel's VBA calls them, by name, through xlwings.

The policy of a call is that of the calling workbook's Settings sheet, where it can be reached; the day is today.
"""

import inspect
from collections.abc import Callable
from datetime import date
from typing import Any

import xlwings as xw

from tierxl.excel.open_workbook import settings_of
from tierxl.functions import FUNCTIONS
from tierxl.functions.worksheet_function import CATEGORY, WorksheetFunction
from tierxl.method.policy import Policy

_DEFAULT = Policy()
_last: dict[str, tuple[dict[str, Any], Policy]] = {}
"""The settings and the policy that each workbook had when its Settings sheet was last read."""


def workbook_policy() -> Policy:
    """The policy of the workbook that calls.

    A setting that is wrong keeps its default. Where the Settings sheet cannot be reached, as when Excel is busy, the
    policy is the one that the workbook had before; where no workbook calls, it is the default policy.
    """
    try:
        book = xw.Book.caller()
        name = book.name
    except Exception:  # noqa: BLE001  each host has its own way to say that no workbook calls
        return _DEFAULT
    try:
        layer = settings_of(book).layer
        if name not in _last or _last[name][0] != layer:
            _last[name] = layer, Policy.with_settings(layer)
    except Exception:  # noqa: BLE001  Excel has many ways to say that it is busy
        return _last[name][1] if name in _last else _DEFAULT
    return _last[name][1]


def _in_excel(function: WorksheetFunction) -> Callable[..., Any]:
    """A function of Excel's arguments for xlwings, which hands over every argument as a range, also a single cell.

    Where there are no dates, the answers go to Excel as they are, which saves xlwings a look at every cell, as long as
    two thirds of a grading.
    """

    def answer(*cells: Any) -> Any:
        return function(workbook_policy(), date.today(), *cells)

    answer.__name__, answer.__doc__, answer.__annotations__ = function.name, function.help, {}
    parameters = inspect.signature(function.calculate).parameters
    answer.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [parameters[argument.name].replace(annotation=inspect.Parameter.empty) for argument in function.arguments]
    )
    for argument in function.arguments:
        answer = xw.arg(argument.name, ndim=2, err_to_str=True, doc=argument.help)(answer)
    if function.answers != "dates and texts":
        answer = xw.ret("raw")(answer)
    return xw.func(category=CATEGORY, call_in_wizard=False)(answer)


globals().update({name: _in_excel(function) for name, function in FUNCTIONS.items()})
