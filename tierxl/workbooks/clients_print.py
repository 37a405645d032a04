"""The pages of the clients' sheet: the clients' names, and right of them the tier, the action and the reason.

They are set up where nobody has done so: settings of the user's stay as they are. Of those of an earlier grading only
the last row moves.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import takewhile

from tierxl.sheets.description import Area
from tierxl.workbooks.outline import ALL_CELLS, Pages, Place, Surroundings

_BESIDE_CLIENT = ("client", "account_manager", "revenue")
"""The fields that are printed on the left where they stand side by side."""
_WIDEST, SMALLEST = 137, 70
"""The characters that any page in landscape has room for at the smallest scale, in percent: 10 points become 7."""
_LEFT_AT_MOST = 70


def clients_pages(
    place: Place, graded: Mapping[str, int], surroundings: Surroundings, widths: dict[int, float]
) -> Pages | None:
    """The pages that a grading sets up on the clients' sheet; None where the user's, or all of it, are printed.

    Args:
        place: where the clients stand.
        graded: the column of each graded column.
        surroundings: what stands around the clients, with the pages that are set up already.
        widths: the widths that columns get, in characters.
    """
    client, tier = place.columns[place.headers.position_of["client"]], graded["Tier"]
    if tier < client:
        return None
    wanted = _wanted(place, graded, client, surroundings.width, surroundings.widths | widths)
    return wanted if surroundings.pages is None else _renewed(surroundings.pages, wanted)


def _renewed(there: Pages, wanted: Pages) -> Pages | None:
    """The pages of an earlier grading, or of the template, with the clients of today; None for a user's own."""
    area = wanted.area if there.area == ALL_CELLS else there.area  # the template names no area yet
    is_ours = (there.columns, there.rows) == (wanted.columns, wanted.rows)
    if is_ours and (area.top, area.left) == (wanted.area.top, wanted.area.left):
        return Pages(replace(area, bottom=wanted.area.bottom), wanted.columns, wanted.rows)
    return None


def _wanted(place: Place, graded: Mapping[str, int], client: int, unset: float, widths: Mapping[int, float]) -> Pages:
    """The pages where nobody has set up any."""
    tier, end = graded["Tier"], max(place.right, *graded.values())

    def width_of(column: int) -> float:
        return widths.get(column, unset)

    left = _beside(client, place, tier)
    if sum(map(width_of, left)) > _LEFT_AT_MOST:
        left = [client]
    across, right = sum(map(width_of, [*left, tier])), tier
    while right < end and across + width_of(right + 1) <= _WIDEST:
        right += 1
        across += width_of(right)
    scale = min(max(int(_WIDEST * SMALLEST / across), SMALLEST), 100)
    area = Area(place.header_row, tier, place.last, right)
    return Pages(area, (left[0], left[-1]), (place.header_row, place.header_row), scale)


def _beside(client: int, place: Place, tier: int) -> Sequence[int]:
    """The columns around the clients' names, left of the tiers, that say who looks after them and their revenue."""
    fields = {place.columns[at]: column.field for at, column in place.headers.columns.items()}

    def belongs(column: int) -> bool:
        return column < tier and fields.get(column) in _BESIDE_CLIENT

    before = list(takewhile(belongs, range(client - 1, 0, -1)))
    return [*reversed(before), client, *takewhile(belongs, range(client + 1, tier))]
