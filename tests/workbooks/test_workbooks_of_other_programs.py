"""Workbooks as other programs write them: OpenDocument, Excel 97, Google Sheets, Numbers, stray cells, pivot tables."""

from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.styles import PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from tests.files import AS_OF, clients_of, columns_of, grade, page_of, put, regrade, workbook
from tests.libreoffice import convert, in_libreoffice
from tierxl.method.issues import CannotGrade
from tierxl.method.progress import silent
from tierxl.use_cases.grade import check_file
from tierxl.use_cases.reading import Request, read_clients_of

ROWS = [
    ("Customer", "Account number", "Turnover", "Margin", "Last contact", "High touch", "Note"),
    ("Bäcker Abel", "007", 1200.5, 0.25, date(2026, 3, 1), True, None),
    ("Łoś & Ко", "008", -30, 0.031, date(2026, 3, 2), False, "x"),
    ("漢字", "009", 40, None, None, None, None),
]


def with_looks(_: Workbook, page: Worksheet) -> None:
    for row in range(5, 8):
        page.cell(row, 6).number_format, page.cell(row, 7).number_format = "0.0%", "dd.mm.yyyy"
    page["XFD9"].fill = PatternFill("solid", fgColor="FFFF99")


@pytest.fixture(scope="module", params=["ods", "xls"])
def converted(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("converted")
    source = workbook(folder / "clients.xlsx", ROWS, sheet="Accounts", top=4, left=3, change=with_looks)
    convert(request.param, folder, source)
    return folder / f"clients.{request.param}"


@in_libreoffice
def test_open_document_and_old_workbooks_are_read_as_excel_s_own(converted: Path):
    table = read_clients_of(Request(converted, AS_OF), silent).table
    columns = columns_of(table)
    assert list(table.headers) == list(ROWS[0])
    assert list(table.rows) == [5, 6, 7]
    assert columns["Customer"] == ["Bäcker Abel", "Łoś & Ко", "漢字"]
    assert columns["Account number"] == ["007", "008", "009"]
    assert columns["Turnover"] == [1200.5, -30, 40]
    assert columns["Margin"] == [0.25, 0.031, None]
    assert [str(day)[:10] for day in columns["Last contact"][:2]] == ["2026-03-01", "2026-03-02"]
    assert columns["High touch"] == [True, False, None]


@in_libreoffice
def test_they_are_graded_into_a_new_workbook(converted: Path, tmp_path: Path):
    grade(converted, tmp_path / "graded.xlsx")
    rows = list(page_of(tmp_path / "graded.xlsx").iter_rows(max_col=10, values_only=True))
    assert rows[0] == (ROWS[0][0], "Tier", "Action", "Reason", *ROWS[0][1:])
    assert rows[1][:1] + rows[1][4:8] == ("Bäcker Abel", "007", 1200.5, 0.25, datetime(2026, 3, 1))


@in_libreoffice
def test_they_are_not_graded_in_place(converted: Path):
    before = converted.read_bytes()
    with pytest.raises(CannotGrade, match="is read, but not written: leave --in-place out, or name"):
        regrade(converted)
    assert converted.read_bytes() == before


@in_libreoffice
def test_a_sheet_of_them_can_be_named(converted: Path):
    assert len(read_clients_of(Request(converted, AS_OF, table="accounts"), silent).table.rows) == 3
    with pytest.raises(CannotGrade, match='has no table or sheet "Nobody": it has Accounts'):
        read_clients_of(Request(converted, AS_OF, table="Nobody"), silent)


@pytest.mark.parametrize("ending", ["ods", "xls", "xlsb"])
@pytest.mark.parametrize(
    "content", [b"", b"PK", b"<html><table><tr><td>Client</td></tr></table></html>", b"\xd0\xcf\x11\xe0"]
)
def test_what_is_no_such_workbook_is_refused_in_one_sentence(tmp_path: Path, ending: str, content: bytes):
    path = tmp_path / f"clients.{ending}"
    path.write_bytes(content)
    with pytest.raises(CannotGrade, match=f"clients.{ending} is not a workbook that can be read"):
        read_clients_of(Request(path, AS_OF), silent)


# --- Google Sheets and Numbers ---------------------------------------------------------------------------------------


def test_a_workbook_of_numbers_has_a_summary_and_tables_with_a_title(tmp_path: Path):
    def change(book: Workbook, summary: Worksheet) -> None:
        put(summary, [("This document was exported from Numbers.",), ("Numbers Sheet Name", "Excel Worksheet Name")])
        put(summary, [("Sheet 1", "Sheet 1 - Table 1")], top=3)
        put(
            book.create_sheet("Sheet 1 - Table 1"),
            [("Table 1", None), ("Client", "Revenue"), ("Abel", 5), ("Baker", 7)],
        )

    path = workbook(tmp_path / "a.xlsx", [], sheet="Export Summary", change=change)
    assert columns_of(clients_of(path)) == {"Client": ["Abel", "Baker"], "Revenue": [5, 7]}


# --- Stray cells -----------------------------------------------------------------------------------------------------


def stray(_: Workbook, page: Worksheet) -> None:
    for cell in ("XFD3", "B1048576", "AZ90000"):
        page[cell].fill = PatternFill("solid", fgColor="FFFF99")


@pytest.mark.long
def test_cells_far_away_that_hold_nothing_have_no_effect(tmp_path: Path):
    rows = [("Client", "Revenue"), ("Abel", 5), ("Baker", 7)]
    path = workbook(tmp_path / "a.xlsx", rows, change=stray)
    assert list(clients_of(path).rows) == [2, 3]
    regrade(path)
    regrade(path)
    graded = page_of(path)
    assert [graded.cell(1, column).value for column in (1, 2, 3)] == ["Client", "Revenue", "Tier"]
    assert graded["XFD3"].fill.fgColor.rgb == "00FFFF99"


def test_cells_far_away_that_hold_something_are_still_too_many(tmp_path: Path):
    path = workbook(tmp_path / "a.xlsx", change=lambda _, page: page.cell(1_048_576, 16_384, "far"))
    with pytest.raises(CannotGrade, match="17,179,869,184 cells"):
        clients_of(path)


# --- Formulas without values -----------------------------------------------------------------------------------------


def test_formulas_without_values_are_said_once_with_their_number(tmp_path: Path):
    formulas = [(name, at, f"=B{at}*90") for at, name in enumerate(["A", "B", "C"], 2)]
    rows = [("Client", "Hours", "Revenue"), *formulas, ("D", 5, 450)]
    says = [str(issue) for issue in check_file(Request(workbook(tmp_path / "a.xlsx", rows), AS_OF)).issues]
    (formula,) = (text for text in says if "formula" in text)
    assert formula.startswith('Clients!C2, Revenue: "=B2*90" is a formula without a value, like 2 more below it: open')
    assert formula.endswith("open the file in Excel, save it, and grade again")


# --- Which sheet -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("header", [("Customer", "Sum of Revenue", "Revenue"), ("Row Labels", "Customer", "Sales")])
def test_a_pivot_table_does_not_win_over_the_list_it_sums_up(tmp_path: Path, header: tuple[str, ...]):
    def change(book: Workbook, _: Worksheet) -> None:
        put(book.create_sheet("Data"), [("Customer", "Sales"), ("Abel", 5)])

    path = workbook(tmp_path / "a.xlsx", [header, ("Abel", 5, 5)], sheet="Pivot", change=change)
    assert clients_of(path).sheet == "Data"


def test_a_list_of_unknown_headers_wins_over_notes(tmp_path: Path):
    def change(book: Workbook, _: Worksheet) -> None:
        put(book.create_sheet("Data"), [("Who", "Work done"), ("Abel", 5), ("Baker", 7)], top=4, left=2)

    path = workbook(tmp_path / "a.xlsx", [("Notes",), ("Prices may change",)], sheet="Read me", change=change)
    table = clients_of(path)
    assert (table.sheet, list(table.headers), list(table.rows)) == ("Data", ["Who", "Work done"], [5, 6])
