"""The pages of the clients' sheet: the clients' names, and right of them the tier, the action and the reason.

They are set up where nobody has done so: settings of the user's stay as they are. Of those of an earlier grading only
the last row moves.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from openpyxl.utils import get_column_letter, quote_sheetname

from tierxl.sheets.description import Area
from tierxl.workbooks.layout import Layout
from tierxl.workbooks.ooxml.package import MAIN, Element, element, whole
from tierxl.workbooks.outline import Place

PRINT_AREA, PRINT_TITLES = "_xlnm.Print_Area", "_xlnm.Print_Titles"
SET_UP = ("pageSetup", "rowBreaks", "colBreaks", "headerFooter")
"""The elements of a sheet by which a user has set up its pages."""
_BESIDE_CLIENT = ("client", "account_manager", "revenue")
"""The fields that are printed on the left where they stand side by side."""
_WIDEST, SMALLEST = 137, 70
"""The characters that any page in landscape has room for at the smallest scale, in percent: 10 points become 7."""
_LEFT_AT_MOST = 70
_WIDTH = 8.43
"""The width of a column that nobody has set, in characters."""


@dataclass(frozen=True)
class Pages:
    """The pages of the clients' sheet.

    Attributes:
        title: the title of the sheet.
        area: the cells that are printed.
        left: the first and the last column that are printed left of them, on each page.
        width: the width of all of it, in characters.
    """

    title: str
    area: Area
    left: tuple[int, int]
    width: float

    @property
    def names(self) -> dict[str, str]:
        """The defined names that say so, with their formulas."""
        sheet = quote_sheetname(self.title)
        first, last, left, right = map(get_column_letter, (*self.left, self.area.left, self.area.right))
        return {
            PRINT_TITLES: f"{sheet}!${first}:${last},{sheet}!${self.area.top}:${self.area.top}",
            PRINT_AREA: f"{sheet}!${left}${self.area.top}:${right}${self.area.bottom}",
        }

    def set_up(self) -> Element:
        """The element of the sheet that says how it is printed."""
        scale = min(max(int(_WIDEST * SMALLEST / self.width), SMALLEST), 100)
        return element("pageSetup", scale=str(scale), orientation="landscape")

    def renewed(self, titles: str, area: str | None) -> str | None:
        """The area of today instead of an earlier grading's, or of none as in the template; None for a user's own."""
        if _ranges(titles) != _ranges(self.names[PRINT_TITLES]):
            return None
        if area is None:
            return self.names[PRINT_AREA]
        begin = re.match(rf"(.*!\${get_column_letter(self.area.left)}\${self.area.top}:\$[A-Z]+\$)\d+$", area)
        return f"{begin[1]}{self.area.bottom}" if begin else None


def _ranges(formula: str) -> set[str]:
    """The ranges of a formula without their sheet, which programs write with quotes or without."""
    return {part.rpartition("!")[2] for part in formula.split(",")}


def pages_of(place: Place, layout: Layout, frame: Element) -> Pages | None:
    """The pages of the clients' sheet; None where its tiers stand left of the clients' names.

    Args:
        place: where the clients stand.
        layout: what changes on their sheet.
        frame: the sheet without its rows, as it is to be.
    """
    client = place.columns[place.headers.position_of["client"]]
    tier, end = layout.columns["Tier"], max(place.right, *layout.columns.values())
    if tier < client:
        return None
    widths = _widths(frame, end)
    left = _beside(client, place, tier)
    if sum(widths[column] for column in left) > _LEFT_AT_MOST:
        left = [client]
    room = _WIDEST - sum(widths[column] for column in left)
    right, width = tier, widths[tier]
    while right < end and width + widths[right + 1] <= room:
        right, width = right + 1, width + widths[right + 1]
    area = Area(place.header_row, tier, place.last, right)
    return Pages(place.sheet.title, area, (left[0], left[-1]), _WIDEST - room + width)


def _beside(client: int, place: Place, tier: int) -> Sequence[int]:
    """The columns around the clients' names, left of the tiers, that say who looks after them and their revenue."""
    fields = {place.columns[at]: column.field for at, column in place.headers.columns.items()}

    def belongs(column: int) -> bool:
        return column < tier and fields.get(column) in _BESIDE_CLIENT

    before = list(takewhile(belongs, range(client - 1, 0, -1)))
    return [*reversed(before), client, *takewhile(belongs, range(client + 1, tier))]


def _widths(frame: Element, last: int) -> dict[int, float]:
    """The width of each column up to the last, in characters."""
    return dict.fromkeys(range(1, last + 1), _WIDTH) | dict(_set_widths(frame, last))


def _set_widths(frame: Element, last: int) -> Iterator[tuple[int, float]]:
    for columns in frame.iterfind(f"{{{MAIN}}}cols/{{{MAIN}}}col"):
        for column in range(whole(columns, "min", 1), min(whole(columns, "max"), last) + 1):
            yield column, float(columns.get("width", _WIDTH))
