"""The cells of a table as texts, where no program formats them: on the screen and in the report."""

from datetime import date
from typing import Any

from tierxl.method.money import money_text
from tierxl.method.rating.figures import PERCENT, beside
from tierxl.method.table.cells import is_blank
from tierxl.method.words import in_words, whole
from tierxl.sheets.description import Column, Table


def as_text(value: Any, column: Column, nothing: str = "") -> str:
    """The text of a value as the style of its column shows it.

    Args:
        value: the value.
        column: the column.
        nothing: the text of a blank, and of no days.

    >>> as_text(1234.5, Column("Revenue", style="money"))
    '1,234'
    >>> as_text(1234.5, Column("Revenue", style="money £"))
    '£1,234'
    """
    style, _, currency = column.style.partition(" ")
    style = style.partition("-")[0]
    if is_blank(value) or (style == "days" and not value):
        return nothing
    if style == "percent":
        return beside(value, column.cuts, 1, PERCENT)
    if style == "change":
        return f"{whole(value):+,}" if whole(value) else "0"
    if style == "number":
        return f"{value:.2f}"
    if style == "money":
        return money_text(value, currency)
    if style in ("count", "days"):
        return f"{whole(value):,}"
    return in_words(value) if isinstance(value, date) else str(value)


def texts_of(table: Table) -> list[list[str]]:
    """The texts of a table, row by row."""
    return [[as_text(value, column) for value, column in zip(row, table.columns, strict=True)] for row in table.rows]
