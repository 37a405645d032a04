"""Workbooks put together by hand, on blank ones that Excel saved: python -m tests.corpus.make.by_hand"""

import base64
import io
import re
import zipfile
from datetime import date
from xml.sax.saxutils import escape, quoteattr

from openpyxl.utils import get_column_letter

from tests.corpus.make.assembly import (
    MAIN,
    MICROSOFT,
    NAMESPACES,
    OFFICE,
    SHEETML,
    X14,
    XM,
    Assembly,
    Strings,
    cell,
    client_lines,
    excel_row,
    excel_rows,
)
from tests.corpus.make.clients import CORPUS, HEADERS, ROWS, blank, picture

LAST = len(ROWS) + 1
TABLE_TYPE = f"{SHEETML}.table+xml"
MARKUP = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
COMMENTS = ' xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
COMMENTS += 'xmlns:x="urn:schemas-microsoft-com:office:excel"'


def excel_parts(kind: str = ".xlsx") -> dict[str, str]:
    """The parts of a blank workbook that Excel saved."""
    with zipfile.ZipFile(io.BytesIO(blank(kind))) as package:
        return {name: package.read(name).decode() for name in package.namelist() if name.endswith((".xml", ".rels"))}


def excel_styles(blank_styles: str) -> str:
    """Excel's styles with a few of the user's: 1 header, 2 money, 3 day, 4 wrapped, 5 locked off and struck through."""
    fonts = (
        '<fonts count="3" x14ac:knownFonts="1"><font><sz val="11"/><color theme="1"/><name val="Aptos Narrow"/>'
        '<family val="2"/><scheme val="minor"/></font><font><b/><sz val="11"/><color theme="0"/>'
        '<name val="Aptos Narrow"/><family val="2"/><scheme val="minor"/></font><font><strike/><sz val="9"/>'
        '<color rgb="FF7F7F7F"/><name val="Georgia"/><family val="1"/></font></fonts>'
    )
    fills = (
        '<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
        '<fill><gradientFill degree="90"><stop position="0"><color theme="4"/></stop><stop position="1">'
        '<color theme="4" tint="-0.25"/></stop></gradientFill></fill></fills>'
    )
    formats = (
        '<cellXfs count="6"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
        '<xf numFmtId="0" fontId="1" fillId="2" borderId="0" xfId="0" applyFont="1" applyFill="1"/>'
        '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
        '<xf numFmtId="14" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
        '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" applyAlignment="1">'
        '<alignment vertical="top" wrapText="1"/></xf><xf numFmtId="49" fontId="2" fillId="0" borderId="0" xfId="0" '
        'quotePrefix="1" applyNumberFormat="1" applyFont="1" applyProtection="1"><protection locked="0"/></xf></cellXfs>'
    )
    live = (
        '<dxfs count="2"><dxf><font><color rgb="FF9C0006"/></font><fill><patternFill><bgColor rgb="FFFFC7CE"/>'
        '</patternFill></fill></dxf><dxf><font><b/><i val="0"/></font></dxf></dxfs>'
    )
    text = blank_styles
    for name, new in (("fonts", fonts), ("fills", fills), ("cellXfs", formats)):
        start, end = text.index(f"<{name} "), text.index(f"</{name}>") + len(name) + 3
        text = text[:start] + new + text[end:]
    text = text.replace('<dxfs count="0"/>', live)
    number = '<numFmts count="1"><numFmt numFmtId="164" formatCode="#,##0\\ &quot;€&quot;;[Red]\\-#,##0\\ &quot;€&quot;"/></numFmts>'
    return text.replace("<fonts ", number + "<fonts ", 1)


STYLED = [' s="1"', ' s="2"', ' s="3"']


def excel_base(
    sheets: list[str], extra: str = "", names: str = "", kind: str = ".xlsx"
) -> tuple[Assembly, dict[str, str]]:
    """A package as Excel begins one: workbook, theme, styles and properties; the sheets are still to be added."""
    parts = excel_parts(kind)
    made = Assembly()
    listed = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{at}" r:id="rId{at}"/>' for at, name in enumerate(sheets, 1)
    )
    workbook = parts["xl/workbook.xml"]
    start, end = workbook.index("<sheets>"), workbook.index("</sheets>")
    workbook = f"{workbook[:start]}<sheets>{listed}{workbook[end:]}"
    workbook = workbook.replace("</sheets>", f"</sheets>{extra}{names}")
    made.add("xl/workbook.xml", workbook, f"{SHEETML}.sheet.main+xml")
    for at in range(1, len(sheets) + 1):
        made.relate("xl/workbook.xml", "worksheet", f"worksheets/sheet{at}.xml")
    made.relate("xl/workbook.xml", "theme", "theme/theme1.xml")
    made.relate("xl/workbook.xml", "styles", "styles.xml")
    made.add(
        "xl/theme/theme1.xml", parts["xl/theme/theme1.xml"], "application/vnd.openxmlformats-officedocument.theme+xml"
    )
    made.add("xl/styles.xml", excel_styles(parts["xl/styles.xml"]), f"{SHEETML}.styles+xml")
    made.add(
        "docProps/core.xml", parts["docProps/core.xml"], "application/vnd.openxmlformats-package.core-properties+xml"
    )
    made.add(
        "docProps/app.xml",
        app_properties(sheets),
        "application/vnd.openxmlformats-officedocument.extended-properties+xml",
    )
    made.relate("", "officeDocument", "xl/workbook.xml")
    made.relate(
        "", "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties", "docProps/core.xml"
    )
    made.relate("", "extended-properties", "docProps/app.xml")
    return made, parts


def app_properties(sheets: list[str]) -> str:
    titles = "".join(f"<vt:lpstr>{escape(title)}</vt:lpstr>" for title in sheets)
    return (
        '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties" '
        'xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"><Application>Microsoft Excel'
        '</Application><DocSecurity>0</DocSecurity><HeadingPairs><vt:vector size="2" baseType="variant"><vt:variant>'
        f"<vt:lpstr>Worksheets</vt:lpstr></vt:variant><vt:variant><vt:i4>{len(sheets)}</vt:i4></vt:variant></vt:vector>"
        f'</HeadingPairs><TitlesOfParts><vt:vector size="{len(sheets)}" baseType="lpstr">{titles}</vt:vector>'
        "</TitlesOfParts><AppVersion>16.0300</AppVersion></Properties>"
    )


def worksheet(before: str, rows: list[str], after: str, attributes: str = "") -> str:
    return f"<worksheet {NAMESPACES}{attributes}>{before}<sheetData>{''.join(rows)}</sheetData>{after}</worksheet>"


MARGINS = '<pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75" header="0.3" footer="0.3"/>'


def simple_sheet(made: Assembly, number: int, rows: list[str]) -> str:
    name = f"xl/worksheets/sheet{number}.xml"
    view = '<sheetViews><sheetView workbookViewId="0"/></sheetViews><sheetFormatPr defaultRowHeight="14.5" x14ac:dyDescent="0.35"/>'
    made.add(name, worksheet(view, rows, MARGINS), f"{SHEETML}.worksheet+xml")
    return name


def table(
    number: int, name: str, headers: list[str], area: str, extra: str = "", filtered: str = "", sort: str = ""
) -> str:
    columns = "".join(
        f'<tableColumn id="{at}" xr3:uid="{{0000000{number}-0000-0000-0000-0000000000{at:02d}}}" name={quoteattr(header)}/>'
        for at, header in enumerate(headers, 1)
    )
    return (
        f'<table {NAMESPACES} id="{number}" xr:uid="{{5C3F7A1B-000{number}-4E1C-9A5D-0123456789AB}}" name="{name}" '
        f'displayName="{name}" ref="{area}" totalsRowShown="0"><autoFilter ref="{area}" '
        f'xr:uid="{{5C3F7A1B-000{number}-4E1C-9A5D-AAAAAAAAAAAA}}">{filtered}</autoFilter>{sort}'
        f'<tableColumns count="{len(headers)}">{columns}</tableColumns>{extra}</table>'
    )


