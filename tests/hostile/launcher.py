"""Runs the command again and again, each time in a process of its own with limits, without importing it each time.

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
from contextlib import suppress
from pathlib import Path
from typing import Any

from tierxl import cli

KINDS = {"memory": resource.RLIMIT_AS, "file": resource.RLIMIT_FSIZE}
REQUEST: dict[str, Any] = {"folder": "", "user": None, "limits": {}, "seconds": 60}


def forked(request: dict[str, Any], work: Any) -> dict[str, Any]:
    """Do something in a child, and say how it ended and what it wrote."""
    began = time.monotonic()
    (out, out_end), (err, err_end) = os.pipe(), os.pipe()
    child = os.fork()
    if child == 0:
        os.setsid()
        for end, number in ((out_end, 1), (err_end, 2), (os.open(os.devnull, os.O_RDONLY), 0)):
            os.dup2(end, number)
        sys.stdout, sys.stderr = os.fdopen(1, "w", encoding="utf-8"), os.fdopen(2, "w", encoding="utf-8")
        restrict(request)
        os._exit(work(request["arguments"]))
    os.close(out_end)
    os.close(err_end)
    written = read({out: b"", err: b""})
    _, status, used = os.wait4(child, 0)
    return {
        "code": os.waitstatus_to_exitcode(status),
        "megabytes": used.ru_maxrss // 1024,
        "seconds": time.monotonic() - began,
        "out": written[out].decode("utf-8", "replace"),
        "err": written[err].decode("utf-8", "replace"),
    }


def read(pipes: dict[int, bytes]) -> dict[int, bytes]:
    """All that comes through some pipes until they are closed."""
    still = set(pipes)
    while still:
        for pipe in select.select(list(still), [], [])[0]:
            block = os.read(pipe, 65_536)
            pipes[pipe] += block
            if not block:
                os.close(pipe)
                still.remove(pipe)
    return pipes


def restrict(request: dict[str, Any]) -> None:
    for kind, most in request["limits"].items():
        resource.setrlimit(KINDS[kind], (most, most))
    signal.alarm(request["seconds"])
    if request["user"] is not None:
        os.setgroups([])
        os.setresgid(*[request["user"]] * 3)
        os.setresuid(*[request["user"]] * 3)
    if request["folder"]:
        os.chdir(request["folder"])


def command(arguments: list[str]) -> int:
    """The command, as the interpreter runs and ends it."""
    sys.argv = ["tierxl", *arguments]
    code: object = 0
    try:
        cli.main()
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


def warm_up() -> None:
    """Import what a grading and a wrong command import: another user may be unable to. Nothing is graded in this
    process: threads do not survive a fork.
    """

    def modules(arguments: list[str]) -> int:
        answer, sys.stdout = sys.stdout, sys.stderr
        for ending in (".csv", ".parquet", ".xlsx", ".xlsx"):
            command(["grade", arguments[0], "-o", f"{arguments[1]}/a{ending}", "--overwrite"])
            command(["check", f"{arguments[1]}/a{ending}"])
        command(["check"])
        answer.write("\n".join(sys.modules))
        answer.flush()
        return 0

    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "clients.csv")
        source.write_text("Client,Revenue\nAbel,abc\nBaker,2\n", encoding="utf-8")
        needed = forked({**REQUEST, "arguments": [str(source), folder]}, modules)["out"].splitlines()
    for name in needed:
        with suppress(ImportError):
            importlib.import_module(name)


def main() -> None:
    warm_up()
    for line in sys.stdin:
        sys.stdout.write(json.dumps(forked(json.loads(line), command)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
