"""Reading Parquet within bounds: a text that stands in a million rows takes room once in the file."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from tierxl.books.limits import MOST_BYTES, refuse_too_many_bytes, refuse_too_many_cells, refuse_too_many_columns

SUSPICIOUS = MOST_BYTES
"""How large a column might be, were its longest text in all its rows, for a look at how large it really is."""


def arrow_table(path: Path) -> Any:
    """A Parquet file as an Arrow table.

    Raises:
        CannotGrade: it is too large.
        ArrowException, OSError: it is damaged.
    """
    with path.open("rb") as opened, parquet.ParquetFile(opened) as file:  # any name can be opened so
        metadata, schema = file.metadata, file.schema_arrow
        groups = [metadata.row_group(at) for at in range(metadata.num_row_groups)]
    refuse_too_many_columns(path, metadata.num_columns)
    chunks = [group.column(at) for group in groups for at in range(group.num_columns)]
    refuse_too_many_cells(
        path.name, max(metadata.num_rows * metadata.num_columns, sum(one.num_values for one in chunks))
    )
    refuse_too_many_bytes(path, sum(one.total_uncompressed_size for one in chunks))
    texts = {one.path_in_schema for one in chunks if one.num_values * one.total_uncompressed_size > SUSPICIOUS}
    with path.open("rb") as opened:
        table = parquet.read_table(opened, read_dictionary=sorted(texts))  # each text once
    refuse_too_many_bytes(path, sum(_size(chunk) for column in table.itercolumns() for chunk in column.chunks))
    return table.cast(schema)


def _size(array: Any) -> int:
    """How many bytes an array has, where each text takes its room in each row."""
    if pa.types.is_dictionary(array.type):
        lengths = pc.binary_length(array.dictionary.cast(pa.large_binary()))
        return pc.sum(lengths.take(array.indices)).as_py() or 0
    if pa.types.is_nested(array.type):
        parts = array.flatten()
        return sum(_size(part) for part in (parts if isinstance(parts, list) else [parts]))
    return int(array.nbytes)
