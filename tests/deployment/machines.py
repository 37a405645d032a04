"""Computers that are not this one, and workbooks that one may find on them."""

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from tests.corpus import FOLDER
from tierxl.doctor.machine import Machine, RegistryValue

XLWINGS = version("xlwings")
MACROS = (r"HKCU\Software\Microsoft\Office\16.0\Excel\Security", "VBAWarnings")
MACRO_POLICY = (r"HKCU\Software\Policies\Microsoft\Office\16.0\Excel\Security", "VBAWarnings")
CLOUD_MACRO_POLICY = (r"HKCU\Software\Policies\Microsoft\Cloud\Office\16.0\Excel\Security", "VBAWarnings")
INTERNET_POLICY = (MACRO_POLICY[0], "BlockContentExecutionFromInternet")
VBA_POLICY = (r"HKCU\Software\Policies\Microsoft\Office\16.0\Common", "VBAOff")
DEFENDER = (
    r"HKLM\SOFTWARE\Policies\Microsoft\Windows Defender\Windows Defender Exploit Guard\ASR\Rules",
    "d4f940ab-401b-4efc-aadc-ad5f3c50688a",
)
TEMPLATES = (r"HKCU\Software\Microsoft\Office\16.0\Excel\Options", "PersonalTemplates")
TEMPLATES_POLICY = (r"HKCU\Software\Policies\Microsoft\Office\16.0\Excel\Options", "PersonalTemplates")
ALTERNATE = (TEMPLATES[0], "AltStartup")
ALTERNATE_POLICY = (TEMPLATES_POLICY[0], "AltStartup")
TRUST_OFF = (rf"{MACROS[0]}\Trusted Locations", "AllLocationsDisabled")
TRUST_OFF_POLICY = (rf"{MACRO_POLICY[0]}\Trusted Locations", "AllLocationsDisabled")
TICKED = (TEMPLATES[0], "OPEN1")
EXCEL = (r"HKLM\SOFTWARE\Microsoft\Office\16.0\Excel\InstallRoot", "Path")
DISABLED = r"HKCU\Software\Microsoft\Office\16.0\Excel\Resiliency\DisabledItems"
DOCUMENTS = (r"HKCU\Software\Microsoft\Windows\CurrentVersion\Explorer\User Shell Folders", "Personal")
OFFICE = (r"HKLM\SOFTWARE\LibreOffice\UNO\InstallPath", "")
OFFICE_OF_USER = (OFFICE[0].replace("HKLM", "HKCU"), "")

_CLOUD = r"HKCU\Software\Policies\Microsoft\Cloud\Office\16.0"
_ALL_USERS = r"HKLM\Software\Policies\Microsoft\Office\16.0"
_ASKED = {
    MACROS, MACRO_POLICY, CLOUD_MACRO_POLICY, INTERNET_POLICY, VBA_POLICY, DEFENDER, TEMPLATES, DOCUMENTS,
    (rf"{_CLOUD}\Excel\Security", "BlockContentExecutionFromInternet"), (rf"{_CLOUD}\Common", "VBAOff"),
    (rf"{_ALL_USERS}\Excel\Security", "VBAWarnings"), (rf"{_ALL_USERS}\Common", "VBAOff"),
    (rf"{_ALL_USERS}\Excel\Security", "BlockContentExecutionFromInternet"),
    OFFICE, OFFICE_OF_USER,
    (DEFENDER[0].replace(r"\Policies", ""), DEFENDER[1]),
    TEMPLATES_POLICY, (rf"{_CLOUD}\Excel\Options", TEMPLATES[1]), (rf"{_ALL_USERS}\Excel\Options", TEMPLATES[1]),
    *((rf"{office}\Excel\Security\Trusted Locations", "AllLocationsDisabled")
      for office in (MACROS[0].split(r"\Excel")[0], MACRO_POLICY[0].split(r"\Excel")[0], _CLOUD, _ALL_USERS)),
    ALTERNATE, ALTERNATE_POLICY, (rf"{_CLOUD}\Excel\Options", ALTERNATE[1]),
    (rf"{_ALL_USERS}\Excel\Options", ALTERNATE[1]), EXCEL, (TEMPLATES[0], "OPEN"),
    *((TEMPLATES[0], f"OPEN{number}") for number in range(1, 20)),
}  # fmt: skip
"""All that may be asked of the registry: a key with a typing error is no key that is not set."""


