"""Sheets that no spreadsheet program writes: each is graded right or refused, and the file is whole."""

import warnings
from datetime import datetime
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from python_calamine import CalamineWorkbook

from tests import files
from tests.hostile.command import ends_in_order, graded_in_place, names, refused_in_place, tierxl
from tests.hostile.packages import (
    CLIENTS,
    HEADER,
    SHEET,
    STRINGS,
    WORKBOOK,
    Parts,
    number,
    parts,
    relationships,
    row,
    sheet,
    text,
    workbook,
)
from tierxl.use_cases.grade import check_file
from tierxl.use_cases.reading import Request

pytestmark = pytest.mark.hostile


def with_row(*cells: bytes, at: object = 5, behind: bytes = b"") -> Parts:
    return {SHEET: sheet(HEADER, *CLIENTS, row(at, *cells), behind=behind)}


def with_behind(behind: bytes) -> Parts:
    return {SHEET: sheet(HEADER, *CLIENTS, behind=behind)}


def with_front(front: bytes) -> Parts:
    return {SHEET: sheet(HEADER, *CLIENTS).replace(b"<sheetData>", front + b"<sheetData>")}


DEAN, REVENUE = text("A5", "Dean"), number("B5", 50)

GRADED: dict[str, tuple[Parts, int]] = {
    "rows and cells without an address": (
        {SHEET: sheet(HEADER, *CLIENTS, b'<row><c t="inlineStr"><is><t>Dean</t></is></c><c><v>5</v></c></row>')}, 4,
    ),
    "cells out of order": (with_row(REVENUE, DEAN), 4),
    "two cells of one address": (with_row(DEAN, REVENUE, number("B5", 60)), 4),
    "a sheet in UTF-16": (
        {SHEET: sheet(HEADER, *CLIENTS).replace(b"UTF-8", b"UTF-16").decode().encode("utf-16")}, 3,
    ),
    "a sheet that says it is as large as can be": (with_front(b'<dimension ref="A1:XFD1048576"/>'), 3),
    "choices for every cell": (
        with_behind(
            b'<dataValidations count="1"><dataValidation type="list" sqref="A1:XFD1048576"><formula1>"x"</formula1>'
            b"</dataValidation></dataValidations>"
        ), 3,
    ),
    "a formula that spills over everything": (
        with_row(DEAN, b'<c r="B5"><f t="array" ref="B5:XFD1048576">1</f><v>1</v></c>'), 4,
    ),
    "a shared formula that nobody shares": (with_row(DEAN, b'<c r="B5"><f t="shared" si="99"/><v>1</v></c>'), 4),
    "a string of a negative number": (with_row(DEAN, REVENUE, b'<c r="D5" t="s"><v>-1</v></c>'), 4),
    "a format of a negative number": (with_row(DEAN, number("B5", 50, -1)), 4),
    "infinity in a column of the user's": (with_row(DEAN, REVENUE, number("D5", "-1e999")), 4),
    "a revenue beyond every number": (with_row(DEAN, number("B5", "1e999")), 4),
    "an empty revenue": (with_row(DEAN, number("B5", "")), 4),
    "very many empty rows": (
        {SHEET: sheet(HEADER, *CLIENTS, *(b'<row r="%d"/>' % at for at in range(5, 200_000)))}, 3,
    ),
    "very many strings": (
        {STRINGS: parts()[STRINGS].replace(b"</sst>", b"<si><t>a</t></si>" * 200_000 + b"</sst>")}, 3,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", GRADED)
def test_a_strange_sheet_is_graded_all_the_same(tmp_path: Path, name: str):
    changed, clients = GRADED[name]
    assert f"{clients} clients graded" in graded_in_place(workbook(tmp_path / "a.xlsx", changed)).out


REFUSED: dict[str, tuple[Parts, str]] = {
    "cells at both ends of the sheet": (with_row(number("XFD1048576", 1), at=1_048_576), "is too large"),
    "a header in the last column": (
        {SHEET: sheet(HEADER.replace(b"</row>", text("XFD1", "Own") + b"</row>"), *CLIENTS)}, "has no room for",
    ),
    "a row of four billion": (with_row(text("A4294967295", "x"), at=4_294_967_295), ""),
    "a row beyond every number": (with_row(text(f"A{10**19}", "x"), at=10**19), ""),
    "a row before the first": (with_row(text("A-1", "x"), at=-1), ""),
    "a row without a number": (with_row(text("A", "x"), at="abc"), ""),
    "an address with dollars": (with_row(text("$A$5", "Dean")), ""),
    "a cell of no type": (with_row(DEAN, b'<c r="B5" t="zzz"><v>1</v></c>'), ""),
    "a string that is not there": (with_row(DEAN, REVENUE, b'<c r="D5" t="s"><v>99</v></c>'), ""),
    "merged cells of no address": (with_behind(b'<mergeCells><mergeCell ref="garbage"/></mergeCells>'), ""),
    "another encoding than it says": ({SHEET: sheet(HEADER, *CLIENTS).replace(b"UTF-8", b"UTF-16")}, ""),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_a_sheet_that_cannot_be_read_is_refused_in_one_sentence(tmp_path: Path, name: str):
    changed, says = REFUSED[name]
    sentence = refused_in_place(workbook(tmp_path / "a.xlsx", changed))
    assert says in sentence


IN_ORDER: dict[str, Parts] = {
    "rows out of order": {SHEET: sheet(CLIENTS[2], HEADER, CLIENTS[0], CLIENTS[1])},
    "two rows of one number": with_row(text("A4", "Dean"), number("B4", 9), at=4),
    "cells of another row": with_row(text("A9", "Dean"), number("B9", 9)),
    "a column beyond the last": with_row(DEAN, REVENUE, number("XFE5", 1)),
    "an empty address": with_row(text("", "Dean"), number("", 1)),
    "no number": with_row(DEAN, number("B5", "NaN"), number("D5", "NaN")),
    "a hexadecimal number": with_row(DEAN, number("B5", "0x10")),
    "a format that is not there": with_row(DEAN, number("B5", 50, 99)),
    "a truth of seven": with_row(DEAN, REVENUE, b'<c r="D5" t="b"><v>7</v></c>'),
    "a date of no number": with_row(DEAN, REVENUE, number("C5", "NaN", 1)),
    "a date of no calendar": with_row(DEAN, REVENUE, b'<c r="C5" t="d"><v>0000-00-00</v></c>'),
    "elements in elements": with_behind(b"<x>" * 100_000 + b"</x>" * 100_000),
    "elements in elements of a cell": with_row(
        b'<c r="A5" t="inlineStr"><is>' + b"<r>" * 5_000 + b"<t>x</t>" + b"</r>" * 5_000 + b"</is></c>", REVENUE
    ),
    "a row that stands there a hundred times": with_row(DEAN, REVENUE, row(5, b"<c/>" * 1_000) * 100),
    "a column of six letters": with_row(DEAN, REVENUE, number("ZZZZZZ5", 1)),
    "an address in small letters": with_row(text("a5", "Dean"), number("b5", 1)),
    "widths of four billion columns": with_front(b'<cols><col min="1" max="4294967295" width="9"/></cols>'),
    "a client in the last row": with_row(text("A1048576", "Dean"), number("B1048576", 1), at=1_048_576),
    "a client below the last row": with_row(text("A1048577", "Dean"), number("B1048577", 1), at=1_048_577),
    "all cells merged": with_behind(b'<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'),
    "all cells beside the clients merged": with_behind(b'<mergeCells><mergeCell ref="E1:XFD1048576"/></mergeCells>'),
    "a link on every cell": with_behind(b'<hyperlinks><hyperlink ref="A1:XFD1048576" location="x"/></hyperlinks>'),
    "a number of 400 digits": with_row(DEAN, number("B5", "9" * 400)),
    "a million blank cells without addresses": {
        SHEET: sheet(HEADER, *CLIENTS, *(b"<row>" + b"<c/>" * 10_000 + b"</row>" for _ in range(100)))
    },
}


@pytest.mark.parametrize("name", IN_ORDER)
def test_a_damaged_sheet_is_graded_or_refused_and_nothing_else(tmp_path: Path, name: str):
    path = workbook(tmp_path / "a.xlsx", IN_ORDER[name])
    if ends_in_order(path, seconds=60):
        assert names(tmp_path) == ["a.xlsx"]
        header, *lines = CalamineWorkbook.from_path(path).get_sheet_by_name("Clients").to_python()
        assert {line[header.index("Tier")] for line in lines} <= {"A", "B", "C", "Not graded", ""}


# --- Cells -----------------------------------------------------------------------------------------------------------


def test_the_longest_cell_stays_whole(tmp_path: Path):
    long = "x" * 32_767
    path = workbook(tmp_path / "a.xlsx", with_row(DEAN, REVENUE, text("D5", long)))
    graded_in_place(path)
    assert files.below(files.page_of(path), "Notes")[3] == long


FORMULAS = ("=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(1)", "=1", '=HYPERLINK("http://x","y")')


def test_a_text_that_looks_like_a_formula_stays_a_text_on_every_sheet(tmp_path: Path):
    rows = [
        row(at, text(f"A{at}", escape(name)), number(f"B{at}", at), text(f"D{at}", escape(name)))
        for at, name in enumerate(FORMULAS, 5)
    ]
    path = workbook(tmp_path / "a.xlsx", {SHEET: sheet(HEADER, *CLIENTS, *rows)})
    graded_in_place(path)
    graded_in_place(path)
    page = files.page_of(path)
    assert files.below(page, "Client")[3:] == list(FORMULAS)
    for part, content in files.parts_of(path).items():
        if part.startswith("xl/worksheets/"):
            assert b"<f>" not in content, part


@pytest.mark.parametrize("count_from", ["1900", "1904"])
def test_dates_at_the_ends_of_the_calendar_are_read_or_reported(tmp_path: Path, count_from: str):
    serials = {"Zero": 0, "Phantom": 60, "Last": 2_957_003, "Beyond": 2_958_466, "Far": "1e300", "Negative": -1}
    rows = [row(at, text(f"A{at}", name), number(f"B{at}", at), number(f"C{at}", serial, 1))
            for at, (name, serial) in enumerate(serials.items(), 5)]  # fmt: skip
    changed: Parts = {SHEET: sheet(HEADER, *CLIENTS, *rows)}
    if count_from == "1904":
        changed[WORKBOOK] = parts()[WORKBOOK].replace(b"<sheets>", b'<workbookPr date1904="1"/><sheets>')
    path = workbook(tmp_path / "a.xlsx", changed)
    ended = graded_in_place(path)
    assert "9 clients graded" in ended.out
    issues = check_file(Request(path, files.AS_OF)).issues
    reported = {issue.client for issue in issues if issue.column == "Client since" and "is after" not in issue.message}
    assert {"Beyond", "Far", "Negative"} <= reported
    assert "Last" not in reported
    with warnings.catch_warnings(action="ignore"):  # openpyxl's, about what lies beyond the calendar
        last = files.below(files.page_of(path), "Client since")[5]
    assert last == (datetime(9995, 12, 30) if count_from == "1900" else datetime(9999, 12, 31))


def test_what_lies_outside_of_a_workbook_is_neither_fetched_nor_lost(tmp_path: Path):
    changed: Parts = {
        "xl/worksheets/_rels/sheet1.xml.rels": relationships(
            ("hyperlink", "http://127.0.0.1:9/hostile", ' TargetMode="External"')
        ),
        SHEET: sheet(HEADER, *CLIENTS, behind=b'<hyperlinks><hyperlink ref="A2" r:id="rId1"/></hyperlinks>'),
    }
    path = workbook(tmp_path / "a.xlsx", changed)
    graded_in_place(path)
    kept = b"".join(content for name, content in files.parts_of(path).items() if name.endswith(".rels"))
    assert b"http://127.0.0.1:9/hostile" in kept
    assert tierxl("explain", path, "Abel").code == 0


def test_a_text_too_long_for_a_cell_is_cut_and_reported(tmp_path: Path):
    source, target = tmp_path / "a.csv", tmp_path / "a.xlsx"
    source.write_text(f"Client,Revenue,Notes\nAbel,100,{'x' * 32_768}\nBaker,200,short\n", encoding="utf-8")
    (issue,) = (issue for issue in files.grade(source, target).issues if issue.column == "Notes")
    assert (issue.place, issue.client, issue.value) == ("row 2", "Abel", "x" * 40 + "…")
    assert issue.message == (
        "is longer than the 32,767 characters that a cell can hold: the end is only in your own file"
    )
    assert files.below(files.page_of(target), "Notes") == ["x" * 32_767, "short"]
