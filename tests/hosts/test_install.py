"""install.sh for real: in a clean home folder, online and from the bundle, examined, and removed to the last file."""

import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.files import SAMPLE

CHECKOUT = Path(__file__).parents[2]
PROJECT = ("tierxl", "install", "workbook", "pyproject.toml", "README.md", "LICENSE")

pytestmark = [
    pytest.mark.install,
    pytest.mark.skipif(sys.platform != "linux", reason="the home folder of a test is that of a Linux user"),
]


@dataclass
class User:
    """Someone with a clean home folder."""

    home: Path
    online: bool

    def run(self, *command: str | Path, status: int = 0) -> str:
        """Run a command as this user: what it says."""
        done = subprocess.run(
            list(map(str, command)), env=self.environment, cwd=self.home, capture_output=True, text=True, check=False,
            timeout=540,
        )  # fmt: skip
        assert done.returncode == status, done.stdout + done.stderr
        return done.stderr if status else done.stdout

    @property
    def environment(self) -> dict[str, str]:
        """What a new user has: the system's programs and a Python, and of pip's settings those for its network.

        Pip compiles nothing, which it takes a 0 for: most of it is never run here.
        """
        python = Path(sys.base_prefix) / "bin"
        known = {"HOME": str(self.home), "PATH": f"{python}:/usr/bin:/bin", "LANG": "C.UTF-8", "PIP_NO_COMPILE": "0"}
        if self.online:
            network = re.compile("PIP_.*|SSL_.*|.*_proxy", re.IGNORECASE)
            return known | {name: value for name, value in os.environ.items() if network.fullmatch(name)}
        nowhere = dict.fromkeys(("http_proxy", "https_proxy", "all_proxy"), "http://127.0.0.1:9")
        return known | nowhere | {"PIP_CONFIG_FILE": os.devnull, "PIP_INDEX_URL": "http://127.0.0.1:9"}

    @property
    def tierxl(self) -> Path:
        return self.home / ".local/bin/tierxl"

    def files(self) -> dict[str, bytes]:
        return {str(path.relative_to(self.home)): path.read_bytes() for path in self.home.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of this project, which can be taken away."""
    copy = tmp_path_factory.mktemp("copy") / "a copy of tierxl"
    copy.mkdir()
    for name in PROJECT:
        source = CHECKOUT / name
        if source.is_dir():
            shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, copy)
    return copy


@pytest.fixture(scope="module")
def online(project: Path, tmp_path_factory: pytest.TempPathFactory) -> User:
    """Someone who has installed tierxl with the internet."""
    user = User(tmp_path_factory.mktemp("online"), online=True)
    (user.home / "mine.txt").write_text("mine")
    output = user.run("sh", project / "install/install.sh")
    assert f"Workbook:         {user.home}/.local/share/tierxl/Client Tiers.xlsm" in output
    return user


@pytest.fixture(scope="module")
def unpacked(online: User, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundle that someone has made, unpacked."""
    folder = tmp_path_factory.mktemp("bundle")
    output = online.run(online.tierxl, "bundle", folder)
    (zipped,) = folder.glob("tierxl-*.zip")
    assert str(zipped) in output
    with zipfile.ZipFile(zipped) as opened:
        opened.extractall(folder / "the bundle")
    return folder / "the bundle"


@pytest.fixture
def project_is_gone(project: Path) -> Iterator[None]:
    """Take the project away: the bundle must do without."""
    elsewhere = project.rename(project.with_name("elsewhere"))
    yield
    elsewhere.rename(project)


def grade(user: User) -> None:
    shutil.copy(SAMPLE, user.home / "clients.csv")
    assert "63 clients graded" in user.run(user.tierxl, "grade", "clients.csv")
    for name in ("clients.csv", "clients-graded.xlsx"):
        (user.home / name).unlink()


def examine(user: User) -> None:
    """The doctor finds all well, in the installed workbook as well."""
    output = user.run(user.tierxl, "doctor")
    assert "wrong" not in output
    assert f"good   Workbook:     {user.home}/.local/share/tierxl/Client Tiers.xlsm" in output
    assert "good   VBA:" in output
    assert f"{user.home}/.local/share/tierxl/env/bin/python" in output


def test_online_it_grades_and_the_doctor_finds_all_well(online: User):
    grade(online)
    examine(online)


def test_a_second_run_upgrades_and_keeps_what_the_team_has_changed(online: User, project: Path):
    workbook = online.home / ".local/share/tierxl/Client Tiers.xlsm"
    ours = workbook.read_bytes() + b"changed"
    workbook.write_bytes(ours)
    kept = workbook.with_name("Client Tiers (yours).xlsm")
    output = online.run("sh", project / "install/install.sh", "--from", project)
    assert f"Your own version: {kept}" in output
    assert kept.read_bytes() == ours
    examine(online)
    kept.unlink()


@pytest.mark.usefixtures("project_is_gone")
def test_from_the_bundle_it_installs_without_internet_and_goes_without_a_trace(
    unpacked: Path, tmp_path_factory: pytest.TempPathFactory
):
    user = User(tmp_path_factory.mktemp("offline"), online=False)
    (user.home / "mine.txt").write_text("mine")
    before = user.files()
    script = unpacked / "install.sh"
    user.run("sh", script)
    installed = (user.home / ".local/share/tierxl/Client Tiers.xlsm").read_bytes()
    assert installed == (unpacked / "Client Tiers.xlsm").read_bytes()
    where = user.run(user.home / ".local/share/tierxl/env/bin/python", "-c", "import tierxl; print(tierxl.__file__)")
    assert where.startswith(f"{user.home}/.local/share/tierxl/env/")
    examine(user)
    grade(user)
    user.run("sh", script)
    examine(user)
    user.run("sh", script, "--uninstall")
    assert user.files() == before
    assert not (user.home / ".local/share/tierxl").exists()


def test_a_bundle_for_another_python_changes_nothing(unpacked: Path, tmp_path: Path):
    other = tmp_path / "other"
    (other / "wheels").mkdir(parents=True)
    shutil.copy(unpacked / "install.sh", other)
    (other / "wheels/made-for.txt").write_text("3.99 linux-x86_64\n")
    user = User(tmp_path / "home", online=False)
    user.home.mkdir()
    assert "This bundle is for Python 3.99 on linux-x86_64" in user.run("sh", other / "install.sh", status=1)
    assert user.files() == {}


def test_online_it_goes_without_a_trace(online: User, unpacked: Path):
    """The last test of what is installed online."""
    online.run("sh", unpacked / "install.sh", "--uninstall")
    assert online.files() == {"mine.txt": b"mine"}
    assert not (online.home / ".local/share/tierxl").exists()
