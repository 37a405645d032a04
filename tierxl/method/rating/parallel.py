"""Independent pieces of work, side by side on the processors that there are."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from os import cpu_count
from typing import TypeVar

Given = TypeVar("Given")
Made = TypeVar("Made")
One = TypeVar("One")
Other = TypeVar("Other")

WORTH_THREADS = 20_000
"""Rows from which on engines compute long enough to make up for the threads."""


def each(work: Callable[[Given], Made], pieces: Iterable[Given], rows: int) -> Iterator[Made]:
    """What the work makes of each piece, in their order. Threads do: the engines let go of Python while they compute.

    Args:
        work: is done to each piece.
        pieces: of a table, such as its columns or some of its rows.
        rows: how many the table has.

    Raises:
        Exception: what the work raised for the first piece that it cannot do.
    """
    if rows < WORTH_THREADS:
        yield from map(work, pieces)
        return
    with ThreadPoolExecutor(cpu_count()) as pool:
        yield from pool.map(work, pieces)


def both(one: Callable[[], One], other: Callable[[], Other], rows: int) -> tuple[One, Other]:
    """What two works make of a table of so many rows."""
    if rows < WORTH_THREADS:
        return one(), other()
    with ThreadPoolExecutor(1) as pool:
        beside = pool.submit(one)
        made = other()
        return beside.result(), made
