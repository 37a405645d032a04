"""A file and a workbook that is open in Excel or in Calc are graded alike: one suite for all."""

import shutil
from collections.abc import Callable, Iterator
from copy import copy as duplicate
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.worksheet import Worksheet

from tests import fake_calc, fake_excel, files
from tests.calc.office import Office
from tests.files import CLIENTS, OURS, SHOWN, add_table, below, book_of, headers_of, put, values, workbook
from tierxl.calc.open_workbook import WorkbookInCalc
from tierxl.doctor.vba import ADD_IN
from tierxl.excel.open_workbook import WorkbookInExcel
from tierxl.method.issues import CannotGrade
from tierxl.method.policy import Policy
from tierxl.method.words import in_words
from tierxl.use_cases.grade import grade_file as grade_to_file
from tierxl.use_cases.graded import GradedFile
from tierxl.use_cases.open_workbook import grade_open
from tierxl.use_cases.reading import Request
from tierxl.workbooks.ooxml.new_sheets import strict_writing
from tierxl.workbooks.shipped import shipped

Grade = Callable[[Path], GradedFile]


def grade_file(path: Path) -> GradedFile:
    return files.regrade(path)


@pytest.fixture(scope="module")
def grade_in_excel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grade]:
    """Open a file in Excel, beside the add-in and another workbook, press Grade clients, and save it."""
    app = fake_excel.App()
    beside = workbook(tmp_path_factory.mktemp("beside") / "Beside.xlsx")
    others = [app.books.open(str(other)) for other in (shipped(ADD_IN), beside)]
    before = [other.content for other in others]

    def grade(path: Path) -> GradedFile:
        book = app.books.open(str(path))
        try:
            result = grade_open(WorkbookInExcel(book), files.AS_OF)
        finally:
            book.close()
        with strict_writing():
            book.book.save(path)
        return result

    yield grade
    assert [other.content for other in others] == before, "another workbook was touched"


def grade_in_calcs_stand_in(path: Path) -> GradedFile:
    """Open a file in what stands in for Calc, press Grade clients, and save it."""
    office = fake_calc.Office(load_workbook(path), path.name)
    result = grade_open(WorkbookInCalc(office.ask), files.AS_OF)
    with strict_writing():
        office.book.save(path)
    return result


@pytest.fixture(scope="module")
def grade_in_calc(office: Office) -> Grade:
    """Open a file in Calc itself, press Grade clients, and save it."""

    def content_of(path: Path) -> dict[str, Any]:
        document = office.open(path)
        try:
            return office.content(document)
        finally:
            office.close(document)

    def grade(path: Path) -> GradedFile:
        document = office.open(path)
        try:
            result = grade_open(WorkbookInCalc(office.asking(document)), files.AS_OF)
            office.save(document, path)
        except CannotGrade:
            assert office.content(document) == content_of(path)
            raise
        finally:
            office.close(document)
        return result

    return grade


BOOKS = {
    "file": grade_file,
    "Excel": "grade_in_excel",
    "Calc": pytest.param("grade_in_calc", marks=pytest.mark.calc),
}


FILE_FIRST = pytest.mark.parametrize(
    "grade",
    [grade_file, pytest.param("grade_in_excel", marks=pytest.mark.long), BOOKS["Calc"]],
    ids=BOOKS,
    indirect=True,
    scope="module",
)
"""For tests of which the default run holds the file alone, and the long run the workbook that is open in Excel."""


@pytest.fixture(scope="module", params=BOOKS.values(), ids=BOOKS)
def grade(request: pytest.FixtureRequest) -> Grade:
    return request.getfixturevalue(request.param) if isinstance(request.param, str) else request.param


