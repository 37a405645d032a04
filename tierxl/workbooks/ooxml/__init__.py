"""The package of a workbook, part by part: read, made anew with openpyxl, and changed in place.

openpyxl loads numpy and Pillow wherever they are, to know their numbers and pictures in cells. Ours never hold any, so
it is loaded without them, see benchmarks/README.md.
"""

from tierxl.lean_imports import without

with without("numpy", "PIL.Image"):
    import openpyxl as _openpyxl  # noqa: F401
