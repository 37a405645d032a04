"""The worker beside the office: it answers worksheet functions, and does what the menu's commands do.

The office says          The worker says
                         {"ready": version}, once
{"settings": document,   nothing: it remembers the cells of the document's Settings sheet, or that it has none
 "cells": cells or null}
{"function": name, "arguments": [...], "settings": document or null, "null_date": day}
                         {"answer": a value or rows of values}, or {"failed": sentence}
{"command": name, "sheet": title, "row": number}
                         {"progress": [doing, done, of]} and {"ask": what, ...} as often as it needs, and at last
                         {"message": sentences} or {"failed": sentences}
{"reply": ...} or {"refused": sentence}, the reply to what it asks

A range among the arguments is rows of cells, or {"cells": rows, "dates": areas, "answers": areas} where numbers of some
areas are days or answers. Before it replies to what it is asked, the office may have functions answered.
"""

from contextlib import suppress
from datetime import date, datetime, timedelta
from importlib.metadata import version
from typing import Any, BinaryIO

from polars.exceptions import PanicException

from tierxl.calc.cells import cells_of
from tierxl.calc.wire import Message, Wire
from tierxl.functions import FUNCTIONS
from tierxl.functions.worksheet_function import Argument
from tierxl.method.issues import CannotGrade
from tierxl.method.policy import Policy
from tierxl.sheets import settings
from tierxl.sheets.cells import FIRST_DAY, day_number
from tierxl.sheets.graded_workbook import OWN_TITLES


def serve(incoming: BinaryIO, outgoing: BinaryIO) -> None:
    """Answer the office's messages until there are no more."""
    worker = _Worker(Wire(incoming, outgoing))
    with suppress(EOFError, BrokenPipeError):
        worker.work()


class _Worker:
    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._default = Policy()
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
        """Remember the settings of a document."""
        document = message["settings"]
        if message["cells"] is None:
            self._policies.pop(document, None)
            return
        read = settings.read(cells_of(message, FIRST_DAY), OWN_TITLES[settings.KIND])
        self._policies[document] = Policy.with_settings(read.layer)

    def _calculated(self, message: Message) -> Message:
        """The answer of a worksheet function."""
        try:
            function = FUNCTIONS[message["function"]]
            day_0 = datetime.fromisoformat(message["null_date"])
            arguments = [
                _argument(*pair, day_0) for pair in zip(message["arguments"], function.arguments, strict=False)
            ]
            policy = self._policies.get(message["settings"], self._default)
            answer = function(policy, date.today(), *arguments)
            return {"answer": _in_days(answer, day_0) if function.answers == "dates and texts" else answer}
        except Exception as error:  # noqa: BLE001  an extension of another version asks for what there is not
            return {"failed": _complaint(error)}

    def _done(self, message: Message) -> Message:
        """The reply to a command that was done, or failed."""
        try:
            return {"message": self._run(message)}
        except (EOFError, BrokenPipeError):
            raise
        except (Exception, PanicException) as error:  # noqa: BLE001  whatever it is, the user reads it
            return {"failed": _complaint(error)}

    def _run(self, message: Message) -> str:
        """The message of a command for the user."""
        from tierxl.calc.open_workbook import WorkbookInCalc
        from tierxl.use_cases import commands

        command = message["command"]
        if command == "about":
            from tierxl.use_cases.about import about

            return about(None)
        workbook, today = WorkbookInCalc(self._ask), date.today()
        if command == "explain_selected_client":
            return commands.explain_selected_client(workbook, today, message.get("sheet"), message.get("row"))
        in_workbook = {
            "grade_clients": commands.grade_clients,
            "check_data": commands.check_data,
            "refresh_plan": commands.refresh_plan,
            "propose_assignments": commands.propose_assignments,
        }
        return in_workbook[command](workbook, today, self._progress)

    def _progress(self, doing: str, done: int, of: int) -> None:
        """Tell the office how far a command is."""
        self._wire.send({"progress": [doing, done, of]})

    def _ask(self, what: str, **details: Any) -> Any:
        """Ask the office. What it calculates before it replies, as when it writes into cells, is answered first."""
        self._wire.send({"ask": what, **details})
        while True:
            answer = self._wire.receive()
            if "reply" in answer:
                return answer["reply"]
            if "refused" in answer:
                raise CannotGrade(answer["refused"])
            self._answer(answer)


def _complaint(error: BaseException) -> str:
    from tierxl.use_cases.commands import complaint

    return complaint(error)


def _argument(message: Any, argument: Argument, day_0: datetime) -> Any:
    """An argument as a worksheet function takes it."""
    cells = cells_of(message, day_0) if isinstance(message, dict) else message
    if argument.is_day and day_0 != FIRST_DAY:
        later = (day_0 - FIRST_DAY) / timedelta(days=1)
        return _each(cells, lambda cell: cell + later if type(cell) in (int, float) else cell)
    return cells


def _in_days(answer: Any, day_0: datetime) -> Any:
    """An answer as the office takes it, with dates as numbers of days."""
    return _each(answer, lambda cell: day_number(cell, day_0) if isinstance(cell, datetime) else cell)


def _each(value: Any, change: Any) -> Any:
    """A single cell, or each cell of a grid, changed."""
    return [[change(cell) for cell in row] for row in value] if isinstance(value, list) else change(value)
