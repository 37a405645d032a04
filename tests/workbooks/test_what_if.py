"""The What if sheet in a workbook: it comes when it is asked for, and stays until it is asked for again."""

import shutil
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.files import AS_OF, SAMPLE, csv_file, everything, grade, page_of, parts_of, put, regrade, workbook
from tierxl.use_cases.reading import Request
from tierxl.use_cases.what_if import Tried, what_if

pytestmark = pytest.mark.long

TRIED = Tried({"tiers": {"a_from": 90, "b_from": 20}})


def with_sheet(source: Path, target: Path | None = None) -> Path:
    """Try other cuts, and write the sheet."""
    what_if(Request(source, AS_OF), TRIED, target or source)
    return target or source


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The last clients of the sample, one of them not graded, with the sheet."""
    folder = tmp_path_factory.mktemp("tried")
    header, *lines = SAMPLE.read_text(encoding="utf-8").splitlines()
    return with_sheet(csv_file(folder, "\n".join([header, *lines[-20:]])), folder / "a.xlsx")


@pytest.fixture(scope="module")
def tried_and_graded(tried: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same graded again: what was assumed in reading the CSV file is known then."""
    book = Path(shutil.copy(tried, tmp_path_factory.mktemp("graded")))
    regrade(book)
    return book


def test_a_grading_makes_no_such_sheet(sample_workbook: Path):
    assert "What if" not in page_of(sample_workbook).parent.sheetnames


def test_a_grading_leaves_the_sheet_byte_for_byte(tried_and_graded: Path, tmp_path: Path):
    book = Path(shutil.copy(tried_and_graded, tmp_path))
    before, sheets = parts_of(book), everything(book)
    regrade(book)
    after = parts_of(book)
    number = list(sheets).index("What if") + 1
    kept = {name for name in before if name.endswith((f"sheet{number}.xml", f"sheet{number}.xml.rels"))}
    kept |= {name for name in before if b"What_if" in before[name] and "tables/" in name}
    kept |= {name for name in before if "/charts/" in name and b"What if" in before[name]}
    assert len(kept) == 4
    assert {name: after.get(name) for name in kept} == {name: before[name] for name in kept}
    assert everything(book) == sheets


def test_asking_again_makes_the_sheet_anew_and_nothing_else(tried_and_graded: Path, tmp_path: Path):
    book = Path(shutil.copy(tried_and_graded, tmp_path))
    once = everything(book)
    with_sheet(book)
    assert everything(book) == once
    what_if(Request(book, AS_OF), Tried({}), book)
    assert page_of(book, "What if")["D1"].hyperlink.location == "'Summary'!A1"
    again = everything(book)
    assert list(again) == list(once)
    assert {title for title in once if again[title] != once[title]} == {"What if"}


def test_the_clients_are_not_looked_for_on_the_sheet(tmp_path: Path):
    book = with_sheet(workbook(tmp_path / "a.xlsx", sheet="My book"))
    result = regrade(book)
    assert result.grading.clients.table["client"].to_list() == ["Abel", "Baker", "Cohen"]


def test_a_sheet_of_the_users_of_that_name_stays_and_is_only_spoken_of_when_it_is_in_the_way(tmp_path: Path):
    path = workbook(tmp_path / "a.xlsx", change=lambda book, _: put(book.create_sheet("What if"), [("mine",)]))
    message = 'the sheet "What if" is yours and stays as it is; ours is "What if (tierxl)"'
    assert message not in [issue.message for issue in regrade(path).issues]
    found = what_if(Request(path, AS_OF), TRIED, path)
    assert message in [issue.message for issue in found.graded.issues]
    book = page_of(path).parent
    assert book["What if"]["A1"].value == "mine"
    assert book["What if (tierxl)"]["A1"].value == "What if"


def test_the_settings_of_the_workbook_are_the_ones_in_force(tried: Path, tmp_path: Path):
    book = Path(shutil.copy(tried, tmp_path))
    settings = load_workbook(book)
    page = settings["Settings"]
    (cell,) = (line[2] for line in page.iter_rows() if (line[0].value, line[1].value) == ("Tiers", "A from"))
    cell.value = 70
    settings.save(book)
    policy = tmp_path / "other.toml"
    policy.write_text("[tiers]\nb_from = 45\n")
    found = what_if(Request(book, AS_OF), Tried({"weights": {"pain": 5}}, policy)).comparison
    assert found is not None
    assert [(it.setting, it.before, it.after) for it in found.settings] == [("pain", 10, 5), ("b_from", 40, 45)]
    assert found.before.clients == {
        tier.tier: tier.clients for tier in grade(book, tmp_path / "b.xlsx").portfolio.tiers
    }
