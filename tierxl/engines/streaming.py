"""Polars, a part of the rows at a time, for files that are larger than memory."""

import errno
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from glob import glob
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import narwhals as nw
import polars as pl
from pyarrow import ArrowException, parquet

from tierxl.arrow_types import offset_of, refuse_unreadable_types
from tierxl.engines import first_line, is_address
from tierxl.method.issues import CannotGrade
from tierxl.method.rating.ranks import RanksInMemory
from tierxl.method.table.kinds import LazyFrame, column_name

_ROW_GROUP = 100_000
"""Rows that are kept until they are written together."""


_DAMAGED = (pl.exceptions.ComputeError, pl.exceptions.SchemaError, nw.exceptions.ComputeError)
_NO_ROOM = os.strerror(errno.ENOSPC)
_UNCHECKED_ZONES = "POLARS_IGNORE_TIMEZONE_PARSE_ERROR"
"""Set to 1, Polars opens files with times in a zone such as +05:30, which it does not know."""


@contextmanager
def opened_polars() -> Iterator["StreamingPolars"]:
    """Polars, set to stream.

    Raises:
        CannotGrade: the files cannot be read to their end.
    """
    before = os.environ.get(_UNCHECKED_ZONES)
    os.environ[_UNCHECKED_ZONES] = "1"
    try:
        with pl.Config(), ExitStack() as scratch:
            engine = StreamingPolars(scratch)
            pl.Config.set_engine_affinity("streaming")
            yield engine
    except _DAMAGED as error:
        raise CannotGrade(engine.damage(error)) from error
    finally:
        if before is None:
            del os.environ[_UNCHECKED_ZONES]
        else:
            os.environ[_UNCHECKED_ZONES] = before


class StreamingPolars:
    """The engine; see :class:`tierxl.engines.Engine`."""

    name = "polars"

    def __init__(self, scratch: ExitStack) -> None:
        self._scratch = scratch
        self._scanned: tuple[list[str], pl.LazyFrame] = [], pl.LazyFrame()

    def check_target(self, target: str) -> None:
        if is_address(target):
            raise CannotGrade(f"The engine polars writes to a folder of this machine: give one with -o, not {target}.")

    def scan(self, source: str) -> tuple[list[str], LazyFrame]:
        try:
            for file in _local_files(source):
                refuse_unreadable_types(parquet.read_schema(file))
            frame = pl.scan_parquet(source)
            schema = frame.collect_schema()
        except (OSError, ArrowException, pl.exceptions.PolarsError) as error:
            raise CannotGrade(f"{source} cannot be read as Parquet: {_sentence(error)}.") from error
        headers = schema.names()
        frame = frame.rename({header: column_name(at) for at, header in enumerate(headers)})
        frame = frame.select(_by_clocks(column_name(at), dtype) for at, dtype in enumerate(schema.dtypes()))
        self._scanned = headers, frame
        return headers, nw.from_native(frame)

    def damage(self, error: Exception) -> str:
        """A sentence on an error of files that were opened: which column cannot be read to its end."""
        headers, frame = self._scanned
        for at, header in enumerate(headers):
            try:
                frame.select(pl.col(column_name(at)).hash().max()).collect()
            except pl.exceptions.PolarsError:
                return f'The column "{header}" is damaged, or no text in UTF-8: store it anew.'
        return f"The files cannot be read as Parquet: {_sentence(error)}."

    def table(self, columns: Mapping[str, Sequence[Any]]) -> LazyFrame:
        return nw.from_native(pl.LazyFrame(columns))

    def kept(self, frame: LazyFrame) -> LazyFrame:
        """See :meth:`tierxl.engines.Engine.kept`; it is on the disk as long as the engine is open."""
        with _written("The folder for temporary files (TMPDIR can name another)"):
            place = Path(self._scratch.enter_context(TemporaryDirectory(prefix="tierxl-"))) / "kept.parquet"
            frame.to_native().sink_parquet(place, compression_level=1)
        kept: LazyFrame = nw.from_native(pl.scan_parquet(place))
        return kept

    def ranks(self, values: LazyFrame) -> "SortedValues":
        """See :meth:`tierxl.engines.Engine.ranks`; only the values are in memory, 8 bytes each."""
        native = values.to_native().drop_nulls().collect().to_series().sort(descending=True)
        return SortedValues(nw.from_native(native, series_only=True))

    def repeated(self, keys: LazyFrame) -> LazyFrame:
        """See :meth:`tierxl.engines.Engine.repeated`.

        Only their hashes are in memory, 8 bytes each; the few keys whose hashes are alike are then compared in full.
        """
        native: pl.LazyFrame = keys.to_native()
        (name,) = native.collect_schema().names()
        hashes = native.select(pl.col(name).hash()).collect().to_series().sort()
        alike = hashes.filter(hashes == hashes.shift()).unique()
        suspects = native.filter(pl.col(name).hash().is_in(alike.implode()))
        counts = suspects.group_by(name).len("count").collect()
        return nw.from_native(counts.lazy().filter(pl.col("count") > 1).select(name))

    def write(self, frame: LazyFrame, folder: str) -> None:
        target = Path(folder)
        with _written(folder):
            target.mkdir(parents=True)
            frame.to_native().sink_parquet(
                target / "part-0.parquet", maintain_order=False, row_group_size=_ROW_GROUP, compression_level=1
            )