STRIPES = '<tableStyleInfo name="TableStyleLight9" showFirstColumn="0" showLastColumn="0" showRowStripes="1" showColumnStripes="0"/>'


def office_365() -> None:
    """What the Excel of today leaves in a workbook that a team has used for years."""
    strings = Strings()
    names = (
        '<definedNames><definedName name="_xlnm.Print_Titles" localSheetId="0">Clients!$1:$1</definedName>'
        '<definedName name="Choices">Lists!$A$1:$A$3</definedName><definedName name="Rate" comment="agreed in May" '
        'hidden="1">0.2</definedName></definedNames>'
    )
    made, _ = excel_base(["Clients", "Lists", "Notes & plans"], names=names)
    workbook = made.parts["xl/workbook.xml"].decode()
    path = (
        '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><mc:Choice '
        'Requires="x15"><x15ac:absPath xmlns:x15ac="http://schemas.microsoft.com/office/spreadsheetml/2010/11/ac" '
        'url="C:\\Users\\Public\\Documents\\Clients\\"/></mc:Choice></mc:AlternateContent>'
    )
    unknown = '<ext uri="{6E7A5A0E-8D1C-4C59-9A53-0F3E5B2C7D11}" xmlns:ledger="urn:example:ledger"><ledger:book year="2026">kept &amp; counted</ledger:book></ext>'
    workbook = workbook.replace("<xr:revisionPtr", path + "<xr:revisionPtr").replace("</extLst>", unknown + "</extLst>")
    made.parts["xl/workbook.xml"] = workbook.encode()

    lines = client_lines(*STYLED)
    lines[0].append(("Fee", ' s="1"'))
    rows = excel_rows(lines, strings)
    for number in range(2, LAST + 1):
        fee = (ROWS[number - 2][4] or 0) / 50
        formula = f'<c r="M{number}" s="2"><f>tblClients[[#This Row],[Revenue]]/50</f><v>{fee:.10g}</v></c>'
        rows[number - 1] = (
            rows[number - 1].replace("</row>", formula + "</row>").replace('spans="1:12"', 'spans="1:13"')
        )
    rows[0] = rows[0].replace(" x14ac", ' s="1" customFormat="1" ht="33" customHeight="1" thickBot="1" x14ac')
    rows[3] = rows[3].replace(" x14ac", ' ht="29" x14ac')
    rows[10] = rows[10].replace(" x14ac", ' hidden="1" x14ac')
    rows[4] = rows[4].replace(" x14ac", ' s="4" customFormat="1" ht="44.25" customHeight="1" x14ac')
    rows.append(excel_row(LAST + 2, [cell(f"B{LAST + 2}", "Checked with finance", strings, ' s="5"')]))
    below = LAST + 3
    rows.append(
        excel_row(
            below,
            [
                f'<c r="B{below}" t="e" vm="1"><v>#VALUE!</v></c>',
                f'<c r="D{below}" cm="1"><f t="array" ref="D{below}:D{below + 1}">_xlfn.UNIQUE(C2:C3)</f><v>0</v></c>',
                f'<c r="E{below}"><f t="shared" ref="E{below}:F{below}" si="0">SUM(E2:E{LAST})</f><v>4130000</v></c>',
                f'<c r="F{below}"><f t="shared" si="0"/><v>800000</v></c>',
            ],
        )
    )
    rows.append(excel_row(below + 1, [f'<c r="D{below + 1}"><v>1</v></c>']))
    before = (
        '<sheetPr codeName="Sheet1"><tabColor theme="5" tint="0.4"/><outlinePr summaryBelow="0"/><pageSetUpPr fitToPage="1"/>'
        f'</sheetPr><dimension ref="A1:M{below + 1}"/><sheetViews><sheetView showGridLines="0" tabSelected="1" zoomScale="85" '
        'zoomScaleNormal="85" workbookViewId="0"><pane xSplit="2" ySplit="1" topLeftCell="C2" activePane="bottomRight" '
        'state="frozen"/><selection pane="topRight" activeCell="C1" sqref="C1"/><selection pane="bottomLeft" '
        'activeCell="A2" sqref="A2"/><selection pane="bottomRight" activeCell="F7" sqref="F7:G9"/></sheetView>'
        '</sheetViews><sheetFormatPr defaultColWidth="9.1796875" defaultRowHeight="14.5" outlineLevelCol="1" '
        'x14ac:dyDescent="0.35"/><cols><col min="1" max="1" width="9.54296875" customWidth="1"/><col min="2" max="2" '
        'width="27.81640625" bestFit="1" customWidth="1"/><col min="3" max="4" width="16" customWidth="1" '
        'outlineLevel="1"/><col min="5" max="7" width="12.26953125" style="2" bestFit="1" customWidth="1"/>'
        '<col min="13" max="16384" width="9.1796875" style="4"/></cols>'
    )
    validation = (
        '<dataValidations count="1" xWindow="400" yWindow="300"><dataValidation type="list" allowBlank="1" '
        'showInputMessage="1" showErrorMessage="1" errorTitle="No" error="One of three" sqref="I2:I25 J2:J25" '
        'xr:uid="{5C3F7A1B-0000-4E1C-9A5D-0123456789AB}"><formula1>"High,Medium,Low"</formula1></dataValidation>'
        "</dataValidations>"
    )
    lively = (
        f'<conditionalFormatting sqref="F2:F{LAST}"><cfRule type="cellIs" dxfId="0" priority="2" operator="lessThan">'
        f'<formula>0</formula></cfRule></conditionalFormatting><conditionalFormatting sqref="E2:E{LAST}"><cfRule '
        'type="dataBar" priority="3"><dataBar><cfvo type="min"/><cfvo type="max"/><color rgb="FF638EC6"/></dataBar><extLst>'
        f'<ext xmlns:x14="{X14}" uri="{{B025F937-C7B1-47D3-B67F-A62EFF666E3E}}"><x14:id>{{7A1B5C3F-0001-4E1C-9A5D-0123456789AB}}'
        "</x14:id></ext></extLst></cfRule></conditionalFormatting>"
    )
    extensions = (
        f'<extLst><ext uri="{{78C0D931-6437-407d-A8EE-F0AAD7539E65}}" xmlns:x14="{X14}"><x14:conditionalFormattings>'
        f'<x14:conditionalFormatting xmlns:xm="{XM}"><x14:cfRule type="dataBar" id="{{7A1B5C3F-0001-4E1C-9A5D-0123456789AB}}">'
        '<x14:dataBar minLength="0" maxLength="100" gradient="0"><x14:cfvo type="autoMin"/><x14:cfvo type="autoMax"/>'
        '<x14:negativeFillColor rgb="FFFF0000"/><x14:axisColor rgb="FF000000"/></x14:dataBar></x14:cfRule>'
        f"<xm:sqref>E2:E{LAST}</xm:sqref></x14:conditionalFormatting></x14:conditionalFormattings></ext>"
        f'<ext uri="{{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}}" xmlns:x14="{X14}"><x14:dataValidations xmlns:xm="{XM}" '
        'count="1"><x14:dataValidation type="list" allowBlank="1" showInputMessage="1" showErrorMessage="1" '
        'xr:uid="{7A1B5C3F-0002-4E1C-9A5D-0123456789AB}"><x14:formula1><xm:f>Lists!$A$1:$A$3</xm:f></x14:formula1>'
        f"<xm:sqref>H2:H{LAST}</xm:sqref></x14:dataValidation></x14:dataValidations></ext>"
        f'<ext uri="{{05C60535-1F16-4fd2-B633-F4F36F0B64E0}}" xmlns:x14="{X14}"><x14:sparklineGroups xmlns:xm="{XM}">'
        '<x14:sparklineGroup displayEmptyCellsAs="gap" xr2:uid="{7A1B5C3F-0003-4E1C-9A5D-0123456789AB}">'
        '<x14:colorSeries rgb="FF376092"/><x14:sparklines>'
        + "".join(
            f"<x14:sparkline><xm:f>Clients!E{row}:G{row}</xm:f><xm:sqref>O{row}</xm:sqref></x14:sparkline>"
            for row in range(2, LAST + 1)
        )
        + "</x14:sparklines></x14:sparklineGroup></x14:sparklineGroups></ext>"
        '<ext uri="{9B4D2C7E-5A60-4E3F-8B1D-2F6C0A9E7D55}" xmlns:ledger="urn:example:ledger"><ledger:sheet checked="1">'
        "<ledger:cell>B2</ledger:cell></ledger:sheet></ext></extLst>"
    )
    after = (
        '<sheetProtection algorithmName="SHA-512" hashValue="'
        + base64.b64encode(bytes(64)).decode()
        + '" saltValue="q83vEjRWeJCrze8SNFZ4kA==" spinCount="100000" sheet="1" objects="1" '
        'scenarios="1" formatCells="0"/><protectedRanges><protectedRange sqref="E2:G25" name="Amounts" '
        'securityDescriptor="O:WDG:WDD:(A;;CC;;;WD)"/></protectedRanges><phoneticPr fontId="2" type="noConversion"/>'
        f"{lively}{validation}"
        '<hyperlinks><hyperlink ref="B2" r:id="rId1" tooltip="Their site"/><hyperlink ref="B3" location="Lists!A1" '
        'display="the lists" xr:uid="{00000000-0004-0000-0000-000000000000}"/></hyperlinks>'
        '<printOptions horizontalCentered="1" gridLines="1"/><pageMargins left="0.25" right="0.25" top="0.75" '
        'bottom="0.75" header="0.3" footer="0.3"/><pageSetup paperSize="9" scale="70" fitToHeight="0" '
        'orientation="landscape" r:id="rId2"/><headerFooter differentFirst="1"><oddHeader>&amp;L&amp;"-,Bold"Clients'
        '&amp;R&amp;D</oddHeader><firstFooter>&amp;CConfidential</firstFooter></headerFooter><rowBreaks count="1" '
        'manualBreakCount="1"><brk id="13" max="16383" man="1"/></rowBreaks><customProperties><customPr name="Ledger" '
        'r:id="rId3"/></customProperties><cellWatches><cellWatch r="M2"/></cellWatches><ignoredErrors><ignoredError '
        'sqref="A2:A25" numberStoredAsText="1"/></ignoredErrors><legacyDrawing r:id="rId4"/><tableParts count="1">'
        f'<tablePart r:id="rId5"/></tableParts>{extensions}'
    )
    sheet = "xl/worksheets/sheet1.xml"
    made.add(
        sheet,
        worksheet(before, rows, after, ' xr:uid="{1CD8B136-B237-4D96-9332-4F25AFEE4A04}"'),
        f"{SHEETML}.worksheet+xml",
    )
    made.relate(sheet, "hyperlink", "https://example.org/amberley?a=1&b=2", external=True)
    made.relate(sheet, "printerSettings", "../printerSettings/printerSettings1.bin")
    made.relate(sheet, "customProperty", "../customProperty1.bin")
    made.relate(sheet, "vmlDrawing", "../drawings/vmlDrawing1.vml")
    made.relate(sheet, "table", "../tables/table1.xml")
    made.relate(sheet, "comments", "../comments1.xml")
    made.relate(sheet, f"{MICROSOFT}/2017/10/relationships/threadedComment", "../threadedComments/threadedComment1.xml")
    made.relate(sheet, "https://schemas.example.org/relationships/ledger", "../ledger/ledger1.dat")
    made.defaults |= {
        "bin": f"{SHEETML}.printerSettings",
        "vml": "application/vnd.openxmlformats-officedocument.vmlDrawing",
        "dat": "application/x-example-ledger",
        "png": "image/png",
    }
    made.add("xl/printerSettings/printerSettings1.bin", "Office printer\0".encode("utf-16-le") + bytes(range(256)) * 2)
    made.add("xl/customProperty1.bin", "kept by the ledger".encode("utf-16-le"), f"{SHEETML}.customProperty")
    made.add("xl/ledger/ledger1.dat", bytes(range(255, -1, -1)))
    columns = [*HEADERS, "Fee"]
    extra = STRIPES + (
        f'<extLst><ext uri="{{504A1905-F514-4f6f-8877-14C23A59335A}}" xmlns:x14="{X14}"><x14:table altText="Clients" '
        'altTextSummary="All clients with their figures"/></ext></extLst>'
    )
    segments = sorted({str(row[3]) for row in ROWS} - {"Media"})
    filters = "".join(f"<filter val={quoteattr(segment)}/>" for segment in segments)
    filtered = f'<filterColumn colId="3"><filters>{filters}</filters></filterColumn>'
    sort = f'<sortState ref="A2:M{LAST}"><sortCondition ref="A2:A{LAST}"/></sortState>'
    text = table(1, "tblClients", columns, f"A1:M{LAST}", extra, filtered, sort)
    text = text.replace(
        'name="Fee"/>',
        'name="Fee" dataDxfId="1"><calculatedColumnFormula>tblClients[[#This Row],[Revenue]]/50</calculatedColumnFormula></tableColumn>',
    )
    made.add("xl/tables/table1.xml", text, TABLE_TYPE)
    comments(made)

    simple_sheet(
        made,
        2,
        [excel_row(at, [cell(f"A{at}", text, strings)]) for at, text in enumerate(("High", "Medium", "Low"), 1)],
    )
    simple_sheet(
        made,
        3,
        [
            excel_row(
                1,
                [f'<c r="A1"><f>SUM(tblClients[Revenue])*Rate</f><v>{sum(r[4] or 0 for r in ROWS) * 0.2:.10g}</v></c>'],
            )
        ],
    )
    chain = [f'<c r="M{row}" i="1"/>' for row in range(2, LAST + 1)]
    chain += [f'<c r="{at}{below}" i="1"/>' for at in "DEF"] + ['<c r="A1" i="3"/>']
    made.add("xl/calcChain.xml", f'<calcChain xmlns="{MAIN}">{"".join(chain)}</calcChain>', f"{SHEETML}.calcChain+xml")
    made.relate("xl/workbook.xml", "calcChain", "calcChain.xml")
    made.add("xl/sharedStrings.xml", strings.part(), f"{SHEETML}.sharedStrings+xml")
    made.relate("xl/workbook.xml", "sharedStrings", "sharedStrings.xml")
    rich_values(made)
    team_parts(made)
    made.write(CORPUS / "by-hand-365.xlsx")


