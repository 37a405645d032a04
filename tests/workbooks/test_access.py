"""Who may read what is written: nobody who may not read what it is made from."""

import os
import struct
import sys
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from tests import files
from tests.files import csv_file, regrade, workbook
from tierxl.cli import app
from tierxl.workbooks.atomic import claimed, replacing

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps permissions otherwise"),
]

CLIENTS = "Client,Revenue,Account manager,Last review\nAbel,300,Ann,2026-01-05\nBaker,200,Ann,2026-02-05\n"
MANAGERS = "Account manager,Seniority,Hours per year\nAnn,Senior,1600\n"
WRITING = {
    "grade": ".xlsx", "grade to CSV": ".csv", "grade to Parquet": ".parquet", "report": ".pdf",
    "report as page": ".html", "calendar": ".ics", "whatif": ".xlsx", "assign": ".xlsx",
}  # fmt: skip


@pytest.fixture(autouse=True)
def usual_mask() -> Iterator[None]:
    """New files can be read by everybody, as on most machines."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def run(*arguments: str | Path) -> None:
    ended = CliRunner().invoke(app, list(map(str, arguments)))
    assert ended.exit_code == 0, ended.output


def written(command: str, source: Path, *more: str | Path) -> Path:
    """What a command writes beside its input."""
    target = source.with_name(f"written{WRITING[command]}")
    run(command.split(maxsplit=1)[0], source, "-o", target, *more)
    return target


@pytest.fixture
def clients(tmp_path: Path) -> Path:
    return csv_file(tmp_path, CLIENTS)


@pytest.mark.long
@pytest.mark.parametrize("command", WRITING)
def test_what_is_written_from_a_private_list_is_private(clients: Path, command: str):
    clients.with_name("team.csv").write_text(MANAGERS)
    clients.chmod(0o600)
    more = ["--managers", clients.with_name("team.csv")] if command == "assign" else []
    assert mode(written(command, clients, *more)) == 0o600


@pytest.mark.parametrize(("given", "expected"), [(0o640, 0o640), (0o604, 0o604), (0o400, 0o600), (0o666, 0o644)])
def test_an_output_can_be_read_by_those_who_may_read_the_clients_and_any_new_file(
    clients: Path, given: int, expected: int
):
    clients.chmod(given)
    assert mode(written("grade to CSV", clients)) == expected


@pytest.mark.parametrize("command", ["grade", "assign"])
def test_an_output_is_no_more_readable_than_the_account_managers(clients: Path, command: str):
    team = clients.with_name("team.csv")
    team.write_text(MANAGERS)
    team.chmod(0o600)
    assert mode(written(command, clients, "--managers", team)) == 0o600


def test_a_new_workbook_beside_its_input_is_as_private(tmp_path: Path):
    source = workbook(tmp_path / "a.xlsx")
    source.chmod(0o600)
    run("grade", source)
    assert mode(tmp_path / "a-graded.xlsx") == 0o600


@pytest.mark.parametrize("given", [0o600, 0o640, 0o664])
def test_an_output_that_is_there_keeps_the_mode_that_its_owner_chose(clients: Path, given: int):
    target = clients.with_name("graded.csv")
    target.touch()
    target.chmod(given)
    clients.chmod(0o600)
    run("grade", clients, "-o", target, "--overwrite")
    assert mode(target) == given


@pytest.mark.parametrize("is_there", [False, True])
def test_nobody_else_reads_a_draft(clients: Path, is_there: bool):
    target = clients.with_name("graded.csv")
    if is_there:
        target.touch(0o666)
    with claimed(target, [clients]), replacing(target) as draft:
        assert mode(draft) == 0o600
        draft.write_text("new")
    assert mode(target) == 0o644


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    """A folder of Parquet files."""
    folder = tmp_path / "in"
    folder.mkdir()
    for name, first in (("a", "Abel"), ("b", "Baker")):
        pl.DataFrame({"Client": [first], "Revenue": [1]}).write_parquet(folder / f"{name}.parquet")
    return folder


def modes_within(target: Path) -> tuple[set[int], set[int]]:
    """The modes of a folder and the folders in it, and of the files in it."""
    written = [target, *target.rglob("*")]
    return {mode(path) for path in written if path.is_dir()}, {mode(path) for path in written if path.is_file()}


@pytest.mark.parametrize("name", ["a.parquet", "*.parquet", ""])
def test_what_an_engine_writes_from_a_private_file_is_private(lake: Path, name: str):
    (lake / "a.parquet").chmod(0o600)
    target = lake.with_name("out")
    run("grade", lake / name, "--engine", "polars", "-o", target)
    assert modes_within(target) == ({0o700}, {0o600})


def test_what_an_engine_writes_from_a_private_folder_is_private(lake: Path):
    lake.chmod(0o700)
    run("grade", lake, "--engine", "polars", "-o", lake.with_name("out"))
    assert modes_within(lake.with_name("out")) == ({0o700}, {0o600})


def test_what_an_engine_writes_from_what_everybody_may_read_is_as_any_new_folder(lake: Path):
    run("grade", lake, "--engine", "polars", "-o", lake.with_name("out"))
    assert modes_within(lake.with_name("out")) == ({0o755}, {0o644})


def test_an_empty_folder_that_is_there_keeps_its_mode(lake: Path):
    lake.with_name("out").mkdir(0o700)
    run("grade", lake, "--engine", "polars", "-o", lake.with_name("out"))
    assert mode(lake.with_name("out")) == 0o700


# --- Beyond the mode, on Linux ---------------------------------------------------------------------------------------

only_linux = pytest.mark.skipif(sys.platform != "linux", reason="Python reads these on Linux alone")
ACL, FOR_NEW_FILES = "system.posix_acl_access", "system.posix_acl_default"
ANYBODY = 0xFFFFFFFF


def let_read(path: Path, user: int, which: str = ACL) -> None:
    """Let one more user read a file, or all new files of a folder, but not the group."""
    entries = [(0x01, 6, ANYBODY), (0x02, 4, user), (0x04, 0, ANYBODY), (0x10, 4, ANYBODY), (0x20, 0, ANYBODY)]
    os.setxattr(path, which, struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *entry) for entry in entries))


@only_linux
def test_in_place_a_file_keeps_its_extended_attributes(tmp_path: Path):
    path = workbook(tmp_path / "a.xlsx")
    os.setxattr(path, "user.label", b"confidential")
    regrade(path)
    assert os.getxattr(path, "user.label") == b"confidential"


@only_linux
def test_in_place_a_file_keeps_its_access_control_list(tmp_path: Path):
    path = csv_file(tmp_path, CLIENTS)
    let_read(path, 1001)
    before = os.getxattr(path, ACL)
    regrade(path)
    assert os.getxattr(path, ACL) == before


@only_linux
def test_a_group_that_may_not_read_the_input_may_not_read_the_output(clients: Path):
    let_read(clients, 1001)
    files.grade(clients, clients.with_name("graded.csv"))
    assert mode(clients.with_name("graded.csv")) == 0o600


@only_linux
def test_whom_a_folder_lets_read_its_new_files_does_not_read_what_is_made_from_a_private_one(tmp_path: Path):
    source = csv_file(tmp_path, CLIENTS)
    source.chmod(0o640)
    (tmp_path / "open").mkdir()
    let_read(tmp_path / "open", 1001, FOR_NEW_FILES)
    target = tmp_path / "open" / "graded.csv"
    files.grade(source, target)
    assert mode(target) == 0o600
