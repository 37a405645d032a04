"""Formulas with functions of the add-in, and the links by which they find it, stay when a file is graded."""

import shutil
from pathlib import Path

import pytest

from tests import files
from tests.add_in_links import CELL, FORMULA, LINKS, VALUE, linked_workbook
from tests.files import FIRST_SHEET, below, page_of, parts_of
from tests.runs import first


@pytest.mark.parametrize("place", first(1, ["in place", "a copy"]))
def test_grading_keeps_them_all(place: str, tmp_path: Path):
    path, target = linked_workbook(tmp_path / "Team.xlsx", *LINKS.values()), tmp_path / "graded.xlsx"
    if place == "in place":
        files.write_grades(Path(shutil.copy(path, target)))
    else:
        files.grade(path, target)
    before, after = parts_of(path), parts_of(target)
    links = [name for name in before if name.startswith("xl/externalLinks/")]
    assert len(links) == 2 * len(LINKS)
    assert {name: after.get(name) for name in links} == {name: before[name] for name in links}
    page = page_of(target)
    assert (page[CELL].value, below(page, "Tier")) == (f"={FORMULA}", ["C", "C", "A"])
    assert f"</f><v>{VALUE}</v>".encode() in after[FIRST_SHEET]
