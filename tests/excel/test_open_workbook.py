"""What is particular to a workbook that is open in Excel: few calls, all or nothing, and the fake that stands in."""

import inspect
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import xlwings as xw
from openpyxl import load_workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from tests import fake_excel, files
from tests.files import OURS, workbook
from tierxl.excel.open_workbook import WorkbookInExcel
from tierxl.excel.sheets import formula_rows, formulas_of, kind_of_sheet, last_cell, settings_of
from tierxl.method.issues import CannotGrade
from tierxl.use_cases.grade import grade_file
from tierxl.use_cases.open_workbook import grade_open
from tierxl.use_cases.reading import Request
from tierxl.workbooks.client_list import clients_in

pytestmark = pytest.mark.long


def opened(path: Path) -> fake_excel.Book:
    return fake_excel.App().books.open(str(path))


def press_grade(book: fake_excel.Book) -> list[str]:
    """Grade an open workbook; returns the calls into Excel that it took."""
    book.app.calls.clear()
    grade_open(WorkbookInExcel(book), files.AS_OF)
    return list(book.app.calls)


def content(book: fake_excel.Book, path: Path) -> dict[str, Any]:
    book.book.save(path)
    shown = files.everything(path)
    for sheet in shown.values():
        del sheet["formats"]  # an emptied cell is written by openpyxl, or not
        del sheet["colours"]  # the same rules, in other pieces
    return shown


def test_a_list_whose_tiers_stand_out_of_sight_is_scrolled_to_them_and_its_pane_stays(tmp_path: Path):
    wide = [tuple(f"Own {number}" for number in range(40)), *[("x",) * 40] * 2]
    rows = [line + more for line, more in zip([("Client",), ("Abel",), ("Baker",)], wide, strict=True)]
    rows = [line + more for line, more in zip(rows, [("Revenue",), (100,), (50,)], strict=True)]
    book = opened(workbook(tmp_path / "a.xlsx", rows, change=lambda _, page: setattr(page, "freeze_panes", "B2")))
    press_grade(book)
    pane = book.book["Clients"].sheet_view.pane
    assert (pane.topLeftCell, pane.xSplit, pane.ySplit) == ("AQ2", 1, 1)
    assert book.book["Clients"]["AQ1"].value == "Tier"


