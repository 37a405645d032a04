"""Adding tierxl to LibreOffice Calc, and removing it. `tests/calc/test_install.py` does it in a real LibreOffice."""

import atexit
import json
import os
import shutil
import sys
import zipfile
from dataclasses import replace
from pathlib import Path
from tempfile import mkdtemp

import pytest

import tierxl
from tests.deployment.machines import OFFICE, FakeOffice, computer, office_on
from tests.deployment.test_install import builder, tree
from tierxl.deployment import calc
from tierxl.deployment.calc import install_in_calc
from tierxl.deployment.errors import CannotDeploy
from tierxl.deployment.install import install, uninstall
from tierxl.deployment.places import Places, places_on
from tierxl.doctor import Machine
from tierxl.doctor.command import POINTER, find_command, own_folder
from tierxl.template.shipped import CALC_EXTENSION
from tierxl.workbooks.shipped import shipped

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the stand-in for unopkg is a POSIX shell script")

PLATFORMS = ("win32", "darwin", "linux")
LOCKED = """ERROR: unopkg cannot be started. The lock file indicates it is already running. If this does not apply, \
delete the lock file at:
/home/ann/.config/libreoffice/4/.lock
Warning: failed to launch javaldx - java may not function correctly
"""


SHIPPED = Path(mkdtemp())
atexit.register(shutil.rmtree, SHIPPED)


def extension(content: str = "extension 1") -> Path:
    """A stand-in for the extension's file."""
    path = Path(SHIPPED, "tierxl.oxt")
    path.write_text(content)
    return path


def with_command(machine: Machine) -> Machine:
    """The environment that the scripts make, with the command."""
    machine.command.parent.mkdir(parents=True)
    machine.command.write_text("#!/bin/sh\n")
    return machine


@pytest.fixture(params=PLATFORMS)
def machine(request: pytest.FixtureRequest, tmp_path: Path) -> Machine:
    program = tmp_path / "Program Files/LibreOffice/program"
    return with_command(computer(tmp_path, request.param, {OFFICE: str(program)}))


@pytest.fixture
def places(machine: Machine) -> Places:
    return places_on(machine)


@pytest.fixture
def office(machine: Machine) -> FakeOffice:
    return office_on(machine)


@pytest.fixture
def linux(tmp_path: Path) -> Machine:
    return with_command(computer(tmp_path, "linux"))


def pointer_as_the_extension_reads_it(places: Places) -> Path:
    return Path(places.pointer.read_text(encoding="utf-8").strip())


def test_the_extension_is_added_and_knows_the_command(machine: Machine, places: Places, office: FakeOffice):
    installed = install_in_calc(machine, places, extension())
    assert office.has == "extension 1"
    (call,) = office.calls
    assert call.startswith("add --force --suppress-license /")
    assert call.endswith("/tierxl.oxt")
    assert pointer_as_the_extension_reads_it(places) == machine.command == installed.command
    assert (installed.office.version, installed.for_all) == ("7.4", False)


def test_nothing_is_done_for_excel(machine: Machine, places: Places, office: FakeOffice):
    install_in_calc(machine, places, extension())
    assert not places.template.exists()
    assert office.has


def test_a_second_run_upgrades(machine: Machine, places: Places, office: FakeOffice):
    install_in_calc(machine, places, extension())
    install_in_calc(machine, places, extension("extension 2"))
    assert office.has == "extension 2"
    assert [path.name for path in places.data.glob("calc-worker*")] == ["calc-worker.txt"]


def test_another_environment_takes_over(tmp_path: Path, linux: Machine):
    office_on(linux)
    places = places_on(linux)
    install_in_calc(linux, places, extension())
    own = tmp_path / "own/bin/python"
    other = replace(linux, prefix=tmp_path / "own", executable=own)
    with_command(other)
    install_in_calc(other, places, extension())
    assert pointer_as_the_extension_reads_it(places) == own.with_name("tierxl")


def test_removing_leaves_the_home_folder_as_it_was(tmp_path: Path, machine: Machine):
    own = tmp_path / "own/bin/python"
    machine = with_command(replace(machine, prefix=tmp_path / "own", executable=own))
    office, places = office_on(machine), places_on(machine)
    before = tree(machine.home)
    install_in_calc(machine, places, extension())
    install_in_calc(machine, places, extension("extension 2"))
    assert uninstall(machine, places).changed == []
    assert office.has is None
    assert office.calls[-1] == "remove tierxl"
    assert tree(machine.home) == before


