"""Workbooks with macros on pyOpenVBA's blank ones, which Excel saved: python -m tests.corpus.make.pyopenvba_books"""

import tempfile
from pathlib import Path

from tests.corpus.make.assembly import MICROSOFT, SHEETML, Assembly, Strings, client_lines, excel_rows
from tests.corpus.make.by_hand import MARGINS, STYLED, excel_base, worksheet
from tests.corpus.make.clients import CORPUS, macros


def with_macros(name: str, *, signed: bool) -> None:
    """A workbook with macros; a signed one has the parts of the signatures that Office puts beside the project."""
    made, _ = excel_base(["Clients", "Log"], kind=".xlsm")
    strings = Strings()
    view = '<sheetViews><sheetView tabSelected="1" workbookViewId="0"><selection activeCell="E3" sqref="E3"/></sheetView></sheetViews>'
    view += '<sheetFormatPr defaultRowHeight="14.5" x14ac:dyDescent="0.35"/>'
    rows = excel_rows(client_lines(*STYLED), strings)
    for number, code, lines in ((1, "Sheet1", rows), (2, "Sheet2", [])):
        text = worksheet(f'<sheetPr codeName="{code}"/>{view if number == 1 else ""}', lines, MARGINS)
        made.add(f"xl/worksheets/sheet{number}.xml", text, f"{SHEETML}.worksheet+xml")
    made.add("xl/sharedStrings.xml", strings.part(), f"{SHEETML}.sharedStrings+xml")
    made.relate("xl/workbook.xml", "sharedStrings", "sharedStrings.xml")
    made.overrides["xl/workbook.xml"] = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    made.defaults["bin"] = "application/vnd.ms-office.vbaProject"
    with tempfile.TemporaryDirectory() as folder:
        made.add("xl/vbaProject.bin", macros(Path(folder)))
    made.relate("xl/workbook.xml", f"{MICROSOFT}/2006/relationships/vbaProject", "vbaProject.bin")
    if signed:
        sign(made)
    made.write(CORPUS / name)


def sign(made: Assembly) -> None:
    """Parts of the three kinds of signature, with bytes that stand in for them."""
    kinds = (
        ("", "2006/relationships/vbaProjectSignature", "application/vnd.ms-office.vbaProjectSignature"),
        ("Agile", "2014/relationships/vbaProjectSignatureAgile", "application/vnd.ms-office.vbaProjectSignatureAgile"),
        ("V3", "2020/07/relationships/vbaProjectSignatureV3", "application/vnd.ms-office.vbaProjectSignatureV3"),
    )
    for number, (name, relationship, content_type) in enumerate(kinds, 1):
        made.add(f"xl/vbaProjectSignature{name}.bin", bytes((number * at) % 251 for at in range(1, 400)), content_type)
        made.relate("xl/vbaProject.bin", f"{MICROSOFT}/{relationship}", f"vbaProjectSignature{name}.bin")


if __name__ == "__main__":
    with_macros("pyopenvba-macros.xlsm", signed=False)
    with_macros("pyopenvba-signed.xlsm", signed=True)
