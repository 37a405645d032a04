"""Random rewritings without end: python -m tests.rewriting.hunt SEED COUNT [NAME…]"""

import shutil
import sys
import tempfile
import time
import traceback
from pathlib import Path

from tests.corpus import BOOKS, Book
from tests.files import grade
from tests.packages import Package
from tests.rewriting import REWRITINGS, chosen, rewritten
from tests.rewriting.comparison import AnyPackage, harms, malformed_parts, other_meanings
from tests.books.test_legal_rewriting import failures

folder = Path(tempfile.mkdtemp())


def fails(book, seed, names):
    try:
        return failures(book, seed, names, folder)
    except Exception as error:
        return [f"{type(error).__name__}: {error}"]


def shrunk(book, seed, names):
    names = list(names)
    for name in list(names):
        fewer = [each for each in names if each != name]
        if fails(book, seed, fewer):
            names = fewer
    return names


if __name__ == "__main__":
    mode, first, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    only = sys.argv[4:]
    for seed in range(first, first + count):
        for book in BOOKS:
            if mode == "alone":
                for name in only or REWRITINGS:
                    found = fails(book, seed, [name])
                    if found:
                        print(f"{name} | {book} | {seed} | {len(found)} | {' || '.join(found)[:300]}", flush=True)
            else:
                names = [n for n in chosen(seed * 1000 + BOOKS.index(book)) if n not in only]
                found = fails(book, seed, names)
                if found:
                    small = shrunk(book, seed, names)
                    print(f"{small} | {book} | {seed} | {' || '.join(fails(book, seed, small))[:300]}", flush=True)
