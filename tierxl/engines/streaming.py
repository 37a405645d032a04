"""Polars, a part of the rows at a time, for files that are larger than memory."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import narwhals as nw
import polars as pl

from tierxl.engines import LazyFrame, is_address
from tierxl.method.issues import CannotGrade
from tierxl.method.many_clients import given

_ROW_GROUP = 100_000
"""Rows that are held until they are written together."""


@contextmanager
def opened_polars() -> Iterator["StreamingPolars"]:
    """Polars, set to stream."""
    with pl.Config():
        pl.Config.set_engine_affinity("streaming")
        yield StreamingPolars()


class StreamingPolars:
    """The engine; see :class:`tierxl.engines.Engine`."""

    def check_target(self, target: str) -> None:
        """See :meth:`tierxl.engines.Engine.check_target`."""
        if is_address(target):
            raise CannotGrade(f"The engine polars writes to a folder of this machine: give one with -o, not {target}.")

    def scan(self, source: str) -> tuple[list[str], LazyFrame]:
        """See :meth:`tierxl.engines.Engine.scan`."""
        try:
            frame = pl.scan_parquet(source)
            headers = frame.collect_schema().names()
        except (OSError, pl.exceptions.PolarsError) as error:
            raise CannotGrade(f"{source} cannot be read as Parquet: {_first_line(error)}.") from error
        return headers, nw.from_native(frame.rename({header: given(at) for at, header in enumerate(headers)}))

    def table(self, columns: Mapping[str, Sequence[Any]]) -> LazyFrame:
        """See :meth:`tierxl.engines.Engine.table`."""
        return nw.from_native(pl.LazyFrame(columns))

    def ranks(self, revenues: LazyFrame) -> "SortedRevenues":
        """See :meth:`tierxl.engines.Engine.ranks`; only the amounts are held, 8 bytes each."""
        return SortedRevenues(revenues.to_native().drop_nulls().collect()["revenue"].sort())

    def repeated(self, keys: LazyFrame) -> LazyFrame:
        """See :meth:`tierxl.engines.Engine.repeated`.

        Only their hashes are held, 8 bytes each; the few keys whose hashes are alike are then compared in full.
        """
        native: pl.LazyFrame = keys.to_native()
        (name,) = native.collect_schema().names()
        hashes = native.select(pl.col(name).hash()).collect().to_series().sort()
        alike = hashes.filter(hashes == hashes.shift()).unique()
        suspects = native.filter(pl.col(name).hash().is_in(alike.implode()))
        counts = suspects.group_by(name).len("count").collect()
        return nw.from_native(counts.lazy().filter(pl.col("count") > 1).select(name))

    def write(self, frame: LazyFrame, folder: str) -> None:
        """See :meth:`tierxl.engines.Engine.write`."""
        target = Path(folder)
        try:
            target.mkdir(parents=True)
            frame.to_native().sink_parquet(
                target / "part-0.parquet", maintain_order=False, row_group_size=_ROW_GROUP, compression_level=1
            )
        except (OSError, pl.exceptions.PolarsError) as error:
            raise CannotGrade(f"{folder} cannot be written: {_first_line(error)}.") from error


class SortedRevenues:
    """All revenues, sorted; see :class:`tierxl.engines.Ranks`. A join would hold the clients beside them in memory."""

    def __init__(self, ascending: pl.Series) -> None:
        self.ascending = ascending
        self.ranked = len(ascending)

    def revenue_of(self, place: int) -> float:
        """See :meth:`tierxl.engines.Ranks.revenue_of`."""
        return float(self.ascending[self.ranked - place])

    def beside(self, clients: LazyFrame) -> LazyFrame:
        """See :meth:`tierxl.engines.Ranks.beside`."""

        def rank(revenues: pl.Series) -> pl.Series:
            up_to = self.ascending.search_sorted(revenues.fill_null(0), side="right")
            return (self.ranked - up_to.cast(pl.Int64) + 1).alias("rank")

        ranks = pl.col("revenue").map_batches(rank, return_dtype=pl.Int64, is_elementwise=True)
        known = pl.when(pl.col("revenue").is_not_null()).then(ranks)
        ranked: LazyFrame = nw.from_native(clients.to_native().with_columns(rank=known))
        return ranked


def _first_line(error: Exception) -> str:
    line = (str(error).strip() or type(error).__name__).splitlines()[0]
    return line.removesuffix(" (set POLARS_VERBOSE=1 to see full path)").rstrip(".")
