"""The formulas of the Live tiers sheet: they spill, and carry what they come to for those who cannot calculate it."""

from collections.abc import Mapping
from importlib.resources import files

from lxml import etree
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.worksheet import Worksheet

from tierxl.sheets.clients import TABLE
from tierxl.sheets.description import Area, Table
from tierxl.sheets.live_tiers import CLIENT_COLUMN, GRADES_COLUMN, HEADER_ROW
from tierxl.template.shipped import Parts
from tierxl.workbooks.ooxml.cell_range import reference
from tierxl.workbooks.ooxml.package import CONTENT_TYPES, MAIN, declare, relate, relationships_of

_CLIENT = f"{TABLE}[[#All],[Client]]"
NAMES = f'{_CLIENT}&""'
"""The names of the clients; Excel would show a blank one as 0."""

GRADES = f"TIER_TABLE({TABLE}[#All])"
REASONS = f'TIER_TABLE({TABLE}[#All],"Why")'
"""The sentences, which Excel takes in full where no numbers stand among them."""

_METADATA_PART = "xl/metadata.xml"
_METADATA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheetMetadata+xml"


def write_formulas(sheet: Worksheet, live: Table) -> dict[str, str]:
    """The cells of the formulas with their first values; the painted grades stay as what the formulas come to.

    Args:
        sheet: the sheet with the grades.
        live: its table.
    """
    spills = {}
    for row in sheet.iter_rows(HEADER_ROW, live.area.bottom, CLIENT_COLUMN, live.area.right):
        for cell in row:
            if cell.data_type == "s":
                cell.data_type = "str"  # the text of a formula, not one that was typed
    last = live.area.right
    for formula, left, right in (
        (NAMES, CLIENT_COLUMN, CLIENT_COLUMN),
        (GRADES, GRADES_COLUMN, last - 1),
        (REASONS, last, last),
    ):
        cell = f"{get_column_letter(left)}{HEADER_ROW}"
        spills[cell] = live.headers[left - CLIENT_COLUMN]
        sheet[cell] = ArrayFormula(reference(Area(HEADER_ROW, left, live.area.bottom, right)), f"={formula}")
    return spills


def make_dynamic(parts: Parts, sheet: str, spills: Mapping[str, str]) -> None:
    """Let the formulas of a sheet spill as far as they need, instead of into a fixed area."""
    parts[_METADATA_PART] = etree.fromstring(
        (files("tierxl.template") / "metadata.xml").read_bytes(), etree.XMLParser(remove_blank_text=True)
    )
    declare(parts[CONTENT_TYPES], _METADATA_PART, _METADATA_TYPE)
    relate(parts[relationships_of("xl/workbook.xml")], "sheetMetadata", _METADATA_PART)
    for place, first in spills.items():
        cell = parts[sheet].find(f".//{{{MAIN}}}c[@r='{place}']")
        cell.attrib.update({"cm": "1", "t": "str"})
        cell.find(f"{{{MAIN}}}v").text = first
