"""The part of a worksheet, read as a stream: its frame, and its rows between the two halves of it.

A sheet of a million rows has a gigabyte of text, so its rows are split where they stand, and passed on as they
are. That takes rows in one plain form, which nearly every program writes and which a strict grammar here knows. Where
nothing but their places is missing, these are added; whatever else differs is parsed, and written anew in that form.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cached_property
from html import unescape
from itertools import pairwise
from pathlib import Path
from typing import IO, Any

from openpyxl.formula.translate import Translator
from openpyxl.utils import column_index_from_string
from openpyxl.utils.cell import coordinate_from_string

from tierxl.sheets.description import LAST_COLUMN, LAST_ROW, Area
from tierxl.workbooks.limits import damaged
from tierxl.workbooks.ooxml.cell_places import with_places
from tierxl.workbooks.ooxml.cell_range import around, letters_of, reference
from tierxl.workbooks.ooxml.package import MAIN, PACKING_ERRORS, Element, area, parsed
from tierxl.workbooks.ooxml.plain_xml import NotPlainError, cells_alone, plain_sheet
from tierxl.workbooks.reading import WithoutValue

Row = tuple[int, bytes]
"""A row of a sheet: its number, and its text behind that number and the quotation mark."""

_Shape = tuple[tuple[bytes, bytes], ...]
"""The letters and the style of each cell of a row; few rows of a sheet differ in them."""

ROW, CELL = b'<row r="', b'<c r="'
_CHUNK = 1 << 20
_LARGEST = 100_000_000
"""The most text that the frame or a row of a sheet can have."""

_LARGEST_KEPT = 100_000_000
"""The most text of rows that is kept between two looks at them, instead of being unpacked again."""

_ATTRIBUTES = rb'(?>(?: (?!xmlns=)[A-Za-z0-9:]++="(?![^"<>]*&#)[^"<>]*+"){0,99})'
_TEXT = rb"(?![^<]*&#)[^<]*+"
_FORMULA_OF_CELL = rb"(?>(?:<f%b(?:/>|>%b</f>))?)" % (_ATTRIBUTES, _TEXT)
_RICH_TEXT = rb"(?>(?:<(?!/is>|[^<>]*&#)[^<>!?]++>[^<]*+){0,999999})"
_VALUE = rb"(?>(?:<v>%b</v>|<v/>|<is>(?:<t>[^<]*+</t>|%b)</is>|<is/>)?)" % (_TEXT, _RICH_TEXT)
_OPAQUE = rb"(?>(?s:.)*?(?=</?c[ >]|</?row[ >]|<[vf!?]|<is>))"
"""Groups are atomic, not possessive: before Python 3.11.5 such a group can fail where it matches. What they repeat is
counted, as Python keeps each in memory.
"""


def _rows_with(others: bytes) -> re.Pattern[bytes]:
    """Rows in their plain form, with elements of some kind behind the values and behind the cells."""
    others = rb"(?>(?:<%b%b)?)" % (others, _OPAQUE)
    cell = rb'<c r="[A-Z]{1,3}+(?P=row)"%b(?:/>|>%b%b%b</c>)' % (_ATTRIBUTES, _FORMULA_OF_CELL, _VALUE, others)
    cells = rb"(?>(?:%b){0,%d})" % (cell, LAST_COLUMN)
    row = rb'<row r="(?P<row>[1-9][0-9]{0,6}+)"%b(?:/>|>%b%b</row>)' % (_ATTRIBUTES, cells, others)
    return re.compile(rb"\s*+(?>(?:%b\s*+)*)" % row)


_AS_WRITTEN = _rows_with(rb"extLst>")
"""Rows that are in their plain form as a program wrote them. An element with a prefix could be a cell of the sheet."""

_MADE_PLAIN = _rows_with(rb"(?:extLst>|[A-Za-z0-9]++:)")
"""Rows that have been put into their plain form: what still has a prefix there is of another program."""

_PLAIN_HEAD = re.compile(
    rb"(?:\xef\xbb\xbf)?(?>(?:<\?xml(?>(?:(?!encoding)[^?>])*)(?>(?:encoding=.(?i:UTF-8).[^?>]*+)?)\?>)?)\s*+"
    rb'<worksheet(?=\s[^<>]*\bxmlns="%b")(?!(?s:.)*?<[!?])(?s:.)*+' % re.escape(MAIN.encode())
)
"""The text before the rows, in its plain form."""

_DATA = re.compile(rb"<sheetData(?:\s[^<>]*)?/?>")
_END = b"</sheetData>"

_OTHER = re.compile(rb"<(?:extLst>|[A-Za-z0-9]+:)")
_CELLS = re.compile(rb'<c r="([A-Z]++)[0-9]++"(?>(?:[^>]*? s="([0-9]++)")?)')
_ERROR = re.compile(rb'<c r="([A-Z]+[0-9]+)"[^>]* t="e"[^>]*>(?:(?!</c>).)*?<v>([^<]*)</v>', re.DOTALL)
_UNVALUED = re.compile(
    rb'<c r="([A-Z]+[0-9]+)"(?![^>]* t="str")[^>]*>\s*<f\b[^>]*(?:/>|>([^<]*)</f>)\s*(?:<v ?/>|<v></v>)?\s*</c>'
)
_FORMULA_TEXT = re.compile(rb'<c r="([A-Z]+)([0-9]+)"[^>]*>\s*<f\b([^>]*?)(?:/>|>([^<]*)</f>)')
_SHARED = re.compile(rb'\bsi="(\d+)"')
_HOLDING = re.compile(rb'<c r="([A-Z]++)([0-9]++)"[^>]*+(?<!/)>(?!\s*(?:</c>|<v ?/>|<v></v>|<is ?/>))')
"""A cell that holds something, and has not only a look."""

_FORMULA = re.compile(rb'<c r="([A-Z]+)([0-9]+)"[^>]*>\s*<f\b([^>]*)>')


class SheetText:
    """The text of a worksheet in its plain form, read as a stream.

    Attributes:
        opened: opens the part.
    """

    def __init__(self, opened: Callable[[], IO[bytes]], path: Path) -> None:
        """Read a worksheet's part.

        Args:
            opened: opens the part.
            path: the workbook, for errors.
        """
        self.opened = self._opened = opened
        self._path = path
        self._lacks_places = False
        self._kept: list[bytes] | None = None

    @cached_property
    def frame(self) -> Element:
        """The sheet without its rows, as elements; it is known once the rows have been read."""
        return parsed(self._head + self._tail, self._path)

    def rows(self) -> Iterator[Row]:
        """The rows in their order."""
        for chunk in self._chunks():
            yield from _rows_of(chunk)

    def _chunks(self) -> Iterator[bytes]:
        """The rows as text, some whole rows at a time; the frame is known once the last has been read."""
        if self._kept is not None:
            yield from self._kept
            return
        try:
            with self._opened() as stream:
                chunks = self._split(stream)
                yield from with_places(chunks) if self._lacks_places else chunks
        except PACKING_ERRORS as error:
            raise damaged(self._path) from error

    def _split(self, stream: IO[bytes]) -> Iterator[bytes]:
        text = stream.read(_CHUNK)
        while not (start := _DATA.search(text)):
            text += self._more(stream, text)
        self._head, text = text[: start.start()], text[start.end() :]
        if not _PLAIN_HEAD.fullmatch(self._head):
            raise NotPlainError
        if start[0].endswith(b"/>"):
            self._head += start[0]
        else:
            self._head += start[0][:-1] + b"/>"
            while (end := text.find(_END)) < 0:
                cut = max(text.rfind(b"<row"), 0)
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
            raise NotPlainError
        return more


class SheetPart(SheetText):
    """The part of a worksheet in any legal form.

    Attributes:
        opened: opens the part, as the user's program wrote it.
        is_plain: whether its text is in its plain form.
        is_large: whether the text of its rows is too long to be kept.
        last_row, last_column: the last row and column with a cell.
        odd_cells: the text of each error, such as #N/A, and each formula without a value beside it: row to column to
            text or formula.
    """

    def __init__(self, opened: Callable[[], IO[bytes]], path: Path) -> None:
        """Read a worksheet's part once.

        Args:
            opened: opens the part.
            path: the workbook, for errors.

        Raises:
            CannotGrade: it is damaged, or of a kind that cannot be read.
        """
        super().__init__(opened, path)
        self.is_plain = self._is_in(_AS_WRITTEN)
        self._lacks_places = not self.is_plain
        if not (self.is_plain or self._is_in(_AS_WRITTEN)):
            self._lacks_places, self._opened = False, plain_sheet(opened, path)
            if not self._is_in(_MADE_PLAIN):
                raise damaged(path)

    def _is_in(self, form: re.Pattern[bytes]) -> bool:
        """True if the rows are in a plain form; what is asked of them is known then."""
        try:
            self._look_through(form)
        except NotPlainError:
            return False
        return True

    def _look_through(self, form: re.Pattern[bytes]) -> None:
        kept: list[bytes] | None = []
        size, last_row = 0, 0
        self._has_formulas = False
        self._rows_of_shapes: dict[_Shape, list[int]] = {}
        odd: dict[bytes, Any] = {}
        for chunk in self._chunks():
            size += len(chunk)
            if size >= _LARGEST_KEPT:
                kept = None
            elif kept is not None:
                kept.append(chunk)
            for number, row in _plain_rows(chunk, form):
                if number <= last_row:
                    raise NotPlainError
                last_row = number
                self._rows_of_shapes.setdefault(tuple(_CELLS.findall(row)), []).append(number)
            if b't="e"' in chunk:
                odd |= {cell: error.decode() for cell, error in _ERROR.findall(chunk)}
            if b"<f" in chunk:
                self._has_formulas = True
                odd |= {
                    cell: WithoutValue(f"={unescape(formula.decode())}") for cell, formula in _UNVALUED.findall(chunk)
                }
        self.last_row = last_row
        self.last_column = max(map(_last_column, self._rows_of_shapes), default=0)
        self.odd_cells = _by_row(odd)
        self._kept = kept
        self.is_large = kept is None
        if self.last_row > LAST_ROW or self.last_column > LAST_COLUMN:
            raise damaged(self._path)

    def text_of_values(self) -> Iterator[bytes]:
        """The text of the rows with nothing but cells and their values, over which calamine does not stumble."""
        for chunk in self._chunks():
            if _OTHER.search(chunk):
                yield from text_of(
                    (number, cells_alone(number, row) if _OTHER.search(row) else row) for number, row in _rows_of(chunk)
                )
            else:
                yield chunk

    def rows_of_values(self) -> Iterator[Row]:
        """The same rows, one by one."""
        for text in self.text_of_values():
            yield from _rows_of(text)

    def last_holding(self) -> tuple[int, int]:
        """The last row and the last column with a cell that holds something."""
        last_row, letters = 0, {b""}
        for chunk in self._chunks():
            for cell in _HOLDING.finditer(chunk):
                last_row = int(cell[2])
                letters.add(cell[1])
        return last_row, max(map(column_of, letters - {b""}), default=0)

    def formulas(self, columns: Iterable[int]) -> Iterator[tuple[str, int, str]]:
        """The formulas in some columns: the address, the column, and the attributes of the formula."""
        letters = {letters_of(column): column for column in columns}
        for chunk in self._chunks() if self._has_formulas else ():
            for formula in _FORMULA.finditer(chunk):
                if formula[1] in letters:
                    yield (formula[1] + formula[2]).decode(), letters[formula[1]], formula[3].decode()

    def formula_texts(self, column: int, rows: Collection[int]) -> dict[int, str]:
        """The formulas in some rows of a column, by row; one that cells share as each of them has it."""
        letters, wanted = letters_of(column), set(rows)
        texts: dict[int, str] = {}
        shared: dict[bytes, Translator] = {}
        for chunk in self._chunks() if self._has_formulas else ():
            for name, number, attributes, formula in _FORMULA_TEXT.findall(chunk):
                row, text, group = int(number), f"={unescape(formula.decode())}", _SHARED.search(attributes)
                if group and formula:
                    shared[group[1]] = Translator(text, (name + number).decode())
                if name == letters and row in wanted:
                    first = shared.get(group[1]) if group and not formula else None
                    texts[row] = first.translate_formula((name + number).decode()) if first else text
        return texts

    def next_shared(self, columns: Iterable[int], rows: Collection[int]) -> int:
        """The first number that no formula shares, but for those in columns of rows that are written anew."""
        letters, stay = set(map(letters_of, columns)), Counter[bytes]()
        for chunk in self._chunks() if self._has_formulas else ():
            anew = (form for name, row, form in _FORMULA.findall(chunk) if name in letters and int(row) in rows)
            stay += Counter(_SHARED.findall(chunk))
            stay -= Counter(number for form in anew for number in _SHARED.findall(form))
        return max((int(number) + 1 for number in stay), default=0)

    def styles(self, columns: Iterable[int]) -> dict[int, dict[int, int]]:
        """The styles of the cells of some columns: column to row to style."""
        letters = {letters_of(column): column for column in columns}
        styles: dict[int, dict[int, int]] = {column: {} for column in letters.values()}
        for shape, rows in self._rows_of_shapes.items():
            for name, style in shape:
                if style and name in letters:
                    styles[letters[name]] |= dict.fromkeys(rows, int(style))
        return styles


def _by_row(cells: dict[bytes, Any]) -> dict[int, dict[int, Any]]:
    rows: dict[int, dict[int, Any]] = {}
    for address, value in cells.items():
        letters, row = coordinate_from_string(address.decode())
        rows.setdefault(row, {})[column_of(letters.encode())] = value
    return rows


def reach_over(frame: Element, cells: Area) -> None:
    """Let a sheet's own note of its size reach over an area."""
    dimension = frame.find(f"{{{MAIN}}}dimension")
    if dimension is not None:
        dimension.set("ref", reference(around(area(dimension), cells)))


