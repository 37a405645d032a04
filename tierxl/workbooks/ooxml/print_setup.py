"""The print of a sheet as a file has it: two defined names, and an element of the sheet."""

from collections.abc import Mapping

from openpyxl.utils import absolute_coordinate, get_column_letter, quote_sheetname

from tierxl.sheets.description import LAST_COLUMN, LAST_ROW
from tierxl.workbooks.ooxml.cell_range import areas_of, reference
from tierxl.workbooks.ooxml.package import MAIN, Element, element
from tierxl.workbooks.outline import ALL_CELLS, Pages

PRINT_AREA, PRINT_TITLES = "_xlnm.Print_Area", "_xlnm.Print_Titles"
_SET_UP = ("pageSetup", "rowBreaks", "colBreaks", "headerFooter")
"""The elements of a sheet by which a user has set up its pages."""


def pages_in(frame: Element, names: Mapping[str, str]) -> Pages | None:
    """The pages that somebody has set up on a sheet; None where nobody has.

    Args:
        frame: the sheet without its rows.
        names: the formulas of the defined names that belong to it.
    """
    area, titles = names.get(PRINT_AREA, ""), names.get(PRINT_TITLES, "")
    is_set_up = area or titles or any(frame.find(f"{{{MAIN}}}{part}") is not None for part in _SET_UP)
    return pages_named(area, titles) if is_set_up else None


def pages_named(area: str, titles: str) -> Pages:
    """The pages that formulas of ranges name, with sheet or without; nothing is known of what is no range."""
    areas, repeated = (
        areas_of(" ".join(part.rpartition("!")[2] for part in formula.split(","))) for formula in (area, titles)
    )
    if area and len(areas) != 1:
        return Pages()
    columns = next(((part.left, part.right) for part in repeated if part.bottom == LAST_ROW), (0, 0))
    rows = next(((part.top, part.bottom) for part in repeated if part.right == LAST_COLUMN), (0, 0))
    return Pages(areas[0] if areas else ALL_CELLS, columns, rows)


def columns_named(pages: Pages) -> str:
    """The columns that stand on each page, such as $A:$C."""
    return ":".join(f"${get_column_letter(column)}" for column in pages.columns)


def rows_named(pages: Pages) -> str:
    """The rows that stand on each page, such as $1:$1."""
    return ":".join(f"${row}" for row in pages.rows)


def area_named(pages: Pages) -> str:
    """The cells that are printed, such as $D$1:$F$9."""
    area: str = absolute_coordinate(reference(pages.area))
    return area


def names_of(pages: Pages, title: str) -> dict[str, str]:
    """The formulas of the defined names that say what is printed of a sheet; what is there already is left out."""
    sheet = quote_sheetname(title)
    titles = {PRINT_TITLES: f"{sheet}!{columns_named(pages)},{sheet}!{rows_named(pages)}"} if pages.scale else {}
    return titles | {PRINT_AREA: f"{sheet}!{area_named(pages)}"}


def page_setup(scale: int) -> Element:
    """The element of a sheet with the paper in landscape, and a scale in percent."""
    return element("pageSetup", scale=str(scale), orientation="landscape")
