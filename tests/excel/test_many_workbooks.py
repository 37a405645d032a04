"""Workbooks that are opened, saved as another, changed, graded and closed in any order: each keeps to itself."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import xlwings as xw
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, multiple, rule

from tests import files
from tests.fake_excel import App, Book
from tests.files import below, workbook
from tierxl.doctor.vba import ADD_IN
from tierxl.excel import macros, workbook_policy
from tierxl.excel.udfs import TIER_RATING
from tierxl.workbooks.shipped import shipped

pytestmark = pytest.mark.hypothesis

NAMES = st.sampled_from(["Team.xlsx", "Bob's.xlsx", "Client Tiers.xlsm"])
MACROS = st.sampled_from([macros.grade_clients, macros.check_data, macros.refresh_plan])


def values_of(book: Book) -> dict[str, list[Any]]:
    return {page.title: list(page.values) for page in book.book.worksheets}


class ManyWorkbooks(RuleBasedStateMachine):
    """An Excel with the add-in, in which no second passes: what Python remembers counts until it is told."""

    books = Bundle("books")

    def __init__(self) -> None:
        super().__init__()
        self.folder, self.patch, self.app = TemporaryDirectory(), pytest.MonkeyPatch(), App()
        self.patch.setattr(workbook_policy, "_readings", {})
        self.patch.setattr(workbook_policy, "monotonic", lambda: 1_000.0)
        self.add_in = self.app.books.open(str(shipped(ADD_IN)))
        self.answers: dict[Book, str] = {}
        """The tier of a client with all ratings low in each workbook that is open."""

    def teardown(self) -> None:
        self.patch.undo()
        self.folder.cleanup()

    def _path(self, name: str) -> Path | None:
        """A path in a new folder; None where a workbook of the name is open, of which Excel opens no second one."""
        if name in (book.name for book in self.answers):
            return None
        folder = Path(self.folder.name, str(len(list(Path(self.folder.name).iterdir()))))
        folder.mkdir()
        return folder / name

    @rule(target=books, name=NAMES, is_graded=st.booleans())
    def open(self, name: str, is_graded: bool) -> Any:
        path = self._path(name)
        if path is None:
            return multiple()
        workbook(path)
        if is_graded:
            files.regrade(path)
        book = self.app.books.open(str(path))
        self.answers[book] = "C"
        return book

    @rule(book=books, name=NAMES)
    def save_as(self, book: Book, name: str) -> None:
        if path := self._path(name):
            book.name, book.fullname = name, str(path)

    @rule(book=consumes(books))
    def close(self, book: Book) -> None:
        book.close()
        del self.answers[book]

    @rule(book=books, points=st.sampled_from([0, 90]))
    def change_settings(self, book: Book, points: int) -> None:
        if "Settings" in book.sheets:
            for row in book.book["Settings"].iter_rows():
                if row[1].value in ("A from", "B from"):
                    row[2].value = points
            workbook_policy.forget()
            self.answers[book] = "C" if points else "A"

    @rule(book=books)
    def calculate(self, book: Book) -> None:
        self.patch.setattr(xw.Book, "caller", lambda: book)
        assert TIER_RATING(*["Low"] * 5) == self.answers[book]

    @rule(book=books, macro=MACROS)
    def press(self, book: Book, macro: object) -> None:
        others = [other for other in (*self.answers, self.add_in) if other is not book]
        before = list(map(values_of, others))
        self.patch.setattr(xw.Book, "caller", lambda: book)
        macro()
        assert self.app.alerts.pop()[1] == "info" or macro is macros.refresh_plan
        assert list(map(values_of, others)) == before
        if macro is macros.grade_clients:
            assert below(book.book["Clients"], "Tier") == ["A" if self.answers[book] == "A" else "C", "C", "A"]


TestEachKeepsToItself = ManyWorkbooks.TestCase
TestEachKeepsToItself.settings = settings(max_examples=6, stateful_step_count=12, deadline=None)
