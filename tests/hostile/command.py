"""The command in a process of its own, with limits on time and memory, and what each end must be like."""

import json
import subprocess
import sys
from collections.abc import Mapping
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


@cache
def _launcher() -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "tests.hostile.launcher"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2],
    )  # fmt: skip


def tierxl(
    *arguments: str | Path,
    folder: Path | None = None,
    user: int | None = None,
    limits: Mapping[str, int] = {"memory": MEMORY},
    seconds: int = SECONDS,
) -> Ended:
    """Run the command.

    Args:
        arguments: what is typed behind its name.
        folder: where it runs.
        user: the number of another user who runs it.
        limits: how much "memory" it gets, and how large a "file" it may write, in bytes.
        seconds: after how many it is stopped.
    """
    launcher = _launcher()
    assert launcher.stdin is not None
    assert launcher.stdout is not None
    request: dict[str, Any] = {
        "arguments": list(map(str, arguments)), "folder": str(folder or ""), "user": user, "limits": dict(limits),
        "seconds": seconds,
    }  # fmt: skip
    launcher.stdin.write(json.dumps(request) + "\n")
    launcher.stdin.flush()
    return Ended(**json.loads(launcher.stdout.readline()))


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
