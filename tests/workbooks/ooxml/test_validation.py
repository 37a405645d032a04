"""Data validations: a number that a setting does not take is questioned, with what it takes."""

from openpyxl.worksheet.datavalidation import DataValidation

from tierxl.method.policy import Policy
from tierxl.sheets import settings
from tierxl.workbooks.ooxml.new_sheets import Draft
from tierxl.workbooks.ooxml.sheet_writer import SheetWriter


def validations() -> dict[tuple[str, str], DataValidation]:
    page = SheetWriter(Draft()).sheet(settings.describe(Policy()), "Settings")
    rules = {str(rule.sqref): rule for rule in page.data_validations.dataValidation}
    lines = page.iter_rows(max_col=3)
    return {(line[0].value, line[1].value): rules[line[2].coordinate] for line in lines if line[2].coordinate in rules}


def test_the_numbers_of_settings_are_within_the_bounds_of_the_policy():
    rules = validations()
    cut, days, least, amount = (
        rules[at]
        for at in (
            ("Tiers", "A from"),
            ("Retention", "Silent days"),
            ("Suitability", "Fewer clients than"),
            ("Revenue", "High amount"),
        )
    )
    assert (cut.type, cut.operator, cut.formula1, cut.formula2) == ("decimal", "between", "0", "100")
    assert (days.type, days.operator, days.formula1, days.formula2) == ("whole", "between", "0", "36500")
    assert (least.type, least.operator, least.formula1, least.formula2) == ("whole", "greaterThanOrEqual", "0", None)
    assert amount.type == "custom"
    assert amount.formula1.startswith("OR(EXACT(C")
    assert '"not set"' in amount.formula1
    assert cut.error == "Expected: a number from 0 to 100. A blank cell takes the default."
    assert {rule.errorStyle for rule in rules.values()} == {"warning"}, "it stays as it was typed, as words do"
    assert ("Columns", "Revenue") not in rules
