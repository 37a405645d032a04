"""The host Excel: worksheet functions, macros behind the ribbon's buttons, and open workbooks.

xlwings and openpyxl load pandas and numpy wherever they are, which takes more than half of their time, to know their
values in cells. Ours never hold any, so both are loaded without them, see benchmarks/README.md. Polars comes first: it
asks once whether they are there.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import polars as _polars  # noqa: F401, ICN001


@contextmanager
def without_pandas() -> Iterator[None]:
    """The time in which importing a library does not load pandas and numpy for it."""
    away = [name for name in ("numpy", "pandas") if name not in sys.modules]
    for name in away:
        sys.modules[name] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        for name in away:
            del sys.modules[name]


with without_pandas():
    import xlwings as _xlwings  # noqa: F401
