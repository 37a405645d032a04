"""The doctor sees what a workbook holds that gets in the way of its buttons."""

from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.worksheet import Worksheet

from tierxl.doctor import Finding
from tierxl.doctor.contents import examine


def findings(path: Path, change: Callable[[Worksheet], object]) -> list[Finding]:
    """What is found in a workbook with one sheet, Clients."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "Clients"
    sheet.append(["Client", "Revenue"])
    change(sheet)
    book.save(path / "book.xlsm")
    return list(examine(path / "book.xlsm"))


def count_from_1904(sheet: Worksheet) -> None:
    assert sheet.parent
    sheet.parent.epoch = CALENDAR_MAC_1904


def test_a_workbook_like_any_other_has_nothing(tmp_path: Path):
    assert findings(tmp_path, lambda sheet: sheet.append(["x" * 8_221, 1])) == []


def test_days_that_count_from_1904_are_told_with_what_that_means(tmp_path: Path):
    (finding,) = findings(tmp_path, count_from_1904)
    assert finding.status == "note"
    assert "pasted from another workbook fall 4 years and a day off" in finding.detail


def test_a_sheet_that_is_used_to_the_last_row_is_named(tmp_path: Path):
    (finding,) = findings(tmp_path, lambda sheet: setattr(sheet["A1048576"], "number_format", "0.00"))
    assert finding.detail.startswith("Clients seem to be used down to the last row")
    assert "Clear All" in finding.cure


@pytest.mark.parametrize("letter", ["x", "é", "&"])
def test_a_text_that_excel_hides_from_macros_is_named_with_its_cell(tmp_path: Path, letter: str):
    (finding,) = findings(tmp_path, lambda sheet: sheet.append(["Ashdown", letter * 8_222]))
    assert finding.detail.startswith("Clients!B2 with more than 8,221 characters")


def test_long_is_counted_in_characters(tmp_path: Path):
    assert findings(tmp_path, lambda sheet: sheet.append(["é" * 8_000, "&" * 8_000])) == []


@pytest.mark.parametrize("content", [b"", b"junk", b"PK\x03\x04junk"])
def test_what_is_no_workbook_is_told_elsewhere(tmp_path: Path, content: bytes):
    (tmp_path / "book.xlsm").write_bytes(content)
    assert list(examine(tmp_path / "book.xlsm")) == []
