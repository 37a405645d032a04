"""What is special about a workbook that is open in Calc; what it shares with the others is in test_contract.py."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.workbook.defined_name import DefinedName

from tests import files
from tests.fake_calc import Message, Office
from tests.files import CLIENTS, workbook
from tierxl.calc.open_workbook import WorkbookInCalc
from tierxl.method.issues import CannotGrade
from tierxl.use_cases.open_workbook import explain_open, grade_open, renew_open

pytestmark = pytest.mark.long

DAY = datetime(2026, 3, 1)
DATED = [("Client", "Revenue", "Last review", "Marquee"), ("Abel", 100, DAY, True), ("Baker", 200, None, False)]


def office(path: Path, **options: Any) -> Office:
    return Office(load_workbook(path), path.name, **options)


def graded(calc: Office) -> Message:
    """The changes of a grading."""
    grade_open(WorkbookInCalc(calc.ask), files.AS_OF)
    return calc.changes[-1]


def sheet_of(changes: Message, title: str) -> Message:
    (sheet,) = [sheet for sheet in changes["sheets"] if sheet["title"] == title]
    return sheet


def column_of(changes: Message, header: str) -> Message:
    (column,) = [column for column in changes["columns"]["columns"] if column["header"] == header]
    return column


def test_dates_and_answers_are_read_as_such(tmp_path: Path):
    book = WorkbookInCalc(office(workbook(tmp_path / "clients.xlsx", DATED)).ask)
    assert book.grid("Clients") == [list(row) for row in DATED]


def test_a_number_that_no_calendar_reaches_stays_a_number():
    def ask(what: str, **_: Any) -> Any:
        content = {"cells": [[1e12]], "dates": [[1, 1, 1, 1]], "answers": [], "null_date": "1899-12-30"}
        return content if what == "values" else {"name": "x.ods", "sheets": [], "names": []}

    assert WorkbookInCalc(ask).grid("any") == [[1e12]]


@pytest.mark.parametrize("null_date", ["1899-12-30", "1904-01-01", "1900-01-01"])
def test_dates_are_written_as_the_document_counts_its_days(tmp_path: Path, null_date: str):
    calc = office(workbook(tmp_path / "clients.xlsx", DATED), null_date=null_date)
    (history,) = sheet_of(graded(calc), "History")["tables"]
    as_of = datetime.combine(files.AS_OF, datetime.min.time())
    assert {row[0] for row in history["rows"]} == {(as_of - datetime.fromisoformat(null_date)) / timedelta(days=1)}


def test_each_sheet_is_read_once(graded_clients: Path):
    calc = office(graded_clients)
    graded(calc)
    whole = [details["sheet"] for what, details in calc.asked if what == "values" and "rows" not in details]
    assert sorted(whole) == ["Checks", "Clients", "History", "Settings"]


def test_half_a_character_does_not_stop_a_grading(tmp_path: Path):
    calc = office(workbook(tmp_path / "clients.xlsx"))
    calc.book["Clients"]["A2"].value = "half \ud83d"
    assert str(explain_open(WorkbookInCalc(calc.ask), files.AS_OF, "Clients", 2)).startswith("half ?")


def test_formats_are_asked_for_from_the_first_to_the_last_amount(tmp_path: Path):
    calc = office(workbook(tmp_path / "clients.xlsx"))
    graded(calc)
    assert [details for what, details in calc.asked if what == "formats"] == [
        {"sheet": "Clients", "column": column, "first": 2, "last": 4} for column in (2, 3)
    ]


def test_a_stretch_of_rows_of_one_format_is_each_row_of_it():
    def ask(what: str, **_: Any) -> Any:
        stretches = [[2, 3, "General"], [4, 9, "0.00"]]
        return stretches if what == "formats" else {"name": "x.ods", "sheets": [], "names": []}

    assert WorkbookInCalc(ask).formats("any", {2: [2, 4, 9], 5: []}) == {2: ["General", "0.00", "0.00"], 5: []}


def test_the_graded_columns_have_one_value_a_client_and_the_headers_two_lines(tmp_path: Path):
    columns = graded(office(workbook(tmp_path / "clients.xlsx")))["columns"]
    assert columns["rows"] == [2, 3, 4]
    assert (columns["header_row"], columns["header_height"]) == (1, 27)
    assert all(len(column["values"]) == 3 for column in columns["columns"])


def test_only_new_columns_get_a_width_and_the_clients_become_a_table_once(tmp_path: Path):
    path = workbook(tmp_path / "clients.xlsx")
    calc = office(path)
    first = graded(calc)
    why = column_of(first, "Why")["column"]
    assert [why, 90] in first["columns"]["widths"]
    assert first["columns"]["table"] == {"name": "Clients", "area": [1, 1, 4, 14]}
    second = graded(calc)
    assert second["columns"]["widths"] == []
    assert second["columns"]["table"] == {"name": "Clients", "area": [1, 1, 4, 14]}


def test_a_table_of_ours_takes_a_free_name_and_keeps_it(tmp_path: Path):
    def with_a_name(book: Workbook, _: Any) -> None:
        book.defined_names["tier_matrix"] = DefinedName("tier_matrix", attr_text="Clients!$A$1")

    calc = office(workbook(tmp_path / "clients.xlsx", change=with_a_name))
    for _ in range(2):
        (matrix,) = [table for table in sheet_of(graded(calc), "Tier matrix")["tables"] if table["name"]]
        assert matrix["name"] == "Tier_matrix_2"


def test_a_list_of_the_users_own_is_left_alone(tmp_path: Path):
    calc = office(workbook(tmp_path / "clients.xlsx", DATED))
    first, second = graded(calc), graded(calc)
    assert [choices["area"][1] for choices in first["columns"]["choices"]] == [4, 5], "and the tiers"
    assert second["columns"]["choices"] == []


def test_texts_that_a_cell_cannot_hold_are_cut_and_numbers_without_end_are_blank(tmp_path: Path):
    rows = [("Client", "Revenue"), ("A" * 40_000, 5), ("Baker", 6)]
    calc = office(workbook(tmp_path / "clients.xlsx", [*rows]))
    calc.book["Clients"]["A2"]._value = "A" * 40_000
    content = sheet_of(graded(calc), "History")["tables"][0]["rows"]
    assert max(len(str(cell)) for row in content for cell in row) == 32_767


def test_a_long_table_is_told_as_a_short_one_is(tmp_path: Path):
    rows = [CLIENTS[0], *((f"Client {number}", 100 * number, number) for number in range(1, 151))]
    path = workbook(tmp_path / "clients.xlsx", rows)
    calc = office(path)
    content = sheet_of(graded(calc), "Engagement plan")
    files.regrade(path)
    page = files.page_of(path, "Engagement plan")
    (table,) = [table for table in content["tables"] if len(table["rows"]) > 100]
    first = [cell.value for cell in page[table["row"] + 1]][table["column"] - 1 :]
    assert [value or None for value in table["rows"][0]][:3] == first[:3]
    heights = {row: page.row_dimensions[row].height for row in range(1, page.max_row + 1)}
    assert {int(row): height for row, height in content["heights"].items()} == {
        row: height for row, height in heights.items() if height
    }


def test_one_sheet_can_be_renewed_alone(tmp_path: Path):
    calc = office(workbook(tmp_path / "clients.xlsx"))
    renew_open(WorkbookInCalc(calc.ask), files.AS_OF, "portfolio")
    (changes,) = calc.changes
    assert (changes["doing"], changes["columns"], len(changes["sheets"])) == ("Portfolio", None, 1)
    charts = changes["sheets"][0]["charts"]
    assert [chart["kind"] for chart in charts]
    assert max(chart["bottom"] for chart in charts) <= changes["sheets"][0]["print_area"][2]


def test_a_refusal_is_a_sentence_and_nothing_is_written(tmp_path: Path):
    calc = office(workbook(tmp_path / "clients.xlsx"))
    calc.refuses["write"] = "The document is read-only."
    with pytest.raises(CannotGrade, match=r"^The document is read-only\.$"):
        graded(calc)


def test_settings_of_the_document_decide(tmp_path: Path):
    calc = office(workbook(tmp_path / "clients.xlsx"))
    graded(calc)
    (cell,) = [row[2] for row in calc.book["Settings"].iter_rows() if row[1].value == "Method"]
    cell.value = "revenue"
    assert column_of(graded(calc), "Starting tier")["values"] == ["C", "C", "A"]


def test_the_looks_of_all_styles_are_told(tmp_path: Path):
    calc = office(workbook(tmp_path / "clients.xlsx"))
    changes = graded(calc)
    used = {style for sheet in changes["sheets"] for table in sheet["tables"] for style in table["header_styles"]}
    assert used <= changes["styles"].keys()
    assert changes["styles"]["tier-a"]["fill"] == "1F6F54"
