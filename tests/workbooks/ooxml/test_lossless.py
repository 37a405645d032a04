"""Grading changes nothing of a user's workbook but what it adds: part by part, over workbooks of many programs."""

import hashlib
import shutil
import zipfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from tests import packages
from tests.corpus import BOOKS, FOLDER, Book
from tests.files import are_sound, book_of, grade, package
from tests.packages import CONTENT_TYPES, VBA_PROJECT, Package, Place, is_same_but_open, replaced
from tests.workbooks.ooxml.graded_books import graded_in_place, graded_into_copy
from tierxl.method.issues import CannotGrade
from tierxl.method.table.columns import GRADED_COLUMNS
from tierxl.use_cases.graded import GradedFile

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.filterwarnings("ignore:.*extension is not supported"),  # openpyxl on what it would remove if it wrote
    pytest.mark.filterwarnings("ignore:Workbook contains no default style"),
]

TIERS = {"A", "B", "C", "Not graded"}


@dataclass(frozen=True)
class Graded:
    """A workbook of the corpus, graded in place."""

    book: Book
    path: Path
    before: Package
    after: Package
    result: GradedFile

    @cached_property
    def place(self) -> Place:
        """Where the grades stand: right of the headers that there were."""
        before, after = (grid(path, self.book.sheet)[self.book.header - 1] for path in (self.book.path, self.path))
        new = {at for at, header in enumerate(after, 1) if header and not (before[at - 1 : at] or [None])[0]}
        return Place(self.book.sheet, self.book.header, self.book.last, frozenset(new))


def grid(path: Path, sheet: str) -> list[list[Any]]:
    return CalamineWorkbook.from_path(path).get_sheet_by_name(sheet).to_python(skip_empty_area=False)


@pytest.fixture(scope="module", params=BOOKS, ids=str)
def graded(request: pytest.FixtureRequest, corpus_folder: Path) -> Graded:
    path, result = graded_in_place(request.param, corpus_folder)
    return Graded(request.param, path, Package(request.param.path), Package(path), result)


def test_every_workbook_of_the_corpus_is_looked_at_and_described():
    found = {path.name for path in FOLDER.iterdir() if path.suffix in (".xlsx", ".xlsm")}
    assert found == {book.name for book in BOOKS}
    described = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert [name for name in found if f"`{name}`" not in described] == []


# --- What stays ------------------------------------------------------------------------------------------------------


def test_parts_that_grading_does_not_extend_stay_byte_for_byte(graded: Graded):
    assert packages.changed_parts(graded.before, graded.after, graded.place) == []


def test_new_parts_have_names_of_their_own_and_are_found(graded: Graded):
    assert packages.unsound_additions(graded.before, graded.after) == []
    with zipfile.ZipFile(graded.path) as written:
        assert written.testzip() is None


def test_relationships_and_content_types_stay(graded: Graded):
    assert packages.changed_relationships(graded.before, graded.after, graded.place) == []
    assert packages.changed_content_types(graded.before, graded.after) == []


def test_prefixes_stay_declared(graded: Graded):
    assert packages.changed_namespaces(graded.before, graded.after, graded.place) == []


def test_the_workbook_part_has_our_sheets_more_and_nothing_else(graded: Graded):
    assert packages.changed_workbook(graded.before, graded.after, graded.place) == []
    users = list(graded.before.sheets)
    there, ours = list(graded.after.sheets), [sheet.title for sheet in graded.result.sheets()]
    assert there[: len(users)] == users
    assert [title.removesuffix(" (tierxl)") for title in there[len(users) :]] == ours
    assert [graded.after.sheets[title] for title in users] == [graded.before.sheets[title] for title in users]


def test_styles_are_added_behind_the_users(graded: Graded):
    assert packages.changed_styles(graded.before, graded.after) == []


def test_cells_of_the_users_stay_down_to_their_xml(graded: Graded):
    assert packages.changed_cells(graded.before, graded.after, graded.place) == []
    assert packages.unsorted_cells(graded.after, graded.place) == []


def test_rows_stay_but_for_heights_that_nobody_set(graded: Graded):
    assert packages.changed_rows(graded.before, graded.after, graded.place) == []


def test_what_stands_around_the_cells_of_the_clients_sheet_stays(graded: Graded):
    assert packages.changed_sheet(graded.before, graded.after, graded.place) == []


def test_graded_columns_are_seen_where_the_columns_right_of_the_clients_are_hidden(graded: Graded):
    assert packages.hidden_columns(graded.after, graded.place) == []


def test_no_graded_column_lies_over_a_sparkline(graded: Graded):
    """The cell of a sparkline has no value, and is taken nevertheless."""
    assert packages.covered_sparklines(graded.before, graded.place) == []