def test_removing_takes_the_template_and_the_extension(machine: Machine, places: Places, office: FakeOffice):
    install(machine, places, builder())
    install_in_calc(machine, places, extension())
    uninstall(machine, places)
    assert office.has is None
    assert not places.template.exists()
    assert not places.pointer.exists()
    assert not places.manifest.exists()


def test_an_extension_that_was_added_by_hand_stays(machine: Machine, places: Places, office: FakeOffice):
    install(machine, places, builder())
    uninstall(machine, places)
    assert office.calls == []


def test_an_extension_that_the_user_has_removed_is_not_missed(machine: Machine, places: Places, office: FakeOffice):
    install_in_calc(machine, places, extension())
    (office.program / "has.oxt").unlink()
    uninstall(machine, places)
    assert not places.pointer.exists()
    assert not places.manifest.exists()


def test_a_libreoffice_that_is_gone_is_not_missed(machine: Machine, places: Places, office: FakeOffice):
    install_in_calc(machine, places, extension())
    for path in office.program.iterdir():
        path.unlink()
    uninstall(machine, places)
    assert not places.pointer.exists()
    assert not places.manifest.exists()


def test_what_libreoffice_does_not_give_back_stays_on_the_list(machine: Machine, places: Places, office: FakeOffice):
    install_in_calc(machine, places, extension())
    office.refuse("remove", LOCKED)
    with pytest.raises(CannotDeploy, match="LibreOffice is open: close it"):
        uninstall(machine, places)
    assert places.pointer.exists()
    (office.program / "remove refused").unlink()
    uninstall(machine, places)
    assert office.has is None
    assert not places.pointer.exists()


# --- How LibreOffice is called ---------------------------------------------------------------------------------------


def test_root_installs_for_everybody_since_libreoffice_wants_it_so(linux: Machine):
    root, office = replace(linux, is_root=True), office_on(linux)
    installed = install_in_calc(root, places_on(root), extension())
    assert installed.for_all
    uninstall(root, places_on(root))
    assert [call.split()[:2] for call in office.calls] == [["add", "--shared"], ["remove", "--shared"]]


def test_more_options_reach_libreoffice(linux: Machine):
    office = office_on(linux)
    options = ["-env:UserInstallation=file:///profile"]
    install_in_calc(linux, places_on(linux), extension(), options)
    uninstall(linux, places_on(linux), options)
    assert all(call.endswith(" -env:UserInstallation=file:///profile") for call in office.calls)
    assert office.has is None


def test_libreoffices_python_does_not_see_the_environment(linux: Machine):
    office = office_on(linux)
    system = os.pathsep.join([str(office.program), "/usr/bin", "/bin"])
    known = {"PATH": f"{linux.executable.parent}{os.pathsep}{system}", "VIRTUAL_ENV": str(linux.prefix), "MINE": "1",
             "PYTHONPATH": "/here", "PYTHONHOME": "/there"}  # fmt: skip
    install_in_calc(replace(linux, environ=known), places_on(linux), extension())
    lines = (office.program / "environment").read_text().splitlines()
    seen = dict(line.split("=", 1) for line in lines)
    assert seen["PATH"] == system
    assert seen["MINE"] == "1"
    assert not [name for name in seen if name.startswith("PYTHON") or name == "VIRTUAL_ENV"]


def test_the_path_of_a_python_that_is_the_systems_stays(linux: Machine):
    office = office_on(linux)
    path = os.pathsep.join([str(linux.executable.parent), str(office.program), "/usr/bin", "/bin"])
    known = {"PATH": path}
    install_in_calc(replace(linux, base_prefix=linux.prefix, environ=known), places_on(linux), extension())
    assert f"PATH={path}\n" in (office.program / "environment").read_text()


# --- What goes wrong -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("output", "message"),
    [
        (LOCKED, r"LibreOffice is open: close it, and run this again\. .*delete /home/ann/\.config/.*/\.lock first\.$"),
        (
            "ERROR: The disk is full\n\nERROR: unopkg failed.\n",
            r"^LibreOffice has refused: The disk is full\. Close it",
        ),
        ("ERROR: There is no such thing.\n", r"refused: There is no such thing\. Close it"),
        ("Speicherzugriffsfehler\n", "refused: Speicherzugriffsfehler"),
        ("", "does not say why"),
    ],
)
def test_a_refusal_is_one_sentence_and_leaves_nothing(
    machine: Machine, places: Places, office: FakeOffice, output: str, message: str
):
    before = tree(machine.home)
    office.refuse("add", output)
    with pytest.raises(CannotDeploy, match=message) as refused:
        install_in_calc(machine, places, extension())
    assert "\n" not in str(refused.value)
    assert tree(machine.home) == before


