"""Reading Parquet within bounds: a text that stands in a million rows takes room once in the file."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from tierxl.arrow_types import offset_of, refuse_unreadable_types
from tierxl.method.issues import CannotGrade
from tierxl.method.table.headers import ColumnChoice, Headers
from tierxl.workbooks.limits import MOST_BYTES, refuse_too_many_bytes, refuse_too_many_cells, refuse_too_many_columns
from tierxl.workbooks.table import letter_at

_UNIT_OF_INT96 = "us"
"""INT96 reaches further than nanoseconds in 64 bits do: the last day of 9999 would read as one of 1816."""

SUSPICIOUS = MOST_BYTES
"""The most bytes of a column, were its longest text in all its rows, for a look at how large it really is."""


def arrow_table(path: Path, choice: ColumnChoice | None = None) -> tuple[Any, Headers]:
    """The user's columns of a Parquet file as an Arrow table, and their headers.

    Raises:
        CannotGrade: it is too large, or has a column that cannot be read.
        ArrowException, OSError: it is damaged.
    """
    with (
        path.open("rb") as opened,  # any name can be opened so
        parquet.ParquetFile(opened, coerce_int96_timestamp_unit=_UNIT_OF_INT96) as file,
    ):
        metadata, schema = file.metadata, file.schema_arrow
        groups = [metadata.row_group(at) for at in range(metadata.num_row_groups)]
    refuse_unreadable_types(schema)
    headers = Headers.of(schema.names, letter_of=letter_at, choice=choice)
    graded = {schema.names[at] for at in headers.graded.values()}
    columns = metadata.num_columns - len(graded)
    refuse_too_many_columns(path, columns)
    chunks = [group.column(at) for group in groups for at in range(group.num_columns)]
    values = sum(one.num_values for one in chunks if one.path_in_schema not in graded)
    refuse_too_many_cells(path.name, max(metadata.num_rows * columns, values))
    refuse_too_many_bytes(path, sum(one.total_uncompressed_size for one in chunks))
    texts = {one.path_in_schema for one in chunks if one.num_values * one.total_uncompressed_size > SUSPICIOUS}
    with path.open("rb") as opened:
        each_once = sorted(texts)
        table = parquet.read_table(opened, read_dictionary=each_once, coerce_int96_timestamp_unit=_UNIT_OF_INT96)
    refuse_too_many_bytes(path, sum(_size(chunk) for column in table.itercolumns() for chunk in column.chunks))
    for at, field in enumerate(schema):
        if table.schema.field(at).type != field.type:
            table = table.set_column(at, field, table.column(at).cast(field.type))
    return table.select(list(headers.places)), headers


def cells_of(table: Any) -> pl.DataFrame:
    """The cells of an Arrow table; the columns are named by position.

    Raises:
        CannotGrade: a column is damaged.
    """
    columns = [_cells(name, column) for name, column in zip(table.column_names, table.columns, strict=True)]
    return pl.DataFrame([column.alias(f"c{at}") for at, column in enumerate(columns)])


def _cells(name: str, column: Any) -> pl.Series:
    try:
        # On some damaged files Polars ends the whole process; a time beyond the end of the day does no harm.
        column.validate(full=not pa.types.is_time(column.type))
    except pa.ArrowException as error:
        raise CannotGrade(f'The column "{name}" is damaged, or no text in UTF-8: store it anew.') from error
    kind = column.type
    if pa.types.is_dictionary(kind) and kind.value_type not in (pa.string(), pa.large_string(), pa.string_view()):
        column = column.cast(kind.value_type)
    elif pa.types.is_timestamp(kind) and (offset := offset_of(kind.tz)) is not None:
        column = _local(column, offset)
    cells = pl.Series(pl.from_arrow(column))
    return cells.cast(pl.String) if cells.dtype == pl.Categorical else cells


def _local(column: Any, offset: timedelta) -> Any:
    """Times as a clock shows them where they were noted."""
    unit = column.type.unit
    shift = pa.scalar(offset, pa.duration(unit)).cast(pa.int64())
    return pc.add(column.cast(pa.int64()), shift).cast(pa.timestamp(unit))


def _size(array: Any) -> int:
    """The number of bytes of an array, where each text takes its room in each row."""
    if pa.types.is_dictionary(array.type):
        lengths = pc.binary_length(array.dictionary.cast(pa.large_binary()))
        return pc.sum(lengths.take(array.indices)).as_py() or 0
    if pa.types.is_map(array.type):
        return _size(array.keys) + _size(array.items)
    if pa.types.is_nested(array.type):
        parts = array.flatten()
        return sum(_size(part) for part in (parts if isinstance(parts, list) else [parts]))
    return int(array.nbytes)