@pytest.fixture(scope="module")
def graded_here(grade: Grade, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = workbook(tmp_path_factory.mktemp("graded") / "clients.xlsx")
    grade(path)
    return path


@pytest.fixture
def graded(graded_here: Path, tmp_path: Path) -> Path:
    """A copy of a workbook of three clients that has been graded."""
    return Path(shutil.copy(graded_here, tmp_path))


@pytest.fixture(scope="module")
def graded_firms(grade: Grade, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A table of three clients that has been graded."""
    path = workbook(tmp_path_factory.mktemp("firms") / "clients.xlsx", table="Firms")
    grade(path)
    return path


@pytest.fixture(scope="module")
def graded_beside_the_users(grade: Grade, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, GradedFile]:
    """A table of amounts in crowns, with a note right of it and another sheet, that has been graded."""

    def change(book: Workbook, page: Worksheet) -> None:
        add_table(page, "Clients", CLIENTS)
        put(page, [("call on Monday",)], top=3, left=6)
        for row in (2, 3, 4):
            page.cell(row, 2).number_format = "#,##0 [$Kč-405]"
        book.create_sheet("Notes")

    path = workbook(tmp_path_factory.mktemp("users") / "clients.xlsx", change=change)
    return path, grade(path)


FORMULAS = ("='Engagement plan'!A1&Portfolio!A1", "=SUM(Clients!B2:B4)", "=Settings!C6", "=ROWS(Tier_matrix[Tier])")


@pytest.fixture(scope="module")
def went_on(grade: Grade, graded_here: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A graded workbook with which the user went on in many ways, and then graded it again."""

    def change(book: Workbook) -> None:
        put(book["Clients"], [(1000, 400), (200, 5)], top=2, left=2)
        put(book.create_sheet("Mine"), [FORMULAS])
        book.create_sheet("Notes")["A1"] = "='Shed list'!A6"
        book.defined_names["Verdict"] = DefinedName("Verdict", attr_text="Portfolio!$B$4")
        book["History"].sheet_state, book["Settings"].sheet_state = "visible", "hidden"
        book.move_sheet("Shed list", 1 - book.index(book["Shed list"]))

    path = Path(shutil.copy(graded_here, tmp_path_factory.mktemp("went-on")))
    files.edit(path, change)
    grade(path)
    return path


def page_of(path: Path, title: str = "Clients") -> Worksheet:
    return book_of(path)[title]


def test_the_graded_columns_stand_right_of_the_users(graded: Path):
    assert headers_of(page_of(graded)) == ["Client", "Revenue", "Profit", *SHOWN]
    assert below(page_of(graded), "Tier") == ["C", "C", "A"]


@FILE_FIRST
def test_a_sheet_that_is_new_stands_in_its_place_among_ours_and_the_user_stays_where_they_were(
    grade: Grade, tmp_path: Path
):
    def change(book: Workbook, _: Worksheet) -> None:
        book.create_sheet("Notes").print_title_rows = "1:2"

    path = workbook(tmp_path / "clients.xlsx", [CLIENTS[0], *(line[:2] for line in CLIENTS[1:])], change=change)
    grade(path)
    assert book_of(path).sheetnames == ["Clients", "Notes", *OURS[:4], *OURS[6:]]

    def go_on(book: Workbook) -> None:
        del book["Summary"]
        book.create_sheet("Mine").print_title_rows = "1:3"
        book.active = book["Mine"]
        for sheet in book:
            sheet.sheet_view.tabSelected = sheet.title == "Mine"
        put(book["Clients"], [(line[2],) for line in CLIENTS], left=3)

    files.edit(path, go_on)
    grade(path)
    book = book_of(path)
    assert book.sheetnames == ["Clients", "Notes", *OURS, "Mine"]
    assert book.active.title == "Mine"
    assert (book["Notes"].print_title_rows, book["Mine"].print_title_rows) == ("$1:$2", "$1:$3")


@FILE_FIRST
def test_a_sheet_of_ours_without_content_now_stays_and_says_so_since_formulas_look_into_it(went_on: Path):
    assert "No client is to be shed." in values(page_of(went_on, "Shed list")).values()
    assert "Baker" not in values(page_of(went_on, "Shed list")).values()
    assert page_of(went_on, "Notes")["A1"].value.replace("$", "") == "='Shed list'!A6"


def test_the_summary_leads_to_the_clients_and_to_our_other_sheets_and_ours_lead_back(graded: Path):
    book = book_of(graded)
    links = [cell.hyperlink.location for row in book["Summary"] for cell in row if cell.hyperlink]
    assert sorted(link.partition("!")[0].strip("'") for link in links) == sorted(["Clients", *OURS[1:-1]])
    for title in OURS[1:]:
        (back,) = (cell.hyperlink.location for row in book[title] for cell in row if cell.hyperlink)
        assert back.replace("'", "") == "Summary!A1", title


def test_the_history_is_hidden_until_the_user_shows_it(graded: Path, went_on: Path):
    states = {sheet.title: sheet.sheet_state for sheet in book_of(graded)}
    assert {title for title, state in states.items() if state != "visible"} == {"History"}
    assert states["History"] == "hidden"
    assert book_of(went_on)["History"].sheet_state == "visible"


def test_tabs_are_coloured_by_what_a_user_does_with_a_sheet(graded: Path):
    book = book_of(graded)
    colours = {title: book[title].sheet_properties.tabColor.rgb[-6:] for title in OURS}
    assert len({*colours.values()}) == 2
    grey = {title for title, colour in colours.items() if colour == colours["History"]}
    assert grey == {"Checks", "Settings", "History"}
    assert book["Clients"].sheet_properties.tabColor is None


def test_the_sheets_of_our_own_stand_behind_the_users_in_their_order(graded_beside_the_users: tuple[Path, GradedFile]):
    path, _ = graded_beside_the_users
    assert book_of(path).sheetnames == ["Clients", "Notes", *OURS]


TEAM = [("Name", "Level", "Capacity"), ("Priya Raman", "Senior", 50), ("Bo Lund", "Boss", 800)]


@FILE_FIRST
@pytest.mark.parametrize("title", ["Account managers", pytest.param("ACCOUNT MANAGERS", marks=pytest.mark.long)])
def test_account_managers_on_a_sheet_of_the_users_are_read_and_stay_as_they_are(
    grade: Grade, tmp_path: Path, title: str
):
    def change(book: Workbook, page: Worksheet) -> None:
        put(page, [("Owner",), ("priya  raman",), ("Bo Lund",), ("Priya Raman",)], left=4)
        put(book.create_sheet(title), TEAM, top=4, left=2)

    path = workbook(tmp_path / "clients.xlsx", change=change)
    before = values(page_of(path, title))
    result = grade(path)
    assert [(manager.name, manager.seniority, manager.hours) for manager in result.grading.managers] == [
        ("Priya Raman", "Senior", 50),
        ("Bo Lund", None, 800),
    ]
    assert [(issue.cell, issue.value) for issue in result.issues] == [(f"'{title}'!C6", "Boss")]
    assert values(page_of(path, title)) == before
    shown = page_of(path, "Capacity")
    assert shown["A5"].value == "Your clients need 53 hours a year, and your team has 850 (6%)."
    assert len(shown._charts) == 1


@FILE_FIRST
def test_grading_again_renews_what_is_there_and_adds_nothing(grade: Grade, graded: Path):
    once = files.everything(graded)
    grade(graded)
    assert files.everything(graded) == once


def test_a_changed_revenue_changes_the_tier_when_it_is_graded_again(went_on: Path):
    assert below(page_of(went_on), "Tier") == ["A", "C", "C"]


@pytest.mark.long
def test_sheets_keep_the_place_to_which_the_user_has_moved_them(went_on: Path):
    assert book_of(went_on).sheetnames[:3] == ["Clients", "Shed list", "Summary"]


@FILE_FIRST
def test_a_users_sheet_that_is_called_like_ours_stays_as_it_is(grade: Grade, tmp_path: Path):
    path = workbook(tmp_path / "clients.xlsx", change=lambda book, _: put(book.create_sheet("Portfolio"), [("mine",)]))
    issues = grade(path).issues
    assert values(page_of(path, "Portfolio")) == {"A1": "mine"}
    assert page_of(path, "Portfolio (tierxl)")["A1"].value == "Portfolio"
    assert any('the sheet "Portfolio" is yours' in issue.message for issue in issues)


@FILE_FIRST
def test_the_settings_sheet_decides(grade: Grade, graded: Path):
    def by_revenue(book: Workbook) -> None:
        (cell,) = [row[2] for row in book["Settings"].iter_rows() if row[1].value == "Method"]
        cell.value = "revenue"

    files.edit(graded, by_revenue)
    grade(graded)
    assert below(page_of(graded), "Starting tier") == ["C", "C", "A"]
    assert below(page_of(graded), "Why")[0].startswith("Starts at C by revenue")
    (method,) = [row[2].value for row in page_of(graded, "Settings").iter_rows() if row[1].value == "Method"]
    assert method == "revenue"


@FILE_FIRST
def test_an_override_wins_and_survives(grade: Grade, tmp_path: Path):
    rows = [
        ("Client", "Revenue", "Override tier", "Override reason"),
        ("Abel", 1, "A", "a friend"),
        ("Baker", 9, None, None),
    ]
    path = workbook(tmp_path / "clients.xlsx", rows)
    grade(path)
    grade(path)
    assert below(page_of(path), "Tier")[0] == "A"
    assert page_of(path)["C2"].value == "A"


@pytest.mark.long
def test_the_grade_of_a_client_that_is_gone_is_cleared(grade: Grade, graded_firms: Path, tmp_path: Path):
    path = Path(shutil.copy(graded_firms, tmp_path))
    files.edit(path, lambda book: put(book["Clients"], [(None, None, None)], top=4))
    grade(path)
    tier = files.column_at(page_of(path), "Tier")
    assert [page_of(path).cell(row, tier).value for row in (2, 3, 4)] == ["B", "C", None]
    assert page_of(path).cell(4, files.column_at(page_of(path), "Why")).value is None


@pytest.fixture(scope="module")
def graded_with_totals(grade: Grade, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, GradedFile]:
    """A table with a totals row, a client below it, and a footer below the graded columns, that has been graded."""

    def change(_: Workbook, page: Worksheet) -> None:
        put(page, [("Total", "=SUM(B2:B4)", None), ("Elder", 999, None)], top=5)
        page["E9"].value, page["E9"].number_format = 0.5, "0.00%"
        add_table(page, "Firms", [*CLIENTS, ("Total", None, None)]).totalsRowCount = 1

    path = workbook(tmp_path_factory.mktemp("totals") / "clients.xlsx", change=change)
    return path, grade(path)


def test_a_table_reaches_over_the_graded_columns_and_keeps_its_totals(graded_with_totals: tuple[Path, GradedFile]):
    page = page_of(graded_with_totals[0])
    table = page.tables["Firms"]
    assert table.ref == "A1:N5"
    assert [column.name for column in table.tableColumns] == ["Client", "Revenue", "Profit", *SHOWN]
    assert page["B5"].value == "=SUM(B2:B4)"
    assert page["D5"].value is None
    assert files.are_sound(page)


@pytest.mark.long
def test_a_client_right_below_the_table_is_named_at_every_grading_until_the_table_reaches_over_it(
    grade: Grade, graded_firms: Path, tmp_path: Path
):
    path = Path(shutil.copy(graded_firms, tmp_path))
    files.edit(path, lambda book: put(book["Clients"], [("Elder", 999), ("Fox", 5)], top=5))
    for _ in range(2):
        result = grade(path)
        assert [str(issue) for issue in result.issues] == [
            f"Clients!A{row}, {name}, Client: row {row} below the table Firms is not graded: make the table reach over "
            "it (in Excel, drag its lower right corner down), and grade again"
            for row, name in ((5, "Elder"), (6, "Fox"))
        ]
        assert len(result.grading.columns) == 3
        assert [page_of(path).cell(row, column).value for row in (5, 6) for column in (1, 2, 4)] == [
            "Elder", 999, None, "Fox", 5, None
        ]  # fmt: skip
    files.edit(path, lambda book: setattr(book["Clients"].tables["Firms"], "ref", "A1:N6"))
    result = grade(path)
    assert (result.issues, len(result.grading.columns)) == ([], 5)


BELOW = [
    pytest.param([("Total", 600, 65)], [], id="a total"),
    pytest.param([("Summe", "=SUM(B2:B4)", "=SUM(C2:C4)")], [], id="a total by formulas without values"),
    pytest.param([("Sum of Revenue", 600)], [], id="a line about the report"),
    pytest.param([("Without the Dublin office",)], [], id="a note"),
    pytest.param([(None, 600, 65)], [], id="amounts without a name"),
    pytest.param([(None,), ("Budget", 1000)], [], id="cells behind a blank row"),
    pytest.param([("Total", 600), ("Elder", 999)], [6], id="a client below a total"),
    pytest.param([("Without Dublin",), ("Elder", None, "some")], [6], id="a client below a note"),
    pytest.param([("Elder", "=500+499")], [5], id="a client with a formula"),
]


@pytest.mark.long
@pytest.mark.parametrize(("rows", "named"), BELOW)
def test_what_is_no_client_below_the_table_is_the_users_own(tmp_path: Path, rows: Any, named: list[int]):
    path = workbook(tmp_path / "clients.xlsx", table="Clients", change=lambda _, page: put(page, rows, top=5))
    for target in (tmp_path / "copy.xlsx", path):
        assert [issue.row for issue in files.grade(path, target).issues] == named


NO_CLIENTS = [
    pytest.param([("Total", 600)], id="a total"),
    pytest.param([("Total agency", 600), ("Total 2025", 500)], id="totals with a word or a year"),
    pytest.param([(None,), ("As of 30.11.2026",), ("All figures are before tax and bonus.",)], id="notes"),
    pytest.param([(None,), ("Lost clients", "Revenue"), ("Elder", 90)], id="another table"),
    pytest.param([("Total", 600), (None,), ("Ann", 400), ("Bob", 200)], id="the parts of a total"),
]


@pytest.mark.parametrize("rows", NO_CLIENTS)
def test_rows_below_a_list_that_are_no_clients_are_named_alike_once_the_list_is_a_table(tmp_path: Path, rows: Any):
    path = workbook(tmp_path / "clients.xlsx", change=lambda _, page: put(page, rows, top=5))
    named = [other.row for other in files.regrade(path).left_out]
    once = path.read_bytes()
    assert list(page_of(path).tables) == ["Clients"]
    assert named == [5 + at for at, row in enumerate(rows) if row != (None,)]
    assert [other.row for other in files.regrade(path).left_out] == named
    assert path.read_bytes() == once


def test_the_headers_of_a_table_beside_the_list_are_named_at_every_grading(tmp_path: Path):
    beside = [("Segment", "Revenue"), ("Law", 400)]
    path = workbook(tmp_path / "clients.xlsx", change=lambda _, page: put(page, beside, left=5))
    unused = [files.regrade(path).grading.clients.usage.unused for _ in range(2)]
    assert unused == [("Segment", "Revenue")] * 2


def test_a_list_with_subtotals_becomes_no_table(tmp_path: Path):
    rows = [*CLIENTS, ("Total law", 600), ("Elder", 50), ("Finch", 70), ("Total tax", 120)]
    path = workbook(tmp_path / "clients.xlsx", rows)
    files.regrade(path)
    once = path.read_bytes()
    assert not page_of(path).tables
    files.regrade(path)
    assert path.read_bytes() == once


def test_a_client_below_the_totals_row_of_the_table_is_named(graded_with_totals: tuple[Path, GradedFile]):
    assert [(issue.row, issue.client) for issue in graded_with_totals[1].issues] == [(6, "Elder")]


def test_a_plain_list_becomes_the_table_clients(graded: Path):
    assert page_of(graded).tables["Clients"].ref == "A1:N4"
    assert files.are_sound(page_of(graded))


LONG_NAME = "Abel, Baker & Cohen Holdings"


@pytest.fixture(scope="module")
def graded_odd_cells(grade: Grade, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, GradedFile]:
    """Clients with cells that cannot be read, IDs of leading zeros and names wider than their columns, graded."""

    def change(_: Workbook, page: Worksheet) -> None:
        page.column_dimensions["B"].width = 5
        for row in (2, 3):
            page.cell(row, 4).number_format = "00000"

    rows = [
        ("Client", "Partner", "Revenue", "Client ID", "Last review"),
        (LONG_NAME, LONG_NAME, 100, 42, datetime(2026, 1, 2)),
        ("Baker", None, 5, 7, "soon"),
        ("Cohen", None, "much", "00042", None),
        ("Dean", None, "#N/A", 8, None),
    ]
    path = workbook(tmp_path_factory.mktemp("odd") / "clients.xlsx", rows, change=change)
    return path, grade(path)


@FILE_FIRST
def test_a_column_that_cuts_its_texts_is_widened_and_a_width_of_the_users_is_kept(
    graded_odd_cells: tuple[Path, GradedFile],
):
    widths = {letter: shape.width for letter, shape in page_of(graded_odd_cells[0]).column_dimensions.items()}
    assert [widths["A"], widths["B"]] == pytest.approx([30, 5], abs=0.1)
    assert widths.get("C", 13) == 13, "nothing is cut there"


def test_what_the_user_has_right_of_the_clients_stays_and_the_grades_go_further_right(
    graded_beside_the_users: tuple[Path, GradedFile],
):
    page = page_of(graded_beside_the_users[0])
    assert page["F3"].value == "call on Monday"
    assert files.column_at(page, "Tier") > 6


def test_what_the_user_has_below_the_clients_keeps_its_looks(graded_with_totals: tuple[Path, GradedFile]):
    footer = page_of(graded_with_totals[0])["E9"]
    assert (footer.value, footer.number_format) == (0.5, "0.00%")


@pytest.mark.long
def test_a_users_formula_that_looks_into_our_sheets_still_does_when_they_are_made_anew(went_on: Path):
    assert tuple(page_of(went_on, "Mine").cell(1, column).value for column in (1, 2, 3, 4)) == FORMULAS
    assert book_of(went_on).defined_names["Verdict"].value == "Portfolio!$B$4"


@pytest.mark.long
def test_a_sheet_of_ours_that_the_user_has_hidden_stays_hidden(went_on: Path):
    assert page_of(went_on, "Settings").sheet_state == "hidden"


@FILE_FIRST
def test_leading_zeros_that_only_a_number_format_shows_are_known(graded_odd_cells: tuple[Path, GradedFile]):
    issues = graded_odd_cells[1].issues
    assert sum("00042" in f"{issue.value} {issue.message}" for issue in issues) == 2


def test_our_amounts_and_dates_are_formatted_as_the_user_and_their_country_do(
    graded_beside_the_users: tuple[Path, GradedFile],
):
    path, result = graded_beside_the_users
    assert result.grading.clients.currency == "Kč"
    formats = {cell.number_format for row in page_of(path, "Summary")["A6:J6"] for cell in row if cell.value == 600}
    assert [number_format.count("Kč") for number_format in formats] == [3]
    assert page_of(path, "History")["A6"].number_format in ("mm-dd-yy", "mm/dd/yyyy")  # 14, which each reader names


def test_amounts_formatted_in_two_currencies_are_refused_and_nothing_changes(grade: Grade, tmp_path: Path):
    def in_two_currencies(_: Workbook, page: Worksheet) -> None:
        page["B2"].number_format, page["B3"].number_format = '"€"#,##0', "[$£-809]#,##0"

    path = workbook(tmp_path / "clients.xlsx", change=in_two_currencies)
    before = files.everything(path)
    with pytest.raises(CannotGrade, match="mixes currencies"):
        grade(path)
    assert files.everything(path) == before


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([("Client", "City"), ("Abel", "Bath")], "Revenue"),
        ([("Client", "Revenue")], "no clients"),
        ([("Client", "Customer", "Revenue"), ("Abel", "Abel", 1)], "mean"),
    ],
    ids=["no revenue", "no clients", "two columns that mean the same"],
)
def test_what_cannot_be_graded_is_said_and_nothing_changes(grade: Grade, tmp_path: Path, rows: Any, message: str):
    path = workbook(tmp_path / "clients.xlsx", rows)
    before = files.everything(path)
    with pytest.raises(CannotGrade, match=message):
        grade(path)
    assert files.everything(path) == before


