"""The sheet that a workbook opens on: the active one, and the only one that is selected.

With two sheets selected, what a user types would go into both.
"""

import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE, getincrementaldecoder
from collections.abc import Iterator
from functools import partial

from openpyxl.packaging.workbook import WorkbookPackage

from tierxl.workbooks.ooxml.package import MAIN, Package, element, holder
from tierxl.workbooks.ooxml.package_edit import PackageEdit

ORDER = (*WorkbookPackage.__elements__, "extLst")
"""The order that the format gives to what the main part is made of."""

_HEAD = 1 << 16
"""The bytes within which a sheet has its views, before its cells."""
_VIEW = re.compile(rb"(<(?:\w+:)?sheetView\b[^>]*?)\s+tabSelected\s*=\s*(?:\"\w+\"|'\w+')")
_ENCODING = re.compile(r"""encoding=["']UTF-16["']""", re.IGNORECASE)
_VIEW_BEGINS = re.compile(rb"<(?:\w+:)?sheetView\b")


def open_on(edit: PackageEdit, main: str, position: int, part: str, others: list[str]) -> None:
    """Let a workbook open on one of its sheets.

    Args:
        edit: the changes to its package.
        main: its main part.
        position: the place of the sheet; the first is 0.
        part: the part of that sheet.
        others: the parts of the sheets that the user may have selected.
    """
    views = holder(edit.tree(main), "bookViews", ORDER)
    if not len(views):
        views.append(element("workbookView"))
    for view in views.iterfind(f"{{{MAIN}}}workbookView"):
        view.set("activeTab", str(position))
    for other in others:
        if _VIEW.search(_head(edit.package, other)):
            edit.rewrite(other, partial(_with_views, selected=False))
    edit.rewrite(part, partial(_with_views, selected=True))


def _head(package: Package, part: str) -> bytes:
    with package.open(part) as stream:
        return b"".join(_in_utf8(iter([stream.read(_HEAD)])))


def _in_utf8(text: Iterator[bytes]) -> Iterator[bytes]:
    """The text of a part that may be in UTF-16."""
    first = next(text, b"")
    if not first.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        yield first
        yield from text
        return
    decode = getincrementaldecoder("utf-16")().decode
    yield _ENCODING.sub('encoding="UTF-8"', decode(first), count=1).encode()
    yield from (decode(piece).encode() for piece in text)


def _with_views(text: Iterator[bytes], *, selected: bool) -> Iterator[bytes]:
    """The text of a sheet whose views are selected, or are not."""
    head, text = b"", _in_utf8(text)
    for piece in text:
        head += piece
        if len(head) >= _HEAD:
            break
    head = _VIEW.sub(rb"\1", head)
    yield _VIEW_BEGINS.sub(lambda view: view[0] + b' tabSelected="1"', head) if selected else head
    yield from text
