"""Findings about the add-in: whether Excel opens it, once, and of the version that is installed."""

from collections.abc import Iterator
from pathlib import Path

from tierxl.doctor.finding import Finding, finding
from tierxl.doctor.machine import Machine
from tierxl.doctor.policies import CHOSEN
from tierxl.doctor.start_up import NAME, opened_add_ins, other_add_ins, start_up_folder
from tierxl.doctor.vba import ADD_IN, read_vba
from tierxl.method.issues import CannotGrade
from tierxl.workbooks.shipped import shipped

DISABLED = rf"{CHOSEN}\Excel\Resiliency\DisabledItems"
"""The list of what Excel opens no more, since it believes that it has ended because of it."""
_OF_XLWINGS = "xlwings.xlam"


def examine(machine: Machine) -> Iterator[Finding]:
    """The findings about the add-in, on a system with Excel."""
    folder = start_up_folder(machine)
    if folder is None:
        return
    opened = opened_add_ins(machine)
    if not opened:
        yield finding("add-in missing", folder=folder, file=NAME)
    else:
        yield version(opened[0])
    others = opened[1:] + other_add_ins(machine)
    if others:
        yield finding("add-in elsewhere", others=", ".join(map(str, others)))
    if any(_names_us(item) for item in machine.registry_values(DISABLED)):
        yield finding("add-in disabled")
    if (folder / _OF_XLWINGS).is_file():
        yield finding("add-in of xlwings", path=folder / _OF_XLWINGS)


def version(add_in: Path) -> Finding:
    """The finding on whether the add-in is that of the tierxl that is installed."""
    try:
        there, ours = read_vba(add_in), read_vba(shipped(ADD_IN))
    except CannotGrade:
        there, ours = None, None
    is_same = there and ours and there.code == ours.code
    return finding("add-in" if is_same else "add-in of another version", path=add_in)


def _names_us(item: bytes) -> bool:
    """True for an entry of the list that names the add-in; its path stands in UTF-16 after some numbers."""
    return f"\\{NAME.casefold()}" in item.decode("utf-16-le", errors="ignore").casefold()
