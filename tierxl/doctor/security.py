"""Findings about this computer's settings and policies for macros, as far as a user may read them.

Windows keeps them in the registry, macOS in property lists. A policy wins over what the user has chosen.
"""

import plistlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from xml.parsers.expat import ExpatError

from tierxl.doctor.finding import Finding
from tierxl.doctor.machine import Machine

POLICIES = (r"HKCU\Software\Policies\Microsoft\Cloud\Office\16.0", r"HKCU\Software\Policies\Microsoft\Office\16.0",
            r"HKLM\Software\Policies\Microsoft\Office\16.0")  # fmt: skip
CHOSEN = r"HKCU\Software\Microsoft\Office\16.0"

CHILD_PROCESSES = "d4f940ab-401b-4efc-aadc-ad5f3c50688a"
"""Microsoft Defender's rule "Block all Office applications from creating child processes"."""
DEFENDER_RULES = (r"HKLM\SOFTWARE\Policies\Microsoft\Windows Defender\Windows Defender Exploit Guard\ASR\Rules",
                  r"HKLM\SOFTWARE\Microsoft\Windows Defender\Windows Defender Exploit Guard\ASR\Rules")  # fmt: skip

ASK_IT = (
    "Ask IT to sign the macros of the template or to make its folder a trusted location; the guide for IT tells how."
)
ENABLE = (
    "Excel: File > Options > Trust Center > Trust Center Settings > Macro Settings > Disable VBA macros with "
    "notification."
)


def examine(machine: Machine) -> Iterator[Finding]:
    if machine.is_windows:
        yield windows_macros(machine)
        yield from windows_internet(machine)
        yield defender(machine)
    elif machine.is_mac:
        yield mac_macros(machine)


def windows_macros(machine: Machine) -> Finding:
    if _policy(machine, "Common", "VBAOff") == 1:
        return Finding.wrong("Macros", "a policy switches VBA off in all of Office", "Only IT can allow VBA.")
    by_policy = _policy(machine, r"Excel\Security", "VBAWarnings")
    value = machine.registry(rf"{CHOSEN}\Excel\Security", "VBAWarnings") if by_policy is None else by_policy
    by = "a policy" if by_policy is not None else "Excel's settings"
    match value:
        case 4:
            cure = ENABLE if by_policy is None else ASK_IT
            return Finding.wrong("Macros", f"all macros are switched off without asking, by {by}", cure)
        case 3:
            return Finding.note("Macros", f"only signed macros may run, by {by}", ASK_IT)
        case 1:
            return Finding.note(
                "Macros", f"all macros may run, from any file, by {by}", f"tierxl does not need this. Safer: {ENABLE}"
            )
        case _:
            return Finding.good("Macros", "Excel asks before macros run: choose Enable Content")


def windows_internet(machine: Machine) -> Iterator[Finding]:
    if _policy(machine, r"Excel\Security", "BlockContentExecutionFromInternet") == 1:
        yield Finding.note(
            "Internet",
            "a policy blocks the macros of files from the internet or from mail",
            "Start from the template that the installation has put into Excel, or from a trusted location.",
        )


def defender(machine: Machine) -> Finding:
    states = (machine.registry(key, CHILD_PROCESSES) for key in DEFENDER_RULES)
    state = next((str(state) for state in states if state is not None), None)
    rule = 'Microsoft Defender\'s rule "Block all Office applications from creating child processes"'
    cure = (
        "Excel starts Python through cmd.exe: ask IT for an exception; the guide for IT names the rule and the files."
    )
    match state:
        case "1":
            return Finding.wrong("Antivirus", f"{rule} is on, so Excel may not start Python", cure)
        case "6":
            return Finding.note("Antivirus", f"{rule} warns when Excel starts Python", f"Choose Unblock. {cure}")
        case "0" | "2" | "5":
            return Finding.good("Antivirus", f"{rule} does not block")
        case _:
            return Finding.note(
                "Antivirus",
                f"whether {rule} or another antivirus is in the way cannot be read here",
                f"Only if a button or function does nothing or reports that access is denied: {cure}",
            )


def mac_macros(machine: Machine) -> Finding:
    settings = _mac_settings(machine)
    if settings.get("VisualBasicEntirelyDisabled") is True:
        return Finding.wrong("Macros", "a setting of Office switches VBA off", "Only IT can allow VBA.")
    match settings.get("VisualBasicMacroExecutionState"):
        case "DisabledWithoutWarnings":
            return Finding.wrong(
                "Macros",
                "all macros are switched off without asking, by Office's settings",
                "Excel > Settings > Security > Disable all macros with notification. If that is greyed out, ask IT.",
            )
        case "EnabledWithoutWarnings":
            return Finding.note(
                "Macros",
                "all macros may run, from any file, by Office's settings",
                "tierxl does not need this. Safer: Excel > Settings > Security > Disable all macros with notification.",
            )
        case _:
            return Finding.good("Macros", "Excel asks before macros run: choose Enable Macros")


def _policy(machine: Machine, below: str, name: str) -> str | int | None:
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
