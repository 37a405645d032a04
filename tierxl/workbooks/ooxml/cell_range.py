"""Areas as a workbook names them."""

from contextlib import suppress
from functools import cache

from openpyxl.utils import get_column_letter, range_boundaries

from tierxl.sheets.description import LAST_COLUMN, LAST_ROW, Area


@cache
def letters_of(column: int) -> bytes:
    """The letters of a column, as the text of a sheet has them."""
    return str(get_column_letter(column)).encode()


def reference(area: Area) -> str:
    """An area as a workbook names it, such as A2:C9."""
    first = f"{get_column_letter(area.left)}{area.top}"
    last = f"{get_column_letter(area.right)}{area.bottom}"
    return first if first == last else f"{first}:{last}"


def area_of(reference: str) -> Area:
    """The area that a workbook names so.

    Raises:
        ValueError: it is the name of none.
    """
    left, top, right, bottom = range_boundaries(reference)
    return Area(top or 1, left or 1, bottom or LAST_ROW, right or LAST_COLUMN)


def areas_of(references: str | None) -> list[Area]:
    """The areas in a list of references, apart from those that are lost, such as #REF!."""
    areas = []
    for reference in (references or "").split():
        with suppress(ValueError):
            areas.append(area_of(reference))
    return areas


def around(area: Area, other: Area) -> Area:
    """The smallest area with both of two areas in it."""
    return Area(
        min(area.top, other.top),
        min(area.left, other.left),
        max(area.bottom, other.bottom),
        max(area.right, other.right),
    )
