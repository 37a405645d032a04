"""The scripts that people run: they find a Python, call it, and leave nothing half made.

install.sh runs here in two shells, with stand-ins for Python, for uv and for the system.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.deployment.machines import computer
from tierxl.deployment.bundle import MADE_FOR
from tierxl.deployment.places import places_on

INSTALL = Path(__file__).parents[2] / "install"
SHELLS = [shell for shell in ("dash", "bash") if shutil.which(shell)]
SYSTEM = "linux-x86_64"

pytestmark = [pytest.mark.long, pytest.mark.skipif(sys.platform == "win32", reason="a script for a POSIX shell")]

PYTHON = """#!/bin/sh
echo "$(basename "$0") $*" >> "$LOG"
case "$*" in
    '-I -c '*)
        echo "VERSION SYSTEM"
        case 'VERSION SYSTEM' in '3.9 '* | '2.7 '* | *32-bit) exit 1 ;; esac
        ;;
    *'-m venv '*)
        mkdir -p "$4/bin"
        [ ! -e "$FAILS/venv" ] || { echo 'ensurepip is not available' >&2; exit 1; }
        cp "$0" "$4/bin/python"
        ;;
    *'-m pip '*install*)
        [ ! -e "$FAILS/slow" ] || exec sleep 60  # no child that Ctrl+C could miss
        [ ! -e "$FAILS/pip" ] || { cat "$FAILS/pip" >&2; exit 1; }
        ;;
    *'-m pip '*) [ ! -e "$FAILS/broken" ] ;;
    *'-m tierxl.cli '*) [ ! -e "$FAILS/tierxl" ] || exit 2 ;;
    *) echo "not expected: $*" >&2; exit 99 ;;
esac
"""
"""What the script asks of a Python; it notes all of it."""

UV = """#!/bin/sh
echo "uv $*" >> "$LOG"
[ "$1 $2 $6" = 'python install --install-dir' ] || { echo "not expected: $*" >&2; exit 99; }
[ ! -e "$FAILS/uv" ] || { echo 'no way to GitHub' >&2; exit 1; }
bin=$7/cpython-$8.1-linux-x86_64-gnu/bin
mkdir -p "$bin"
cp "$PYTHON_OF_UV" "$bin/python3"
"""
"""What the script asks of uv."""

CURL = """#!/bin/sh
echo "curl $*" >> "$LOG"
[ ! -e "$FAILS/curl" ] || { echo 'Could not resolve host' >&2; exit 6; }
echo 'mkdir -p "$UV_UNMANAGED_INSTALL" && cp "$UV" "$UV_UNMANAGED_INSTALL/uv"'
"""
"""A download of uv's own installer, as short as it can be."""

WITH_CTRL_C = """
import os, signal, sys
for ignored in (signal.SIGINT, signal.SIGPIPE, signal.SIGXFSZ):
    signal.signal(ignored, signal.SIG_DFL)
os.execv(sys.argv[1], sys.argv[1:])
"""
"""Starts a program that heeds Ctrl+C, even where these tests run in the background and do not."""


