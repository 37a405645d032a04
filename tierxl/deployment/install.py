"""Installing for one user: the add-in where Excel opens it, the template where Excel offers it, and all back again."""

import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from tierxl.deployment.calc import remove_from_calc
from tierxl.deployment.errors import CannotDeploy
from tierxl.deployment.manifest import Manifest, changing, keep, remove_if_empty
from tierxl.deployment.places import Places
from tierxl.doctor.machine import Machine
from tierxl.doctor.templates import PERSONAL, personal_templates, proposed_templates

WriteTemplate = Callable[..., None]
"""`tierxl.template.shipped.write_template`."""

_ADD_IN = ".xlam"


@dataclass(frozen=True)
class Installed:
    """Result of an installation.

    Attributes:
        template: the template, or the workbook where there is no Excel.
        add_in: the add-in, where Excel opens it.
        kept: the user's own versions of them, where these were renamed.
        command: how the command is called in a terminal.
    """

    template: Path
    add_in: Path | None
    kept: list[Path]
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
    """Put the add-in, the template and their helpers in their places.

    The files are those of an unpacked bundle, which IT may have signed; else the ones that are shipped.

    Raises:
        CannotDeploy: Excel is open, or something cannot be written.
    """
    _refuse_if_open(machine)
    with changing(places.manifest) as manifest:
        changed = [path for path in places.earlier if not manifest.take_back(path)]
        kept = [keep(path, places.data) for path in changed if path.suffix == _ADD_IN]
        for target in filter(None, (places.template, places.add_in)):
            content = _content(target.name, bundle, write_template, _interpreter(machine, places))
            # Excel opens all that lies in its start-up folder.
            own = manifest.put(target, content, places.data if target == places.add_in else None)
            kept += [own] if own else []
        if machine.is_windows and personal_templates(machine) is None:
            _offer_templates(machine, manifest)
        if places.scripts:
            script = _apple_script(machine)
            manifest.put(places.scripts / script.name, script.read_bytes())
        command = machine.command
        linked = places.link and _is_private(machine, places) and manifest.link(places.link, command)
    return Installed(places.template, places.add_in, kept, places.link if places.link and linked else command)


def uninstall(machine: Machine, places: Places, office_options: Sequence[str] = ()) -> Uninstalled:
    """Remove what was installed, and the private environment if it is the one that runs this.

    Windows does not let a running Python be deleted: there the script does it.

    Raises:
        CannotDeploy: Excel is open, or something cannot be removed.
    """
    _refuse_if_open(machine)
    environment = places.environment if places.environment.exists() else None
    with changing(places.manifest) as manifest:
        remove_from_calc(machine, manifest, office_options)
        changed = [_out_of_start_up(path, places) for path in manifest.remove()]
        _take_settings_back(machine, places, manifest)
        if environment and _is_private(machine, places) and not machine.is_windows:
            shutil.rmtree(environment)
            shutil.rmtree(places.python, ignore_errors=True)
            environment = None
    remove_if_empty(places.data)
    return Uninstalled(changed, environment)


def installed_workbook(places: Places) -> Path | None:
    """The add-in, else the template, if it is there: the file that has the macros."""
    return next((path for path in (places.add_in, places.template) if path and path.is_file()), None)


def _out_of_start_up(changed: Path, places: Places) -> Path:
    """A file that the user has changed, where Excel does not open it: without its environment it would only fail."""
    return keep(changed, places.data) if changed.suffix == _ADD_IN else changed


def _refuse_if_open(machine: Machine) -> None:
    """Refuse while Excel has the add-in and the libraries of the environment open."""
    if machine.is_excel_open():
        raise CannotDeploy("Excel is open: save your workbooks, close Excel, then run this again. Nothing was changed.")


def _content(name: str, bundle: Path | None, write_template: WriteTemplate, interpreter: dict[str, str]) -> bytes:
    """A file of the bundle, else one that is made ready for this computer."""
    if bundle and (bundle / name).is_file():
        return (bundle / name).read_bytes()
    with tempfile.TemporaryDirectory() as folder:
        ready = Path(folder, name)
        write_template(ready, **interpreter)
        return ready.read_bytes()


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
