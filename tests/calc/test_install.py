"""The extension goes into a real LibreOffice with a clean profile, is upgraded there, and leaves it."""

import os
import subprocess
import sys
import zipfile
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.calc.office import options_for
from tests.deployment.test_install import tree
from tierxl.deployment.calc import install_in_calc
from tierxl.deployment.errors import CannotDeploy
from tierxl.deployment.install import uninstall
from tierxl.deployment.places import Places, places_on
from tierxl.doctor import Machine, calc, this_machine
from tierxl.doctor.office import Office, find_office
from tierxl.template.shipped import CALC_EXTENSION
from tierxl.workbooks.shipped import shipped

pytestmark = [
    pytest.mark.calc,
    pytest.mark.skipif(sys.platform == "win32", reason="the stand-ins are those of a POSIX user"),
]

NEW = version("tierxl")


COMMITTED = shipped(CALC_EXTENSION)


class Profile:
    """A clean profile of LibreOffice, and a clean home folder of tierxl."""

    def __init__(self, folder: Path) -> None:
        self.options = options_for(folder)
        self.home = folder / "home"
        self.office_home = folder / "office home"
        self.home.mkdir()
        self.office_home.mkdir()
        self._of_user = folder / "profile/user/uno_packages/cache/uno_packages.pmap"
        self._of_all_users = folder / "shared/uno_packages"

    @property
    def machine(self) -> Machine:
        environment = {"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin", "HOME": str(self.office_home)}
        return replace(this_machine(), home=self.home, environ=environment | {"PYTHONPATH": "/nosuch"})

    @property
    def places(self) -> Places:
        return places_on(self.machine)

    @property
    def office(self) -> Office:
        """As the doctor reads it, but in this profile."""
        found = find_office(self.machine)
        assert found, "LibreOffice is not installed"
        return replace(found, of_user=self._of_user, of_all_users=self._of_all_users)

    def listed(self) -> dict[str, str]:
        """The extensions with their versions, as LibreOffice lists them."""
        shared = ["--shared"] if os.geteuid() == 0 else []
        done = subprocess.run(
            [str(self.office.unopkg), "list", *shared, *self.options],
            env={"PATH": "/usr/bin:/bin", "HOME": str(self.office_home)}, capture_output=True, text=True, check=True,
        )  # fmt: skip
        lines = [line.strip().partition(": ") for line in done.stdout.splitlines()]
        names = [value for name, _, value in lines if name == "Identifier"]
        return dict(zip(names, [value for name, _, value in lines if name == "Version"], strict=True))

    def add(self, extension: Path = COMMITTED) -> None:
        install_in_calc(self.machine, self.places, extension, self.options)


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    return Profile(tmp_path)


def older(target: Path) -> Path:
    """The extension as an older version of tierxl had it."""
    with zipfile.ZipFile(COMMITTED) as opened:
        parts = {name: opened.read(name) for name in opened.namelist()}
    with zipfile.ZipFile(target, "w") as written:
        for name, content in parts.items():
            written.writestr(name, content.replace(f'"{NEW}"'.encode(), b'"0.0.1"'))
    return target


def test_it_is_added_upgraded_and_removed_without_a_trace(profile: Profile, tmp_path: Path):
    assert (profile.listed(), profile.office.extension) == ({}, None)
    profile.add(older(tmp_path / "older.oxt"))
    assert profile.listed() == {"tierxl": "0.0.1"}
    assert calc.extension(profile.office, profile.machine).status == "wrong"
    profile.add()
    assert profile.listed() == {"tierxl": NEW}
    assert calc.fitness(profile.office).status == "good"
    assert calc.extension(profile.office, profile.machine).status == "good"
    assert calc.worker(profile.machine).status == "good"
    assert uninstall(profile.machine, profile.places, profile.options).changed == []
    assert (profile.listed(), profile.office.extension) == ({}, None)
    assert tree(profile.home) == {}


def test_what_libreoffice_does_not_take_leaves_nothing(profile: Profile, tmp_path: Path):
    (tmp_path / "none.oxt").write_text("no extension")
    with pytest.raises(CannotDeploy, match="LibreOffice has refused: "):
        profile.add(tmp_path / "none.oxt")
    assert profile.listed() == {}
    assert tree(profile.home) == {}


def test_an_extension_that_was_removed_in_libreoffice_is_not_missed(profile: Profile):
    profile.add()
    shared = ["--shared"] if os.geteuid() == 0 else []
    subprocess.run([str(profile.office.unopkg), "remove", *shared, "tierxl", *profile.options], check=True)
    uninstall(profile.machine, profile.places, profile.options)
    assert tree(profile.home) == {}


def test_a_command_that_calc_would_start_is_tried_for_real(profile: Profile):
    profile.add()
    elsewhere = replace(profile.machine, executable=profile.home / "elsewhere/python")
    assert calc.worker(elsewhere).status == "good"
    assert calc.worker(replace(elsewhere, package={"tierxl": "0.0.1"}.get)).status == "note"
