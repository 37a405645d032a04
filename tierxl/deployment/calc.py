"""Adding tierxl to LibreOffice Calc, and removing it: LibreOffice's own program unopkg does both."""

import re
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tierxl.deployment.errors import CannotDeploy
from tierxl.deployment.manifest import Manifest, changing
from tierxl.deployment.places import Places
from tierxl.doctor.calc import fitness
from tierxl.doctor.finding import phrase
from tierxl.doctor.machine import Machine
from tierxl.doctor.office import EXTENSION, Office, confined_office, environment_of_office, find_office

_PATIENCE = 300
"""Seconds after which LibreOffice counts as stuck: one that is open may show a question that nobody answers."""


class _Refused(CannotDeploy):
    """LibreOffice has not done it."""


@dataclass(frozen=True)
class InstalledInCalc:
    """Result of adding the extension.

    Attributes:
        office: the LibreOffice that has the extension now.
        command: the command that the extension starts.
        for_all: whether all users of this computer have it.
    """

    office: Office
    command: Path
    for_all: bool


def install_in_calc(
    machine: Machine, places: Places, extension: Path, office_options: Sequence[str] = ()
) -> InstalledInCalc:
    """Add the extension to LibreOffice, and note for it where the command is. Done again, it upgrades.

    It is on the list of what is installed before LibreOffice is called, so that what is cut off can be removed.

    Args:
        machine: this computer.
        places: where tierxl lives on it.
        extension: the file that LibreOffice takes.
        office_options: more for LibreOffice, such as another user profile.
    """
    office = find_office(machine)
    if office is None:
        kind = confined_office(machine)
        there = f"LibreOffice is a {kind}, which may start no other program" if kind else "There is no LibreOffice here"
        raise CannotDeploy(f"{there}. {phrase('get_office')}")
    fit = fitness(office)
    if fit.status != "good":
        raise CannotDeploy(f"LibreOffice {fit.detail}. {fit.cure}")
    if not machine.command.is_file():
        raise CannotDeploy(
            f"Calc would not find tierxl: there is no command {machine.command}. Run the install script first."
        )
    context = "shared" if machine.is_root else "user"
    with changing(places.manifest) as manifest:
        before = dict(manifest.extensions)
        manifest.extensions[EXTENSION] = context
        manifest.write(places.manifest)
        try:
            _unopkg(office, machine, context, "add", "--force", "--suppress-license", str(extension), *office_options)
        except _Refused:
            manifest.extensions = before
            raise
        manifest.put(places.pointer, f"{machine.command}\n".encode())
    return InstalledInCalc(office, machine.command, machine.is_root)


def remove_from_calc(machine: Machine, manifest: Manifest, office_options: Sequence[str] = ()) -> None:
    """Remove the extension, if it is on the list of what is installed and LibreOffice still has it."""
    context = manifest.extensions.get(EXTENSION)
    office = find_office(machine)
    if context and office:
        try:
            _unopkg(office, machine, context, "remove", EXTENSION, *office_options)
        except _Refused:
            if f"Identifier: {EXTENSION}" in _unopkg(office, machine, context, "list", *office_options).splitlines():
                raise
    manifest.extensions.pop(EXTENSION, None)


def _unopkg(office: Office, machine: Machine, context: str, action: str, *arguments: str) -> str:
    """The output of LibreOffice's program for extensions.

    Raises:
        CannotDeploy: it has refused, or does not answer.
    """
    shared = ["--shared"] if context == "shared" else []
    command = [str(office.unopkg), action, *shared, *arguments]
    # Not a pipe: a LibreOffice that this may start would hold it open.
    with tempfile.TemporaryFile() as output:
        try:
            # S603: the program is LibreOffice's, and each argument is one of ours.
            done = subprocess.run(  # noqa: S603
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=environment_of_office(machine),
                timeout=_PATIENCE,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise CannotDeploy("LibreOffice does not answer: close it, and run this again.") from error
        except OSError as error:
            raise _Refused(f"{office.unopkg} cannot be started: {error.strerror or error}.") from error
        output.seek(0)
        text = output.read().decode(errors="replace")
    if done.returncode:
        raise _Refused(_refusal(text))
    return text


def _refusal(text: str) -> str:
    lock = re.search(r"^\s*(\S.*\.lock)\s*$", text, re.MULTILINE)
    if lock:
        return f"LibreOffice is open: close it, and run this again. If none is open, delete {lock[1]} first."
    lines = [line.removeprefix("ERROR: ") for line in text.splitlines() if line.startswith("ERROR: ")]
    reason = lines[0] if lines else text.strip() or "it does not say why"
    return f"LibreOffice has refused: {reason.rstrip('.')}. Close it where it is open, and run this again."
