"""The mark by which a sheet of ours is known, put on it."""

from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.worksheet import Worksheet

from tierxl.sheets.mark import MARK


def mark(sheet: Worksheet, kind: str) -> None:
    """Mark a sheet as ours."""
    sheet.defined_names[MARK] = DefinedName(MARK, attr_text=f'"{kind}"', hidden=True)
