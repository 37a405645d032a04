"""The VBA project as a program writes it that has compiled none of it: Microsoft's specification MS-OVBA."""

import struct
from collections.abc import Iterator

from pyopenvba.cfb import CFB
from pyopenvba.vba import compress, decompress

PART = "xl/vbaProject.bin"
"""The part of a workbook that holds the project."""

_STORAGE, _NOTHING_COMPILED = "VBA", bytes.fromhex("CC61FFFF000000")
"""Section 2.3.4.1: the version of whoever writes is 0xFFFF, and no performance cache follows."""
_VERSION, _STREAM_NAME, _OFFSET, _END = 0x0009, 0x0032, 0x0031, 0x0010
"""Records of section 2.3.4.2; the first of them is longer than it says."""
_COOKIES, _COOKIE = (0x0013, 0x002C), b"\xff\xff"
"""Records of the project and of each module, and what whoever writes puts into them."""


def without_compiled_code(project: bytes) -> bytes:
    """A VBA project whose modules are their texts alone, which Excel compiles as it opens the workbook.

    Compiled code that the text beside it does not fit would be run by the one version of VBA that it was made by.
    """
    file = CFB.from_bytes(project)
    directory = bytearray(decompress(file.get_stream_in_storage(_STORAGE, "dir")))
    stream = ""
    for kind, at, size in list(_records(directory)):
        if kind == _STREAM_NAME:
            stream = directory[at : at + size].decode("utf-16-le")
        elif kind == _OFFSET:
            offset = int.from_bytes(directory[at : at + size], "little")
            file.write_stream_in_storage(_STORAGE, stream, file.get_stream_in_storage(_STORAGE, stream)[offset:])
            directory[at : at + size] = bytes(size)
        elif kind in _COOKIES:
            directory[at : at + size] = _COOKIE
    file.write_stream_in_storage(_STORAGE, "dir", compress(bytes(directory)))
    file.write_stream_in_storage(_STORAGE, "_VBA_PROJECT", _NOTHING_COMPILED)
    return bytes(file.to_bytes())


def _records(directory: bytearray) -> Iterator[tuple[int, int, int]]:
    """The records of the directory: kind, place and size."""
    at, kind = 0, 0
    while kind != _END:
        kind, size = struct.unpack_from("<HL", directory, at)
        at += 6
        size = 6 if kind == _VERSION else size
        yield kind, at, size
        at += size
