"""Texts as the cells of a workbook can hold them."""

import re

from tierxl.sheets.cells import NOT_XML

ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
"""Excel reads _x0041_ in a text as the character of that number, unless the first line is written as a number too."""
_NOT_XML = re.compile(f"{NOT_XML}|[\ud800-\udfff]")


def without_controls(text: str) -> str:
    """A text without the control characters that no workbook can hold."""
    return _NOT_XML.sub("\ufffd", text)
