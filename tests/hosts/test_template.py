"""The templates in the judgement of two validators, and in LibreOffice."""

import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from tests.files import AS_OF
from tests.libreoffice import EXCEL, PDF, convert, in_libreoffice
from tests.runs import Test
from tests.template.templates import ADD_IN, BLANK_TEMPLATE, LITE, LIVE, PLAIN, PLAIN_TEMPLATE, WITH_MACROS
from tests.template.test_build import SHEETS
from tests.validators import audit_errors, sdk_errors, with_sdk
from tierxl.template.sample import CLIENTS
from tierxl.use_cases.grade import grade_file
from tierxl.use_cases.reading import Request

both = pytest.mark.parametrize("name", [WITH_MACROS, PLAIN])
all_kinds = pytest.mark.parametrize("name", [WITH_MACROS, PLAIN, PLAIN_TEMPLATE, BLANK_TEMPLATE, ADD_IN, LIVE, LITE])


@pytest.mark.long
@pytest.mark.parametrize("name", [WITH_MACROS, ADD_IN, LITE])
def test_openxml_audit_finds_no_error(name: str, templates: dict[str, Path]):
    assert audit_errors(templates[name]) == []


# --- The Open XML SDK ------------------------------------------------------------------------------------------------


@with_sdk
@all_kinds
def test_the_open_xml_sdk_finds_no_error(name: str, templates: dict[str, Path]):
    assert sdk_errors(templates[name]) == []


@with_sdk
@both
def test_the_open_xml_sdk_finds_no_error_in_what_the_command_makes_of_a_template(
    name: str, templates: dict[str, Path], tmp_path: Path
):
    grade_file(Request(templates[name], AS_OF), tmp_path / name)
    assert sdk_errors(tmp_path / name) == []


# --- LibreOffice -----------------------------------------------------------------------------------------------------


def with_libreoffice(test: Test) -> Test:
    is_missing = not shutil.which("pdftotext")
    return in_libreoffice(pytest.mark.skipif(is_missing, reason="poppler (pdftotext) is not installed")(test))


@pytest.fixture(scope="module")
def converted(templates: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """What LibreOffice writes of some templates; what it prints stands beside."""
    folder = tmp_path_factory.mktemp("libreoffice")
    (folder / "given").mkdir()
    given = [
        Path(shutil.copy(templates[name], folder / "given" / f"{at}{Path(name).suffix}"))
        for at, name in enumerate((WITH_MACROS, PLAIN, LITE))
    ]
    convert(PDF, folder, *given[:2])
    convert(EXCEL, folder, *given)
    return {name: folder / f"{at}.xlsx" for at, name in enumerate((WITH_MACROS, PLAIN, LITE))}


@cache
def calculated(path: Path) -> Workbook:
    """A workbook with the values of its formulas, opened once."""
    return load_workbook(path, data_only=True)


@cache
def pages_of(workbook: Path) -> list[str]:
    """The text of each printed page."""
    command = ["pdftotext", "-layout", str(workbook.with_suffix(".pdf")), "-"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return [page.strip() for page in done.stdout.split("\f")]


@with_libreoffice
@both
def test_every_sheet_is_printed(name: str, converted: dict[str, Path]):
    pages = pages_of(converted[name])
    for title in ("Client tiers", *SHEETS[1:]):
        assert any(page.startswith(title) for page in pages), title


@with_libreoffice
def test_the_workbook_for_xlwings_lite_opens_and_says_where_its_buttons_are(converted: dict[str, Path]):
    book = load_workbook(converted[LITE])
    shown = " ".join(str(cell.value) for row in book["Start here"].iter_rows() for cell in row)
    assert book.sheetnames[:4] == ["Start here", "Clients", "Account managers", "Summary"]
    assert "pane of xlwings Lite" in shown


@with_libreoffice
@both
def test_the_button_is_drawn_where_there_are_macros(name: str, converted: dict[str, Path]):
    clients = next(page for page in pages_of(converted[name]) if page.startswith("Clients\n"))
    assert ("Grade clients" in clients) == (name == WITH_MACROS)


@with_libreoffice
def test_where_there_are_no_functions_the_names_stay_and_the_tiers_say_so(converted: dict[str, Path]):
    """LibreOffice calculates formulas that spill whenever it opens a file."""
    page = calculated(converted[WITH_MACROS])["Live tiers"]
    assert [page.cell(row, 1).value for row in range(6, 16)] == [client["Client"] for client in CLIENTS]
    assert {page.cell(row, column).value for row in range(5, 16) for column in range(2, 16)} == {"#NAME?"}


@with_libreoffice
@both
def test_no_other_cell_is_an_error(name: str, converted: dict[str, Path]):
    book = calculated(converted[name])
    errors = {page.title for page in book for row in page.iter_rows() for cell in row if cell.data_type == "e"}
    assert errors == ({"Live tiers"} if name == WITH_MACROS else set())
