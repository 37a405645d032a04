"""The History sheet is read back as it was written, from a file and from a workbook that is open in Excel."""

import shutil
from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from tests import fake_calc, fake_excel
from tests.files import CLIENTS, csv_file, edit, page_of, parts_of, put, values, workbook
from tierxl.calc.open_workbook import WorkbookInCalc
from tierxl.excel.open_workbook import WorkbookInExcel
from tierxl.method.issues import CannotGrade
from tierxl.method.plan.history import days_of, lines_of, lines_on
from tierxl.sheets import history as sheet
from tierxl.use_cases.grade import grade_file
from tierxl.use_cases.graded import GradedFile
from tierxl.use_cases.open_workbook import grade_open
from tierxl.use_cases.reading import Request
from tierxl.workbooks.ooxml.workbook_file import WorkbookFile

pytestmark = pytest.mark.long

DAY = datetime(2026, 1, 2)
SPRING, SUMMER, AUTUMN = date(2026, 3, 1), date(2026, 6, 1), date(2026, 9, 1)
Grade = Callable[[Path, date], GradedFile]


def in_file(path: Path, day: date) -> GradedFile:
    return grade_file(Request(path, day), path)


def in_excel(path: Path, day: date) -> GradedFile:
    """Open a file in Excel, press Grade clients, and save it."""
    book = fake_excel.App().books.open(str(path))
    result = grade_open(WorkbookInExcel(book), day)
    book.book.save(path)
    return result


def in_calc(path: Path, day: date) -> GradedFile:
    office = fake_calc.Office(load_workbook(path))
    result = grade_open(WorkbookInCalc(office.ask), day)
    office.book.save(path)
    return result


@pytest.fixture(params=[in_file, in_excel], ids=["file", "Excel"])
def grade(request: pytest.FixtureRequest) -> Grade:
    return request.param


also_in_calc = pytest.mark.parametrize("grade", [in_file, in_excel, in_calc], ids=["file", "Excel", "Calc"])
"""For values that a program may take for others; that the rest comes out alike, the contract shows in Calc itself."""


def past(path: Path) -> sheet.Past:
    return WorkbookFile(path).past()


def shown(path: Path) -> list[tuple[Any, ...]]:
    """The lines of the sheet: day, key, client, tier."""
    lines = page_of(path, "History").iter_rows(min_row=6, values_only=True)
    return [(line[0].date() if isinstance(line[0], datetime) else line[0], *line[1:3], line[4]) for line in lines]


ODD = '''Client,Client ID,Revenue
=SUM(A1:A9),007,300
+49 & <Söhne>,,200.125
2024,0042,100
"Line
and ""line""",1E5,50
 padded  ,TRUE,
-,2026-01-02,0.3333333333333333
'''
"""Names and IDs that look like formulas, numbers, dates or answers."""


def odd(folder: Path, more: str = "") -> tuple[Path, GradedFile]:
    """A workbook of such clients, graded in spring."""
    path = folder / "clients.xlsx"
    return path, grade_file(Request(csv_file(folder, ODD + more), SPRING), path)


class Books:
    """Workbooks of which many tests take a copy; each is graded once in each way."""

    def __init__(self, factory: pytest.TempPathFactory) -> None:
        self._factory = factory
        self.in_spring, self.in_summer = cache(self._in_spring), cache(self._in_summer)
        self.odd, self.odd_in_summer = cache(self._odd), cache(self._odd_in_summer)

    def _in_spring(self, grade: Grade, rows: Sequence[Any] = CLIENTS) -> Path:
        path = workbook(self._factory.mktemp("spring") / "clients.xlsx", rows)
        grade(path, SPRING)
        return path

    def _in_summer(self, grade: Grade) -> Path:
        """The same of three clients, graded in spring and in summer."""
        path = Path(shutil.copy(self.in_spring(grade), self._factory.mktemp("summer")))
        grade(path, SUMMER)
        return path

    def _odd(self) -> tuple[Path, GradedFile]:
        return odd(self._factory.mktemp("odd"))

    def _odd_in_summer(self, grade: Grade) -> Path:
        path = Path(shutil.copy(self.odd()[0], self._factory.mktemp("odd")))
        grade(path, SUMMER)
        return path


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Books:
    return Books(tmp_path_factory)


