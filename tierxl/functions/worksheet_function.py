"""What makes a Python function a worksheet function: its help, its arguments, and an answer whatever happens."""

import functools
import gc
import inspect
import logging
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

import xlwings as xw
from polars.exceptions import PanicException

from tierxl.method.issues import CannotGrade

CATEGORY = "Client tiers"
"""Under which Excel's function wizard lists the functions."""

MARK = "tierxl: "
"""How a text starts that says what to mend, so that nobody takes it for a result."""

LONGEST_TEXT = 32_767
"""How many characters a cell holds."""

LONGEST_HELP = 255
"""How many characters of help Excel's function wizard shows."""

Answers = Literal["texts", "numbers and texts", "dates and texts"]
"""What a function answers, whatever it is given."""

Answering = TypeVar("Answering", bound=Callable[..., Any])

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Argument:
    """One argument of a worksheet function, as Excel's function wizard shows it.

    Attributes:
        is_day: whether a number in it is a day.
    """

    name: str
    help: str
    optional: bool
    is_day: bool = False


@dataclass(frozen=True)
class WorksheetFunction:
    """A worksheet function as Excel's function wizard shows it.

    Attributes:
        answers: what it answers.
    """

    name: str
    help: str
    arguments: tuple[Argument, ...]
    answers: Answers


def worksheet_function(
    functions: dict[str, WorksheetFunction],
    *,
    days: Collection[str] = (),
    answers: Answers = "texts",
    **arguments: str,
) -> Callable[[Answering], Answering]:
    """Make a function one for cells: it answers with a short text where it cannot calculate, and raises nothing.

    The first paragraph of its docstring is its help. Excel hands over every argument as a range, also a single cell.

    Args:
        functions: where the function is listed.
        days: the arguments in which a number is a day.
        answers: what the function answers. Where there are no dates, the answers go to Excel as they are, which saves
            xlwings a look at every cell, as long as two thirds of a grading.
        arguments: the help of each argument.
    """

    def made(function: Answering) -> Answering:
        listed = _described(function, arguments, days, answers)
        functions[listed.name] = listed

        @functools.wraps(function)
        def answer(*given: Any, **named: Any) -> Any:
            try:
                with _no_garbage_collection():
                    return function(*given, **named)
            except CannotGrade as error:
                return f"{MARK}{error}"[:LONGEST_TEXT]
            except (Exception, PanicException) as error:  # noqa: BLE001  a traceback is nothing to show in a cell
                _log.debug("%s failed", listed.name, exc_info=True)
                return f"{MARK}{listed.name} cannot be calculated ({type(error).__name__}): check the cells it is given"

        answer.__annotations__ = {}  # Excel's values need no conversion, and xlwings would read one out of these
        for argument in listed.arguments:
            answer = xw.arg(argument.name, ndim=2, err_to_str=True, doc=argument.help)(answer)
        if answers != "dates and texts":
            answer = xw.ret("raw")(answer)
        return xw.func(category=CATEGORY, call_in_wizard=False)(answer)  # type: ignore[return-value]

    return made


@contextmanager
def _no_garbage_collection() -> Iterator[None]:
    """Without it for a while: a table is thousands of small lists at once, none of them garbage.

    The collector would look through them, and through everything else, as long as a grading takes.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _described(
    function: Callable[..., Any], helps: dict[str, str], days: Collection[str], answers: Answers
) -> WorksheetFunction:
    parameters = inspect.signature(function).parameters.values()
    return WorksheetFunction(
        function.__name__,
        " ".join((inspect.getdoc(function) or "").partition("\n\n")[0].split()),
        tuple(
            Argument(
                parameter.name,
                helps[parameter.name],
                parameter.default is not inspect.Parameter.empty,
                parameter.name in days,
            )
            for parameter in parameters
        ),
        answers,
    )
