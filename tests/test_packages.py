"""The comparison of packages takes what a grading may add, and finds every harm beside it."""

from collections.abc import Callable

import pytest

from tests import packages
from tests.corpus import FOLDER
from tests.packages import CONTENT_TYPES, Package, Place, replaced

Parts = dict[str, bytes]

BEFORE = Package(FOLDER / "by-hand-365.xlsx")
PLACE = Place("Clients", 1, 25, frozenset({14}))
SHEET, TABLE, STYLES = "xl/worksheets/sheet1.xml", "xl/tables/table1.xml", "xl/styles.xml"
WORKBOOK, RELATIONSHIPS, NEW = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/worksheets/sheet4.xml"
RELATED = (
    b'<Relationship Id="rId99" Target="worksheets/sheet4.xml" '
    b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"/></Relationships>'
)
THREE_COLUMNS = rb'<col min="13" max="13"\1/><col min="14" max="14" width="11"/><col min="15" max="16384"\1/>'
LIVE_COLOUR = (
    b'<conditionalFormatting sqref="N2:N1048576"><cfRule type="cellIs" dxfId="2" priority="9" operator="equal">'
    b'<formula>"A"</formula></cfRule></conditionalFormatting>'
)


def change(parts: Parts, name: str, *changes: tuple[bytes, bytes]) -> None:
    for pattern, replacement in changes:
        parts[name] = replaced(parts[name], pattern, lambda found, new=replacement: found.expand(new))


def with_a_graded_column() -> Parts:
    """The workbook with one graded column and one sheet of ours, added by hand."""
    parts = dict(BEFORE.parts)
    for row in range(1, 26):
        graded = b'<c r="N%d" s="6" t="inlineStr"><is><t>A</t></is></c></row>' % row
        change(parts, SHEET, (rb'(<row r="%d" (?:(?!</row>).)*)</row>' % row, rb"\1" + graded))
    change(
        parts,
        SHEET,
        (rb'ref="A1:M29"', b'ref="A1:N29"'),
        (rb'<col min="13" max="16384"([^>]*)/>', THREE_COLUMNS),
        (rb"(<dataValidations )", LIVE_COLOUR + rb"\1"),
    )
    change(
        parts,
        TABLE,
        (rb'ref="A1:M25"', b'ref="A1:N25"'),
        (rb'ref="A1:M25"', b'ref="A1:N25"'),
        (rb'tableColumns count="13"', b'tableColumns count="14"'),
        (rb"</tableColumns>", b'<tableColumn id="14" name="Tier"/></tableColumns>'),
    )
    change(
        parts,
        STYLES,
        (rb'cellXfs count="6"', b'cellXfs count="7"'),
        (rb'dxfs count="2"', b'dxfs count="3"'),
        (rb"</cellXfs>", b'<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0"/></cellXfs>'),
        (rb"</dxfs>", b"<dxf><font><b/></font></dxf></dxfs>"),
    )
    change(
        parts,
        WORKBOOK,
        (rb"</sheets>", b'<sheet name="Portfolio" sheetId="4" r:id="rId99"/></sheets>'),
        (
            rb"</definedNames>",
            b'<definedName name="_tierxl" localSheetId="3" hidden="1">"x"</definedName></definedNames>',
        ),
    )
    change(parts, RELATIONSHIPS, (rb"</Relationships>", RELATED))
    kind = BEFORE.content_type(SHEET)
    assert kind
    override = b'<Override PartName="/%s" ContentType="%s"/></Types>' % (NEW.encode(), kind.encode())
    change(parts, CONTENT_TYPES, (rb"</Types>", override))
    parts[NEW] = b'<worksheet xmlns="%s"><sheetData/></worksheet>' % packages.MAIN[1:-1].encode()
    return parts


