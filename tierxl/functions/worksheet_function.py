"""Descriptions of the worksheet functions for the hosts: name, help and arguments, and an answer whatever happens."""

import inspect
import logging
import tomllib
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from itertools import islice
from typing import Any, Literal

from tierxl.lean_imports import without_collection
from tierxl.method.issues import CannotGrade
from tierxl.method.policy import Policy
from tierxl.sheets.cells import LONGEST_TEXT

CATEGORY = "Client tiers"
"""The category under which Excel's function wizard lists the functions."""

MARK = "tierxl: "
"""The start of a text that says what to mend, so that nobody takes it for a result."""

Answers = Literal["texts", "numbers and texts", "dates and texts"]
"""The types of the values that a function answers, whatever its arguments are."""

_HELPS: dict[str, dict[str, str]] = tomllib.loads(
    (files("tierxl.functions") / "arguments.toml").read_text(encoding="utf-8")
)
_PANIC = "PanicException"
"""The error of Polars that is no Exception."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Argument:
    """One argument of a worksheet function, as a function wizard shows it.

    Attributes:
        is_day: whether a number in it is a day.
    """

    name: str
    help: str
    optional: bool
    is_day: bool


@dataclass(frozen=True)
class WorksheetFunction:
    """A worksheet function with all that a host shows of it.

    Attributes:
        name: its name in capitals.
        help: the first paragraph of its docstring.
        arguments: its arguments, those of cells only.
        answers: the types of its answers.
        calculate: the function itself, ``f(policy, as_of, *cells)``; it raises :class:`~tierxl.CannotGrade`.
    """

    name: str
    help: str
    arguments: tuple[Argument, ...]
    answers: Answers
    calculate: Callable[..., Any]

    def __call__(self, policy: Policy, as_of: date, *cells: Any) -> Any:
        """The answer to some cells; a short text that starts with :data:`MARK` where it cannot be calculated.

        Args:
            policy: the policy of the calling workbook.
            as_of: the day.
            cells: single cells and ranges, as rows of cells; arguments at the end may be left out.
        """
        try:
            with without_collection():
                return self.calculate(policy, as_of, *cells)
        except CannotGrade as error:
            return f"{MARK}{error}"[:LONGEST_TEXT]
        except BaseException as error:  # a traceback is nothing to show in a cell
            if not isinstance(error, Exception) and type(error).__name__ != _PANIC:
                raise
            _log.debug("%s failed", self.name, exc_info=True)
            return f"{MARK}{self.name} cannot be calculated ({type(error).__name__}): check the cells it is given"


def worksheet_function(
    *, days: Collection[str] = (), answers: Answers = "texts"
) -> Callable[[Callable[..., Any]], WorksheetFunction]:
    """Decorator of a function ``f(policy, as_of, *cells)``, which makes it a worksheet function.

    The help of its arguments stands in ``arguments.toml``.

    Args:
        days: the arguments in which a number is a day.
        answers: the types of its answers.
    """

    def described(function: Callable[..., Any]) -> WorksheetFunction:
        helps = _HELPS["shared"] | _HELPS[function.__name__]
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
                for parameter in islice(inspect.signature(function).parameters.values(), 2, None)
            ),
            answers,
            function,
        )

    return described
