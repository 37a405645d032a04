"""The package of a workbook, part by part: read, made anew with openpyxl, and changed in place.

openpyxl loads numpy and Pillow wherever they are, to know their numbers and pictures in cells. Ours never hold any, so
it is loaded without them, see benchmarks/README.md.
"""

import sys

_away = [name for name in ("numpy", "PIL.Image") if name not in sys.modules]
for _name in _away:
    sys.modules[_name] = None  # type: ignore[assignment]
try:
    import openpyxl as _openpyxl  # noqa: F401
finally:
    for _name in _away:
        del sys.modules[_name]
