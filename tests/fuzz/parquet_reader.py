"""Fuzz the reader of Parquet: python -m tests.fuzz.parquet_reader -max_total_time=60."""

import io
from collections.abc import Iterator
from datetime import datetime

import polars as pl

from tests.fuzz.target import fuzz

COLUMNS = {
    "Client": ["Abel", "Baker", "Cohen"],
    "Revenue": [1200.5, 300.0, None],
    "Client since": [datetime(2020, 1, 2), None, None],
    "Marquee": [True, False, None],
    "Own": [[1, 2], [], None],
}


def seeds() -> Iterator[bytes]:
    for compression in ("uncompressed", "snappy", "zstd"):
        written = io.BytesIO()
        pl.DataFrame(COLUMNS).write_parquet(written, compression=compression)
        yield written.getvalue()


if __name__ == "__main__":
    fuzz(".parquet", seeds())
