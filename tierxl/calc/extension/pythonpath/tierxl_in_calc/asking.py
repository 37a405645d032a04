"""Answers to the worker's questions about an open document."""

from __future__ import annotations

from typing import Any, Callable

from tierxl_in_calc import document as reading
from tierxl_in_calc.writing import write

READINGS: dict[str, Callable[..., Any]] = {
    "outline": reading.outline,
    "values": reading.values,
    "formats": reading.formats,
    "formulas": reading.formulas,
    "surroundings": reading.surroundings,
}


def answer(document: Any, progress: Callable[[str, int, int], None], what: str, details: dict[str, Any]) -> Any:
    """The answer to a question; to "write", the changes are made, and it is true.

    Raises:
        Refused: nothing can be written into the document, and why.
    """
    if what == "write":
        write(document, details["changes"], lambda done, of: progress("Writing", done, of))
        return True
    return READINGS[what](document, **details)
