"""The policy of the workbook whose cells call: Settings are read once, and again after a change."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import xlwings as xw

from tests.fake_excel import App, Book, Counted
from tests.files import workbook
from tierxl.excel import switches, workbook_policy
from tierxl.excel.udfs import TIER_RATING
from tierxl.method.policy import Policy
from tierxl.sheets import settings
from tierxl.workbooks.ooxml.new_sheets import Draft, write_draft
from tierxl.workbooks.ooxml.sheet_mark import mark
from tierxl.workbooks.ooxml.sheet_writer import SheetWriter

LOW = ("Low", "Low", "Low", "Low", "Low")


@pytest.fixture
def calling(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Book]:
    """An open workbook with a Settings sheet, whose cells call; by its settings, all clients are A."""
    draft = Draft()
    described = settings.describe(Policy.with_settings({"tiers": {"a_from": 0, "b_from": 0}}))
    mark(SheetWriter(draft).sheet(described, described.title), settings.KIND)
    write_draft(draft, tmp_path / "book.xlsx")
    book = App().books.open(str(tmp_path / "book.xlsx"))
    monkeypatch.setattr(xw.Book, "caller", lambda: book)
    monkeypatch.setattr(workbook_policy, "_readings", {})
    assert TIER_RATING(*LOW) == "A"
    Counted.asked.clear()
    yield book
    Counted.is_busy = False


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Seconds that have passed, which a test can change."""
    passed = [1000.0]
    monkeypatch.setattr(workbook_policy, "monotonic", lambda: passed[0])
    return passed


@pytest.mark.long
def test_workbooks_that_calculate_in_turns_have_each_its_own_settings(
    calling: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """The add-in calls for all of them; a workbook that has no settings has the defaults."""
    plain = calling.app.books.open(str(workbook(tmp_path / "plain.xlsx")))
    answers = []
    for book in (calling, plain, calling, plain):
        monkeypatch.setattr(xw.Book, "caller", lambda book=book: book)
        answers.append(TIER_RATING(*LOW))
    assert answers == ["A", "C", "A", "C"]


def set_a_from(book: Book, points: int) -> None:
    for row in book.book["Settings"].iter_rows():
        if row[1].value in ("A from", "B from"):
            row[2].value = points


def test_a_formula_asks_excel_for_the_name_of_its_workbook_and_nothing_else(calling: Book):
    for level in ("Low", "Medium", "High"):
        TIER_RATING(level, *LOW[1:])
    assert calling.is_open
    assert Counted.asked == 3 * ["Book.FullName"] + ["Book.is_open"]


def test_the_next_workbook_of_the_same_name_has_its_own_settings_at_once(
    calling: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    calling.close()
    (tmp_path / "elsewhere").mkdir()
    next_one = calling.app.books.open(str(workbook(tmp_path / "elsewhere" / calling.name)))
    monkeypatch.setattr(xw.Book, "caller", lambda: next_one)
    assert TIER_RATING(*LOW) == "C"


def test_a_change_counts_at_once_when_the_workbook_tells_of_it(calling: Book, clock: list[float]):
    workbook_policy.forget()
    TIER_RATING(*LOW)
    set_a_from(calling, 100)
    assert TIER_RATING(*LOW) == "A", "nobody has told"
    workbook_policy.forget()
    assert TIER_RATING(*LOW) == "C"
    assert clock == [1000.0]


def test_a_change_that_nobody_tells_of_counts_after_a_second(calling: Book, clock: list[float]):
    workbook_policy.forget()
    TIER_RATING(*LOW)
    set_a_from(calling, 100)
    clock[0] += 1.1
    assert TIER_RATING(*LOW) == "C"


def test_a_busy_excel_is_asked_for_the_settings_once_a_second(calling: Book, monkeypatch: pytest.MonkeyPatch):
    """The formula takes the policy that the workbook had, and the next formulas do not try again."""
    workbook_policy.forget()
    monkeypatch.setattr(Book, "sheets", property(lambda _: (_ for _ in ()).throw(RuntimeError("busy"))))
    assert [TIER_RATING(*LOW) for _ in range(3)] == ["A", "A", "A"]
    assert Counted.asked.count("Book.sheets") == 1
    assert calling.fullname in workbook_policy._readings


def test_where_excel_tells_nothing_at_all_the_policy_is_the_default(calling: Book):
    assert calling
    Counted.is_busy = True
    assert TIER_RATING(*LOW) == "C"


def test_excel_is_asked_so_often_only_while_it_is_asked_for_a_function(monkeypatch: pytest.MonkeyPatch):
    class Windows:
        N_COM_ATTEMPTS = 0

    windows: Any = Windows()
    monkeypatch.setitem(switches.sys.modules, "xlwings._xlwindows", windows)
    with switches.patience(5):
        assert windows.N_COM_ATTEMPTS == 5
    assert windows.N_COM_ATTEMPTS == 0