def test_three_days_stand_below_each_other_the_latest_at_the_top(grade: Grade, books: Books, tmp_path: Path):
    path = Path(shutil.copy(books.in_summer(grade), tmp_path))
    grade(path, AUTUMN)
    names = ("Abel", "Baker", "Cohen")
    assert [line[:3] for line in shown(path)] == [
        (day, name, name) for day in (AUTUMN, SUMMER, SPRING) for name in names
    ]


def test_grading_the_same_day_again_leaves_the_history_the_same(grade: Grade, books: Books, tmp_path: Path):
    path = Path(shutil.copy(books.in_summer(grade), tmp_path))
    once = shown(path)
    grade(path, SUMMER)
    assert shown(path) == once


def test_a_file_graded_again_on_the_same_day_keeps_every_byte(books: Books, tmp_path: Path):
    path = Path(shutil.copy(books.odd_in_summer(in_file), tmp_path))
    in_file(path, SUMMER)
    once = parts_of(path)
    in_file(path, SUMMER)
    assert parts_of(path) == once


def test_the_second_grading_of_a_day_counts(grade: Grade, books: Books, tmp_path: Path):
    path = Path(shutil.copy(books.in_spring(grade), tmp_path))
    edit(path, lambda book: put(book["Clients"], [("Doe", 1, 1)], top=3))
    grade(path, SPRING)
    assert [line[1] for line in shown(path)] == ["Abel", "Doe", "Cohen"]


@also_in_calc
def test_what_is_read_back_is_what_was_written(grade: Grade, books: Books, tmp_path: Path):
    in_spring, result = books.odd()
    written = lines_of(result.grading).rows()
    assert past(in_spring).lines.rows() == written
    assert not past(in_spring).issues
    path = Path(shutil.copy(books.odd_in_summer(grade), tmp_path))
    assert lines_on(past(path).lines, SPRING).rows() == written
    grade(path, AUTUMN)
    assert lines_on(past(path).lines, SPRING).rows() == written


def test_signs_that_stand_for_others_in_a_workbook_are_read_back(tmp_path: Path):
    path, result = odd(tmp_path, "_x0041_ Ltd,_x005F_x0041_,5\n")
    for day in (SUMMER, AUTUMN):
        in_file(path, day)
        assert lines_on(past(path).lines, SPRING).rows() == lines_of(result.grading).rows()


@also_in_calc
def test_keys_and_names_stay_text_and_days_are_dates(grade: Grade, books: Books):
    path = books.odd_in_summer(grade)
    for row, day in ((6, SUMMER), (12, SPRING)):
        line = page_of(path, "History")[row]
        assert line[0].value == datetime(day.year, day.month, day.day)
        assert [(cell.data_type, cell.value) for cell in line[1:3]] == [("s", "007"), ("s", "=SUM(A1:A9)")]
        assert (line[0].number_format, line[1].number_format) == ("mm-dd-yy", "@")
        assert line[2].quotePrefix


def test_days_are_the_same_in_a_workbook_that_counts_from_1904(tmp_path: Path):
    path = workbook(tmp_path / "clients.xlsx", change=lambda book, _: setattr(book, "epoch", datetime(1904, 1, 1)))
    for day in (SPRING, SUMMER, SUMMER):
        in_file(path, day)
    assert days_of(past(path).lines) == [SPRING, SUMMER]
    assert shown(path)[0][0] == SUMMER


def test_a_copy_in_a_new_file_takes_the_history_along(books: Books, tmp_path: Path):
    path = Path(shutil.copy(books.in_spring(in_file), tmp_path))
    before = path.read_bytes()
    grade_file(Request(path, SUMMER), tmp_path / "copy.xlsx")
    assert days_of(past(tmp_path / "copy.xlsx").lines) == [SPRING, SUMMER]
    assert path.read_bytes() == before


def test_a_history_that_excel_keeps_in_its_own_way_is_read_alike(books: Books, tmp_path: Path):
    """Texts stand in a list of their own there, and formulas of the user's may have come beside them."""
    path = Path(shutil.copy(books.odd()[0], tmp_path))
    before = past(path).lines.rows()
    edit(path, lambda book: put(book["History"], [("=1+1",)], top=6, left=20))
    assert past(path).lines.rows() == before


