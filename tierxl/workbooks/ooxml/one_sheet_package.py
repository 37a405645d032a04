"""A package with the cells of one sheet and nothing else, in the form that python-calamine reads."""

import re
import zipfile
from collections.abc import Iterable
from io import BytesIO

from tierxl.workbooks.ooxml.package import (
    MAIN,
    RELATED,
    ROOT,
    Package,
    new_relationships,
    relate,
    relationships_of,
    written,
)
from tierxl.workbooks.ooxml.plain_xml import plain

TITLE = "Sheet"
"""The title of the sheet in the package."""

_MAIN, _SHEET = "xl/workbook.xml", "xl/worksheets/sheet1.xml"
_STYLES, _STRINGS = "xl/styles.xml", "xl/sharedStrings.xml"
_WORKBOOK = (
    f'<workbook xmlns="{MAIN}" xmlns:r="{RELATED}"><workbookPr date1904="%d"/>'
    f'<sheets><sheet name="{TITLE}" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
_ODD = (b"<!", b"<?", b":sst")
_REFERENCE_IN_ATTRIBUTE = re.compile(rb"=[\"'][^<>\"']*&#")


def one_sheet_package(
    package: Package, main: str, text: Iterable[bytes], *, is_large: bool, since_1904: bool
) -> BytesIO:
    """Make a package of one sheet, with the styles and shared strings of a workbook.

    Args:
        package: the workbook's package.
        main: the part that lists its sheets.
        text: the part of the sheet, in pieces.
        is_large: whether it is too long to lie unpacked in memory.
        since_1904: whether the workbook's days count from 1904 on.
    """
    root, related, file = new_relationships(), new_relationships(), BytesIO()
    relate(root, "officeDocument", _MAIN)
    for kind, name in (("worksheet", _SHEET), ("styles", _STYLES), ("sharedStrings", _STRINGS)):
        relate(related, kind, name)
    packing = zipfile.ZIP_DEFLATED if is_large else zipfile.ZIP_STORED
    with zipfile.ZipFile(file, "w", packing, compresslevel=1) as copy:
        with copy.open(_SHEET, "w", force_zip64=True) as part:
            for piece in text:
                part.write(piece)
        copy.writestr(relationships_of(ROOT), written(root))
        copy.writestr(relationships_of(_MAIN), written(related))
        copy.writestr(_MAIN, _WORKBOOK % since_1904)
        styles, strings = (package.related(main, kind) for kind in ("styles", "sharedStrings"))
        if styles in package:
            copy.writestr(_STYLES, plain(package.tree(styles)))
        if strings in package:
            copy.writestr(_STRINGS, _shared_strings(package, strings))
    file.seek(0)
    return file


def _shared_strings(package: Package, name: str) -> bytes:
    """The shared strings of a workbook; few programs write them in a form that has to be made plain."""
    with package.open(name) as part:
        text = part.read()
    prolog, _, strings = text.partition(b"?>")
    is_odd = any(odd in strings for odd in _ODD) or (b"&#" in strings and _REFERENCE_IN_ATTRIBUTE.search(strings))
    return plain(package.tree(name)) if is_odd or b"UTF-8" not in prolog.upper() else text