def test_a_computer_without_a_printer_grades_and_leaves_the_pages(ungraded: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(fake_excel.PageSetup, "has_printer", False)
    book = opened(ungraded)
    press_grade(book)
    assert (book.book["Clients"]["D1"].value, book.book["Clients"].print_area) == ("Tier", "")


@pytest.fixture
def ungraded(tmp_path: Path) -> Path:
    return workbook(tmp_path / "clients.xlsx", table="Clients")


@pytest.fixture(scope="module")
def graded_here(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = workbook(tmp_path_factory.mktemp("graded") / "clients.xlsx", table="Clients")
    files.regrade(path)
    return path


@pytest.fixture
def graded(graded_here: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(graded_here, tmp_path))


def test_the_calls_into_excel_are_as_many_for_twenty_clients_as_for_sixty(tmp_path: Path):
    few, many = (
        workbook(tmp_path / f"{count}.xlsx", [*files.CLIENTS, *((f"Client {n}", n, 1) for n in range(3, count))])
        for count in (20, 60)
    )
    assert len(press_grade(opened(few))) == len(press_grade(opened(many))) < 80


def changes(calls: list[str]) -> list[int]:
    """The calls that change something, up to the first that cannot be undone: counted from 0 among all calls."""
    changing = ("copy sheet", "copy to", "rename", "resize table", "delete")
    end = calls.index("delete") if "delete" in calls else len(calls)
    return [at for at, call in enumerate(calls) if call in changing and at <= end]


@pytest.mark.parametrize("state", ["ungraded", "graded"])
def test_whichever_call_excel_refuses_the_workbook_is_as_it_was(
    state: str, request: pytest.FixtureRequest, tmp_path: Path
):
    path = request.getfixturevalue(state)
    files.edit(path, lambda book: files.put(book["Clients"], [("Abelard", 400, 90)], top=2))
    before = content(opened(path), tmp_path / "before.xlsx")
    calls = press_grade(opened(path))
    refusals = changes(calls)
    assert len(refusals) > 6
    for at in refusals[:: 3 if state == "ungraded" else 5]:
        book = opened(path)
        book.app.calls.clear()

        def refuse(what: str, at: int = at, book: fake_excel.Book = book) -> None:
            if len(book.app.calls) == at + 1:
                raise fake_excel.Refused(f"no {what} today")

        book.app.on_call = refuse
        with pytest.raises(CannotGrade, match=r"nothing was changed|press Grade clients again") as refused:
            grade_open(WorkbookInExcel(book), files.AS_OF)
        assert "today" in str(refused.value)
        if "nothing was changed" in str(refused.value):
            assert content(book, tmp_path / "after.xlsx") == before


def test_a_refusal_at_the_last_step_says_that_the_grades_are_written(graded: Path):
    book = opened(graded)

    def refuse(what: str) -> None:
        if what == "paste formats":
            raise fake_excel.Refused("Excel is busy")

    book.app.on_call = refuse
    with pytest.raises(CannotGrade, match=r"The grades are written.*Excel is busy"):
        grade_open(WorkbookInExcel(book), files.AS_OF)


@pytest.mark.parametrize("protect", ["sheet", "workbook"])
def test_what_is_protected_is_said_and_stays_as_it_is(protect: str, ungraded: Path, tmp_path: Path):
    book = opened(ungraded)
    if protect == "sheet":
        book.book["Clients"].protection.enable()
    else:
        book.book.security.lockStructure = True
    before = content(book, tmp_path / "before.xlsx")
    with pytest.raises(CannotGrade, match=r"nothing was changed.*protected"):
        grade_open(WorkbookInExcel(book), files.AS_OF)
    assert content(book, tmp_path / "after.xlsx") == before


def test_a_sheet_of_ours_that_is_protected_from_slips_is_made_anew_and_with_a_password_refused(
    graded: Path, tmp_path: Path
):
    book = opened(graded)
    book.book["Portfolio"].protection.enable()
    press_grade(book)
    assert not book.book["Portfolio"].protection.sheet
    book.book["Portfolio"].protection.set_password("secret")
    before = content(book, tmp_path / "before.xlsx")
    with pytest.raises(CannotGrade, match=r"nothing was changed.*protected.*password"):
        press_grade(book)
    assert content(book, tmp_path / "after.xlsx") == before


def test_the_draft_is_closed_and_gone_whether_it_goes_well_or_not(ungraded: Path):
    for outcome in ("well", "not"):
        book = opened(ungraded)
        if outcome == "not":
            book.book["Clients"].protection.enable()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("tempfile.tempdir", str(ungraded.parent))
            try:
                press_grade(book)
            except CannotGrade:
                assert outcome == "not"
        (_, draft) = book.app.books.opened
        assert not draft.is_open
        assert not Path(draft.fullname).exists()
        assert sorted(path.name for path in ungraded.parent.iterdir()) == ["clients.xlsx"]


def test_a_sheet_whose_rows_have_a_height_of_the_users_keeps_it(ungraded: Path):
    def taller(book: Any) -> None:
        for row in (1, 2, 3, 4):
            book["Clients"].row_dimensions[row].height = 40

    files.edit(ungraded, taller)
    book = opened(ungraded)
    press_grade(book)
    assert book.app.autofitted == []
    assert book.book["Clients"].row_dimensions[2].height == 40


def test_excel_fits_the_heights_that_nobody_has_set(ungraded: Path):
    book = opened(ungraded)
    press_grade(book)
    assert book.app.autofitted == ["1:1", "2:4"]


def test_formats_that_alternate_are_asked_for_only_so_often(tmp_path: Path):
    def mixed(_: Any, page: Any) -> None:
        for row in range(2, 3002):
            page.cell(row, 2).number_format = "0" if row % 2 else "0.0"

    book = opened(workbook(tmp_path / "clients.xlsx", change=mixed))
    formats = WorkbookInExcel(book).formats("Clients", {2: range(2, 3002)})[2]
    assert {"0", "0.0"} <= set(formats)
    assert book.app.calls.count("number_format") == 2_000


def test_formats_that_could_not_all_be_looked_at_are_an_issue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def mixed(_: Any, page: Any) -> None:
        page["B2"].number_format, page["B4"].number_format = "0.0", "0.00"

    monkeypatch.setattr("tierxl.excel.open_workbook._MOST_FORMATS", 3)
    opened_book = WorkbookInExcel(opened(workbook(tmp_path / "clients.xlsx", change=mixed)))
    clients_in(opened_book)
    assert ["Revenue" in str(issue) and "too many" in str(issue) for issue in opened_book.issues] == [True]


@pytest.mark.parametrize("title", ["Settings", "Settings (tierxl)", "Our rules"])
def test_a_copy_of_the_settings_sheet_does_not_decide(graded: Path, title: str):
    def copied(book: Any) -> None:
        book["Settings"].title = title
        copy = book.copy_worksheet(book[title])
        copy.title = f"{title} (2)"
        copy.defined_names.update(book[title].defined_names)
        for row in copy.iter_rows():
            if row[1].value == "Method":
                row[2].value = "revenue"
        book.move_sheet(copy, -8)

    files.edit(graded, copied)
    assert settings_of(opened(graded)).layer["grading"]["method"] == "five-factor"


def test_a_workbook_without_our_settings_has_none(ungraded: Path):
    assert settings_of(opened(ungraded)).layer == {}


def test_a_second_grading_leaves_the_names_of_the_tables_as_they_were(graded: Path, tmp_path: Path):
    book = opened(graded)
    press_grade(book)
    book.book.save(tmp_path / "again.xlsx")
    again = load_workbook(tmp_path / "again.xlsx")
    assert list(again["Engagement plan"].tables) == ["Engagement_plan"]
    assert again.sheetnames[1:] == OURS


STANDS_FOR = {
    fake_excel.App: xw.App,
    fake_excel.Books: xw.main.Books,
    fake_excel.Book: xw.Book,
    fake_excel.Name: xw.Name,
    fake_excel.Names: xw.main.Names,
    fake_excel.Sheets: xw.main.Sheets,
    fake_excel.Sheet: xw.Sheet,
    fake_excel.Tables: xw.main.Tables,
    fake_excel.Table: xw.main.Table,
    fake_excel.Range: xw.Range,
    fake_excel.RangeRows: xw.main.RangeRows,
    fake_excel.DataValidation: xw.main.DataValidation,
}
OF_THE_FAKE = {
    "Date1904", "FullName", "Windows", "alerts", "app", "asked", "autofitted", "book", "bottom", "called", "calls",
    "cells", "change", "computed", "content", "defined", "is_add_in", "is_busy", "is_open", "left", "lists_hidden",
    "on_call", "opened", "page", "range", "read_only", "reference", "refuse_if_protected", "refuses", "right",
    "sheet", "status_texts", "table", "top",
}  # fmt: skip


@pytest.mark.parametrize("fake", STANDS_FOR, ids=lambda fake: fake.__name__)
def test_the_fake_has_no_member_that_xlwings_has_not_and_takes_no_other_arguments(fake: type):
    real = STANDS_FOR[fake]
    for name in {*vars(fake), *getattr(fake, "__slots__", ())} - OF_THE_FAKE:
        if not name.startswith("_"):
            assert hasattr(real, name), f"{real.__name__} has no {name}"
            ours, theirs = vars(fake)[name], inspect.getattr_static(real, name)
            if inspect.isfunction(ours):
                assert takes(ours) <= takes(theirs), f"{real.__name__}.{name}"
            elif isinstance(ours, property):
                assert isinstance(theirs, property)
                assert (ours.fset is None) or (theirs.fset is not None)


def takes(function: Callable[..., Any]) -> set[str]:
    parameters = inspect.signature(function).parameters.values()
    if any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters) and len(parameters) > 1:
        return {parameter.name for parameter in parameters} | {"ndim", "err_to_str"}
    return {parameter.name for parameter in parameters}


def test_a_formula_that_excel_does_not_let_us_mend_stops_the_grading_and_nothing_is_lost(graded: Path, tmp_path: Path):
    def protected(book: Any) -> None:
        mine = book.create_sheet("Mine")
        mine["A1"] = "=Portfolio!B5"
        mine.protection.enable()

    files.edit(graded, protected)
    book = opened(graded)
    before = content(book, tmp_path / "before.xlsx")
    with pytest.raises(CannotGrade, match="nothing was changed"):
        grade_open(WorkbookInExcel(book), files.AS_OF)
    assert book.book["Mine"]["A1"].value == "=Portfolio!B5"
    assert content(book, tmp_path / "after.xlsx") == before


# --- Excel's limits --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_rows_and_columns_that_only_have_a_format_are_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, platform: str
):
    """Excel counts them as used, often down to the last row of the sheet: far more cells than it hands over at once."""

    def format_all_rows(book: Any, page: Any) -> None:
        page.cell(40_000, 4).number_format = "0"
        notes = book.create_sheet("Notes")
        notes["A1"], notes["B7000"] = "=Clients!A2", "far down, and filtered out"
        notes.row_dimensions[7000].hidden = True
        notes.cell(40_000, 3).number_format = "0"
        wide = book.create_sheet("Wide")
        wide["B3"] = "far left of the last column"
        wide.cell(2, 16_384).number_format = "0"

    monkeypatch.setattr("tierxl.excel.sheets.sys.platform", platform)
    monkeypatch.setattr(fake_excel, "MOST_VALUES", 60_000)
    monkeypatch.setattr(fake_excel.Range, "options", lambda area, **_: area)
    book = opened(workbook(tmp_path / "clients.xlsx", change=format_all_rows))
    assert last_cell(book.sheets["Clients"]) == (4, 4)
    assert last_cell(book.sheets["Notes"]) == (7000, 3)
    if platform == "win32":
        assert last_cell(book.sheets["Wide"]) == (3, 2)
        press_grade(book)
        assert files.below(book.book["Clients"], "Tier")[:3] == ["C", "C", "A"]


