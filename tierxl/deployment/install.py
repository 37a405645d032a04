"""Installing for one user: the template where Excel offers it, and what Excel needs to call Python; and back."""

import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from tierxl.deployment.calc import remove_from_calc
from tierxl.deployment.errors import CannotDeploy
from tierxl.deployment.manifest import Manifest, changing, remove_if_empty
from tierxl.deployment.places import Places
from tierxl.doctor.machine import Machine
from tierxl.doctor.templates import PERSONAL, personal_templates, proposed_templates

WriteTemplate = Callable[..., None]
"""`tierxl.template.shipped.write_template`."""


@dataclass(frozen=True)
class Installed:
    """Result of an installation.

    Attributes:
        template: the template, or the workbook where there is no Excel.
        kept: the user's own version of it, where that was renamed.
        command: how the command is called in a terminal.
    """

    template: Path
    kept: Path | None
    command: Path


@dataclass(frozen=True)
class Uninstalled:
    """Result of a removal: what is left.

    Attributes:
        changed: files that the user has changed, so they stay.
        environment: the environment, where it was not removed.
    """

    changed: list[Path]
    environment: Path | None


def install(machine: Machine, places: Places, write_template: WriteTemplate, bundle: Path | None = None) -> Installed:
    """Put the template and its helpers in their places.

    The template is the one of an unpacked bundle, which IT may have signed; else the one that is shipped.
    """
    with changing(places.manifest) as manifest:
        bundled = bundle / places.template.name if bundle else None
        if bundled and bundled.is_file():
            template = bundled.read_bytes()
        else:
            with tempfile.TemporaryDirectory() as folder:
                ready = Path(folder, places.template.name)
                write_template(ready, **_interpreter(machine, places))
                template = ready.read_bytes()
        kept = manifest.put(places.template, template)
        if machine.is_windows and personal_templates(machine) is None:
            _offer_templates(machine, manifest)
        if places.scripts:
            script = _apple_script(machine)
            manifest.put(places.scripts / script.name, script.read_bytes())
        command = machine.command
        linked = places.link and _is_private(machine, places) and manifest.link(places.link, command)
    return Installed(places.template, kept, places.link if places.link and linked else command)


def uninstall(machine: Machine, places: Places, office_options: Sequence[str] = ()) -> Uninstalled:
    """Remove what was installed, and the private environment if it is the one that runs this.

    Windows does not let a running Python be deleted: there the script does it.
    """
    environment = places.environment if places.environment.exists() else None
    with changing(places.manifest) as manifest:
        remove_from_calc(machine, manifest, office_options)
        changed = manifest.remove()
        _take_settings_back(machine, places, manifest)
        if environment and _is_private(machine, places) and not machine.is_windows:
            shutil.rmtree(environment)
            shutil.rmtree(places.python, ignore_errors=True)
            environment = None
    remove_if_empty(places.data)
    return Uninstalled(changed, environment)


def installed_template(places: Places) -> Path | None:
    return places.template if places.template.is_file() else None


def _offer_templates(machine: Machine, manifest: Manifest) -> None:
    """Have Excel offer personal templates, where neither a policy nor the user has said from which folder."""
    folder = proposed_templates(machine)
    machine.set_registry(*PERSONAL, folder)
    manifest.settings["\\".join(PERSONAL)] = folder


def _take_settings_back(machine: Machine, places: Places, manifest: Manifest) -> None:
    """Remove the settings that nobody has changed; a folder in which the user has templates is still offered."""
    for place, text in manifest.settings.items():
        key, _, name = place.rpartition("\\")
        if machine.registry(key, name) == text and not any(places.template.parent.glob("*")):
            machine.set_registry(key, name, None)
    manifest.settings.clear()


def _is_private(machine: Machine, places: Places) -> bool:
    """True if the Python that runs is that of the environment that the scripts make."""
    return machine.prefix.resolve() == places.environment.resolve()


def _interpreter(machine: Machine, places: Places) -> dict[str, str]:
    """The template knows the private environment; any other must be named."""
    if _is_private(machine, places) or not (machine.is_windows or machine.is_mac):
        return {}
    if machine.is_windows:
        return {"interpreter_windows": str(machine.executable.with_name("pythonw.exe"))}  # the one without a console
    return {"interpreter_mac": str(machine.executable)}


def _apple_script(machine: Machine) -> Path:
    """The script through which Excel for Mac starts Python, as `xlwings runpython install` finds it."""
    xlwings = find_spec("xlwings")
    if xlwings is None or xlwings.origin is None:
        raise CannotDeploy("xlwings is not installed, so Excel cannot call Python: run the install script again.")
    return Path(xlwings.origin).with_name(f"xlwings-{machine.package('xlwings')}.applescript")