def comments(made: Assembly) -> None:
    """A thread of comments, the old note that stands in for it, and who wrote them."""
    thread, answer, person = (f"{{8D3E1F00-000{at}-4A11-9C00-0123456789AB}}" for at in (1, 2, 3))
    made.add(
        "xl/comments1.xml",
        f'<comments xmlns="{MAIN}" {MARKUP} mc:Ignorable="xr" '
        f'xmlns:xr="{MICROSOFT}/spreadsheetml/2014/revision"><authors><author>tc={thread}</author>'
        f'</authors><commentList><comment ref="B4" authorId="0" shapeId="0" xr:uid="{thread}"><text><t>[Threaded comment]\n\n'
        "Comment:\n    Renewal?\nReply:\n    In March</t></text></comment></commentList></comments>",
        f"{SHEETML}.comments+xml",
    )
    made.add(
        "xl/threadedComments/threadedComment1.xml",
        f'<ThreadedComments xmlns="{MICROSOFT}/spreadsheetml/2018/threadedcomments" xmlns:x="{MAIN}"><threadedComment ref="B4" '
        f'dT="2026-10-02T08:15:30.12" personId="{person}" id="{thread}"><text>Renewal?</text></threadedComment><threadedComment '
        f'ref="B4" dT="2026-10-02T09:00:00.00" personId="{person}" id="{answer}" parentId="{thread}"><text>In March</text>'
        "</threadedComment></ThreadedComments>",
        "application/vnd.ms-excel.threadedcomments+xml",
    )
    made.add(
        "xl/persons/person.xml",
        f'<personList xmlns="{MICROSOFT}/spreadsheetml/2018/threadedcomments" xmlns:x="{MAIN}"><person displayName="Priya Raman" '
        f'id="{person}" userId="S::priya.raman@example.org::1" providerId="AD"/></personList>',
        "application/vnd.ms-excel.person+xml",
    )
    made.relate("xl/workbook.xml", f"{MICROSOFT}/2017/10/relationships/person", "persons/person.xml")
    made.add(
        "xl/drawings/vmlDrawing1.vml",
        f'<xml{COMMENTS}><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/></o:shapelayout><v:shapetype '
        'id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/>'
        '<v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype><v:shape id="_x0000_s1025" type="#_x0000_t202" '
        "style='position:absolute;margin-left:59pt;margin-top:1pt;width:108pt;height:59pt;z-index:1;visibility:hidden' "
        'fillcolor="infoBackground [80]" o:insetmode="auto"><v:textbox/><x:ClientData ObjectType="Note"><x:MoveWithCells/>'
        "<x:SizeWithCells/><x:Anchor>2, 15, 2, 10, 4, 31, 6, 9</x:Anchor><x:AutoFill>False</x:AutoFill><x:Row>3</x:Row>"
        "<x:Column>1</x:Column></x:ClientData></v:shape></xml>",
    )


