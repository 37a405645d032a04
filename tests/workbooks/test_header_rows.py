"""The header row of a list, or the two rows of it, wherever they stand."""

from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from tests.files import clients_of, csv_file, page_of, regrade, workbook, write_grades
from tierxl.workbooks.csv_parquet import read_csv
from tierxl.workbooks.header_rows import header_row

YEARS = (
    ("Client", "Owner", "Revenue", None, "Profit", None),
    (None, None, 2024, 2025, 2024, 2025),
    ("Abel", "Ann", 90, 100, 9, 10),
    ("Baker", "Bob", 40, 50, 4, 5),
)
OF_YEARS = ["Client", "Owner", "Revenue 2024", "Revenue 2025", "Profit 2024", "Profit 2025"]


def merge(*areas: str):
    def change(_: Workbook, page: Worksheet) -> None:
        for area in areas:
            page.merge_cells(area)

    return change


def test_groups_of_years_are_named_by_both_rows(tmp_path: Path):
    path = workbook(tmp_path / "a.xlsx", YEARS, change=merge("A1:A2", "B1:B2", "C1:D1", "E1:F1"))
    table = clients_of(path)
    assert list(table.headers) == OF_YEARS
    assert table.cells.rows() == list(YEARS[2:])
    assert list(table.rows) == [3, 4]


def test_units_may_stand_below_groups_of_years(tmp_path: Path):
    rows = [YEARS[0], YEARS[1], (None, None, "TEUR", "TEUR"), *YEARS[2:]]
    path = workbook(tmp_path / "a.xlsx", rows, change=merge("A1:A2", "B1:B2", "C1:D1", "E1:F1"))
    table = clients_of(path)
    assert list(table.headers) == [f"{name} TEUR" if at in (2, 3) else name for at, name in enumerate(OF_YEARS)]
    assert list(table.rows) == [4, 5]


def test_the_same_without_merged_cells(tmp_path: Path):
    text = "\n".join(",".join("" if cell is None else str(cell) for cell in row) for row in YEARS)
    table = clients_of(csv_file(tmp_path, f"Sales by client\n\n{text}\n"))
    assert list(table.headers) == OF_YEARS
    assert list(table.rows) == [5, 6]


def test_a_header_beside_merged_groups_stays_as_it_is(tmp_path: Path):
    rows = [
        ("Revenue", None, None, None),
        ("FY24", "FY25", "Client", "Notes"),
        (90, 100, "Abel", "x"),
    ]
    table = clients_of(workbook(tmp_path / "a.xlsx", rows, change=merge("A1:B1")))
    assert list(table.headers) == ["Revenue FY24", "Revenue FY25", "Client", "Notes"]


@pytest.mark.parametrize(
    ("rows", "headers"),
    [
        ([["Report", "", ""], ["Client", "Revenue", "City"], ["Abel", "1", "Ulm"]], ["Client", "Revenue", "City"]),
        ([["", "in euro", ""], ["Client", "Revenue", "Profit"], ["Abel", "1", "1"]], ["Client", "Revenue", "Profit"]),
        ([["Client", "Revenue", "Notes", ""], ["Abel", "", "good", "very"]], ["Client", "Revenue", "Notes"]),
        ([["Client", "Revenue", "Notes", ""], ["Abel", "5", "good", "very"]], ["Client", "Revenue", "Notes"]),
        ([["Wer", "Was", "Arbeit"], ["Abel", "x", "1200"], ["Baker", "y", "7"]], ["Wer", "Was", "Arbeit"]),
        ([["Stand", "Mai"], ["Wer", "Arbeit", "2025"], ["Abel", "x", "12"]], ["Wer", "Arbeit", "2025"]),
        ([["Umsatz", "je", "Wer"], ["", "", ""], ["Wer", "Was", "Ort", "Arbeit"], ["A", "", "", "1"]], 4),
        ([["Wer", "Arbeit"], ["Abel", ""], ["Baker", "x"], ["Cohen", "3"]], ["Wer", "Arbeit"]),
    ],
)
def test_the_header_is_the_row_of_texts_above_amounts(rows: list[list[str]], headers: list[str] | int):
    found = header_row(rows).headers
    assert (len(found) if isinstance(headers, int) else list(found)) == headers


@pytest.mark.parametrize(("top", "left"), [(1, 1), (5, 3), (18, 12)])
def test_a_list_of_two_header_rows_can_start_anywhere(tmp_path: Path, top: int, left: int):
    path = workbook(tmp_path / "a.xlsx", YEARS, top=top, left=left)
    table = clients_of(path)
    assert list(table.headers) == OF_YEARS
    assert list(table.rows) == [top + 2, top + 3]


ANNUAL = (
    ("Client", "Annual", None, "City"),
    (None, "Revenue", "Hours", None),
    ("Abel", 100, 9, "Ulm"),
    ("Baker", 50, 4, "Bonn"),
)


@pytest.mark.parametrize("merged", [pytest.param((), marks=pytest.mark.long), ("A1:A2", "B1:C1", "D1:D2")])
def test_graded_headers_go_into_the_lower_row_and_are_known_there(tmp_path: Path, merged: tuple[str, ...]):
    path = workbook(tmp_path / "a.xlsx", ANNUAL, change=merge(*merged))
    for _ in range(2):
        write_grades(path)
        rows = [list(row) for row in page_of(path).iter_rows(max_row=3, values_only=True)]
        assert rows[0][:5] == ["Client", "Annual", None, "City", None]
        assert rows[1][:6] == [None, "Revenue", "Hours", None, "Tier", "Action"]
        assert rows[1].count("Tier") == 1
        assert rows[2][4] in ("A", "B", "C")


def test_the_same_in_a_text_file(tmp_path: Path):
    path = csv_file(tmp_path, "Client,Annual,\n,Revenue,Hours\nAbel,100,9\nBaker,50,4\n")
    regrade(path)
    once = path.read_bytes()
    regrade(path)
    assert path.read_bytes() == once
    assert once.startswith(b"Client,Annual,\n,Revenue,Hours,Tier,")


def test_a_client_called_like_a_unit_is_no_second_header_row(tmp_path: Path):
    table = read_csv(csv_file(tmp_path, "Client,Revenue,Notes\nb,10.00,b\nAbel,20.00,late\n"))
    assert table.cells.rows() == [("b", "10.00", "b"), ("Abel", "20.00", "late")]
