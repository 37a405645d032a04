"""However large a sheet is, and however it is cut into pieces on the way, the result is the same."""

import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests import files
from tests.files import CLIENTS, add_table, everything, graded_block, headers_of, page_of, put, regrade, workbook
from tests.packages import Package
from tierxl.method.issues import CannotGrade
from tierxl.workbooks import dimensions
from tierxl.workbooks.ooxml import new_sheets
from tierxl.workbooks.ooxml import sheet_xml as sheet_part

pytestmark = pytest.mark.long

HEADERS = ("Client", "Client ID", "Account manager", "Revenue", "Profit", "Last contact", "Notes")


def portfolio(path: Path, count: int = 150, **options: Any) -> Path:
    lines: list[tuple[Any, ...]] = [
        (f"Client <{at}> & Sons", at, "Ann" if at % 2 else "Bob", at * 1000.5 % 7919, at % 40 - 5,
         datetime(2026, 1 + at % 9, 1 + at % 27), "=not a formula" if at % 3 else None)
        for at in range(count)
    ]  # fmt: skip
    return workbook(path, [HEADERS, *lines], **options)


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    path = portfolio(tmp_path_factory.mktemp("whole") / "clients.xlsx")
    regrade(path)
    return everything(path)


def test_a_sheet_too_large_to_be_kept_is_read_and_written_alike(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, expected: dict[str, Any]
):
    monkeypatch.setattr(sheet_part, "_LARGEST_KEPT", 0)
    path = portfolio(tmp_path / "clients.xlsx")
    regrade(path)
    assert everything(path) == expected
    regrade(path)
    assert everything(path) == expected


@pytest.mark.parametrize("size", [64, 200, 1_000])
def test_it_does_not_matter_where_a_sheet_is_cut_into_pieces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, expected: dict[str, Any], size: int
):
    monkeypatch.setattr(sheet_part, "_CHUNK", size)
    path = portfolio(tmp_path / "clients.xlsx", 150)
    regrade(path)
    assert everything(path) == expected


def test_tables_are_the_same_whether_they_are_written_cell_by_cell_or_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, expected: dict[str, Any]
):
    monkeypatch.setattr(dimensions, "LONG_TABLE", 10_000)
    path = portfolio(tmp_path / "clients.xlsx")
    regrade(path)
    assert everything(path) == expected


def test_the_cells_of_many_lines_of_ours_need_not_name_their_places(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, expected: dict[str, Any]
):
    """Those of the clients' own sheet do, as other programs may look for them there."""
    monkeypatch.setattr(new_sheets, "_MOST_WITH_PLACES", 149)
    path = portfolio(tmp_path / "clients.xlsx")
    for _ in range(2):
        regrade(path)
        assert everything(path) == expected
        parts, sheets = files.parts_of(path), Package(path).sheets
        assert b"</c><c s=" in parts[sheets["History"]]
        assert re.findall(rb"<c [^r].*", parts[sheets["Clients"]]) == []


def test_dates_in_a_workbook_that_counts_from_1904_are_due_on_the_same_days(tmp_path: Path):
    def since_1904(book: Any, page: Any) -> None:
        book.epoch = datetime(1904, 1, 1)
        put(page, [(datetime(2026, 11, 1),)], top=2, left=6)

    path = portfolio(tmp_path / "clients.xlsx", 30, change=since_1904)
    regrade(path)
    plain = portfolio(tmp_path / "plain.xlsx", 30, change=lambda _, page: put(page, [(datetime(2026, 11, 1),)], 2, 6))
    regrade(plain)
    due = next_contacts(path)
    assert {type(day) for day in due.values()} >= {datetime}
    assert next_contacts(plain) == due


def next_contacts(path: Path) -> dict[str, Any]:
    """The day on which each client of the plan is due for a contact."""
    lines = list(page_of(path, "Engagement plan").iter_rows(values_only=True))
    (top,) = (number for number, line in enumerate(lines) if line[0] == "Client" and "Next contact" in line)
    at = lines[top].index("Next contact")
    return {str(line[0]): line[at] for line in lines[top + 1 :] if line[0]}


# --- Formulas of the user's in graded columns ------------------------------------------------------------------------


def with_formula(path: Path, address: str, formula: str, message: str = "") -> Path:
    """A graded workbook in which the user types a formula over a grade."""

    def change(part: bytes) -> bytes:
        start = part.index(f'<c r="{address}"'.encode())
        end = part.index(b"</c>", start) + len(b"</c>")
        cell = f'<c r="{address}"><f{message}>{formula}</f><v>1</v></c>'
        return part[:start] + cell.encode() + part[end:]

    return files.with_part(path, files.FIRST_SHEET, change)