def rich_values(made: Assembly) -> None:
    """A picture inside a cell and a formula that spills, with the metadata that their cells point to."""
    kinds = f"{MICROSOFT}/spreadsheetml/2017/richdata"
    made.add(
        "xl/metadata.xml",
        f'<metadata xmlns="{MAIN}" xmlns:xlrd="{kinds}" xmlns:xda="{MICROSOFT}/spreadsheetml/2017/dynamicarray"><metadataTypes '
        'count="2"><metadataType name="XLDAPR" minSupportedVersion="120000" copy="1" pasteAll="1" pasteValues="1" merge="1" '
        'splitFirst="1" rowColShift="1" clearFormats="1" clearComments="1" assign="1" coerce="1" cellMeta="1"/><metadataType '
        'name="XLRICHVALUE" minSupportedVersion="120000" copy="1" pasteAll="1" pasteValues="1" merge="1" splitFirst="1" '
        'rowColShift="1" clearFormats="1" clearComments="1" assign="1" coerce="1"/></metadataTypes><futureMetadata '
        'name="XLDAPR" count="1"><bk><extLst><ext uri="{bdbb8cdc-fa1e-496e-a857-3c3f30c029c3}"><xda:dynamicArrayProperties '
        'fDynamic="1" fCollapsed="0"/></ext></extLst></bk></futureMetadata><futureMetadata name="XLRICHVALUE" count="1"><bk>'
        '<extLst><ext uri="{3e2802c4-a4d2-4d8b-9148-e3be6c30e623}"><xlrd:rvb i="0"/></ext></extLst></bk></futureMetadata>'
        '<cellMetadata count="1"><bk><rc t="1" v="0"/></bk></cellMetadata><valueMetadata count="1"><bk><rc t="2" v="0"/>'
        "</bk></valueMetadata></metadata>",
        f"{SHEETML}.sheetMetadata+xml",
    )
    made.relate("xl/workbook.xml", "sheetMetadata", "metadata.xml")
    made.add(
        "xl/richData/rdrichvalue.xml",
        f'<rvData xmlns="{kinds}" count="1"><rv s="0"><v>0</v><v>5</v></rv></rvData>',
        "application/vnd.ms-excel.rdrichvalue+xml",
    )
    made.add(
        "xl/richData/rdrichvaluestructure.xml",
        f'<rvStructures xmlns="{kinds}" count="1"><s t="_localImage"><k n="_rvRel:LocalImageIdentifier" t="i"/>'
        '<k n="CalcOrigin" t="i"/></s></rvStructures>',
        "application/vnd.ms-excel.rdrichvaluestructure+xml",
    )
    made.add(
        "xl/richData/richValueRel.xml",
        f'<richValueRels xmlns="{MICROSOFT}/spreadsheetml/2022/richvaluerel" xmlns:r="{OFFICE}"><rel r:id="rId1"/></richValueRels>',
        "application/vnd.ms-excel.richvaluerel+xml",
    )
    made.relate("xl/workbook.xml", f"{MICROSOFT}/2017/06/relationships/rdRichValue", "richData/rdrichvalue.xml")
    made.relate(
        "xl/workbook.xml",
        f"{MICROSOFT}/2017/06/relationships/rdRichValueStructure",
        "richData/rdrichvaluestructure.xml",
    )
    made.relate("xl/workbook.xml", f"{MICROSOFT}/2022/10/relationships/richValueRel", "richData/richValueRel.xml")
    made.relate("xl/richData/richValueRel.xml", "image", "../media/image1.png")
    made.add("xl/media/image1.png", picture(20, 120, 200))


def team_parts(made: Assembly) -> None:
    """What a company adds to its workbooks: a label, custom XML, a ribbon, custom properties, a thumbnail."""
    made.add(
        "docMetadata/LabelInfo.xml",
        f'<clbl:labelList xmlns:clbl="{MICROSOFT}/2020/mipLabelMetadata"><clbl:label id="{{2f1c0c5e-1111-4f6b-9d1a-0123456789ab}}" '
        'enabled="1" method="Privileged" siteId="{9a7b3c1d-2222-4f6b-9d1a-0123456789ab}" contentBits="0" removed="0"/>'
        "</clbl:labelList>",
        "application/vnd.ms-office.classificationlabels+xml",
    )
    made.relate("", f"{MICROSOFT}/2020/02/relationships/classificationlabels", "docMetadata/LabelInfo.xml")
    made.add("customXml/item1.xml", '<ledger xmlns="urn:example:ledger"><year>2026</year></ledger>')
    made.add(
        "customXml/itemProps1.xml",
        '<ds:datastoreItem xmlns:ds="http://schemas.openxmlformats.org/officeDocument/2006/customXml" '
        'ds:itemID="{0C9E6A1D-3333-4F6B-9D1A-0123456789AB}"><ds:schemaRefs><ds:schemaRef ds:uri="urn:example:ledger"/>'
        "</ds:schemaRefs></ds:datastoreItem>",
        "application/vnd.openxmlformats-officedocument.customXmlProperties+xml",
    )
    made.relate("xl/workbook.xml", "customXml", "../customXml/item1.xml")
    made.relate("customXml/item1.xml", "customXmlProps", "itemProps1.xml")
    made.add(
        "customUI/customUI14.xml",
        f'<customUI xmlns="{MICROSOFT}/2009/07/customui"><ribbon><tabs><tab id="tabLedger" label="Ledger"><group id="grpLedger" '
        'label="Ledger"><button id="btnLedger" label="Post" onAction="Post"/></group></tab></tabs></ribbon></customUI>',
    )
    made.relate("", f"{MICROSOFT}/2007/relationships/ui/extensibility", "customUI/customUI14.xml", "rLedger")
    made.add(
        "docProps/custom.xml",
        '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" '
        'xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"><property '
        'fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid="2" name="ContentTypeId"><vt:lpwstr>0x0101</vt:lpwstr></property>'
        "</Properties>",
        "application/vnd.openxmlformats-officedocument.custom-properties+xml",
    )
    made.relate("", "custom-properties", "docProps/custom.xml")
    made.add("docProps/thumbnail.png", picture(240, 240, 240, 48))
    made.relate(
        "", "http://schemas.openxmlformats.org/package/2006/relationships/metadata/thumbnail", "docProps/thumbnail.png"
    )