@FILE_FIRST
def test_a_value_that_cannot_be_read_is_named_with_its_cell(graded_odd_cells: tuple[Path, GradedFile]):
    messages = [str(issue) for issue in graded_odd_cells[1].issues]
    assert any("Clients!C4" in line and '"much"' in line for line in messages)
    assert any("Clients!E3" in line and '"soon"' in line for line in messages)


@FILE_FIRST
def test_an_error_in_a_cell_is_named_as_it_stands_there(graded_odd_cells: tuple[Path, GradedFile]):
    assert any(issue.value == "#N/A" and issue.row == 5 for issue in graded_odd_cells[1].issues)


# --- Which sheet is ours ---------------------------------------------------------------------------------------------


def copied(book: Workbook, title: str, name: str, at: int) -> Worksheet:
    """Copy a sheet as a user does: programs copy our mark along."""
    copy = book.copy_worksheet(book[title])
    copy.title = name
    copy.defined_names.update({key: duplicate(each) for key, each in book[title].defined_names.items()})
    book.move_sheet(copy, at - book.index(copy))
    return copy


def setting_of(page: Worksheet, name: str) -> Any:
    (cell,) = [row[2] for row in page.iter_rows() if row[1].value == name and row[0].value != "Columns"]
    return cell


@pytest.mark.long
@pytest.mark.parametrize("at", [0, 99], ids=["left", "right"])
def test_copies_of_our_sheets_are_the_users_and_are_neither_read_nor_written(grade: Grade, graded: Path, at: int):
    def change(book: Workbook) -> None:
        setting_of(copied(book, "Settings", "Settings (2)", at), "Method").value = "revenue"
        copied(book, "Shed list", "Shed list March", at)["A2"] = "as agreed in March"
        copied(book, "History", "History 2025", at)
        book["Shed list"]["A2"] = "out of date"

    files.edit(graded, change)
    copies = {title: values(page_of(graded, title)) for title in ("Settings (2)", "Shed list March", "History 2025")}
    titles = book_of(graded).sheetnames
    result = grade(graded)
    assert book_of(graded).sheetnames == titles
    assert {title: values(page_of(graded, title)) for title in copies} == copies
    assert page_of(graded, "Shed list")["A2"].value.startswith("Updated 22 Nov 2026")
    assert result.grading.policy.grading.method == "five-factor"
    assert {issue.cell for issue in result.issues} == {"Settings (2)", "History 2025"}
    assert all("so it is yours, and is not read" in issue.message for issue in result.issues)


