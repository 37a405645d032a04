"""The text of many cells at once: columns of values as rows of a sheet."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from html import escape
from itertools import pairwise
from typing import Any

import polars as pl
from openpyxl.utils import get_column_letter

from tierxl.sheets.cells import FIRST_YEAR, LONGEST_TEXT, NOT_XML
from tierxl.sheets.description import Area
from tierxl.workbooks.ooxml.cell_range import reference
from tierxl.workbooks.ooxml.row_patch import CellPatch, height_attribute
from tierxl.workbooks.ooxml.sheet_xml import ROW

_BATCH = 20_000
_READS_AS_CODE = "_(x[0-9A-Fa-f]{4})"
"""Excel reads _x0041_ in a text as the character of that number, unless the first line is written as a number too."""
_READS_AS_FORMULA = r"^[=+\-@]"
_TEXT = pl.col("text")
_IS_PADDED = _TEXT.str.strip_chars() != _TEXT
_IS_LIKE_A_FORMULA = _TEXT.str.contains(_READS_AS_FORMULA)
_NEEDS_CARE = _TEXT.str.contains(f"[&<>\r]|{_READS_AS_CODE}|{NOT_XML}") | (_TEXT.str.len_bytes() > LONGEST_TEXT)
_EPOCH, _EPOCH_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)
_MICROSECONDS = 86_400_000_000
"""In a day."""
_LAST_DAY_OF_TWO_COUNTS = 60
"""Excel counts a 29 February 1900 that there was not; the days before it are one less."""


@dataclass(frozen=True)
class SharedFormula:
    """A formula that the cells of a column share, each with its own row in it.

    Attributes:
        text: the formula as the first cell has it.
        number: its number on the sheet.
        first, last: the first and the last row that it is for.
    """

    text: str
    number: int
    first: int
    last: int


@dataclass(frozen=True)
class Column:
    """One column of a block.

    Attributes:
        number: where it stands; the first is 1.
        values: the values by their kinds, each as long as the block: of a line, one at most is there.
        style: the style of its cells.
        text_style: the style of those whose text could be read as a formula.
        formula: the formula that comes to these values, where there is one.
    """

    number: int
    values: Sequence[pl.Series]
    style: int
    text_style: int
    formula: SharedFormula | None = None


@dataclass(frozen=True)
class Block:
    """Cells that stand below each other in some columns; columns and rows are in their order.

    Attributes:
        rows: the row of each line.
        columns: the columns.
        heights: how high each row is to be, in points; empty where that is left to the workbook.
    """

    rows: Sequence[int]
    columns: Sequence[Column]
    heights: Sequence[float | None] = ()

    @property
    def area(self) -> Area:
        return Area(self.rows[0], self.columns[0].number, self.rows[-1], self.columns[-1].number)

    def patches(self, styles: Mapping[int, int] | None = None) -> Iterator[CellPatch]:
        """The block as cells to write into the rows of a sheet; its styles can have other numbers."""
        first, last = self.columns[0].number, self.columns[-1].number
        last = last if last - first == len(self.columns) - 1 else 0
        for start, rows, heights in self._batches():
            cells, count = _each_line(rows, self._cells(start, len(rows), styles or {})), len(rows)
            yield from map(CellPatch, rows, [first] * count, [last] * count, cells, heights or [None] * count)

    def text(self, styles: Mapping[int, int] | None = None, *, is_compact: bool = False) -> Iterator[bytes]:
        """The block as the text of rows that hold nothing else.

        Args:
            styles: the numbers of its styles, where they are others.
            is_compact: whether only the first cell of neighbours names its place, from which those of the others
                follow.
        """
        for start, rows, heights in self._batches():
            height = pl.lit(pl.Series([height_attribute(points) for points in heights])) if heights else pl.lit("")
            begin = [pl.lit(ROW.decode()), pl.col("row"), pl.lit('"'), height, pl.lit(">")]
            cells = self._cells(start, len(rows), styles or {}, is_compact=is_compact)
            yield from _each_line(rows, [*begin, *cells, pl.lit("</row>")])

    def _batches(self) -> Iterator[tuple[int, Sequence[int], Sequence[float | None]]]:
        for start in range(0, len(self.rows), _BATCH):
            yield start, self.rows[start : start + _BATCH], self.heights[start : start + _BATCH]

    def _cells(self, start: int, count: int, styles: Mapping[int, int], *, is_compact: bool = False) -> list[pl.Expr]:
        numbers = [column.number for column in self.columns]
        follow = [False, *(is_compact and after == before + 1 for before, after in pairwise(numbers))]
        return [
            part
            for column, follows in zip(self.columns, follow, strict=True)
            for part in _cells_of(column, start, start + count, styles, names_place=not follows)
        ]


def _each_line(rows: Sequence[int], parts: Sequence[pl.Expr]) -> list[bytes]:
    """The text of each row, put together from columns; the number of the row stands beside them."""
    numbers = pl.Series("row", rows, dtype=pl.Int64).cast(pl.String)
    return numbers.to_frame().select(line=pl.concat_str(parts).cast(pl.Binary))["line"].to_list()


def by_kind(values: Sequence[Any] | pl.Series, *, since_1904: bool = False) -> list[pl.Series]:
    """Values as columns of one kind each: texts, answers (true or false), and numbers.

    Dates become the days since the workbook's first, those before 1900 texts; what a workbook cannot hold, such as a
    number without end, becomes a blank.
    """
    series = values if isinstance(values, pl.Series) else _series_of(values)
    if series.dtype == pl.Null:
        return []
    if series.dtype in (pl.String, pl.Boolean) or series.dtype.is_integer():
        return [series]
    if series.dtype.is_float():
        return [series.set(~series.is_finite(), None)]
    if series.dtype == pl.Date or isinstance(series.dtype, pl.Datetime):
        early = series.dt.year() < FIRST_YEAR
        days = _days(series, since_1904=since_1904).set(early, None)
        return [days, series.dt.strftime("%Y-%m-%d").set(~early, None)] if early.any() else [days]
    listed = [_plain(value) for value in series.to_list()]
    return [
        part
        for kind in (str, bool, (date, datetime), (int, float))
        for part in by_kind(_series_of(_only(kind, listed)), since_1904=since_1904)
    ]


def reads_as_formula(values: pl.Series) -> bool:
    """True if there are texts that could be read as a formula."""
    return values.dtype == pl.String and _any_of(values, _IS_LIKE_A_FORMULA) == (True,)


def _series_of(values: Sequence[Any]) -> pl.Series:
    kinds = {type(value) for value in values} - {type(None)}
    if not kinds:
        return pl.Series(values, dtype=pl.Null)
    if kinds <= {int, float}:
        return pl.Series(values, dtype=pl.Float64 if float in kinds else pl.Int64, strict=False)
    if kinds == {date, datetime}:
        return pl.Series([value and datetime(*value.timetuple()[:6]) for value in values], dtype=pl.Datetime("us"))
    return pl.Series(values, dtype=pl.Object) if len(kinds) > 1 else pl.Series(values)


def _only(kind: Any, values: Sequence[Any]) -> list[Any]:
    """The values of a kind, blanks in place of the others; an answer is no number."""
    is_answer = kind is bool
    return [value if isinstance(value, kind) and isinstance(value, bool) == is_answer else None for value in values]


def _plain(value: Any) -> Any:
    """A value as one of the kinds that a workbook can hold."""
    return value if value is None or isinstance(value, str | bool | int | float | date) else str(value)


def _days(dates: pl.Series, *, since_1904: bool) -> pl.Series:
    first = _EPOCH_1904 if since_1904 else _EPOCH
    days = (dates.cast(pl.Datetime("us")) - first).dt.total_microseconds() / _MICROSECONDS
    if since_1904:
        return days
    return days.set(days <= _LAST_DAY_OF_TWO_COUNTS, None).fill_null(days - 1)


def _cells_of(column: Column, start: int, end: int, styles: Mapping[int, int], *, names_place: bool) -> list[pl.Expr]:
    """The cells of a column as pieces of text, for lines whose rows stand beside them."""
    place = [pl.lit("<c")]
    if names_place:
        place = [pl.lit(f'<c r="{get_column_letter(column.number)}'), pl.col("row"), pl.lit('"')]
    style, text_style = (f' s="{styles.get(number, number)}' for number in (column.style, column.text_style))
    kinds = [values[start:end] for values in column.values]
    if column.formula:
        return [*place, *_calculated(column.number, column.formula, kinds, style)]
    filled = [_filled(values, style, text_style) for values in kinds]
    if len(kinds) == 1 and not kinds[0].null_count():
        return [*place, *filled[0]]  # joined with those of all columns at once, in half of the time
    return [*place, pl.coalesce(*map(pl.concat_str, filled), pl.lit(f'{style}"/>'))]


def _calculated(number: int, formula: SharedFormula, kinds: Sequence[pl.Series], style: str) -> list[pl.Expr]:
    """The text of cells that share a formula, with what it comes to, from their style on."""
    area = reference(Area(formula.first, number, formula.last, number))
    first = f'<f t="shared" ref="{area}" si="{formula.number}">{escape(formula.text, quote=False)}</f>'
    is_first = pl.col("row") == str(formula.first)
    shared = pl.when(is_first).then(pl.lit(first)).otherwise(pl.lit(f'<f t="shared" si="{formula.number}"/>'))
    if not kinds:
        return [pl.lit(f'{style}">'), shared, pl.lit("</c>")]
    of_kinds = []
    for values in kinds:
        is_text = values.dtype == pl.String
        kind = ' t="str"' if is_text else ' t="b"' if values.dtype == pl.Boolean else ""
        texts = _escaped(values) if is_text else _as_numbers(values)
        of_kinds.append(pl.concat_str(pl.lit(f'{style}"{kind}>'), shared, pl.lit("<v>"), pl.lit(texts)))
    nothing = pl.concat_str(pl.lit(f'{style}" t="str">'), shared, pl.lit("<v>"))
    return [pl.coalesce(*of_kinds, nothing), pl.lit("</v></c>")]


def _any_of(texts: pl.Series, *conditions: pl.Expr) -> tuple[bool, ...]:
    """True for each condition that holds for one of the texts at least."""
    columns = {str(at): condition.any() for at, condition in enumerate(conditions)}
    found: tuple[bool, ...] = texts.to_frame("text").select(**columns).row(0)
    return found


def _as_numbers(values: pl.Series) -> pl.Series:
    return (values.cast(pl.Int8) if values.dtype == pl.Boolean else values).cast(pl.String)


def _filled(values: pl.Series, style: str, text_style: str) -> list[pl.Expr]:
    """The text of the cells of a kind in pieces, from their style on; one is missing where there is no value."""
    if values.dtype == pl.String:
        is_padded, is_like_a_formula = _any_of(values, _IS_PADDED, _IS_LIKE_A_FORMULA)
        spaced = ' xml:space="preserve"' if is_padded else ""  # such space is lost where it is not preserved
        as_text = f'" t="inlineStr"><is><t{spaced}>'
        begin = pl.lit(style + as_text)
        if is_like_a_formula:
            is_formula = pl.lit(values.str.contains(_READS_AS_FORMULA))
            begin = pl.when(is_formula).then(pl.lit(text_style + as_text)).otherwise(begin)
        return [begin, pl.lit(_escaped(values)), pl.lit("</t></is></c>")]
    kind = ' t="b"' if values.dtype == pl.Boolean else ""
    return [pl.lit(f'{style}"{kind}><v>'), pl.lit(_as_numbers(values)), pl.lit("</v></c>")]


def _escaped(texts: pl.Series) -> pl.Series:
    """Texts as XML has them, as long as a cell can hold them."""
    if _any_of(texts, _NEEDS_CARE) == (False,):
        return texts
    texts = (
        texts.str.slice(0, LONGEST_TEXT).str.replace_all(_READS_AS_CODE, "_x005F_$1").str.replace_all(NOT_XML, "\ufffd")
    )
    for sign, escaped in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\r", "&#13;")):
        texts = texts.str.replace_all(sign, escaped, literal=True)
    return texts
