"""Graded workbooks whose tiers are formulas: what stands in them, and how they are graded again."""

import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from lxml import etree
from openpyxl.formula.tokenizer import Token, Tokenizer
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook

from tests import files
from tests.files import AS_OF, CLIENTS, csv_file, headers_of, page_of, workbook
from tests.formulas.test_live_formulas import EXCEL_2010
from tierxl.formulas.graded import LIVE
from tierxl.method.issues import CannotGrade
from tierxl.method.table.columns import GRADED_COLUMNS
from tierxl.use_cases.grade import check_file, grade_file
from tierxl.use_cases.reading import Request
from tierxl.workbooks.shipped import shipped

OF_LISTS = {
    "COUNTA", "COUNTIFS", "DATE", "EDATE", "LEFT", "LEN", "LN", "LOOKUP", "LOWER", "MOD", "N", "ROW", "ROWS", "SEARCH",
    "SIGN", "SMALL", "SUM", "SUMIFS", "T", "TODAY",
}  # fmt: skip
"""The functions of Excel 2010 that only lists and sums take."""
ROWS = [
    ("Client", "Revenue", "Profit", "Strategic value", "Note"),
    ("Abel", 900, 300, "High", "x"),
    ("Baker", 300, -20, None, "y"),
    ("Cohen", 100, None, "h", "z"),
    (None, None, None, None, None),
    ("Dorn", 50, 5, "Low", None),
]


def live(source: Path, target: Path, **settings: object) -> Path:
    grade_file(Request(source, AS_OF, settings=settings), target, live=True)
    return target


def read(path: Path) -> list[dict[str, object]]:
    """The values in the cells of the clients, formulas or not."""
    headers, *lines = CalamineWorkbook.from_path(path).get_sheet_by_name("Clients").to_python()
    return [dict(zip(map(str, headers), line, strict=True)) for line in lines]


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("live")
    return live(workbook(folder / "clients.xlsx", ROWS, table="Clients"), folder / "live.xlsx")


@pytest.mark.long
def test_the_graded_columns_are_formulas_with_the_values_of_a_grading_beside_them(graded: Path, tmp_path: Path):
    values = tmp_path / "values.xlsx"
    grade_file(Request(workbook(tmp_path / "clients.xlsx", ROWS, table="Clients"), AS_OF), values)
    expected = read(values)
    assert [{name: line[name] for name in expected[0]} for line in read(graded)] == expected
    page = page_of(graded)
    first = {header: cell.value for header, cell in zip(headers_of(page), page[2], strict=True)}
    assert [name for name in GRADED_COLUMNS if not str(first[name]).startswith("=")] == ["What would lift it", "Why"]


@pytest.mark.long
def test_an_amount_as_text_is_named_once_where_only_formulas_do_not_read_it(tmp_path: Path):
    rows = [
        ("Client", "Revenue", "Profit"), ("Abel", "1.200,50 €", 90), ("Baker", "98,5", 30), ("Cohen", "300", "some"),
        ("Dorn", 5, None),
    ]  # fmt: skip
    target = tmp_path / "live.xlsx"
    result = grade_file(Request(workbook(tmp_path / "clients.xlsx", rows), AS_OF), target, live=True)
    unread, of_texts = (issue for issue in result.issues if not issue.assumed)
    assert str(unread).startswith('Clients!C4, Cohen, Profit: "some" is not an amount of money')
    assert (of_texts.row, of_texts.column) == (2, "Revenue")
    assert str(of_texts) == (
        'Clients!B2, Revenue: "1.200,50 €" is a text that formulas do not read, like 1 more cell below it: '
        "make it a number, or they come to another tier"
    )


@pytest.mark.long
def test_a_blank_row_waits_for_a_client(graded: Path):
    assert str(page_of(graded)["F5"].value).startswith("=IF(")
    assert read(graded)[3]["Tier"] == ""


@pytest.mark.long
def test_new_rows_of_the_table_get_the_formulas(graded: Path):
    table = page_of(graded).tables["Clients"]
    formulas = {column.name: column.calculatedColumnFormula for column in table.tableColumns}
    assert [name for name in LIVE if formulas[name] is None] == []
    assert all(len(formula.attr_text) <= 8_192 for formula in formulas.values() if formula)
    assert "Clients[[#This Row],[Revenue]]" in formulas["tierxl revenue"].attr_text
    assert formulas["Client"] is formulas["Why"] is None


@pytest.mark.long
def test_what_nobody_needs_to_see_is_hidden_and_only_what_calculates_is_protected(graded: Path):
    book = files.book_of(graded)
    assert (book["Live"].sheet_state, book["Live"].protection.sheet) == ("hidden", True)
    formulas = {sheet.title for sheet in book if any(cell.data_type == "f" for line in sheet for cell in line)}
    assert {sheet.title for sheet in book if sheet.protection.sheet} == formulas - {"Clients"}
    page = book["Clients"]
    letters = dict(zip(headers_of(page), [cell.column_letter for cell in page[1]], strict=True))
    hidden = {header for header, letter in letters.items() if page.column_dimensions[letter].hidden}
    in_sight = {"tierxl Check", "tierxl Why as of"}
    assert hidden == {header for header in letters if header.startswith("tierxl ")} - in_sight


@pytest.mark.long
def test_clients_who_are_added_are_printed_too(graded: Path):
    assert str(page_of(graded).print_area).endswith("$100")


