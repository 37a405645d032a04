"""Findings about the macros of a workbook: whether they are those of the template that is installed."""

from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from tierxl.doctor.finding import Finding, finding
from tierxl.doctor.vba import ADD_IN, SHIPPED, VbaProject, code_after_upgrade, read_vba
from tierxl.method.issues import CannotGrade
from tierxl.workbooks.ooxml.package import ROOT, open_package
from tierxl.workbooks.shipped import shipped

RIBBON = "extensibility"
"""The kind of relationship that leads to the ribbon of a workbook."""


def examine(book: Path, facts: dict[str, Any]) -> Iterator[Finding]:
    """The findings about a workbook that was made from the template; none about macros of others."""
    try:
        vba, template = read_vba(book), read_vba(shipped(ADD_IN if book.suffix.lower() == ".xlam" else SHIPPED))
    except CannotGrade as error:
        yield finding("macros unreadable", error=error, **facts)
        return
    if vba is None:
        yield finding("macros gone", **facts)
    if vba and template and vba.is_from_template:
        yield functions(vba, template, facts)
        yield code(vba, template, facts)
        yield from ribbon(book, facts)


def ribbon(book: Path, facts: dict[str, Any]) -> Iterator[Finding]:
    """The finding about a workbook that has no ribbon any more."""
    with suppress(CannotGrade, OSError), closing(open_package(book)) as package:  # another finding tells
        if not package.related(ROOT, RIBBON):
            yield finding("ribbon gone", **facts)


def functions(vba: VbaProject, template: VbaProject, facts: dict[str, Any]) -> Finding:
    """The finding on whether Python has all functions of the workbook, and the workbook all of Python's."""
    new, surplus = sorted(template.functions - vba.functions), sorted(vba.functions - template.functions)
    name = "functions missing" if new else "functions of an earlier version" if surplus else "functions"
    return finding(name, new=", ".join(new), surplus=", ".join(surplus), number=len(vba.functions), **facts)


def code(vba: VbaProject, template: VbaProject, facts: dict[str, Any]) -> Finding:
    """The finding on whether the template's modules are as they were, and who vouches for them."""
    there = vba.code
    different = [
        name
        for name, text in template.code.items()
        if code_after_upgrade(name, there.get(name), text) != there.get(name)
    ]
    own = [name for name in there if name not in template.code]
    name = (
        "macros protected" if vba.has_password
        else "macros signed" if vba.is_signed
        else "macros changed" if different
        else "macros with others" if own
        else "macros"
    )  # fmt: skip
    return finding(name, changed=", ".join(different), own=", ".join(own), **facts)
