"""Rows and cells that do not name their places, as Power BI and Dynamics write them, stand where their order says."""

from functools import partial
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tierxl.workbooks.ooxml import sheet_xml
from tierxl.workbooks.ooxml.plain_xml import plain_sheet
from tierxl.workbooks.ooxml.sheet_xml import SheetPart, SheetText

SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
)


def part_of(rows: str) -> SheetPart:
    return SheetPart(partial(BytesIO, SHEET.format(rows).encode()), Path("a.xlsx"))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("<row><c/><c/></row><row><c/></row>", ["A1", "B1", "A2"]),
        ('<row><c/></row><row r="7"><c/></row><row><c/></row>', ["A1", "A7", "A8"]),
        ('<row r="3"><c/><c r="D3"/><c/><c/></row>', ["A3", "D3", "E3", "F3"]),
        ('<row r="3"><c s="1"/><c t="str"><v>x</v></c></row>', ["A3", "B3"]),
        (f"<row>{'<c/>' * 28}</row>", [*(f"{letter}1" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"), "AA1", "AB1"]),
        ('<row><c s="1" r="C1"/><c/></row>', ["C1", "D1"]),
        ('<row r="2"><c r="b2"/><c/></row>', ["B2", "C2"]),
    ],
)
def test_what_names_no_place_stands_behind_what_comes_before(written: str, meant: list[str]):
    cells = b"".join(text for _, text in part_of(written).rows()).split(b'<c r="')[1:]
    assert [cell.partition(b'"')[0].decode() for cell in cells] == meant


@st.composite
def rows(draw: st.DrawFn) -> str:
    """Rows in their order, some of them and of their cells with the places that they have."""
    text, row = "", 0
    for gap in draw(st.lists(st.integers(1, 3), min_size=1, max_size=5)):
        names_row = gap > 1 or draw(st.booleans())
        row += gap
        text += f'<row r="{row}">' if names_row else '<row ht="9">' if draw(st.booleans()) else "<row>"
        column = 0
        for step in draw(st.lists(st.integers(1, 2), min_size=1, max_size=5)):
            column += step
            place = f' r="{"ABCDEFGHIJ"[column - 1]}{row}"' if step > 1 or draw(st.booleans()) else ""
            text += draw(st.sampled_from([f"<c{place}/>", f'<c{place} s="2"/>', f"<c{place}><v>7</v></c>"]))
        text += "</row>"
    return text


@pytest.mark.hypothesis
@given(rows())
def test_such_a_sheet_is_read_as_one_that_is_parsed(written: str):
    opened = partial(BytesIO, SHEET.format(written).encode())
    parsed = SheetText(plain_sheet(opened, Path("a.xlsx")), Path("a.xlsx"))
    assert [*part_of(written).rows()] == [*parsed.rows()]


def test_such_a_sheet_is_not_parsed_which_takes_ten_times_as_long(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delattr(sheet_xml, "plain_sheet")
    part = part_of('<row><c t="str"><v>Client</v></c><c/></row>' * 9)
    assert (part.last_row, part.last_column) == (9, 2)


def test_the_numbers_of_shared_formulas_that_stay_are_not_given_again():
    cell = '<c r="{}{}"><f t="shared" si="{}"/><v>1</v></c>'
    rows = "".join(
        f'<row r="{row}">{cell.format("A", row, 4)}{cell.format("B", row, 7 + row)}</row>' for row in (1, 2, 3)
    )
    assert [part_of(rows).next_shared([2], anew) for anew in ({1, 2, 3}, {3}, set())] == [5, 10, 11]