def test_a_users_sheet_that_is_called_history_is_the_users(grade: Grade, tmp_path: Path):
    path = workbook(tmp_path / "clients.xlsx", change=lambda book, _: put(book.create_sheet("History"), [("of Rome",)]))
    for day in (SPRING, SUMMER):
        issues = grade(path, day).issues
    assert page_of(path, "History")["A1"].value == "of Rome"
    assert days_of(past(path).lines) == [SPRING, SUMMER]
    assert any('the sheet "History" is yours' in issue.message for issue in issues)


# --- A sheet that the user has damaged -------------------------------------------------------------------------------


DAMAGES = [
    (1, None, "As of", "is blank"),
    (1, "soon", "As of", "is not a date"),
    (1, True, "As of", "is not a date"),
    (2, None, "Client key", "is blank"),
    (5, "D", "Tier", "is not a tier"),
    (5, None, "Tier", "is blank"),
    (6, "many", "Score", "is not a number"),
]
"""A column of the history, what somebody writes there, and the name and the fault of the cell."""
UNUSABLE = [(1, 46_000), (1, "soon"), (5, 3), (5, DAY), (4, DAY), (6, True), (2, None)]
FIRMS = (("Client", "Revenue"), *((f"Firm {number}", number) for number in range(1, 9)))
"""One more than there are values that cannot be used: each stands in a line of its own."""
KEPT = range(18, 25)
"""The rows in which the lines that cannot be used stand, below those of summer and one of spring."""


def test_lines_that_cannot_be_used_are_reported_and_kept(books: Books, tmp_path: Path):
    path = Path(shutil.copy(books.in_spring(in_file, FIRMS), tmp_path))

    def damage(book: Workbook) -> None:
        for row, (column, value, *_) in enumerate(DAMAGES, 6):
            book["History"].cell(row, column).value = value

    edit(path, damage)
    kept = [[cell.value for cell in line] for line in page_of(path, "History")["6:12"]]
    for _ in range(2):
        issues = [issue for issue in in_file(path, SUMMER).issues if "is kept and not used" in issue.message]
        faults = [(issue.column, issue.message.partition(":")[0].partition(";")[0]) for issue in issues]
        assert faults == [(name, fault) for *_, name, fault in DAMAGES]
        assert [len(lines_on(past(path).lines, day)) for day in (SPRING, SUMMER)] == [1, 8]
        assert [issue.cell for issue in issues] == [f"History, row {row}" for row in KEPT]
        marks = [f"Not used: {issue.column} {issue.message}" for issue in issues]
        page = page_of(path, "History")
        assert [[cell.value for cell in page[row]] for row in KEPT] == [
            [*line, mark] for line, mark in zip(kept, marks, strict=True)
        ]
    assert page["A16"].value.startswith("Lines that cannot be used")


@also_in_calc
def test_values_that_cannot_be_used_stay_what_they_are_marked_and_reported_at_every_grading(
    grade: Grade, books: Books, tmp_path: Path
):
    path = Path(shutil.copy(books.in_spring(grade, FIRMS), tmp_path))

    def damage(book: Workbook) -> None:
        for row, (column, value) in enumerate(UNUSABLE, 6):
            typed(book["History"].cell(row, column), value)

    edit(path, damage)
    seen = []
    for _ in range(3):
        issues = grade(path, SUMMER).issues
        page, checks = page_of(path, "History"), values(page_of(path, "Checks"))
        for row, (column, value) in zip(KEPT, UNUSABLE, strict=True):
            cell = page.cell(row, column)
            assert cell.value == value
            assert cell.fill.fgColor.rgb == "00FADBD8"
            assert page.cell(row, 16).value.startswith(f"Not used: {page.cell(5, column).value} ")
            assert f"History, row {row}" in checks.values()
        seen.append((issues, values(page), checks))
    assert seen[0] == seen[1] == seen[2]


def typed(cell: Any, value: Any) -> None:
    """Type a value into a cell, as a user does: the program gives it a format of its kind."""
    cell.number_format = "General"
    cell.value = value


