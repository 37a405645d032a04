"""Data validations of cells: lists of values, limits of numbers, and input messages."""

from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from tierxl.sheets.description import Area, Validation
from tierxl.sheets.numbers import Numbers
from tierxl.workbooks.ooxml.cell_range import reference


def add_validation(sheet: Worksheet, choices: Validation) -> None:
    """Offer a list of values, or limit the numbers, of the cells of an area: others are questioned, not refused."""
    validation = DataValidation(allow_blank=True)
    if choices.numbers:
        validation = _limited(choices.area, choices.numbers)
    if choices.values:
        validation = DataValidation(
            type="list",
            formula1='"' + ",".join(choices.values) + '"',
            allow_blank=True,
            errorStyle="warning",
            showErrorMessage=True,
            errorTitle="Not on the list",
            error="Expected: " + ", ".join(choices.values) + ".",
        )
    if choices.prompt:
        validation.showInputMessage = True
        validation.promptTitle, validation.prompt = choices.title[:32], choices.prompt[:255]
    validation.add(reference(choices.area))
    sheet.add_data_validation(validation)


def _limited(area: Area, numbers: Numbers) -> DataValidation:
    limits = numbers.limits(reference(Area(area.top, area.left, area.top, area.left)))
    return DataValidation(
        type=limits.kind,
        operator="between" if limits.last else "greaterThanOrEqual",
        formula1=limits.first,
        formula2=limits.last or None,
        allow_blank=True,
        errorStyle="warning",
        showErrorMessage=True,
        errorTitle=numbers.title,
        error=numbers.message,
    )
