"""The button on the Clients sheet, for those who do not look at ribbons."""

from lxml import etree

from tierxl.sheets.styles import FONT, STYLES
from tierxl.template.clients_sheet import BUTTON_ROW
from tierxl.template.shipped import Parts
from tierxl.workbooks.ooxml.package import CONTENT_TYPES, MAIN, RELATED, declare, relate, relationships_of
from tierxl.workbooks.shipped import rendered

LABEL, MACRO = "Grade clients", "TierxlGradeClientsButton"
_CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.drawing+xml"
_POINT = 12_700
"""Drawings measure in so many units a point."""


def add_button(parts: Parts, sheet: str) -> None:
    """Draw the button on a sheet that has a table and no drawing yet.

    Args:
        parts: the parts of the workbook.
        sheet: the sheet's part.
    """
    number = 1 + sum(name.startswith("xl/drawings/drawing") for name in parts)
    drawing = f"xl/drawings/drawing{number}.xml"
    look = {"style": STYLES["tier-a"], "font": FONT, "point": _POINT}
    xml = rendered("tierxl.template", "button.xml.j2", label=LABEL, macro=MACRO, row=BUTTON_ROW, **look)
    parts[drawing] = etree.fromstring(xml, etree.XMLParser(remove_blank_text=True))
    declare(parts[CONTENT_TYPES], drawing, _CONTENT_TYPE)
    number_of_relationship = relate(parts[relationships_of(sheet)], "drawing", drawing)
    drawn = etree.Element(
        f"{{{MAIN}}}drawing", {f"{{{RELATED}}}id": number_of_relationship}, nsmap={None: MAIN, "r": RELATED}
    )
    parts[sheet].find(f"{{{MAIN}}}tableParts").addprevious(drawn)