@pytest.mark.long
def test_our_sheet_beside_a_users_of_that_name_is_known_again_and_a_copy_of_it_is_theirs(grade: Grade, tmp_path: Path):
    path = workbook(tmp_path / "clients.xlsx", change=lambda book, _: put(book.create_sheet("Settings"), [("mine",)]))
    grade(path)

    def change(book: Workbook) -> None:
        setting_of(copied(book, "Settings (tierxl)", "Settings (tierxl) (2)", 0), "A from").value = 99
        setting_of(book["Settings (tierxl)"], "A from").value = 70

    files.edit(path, change)
    titles = book_of(path).sheetnames
    assert grade(path).grading.policy.tiers.a_from == 70
    assert book_of(path).sheetnames == titles
    assert values(page_of(path, "Settings")) == {"A1": "mine"}
    assert setting_of(page_of(path, "Settings (tierxl) (2)"), "A from").value == 99


@pytest.mark.long
def test_a_sheet_of_ours_that_the_user_has_renamed_stays_ours_and_a_copy_of_it_does_not(grade: Grade, graded: Path):
    def change(book: Workbook) -> None:
        book["Settings"].title = "Our rules"
        setting_of(book["Our rules"], "A from").value = 70
        setting_of(copied(book, "Our rules", "Our rules (2)", 0), "A from").value = 99

    files.edit(graded, change)
    titles = book_of(graded).sheetnames
    assert grade(graded).grading.policy.tiers.a_from == 70
    assert book_of(graded).sheetnames == titles


