"""The title of a sheet of ours in a workbook, and the title for a new one.

The extension for LibreOffice Calc carries a copy of this module: Python 3.8, the standard library, nothing of tierxl.
"""

from __future__ import annotations

from itertools import count, islice
from typing import Callable, Collection, Iterator


def own_title(kind: str, titles: Collection[str], kind_of: Callable[[str], str | None]) -> str | None:
    """The title of our sheet of a kind; None where the workbook has none.

    A mark tells our sheets from the user's, but spreadsheet programs copy the mark along when a user copies a sheet. Of
    the marked sheets ours is the one with a title that we give. Where there is none, the user has renamed ours: it is
    the only one whose title does not go on where ours, or another's, ends, as that of a copy does. All others are the
    user's.

    Args:
        kind: the kind of the sheet, which is its title in lower case.
        titles: the titles of all sheets.
        kind_of: the kind that the mark of a sheet says, by its title; None for a sheet without a mark. It is asked as
            seldom as can be, since a program answers slowly.
    """
    there = {title.casefold(): title for title in titles}
    for name in islice(_names(kind), len(there) + 1):
        if name in there and kind_of(there[name]) == kind:
            return there[name]
    marked = [name for name, title in there.items() if kind_of(title) == kind]
    renamed = [name for name in marked if not any(_goes_on(name, other) for other in (kind, *marked))]
    return there[renamed[0]] if len(renamed) == 1 else None


def free_title(title: str, reserved: Collection[str]) -> str:
    """The title for a new sheet of ours: its own, or where a sheet has that, one that says whose it is.

    Args:
        title: the title that it would have.
        reserved: the titles of other sheets, in lower case.
    """
    return next(name for name in _names(title) if name.casefold() not in reserved)


def _names(title: str) -> Iterator[str]:
    """The titles that we give to a sheet, in the order in which they are tried."""
    yield title
    yield f"{title} (tierxl)"
    for number in count(2):
        yield f"{title} (tierxl) {number}"


def _goes_on(name: str, other: str) -> bool:
    return name != other and name.startswith(other)
