"""Findings about this computer's settings and policies for macros, as far as a user may read them.

Windows keeps them in the registry, macOS in property lists. A policy wins over what the user has chosen.
"""

import plistlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from xml.parsers.expat import ExpatError

from tierxl.doctor.finding import Finding, finding
from tierxl.doctor.machine import Machine
from tierxl.doctor.policies import CHOSEN, policy
from tierxl.doctor.start_up import NAME, start_up_folder

_OFF_BUT_FOR_TRUSTED = (3, 4)
"""The settings that let only signed macros run, or none."""

CHILD_PROCESSES = "d4f940ab-401b-4efc-aadc-ad5f3c50688a"
"""Microsoft Defender's rule "Block all Office applications from creating child processes"."""
DEFENDER_RULES = (r"HKLM\SOFTWARE\Policies\Microsoft\Windows Defender\Windows Defender Exploit Guard\ASR\Rules",
                  r"HKLM\SOFTWARE\Microsoft\Windows Defender\Windows Defender Exploit Guard\ASR\Rules")  # fmt: skip


def examine(machine: Machine, book: Path | None = None) -> Iterator[Finding]:
    """The findings about what may keep the macros of a workbook from running, or else those of the add-in."""
    if machine.is_windows:
        yield windows_macros(machine, are_trusted=not _has_own_macros(book) and _trusts_add_in(machine))
        if policy(machine, r"Excel\Security", "BlockContentExecutionFromInternet") == 1:
            yield finding("internet macros blocked")
        yield defender(machine)
    elif machine.is_mac:
        yield mac_macros(machine)


def windows_macros(machine: Machine, *, are_trusted: bool = False) -> Finding:
    """The finding about Excel's setting for macros; a policy comes before what the user has chosen.

    Args:
        machine: the computer.
        are_trusted: whether the macros in question are in a folder that Excel trusts whatever is set.
    """
    if policy(machine, "Common", "VBAOff") == 1:
        return finding("vba off by policy")
    by_policy = policy(machine, r"Excel\Security", "VBAWarnings")
    if by_policy is None:
        by, value = "Excel's settings", machine.registry(rf"{CHOSEN}\Excel\Security", "VBAWarnings")
    else:
        by, value = "a policy", by_policy
    if are_trusted and value in _OFF_BUT_FOR_TRUSTED:
        return finding("macros off but for the add-in", by=by)
    off = "macros off by settings" if by_policy is None else "macros off by policy"
    names: dict[object, str] = {4: off, 3: "macros signed only", 1: "macros all run"}
    return finding(names.get(value, "macros ask"), by=by, button="Enable Content")


def _has_own_macros(book: Path | None) -> bool:
    return book is not None and book.suffix.lower() in (".xlsm", ".xltm")


def _trusts_add_in(machine: Machine) -> bool:
    """True where the add-in is in the user's start-up folder, and no setting takes the trust from such folders."""
    folder = start_up_folder(machine)
    names = (r"Excel\Security\Trusted Locations", "AllLocationsDisabled")
    is_off = policy(machine, *names) == 1 or machine.registry(rf"{CHOSEN}\{names[0]}", names[1]) == 1
    return folder is not None and (folder / NAME).is_file() and not is_off


def defender(machine: Machine) -> Finding:
    """The finding about Microsoft Defender's rule against programs that Office starts."""
    states = (machine.registry(key, CHILD_PROCESSES) for key in DEFENDER_RULES)
    state = next((state for state in states if state is not None), None)
    names = {"1": "defender blocks", "6": "defender warns"} | dict.fromkeys(("0", "2", "5"), "defender off")
    return finding(names.get(str(state), "defender not known"))


def mac_macros(machine: Machine) -> Finding:
    """The finding about the setting for macros of Office for Mac."""
    settings = _mac_settings(machine)
    if settings.get("VisualBasicEntirelyDisabled") is True:
        return finding("vba off on mac")
    names = {"DisabledWithoutWarnings": "macros off on mac", "EnabledWithoutWarnings": "macros all run on mac"}
    state = str(settings.get("VisualBasicMacroExecutionState"))
    return finding(names.get(state, "macros ask"), button="Enable Macros")


def _mac_settings(machine: Machine) -> dict[str, Any]:
    """The settings of Office, what an administrator has set last, since that wins."""
    managed = machine.root / "Library/Managed Preferences"
    settings: dict[str, Any] = {}
    for folder in (machine.home / "Library/Preferences", managed, managed / machine.home.name):
        settings |= _property_list(folder / "com.microsoft.office.plist")
    return settings


def _property_list(path: Path) -> dict[str, Any]:
    with suppress(OSError, ValueError, ExpatError), path.open("rb") as opened:
        content = plistlib.load(opened)
        return content if isinstance(content, dict) else {}
    return {}