@pytest.mark.long
def test_copies_whose_original_is_gone_stay_as_they_are_and_the_unread_are_named(grade: Grade, graded: Path):
    def change(book: Workbook) -> None:
        for title in ("Settings", "History", "Shed list"):
            copied(book, title, f"{title} March", 0)
            del book[title]
        setting_of(book["Settings March"], "A from").value = 99

    files.edit(graded, change)
    copies = {f"{title} March": values(page_of(graded, f"{title} March")) for title in ("Settings", "Shed list")}
    result = grade(graded)
    assert {title: values(page_of(graded, title)) for title in copies} == copies
    assert {*OURS} < set(book_of(graded).sheetnames)
    assert result.grading.policy.tiers.a_from == 65
    named = [(issue.cell, "is called like a copy" in issue.message) for issue in result.issues]
    assert named == [("Settings March", True), ("History March", True)]
    assert grade(graded).issues == result.issues


@pytest.mark.long
def test_clients_are_not_looked_for_on_copies_of_our_sheets(grade: Grade, tmp_path: Path):
    path = workbook(tmp_path / "clients.xlsx", sheet="Firms")
    grade(path)
    files.edit(path, lambda book: copied(book, "History", "History 2025", 0))
    grade(path)
    assert headers_of(page_of(path, "Firms")) == ["Client", "Revenue", "Profit", *SHOWN]
    assert not page_of(path, "History 2025")["P5"].value


