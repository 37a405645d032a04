"""Files of orders, graded as the clients they come from."""

from datetime import date
from pathlib import Path

import pandas as pd
import polars as pl
import pytest
from openpyxl import load_workbook

import tierxl
from tests.excel.test_open_workbook import opened
from tests.files import AS_OF, csv_file, csv_records, grade, regrade, workbook
from tests.runs import first
from tierxl.excel.open_workbook import WorkbookInExcel
from tierxl.functions.graded_range import graded_range
from tierxl.method.issues import CannotGrade
from tierxl.method.policy import Policy
from tierxl.use_cases.grade import check_file
from tierxl.use_cases.open_workbook import grade_open
from tierxl.use_cases.reading import Request

ORDERS = (
    ("Invoice date", "Client", "Revenue", "Memo"),
    (date(2026, 1, 5), "Alder", 100, "card"),
    (date(2026, 11, 5), "Birch", 300, None),
    (date(2026, 3, 5), "alder", 50, None),
    (date(2025, 3, 5), "Cedar", 80, "late"),
)
TEXT = "".join(",".join("" if cell is None else str(cell) for cell in line) + "\n" for line in ORDERS)
SENTENCE = "4 rows of 3 clients, summed over the 12 months to 2026-11-22"


@pytest.fixture(params=first(2, ["csv", "xlsx", "parquet"]))
def source(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    if request.param == "csv":
        return csv_file(tmp_path, TEXT, name="orders.csv")
    if request.param == "xlsx":
        return workbook(tmp_path / "orders.xlsx", ORDERS)
    pl.DataFrame(ORDERS[1:], ORDERS[0], orient="row").write_parquet(tmp_path / "orders.parquet")
    return tmp_path / "orders.parquet"


def test_orders_are_graded_into_a_list_of_their_clients(source: Path, tmp_path: Path):
    result = grade(source, tmp_path / "clients.csv")
    assert result.orders is not None
    assert result.orders.sentence == SENTENCE
    found = [
        (line["Client"], float(line["Revenue"]), float(line["Previous revenue"]), line["Last order"])
        for line in csv_records(tmp_path / "clients.csv")
    ]
    assert found == [("alder", 150, 0, "2026-03-05"), ("Birch", 300, 0, "2026-11-05"), ("Cedar", 0, 80, "2025-03-05")]


def test_orders_are_graded_into_a_new_workbook(source: Path, tmp_path: Path):
    grade(source, tmp_path / "graded.xlsx")
    page = load_workbook(tmp_path / "graded.xlsx")["Clients"]
    assert [page.cell(row, 1).value for row in range(1, 5)] == ["Client", "alder", "Birch", "Cedar"]
    formats = {cell.value: page.cell(2, cell.column).number_format for cell in page[1]}
    assert formats["Last order"] == formats["Client since"] == "mm-dd-yy"


def test_the_user_can_call_them_clients(source: Path):
    result = check_file(Request(source, AS_OF, settings={"reading": {"rows": "clients"}}))
    assert result.orders is None
    assert len(result.grading.columns) == 4


def test_orders_are_never_graded_in_place(source: Path):
    before = source.read_bytes()
    with pytest.raises(CannotGrade, match="is a list of orders, which is never graded in place"):
        regrade(source)
    assert source.read_bytes() == before


def test_an_open_workbook_frame_or_range_of_orders_says_what_to_do(tmp_path: Path):
    with pytest.raises(CannotGrade, match="These are orders, not clients"):
        grade_open(WorkbookInExcel(opened(workbook(tmp_path / "orders.xlsx", ORDERS))), AS_OF)
    with pytest.raises(CannotGrade, match="These are orders, not clients"):
        tierxl.grade(pd.DataFrame(ORDERS[1:], columns=list(ORDERS[0])), as_of=AS_OF)
    with pytest.raises(CannotGrade, match="These are orders, not clients"):
        graded_range([list(line) for line in ORDERS], Policy(), AS_OF)


def test_an_order_that_cannot_be_read_is_told_by_its_row(tmp_path: Path):
    text = TEXT + "soon,Alder,5,\n2026-01-09,Alder,much,\n"
    result = check_file(Request(csv_file(tmp_path, text), AS_OF))
    assert [issue.place for issue in result.issues] == ["row 6", "row 7"]
