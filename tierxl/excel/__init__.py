"""The host Excel: worksheet functions, macros behind the ribbon's buttons, and open workbooks.

xlwings loads pandas and numpy wherever they are, which takes two thirds of its time, to know their frames in cells; so
it does with libraries of pictures, and with one for its own licences. Ours never hold any, so it is loaded without
them, see benchmarks/README.md. Polars comes first: it asks once whether they are there.
"""

from tierxl.lean_imports import without, without_collection

with without_collection():
    import polars as _polars  # noqa: F401, ICN001

with without_collection(), without("cryptography", "matplotlib", "numpy", "pandas", "PIL", "plotly"):
    import xlwings as _xlwings  # noqa: F401
