"""A workbook is graded the same in whatever way the format lets a program write it."""

import shutil
from collections.abc import Collection
from functools import cache
from pathlib import Path

import pytest

from tests.corpus import BOOKS, Book
from tests.files import grade
from tests.packages import Package, Place, cells_of
from tests.rewriting import rewritten
from tests.rewriting.comparison import AnyPackage, harms, malformed_parts, other_meanings

pytestmark = pytest.mark.corpus


@cache
def graded_original(book: Book, folder: Path) -> tuple[Package, Place]:
    target = folder / f"original-{book}"
    grade(book.path, target)
    before, after = (AnyPackage(path) for path in (book.path, target))
    old, new = (
        {column for (row, column), cell in cells_of(p.xml(p.sheets[book.sheet])) if row == book.header and len(cell)}
        for p in (before, after)
    )
    return after, Place(book.sheet, book.header, book.last, frozenset(new - old))


def failures(book: Book, seed: int, names: Collection[str], folder: Path) -> list[str]:
    original, place = graded_original(book, folder)
    source = rewritten(book.path, folder / f"source-{book}", seed, names)
    path, copy = Path(shutil.copy(source, folder / f"in-place-{book}")), folder / f"copy-{book}"
    written = source.read_bytes()
    grade(path, path)
    before, after = AnyPackage(source), AnyPackage(path)
    found = malformed_parts(after)
    if found:
        return found
    found += harms(before, after, place) + other_meanings(original, after, place)
    grade(source, copy)
    found += different("a copy", after, AnyPackage(copy))
    if source.read_bytes() != written:
        found.append("the original is not what it was")
    for times in ("a second", "a third"):
        grade(path, path)
        found += different(f"{times} grading", after, AnyPackage(path))
    return found


def different(what: str, one: Package, other: Package) -> list[str]:
    names = one.parts.keys() | other.parts.keys()
    return [f"{what} has another {name}" for name in sorted(names) if one.parts.get(name) != other.parts.get(name)]
