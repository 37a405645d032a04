"""The limits of a cell, the same in all spreadsheet programs, and cells as a column."""

from datetime import date, datetime
from typing import Any

import polars as pl

from tierxl.sheets.description import Value

LONGEST_TEXT = 32_767
"""The characters that a cell holds."""

FIRST_YEAR = 1900
"""The first year that a cell holds as a date."""

NOT_XML = "[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]"
"""Pattern of the characters that no workbook can hold, beside halves of a character."""


def column_of(values: list[Any]) -> pl.Series:
    """Cells as one column: of numbers, texts or dates where all are alike, else of objects."""
    present = {type(value) for value in values if value is not None}
    if present <= {str}:
        return pl.Series(values, dtype=pl.String)
    if present <= {int, float}:
        return pl.Series(values, dtype=pl.Float64, strict=False)
    if present == {datetime}:
        return pl.Series(values, dtype=pl.Datetime("us"))
    if present == {date}:
        return pl.Series(values, dtype=pl.Date)
    return pl.Series(values, dtype=pl.Object)


def plain(cell: Any) -> Value:
    """A value as one that a sheet can hold: another thing than text, number or date as its text."""
    return cell if cell is None or isinstance(cell, str | int | float | date) else str(cell)


def in_unicode(cells: list[Any]) -> list[Any]:
    """Cells with a question mark in place of half a character, as LEFT() leaves of an emoji: columns cannot hold it."""
    return [cell.encode(errors="replace").decode() if isinstance(cell, str) else cell for cell in cells]
