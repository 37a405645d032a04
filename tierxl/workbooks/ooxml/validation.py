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
    cell = reference(Area(area.top, area.left, area.top, area.left))
    limits = {">=": numbers.least, ">": numbers.above, "<=": numbers.most}
    tests = [f"{cell}{sign}{limit:.15g}" for sign, limit in limits.items() if limit is not None]
    both = numbers.least is not None and numbers.most is not None and not numbers.word
    kind = "whole" if numbers.is_whole else "decimal"
    custom = f'OR(EXACT({cell},"{numbers.word}"),IF(ISNUMBER({cell}),AND({",".join(tests)}),FALSE))'
    return DataValidation(
        type=kind if not numbers.word else "custom",
        operator="between" if both else "greaterThanOrEqual",
        formula1=custom if numbers.word else f"{numbers.least:.15g}",
        formula2=f"{numbers.most:.15g}" if both else None,
        allow_blank=True,
        errorStyle="warning",
        showErrorMessage=True,
        errorTitle="Not used as it is",
        error=f"Expected: {numbers.expected}. A blank cell takes the default.",
    )
