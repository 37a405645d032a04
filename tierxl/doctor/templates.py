"""The folder whose templates Excel for Windows offers under File > New > Personal, and the finding about it."""

from collections.abc import Iterator
from pathlib import Path

from tierxl.doctor.finding import Finding, finding
from tierxl.doctor.machine import Machine
from tierxl.doctor.policies import CHOSEN, policy

TEMPLATE = "Client Tiers.xltx"
"""The template without macros: the add-in has the buttons and functions of the workbooks that are made from it."""
PERSONAL = (rf"{CHOSEN}\Excel\Options", "PersonalTemplates")
"""The setting with the folder, as a key and a name of the registry. Without it Excel offers no personal templates."""

_DOCUMENTS = (r"HKCU\Software\Microsoft\Windows\CurrentVersion\Explorer\User Shell Folders", "Personal")


def personal_templates(machine: Machine) -> str | None:
    """The folder that a policy sets, else the one that is chosen in Excel, with its variables; None without either."""
    folder = policy(machine, r"Excel\Options", PERSONAL[1]) or machine.registry(*PERSONAL)
    return folder if isinstance(folder, str) and folder else None


def proposed_templates(machine: Machine) -> str:
    """The folder that Excel proposes, with its variables."""
    documents = machine.registry(*_DOCUMENTS)  # it may lie in OneDrive
    return str(
        Path(documents if isinstance(documents, str) else machine.home / "Documents") / "Custom Office Templates"
    )


def examine(machine: Machine) -> Iterator[Finding]:
    """The finding about the template, on a system where Excel must be told of its folder."""
    if machine.is_windows:
        yield offered(machine)


def offered(machine: Machine) -> Finding:
    """The finding on whether Excel for Windows offers the template."""
    chosen = personal_templates(machine)
    folder = Path(machine.expanded(chosen or proposed_templates(machine)))
    if chosen is None:
        return finding("templates without a folder", folder=folder)
    if not (folder / TEMPLATE).is_file():
        return finding("templates without ours", folder=folder, template=TEMPLATE)
    return finding("templates", folder=folder)
