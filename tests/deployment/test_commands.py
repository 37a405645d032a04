"""The commands for a team, as a person uses them. `tests/hosts/test_install.py` installs for real."""

import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from tests.deployment.machines import XLWINGS, FakeOffice, computer, macro_workbook, office_on
from tierxl import doctor
from tierxl.cli import app
from tierxl.deployment import bundle as bundling
from tierxl.doctor import this_machine

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the home folder of a test is that of a Linux user")


def tierxl(*arguments: str | Path) -> Result:
    result = CliRunner().invoke(app, list(map(str, arguments)))
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    return home


def test_installing_says_what_was_written_and_what_to_do_next(home: Path):
    result = tierxl("install")
    workbook = home / ".local/share/tierxl/Client Tiers.xlsm"
    assert (result.exit_code, result.stderr) == (0, "")
    assert f"Workbook:         {workbook}\n" in result.stdout
    assert result.stdout.splitlines()[-1].endswith('tierxl" doctor')
    assert workbook.stat().st_size > 10_000


def test_installing_names_your_own_version(home: Path):
    (home / ".local/share/tierxl").mkdir(parents=True)
    (home / ".local/share/tierxl/Client Tiers.xlsm").write_text("mine")
    assert f"Your own version: {home / '.local/share/tierxl/Client Tiers (yours).xlsm'}\n" in tierxl("install").stdout


def test_installing_from_a_bundle_takes_its_template(home: Path, tmp_path: Path):
    (tmp_path / "Client Tiers.xlsm").write_text("signed")
    assert tierxl("install", "--bundle", tmp_path).exit_code == 0
    assert (home / ".local/share/tierxl/Client Tiers.xlsm").read_text() == "signed"


def test_removing_says_what_it_left(home: Path):
    tierxl("install")
    (home / ".local/share/tierxl/Client Tiers.xlsm").write_text("mine")
    (home / ".local/share/tierxl/env").mkdir()
    result = tierxl("uninstall")
    assert (result.exit_code, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert lines[0] == f"Left for you:     {home / '.local/share/tierxl/Client Tiers.xlsm'}, which you have changed"
    assert lines[1] == "What tierxl install had written is removed."
    assert str(home / ".local/share/tierxl/env") in lines[2]


def test_removing_leaves_nothing(home: Path):
    tierxl("install")
    assert tierxl("uninstall").stdout == "What tierxl install had written is removed.\n"
    assert not (home / ".local/share/tierxl").exists()


def test_what_goes_wrong_is_one_sentence(home: Path):
    (home / ".local").write_text("a file where a folder should be")
    result = tierxl("install")
    assert (result.exit_code, result.stdout) == (2, "")
    (sentence,) = result.stderr.splitlines()
    assert "cannot be changed" in sentence


def test_a_bundle_that_cannot_be_made_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bundling, "find_spec", lambda name: {"pip": None}[name])
    result = tierxl("bundle", tmp_path)
    assert result.exit_code == 2
    assert result.stderr.splitlines() == [
        "This Python has no pip, which collects the wheels: run python -m ensurepip, then try again."
    ]


def test_a_template_that_cannot_be_written_is_one_sentence(tmp_path: Path):
    (tmp_path / "file").write_text("mine")
    result = tierxl("template", "build", tmp_path / "file")
    assert (result.exit_code, result.stdout) == (2, "")
    assert len(result.stderr.splitlines()) == 1


# --- LibreOffice Calc ------------------------------------------------------------------------------------------------


@pytest.fixture
def office(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeOffice:
    """A LibreOffice that a terminal starts, for a user who is not root."""
    machine = computer(tmp_path, "linux", home=home)
    office = office_on(machine)
    own = replace(this_machine(), is_root=False, environ={"PATH": f"{office.program}:/usr/bin:/bin"}, home=home)
    command = tmp_path / "own/bin/tierxl"
    command.parent.mkdir(parents=True)
    command.touch()
    monkeypatch.setattr(doctor, "this_machine", lambda: replace(own, executable=command.with_name("python")))
    return office


def test_with_an_option_calc_gets_its_extension_and_excel_nothing(home: Path, tmp_path: Path, office: FakeOffice):
    result = tierxl("install", "--calc")
    command = tmp_path / "own/bin/tierxl"
    assert (result.exit_code, result.stderr) == (0, "")
    assert f"LibreOffice:      7.4, {office.program}\n" in result.stdout
    assert "the menu and the toolbar Client tiers" in result.stdout
    assert result.stdout.splitlines()[-1].endswith(f'"{command}" doctor')
    assert (home / ".local/share/tierxl/calc-worker.txt").read_text() == f"{command}\n"
    assert zipfile.is_zipfile(office.program / "has.oxt")
    assert not (home / ".local/share/tierxl/Client Tiers.xlsm").exists()
    assert tierxl("uninstall").stdout == "What tierxl install had written is removed.\n"
    assert not (home / ".local/share/tierxl").exists()
    assert not (office.program / "has.oxt").exists()


def test_a_libreoffice_that_is_open_is_one_sentence(office: FakeOffice):
    office.refuse("add", "ERROR: unopkg cannot be started.\n/home/ann/.lock\n")
    result = tierxl("install", "--calc")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        "LibreOffice is open: close it, and run this again. If none is open, delete /home/ann/.lock first.\n"
    )


def test_calc_takes_no_bundle(tmp_path: Path, office: FakeOffice):
    result = tierxl("install", "--calc", "--bundle", tmp_path)
    assert (result.exit_code, result.stdout) == (2, "")
    assert len(result.stderr.splitlines()) == 1
    assert office.calls == []


# --- doctor ----------------------------------------------------------------------------------------------------------


def test_the_doctor_puts_each_cure_below_its_finding():
    result = tierxl("doctor")
    assert (result.exit_code, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert lines[0].startswith("good   Python:       ")
    (at,) = (at for at, line in enumerate(lines) if line.startswith("note   Excel:"))
    assert lines[at + 1].startswith("       Cure:         The tierxl command does all its work here")


def test_the_doctor_fails_if_something_is_wrong(tmp_path: Path):
    book = macro_workbook(tmp_path / "old.xlsm", XLWINGS_VERSION="0.1.0")
    result = tierxl("doctor", book)
    assert result.exit_code == 1
    assert f"wrong  VBA:          of xlwings 0.1.0, but {XLWINGS} is installed\n" in result.stdout


def test_without_a_workbook_the_doctor_examines_the_installed_one(home: Path):
    assert "Workbook:" not in tierxl("doctor").stdout
    tierxl("install")
    assert f"good   Workbook:     {home / '.local/share/tierxl/Client Tiers.xlsm'}\n" in tierxl("doctor").stdout


@pytest.mark.parametrize("command", ["install", "upgrade", "uninstall", "bundle", "doctor", "template build"])
def test_every_command_is_documented(command: str):
    lines = tierxl(*command.split(), "--help").stdout.splitlines()
    assert lines[2].strip()
    assert all(len(line.split()) > 1 for line in lines if line.strip().startswith("-"))


@pytest.mark.long
def test_none_of_them_is_started_for_another_command():
    """The first character on the screen must not wait for them."""
    code = "import sys, tierxl.cli; print(*(name for name in sys.modules if name.startswith('tierxl.')))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert sorted(loaded) == [
        "tierxl.cli",
        "tierxl.cli_help",
        "tierxl.cli_reading",
        "tierxl.cli_setup",
        "tierxl.cli_target",
        "tierxl.console",
        "tierxl.console_json",
        "tierxl.defects",
        "tierxl.lean_imports",
        "tierxl.method",
        "tierxl.method.words",
    ]