def test_the_table_of_clients_grows_and_stays_the_same_besides(graded: Graded):
    assert packages.changed_table(graded.before, graded.after, graded.place) == []


def test_tables_are_such_as_excel_opens(graded: Graded):
    assert all(are_sound(page) for page in book_of(graded.path).worksheets)
    assert packages.columns_without_field(graded.after) == []


def test_values_of_all_sheets_of_the_users_stay(graded: Graded):
    columns = graded.place.columns
    for title in CalamineWorkbook.from_path(graded.book.path).sheet_names:
        ours = columns if title == graded.book.sheet else frozenset[int]()
        assert filled(graded.path, title, ours) == filled(graded.book.path, title), title


def filled(path: Path, title: str, without: frozenset[int] = frozenset()) -> dict[tuple[int, int], Any]:
    return {
        (row, column): value
        for row, line in enumerate(grid(path, title), 1)
        for column, value in enumerate(line, 1)
        if value != "" and column not in without
    }


# --- What is added ---------------------------------------------------------------------------------------------------


def test_every_client_has_a_tier_for_both_readers(graded: Graded):
    read = grid(graded.path, graded.book.sheet)
    page = book_of(graded.path)[graded.book.sheet]
    seen = [[page.cell(row, at).value for at in range(1, page.max_column + 1)] for row in range(1, page.max_row + 1)]
    for lines in (read, seen):
        header, *clients = lines[graded.book.header - 1 : graded.book.last]
        assert [name for name in GRADED_COLUMNS if name not in header] == []
        tiers = [(line[header.index("Client")], line[header.index("Tier")]) for line in clients]
        assert [name for name, tier in tiers if bool(name) != (tier in TIERS)] == []
        assert len(tiers) >= 12
        assert {tier for _, tier in tiers} >= {"A", "B", "C"}


def test_nothing_is_said_to_be_lost(graded: Graded):
    assert [str(issue) for issue in graded.result.issues if "lack" in str(issue) or "los" in str(issue)] == []


# --- Again, and into a copy ------------------------------------------------------------------------------------------


def test_grading_again_gives_the_same_bytes(graded: Graded, tmp_path: Path):
    path = Path(shutil.copy(graded.path, tmp_path))
    grade(path, path)
    assert different(graded.after, Package(path)) == []
    assert path.read_bytes() == graded.path.read_bytes()


def test_a_graded_copy_opens_on_the_summary_and_is_the_same_otherwise(graded: Graded, corpus_folder: Path):
    source, copy = graded_into_copy(graded.book, corpus_folder)
    with closing(load_workbook(copy, read_only=True)) as book:
        assert book.active.title.startswith("Summary")
    written = Package(copy)
    others = different(graded.after, written)
    assert [name for name in others if not is_same_but_open(graded.after, written, name)] == []
    assert source.read_bytes() == graded.book.path.read_bytes()


def different(one: Package, other: Package) -> list[str]:
    names = one.parts.keys() | other.parts.keys()
    return sorted(name for name in names if one.parts.get(name) != other.parts.get(name))


# --- Macros ----------------------------------------------------------------------------------------------------------

MACRO_BOOKS = [book for book in BOOKS if book.name.endswith(".xlsm")]


def project(package: Package) -> dict[str, str]:
    """The parts of the macros, its signatures included, each with its fingerprint."""
    (macros,) = package.related(package.workbook, "/vbaProject")
    names = [macros, *package.related(macros, "/vbaProjectSignature", "Agile", "V3")]
    return {name: hashlib.sha256(package.parts[name]).hexdigest() for name in names}


@pytest.mark.parametrize("graded", MACRO_BOOKS, ids=str, indirect=True)
def test_macros_and_their_signature_keep_their_fingerprints(graded: Graded):
    assert project(graded.after) == project(graded.before)


@pytest.mark.parametrize("book", MACRO_BOOKS, ids=str)
def test_a_copy_without_macros_says_so_and_keeps_all_else(book: Book, tmp_path: Path):
    result = grade(book.path, tmp_path / "graded.xlsx")
    (lacking,) = (str(issue) for issue in result.issues if "lacks" in str(issue))
    assert "macros of your workbook" in lacking
    before, after = Package(book.path), Package(tmp_path / "graded.xlsx")
    macros = set(project(before)) | {packages.rels_of(name) for name in project(before)}
    assert macros.isdisjoint(after.parts)
    assert VBA_PROJECT not in [each.kind for each in after.relationships(after.workbook)]
    assert after.content_type(after.workbook).endswith("spreadsheetml.sheet.main+xml")
    assert b"macroEnabled" not in after.parts[CONTENT_TYPES]
    extended = packages.may_change(before, Place(book.sheet, book.header, book.last, frozenset()))
    kept = before.parts.keys() - macros - extended
    assert [name for name in kept if after.parts.get(name) != before.parts[name]] == []


