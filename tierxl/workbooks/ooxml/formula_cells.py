"""Formulas in cells that are written with the values that they come to."""

import re
from collections.abc import Mapping
from html import escape

from tierxl.workbooks.ooxml.row_patch import CELLS
from tierxl.workbooks.ooxml.sheet_xml import column_of

_INLINE = re.compile(rb"<is><t(?: [^>]*)?>(.*?)</t></is>", re.DOTALL)
_VALUE = re.compile(rb"<v>.*?</v>", re.DOTALL)
_TYPE = re.compile(rb' t="([^"]*)"')


def with_formulas(number: int, row: bytes, formulas: Mapping[tuple[int, int], str]) -> bytes:
    """A row whose texts stand in its cells, with a formula beside the value of some of them."""

    def cell(match: re.Match[bytes]) -> bytes:
        formula = formulas.get((number, column_of(match[1])))
        return match[0] if formula is None else _with_formula(match[0], escape(formula, quote=False).encode())

    return CELLS.sub(cell, row)


def _with_formula(cell: bytes, formula: bytes) -> bytes:
    start = cell[: cell.index(b">")].rstrip(b"/")
    text, value = _INLINE.search(cell), _VALUE.search(cell)
    if text:
        start = _TYPE.sub(b' t="str"', start)
        return b"%s><f>%s</f><v>%s</v></c>" % (start, formula, text[1])
    kind = _TYPE.search(start)
    if kind and kind[1] == b"n":
        start = _TYPE.sub(b"", start)
    return b"%s><f>%s</f>%s</c>" % (start, formula, value[0] if value else b"")