def test_a_cell_with_more_characters_than_excel_gives_a_formula_of_stops_nothing(graded: Path):
    """Not even where our sheets take the place of those that formulas beside it look into."""

    def note(book: Any) -> None:
        mine = book.create_sheet("Mine")
        files.put(mine, [("Note", "Ratio", "Other")])
        for row in range(2, 80):
            mine.cell(row, 1).value = mine.cell(row, 4).value = "x" * 9000
        mine["B4"], mine["C11"], mine["D1"] = "=Portfolio!B5", "=Portfolio!B6", "y" * 9000
        mine["A80"] = "=Portfolio!B7"

    files.edit(graded, note)
    book = opened(graded)
    calls = press_grade(book)
    assert [book.book["Mine"][cell].value for cell in ("B4", "C11", "A80")] == [
        "=Portfolio!B5", "=Portfolio!B6", "=Portfolio!B7",
    ]  # fmt: skip
    assert calls.count("formula") < 40


def test_an_excel_that_refuses_every_formula_is_asked_only_so_often(graded: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("tierxl.excel.sheets._MOST_REFUSALS", 1)
    monkeypatch.setattr(fake_excel, "LONGEST_FORMULA", 0)
    book = opened(graded)
    book.book["Clients"]["B2"].value = "=1+1"
    with pytest.raises(fake_excel.Refused):
        formulas_of(book.sheets["Clients"].range((1, 1), (4, 3)))
    assert book.app.calls.count("formula") == 2


def test_the_days_on_our_sheets_are_right_in_a_workbook_that_counts_from_1904(tmp_path: Path):
    """Excel copies the numbers of days from our draft, and counts them from the first day of the workbook."""

    def from_1904(book: Any, page: Any) -> None:
        book.epoch = CALENDAR_MAC_1904
        files.put(page, [("Last review",), (datetime(2026, 3, 1),)], left=4)

    path = workbook(tmp_path / "clients.xlsx", change=from_1904)
    book = opened(path)
    press_grade(book)
    written = grade_file(Request(path, files.AS_OF), tmp_path / "written.xlsx")
    assert written
    by_command = load_workbook(tmp_path / "written.xlsx")["Engagement plan"]
    days = [
        {cell.value for row in page.iter_rows() for cell in row if isinstance(cell.value, datetime)}
        for page in (book.book["Engagement plan"], by_command)
    ]
    assert days[0] == days[1] != set()


def test_a_mac_reads_a_workbook_without_the_texts_of_its_errors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """xlwings 0.37.8 returns nothing at all on a Mac where errors are asked for as text."""
    asked = []
    options = fake_excel.Range.options

    def noted(area: fake_excel.Range, **given: Any) -> fake_excel.Range:
        asked.append(given)
        return options(area, **{"err_to_str": True} | given)

    monkeypatch.setattr(fake_excel.Range, "options", noted)
    book = opened(workbook(tmp_path / "clients.xlsx"))
    monkeypatch.setattr("tierxl.excel.sheets.sys.platform", "darwin")
    assert len(clients_in(WorkbookInExcel(book))[0].rows) == 3
    assert asked
    assert all(given == {"ndim": 2} for given in asked)


def test_a_list_of_which_excel_leaves_out_rows_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A Mac is known to leave out rows with errors in them: grades would stand beside other clients."""
    values = fake_excel.Range.value.fget
    monkeypatch.setattr(fake_excel.Range, "value", property(lambda area: values(area)[:-1]))
    with pytest.raises(CannotGrade, match=r'Excel handed over 3 of 4 rows of the sheet "Clients"'):
        clients_in(WorkbookInExcel(opened(workbook(tmp_path / "clients.xlsx"))))


def test_a_mac_knows_our_sheets_also_where_it_does_not_list_hidden_names(graded: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(fake_excel.Names, "lists_hidden", False)
    monkeypatch.setattr("tierxl.excel.sheets.sys.platform", "darwin")
    book = opened(graded)
    kinds = {sheet.name: kind_of_sheet(sheet) for sheet in book.sheets}
    assert kinds == {"Clients": None} | {title: title.lower() for title in OURS}


@pytest.mark.parametrize("formulas", ["=A1", ["=A1", "=B1"], [["=A1", "=B1"]], (("=A1", "=B1"),)])
def test_formulas_come_as_rows_however_a_system_gives_those_of_a_single_row(formulas: Any):
    width = 1 if isinstance(formulas, str) else 2
    assert formula_rows(formulas, (1, width)) == [["=A1", "=B1"][:width]]
