"""LibreOffice, as its files tell about it.

None of its programs is started: they would wait for a LibreOffice that is open, and it may be this one that asks.
"""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tierxl.doctor.machine import Machine

EXTENSION = "tierxl"
"""The identifier of our extension."""

OLDEST = "7.4"
"""The oldest version that the extension is for."""

_INSTALL_PATH = r"SOFTWARE\LibreOffice\UNO\InstallPath"
_OF_USER = "user/uno_packages/cache/uno_packages.pmap"
_OF_ALL_USERS = "uno_packages/cache/uno_packages"
_SNAPS = ("snap/libreoffice", "var/lib/snapd/snap/libreoffice")
_FLATPAK = "flatpak/app/org.libreoffice.LibreOffice"


@dataclass(frozen=True)
class Office:
    """A LibreOffice on this computer.

    Attributes:
        unopkg: the program that adds and removes extensions.
        version: such as 7.4; empty where it cannot be read.
        has_python: whether it can run extensions that are written in Python.
        of_user: the list of the extensions that the user has.
        of_all_users: the folder of the extensions that all users have.
    """

    unopkg: Path
    version: str
    has_python: bool
    of_user: Path
    of_all_users: Path

    @property
    def is_too_old(self) -> bool:
        return bool(self.version) and numbers_in(self.version) < numbers_in(OLDEST)

    @property
    def extension(self) -> str | None:
        """The version of our extension that is installed; the user's own comes before that of all users."""
        return _in_list(self.of_user) or _in_folder(self.of_all_users)


def find_office(machine: Machine) -> Office | None:
    """The LibreOffice that is called from a terminal, else the first in the usual places."""
    for program in _program_folders(machine):
        unopkg = program / ("unopkg.com" if machine.is_windows else "unopkg")
        resources = program.parent / "Resources" if machine.is_mac else program
        start = resources / ("bootstrap.ini" if machine.is_windows else "bootstraprc")
        if unopkg.is_file() and start.is_file():
            settings = _settings(start)
            version = re.search(r"\d+\.\d+", settings.get("ProductKey", ""))
            profile = settings.get("UserInstallation", "").replace("$SYSUSERCONFIG", str(_settings_folder(machine)))
            shared = resources if machine.is_mac else program.parent / "share"
            return Office(
                unopkg,
                version[0] if version else "",
                (resources / "pythonloader.py").is_file(),
                Path(profile, _OF_USER),
                shared / _OF_ALL_USERS,
            )
    return None


def confined_office(machine: Machine) -> str | None:
    """The kind of a LibreOffice that may start no program of this computer, Flatpak or snap; None where none is."""
    flatpaks = (machine.root / "var/lib" / _FLATPAK, machine.home / ".local/share" / _FLATPAK)
    if any(folder.exists() for folder in flatpaks):
        return "Flatpak"
    return "snap" if any((machine.root / folder).exists() for folder in _SNAPS) else None


def environment_of_office(machine: Machine) -> dict[str, str]:
    """The environment variables that LibreOffice has.

    Those of a Python environment are not among them: LibreOffice brings a Python, which must not take that for its own.
    """
    known = {
        name: value
        for name, value in machine.environ.items()
        if not name.upper().startswith("PYTHON") and name.upper() != "VIRTUAL_ENV"
    }
    if machine.prefix != machine.base_prefix:
        for name in [name for name in known if name.upper() == "PATH"]:
            folders = known[name].split(os.pathsep)
            known[name] = os.pathsep.join(folder for folder in folders if Path(folder) != machine.executable.parent)
    return known


def _program_folders(machine: Machine) -> Iterator[Path]:
    for name in ("soffice", "libreoffice", "unopkg"):
        on_path = shutil.which(name, path=machine.environ.get("PATH", ""))
        if on_path:
            yield Path(on_path).resolve().parent
    if machine.is_windows:
        for hive in ("HKCU", "HKLM"):
            noted = machine.registry(rf"{hive}\{_INSTALL_PATH}", "")
            if isinstance(noted, str) and noted:
                yield Path(noted)
        yield Path(machine.environ.get("PROGRAMFILES", "C:/Program Files")) / "LibreOffice/program"
    elif machine.is_mac:
        for top in (machine.root, machine.home):
            yield top / "Applications/LibreOffice.app/Contents/MacOS"
    else:
        for folder in ("usr/lib", "usr/lib64"):
            yield machine.root / folder / "libreoffice/program"
        yield from sorted(
            (machine.root / "opt").glob("libreoffice*/program"),
            key=lambda folder: numbers_in(folder.parent.name),
            reverse=True,
        )


def numbers_in(text: str) -> list[int]:
    """The numbers in a text, such as a version, in their order: so versions are compared."""
    return [int(number) for number in re.findall(r"\d+", text)]


def _settings(path: Path) -> dict[str, str]:
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line)


def _settings_folder(machine: Machine) -> Path:
    """The folder in which programs keep the settings of a user, as LibreOffice finds it."""
    if machine.is_windows:
        return Path(machine.environ.get("APPDATA", machine.home / "AppData/Roaming"))
    if machine.is_mac:
        return machine.home / "Library/Application Support"
    return Path(machine.environ.get("XDG_CONFIG_HOME") or machine.home / ".config")


def _in_list(path: Path) -> str | None:
    r"""The version of our extension in a list of extensions.

    An entry is a line ``\xff``, identifier, and a line folder ``\xff`` file ``\xff`` kind ``\xff`` version.
    """
    try:
        entries = path.read_bytes()
    except OSError:
        return None
    version = re.search(rb"\xff%b\n(?:[^\xff\n]*\xff){3}([^\xff\n]*)" % EXTENSION.encode(), entries)
    return version[1].decode(errors="replace") if version else None


def _in_folder(folder: Path) -> str | None:
    """The version of our extension in a folder of extensions, each in a folder of its own: they have no list."""
    with suppress(OSError):
        for path in sorted(folder.glob("*/*/description.xml")):
            described = path.read_bytes()
            version = re.search(rb'<version value="([^"]*)"', described)
            if b'<identifier value="%b"' % EXTENSION.encode() in described and version:
                return version[1].decode(errors="replace")
    return None
