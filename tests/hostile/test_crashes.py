"""The command is killed at any moment: the file is the old one or a graded one, and the next grading clears up."""

import math
import multiprocessing
import random
import signal
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from tests import files
from tests.hostile import in_place
from tests.hostile.command import names
from tierxl.sheets.mark import MARK

pytestmark = pytest.mark.long

SEED = 20_261_122
WORKERS = 2
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.hostile.in_place", "tierxl.console", "tierxl.use_cases.grade", "polars"])
"""Half of a run would be importing, in which no file can be harmed."""


@dataclass(frozen=True)
class Kill:
    """One run of the command that is killed.

    Attributes:
        number: which one it is.
        share: at what share of the time that a run takes it is killed.
        on_draft: whether that time counts from when a draft appears beside the file, that is, from when it is written.
    """

    number: int
    share: float
    on_draft: bool


def kills(count: int) -> list[Kill]:
    """Kills that are spread over the whole run, and as many over the time in which it writes."""
    dice = random.Random(SEED)
    return [Kill(number, dice.random(), on_draft=number % 2 == 1) for number in range(count)]


def started(path: Path) -> BaseProcess:
    """The command at work in a process of its own."""
    run = PROCESSES.Process(target=in_place.grade, args=(path,))
    run.start()
    return run


def is_drafted(folder: Path) -> bool:
    return any(name.startswith(".tierxl-") and not name.endswith(".lock") for name in names(folder))


def timed(path: Path) -> tuple[float, float]:
    """How long a run takes, and how long after the first sign of a draft."""
    began = time.monotonic()
    run = started(path)
    while run.is_alive() and not is_drafted(path.parent):
        time.sleep(0.001)
    drafted = time.monotonic()
    run.join()
    assert run.exitcode == 0
    return time.monotonic() - began, time.monotonic() - drafted


def killed(path: Path, kill: Kill, times: tuple[float, float]) -> bool:
    """Run the command and kill it: whether it was still at work then."""
    run = started(path)
    while kill.on_draft and run.is_alive() and not is_drafted(path.parent):
        time.sleep(0.001)
    time.sleep(kill.share * times[kill.on_draft])
    run.kill()
    run.join()
    return run.exitcode == -signal.SIGKILL


def tiers(path: Path) -> list[str]:
    """The tiers of a complete graded workbook or list."""
    if path.suffix == ".csv":
        return [record.get("Tier", "") for record in files.csv_records(path)]
    with zipfile.ZipFile(path) as package:
        assert package.testzip() is None
        assert MARK.encode() in package.read("xl/workbook.xml")
    return [tier for (tier, *_) in files.graded_block(path)]


CLIENTS = [("Client", "Revenue"), *((f"Client {number}", 1_000 - number) for number in range(6))]


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A list to be graded, as a workbook and as CSV."""
    folder = tmp_path_factory.mktemp("old")
    text = "".join(f"{client},{revenue}\n" for client, revenue in CLIENTS)
    return {".xlsx": files.workbook(folder / "a.xlsx", CLIENTS), ".csv": files.csv_file(folder, text)}


def survives(folder: Path, old: Path, kill: Kill, times: tuple[float, float], expected: list[str]) -> bool:
    """Kill a run; whether it was at work. The file must be the old one or a graded one, and the next run clears up."""
    place = folder / str(kill.number)
    place.mkdir()
    path = place / old.name
    path.write_bytes(old.read_bytes())
    was_at_work = killed(path, kill, times)
    assert path.read_bytes() == old.read_bytes() or tiers(path) == expected, kill
    files.regrade(path)
    assert names(place) == [old.name], kill
    assert tiers(path) == expected, kill
    return was_at_work


def survive(folder: Path, old: Path, count: int) -> int:
    """How many of some runs were killed at work; all of them left things in order."""
    (folder / "first").mkdir()
    first = folder / "first" / old.name
    first.write_bytes(old.read_bytes())
    quickest = (math.inf, math.inf)
    for _ in range(4):  # one in which the computer is busy would put the kills behind the end of the others
        first.write_bytes(old.read_bytes())
        quickest = tuple(map(min, quickest, timed(first)))
    times, expected = quickest, tiers(first)
    assert {"A", "B", "C"} == set(expected)
    with ThreadPoolExecutor(WORKERS) as threads:
        return sum(threads.map(lambda kill: survives(folder, old, kill, times, expected), kills(count)))


@pytest.mark.parametrize("ending", [".xlsx", ".csv"])
def test_a_run_that_is_killed_leaves_the_old_file_or_a_graded_one(tmp_path: Path, old: dict[str, Path], ending: str):
    assert survive(tmp_path, old[ending], 3)


@pytest.mark.crash
@pytest.mark.parametrize(("ending", "count"), [(".xlsx", 66), (".csv", 36)])
def test_a_hundred_runs_that_are_killed_leave_the_old_file_or_a_graded_one(
    tmp_path: Path, old: dict[str, Path], ending: str, count: int
):
    assert survive(tmp_path, old[ending], count) >= count * 3 // 4
