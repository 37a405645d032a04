"""Polars, a part of the rows at a time, for files that are larger than memory."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import narwhals as nw
import polars as pl

from tierxl.engines import LazyFrame
from tierxl.method.issues import CannotGrade
from tierxl.method.many_clients import given


@contextmanager
def opened_polars() -> Iterator["StreamingPolars"]:
    """Polars, set to stream."""
    with pl.Config():
        pl.Config.set_engine_affinity("streaming")
        yield StreamingPolars()


class StreamingPolars:
    """The engine; see :class:`tierxl.engines.Engine`."""

    def scan(self, source: str) -> tuple[list[str], LazyFrame]:
        """See :meth:`tierxl.engines.Engine.scan`."""
        try:
            frame = pl.scan_parquet(source)
            headers = frame.collect_schema().names()
        except (OSError, pl.exceptions.PolarsError) as error:
            raise CannotGrade(f"{source} cannot be read as Parquet: {_first_line(error)}") from error
        return headers, nw.from_native(frame.rename({header: given(at) for at, header in enumerate(headers)}))

    def table(self, columns: Mapping[str, Sequence[Any]]) -> LazyFrame:
        """See :meth:`tierxl.engines.Engine.table`."""
        return nw.from_native(pl.LazyFrame(columns))

    def ranks(self, revenues: LazyFrame) -> LazyFrame:
        """See :meth:`tierxl.engines.Engine.ranks`; only the amounts are held, 8 bytes each."""
        counts = revenues.to_native().drop_nulls().group_by("revenue").len("clients").collect()
        ordered = counts.sort("revenue", descending=True)
        ranks = ordered.select("revenue", rank=pl.col("clients").cum_sum() - pl.col("clients") + 1)
        return nw.from_native(ranks.lazy())

    def write(self, frame: LazyFrame, folder: str) -> None:
        """See :meth:`tierxl.engines.Engine.write`."""
        target = Path(folder)
        try:
            target.mkdir(parents=True)
            frame.to_native().sink_parquet(target / "part-0.parquet")
        except (OSError, pl.exceptions.PolarsError) as error:
            raise CannotGrade(f"{folder} cannot be written: {_first_line(error)}") from error


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]
