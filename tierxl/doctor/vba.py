"""The VBA project of a workbook: its modules, and whether anything but Excel may change them."""

import re
import struct
import zipfile
from dataclasses import dataclass
from pathlib import Path

from tierxl.method.issues import CannotGrade

SHIPPED = "workbook/Client Tiers.xlsm"
"""The workbook from which all others with macros are made."""

ADD_IN = "workbook/Client Tiers.xlam"
"""The add-in for all workbooks."""

WRAPPERS, OF_WORKBOOK = "xlwings_udfs", "ThisWorkbook"
"""The modules with the worksheet functions, and with what happens when the workbook is opened or changed."""

OURS = "Tierxl"
"""The beginning of the names of our own modules, of our macros and of what we put into the ribbon."""

_OF_DOCUMENT = 'Attribute VB_Base = "0{000208'
"""The beginning of Excel's own classes: the workbook, a sheet, a chart."""
_OF_EVENT = "subworkbook_"
"""The beginning of a procedure for an event of the workbook."""
_HEADER = re.compile(r"\A(?:Attribute .*\r?\n)+")
_ATTRIBUTE = re.compile(r"^Attribute .*$", re.MULTILINE)
_PROCEDURE = re.compile(
    r"^[ \t]*(?:(?:Public|Private|Friend|Static)[ \t]+)*(?:Sub|Function|Property[ \t]+\w+)[ \t]+(?P<name>\w+).*?"
    r"^[ \t]*End[ \t]+(?:Sub|Function|Property)\b[^\n]*(?:\n(?:[ \t]*\r?\n)*)?",
    re.MULTILINE | re.DOTALL,
)
_FUNCTION = re.compile(r"^Public Function (\w+)", re.MULTILINE)


@dataclass(frozen=True)
class VbaProject:
    """The VBA project of a workbook.

    Attributes:
        modules: their text by name.
        is_signed: whether a certificate vouches for it.
        has_password: whether its modules are protected by a password.
    """

    modules: dict[str, str]
    is_signed: bool
    has_password: bool

    @property
    def functions(self) -> set[str]:
        """The names of the worksheet functions that xlwings hands over to Python."""
        return set(_FUNCTION.findall(self.modules.get(WRAPPERS, "")))

    @property
    def is_from_template(self) -> bool:
        """True where the workbook was made from our template."""
        return {WRAPPERS, OF_WORKBOOK} <= set(self.modules) and any(name.startswith(OURS) for name in self.modules)

    @property
    def code(self) -> dict[str, str]:
        """The code of the modules, without those of sheets, which belong to their workbook alone."""
        return {
            name: _HEADER.sub("", text)
            for name, text in sorted(self.modules.items())
            if name == OF_WORKBOOK or _OF_DOCUMENT not in text
        }


def read_vba(book: Path) -> VbaProject | None:
    """The VBA project of a workbook; None where it has none.

    Raises:
        CannotGrade: it cannot be read.
    """
    from pyopenvba import ExcelFile, PyOpenVBAError  # noqa: PLC0415  seldom needed

    try:
        with ExcelFile(book) as file:
            if not file.has_vba_project():
                return None
            protection = file.vba_project().protection
            signed = file.vba_signature().present
            return VbaProject(file.vba_modules(), signed, bool(protection and protection.has_password))
    except (PyOpenVBAError, OSError, ValueError, LookupError, zipfile.BadZipFile, struct.error) as error:
        raise CannotGrade(f"The macros of {book.name} cannot be read: they may be damaged.") from error


def code_after_upgrade(name: str, old: str | None, new: str) -> str:
    """The code of one of our modules after an upgrade: as it is where it is the same, else the new one.

    The module of the workbook keeps what is not ours, since macros for events of the workbook can stand nowhere else:
    procedures, and lines within ours for an event.
    """
    if old is None or is_same(old, new):
        return old or new
    if name != OF_WORKBOOK:
        return new
    procedures = {procedure["name"]: procedure[0] for procedure in _PROCEDURE.finditer(old)}
    ours = {procedure["name"]: procedure[0] for procedure in _PROCEDURE.finditer(new)}
    fresh = {name for name, code in ours.items() if not _holds(procedures.get(name), code)}
    if not fresh:
        return old
    own = _PROCEDURE.sub(lambda procedure: "" if procedure["name"] in fresh else procedure[0], old)
    renewed = _PROCEDURE.sub(lambda procedure: procedure[0] if procedure["name"] in fresh else "", new)
    return own.rstrip() + renewed.removeprefix("Option Explicit")


def _holds(procedure: str | None, ours: str) -> bool:
    """True for a procedure that is ours, or ours for an event with lines of the user's own, which do not name us."""
    if procedure is None or is_same(ours, procedure):
        return procedure is not None
    wanted, there = (list(map(_essence, code.splitlines())) for code in (ours, procedure))
    rest = iter(there)
    is_extended = all(line in rest for line in wanted)
    names_us = any(OURS.casefold() in line for line in set(there) - set(wanted))
    return is_extended and _OF_EVENT in wanted[0] and not names_us


def is_same(code: str, other: str | None) -> bool:
    """True for the same code: Excel changes spaces and capitals of names, and writes the help of functions into it."""
    return other is not None and _essence(code) == _essence(other)


def _essence(code: str) -> str:
    return re.sub(r"\s+", "", _ATTRIBUTE.sub("", code)).casefold()