def test_an_upgrade_that_is_refused_leaves_what_was_there(machine: Machine, places: Places, office: FakeOffice):
    install_in_calc(machine, places, extension())
    before = tree(places.data)
    office.refuse("add", LOCKED)
    with pytest.raises(CannotDeploy):
        install_in_calc(machine, places, extension("extension 2"))
    assert tree(places.data) == before
    uninstall(machine, places)
    assert office.has is None


def test_where_the_list_cannot_be_written_libreoffice_is_not_called(linux: Machine):
    office, places = office_on(linux), places_on(linux)
    places.manifest.with_name(f".{places.manifest.name}.new").mkdir()
    with pytest.raises(CannotDeploy, match="cannot be changed"):
        install_in_calc(linux, places, extension())
    assert office.calls == []


def test_a_libreoffice_that_does_not_answer_is_told_and_can_be_cleaned_up(
    linux: Machine, monkeypatch: pytest.MonkeyPatch
):
    office, places = office_on(linux), places_on(linux)
    answering = (office.program / "unopkg").read_text()
    (office.program / "unopkg").write_text("#!/bin/sh\nexec sleep 60\n")
    monkeypatch.setattr(calc, "_PATIENCE", 0.2)
    with pytest.raises(CannotDeploy, match="LibreOffice does not answer: close it"):
        install_in_calc(linux, places, extension())
    monkeypatch.undo()
    (office.program / "unopkg").write_text(answering)
    assert json.loads(places.manifest.read_text())["extensions"] == {"tierxl": "user"}
    uninstall(linux, places)
    assert office.calls[0] == "remove tierxl"
    assert not places.manifest.exists()


def test_a_program_that_does_not_start_is_named(linux: Machine):
    office = office_on(linux)
    (office.program / "unopkg").chmod(0o644)
    with pytest.raises(CannotDeploy, match=r"unopkg cannot be started: "):
        install_in_calc(linux, places_on(linux), extension())
    assert not places_on(linux).manifest.exists()


def test_without_libreoffice_nothing_is_done_and_the_way_to_it_is_said(machine: Machine, places: Places):
    before = tree(machine.home)
    with pytest.raises(CannotDeploy, match=r"There is no LibreOffice here\. Install .*libreoffice\.org"):
        install_in_calc(machine, places, extension())
    assert tree(machine.home) == before


def test_a_flatpak_is_no_libreoffice_for_tierxl(linux: Machine):
    (linux.home / ".local/share/flatpak/app/org.libreoffice.LibreOffice").mkdir(parents=True)
    with pytest.raises(CannotDeploy, match=r"LibreOffice is a Flatpak, which may start no other program\. Install "):
        install_in_calc(linux, places_on(linux), extension())


def test_a_libreoffice_without_its_python_is_told(linux: Machine):
    office = office_on(linux)
    (office.program / "pythonloader.py").unlink()
    with pytest.raises(CannotDeploy, match=r"without its Python.*\. Install the package python3-uno"):
        install_in_calc(linux, places_on(linux), extension())
    assert office.calls == []


def test_a_libreoffice_that_is_too_old_is_told(linux: Machine):
    office = office_on(linux, version="7.3")
    with pytest.raises(CannotDeploy, match=r"7\.3, .*needs 7\.4 or newer"):
        install_in_calc(linux, places_on(linux), extension())
    assert office.calls == []


def test_a_tierxl_that_has_no_command_is_told(linux: Machine):
    office = office_on(linux)
    linux.command.unlink()
    with pytest.raises(CannotDeploy, match=r"there is no command .*tierxl\. Run the install script"):
        install_in_calc(linux, places_on(linux), extension())
    assert office.calls == []


# --- The extension's side --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("chosen", [None, "/data", "data"])
def test_the_extension_looks_for_the_command_where_the_installation_notes_it(tmp_path: Path, chosen: str | None):
    environ = {"XDG_DATA_HOME": chosen} if chosen else {}
    machine = computer(tmp_path, "linux", home=tmp_path, executable=tmp_path / "own/bin/python", environ=environ)
    assert own_folder("linux", environ, tmp_path) / POINTER == places_on(machine).pointer
    if not chosen:
        office_on(with_command(machine))
        install_in_calc(machine, places_on(machine), extension())
        assert find_command("linux", environ, tmp_path) == machine.command


def test_the_extension_has_the_same_modules():
    with zipfile.ZipFile(shipped(CALC_EXTENSION)) as package:
        for name in ("sheets/own_sheet.py", "doctor/command.py", "workbooks/stretches.py"):
            there = package.read(f"pythonpath/tierxl_in_calc/{Path(name).name}").decode()
            assert there == (Path(tierxl.__file__).parent / name).read_text(encoding="utf-8")
