"""The clients in the workbooks of the corpus: invented, with what real lists have."""

import struct
import zipfile
import zlib
from datetime import date
from pathlib import Path

from pyopenvba import ExcelFile, _templates

CORPUS = Path(__file__).parents[1]

HEADERS = (
    "Client ID", "Client", "Account manager", "Segment", "Revenue", "Profit", "Total spend", "Strategic value",
    "Pain factor", "Retention risk", "Opportunity", "Last contact",
)  # fmt: skip

_LINES = """
00101|Amberley & Stone LLP|Priya Raman|Legal|412500|98200|610000|High|Low|Low|High|2026-11-03
00102|Bergström Textil AB|Jonas Hale|Manufacturing|187300|22150|420000|Medium|Low|Medium|High|2026-10-21
00103|Cresswick Housing Trust|Niamh Corrigan|Public sector|96400|4800|96400|Low|Medium|Low|Low|2026-08-14
00104|Dunmore Analytics|Priya Raman|Technology|268900|71300|500000|High|Low|Low|Medium|2026-11-12
00105|Évariste Conseil SARL|Lotte Vermeulen|Consulting|54200|9100||Medium||Medium|High|2026-09-30
00106|Farrow <Marine> Ltd|Jonas Hale|Transport|133750|-8200|160000|Low|High|High|Low|2026-05-19
00107|Gölcük Enerji A.Ş.|Lotte Vermeulen|Energy|351000|61400|900000|High|Medium|Low|High|2026-11-18
00108|Hathersage Foods|Daniel Okafor|Retail|76100|12900|180000|Medium|Low|Low|Medium|2026-10-02
00109|Inverlochy Estates|Niamh Corrigan|Property|22800|1100||Low|High|Medium|Low|2026-03-27
00110|Juniper Row Studios|Daniel Okafor|Media|41300|7700|120000|Medium|Low|High|High|2026-10-28
00111|Kestrel Avionics plc|Priya Raman|Manufacturing|598000|143500|640000|High|Low|Low|Low|2026-11-16
00112|Lindqvist Pharma|Lotte Vermeulen|Life sciences|305400|84900|760000|High|Low|Medium|High|2026-11-09
00113|Marlow Bay Council|Niamh Corrigan|Public sector|88700|3200|110000|Low|Medium|Low|Low|2026-07-07
00114|Northgate Credit Union|Jonas Hale|Financial services|142600|30800|390000|Medium|Low|Low|Medium|2026-10-15
00115|Orrin & Daughters|Daniel Okafor|Retail|18900|-2600|30000|Low|High|High|Low|2026-02-11
00116|Pemberton-Ruiz Capital|Priya Raman|Financial services|477200|112700|1250000|High|Medium|Low|High|2026-11-20
00117|Quayside Logistics|Jonas Hale|Transport|119800|15600|250000|Medium|Low|Medium|Medium|2026-09-12
00118|Rosenthal Optik GmbH|Lotte Vermeulen|Manufacturing|64500|11200|64500|Medium|Low|Low|Low|2026-08-30
00119|São Bento Agrícola|Daniel Okafor|Agriculture|37900|2900|140000|Low|Medium|Medium|High|2026-06-24
00120|Thornfield Academies|Niamh Corrigan|Education|101200|9400|205000|Medium|Medium|Low|Medium|2026-10-08
00121|Ulverton Water|Jonas Hale|Energy|229000|43700|300000|High|Low|Low|Medium|2026-11-05
00122|Vale & Mercer|Priya Raman|Legal|15300|600||Low|High||Low|2025-12-02
00123|Wyndham Robotics|Lotte Vermeulen|Technology|173400|39100|820000|High|Low|Medium|High|2026-11-14
00124|Yarrow Insurance Brokers|Daniel Okafor|Financial services|83600|14500|170000|Medium|Low|Low|Medium|2026-10-19
"""

Row = tuple[str | int | date | None, ...]


def _row(line: str) -> Row:
    cells = line.split("|")
    numbers = [int(text) if text else None for text in cells[4:7]]
    return (*cells[:4], *numbers, *(text or None for text in cells[7:11]), date.fromisoformat(cells[11]))


ROWS: tuple[Row, ...] = tuple(_row(line) for line in _LINES.strip().splitlines())


def picture(red: int, green: int, blue: int, side: int = 24) -> bytes:
    """A small square of one colour as a PNG file."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    lines = (b"\0" + bytes((red, green, blue)) * side) * side
    size = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + chunk(b"IDAT", zlib.compress(lines, 9)) + chunk(b"IEND", b"")


def blank(suffix: str) -> bytes:
    """A blank workbook as Excel itself saved it, out of pyOpenVBA's templates."""
    return (Path(_templates.__file__).parent / "blank_files" / f"blank_workbook{suffix}").read_bytes()


def macros(folder: Path) -> bytes:
    """A VBA project with two modules, as pyOpenVBA writes it."""
    path = folder / "macros.xlsm"
    path.write_bytes(blank(".xlsm"))
    with ExcelFile(path) as book:
        project = book.vba_project()
        project.add_module("Letters", 'Public Sub WriteLetters()\r\n    MsgBox "Letters"\r\nEnd Sub\r\n')
        project.add_module(
            "Rates", "Public Function Fee(amount As Double)\r\n    Fee = amount / 50\r\nEnd Function\r\n"
        )
        book.save()
    with zipfile.ZipFile(path) as package:
        return package.read("xl/vbaProject.bin")
