"""The places of rows and cells that name none, as Power BI and Dynamics write them: they follow from their order."""

import re
from collections.abc import Iterable, Iterator

from openpyxl.utils import column_index_from_string

from tierxl.workbooks.ooxml.cell_range import letters_of
from tierxl.workbooks.ooxml.plain_xml import NotPlainError

_TAG = re.compile(rb'<(?:(c)|row)(?: r="([A-Z]{0,3})([0-9]{1,7})")?(?=[ />])(?![^<>]* r=")')


def with_places(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The text of rows in which each row and each cell names its place; one that does so in another way is left.

    Args:
        chunks: the text, some whole rows at a time.

    Raises:
        NotPlainError: there is no such column.
    """
    row = column = 0

    def place(tag: re.Match[bytes]) -> bytes:
        nonlocal row, column
        cell, letters, number = tag.groups()
        if cell:
            column = column_index_from_string(letters.decode()) if letters else column + 1
            return tag[0] if number else b'<c r="%b%d"' % (letters_of(column), row)
        row, column = int(number) if number else row + 1, 0
        return tag[0] if number else b'<row r="%d"' % row

    try:
        for chunk in chunks:
            yield _TAG.sub(place, chunk)
    except ValueError as error:
        raise NotPlainError from error
