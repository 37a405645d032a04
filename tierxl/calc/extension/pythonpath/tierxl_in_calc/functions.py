"""The worksheet functions, as Calc asks for them: each is answered by the worker."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Callable

import uno
from com.sun.star.lang import XLocalizable, XServiceName
from com.sun.star.sheet import XAddIn

from tierxl import XFunctions
from tierxl_in_calc.document import null_date, table
from tierxl_in_calc.service import Service
from tierxl_in_calc.settings import settings_of
from tierxl_in_calc.worker import MARK, WORKER, WorkerFailed

SERVICE = "tierxl"
CATEGORY = "Add-In"
FUNCTIONS: list[dict[str, Any]] = json.loads(Path(__file__).with_name("functions.json").read_text(encoding="utf-8"))
"""Each function with its help and its arguments, as the worker knows them too."""


def _function(name: str, answers_texts: bool) -> Callable[..., Any]:
    """A method that Calc calls: the document first, then the arguments."""

    def answer(_: Any, document: Any, *arguments: Any) -> Any:
        values = _answer(name, document, arguments)
        rows = values if isinstance(values, list) else [[values]]
        if answers_texts:
            return tuple(tuple(map(str, row)) for row in rows)
        return tuple(map(tuple, rows))

    return answer


def _answer(name: str, document: Any, arguments: Any) -> Any:
    key, settings = settings_of(document)
    message = {
        "function": name,
        "arguments": [_argument(document, value) for value in arguments],
        "settings": key,
        "null_date": null_date(document),
    }
    try:
        return WORKER.answer(message, key, settings)
    except WorkerFailed as error:
        return MARK + str(error)


def _argument(document: Any, value: Any) -> Any:
    """An argument as the worker takes it: a range of cells with its days, an array, or a single value."""
    if hasattr(value, "RangeAddress"):
        return table(document, value)
    if isinstance(value, tuple):
        return [list(row) for row in value]
    return value


class _Described(Service, XFunctions, XAddIn, XServiceName, XLocalizable):
    """The names and helps that the function wizard shows."""

    NAME = SERVICE
    SERVICES = (SERVICE, "com.sun.star.sheet.AddIn")

    def __init__(self, context: Any) -> None:
        self._locale = uno.createUnoStruct("com.sun.star.lang.Locale", "en", "US", "")
        self._described = {function["name"]: function for function in FUNCTIONS}

    def getProgrammaticFuntionName(self, display: str) -> str:  # LibreOffice spells it so
        return display if display in self._described else ""

    def getDisplayFunctionName(self, name: str) -> str:
        return name if name in self._described else ""

    def getFunctionDescription(self, name: str) -> str:
        return str(self._described[name]["help"]) if name in self._described else ""

    def getDisplayArgumentName(self, name: str, at: int) -> str:
        return self._argument(name, at, "name")

    def getArgumentDescription(self, name: str, at: int) -> str:
        return self._argument(name, at, "help")

    def getProgrammaticCategoryName(self, name: str) -> str:
        return CATEGORY

    def getDisplayCategoryName(self, name: str) -> str:
        return CATEGORY

    def setLocale(self, locale: Any) -> None:
        self._locale = locale

    def getLocale(self) -> Any:
        return self._locale

    def getServiceName(self) -> str:
        return SERVICE

    def _argument(self, name: str, at: int, what: str) -> str:
        arguments = self._described.get(name, {}).get("arguments", [])
        return str(arguments[at - 1][what]) if 0 < at <= len(arguments) else ""  # the document comes first


Functions = type(
    "Functions",
    (_Described,),
    {function["name"]: _function(function["name"], function["answers_texts"]) for function in FUNCTIONS},
)
"""The add-in: a class with a method for each function."""
