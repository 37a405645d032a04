"""Workbooks as Excel stores a function of an add-in: [1]!TIER_RATING(…), and a link to the file of the add-in."""

from collections.abc import Mapping
from pathlib import Path

from tests.files import CLIENTS, FIRST_SHEET, package, parts_of, workbook

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
START_UP = "http://schemas.microsoft.com/office/2006/relationships/xlExternalLinkPath/xlStartup"
MISSING = "http://schemas.microsoft.com/office/2006/relationships/xlExternalLinkPath/xlPathMissing"
ELSEWHERE = f"{OFFICE}/externalLinkPath"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINK = "application/vnd.openxmlformats-officedocument.spreadsheetml.externalLink+xml"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"

LINKS = {
    "in the start-up folder": (START_UP, "Client%20Tiers.xlam"),
    "at Bob's": (ELSEWHERE, r"file:///C:\Users\Bob\AppData\Roaming\Microsoft\Excel\XLSTART\Client%20Tiers.xlam"),
    "on a share": (ELSEWHERE, r"file:///\\server\add-ins\Client%20Tiers.xlam"),
    "nowhere": (MISSING, "Client%20Tiers.xlam"),
}
"""How Excel notes where the add-in was: in its start-up folder, at a path, or by the name alone."""
FORMULA, VALUE = '[1]!TIER_RATING("High","Low","High","Medium","Low")', "A"
CELL = "H2"


def linked_workbook(path: Path, *links: tuple[str, str]) -> Path:
    """A workbook of three clients, with links, and right of the clients a formula with a function of the first one."""
    parts = parts_of(workbook(path, CLIENTS, change=lambda _, page: page.__setitem__(CELL, VALUE)))
    names: dict[str, bytes] = {}
    for number, (kind, target) in enumerate(links, 1):
        names[f"xl/externalLinks/externalLink{number}.xml"] = (
            f'<externalLink xmlns="{_MAIN}"><externalBook xmlns:r="{OFFICE}" r:id="rId1"><sheetNames>'
            '<sheetName val="xlwings.conf"/></sheetNames><definedNames><definedName name="TIER_RATING"/></definedNames>'
            "</externalBook></externalLink>"
        ).encode()
        names[f"xl/externalLinks/_rels/externalLink{number}.xml.rels"] = (
            f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="rId1" Type="{kind}" Target="{target}" '
            'TargetMode="External"/></Relationships>'
        ).encode()
    count = range(1, len(links) + 1)
    references = "".join(f'<externalReference xmlns:r="{OFFICE}" r:id="rIdLink{at}"/>' for at in count)
    relations = "".join(
        f'<Relationship Id="rIdLink{at}" Type="{OFFICE}/externalLink" Target="externalLinks/externalLink{at}.xml"/>'
        for at in count
    )
    types = "".join(
        f'<Override PartName="/xl/externalLinks/externalLink{at}.xml" ContentType="{_LINK}"/>' for at in count
    )
    cell = f'<c r="{CELL}" t="str"><f>{FORMULA.replace(chr(34), "&quot;")}</f><v>{VALUE}</v></c>'
    changed = {
        "xl/workbook.xml": ("</sheets>", f"</sheets><externalReferences>{references}</externalReferences>"),
        "xl/_rels/workbook.xml.rels": ("</Relationships>", f"{relations}</Relationships>"),
        "[Content_Types].xml": ("</Types>", f"{types}</Types>"),
    }
    return package(
        path, parts | names | _replaced(parts, changed) | {FIRST_SHEET: _with_cell(parts[FIRST_SHEET], cell)}
    )


def _replaced(parts: Mapping[str, bytes], changed: Mapping[str, tuple[str, str]]) -> dict[str, bytes]:
    for name, (before, _) in changed.items():
        assert parts[name].count(before.encode()) == 1
    return {name: parts[name].replace(old.encode(), new.encode()) for name, (old, new) in changed.items()}


def _with_cell(sheet: bytes, cell: str) -> bytes:
    start = sheet.index(b'<c r="%s"' % CELL.encode())
    end = sheet.index(b"</c>", start) + len(b"</c>")
    return sheet[:start] + cell.encode() + sheet[end:]