# --- What cannot be kept ---------------------------------------------------------------------------------------------

Parts = dict[str, bytes]
ORIGIN = "http://schemas.openxmlformats.org/package/2006/relationships/digital-signature/origin"
OFFICE, STRICT = "http://schemas.openxmlformats.org/officeDocument/2006/", "http://purl.oclc.org/ooxml/officeDocument/"
MAIN, STRICT_MAIN = packages.MAIN[1:-1], "http://purl.oclc.org/ooxml/spreadsheetml/main"


def declared(parts: Parts, **types: str) -> None:
    added = "".join(f'<Default Extension="{end}" ContentType="{kind}"/>' for end, kind in types.items())
    parts[CONTENT_TYPES] = replaced(parts[CONTENT_TYPES], rb"(<Types[^>]*>)", lambda found: found[1] + added.encode())


def related(parts: Parts, source: str, kind: str, target: str) -> None:
    added = f'<Relationship Id="rIdMore" Type="{kind}" Target="{target}"/></Relationships>'.encode()
    parts[packages.rels_of(source)] = replaced(parts[packages.rels_of(source)], b"</Relationships>", added)


def signed(parts: Parts) -> None:
    """A package with a digital signature, as far as its parts show."""
    parts["_xmlsignatures/origin.sigs"] = b""
    parts["_xmlsignatures/sig1.xml"] = b'<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"/>'
    parts["_xmlsignatures/_rels/origin.sigs.rels"] = (
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
        b'Type="http://schemas.openxmlformats.org/package/2006/relationships/digital-signature/signature" '
        b'Target="sig1.xml"/></Relationships>'
    )
    declared(parts, sigs="application/vnd.openxmlformats-package.digital-signature-origin")
    related(parts, "", ORIGIN, "_xmlsignatures/origin.sigs")


def shared_with_history(parts: Parts) -> None:
    """A workbook that is shared the old way, with a record of every change."""
    parts["xl/revisions/revisionHeaders.xml"] = (
        f'<headers xmlns="{MAIN}" xmlns:r="{OFFICE}relationships" guid="{{5C3F7A1B-0001-4E1C-9A5D-0123456789AB}}">'
        '<header guid="{5C3F7A1B-0001-4E1C-9A5D-0123456789AB}" dateTime="2026-11-01T09:00:00Z" maxSheetId="2" '
        'userName="Priya Raman" r:id="rId1"><sheetIdMap count="1"><sheetId val="1"/></sheetIdMap></header></headers>'
    ).encode()
    parts["xl/revisions/revisionLog1.xml"] = f'<revisions xmlns="{MAIN}"/>'.encode()
    parts["xl/revisions/_rels/revisionHeaders.xml.rels"] = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
        f'Type="{OFFICE}relationships/revisionLog" Target="revisionLog1.xml"/></Relationships>'
    ).encode()
    related(parts, "xl/workbook.xml", f"{OFFICE}relationships/revisionHeaders", "revisions/revisionHeaders.xml")


def strict(parts: Parts) -> None:
    """The strict form of the format, which few programs write: the same with other namespaces."""
    for name in parts:
        if name.endswith((".xml", ".rels")):
            parts[name] = (
                parts[name].replace(MAIN.encode(), STRICT_MAIN.encode()).replace(OFFICE.encode(), STRICT.encode())
            )
    parts["xl/workbook.xml"] = replaced(parts["xl/workbook.xml"], b"<workbook ", b'<workbook conformance="strict" ')


@pytest.mark.parametrize("into", ["clients.xlsx", "copy.xlsx"], ids=["in place", "into a copy"])
@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param(signed, r"(?i)clients\.xlsx.*signature.*(no longer|not hold|break).*(remove|sign)", id="signed"),
        pytest.param(
            shared_with_history, r"(?i)clients\.xlsx.*(shared|track|changes).*(stop|turn|end|unshare|save)", id="shared"
        ),
        pytest.param(strict, r"(?i)clients\.xlsx.*strict.*save.*excel workbook", id="strict"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_what_to_do(
    change: Callable[[Parts], None], words: str, into: str, tmp_path: Path
):
    parts = dict(Package(FOLDER / "xlsxwriter-rules.xlsx").parts)
    change(parts)
    path = package(tmp_path / "clients.xlsx", parts)
    written = path.read_bytes()
    with pytest.raises(CannotGrade, match=words):
        grade(path, tmp_path / into)
    assert path.read_bytes() == written
    assert [file.name for file in tmp_path.iterdir()] == ["clients.xlsx"]