def prefixed() -> None:
    """What a program on the Open XML SDK writes: every element with a prefix, a mark at the start of each part, names of
    parts and relationships that nobody expects, absolute targets, and a content type by the extension where it can."""
    made, strings = Assembly(), Strings()
    made.defaults["xml"] = f"{SHEETML}.sheet.main+xml"
    begin = '\ufeff<?xml version="1.0" encoding="utf-8"?>'
    space = f'xmlns:x="{MAIN}"'
    lines = client_lines(' s="1"', ' s="2"', ' s="3"')
    rows = [
        f'<x:row r="{number}">'
        + "".join(
            cell(f"{get_column_letter(at)}{number}", value, strings, style, "x:")
            for at, (value, style) in enumerate(line, 2)
        )
        + "</x:row>"
        for number, line in enumerate(lines, 3)
    ]
    title = f'<x:row r="1"><x:c r="B1" t="s"><x:v>{strings.at("Clients of the house")}</x:v></x:c></x:row>'
    total = f'<x:row r="{LAST + 4}"><x:c r="F{LAST + 4}" s="2"><x:f>SUM(F4:F{LAST + 2})</x:f></x:c></x:row>'
    made.add(
        "xl/worksheets/Sheet_A.xml",
        f'{begin}<x:worksheet {space} xmlns:r="{OFFICE}"><x:sheetData>{title}{"".join(rows)}{total}</x:sheetData>'
        f'<x:mergeCells count="1"><x:mergeCell ref="B1:M1"/></x:mergeCells><x:dataValidations><x:dataValidation type="list" '
        f'sqref="I4:I{LAST + 2}"><x:formula1>"High,Medium,Low"</x:formula1></x:dataValidation></x:dataValidations>'
        '<x:drawing r:id="Rdrawing"/></x:worksheet>',
        f"{SHEETML}.worksheet+xml",
    )
    made.add(
        "xl/worksheets/Ueberblick.xml",
        f'{begin}<x:worksheet {space}><x:sheetData><x:row r="1"><x:c r="A1"><x:f>COUNTA(Klanten!C4:C99)</x:f></x:c></x:row>'
        "</x:sheetData></x:worksheet>",
        f"{SHEETML}.worksheet+xml",
    )
    made.add(
        "xl/workbook.xml",
        f'{begin}<x:workbook {space}><x:workbookPr/><x:sheets><x:sheet name="Summary" sheetId="7" r:id="R0c1d" xmlns:r="{OFFICE}"/>'
        f'<x:sheet name="Klanten" sheetId="12" r:id="Rf00d" xmlns:r="{OFFICE}"/></x:sheets></x:workbook>',
    )
    styles = (
        '<x:numFmts><x:numFmt numFmtId="170" formatCode="#,##0"/></x:numFmts><x:fonts><x:font/><x:font><x:b/></x:font></x:fonts>'
        '<x:fills><x:fill><x:patternFill patternType="none"/></x:fill><x:fill><x:patternFill patternType="gray125"/></x:fill>'
        '</x:fills><x:borders><x:border/></x:borders><x:cellXfs><x:xf/><x:xf fontId="1" applyFont="1"/>'
        '<x:xf numFmtId="170" applyNumberFormat="1"/><x:xf numFmtId="14" applyNumberFormat="1"/></x:cellXfs>'
    )
    made.add("xl/styles.xml", f"{begin}<x:styleSheet {space}>{styles}</x:styleSheet>", f"{SHEETML}.styles+xml")
    shared = strings.part().replace("<sst xmlns=", "<x:sst xmlns:x=")
    for name in ("si", "t"):
        shared = (
            shared.replace(f"<{name}>", f"<x:{name}>")
            .replace(f"<{name} ", f"<x:{name} ")
            .replace(f"</{name}>", f"</x:{name}>")
        )
    made.add("xl/sharedStrings.xml", begin + shared.replace("</sst>", "</x:sst>"), f"{SHEETML}.sharedStrings+xml")
    draw = "http://schemas.openxmlformats.org/drawingml/2006"
    made.add(
        "xl/drawings/picture_of_the_house.xml",
        f'{begin}<xdr:wsDr xmlns:xdr="{draw}/spreadsheetDrawing" xmlns:a="{draw}/main"><xdr:twoCellAnchor><xdr:from><xdr:col>1'
        "</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>30</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from><xdr:to><xdr:col>4</xdr:col>"
        '<xdr:colOff>0</xdr:colOff><xdr:row>36</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:to><xdr:sp><xdr:nvSpPr><xdr:cNvPr id="2" '
        'name="House"/><xdr:cNvSpPr/></xdr:nvSpPr><xdr:spPr><a:prstGeom prst="homePlate"><a:avLst/></a:prstGeom></xdr:spPr></xdr:sp>'
        f"<xdr:clientData/></xdr:twoCellAnchor><xdr:oneCellAnchor><xdr:from><xdr:col>6</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>30</xdr:row>"
        '<xdr:rowOff>0</xdr:rowOff></xdr:from><xdr:ext cx="228600" cy="228600"/><xdr:pic><xdr:nvPicPr><xdr:cNvPr id="3" name="Front"/><xdr:cNvPicPr/>'
        f'</xdr:nvPicPr><xdr:blipFill><a:blip r:embed="Rfront" xmlns:r="{OFFICE}"/><a:stretch/></xdr:blipFill><xdr:spPr><a:prstGeom prst="rect"/></xdr:spPr>'
        "</xdr:pic><xdr:clientData/></xdr:oneCellAnchor></xdr:wsDr>",
        "application/vnd.openxmlformats-officedocument.drawing+xml",
    )
    made.add("xl/pictures/House%20front.png", picture(200, 180, 90), "image/png")
    made.relate("xl/drawings/picture_of_the_house.xml", "image", "/xl/pictures/House%20front.png", "Rfront")
    made.relate("", "officeDocument", "/xl/workbook.xml", "Rbook")
    made.relate("xl/workbook.xml", "worksheet", "/xl/worksheets/Ueberblick.xml", "R0c1d")
    made.relate("xl/workbook.xml", "worksheet", "/xl/worksheets/Sheet_A.xml", "Rf00d")
    made.relate("xl/workbook.xml", "styles", "/xl/styles.xml", "Rlook")
    made.relate("xl/workbook.xml", "sharedStrings", "/xl/sharedStrings.xml", "Rtexts")
    made.relate("xl/worksheets/Sheet_A.xml", "drawing", "/xl/drawings/picture_of_the_house.xml", "Rdrawing")
    made.write(CORPUS / "by-hand-prefixed.xlsx")


