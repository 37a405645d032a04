"""The columns that belong to a list of clients, of all that its header row goes through."""

from collections.abc import Iterable, Sequence
from itertools import islice, pairwise

from tierxl.method.table import cells
from tierxl.method.table.contents import MOST_CELLS
from tierxl.method.table.headers import Headers, is_graded_name

_BELOW = 3
"""The rows below a header that tell whether a column without one holds names."""


def columns_of_list(texts: Sequence[str], below: Iterable[Sequence[object]]) -> list[int]:
    """The positions of the columns of a list: those with a header, and one of names left of them that has none.

    Those of a shorter table beside the list are not among them.

    Args:
        texts: the cells of the header row, as they are shown.
        below: the rows below it.
    """
    below = [*islice(below, MOST_CELLS)]
    named = [at for at, text in enumerate(texts) if text]
    others = _in_tables_beside(texts, named, below)
    named = [at for at in named if at not in others]
    left = named[0] - 1 if named else -1
    if left < 0 or "client" in Headers.of(texts, named).found:
        return named
    beside = [line[left] for line in below if any(not cells.is_blank(cell) for cell in line[left:])]
    are_names = beside and all(isinstance(cell, str) and not cells.is_blank(cell) for cell in beside[:_BELOW])
    return [left, *named] if are_names else named


def _in_tables_beside(texts: Sequence[str], named: Sequence[int], below: Sequence[Sequence[object]]) -> set[int]:
    """The columns of tables right of a list that end before it: behind a blank column, with fields that it has, too."""
    own = [at for at in named if not is_graded_name(texts[at])]
    starts = [at for before, at in pairwise(own) if at - before > 1]
    blocks = [[at for at in own if start <= at < end] for start, end in pairwise([0, *starts, len(texts)])]
    fields = [Headers.of(texts, block).found if starts else set() for block in blocks]
    if not {"client", "revenue"} <= fields[0]:
        return set()
    beside = [block for block, there in zip(blocks[1:], fields[1:], strict=True) if there & fields[0]]
    length = _length_of(blocks[0], below)
    return {at for block in beside if _length_of(block, below) < length for at in block}


def _length_of(block: Sequence[int], below: Sequence[Sequence[object]]) -> int:
    """The number of rows until the last one with a cell in some columns."""
    cells_of = (row[block[0] : block[-1] + 1] for row in below)
    filled = (at for at, line in enumerate(cells_of, 1) if not all(map(cells.is_blank, line)))
    return max(filled, default=0)
