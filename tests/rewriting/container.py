"""The zip file of a package, written in any of the ways that the ZIP format has."""

import struct
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from random import Random

_LOCAL, _CENTRAL, _END = b"PK\3\4", b"PK\1\2", b"PK\5\6"
_END64, _LOCATOR64, _DESCRIPTOR = b"PK\6\6", b"PK\6\7", b"PK\7\x08"
_FAR, _FAR_SHORT = 0xFFFFFFFF, 0xFFFF
_STAMP = struct.pack("<HH", 0x6000, 0x5A21)
_UTF8, _DESCRIBED_BEHIND = 0x800, 0x8


class Chances(Random):
    """Chances numbers of one rewriting.

    Attributes:
        rate: how often it happens where it can; 1 is as often as it sees fit.
    """

    def __init__(self, seed: str) -> None:
        super().__init__(seed)
        self.rate = self.choice((0.1, 1, 1, 2, 9))


def happens(random: Chances | None, share: float = 0.5) -> bool:
    """Whether something is chosen at one place."""
    return random is not None and random.random() < share * random.rate


@dataclass
class Container:
    """How a zip file is written. What is a generator of random numbers is chosen for each item, or never where None.

    Attributes:
        stored: items that are not compressed.
        levels: items that are compressed at any level.
        descriptors: items whose sizes stand behind their content.
        zip64_items: items whose sizes stand in an extra field for large files.
        zip64_end: whether the directory is announced as that of a large file.
        extra_fields: items with times of a Unix system.
        utf8_names: items whose name is said to be in UTF-8.
        folders: whether folders are items as well.
        order: items in another order.
        comment: the comment of the file.
    """

    stored: Chances | None = None
    levels: Chances | None = None
    descriptors: Chances | None = None
    zip64_items: Chances | None = None
    zip64_end: bool = False
    extra_fields: Chances | None = None
    utf8_names: Chances | None = None
    folders: bool = False
    order: Chances | None = None
    comment: bytes = b""


def zipped(parts: Mapping[str, bytes], form: Container) -> bytes:
    """A zip file with some parts."""
    items = list(parts.items())
    if form.folders:
        items = _with_folders(items)
    if form.order:
        form.order.shuffle(items)
    written = _Items()
    for name, content in items:
        _write_item(written, name, content, form)
    return bytes(written.file) + bytes(written.directory) + _end(written, form)


@dataclass
class _Items:
    file: bytearray = field(default_factory=bytearray)
    directory: bytearray = field(default_factory=bytearray)
    count: int = 0


def _with_folders(items: Iterable[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
    """Items with an item before them for each folder; folders that differ only in capitals are one."""
    folders: dict[str, str] = {}
    for name, _ in items:
        steps = name.split("/")[:-1]
        for at in range(1, len(steps) + 1):
            folder = "/".join(steps[:at]) + "/"
            folders.setdefault(folder.casefold(), folder)
    return [*((folder, b"") for folder in folders.values()), *items]


def _write_item(written: _Items, name: str, content: bytes, form: Container) -> None:
    is_stored = not content or happens(form.stored)
    packed = content if is_stored else _deflated(content, form.levels.randint(1, 9) if form.levels else 6)
    described_behind = bool(content) and not is_stored and happens(form.descriptors)
    is_zip64 = happens(form.zip64_items)
    flags = _UTF8 if happens(form.utf8_names) or not name.isascii() else 0
    flags |= _DESCRIBED_BEHIND if described_behind else 0
    sizes = struct.pack("<QQ", len(content), len(packed))
    times = struct.pack("<HHBL", 0x5455, 5, 1, 1_700_000_000) if happens(form.extra_fields) else b""
    large = struct.pack("<HH", 1, 16) + (bytes(16) if described_behind else sizes) if is_zip64 else b""
    described = (zlib.crc32(content), *((_FAR, _FAR) if is_zip64 else (len(packed), len(content))))
    there = (0, *((_FAR, _FAR) if is_zip64 else (0, 0))) if described_behind else described
    encoded, offset = name.encode(), len(written.file)
    head = struct.pack("<HHH", 45 if is_zip64 else 20, flags, 0 if is_stored else 8) + _STAMP
    extra = large + times
    written.file += _LOCAL + head + struct.pack("<LLLHH", *there, len(encoded), len(extra)) + encoded + extra + packed
    if described_behind:
        written.file += _DESCRIPTOR + struct.pack("<L", described[0])
        written.file += (
            struct.pack("<QQ", len(packed), len(content)) if is_zip64 else struct.pack("<LL", *described[1:])
        )
    large = struct.pack("<HH", 1, 24) + sizes + struct.pack("<Q", offset) if is_zip64 else b""
    extra = large + times
    written.directory += _CENTRAL + struct.pack("<H", 45) + head
    written.directory += struct.pack("<LLLHHHHHLL", *described, len(encoded), len(extra), 0, 0, 0,
                                     0x10 if name.endswith("/") else 0, _FAR if is_zip64 else offset)  # fmt: skip
    written.directory += encoded + extra
    written.count += 1


def _deflated(content: bytes, level: int) -> bytes:
    packing = zlib.compressobj(level, zlib.DEFLATED, -15)
    return packing.compress(content) + packing.flush()


def _end(written: _Items, form: Container) -> bytes:
    count, size, offset = written.count, len(written.directory), len(written.file)
    if not form.zip64_end:
        numbers = struct.pack("<HHHHLLH", 0, 0, count, count, size, offset, len(form.comment))
        return _END + numbers + form.comment
    record = _END64 + struct.pack("<QHHLLQQQQ", 44, 45, 45, 0, 0, count, count, size, offset)
    locator = _LOCATOR64 + struct.pack("<LQL", 0, offset + size, 1)
    numbers = struct.pack("<HHHHLLH", 0, 0, _FAR_SHORT, _FAR_SHORT, _FAR, _FAR, len(form.comment))
    return record + locator + _END + numbers + form.comment