def column_of(letters: bytes) -> int:
    """The number of a column that is named by letters; beyond the last one, a number beyond it."""
    try:
        return int(column_index_from_string(letters.decode()))
    except ValueError:
        return LAST_COLUMN + 1


def are_plain(rows: Iterable[Row]) -> bool:
    """True if rows are in their plain form, their cells in order."""
    text = b"".join(text_of(rows))
    try:
        for _, row in _plain_rows(text, _MADE_PLAIN):
            _last_column(tuple(_CELLS.findall(row)))
    except NotPlainError:
        return False
    return True


def text_of(rows: Iterable[Row]) -> Iterator[bytes]:
    """Rows as the text of a sheet."""
    for number, row in rows:
        yield b'%s%d"%s' % (ROW, number, row)


def _plain_rows(chunk: bytes, form: re.Pattern[bytes]) -> Iterator[Row]:
    """The rows of a text, if all of it is rows in a plain form."""
    if not form.fullmatch(chunk):
        raise NotPlainError
    return _rows_of(chunk)


def _rows_of(chunk: bytes) -> Iterator[Row]:
    for piece in chunk.split(ROW)[1:]:
        number, _, row = piece.partition(b'"')
        yield int(number), row


def _last_column(shape: _Shape) -> int:
    """The last column of a row, whose cells are in their order."""
    columns = [column_of(letters) for letters, _ in shape]
    if any(after < before for before, after in pairwise(columns)):
        raise NotPlainError
    return columns[-1] if columns else 0