@pytest.mark.long
def test_no_formula_is_more_than_excel_2010_takes(graded: Path):
    formulas = {
        str(formula.text)
        for name, part in files.parts_of(graded).items()
        if name.startswith("xl/worksheets/sheet")
        for formula in etree.fromstring(part).iter("{*}f")
        if formula.text
    }
    assert max(map(len, formulas)) <= 8_192
    for formula in (max(same, key=len) for same in _alike(formulas).values()):
        functions, strings, depth, arguments = _measures(formula)
        assert functions <= EXCEL_2010 | OF_LISTS
        assert (strings <= 255, depth <= 64, arguments <= 255) == (True, True, True)


def _alike(formulas: Iterable[str]) -> dict[str, list[str]]:
    """The formulas that differ in nothing but numbers, such as those of rows."""
    alike: dict[str, list[str]] = {}
    for formula in formulas:
        alike.setdefault(re.sub(r"\d+", "", formula), []).append(formula)
    return alike


def _measures(formula: str) -> tuple[set[str], int, int, int]:
    """The functions of a formula, its longest text, how deep its functions nest, and the most arguments of one."""
    functions, longest, most, deepest, counts = set(), 0, 1, 0, [1]
    for token in Tokenizer(f"={formula}").items:
        if token.subtype == Token.OPEN:
            functions.add(token.value[:-1].removeprefix(":"))
            counts.append(1)
            deepest = max(deepest, len(counts) - 1)
        elif token.subtype == Token.CLOSE:
            most = max(most, counts.pop())
        elif token.subtype == Token.ARG:
            counts[-1] += 1
        elif token.subtype == Token.TEXT:
            longest = max(longest, len(token.value) - 2)
    return functions - {""}, longest, deepest, most


@pytest.mark.long
def test_no_formula_beside_the_clients_has_an_array_of_numbers(graded: Path):
    """LibreOffice 7.4 loses the cells of such a formula where a row is deleted."""
    texts = {str(cell.value) for row in page_of(graded).iter_rows(2, 2) for cell in row}
    assert not [text for text in texts if "{" in re.sub('"[^"]*"', "", text)]


@pytest.mark.long
def test_graded_again_it_stays_live_unless_values_are_asked_for(graded: Path, tmp_path: Path):
    grade_file(Request(graded, AS_OF), tmp_path / "again.xlsx")
    assert headers_of(page_of(tmp_path / "again.xlsx")) == headers_of(page_of(graded))
    assert page_of(tmp_path / "again.xlsx")["F2"].value == page_of(graded)["F2"].value
    grade_file(Request(graded, AS_OF), tmp_path / "values.xlsx", live=False)
    page = page_of(tmp_path / "values.xlsx")
    assert [header for header in headers_of(page) if str(header).startswith("tierxl ")] == []
    assert page.tables["Clients"].ref == "A1:T6"
    assert [cell.coordinate for row in page for cell in row if cell.data_type == "f"] == []
    assert [column.calculatedColumnFormula for column in page.tables["Clients"].tableColumns] == [None] * 20


@pytest.mark.long
def test_graded_twice_on_a_day_it_is_the_same(tmp_path: Path):
    def of_the_user(_: object, page: Worksheet) -> None:
        page["G2"] = ArrayFormula("G2:G2", "=SUM(B2:B3*1)")
        page["G4"] = "=B4*2"

    path = workbook(tmp_path / "clients.xlsx", ROWS, table="Clients", change=of_the_user)
    once = live(path, path).read_bytes()
    grade_file(Request(path, AS_OF), path)
    assert path.read_bytes() == once


@pytest.mark.long
def test_no_column_of_the_formulas_counts_as_one_of_the_users(graded: Path):
    usage = check_file(Request(graded, AS_OF)).grading.clients.usage
    assert usage.unused == ("Note",)
    assert [column.header for column in usage.used] == ["Client", "Revenue", "Profit", "Strategic value"]


def test_a_csv_file_cannot_hold_formulas(tmp_path: Path):
    source = csv_file(tmp_path, "Client,Revenue\nAbel,1\n")
    with pytest.raises(
        CannotGrade, match=r"out.csv cannot hold formulas: with --live, give -o a name that ends in .xlsx"
    ):
        live(source, tmp_path / "out.csv")


@pytest.mark.long
def test_a_table_with_a_long_name_is_refused(tmp_path: Path):
    with pytest.raises(CannotGrade, match="give the table a short name, such as Clients"):
        live(workbook(tmp_path / "clients.xlsx", CLIENTS, table="C" * 200), tmp_path / "live.xlsx")


def test_the_template_opens_on_start_here_and_every_sheet_of_it_follows_its_clients():
    book = files.book_of(shipped("workbook/Client Tiers Live.xlsx"))
    assert book.active is not None
    assert [sheet.title for sheet in book if sheet.sheet_view.tabSelected] == [book.active.title] == ["Start here"]
    own = [sheet for sheet in book if sheet.protection.sheet and sheet.sheet_state == "visible"]
    assert [sheet.title for sheet in own] == ["Summary", "Engagement plan", "Service levels", "Shed list", "Capacity"]
    assert {str(sheet["A2"].value).partition(",")[0] for sheet in own} == {
        "This sheet follows each change on the sheets Clients and Settings"
    }
