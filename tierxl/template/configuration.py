"""The settings of xlwings in the workbook: which Python runs, and how."""

from importlib.metadata import version

from openpyxl import Workbook

from tierxl.doctor.workbook import SHEET, XLWINGS_VERSION

INTERPRETER_WINDOWS = r"%LOCALAPPDATA%\tierxl\env\Scripts\pythonw.exe"
INTERPRETER_MAC = "$HOME/Library/tierxl/env/bin/python"
FUNCTIONS_MODULE = "tierxl.excel.udfs"

_NOT_SET = (
    "PYTHONPATH", "Conda Path", "Conda Env",
    "OneDrive_Consumer_Win", "OneDrive_Consumer_Mac", "OneDrive_Commercial_Win", "OneDrive_Commercial_Mac",
    "SharePoint_Win", "SharePoint_Mac", "License_Key",
)  # fmt: skip
"""Left blank, and yet named: else xlwings looks for them in files beside the workbook, and in the user's own."""


def write_configuration(book: Workbook) -> None:
    """Write the hidden sheet in which xlwings looks first. Its truths are texts, which every language's Excel reads."""
    sheet = book.create_sheet(SHEET)
    sheet.sheet_state = "hidden"
    rows = {
        "Interpreter_Win": INTERPRETER_WINDOWS,
        "Interpreter_Mac": INTERPRETER_MAC,
        "UDF Modules": FUNCTIONS_MODULE,
        "Use UDF Server": "True",
        "Debug UDFs": "False",
        "Show Console": "False",
        "Show_Error_Popups": "True",
        "Add_Workbook_To_PYTHONPATH": "False",
        XLWINGS_VERSION: version("xlwings"),
    } | dict.fromkeys(_NOT_SET)
    for row in rows.items():
        sheet.append(row)
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 30, 60
