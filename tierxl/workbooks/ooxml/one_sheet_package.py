"""A package with the cells of one sheet and nothing else, in the form that python-calamine reads."""

import zipfile
from collections.abc import Iterable
from io import BytesIO

from lxml import etree

from tierxl.workbooks.ooxml.package import (
    MAIN,
    RELATED,
    ROOT,
    Element,
    Package,
    element,
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
_ODD = (b"<!", b"<?", b":sst")


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
    relationships, file = new_relationships(), BytesIO()
    packing = zipfile.ZIP_DEFLATED if is_large else zipfile.ZIP_STORED
    with zipfile.ZipFile(file, "w", packing, compresslevel=1) as copy:
        with copy.open(_SHEET, "w", force_zip64=True) as part:
            for piece in text:
                part.write(piece)
        sheet = element("sheet", name=TITLE, sheetId="1")
        sheet.set(f"{{{RELATED}}}id", relate(relationships, "worksheet", _SHEET))
        styles, strings = (package.related(main, kind) for kind in ("styles", "sharedStrings"))
        if styles in package:
            relate(relationships, "styles", _STYLES)
            copy.writestr(_STYLES, plain(package.tree(styles)))
        if strings in package:
            relate(relationships, "sharedStrings", _STRINGS)
            copy.writestr(_STRINGS, _shared_strings(package, strings))
        copy.writestr(_MAIN, written(_workbook(sheet, since_1904=since_1904)))
        copy.writestr(relationships_of(_MAIN), written(relationships))
        root = new_relationships()
        relate(root, "officeDocument", _MAIN)
        copy.writestr(relationships_of(ROOT), written(root))
    file.seek(0)
    return file


def _workbook(sheet: Element, *, since_1904: bool) -> Element:
    root = element("workbook")
    root.append(element("workbookPr", date1904=str(int(since_1904))))
    etree.SubElement(root, f"{{{MAIN}}}sheets").append(sheet)
    return root


def _shared_strings(package: Package, name: str) -> bytes:
    """The shared strings of a workbook; few programs write them in a form that has to be made plain."""
    with package.open(name) as part:
        text = part.read()
    prolog, _, strings = text.partition(b"?>")
    is_plain = b"UTF-8" in prolog.upper() and not any(odd in strings for odd in _ODD)
    return text if is_plain else plain(package.tree(name))