# --- Settings that cannot be used ------------------------------------------------------------------------------------

BAD = {
    "A from": 10,
    "Method": "by feeling",
    "Day order": 5,
    "Medium top": -0.1,
    "Target": "high",
    "Laggard": "0.1",
    "Pain": "#N/A",
    "Most tiers moved": 1.5,
    "Opportunity": True,
    "Exit options": ";",
    "Fewer clients than": 7.5,
    "Step": 2,
    "Reviews per day": datetime(2026, 1, 2),
}
"""A value for a setting, by its name, that it does not take."""

LAST_SERVICE = list(Policy().services)[-1]


def row_of(page: Worksheet, service: str) -> int:
    (row,) = (line[0].row for line in page.iter_rows() if line[0].value == service)
    return int(row)


BAD_SERVICES = [
    ("Golf day", "2/yr", "Invited", "None"),
    (None, "2/yr, 300 min", "Invited", "None"),
    ("Sponsor", "Me", "You", datetime(2026, 1, 2)),
]
"""Rows below the services that are none, or that stand there already."""


@pytest.mark.long
def test_what_cannot_be_used_on_settings_stays_as_it_was_typed_and_is_reported_at_every_grading(
    grade: Grade, graded: Path
):
    path = graded

    def change(book: Workbook) -> None:
        page = book["Settings"]
        for name, value in BAD.items():
            setting_of(page, name).number_format = "General"
            setting_of(page, name).value = value
        put(page, [("4/yr", None)], top=row_of(page, "Data analysis"), left=2)
        put(page, BAD_SERVICES, top=row_of(page, LAST_SERVICE) + 1)

    files.edit(path, change)
    seen = []
    for _ in range(3):
        result = grade(path)
        page, checks = page_of(path, "Settings"), values(page_of(path, "Checks"))
        assert {name: setting_of(page, name).value for name in BAD} == BAD
        assert {setting_of(page, name).fill.fgColor.rgb[2:] for name in BAD} == {"FADBD8"}
        for name in BAD:
            cell = setting_of(page, name)
            assert page.cell(cell.row, 4).value.startswith("Not used: ")
            assert f"Settings!{cell.coordinate}" in checks.values()
        first = row_of(page, LAST_SERVICE) + 1
        below = [tuple(cell.value for cell in line[:5]) for line in page.iter_rows(min_row=first, max_row=first + 2)]
        assert [line[:4] for line in below] == BAD_SERVICES
        assert all(line[4].startswith("Not used: ") for line in below)
        assert len(result.issues) == len(BAD) + 5
        assert result.grading.policy == Policy()
        shown = files.everything(path)
        seen.append((result.issues, shown["Settings"], shown["Checks"]))
    assert seen[0] == seen[1] == seen[2]


