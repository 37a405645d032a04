"""The folders whose files Excel opens when it starts, and the add-in in them."""

import re
from collections.abc import Iterator
from pathlib import Path, PureWindowsPath

from tierxl.doctor.machine import Machine
from tierxl.doctor.policies import CHOSEN, policy
from tierxl.doctor.vba import ADD_IN

NAME = Path(ADD_IN).name
MAC_CONTAINER = "Library/Group Containers/UBF8T346G9.Office/User Content.localized"

_MAC_FOR_ALL = "Library/Application Support/Microsoft/Office365/User Content.localized/Startup/Excel"
_OPTIONS = r"Excel\Options"
_ALTERNATE = "AltStartup"
_OPEN = ("OPEN", *(f"OPEN{number}" for number in range(1, 20)))
"""The names of the settings with the add-ins that are ticked under File > Options > Add-ins."""
_INSTALLED = r"HKLM\SOFTWARE\Microsoft\Office\16.0\Excel\InstallRoot"


def start_up_folder(machine: Machine) -> Path | None:
    """The folder of the user's own; None on a system without Excel."""
    if machine.is_windows:
        return _microsoft(machine) / "Excel/XLSTART"
    return machine.home / MAC_CONTAINER / "Startup.localized/Excel" if machine.is_mac else None


def shared_add_in(machine: Machine) -> Path | None:
    """The add-in that IT has put into a folder for all; None where there is none."""
    alternate = list(_in_alternate_folder(machine))
    own = start_up_folder(machine)  # which may lie on a server
    opened = [path for path in opened_add_ins(machine) if path.parent != own]
    return next((path for path in opened if path in alternate or not path.is_relative_to(machine.home)), None)


def opened_add_ins(machine: Machine) -> list[Path]:
    """The copies of the add-in that Excel opens when it starts, the user's own first."""
    folder = start_up_folder(machine)
    candidates = [folder / NAME] if folder else []
    if machine.is_windows:
        root = machine.registry(_INSTALLED, "Path")
        candidates += _in_alternate_folder(machine)
        candidates += [Path(root) / "XLSTART" / NAME] if isinstance(root, str) and root else []
        candidates += _ticked(machine)
    elif machine.is_mac:
        candidates.append(machine.root / _MAC_FOR_ALL / NAME)
    return list(dict.fromkeys(path for path in candidates if path.is_file()))


def other_add_ins(machine: Machine) -> list[Path]:
    """The copies of the add-in that Excel offers, and does not open when it starts."""
    folder = (
        _microsoft(machine) / "AddIns" if machine.is_windows else machine.home / MAC_CONTAINER / "Add-Ins.localized"
    )
    copy = folder / NAME
    return [copy] if copy.is_file() and copy not in opened_add_ins(machine) else []


def _microsoft(machine: Machine) -> Path:
    return Path(machine.environ.get("APPDATA", machine.home / "AppData/Roaming")) / "Microsoft"


def _in_alternate_folder(machine: Machine) -> Iterator[Path]:
    """The add-in in the alternate start-up folder, which a policy sets or the user has chosen."""
    if machine.is_windows:
        folder = policy(machine, _OPTIONS, _ALTERNATE) or machine.registry(rf"{CHOSEN}\{_OPTIONS}", _ALTERNATE)
        if isinstance(folder, str) and folder:
            yield Path(machine.expanded(folder)) / NAME


def _ticked(machine: Machine) -> Iterator[Path]:
    r"""The add-ins that are ticked: such as ``/R "C:\Tools\Client Tiers.xlam"``, or a name in the folder AddIns."""
    for name in _OPEN:
        noted = machine.registry(rf"{CHOSEN}\{_OPTIONS}", name)
        path = re.sub(r'^(/\w+\s+)*"?([^"]*)"?$', r"\2", noted) if isinstance(noted, str) else ""
        if PureWindowsPath(path).name.casefold() == NAME.casefold():
            yield _microsoft(machine) / "AddIns" / machine.expanded(path).replace("\\", "/")