def bare() -> None:
    """The least that is a workbook: cells and rows without addresses, no styles, no theme, no shared strings, parts that are
    not compressed, entries for folders, the list of types at the end, and a part whose name is in capitals."""
    made = Assembly()
    lines = client_lines()
    for line, row in zip(lines[1:], ROWS, strict=True):
        line[-1] = (f"{row[-1]}", "")
    rows = "".join(f"<row>{''.join(cell('', value) for value, _ in line)}</row>" for line in lines)
    kind = f"{SHEETML}.worksheet+xml"
    made.add(
        "xl/worksheets/SHEET1.xml",
        f'<worksheet xmlns="{MAIN}"><sheetData>{rows}<row/><row><c/><c/></row></sheetData></worksheet>',
        kind,
    )
    made.add(
        "xl/worksheets/Sheet2.xml",
        f'<worksheet xmlns="{MAIN}"><sheetData><row><c><f>SUM(Clients!E2:E25)</f></c></row></sheetData></worksheet>',
        kind,
    )
    made.add(
        "xl/workbook.xml",
        f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets><sheet name="Clients" sheetId="1" r:id="a"/>'
        '<sheet name="Total" sheetId="2" r:id="b"/></sheets></workbook>',
        f"{SHEETML}.sheet.main+xml",
    )
    made.relate("", "officeDocument", "xl/workbook.xml", "book")
    made.relate("xl/workbook.xml", "worksheet", "worksheets/SHEET1.xml", "a")
    made.relate("xl/workbook.xml", "worksheet", "worksheets/Sheet2.xml", "b")
    folders = ("_rels/", "xl/", "xl/_rels/", "xl/worksheets/")
    made.write(CORPUS / "by-hand-bare.xlsx", method=zipfile.ZIP_STORED, folders=folders, types_last=True)


def odd_xml() -> None:
    """XML as it may be and seldom is: comments, line breaks and indents, single quotes, CDATA, characters by number, a default
    namespace that children declare anew; dates from 1904 on, styles without counts, a great many fonts, hidden columns."""
    made, _ = excel_base(["Clients", "Rates"])
    del made.parts["xl/theme/theme1.xml"], made.overrides["xl/theme/theme1.xml"]
    made.relationships["xl/workbook.xml"] = [
        each for each in made.relationships["xl/workbook.xml"] if "theme" not in each[1]
    ]
    epoch = date(1904, 1, 1)
    lines = client_lines(" s='1'", " s='2'", " s='3'", epoch)
    rows = []
    for number, line in enumerate(lines, 2):
        cells = [
            cell(f"{get_column_letter(at)}{number}", value, None, style) for at, (value, style) in enumerate(line, 1)
        ]
        rows.append(f"\n    <row r='{number}'>\n      " + "\n      ".join(filter(None, cells)) + "\n    </row>")
    rows[3] = rows[3].replace("Cresswick Housing Trust", "<![CDATA[Cresswick <Housing> Trust]]>")
    rows[4] = (
        rows[4]
        .replace("Dunmore", "&#68;unmore<!-- was Dunmoor -->")
        .replace("<row ", "<!-- > the fourth <row> --><row ")
    )
    made.add(
        "xl/worksheets/sheet1.xml",
        f"<?xml version='1.0' encoding='UTF-8'?>\n<!-- made for <worksheet> readers -->\n<worksheet\n  xmlns='{MAIN}'\n  xmlns:r='{OFFICE}'>\n"
        "  <sheetPr\n  ><outlinePr summaryRight='0'/></sheetPr>\n  <cols>\n    <col min='1' max='2' width='20' customWidth='1'></col>\n"
        "    <col min='13' max='16384' width='0' hidden='1' customWidth='1'/>\n  </cols>\n  <sheetData>"
        f"\n    <row r='1'><c r='A1' t='inlineStr'><is><r><t xml:space='preserve'>Clients </t></r><r><rPr><b/></rPr><t>2026</t></r></is></c></row>"
        f"{''.join(rows)}\n    <?keep this?>\n  </sheetData>\n"
        f"  <conditionalFormatting sqref='E3:E26'><cfRule type='top10' dxfId='0' priority='1' rank='3'/></conditionalFormatting>\n"
        f"  <pageMargins xmlns='{MAIN}' left='.5' right='.5' top='1' bottom='1' header='0' footer='0'/>\n</worksheet>\n<!-- the end -->",
        f"{SHEETML}.worksheet+xml",
    )
    made.add(
        "xl/worksheets/sheet2.xml",
        f"<worksheet xmlns='{MAIN}'>\n<sheetData>\n<row r='1'><c r='A1'><f><![CDATA[IF(1<2,Clients!E3,0)]]></f><v>412500</v></c></row>\n"
        "</sheetData>\n</worksheet>",
        f"{SHEETML}.worksheet+xml",
    )
    fonts = "".join(f"<font><sz val='{8 + at / 4:g}'/><name val='Face {at}'/></font>" for at in range(60))
    numbers = "".join(f"<numFmt numFmtId='{at}' formatCode='0.{'0' * (at - 160)}'/>" for at in range(165, 185))
    looks = "".join(
        f"<xf numFmtId='{165 + at % 20}' fontId='{at}' fillId='0' borderId='0' xfId='0'/>" for at in range(3, 60)
    )
    made.add(
        "xl/styles.xml",
        f"<?xml version='1.0' encoding='UTF-8'?>\n<styleSheet xmlns='{MAIN}'>\n  <numFmts>{numbers}</numFmts>\n  <fonts>{fonts}</fonts>\n"
        "  <fills><fill><patternFill/></fill><fill><patternFill patternType='gray125'/></fill></fills>\n  <borders><border/></borders>\n"
        "  <cellStyleXfs><xf/></cellStyleXfs>\n  <cellXfs><xf numFmtId='0' fontId='0' fillId='0' borderId='0' xfId='0'/>"
        "<xf numFmtId='0' fontId='1' fillId='0' borderId='0' xfId='0'/><xf numFmtId='3' fontId='0' fillId='0' borderId='0' xfId='0'/>"
        f"<xf numFmtId='14' fontId='0' fillId='0' borderId='0' xfId='0'/>{looks}</cellXfs>\n"
        "  <!-- no cellStyles -->\n  <dxfs><dxf><font><b/></font></dxf></dxfs>\n"
        "  <colors><mruColors><color rgb='FF112233'/></mruColors></colors>\n</styleSheet>",
        f"{SHEETML}.styles+xml",
    )
    workbook = made.parts["xl/workbook.xml"].decode().replace("<workbookPr ", '<workbookPr date1904="1" ')
    made.parts["xl/workbook.xml"] = workbook.replace("><", ">\n<").encode()
    made.write(CORPUS / "by-hand-odd-xml.xlsx")


VIEW = "{3E5D7C9B-4444-4F6B-9D1A-0123456789AB}"


