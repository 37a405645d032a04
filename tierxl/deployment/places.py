"""Folders and files of an installation on a user's computer."""

from dataclasses import dataclass
from pathlib import Path

from tierxl.doctor.command import POINTER
from tierxl.doctor.environment import APPLICATION_SCRIPTS
from tierxl.doctor.machine import Machine
from tierxl.doctor.start_up import MAC_CONTAINER, shared_add_in, start_up_folder
from tierxl.doctor.start_up import NAME as ADD_IN
from tierxl.doctor.templates import TEMPLATE, personal_templates, proposed_templates

NAME = TEMPLATE.removesuffix(".xltx")
MAC_TEMPLATES = f"{MAC_CONTAINER}/Templates.localized"


@dataclass(frozen=True)
class Places:
    """The files and folders of an installation.

    Attributes:
        data: tierxl's own folder.
        template: where Excel offers templates; without Excel, a workbook in tierxl's own folder.
        add_in: where Excel opens it when it starts; None without Excel, and where IT has put it into a folder for all.
        earlier: where an earlier version has put what this one does not put there.
        scripts: where Excel for Mac looks for scripts that it may run.
        link: the command in a folder for a user's commands; Windows has no such folder.
    """

    data: Path
    template: Path
    add_in: Path | None = None
    earlier: tuple[Path, ...] = ()
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
    data, folder = machine.own_folder, start_up_folder(machine)
    link = None if machine.is_windows else machine.home / ".local/bin/tierxl"
    if folder is None:
        return Places(data, data / f"{NAME}.xlsm", link=link)
    if machine.is_windows:
        templates = Path(machine.expanded(personal_templates(machine) or proposed_templates(machine)))
    else:
        templates = machine.home / MAC_TEMPLATES
    scripts = machine.home / APPLICATION_SCRIPTS if machine.is_mac else None
    add_in, earlier = folder / ADD_IN, templates / f"{NAME}.xltm"
    if shared_add_in(machine):  # Excel opens one file of a name
        return Places(data, templates / TEMPLATE, None, (earlier, add_in), scripts, link)
    return Places(data, templates / TEMPLATE, add_in, (earlier,), scripts, link)
