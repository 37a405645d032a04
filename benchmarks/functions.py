"""Speed of the worksheet functions, each beside a baseline of the same run: python benchmarks/functions.py.

The clients are cells as Excel hands them over: nested lists, every call with new objects. Times are the best of ten.
"""

import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import Any

import polars as pl
from run import CLIENTS, python

import tierxl
from tierxl.excel.udfs import REVENUE_RATING, TIER_RATING, TIER_TABLE

COUNT = 10_000
Range = list[list[Any]]


def clients() -> tuple[pl.DataFrame, Range]:
    """The clients of the other benchmarks, as a frame and as a range."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "clients.parquet"
        python(CLIENTS.format(count=COUNT, path=str(path)))
        frame = pl.read_parquet(path)
    return frame, [frame.columns, *map(list, frame.rows())]


def fresh(cells: Range) -> Range:
    """Equal cells as new objects."""
    return [[(cell + " ")[:-1] if isinstance(cell, str) else cell and cell * 1.0 for cell in row] for row in cells]


def best(work: Callable[[Any], object], prepared: Callable[[int], Any], times: int = 10) -> float:
    """The best time of a work, in seconds, without that of preparing for it."""
    seconds = []
    for turn in range(times):
        given = prepared(turn)
        start = perf_counter()
        done = work(given)
        seconds.append(perf_counter() - start)
        assert not (isinstance(done, str) and done.startswith("tierxl: ")), done
    return min(seconds)


def report(what: str, seconds: float, baseline: str, theirs: float) -> None:
    """One line of the report."""
    print(f"{what:<52}{seconds * 1e3:9.2f} ms   {seconds / theirs:6.1f} x {baseline} ({theirs * 1e3:.2f} ms)")


def main() -> None:
    """Measure and print."""
    frame, cells = clients()
    revenue = cells[0].index("Revenue")

    def changed(turn: int) -> Range:
        """A range that no call has seen yet."""
        other = fresh(cells)
        other[1][revenue] = float(turn)
        return other

    def same(_: int) -> Range:
        return fresh(cells)

    as_frame = best(lambda known: tierxl.grade(known, as_of=date.today()), lambda _: frame)
    copy = best(lambda range_: list(map(list, range_)), same)
    size = f"{COUNT:,} x {len(cells[0])} cells"
    table = best(TIER_TABLE, changed)
    report(f"TIER_TABLE of {size}", table, "tierxl.grade of the frame", as_frame)
    TIER_TABLE(cells)
    report(f"TIER_TABLE of {size}, again", best(TIER_TABLE, same), "a copy of the range", copy)
    tier = best(lambda range_: TIER_TABLE(range_, "Tier"), same)
    report('TIER_TABLE(…, "Tier"), again', tier, "a copy of the range", copy)

    levels = [[level or "Low"] for level in frame["Strategic value"]]
    five = best(
        lambda column: TIER_RATING(column, column, column, column, column), lambda turn: [["High"]] * turn + levels
    )
    again = best(lambda column: TIER_RATING(column, column, column, column, column), lambda _: levels)
    report(f"TIER_RATING of five ranges of {COUNT:,} cells", five, "TIER_TABLE of the clients", table)
    report(f"TIER_RATING of five ranges of {COUNT:,} cells, again", again, "the first time", five)
    amounts = [[row[revenue]] for row in cells[1:]]
    rated = best(lambda column: REVENUE_RATING(column, column), lambda turn: [[float(turn)], *fresh(amounts)])
    report(f"REVENUE_RATING of {COUNT:,} cells", rated, "TIER_TABLE of the clients", table)


if __name__ == "__main__":
    main()