def controls() -> None:
    """Buttons of both kinds, an embedded object and a shape, each inside an alternative for older programs."""
    strings = Strings()
    made, _ = excel_base(["Clients", "Board"])
    workbook = made.parts["xl/workbook.xml"].decode()
    workbook = workbook.replace("<workbookPr", '<fileSharing readOnlyRecommended="1"/><workbookPr', 1)
    workbook = workbook.replace("<bookViews>", '<workbookProtection lockStructure="1"/><bookViews>')
    views = f'<customWorkbookViews><customWorkbookView name="Print" guid="{VIEW}" windowWidth="1600" windowHeight="900" activeSheetId="1"/></customWorkbookViews>'
    made.parts["xl/workbook.xml"] = re.sub(r"(<calcPr [^>]*/>)", rf"\1{views}", workbook).encode()
    sheet = "xl/worksheets/sheet1.xml"
    draw = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
    for kind, target in (
        ("drawing", "../drawings/drawing1.xml"),
        ("vmlDrawing", "../drawings/vmlDrawing1.vml"),
        ("control", "../activeX/activeX1.xml"),
        ("image", "../media/image1.png"),
        ("ctrlProp", "../ctrlProps/ctrlProp1.xml"),
        ("oleObject", "../embeddings/oleObject1.bin"),
    ):
        made.relate(sheet, kind, target)

    def anchor(row: int) -> str:
        return (
            f'<anchor moveWithCells="1"><from><xdr:col>1</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>{row}</xdr:row><xdr:rowOff>0'
            f"</xdr:rowOff></from><to><xdr:col>2</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>{row + 2}</xdr:row><xdr:rowOff>0"
            "</xdr:rowOff></to></anchor>"
        )

    def either(first: str, second: str = "") -> str:
        fallback = f"<mc:Fallback>{second}</mc:Fallback>" if second else ""
        return (
            '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><mc:Choice '
            f'Requires="x14">{first}</mc:Choice>{fallback}</mc:AlternateContent>'
        )

    old = either(
        f'<control shapeId="1025" r:id="rId3" name="CommandButton1"><controlPr defaultSize="0" autoLine="0" r:id="rId4">{anchor(29)}'
        "</controlPr></control>",
        '<control shapeId="1025" r:id="rId3" name="CommandButton1"/>',
    )
    new = either(
        f'<control shapeId="1026" r:id="rId5" name="Check Box 2"><controlPr defaultSize="0" autoFill="0" autoLine="0" autoPict="0">'
        f"{anchor(32)}</controlPr></control>"
    )
    objects = either(
        f'<oleObject progId="Package" shapeId="1027" r:id="rId6"><objectPr defaultSize="0" r:id="rId4">{anchor(35)}</objectPr></oleObject>',
        '<oleObject progId="Package" shapeId="1027" r:id="rId6"/>',
    )
    rows = excel_rows(client_lines(*STYLED), strings)
    before = (
        '<sheetPr codeName="Clients"/><dimension ref="A1:L25"/><sheetViews><sheetView tabSelected="1" view="pageBreakPreview" '
        'workbookViewId="0"><selection sqref="B2"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight="14.5" '
        'x14ac:dyDescent="0.35"/>'
    )
    views = f'<customSheetViews><customSheetView guid="{VIEW}" scale="80" showPageBreaks="1"><selection sqref="C3"/>{MARGINS}</customSheetView></customSheetViews>'
    after = f'{views}{MARGINS}<drawing r:id="rId1"/><legacyDrawing r:id="rId2"/><oleObjects>{objects}</oleObjects>{either(f"<controls>{old}{new}</controls>")}'
    space = f' xmlns:xdr="{draw}" xmlns:x14="{X14}"'
    made.add(sheet, worksheet(before, rows, after, space), f"{SHEETML}.worksheet+xml")
    simple_sheet(made, 2, [excel_row(1, [f'<c r="A1"><f>MAX(Clients!E2:E{LAST})</f><v>598000</v></c>'])])
    main = "http://schemas.openxmlformats.org/drawingml/2006/main"
    made.add(
        "xl/drawings/drawing1.xml",
        f'<xdr:wsDr xmlns:xdr="{draw}" xmlns:a="{main}"><mc:AlternateContent '
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><mc:Choice '
        f'xmlns:a14="{MICROSOFT}/drawing/2010/main" Requires="a14"><xdr:twoCellAnchor editAs="oneCell"><xdr:from><xdr:col>1</xdr:col>'
        "<xdr:colOff>0</xdr:colOff><xdr:row>32</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from><xdr:to><xdr:col>2</xdr:col><xdr:colOff>0"
        '</xdr:colOff><xdr:row>34</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:to><xdr:sp macro="" textlink=""><xdr:nvSpPr><xdr:cNvPr '
        'id="1026" name="Check Box 2" hidden="1"><a:extLst><a:ext uri="{63B3BB69-23CF-44E3-9099-C40C66FF867C}"><a14:compatExt '
        'spid="_x0000_s1026"/></a:ext></a:extLst></xdr:cNvPr><xdr:cNvSpPr/></xdr:nvSpPr><xdr:spPr bwMode="auto"><a:xfrm><a:off x="0" '
        'y="0"/><a:ext cx="0" cy="0"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></xdr:spPr></xdr:sp><xdr:clientData/>'
        "</xdr:twoCellAnchor></mc:Choice><mc:Fallback/></mc:AlternateContent></xdr:wsDr>",
        "application/vnd.openxmlformats-officedocument.drawing+xml",
    )
    shapes = "".join(
        f'<v:shape id="_x0000_s{number}" type="#_x0000_t201" style=\'position:absolute;width:90pt;height:24pt;z-index:{number - 1024}\'>'
        f'<x:ClientData ObjectType="{kind}"><x:Anchor>1, 0, {row}, 0, 2, 0, {row + 2}, 0</x:Anchor></x:ClientData></v:shape>'
        for number, kind, row in ((1025, "Pict", 29), (1026, "Checkbox", 32), (1027, "Pict", 35))
    )
    made.add(
        "xl/drawings/vmlDrawing1.vml",
        f'<xml{COMMENTS}><v:shapetype id="_x0000_t201" coordsize="21600,21600" o:spt="201" path="m,l,21600r21600,l21600,xe"/>{shapes}</xml>',
    )
    made.add(
        "xl/activeX/activeX1.xml",
        f'<ax:ocx ax:classid="{{D7053240-CE69-11CD-A777-00DD01143C57}}" ax:persistence="persistStreamInit" r:id="rId1" '
        f'xmlns:ax="{MICROSOFT}/2006/activeX" xmlns:r="{OFFICE}"/>',
        "application/vnd.ms-office.activeX+xml",
    )
    made.add("xl/activeX/activeX1.bin", b"\x00\x02\x18\x00" + bytes(range(40)), "application/vnd.ms-office.activeX")
    made.relate("xl/activeX/activeX1.xml", f"{MICROSOFT}/2006/relationships/activeXControlBinary", "activeX1.bin")
    made.add(
        "xl/ctrlProps/ctrlProp1.xml",
        f'<formControlPr xmlns="{X14}" objectType="CheckBox" checked="Checked" fmlaLink="$B$40" lockText="1" noThreeD="1"/>',
        "application/vnd.ms-excel.controlproperties+xml",
    )
    made.add("xl/embeddings/oleObject1.bin", blank_object(), "application/vnd.openxmlformats-officedocument.oleObject")
    made.add("xl/media/image1.png", picture(120, 120, 120))
    made.defaults |= {"vml": "application/vnd.openxmlformats-officedocument.vmlDrawing", "png": "image/png"}
    made.add("xl/sharedStrings.xml", strings.part(), f"{SHEETML}.sharedStrings+xml")
    made.relate("xl/workbook.xml", "sharedStrings", "sharedStrings.xml")
    made.write(CORPUS / "by-hand-controls.xlsx")


def blank_object() -> bytes:
    """Something in the container of OLE objects: a VBA project is such a container too."""
    with zipfile.ZipFile(io.BytesIO(blank(".xlsm"))) as package:
        return package.read("xl/vbaProject.bin")


