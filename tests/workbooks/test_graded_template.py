"""The template keeps its spilling formulas and its ribbon when it is graded."""

import re
from pathlib import Path

import pytest
from openpyxl.utils import get_column_letter

from tests import files
from tests.files import parts_of

pytestmark = pytest.mark.long

WORKBOOKS = Path(__file__).parents[2] / "workbook"


@pytest.fixture(scope="module", params=[".xlsx", ".xlsm"])
def graded_template(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The template, graded twice."""
    target = tmp_path_factory.mktemp("template") / f"graded{request.param}"
    files.grade(WORKBOOKS / f"Client Tiers{request.param}", target)
    return files.grade(target, target.with_stem("again")).target or target


def spilling(path: Path) -> list[tuple[str, str]]:
    """The cells of formulas that spill, with the values that stand in them."""
    pattern = r'<c(?=[^>]* cm="1")[^>]* r="(\w+)"[^>]*><f(?=[^>]* t="array")[^>]*>[^<]*</f><v>([^<]*)</v>'
    return [found for name, part in parts_of(path).items() if "/sheet" in name
            for found in re.findall(pattern, part.decode())]  # fmt: skip


def test_formulas_that_spill_still_do_with_their_values(graded_template: Path):
    cells = [("A5", "Client"), ("B5", "Tier"), ("P5", "Why")] if graded_template.suffix == ".xlsm" else []
    assert spilling(graded_template) == cells


def test_what_makes_formulas_spill_is_there_once_and_declared(graded_template: Path):
    parts, spills = parts_of(graded_template), graded_template.suffix == ".xlsm"
    assert (b"XLDAPR" in parts.get("xl/metadata.xml", b"")) is spills
    assert parts["[Content_Types].xml"].count(b"/xl/metadata.xml") == int(spills)
    assert parts["xl/_rels/workbook.xml.rels"].count(b"metadata.xml") == int(spills)


def test_the_ribbon_of_a_workbook_with_macros_is_kept(graded_template: Path):
    parts = parts_of(graded_template)
    has_macros = graded_template.suffix == ".xlsm"
    assert parts["_rels/.rels"].count(b"customUI/customUI14.xml") == int(has_macros)
    assert ("customUI/customUI14.xml" in parts) is has_macros


def test_once_there_are_grades_they_are_printed_beside_the_clients(graded_template: Path):
    page = files.page_of(graded_template)
    tier, last = files.column_at(page, "Tier", row=5), page.max_row
    area = page.print_area.partition("!")[2]
    assert area.startswith(f"${get_column_letter(tier)}$5:")
    assert area.endswith(f"${last}")
    assert (page.print_title_cols, page.print_title_rows) == ("$A:$A", "$5:$5")


def test_a_workbook_without_such_formulas_gets_no_part_for_them(tmp_path: Path):
    path = files.workbook(tmp_path / "clients.xlsx")
    files.write_grades(path)
    assert "xl/metadata.xml" not in parts_of(path)


def test_a_formula_that_the_user_has_made_a_fixed_array_stays_one(tmp_path: Path):
    def unspilled(part: bytes) -> bytes:
        return re.sub(rb'<c [^>]*r="A5"[^>]*>', lambda cell: cell[0].replace(b' cm="1"', b""), part)

    path = tmp_path / "clients.xlsm"
    path.write_bytes((WORKBOOKS / "Client Tiers.xlsm").read_bytes())
    (live,) = [name for name, part in parts_of(path).items() if b'cm="1"' in part]
    files.with_part(path, live, unspilled)
    files.regrade(path)
    assert [cell for cell, _ in spilling(path)] == ["B5", "P5"]
