"""Findings on what keeps tierxl from working with Excel or LibreOffice Calc on a computer, with the cures."""

from pathlib import Path

from tierxl.doctor import add_in, calc, environment, security, templates, workbook
from tierxl.doctor.finding import Finding
from tierxl.doctor.machine import Machine, this_machine

__all__ = ["Finding", "Machine", "examine", "this_machine"]


def examine(book: Path | None = None, machine: Machine | None = None) -> list[Finding]:
    """The findings about this computer and, if one is named, about a workbook; nothing is changed."""
    machine = machine or this_machine()
    findings = [*environment.examine(machine), *security.examine(machine, book), *templates.examine(machine)]
    findings += [*add_in.examine(machine), *calc.examine(machine)]
    return [*findings, *workbook.examine(book, machine)] if book else findings
