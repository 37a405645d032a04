"""Findings about LibreOffice, the extension in it, and the way from there to tierxl."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tierxl.doctor.command import POINTER, find_command
from tierxl.doctor.finding import Finding, finding
from tierxl.doctor.machine import Machine
from tierxl.doctor.office import OLDEST, Office, confined_office, environment_of_office, find_office

_PATIENCE = 60
"""Seconds after which a command that says nothing counts as broken."""


def examine(machine: Machine) -> Iterator[Finding]:
    """The findings about LibreOffice; one alone where there is none, or where it need not have our extension."""
    office = find_office(machine)
    if office is None:
        kind = confined_office(machine)
        yield finding("office confined", kind=kind) if kind else finding("office missing")
    elif office.extension is None and not (machine.own_folder / POINTER).exists():
        yield finding("office without tierxl", **_facts(office))
    else:
        yield fitness(office)
        yield extension(office, machine)
        yield worker(machine)


def fitness(office: Office) -> Finding:
    """The finding whether a LibreOffice can have the extension."""
    name = "office too old" if office.is_too_old else "office" if office.has_python else "office without python"
    return finding(name, oldest=OLDEST, **_facts(office))


def extension(office: Office, machine: Machine) -> Finding:
    """The finding about the extension in LibreOffice."""
    version, own = office.extension, machine.package("tierxl")
    if version is None:
        return finding("extension missing")
    return finding("extension of another version" if own and version != own else "extension", version=version, own=own)


def worker(machine: Machine) -> Finding:
    """The finding about the command that the extension starts."""
    pointer = machine.own_folder / POINTER
    command = find_command(machine.platform, environment_of_office(machine), machine.home)
    if command is None:
        return finding("worker noted but missing" if pointer.exists() else "worker missing", pointer=pointer)
    if command.resolve() == machine.command.resolve():
        return finding("worker", command=command)
    version, own = _started(command, machine), machine.package("tierxl")
    if version is None:
        return finding("worker does not start", command=command)
    name = "worker of another version" if own and version != own else "worker"
    return finding(name, command=command, version=version, own=own)


def _facts(office: Office) -> dict[str, Any]:
    return {"version": office.version or "of an unknown version", "folder": office.unopkg.parent}


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