@pytest.mark.long
def test_what_cannot_be_used_leaves_every_byte_of_a_file_the_same_when_it_is_graded_again(graded_clients: Path):
    def change(book: Workbook) -> None:
        for name, value in BAD.items():
            setting_of(book["Settings"], name).value = value
        book["History"].cell(7, 5).value = "D"

    path = graded_clients
    files.edit(path, change)
    grade_file(path)
    once = files.parts_of(path)
    grade_file(path)
    assert files.parts_of(path) == once


@pytest.mark.long
def test_a_setting_that_is_mended_is_used_and_no_longer_marked(grade: Grade, graded: Path):
    once = files.everything(graded)
    files.edit(graded, lambda book: setattr(setting_of(book["Settings"], "A from"), "value", 10))
    grade(graded)
    files.edit(graded, lambda book: setattr(setting_of(book["Settings"], "A from"), "value", 65))
    assert grade(graded).issues == []
    assert files.everything(graded)["Settings"] == once["Settings"]


# --- The whole of it -------------------------------------------------------------------------------------------------


def style_of(cell: Any) -> tuple[Any, ...]:
    """The font, the alignment and the border of a cell that has a style of its own."""
    font, place = cell.font, cell.alignment
    return (
        (font.name, font.sz, font.i, font.color and font.color.rgb),
        (place.horizontal, place.vertical, place.wrap_text, place.shrink_to_fit),
        cell.border.left.style,
    ) if cell.has_style else ()  # fmt: skip


