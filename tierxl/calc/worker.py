"""The worker beside the office: it answers worksheet functions, and does what the menu's commands do."""

from contextlib import suppress
from datetime import datetime, timedelta
from importlib.metadata import version
from typing import Any, BinaryIO

from tierxl.books.calc_cells import FIRST_DAY, cells_of, day_number
from tierxl.calc.wire import Message, Wire
from tierxl.excel import functions
from tierxl.excel.workbook_policy import calling_workbook
from tierxl.excel.worksheet_function import Argument
from tierxl.method.policy import Policy
from tierxl.sheets import OWN_TITLES, settings


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
            self._wire.send({"answer": self._calculated(message)})
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

    def _calculated(self, message: Message) -> Any:
        """The answer of a worksheet function."""
        listed = functions.FUNCTIONS[message["function"]]
        day_0 = datetime.fromisoformat(message["null_date"])
        given = [_given(*pair, day_0) for pair in zip(message["arguments"], listed.arguments, strict=False)]
        with calling_workbook(self._policies.get(message["settings"])):
            answer = getattr(functions, listed.name)(*given)
        return _told(answer, day_0) if listed.answers_dates else answer


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
