"""Rewritings at random, as many as you like, and the smallest that fails.

    python -W ignore -m tests.rewriting.hunt alone|mixed FIRST_SEED COUNT [REWRITING…]

Alone, each rewriting is tried by itself, or each that is named; mixed, many at once, without those that are named.
"""

import sys
import tempfile
from collections.abc import Collection
from pathlib import Path

from tests.corpus import BOOKS, Book
from tests.rewriting import REWRITINGS, chosen
from tests.workbooks.ooxml.test_legal_rewriting import failures


def fails(book: Book, seed: int, names: Collection[str], folder: Path) -> list[str]:
    try:
        return failures(book, seed, names, folder)
    except Exception as error:  # noqa: BLE001  whatever it is, it is what is looked for
        return [f"{type(error).__name__}: {error}"]


def shrunk(book: Book, seed: int, names: Collection[str], folder: Path) -> list[str]:
    """Rewritings of which none can be left out if the workbook is to fail; half of them are left out first."""
    left, step = list(names), (len(names) + 1) // 2
    while step:
        for at in reversed(range(0, len(left), step)):
            fewer = left[:at] + left[at + step :]
            if fails(book, seed, fewer, folder):
                left = fewer
        step //= 2
    return left


def main(mode: str, first: str, count: str, *named: str) -> None:
    folder, tried = Path(tempfile.mkdtemp()), 0
    for seed in range(int(first), int(first) + int(count)):
        for book in BOOKS:
            mixed = [name for name in chosen(book, seed) if name not in named]
            for names in [[name] for name in named or REWRITINGS] if mode == "alone" else [mixed]:
                tried += 1
                if fails(book, seed, names, folder):
                    small = shrunk(book, seed, names, folder)
                    found = fails(book, seed, small, folder)
                    print(f"{book} {seed} {small}: {len(found)}: {' | '.join(found)[:400]}", flush=True)  # noqa: T201
    print(f"{tried} tried")  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
