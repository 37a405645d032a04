"""LibreOffice, the extension in it, and the way from there to tierxl."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tierxl.doctor.command import POINTER, find_command
from tierxl.doctor.finding import Finding
from tierxl.doctor.machine import Machine
from tierxl.doctor.office import OLDEST, Office, confined_office, environment_of_office, find_office

ADD_AGAIN = "Close LibreOffice. In a terminal, run: tierxl install --calc"
GET_OFFICE = (
    "Install the LibreOffice of https://www.libreoffice.org or of the system's packages, then run in a terminal: "
    "tierxl install --calc"
)

_PATIENCE = 60
"""Seconds after which a command that says nothing counts as broken."""


def examine(machine: Machine) -> Iterator[Finding]:
    office = find_office(machine)
    if office is None:
        yield no_office(machine)
    elif office.extension is None and not (machine.own_folder / POINTER).exists():
        found = f"{_named(office)}; tierxl is not in its Calc: tierxl install --calc puts it there"
        yield Finding.good("LibreOffice", found)
    else:
        yield fitness(office)
        yield extension(office, machine)
        yield worker(machine)


def no_office(machine: Machine) -> Finding:
    kind = confined_office(machine)
    if kind:
        return Finding.note(
            "LibreOffice",
            f"a {kind}, which may start no other program, so that its Calc cannot reach tierxl",
            f"Only for the functions and buttons in Calc: {GET_OFFICE}",
        )
    return Finding.good("LibreOffice", "not here; only functions and buttons in LibreOffice Calc need it")


def fitness(office: Office) -> Finding:
    """The finding whether a LibreOffice can have the extension."""
    if office.is_too_old:
        return Finding.wrong("LibreOffice", f"{_named(office)}, but the extension needs {OLDEST} or newer", GET_OFFICE)
    if not office.has_python:
        return Finding.wrong(
            "LibreOffice",
            f"{_named(office)}, without its Python, in which the extension is written",
            "Install the package python3-uno (Debian, Ubuntu) or libreoffice-pyuno (Fedora), then run in a terminal: "
            "tierxl install --calc",
        )
    return Finding.good("LibreOffice", _named(office))


def extension(office: Office, machine: Machine) -> Finding:
    found, own = office.extension, machine.package("tierxl")
    if found is None:
        return Finding.wrong("Extension", "not in LibreOffice any more", ADD_AGAIN)
    if own and found != own:
        return Finding.wrong("Extension", f"{found}, but tierxl is {own}", ADD_AGAIN)
    return Finding.good("Extension", found)


def worker(machine: Machine) -> Finding:
    """The command that the extension starts."""
    pointer = machine.own_folder / POINTER
    command = find_command(machine.platform, environment_of_office(machine), machine.home)
    if command is None:
        found = f"{pointer} names no command that is there" if pointer.exists() else "the command tierxl is not found"
        return Finding.wrong("Worker", f"{found}, so Calc cannot reach tierxl", ADD_AGAIN)
    if command.resolve() == machine.command.resolve():
        return Finding.good("Worker", str(command))
    version, own = _started(command, machine), machine.package("tierxl")
    if version is None:
        return Finding.wrong("Worker", f"{command} does not start, so Calc cannot reach tierxl", ADD_AGAIN)
    if own and version != own:
        return Finding.note("Worker", f"{command}, which is tierxl {version}; this one is {own}", ADD_AGAIN)
    return Finding.good("Worker", str(command))


def _named(office: Office) -> str:
    return f"{office.version or 'of an unknown version'}, {office.unopkg.parent}"


def _started(command: Path, machine: Machine) -> str | None:
    """The version that a worker names when it starts; it ends when there is nothing to do."""
    try:
        # S603: the extension starts the same program.
        done = subprocess.run(  # noqa: S603
            [str(command), "calc-worker"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env=environment_of_office(machine),
            timeout=_PATIENCE,
            check=False,
        )
        return str(json.loads(done.stdout.splitlines()[0])["ready"])
    except (OSError, subprocess.TimeoutExpired, ValueError, LookupError, TypeError):
        return None
