"""Runs the command again and again, each time in a process of its own with limits, without importing it each time.

It reads a request a line from stdin and answers each with a line on stdout.
"""

import json
import os
import resource
import signal
import sys
import time
import traceback
from pathlib import Path
from typing import Any

import openpyxl  # noqa: F401  imported here, so that the command need not do so each time
import pyarrow.parquet  # noqa: F401

from tierxl import cli, workflow  # noqa: F401

KINDS = {"memory": resource.RLIMIT_AS, "file": resource.RLIMIT_FSIZE}


def run(request: dict[str, Any]) -> None:
    """The command, in this process, which ends with it."""
    os.setsid()
    for name, number in (("out", 1), ("err", 2)):
        os.dup2(os.open(request[name], os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for kind, most in request["limits"].items():
        resource.setrlimit(KINDS[kind], (most, most))
    signal.alarm(request["seconds"])
    if request["user"] is not None:
        os.setgroups([])
        os.setresgid(*[request["user"]] * 3)
        os.setresuid(*[request["user"]] * 3)
    if request["folder"]:
        os.chdir(request["folder"])
    sys.argv = ["tierxl", *request["arguments"]]
    code = 1
    try:
        cli.main()
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except BaseException:  # noqa: BLE001  as the interpreter does
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def main() -> None:
    for line in sys.stdin:
        request = json.loads(line)
        began = time.monotonic()
        child = os.fork()
        if child == 0:
            run(request)
        _, status, used = os.wait4(child, 0)
        answer = {
            "code": os.waitstatus_to_exitcode(status),
            "megabytes": used.ru_maxrss // 1024,
            "seconds": time.monotonic() - began,
            "out": Path(request["out"]).read_text("utf-8", "replace"),
            "err": Path(request["err"]).read_text("utf-8", "replace"),
        }
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
