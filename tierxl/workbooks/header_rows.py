"""The header row of a list of clients, or the two or three rows of it, among the first rows of a sheet or file."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, zip_longest
from typing import Any

from tierxl.method.table import cells
from tierxl.method.table.extent import columns_of_list
from tierxl.method.table.finding import is_unit
from tierxl.method.table.headers import ColumnChoice, Headers, is_graded_name
from tierxl.method.table.vocabulary import normal, words_for
from tierxl.sheets.description import Area
from tierxl.workbooks.table import letter_at

HEADER_SEARCH_ROWS = 20
ROWS_TO_SEARCH = HEADER_SEARCH_ROWS + 10
"""The first rows of a sheet or file: those that may be the header, and enough below them to know a header by."""

_BELOW = 3
_YEAR = re.compile(r"(?:FY|GJ)?[ '’]?(?:19|20)\d\d(?:\s?[/–-]\s?\d{2,4})?|(?:FY|GJ)[ '’]?\d\d", re.IGNORECASE)
Rows = Sequence[Sequence[object]]
Group = tuple[int, int]
"""The positions of the first and the last column that a text in the upper of two header rows stands over."""


@dataclass(frozen=True)
class HeaderRow:
    """The header row of a list; of several rows the lowest one.

    Attributes:
        at: its position among the rows.
        texts: the header of each column as it is written; of several rows all their texts, spaces between.
        headers: the headers that are not blank.
    """

    at: int
    texts: Sequence[Any]
    headers: Headers


def header_row(
    rows: Rows, groups: dict[int, list[Group]] | None = None, choice: ColumnChoice | None = None
) -> HeaderRow:
    """The first row with a client and a revenue column; where there is none, the row that looks most like a header.

    That is one of texts above amounts, then one of headers that are known, then the one of most texts.

    Args:
        rows: the first rows, :data:`ROWS_TO_SEARCH` of them where there are so many.
        groups: the groups of columns that are merged to one cell, by the position of their row, where that is known.
        choice: the columns that the user chose.
    """
    likely = HeaderRow(0, rows[0] if rows else (), Headers((), (), ()))
    best = 0, 0, 0
    for header in _header_rows(rows, groups or {}, choice):
        if header.headers.are_of_clients:
            return header
        known, count = len(header.headers.columns), len(header.headers)
        rank = int(looks_like_header(rows, header)), known, count if count > 1 else min(count, 1)
        if rank > best:
            likely, best = header, rank
    return likely


def groups_of_columns(merged: Iterable[Area]) -> dict[int, list[Group]]:
    """The groups of columns in which cells are merged, by the position of their row."""
    groups: dict[int, list[Group]] = {}
    for area in merged:
        if area.left < area.right and area.top == area.bottom:
            groups.setdefault(area.top - 1, []).append((area.left - 1, area.right - 1))
    return groups


def looks_like_header(rows: Rows, header: HeaderRow) -> bool:
    """True for a row of two texts and more, and no amounts, above rows of amounts."""
    columns = header.headers.places
    below = [row for row in rows[header.at + 1 :] if any(map(cells.shown, row))][:_BELOW]
    return (
        len(columns) > 1
        and not any(map(_is_amount, header.texts))
        and any(at < len(row) and _is_amount(row[at]) for row in below for at in columns)
    )


def _header_rows(rows: Rows, groups: dict[int, list[Group]], choice: ColumnChoice | None) -> Iterator[HeaderRow]:
    """Each of the first rows as a header, together with the rows below that are one with it."""
    for at, row in enumerate(rows[:HEADER_SEARCH_ROWS]):
        header, last = row, at
        if both := _both(_texts(rows, at), _texts(rows, at + 1), groups.get(at)):
            header, last = both, at + 1
            if units := _with_units(both, _texts(rows, at + 2)):
                header, last = units, at + 2
        yield HeaderRow(last, header, headers_in(header, rows[last + 1 :], last + 1, choice))


def _texts(rows: Rows, at: int) -> list[str]:
    return list(map(cells.shown, rows[at])) if at < len(rows) else []


def headers_in(
    row: Sequence[object], below: Rows = (), number: int | None = None, choice: ColumnChoice | None = None
) -> Headers:
    """The headers in a row, by the rows below it; see :meth:`Headers.of`."""
    texts = list(map(cells.shown, row))
    return Headers.of(texts, columns_of_list(texts, below), letter_at, number=number, choice=choice)


def _both(upper: list[str], lower: list[str], merged: list[Group] | None) -> list[str] | None:
    """The headers of two rows that are one: groups above their parts, such as Revenue over 2024 and 2025, or units."""
    if units := _with_units(upper, lower):
        return units
    width = max(len(upper), len(lower))
    upper, lower = [row + [""] * (width - len(row)) for row in (upper, lower)]
    groups = merged or list(_groups(upper, lower))
    grouped = {at: upper[first] for first, last in groups for at in range(first, min(last + 1, width))}
    parts = [lower[at] for at in grouped]
    if not parts or not all(parts) or any(map(_is_amount, (*upper, *lower))) or _names_all(lower):
        return None
    others = [at for at in range(width) if at not in grouped and (upper[at] or lower[at])]
    stand_alone = all(not upper[at] or not lower[at] for at in others)
    is_title = len(groups) == 1 and groups[0][0] < min(others, default=width)
    if not all(map(_is_year, parts)) and (is_title or not stand_alone):
        return None
    return [f"{grouped.get(at, upper[at])} {lower[at]}".strip() for at in range(width)]


_AMOUNT = re.compile(r"[1-9][\d.,]*")


def _with_units(upper: Sequence[str], lower: Sequence[str]) -> list[str] | None:
    """The headers with the units below them, where the lower row has nothing but these, and no amount such as 10.00."""
    pairs = list(zip_longest(upper, lower, fillvalue=""))
    units = [(text, unit) for text, unit in pairs if unit]
    if not units or not all(text and is_unit(unit) and not _AMOUNT.fullmatch(unit) for text, unit in units):
        return None
    return [f"{text} {unit}".strip() for text, unit in pairs]


def _groups(upper: Sequence[str], lower: Sequence[str]) -> Iterator[Group]:
    """The groups of columns of which only the first has a text above its part, as without merged cells."""
    starts = [at for at, text in enumerate(upper) if text]
    for start, end in pairwise([*starts, len(upper)]):
        last = start
        while last + 1 < end and lower[last + 1] and not is_graded_name(lower[last + 1]):
            last += 1
        if last > start and lower[start]:
            yield start, last


def _names_all(row: Sequence[str]) -> bool:
    """True for a row that is a header without the one above it."""
    texts = [text for text in row if text]
    return len({*texts}) == len(texts) and Headers.of(texts).are_of_clients


def _is_year(text: str) -> bool:
    """True for a year or another period."""
    return _YEAR.fullmatch(text) is not None or normal(text) in words_for("periods")


def _is_amount(cell: object) -> bool:
    """True for a number, and for a text that is more digits than letters; a year is none."""
    text = cells.shown(cell)
    digits, letters = sum(map(str.isdigit, text)), sum(map(str.isalpha, text))
    return digits > letters and not _is_year(text)
