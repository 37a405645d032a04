"""The worker beside the office: it answers worksheet functions, and does what the menu's commands do.

The office says          The worker says
                         {"ready": version}, once
{"settings": document,   nothing: it remembers the cells of the document's Settings sheet, or that it has none
 "cells": cells or null}
{"function": name, "arguments": [...], "settings": document or null, "null_date": day}
                         {"answer": a value or rows of values}, or {"failed": sentence}
{"command": name, "sheet": title, "row": number}
                         {"progress": [doing, done, of]} and {"ask": what, ...} as often as it needs, and at last
                         {"told": sentences} or {"failed": sentences}
{"given": ...} or {"refused": sentence}, the reply to what it asks

A range among the arguments is rows of cells, or {"cells": rows, "dates": areas, "answers": areas} where numbers of some
areas are days or answers. Before it replies to what it is asked, the office may have functions answered.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, timedelta
from importlib.metadata import version
from typing import Any, BinaryIO

from polars.exceptions import PanicException

from tierxl.calc.cells import FIRST_DAY, cells_of, day_number
from tierxl.calc.open_workbook import WorkbookInCalc
from tierxl.calc.wire import Message, Wire
from tierxl.excel.workbook_policy import calling_workbook
from tierxl.functions import functions
from tierxl.functions.worksheet_function import Argument
from tierxl.method.issues import CannotGrade
from tierxl.method.policy import Policy
from tierxl.method.progress import Progress
from tierxl.sheets import OWN_TITLES, settings
from tierxl.use_cases import commands
from tierxl.workbooks.open_workbook import OpenWorkbook


def serve(incoming: BinaryIO, outgoing: BinaryIO) -> None:
    """Answer the office's messages until there are no more."""
    worker = _Worker(Wire(incoming, outgoing))
    with suppress(EOFError, BrokenPipeError):
        worker.work()


class _Worker:
    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._policies: dict[str, Policy] = {}

    def work(self) -> None:
        """Say that the worker is there, and answer one message after the other.

        Raises:
            EOFError: there are no more.
        """
        self._wire.send({"ready": version("tierxl")})
        while True:
            self._answer(self._wire.receive())

    def _answer(self, message: Message) -> None:
        if "function" in message:
            self._wire.send(self._calculated(message))
        elif "command" in message:
            self._wire.send(self._done(message))
        else:
            self._remember(message)

    def _remember(self, message: Message) -> None:
        """Remember the settings of a document. Settings that stay the same keep their policy: answers hang on it."""
        document = message["settings"]
        if message["cells"] is None:
            self._policies.pop(document, None)
            return
        read = settings.read(cells_of(message, FIRST_DAY), OWN_TITLES[settings.KIND])
        policy = Policy.with_settings(read.layer)
        self._policies[document] = next((known for known in self._policies.values() if known == policy), policy)

    def _calculated(self, message: Message) -> Message:
        """The answer of a worksheet function."""
        try:
            listed = functions.FUNCTIONS[message["function"]]
            day_0 = datetime.fromisoformat(message["null_date"])
            given = [_given(*pair, day_0) for pair in zip(message["arguments"], listed.arguments, strict=False)]
            with calling_workbook(self._policies.get(message["settings"])):
                answer = getattr(functions, listed.name)(*given)
            return {"answer": _told(answer, day_0) if listed.answers == "dates and texts" else answer}
        except Exception as error:  # noqa: BLE001  an extension of another version asks for what there is not
            return {"failed": commands.complaint(error)}

    def _done(self, message: Message) -> Message:
        """What to tell the user about a command that was done, or failed."""
        try:
            return {"told": _COMMANDS[message["command"]](self, message)}
        except (EOFError, BrokenPipeError):
            raise
        except (Exception, PanicException) as error:  # noqa: BLE001  whatever it is, the user is told
            return {"failed": commands.complaint(error)}

    def workbook(self) -> WorkbookInCalc:
        """The workbook in which the command was given."""
        return WorkbookInCalc(self._ask)

    def progress(self, doing: str, done: int, of: int) -> None:
        """Tell the office how far a command is."""
        self._wire.send({"progress": [doing, done, of]})

    def _ask(self, what: str, **details: Any) -> Any:
        """Ask the office. What it calculates before it replies, as when it writes into cells, is answered first."""
        self._wire.send({"ask": what, **details})
        while True:
            reply = self._wire.receive()
            if "given" in reply:
                return reply["given"]
            if "refused" in reply:
                raise CannotGrade(reply["refused"])
            self._answer(reply)


def _in_workbook(command: Callable[[OpenWorkbook, date, Progress], str]) -> Callable[[_Worker, Message], str]:
    return lambda worker, _: command(worker.workbook(), date.today(), worker.progress)


def _explained(worker: _Worker, message: Message) -> str:
    return commands.explain_selected_client(worker.workbook(), date.today(), message.get("sheet"), message.get("row"))


_COMMANDS: dict[str, Callable[[_Worker, Message], str]] = {
    "grade_clients": _in_workbook(commands.grade_clients),
    "explain_selected_client": _explained,
    "check_data": _in_workbook(commands.check_data),
    "refresh_plan": _in_workbook(commands.refresh_plan),
    "propose_assignments": _in_workbook(commands.propose_assignments),
    "about": lambda _, __: commands.about(None),
}


def _given(told: Any, argument: Argument, day_0: datetime) -> Any:
    """An argument as a worksheet function takes it."""
    given = cells_of(told, day_0) if isinstance(told, dict) else told
    if argument.is_day and day_0 != FIRST_DAY:
        later = (day_0 - FIRST_DAY) / timedelta(days=1)
        return _each(given, lambda cell: cell + later if type(cell) in (int, float) else cell)
    return given


def _told(answer: Any, day_0: datetime) -> Any:
    """An answer as the office takes it."""
    return _each(answer, lambda cell: day_number(cell, day_0) if isinstance(cell, datetime) else cell)


def _each(value: Any, change: Any) -> Any:
    """A single cell, or each cell of a grid, changed."""
    return [[change(cell) for cell in row] for row in value] if isinstance(value, list) else change(value)
