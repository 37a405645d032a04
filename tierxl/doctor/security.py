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

POLICIES = (r"HKCU\Software\Policies\Microsoft\Cloud\Office\16.0", r"HKCU\Software\Policies\Microsoft\Office\16.0",
            r"HKLM\Software\Policies\Microsoft\Office\16.0")  # fmt: skip
CHOSEN = r"HKCU\Software\Microsoft\Office\16.0"

CHILD_PROCESSES = "d4f940ab-401b-4efc-aadc-ad5f3c50688a"
"""Microsoft Defender's rule "Block all Office applications from creating child processes"."""
DEFENDER_RULES = (r"HKLM\SOFTWARE\Policies\Microsoft\Windows Defender\Windows Defender Exploit Guard\ASR\Rules",
                  r"HKLM\SOFTWARE\Microsoft\Windows Defender\Windows Defender Exploit Guard\ASR\Rules")  # fmt: skip


def examine(machine: Machine) -> Iterator[Finding]:
    """The findings about what may keep macros from running, on a system with Excel."""
    if machine.is_windows:
        yield windows_macros(machine)
        if policy(machine, r"Excel\Security", "BlockContentExecutionFromInternet") == 1:
            yield finding("internet macros blocked")
        yield defender(machine)
    elif machine.is_mac:
        yield mac_macros(machine)


def windows_macros(machine: Machine) -> Finding:
    """The finding about Excel's setting for macros; a policy comes before what the user has chosen."""
    if policy(machine, "Common", "VBAOff") == 1:
        return finding("vba off by policy")
    by_policy = policy(machine, r"Excel\Security", "VBAWarnings")
    if by_policy is None:
        by, value = "Excel's settings", machine.registry(rf"{CHOSEN}\Excel\Security", "VBAWarnings")
    else:
        by, value = "a policy", by_policy
    off = "macros off by settings" if by_policy is None else "macros off by policy"
    names: dict[object, str] = {4: off, 3: "macros signed only", 1: "macros all run"}
    return finding(names.get(value, "macros ask"), by=by, button="Enable Content")


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


def policy(machine: Machine, below: str, name: str) -> str | int | None:
    """What a policy of Office's says; None where none does."""
    values = (machine.registry(rf"{policies}\{below}", name) for policies in POLICIES)
    return next((value for value in values if value is not None), None)


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
