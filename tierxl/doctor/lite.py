"""Findings about a workbook that brings its Python along for xlwings Lite."""

import re
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from tierxl.doctor.finding import Finding, finding
from tierxl.method.issues import CannotGrade
from tierxl.workbooks.ooxml.package import open_package
from tierxl.workbooks.ooxml.web_extension import MAIN_PY, lite_part, properties_of

_VERSION = re.compile(r'^VERSION = "([^"]*)"$', re.MULTILINE)


def carried_version(book: Path) -> str | None:
    """The version of tierxl that a workbook carries for xlwings Lite; None where it carries none, or cannot be read."""
    try:
        with closing(open_package(book)) as package:
            part = lite_part(package)
            return version_in(properties_of(package.tree(part))) if part else None
    except (CannotGrade, OSError):
        return None


def version_in(properties: Mapping[str, str]) -> str | None:
    """The version of tierxl in the properties of xlwings Lite; None where they are of somebody else's Python."""
    found = _VERSION.search(properties.get(MAIN_PY, ""))
    return found[1] if found and "tierxl" in properties[MAIN_PY] else None


def version(book: Path, carried: str, installed: str, facts: Mapping[str, Any]) -> Finding:
    """The finding on the version that a workbook carries, beside the one that is installed."""
    name = "lite" if carried == installed else "lite of another version"
    return finding(name, book=book, carried=carried, installed=installed, **facts)
