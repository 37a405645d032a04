"""Limits of files, checked before they are read: some are made to fill the memory, or to be read in two ways."""

import re
import struct
import zipfile
import zlib
from copy import copy
from io import SEEK_END
from pathlib import Path
from typing import IO, NoReturn
from xml.parsers import expat

from tierxl.method.issues import CannotGrade
from tierxl.method.table.columns import GRADED_COLUMNS
from tierxl.sheets.description import LAST_COLUMN, LAST_ROW

MOST_CELLS = 60_000_000
"""The most cells of a table, blanks included."""

LONGEST_CELL = 16_000_000
"""The most characters in a cell of a text file; a cell of a workbook holds 32,767."""

MOST_BYTES = 4 * 1024**3
"""The most memory of a table, in bytes."""

MOST_UNPACKED = 8 * 1024**3
"""The most bytes of an unpacked workbook; a million graded clients are about half of that."""

MOST_PARTS = 10_000
"""The most parts of a workbook; one with 200 sheets, each with a table and a chart, has about a thousand."""

LONGEST_PROLOG = 64 * 1024
"""The most bytes before the first element of a part; a line is the rule."""

_LONGEST_DIRECTORY = 16 * 1024**2
_END_OF_DIRECTORY, _END_SIZE = b"PK\5\6", 22
_LONGEST_COMMENT = 0xFFFF
_ZIP64_LOCATOR, _LOCATOR_SIZE, _ZIP64_END_SIZE, _IN_ZIP64 = b"PK\6\7", 20, 56, 0xFFFFFFFF
_PASSWORD = 0x1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_XML = (".xml", ".rels", ".vml")
_BLOCK = 1024**2


def refuse_too_many_columns(path: Path, columns: int) -> None:
    """Refuse a table that no sheet has room for.

    Raises:
        CannotGrade: it is too wide.
    """
    if columns > LAST_COLUMN:
        raise CannotGrade(
            f"{path.name} is too wide: it has {columns:,} columns, and {LAST_COLUMN:,} is the most. "
            "Leave out columns, or cells far right of the clients."
        )


def refuse_too_many_cells(name: str, cells: int) -> None:
    """Refuse a table that does not fit into memory.

    Args:
        name: what the user calls it.
        cells: how many cells it has, blanks included.

    Raises:
        CannotGrade: it is too large.
    """
    if cells > MOST_CELLS:
        raise CannotGrade(
            f"{name} is too large: it has {cells:,} cells, blanks included, and {MOST_CELLS:,} is the most. "
            "Leave out columns, or cells far right of or below the clients."
        )


def refuse_more_than_a_sheet(path: Path, clients: int, columns: int) -> None:
    """Refuse to make a workbook of a table for which a sheet is too small.

    Raises:
        CannotGrade: it is too long, or too wide with the graded columns.
    """
    rows, width = clients + 1, columns + len(GRADED_COLUMNS)
    if rows > LAST_ROW or width > LAST_COLUMN:
        raise CannotGrade(
            f"{path.name} does not fit on a sheet, which has {LAST_ROW:,} rows and {LAST_COLUMN:,} columns: "
            f"graded, it needs {rows:,} and {width:,}. Write it as .csv or .parquet with -o."
        )


def refuse_too_many_bytes(path: Path, size: int) -> None:
    """Refuse a table that does not fit into memory.

    Raises:
        CannotGrade: it is too large.
    """
    if size > MOST_BYTES:
        raise CannotGrade(f"{path.name} is too large: it has more than {MOST_BYTES // 1024**3} GB. Leave out columns.")


def refuse_hostile_package(path: Path, file: IO[bytes]) -> None:
    """Refuse a workbook that no spreadsheet program writes, and that could do harm while it is read.

    Such are: more parts, or more bytes in them, than fit into memory; two parts of one name, parts that lie over each
    other or are larger than they say, which one program would read otherwise than the next; a document type, by which
    XML fetches files and grows without end.

    Args:
        path: the file, for the error.
        file: the file, open for reading.

    Raises:
        CannotGrade: it is such a one, or damaged, or no package at all.
    """
    try:
        size = _look_at_end(path, file)
        with zipfile.ZipFile(file) as package:
            parts = package.infolist()
            _look_at_directory(path, parts, size)
            for part in parts:
                _look_at_part(path, package, part)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, struct.error) as error:
        raise damaged(path) from error


