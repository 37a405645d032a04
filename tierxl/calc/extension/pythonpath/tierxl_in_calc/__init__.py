"""The part of tierxl that runs inside LibreOffice Calc. It works with the Python that LibreOffice brings, from 3.8 on.

Everything about clients is decided in another process, the worker, which is tierxl itself.
"""
