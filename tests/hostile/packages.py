"""Workbooks as raw parts, so that a test can write into them what no spreadsheet program would."""

import zipfile
from pathlib import Path

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
DECLARATION = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"
WORKBOOK = "xl/workbook.xml"
WORKBOOK_RELATIONSHIPS = "xl/_rels/workbook.xml.rels"
STYLES = "xl/styles.xml"
CONTENT_TYPES = "[Content_Types].xml"
ROOT = "_rels/.rels"

Parts = dict[str, bytes]


def text(address: str, value: str) -> bytes:
    return f'<c r="{address}" t="inlineStr"><is><t xml:space="preserve">{value}</t></is></c>'.encode()


def number(address: str, value: object, style: int = 0) -> bytes:
    return f'<c r="{address}" s="{style}"><v>{value}</v></c>'.encode()


def row(at: object, *cells: bytes) -> bytes:
    return f'<row r="{at}">'.encode() + b"".join(cells) + b"</row>"


HEADER = row(1, text("A1", "Client"), text("B1", "Revenue"), text("C1", "Client since"), text("D1", "Notes"))
CLIENTS = (
    row(2, text("A2", "Abel"), number("B2", 300), number("C2", 43831, 1), b'<c r="D2" t="s"><v>0</v></c>'),
    row(3, text("A3", "Baker"), number("B3", 200)),
    row(4, text("A4", "Cohen"), number("B4", 100)),
)


def sheet(*rows: bytes, behind: bytes = b"") -> bytes:
    return (
        DECLARATION
        + f'<worksheet xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheetData>'.encode()
        + b"".join(rows)
        + b"</sheetData>"
        + behind
        + b"</worksheet>"
    )


def relationships(*related: tuple[str, str, str]) -> bytes:
    """Relationships: the kind, the target, and any more attributes."""
    lines = "".join(
        f'<Relationship Id="rId{at}" Type="{OFFICE}/{kind}" Target="{target}"{more}/>'
        for at, (kind, target, more) in enumerate(related, 1)
    )
    return DECLARATION + f'<Relationships xmlns="{PACKAGE}/relationships">{lines}</Relationships>'.encode()


_SHEETML = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def parts() -> Parts:
    """A small workbook with a list of clients."""
    return {
        CONTENT_TYPES: DECLARATION
        + (
            f'<Types xmlns="{PACKAGE}/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_SHEETML}.sheet.main+xml"/>'
            f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_SHEETML}.worksheet+xml"/>'
            f'<Override PartName="/xl/styles.xml" ContentType="{_SHEETML}.styles+xml"/>'
            f'<Override PartName="/xl/sharedStrings.xml" ContentType="{_SHEETML}.sharedStrings+xml"/>'
            "</Types>"
        ).encode(),
        ROOT: relationships(("officeDocument", "xl/workbook.xml", "")),
        WORKBOOK: DECLARATION
        + (
            f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets><sheet name="Clients" sheetId="1" r:id="rId1"/>'
            "</sheets></workbook>"
        ).encode(),
        WORKBOOK_RELATIONSHIPS: relationships(
            ("worksheet", "worksheets/sheet1.xml", ""), ("styles", "styles.xml", ""),
            ("sharedStrings", "sharedStrings.xml", ""),
        ),
        STYLES: DECLARATION
        + (
            f'<styleSheet xmlns="{MAIN}"><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
            '<fills count="2"><fill><patternFill patternType="none"/></fill>'
            '<fill><patternFill patternType="gray125"/></fill></fills>'
            '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
            '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
            '<cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
            '<xf numFmtId="14" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>'
            '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
        ).encode(),
        STRINGS: DECLARATION + f'<sst xmlns="{MAIN}" count="1" uniqueCount="1"><si><t>mine</t></si></sst>'.encode(),
        SHEET: sheet(HEADER, *CLIENTS),
    }  # fmt: skip


def workbook(path: Path, changed: Parts | None = None) -> Path:
    """A small workbook with some of its parts changed or added."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in (parts() | (changed or {})).items():
            package.writestr(name, part)
    return path
