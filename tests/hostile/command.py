"""The command in a process of its own, with limits on time and memory, and what each end must be like."""

import atexit
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

MEMORY = 4 * 1024**3
"""What a run may take; it is there to catch what grows without end, not to measure."""

SECONDS = 60


@dataclass(frozen=True)
class Ended:
    """How a run of the command ended: negative codes are signals."""

    code: int
    out: str
    err: str
    seconds: float
    megabytes: int


class Launcher:
    """A process that runs the command again and again, in processes of its own."""

    def __init__(self, wrapper: Sequence[str] = (), environment: Mapping[str, str] = {}) -> None:
        self._process = subprocess.Popen(
            [*wrapper, sys.executable, "-m", "tests.hostile.launcher"], env=os.environ | environment,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2],
        )  # fmt: skip

    def run(self, request: Mapping[str, Any]) -> Ended:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        return Ended(**json.loads(self._process.stdout.readline()))

    def end(self) -> None:
        self._process.communicate()


@cache
def _launcher() -> Launcher:
    launcher = Launcher()
    atexit.register(launcher.end)
    return launcher


def tierxl(
    *arguments: str | Path,
    folder: Path | None = None,
    user: int | None = None,
    limits: Mapping[str, int] = {"memory": MEMORY},
    seconds: int = SECONDS,
    alone: bool = False,
    given: Path = Path(os.devnull),
    code: str = "cli.main()",
    launcher: Launcher | None = None,
) -> Ended:
    """Run the command.

    Args:
        arguments: what is typed behind its name.
        folder: where it runs.
        user: the number of another user who runs it.
        limits: how much "memory" it gets, and how large a "file" it may write, in bytes.
        seconds: after how many it is stopped.
        alone: whether its process does no other run, since what it changes there would stay.
        given: what it reads from its standard input.
        code: Python that runs it.
        launcher: what runs it, if not the usual one.
    """
    return (launcher or _launcher()).run(
        {
            "arguments": list(map(str, arguments)), "folder": str(folder or ""), "user": user, "limits": dict(limits),
            "seconds": seconds, "alone": alone, "input": str(given), "code": code,
        }
    )  # fmt: skip


def sentence_of(ended: Ended) -> str:
    """The one sentence of a refusal."""
    assert (ended.code, ended.out) == (2, ""), ended
    (sentence,) = ended.err.splitlines()
    assert sentence.endswith(".")
    return sentence


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def refused_in_place(path: Path, **options: Any) -> str:
    """Grade a file in place, which must be refused: it is as it was then, and nothing lies beside it."""
    before, beside = path.read_bytes(), names(path.parent)
    sentence = sentence_of(tierxl("grade", path, "--in-place", **options))
    assert path.read_bytes() == before
    assert names(path.parent) == beside
    return sentence


def graded_in_place(path: Path, **options: Any) -> Ended:
    """Grade a file in place, which must succeed: nothing lies beside it."""
    beside = names(path.parent)
    ended = tierxl("grade", path, "--in-place", **options)
    assert ended.code == 0, ended
    assert names(path.parent) == beside
    return ended


def ends_in_order(path: Path, **options: Any) -> bool:
    """Grade a file in place, which is refused or succeeds, whatever it holds: whether it succeeded."""
    before, beside = path.read_bytes(), names(path.parent)
    ended = tierxl("grade", path, "--in-place", **options)
    assert names(path.parent) == beside
    if ended.code == 0:
        return True
    assert sentence_of(ended)
    assert path.read_bytes() == before
    return False
