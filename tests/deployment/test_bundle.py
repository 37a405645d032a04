"""One zip for IT: what is in it, and what it was made from."""

import subprocess
import sys
import zipfile
from collections.abc import Callable
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path

import pytest

from tests.runs import first
from tierxl.deployment import bundle as module
from tierxl.deployment.bundle import bundle, made_for
from tierxl.deployment.errors import CannotDeploy
from tierxl.method.issues import CannotGrade

CHECKOUT = Path(__file__).parents[2]


class Pip:
    """What `pip wheel` does, as far as a bundle sees it."""

    def __init__(self) -> None:
        self.status = 0
        self.source = ""
        self.constraints: list[str] = []

    def __call__(self, command: list[str], *, check: bool) -> "subprocess.CompletedProcess[bytes]":
        assert not check
        program, *options, self.source = command
        assert program == sys.executable
        assert options[:4] == ["-I", "-m", "pip", "wheel"]
        values = dict(pairwise(options))
        self.constraints = Path(values["--constraint"]).read_text(encoding="utf-8").splitlines()
        if not self.status:
            for name in ("tierxl-1.2.3-py3-none-any.whl", "xlwings-0.37.8-cp311-cp311-win_amd64.whl"):
                (Path(values["--wheel-dir"]) / name).write_text(name)
        return subprocess.CompletedProcess(command, self.status)


@pytest.fixture
def pip(monkeypatch: pytest.MonkeyPatch) -> Pip:
    pip = Pip()
    monkeypatch.setattr(module.subprocess, "run", pip)
    return pip


def build_template(target: Path) -> None:
    target.write_text(f"a template called {target.name}")


@pytest.mark.long
@pytest.mark.usefixtures("pip")
def test_everything_to_install_without_internet_is_in_one_zip(tmp_path: Path):
    path = bundle(tmp_path / "new/folder", build_template)
    python, system = made_for().split()
    assert path == tmp_path / f"new/folder/tierxl-1.2.3-{system}-python{python}.zip"
    assert [name.name for name in path.parent.iterdir()] == [path.name]
    with zipfile.ZipFile(path) as zipped:
        extension = zipped.read("tierxl.oxt")
        contents = {name: zipped.read(name).decode() for name in zipped.namelist() if name != "tierxl.oxt"}
    assert extension == (CHECKOUT / "install/tierxl.oxt").read_bytes()
    assert contents == {
        "Client Tiers.xlam": "a template called Client Tiers.xlam",
        "Client Tiers.xlsm": "a template called Client Tiers.xlsm",
        "Client Tiers.xltx": "a template called Client Tiers.xltx",
        "GUIDE.txt": (CHECKOUT / "install/GUIDE.md").read_text(encoding="utf-8"),
        "install.ps1": (CHECKOUT / "install/install.ps1").read_text(encoding="utf-8"),
        "install.sh": (CHECKOUT / "install/install.sh").read_text(encoding="utf-8"),
        "wheels/made-for.txt": f"{made_for()}\n",
        "wheels/tierxl-1.2.3-py3-none-any.whl": "tierxl-1.2.3-py3-none-any.whl",
        "wheels/xlwings-0.37.8-cp311-cp311-win_amd64.whl": "xlwings-0.37.8-cp311-cp311-win_amd64.whl",
    }


@pytest.mark.long
def test_the_wheels_are_of_the_versions_that_are_installed_and_the_template_was_built_for(tmp_path: Path, pip: Pip):
    bundle(tmp_path, build_template)
    assert f"xlwings=={version('xlwings')}" in pip.constraints
    assert not [line for line in pip.constraints if line.startswith("tierxl")]


def installed(folder: Path, direct_url: str | None) -> None:
    """A distribution of tierxl, as pip leaves it."""
    info = folder / "tierxl-9.8.7.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: tierxl\nVersion: 9.8.7\n")
    if direct_url:
        (info / "direct_url.json").write_text(direct_url)


@pytest.mark.parametrize(
    ("direct_url", "source"),
    first(
        1,
        [
            (lambda folder: f'{{"url": "{folder.as_uri()}", "dir_info": {{}}}}', str),
            (lambda folder: f'{{"url": "{(folder / "gone").as_uri()}", "dir_info": {{}}}}', lambda _: "tierxl==9.8.7"),
            (lambda _: '{"url": "https://example.com/tierxl.whl"}', lambda _: "tierxl==9.8.7"),
            (lambda _: None, lambda _: "tierxl==9.8.7"),
        ],
    ),
)
def test_tierxl_itself_comes_from_where_it_was_installed_from(
    tmp_path: Path, pip: Pip, monkeypatch: pytest.MonkeyPatch,
    direct_url: Callable[[Path], str | None], source: Callable[[Path], str],
):  # fmt: skip
    folder = tmp_path / "a copy"
    folder.mkdir()
    installed(tmp_path, direct_url(folder))
    monkeypatch.syspath_prepend(tmp_path)
    bundle(tmp_path, build_template)
    assert pip.source == source(folder)


def test_a_copy_of_the_project_that_is_not_installed_is_bundled_itself(
    tmp_path: Path, pip: Pip, monkeypatch: pytest.MonkeyPatch
):
    def missing(name: str) -> None:
        raise module.PackageNotFoundError(name)

    monkeypatch.setattr(module, "distribution", missing)
    bundle(tmp_path, build_template)
    assert Path(pip.source) == CHECKOUT


def test_wheels_that_cannot_be_had_stop_it(tmp_path: Path, pip: Pip):
    pip.status = 1
    with pytest.raises(CannotDeploy, match=r"could not collect the wheels for .*internet"):
        bundle(tmp_path / "out", build_template)
    assert not (tmp_path / "out").exists()


@pytest.mark.usefixtures("pip")
def test_a_python_without_pip_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "find_spec", lambda name: {"pip": None}[name])
    with pytest.raises(CannotDeploy, match="ensurepip"):
        bundle(tmp_path, build_template)


@pytest.mark.usefixtures("pip")
def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path):
    (tmp_path / "file").write_text("mine")
    with pytest.raises((CannotDeploy, CannotGrade), match="file"):
        bundle(tmp_path / "file", build_template)
    assert (tmp_path / "file").read_text() == "mine"


def test_on_windows_for_arm_the_wheels_fit_what_python_was_built_for(monkeypatch: pytest.MonkeyPatch):
    """The scripts ask the same: a Python of x64 runs there as well."""
    monkeypatch.setattr(module.sys, "platform", "win32")
    monkeypatch.setattr(module.platform, "machine", lambda: "ARM64")
    monkeypatch.setattr(module.sysconfig, "get_platform", lambda: "win-amd64")
    assert made_for().endswith(" win32-amd64")
