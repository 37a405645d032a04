"""A file is written whole or not at all."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.files import csv_file, grade, regrade, workbook
from tierxl.method.issues import CannotGrade
from tierxl.workbooks.atomic import replacing


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_what_was_written_takes_the_place_of_the_old_file(tmp_path: Path):
    target = tmp_path / "a.csv"
    target.write_text("old")
    with replacing(target) as draft:
        draft.write_text("new")
        assert target.read_text() == "old"
    assert target.read_text() == "new"
    assert names(tmp_path) == ["a.csv"]


def test_a_draft_stands_beside_its_target_and_has_its_ending(tmp_path: Path):
    with replacing(tmp_path / "a.xlsm") as draft:
        draft.touch()
        assert draft.parent == tmp_path
        assert draft.suffix == ".xlsm"


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, MemoryError])
def test_an_error_in_the_middle_leaves_the_old_file_whole_and_no_draft(tmp_path: Path, error: type[BaseException]):
    target = tmp_path / "a.csv"
    target.write_text("old")

    def fail() -> None:
        with replacing(target) as draft:
            draft.write_text("half of the n")
            raise error

    with pytest.raises(error):
        fail()
    assert target.read_text() == "old"
    assert names(tmp_path) == ["a.csv"]


def test_an_error_of_the_disk_becomes_one_sentence(tmp_path: Path):
    def fail() -> None:
        with replacing(tmp_path / "a.csv") as draft:
            draft.touch()
            raise OSError(28, "No space left on device")

    with pytest.raises(CannotGrade, match=r"a\.csv cannot be written: No space left on device\."):
        fail()
    assert names(tmp_path) == []


def test_the_new_file_has_the_permissions_of_the_old_one(tmp_path: Path):
    target = tmp_path / "a.csv"
    target.write_text("old")
    target.chmod(0o640)
    with replacing(target) as draft:
        draft.write_text("new")
    assert target.stat().st_mode & 0o777 == 0o640


def test_a_link_stays_a_link_and_the_file_behind_it_is_written(tmp_path: Path):
    real = workbook(tmp_path / "real.xlsx")
    link = tmp_path / "link.xlsx"
    link.symlink_to(real)
    before = real.read_bytes()
    regrade(link)
    assert link.is_symlink()
    assert real.read_bytes() != before


def test_a_folder_that_is_not_there_is_one_sentence(tmp_path: Path):
    with pytest.raises(CannotGrade, match=r"graded.csv cannot be written: No such file or directory\."):
        grade(csv_file(tmp_path, "Client,Revenue\nAbel,1\n"), tmp_path / "nowhere" / "graded.csv")


def test_a_folder_in_the_place_of_the_output_is_one_sentence(tmp_path: Path):
    (tmp_path / "graded.csv").mkdir()
    with pytest.raises(CannotGrade, match=r"graded.csv cannot be written"):
        grade(csv_file(tmp_path, "Client,Revenue\nAbel,1\n"), tmp_path / "graded.csv")
    assert names(tmp_path) == ["clients.csv", "graded.csv"]


@pytest.fixture
def locked() -> Iterator[Path]:
    """A folder that this user may look into but not write to; who may do all steps down for the while."""
    if sys.platform == "win32":
        pytest.skip("Windows keeps permissions otherwise")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "graded.csv").write_text("old")
        csv_file(folder, "Client,Revenue\nAbel,1\n")
        folder.chmod(0o555)
        me = os.geteuid()
        if me == 0:
            os.seteuid(65534)
        try:
            yield folder
        finally:
            os.seteuid(me)
            folder.chmod(0o755)


@pytest.mark.parametrize("target", ["graded.csv", "new.csv", "new.xlsx"])
def test_a_folder_that_may_not_be_written_is_one_sentence(locked: Path, target: str):
    with pytest.raises(CannotGrade, match="cannot be written: close it where it is open, or choose another place"):
        grade(locked / "clients.csv", locked / target)
    assert (locked / "graded.csv").read_text() == "old"
    assert names(locked) == ["clients.csv", "graded.csv"]


FULL_DISK = """
import json, resource, sys
from typer.testing import CliRunner
from tierxl.cli import app

source, ends = sys.argv[1], []
for target, room in json.loads(sys.argv[2]):
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, resource.RLIM_INFINITY))
    ended = CliRunner().invoke(app, ["grade", source, "-o", target, "--overwrite"])
    ends.append((ended.exit_code, ended.stdout, ended.stderr))
print(json.dumps(ends))
"""


@pytest.mark.long
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on the size of files")
def test_a_full_disk_leaves_the_old_file_whole_and_says_so_in_one_sentence(tmp_path: Path):
    source = csv_file(tmp_path, "Client,Revenue\nAbel,1\nBaker,2\n")
    rooms = {"a.xlsx": 300, "b.xlsx": 4096, "c.csv": 300, "d.parquet": 300}
    for name in rooms:
        (tmp_path / name).write_bytes(b"the old file")
    given = json.dumps([(str(tmp_path / name), room) for name, room in rooms.items()])
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(source), given], capture_output=True, text=True, check=True
    )  # fmt: skip
    assert done.stderr == ""
    for name, (code, out, sentence) in zip(rooms, json.loads(done.stdout), strict=True):
        assert (code, out) == (2, ""), name
        assert sentence.startswith(f"{tmp_path / name} cannot be written: ")
        assert "File too large" in sentence
        assert sentence.count("\n") == 1
        assert (tmp_path / name).read_bytes() == b"the old file"
    assert names(tmp_path) == sorted([*rooms, "clients.csv"])
