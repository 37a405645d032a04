"""The parts of a workbook's package: as one text whoever wrote them, and as the same bytes for the same parts."""

import re
import zipfile
from pathlib import Path
from xml.etree.ElementTree import canonicalize

Parts = dict[str, bytes]

CONTENT_TYPES, ROOT_RELATIONSHIPS, PROPERTIES = "[Content_Types].xml", "_rels/.rels", "docProps/core.xml"
_FIRST = (CONTENT_TYPES, ROOT_RELATIONSHIPS)
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_EMPTY = re.compile(r"<([\w:]+)((?: [^<>]*)?)></\1>")
_EARLIEST = (1980, 1, 1, 0, 0, 0)


def read_parts(path: Path) -> Parts:
    """The parts of a workbook, with XML in one form: openpyxl's own depends on the XML library that is installed."""
    with zipfile.ZipFile(path) as package:
        return {name: _in_one_form(name, package.read(name)) for name in package.namelist()}


def _in_one_form(name: str, part: bytes) -> bytes:
    if not name.endswith((".xml", ".rels")):
        return part
    return (_DECLARATION + _EMPTY.sub(r"<\1\2/>", canonicalize(part.decode()))).encode()


def write_parts(parts: Parts, path: Path) -> None:
    """Write a workbook: the order of its parts and their dates are always the same."""
    with zipfile.ZipFile(path, "w") as package:
        for name in (*_FIRST, *sorted(set(parts) - set(_FIRST))):
            info = zipfile.ZipInfo(name, _EARLIEST)
            info.create_system, info.compress_type = 0, zipfile.ZIP_DEFLATED
            package.writestr(info, parts[name], compresslevel=9)


def relate(parts: Parts, source: str, kind: str, target: str) -> str:
    """Relate a part, or the package where the source is "", to another part; the relationship's id."""
    folder, _, name = source.rpartition("/")
    place = f"{folder}/_rels/{name}.rels" if source else ROOT_RELATIONSHIPS
    relationships = parts[place]
    taken = [int(number) for number in re.findall(rb'Id="rId([0-9]+)"', relationships)]
    new = f"rId{max(taken, default=0) + 1}"
    added = f'<Relationship Id="{new}" Target="{target}" Type="{kind}"/></Relationships>'
    parts[place] = relationships.replace(b"</Relationships>", added.encode())
    return new


def declare(parts: Parts, name: str, content_type: str) -> None:
    """Say of what type a part is."""
    override = f'<Override ContentType="{content_type}" PartName="/{name}"/></Types>'
    parts[CONTENT_TYPES] = parts[CONTENT_TYPES].replace(b"</Types>", override.encode())


def change(parts: Parts, name: str, pattern: bytes, replacement: bytes) -> None:
    """Replace the one place of a part that has a pattern; the replacement can name its groups."""
    parts[name], found = re.subn(pattern, replacement, parts[name], count=1, flags=re.DOTALL)
    if not found:
        raise ValueError(f"{name} has nothing like {pattern!r}")