@dataclass
class Computer:
    """A computer on which the script runs."""

    folder: Path
    shell: str

    def __post_init__(self) -> None:
        for folder in (self.home, self.programs, self.fails, self.script.parent):
            folder.mkdir()
        shutil.copy(INSTALL / "install.sh", self.script)
        for name in ("basename", "cat", "cp", "dirname", "grep", "mkdir", "rm", "rmdir", "sh", "sleep"):
            (self.programs / name).symlink_to(str(shutil.which(name)))
        self.system("Linux")

    home = property(lambda self: self.folder / "my home")
    programs = property(lambda self: self.folder / "programs")
    fails = property(lambda self: self.folder / "fails")
    script = property(lambda self: self.folder / "the bundle" / "install.sh")
    log = property(lambda self: self.folder / "log")
    environment = property(lambda self: self.home / ".local/share/tierxl/env")

    def system(self, name: str) -> None:
        self._program("uname", f"#!/bin/sh\necho {name}\n")

    def python(self, name: str, version: str, system: str = SYSTEM) -> None:
        self._program(name, PYTHON.replace("VERSION", version).replace("SYSTEM", system))

    def internet(self) -> None:
        """Let uv be fetched, and with it a Python."""
        self._program("curl", CURL)
        for name, text in (("uv", UV), ("python", PYTHON.replace("VERSION", "3.13").replace("SYSTEM", SYSTEM))):
            program = self.folder / name
            program.write_text(text)
            program.chmod(0o755)

    def wheels(self, needed: str | None) -> Path:
        wheels: Path = self.script.parent / "wheels"
        wheels.mkdir()
        for name in ("tierxl-0.1.0-py3-none-any.whl", "xlwings-0.37.8-cp311-cp311-linux_x86_64.whl"):
            (wheels / name).touch()
        if needed:
            (wheels / MADE_FOR).write_text(f"{needed}\n")
        return wheels

    def project(self) -> Path:
        """Make the folder of the script that of a copy of the project."""
        (self.folder / "pyproject.toml").touch()
        (self.folder / "tierxl").mkdir()
        return self.folder

    def start(self, *arguments: str, stdin: int = subprocess.DEVNULL, **environment: str) -> "subprocess.Popen[str]":
        self.log.write_text("")
        known = {"PATH": str(self.programs), "HOME": str(self.home), "LOG": str(self.log), "FAILS": str(self.fails),
                 "UV": str(self.folder / "uv"), "PYTHON_OF_UV": str(self.folder / "python")}  # fmt: skip
        script = [str(shutil.which(self.shell)), str(self.script), *arguments]
        return subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", WITH_CTRL_C, *script],
            env=known | environment, cwd=self.folder, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True, start_new_session=True,
        )  # fmt: skip

    def run(self, *arguments: str, status: int = 0, **environment: str) -> str:
        """Run the script: what it says, on stderr where it fails."""
        script = self.start(*arguments, **environment)
        out, errors = script.communicate(timeout=120)
        assert script.returncode == status, (out, errors)
        assert status or not errors, errors
        return errors if status else out

    def answer(self, answer: str, status: int) -> str:
        """Run the script in a terminal and answer its question: what it says."""
        ours, terminal = os.openpty()
        os.write(ours, f"{answer}\n".encode())
        script = self.start(stdin=terminal)
        out, errors = script.communicate(timeout=120)
        for end in (ours, terminal):
            os.close(end)
        assert script.returncode == status, (out, errors)
        return out + errors

    def called(self, *words: str) -> list[str]:
        """The calls of a Python in which a word stands, without the questions what it is."""
        lines = self.log.read_text().splitlines()
        return [line for line in lines if any(word in line for word in words)]

    def in_home(self) -> list[str]:
        return sorted(str(path.relative_to(self.home)) for path in self.home.rglob("*") if not path.is_dir())

    def _program(self, name: str, text: str) -> None:
        program = self.programs / name
        program.write_text(text)
        program.chmod(0o755)


@pytest.fixture(params=SHELLS)
def there(request: pytest.FixtureRequest, tmp_path: Path) -> Computer:
    return Computer(tmp_path, request.param)


# --- Installing ------------------------------------------------------------------------------------------------------


def test_an_environment_is_made_filled_and_told_to_install(there: Computer):
    there.python("python3", "3.12")
    assert "this takes a minute" in there.run()
    venv, pip, install = there.called("-m ")
    assert venv == f"python3 -I -m venv {there.environment}"
    assert pip.startswith("python -I -m pip install --upgrade tierxl ")
    assert install == "python -I -m tierxl.cli install"


def test_a_second_run_upgrades_what_is_there(there: Computer):
    there.python("python3", "3.12")
    there.run()
    mine = there.environment / "kept.txt"
    mine.touch()
    there.run()
    assert there.called("venv") == []
    assert len(there.called("pip install --upgrade tierxl")) == 1
    assert there.called("tierxl.cli") == ["python -I -m tierxl.cli install"]
    assert mine.exists()


def test_it_is_installed_from_where_one_says(there: Computer):
    there.python("python3", "3.12")
    there.wheels("3.11 other")
    there.run("--from", "/a copy/of it")
    (pip,) = there.called("pip install")
    assert "--upgrade /a copy/of it " in pip
    assert "--no-index" not in pip
    assert there.called("tierxl.cli") == ["python -I -m tierxl.cli install"]


def test_in_a_copy_of_the_project_that_copy_is_installed(there: Computer):
    there.python("python3", "3.12")
    project = there.project()
    there.run()
    (pip,) = there.called("pip install")
    assert f"--upgrade {project} " in pip
    assert "--no-index" not in pip
    assert there.called("tierxl.cli") == ["python -I -m tierxl.cli install"]


def test_a_source_that_one_names_goes_before_the_copy_of_the_project(there: Computer):
    there.python("python3", "3.12")
    there.project()
    there.run("--from", "tierxl==0.1.0")
    assert "--upgrade tierxl==0.1.0 " in there.called("pip install")[0]


