"""The host Excel: worksheet functions, macros behind the ribbon's buttons, and open workbooks.

xlwings loads pandas and numpy wherever they are, which takes two thirds of its time, to know their frames in cells.
Ours never hold any, so it is loaded without them, see benchmarks/README.md. Polars comes first: it asks once whether
they are there.
"""

import sys

import polars as _polars  # noqa: F401, ICN001

_away = [name for name in ("numpy", "pandas") if name not in sys.modules]
for _name in _away:
    sys.modules[_name] = None  # type: ignore[assignment]
try:
    import xlwings as _xlwings  # noqa: F401
finally:
    for _name in _away:
        del sys.modules[_name]
