"""Workbooks of the corpus as they are graded in place and into a copy, each once; nobody changes them."""

import shutil
from functools import cache
from pathlib import Path

from tests.corpus import Book
from tests.files import grade
from tierxl.use_cases.graded import GradedFile


@cache
def graded_in_place(book: Book, folder: Path) -> tuple[Path, GradedFile]:
    """A copy of a workbook in a folder of copies, graded."""
    path = Path(shutil.copy(book.path, folder / f"graded-{book}"))
    return path, grade(path, path)


@cache
def graded_into_copy(book: Book, folder: Path) -> tuple[Path, Path]:
    """A copy of a workbook, and what it is graded into."""
    source = Path(shutil.copy(book.path, folder / f"original-{book}"))
    target = folder / f"copy-of-{book}"
    grade(source, target)
    return source, target