def looks(path: Path) -> dict[str, Any]:
    """All of a workbook that both kinds of book decide, to the last font; Excel keeps heights and its view."""
    shown = files.everything(path)
    book = book_of(path)
    for sheet in book.worksheets:
        shown[sheet.title] |= {
            "styles": {at: look for at, look in files.looks_of(sheet, style_of).items() if look},
            "prompts": sorted((str(v.sqref), v.prompt, v.error) for v in sheet.data_validations.dataValidation),
            "print": (sheet.page_setup.orientation, sheet.page_setup.scale, sheet.print_title_cols,
                      sheet.print_title_rows, sheet.print_area),
            "grid": sheet.sheet_view.showGridLines,
            "chart cells": [s.val.numRef.f if s.val else s.yVal.numRef.f for c in sheet._charts for s in c.series],
        }  # fmt: skip
    for name in ("heights", "frozen"):
        del shown["Clients"][name]
    return shown


@pytest.fixture(scope="module")
def sample_list(sample_workbook: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample portfolio as a user's own workbook: a plain sheet of numbers, texts and dates."""
    rows = [list(line[:-14]) for line in page_of(sample_workbook).iter_rows(values_only=True)]
    return workbook(tmp_path_factory.mktemp("list") / "list.xlsx", rows)


@pytest.mark.long
def test_a_file_and_an_open_workbook_come_out_the_same_to_the_last_font_and_rule(
    grade_in_excel: Grade, sample_list: Path, tmp_path: Path
):
    ways = {"file": grade_file, "excel": grade_in_excel, "calc": grade_in_calcs_stand_in}
    paths = {name: tmp_path / f"{name}.xlsx" for name in ways}
    for name, path in paths.items():
        path.write_bytes(sample_list.read_bytes())
        ways[name](path)
    assert looks(paths["excel"]) == looks(paths["calc"]) == looks(paths["file"])
    for name, path in paths.items():
        files.edit(path, lambda book: put(book["Clients"], [(5_000_000,)], top=9, left=5))
        ways[name](path)
    assert looks(paths["excel"]) == looks(paths["calc"]) == looks(paths["file"])


# --- Tiers that are formulas -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def live_before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workbook that grades itself; then a client got less revenue, and another was added."""
    path = workbook(tmp_path_factory.mktemp("live") / "clients.xlsx", table="Clients")
    grade_to_file(Request(path, files.AS_OF), path, live=True)
    files.edit(path, lambda book: put(book["Clients"], [("Abelard", 40, 9)], top=2))
    return path


@pytest.fixture(scope="module")
def live_after(grade: Grade, live_before: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = Path(shutil.copy(live_before, tmp_path_factory.mktemp("again")))
    grade(path)
    return path


def formulas(page: Worksheet) -> dict[str, str]:
    return {cell.coordinate: str(cell.value) for row in page.iter_rows() for cell in row if cell.data_type == "f"}


@pytest.mark.long
def test_tiers_that_are_formulas_stay_formulas_and_so_does_what_they_look_at(live_before: Path, live_after: Path):
    before, after = book_of(live_before), book_of(live_after)
    assert headers_of(after["Clients"]) == headers_of(before["Clients"])
    assert after["Clients"].tables["Clients"].ref == before["Clients"].tables["Clients"].ref
    assert below(after["Clients"], "Why")[0].startswith("Starts at B: score 45.5 (revenue Low, rank 3 of 3")
    assert below(after["Clients"], "tierxl graded on") == [in_words(files.AS_OF)] * 3
    assert below(after["Clients"], "tierxl graded amounts")[0] == 40 + 2 * 9, "Why as of compares it with the row"
    for title in ("Clients", "Live", "Engagement plan", "Service levels"):
        assert formulas(after[title]).keys() == formulas(before[title]).keys()
    assert "#REF!" not in str([formulas(page) for page in after])


@pytest.mark.long
def test_what_the_tiers_look_at_stays_hidden_and_protected(live_before: Path, live_after: Path):
    before, after = book_of(live_before), book_of(live_after)
    assert (after["Live"].sheet_state, after["Live"].protection.sheet) == ("hidden", True)
    hidden = [
        {
            at
            for column in book["Clients"].column_dimensions.values()
            for at in range(column.min, column.max + 1)
            if column.hidden
        }
        for book in (before, after)
    ]
    assert hidden[0] == hidden[1] != set()


@pytest.mark.long
def test_tiers_over_which_values_were_pasted_are_values_and_the_sheet_live_is_at_rest(
    grade: Grade, live_before: Path, tmp_path: Path
):
    def paste_values(book: Workbook) -> None:
        for coordinate in formulas(book["Clients"]):
            book["Clients"][coordinate] = "x"

    path = Path(shutil.copy(live_before, tmp_path))
    files.edit(path, paste_values)
    grade(path)
    after = book_of(path)
    assert below(after["Clients"], "Tier") == ["B", "C", "A"]
    assert [formulas(after[title]) for title in ("Clients", "Live")] == [{}, {}]
