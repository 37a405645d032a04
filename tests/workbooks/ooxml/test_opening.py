"""Where a graded workbook opens: a copy on the Summary, a user's own workbook where the user was."""

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from tests.files import AS_OF, csv_file, grade, headers_of, regrade, with_part, workbook
from tierxl.use_cases.grade import check_file
from tierxl.use_cases.reading import Request


def with_notes(book: Workbook, clients: Worksheet) -> None:
    """The user left the workbook on the sheet Notes, and has formatted the revenue."""
    book.active = book.create_sheet("Notes")
    for sheet in book:
        sheet.sheet_view.tabSelected = sheet.title == "Notes"
    for row in (2, 3, 4):
        clients.cell(row, 2).number_format = "#,##0 [$zł-415]"
    clients.append(("Dean", 50, 5))
    clients["D1"], clients["D5"] = "Total spend", 500


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A workbook graded into a copy, and in place."""
    folder = tmp_path_factory.mktemp("opening")
    source, copy = workbook(folder / "clients.xlsx", change=with_notes), folder / "copy.xlsx"
    grade(source, copy)
    in_place = Path(shutil.copy(source, folder / "in place.xlsx"))
    regrade(in_place)
    return {"copy": load_workbook(copy), "in place": load_workbook(in_place)}


@pytest.mark.parametrize(("written", "opens"), [("copy", "Summary"), ("in place", "Notes")])
def test_one_sheet_alone_is_open_and_selected(books: dict[str, Any], written: str, opens: str):
    book = books[written]
    assert book.active.title == opens
    assert [sheet.title for sheet in book if sheet.sheet_view.tabSelected] == [opens]


@pytest.mark.long
def test_a_sheet_in_utf_16_is_not_selected_beside_the_summary_of_a_copy(tmp_path: Path):
    source = workbook(tmp_path / "a.xlsx", change=lambda book, _: book.create_sheet("Notes"))
    for part in ("xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"):
        with_part(source, part, in_utf_16_and_selected)
    grade(source, tmp_path / "b.xlsx")
    book = load_workbook(tmp_path / "b.xlsx")
    assert [sheet.title for sheet in book if sheet.sheet_view.tabSelected] == ["Summary"]
    assert book["Clients"]["A2"].value == "Abel"


def in_utf_16_and_selected(part: bytes) -> bytes:
    selected = re.sub(r"<sheetView (?:tabSelected=.1. )?", '<sheetView tabSelected="1" ', part.decode())
    return f'<?xml version="1.0" encoding="UTF-16"?>{selected[selected.index("<worksheet") :]}'.encode("utf-16")


@pytest.mark.long
def test_a_workbook_made_of_a_csv_file_knows_the_currency_when_it_is_graded_again(tmp_path: Path):
    source, target = csv_file(tmp_path, 'Client,Revenue\nAbel,"kr 1.200"\nBaker,900\n'), tmp_path / "graded.xlsx"
    grade(source, target)
    assert check_file(Request(target, AS_OF)).grading.clients.currency == "kr"


def test_our_amounts_have_the_currency_of_the_users_format_which_stays(books: dict[str, Any]):
    page = books["copy"]["Clients"]
    upside = headers_of(page).index("Upside") + 1
    assert page["B2"].number_format == "#,##0 [$zł-415]"
    assert page.cell(2, upside).number_format == '"zł\N{NO-BREAK SPACE}"#,##0;[Red]-"zł\N{NO-BREAK SPACE}"#,##0'
