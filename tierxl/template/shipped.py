"""Files that are shipped with tierxl, and the templates and the add-in among them made ready for a computer."""

import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lxml import etree

from tierxl.doctor.vba import ADD_IN, SHIPPED
from tierxl.template.configuration import INTERPRETER_MAC, INTERPRETER_WINDOWS
from tierxl.workbooks.atomic import replacing
from tierxl.workbooks.ooxml.package import CONTENT_TYPES, MAIN, MAIN_TYPES, Element, declare, parsed, written
from tierxl.workbooks.shipped import shipped

CALC_EXTENSION = "install/tierxl.oxt"
PLAIN_TEMPLATE = "workbook/Client Tiers.xltx"

Parts = dict[str, Any]
"""The parts of a package by name: XML as elements, others as bytes."""

_SHIPPED = {".xlam": ADD_IN, ".xlsm": SHIPPED, ".xltm": SHIPPED, ".xltx": PLAIN_TEMPLATE}
"""The file that each kind is made from."""

_FIRST = (CONTENT_TYPES, "_rels/.rels")


def write_template(
    target: Path, interpreter_windows: str = INTERPRETER_WINDOWS, interpreter_mac: str = INTERPRETER_MAC
) -> None:
    """Write what is shipped, by its ending: the add-in, a workbook, or the file that new workbooks are made from.

    Args:
        target: the file; it is written whole or not at all.
        interpreter_windows: the Python that the workbook starts on Windows; environment variables are expanded.
        interpreter_mac: the same on a Mac.

    Raises:
        CannotGrade: the file cannot be written.
    """
    parts = read_parts(shipped(_SHIPPED[target.suffix]))
    become(parts, target.suffix)
    interpreters = {INTERPRETER_WINDOWS: interpreter_windows, INTERPRETER_MAC: interpreter_mac}
    for sheet in (part for name, part in parts.items() if name.startswith("xl/worksheets/sheet")):
        for text in sheet.iter(f"{{{MAIN}}}t"):
            text.text = interpreters.get(text.text, text.text)
    write_parts(parts, target)


def read_parts(path: Path) -> Parts:
    """The parts of a workbook."""
    with zipfile.ZipFile(path) as package:
        return {name: _part(name, package.read(name), path) for name in package.namelist()}


def in_one_form(parts: Parts, path: Path) -> Parts:
    """The same parts with their XML in one form: openpyxl's own depends on its XML library."""
    return {
        name: part if isinstance(part, bytes) else parsed(etree.tostring(part, method="c14n2"), path)
        for name, part in parts.items()
    }


def write_parts(parts: Mapping[str, Any], target: Path) -> None:
    """Write a workbook: the same bytes for the same parts.

    Raises:
        CannotGrade: the file cannot be written.
    """
    with replacing(target) as temporary, zipfile.ZipFile(temporary, "w") as package:
        for name in (*_FIRST, *sorted(set(parts) - set(_FIRST))):
            info = zipfile.ZipInfo(name)
            info.create_system, info.compress_type = 0, zipfile.ZIP_DEFLATED
            part = parts[name]
            package.writestr(info, part if isinstance(part, bytes) else written(part), compresslevel=9)


def become(parts: Parts, ending: str) -> None:
    """Change the kind of a workbook to that of a file's ending."""
    declare(parts[CONTENT_TYPES], "xl/workbook.xml", MAIN_TYPES[ending])


def _part(name: str, content: bytes, path: Path) -> Element:
    return parsed(content, path) if name.endswith((".xml", ".rels")) else content
