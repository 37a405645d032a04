"""What is in a list of clients stays on the computer, and out of its logs."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.main import get_command

from tests import files
from tests.hostile.command import Launcher, tierxl
from tierxl import cli
from tierxl.doctor.vba import SHIPPED
from tierxl.use_cases import graded
from tierxl.workbooks.shipped import shipped

pytestmark = pytest.mark.long

OFFLINE = Path(__file__).with_name("offline")
NAME, AMOUNT = "Zyxwell Holdings", "7654321"
CSV = f"Client,Revenue,Account manager,Notes\n{NAME},{AMOUNT},Ramona Quist,a secret\nBaker,2,,\n"


ASKED = json.dumps(
    {"function": "TIER_TABLE", "arguments": [[["Client", "Revenue"], ["Ramona", 1]]], "settings": None,
     "null_date": "1899-12-30"}
).encode() + b"\n"  # fmt: skip
"""What Calc asks its worker."""


def audited(folder: Path, *arguments: str | Path) -> tuple[int, list[str]]:
    """Run the command; how it ended, and its steps towards the network or to other programs."""
    audit = folder / "audit.txt"
    done = subprocess.run(
        [sys.executable, "-m", "tierxl.cli", *map(str, arguments)], capture_output=True, check=False,
        env=os.environ | environment_of(audit),
    )  # fmt: skip
    return done.returncode, audit.read_text().splitlines()


def environment_of(audit: Path) -> dict[str, str]:
    """What lets a process of Python note its steps in a file, and know nothing of this computer's user."""
    paths = [str(OFFLINE), str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", "")]
    home = audit.with_name("home")
    home.mkdir(exist_ok=True)
    return {"PYTHONPATH": os.pathsep.join(paths), "TIERXL_TEST_AUDIT": str(audit), "HOME": str(home)}


class Watched:
    """The command under the eyes of Python and of the system: all runs in one process, or beside it."""

    def __init__(self, folder: Path) -> None:
        strace = shutil.which("strace")
        assert strace, "strace is needed here"
        audit, calls, self._asked = folder / "audit.txt", folder / "calls.txt", folder / "asked.txt"
        for path in (audit, calls):
            path.touch()
        self._asked.write_bytes(ASKED)
        self._noted = audit.open(), calls.open()
        eyes = (strace, "-f", "--seccomp-bpf", "-qq", "-e", "trace=socket,connect,sendto,sendmsg", "-o", str(calls))
        self._launcher = Launcher(eyes, environment_of(audit))

    def run(self, *arguments: str | Path, code: str = "cli.main()") -> int:
        return tierxl(
            *arguments, launcher=self._launcher, alone="calc-worker" in arguments, given=self._asked, limits={},
            seconds=600, code=code,
        ).code  # fmt: skip

    def steps(self) -> list[str]:
        """The steps towards the network or to other programs since the last time."""
        events, calls = (file.read().splitlines() for file in self._noted)
        return events + [line for line in calls if "AF_INET" in line]

    def last_steps(self) -> list[str]:
        """As :meth:`steps`, once the processes have ended."""
        self._launcher.end()
        last = self.steps()
        for file in self._noted:
            file.close()
        return last


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    watched = Watched(tmp_path_factory.mktemp("watched"))
    yield watched
    assert watched.last_steps() == []


def commands(folder: Path) -> dict[str, list[str | Path]]:
    """One run of every command; those that fetch packages only say what they would do."""
    source = files.csv_file(folder, CSV)
    book = files.workbook(folder / "a.xlsx", [line.split(",") for line in CSV.splitlines()])
    team = files.csv_file(folder, "Account manager,Hours\nRamona,100\n", name="team.csv")
    return {
        "grade": ["grade", source, "-o", folder / "graded.xlsx"],
        "grade a workbook": ["grade", book, "--in-place"],
        "grade into CSV": ["grade", book, "-o", folder / "graded.csv"],
        "grade into Parquet": ["grade", source, "-o", folder / "graded.parquet"],
        "report": ["report", source],
        "report as a page": ["report", source, "-o", folder / "report.html"],
        "explain": ["explain", source, NAME],
        "check": ["check", source, "--json"],
        "calendar": ["calendar", source, "-o", folder / "plan.ics"],
        "whatif": ["whatif", source, "--cut", "A=70", "-o", folder / "what-if.xlsx"],
        "assign": ["assign", source, "--managers", team, "-o", folder / "assigned.xlsx"],
        "movers": ["movers", book, source],
        "policy": ["policy"],
        "demo": ["demo", folder / "demo"],
        "template": ["template", "build", folder],
        "upgrade": ["upgrade", shipped(SHIPPED)],
        "doctor": ["doctor"],
        "install": ["install", "--help"],
        "uninstall": ["uninstall"],
        "bundle": ["bundle", "--help"],
        "calc-worker": ["calc-worker"],
    }  # fmt: skip


NAMES = (
    "grade", "grade a workbook", "grade into CSV", "grade into Parquet", "report", "report as a page", "explain",
    "check", "calendar", "whatif", "assign", "movers", "policy", "demo", "template", "upgrade", "doctor", "install",
    "uninstall", "bundle", "calc-worker",
)  # fmt: skip


def test_every_command_is_looked_at(tmp_path: Path):
    assert set(commands(tmp_path)) == set(NAMES)
    assert {name.split()[0] for name in NAMES} == set(get_command(cli.app).commands)  # type: ignore[attr-defined]


def test_the_look_at_a_process_sees_the_network(tmp_path: Path):
    audit = tmp_path / "audit.txt"
    code = "import socket, subprocess\nsubprocess.run(['true'])\nsocket.create_connection(('127.0.0.1', 9))"
    environment = os.environ | {"PYTHONPATH": str(OFFLINE), "TIERXL_TEST_AUDIT": str(audit)}
    subprocess.run([sys.executable, "-c", code], capture_output=True, check=False, env=environment)
    events = {line.split()[0] for line in audit.read_text().splitlines()}
    assert {"socket.connect", "socket.getaddrinfo", "subprocess.Popen"} <= events


def test_a_grading_does_not_go_to_the_network_or_start_a_program(tmp_path: Path):
    assert audited(tmp_path, *commands(tmp_path)["grade a workbook"]) == (0, [])


@pytest.mark.crash
def test_the_look_at_the_system_sees_what_python_does_not(watched: Watched):
    watched.run(code="import ctypes, socket; ctypes.CDLL(None).socket(socket.AF_INET, socket.SOCK_STREAM, 0)")
    (step,) = watched.steps()
    assert "socket(AF_INET" in step


@pytest.mark.crash
@pytest.mark.parametrize("name", NAMES)
def test_no_command_goes_to_the_network_or_starts_a_program(tmp_path: Path, watched: Watched, name: str):
    """What libraries do beside Python is seen by the system alone."""
    assert watched.run(*commands(tmp_path)[name]) in ((0, 1) if name == "doctor" else (0,))
    assert watched.steps() == []


# --- Logs ------------------------------------------------------------------------------------------------------------


SECRETS = (NAME, AMOUNT, "Ramona", "a secret")


def failing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the grading fail as nobody foresaw, with what is in the file in the error."""

    def fail(*_: object) -> None:
        raise KeyError(f"{NAME} {AMOUNT} a secret")

    monkeypatch.setattr(graded, "grade", fail)


def run_main(monkeypatch: pytest.MonkeyPatch, *arguments: str | Path) -> object:
    monkeypatch.setattr(sys, "argv", ["tierxl", *map(str, arguments)])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return ended.value.code


@pytest.mark.parametrize("command", [["grade", "--in-place"], ["check"]])
def test_an_unforeseen_error_is_told_without_what_is_in_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture, command: list[str],
):  # fmt: skip
    path = files.csv_file(tmp_path, CSV)
    failing(monkeypatch)
    message = run_main(monkeypatch, *command, path)
    assert isinstance(message, str)
    assert message.startswith("tierxl has a defect and stopped: KeyError, graded.py, line ")
    shown = capsys.readouterr()
    for secret in SECRETS:
        assert secret not in message + shown.out + shown.err + caplog.text
    assert path.read_text() == CSV


def test_with_verbose_an_unforeseen_error_is_logged_whole(tmp_path: Path):
    code = (
        "import sys; from tierxl import cli; from tierxl.use_cases import graded\n"
        f"def fail(*_): raise KeyError({NAME!r})\n"
        "graded.grade = fail\n"
        f"sys.argv = ['tierxl', *sys.argv[1:]]\n"
        "cli.main()"
    )
    path = files.csv_file(tmp_path, CSV)
    quiet, loud = (
        subprocess.run([sys.executable, "-c", code, *given, "check", path], capture_output=True, text=True, check=False)
        for given in ([], ["--verbose"])
    )
    assert (quiet.returncode, loud.returncode) == (1, 1)
    assert NAME not in quiet.stdout + quiet.stderr
    assert "Traceback" not in quiet.stderr
    assert "Traceback" in loud.stderr
    assert NAME in loud.stderr


@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".parquet"])
def test_a_grading_without_issues_names_no_client(tmp_path: Path, ending: str):
    source = files.csv_file(tmp_path, CSV)
    path = tmp_path / f"a{ending}"
    files.grade(source, path)
    for arguments in (["grade", path, "--in-place"], ["--verbose", "grade", path, "--in-place"]):
        ended = tierxl(*arguments, alone="--verbose" in arguments)
        assert ended.code == 0
        for secret in (NAME, "Ramona", "a secret"):
            assert secret not in ended.out + ended.err


def test_a_file_that_is_refused_is_refused_without_what_is_in_it(tmp_path: Path):
    path = files.csv_file(
        tmp_path,
        CSV.replace("Revenue,", "Fee A,Fee B,").replace(f",{AMOUNT},", f",{AMOUNT},7,").replace("2,,", "2,5,,"),
    )
    ended = tierxl("grade", path)
    assert ended.code == 2
    for secret in SECRETS:
        assert secret not in ended.out + ended.err
