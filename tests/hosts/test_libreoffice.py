"""A graded workbook in LibreOffice: it opens, calculates nothing anew, and prints."""

import re
import shutil
import subprocess
from collections.abc import Sequence
from functools import partial
from math import hypot
from pathlib import Path

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from tests import files
from tests.files import book_of, everything, values
from tests.libreoffice import EXCEL, NEEDS_LIBREOFFICE, PDF, convert

pytestmark = [
    *NEEDS_LIBREOFFICE,
    pytest.mark.skipif(not shutil.which("pdftoppm"), reason="poppler (pdftoppm) is not installed"),
]

FORMULAS = [("Client", "Units", "Revenue", "Own"), ("Abel", 5, "=B2*10", '=A2&"!"'), ("Baker", 7, "=B3*10", "=B3>6")]


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory, sample_workbook: Path) -> Path:
    """A folder with the graded sample as PDF, and with it and a user's workbook as LibreOffice writes them."""
    folder = tmp_path_factory.mktemp("libreoffice")
    given = folder / "given"
    given.mkdir()
    shutil.copy(sample_workbook, given / "sample.xlsx")
    users = files.workbook(given / "users.xlsx", FORMULAS, table="Clients")
    files.regrade(files.with_stored_values(users, {"C2": "50", "C3": "70"}))
    convert(PDF, folder, given / "sample.xlsx")
    convert(EXCEL, folder, given / "sample.xlsx", users)
    return folder


def test_every_sheet_is_printed(converted: Path):
    subprocess.run(["pdftoppm", "-r", "20", "-png", str(converted / "sample.pdf"), str(converted / "page")], check=True)
    titles = book_of(converted / "given" / "sample.xlsx").sheetnames
    pages = list(converted.glob("page-*.png"))
    assert len(pages) >= len(titles)
    assert all(page.stat().st_size > 300 for page in pages)
    if shutil.which("pdftotext"):
        text = subprocess.run(
            ["pdftotext", str(converted / "sample.pdf"), "-"], capture_output=True, text=True, check=True
        ).stdout
        for title in titles:
            assert title in text
        assert not re.search(r"#(REF|N/A|VALUE|NAME|DIV/0)", text)


def test_letters_are_printed_at_no_less_than_7_points(converted: Path):
    for page in PdfReader(converted / "sample.pdf").pages:
        sizes = dict[str, float]()
        page.extract_text(visitor_text=partial(_measure, sizes))
        assert not sizes or min(sizes.values()) >= 7, min(sizes, key=lambda text: sizes[text])


def _measure(sizes: dict[str, float], text: str, page: Sequence[float], line: Sequence[float], _: object, size: float):
    """Add the size of a text on paper, in points: that of its font, by how page and line stretch its height."""
    across, up = (line[2] * page[at] + line[3] * page[2 + at] for at in (0, 1))
    if text.strip():
        sizes[text] = size * hypot(across, up)


def test_the_cells_are_the_same_after_libreoffice_has_read_and_written_them(converted: Path):
    given, back = load_workbook(converted / "given" / "sample.xlsx"), load_workbook(converted / "sample.xlsx")
    assert back.sheetnames == given.sheetnames
    for page in given:
        assert plain(values(back[page.title])) == plain(values(page)), page.title


def plain(cells: dict[str, object]) -> dict[str, object]:
    """Cells to compare: numbers to 9 decimals, line ends alike."""
    return {
        at: round(value, 9)
        if isinstance(value, float)
        else value.replace("\r\n", "\n")
        if isinstance(value, str)
        else value
        for at, value in cells.items()
    }


def test_formulas_of_the_users_come_to_the_same_and_nothing_is_an_error(converted: Path):
    page = load_workbook(converted / "users.xlsx", data_only=True)["Clients"]
    assert [[cell.value for cell in line[:4]] for line in page.iter_rows(min_row=2)] == [
        ["Abel", 5, 50, "Abel!"], ["Baker", 7, 70, True],
    ]  # fmt: skip
    for name in ("sample.xlsx", "users.xlsx"):
        book = load_workbook(converted / name, data_only=True)
        errors = [
            cell.coordinate for page in book for line in page.iter_rows() for cell in line if cell.data_type == "e"
        ]
        assert errors == []


def test_tables_lists_colours_and_charts_are_understood(converted: Path):
    given, back = everything(converted / "given" / "sample.xlsx"), everything(converted / "sample.xlsx")
    for title, page in given.items():
        assert set(back[title]["tables"]) == set(page["tables"]), title
        assert back[title]["charts"] == page["charts"], title
        assert len(back[title]["choices"]) == len(page["choices"]), title
        assert len(back[title]["colours"]) >= len(page["colours"]), title


def test_what_libreoffice_wrote_is_graded_the_same(converted: Path, tmp_path: Path):
    files.grade(converted / "sample.xlsx", tmp_path / "again.xlsx")
    assert files.graded_values(tmp_path / "again.xlsx") == files.graded_values(converted / "given" / "sample.xlsx")
