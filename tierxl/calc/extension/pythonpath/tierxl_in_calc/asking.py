"""What the worker may ask of an open document, and what it is told."""

from __future__ import annotations

from typing import Any, Callable

from tierxl_in_calc import document as reading
from tierxl_in_calc.writing import write

READINGS: dict[str, Callable[..., Any]] = {
    "outline": reading.outline,
    "values": reading.values,
    "formats": reading.formats,
    "surroundings": reading.surroundings,
}


class Asked:
    """Answers what is asked of a document."""

    def __init__(self, document: Any, progress: Callable[[str, int, int], None]) -> None:
        self._document = document
        self._progress = progress

    def give(self, what: str, details: dict[str, Any]) -> Any:
        """The answer.

        Raises:
            Refused: nothing can be written into the document, and why.
        """
        if what == "write":
            write(self._document, details["changes"], lambda done, of: self._progress("Writing", done, of))
            return True
        return READINGS[what](self._document, **details)
