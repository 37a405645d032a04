"""What the Python that Excel starts imports first, and nobody else: the command is in the workbook's VBA.

The first cell waits until the functions are loaded, and looking among modules for garbage takes a tenth of that.
"""

import gc

import tierxl.excel  # noqa: F401  xlwings, before anybody asks for it otherwise

gc.set_threshold(50_000)
