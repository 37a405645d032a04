"""Talking to a worker as the office's extension does."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from threading import Thread
from typing import Any, BinaryIO

from tests.fake_calc import Office
from tierxl.calc.worker import serve

Message = dict[str, Any]
FIRST_DAY = "1899-12-30"


class Talk:
    """The office's end of the pipes."""

    def __init__(self, outgoing: BinaryIO, incoming: BinaryIO) -> None:
        self._outgoing, self._incoming = outgoing, incoming
        self.ready = self.receive()

    def send(self, message: Message) -> None:
        self._outgoing.write(json.dumps(message).encode("ascii") + b"\n")
        self._outgoing.flush()

    def receive(self) -> Message:
        line = self._incoming.readline()
        assert line.isascii()
        assert line.endswith(b"\n")
        return json.loads(line)

    def reply_to(self, message: Message) -> Message:
        self.send(message)
        return self.receive()

    def calculate(self, function: str, *arguments: Any, settings: str | None = None, null_date: str = FIRST_DAY) -> Any:
        """The answer of a function to arguments as Python has them."""
        day_0 = datetime.fromisoformat(null_date)
        sent = [as_sent(argument, day_0) for argument in arguments]
        asked = {"function": function, "arguments": sent, "settings": settings, "null_date": null_date}
        return self.reply_to(asked)["answer"]

    def command(self, office: Office, name: str, **details: Any) -> list[Message]:
        """Give a command, answer what it asks, and return its other messages: the last one is how it ended."""
        self.send({"command": name, **details})
        messages = []
        while True:
            message = self.receive()
            if "ask" in message:
                self.send(office.reply(message))
            else:
                messages.append(message)
                if "progress" not in message:
                    return messages


@contextmanager
def talk() -> Iterator[Talk]:
    """A worker in a thread of its own, behind real pipes."""
    theirs, ours = os.pipe()
    ours_again, theirs_again = os.pipe()
    with (
        os.fdopen(theirs, "rb") as heard,
        os.fdopen(ours, "wb") as writer,
        os.fdopen(ours_again, "rb") as answers,
        os.fdopen(theirs_again, "wb") as answering,
    ):
        thread = Thread(target=serve, args=(heard, answering))
        thread.start()
        yield Talk(writer, answers)
        writer.close()
        thread.join(10)
        assert not thread.is_alive()


@contextmanager
def process(*command: str) -> Iterator[tuple[Talk, "subprocess.Popen[bytes]"]]:
    """A worker in a process of its own, started as the office starts it."""
    with subprocess.Popen(
        command or (sys.executable, "-m", "tierxl.cli", "calc-worker"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as worker:
        assert worker.stdin
        assert worker.stdout
        yield Talk(worker.stdin, worker.stdout), worker
        worker.stdin.close()
        assert worker.wait(10) == 0


def as_sent(argument: Any, day_0: datetime) -> Any:
    """An argument as the extension tells it: a range with its dates and answers, or a single cell."""
    if not isinstance(argument, list):
        return argument
    dates, answers, cells = [], [], []
    for row, line in enumerate(argument, 1):
        for column, cell in enumerate(line, 1):
            if isinstance(cell, datetime):
                dates.append([row, column, row, column])
            elif isinstance(cell, bool):
                answers.append([row, column, row, column])
        cells.append([as_cell(cell, day_0) for cell in line])
    return {"cells": cells, "dates": dates, "answers": answers} if dates or answers else cells


def as_cell(cell: Any, day_0: datetime) -> Any:
    if isinstance(cell, datetime):
        return (cell - day_0).total_seconds() / 86_400
    return float(cell) if isinstance(cell, bool | int) else cell
