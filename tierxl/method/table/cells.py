"""Cells: whether one is blank, its text, its number."""

from datetime import datetime
from decimal import Decimal

LARGEST = 1e100
"""The largest number that is taken for one: sums of larger ones soon have no end."""


def is_blank(cell: object) -> bool:
    """True for a cell that holds nothing: no value, white space, or a frame's own mark for missing."""
    if cell is None:
        return True
    if isinstance(cell, str):
        return not cell.strip()
    if isinstance(cell, Decimal):
        return cell.is_nan()  # one that signals cannot be compared
    try:
        return type(cell).__name__ in ("NAType", "NaTType") or bool(cell != cell)
    except (TypeError, ValueError):  # an array is compared place by place
        return False


def name_or(name: str | None, otherwise: str) -> str:
    """A client's name, or other words for one that has none."""
    return otherwise if name is None or is_blank(name) else name


def text(cell: object) -> str:
    """A name or an identifier; a whole number loses the decimals that a spreadsheet gives it."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime) and cell == datetime(cell.year, cell.month, cell.day):
        return cell.date().isoformat()
    try:
        return str(cell).strip()
    except ValueError:
        return "a number of thousands of digits"  # Python writes out no longer ones


def shown(cell: object) -> str:
    """A cell as an issue quotes it."""
    return "" if is_blank(cell) else text(cell)


def is_number(cell: object) -> bool:
    """True for a number of any type; an answer is none."""
    return hasattr(cell, "__float__") and type(cell).__name__ not in ("bool_", "bool", "complex64", "complex128")


def finite(cell: object) -> float:
    """A number as Python's own.

    Raises:
        ValueError: it is not finite, or as good as that.
    """
    try:
        number = float(cell)  # type: ignore[arg-type]
    except (OverflowError, TypeError):  # of thousands of digits; more than one number
        raise ValueError("is not a finite number") from None
    if not abs(number) <= LARGEST:
        raise ValueError("is not a finite number")
    return number
