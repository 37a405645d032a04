"""The columns that belong to a list of clients, of all that its header row goes through."""

from collections.abc import Iterable, Sequence
from itertools import islice

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
    list_itself, *others = _blocks(at for at in named if not is_graded_name(texts[at]))
    if not others or not {"client", "revenue"} <= (fields := _fields_of(texts, list_itself)):
        return set()
    length = _length_of(list_itself, below)
    shorter = (block for block in others if len(block) > 1 and _length_of(block, below) < length)
    return {at for block in shorter if _fields_of(texts, block) & fields for at in block}


def _fields_of(texts: Sequence[str], block: Sequence[int]) -> set[str]:
    """The fields that the headers of some columns mean by themselves."""
    return Headers.of([texts[at] for at in block]).found


def _blocks(columns: Iterable[int]) -> list[list[int]]:
    """Columns in blocks of those that stand side by side; at least one block, which is empty where there are none."""
    blocks: list[list[int]] = [[]]
    for at in columns:
        if blocks[-1] and at - blocks[-1][-1] > 1:
            blocks.append([])
        blocks[-1].append(at)
    return blocks


def _length_of(block: Sequence[int], below: Sequence[Sequence[object]]) -> int:
    """The number of rows until the last one with a cell in some columns."""
    cells_of = (row[block[0] : block[-1] + 1] for row in below)
    filled = (at for at, line in enumerate(cells_of, 1) if not all(map(cells.is_blank, line)))
    return max(filled, default=0)
