"""What keeps tierxl from working with Excel or LibreOffice Calc on a computer, and the cure for each."""

from pathlib import Path

from tierxl.doctor import calc, environment, security, workbook
from tierxl.doctor.finding import Finding
from tierxl.doctor.machine import Machine, this_machine

__all__ = ["Finding", "Machine", "examine", "this_machine"]


def examine(book: Path | None = None, machine: Machine | None = None) -> list[Finding]:
    """Look at this computer and, if given, at a workbook; nothing is changed."""
    machine = machine or this_machine()
    found = [*environment.examine(machine), *security.examine(machine), *calc.examine(machine)]
    return [*found, *workbook.examine(book, machine)] if book else found
