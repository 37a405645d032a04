"""Headers below those of a list of clients: its own once more, or those of another table."""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from operator import sub
from typing import Any

import narwhals as nw

from tierxl.method.table import cells
from tierxl.method.table.amounts import is_amount
from tierxl.method.table.columns import BY_HEADER
from tierxl.method.table.headers import Headers
from tierxl.method.table.sums import Series
from tierxl.method.table.vocabulary import meanings, normal

_HEADER = re.compile(r"[^\d%]{3,}(?:(?:19|20)\d\d\D*)?")
"""A text that can be a header of revenue, and is no amount."""


def headers_below(
    frame: nw.DataFrame[Any],
    headers: Headers,
    rows: Sequence[int],
    client: int,
    revenue: int,
    line_at: Callable[[int], Sequence[object]],
) -> dict[int, bool]:
    """The rows with headers where the list has its clients and revenue: their positions, and whether these are others.

    Below a blank row one header of the list in its own column is enough, or one in the place of a client.

    Args:
        frame: the cells of the user's columns, in the order of the headers.
        headers: the user's headers.
        rows: the row of each in the user's sheet or file.
        client: the column of the clients.
        revenue: the column of the revenues.
        line_at: the cells of the row at a position, in the order of the headers.
    """
    own = [*map(cells.shown, headers)]
    apart = _below_a_blank_row(frame[:, client], rows, line_at)
    below = {at: True for at in apart if _has_a_header(line_at(at), client)}
    for at in _with_a_header(frame[:, revenue], headers[revenue]):
        line = [*map(cells.shown, line_at(at))]
        fields = _fields_of(line)
        there = {fields.get(client), fields.get(revenue)}
        if line == own or None not in there:
            below[at] = line != own and there != {"client", "revenue"}
        elif is_apart(at, rows, line_at) and any(text and text == name for text, name in zip(line, own, strict=True)):
            below[at] = True
    return dict(sorted(below.items()))


def _below_a_blank_row(names: Series, rows: Sequence[int], line_at: Callable[[int], Sequence[object]]) -> Iterator[int]:
    """The positions of the rows right below a blank one."""
    above = names.is_null().arg_true().to_list() if names.dtype != nw.Object else []
    gaps = [] if isinstance(rows, range) else [at for at, gap in enumerate(map(sub, rows[1:], rows), 1) if gap > 1]
    likely = sorted({*gaps, *(at + 1 for at in above)})
    return (at for at in likely if at < len(rows) and is_apart(at, rows, line_at))


def _has_a_header(line: Sequence[object], client: int) -> bool:
    """True for texts, with the header of another column than the clients' in their place."""
    texts = [text for cell in line if (text := cells.shown(cell))]
    name = normal(cells.shown(line[client]))
    column = BY_HEADER.get(name)
    field = column.field if column else meanings("headers").get(name, "client")
    return field != "client" and len(texts) > 1 and not any(map(is_amount, texts))


def is_apart(at: int, rows: Sequence[int], line_at: Callable[[int], Sequence[object]]) -> bool:
    """True for a row right below a blank one, which may be among the rows or not."""
    return at > 0 and (rows[at] - rows[at - 1] > 1 or not any(map(cells.shown, line_at(at - 1))))


def _with_a_header(revenue: Series, header: str) -> list[int]:
    """The positions of the texts in a column that are its header, or mean a field as a header does."""
    if revenue.dtype == nw.Object:
        texts = {at: cell for at, cell in enumerate(revenue.to_list()) if isinstance(cell, str)}
    elif revenue.dtype in (nw.String, nw.Categorical, nw.Enum):
        column = revenue.cast(nw.String)
        likely = (column.str.contains(f"^(?:{_HEADER.pattern})$") | (column == header)).fill_null(False).arg_true()
        texts = dict(zip(likely.to_list(), column[likely.to_list()].to_list(), strict=True))
    else:
        return []
    means_a_field = cache(lambda text: text == header or (_HEADER.fullmatch(text) and bool(_fields_of([text]))))
    return [at for at, text in texts.items() if means_a_field(text)]


def _fields_of(headers: Sequence[str]) -> dict[int, str]:
    """The fields that some headers mean, by their positions."""
    return {at: column.field for at, column in Headers.of(headers).columns.items()}
