"""When a run fails as nobody foresaw, one sentence says what became of the file, and nothing of what is in it."""

import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.files import csv_file
from tests.hostile.command import Ended, tierxl
from tierxl import cli

pytestmark = pytest.mark.long
CLIENTS = "Client,Revenue\nAbel,1\n"
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="disks are full, and names too long, as on Linux")
FULL = Path("/dev/full")
"""A device of Linux that is always full."""

FAILS = """
import os
import polars as pl
from tierxl import cli
from tierxl.use_cases import grade

os.environ["RUST_BACKTRACE"] = "1"

def panic(): pl.Series([2**31 - 1]).cast(pl.Int32).cast(pl.Date).to_list()
def recursion(): recursion()
def memory(): raise MemoryError
def interrupt(): raise KeyboardInterrupt
def defect(): raise KeyError("Abel")

def fail(*arguments, **named):
    {before}
    {how}()

{where} = fail
cli.main()
"""


def with_a_full_disk(*arguments: str | Path) -> "subprocess.CompletedProcess[str]":
    """A run whose output nothing has room for, to the end of its process."""
    with FULL.open("w") as file:
        return subprocess.run(
            [sys.executable, "-m", "tierxl.cli", *map(str, arguments)], text=True, check=False,
            stdout=file, stderr=subprocess.PIPE,
        )  # fmt: skip


def run(code: str, *arguments: str | Path) -> Ended:
    """Python that ends in the command, in a process of its own with all imports done."""
    return tierxl(*arguments, code=code, alone=True, limits={})


def failing(how: str, *arguments: str | Path, written: bool = False) -> Ended:
    """A run of the command that fails while it grades, or once it has written the file."""
    where = "grade.GradedFile.with_team" if not written else "grade.csv_parquet.write_csv"
    before = "write(*arguments, **named)" if written else ""
    code = FAILS.format(how=how, where=where, before=before)
    return run(code.replace("def fail", "write = grade.csv_parquet.write_csv\ndef fail"), *arguments)


@pytest.mark.parametrize(
    ("how", "name"), [("panic", "PanicException"), ("recursion", "RecursionError"), ("defect", "KeyError")]
)
def test_a_defect_is_one_sentence_that_says_that_the_file_is_as_it_was(tmp_path: Path, how: str, name: str):
    path = csv_file(tmp_path, CLIENTS)
    done = failing(how, "grade", path, "-o", tmp_path / "graded.xlsx")
    (sentence,) = done.err.splitlines()
    assert sentence.startswith(f"tierxl has a defect and stopped: {name}, ")
    assert "Your file is as it was. Please report this." in sentence
    assert (done.code, done.out) == (1, "")
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("how", ["panic", "recursion", "defect"])
def test_with_verbose_the_traceback_is_shown(tmp_path: Path, how: str):
    done = failing(how, "--verbose", "grade", csv_file(tmp_path, CLIENTS), "-o", tmp_path / "graded.xlsx")
    assert done.code == 1
    assert "Traceback" in done.err
    assert ("panicked at" in done.err) == (how == "panic")


def test_a_defect_after_the_writing_says_that_the_file_is_written(tmp_path: Path):
    path = csv_file(tmp_path, CLIENTS)
    done = failing("defect", "grade", path, "--in-place", written=True)
    assert done.code == 1
    assert f"{path} was written before that, and is whole." in done.err
    assert "as it was" not in done.err
    assert path.read_text().startswith("Client,Revenue,Tier,")


def test_too_little_memory_is_no_defect(tmp_path: Path):
    done = failing("memory", "grade", csv_file(tmp_path, CLIENTS), "-o", tmp_path / "graded.xlsx")
    assert done.err == (
        "There is not enough memory for this: close other programs, or leave out columns. Your file is as it was.\n"
    )
    assert done.code == 1


def test_ctrl_c_ends_as_ctrl_c(tmp_path: Path):
    assert failing("interrupt", "grade", csv_file(tmp_path, CLIENTS), "-o", tmp_path / "a.xlsx").code == 130


@on_linux
def test_a_full_disk_under_the_output_does_not_hide_that_the_file_is_graded(tmp_path: Path):
    path = csv_file(tmp_path, CLIENTS)
    done = with_a_full_disk("grade", path, "--in-place")
    assert done.stderr == (
        f"The result cannot be printed: No space left on device. {path} was written before that, and is whole.\n"
    )
    assert done.returncode == 1
    assert path.read_text().startswith("Client,Revenue,Tier,")