def test_another_project_around_the_script_is_not_installed(there: Computer):
    there.python("python3", "3.12")
    (there.folder / "pyproject.toml").touch()
    there.run()
    assert "--upgrade tierxl " in there.called("pip install")[0]


def test_nothing_is_left_in_the_caches_of_pip(there: Computer):
    there.python("python3", "3.12")
    there.run()
    assert "--no-cache-dir" in there.called("pip install")[0]


# --- Finding a Python ------------------------------------------------------------------------------------------------


def test_without_a_python_it_says_where_to_get_one(there: Computer):
    says = there.run(status=1)
    assert "tierxl needs Python 3.11 or newer" in says
    assert "found: no Python" in says
    assert "https://www.python.org/downloads/" in says
    assert there.in_home() == []


def test_a_python_that_is_too_old_is_named(there: Computer):
    there.python("python3", "3.9")
    there.python("python", "2.7")
    assert f"found: 3.9 {SYSTEM}, 2.7 {SYSTEM}" in there.run(status=1)
    assert there.in_home() == []


def test_a_newer_python_beside_an_old_one_is_found(there: Computer):
    there.python("python3", "3.9")
    there.python("python3.13", "3.13")
    there.run()
    assert there.called("venv")[0].startswith("python3.13 ")


def test_a_python_that_does_not_run_is_passed_over(there: Computer):
    there._program("python3", "#!/bin/sh\necho 'install the developer tools' >&2\nexit 127\n")
    there.python("python", "3.11")
    there.run()
    assert there.called("venv")[0].startswith("python ")


def test_a_python_of_32_bits_is_refused_before_pip_runs(there: Computer):
    there.python("python3", "3.12", f"{SYSTEM} 32-bit")
    says = there.run(status=1)
    assert "needs Python 3.11 or newer, 64-bit" in says
    assert f"found: 3.12 {SYSTEM} 32-bit" in says
    assert there.called("-m ") == []
    assert there.in_home() == []


def test_no_compiler_is_ever_started(there: Computer):
    there.python("python3", "3.12")
    there.run()
    assert "--only-binary :all:" in there.called("pip install")[0]


# --- Without a Python: one of tierxl's own ---------------------------------------------------------------------------


def test_where_nobody_can_answer_nothing_is_fetched_and_the_way_to_a_python_is_named(there: Computer):
    there.internet()
    out, errors = there.start().communicate(timeout=120)
    assert out == ""
    assert "run it with --get-python: it fetches a Python for tierxl alone" in errors
    assert there.called("curl", "uv") == []


def test_an_option_fetches_a_python_for_tierxl_alone_and_uv_does_not_stay(there: Computer):
    there.internet()
    there.run("--get-python")
    own = there.home / ".local/share/tierxl/python"
    assert there.called("curl") == ["curl -LsSf https://astral.sh/uv/install.sh"]
    assert there.called("uv ") == [f"uv python install --no-config --no-cache --no-bin --install-dir {own} 3.13"]
    assert there.called("venv") == [f"python3 -I -m venv {there.environment}"]
    assert there.in_home() == [
        ".local/share/tierxl/env/bin/python", ".local/share/tierxl/python/cpython-3.13.1-linux-x86_64-gnu/bin/python3"
    ]  # fmt: skip


def test_a_uv_that_is_there_is_not_fetched(there: Computer):
    there.internet()
    there._program("uv", UV)
    there.run("--get-python")
    assert there.called("curl") == []
    assert len(there.called("tierxl.cli install")) == 1


def test_a_python_that_was_fetched_is_taken_again_without_asking(there: Computer):
    there.internet()
    there.run("--get-python")
    shutil.rmtree(there.environment)
    there.run()
    assert there.called("curl", "uv ") == []
    assert len(there.called("venv")) == 1


def test_with_a_python_that_fits_the_option_fetches_nothing(there: Computer):
    there.internet()
    there.python("python3", "3.12")
    there.run("--get-python")
    assert there.called("curl", "uv ") == []


def test_in_a_terminal_it_is_asked_and_explained_first(there: Computer):
    there.internet()
    says = there.answer("y", status=0)
    assert "which was not found here (found: no Python)" in says
    assert "uv, a program of the firm Astral, can fetch a Python that only tierxl uses" in says
    assert len(there.called("uv python install")) == 1


@pytest.mark.parametrize("answer", ["n", "", "no"])
def test_who_does_not_want_that_has_nothing_fetched(there: Computer, answer: str):
    there.internet()
    assert "https://www.python.org/downloads/" in there.answer(answer, status=1)
    assert there.called("curl", "uv ") == []
    assert there.in_home() == []


