"""The program that has a file open, by the small files that Excel and LibreOffice lay beside it until it is closed."""

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_EXCEL_WIDE_NAME = 55  # behind the name in the alphabet of the system stands the same in UTF-16


@dataclass(frozen=True)
class Owner:
    """A program that has a file open.

    Attributes:
        program: its name.
        user: who works with it, as they are called there; empty where that is not known.
        mark: the file by which it is known.
    """

    program: str
    user: str
    mark: Path

    def __str__(self) -> str:
        by = f" (by {self.user})" if self.user else ""
        return (
            f"is open in {self.program}{by}: close it there first. If nobody has it open, "
            f"{self.program} has left the hidden file {self.mark.name} behind: delete that one"
        )


def owner_of(path: Path) -> Owner | None:
    """The program that has a file open, if there is a mark of one beside it."""
    # A name may be too long for the mark to be; os.path calls that no file.
    libreoffice = path.with_name(f".~lock.{path.name}#")
    excel = path.with_name(f"~${path.name}")
    if os.path.isfile(libreoffice):  # noqa: PTH113
        return Owner("LibreOffice", _printable(_libreoffice_user(_start(libreoffice))), libreoffice)
    if os.path.isfile(excel):  # noqa: PTH113
        return Owner("Excel", _printable(_excel_user(_start(excel))), excel)
    return None


def _start(mark: Path) -> bytes:
    with suppress(OSError), mark.open("rb") as file:  # Excel on Windows lets nobody read it
        return file.read(500)
    return b""


def _excel_user(mark: bytes) -> str:
    wide = mark[_EXCEL_WIDE_NAME:]
    if len(wide) > 2:
        return wide[2 : 2 + 2 * wide[0]].decode("utf-16-le", "ignore")
    return mark[1 : 1 + mark[0]].decode("cp1252", "ignore") if mark else ""


def _libreoffice_user(mark: bytes) -> str:
    own_name, system_name = [*mark.decode("utf-8", "ignore").split(","), "", ""][:2]
    return own_name or system_name


def _printable(name: str) -> str:
    return "".join(letter for letter in name if letter.isprintable()).strip()
