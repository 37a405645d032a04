"""Workbooks that are rewritten at random, and legally: the same workbook in any way in which the format can be written.

Each rewriting is a function with a name of the format; it changes a package, with random numbers of its own, so that
what it does is the same whether others are applied with it or not.
"""

from collections.abc import Collection
from pathlib import Path
from random import Random
from typing import Any

from tests.corpus import Book
from tests.rewriting.container import Chances
from tests.rewriting.content import Content
from tests.rewriting.packages import PACKAGES
from tests.rewriting.sheets import SHEETS, number_cells
from tests.rewriting.xml import XML

REWRITINGS: dict[str, Any] = {each.__name__: each for each in (*SHEETS, *PACKAGES, *XML)}
"""All legal rewritings by their names, in the order in which they are applied."""


def chosen(book: Book, seed: int) -> list[str]:
    """The rewritings that a seed chooses for a workbook: a few, or many."""
    random = Random(f"{seed} {book}")
    share = random.choice((0.05, 0.2, 0.5))
    return [name for name in REWRITINGS if random.random() < share]


def rewritten(source: Path, target: Path, seed: int, names: Collection[str]) -> Path:
    """Write a workbook anew, with the rewritings of some names."""
    content = Content.of(source)
    number_cells(content)
    for name, rewriting in REWRITINGS.items():
        if name in names:
            rewriting(content, Chances(f"{seed} {name}"))
    return content.write(target)