def with_calculation_chain(path: Path) -> Path:
    parts = files.parts_of(path)
    parts["xl/calcChain.xml"] = (
        b'<calcChain xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><c r="F2" i="1"/></calcChain>'
    )
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(
        b"</Types>",
        b'<Override PartName="/xl/calcChain.xml" '
        b'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.calcChain+xml"/></Types>',
    )
    parts["xl/_rels/workbook.xml.rels"] = parts["xl/_rels/workbook.xml.rels"].replace(
        b"</Relationships>",
        b'<Relationship Id="rIdChain" Target="calcChain.xml" '
        b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/calcChain"/></Relationships>',
    )
    return files.package(path, parts)


def test_a_formula_over_a_grade_gives_way_and_excel_is_not_told_of_it_any_more(graded_clients: Path):
    path = with_calculation_chain(with_formula(graded_clients, "F2", "B2*2"))
    regrade(path)
    parts = files.parts_of(path)
    assert b"<f" not in parts[files.FIRST_SHEET].partition(b"</sheetData>")[0]
    assert "xl/calcChain.xml" not in parts
    assert b"calcChain" not in parts["[Content_Types].xml"] + parts["xl/_rels/workbook.xml.rels"]


def test_a_list_of_calculations_without_such_a_formula_stays(tmp_path: Path):
    path = with_calculation_chain(workbook(tmp_path / "clients.xlsx"))
    regrade(path)
    before = files.parts_of(path)["xl/calcChain.xml"]
    regrade(path)
    assert files.parts_of(path)["xl/calcChain.xml"] == before


def test_a_formula_that_fills_cells_of_the_users_as_well_is_refused(graded_clients: Path):
    path = with_formula(graded_clients, "D2", "A2:A3", ' t="array" ref="C2:D3"')
    before = path.read_bytes()
    with pytest.raises(CannotGrade, match=r"The formula in D2 .* fills cells right or left of the graded columns"):
        regrade(path)
    assert path.read_bytes() == before


def test_a_formula_that_comes_to_nothing_keeps_its_column(tmp_path: Path):
    path = workbook(tmp_path / "clients.xlsx", change=lambda _, page: put(page, [('=""',)], top=2, left=4))
    files.with_part(path, files.FIRST_SHEET, lambda part: part.replace(b'<c r="D2"', b'<c r="D2" t="str"'))
    regrade(path)
    page = page_of(path)
    assert page["D2"].value == '=""'
    assert headers_of(page)[5] == "Tier"


# --- Tables ----------------------------------------------------------------------------------------------------------


def test_a_workbook_with_custom_views_gets_filters_and_no_table(tmp_path: Path):
    views = b'<customSheetViews><customSheetView guid="{00000000-0000-0000-0000-000000000001}"/></customSheetViews>'
    path = workbook(tmp_path / "clients.xlsx")
    files.with_part(path, files.FIRST_SHEET, lambda part: part.replace(b"<pageMargins", views + b"<pageMargins"))
    regrade(path)
    page = page_of(path)
    assert (dict(page.tables), page.auto_filter.ref) == ({}, "A1:N4")


def test_the_numbers_of_tables_stay_distinct(tmp_path: Path):
    def two(book: Any, page: Any) -> None:
        put(other := book.create_sheet("Other"), CLIENTS)
        add_table(other, "Elsewhere", CLIENTS)
        add_table(page, "Mine", CLIENTS)

    path = workbook(tmp_path / "clients.xlsx", change=two)
    for _ in range(2):
        regrade(path)
        parts = files.parts_of(path)
        ids = [part.partition(b' id="')[2].partition(b'"')[0] for name, part in parts.items() if "/tables/" in name]
        assert len(set(ids)) == len(ids) > len(("Mine", "Elsewhere"))


def test_texts_in_graded_cells_are_such_as_any_reader_takes(tmp_path: Path):
    reason = 'Pilot <b>&amp;</b> "so" \t line\nbreak'
    lines = [(*CLIENTS[0], "Override tier", "Override reason"), (*CLIENTS[1], "B", reason), (*CLIENTS[2], None, None)]
    path = workbook(tmp_path / "clients.xlsx", lines)
    regrade(path)
    assert f"Override to B: {reason}." in graded_block(path)[0][-1]
