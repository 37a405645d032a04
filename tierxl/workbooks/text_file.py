"""CSV files as text: rows in a dialect, which is an encoding, a delimiter and a line end, and how it is found."""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO

from tierxl.method.issues import CannotGrade
from tierxl.workbooks.encodings import Encoding, decoded
from tierxl.workbooks.header_rows import ROWS_TO_SEARCH
from tierxl.workbooks.limits import LONGEST_CELL, refuse_too_many_bytes

_DELIMITERS = (",", ";", "\t", "|")
_SEPARATOR_LINE = re.compile(r"sep=(.)(\r\n|\n|\r)", re.IGNORECASE)
_LINE_END = re.compile(r"\r\n|\n|\r")
CsvRows = Sequence[Sequence[str]]


_PLAIN = {"−": "-", "–": "-", "…": "...", "\N{NO-BREAK SPACE}": " ", "\N{NARROW NO-BREAK SPACE}": " ", "×": "x"}
"""Signs of the grading that few encodings have, and what a keyboard has for them."""


def _plainly(error: UnicodeError) -> tuple[str, int]:
    if isinstance(error, UnicodeEncodeError) and (sign := _PLAIN.get(error.object[error.start])):
        return sign, error.start + 1
    raise error


_PLAINLY = "tierxl.plainly"
codecs.register_error(_PLAINLY, _plainly)


@dataclass(frozen=True)
class TextFile:
    """A CSV file, and the dialect that it is written in.

    Attributes:
        path: the file.
        encoding: its encoding.
        delimiter: what stands between two cells.
        line_end: what stands at the end of a row.
        separator_line: the first line, where it only names the delimiter.
        header_row: the row of the header; of several rows the lowest one.
    """

    path: Path
    encoding: Encoding
    delimiter: str
    line_end: str
    separator_line: str
    header_row: int = 0

    def rows(self, text: str, first: int | None = None) -> Iterator[tuple[int, list[str]]]:
        """The rows of its text, or the first of them, each with its number in the file.

        Raises:
            CannotGrade: a cell has no end.
        """
        csv.field_size_limit(LONGEST_CELL)
        start = len(self.separator_line)
        reader = csv.reader(io.StringIO(text[start:] if start else text, newline=""), delimiter=self.delimiter)
        try:
            yield from islice(enumerate(reader, 2 if start else 1), first)
        except csv.Error as error:
            raise CannotGrade(
                f"{self.path.name} cannot be read as CSV beyond line {reader.line_num:,}: {error}. "
                "Perhaps a quotation mark is opened there and never closed."
            ) from error

    def write(self, file: IO[bytes], rows: Iterable[Sequence[object]]) -> None:
        """Write rows in the dialect of the file.

        Raises:
            CannotGrade: its encoding has not all letters and signs of them.
        """
        encoder = io.TextIOWrapper(file, self.encoding.codec, _PLAINLY, newline="", write_through=True)
        file.write(self.encoding.mark)
        line = io.StringIO(newline="")
        writer = csv.writer(line, delimiter=self.delimiter, lineterminator="\r\n")  # which quotes both signs
        try:
            encoder.write(self.separator_line)
            for row in rows:
                writer.writerow(row)
                encoder.write(line.getvalue().removesuffix("\r\n") + self.line_end)
                line.seek(0)
                line.truncate()
        except UnicodeEncodeError as error:
            raise CannotGrade(
                f'{self.path.name} is in {self.encoding.name}, which has no "{error.object[error.start]}", and the '
                "grading needs it: save the file as CSV (UTF-8), or write another with -o graded.csv."
            ) from error
        encoder.detach()


def text_of(path: Path, encoding: str | None = None) -> tuple[str, Encoding]:
    """The text of a file, and its encoding.

    Raises:
        CannotGrade: it is no text, or too long.
    """
    refuse_too_many_bytes(path, path.stat().st_size)
    text, found = decoded(path.read_bytes(), path, encoding)
    if "\0" in text:
        raise CannotGrade(f"{path.name} is not a text file: save it as CSV (UTF-8).")
    return text, found


def dialect_of(text: str, path: Path, encoding: Encoding, fitness: Callable[[CsvRows], int]) -> TextFile:
    """The dialect of a text: the delimiter that its first line names, else the one that parts it best.

    That is one by which the rows look like those that are looked for, then one by which the most are equally wide.

    Args:
        text: the text.
        path: its file.
        encoding: the encoding of the file.
        fitness: how much some rows look like those that are looked for.
    """
    separator_line = _SEPARATOR_LINE.match(text)
    line_end = _LINE_END.search(text)
    found = [
        TextFile(
            path,
            encoding,
            delimiter,
            line_end[0] if line_end else "\r\n",
            separator_line[0] if separator_line else "",
        )
        for delimiter in ((separator_line[1],) if separator_line else _DELIMITERS)
    ]
    if len(found) == 1:
        return found[0]
    starts = {dialect: [row for _, row in dialect.rows(text, ROWS_TO_SEARCH)] for dialect in found}
    return max(found, key=lambda dialect: (fitness(starts[dialect]), *_evenness(starts[dialect])))


def _evenness(rows: CsvRows) -> tuple[int, int]:
    """How many rows are of the commonest width that is more than one cell, and that width."""
    widths = Counter(len(row) for row in rows if len(row) > 1)
    return max(((count, width) for width, count in widths.items()), default=(0, 0))
