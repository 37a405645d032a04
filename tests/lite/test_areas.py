"""Areas that are put together cover the cells that they covered."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tierxl.lite.areas import grouped
from tierxl.sheets.description import Area

SMALL = st.integers(1, 6)
AREAS = st.builds(lambda top, left, high, wide: Area(top, left, top + high, left + wide), *[SMALL] * 4)


def cells(areas: list[Area]) -> set[tuple[int, int]]:
    return {(row, column) for one in areas for row in range(one.top, one.bottom + 1)
            for column in range(one.left, one.right + 1)}  # fmt: skip


def test_areas_below_one_another_and_side_by_side_are_one():
    squares = [Area(row, column, row, column) for row in (1, 2) for column in (1, 2, 3)]
    assert list(grouped(("bold", area) for area in squares)) == [("bold", [Area(1, 1, 2, 3)])]


@pytest.mark.hypothesis
@given(st.lists(st.tuples(st.sampled_from("ab"), AREAS), max_size=8))
def test_the_cells_of_each_look_stay(areas: list[tuple[str, Area]]):
    together = dict(grouped(areas))
    for look in {look for look, _ in areas}:
        before = [area for one, area in areas if one == look]
        assert cells(together[look]) == cells(before)
        assert len(together[look]) <= len(before)
