"""The distinct cells of a column: each is read once, and stands beside its type, as 1 and True are two in a table."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any, NamedTuple

from tierxl.method.table import cells

Key = tuple[type, Any]
Counts = Mapping[Key, int]
"""How often each distinct cell stands in a column; blank ones are left out."""


class Column(NamedTuple):
    """A column that was read.

    Attributes:
        values: the value of each distinct cell.
        messages: the message on each that has none.
        assumption: a sentence on what nothing in the column shows, and was assumed.
        currency: the currency that its amounts are written in; "" where none is.
    """

    values: dict[Key, Any]
    messages: dict[Key, str]
    assumption: str = ""
    currency: str = ""


def read_each(keys: Iterable[Key], reader: Callable[[Any], Any]) -> Column:
    """The value of each of some cells as a reader of single cells sees it; those of which it makes None are blank."""
    values: dict[Key, Any] = {}
    messages: dict[Key, str] = {}
    for key in keys:
        try:
            value = reader(key[1])
        except ValueError as error:
            messages[key] = str(error)
        else:
            if value is not None:
                values[key] = value
    return Column(values, messages)


def key_of(cell: object) -> Key | None:
    """A key that distinct cells differ in; None for all that are blank."""
    if cells.is_blank(cell):
        return None
    return (type(cell), cell if isinstance(cell, Hashable) else cells.text(cell))
