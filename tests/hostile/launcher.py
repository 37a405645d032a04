"""Runs the command again and again, without importing it each time, in a process with limits that goes on to the next
run as long as it is as good as new.

It reads a request a line from stdin and answers each with a line on stdout.
"""

import importlib
import json
import os
import resource
import select
import signal
import sys
import tempfile
import time
import traceback
import warnings
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import tierxl.console
import tierxl.use_cases.grade  # noqa: F401  each new process would import it
from tierxl import cli

KINDS = {"memory": resource.RLIMIT_AS, "file": resource.RLIMIT_FSIZE}
REQUEST: dict[str, Any] = {
    "folder": "", "user": None, "limits": {}, "seconds": 60, "alone": False, "input": os.devnull, "code": "cli.main()",
}  # fmt: skip
MEGABYTES = 300
"""A process that has taken more is not used again, so that each run has the memory of a new one."""


class Worker:
    """A process that does one run after the other; whatever ends it ends that run alone."""

    def __init__(self) -> None:
        (asked, self.asking), (self.answers, answering) = os.pipe(), os.pipe()
        (self.out, out), (self.err, err) = os.pipe(), os.pipe()
        self.process = os.fork()
        if self.process == 0:
            os.setsid()
            os.dup2(out, 1)
            os.dup2(err, 2)
            for end in (self.asking, self.answers, self.out, self.err, out, err):
                os.close(end)
            serve(asked, answering)
            sys.exit()
        for end in (asked, answering, out, err):
            os.close(end)

    def run(self, request: dict[str, Any]) -> dict[str, Any]:
        """Do something, and say how it ended and what it wrote."""
        began = time.monotonic()
        os.write(self.asking, json.dumps(request).encode() + b"\n")
        written = self._read()
        if written[self.answers]:
            ended = json.loads(written[self.answers])
        else:
            _, status, used = os.wait4(self.process, 0)
            self.process = 0
            ended = {"code": os.waitstatus_to_exitcode(status), "megabytes": used.ru_maxrss // 1024}
        output = {
            "out": written[self.out].decode("utf-8", "replace"),
            "err": written[self.err].decode("utf-8", "replace"),
        }
        return {**ended, **output, "seconds": time.monotonic() - began}

    def _read(self) -> dict[int, bytes]:
        """All that comes until the answer, or until the process ends."""
        pipes = {self.out: b"", self.err: b"", self.answers: b""}
        still = set(pipes)
        while still:
            is_answered = pipes[self.answers].endswith(b"\n")
            ready = select.select(list(still), [], [], 0 if is_answered else None)[0]
            if is_answered and not ready:
                break
            for pipe in ready:
                block = os.read(pipe, 65_536)
                pipes[pipe] += block
                if not block:
                    still.remove(pipe)
        return pipes

    def end(self) -> None:
        """Let the process end, which waits for more to do."""
        os.close(self.asking)
        if self.process:
            os.waitpid(self.process, 0)
        for end in (self.answers, self.out, self.err):
            os.close(end)


def serve(asked: int, answering: int) -> None:
    """Do what is asked for, and say how it ended."""
    began = Path.cwd()
    for line in os.fdopen(asked):
        request = json.loads(line)
        given = os.open(request["input"], os.O_RDONLY)
        os.dup2(given, 0)
        os.close(given)
        sys.stdin, sys.stdout, sys.stderr = (
            open(number, mode, encoding="utf-8", closefd=False)  # noqa: SIM115
            for number, mode in enumerate("rww")
        )
        restrict(request)
        with warnings.catch_warnings():  # each run warns as the first one does
            code = modules() if request["arguments"] is None else command(request["arguments"], request["code"])
        signal.alarm(0)
        os.chdir(began)
        megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        os.write(answering, json.dumps({"code": code, "megabytes": megabytes}).encode() + b"\n")


def restrict(request: dict[str, Any]) -> None:
    for kind, number in KINDS.items():
        _, most = resource.getrlimit(number)
        resource.setrlimit(number, (request["limits"].get(kind, most), most))
    signal.alarm(request["seconds"])
    if request["user"] is not None:
        os.setgroups([])
        os.setresgid(*[request["user"]] * 3)
        os.setresuid(*[request["user"]] * 3)
    if request["folder"]:
        os.chdir(request["folder"])


def command(arguments: list[str], main: str) -> int:
    """The command, or Python that leads to it, as the interpreter runs and ends it."""
    sys.argv = ["tierxl", *arguments]
    code: object = 0
    try:
        exec(main, {"cli": cli})
    except SystemExit as ended:
        code = ended.code
    except BaseException:  # noqa: BLE001
        traceback.print_exc()
        code = 1
    if isinstance(code, str):
        sys.stderr.write(code + "\n")
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    return int(code or 0)  # type: ignore[call-overload]


def modules() -> int:
    """Say the names of the modules that are imported."""
    sys.stdout.write("\n".join(sys.modules))
    sys.stdout.flush()
    return 0


@cache
def warm_up() -> None:
    """Import what a grading and a wrong command import: another user may be unable to. Nothing is graded in this
    process: threads do not survive a fork.
    """
    worker = Worker()
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "clients.csv")
        source.write_text("Client,Revenue\nAbel,abc\nBaker,2\n", encoding="utf-8")
        for ending in (".csv", ".parquet", ".xlsx", ".xlsx"):
            target = f"{folder}/a{ending}"
            for arguments in (["grade", str(source), "-o", target, "--overwrite"], ["check", target], ["check"]):
                worker.run({**REQUEST, "arguments": arguments})
    needed = worker.run({**REQUEST, "arguments": None})["out"].splitlines()
    worker.end()
    for name in needed:
        with suppress(ImportError):
            importlib.import_module(name)


def main() -> None:
    used: Worker | None = None
    tempfile.gettempdir()  # it is looked for by writing into it, which a limit on files would forbid
    for line in sys.stdin:
        request = json.loads(line)
        if request["user"] is not None:
            warm_up()
        is_alone = request["alone"] or request["user"] is not None
        worker = Worker() if is_alone or used is None else used
        ended = worker.run(request)
        is_as_new = ended["code"] in (0, 2) and ended["megabytes"] <= MEGABYTES
        if is_alone or not is_as_new:
            worker.end()
        if not is_alone:
            used = worker if is_as_new else None
        sys.stdout.write(json.dumps(ended) + "\n")
        sys.stdout.flush()
    if used:
        used.end()


if __name__ == "__main__":
    main()
