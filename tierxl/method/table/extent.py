"""The columns that belong to a list of clients, of all that its header row goes through."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice

from tierxl.method.table import cells
from tierxl.method.table.amounts import is_amount
from tierxl.method.table.columns import BY_FIELD, Kind
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
    """The columns of tables right of a list that end before it, each behind a blank column."""
    list_itself, *others = _blocks(at for at in named if not is_graded_name(texts[at]))
    if not others or not {"client", "revenue"} <= (place := _fields_of(texts, list_itself)).keys():
        return set()
    required = place["client"], place["revenue"]
    length = _length_of(lambda line: not any(cells.is_blank(line[at]) for at in required), below)
    rows = below[:length]
    tables = (block for block in others if len(block) > 1 and _is_table_of_its_own(block, texts, place, rows))
    return {at for block in tables for at in block}


def _is_table_of_its_own(
    block: Sequence[int], texts: Sequence[str], place: Mapping[str, int], rows: Sequence[Sequence[object]]
) -> bool:
    """True for columns that end before a list with names of their own, and with amounts or fields that it has, too.

    Args:
        block: the columns.
        texts: the cells of the header row.
        place: the column of each field in the list.
        rows: those of the list.
    """
    fields = _fields_of(texts, block)
    first, *others = block
    of_names = next((field for field, at in fields.items() if at == first and BY_FIELD[field].kind == Kind.TEXT), None)
    if of_names is None or not (shared := fields.keys() & place.keys()):
        return False
    lines = rows[: _length_of(lambda line: not all(cells.is_blank(line[at]) for at in block), rows)]
    names = [cells.shown(line[first]) for line in lines]
    if len(lines) == len(rows) or not all(names) or len({*names}) < len(names):
        return False
    shares_another = bool(shared - {of_names})
    is_again = of_names in place and names == [cells.shown(line[place[of_names]]) for line in lines]
    if is_again and (of_names == "client" or not shares_another):
        return False
    return shares_another or all(cells.is_blank(line[at]) or is_amount(line[at]) for line in lines for at in others)


def _fields_of(texts: Sequence[str], block: Sequence[int]) -> dict[str, int]:
    """The column of each field that the headers of some columns mean by themselves."""
    meant = Headers.of([texts[at] for at in block]).columns
    return {column.field: block[at] for at, column in meant.items()}


def _blocks(columns: Iterable[int]) -> list[list[int]]:
    """Columns in blocks of those that stand side by side; at least one block, which is empty where there are none."""
    blocks: list[list[int]] = [[]]
    for at in columns:
        if blocks[-1] and at - blocks[-1][-1] > 1:
            blocks.append([])
        blocks[-1].append(at)
    return blocks


def _length_of(is_of_table: Callable[[Sequence[object]], bool], below: Sequence[Sequence[object]]) -> int:
    """The number of rows until the last one of a table."""
    return max((at for at, line in enumerate(below, 1) if is_of_table(line)), default=0)
