"""Workbooks that are rewritten at random, and legally: the same workbook in any way in which the format can be written.

Each rewriting is a function with a name of the format; it changes a package, with random numbers of its own, so that
what it does is the same whether others are applied with it or not.
"""

from collections.abc import Collection
from pathlib import Path
from random import Random

from tests.corpus import Book
from tests.rewriting.container import Chances
from tests.rewriting.content import Content, Rewriting
from tests.rewriting.packages import PACKAGES, zip_comment_with_end_record
from tests.rewriting.sheets import SHEETS, cells_out_of_order, number_cells, rows_out_of_order
from tests.rewriting.xml import XML, other_encodings

REWRITINGS: dict[str, Rewriting] = {each.__name__: each for each in (*SHEETS, *PACKAGES, *XML)}
"""All legal rewritings by their names, in the order in which they are applied."""

NOT_LEGAL: dict[str, tuple[Rewriting, str]] = {
    each.__name__: (each, reason)
    for each, reason in (
        (other_encodings, "packages allow UTF-8 and UTF-16 only"),
        (rows_out_of_order, "programs write rows in their order, and Excel repairs others"),
        (cells_out_of_order, "programs write cells in their order, and Excel repairs others"),
        (zip_comment_with_end_record, "who looks for the directory from the end finds another"),
    )
}
"""Rewritings that may be refused, and why; what is not refused is to be graded as ever."""


def chosen(book: Book, seed: int) -> list[str]:
    """The rewritings that a seed chooses for a workbook: a few, or many."""
    random = Random(f"{seed} {book}")
    share = random.choice((0.05, 0.2, 0.5))
    return [name for name in REWRITINGS if random.random() < share]


def rewritten(source: Path, target: Path, seed: int, names: Collection[str]) -> Path:
    """Write a workbook anew, with the rewritings of some names."""
    content = Content.of(source)
    number_cells(content)
    known = REWRITINGS | {name: rewriting for name, (rewriting, _) in NOT_LEGAL.items()}
    for name, rewriting in known.items():
        if name in names:
            rewriting(content, Chances(f"{seed} {name}"))
    return content.write(target)