@pytest.mark.parametrize(
    ("fails", "says"), [("curl", "Could not resolve host"), ("uv", "no way to GitHub"), ("pip", "no such wheel")]
)
def test_a_python_that_cannot_be_fetched_or_used_leaves_nothing(there: Computer, fails: str, says: str):
    there.internet()
    (there.fails / fails).write_text("no such wheel")
    assert says in there.run("--get-python", status=1)
    assert not there.environment.parent.exists()


# --- From a bundle ---------------------------------------------------------------------------------------------------


def test_from_a_bundle_its_wheels_are_installed_and_its_template(there: Computer):
    there.python("python3", "3.11")
    wheels = there.wheels(f"3.11 {SYSTEM}")
    there.run()
    (pip,) = there.called("pip --isolated install")
    assert "--no-index" in pip
    assert all(f" {wheel} " in pip for wheel in wheels.glob("*.whl"))
    assert there.called("tierxl.cli") == [f"python -I -m tierxl.cli install --bundle {wheels.parent}"]


def test_a_bundle_goes_before_a_copy_of_the_project_around_it(there: Computer):
    there.python("python3", "3.11")
    there.project()
    there.wheels(f"3.11 {SYSTEM}")
    there.run()
    assert len(there.called("pip --isolated install --no-index")) == 1
    assert there.called("--upgrade") == []


def test_the_python_that_the_wheels_fit_is_taken(there: Computer):
    there.python("python3", "3.13")
    there.python("python3.99", "3.99")
    there.wheels(f"3.99 {SYSTEM}")
    there.run()
    assert there.called("venv")[0].startswith("python3.99 ")


@pytest.mark.parametrize("needed", ["3.12 linux-x86_64", "3.11 linux-aarch64", "3.11 win32-amd64"])
def test_wheels_for_another_python_are_not_tried(there: Computer, needed: str):
    there.python("python3", "3.11")
    there.wheels(needed)
    says = there.run(status=1)
    python, system = needed.split()
    assert f"This bundle is for Python {python} on {system}" in says
    assert f"found: 3.11 {SYSTEM}" in says
    assert there.called("pip") == []
    assert there.in_home() == []


def test_wheels_that_no_python_fits_leave_the_environment_that_works(there: Computer):
    there.python("python3", "3.13")
    there.run()
    there.wheels(f"3.11 {SYSTEM}")
    there.run(status=1)
    assert (there.environment / "bin/python").exists()


def test_a_bundle_that_is_not_whole_is_told(there: Computer):
    there.python("python3", "3.11")
    there.wheels(None)
    assert "unpack the bundle again" in there.run(status=1)
    assert there.in_home() == []


def test_an_environment_of_another_python_is_made_anew_for_a_bundle(there: Computer):
    there.python("python3", "3.13")
    there.run()
    there.python("python3.11", "3.11")
    there.wheels(f"3.11 {SYSTEM}")
    assert "made anew" in there.run()
    assert there.called("venv")[0].startswith("python3.11 ")


# --- What goes wrong -------------------------------------------------------------------------------------------------


def test_an_environment_that_cannot_be_made_leaves_nothing(there: Computer):
    there.python("python3", "3.12")
    (there.fails / "venv").touch()
    says = there.run(status=1)
    assert "ensurepip is not available" in says
    assert "sudo apt install python3-venv" in says
    assert not there.environment.parent.exists()


def test_what_cannot_be_fetched_leaves_nothing_and_a_second_run_starts_anew(there: Computer):
    there.python("python3", "3.12")
    (there.fails / "pip").write_text("no such wheel")
    says = there.run(status=1)
    assert "no such wheel" in says
    assert "Run this script again, or ask for a bundle" in says
    assert not there.environment.parent.exists()
    (there.fails / "pip").unlink()
    there.run()
    assert len(there.called("venv", "pip install", "tierxl.cli")) == 3


@pytest.mark.parametrize(
    ("pip", "cure"),
    [
        (
            "NewConnectionError('[Errno 11001] getaddrinfo failed')\nERROR: No matching distribution found for tierxl",
            "There is no way to PyPI: check the internet connection",
        ),
        ("ProxyError('Tunnel connection failed: 407 Proxy Authentication Required')", "The firm's proxy is in the way"),
        ("SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED]'))", "PIP_CERT"),
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "The disk is full"),
        ("OSError: [WinError 112] There is not enough space on the disk", "The disk is full"),
        ("OSError: [WinError 5] Access is denied: xlwings64-0.37.8.dll", "close Excel"),
        ("ERROR: No matching distribution found for pyarrow>=18", "There is nothing ready made for this Python"),
        ("ERROR: something else", "Run this script again, or ask for a bundle"),
    ],
)
def test_the_cure_is_that_of_the_cause(there: Computer, pip: str, cure: str):
    there.python("python3", "3.12")
    (there.fails / "pip").write_text(pip)
    says = there.run(status=1)
    assert cure in says
    assert ("internet connection" in says) == ("internet connection" in cure)
    assert pip.splitlines()[-1] in says


