"""A workbook is graded the same in whatever way the format lets a program write it."""

import shutil
from collections.abc import Collection
from functools import cache
from pathlib import Path

import pytest
from openpyxl.utils import get_column_letter

from tests.corpus import BOOKS, Book
from tests.files import grade
from tests.packages import MAIN, Package, Place, cells_of
from tests.rewriting import rewritten
from tests.rewriting.comparison import AnyPackage, harms, malformed_parts, other_meanings
from tests.rewriting.content import Content
from tests.rewriting.sheets import made

pytestmark = pytest.mark.corpus


@cache
def graded_original(book: Book, folder: Path) -> tuple[Path, Place]:
    """A workbook of the corpus as it is graded, and where its grades stand."""
    target = folder / f"graded-{book}"
    grade(book.path, target)
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
    grade(content.write(edited), again)
    return edited, again, place


def failures(book: Book, seed: int, names: Collection[str], folder: Path) -> list[str]:
    """What is wrong with the gradings of a workbook that was rewritten before, and with those of one rewritten later."""
    return _rewritten_before(book, seed, names, folder) + _rewritten_later(book, seed, names, folder)


def _rewritten_before(book: Book, seed: int, names: Collection[str], folder: Path) -> list[str]:
    original, place = graded_original(book, folder)
    source = rewritten(book.path, folder / f"source-{book}", seed, names)
    path, copy = Path(shutil.copy(source, folder / f"in-place-{book}")), folder / f"copy-{book}"
    written = source.read_bytes()
    grade(path, path)
    before, after = AnyPackage(source), AnyPackage(path)
    if found := malformed_parts(after):
        return found
    found = harms(before, after, place) + other_meanings(AnyPackage(original), after, place)
    grade(source, copy)
    found += different("a copy", after, AnyPackage(copy))
    if source.read_bytes() != written:
        found.append("the original is not what it was")
    for times in ("a second", "a third"):
        grade(path, path)
        found += different(f"{times} grading", after, AnyPackage(path))
    return found


def _rewritten_later(book: Book, seed: int, names: Collection[str], folder: Path) -> list[str]:
    edited, expected, place = edited_original(book, folder)
    source = rewritten(edited, folder / f"later-{book}", seed, names)
    grade(source, source)
    after = AnyPackage(source)
    found = malformed_parts(after) or other_meanings(AnyPackage(expected), after, place)
    return [f"rewritten after a grading: {each}" for each in found]


def different(what: str, one: Package, other: Package) -> list[str]:
    names = one.parts.keys() | other.parts.keys()
    return [f"{what} has another {name}" for name in sorted(names) if one.parts.get(name) != other.parts.get(name)]
