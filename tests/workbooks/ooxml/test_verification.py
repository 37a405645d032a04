"""What was written into a user's workbook is read back before it takes the place of the file."""

import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.worksheet import Worksheet

from tests.files import CLIENTS, grade, package, parts_of, regrade, workbook
from tierxl.method.issues import CannotGrade
from tierxl.workbooks.ooxml import in_place as graft
from tierxl.workbooks.ooxml import new_sheets as draft
from tierxl.workbooks.ooxml import package_edit, plain_xml

Change = Callable[[bytes], bytes]


def remarks(book: Workbook, page: Worksheet) -> None:
    """A workbook of some use: a name, a link, a second sheet, and remarks behind the column where the grades end."""
    page["B2"].hyperlink = "https://example.org/"
    page.row_dimensions[4].height = 33
    book.create_sheet("Rates")["A1"] = 0.5
    book.defined_names["Rate"] = DefinedName("Rate", attr_text="Rates!$A$1")


@pytest.fixture
def clients(tmp_path: Path) -> Path:
    return workbook(tmp_path / "clients.xlsx", CLIENTS, change=remarks)


@pytest.fixture(scope="module")
def graded_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, graded, with remarks of the user's right of the graded columns."""
    clients = workbook(tmp_path_factory.mktemp("graded") / "clients.xlsx", CLIENTS, change=remarks)
    regrade(clients)
    parts = parts_of(clients)
    sheet = parts["xl/worksheets/sheet1.xml"]
    for row in (2, 3, 4):
        more = rb'\1<c r="Z%d" t="str"><v>Remark</v></c></row>' % row
        sheet = re.sub(rb'(<row r="%d".*?)</row>' % row, more, sheet, flags=re.DOTALL)
    return package(clients, parts | {"xl/worksheets/sheet1.xml": sheet})


@pytest.fixture
def graded(graded_once: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(graded_once, tmp_path))


def without(pattern: bytes, instead: bytes = b"") -> Change:
    """A change that must find what it changes."""

    def change(text: bytes) -> bytes:
        changed, times = re.subn(pattern, instead, text, count=1, flags=re.DOTALL)
        assert times == 1
        return changed

    return change


def harm_rows(monkeypatch: pytest.MonkeyPatch, change: Change) -> None:
    """Let the writing harm the rows of the clients' sheet, as a defect of it could."""
    sheet_text = draft.sheet_text

    def harmed(frame: Any, rows: Iterable[bytes]) -> Iterator[bytes]:
        text = b"".join(sheet_text(frame, rows))
        yield change(text) if b"Abel" in text and b"Cohen" in text and b'<c r="B1"' in text else text

    monkeypatch.setattr(graft, "sheet_text", lambda frame, rows: harmed(frame, list(rows)))


def refused(path: Path) -> str:
    before = path.read_bytes()
    with pytest.raises(CannotGrade) as error:
        regrade(path)
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == [path.name]
    sentence = str(error.value)
    assert sentence.startswith("clients.xlsx is as it was: ")
    assert sentence.endswith("please report it.")
    return sentence


CELLS = [
    pytest.param(without(rb'<c r="B3".*?</c>'), "the cell B3 ", id="a cell lost"),
    pytest.param(without(rb'(<c r="B3"[^>]*>)<v>200</v>', rb"\1<v>201</v>"), "the cell B3 ", id="a value changed"),
    pytest.param(without(rb'<c r="B3"( s="[0-9]+")?', b'<c r="B3" s="0" t="n"'), "the cell B3 ", id="a format changed"),
    pytest.param(without(rb'<row r="3".*?</row>'), "the row 3 ", id="a row lost"),
    pytest.param(without(rb'(<row r="4"[^>]*) ht="33"', rb'\1 ht="34"'), "the row 4 ", id="a height changed"),
    pytest.param(without(rb"</sheetData>", b'<row r="9"><c r="B9"><v>1</v></c></row></sheetData>'), "the cell B9 ",
                 id="a cell more"),
    pytest.param(without(rb"<hyperlinks>.*</hyperlinks>"), "another hyperlinks", id="links lost"),
]  # fmt: skip