def test_ctrl_c_in_the_middle_leaves_nothing(there: Computer):
    there.python("python3", "3.12")
    (there.fails / "slow").touch()
    script = there.start()
    while not there.called("pip install"):
        assert script.poll() is None
        time.sleep(0.01)
    os.killpg(script.pid, signal.SIGINT)
    script.communicate(timeout=120)
    assert script.returncode
    assert not there.environment.parent.exists()


def test_an_upgrade_that_fails_leaves_what_was_there(there: Computer):
    there.python("python3", "3.12")
    there.run()
    (there.fails / "pip").touch()
    there.run(status=1)
    assert (there.environment / "bin/python").exists()
    assert there.called("tierxl.cli") == []


@pytest.mark.parametrize("damage", ["no interpreter", "no pip", "half made", "a file"])
def test_an_environment_that_does_not_work_is_made_anew(there: Computer, damage: str):
    there.python("python3", "3.12")
    there.run()
    match damage:
        case "no interpreter":
            (there.environment / "bin/python").unlink()
            (there.environment / "bin/python").symlink_to("/nosuch/python")
        case "no pip":
            (there.fails / "broken").touch()
        case "half made":
            shutil.rmtree(there.environment / "bin")
        case _:
            shutil.rmtree(there.environment)
            there.environment.touch()
    assert "made anew" in there.run()
    assert len(there.called("venv", "pip install", "tierxl.cli")) == 3


def test_a_template_that_cannot_be_put_fails_the_script_and_the_environment_stays(there: Computer):
    there.python("python3", "3.12")
    (there.fails / "tierxl").touch()
    there.run(status=2)
    assert (there.environment / "bin/python").exists()


@pytest.mark.parametrize(("arguments", "says"), [(["--form", "x"], "no option --form"), (["--from"], "after --from")])
def test_an_option_that_is_not_known_is_refused(there: Computer, arguments: list[str], says: str):
    there.python("python3", "3.12")
    assert says in there.run(*arguments, status=1)
    assert there.called("python") == []


# --- Removing --------------------------------------------------------------------------------------------------------


def test_removing_is_the_work_of_the_command(there: Computer):
    there.python("python3", "3.12")
    there.run()
    there.run("--uninstall")
    assert there.called("python") == ["python -I -m tierxl.cli uninstall"]


def test_removing_what_is_not_installed_says_so(there: Computer):
    assert "tierxl is not installed" in there.run("--uninstall", status=1)
    assert there.in_home() == []


def test_removing_what_does_not_start_says_how_to_mend_it(there: Computer):
    there.python("python3", "3.12")
    there.run()
    (there.fails / "tierxl").touch()
    assert "run this script without --uninstall, which mends it" in there.run("--uninstall", status=1)
    assert there.environment.exists()


# --- Excel on a Mac ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [(), ("--uninstall",)])
def test_on_a_mac_excel_must_be_closed_before_any_work_starts(there: Computer, arguments: tuple[str, ...]):
    there.system("Darwin")
    there.python("python3", "3.12")
    there._program("pgrep", '#!/bin/sh\n[ "$*" = "-x -u ann Microsoft Excel" ] && echo 4711\n')
    output = there.run(*arguments, status=1, USER="ann")
    assert (
        output == "Excel is open: save your workbooks, close Excel, then run this script again. Nothing was changed.\n"
    )
    assert (there.log.read_text(), list(there.home.iterdir())) == ("", [])


# --- Where it goes ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("system", "platform", "environ"),
    [
        ("Linux", "linux", {}),
        ("Linux", "linux", {"XDG_DATA_HOME": "data"}),
        ("Linux", "linux", {"XDG_DATA_HOME": "/tmp/no such place"}),
        ("Darwin", "darwin", {"XDG_DATA_HOME": "/tmp/no such place"}),
    ],
)
def test_the_script_and_the_command_know_the_same_folder(
    there: Computer, tmp_path: Path, system: str, platform: str, environ: dict[str, str]
):
    there.system(system)
    machine = computer(tmp_path, platform, home=there.home, environ=environ)
    assert str(places_on(machine).environment) in there.run("--uninstall", status=1, **environ)
