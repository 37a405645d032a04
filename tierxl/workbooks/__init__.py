"""Files of clients, and workbooks that are open: read and written."""

WORKBOOKS = (".xlsx", ".xlsm")
"""The endings of the workbooks that are written."""
