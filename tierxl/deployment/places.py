"""Folders and files of an installation on a user's computer."""

from dataclasses import dataclass
from pathlib import Path

from tierxl.doctor.command import POINTER
from tierxl.doctor.environment import APPLICATION_SCRIPTS
from tierxl.doctor.machine import Machine
from tierxl.doctor.templates import TEMPLATE, personal_templates, proposed_templates

NAME = TEMPLATE.removesuffix(".xltm")
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
    def python(self) -> Path:
        """The Python that the scripts fetch where there is none."""
        return self.data / "python"

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
        folder = personal_templates(machine) or proposed_templates(machine)
        return Places(data, Path(machine.expanded(folder)) / TEMPLATE)
    link = machine.home / ".local/bin/tierxl"
    if machine.is_mac:
        template = machine.home / MAC_TEMPLATES / TEMPLATE
        return Places(data, template, machine.home / APPLICATION_SCRIPTS, link)
    return Places(data, data / f"{NAME}.xlsm", link=link)
