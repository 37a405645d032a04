"""The worksheet functions as Excel's VBA calls them, by name, through xlwings.

The policy of a call is that of the calling workbook's Settings sheet, where it can be reached; the day is today.
"""

import inspect
from collections.abc import Callable
from datetime import date
from typing import Any

import xlwings as xw
from xlwings.conversion import Converter

from tierxl.excel.workbook_policy import workbook_policy
from tierxl.functions import FUNCTIONS
from tierxl.functions.worksheet_function import CATEGORY, WorksheetFunction
from tierxl.method.table.columns import GRADED_COLUMNS

LONGEST_BESIDE_NUMBERS = 255
"""The characters of a text in an answer that has numbers as well: VBA hands over more in arrays of texts alone."""

_LEFT_OUT = {("TIER_TABLE", "column"): tuple(name for name in GRADED_COLUMNS if name != "Why")}
"""The values of arguments that a formula leaves out. Sentences of Why are too long beside numbers."""


class _Answer(Converter):
    """The answer of a function as rows of cells, of which xlwings' server takes the size, whatever they are."""

    base_type = "raw"  # type: ignore[assignment]

    @staticmethod
    def write_value(answer: Any, _: object) -> list[list[Any]]:
        rows = answer if isinstance(answer, list) else [[answer]]
        if len(rows) == len(rows[0]) == 1 or all(isinstance(cell, str) for row in rows for cell in row):
            return rows
        return [list(map(_shortened, row)) for row in rows]


class _AnswerWithDays(_Answer):
    base_type = None  # type: ignore[assignment]


def _shortened(cell: Any) -> Any:
    is_long = isinstance(cell, str) and len(cell) > LONGEST_BESIDE_NUMBERS
    return f"{cell[: LONGEST_BESIDE_NUMBERS - 1]}…" if is_long else cell


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
        [
            inspect.Parameter(
                name, parameters[name].kind, default=_LEFT_OUT.get((function.name, name), parameters[name].default)
            )
            for name in (argument.name for argument in function.arguments)
        ]
    )
    for argument in function.arguments:
        answer = xw.arg(argument.name, ndim=2, err_to_str=True, doc=argument.help)(answer)
    answer = xw.ret(_AnswerWithDays if function.answers == "dates and texts" else _Answer)(answer)
    return xw.func(category=CATEGORY, call_in_wizard=False)(answer)


globals().update({name: _in_excel(function) for name, function in FUNCTIONS.items()})
