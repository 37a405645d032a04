"""The place of a cell among those above it that are equal: counted by blocks, since to count all is slow in long lists.

The figures know, of each of the first few different numbers of a column, how many there are up to the end of each
block. So a cell counts no further than to the beginning of its own; where its number is not among these, it counts all.
"""

from itertools import product

_NUMBERS, _BLOCKS = range(8), range(1, 129)
"""The numbers of a column that are counted, and the blocks."""


def place_and_count(column: str) -> tuple[tuple[str, str], tuple[str, str]]:
    """The formulas of a cell's place among the equal ones of its column, and of their number: quickly, and of any."""
    own, of_all = f"⟨{column}⟩", f"⟨all {column}⟩"
    block = f"INT((ROW({own})-⟨{column} first⟩)/⟨{column} block⟩)"
    numbers = f"⟨{_number(column, _NUMBERS[0])}⟩:⟨{_number(column, _NUMBERS[-1])}⟩"
    counts = f"⟨{_until(column, _NUMBERS[0], 0)}⟩:⟨{_until(column, _NUMBERS[-1], _BLOCKS[-1])}⟩"
    at = f"MATCH({own},{numbers},0)*{len(_BLOCKS) + 1}"
    place = (
        f"INDEX({counts},{at}-{len(_BLOCKS)}+{block})+COUNTIF(INDEX({of_all},{block}*⟨{column} block⟩+1):{own},{own})"
    )
    return (f"({place})", f"INDEX({counts},{at})"), (
        f"COUNTIF(INDEX({of_all},1):{own},{own})",
        f"COUNTIF({of_all},{own})",
    )


def figures_of_places(column: str, unless: str) -> dict[str, str]:
    """The figures that the places take, in the order in which they must stand, by name.

    Args:
        column: the column.
        unless: the condition on which nobody asks for places.
    """
    of_all, block = f"⟨all {column}⟩", f"⟨{column} block⟩"
    figures = {
        f"{column} first": f"ROW(INDEX({of_all},1))",
        f"{column} block": f"MAX(ROUNDUP(ROWS({of_all})/{len(_BLOCKS)},0),16)",
    }
    for each in _NUMBERS:
        before = f"⟨{_number(column, each - 1)}⟩"
        following = f"SMALL({of_all},SUMPRODUCT(({of_all}<={before})*1)+1)"
        first = f'IF({unless},"",IFERROR(SMALL({of_all},1),""))'
        figures[_number(column, each)] = f'IF({before}="","",IFERROR({following},""))' if each else first
    for each, until in product(_NUMBERS, (0, *_BLOCKS)):
        before, number, start = (
            f"⟨{_until(column, each, until - 1)}⟩",
            f"⟨{_number(column, each)}⟩",
            f"{until - 1}*{block}",
        )
        cells = f"INDEX({of_all},{start}+1):INDEX({of_all},MIN({start}+{block},ROWS({of_all})))"
        is_beyond = f'({number}="")+({start}>=ROWS({of_all}))>0'
        counted = f"IF({is_beyond},{before},{before}+COUNTIF({cells},{number}))"
        figures[_until(column, each, until)] = counted if until else "0"
    return figures


def _number(column: str, at: int) -> str:
    return f"{column} number {at}"


def _until(column: str, at: int, block: int) -> str:
    return f"{column} of number {at} until block {block}"
