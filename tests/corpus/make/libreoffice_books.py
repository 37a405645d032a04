"""Workbooks as LibreOffice saves them: python -m tests.corpus.make.libreoffice_books"""

import shutil
import subprocess
import tempfile
from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape

from tests.corpus.make.clients import CORPUS, HEADERS, ROWS

FILTER = "xlsx:Calc MS Excel 2007 XML"


def convert(source: Path, target: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        given = Path(shutil.copy(source, folder))
        profile = f"-env:UserInstallation={(Path(folder) / 'profile').as_uri()}"
        out = Path(folder) / "out"
        subprocess.run(["soffice", "--headless", profile, "--convert-to", FILTER, "--outdir", out, given], check=True)
        shutil.move(out / f"{source.stem}.xlsx", target)


def cell(value: object) -> str:
    if value is None:
        return "<table:table-cell/>"
    if isinstance(value, date):
        return f'<table:table-cell table:style-name="day" office:value-type="date" office:date-value="{value}"/>'
    if isinstance(value, int):
        return f'<table:table-cell table:style-name="money" office:value-type="float" office:value="{value}"/>'
    return f'<table:table-cell office:value-type="string"><text:p>{escape(str(value))}</text:p></table:table-cell>'


def row(cells: list[str]) -> str:
    return f"<table:table-row>{''.join(cells)}</table:table-row>"


NAMESPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{kind}:1.0"'
    for name, kind in {
        "office": "office", "table": "table", "text": "text", "style": "style", "number": "datastyle", "draw": "drawing",
        "svg": "svg-compatible", "form": "form", "fo": "xsl-fo-compatible",
    }.items()
)  # fmt: skip


def flat_document() -> str:
    """A document of LibreOffice's own: form controls, drawing shapes, a database area with a filter, a validation, a
    name, live formats, a note, grouped rows, a page break and a sheet of formulas."""
    lines = [row([cell(header) for header in HEADERS]), *(row([cell(value) for value in line]) for line in ROWS)]
    lines[3] = lines[3].replace(
        "<text:p>Cresswick",
        '<office:annotation office:display="false"><text:p>Pays late</text:p></office:annotation><text:p>Cresswick',
    )
    lines[8:12] = ["<table:table-row-group>", *lines[8:12], "</table:table-row-group>"]
    lines = [
        line.replace(
            "<table:table-cell office:value-type",
            '<table:table-cell table:content-validation-name="levels" office:value-type',
        )
        if at and "High" in line
        else line
        for at, line in enumerate(lines)
    ]
    sums = row(
        [
            f'<table:table-cell table:formula="of:=SUM([Clients.E2:.E{len(ROWS) + 1}])" office:value-type="float" office:value="0"/>',
            '<table:table-cell table:formula="of:=Largest" office:value-type="float" office:value="0"/>',
            (
                '<table:table-cell table:number-matrix-columns-spanned="1" table:number-matrix-rows-spanned="2" '
                'table:formula="of:=[Clients.E2:.E3]*2" office:value-type="float" office:value="0"/>'
            ),
        ]
    )
    shapes = (
        '<table:shapes><draw:custom-shape svg:x="2cm" svg:y="16cm" svg:width="4cm" svg:height="2cm"><text:p>Net of VAT</text:p>'
        '<draw:enhanced-geometry draw:type="round-rectangle"/></draw:custom-shape><draw:line svg:x1="7cm" svg:y1="16cm" '
        'svg:x2="11cm" svg:y2="18cm"/><draw:control svg:x="12cm" svg:y="16cm" svg:width="4cm" svg:height="1cm" '
        'draw:control="approved"/><draw:control svg:x="12cm" svg:y="18cm" svg:width="4cm" svg:height="1cm" draw:control="go"/>'
        "</table:shapes>"
    )
    forms = (
        '<office:forms><form:form form:name="Form"><form:checkbox form:name="Approved" form:id="approved" form:label="Approved" '
        'form:current-state="checked"/><form:button form:name="Go" form:id="go" form:label="Go"/></form:form></office:forms>'
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document {NAMESPACES} xmlns:of="urn:oasis:names:tc:opendocument:xmlns:of:1.2" '
        'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0" office:version="1.3" '
        'office:mimetype="application/vnd.oasis.opendocument.spreadsheet"><office:styles><style:style style:name="Default" '
        'style:family="table-cell"/><style:style style:name="Low" style:family="table-cell"><style:table-cell-properties '
        'fo:background-color="#ffcccc"/></style:style></office:styles><office:automatic-styles><number:number-style '
        'style:name="N1"><number:number number:min-integer-digits="1" number:grouping="true"/></number:number-style>'
        '<number:date-style style:name="N2"><number:year number:style="long"/><number:text>-</number:text><number:month '
        'number:style="long"/><number:text>-</number:text><number:day number:style="long"/></number:date-style><style:style '
        'style:name="money" style:family="table-cell" style:data-style-name="N1"/><style:style style:name="day" '
        'style:family="table-cell" style:data-style-name="N2"/><style:style style:name="wide" style:family="table-column">'
        '<style:table-column-properties style:column-width="6cm"/></style:style></office:automatic-styles><office:body>'
        '<office:spreadsheet><table:content-validations><table:content-validation table:name="levels" table:condition="of:'
        'cell-content-is-in-list(&quot;High&quot;;&quot;Medium&quot;;&quot;Low&quot;)" table:display-list="unsorted" '
        'table:base-cell-address="Clients.H2"/></table:content-validations><table:table table:name="Clients">'
        f'{forms}{shapes}<table:table-column/><table:table-column table:style-name="wide"/><table:table-column '
        f'table:number-columns-repeated="10"/>{"".join(lines)}<calcext:conditional-formats><calcext:conditional-format '
        f'calcext:target-range-address="Clients.F2:Clients.F{len(ROWS) + 1}"><calcext:condition calcext:apply-style-name="Low" '
        'calcext:value="&lt;0" calcext:base-cell-address="Clients.F2"/></calcext:conditional-format><calcext:conditional-format '
        f'calcext:target-range-address="Clients.E2:Clients.E{len(ROWS) + 1}"><calcext:data-bar calcext:positive-color="#0000ff" '
        'calcext:max-length="90"><calcext:formatting-entry calcext:value="0" calcext:type="auto-minimum"/>'
        '<calcext:formatting-entry calcext:value="0" calcext:type="auto-maximum"/></calcext:data-bar></calcext:conditional-format>'
        f'</calcext:conditional-formats></table:table><table:table table:name="Sums">{sums}{row([])}</table:table>'
        '<table:named-expressions><table:named-expression table:name="Largest" table:base-cell-address="$Clients.$A$1" '
        f'table:expression="of:=MAX([$Clients.$E$2:$Clients.$E${len(ROWS) + 1}])"/></table:named-expressions><table:database-ranges>'
        f'<table:database-range table:name="__Anonymous_Sheet_DB__0" table:target-range-address="Clients.A1:Clients.L{len(ROWS) + 1}" '
        'table:display-filter-buttons="true"/></table:database-ranges></office:spreadsheet></office:body></office:document>'
    )


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as drafts:
        document = Path(drafts) / "clients.fods"
        document.write_text(flat_document(), encoding="utf-8")
        convert(document, CORPUS / "libreoffice-document.xlsx")
    convert(CORPUS / "xlsxwriter-rules.xlsx", CORPUS / "libreoffice-rules.xlsx")
    convert(CORPUS / "xlsxwriter-charts.xlsx", CORPUS / "libreoffice-charts.xlsx")