def connections() -> None:
    """Clients in a table that a query fills, with its connection, the query, a data model and a link to another workbook;
    the workbook has no names of its own."""
    strings = Strings()
    made, _ = excel_base(
        ["Ledger", "Rates"], extra='<externalReferences><externalReference r:id="rIdLink"/></externalReferences>'
    )
    workbook = made.parts["xl/workbook.xml"].decode()
    model = (
        '<ext uri="{FCE2AD5D-F65C-4FA6-A056-5C36A1767C68}" xmlns:x15="http://schemas.microsoft.com/office/spreadsheetml/2010/11/main">'
        '<x15:dataModel><x15:modelTables><x15:modelTable id="Ledger_1" name="Ledger" connection="Query - Ledger"/></x15:modelTables>'
        "</x15:dataModel></ext>"
    )
    made.parts["xl/workbook.xml"] = workbook.replace("</extLst>", model + "</extLst>").encode()
    lines = client_lines(*STYLED)
    sheet = "xl/worksheets/sheet1.xml"
    before = (
        '<sheetPr><tabColor rgb="FF70AD47"/></sheetPr><dimension ref="A1:L25"/><sheetViews><sheetView tabSelected="1" workbookViewId="0">'
        '<selection activeCell="C4" sqref="C4"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight="14.5" x14ac:dyDescent="0.35"/>'
        '<cols><col min="1" max="12" width="14.7265625" bestFit="1" customWidth="1"/></cols>'
    )
    after = f'{MARGINS}<tableParts count="1"><tablePart r:id="rId1"/></tableParts>'
    made.add(sheet, worksheet(before, excel_rows(lines, strings), after), f"{SHEETML}.worksheet+xml")
    made.relate(sheet, "table", "../tables/table1.xml")
    text = table(1, "Ledger", list(HEADERS), f"A1:L{LAST}", STRIPES).replace(
        'totalsRowShown="0"', 'tableType="queryTable" totalsRowShown="0"'
    )
    for at in range(1, len(HEADERS) + 1):
        text = text.replace(
            f'<tableColumn id="{at}" ', f'<tableColumn id="{at}" uniqueName="{at}" queryTableFieldId="{at}" '
        )
    made.add("xl/tables/table1.xml", text, TABLE_TYPE)
    made.relate("xl/tables/table1.xml", "queryTable", "../queryTables/queryTable1.xml")
    fields = "".join(
        f'<queryTableField id="{at}" name={quoteattr(name)} tableColumnId="{at}"/>'
        for at, name in enumerate(HEADERS, 1)
    )
    made.add(
        "xl/queryTables/queryTable1.xml",
        f'<queryTable xmlns="{MAIN}" name="ExternalData_1" connectionId="1" autoFormatId="16" applyNumberFormats="0" '
        'applyBorderFormats="0" applyFontFormats="0" applyPatternFormats="0" applyAlignmentFormats="0" applyWidthHeightFormats="0">'
        f'<queryTableRefresh nextId="{len(HEADERS) + 1}"><queryTableFields count="{len(HEADERS)}">{fields}</queryTableFields>'
        "</queryTableRefresh></queryTable>",
        f"{SHEETML}.queryTable+xml",
    )
    made.add(
        "xl/connections.xml",
        f'<connections xmlns="{MAIN}"><connection id="1" keepAlive="1" name="Query - Ledger" description="Connection to the query" '
        'type="5" refreshedVersion="8" background="1" saveData="1"><dbPr connection="Provider=Microsoft.Mashup.OleDb.1;Data '
        'Source=$Workbook$;Location=Ledger;Extended Properties=&quot;&quot;" command="SELECT * FROM [Ledger]"/></connection>'
        "</connections>",
        f"{SHEETML}.connections+xml",
    )
    made.relate("xl/workbook.xml", "connections", "connections.xml")
    made.add(
        "xl/externalLinks/externalLink1.xml",
        f'<externalLink xmlns="{MAIN}"><externalBook xmlns:r="{OFFICE}" r:id="rId1"><sheetNames><sheetName val="Rates"/></sheetNames>'
        '<sheetDataSet><sheetData sheetId="0"><row r="1"><cell r="A1"><v>0.19</v></cell></row></sheetData></sheetDataSet></externalBook>'
        "</externalLink>",
        f"{SHEETML}.externalLink+xml",
    )
    made.relate(
        "xl/externalLinks/externalLink1.xml",
        "externalLinkPath",
        "file:///S:\\Finance\\Rates%202026.xlsx",
        external=True,
    )
    made.relate("xl/workbook.xml", "externalLink", "externalLinks/externalLink1.xml", "rIdLink")
    simple_sheet(made, 2, [excel_row(1, ['<c r="A1"><f>[1]Rates!$A$1*SUM(Ledger[Revenue])</f><v>778952.5</v></c>'])])
    mashup = base64.b64encode(bytes(range(200))).decode()
    made.add(
        "customXml/item1.xml",
        f'<?xml version="1.0" encoding="utf-16"?><DataMashup xmlns="http://schemas.microsoft.com/DataMashup">{mashup}</DataMashup>'.encode(
            "utf-16"
        ),
    )
    made.relate("xl/workbook.xml", "customXml", "../customXml/item1.xml")
    made.add("xl/model/item.data", bytes(range(256)), "application/vnd.openxmlformats-officedocument.model+data")
    made.relate("xl/workbook.xml", "powerPivotData", "model/item.data")
    made.add("xl/sharedStrings.xml", strings.part(), f"{SHEETML}.sharedStrings+xml")
    made.relate("xl/workbook.xml", "sharedStrings", "sharedStrings.xml")
    made.write(CORPUS / "by-hand-query.xlsx")


def timeline() -> None:
    """A timeline on the pivot table of excelize's workbook."""
    kind = f"{MICROSOFT}/spreadsheetml/2010/11/main"
    relationship = f"{MICROSOFT}/2011/relationships"
    with zipfile.ZipFile(CORPUS / "excelize-pivots.xlsx") as package:
        parts = {name: package.read(name) for name in package.namelist()}
    pivots = parts["xl/workbook.xml"].decode()
    cache = re.search(r'<pivotCache cacheId="([0-9]+)"', pivots)
    assert cache
    parts["xl/timelineCaches/timelineCache1.xml"] = (
        f'<timelineCacheDefinition xmlns="{kind}" name="NativeTimeline_Last_contact" sourceName="Last contact"><pivotTables>'
        '<pivotTable tabId="2" name="Revenue"/></pivotTables><state minimalRefreshVersion="6" lastRefreshVersion="6" '
        f'pivotCacheId="{cache[1]}" filterType="unknown"><bounds startDate="2025-01-01T00:00:00" endDate="2027-01-01T00:00:00"/>'
        "</state></timelineCacheDefinition>"
    ).encode()
    parts["xl/timelines/timeline1.xml"] = (
        f'<timelines xmlns="{kind}"><timeline name="Last contact" cache="NativeTimeline_Last_contact" caption="Last contact" '
        'level="2" selectionLevel="2"/></timelines>'
    ).encode()
    additions = (
        ("[Content_Types].xml", "</Types>", "".join(
            f'<Override PartName="/xl/{name}" ContentType="application/vnd.ms-excel.{ending}+xml"/>'
            for name, ending in (("timelineCaches/timelineCache1.xml", "timelineCache"), ("timelines/timeline1.xml", "timeline"))
        )),
        ("xl/_rels/workbook.xml.rels", "</Relationships>",
         f'<Relationship Id="rIdTime" Type="{relationship}/timelineCache" Target="timelineCaches/timelineCache1.xml"/>'),
        ("xl/worksheets/_rels/sheet2.xml.rels", "</Relationships>",
         f'<Relationship Id="rIdTime" Type="{relationship}/timeline" Target="../timelines/timeline1.xml"/>'),
        ("xl/workbook.xml", "</extLst>",
         (f'<ext uri="{{D0CA8CA8-9F24-4464-BF8E-62219DCF47F9}}" xmlns:x15="{kind}"><x15:timelineCacheRefs><x15:timelineCacheRef '
         f'r:id="rIdTime" xmlns:r="{OFFICE}"/></x15:timelineCacheRefs></ext>')),
        ("xl/worksheets/sheet2.xml", "</extLst>",
         (f'<ext uri="{{7E03D99C-DC04-49d9-9315-930204A7B6E9}}" xmlns:x15="{kind}"><x15:timelineRefs><x15:timelineRef r:id="rIdTime" '
         f'xmlns:r="{OFFICE}"/></x15:timelineRefs></ext>')),
    )  # fmt: skip
    for name, end, added in additions:
        before, found, after = parts[name].decode().rpartition(end)
        assert found, name
        parts[name] = f"{before}{added}{end}{after}".encode()
    with zipfile.ZipFile(CORPUS / "by-hand-timeline.xlsx", "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in parts.items():
            package.writestr(name, part)


if __name__ == "__main__":
    office_365()
    prefixed()
    bare()
    odd_xml()
    controls()
    connections()
    timeline()
