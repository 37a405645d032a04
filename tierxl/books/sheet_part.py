"""The part of a worksheet, read as a stream: its frame, and its rows between the two halves of it.

A sheet of a million rows has a gigabyte of text, so its rows are told apart where they stand, and passed on as they
are. That needs tidy text: no prefix before the names of elements, each row and cell beginning with where it stands, no
comments. Nearly every program writes so; what others write is tidied first, with the same meaning.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO

from openpyxl.utils import column_index_from_string, get_column_letter

from tierxl.books.areas import area_of, around, reference
from tierxl.books.package import MAIN, PACKING_ERRORS, Element, damaged, parsed
from tierxl.method.issues import CannotGrade
from tierxl.sheets.description import LAST_COLUMN, LAST_ROW, Area

Row = tuple[int, bytes]
"""A row of a sheet: its number, and its text behind that number and the quotation mark."""

ROW, CELL = b'<row r="', b'<c r="'
_CHUNK = 1 << 20
_LARGEST = 100_000_000
"""The most text that the frame or a row of a sheet can have."""

_LARGEST_KEPT = 100_000_000
"""The most text of rows that is kept between two looks at them, instead of being unpacked again."""

_ROOT = re.compile(rb"<worksheet[\s>]")
_DATA = re.compile(rb"<sheetData(?:\s[^>]*)?/?>")
_END = b"</sheetData>"
_ODD = (b"<!", b"<?")
"""What tidy rows do not have: comments, and notes to programs."""

_SPACE, _SPACE_SHOWS_WITHIN = (b"</c> ", b"</c>\n", b"</c>\r", b"</c>\t"), 100_000
"""Nor do they have space between cells: a program writes it everywhere, or nowhere."""

_LETTERS = re.compile(rb'<c r="([A-Z]{1,3})[1-9][0-9]{0,6}"')
_ROWS_OF_CELLS = re.compile(rb'<c r="[A-Z]{1,3}([0-9]+)"')
_NUMBER = re.compile(rb"[1-9][0-9]{0,6}")
_FIXED_HEIGHT = re.compile(rb'[^>]*\bcustomHeight="(?:1|true)"')
_STYLE = re.compile(rb' s="([0-9]+)"')
_ERROR = re.compile(rb'<c r="([A-Z]+[0-9]+)"[^>]* t="e"[^>]*>(?:(?!</c>).)*?<v>([^<]*)</v>', re.DOTALL)
_UNVALUED = re.compile(
    rb'<c r="([A-Z]+[0-9]+)"(?![^>]* t="str")[^>]*>\s*<f\b[^>]*(?:/>|>([^<]*)</f>)\s*(?:<v ?/>|<v></v>)?\s*</c>'
)
_FORMULA = re.compile(rb'<c r="([A-Z]+)([0-9]+)"[^>]*>\s*<f\b([^>]*)>')


class _UntidyError(Exception):
    """The text of a sheet cannot be taken apart as it stands."""


class SheetPart:
    """The part of a worksheet.

    Attributes:
        frame: the sheet without its rows, as elements.
        is_large: whether the text of its rows is too long to be kept.
        last_row, last_column: the last row and column with a cell.
        fixed_heights: the rows whose height the user has set.
    """

    def __init__(self, opened: Callable[[], IO[bytes]], path: Path) -> None:
        """Look through a worksheet's part.

        Args:
            opened: opens the part.
            path: the workbook, for errors.

        Raises:
            CannotGrade: it is damaged, or of a kind that cannot be read.
        """
        self._opened = opened
        self._path = path
        self._kept: list[bytes] | None = None
        try:
            self._look_through()
        except _UntidyError:
            from tierxl.books.tidying import tidied  # noqa: PLC0415  few need it, and it is slow to import

            self._opened = tidied(opened, path)
            try:
                self._look_through()
            except _UntidyError as error:
                raise damaged(path) from error

    def _look_through(self) -> None:
        kept: list[bytes] | None = []
        size = 0
        numbers: list[int] = [0]
        fixed: set[int] = set()
        letters: set[bytes] = set()
        for chunk in self._chunks():
            _refuse_untidy(chunk)
            size += len(chunk)
            if size >= _LARGEST_KEPT:
                kept = None
            elif kept is not None:
                kept.append(chunk)
            rows = list(_rows_of(chunk))
            numbers.append(max(number for number, _ in rows))
            named = _LETTERS.findall(chunk)
            if len(named) != chunk.count(CELL):
                raise _UntidyError
            letters.update(named)
            if not {int(row) for row in set(_ROWS_OF_CELLS.findall(chunk))} <= {number for number, _ in rows}:
                raise damaged(self._path)
            if b"customHeight" in chunk:
                fixed |= {number for number, row in rows if _FIXED_HEIGHT.match(row)}
        self._kept = kept
        self.is_large = kept is None
        self.last_row = max(numbers)
        self.last_column = max((column_of(found) for found in letters), default=0)
        if self.last_row > LAST_ROW or self.last_column > LAST_COLUMN:
            raise damaged(self._path)
        self.fixed_heights = frozenset(fixed)
        self.frame = parsed(self._head + b"<sheetData/>" + self._tail, self._path)

    def rows(self) -> Iterator[Row]:
        """The rows in their order.

        Raises:
            CannotGrade: the rows are not in their order.
        """
        before = 0
        for chunk in self._chunks():
            for number, row in _rows_of(chunk):
                if number <= before:
                    raise CannotGrade(f"{self._path.name} has rows out of order: open it in Excel, and save it there.")
                before = number
                yield number, row

    def errors(self) -> dict[str, str]:
        """The cells with an error, such as #N/A: address to text."""
        found: dict[str, str] = {}
        for chunk in self._chunks():
            if b't="e"' in chunk:
                found |= {cell.decode(): error.decode() for cell, error in _ERROR.findall(chunk)}
        return found

    def formulas_without_value(self) -> dict[str, str]:
        """The cells whose formula has no value beside it: address to formula."""
        found: dict[str, str] = {}
        for chunk in self._chunks():
            if b"<f" in chunk:
                found |= {cell.decode(): f"={formula.decode()}" for cell, formula in _UNVALUED.findall(chunk)}
        return found

    def formulas(self, columns: Iterable[int]) -> Iterator[tuple[str, int, str]]:
        """The formulas in some columns: the address, the column, and what is said of the formula beside its text."""
        letters = {get_column_letter(column).encode(): column for column in columns}
        for chunk in self._chunks():
            if b"<f" in chunk:
                for found in _FORMULA.finditer(chunk):
                    if found[1] in letters:
                        yield (found[1] + found[2]).decode(), letters[found[1]], found[3].decode()

    def styles(self, columns: Iterable[int]) -> dict[int, dict[int, int]]:
        """The styles of the cells of some columns: column to row to style."""
        letters = {get_column_letter(column).encode(): column for column in columns}
        styles: dict[bytes, dict[int, int]] = {name: {} for name in letters}
        cell = re.compile(rb'<c r="(%s)([0-9]+)"([^>]*)>' % b"|".join(letters))
        for chunk in self._chunks() if letters else ():
            for name, row, attributes in cell.findall(chunk):
                if style := _STYLE.search(attributes):
                    styles[name][int(row)] = int(style[1])
        return {column: styles[name] for name, column in letters.items()}

    def _chunks(self) -> Iterator[bytes]:
        """The rows as text, some whole rows at a time; the frame is known when the last has been taken."""
        if self._kept is not None:
            yield from self._kept
            return
        try:
            with self._opened() as stream:
                yield from self._split(stream)
        except PACKING_ERRORS as error:
            raise damaged(self._path) from error

    def _split(self, stream: IO[bytes]) -> Iterator[bytes]:
        text = stream.read(_CHUNK)
        if not _ROOT.search(text):
            raise _UntidyError
        while not (start := _DATA.search(text)):
            text += self._more(stream, text)
        self._head, text = text[: start.start()], text[start.end() :]
        if not start[0].endswith(b"/>"):
            while (end := text.find(_END)) < 0:
                cut = max(text.rfind(b"<row "), 0)
                if text[:cut].strip():
                    yield text[:cut]
                text = text[cut:]
                text += self._more(stream, text)
            if text[:end].strip():
                yield text[:end]
            text = text[end + len(_END) :]
        self._tail = text + stream.read(_LARGEST)
        if stream.read(1):
            raise damaged(self._path)

    def _more(self, stream: IO[bytes], text: bytes) -> bytes:
        more = stream.read(_CHUNK)
        if not more or len(text) > _LARGEST:
            raise damaged(self._path)
        return more


