"""Findings about a workbook: whether Excel runs its macros, and whether they reach the Python that is installed."""

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from tierxl.doctor.finding import Finding, finding, phrase
from tierxl.doctor.machine import Machine
from tierxl.doctor.start_up import opened_add_ins

SHEET, XLWINGS_VERSION = "xlwings.conf", "XLWINGS_VERSION"
"""The sheet in which xlwings looks for its settings, and the template's row that says of which xlwings its VBA is."""
WITH_MACROS, WITHOUT_MACROS = (".xlsm", ".xltm", ".xlam"), (".xlsx", ".xltx")
_READY = "ready for Excel"
_START = f"import tierxl.excel.start, tierxl.excel.udfs; print('{_READY}')"
CLOUD_VARIABLES = ("OneDrive", "OneDriveConsumer", "OneDriveCommercial")


def examine(book: Path, machine: Machine) -> Iterator[Finding]:
    """The findings about a workbook."""
    if str(book).lower().startswith(("http:", "https:")):
        yield finding("workbook at an address", book=book)
    elif not os.path.isfile(book):  # noqa: PTH113  Path.is_file raises for names that no disk can hold
        yield finding("workbook missing", book=book)
    elif book.suffix.lower() in WITH_MACROS:
        yield from _macro_workbook(book, machine)
    elif book.suffix.lower() in WITHOUT_MACROS:
        yield from _plain_workbook(book, machine)
    else:
        yield finding("workbook without macros", book=book)


def _plain_workbook(book: Path, machine: Machine) -> Iterator[Finding]:
    from tierxl.doctor import contents, lite  # noqa: PLC0415  they take libraries that no formula should wait for

    if carried := lite.carried_version(book):
        yield lite.version(book, carried, machine.package("tierxl") or "", _renewal("upgrade", book, machine))
    elif add_ins := opened_add_ins(machine):
        yield finding("workbook for the add-in", book=book)
        yield from contents.examine(book, add_ins)
    else:
        yield finding("workbook without macros", book=book)


def _macro_workbook(book: Path, machine: Machine) -> Iterator[Finding]:
    try:
        settings = settings_of(book)
    except (CalamineError, OSError, ValueError) as error:
        yield finding("workbook unreadable", book=book, error=error)
        return
    from tierxl.doctor import contents, macros  # noqa: PLC0415  they take libraries that no formula should wait for

    facts = _renewal("install_add_in" if book.suffix.lower() == ".xlam" else "upgrade", book, machine)
    yield finding("workbook", book=book)
    yield downloaded(book, machine)
    if settings:
        yield versions(settings, machine, facts)
        yield from macros.examine(book, facts)
        yield interpreter(settings, machine)
        yield from start(settings, machine)
        yield place(book, settings, machine)
    else:
        yield finding("vba without settings", sheet=SHEET)
    yield from contents.examine(book, opened_add_ins(machine))


def _renewal(phrase_of_cure: str, book: Path, machine: Machine) -> dict[str, str]:
    """The cure of a workbook that is not of the installed version, as a fact for findings."""
    terminal, command = (
        ("PowerShell", f'& "{machine.command}"') if machine.is_windows else ("a terminal", f'"{machine.command}"')
    )
    return {"renew": phrase(phrase_of_cure).format(terminal=terminal, command=command, book=book)}


def settings_of(book: Path) -> dict[str, str]:
    """The settings of xlwings in a workbook: names in capitals, as VBA compares them, to their values as text."""
    with CalamineWorkbook.from_path(book) as opened:
        if SHEET not in opened.sheet_names:
            return {}
        rows = opened.get_sheet_by_name(SHEET).to_python(skip_empty_area=False)
    return {str(row[0]).upper(): str(row[1]) for row in rows if len(row) > 1 and row[0] != ""}


def downloaded(book: Path, machine: Machine) -> Finding:
    """The finding about the system's mark on a file from the internet."""
    mark = machine.mark(book)
    if machine.is_windows and re.search(r"ZoneId=[34]", mark):
        return finding("downloaded on windows")
    return finding("downloaded on mac", book=book) if machine.is_mac and mark else finding("not downloaded")


def versions(settings: Mapping[str, str], machine: Machine, facts: Mapping[str, Any]) -> Finding:
    """The finding about the version of the VBA, which names its own libraries: it must be xlwings', to the digit."""
    installed, wanted = machine.package("xlwings") or "no xlwings", settings.get(XLWINGS_VERSION)
    if not wanted:
        return finding("vba of an earlier template", installed=installed, **facts)
    name = "vba" if wanted == installed else "vba of another version"
    return finding(name, installed=installed, wanted=wanted, **facts)


def interpreter(settings: Mapping[str, str], machine: Machine) -> Finding:
    """The finding about the Python that the workbook names."""
    if not (machine.is_windows or machine.is_mac):
        named = " and ".join(filter(None, (settings.get("INTERPRETER_WIN"), settings.get("INTERPRETER_MAC"))))
        return finding("interpreter", path=named or "not named in the workbook")
    text = settings.get("INTERPRETER_WIN" if machine.is_windows else "INTERPRETER_MAC") or ""
    path = Path(machine.expanded(text))
    name = "interpreter"
    if not text:
        name = "interpreter not named"
    elif not path.is_file():
        name = "interpreter missing"
    elif machine.is_mac and " " in str(path):
        name = "interpreter with a space"
    elif path.parent.resolve() != machine.executable.parent.resolve():
        name = "interpreter of another installation"
    other = path.parent / machine.executable.name
    return finding(name, path=path, executable=machine.executable, other=other)


def start(settings: Mapping[str, str], machine: Machine) -> Iterator[Finding]:
    """The finding on whether Windows lets Excel start the Python that the workbook names: it is started likewise."""
    path = Path(machine.expanded(settings.get("INTERPRETER_WIN") or ""))
    if machine.is_windows and path.is_file():
        written = machine.start(f'cmd.exe /C ""{path}" -B -c "{_START}""')
        reason = (written.splitlines() or ["it says nothing"])[-1]
        yield finding("start" if _READY in written else "start fails", path=path, reason=reason)


def place(book: Path, settings: Mapping[str, str], machine: Machine) -> Finding:
    """The finding on a workbook in OneDrive or SharePoint, where Excel may give an address in place of its path.

    xlwings cannot always turn the address into a path again. With ADD_WORKBOOK_TO_PYTHONPATH switched off it need not.
    """
    folder = book.resolve().parent
    clouds = [Path(value) for name in CLOUD_VARIABLES if (value := machine.environ.get(name))]
    if machine.is_mac:
        clouds.append(machine.home / "Library/CloudStorage")
    if not any(folder.is_relative_to(cloud.resolve()) for cloud in clouds):
        return finding("place", folder=folder)
    needs_no_path = settings.get("ADD_WORKBOOK_TO_PYTHONPATH", "").lower() == "false"
    return finding("place in the cloud without need" if needs_no_path else "place in the cloud", folder=folder)