@on_linux
@pytest.mark.parametrize("arguments", [["check"], ["check", "--json"], ["explain"]])
def test_a_full_disk_under_the_output_of_a_command_that_writes_nothing(tmp_path: Path, arguments: list[str]):
    path = csv_file(tmp_path, CLIENTS)
    done = with_a_full_disk(*arguments, path, *(["Abel"] if arguments == ["explain"] else []))
    assert done.stderr == "The result cannot be printed: No space left on device. Your file is as it was.\n"
    assert done.returncode == 1


NOWHERE = """
import sys, tempfile
from tierxl import cli
tempfile.tempdir = sys.argv.pop()
cli.main()
"""
"""The command, where no folder has room for temporary files."""


def test_where_there_is_no_room_for_temporary_files_a_list_is_checked_and_a_workbook_is_not_written(tmp_path: Path):
    path, graded, nowhere = csv_file(tmp_path, CLIENTS), tmp_path / "graded.xlsx", tmp_path / "nowhere"
    assert run(NOWHERE, "check", path, nowhere).code == 0
    ended = run(NOWHERE, "grade", path, "-o", graded, nowhere)
    assert (ended.code, ended.out) == (2, "")
    assert "cannot be written: there is no room for temporary files; free some space on the disk" in ended.err
    assert sorted(each.name for each in tmp_path.iterdir()) == [path.name]


def test_what_a_library_prints_past_python_appears_unless_it_is_a_panic(tmp_path: Path):
    code = (
        "import os\nfrom tierxl import cli\nfrom tierxl.use_cases import graded\nquiet = graded.grade\n"
        "def loud(*given, **named):\n    os.write(2, b'a warning\\n')\n    return quiet(*given, **named)\n"
        "graded.grade = loud\ncli.main()"
    )
    done = run(code, "check", csv_file(tmp_path, CLIENTS))
    assert (done.code, done.err) == (0, "a warning\n")


# --- Names that no disk can hold -------------------------------------------------------------------------------------

LONG = "x" * 300


@on_linux
@pytest.mark.parametrize(
    "arguments",
    [
        ["grade", f"{LONG}.csv"],
        ["grade", f"{LONG}.csv", "--in-place"],
        ["grade", "a.csv", "-o", f"{LONG}.xlsx"],
        ["grade", "a.csv", "--managers", f"{LONG}.csv"],
        ["grade", "a.csv", "--policy", LONG],
        ["grade", "a.csv", "-o", "loop.xlsx"],
        ["grade", "a.csv", "-o", "loop.xlsx", "--overwrite"],
        ["grade", "loop.xlsx"],
        ["grade", "loop.xlsx", "--in-place"],
        ["grade", "a.csv", "-o", ""],
        ["grade", "a.csv", "--table", ""],
        ["grade", "a.csv", "--engine", "polars", "-o", LONG],
        ["grade", "a.csv", "--engine", "polars", "-o", "loop.xlsx"],
        ["grade", "a.csv", "--engine", "polars", "-o", "out", "--table", ""],
        ["grade", f"{LONG}.parquet", "--engine", "polars", "-o", "out"],
        ["report", "a.csv", "-o", f"{LONG}.pdf"],
        ["calendar", "a.csv", "-o", "loop.xlsx"],
        ["whatif", "a.csv", "-o", f"{LONG}.xlsx"],
        ["whatif", "a.csv", "--try-policy", LONG],
        ["assign", "a.csv", "-o", "loop.xlsx"],
        ["check", f"{LONG}.csv"],
        ["explain", "loop.xlsx", "Abel"],
        ["movers", f"{LONG}.csv", "a.csv"],
        ["demo", LONG],
        ["demo", "loop.xlsx"],
        ["template", "build", LONG],
    ],
    ids=lambda arguments: " ".join(arguments).replace(LONG, "long"),
)
def test_names_that_no_disk_can_hold_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]):
    csv_file(tmp_path, CLIENTS, name="a.csv")
    (tmp_path / "loop.xlsx").symlink_to("loop.xlsx")
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(cli.app, arguments)
    (sentence,) = done.stderr.splitlines()
    assert (done.exit_code, done.stdout) == (2, "")
    assert sentence.endswith(".")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a.csv", "loop.xlsx"]


@on_linux
def test_a_name_that_is_too_long_only_for_the_copy_is_refused(tmp_path: Path):
    path = csv_file(tmp_path, CLIENTS, name="x" * 251 + ".csv")
    done = CliRunner().invoke(cli.app, ["grade", str(path)])
    assert done.exit_code == 2
    assert done.stderr.endswith("-graded.xlsx cannot be written: File name too long. Give another name with -o.\n")


def test_the_doctor_says_that_there_is_no_file_of_a_name_that_no_disk_can_hold():
    assert f"there is no file {LONG}" in CliRunner().invoke(cli.app, ["doctor", LONG]).stdout
