"""What the workbook tells xlwings: which Python runs, and how."""

from openpyxl import Workbook

INTERPRETER_WINDOWS = r"%LOCALAPPDATA%\tierxl\env\Scripts\pythonw.exe"
INTERPRETER_MAC = "$HOME/Library/tierxl/env/bin/python"
FUNCTIONS_MODULE = "tierxl.excel.udfs"
SHEET = "xlwings.conf"

_NOT_SET = (
    "PYTHONPATH", "Conda Path", "Conda Env",
    "OneDrive_Consumer_Win", "OneDrive_Consumer_Mac", "OneDrive_Commercial_Win", "OneDrive_Commercial_Mac",
    "SharePoint_Win", "SharePoint_Mac", "License_Key",
)  # fmt: skip
"""Left blank, and yet named: else xlwings looks for them in files beside the workbook, and in the user's own."""


def write_configuration(book: Workbook, interpreter_windows: str, interpreter_mac: str) -> None:
    """Write the hidden sheet in which xlwings looks first. Its truths are texts, which every language's Excel reads."""
    sheet = book.create_sheet(SHEET)
    sheet.sheet_state = "hidden"
    rows = {
        "Interpreter_Win": interpreter_windows,
        "Interpreter_Mac": interpreter_mac,
        "UDF Modules": FUNCTIONS_MODULE,
        "Use UDF Server": "True",
        "Debug UDFs": "False",
        "Show Console": "False",
        "Show_Error_Popups": "True",
        "Add_Workbook_To_PYTHONPATH": "False",
    } | dict.fromkeys(_NOT_SET)
    for row in rows.items():
        sheet.append(row)
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 30, 60