def damaged(path: Path) -> CannotGrade:
    """The error of a file that is no workbook."""
    return CannotGrade(f"{path.name} is not a workbook that can be read: it may be damaged or cut off.")


def _look_at_end(path: Path, file: IO[bytes]) -> int:
    """The size of the file in bytes, if its end is that of one package with a list of parts that is not too long."""
    whole = file.seek(0, SEEK_END)
    file.seek(-min(whole, _LOCATOR_SIZE + _END_SIZE + _LONGEST_COMMENT), SEEK_END)
    end = file.read()
    ends = [match.start() for match in re.finditer(re.escape(_END_OF_DIRECTORY), end)]
    reaching = [at for at in ends if _comment_reaches_end(end, at)]
    if reaching and reaching != ends[-1:]:
        _refuse(path, "the comment at its end looks like the end of another package")
    (at,) = reaching
    (size,) = struct.unpack_from("<L", end, at + 12)
    locator = at - _LOCATOR_SIZE
    if size == _IN_ZIP64 and end[max(locator, 0) :].startswith(_ZIP64_LOCATOR):
        file.seek(*struct.unpack_from("<Q", end, locator + 8))
        (size,) = struct.unpack_from("<Q", file.read(_ZIP64_END_SIZE), 40)
    if size > _LONGEST_DIRECTORY:
        _refuse(path, f"it has more than {MOST_PARTS:,} parts")
    return whole


def _comment_reaches_end(end: bytes, at: int) -> bool:
    """True if the comment of a package whose end begins at a place reaches to the end of the file."""
    begins = at + _END_SIZE
    return begins <= len(end) and begins + int.from_bytes(end[begins - 2 : begins], "little") == len(end)


def _look_at_directory(path: Path, parts: list[zipfile.ZipInfo], size: int) -> None:
    if len(parts) > MOST_PARTS:
        _refuse(path, f"it has more than {MOST_PARTS:,} parts")
    if sum(part.file_size for part in parts) > MOST_UNPACKED:
        _refuse(path, f"unpacked it has more than {MOST_UNPACKED // 1024**3} GB")
    if sum(part.compress_size for part in parts) > size:
        _refuse(path, "its parts lie over each other")
    names: set[str] = set()
    for part in parts:
        name = part.filename.casefold()
        if part.flag_bits & _PASSWORD:
            raise CannotGrade(f"{path.name} is protected by a password: save it as .xlsx without one to open it.")
        if name in names:
            _refuse(path, f"it has two parts called {part.filename}")
        if ".." in name.replace("\\", "/").split("/"):
            _refuse(path, f"its part {part.filename} points outside of it")
        if part.compress_type not in _METHODS:
            _refuse(path, f"its part {part.filename} is packed as no workbook is")
        names.add(name)


def _look_at_part(path: Path, package: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Unpack a part without keeping it; zipfile stops at the size that a part says, so that is set one higher."""
    beyond = copy(part)
    beyond.file_size += 1
    with package.open(beyond) as unpacked:
        if part.filename.lower().endswith(_XML):
            _look_at_prolog(path, part.filename, unpacked)
        size = unpacked.tell()
        while block := unpacked.read(_BLOCK):
            size += len(block)
    if size != part.file_size:
        _refuse(path, f"its part {part.filename} is not as large as it says")


def _look_at_prolog(path: Path, name: str, part: IO[bytes]) -> None:
    parser, is_begun = expat.ParserCreate(), False

    def refuse(*_: object) -> NoReturn:
        _refuse(path, f"its part {name} has a document type (DOCTYPE)")

    def begin(*_: object) -> None:
        nonlocal is_begun
        is_begun, parser.StartElementHandler = True, None

    parser.StartDoctypeDeclHandler, parser.StartElementHandler = refuse, begin
    prolog = part.read(LONGEST_PROLOG)
    try:
        parser.Parse(prolog)
    except (expat.ExpatError, LookupError):  # the reader says so if it is not well-formed
        return
    if not is_begun and len(prolog) == LONGEST_PROLOG:
        _refuse(path, f"its part {name} has no first element")


def _refuse(path: Path, why: str) -> NoReturn:
    raise CannotGrade(
        f"{path.name} is not read, because it could do harm: {why}. If it comes from a spreadsheet program, "
        "open it there and save it anew."
    )