@pytest.mark.long
@pytest.mark.parametrize(("harm", "words"), CELLS)
def test_a_cell_that_would_be_lost_or_changed_is_named_and_nothing_is_written(
    harm: Change, words: str, clients: Path, monkeypatch: pytest.MonkeyPatch
):
    harm_rows(monkeypatch, harm)
    assert words in refused(clients)


@pytest.mark.long
@pytest.mark.parametrize(
    ("harm", "words"), [*CELLS, pytest.param(without(rb'<c r="Z3".*?</c>'), "the cell Z3 ", id="Z3")]
)
def test_so_is_one_beside_the_graded_columns_of_an_earlier_grading(
    harm: Change, words: str, graded: Path, monkeypatch: pytest.MonkeyPatch
):
    harm_rows(monkeypatch, harm)
    assert words in refused(graded)


@pytest.mark.long
def test_a_sheet_that_had_to_be_parsed_is_compared_with_what_the_program_wrote(
    clients: Path, monkeypatch: pytest.MonkeyPatch
):
    """Where a sheet is put into its plain form, that form is no witness of what was there before."""
    parts = parts_of(clients)
    sheet = parts["xl/worksheets/sheet1.xml"].replace(b"</c>", b"</c >")
    package(clients, parts | {"xl/worksheets/sheet1.xml": sheet})
    name_places = plain_xml._name_places

    def forgetful(row: Any, before: int, path: Path) -> int:
        number = name_places(row, before, path)
        if number == 3:
            row.remove(row[-1])
        return number

    monkeypatch.setattr(plain_xml, "_name_places", forgetful)
    assert "the row 3 " in refused(clients)


@pytest.mark.long
def test_a_part_that_would_change_is_named(clients: Path, monkeypatch: pytest.MonkeyPatch):
    copy_part = draft.copy_part

    def harmful(package: Any, info: Any, packed: Iterable[bytes]) -> None:
        is_theme = info.filename == "xl/theme/theme1.xml"
        copy_part(package, info, [b"\0" * info.compress_size] if is_theme else packed)

    monkeypatch.setattr(package_edit, "copy_part", harmful)
    assert "its part xl/theme/theme1.xml has changed" in refused(clients)


@pytest.mark.long
@pytest.mark.parametrize(
    ("harm", "words"),
    [
        pytest.param(without(rb"</row>"), "the form of its cells is not that of a workbook", id="rows"),
        pytest.param(without(rb"</worksheet>"), "it cannot be read", id="sheet"),
    ],
)
def test_a_workbook_that_could_not_be_read_is_not_left(
    harm: Change, words: str, clients: Path, monkeypatch: pytest.MonkeyPatch
):
    harm_rows(monkeypatch, harm)
    assert words in refused(clients)


def test_a_part_that_would_be_lost_is_named(clients: Path, monkeypatch: pytest.MonkeyPatch):
    copy_part = draft.copy_part

    def forgetful(package: Any, info: Any, packed: Iterable[bytes]) -> None:
        if info.filename != "xl/theme/theme1.xml":
            copy_part(package, info, packed)

    monkeypatch.setattr(package_edit, "copy_part", forgetful)
    assert "its part xl/theme/theme1.xml is missing" in refused(clients)


@pytest.mark.long
@pytest.mark.parametrize(
    ("harm", "words"),
    [
        pytest.param(without(rb'<definedName name="Rate".*?</definedName>'), "its name Rate is missing", id="name"),
        pytest.param(
            without(rb'(<definedName name="Rate"[^>]*>)[^<]*', rb"\1Rates!$A$2"), "its name Rate", id="formula"
        ),
        pytest.param(without(rb'<sheet [^>]*name="Rates"[^>]*/>'), "its sheets are others", id="sheet"),
    ],
)
def test_a_name_or_sheet_that_would_be_lost_is_named(
    harm: Change, words: str, clients: Path, monkeypatch: pytest.MonkeyPatch
):
    written = package_edit.written

    def harmed(root: Any) -> bytes:
        text = written(root)
        return harm(text) if b'name="Shed list"' in text else text

    monkeypatch.setattr(package_edit, "written", harmed)
    assert words in refused(clients)


def test_a_workbook_in_which_nothing_is_lost_is_written(clients: Path):
    assert grade(clients, clients).target == clients