def test_many_lines_that_cannot_be_used_are_kept_with_their_reasons(tmp_path: Path):
    rows = [("Client", "Revenue"), *((f"Firm {number}", number) for number in range(1, 121))]
    path = workbook(tmp_path / "clients.xlsx", rows)
    in_file(path, SPRING)
    edit(path, lambda book: [setattr(book["History"].cell(row, 5), "value", "D") for row in range(6, 126)])
    once = in_file(path, SUMMER).issues
    kept = parts_of(path)
    assert sum("is kept and not used" in issue.message for issue in once) == 120
    assert page_of(path, "History")["P248"].value.startswith("Not used: Tier is not a tier")
    assert in_file(path, SUMMER).issues == once
    assert parts_of(path) == kept


def test_a_line_that_is_mended_where_it_stands_is_used_again(grade: Grade, books: Books, tmp_path: Path):
    path = Path(shutil.copy(books.in_spring(grade), tmp_path))
    edit(path, lambda book: setattr(book["History"].cell(7, 1), "value", None))
    grade(path, SUMMER)
    edit(path, lambda book: setattr(book["History"].cell(14, 1), "value", "2026-03-01"))
    grade(path, SUMMER)
    assert sorted(line[1] for line in shown(path) if line[0] == SPRING) == ["Abel", "Baker", "Cohen"]
    assert len(shown(path)) == 6


def test_a_sheet_without_its_headers_stops_the_grading_and_nothing_is_lost(grade: Grade, books: Books, tmp_path: Path):
    path = Path(shutil.copy(books.in_spring(grade), tmp_path))
    edit(path, lambda book: book["History"].delete_rows(5))
    before = path.read_bytes()
    with pytest.raises(CannotGrade, match="has no headers above its lines any more"):
        in_file(path, SUMMER)
    assert path.read_bytes() == before


def test_a_sheet_that_the_user_has_emptied_begins_anew(grade: Grade, books: Books, tmp_path: Path):
    path = Path(shutil.copy(books.in_spring(grade), tmp_path))
    edit(path, lambda book: book["History"].delete_rows(1, 20))
    grade(path, SUMMER)
    assert days_of(past(path).lines) == [SUMMER]


def test_columns_that_the_user_has_moved_are_found_by_their_headers(grade: Grade, books: Books, tmp_path: Path):
    path = Path(shutil.copy(books.in_spring(grade), tmp_path))
    before = past(path).lines.rows()

    def swap(book: Workbook) -> None:
        for line in book["History"].iter_rows(min_row=5):
            line[0].value, line[4].value = line[4].value, line[0].value
            line[0].number_format, line[4].number_format = line[4].number_format, line[0].number_format

    edit(path, swap)
    assert past(path).lines.rows() == before


# --- A sheet that is full --------------------------------------------------------------------------------------------


def test_the_oldest_days_give_way_where_the_sheet_ends_and_it_is_said_before(
    grade: Grade, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sheet, "LAST_ROW", 5 + 3 * 2)
    path = workbook(tmp_path / "clients.xlsx")
    messages = [
        [issue.message for issue in grade(path, day).issues if "its oldest days give way" in issue.message]
        for day in (SPRING, SUMMER, AUTUMN, AUTUMN)
    ]
    assert list(map(len, messages)) == [0, 1, 1, 1]
    assert days_of(past(path).lines) == [SUMMER, AUTUMN]


# --- Movers ----------------------------------------------------------------------------------------------------------


def test_the_movers_sheet_says_who_has_moved_since_the_day_before(grade: Grade, books: Books, tmp_path: Path):
    path = Path(shutil.copy(books.in_spring(grade), tmp_path))
    assert "Movers" not in page_of(path).parent.sheetnames
    edit(path, lambda book: put(book["Clients"], [(1000, 400)], top=2, left=2))
    grade(path, SUMMER)
    page = page_of(path, "Movers")
    assert page["A4"].value == "Since 1 Mar 2026"
    lines = [tuple(line) for line in page.iter_rows(min_row=36, max_col=7, values_only=True)]
    assert [line[:1] + line[3:6] for line in lines] == [("Abel", "Up", "C", "A"), ("Cohen", "Down", "A", "C")]
    assert lines[0][6].startswith("Revenue Low to High")
    assert len(page._charts) == 2


def test_a_list_that_was_never_in_a_workbook_has_a_history_of_one_day(sample: GradedFile):
    assert sample.target is not None
    assert past(sample.target).lines.rows() == lines_of(sample.grading).rows()