def reach_over(frame: Element, area: Area) -> None:
    """Let a sheet's own note of its size reach over an area."""
    dimension = frame.find(f"{{{MAIN}}}dimension")
    if dimension is not None:
        dimension.set("ref", reference(around(area_of(dimension.get("ref", "A1")), area)))


def column_of(letters: bytes) -> int:
    """The number of a column that is named by letters; beyond the last one, a number beyond it."""
    try:
        return int(column_index_from_string(letters.decode()))
    except ValueError:
        return LAST_COLUMN + 1


def _refuse_untidy(chunk: bytes) -> None:
    """Refuse rows that cannot be told apart as they stand."""
    cells, rows = chunk.count(b"<c ") + chunk.count(b"<c>"), chunk.count(b"<row ") + chunk.count(b"<row>")
    if cells != chunk.count(CELL) or rows != chunk.count(ROW) or not rows or any(odd in chunk for odd in _ODD):
        raise _UntidyError
    if any(space in chunk[:_SPACE_SHOWS_WITHIN] for space in _SPACE):
        raise _UntidyError


def _rows_of(chunk: bytes) -> Iterator[Row]:
    for piece in chunk.split(ROW)[1:]:
        number, _, row = piece.partition(b'"')
        if not _NUMBER.fullmatch(number):
            raise _UntidyError
        yield int(number), row
