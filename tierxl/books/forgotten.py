"""What openpyxl forgets of a workbook and a graded one needs again: which formulas spill, and the ribbon's buttons."""

import re
import zipfile
from collections.abc import Mapping
from functools import partial
from pathlib import Path

Parts = dict[str, bytes]

METADATA = "xl/metadata.xml"
_METADATA_KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sheetMetadata"
_METADATA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheetMetadata+xml"
_SPILLS = re.compile(rb'<c\b(?=[^>]*\br="([A-Z]+[0-9]+)")[^>]*\bcm="([0-9]+)"')
_ARRAY_FORMULA = re.compile(rb'<c r="([A-Z]+[0-9]+)"([^>]*)>(?=<f\b[^>]*\bt="array")')
_RIBBON = re.compile(rb'<Relationship\b(?=[^>]*relationships/ui/extensibility")[^>]*/>')


class Forgotten:
    """What a workbook on the disk has that openpyxl does not know."""

    def __init__(self, path: Path, sheets: Mapping[str, str]) -> None:
        """Look into a workbook.

        Args:
            path: the file.
            sheets: the part of each sheet, by its title.
        """
        with zipfile.ZipFile(path) as package:
            names = set(package.namelist())
            self._metadata = package.read(METADATA) if METADATA in names else b""
            self._spills = (
                {title: dict(_SPILLS.findall(package.read(part))) for title, part in sheets.items() if part in names}
                if self._metadata
                else {}
            )
            self._ribbons = _RIBBON.findall(package.read("_rels/.rels"))

    def put_back(self, parts: Parts, sheets: Mapping[str, str]) -> None:
        """Put it back into the parts of a workbook that openpyxl wrote; ``sheets`` are its parts by title."""
        kept = {sheets[title]: cells for title, cells in self._spills.items() if cells and title in sheets}
        for part, cells in kept.items():
            parts[part] = _ARRAY_FORMULA.sub(partial(_spilling, cells=cells), parts[part])
        if kept:
            parts[METADATA] = self._metadata
            declared = b'<Override PartName="/%s" ContentType="%s"/>' % (METADATA.encode(), _METADATA_TYPE.encode())
            parts["[Content_Types].xml"] = _before_end(parts["[Content_Types].xml"], declared)
            related = b'<Relationship Id="tierxlMetadata" Type="%s" Target="/%s"/>'
            named = related % (_METADATA_KIND.encode(), METADATA.encode())
            parts["xl/_rels/workbook.xml.rels"] = _before_end(parts["xl/_rels/workbook.xml.rels"], named)
        for number, ribbon in enumerate(self._ribbons):
            target = re.search(rb'Target="/?([^"]+)"', ribbon)
            if target and target[1].decode() in parts and target[1] not in parts["_rels/.rels"]:
                free = re.sub(rb'\bId="[^"]*"', b'Id="tierxlRibbon%d"' % number, ribbon)
                parts["_rels/.rels"] = _before_end(parts["_rels/.rels"], free)


def _spilling(cell: re.Match[bytes], cells: Mapping[bytes, bytes]) -> bytes:
    return b'<c r="%s" cm="%s"%s>' % (cell[1], cells[cell[1]], cell[2]) if cell[1] in cells else cell[0]


def _before_end(part: bytes, added: bytes) -> bytes:
    """An XML part with an element more at its end."""
    start, end, rest = part.rpartition(b"</")
    return start + added + end + rest
