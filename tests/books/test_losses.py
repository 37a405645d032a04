"""What a copy of a workbook cannot keep is never lost in silence."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.files import FIRST_SHEET, grade, macro_workbook, package, parts_of, workbook
from tierxl.method.issues import CannotGrade

Parts = dict[str, bytes]

DRAWING = (
    b'<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" '
    b'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    b'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
    b"<xdr:twoCellAnchor><xdr:from><xdr:col>5</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>1</xdr:row>"
    b"<xdr:rowOff>0</xdr:rowOff></xdr:from><xdr:to><xdr:col>8</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>9</xdr:row>"
    b"<xdr:rowOff>0</xdr:rowOff></xdr:to>%s<xdr:clientData/></xdr:twoCellAnchor></xdr:wsDr>"
)
SHAPE = (
    b'<xdr:sp macro="" textlink=""><xdr:nvSpPr><xdr:cNvPr id="2" name="Box"/><xdr:cNvSpPr/></xdr:nvSpPr>'
    b"<xdr:spPr/></xdr:sp>"
)
FRAME = (
    b'<xdr:graphicFrame macro=""><xdr:nvGraphicFramePr><xdr:cNvPr id="2" name="Frame"/><xdr:cNvGraphicFramePr/>'
    b'</xdr:nvGraphicFramePr><xdr:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/></xdr:xfrm>'
    b'<a:graphic><a:graphicData uri="%s"/></a:graphic></xdr:graphicFrame>'
)
CHOICE = b'<mc:AlternateContent><mc:Choice Requires="cx1" xmlns:cx1="x">%s</mc:Choice></mc:AlternateContent>'
NEWER_CHART = b"http://schemas.microsoft.com/office/drawing/2014/chartex"
DIAGRAM = b"http://schemas.openxmlformats.org/drawingml/2006/diagram"


def part(name: str) -> Callable[[Parts], None]:
    """A part of a package that nobody refers to: enough to be found."""
    return lambda parts: parts.update({name: b"<x/>"})


def drawing(content: bytes, *others: str) -> Callable[[Parts], None]:
    def add(parts: Parts) -> None:
        parts["xl/drawings/drawing1.xml"] = DRAWING % content
        parts["xl/worksheets/_rels/sheet1.xml.rels"] = (
            b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            b'<Relationship Id="rId1" Target="../drawings/drawing1.xml" '
            b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/drawing"/></Relationships>'
        )
        parts[FIRST_SHEET] = parts[FIRST_SHEET].replace(
            b"</worksheet>",
            b'<drawing r:id="rId1" '
            b'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"/></worksheet>',
        )
        parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(
            b"</Types>",
            b'<Override PartName="/xl/drawings/drawing1.xml" '
            b'ContentType="application/vnd.openxmlformats-officedocument.drawing+xml"/></Types>',
        )
        parts.update(dict.fromkeys(others, b"<x/>"))

    return add


def extension(content: bytes) -> Callable[[Parts], None]:
    """Something newer Excels write at the end of a sheet."""

    def add(parts: Parts) -> None:
        parts[FIRST_SHEET] = parts[FIRST_SHEET].replace(
            b"</worksheet>",
            b'<extLst><ext uri="{1}" xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main" '
            b'xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main">%s</ext></extLst></worksheet>' % content,
        )

    return add


LOSSES = [
    pytest.param(part("xl/pivotTables/pivotTable1.xml"), "pivot tables", id="pivot table"),
    pytest.param(part("xl/slicers/slicer1.xml"), "slicers", id="slicer"),
    pytest.param(part("xl/timelines/timeline1.xml"), "timelines", id="timeline"),
    pytest.param(part("xl/threadedComments/threadedComment1.xml"), "threaded comments", id="threaded comment"),
    pytest.param(part("xl/ctrlProps/ctrlProp1.xml"), "buttons and other controls", id="button"),
    pytest.param(part("xl/activeX/activeX1.xml"), "buttons and other controls", id="ActiveX control"),
    pytest.param(part("xl/embeddings/oleObject1.bin"), "embedded objects", id="embedded object"),
    pytest.param(part("xl/connections.xml"), "data connections", id="data connection"),
    pytest.param(part("xl/queryTables/queryTable1.xml"), "queries", id="query"),
    pytest.param(part("xl/richData/rdrichvalue.xml"), "linked data types", id="linked data type"),
    pytest.param(part("xl/model/item.data"), "the data model", id="data model"),
    pytest.param(part("xl/media/image1.png"), "pictures", id="picture"),
    pytest.param(part("customXml/item1.xml"), "custom XML", id="custom XML"),
    pytest.param(part("_xmlsignatures/sig1.xml"), "digital signatures", id="signature"),
    pytest.param(part("docMetadata/LabelInfo.xml"), "sensitivity labels", id="sensitivity label"),
    pytest.param(drawing(SHAPE), "shapes", id="shape"),
    pytest.param(drawing(FRAME % DIAGRAM, "xl/diagrams/data1.xml"), "SmartArt", id="SmartArt"),
    pytest.param(drawing(CHOICE % (FRAME % NEWER_CHART), "xl/charts/chartEx1.xml"), "newer charts", id="newer chart"),
    pytest.param(
        extension(
            b'<x14:dataValidations count="1"><x14:dataValidation type="list" allowBlank="1"><x14:formula1>'
            b"<xm:f>Lists!$A$1:$A$3</xm:f></x14:formula1><xm:sqref>B2:B9</xm:sqref></x14:dataValidation>"
            b"</x14:dataValidations>"
        ),
        "validations",
        id="validation with a list on another sheet",
    ),
    pytest.param(
        extension(
            b"<x14:sparklineGroups><x14:sparklineGroup><x14:sparklines><x14:sparkline><xm:f>Clients!B2:C2</xm:f>"
            b"<xm:sqref>D2</xm:sqref></x14:sparkline></x14:sparklines></x14:sparklineGroup></x14:sparklineGroups>"
        ),
        "sparklines",
        id="sparkline",
    ),
]


@pytest.mark.parametrize(("add", "words"), LOSSES)
def test_grading_in_place_is_refused_where_something_would_be_lost(
    tmp_path: Path, add: Callable[[Parts], None], words: str
):
    path = workbook(tmp_path / "clients.xlsx")
    parts = parts_of(path)
    add(parts)
    before = package(path, parts).read_bytes()
    with pytest.raises(CannotGrade) as stopped:
        grade(path, path)
    sentence = str(stopped.value)
    assert sentence.startswith("clients.xlsx cannot be graded in place without losing its ")
    assert words in sentence
    assert sentence.endswith(": grade into a new file with -o, and the original stays as it is.")
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["clients.xlsx"]


def test_a_copy_says_on_the_checks_what_it_lacks_and_leaves_the_original_as_it_is(tmp_path: Path):
    path = workbook(tmp_path / "clients.xlsx")
    parts = parts_of(path)
    drawing(SHAPE)(parts)
    part("xl/pivotTables/pivotTable1.xml")(parts)
    before = package(path, parts).read_bytes()
    result = grade(path, tmp_path / "graded.xlsx")
    lacks = "the graded copy lacks pivot tables, shapes of your workbook; the original keeps them"
    assert lacks in [str(issue) for issue in result.issues]
    assert path.read_bytes() == before


def test_an_output_that_is_the_input_by_another_name_is_in_place_too(tmp_path: Path):
    path = workbook(tmp_path / "clients.xlsx")
    parts = parts_of(path)
    part("xl/media/image1.png")(parts)
    before = package(path, parts).read_bytes()
    (tmp_path / "other").mkdir()
    with pytest.raises(CannotGrade, match="in place without losing its pictures"):
        grade(path, tmp_path / "other" / ".." / "clients.xlsx")
    assert path.read_bytes() == before


def test_macros_are_no_loss_where_the_output_can_hold_them(tmp_path: Path):
    path = macro_workbook(tmp_path / "a.xlsm")
    assert [str(issue) for issue in grade(path, tmp_path / "b.xlsm").issues if "lacks" in str(issue)] == []


def test_a_plain_workbook_loses_nothing(tmp_path: Path):
    path = workbook(tmp_path / "a.xlsx")
    assert grade(path, path).issues == []
    assert grade(path, path).issues == [], "and neither does a graded one"
