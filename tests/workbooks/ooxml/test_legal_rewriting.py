"""A workbook is graded the same in whatever way the format lets a program write it."""

import os
import shutil
from collections.abc import Collection
from copy import copy
from functools import cache
from itertools import product
from pathlib import Path

import pytest
from openpyxl.utils import get_column_letter

from tests.corpus import BOOKS, Book
from tests.files import grade
from tests.packages import MAIN, Package, Place, cells_of, is_same_but_open, replaced
from tests.rewriting import NOT_LEGAL, REWRITINGS, chosen, rewritten
from tests.rewriting.comparison import AnyPackage, harms, malformed_parts, other_meanings
from tests.rewriting.content import Content
from tests.rewriting.sheets import made
from tests.workbooks.ooxml.graded_books import graded_in_place
from tierxl.method.issues import CannotGrade

pytestmark = pytest.mark.corpus

SEEDS = [int(seed) for seed in os.environ.get("REWRITING_SEEDS", "1").split()]
"""What the rewritings are chosen by: set REWRITING_SEEDS to try others."""


@pytest.fixture
def folder(corpus_folder: Path) -> Path:
    return corpus_folder


@cache
def graded_original(book: Book, folder: Path) -> tuple[Path, Place]:
    """A workbook of the corpus as it is graded, and where its grades stand."""
    target, _ = graded_in_place(book, folder)
    old, new = (_headers(AnyPackage(path), book) for path in (book.path, target))
    return target, Place(book.sheet, book.header, book.last, frozenset(new - old))


def _headers(package: Package, book: Book) -> set[int]:
    sheet = package.xml(package.sheets[book.sheet])
    return {column for (row, column), cell in cells_of(sheet) if row == book.header and len(cell)}


@cache
def edited_original(book: Book, folder: Path) -> tuple[Path, Path, Place]:
    """The same with a column of the user's right of the grades, and that graded again."""
    graded, place = graded_original(book, folder)
    content = Content.of(graded)
    part = AnyPackage(graded).sheets[book.sheet]
    (sheet,) = (tree for name, tree in content.trees.items() if name.casefold() == part)
    column = get_column_letter(max(place.columns) + 2)
    for row in sheet.iterfind(f"{MAIN}sheetData/{MAIN}row"):
        if book.header <= int(row.get("r")) <= book.last:
            row.append(made("c", r=f"{column}{row.get('r')}", t="str"))
            row[-1].append(made("v", f"Remark {row.get('r')}"))
    edited, again = folder / f"edited-{book}", folder / f"edited-graded-{book}"
    shutil.copy(content.write(edited), again)
    grade(again, again)
    return edited, again, place


def failures(book: Book, seed: int, names: Collection[str], folder: Path) -> list[str]:
    """What is wrong when a workbook is rewritten and graded, and when it is graded, rewritten and graded again."""
    return _rewritten_before(book, seed, names, folder) + _rewritten_later(book, seed, names, folder)


def _rewritten_before(book: Book, seed: int, rewritings: Collection[str], folder: Path) -> list[str]:
    original, place = graded_original(book, folder)
    source = rewritten(book.path, folder / f"source-{book}", seed, rewritings)
    path, target = Path(shutil.copy(source, folder / f"in-place-{book}")), folder / f"copy-{book}"
    written = source.read_bytes()
    grade(path, path)
    after = AnyPackage(path)
    found = losses(AnyPackage(source), after, AnyPackage(original), place)
    grade(source, target)
    copied = AnyPackage(target)
    names = after.parts.keys() | copied.parts.keys()
    found += [f"a copy has another {name}" for name in sorted(names) if not is_same_but_open(after, copied, name)]
    if source.read_bytes() != written:
        found.append("the original is not what it was")
    once = path.read_bytes()
    grade(path, path)
    found += different(after, AnyPackage(path))
    if path.read_bytes() != once:
        found.append("a second grading gives another file")
    return found


def losses(before: Package, after: Package, original: Package, place: Place) -> list[str]:
    """What a grading has lost or changed, and what it has made otherwise than of the original writing."""
    return malformed_parts(after) or harms(before, after, place) + other_meanings(original, after, place)


def _rewritten_later(book: Book, seed: int, names: Collection[str], folder: Path) -> list[str]:
    edited, expected, place = edited_original(book, folder)
    source = rewritten(edited, folder / f"later-{book}", seed, names)
    grade(source, source)
    after = AnyPackage(source)
    found = malformed_parts(after) or other_meanings(AnyPackage(expected), after, place)
    return [f"rewritten after a grading: {each}" for each in found]


def different(one: Package, other: Package) -> list[str]:
    names = one.parts.keys() | other.parts.keys()
    return [
        f"a second grading has another {name}" for name in sorted(names) if one.parts.get(name) != other.parts.get(name)
    ]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("book", BOOKS, ids=str)
def test_a_workbook_in_another_legal_writing_is_graded_the_same(book: Book, seed: int, folder: Path):
    """Every other book is rewritten before it is graded, the rest between two gradings; the next seed swaps them."""
    names = chosen(book, seed)
    rewriting = (_rewritten_before, _rewritten_later)[(BOOKS.index(book) + seed) % 2]
    assert rewriting(book, seed, names, folder) == [], names


