"""The worker: tierxl in a process of its own, which is talked to over pipes, in JSON, a line a message."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, Callable, Dict, Iterator

from tierxl_in_calc.command import find_command

VERSION = Path(__file__).with_name("version.txt").read_text(encoding="utf-8")

PATIENCE = 300
"""Seconds without a word after which the worker counts as dead."""

PAUSE = 30
"""Seconds after which a formula tries again to start a worker that could not be started."""

MARK = "tierxl: "
"""The start of a text that says what to mend, so that nobody takes it for a result."""

Message = Dict[str, Any]


class WorkerFailed(Exception):
    """There is no worker, or it ended on the way; the message is a sentence for the user."""


class Worker:
    """The process, which is started when it is first needed, and started again when it has ended."""

    def __init__(self) -> None:
        self._process: _Process | None = None
        self._lock = threading.RLock()
        self._known: dict[str, Any] = {}
        self._failed_at = float("-inf")
        self._failure = ""

    def answer(self, message: Message, settings: str | None, cells: Any) -> Any:
        """The answer of a worksheet function. A worker that ends on the way is started again, once.

        Args:
            message: the function and its arguments.
            settings: the key of the document, or None.
            cells: the cells of its Settings sheet, or None.
        """
        with self._lock:
            if self._process is None and time.monotonic() - self._failed_at < PAUSE:
                raise WorkerFailed(self._failure)
            with suppress(WorkerFailed):
                return self._asked(message, settings, cells)
            try:
                return self._asked(message, settings, cells)
            except WorkerFailed as error:
                self._failed_at, self._failure = time.monotonic(), str(error)
                raise

    def run(self, command: Message, answer: Callable[[str, Message], Any], progress: Callable[..., None]) -> str:
        """The message of a command for the user.

        Args:
            command: the command.
            answer: answers the worker's questions about the document; its errors reach the worker as a refusal.
            progress: called with what is being done, how much of it is done, and of how much.

        Raises:
            CommandFailed: it could not be done, and why.
            WorkerFailed: the worker ended on the way, or could not be started.
        """
        with self._lock, self._dropped_if_it_fails():
            process = self._running()
            process.send(command)
            while True:
                message = process.receive()
                if "progress" in message:
                    progress(*message["progress"])
                elif "ask" in message:
                    process.send(_reply(message, answer))
                elif "message" in message:
                    return str(message["message"])
                else:
                    raise CommandFailed(str(message["failed"]))

    def _asked(self, message: Message, settings: str | None, cells: Any) -> Any:
        with self._dropped_if_it_fails():
            process = self._running()
            if settings is not None and self._known.get(settings, ...) != cells:
                process.send({"settings": settings, "cells": cells})
                self._known[settings] = cells
            process.send(message)
            reply = process.receive()
            return MARK + str(reply["failed"]) if "failed" in reply else reply["answer"]

    @contextmanager
    def _dropped_if_it_fails(self) -> Iterator[None]:
        try:
            yield
        except WorkerFailed:
            self.end()
            raise

    def _running(self) -> _Process:
        if self._process is not None and not self._process.is_alive():
            self.end()
        if self._process is None:
            self._process = _Process()
            _refuse_another_version(str(self._process.receive()["ready"]))
        return self._process

    def end(self) -> None:
        """End the process; it is started again when it is needed."""
        self._known.clear()
        if self._process is not None:
            self._process.end()
            self._process = None


def _refuse_another_version(version: str) -> None:
    if version != VERSION:
        raise WorkerFailed(
            f"This extension is of tierxl {VERSION}, and tierxl {version} is installed: close LibreOffice, and run "
            "tierxl install --calc in a terminal."
        )


class CommandFailed(Exception):
    """A command could not be done; the message is a sentence for the user."""


def _reply(question: Message, answer: Callable[[str, Message], Any]) -> Message:
    what = question.pop("ask")
    try:
        return {"reply": answer(what, question)}
    except Exception as error:  # noqa: BLE001  whatever the office objects to, the worker hears
        return {"refused": str(getattr(error, "Message", "") or error or type(error).__name__)}


class _Process:
    def __init__(self) -> None:
        command = find_command(sys.platform, os.environ, Path.home())
        if command is None:
            raise WorkerFailed(
                "tierxl itself is not found on this computer: install it, then run tierxl install --calc in a terminal."
            )
        self._errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  it is read when the process has ended
        # LibreOffice's own Python must not be taken for the one that tierxl has.
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        hidden = {"creationflags": 0x08000000} if sys.platform == "win32" else {}  # no window
        try:
            # S603: the program is ours, and each argument is one of ours.
            self._process = subprocess.Popen(  # noqa: S603
                [str(command), "calc-worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._errors,
                env=environment,
                **hidden,  # type: ignore[call-overload]
            )
        except OSError as error:
            raise WorkerFailed(f"{command} cannot be started: {error.strerror or error}.") from error
        self._lines: queue.Queue[bytes | None] = queue.Queue()
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def is_alive(self) -> bool:
        return self._process.poll() is None

    def send(self, message: Message) -> None:
        try:
            self._process.stdin.write(json.dumps(message).encode("ascii") + b"\n")  # type: ignore[union-attr]
            self._process.stdin.flush()  # type: ignore[union-attr]
        except (OSError, ValueError) as error:
            raise self._ended() from error

    def receive(self) -> Message:
        try:
            line = self._lines.get(timeout=PATIENCE)
        except queue.Empty:
            raise WorkerFailed(f"tierxl has not answered for {PATIENCE:,} seconds, and was ended.") from None
        if line is None:
            raise self._ended()
        message: Message = json.loads(line)
        return message

    def end(self) -> None:
        self._process.kill()
        self._process.wait()
        self._listener.join()
        for stream in (self._process.stdin, self._process.stdout, self._errors):
            with suppress(OSError):  # what could not be sent any more
                stream.close()  # type: ignore[union-attr]

    def _listen(self) -> None:
        stream = self._process.stdout
        with suppress(OSError, ValueError):
            for line in stream:  # type: ignore[union-attr]
                self._lines.put(line)
        self._lines.put(None)

    def _ended(self) -> WorkerFailed:
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=1)
        self._errors.seek(0)
        errors: list[str] = self._errors.read().decode("utf-8", "replace").strip().splitlines()
        return WorkerFailed("tierxl ended unexpectedly{}".format(": " + errors[-1] if errors else "."))


WORKER = Worker()
"""The one worker of this office."""
