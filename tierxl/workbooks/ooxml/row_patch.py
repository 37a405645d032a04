"""Laying cells over the rows of a sheet, in a stream: what is not laid over stays as it is."""

import re
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from openpyxl.utils import get_column_letter

from tierxl.workbooks.ooxml.sheet_xml import CELL, Row, column_of

CELLS = re.compile(rb'<c r="([A-Z]+)[0-9]+"[^>]*?(?:/>|>.*?</c>)', re.DOTALL)
_LETTERS = re.compile(rb"[A-Z]+")
SPANS, _HEIGHT = re.compile(rb' spans="[^"]*"'), re.compile(rb' ht="([^"]*)"')
IS_FIXED = re.compile(rb' customHeight="(?:1|true)"')
_column = lru_cache(maxsize=1024)(column_of)


class Laid(NamedTuple):
    """Cells to lay over a row.

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


def overlaid(rows: Iterable[Row], laid: Iterable[Laid]) -> Iterator[Row]:
    """Rows with cells laid over them; both in the order of the rows."""
    over = iter(laid)
    next_over = next(over, None)
    for number, row in rows:
        while next_over is not None and next_over.row < number:
            yield next_over.row, _new_row(next_over)
            next_over = next(over, None)
        if next_over is not None and next_over.row == number:
            yield number, _laid_over(row, next_over)
            next_over = next(over, None)
        else:
            yield number, row
    while next_over is not None:
        yield next_over.row, _new_row(next_over)
        next_over = next(over, None)


def without(rows: Iterable[Row], columns: Collection[int]) -> Iterator[Row]:
    """Rows without the cells of some columns."""
    for number, row in rows:
        start, end = row.find(b">"), row.rfind(b"</row>")
        kept = (cell[0] for cell in CELLS.finditer(row, start) if _column(cell[1]) not in columns)
        yield number, row if end < 0 else b"%s>%s</row>" % (row[:start], b"".join(kept))


def as_laid(number: int, row: bytes) -> Laid:
    """A row of a sheet, to lay over another."""
    start = row.find(b">")
    height = _HEIGHT.search(row, 0, start)
    cells = row[start + 1 : row.rfind(b"</row>")]
    first = _LETTERS.match(cells, len(CELL))
    return Laid(number, _column(first[0]) if first else 1, 0, cells, float(height[1]) if height else None)


@lru_cache(maxsize=1024)
def said_of_height(height: float | None) -> str:
    """What is said of a row that is to be so high, in points; None leaves it to the workbook."""
    return "" if height is None else f' ht="{height:g}"'


def _new_row(laid: Laid) -> bytes:
    return b"%s>%s</row>" % (said_of_height(laid.height).encode(), laid.cells)


def parted(cells: bytes) -> tuple[bytes, bytes]:
    """The cells of a row, and what stands behind them: extensions and elements of other programs."""
    if cells.endswith(b"</c>"):
        return cells, b""
    last = cells.rfind(CELL)
    cell = CELLS.match(cells, last) if last >= 0 else None
    end = cell.end() if cell else 0
    return cells[:end], cells[end:]


@lru_cache(maxsize=1024)
def _letters(column: int) -> bytes:
    return str(get_column_letter(column)).encode()


def _laid_over(row: bytes, laid: Laid) -> bytes:
    end = row.rfind(b"</row>")
    if end < 0:
        attributes, cells = row[: row.rfind(b"/>")], b""
    else:
        start = row.find(b">")
        attributes, cells = row[:start], row[start + 1 : end]
    cells, behind = parted(cells)
    end = cells.rfind(CELL)
    last = 0 if end < 0 else _column(_LETTERS.match(cells, end + len(CELL))[0])  # type: ignore[index]
    there = cells.find(b'%s%s%d"' % (CELL, _letters(laid.first), laid.row)) if laid.first <= last <= laid.last else -1
    if last < laid.first:
        cells += laid.cells
    elif there >= 0:
        cells = cells[:there] + laid.cells
    else:
        cells = _spliced(cells, laid.cells)
    return b"%s>%s%s</row>" % (_as_high(attributes, laid.height), cells, behind)


@lru_cache(maxsize=1024)
def _as_high(attributes: bytes, height: float | None) -> bytes:
    """What is said of a row whose cells become more, and that is to be so high at least; many rows say the same."""
    attributes = SPANS.sub(b"", attributes)
    if height is None or IS_FIXED.search(attributes):
        return attributes
    there = _HEIGHT.search(attributes)
    return _HEIGHT.sub(b"", attributes) + said_of_height(max(height, float(there[1]) if there else 0)).encode()


def _spliced(cells: bytes, laid: bytes) -> bytes:
    """The cells of a row with others in their places between them."""
    by_column = {_column(cell[1]): cell[0] for text in (cells, laid) for cell in CELLS.finditer(text)}
    return b"".join(by_column[column] for column in sorted(by_column))
