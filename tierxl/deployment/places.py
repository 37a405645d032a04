"""Folders and files of an installation on a user's computer."""

from dataclasses import dataclass
from pathlib import Path

from tierxl.doctor.command import POINTER
from tierxl.doctor.environment import APPLICATION_SCRIPTS
from tierxl.doctor.machine import Machine

NAME = "Client Tiers"
MAC_TEMPLATES = "Library/Group Containers/UBF8T346G9.Office/User Content.localized/Templates.localized"


@dataclass(frozen=True)
class Places:
    """The files and folders of an installation.

    Attributes:
        data: tierxl's own folder.
        template: where Excel offers templates; without Excel, a workbook in tierxl's own folder.
        scripts: where Excel for Mac looks for scripts that it may run.
        link: the command in a folder for a user's commands; Windows has no such folder.
    """

    data: Path
    template: Path
    scripts: Path | None = None
    link: Path | None = None

    @property
    def environment(self) -> Path:
        return self.data / "env"

    @property
    def pointer(self) -> Path:
        """The file in which the extension for Calc reads where the command is."""
        return self.data / POINTER

    @property
    def manifest(self) -> Path:
        return self.data / "installed.json"


def places_on(machine: Machine) -> Places:
    data = machine.own_folder
    if machine.is_windows:
        return Places(data, _windows_templates(machine) / f"{NAME}.xltm")
    link = machine.home / ".local/bin/tierxl"
    if machine.is_mac:
        template = machine.home / MAC_TEMPLATES / f"{NAME}.xltm"
        return Places(data, template, machine.home / APPLICATION_SCRIPTS, link)
    return Places(data, data / f"{NAME}.xlsm", link=link)


def _windows_templates(machine: Machine) -> Path:
    """The folder of personal templates that is chosen in Excel, else the one that Excel proposes."""
    chosen = machine.registry(r"HKCU\Software\Microsoft\Office\16.0\Excel\Options", "PersonalTemplates")
    if isinstance(chosen, str) and chosen:
        return Path(machine.expanded(chosen))
    key = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Explorer\User Shell Folders"
    documents = machine.registry(key, "Personal")  # it may lie in OneDrive
    if not isinstance(documents, str):
        documents = str(machine.home / "Documents")
    return Path(machine.expanded(documents)) / "Custom Office Templates"