def computer(
    folder: Path, platform: str, registry: Mapping[tuple[str, str], RegistryValue] | None = None, **changes: Any
) -> Machine:
    """A computer with tierxl's private environment, as far as a folder shows it."""
    home = folder / "home"
    home.mkdir(exist_ok=True)
    local = {
        "win32": home / "AppData/Local/tierxl/env",
        "darwin": home / "Library/tierxl/env",
        "linux": home / ".local/share/tierxl/env",
    }[platform]
    programs = local / ("Scripts" if platform == "win32" else "bin")

    values = dict(registry or {})

    def value(key: str, name: str) -> RegistryValue:
        assert platform == "win32", "only Windows has a registry"
        assert (key, name) in _ASKED, f"nothing is known about {key}, {name}"
        return values.get((key, name))

    def set_value(key: str, name: str, text: str | None) -> None:
        assert (platform, (key, name)) == ("win32", TEMPLATES), f"{key}, {name} is not to be written"
        values[key, name] = text

    facts: dict[str, Any] = {
        "platform": platform,
        "python": "3.12.4",
        "bits": 64,
        "built_for": {"win32": "win-amd64", "darwin": "macosx-11.0-arm64", "linux": "linux-x86_64"}[platform],
        "alphabet": "cp1252" if platform == "win32" else "utf-8",
        "executable": programs / ("python.exe" if platform == "win32" else "python"),
        "prefix": local,
        "base_prefix": folder / "python",
        "home": home,
        "root": folder,
        "is_root": False,
        "environ": {
            "LOCALAPPDATA": str(home / "AppData/Local"),
            "APPDATA": str(home / "AppData/Roaming"),
            "USERPROFILE": str(home),
        }
        if platform == "win32"
        else {},
        "package": {"tierxl": "0.1.0", "xlwings": XLWINGS}.get,
        "registry": value,
        "registry_values": lambda _: [],
        "is_excel_open": lambda: False,
        "set_registry": set_value,
        "mark": lambda _: "",
        "start": lambda _: "ready for Excel",
    }
    return Machine(**facts | changes)


UNOPKG = """#!/bin/sh
cd "$(dirname "$0")"
echo "$*" >> calls
env > environment
[ ! -e "$1 refused" ] || { cat "$1 refused" >&2; exit 1; }
case $1 in
    add) for given; do case $given in *.oxt) cp "$given" has.oxt ;; esac; done ;;
    remove)
        [ -e has.oxt ] || { echo 'ERROR: Eine solche Extension gibt es nicht.' >&2; exit 1; }
        rm has.oxt
        ;;
    list)
        printf 'All deployed user extensions:\\n\\n'
        if [ -e has.oxt ]; then echo 'Identifier: tierxl'; else echo '<none>'; fi
        ;;
esac
"""
"""What is asked of LibreOffice's program for extensions; it notes all of it."""


@dataclass(frozen=True)
class FakeOffice:
    """A LibreOffice, as far as its program folder shows it.

    Attributes:
        program: the folder.
        deployed: the list of the user's extensions.
    """

    program: Path
    deployed: Path

    @property
    def calls(self) -> list[str]:
        """How the program for extensions was called."""
        calls = self.program / "calls"
        return calls.read_text().splitlines() if calls.exists() else []

    @property
    def has(self) -> str | None:
        """What it was given last, if that is not removed."""
        given = self.program / "has.oxt"
        return given.read_text() if given.exists() else None

    def refuse(self, action: str, message: str) -> None:
        (self.program / f"{action} refused").write_text(message)

    def lists(self, version: str) -> None:
        """Have it say that the user has our extension."""
        self.deployed.parent.mkdir(parents=True, exist_ok=True)
        other = b"\xfforg.example.other\nlu0.tmp\xffother.oxt\xffapplication/vnd.sun.star.package-bundle\xff3.0\xff0\n"
        ours = b"\xfftierxl\nlu1.tmp\xfftierxl.oxt\xffapplication/vnd.sun.star.package-bundle\xff%b\xff0\n"
        self.deployed.write_bytes(b"Pmp1" + other + ours % version.encode() + b"\n")


def office_on(machine: Machine, program: Path | None = None, version: str = "7.4") -> FakeOffice:
    """Put a LibreOffice where it usually is; on Windows, the registry of the computer must name its folder."""
    usual = {
        "win32": "Program Files/LibreOffice/program",
        "darwin": "Applications/LibreOffice.app/Contents/MacOS",
        "linux": "opt/libreoffice7.4/program",
    }
    program = program or machine.root / usual[machine.platform]
    resources = program.parent / "Resources" if machine.is_mac else program
    for folder in (program, resources):
        folder.mkdir(parents=True, exist_ok=True)
    for name in ("soffice", "unopkg.com" if machine.is_windows else "unopkg"):
        (program / name).write_text(UNOPKG)
        (program / name).chmod(0o755)
    name = "libreoffice" if machine.platform == "linux" else "LibreOffice"
    (resources / ("bootstrap.ini" if machine.is_windows else "bootstraprc")).write_text(
        "[Bootstrap]\nInstallMode=<installmode>\n"
        f"ProductKey=LibreOffice {version}\nUserInstallation=$SYSUSERCONFIG/{name}/4\n"
    )
    (resources / "pythonloader.py").touch()
    settings = {"win32": "AppData/Roaming", "darwin": "Library/Application Support", "linux": ".config"}
    profile = machine.home / settings[machine.platform] / name / "4/user"
    return FakeOffice(program, profile / "uno_packages/cache/uno_packages.pmap")


def macro_workbook(path: Path, **settings: str | None) -> Path:
    """A workbook with macros, and with settings for xlwings, as the template has them; None is a blank."""
    book = Workbook()
    sheet = book.create_sheet("xlwings.conf")
    sheet.sheet_state = "hidden"
    for row in ({"XLWINGS_VERSION": XLWINGS} | settings).items():
        sheet.append(row)
    book.save(path)
    with zipfile.ZipFile(FOLDER / "pyopenvba-macros.xlsm") as source, zipfile.ZipFile(path, "a") as package:
        package.writestr("xl/vbaProject.bin", source.read("xl/vbaProject.bin"))
    return path
