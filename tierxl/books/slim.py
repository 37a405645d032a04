"""A copy of a package in which only one sheet can be read: for sheets too large to be read with all that they hold."""

import zipfile
from collections.abc import Iterable
from io import BytesIO

from tierxl.books.draft import copy_part, write_part
from tierxl.books.package import CONTENT_TYPES, ROOT, Package, relationships_of


def slim(package: Package, main: str, sheet: str, text: Iterable[bytes]) -> BytesIO:
    """Copy a package with one sheet.

    Args:
        package: the package.
        main: the part that lists its sheets.
        sheet: the part of the sheet.
        text: what the sheet is to hold.
    """
    needed = {CONTENT_TYPES, relationships_of(ROOT), main, relationships_of(main)}
    needed |= {package.related(main, kind) for kind in ("styles", "sharedStrings")}
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as copy:
        for name, info in package.infos.items():
            if name in set(map(package.name_of, needed)):
                with package.open(name) as part:
                    copy_part(copy, info, part)
        write_part(copy, sheet, text, package.size(sheet))
    file.seek(0)
    return file