def harms(after: Package) -> list[str]:
    """The names of the comparisons that find something."""
    found = {
        "parts": packages.changed_parts(BEFORE, after, PLACE),
        "additions": packages.unsound_additions(BEFORE, after),
        "relationships": packages.changed_relationships(BEFORE, after, PLACE),
        "types": packages.changed_content_types(BEFORE, after),
        "namespaces": packages.changed_namespaces(BEFORE, after, PLACE),
        "workbook": packages.changed_workbook(BEFORE, after, PLACE),
        "styles": packages.changed_styles(BEFORE, after),
        "cells": packages.changed_cells(BEFORE, after, PLACE),
        "order": packages.unsorted_cells(after, PLACE),
        "rows": packages.changed_rows(BEFORE, after, PLACE),
        "sheet": packages.changed_sheet(BEFORE, after, PLACE),
        "table": packages.changed_table(BEFORE, after, PLACE),
    }
    return [name for name, sentences in found.items() if sentences]


def test_what_a_grading_adds_is_no_harm():
    assert harms(Package(with_a_graded_column())) == []
    assert packages.covered_sparklines(BEFORE, PLACE) == []


def test_a_workbook_that_nobody_touched_is_unharmed():
    assert harms(Package(BEFORE.parts)) == []


def edited(name: str, pattern: bytes, replacement: bytes) -> Callable[[Parts], None]:
    return lambda parts: change(parts, name, (pattern, replacement))


def part_gone(parts: Parts) -> None:
    del parts["xl/persons/person.xml"]


def part_in_capitals(parts: Parts) -> None:
    parts["xl/TABLES/table1.xml"] = parts[TABLE]