@pytest.mark.parametrize("name", NOT_LEGAL)
def test_what_is_not_legal_is_refused_or_graded_the_same(name: str, folder: Path):
    book = BOOKS[0]
    path = rewritten(book.path, folder / f"{name}.xlsx", 1, [name])
    written = path.read_bytes()
    try:
        grade(path, path)
    except CannotGrade:
        assert path.read_bytes() == written
    else:
        assert failures(book, 1, [name], folder) == []


def test_the_longest_comment_does_not_hide_the_end_of_a_package_in_the_form_for_large_files(folder: Path):
    content = Content.of(BOOKS[0].path)
    content.container.zip64_end, content.container.comment = True, b"x" * 65_535
    path = content.write(folder / "commented.xlsx")
    expected, place = graded_original(BOOKS[0], folder)
    grade(path, path)
    assert other_meanings(AnyPackage(expected), AnyPackage(path), place) == []


# --- The rewritings and the comparison themselves --------------------------------------------------------------------

RICH, LEAN = (
    next(book for book in BOOKS if book.name == name) for name in ("by-hand-365.xlsx", "xlsxwriter-lean.xlsx")
)


_WITH = {"signs_as_such": "ignorable_attributes", "mixed_prefixes": "prefix_below_the_root"}
"""Rewritings that need something to which another leads."""


@cache
def plainly_written(book: Book, folder: Path) -> Path:
    """A workbook written anew without any rewriting: no seed changes that."""
    return rewritten(book.path, folder / f"plain-{book}", 1, ())


@pytest.mark.parametrize("name", REWRITINGS)
def test_a_rewriting_changes_the_file_and_not_its_meaning(name: str, folder: Path):
    before = [_WITH[name]] if name in _WITH else []
    for book, seed in product((RICH, LEAN), (1, 2, 3)):
        plain = rewritten(book.path, folder / "plain.xlsx", seed, before) if before else plainly_written(book, folder)
        path = rewritten(book.path, folder / "other.xlsx", seed, [*before, name])
        if path.read_bytes() != plain.read_bytes():
            assert malformed_parts(AnyPackage(path)) == []
            assert other_meanings(AnyPackage(plain), AnyPackage(path), Place(book.sheet, 1, 1, frozenset())) == []
            return
    pytest.fail(f"{name} changes nothing")


def test_the_same_seed_gives_the_same_file(folder: Path):
    one, other = (rewritten(RICH.path, folder / name, 5, REWRITINGS) for name in ("one.xlsx", "other.xlsx"))
    assert one.read_bytes() == other.read_bytes()


SHEET = "xl/worksheets/sheet1.xml"
DAMAGES = [
    pytest.param(SHEET, rb'(<c r="B3"[^>]*>)<v>[^<]*</v>', rb"\1", id="a value is lost"),
    pytest.param(SHEET, rb'(<c r="E4"[^>]*>)<v>[^<]*</v>', rb"\1<v>7</v>", id="another number"),
    pytest.param(SHEET, rb"<f>[^<]*</f>", b"", id="a formula is lost"),
    pytest.param(SHEET, rb'<c r="A5".*?</c>', b"", id="a cell is lost"),
    pytest.param(SHEET, rb"<dataValidation .*?</dataValidation>", b"", id="a validation is lost"),
    pytest.param(SHEET, rb"<conditionalFormatting .*?</conditionalFormatting>", b"", id="a live format is lost"),
    pytest.param(SHEET, rb"<hyperlink .*?/>", b"", id="a link is lost"),
    pytest.param(SHEET, rb' xmlns:x14ac="[^"]*"', b"", id="a prefix is lost"),
    pytest.param(SHEET, rb"</row>", b"</row", id="a part is no XML"),
    pytest.param(SHEET, rb'(<c r="Q2" [^>]*>.*?>)[ABC]<', rb"\1X<", id="another tier"),
    pytest.param("xl/workbook.xml", rb'<definedName name="Rate".*?</definedName>', b"", id="a name is lost"),
    pytest.param("xl/comments1.xml", rb"(<t[^>]*>)", rb"\1x", id="another comment"),
    pytest.param("xl/tables/table1.xml", rb'displayName="[^"]*"', b'displayName="Other"', id="another table"),
    pytest.param("xl/styles.xml", rb"<cellXfs([^>]*)><xf ", rb'<cellXfs\1><xf numFmtId="9" ', id="a style is another"),
    pytest.param("xl/worksheets/sheet6.xml", rb"<v>[0-9]", b"<v>7", id="another number on a sheet of ours"),
]


@pytest.fixture(scope="module")
def sound(corpus_folder: Path) -> tuple[Package, Package, Package, Place]:
    """A workbook in another writing, its grading, and that of the original writing, with its place."""
    expected, place = graded_original(RICH, corpus_folder)
    names = ["shared_strings", "relationship_order", "item_order"]
    source = rewritten(RICH.path, corpus_folder / "source.xlsx", 1, names)
    path = Path(shutil.copy(source, corpus_folder / "sound.xlsx"))
    grade(path, path)
    return AnyPackage(source), AnyPackage(path), AnyPackage(expected), place


def test_a_sound_grading_has_no_losses(sound: tuple[Package, Package, Package, Place]):
    assert losses(*sound) == []


@pytest.mark.parametrize(("part", "pattern", "damage"), DAMAGES)
def test_a_damaged_grading_is_found(
    part: str, pattern: bytes, damage: bytes, sound: tuple[Package, Package, Package, Place]
):
    before, graded, original, place = sound
    damaged = copy(graded)
    damaged.parts = graded.parts | {part: replaced(graded.parts[part], pattern, damage)}
    assert losses(before, damaged, original, place)
