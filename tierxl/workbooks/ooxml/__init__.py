"""The package of a workbook, part by part: read, made anew with openpyxl, and changed in place."""

import sys

if "numpy" not in sys.modules:  # openpyxl loads it only to know its numbers in cells, which ours never hold
    sys.modules["numpy"] = None  # type: ignore[assignment]  # see benchmarks/README.md
    try:
        import openpyxl  # noqa: F401
    finally:
        del sys.modules["numpy"]
