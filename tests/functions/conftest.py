"""What the tests of the worksheet functions share."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests import fake_excel
from tests.files import AS_OF
from tierxl.excel import udfs, workbook_policy
from tierxl.functions import cellwise, graded_range, ratings
from tierxl.functions.cache import Memory
from tierxl.method.policy import Policy
from tierxl.sheets import settings
from tierxl.workbooks.ooxml.new_sheets import Draft, write_draft
from tierxl.workbooks.ooxml.sheet_mark import mark
from tierxl.workbooks.ooxml.sheet_writer import SheetWriter


class DayOfTheTests(date):
    @classmethod
    def today(cls) -> date:
        return AS_OF


@pytest.fixture
def worksheet(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worksheet on the day of the tests, whose functions remember nothing of the tests before."""
    monkeypatch.setattr(udfs, "date", DayOfTheTests)
    monkeypatch.setattr(graded_range, "_gradings", Memory(4))
    monkeypatch.setattr(ratings, "_cuts", Memory(4))
    cellwise._remembered.cache_clear()


@pytest.fixture
def in_workbook(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., fake_excel.Book]:
    """Opens a workbook whose Settings sheet holds some settings, and calls the worksheet functions from it."""

    def opened(changed: Mapping[str, Any], name: str = "clients.xlsx") -> fake_excel.Book:
        draft = Draft()
        described = settings.describe(Policy.with_settings(changed))
        mark(SheetWriter(draft).sheet(described, described.title), settings.KIND)
        write_draft(draft, tmp_path / name)
        calling = fake_excel.App().books.open(str(tmp_path / name))
        monkeypatch.setattr("xlwings.Book.caller", lambda: calling)
        workbook_policy.forget()
        return calling

    monkeypatch.setattr(workbook_policy, "_readings", {})
    return opened
