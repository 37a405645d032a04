"""The scripts that made the workbooks of the corpus; the tests read the workbooks alone."""
