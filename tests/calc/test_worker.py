"""The worker as a process: what it says and when it ends."""

import subprocess
import sys
from importlib.metadata import version

import pytest

from tests.calc.talk import process, talk

pytestmark = pytest.mark.long

CHATTY = """
import os, sys
from tierxl.calc.wire import standard_streams
from tierxl.calc.worker import serve
streams = standard_streams()
print("a library says something")
print("and complains", file=sys.stderr)
os.write(1, b"in C, too")
serve(*streams)
"""
RATING = ("TIER_RATING", "High", "Low", "High", "High", "Low")


def test_the_command_says_its_version_first_then_answers_and_ends_with_its_input():
    with process() as (worker, started):
        assert worker.ready == {"ready": version("tierxl")}
        assert worker.calculate(*RATING) == "A"
    assert started.stdout
    assert started.stdout.closed


def test_nothing_but_messages_reaches_the_pipe():
    with process(sys.executable, "-c", CHATTY) as (worker, started):
        assert worker.calculate(*RATING) == "A"
        assert started.stdin
        assert started.stdout
        assert started.stderr
        started.stdin.close()
        assert started.stdout.read() == started.stderr.read() == b""


def test_an_office_that_is_gone_ends_the_worker_quietly():
    done = subprocess.run(
        [sys.executable, "-m", "tierxl.cli", "calc-worker"], input=b"", capture_output=True, timeout=60, check=True
    )
    assert (done.stdout.count(b"\n"), done.stderr) == (1, b"")


def test_the_command_is_not_for_people_and_does_not_stand_in_the_help():
    done = subprocess.run([sys.executable, "-m", "tierxl.cli", "--help"], capture_output=True, text=True, check=True)
    assert "calc-worker" not in done.stdout


def test_names_of_all_alphabets_come_back_as_they_were():
    with talk() as worker:
        answer = worker.calculate("TIER_WHY", [["Client", "Revenue"], ["Abel", 5.0]], "Çelik \N{GRINNING FACE}")
    assert "Çelik \N{GRINNING FACE}" in answer


def test_the_first_formula_waits_for_no_library_that_it_does_not_use():
    script = "import sys, tierxl.calc.worker; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert not {"xlwings", "pandas", "openpyxl", "pyopenvba", "lxml", "pyarrow"} & set(done.stdout.split())
