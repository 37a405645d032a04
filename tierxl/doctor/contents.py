"""Findings about what a workbook holds that gets in the way of its buttons in Excel."""

import re
from collections.abc import Collection, Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import unquote

from python_calamine import CalamineWorkbook

from tierxl.doctor.finding import Finding, finding
from tierxl.doctor.start_up import NAME as ADD_IN_NAME
from tierxl.method.issues import CannotGrade
from tierxl.sheets.description import LAST_ROW, Area
from tierxl.workbooks.ooxml.cell_range import area_of, reference
from tierxl.workbooks.ooxml.package import Package, open_package, relationships_of
from tierxl.workbooks.ooxml.workbook_file import WorkbookFile

LONGEST_FORMULA = 8_221
"""The longest text of a cell that Excel gives to a macro which asks for formulas."""

_SCHEME = re.compile(r"^file://(?:/(?=\\|\w:))?")
"""Before a path of Windows another stroke belongs to it; on a Mac the path begins with that."""
_HEAD = 4_096
"""The bytes at the beginning of a sheet among which its used range stands."""
_DIMENSION = re.compile(rb'<(?:\w+:)?dimension\b[^>]*\bref="([^"]+)"')
_LONG_TEXT = re.compile(rb"<(?:\w+:)?t\b[^>]*>[^<]{%d,}<" % (LONGEST_FORMULA + 1))
"""Bytes, which are more than the characters where letters have accents: whoever finds some looks at the cells."""


def examine(book: Path, add_ins: Collection[Path] = ()) -> Iterator[Finding]:
    """The findings about dates, sheets that reach to the bottom, very long texts, and links to another add-in.

    Args:
        book: the workbook.
        add_ins: the copies of the add-in that Excel opens on this computer.
    """
    try:
        with closing(open_package(book)) as package:
            workbook = WorkbookFile(book, package)
            sheets = workbook.sheet_parts
            to_the_bottom = [title for title, part in sheets.items() if _last_row(package, part) == LAST_ROW]
            strings = package.related(workbook.main, "sharedStrings")
            parts = filter(None, (strings, *sheets.values()))
            known = set(map(_folded, add_ins))
            places = sorted({place for place in _places_of_add_ins(package) if _folded(place) not in known})
            may_have_long_texts = any(_LONG_TEXT.search(package.read(part)) for part in parts)
    except (CannotGrade, OSError):
        return  # another finding tells that it cannot be read
    if workbook.since_1904:
        yield finding("dates since 1904")
    if places:
        yield finding("links elsewhere", places=", ".join(places))
    if to_the_bottom:
        yield finding("used range to the bottom", sheets=", ".join(to_the_bottom))
    if may_have_long_texts and (cells := list(_long_cells(book))):
        yield finding("long texts", cells=", ".join(cells), longest=f"{LONGEST_FORMULA:,}")


def _places_of_add_ins(package: Package) -> Iterator[str]:
    """The paths at which formulas look for the add-in; where Excel looks into a start-up folder, there is none."""
    for link in package.relationships(package.main_part()):
        if link.kind == "externalLink":
            used = package.tree(link.target).xpath("string(*[local-name()='externalBook']/@*[local-name()='id'])")
            for line in package.tree(relationships_of(link.target)) if used else ():  # another program has no file
                place = _SCHEME.sub("", unquote(line.get("Target", "")))
                is_ours = re.split(r"[\\/]", place)[-1].casefold() == ADD_IN_NAME.casefold()
                if line.get("Id") == used and is_ours and not line.get("Type", "").endswith("tartup"):
                    yield place


def _folded(path: Path | str) -> str:
    return str(path).replace("/", "\\").lstrip("\\").casefold()


def _last_row(package: Package, part: str) -> int:
    """The last row that counts as used, as the program says that has saved the workbook."""
    with package.open(part) as stream:
        dimension = _DIMENSION.search(stream.read(_HEAD))
    return area_of(dimension[1].decode()).bottom if dimension else 0


def _long_cells(book: Path) -> Iterator[str]:
    """The cells with such texts, such as Clients!H7."""
    with CalamineWorkbook.from_path(book) as opened:
        for title in opened.sheet_names:
            for row, values in enumerate(opened.get_sheet_by_name(title).to_python(skip_empty_area=False), 1):
                for column, value in enumerate(values, 1):
                    if isinstance(value, str) and len(value) > LONGEST_FORMULA:
                        yield f"{title}!{reference(Area(row, column, row, column))}"
