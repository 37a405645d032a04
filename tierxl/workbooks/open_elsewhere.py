"""The program that has a file open, by the small files that Excel and LibreOffice lay beside it until it is closed."""

import os
from contextlib import suppress
from pathlib import Path

_EXCEL_WIDE_NAME = 55  # behind the name in the alphabet of the system stands the same in UTF-16


def open_in(path: Path) -> str:
    """The end of a sentence on the program that has a file open, who works with it, and the cure; else empty."""
    for program, mark, user_of in (
        ("LibreOffice", path.with_name(f".~lock.{path.name}#"), _libreoffice_user),
        ("Excel", path.with_name(f"~${path.name}"), _excel_user),
    ):
        if os.path.isfile(mark):  # noqa: PTH113  Path.is_file raises for names that no disk can hold
            user = "".join(letter for letter in user_of(_start(mark)) if letter.isprintable()).strip()
            by = f" (by {user})" if user else ""
            return (
                f"is open in {program}{by}: close it there first. If nobody has it open, "
                f"{program} has left the hidden file {mark.name} behind: delete that one"
            )
    return ""


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
