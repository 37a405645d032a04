"""Areas of a sheet, put together so that Excel is asked seldom: each change to a range is an errand of its own."""

from collections.abc import Hashable, Iterable, Iterator
from typing import Any, TypeVar

from tierxl.sheets.description import Area

Look = TypeVar("Look", bound=Hashable)


def range_of(sheet: Any, area: Area) -> Any:
    """The cells of an area."""
    return sheet.range((area.top, area.left), (area.bottom, area.right))


def grouped(areas: Iterable[tuple[Look, Area]]) -> Iterator[tuple[Look, list[Area]]]:
    """Each look with the areas that have it, put together to few.

    Example:
        >>> list(grouped([("bold", Area(1, 1, 1, 3)), ("bold", Area(2, 1, 2, 3)), ("red", Area(1, 4, 2, 4))]))
        [('bold', [Area(top=1, left=1, bottom=2, right=3)]), ('red', [Area(top=1, left=4, bottom=2, right=4)])]
    """
    by_look: dict[Look, list[Area]] = {}
    for look, area in areas:
        by_look.setdefault(look, []).append(area)
    for look, shared in by_look.items():
        yield look, _stacked(map(_turned, _stacked(map(_turned, _stacked(shared)))))


def _stacked(areas: Iterable[Area]) -> list[Area]:
    """The same cells, in one area where one lies right below the other."""
    stacks: list[Area] = []
    for area in sorted(areas, key=lambda area: (area.left, area.right, area.top)):
        top = stacks[-1] if stacks else None
        if top and (top.left, top.right) == (area.left, area.right) and area.top <= top.bottom + 1:
            stacks[-1] = Area(top.top, top.left, max(top.bottom, area.bottom), top.right)
        else:
            stacks.append(area)
    return stacks


def _turned(area: Area) -> Area:
    """An area with its rows as columns."""
    return Area(area.left, area.top, area.right, area.bottom)
