"""Totals and notes in files, open workbooks, frames and ranges: they are left out, and get no grade."""

from pathlib import Path

import pandas as pd
import polars as pl
import pytest
from openpyxl import Workbook

import tierxl
from tests.calc.test_open_workbook import WorkbookInCalc
from tests.excel.test_open_workbook import opened
from tests.fake_calc import Office
from tests.files import (
    AS_OF,
    below,
    csv_file,
    csv_records,
    edit,
    grade,
    page_of,
    values,
    with_stored_values,
    workbook,
    write_grades,
)
from tierxl.excel.open_workbook import WorkbookInExcel
from tierxl.functions.graded_range import graded_range
from tierxl.method.policy import Policy
from tierxl.use_cases.grade import check_file
from tierxl.use_cases.open_workbook import grade_open
from tierxl.use_cases.reading import Request
from tierxl.workbooks.client_list import clients_in
from tierxl.workbooks.ooxml.workbook_file import WorkbookFile

ROWS = (
    ("Client", "Revenue"),
    ("Abel", 100),
    ("Baker", 200),
    ("Total", 300),
    ("Source: our books", None),
)


def with_formula(path: Path) -> Path:
    """A list with a total by name of which the stored value is 0."""
    rows = [*ROWS[:3], ("All of them, total", "=SUM(B2:B3)")]
    return with_stored_values(workbook(path, rows), {"B4": "0"})


def test_a_csv_file_is_graded_without_them_and_says_so(tmp_path: Path):
    result = grade(
        csv_file(tmp_path, "Client,Revenue\nAbel,100\nBaker,200\nTotal,300\nSource: our books,\n"), tmp_path / "out.csv"
    )
    assert [line["Client"] for line in csv_records(tmp_path / "out.csv")] == ["Abel", "Baker"]
    assert [(row.row, row.kind) for row in result.left_out] == [(4, "total"), (5, "note")]


def test_the_groups_of_a_pivot_table_are_known_again_at_the_next_grading(tmp_path: Path):
    lines = [("North", 300), ("Abel", 100), ("Baker", 200), ("South", 50), ("Cohen", 50), ("Total", 350)]
    path = workbook(tmp_path / "clients.xlsx", [("Client", "Revenue"), *lines])
    for _ in range(2):
        assert [row.text for row in grade(path, path).left_out] == ["North", "South", "Total"]
        assert [tier is None for tier in below(page_of(path), "Tier")] == [True, False, False, True, False, True]


@pytest.mark.long
def test_checks_lists_each(tmp_path: Path):
    grade(workbook(tmp_path / "clients.xlsx", ROWS), tmp_path / "graded.xlsx")
    cells = values(page_of(tmp_path / "graded.xlsx", "Checks"))
    assert {"row 4", "row 5", "Is a total and no client, and was left out."} <= set(cells.values())


def test_in_place_they_get_no_grades_and_lose_those_of_an_earlier_grading(tmp_path: Path):
    path = workbook(tmp_path / "clients.xlsx", [*ROWS[:3], ("Cohen", 300), ROWS[4]])
    write_grades(path)
    assert [tier is None for tier in below(page_of(path), "Tier")] == [False, False, False, True]
    edit(path, lambda book: book["Clients"].__setitem__("A4", "Total"))
    write_grades(path)
    assert [tier is None for tier in below(page_of(path), "Tier")] == [False, False, True, True]


def test_a_formula_in_a_file_tells_a_total(tmp_path: Path):
    table, _ = clients_in(WorkbookFile(with_formula(tmp_path / "clients.xlsx")))
    assert [(row.row, row.text) for row in table.left_out] == [(4, "All of them, total")]


def test_a_formula_without_a_value_in_a_total_is_no_issue(tmp_path: Path):
    path = workbook(tmp_path / "clients.xlsx", [*ROWS[:3], ("Total", "=SUM(B2:B3)")])
    assert [issue for issue in check_file(Request(path, AS_OF)).issues if "formula" in issue.message] == []


def test_a_formula_in_excel_or_calc_tells_a_total(tmp_path: Path):
    path = with_formula(tmp_path / "clients.xlsx")
    book = Workbook()
    book.active.title = "Clients"
    for row in [*ROWS[:3], ("All of them, total", "=SUM(B2:B3)")]:
        book["Clients"].append(row)
    for live in (WorkbookInExcel(opened(path)), WorkbookInCalc(Office(book).ask)):
        assert [row.row for row in clients_in(live)[0].left_out] == [4]


@pytest.mark.long
def test_an_open_workbook_is_graded_without_them(tmp_path: Path):
    live = WorkbookInExcel(opened(workbook(tmp_path / "clients.xlsx", ROWS)))
    assert len(grade_open(live, AS_OF).left_out) == 2


def test_a_range_stays_blank_beside_them():
    tiers = graded_range([list(row) for row in ROWS], Policy(), AS_OF).columns["Tier"]
    assert tiers[0] == "Tier"
    assert tiers[3:] == ["", ""]
    assert "" not in tiers[:3]


@pytest.mark.parametrize("engine", ["pandas", "polars"])
def test_in_a_frame_their_grades_are_missing(engine: str):
    frame = pd.DataFrame(ROWS[1:], columns=list(ROWS[0]))
    given = frame if engine == "pandas" else pl.from_pandas(frame)
    graded = tierxl.grade(given, as_of=AS_OF)
    assert [bool(pd.isna(tier)) for tier in graded.frame["Tier"]] == [False, False, True, True]
    assert [issue.place for issue in graded.issues] == ["row 4", "row 5"]
