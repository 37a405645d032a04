"""What openpyxl forgets of a workbook and a graded one needs again: which formulas spill, and the ribbon's buttons."""

import re
import zipfile
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from tierxl.books.package import ROOT_RELATIONSHIPS, Parts, declare, relate

_METADATA = "xl/metadata.xml"
_METADATA_KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sheetMetadata"
_METADATA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheetMetadata+xml"
_SPILLS = re.compile(rb'<c\b(?=[^>]*\br="([A-Z]+[0-9]+)")[^>]*\bcm="([0-9]+)"')
_ARRAY_FORMULA = re.compile(rb'<c r="([A-Z]+[0-9]+)"([^>]*)>(?=<f\b[^>]*\bt="array")')
_RIBBON = re.compile(r'<Relationship\b(?=[^>]*\bType="([^"]*relationships/ui/extensibility)")[^>]*\bTarget="/?([^"]+)"')


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
            self._metadata = package.read(_METADATA) if _METADATA in names else b""
            self._spills = (
                {title: dict(_SPILLS.findall(package.read(part))) for title, part in sheets.items() if part in names}
                if self._metadata
                else {}
            )
            self._ribbons = _RIBBON.findall(package.read(ROOT_RELATIONSHIPS).decode())

    def put_back(self, parts: Parts, sheets: Mapping[str, str]) -> None:
        """Put it back into the parts of a workbook that openpyxl wrote; ``sheets`` are its parts by title."""
        kept = {sheets[title]: cells for title, cells in self._spills.items() if cells and title in sheets}
        for part, cells in kept.items():
            parts[part] = _ARRAY_FORMULA.sub(partial(_spilling, cells=cells), parts[part])
        if kept:
            add_metadata(parts, self._metadata)
        for kind, target in self._ribbons:
            if target in parts and target.encode() not in parts[ROOT_RELATIONSHIPS]:
                relate(parts, "", kind, target)


def add_metadata(parts: Parts, metadata: bytes) -> None:
    """Add the part that cells of formulas that spill point to."""
    parts[_METADATA] = metadata
    declare(parts, _METADATA, _METADATA_TYPE)
    relate(parts, "xl/workbook.xml", _METADATA_KIND, f"/{_METADATA}")


def _spilling(cell: re.Match[bytes], cells: Mapping[bytes, bytes]) -> bytes:
    return b'<c r="%s" cm="%s"%s>' % (cell[1], cells[cell[1]], cell[2]) if cell[1] in cells else cell[0]
