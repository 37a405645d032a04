"""Files that are open elsewhere, places that cannot be written, and more than one run at a time."""

import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from tests import files
from tests.files import csv_file, csv_records, regrade, workbook
from tests.hostile.command import graded_in_place, names, refused_in_place, sentence_of, tierxl
from tierxl.method.issues import CannotGrade
from tierxl.use_cases.grade import grade_file
from tierxl.use_cases.reading import Request
from tierxl.workbooks.atomic import claimed, replacing
from tierxl.workbooks.open_elsewhere import open_in

CSV = "Client,Revenue\nAbel,1\nBaker,2\n"
NOBODY = 65_534

# --- Open elsewhere --------------------------------------------------------------------------------------------------


def excel_mark(path: Path, user: str) -> Path:
    """The file that Excel lays beside a workbook: the user's name twice, in two alphabets."""
    narrow = user.encode("cp1252", "replace")
    wide = user.encode("utf-16-le")
    mark = path.with_name(f"~${path.name}")
    mark.write_bytes(
        bytes([len(narrow)]) + narrow.ljust(54) + bytes([len(user), 0]) + wide + b" \0" * ((108 - len(wide)) // 2)
    )
    return mark


def libreoffice_mark(path: Path, user: str) -> Path:
    mark = path.with_name(f".~lock.{path.name}#")
    mark.write_text(f",{user},desk-7,22.11.2026 09:15,file:///home/jane/.config/libreoffice/4;", encoding="utf-8")
    return mark


@pytest.mark.parametrize("user", ["Jane Doe", "Żaneta Łoś"])
def test_a_file_that_is_open_in_excel_is_not_written_and_the_owner_is_named(tmp_path: Path, user: str):
    path = workbook(tmp_path / "a.xlsx")
    mark = excel_mark(path, user)
    assert len(mark.read_bytes()) == 165
    assert refused_in_place(path) == (
        f"{path} is open in Excel (by {user}): close it there first. "
        "If nobody has it open, Excel has left the hidden file ~$a.xlsx behind: delete that one."
    )
    mark.unlink()
    graded_in_place(path)


def test_a_file_that_is_open_in_libreoffice_is_not_written_and_the_owner_is_named(tmp_path: Path):
    path = csv_file(tmp_path, CSV)
    libreoffice_mark(path, "jane")
    assert refused_in_place(path).startswith(f"{path} is open in LibreOffice (by jane): close it there first.")


@pytest.mark.parametrize("raw", [b"", b"\xff", bytes(165), b"\x05\x1b[31m", os.urandom(200)])
def test_a_mark_that_says_nothing_useful_is_a_mark_all_the_same(tmp_path: Path, raw: bytes):
    path = workbook(tmp_path / "a.xlsx")
    path.with_name("~$a.xlsx").write_bytes(raw)
    sentence = open_in(path)
    assert sentence.startswith("is open in Excel")
    assert sentence.isprintable()


def test_a_copy_of_a_file_that_is_open_in_excel_can_be_graded_but_an_open_output_is_not_replaced(tmp_path: Path):
    path = workbook(tmp_path / "a.xlsx")
    excel_mark(path, "Jane Doe")
    assert tierxl("grade", path).code == 0
    output = tmp_path / "a-graded.xlsx"
    excel_mark(output, "Jane Doe")
    before = output.read_bytes()
    assert f"{output} is open in Excel" in sentence_of(tierxl("grade", path, "--overwrite"))
    assert output.read_bytes() == before


def refused_after(path: Path, change: Callable[[], object]) -> str:
    """What is said when something happens to a file between its reading and its writing."""

    def write() -> None:
        with replacing(path) as draft:
            draft.write_text("new")
            change()

    with pytest.raises(CannotGrade) as refusal:
        write()
    return str(refusal.value)


def test_a_file_that_is_opened_in_excel_during_a_grading_is_not_written(tmp_path: Path):
    path = csv_file(tmp_path, CSV)
    assert "is open in Excel" in refused_after(path, lambda: excel_mark(path, "Jane Doe"))
    assert path.read_text() == CSV


def save_over(path: Path) -> None:
    """Save a file as large as before, with the old date."""
    before = path.stat()
    path.write_text(CSV.replace("1", "7"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def save_in_its_place(path: Path) -> None:
    csv_file(path.parent, CSV.replace("1", "7"), name="b.csv").replace(path)


@pytest.mark.parametrize("save", [save_over, save_in_its_place])
def test_what_is_saved_during_a_grading_stays(tmp_path: Path, save: Callable[[Path], None]):
    path = csv_file(tmp_path, CSV)
    assert refused_after(path, lambda: save(path)) == (
        f"{path} was saved by somebody else while it was being graded: it is left as they saved it. Grade again."
    )
    assert path.read_text() == CSV.replace("1", "7")
    assert names(tmp_path) == ["clients.csv"]


def test_what_is_saved_while_the_file_is_read_stays(tmp_path: Path):
    path = csv_file(tmp_path, CSV)
    messages: list[str] = []

    def progress(doing: str, done: int, _: int) -> None:
        if (doing, done) == ("Reading", 1):
            save_over(path)

    try:
        grade_file(Request(path, files.AS_OF), path, progress)
    except CannotGrade as error:
        messages.append(str(error))
    assert "was saved by somebody else" in messages[0]
    assert path.read_text() == CSV.replace("1", "7")


def test_a_file_that_was_not_there_when_the_grading_began_stays(tmp_path: Path):
    path = tmp_path / "a.csv"
    assert "was saved by somebody else" in refused_after(path, lambda: path.write_text("mine"))
    assert path.read_text() == "mine"


def test_a_file_that_is_only_touched_during_a_grading_is_graded(tmp_path: Path):
    path = csv_file(tmp_path, CSV)
    with replacing(path) as draft:
        draft.write_text("new")
        os.utime(path, (1, 1))
    assert path.read_text() == "new"


# --- Two runs --------------------------------------------------------------------------------------------------------

HOLD = """
import sys, time
from pathlib import Path
from tierxl.workbooks.atomic import claimed
with claimed(Path(sys.argv[1])):
    print("claimed", flush=True)
    time.sleep(600)
"""

pytestmark = pytest.mark.hostile


@pytest.fixture
def holder(tmp_path: Path) -> Iterator["subprocess.Popen[str]"]:
    """Another process that has claimed a list."""
    path = csv_file(tmp_path, CSV)
    with subprocess.Popen([sys.executable, "-c", HOLD, path], stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "claimed\n"
        yield other
        other.kill()


def test_a_second_run_on_one_file_is_refused_and_the_death_of_the_first_frees_the_file(
    tmp_path: Path, holder: "subprocess.Popen[str]"
):
    path = tmp_path / "clients.csv"
    assert refused_in_place(path) == f"{path} is being written by another run of tierxl: wait until it has ended."
    assert tierxl("grade", path, "-o", tmp_path / "copy.csv").code == 0, "reading is free"
    holder.kill()
    holder.wait()
    assert tierxl("grade", path, "--in-place").code == 0
    assert names(tmp_path) == ["clients.csv", "copy.csv"]


def test_two_threads_do_not_write_one_file_at_once(tmp_path: Path):
    path = csv_file(tmp_path, CSV)
    messages: list[str] = []

    def second() -> None:
        try:
            regrade(path)
        except CannotGrade as error:
            messages.append(str(error))

    with claimed(path):
        thread = threading.Thread(target=second)
        thread.start()
        thread.join()
    assert messages == [f"{path} is being written by another run of tierxl: wait until it has ended."]
    regrade(path)


def test_many_runs_at_once_leave_a_graded_file_and_nothing_else(tmp_path: Path):
    path = csv_file(tmp_path, CSV)
    command = [sys.executable, "-m", "tierxl.cli", "grade", str(path), "--in-place"]
    runs = [subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) for _ in range(4)]
    ends = [(run.communicate()[1], run.returncode) for run in runs]
    assert 0 in {code for _, code in ends}
    for message, code in ends:
        assert (code, message) == (0, "") or (code == 2 and "another run of tierxl" in message)
    assert [record["Tier"] for record in csv_records(path)] == ["C", "A"]
    assert names(tmp_path) == ["clients.csv"]


def test_a_grading_removes_what_killed_runs_of_its_file_have_left_and_nothing_else(tmp_path: Path):
    path, other = csv_file(tmp_path, CSV), csv_file(tmp_path, CSV, name="other.csv")
    with replacing(path) as draft:
        draft.write_text(CSV)
        left = draft.with_name(draft.name[:-12] + "0badcafe.csv")
    with replacing(other) as draft:
        draft.write_text(CSV)
        of_another = draft.with_name(draft.name[:-12] + "0badcafe.csv")
    mine = [tmp_path / ".clients-0badcafe.csv", tmp_path / ".tierxl-notes.csv", tmp_path / "clients.lock"]
    for stray in (left, of_another, *mine):
        stray.write_text("x")
    regrade(path)
    assert names(tmp_path) == sorted(each.name for each in (path, other, of_another, *mine))


def test_a_name_as_long_as_the_system_allows_can_be_written(tmp_path: Path):
    path = csv_file(tmp_path, CSV, name="x" * 251 + ".csv")
    regrade(path)
    assert names(tmp_path) == [path.name]


# --- What is no file -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".parquet"])
def test_a_pipe_and_a_device_are_no_files(tmp_path: Path, ending: str):
    pipe, device = tmp_path / f"pipe{ending}", tmp_path / f"device{ending}"
    os.mkfifo(pipe)
    device.symlink_to("/dev/zero")
    for path in (pipe, device):
        assert sentence_of(tierxl("grade", path, seconds=10)) == f"There is no file {path}."
    source = csv_file(tmp_path, CSV)
    for path in (pipe, device):
        sentence = sentence_of(tierxl("grade", source, "-o", path, "--overwrite", seconds=10))
        assert sentence.endswith("cannot be written: it is not a file.")
    assert pipe.is_fifo()


# --- Places that cannot be written -----------------------------------------------------------------------------------


@pytest.fixture
def shared() -> Iterator[Path]:
    """A folder into which everybody may write."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o777)
        yield folder


def test_a_file_that_is_read_only_is_not_replaced(shared: Path):
    path = csv_file(shared, CSV)
    path.chmod(0o444)
    says = f"{path} cannot be written: it is read-only. Allow writing, or choose another place."
    assert refused_in_place(path, user=NOBODY) == says


def test_a_folder_that_is_read_only_is_one_sentence(shared: Path):
    path = workbook(shared / "a.xlsx")
    path.chmod(0o666)
    shared.chmod(0o555)
    assert f"{path} cannot be written" in refused_in_place(path, user=NOBODY)
    shared.chmod(0o777)


@pytest.mark.parametrize("command", [["check"], ["grade", "--in-place"]])
def test_a_file_that_may_not_be_read_is_refused(shared: Path, command: list[str]):
    path = csv_file(shared, CSV)
    path.chmod(0o000)
    ended = tierxl(*command, path, user=NOBODY)
    assert (ended.code, ended.out) == (2, ""), ended
    assert f"{path}' is not readable." in ended.err or f"{path} cannot be read: you may not read it." in ended.err
    assert path.read_text() == CSV


def test_nobody_reads_the_draft_of_a_file_that_nobody_else_may_read(tmp_path: Path):
    path = csv_file(tmp_path, CSV)
    path.chmod(0o600)
    with replacing(path) as draft:
        assert draft.stat().st_mode & 0o777 == 0o600
        draft.write_text("new")
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_new_file_has_the_permissions_of_any_new_file(tmp_path: Path):
    (tmp_path / "any").touch()
    regraded = tmp_path / "new.csv"
    files.grade(csv_file(tmp_path, CSV), regraded)
    assert regraded.stat().st_mode == (tmp_path / "any").stat().st_mode


def test_an_administrator_who_grades_a_file_leaves_it_to_its_owner(tmp_path: Path):
    path = csv_file(tmp_path, CSV)
    os.chown(path, NOBODY, NOBODY)
    regrade(path)
    assert (path.stat().st_uid, path.stat().st_gid) == (NOBODY, NOBODY)


def test_another_group_does_not_read_what_is_made_from_a_file_of_a_group(tmp_path: Path):
    path = csv_file(tmp_path, CSV)
    os.chown(path, -1, NOBODY)
    path.chmod(0o640)
    files.grade(path, tmp_path / "new.csv")
    assert (tmp_path / "new.csv").stat().st_mode & 0o777 == 0o600


ROOMS = (0, 1, 100, 2_000, 10_000, 20_000)


@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".parquet"])
def test_a_disk_that_becomes_full_anywhere_in_the_middle_leaves_the_old_file(tmp_path: Path, ending: str):
    path = tmp_path / f"sample{ending}"
    files.grade(files.SAMPLE, path)
    size = path.stat().st_size
    for room in [room for room in ROOMS if room < size // 2]:
        assert f"{path} cannot be written: " in refused_in_place(path, limits={"file": room})


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 128 kB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=128k", "tmpfs", folder], check=True)
    yield folder
    subprocess.run(["umount", folder], check=True)


@pytest.mark.crash
def test_a_disk_without_room_leaves_the_old_file_and_is_of_use_again(small_disk: Path):
    path = workbook(small_disk / "a.xlsx")
    filling = small_disk / "filling"
    filling.write_bytes(bytes(shutil.disk_usage(small_disk).free - 4_096))
    says = f"{path} cannot be written: No space left on device."
    assert refused_in_place(path, alone=True) == says  # else its process, which lives on, may keep the disk busy
    filling.unlink()
    graded_in_place(path, alone=True)


@pytest.mark.crash
def test_an_engine_says_which_disk_has_no_room_and_leaves_nothing(small_disk: Path, tmp_path: Path):
    path, number = tmp_path / "orders.parquet", pl.col("Order no")
    orders = pl.DataFrame({"Order no": range(100_000), "Date": date(2026, 5, 1)})
    orders = orders.with_columns(Client=(number // 2).cast(pl.String), Amount=number * 7_919 % 1e5)
    orders.with_columns(number.cast(pl.String)).write_parquet(path)

    def refused(target: Path, **environment: str) -> str:
        options = ["--engine", "polars", "--as-of", "2026-11-22", "-o", target]
        ended = subprocess.run(
            [sys.executable, "-m", "tierxl.cli", "grade", path, *options], env=os.environ | environment,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert (ended.returncode, ended.stdout) == (2, "")
        return ended.stderr.strip()

    says = "cannot be written: No space left on device."
    assert refused(small_disk / "graded") == f"{small_disk / 'graded' / 'clients'} {says}"
    temporary = "The folder for temporary files (TMPDIR can name another)"
    assert refused(tmp_path / "graded", TMPDIR=str(small_disk)) == f"{temporary} {says}"
    assert list(small_disk.iterdir()) == []
    assert names(tmp_path) == ["disk", "orders.parquet"]
