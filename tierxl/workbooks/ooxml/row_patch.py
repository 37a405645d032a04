"""Rows of a sheet with cells patched into them, as a stream: all other cells stay as they are."""

import re
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from tierxl.workbooks.ooxml.cell_range import letters_of
from tierxl.workbooks.ooxml.sheet_xml import CELL, Row, column_of

CELLS = re.compile(rb'<c r="([A-Z]+)[0-9]+"[^>]*?(?:/>|>.*?</c>)', re.DOTALL)
_LETTERS = re.compile(rb"[A-Z]+")
SPANS, _HEIGHT = re.compile(rb' spans="[^"]*"'), re.compile(rb' ht="([^"]*)"')
IS_FIXED = re.compile(rb' customHeight="(?:1|true)"')
_column = lru_cache(maxsize=1024)(column_of)


class CellPatch(NamedTuple):
    """Cells to write into a row.

    Attributes:
        row: the number of the row.
        first: the column of the first cell.
        last: the column of the last cell, where there is one in each column between them, else 0.
        cells: the text of the cells, in the order of their columns.
        height: how high the row is to be at least, in points, unless the user has set its height; None leaves it.
    """

    row: int
    first: int
    last: int
    cells: bytes
    height: float | None = None


def patched(rows: Iterable[Row], patches: Iterable[CellPatch]) -> Iterator[Row]:
    """Rows with cells written over theirs; both in the order of the rows."""
    pending = iter(patches)
    next_patch = next(pending, None)
    for number, row in rows:
        while next_patch and next_patch.row < number:
            yield next_patch.row, _new_row(next_patch)
            next_patch = next(pending, None)
        if next_patch and next_patch.row == number:
            yield number, _patched_row(row, next_patch)
            next_patch = next(pending, None)
        else:
            yield number, row
    for patch in chain([next_patch], pending) if next_patch else ():
        yield patch.row, _new_row(patch)


def without(rows: Iterable[Row], columns: Collection[int]) -> Iterator[Row]:
    """Rows without the cells of some columns."""
    for number, row in rows:
        start, end = row.find(b">"), row.rfind(b"</row>")
        kept = (cell[0] for cell in CELLS.finditer(row, start) if _column(cell[1]) not in columns)
        yield number, row if end < 0 else b"%s>%s</row>" % (row[:start], b"".join(kept))


def as_patch(number: int, row: bytes) -> CellPatch:
    """A row of a sheet, as cells to write into another."""
    start = row.find(b">")
    height = _HEIGHT.search(row, 0, start)
    cells = row[start + 1 : row.rfind(b"</row>")]
    first = _LETTERS.match(cells, len(CELL))
    return CellPatch(number, _column(first[0]) if first else 1, 0, cells, float(height[1]) if height else None)


@lru_cache(maxsize=1024)
def height_attribute(height: float | None) -> str:
    """The attribute of a row with a height in points; none where that is left to the workbook."""
    return "" if height is None else f' ht="{height:g}"'


def _new_row(patch: CellPatch) -> bytes:
    return b"%s>%s</row>" % (height_attribute(patch.height).encode(), patch.cells)


def parted(cells: bytes) -> tuple[bytes, bytes]:
    """The cells of a row, and what stands behind them: extensions and elements of other programs."""
    if cells.endswith(b"</c>"):
        return cells, b""
    last = cells.rfind(CELL)
    cell = CELLS.match(cells, last) if last >= 0 else None
    end = cell.end() if cell else 0
    return cells[:end], cells[end:]


def _patched_row(row: bytes, patch: CellPatch) -> bytes:
    end = row.rfind(b"</row>")
    if end < 0:
        attributes, cells = row[: row.rfind(b"/>")], b""
    else:
        start = row.find(b">")
        attributes, cells = row[:start], row[start + 1 : end]
    cells, behind = parted(cells)
    end = cells.rfind(CELL)
    last = 0 if end < 0 else _column(_LETTERS.match(cells, end + len(CELL))[0])  # type: ignore[index]
    if last < patch.first:
        cells += patch.cells
    else:
        start, end = _place_of(patch, cells, last) if patch.last else (-1, -1)
        cells = cells[:start] + patch.cells + cells[end:] if 0 <= start <= end else _spliced(cells, patch.cells)
    return b"%s>%s%s</row>" % (_as_high(attributes, patch.height), cells, behind)


def _place_of(patch: CellPatch, cells: bytes, last: int) -> tuple[int, int]:
    """Where the cells of a patch without gaps go among those of its row: from where to where; below 0 where unclear."""
    end = len(cells) if last <= patch.last else cells.find(_beginning(patch.last + 1, patch.row))
    start = cells.find(_beginning(patch.first, patch.row), 0, max(end, 0))
    before = cells.rfind(CELL, 0, max(end, 0))
    if start < 0 <= before and _column(_LETTERS.match(cells, before + len(CELL))[0]) < patch.first:  # type: ignore[index]
        start = end
    return start, end


def _beginning(column: int, row: int) -> bytes:
    """The text that the cell of a column and a row begins with."""
    return b'%s%s%d"' % (CELL, letters_of(column), row)


@lru_cache(maxsize=1024)
def _as_high(attributes: bytes, height: float | None) -> bytes:
    """The attributes of a row that gets more cells, and a least height in points; many rows have the same."""
    attributes = SPANS.sub(b"", attributes)
    if height is None or IS_FIXED.search(attributes):
        return attributes
    there = _HEIGHT.search(attributes)
    return _HEIGHT.sub(b"", attributes) + height_attribute(max(height, float(there[1]) if there else 0)).encode()


def _spliced(cells: bytes, others: bytes) -> bytes:
    """The cells of a row with others in their places between them."""
    by_column = {_column(cell[1]): cell[0] for text in (cells, others) for cell in CELLS.finditer(text)}
    return b"".join(by_column[column] for column in sorted(by_column))
