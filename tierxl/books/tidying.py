"""Tidying the part of a worksheet: the same cells, in the text that nearly every program writes."""

import gzip
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import IO, Any, cast
from xml.sax import SAXException, make_parser
from xml.sax.handler import LexicalHandler, property_lexical_handler
from xml.sax.saxutils import XMLGenerator

from openpyxl.utils import column_index_from_string, get_column_letter

from tierxl.books.package import MAIN, PACKING_ERRORS, damaged


def tidied(opened: Callable[[], IO[bytes]], path: Path) -> Callable[[], IO[bytes]]:
    """Opens a sheet's part with plain names, and with the place of each row and cell at its beginning."""
    packed = BytesIO()
    reader = make_parser()  # noqa: S317  it refuses entities
    try:
        with gzip.open(packed, "wb", compresslevel=1) as copy, opened() as stream:
            tidying = _Tidying(copy)
            reader.setContentHandler(tidying)
            reader.setProperty(property_lexical_handler, tidying)
            reader.parse(stream)
    except (SAXException, *PACKING_ERRORS) as error:
        raise damaged(path) from error
    return lambda: cast("IO[bytes]", gzip.open(BytesIO(packed.getvalue())))


class _Tidying(XMLGenerator, LexicalHandler):
    """Writes the XML that it hears of, tidily."""

    def __init__(self, out: Any) -> None:
        super().__init__(out, encoding="utf-8", short_empty_elements=True)
        self._prefix: str | None = None
        self._row = self._column = 0
        self._is_between_cells = False

    def startDTD(self, name: str, public_id: str | None, system_id: str | None) -> None:  # noqa: N802
        raise SAXException(f"{name} defines entities: {public_id}, {system_id}")

    def startElement(self, name: str, attrs: Any) -> None:  # noqa: N802
        given = dict(attrs)
        if self._prefix is None:
            prefix = name.rpartition(":")[0]
            self._prefix = f"{prefix}:" if prefix else ""
            given["xmlns"] = MAIN
        plain = self._plain(name)
        self._is_between_cells = plain in ("sheetData", "row")
        if plain == "row":
            self._row, self._column = int(given.pop("r", self._row + 1)), 0
            given = {"r": str(self._row), **given}
        elif plain == "c":
            address = given.pop("r", f"{get_column_letter(self._column + 1)}{self._row}").upper()
            self._column = column_index_from_string(address.rstrip("0123456789"))
            given = {"r": address, **given}
        super().startElement(plain, given)  # type: ignore[arg-type]

    def endElement(self, name: str) -> None:  # noqa: N802
        super().endElement(self._plain(name))
        self._is_between_cells = self._plain(name) in ("row", "c")

    def characters(self, content: str) -> None:
        if not self._is_between_cells:
            super().characters(content)

    def comment(self, content: str) -> None:
        """Comments mean nothing."""

    def processingInstruction(self, target: str, data: str) -> None:  # noqa: N802
        """Nor do notes to programs."""

    def _plain(self, name: str) -> str:
        return name.removeprefix(self._prefix) if self._prefix else name
