"""Findings about a workbook: whether Excel runs its macros, and whether they reach the Python that is installed."""

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from tierxl.doctor.environment import INSTALL_AGAIN
from tierxl.doctor.finding import Finding
from tierxl.doctor.machine import Machine

SHEET, XLWINGS_VERSION = "xlwings.conf", "XLWINGS_VERSION"
"""The sheet in which xlwings looks for its settings, and the template's row that says of which xlwings its VBA is."""
WITH_MACROS = (".xlsm", ".xltm", ".xlam")
NEW_WORKBOOK = "Start a new workbook from the template Client Tiers and copy your clients into it."
CLOUD_VARIABLES = ("OneDrive", "OneDriveConsumer", "OneDriveCommercial")


def examine(book: Path, machine: Machine) -> Iterator[Finding]:
    if str(book).lower().startswith(("http:", "https:")):
        yield Finding.wrong(
            "Workbook",
            f"{book} is an address, not a file of this computer",
            "Save a copy on this computer, outside OneDrive and SharePoint, and give the path of that file.",
        )
    elif not os.path.isfile(book):  # noqa: PTH113  Path.is_file raises for names that no disk can hold
        yield Finding.wrong("Workbook", f"there is no file {book}", "Give the path of a workbook.")
    elif book.suffix.lower() not in WITH_MACROS:
        yield Finding.note(
            "Workbook",
            f"{book} is of a kind that holds no macros, so it has no buttons and functions of tierxl",
            f"The command tierxl grade works with it. For the buttons: {NEW_WORKBOOK}",
        )
    else:
        yield from _macro_workbook(book, machine)


def _macro_workbook(book: Path, machine: Machine) -> Iterator[Finding]:
    try:
        settings = _settings(book)
    except (CalamineError, OSError, ValueError) as error:
        yield Finding.wrong(
            "Workbook", f"{book} cannot be read: {error}", f"If Excel cannot open it either: {NEW_WORKBOOK}"
        )
        return
    yield Finding.good("Workbook", str(book))
    yield downloaded(book, machine)
    if not settings:
        yield Finding.note("VBA", f"the workbook has no sheet {SHEET}, so its macros cannot call Python", NEW_WORKBOOK)
        return
    yield versions(settings, machine)
    yield interpreter(settings, machine)
    yield place(book, settings, machine)


def _settings(book: Path) -> dict[str, str]:
    """The settings of xlwings in a workbook: names in capitals, as VBA compares them, to their values as text."""
    with CalamineWorkbook.from_path(book) as opened:
        if SHEET not in opened.sheet_names:
            return {}
        rows = opened.get_sheet_by_name(SHEET).to_python(skip_empty_area=False)
    return {str(row[0]).upper(): str(row[1]) for row in rows if len(row) > 1 and row[0] != ""}


def downloaded(book: Path, machine: Machine) -> Finding:
    mark = machine.mark(book)
    if machine.is_windows and re.search(r"ZoneId=[34]", mark):
        return Finding.wrong(
            "Downloads",
            "Windows has marked the workbook as coming from the internet, so Excel blocks its macros",
            "Close it; in the Explorer: right click on the file > Properties > Unblock > OK.",
        )
    if machine.is_mac and mark:
        return Finding.note(
            "Downloads",
            "macOS has marked the workbook as downloaded",
            f'Only if its macros do not run, in a terminal: xattr -d com.apple.quarantine "{book}"',
        )
    return Finding.good("Downloads", "the workbook is not marked as coming from the internet")


def versions(settings: Mapping[str, str], machine: Machine) -> Finding:
    """The VBA names the libraries of its own version, so it must be that of the Python package, to the digit."""
    installed, wanted = machine.package("xlwings") or "no xlwings", settings.get(XLWINGS_VERSION) or "unknown"
    if wanted == installed:
        return Finding.good("VBA", f"of xlwings {installed}, as installed")
    return Finding.wrong("VBA", f"of xlwings {wanted}, but {installed} is installed", NEW_WORKBOOK)


def interpreter(settings: Mapping[str, str], machine: Machine) -> Finding:
    """The finding about the Python that the workbook names."""
    if not (machine.is_windows or machine.is_mac):
        named = " and ".join(filter(None, (settings.get("INTERPRETER_WIN"), settings.get("INTERPRETER_MAC"))))
        return Finding.good("Interpreter", named or "not named in the workbook")
    text = settings.get("INTERPRETER_WIN" if machine.is_windows else "INTERPRETER_MAC") or ""
    if not text:
        return Finding.wrong(
            "Interpreter", "the sheet xlwings.conf does not say where Python is, so Excel takes any", NEW_WORKBOOK
        )
    path = Path(machine.expanded(text))
    if not path.is_file():
        return Finding.wrong(
            "Interpreter",
            f"the workbook looks for Python at {path}, where there is none",
            f"{INSTALL_AGAIN} If tierxl is installed elsewhere, run tierxl install there, and: {NEW_WORKBOOK}",
        )
    if machine.is_mac and " " in str(path):
        return Finding.wrong(
            "Interpreter",
            f"the path {path} has a space in it, and xlwings on macOS cannot start such a Python",
            "Install tierxl below a folder without a space in its name.",
        )
    if path.parent.resolve() != machine.executable.parent.resolve():
        other = path.with_name(machine.executable.name)
        return Finding.note(
            "Interpreter",
            f"the workbook uses {path}, and these findings are about {machine.executable}",
            f'To examine that one, in a terminal: "{other}" -m tierxl.cli doctor',
        )
    return Finding.good("Interpreter", str(path))


def place(book: Path, settings: Mapping[str, str], machine: Machine) -> Finding:
    """The finding whether Excel may give an address in place of the workbook's path.

    It does so in OneDrive and SharePoint, and xlwings cannot always turn the address into a path again. With
    ADD_WORKBOOK_TO_PYTHONPATH switched off it need not.
    """
    folder = book.resolve().parent
    clouds = [Path(value) for name in CLOUD_VARIABLES if (value := machine.environ.get(name))]
    if machine.is_mac:
        clouds.append(machine.home / "Library/CloudStorage")
    if not any(folder.is_relative_to(cloud.resolve()) for cloud in clouds):
        return Finding.good("Place", f"{folder}, which is not in OneDrive")
    if settings.get("ADD_WORKBOOK_TO_PYTHONPATH", "").lower() == "false":
        return Finding.good("Place", f"{folder}, in OneDrive; the workbook's buttons do not need its path")
    return Finding.note(
        "Place",
        f"{folder} is in OneDrive or SharePoint, where Excel gives an address in place of a path",
        "If a button says that it cannot find the local location: switch AutoSave off, or move the workbook to a "
        "folder that is not synchronised.",
    )
