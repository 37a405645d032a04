"""Findings about Python, tierxl and xlwings as they are installed."""

from collections.abc import Iterator

from tierxl.doctor.finding import Finding, finding
from tierxl.doctor.machine import Machine

APPLICATION_SCRIPTS = "Library/Application Scripts/com.microsoft.Excel"
"""The folder below the home folder in which Excel for Mac looks for scripts that it may run."""


def examine(machine: Machine) -> Iterator[Finding]:
    """The findings about what is installed."""
    yield python(machine)
    yield finding("tierxl", version=machine.package("tierxl") or "a copy of the project that is not installed")
    version = machine.package("xlwings")
    if version is None:
        yield finding("xlwings missing")
    elif machine.is_windows:
        yield windows_libraries(machine, version)
        yield path(machine)
    elif machine.is_mac:
        yield mac_script(machine, version)
        yield finding("automation")
    else:
        yield finding("xlwings", version=version)
        yield finding("no excel")


def python(machine: Machine) -> Finding:
    """The finding about the Python that runs."""
    name = (
        "python of the store" if "WindowsApps" in machine.base_prefix.parts
        else "python of 32 bits" if machine.bits != 64
        else "python for arm" if machine.built_for == "win-arm64"
        else "python"
    )  # fmt: skip
    return finding(name, python=machine.python, bits=machine.bits, executable=machine.executable)


def path(machine: Machine) -> Finding:
    """The finding on whether Excel's way to Python can spell the environment's folder."""
    try:
        str(machine.prefix).encode(machine.alphabet)
    except UnicodeEncodeError as error:
        letters = str(machine.prefix)[error.start : error.end]
        interpreter = machine.prefix / "Scripts" / "pythonw.exe"
        return finding("folder in other letters", folder=machine.prefix, letters=letters, interpreter=interpreter)
    return finding("folder", folder=machine.prefix)


def windows_libraries(machine: Machine, version: str) -> Finding:
    """The finding about the libraries through which VBA reaches Python: they stand in the environment's folder."""
    missing = [name for bits in (64, 32) if not (machine.prefix / (name := f"xlwings{bits}-{version}.dll")).is_file()]
    if missing:
        names = " and no ".join(missing)
        return finding("xlwings without libraries", version=version, prefix=machine.prefix, missing=names)
    return finding("xlwings with libraries", version=version)


def mac_script(machine: Machine, version: str) -> Finding:
    """The finding about the script through which Excel for Mac starts Python."""
    script = machine.home / APPLICATION_SCRIPTS / f"xlwings-{version}.applescript"
    name = "xlwings with script" if script.is_file() else "xlwings without script"
    return finding(name, version=version, script=script.name)
