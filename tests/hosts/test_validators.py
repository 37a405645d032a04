"""Graded workbooks are such as Excel opens without repair, in the judgement of two validators."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.formatting.rule import DataBarRule
from openpyxl.styles import PatternFill
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from tests import files
from tests.files import FIRST_SHEET, add_table, put, regrade, with_part, with_stored_values, workbook
from tests.validators import audit_errors, sdk_errors, with_sdk
from tierxl.use_cases.grade import grade_file
from tierxl.use_cases.graded import GradedFile
from tierxl.use_cases.reading import Request
from tierxl.use_cases.what_if import Tried, what_if

pytestmark = pytest.mark.long


def users(book: Workbook, page: Worksheet) -> None:
    """Much of what a user's workbook can have."""
    page["A2"].comment, page["A3"].fill = Comment("call first", "me"), PatternFill("solid", fgColor="FF112233")
    page["D2"].hyperlink = "https://example.org/"
    page.conditional_formatting.add("B2:B4", DataBarRule("num", 0, "num", 100, color="FF0000"))
    page.merge_cells("A8:C9")
    own = DataValidation(type="list", formula1='"x,y"')
    own.add("D2:D9")
    page.add_data_validation(own)
    for cell in ("E1", "E2", "E3", "E4"):
        page[cell].data_type = "s"  # text that looks like a formula
    put(page, [("a note",)], top=3, left=8)
    put(book.create_sheet("Settings"), [("mine", "=SUM(Clients!B2:B4)")])
    add_table(page, "Clients", ROWS)


ROWS = [
    ("Client", "Revenue", "Client since", "Score", "=Own"),
    ("Abel", "=10*12", datetime(2020, 1, 2), "x", "-1"),
    ("Baker", 200, None, "y", "@x"),
    ("Cohen & Söhne <AG>", None, "soon", "z", "_x0041_"),
]


def users_workbook(folder: Path) -> Path:
    """A workbook with a table, notes beside it, widths of many columns, and sheets that are called like ours."""
    path = workbook(folder / "users.xlsx", ROWS, change=users)
    with_stored_values(path, {"B2": "120"})
    wide = b'<cols><col min="1" max="16384" width="15" customWidth="1"/></cols><sheetData>'
    with_part(path, FIRST_SHEET, lambda part: part.replace(b"<sheetData>", wide))
    regrade(path)
    return path


def regraded_users_workbook(folder: Path) -> Path:
    path = users_workbook(folder)
    regrade(path)
    return path


def plain_list(folder: Path) -> Path:
    """A plain list with a title in merged cells and headers that no table takes."""

    def change(_: Workbook, page: Worksheet) -> None:
        page["A1"] = "Our clients"
        page.merge_cells("A1:Z1")

    path = workbook(folder / "plain.xlsx", [("Client", "Revenue", "x", "X"), ("Abel", 1, 2, 3)], top=3, change=change)
    regrade(path)
    return path


def empty_handed(folder: Path) -> Path:
    """A portfolio without anything to chart, to shed or to serve."""
    source = files.csv_file(folder, "Client,Revenue\nAbel,0\n", name="empty.csv")
    files.grade(source, folder / "empty.xlsx")
    return folder / "empty.xlsx"


def odd_text(folder: Path) -> Path:
    """Text that a workbook cannot hold as it is."""
    text = 'Client,Revenue,=1+1,\x0cOwn\n"=1\x01",1,_x000D_,"a\r\nb"\n@x,2,' + "x" * 40_000 + ",\ufffe\n"
    files.grade(files.csv_file(folder, text, name="odd.csv"), folder / "odd.xlsx")
    return folder / "odd.xlsx"


def macros(folder: Path) -> Path:
    files.grade(workbook(folder / "plain.xlsx"), folder / "plain.xlsm")
    return folder / "plain.xlsm"


def live(folder: Path) -> Path:
    """The sample, with formulas."""
    grade_file(Request(files.SAMPLE, files.AS_OF), folder / "live.xlsx", live=True)
    return folder / "live.xlsx"


def trial(folder: Path) -> Path:
    """A What if sheet, in a workbook of the user's."""
    path = users_workbook(folder)
    what_if(Request(path, files.AS_OF), Tried({"tiers": {"a_from": 100, "b_from": 10}}), path)
    return path


MADE: dict[str, Callable[[Path], Path]] = {
    "a user's workbook": users_workbook,
    "a user's workbook, regraded": regraded_users_workbook,
    "a plain list": plain_list,
    "nothing to show": empty_handed,
    "odd text": odd_text,
    "an .xlsm workbook": macros,
    "a live workbook": live,
    "a What if sheet": trial,
}
NAMES = ["the sample", "the sample, regraded", *MADE]


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory, sample: GradedFile, regraded_sample: Path) -> dict[str, Path]:
    """Graded workbooks of many kinds, each made once."""
    assert sample.target is not None
    made = {"the sample": sample.target, "the sample, regraded": regraded_sample}
    return made | {name: make(tmp_path_factory.mktemp("book")) for name, make in MADE.items()}


@pytest.mark.parametrize("name", NAMES)
def test_openxml_audit_finds_no_error(books: dict[str, Path], name: str):
    assert audit_errors(books[name]) == []


@with_sdk
def test_the_open_xml_sdk_finds_no_error(books: dict[str, Path]):
    assert {name: errors for name, path in books.items() if (errors := sdk_errors(path))} == {}
