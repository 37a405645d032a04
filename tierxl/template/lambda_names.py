"""The worksheet functions of a template without macros: LAMBDAs as names of the workbook."""

from openpyxl import Workbook
from openpyxl.workbook.defined_name import DefinedName

from tierxl.formulas.lambdas import SettingsSheet, is_hidden, lambdas
from tierxl.functions import FUNCTIONS
from tierxl.sheets import settings
from tierxl.sheets.wording import label

SETTINGS = SettingsSheet(settings.TITLE, settings.SERVICE, settings.ADVANCED, label)
_LONGEST_COMMENT = 255


def add_lambdas(book: Workbook) -> None:
    """Add the functions to the names of a workbook, each with its help, and those that they take, which are hidden."""
    for name, formula in lambdas(SETTINGS).items():
        help_text = None if is_hidden(name) else FUNCTIONS[name].help[:_LONGEST_COMMENT]
        book.defined_names[name] = DefinedName(
            name, attr_text=formula, hidden=is_hidden(name) or None, comment=help_text
        )
