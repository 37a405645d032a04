"""Packages that are made to fill the memory, to fetch files, or to be read in two ways."""

import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.hostile import packages
from tests.hostile.command import graded_in_place, refused_in_place, sentence_of, tierxl
from tests.hostile.packages import (
    CLIENTS,
    CONTENT_TYPES,
    HEADER,
    ROOT,
    SHEET,
    STRINGS,
    STYLES,
    WORKBOOK,
    WORKBOOK_RELATIONSHIPS,
    sheet,
    workbook,
)

pytestmark = pytest.mark.hostile

SPACES = b" " * 1024**2


def test_the_workbook_that_all_others_are_made_from_is_graded(tmp_path: Path):
    assert "3 clients graded" in graded_in_place(workbook(tmp_path / "a.xlsx")).out


# --- Bombs -----------------------------------------------------------------------------------------------------------


def deflated(blocks: int) -> bytes:
    """Spaces, packed."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(SPACES) + packer.flush(zlib.Z_FULL_FLUSH)
    return block * blocks + zlib.compressobj(9, zlib.DEFLATED, -15).flush()


def put(path: Path, name: str, content: bytes, size: int, crc: int) -> None:
    """Put an entry into a package whose directory says of it what we like."""
    with zipfile.ZipFile(path, "a") as package:
        entry = zipfile.ZipInfo(name)
        assert package.fp is not None
        package.fp.seek(package.start_dir)
        entry.header_offset = package.fp.tell()
        entry.compress_type, entry.compress_size, entry.file_size, entry.CRC = 8, len(content), size, crc
        package.fp.write(entry.FileHeader(zip64=size > 2**32))
        package.fp.write(content)
        package.start_dir = package.fp.tell()
        package.filelist.append(entry)
        package.NameToInfo[name] = entry
        package._didModify = True


def huge_sheet(path: Path) -> None:
    put(path, "xl/worksheets/sheet2.xml", deflated(9 * 1024), 9 * 1024**3, 0)


def part_larger_than_it_says(path: Path) -> None:
    put(path, "xl/media/a.bin", deflated(2_000), len(SPACES), zlib.crc32(SPACES))


def part_smaller_than_it_says(path: Path) -> None:
    put(path, "xl/media/a.bin", deflated(1), 2 * len(SPACES), zlib.crc32(SPACES))


def parts_over_each_other(path: Path) -> None:
    """Many entries that are one and the same place of the file."""
    with zipfile.ZipFile(path, "a") as package:
        first = package.getinfo(SHEET)
        package.writestr("xl/media/a.bin", b"x")
        for at in range(200):
            entry = zipfile.ZipInfo(f"xl/media/{at}.bin")
            for name in ("header_offset", "compress_type", "compress_size", "file_size", "CRC"):
                setattr(entry, name, getattr(first, name))
            package.filelist.append(entry)


def very_many_parts(path: Path) -> None:
    with zipfile.ZipFile(path, "a") as package:
        for at in range(10_001):
            package.writestr(f"xl/media/{at}", b"")


def directory_of_a_million_parts(path: Path) -> None:
    """A directory that is larger than anything in it."""
    with zipfile.ZipFile(path, "a") as package:
        for at in range(400):
            entry = zipfile.ZipInfo(f"xl/media/{at}")
            entry.extra = struct.pack("<HH", 0xCAFE, 60_000) + bytes(60_000)
            package.writestr(entry, b"")


def two_parts_of_one_name(path: Path) -> None:
    with zipfile.ZipFile(path, "a") as package, warnings.catch_warnings(action="ignore"):
        package.writestr(SHEET, sheet(HEADER))


def two_parts_of_one_name_in_other_letters(path: Path) -> None:
    with zipfile.ZipFile(path, "a") as package:
        package.writestr(SHEET.upper(), sheet(HEADER))


def part_outside(path: Path) -> None:
    with zipfile.ZipFile(path, "a") as package:
        package.writestr("../../../tmp/evil.xml", b"<x/>")


def part_outside_on_windows(path: Path) -> None:
    with zipfile.ZipFile(path, "a") as package:
        package.writestr("xl\\..\\..\\evil.xml", b"<x/>")


def packed_otherwise(path: Path) -> None:
    with zipfile.ZipFile(path, "a") as package:
        package.writestr("xl/media/a.bin", b"x" * 100, zipfile.ZIP_LZMA)


def endless_prolog(path: Path) -> None:
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/worksheets/sheet2.xml", b"<!--" + b" " * 10_000_000 + b"--><!DOCTYPE x><x/>")


def with_password(path: Path) -> None:
    """Say of every part that it is encrypted, in its header and in the directory."""
    raw = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        at = raw.find(mark)
        while at >= 0:
            raw[at + offset] |= 1
            at = raw.find(mark, at + 1)
    path.write_bytes(raw)


BOMBS: list[tuple[Callable[[Path], None], str]] = [
    (huge_sheet, "unpacked it has more than 8 GB"),
    (part_larger_than_it_says, "a.xlsx is not a workbook that can be read: it may be damaged or cut off."),
    (part_smaller_than_it_says, "its part xl/media/a.bin is not as large as it says"),
    (parts_over_each_other, "its parts lie over each other"),
    (very_many_parts, "it has more than 10,000 parts"),
    (directory_of_a_million_parts, "it has more than 10,000 parts"),
    (two_parts_of_one_name, "it has two parts called xl/worksheets/sheet1.xml"),
    (two_parts_of_one_name_in_other_letters, "it has two parts called XL/WORKSHEETS/SHEET1.XML"),
    (part_outside, "its part ../../../tmp/evil.xml points outside of it"),
    (part_outside_on_windows, "points outside of it"),
    (packed_otherwise, "its part xl/media/a.bin is packed as no workbook is"),
    (endless_prolog, "its part xl/worksheets/sheet2.xml has no first element"),
    (with_password, "a.xlsx is protected by a password: save it as .xlsx without one to open it."),
]


@pytest.mark.parametrize(("make", "says"), BOMBS, ids=[make.__name__ for make, _ in BOMBS])
def test_a_bomb_is_refused_before_it_is_unpacked_into_memory(tmp_path: Path, make: Callable[[Path], None], says: str):
    path = workbook(tmp_path / "a.xlsx")
    make(path)
    assert says in refused_in_place(path, limits={"memory": 1024**3})
    for command in (["check", path], ["explain", path, "Abel"]):
        assert says in sentence_of(tierxl(*command, limits={"memory": 1024**3}))


@pytest.mark.parametrize("name", ["", 'name=""', 'name="Clients"'], ids=["none", "an empty one", "another sheet's"])
def test_a_sheet_without_a_name_of_its_own_is_refused(tmp_path: Path, name: str):
    again = f'<sheet {name} sheetId="9" r:id="rId1"/></sheets>'.encode()
    path = workbook(tmp_path / "a.xlsx", {WORKBOOK: packages.parts()[WORKBOOK].replace(b"</sheets>", again)})
    assert "a sheet has no name, or that of another" in refused_in_place(path)


# --- XML -------------------------------------------------------------------------------------------------------------

DOCUMENT_TYPES = {
    "billion laughs": b'<!DOCTYPE x [<!ENTITY a "ha">%s]>'
    % b"".join(b'<!ENTITY %c "%s">' % (at + 1, b"&%c;" % at * 10) for at in range(ord("a"), ord("j"))),
    "a file": b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
    "an address": b'<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">',
    "a parameter": b'<!DOCTYPE x [<!ENTITY % a SYSTEM "http://127.0.0.1:9/x.dtd"> %a;]>',
    "an empty one": b"<!DOCTYPE x>",
}


@pytest.mark.parametrize("kind", DOCUMENT_TYPES)
@pytest.mark.parametrize("name", [SHEET, STRINGS, WORKBOOK, STYLES, WORKBOOK_RELATIONSHIPS, ROOT, CONTENT_TYPES])
def test_a_document_type_is_refused_in_every_part(tmp_path: Path, name: str, kind: str):
    part = packages.parts()[name]
    start = part.index(b"?>") + 2
    text = part[start:].replace(b"Abel", b"&a;").replace(b"mine", b"&a;").replace(b"Calibri", b"&a;")
    path = workbook(tmp_path / "a.xlsx", {name: part[:start] + DOCUMENT_TYPES[kind] + text})
    assert f"its part {name} has a document type (DOCTYPE)" in refused_in_place(path)


def test_a_document_type_is_found_in_any_encoding(tmp_path: Path):
    part = packages.parts()[SHEET].decode().replace("UTF-8", "UTF-16").replace("?>", "?><!DOCTYPE x>", 1)
    path = workbook(tmp_path / "a.xlsx", {SHEET: part.encode("utf-16")})
    assert f"its part {SHEET} has a document type (DOCTYPE)" in refused_in_place(path)


def test_the_words_of_a_document_type_in_a_cell_are_a_text(tmp_path: Path):
    path = workbook(tmp_path / "a.xlsx", {SHEET: sheet(HEADER, *CLIENTS).replace(b"Abel", b"&lt;!DOCTYPE x&gt;")})
    graded_in_place(path)
    assert "<!DOCTYPE x> (row 2)" in tierxl("explain", path, "<!DOCTYPE x>").out
