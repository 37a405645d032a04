"""The button on the Clients sheet, for those who do not look at ribbons."""

from xml.sax.saxutils import escape

from lxml import etree

from tierxl.sheets.styles import STYLES
from tierxl.template.clients_sheet import BUTTON_ROW
from tierxl.template.shipped import Parts
from tierxl.workbooks.ooxml.package import CONTENT_TYPES, MAIN, RELATED, declare, relate, relationships_of
from tierxl.workbooks.ooxml.sheet_writer import FONT

LABEL, MACRO = "Grade clients", "TierxlGradeClientsButton"
_CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.drawing+xml"
_STYLE = STYLES["tier-a"]
_POINT = 12_700
"""Drawings measure in so many units a point."""

_DRAWING = f"""\
<xdr:wsDr xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" \
xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing">\
<xdr:oneCellAnchor>\
<xdr:from><xdr:col>0</xdr:col><xdr:colOff>{4 * _POINT}</xdr:colOff>\
<xdr:row>{BUTTON_ROW - 1}</xdr:row><xdr:rowOff>{4 * _POINT}</xdr:rowOff></xdr:from>\
<xdr:ext cx="{130 * _POINT}" cy="{26 * _POINT}"/>\
<xdr:sp macro="[0]!{MACRO}" textlink="">\
<xdr:nvSpPr><xdr:cNvPr id="2" name="{escape(LABEL)}" descr="Button: {escape(LABEL)}"/><xdr:cNvSpPr/></xdr:nvSpPr>\
<xdr:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{130 * _POINT}" cy="{26 * _POINT}"/></a:xfrm>\
<a:prstGeom prst="roundRect"><a:avLst/></a:prstGeom>\
<a:solidFill><a:srgbClr val="{_STYLE.fill}"/></a:solidFill><a:ln><a:noFill/></a:ln></xdr:spPr>\
<xdr:txBody><a:bodyPr vertOverflow="clip" horzOverflow="clip" lIns="0" tIns="0" rIns="0" bIns="0" rtlCol="0" \
anchor="ctr"/><a:lstStyle/>\
<a:p><a:pPr algn="ctr"/><a:r><a:rPr lang="en-GB" sz="1200" b="1"><a:solidFill><a:srgbClr val="{_STYLE.colour}"/>\
</a:solidFill><a:latin typeface="{FONT}"/></a:rPr><a:t>{escape(LABEL)}</a:t></a:r></a:p></xdr:txBody>\
</xdr:sp><xdr:clientData fPrintsWithSheet="0"/>\
</xdr:oneCellAnchor></xdr:wsDr>"""


def add_button(parts: Parts, sheet: str) -> None:
    """Draw the button on a sheet that has a table and no drawing yet.

    Args:
        parts: the parts of the workbook.
        sheet: the sheet's part.
    """
    number = 1 + sum(name.startswith("xl/drawings/drawing") for name in parts)
    drawing = f"xl/drawings/drawing{number}.xml"
    parts[drawing] = etree.fromstring(_DRAWING)
    declare(parts[CONTENT_TYPES], drawing, _CONTENT_TYPE)
    number_of_relationship = relate(parts[relationships_of(sheet)], "drawing", drawing)
    drawn = etree.Element(
        f"{{{MAIN}}}drawing", {f"{{{RELATED}}}id": number_of_relationship}, nsmap={None: MAIN, "r": RELATED}
    )
    parts[sheet].find(f"{{{MAIN}}}tableParts").addprevious(drawn)