@contextmanager
def _written(folder: str) -> Iterator[None]:
    """As long as this lasts, an error of the disk says that a folder, by its name, cannot be written, and why."""
    try:
        yield
    except OSError as error:
        raise CannotGrade(f"{folder} cannot be written: {_sentence(error)}.") from error
    except pl.exceptions.ComputeError as error:  # as Polars has it, where it has begun to write
        if _NO_ROOM not in str(error):
            raise
        raise CannotGrade(f"{folder} cannot be written: {_NO_ROOM}.") from error


class SortedValues(RanksInMemory):
    """All values, the largest first; see :class:`tierxl.engines.EngineRanks`. A join would hold the clients as well."""

    def beside(self, clients: LazyFrame, by: str) -> LazyFrame:
        descending = self.values.to_polars()

        def place(revenues: pl.Series) -> pl.Series:
            larger = descending.search_sorted(revenues.fill_null(0), side="left", descending=True).cast(pl.Int64)
            if by != "share":
                return (larger + 1).alias(name)
            shares = self.larger_shares.to_polars()
            return shares.gather(larger.clip(0, len(shares) - 1)).alias(name)

        name, kind = ("larger_share", pl.Float64()) if by == "share" else ("rank", pl.Int64())
        places = pl.col("revenue").map_batches(place, return_dtype=kind, is_elementwise=True)
        known = pl.when(pl.col("revenue").is_not_null()).then(places)
        ranked: LazyFrame = nw.from_native(clients.to_native().with_columns(known.alias(name)))
        return ranked


def _local_files(source: str) -> list[str]:
    if is_address(source):
        return []
    pattern = f"{source}/**/*.parquet" if Path(source).is_dir() else source
    return [pattern] if Path(pattern).is_file() else sorted(glob(pattern, recursive=True))  # noqa: PTH207  as Polars reads it


def _by_clocks(name: str, dtype: pl.DataType) -> pl.Expr:
    """A column; times in a zone such as +05:30, which Polars does not know, as its clocks show them."""
    cell = pl.col(name)
    if not isinstance(dtype, pl.Datetime) or (offset := offset_of(dtype.time_zone)) is None:
        return cell
    return cell.cast(pl.Datetime(dtype.time_unit)) + offset


def _sentence(error: Exception) -> str:
    return first_line(error).removesuffix(" (set POLARS_VERBOSE=1 to see full path)").rstrip(".")
