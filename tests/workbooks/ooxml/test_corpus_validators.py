"""Workbooks of other programs, graded: two validators find no more in them than before, and LibreOffice opens them."""

from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.corpus import BOOKS, Book
from tests.libreoffice import EXCEL, convert, in_libreoffice
from tests.validators import NEEDS_SDK, audit_errors, sdk_errors
from tests.workbooks.ooxml.graded_books import graded_into_copy
from tierxl.method.table.columns import GRADED_COLUMNS

pytestmark = pytest.mark.long

Validate = Callable[[Path], list[str]]


def graded(book: Book, corpus_folder: Path) -> Path:
    _, path = graded_into_copy(book, corpus_folder)
    return path


@pytest.mark.parametrize(
    "validate", [pytest.param(audit_errors, id="openxml-audit"), pytest.param(sdk_errors, id="sdk", marks=NEEDS_SDK)]
)
@pytest.mark.parametrize("book", BOOKS, ids=str)
def test_a_validator_finds_no_more_after_grading_than_before(validate: Validate, book: Book, corpus_folder: Path):
    """Some programs' own workbooks are not without findings."""
    if found := validate(graded(book, corpus_folder)):
        assert list(Counter(found) - Counter(validate(book.path))) == []


@pytest.mark.filterwarnings("ignore:.*extension is not supported")  # openpyxl on what it would remove if it wrote
@pytest.mark.filterwarnings("ignore:Workbook contains no default style")
@in_libreoffice
def test_libreoffice_opens_each_graded_workbook_and_sees_the_grades(corpus_folder: Path, tmp_path: Path):
    convert(EXCEL, tmp_path, *(graded(book, corpus_folder) for book in BOOKS))
    for book in BOOKS:
        path = graded(book, corpus_folder)
        paths = path, (tmp_path / path.name).with_suffix(".xlsx")
        (titles, before), (titles_after, after) = (titles_and_lines(book, path) for path in paths)
        assert titles_after == titles, book
        assert columns(after, GRADED_COLUMNS) == columns(before, GRADED_COLUMNS), book
        assert len([tier for tier in columns(after, ["Tier"])[0] if tier in ("A", "B", "C")]) >= 12, book


def titles_and_lines(book: Book, path: Path) -> tuple[list[str], list[list[object]]]:
    """The titles of all sheets, and the lines of the clients; no other sheet is parsed."""
    with closing(load_workbook(path, read_only=True, data_only=True)) as opened:
        return opened.sheetnames, [*map(list, opened[book.sheet].iter_rows(book.header, book.last, values_only=True))]


def columns(lines: list[list[object]], names: list[str]) -> list[list[object]]:
    """The columns below the headers of these names; numbers to 9 decimals."""
    header, *rows = lines
    places = [header.index(name) for name in names]
    return [[round(row[at], 9) if isinstance(row[at], float) else row[at] for row in rows] for at in places]
