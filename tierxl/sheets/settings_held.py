"""The settings of a policy that the cells of the sheet Settings cannot hold: read back, they would be others."""

from tierxl.method.policy import Policy
from tierxl.sheets import settings
from tierxl.sheets.cells import LONGEST_TEXT
from tierxl.sheets.description import Sheet
from tierxl.sheets.lines import Value

_LARGEST = 1e307
"""Beyond the numbers that a cell holds."""


def not_held(policy: Policy) -> list[str]:
    """The settings, such as "shed.exit_options", that would be others once they are read back from the sheet."""
    there = Policy.with_settings(settings.read(_grid(settings.describe(policy)), settings.TITLE).layer).model_dump()
    return [
        f"{section}.{name}"
        for section, values in policy.model_dump().items()
        for name in {**values, **there[section]}
        if values.get(name) != there[section].get(name)
    ]


def _grid(sheet: Sheet) -> list[list[Value]]:
    """The cells of a sheet as a workbook holds them: numbers with 64 bits, and texts that are not too long."""
    values = sheet.values
    rows, columns = (range(1, max(place[at] for place in values) + 1) for at in (0, 1))
    return [[_held(values.get((row, column))) for column in columns] for row in rows]


def _held(value: Value) -> Value:
    if isinstance(value, str):
        return value[:LONGEST_TEXT]
    if isinstance(value, int | float):
        return float(value) if abs(value) < _LARGEST else None
    return value