HARMS = [
    pytest.param("parts", edited("xl/calcChain.xml", b'<c r="M3"[^>]*>', b""), id="a shorter chain of calculation"),
    pytest.param("parts", edited("docProps/app.xml", b"16.0300", b"16.0301"), id="other properties"),
    pytest.param("parts", part_gone, id="a part is gone"),
    pytest.param("additions", part_in_capitals, id="two parts of one name"),
    pytest.param(
        "additions", edited(RELATIONSHIPS, b'<Relationship Id="rId99"[^>]*>', b""), id="a part that nothing leads to"
    ),
    pytest.param(
        "additions",
        edited(CONTENT_TYPES, rb'(PartName="/xl/metadata.xml" ContentType=")[^"]*', rb"\1text/xml"),
        id="another type",
    ),
    pytest.param(
        "relationships", edited(RELATIONSHIPS, b'Target="metadata.xml"', b'Target="calcChain.xml"'), id="another target"
    ),
    pytest.param("relationships", edited(RELATIONSHIPS, b'Id="rId99"', b'Id="rId1"'), id="two relationships of one id"),
    pytest.param("relationships", edited(RELATIONSHIPS, b"sheet4.xml", b"sheet9.xml"), id="a target that is not there"),
    pytest.param("types", edited(CONTENT_TYPES, b'<Default Extension="dat"[^>]*>', b""), id="a lost content type"),
    pytest.param(
        "types",
        edited(CONTENT_TYPES, b"</Types>", b'<Default Extension="DAT" ContentType="x/y"/></Types>'),
        id="a type twice",
    ),
    pytest.param("namespaces", edited(SHEET, rb' xmlns:xr3="[^"]*"', b""), id="a prefix that mc:Ignorable names"),
    pytest.param("workbook", edited(WORKBOOK, b'<ext uri="{6E7A.*?</ext>', b""), id="an unknown extension"),
    pytest.param("workbook", edited(WORKBOOK, rb"<mc:Alt.*</mc:AlternateContent>", b""), id="an alternate content"),
    pytest.param(
        "workbook", edited(WORKBOOK, b'name="Rate" comment="[^"]*"', b'name="Rate"'), id="the comment of a name"
    ),
    pytest.param(
        "workbook", edited(WORKBOOK, b"(<calcPr [^>]*)/>", rb'\1 fullCalcOnLoad="1"/>'), id="a calculation on opening"
    ),
    pytest.param("workbook", edited(WORKBOOK, b'sheetId="4"', b'sheetId="3"'), id="two sheets of one number"),
    pytest.param(
        "workbook", edited(WORKBOOK, b"(<sheet [^>]*>)(<sheet [^>]*>)", rb"\2\1"), id="sheets in another order"
    ),
    pytest.param("styles", edited(STYLES, b"<strike/>", b""), id="another font"),
    pytest.param("styles", edited(STYLES, b"(<cellXfs [^>]*>)(<xf [^>]*>)", rb"\1\2\2"), id="a style in between"),
    pytest.param("styles", edited(STYLES, b'cellXfs count="7"', b'cellXfs count="6"'), id="a wrong count"),
    pytest.param("styles", edited(STYLES, b"<x14:slicerStyles[^>]*>", b""), id="a lost extension of the styles"),
    pytest.param("cells", edited(SHEET, rb'(<c r="M3" s="2"><f>)', rb"\g<1>0+"), id="another formula"),
    pytest.param(
        "cells", edited(SHEET, rb'(<c r="E4" s="2">)<v>[^<]*', rb"\1<v>96400.0"), id="a number in other digits"
    ),
    pytest.param("cells", edited(SHEET, rb' vm="1"', b""), id="the metadata of a cell"),
    pytest.param("cells", edited(SHEET, rb'(<c r="E4") s="2"', rb'\1 s="3"'), id="another style"),
    pytest.param("cells", edited(SHEET, rb'(<row r="27"[^>]*>)', rb'\1<c r="A27"><v>1</v></c>'), id="a cell more"),
    pytest.param(
        "order", edited(SHEET, rb'(<row r="9"[^>]*>)(.*?)(<c r="N9".*?</c>)', rb"\1\3\2"), id="cells out of order"
    ),
    pytest.param(
        "rows", edited(SHEET, b' ht="44.25" customHeight="1"', b' ht="90" customHeight="1"'), id="another height"
    ),
    pytest.param("rows", edited(SHEET, b' thickBot="1"', b""), id="an attribute of a row"),
    pytest.param("sheet", edited(SHEET, rb"<cellWatches>.*</cellWatches>", b""), id="something that is rare"),
    pytest.param("sheet", edited(SHEET, rb'<ext uri="{9B4D.*?</ext>', b""), id="an unknown extension of the sheet"),
    pytest.param("sheet", edited(SHEET, rb'priority="2"', b'priority="4"'), id="the priority of a live format"),
    pytest.param(
        "sheet", edited(SHEET, b'sqref="N2:N1048576"', b'sqref="M2:N1048576"'), id="a live format on the user's cells"
    ),
    pytest.param("sheet", edited(SHEET, b'<col min="15" max="16384"[^>]*>', b""), id="the look of other columns"),
    pytest.param("sheet", edited(SHEET, b'<col min="14"', b'<col min="13"'), id="columns that overlap"),
    pytest.param("sheet", edited(SHEET, b'topLeftCell="C2"', b'topLeftCell="C9"'), id="another view"),
    pytest.param("sheet", edited(SHEET, b'ref="A1:N29"', b'ref="A1:M29"'), id="too small a dimension"),
    pytest.param(
        "sheet",
        edited(SHEET, rb"(<pageSetup [^>]*>)(<headerFooter.*</headerFooter>)", rb"\2\1"),
        id="elements out of order",
    ),
    pytest.param(
        "sheet",
        edited(SHEET, b"</dataValidations>", b'<dataValidation type="list" sqref="H2:H1048576"/></dataValidations>'),
        id="a list over a validation in an extension",
    ),
    pytest.param("table", edited(TABLE, rb"<extLst>.*</extLst>", b""), id="the text of a table"),
    pytest.param("table", edited(TABLE, rb'(id="3") xr3:uid="[^"]*"', rb"\1"), id="the uid of a column"),
    pytest.param(
        "table", edited(TABLE, b"<calculatedColumnFormula>.*</calculatedColumnFormula>", b""), id="a column's formula"
    ),
]


@pytest.mark.long
@pytest.mark.parametrize(("comparison", "harm"), HARMS)
def test_harm_is_found(comparison: str, harm: Callable[[Parts], None]):
    parts = with_a_graded_column()
    harm(parts)
    assert comparison in harms(Package(parts))
