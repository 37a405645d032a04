"""The module that the Python of Excel imports first, and nobody else: the command is in the workbook's VBA.

On a Mac the command is in a script of xlwings', and begins with xlwings itself, which would load pandas: there
``tierxl.pth``, which an installation has beside its packages, knows the command and comes before it.

The first cell waits until the functions are loaded: what they need, and each button as well, is loaded at once, in a
tenth less time, see benchmarks/README.md. Plugins of Pydantic are not looked for, among all that is installed.
"""

import gc
import os
import sys
from importlib import import_module
from typing import Any

from tierxl.lean_imports import without_collection

os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
with without_collection():
    import tierxl.excel.workbook_policy  # noqa: F401  after xlwings, which tierxl.excel imports as it should be
gc.set_threshold(50_000)


def without_code_in_sheets(udfs: Any) -> None:
    """Have xlwings not look for Python code in the workbook of the first formula, which may be anybody's.

    Where a sheet's name ends in .py it would ask for a licence, and no formula would be answered.
    """
    module_of = udfs.get_udf_module
    udfs.get_udf_module = lambda name, _: module_of(name, None)


if sys.platform == "win32":
    without_code_in_sheets(import_module("xlwings.udfs"))
