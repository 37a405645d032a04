"""Python, tierxl and xlwings as they are installed."""

from collections.abc import Iterator

from tierxl.doctor.finding import Finding
from tierxl.doctor.machine import Machine

INSTALL_AGAIN = "Run the install script again: it mends the installation."
APPLICATION_SCRIPTS = "Library/Application Scripts/com.microsoft.Excel"
"""The folder below the home folder in which Excel for Mac looks for scripts that it may run."""


def examine(machine: Machine) -> Iterator[Finding]:
    yield python(machine)
    yield Finding.good("tierxl", machine.package("tierxl") or "a copy of the project that is not installed")
    version = machine.package("xlwings")
    if version is None:
        yield Finding.wrong("xlwings", "not installed, so Excel cannot call Python", INSTALL_AGAIN)
    elif machine.is_windows:
        yield windows_libraries(machine, version)
    elif machine.is_mac:
        yield mac_script(machine, version)
    else:
        yield Finding.good("xlwings", version)
        yield Finding.note(
            "Excel",
            "there is no Excel on this system",
            "The tierxl command does all its work here, and LibreOffice Calc has worksheet functions and buttons; "
            "in Excel these need Windows, the buttons alone also work on macOS.",
        )


def python(machine: Machine) -> Finding:
    found = f"{machine.python}, {machine.bits}-bit, {machine.executable}"
    if "WindowsApps" in machine.base_prefix.parts:
        return Finding.wrong(
            "Python",
            f"{found}: from the Microsoft Store, whose files Windows hides from Excel",
            "Install Python from https://www.python.org/downloads/, then run the install script again.",
        )
    if machine.bits != 64:
        return Finding.wrong(
            "Python",
            found,
            "Install the 64-bit Python from https://www.python.org/downloads/, then run the install script again. It "
            "serves a 32-bit Excel as well.",
        )
    return Finding.good("Python", found)


def windows_libraries(machine: Machine, version: str) -> Finding:
    """The libraries through which VBA reaches Python stand in the environment's folder."""
    missing = [name for bits in (64, 32) if not (machine.prefix / (name := f"xlwings{bits}-{version}.dll")).is_file()]
    if missing:
        return Finding.wrong(
            "xlwings",
            f"{version}, but {machine.prefix} has no {' and no '.join(missing)}",
            f"{INSTALL_AGAIN} If the file is gone again afterwards, ask IT whether the antivirus removes it.",
        )
    return Finding.good("xlwings", f"{version}, with its libraries")


def mac_script(machine: Machine, version: str) -> Finding:
    """The script through which Excel for Mac starts Python."""
    script = machine.home / APPLICATION_SCRIPTS / f"xlwings-{version}.applescript"
    if script.is_file():
        return Finding.good("xlwings", f"{version}, with its script for Excel")
    return Finding.wrong(
        "xlwings",
        f"{version}, but Excel's script folder has no {script.name}, so buttons cannot start Python",
        "In a terminal, run: tierxl install",
    )
