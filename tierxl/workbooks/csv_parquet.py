"""Tables without a workbook: CSV as Excel and CRM systems write it, and Parquet."""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path

import polars as pl

from tierxl.method.issues import CannotGrade
from tierxl.method.rating.figures import Cut, beside, is_on_its_sides
from tierxl.method.table.headers import ColumnChoice, Headers
from tierxl.workbooks.atomic import replacing
from tierxl.workbooks.limits import LONGEST_CELL, refuse_too_many_bytes, refuse_too_many_cells, refuse_too_many_columns
from tierxl.workbooks.table import (
    HEADER_SEARCH_ROWS,
    ClientTable,
    as_text,
    beyond_calendars,
    header_row,
    letter_at,
    likely_header_row,
)

_DELIMITERS = (",", ";", "\t")
_SEPARATOR_LINE = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
_NO_UTF_8, _BEYOND_ASCII = re.compile("[\udc80-\udcff]"), re.compile("[^\x00-\x7f\udc80-\udcff]")
CsvRows = Sequence[Sequence[str]]


def read_csv(path: Path, choice: ColumnChoice | None = None) -> ClientTable:
    """Read a CSV file: comma, semicolon or tab; UTF-8, UTF-16 or Windows-1252. Every cell stays text.

    Raises:
        CannotGrade: the file is no text, or has no rows.
    """
    header, body = csv_lines(
        path, lambda rows: header_row(rows, choice), lambda rows: likely_header_row(rows, choice)[0]
    )
    headers = Headers.of(header, letter_of=letter_at, choice=choice)
    columns = [
        pl.Series(f"c{at}", [row[place] if place < len(row) and row[place] else None for _, row in body], pl.String)
        for at, place in enumerate(headers.places)
    ]
    return ClientTable(headers, pl.DataFrame(columns), [number for number, _ in body]).completed().of_clients()


def csv_lines(
    path: Path, header_of: Callable[[CsvRows], int | None], likely_header_of: Callable[[CsvRows], int]
) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """The header row of a CSV file, and the rows below it that are not empty, each with its number.

    Args:
        path: the file.
        header_of: which of the first rows is the header, if one is.
        likely_header_of: which row to take where none is.

    Raises:
        CannotGrade: the file is no text, or has no rows.
    """
    text = _decoded(path)
    lines_above = 0
    delimiters: tuple[str, ...] = _DELIMITERS
    if named := _SEPARATOR_LINE.match(text):
        text, delimiters, lines_above = text[named.end() :], (named[1],), 1
    starts = {delimiter: list(_rows(text, delimiter, path, HEADER_SEARCH_ROWS)) for delimiter in delimiters}
    delimiter = next(
        (each for each, rows in starts.items() if header_of(rows) is not None),
        max(starts, key=lambda each: _width(starts[each])),
    )
    if not starts[delimiter]:
        raise CannotGrade(f"{path.name} is empty: it needs a header row and rows below it.")
    start = header_of(starts[delimiter])
    if start is None:
        start = likely_header_of(starts[delimiter])
    rows = enumerate(_rows(text, delimiter, path), 1)
    body = [
        (number + lines_above, row) for number, row in rows if number > start + 1 and any(cell.strip() for cell in row)
    ]
    header = starts[delimiter][start]
    width = max(len(header), *(len(row) for _, row in body), 1)
    own = width - len(Headers.of(header).graded)
    refuse_too_many_columns(path, own)
    refuse_too_many_cells(path.name, own * len(body))
    return [*header, *[""] * (width - len(header))], body


def read_parquet(path: Path, choice: ColumnChoice | None = None) -> ClientTable:
    """Read a Parquet file.

    Raises:
        CannotGrade: the file is no Parquet file, or a damaged one.
    """
    from pyarrow import ArrowException  # noqa: PLC0415  only Parquet needs it, and it is slow to import

    from tierxl.workbooks.parquet import arrow_table, cells_of  # noqa: PLC0415  likewise

    try:
        stored, headers = arrow_table(path, choice)
    except (ArrowException, OSError, ValueError) as error:
        raise CannotGrade(f"{path.name} is not a Parquet file that can be read: it may be damaged.") from error
    cells = cells_of(stored)
    cells = cells.with_columns(as_text(column) for column in cells.iter_columns() if beyond_calendars(column).any())
    return ClientTable(headers, cells, range(2, len(cells) + 2), stored=stored).completed().of_clients()


def write_csv(path: Path, table: ClientTable, graded: pl.DataFrame, score_cuts: Sequence[Cut]) -> None:
    """Write the user's columns and the graded columns as CSV with commas, in UTF-8.

    A score has one decimal, or as many more as it takes to fall on its side of the cuts.
    Excel needs a mark at the start to know UTF-8; other programs stumble over it, so it stands only where it is needed.
    """
    names = table.headers.of_graded_columns
    scores = {score: "" if score is None else _score(score, score_cuts) for score in graded["Score"].unique()}
    shown = graded.with_columns(
        Score=pl.Series([scores[score] for score in graded["Score"]], dtype=pl.String),
        Upside=graded["Upside"].round(2),
    ).rename(names)
    user = pl.DataFrame(table.texts())
    header = io.StringIO()
    csv.writer(header, lineterminator="\r\n").writerow([*table.headers, *names.values()])  # which quotes both signs
    lines = pl.concat([user, shown], how="horizontal")
    accented = lines.select(pl.col(pl.String).str.contains(r"[^\x00-\x7F]").any()).row(0)
    is_plain = header.getvalue().isascii() and True not in accented
    with replacing(path) as draft, draft.open("wb") as file:
        file.write(b"" if is_plain else codecs.BOM_UTF8)
        file.write(header.getvalue().removesuffix("\r\n").encode() + b"\n")
        lines.write_csv(file, include_header=False)


def write_parquet(path: Path, table: ClientTable, graded: pl.DataFrame) -> None:
    """Write the user's columns and the graded columns as Parquet.

    Raises:
        CannotGrade: two of the user's columns have the same header.
    """
    doubled = sorted(header for header, count in Counter(table.headers).items() if count > 1)
    if doubled:
        raise CannotGrade(f'Parquet needs distinct headers, but "{doubled[0]}" stands more than once: rename one.')
    from pyarrow import parquet  # noqa: PLC0415  only Parquet needs it, and it is slow to import

    columns = table.stored
    if columns is None:
        plain = table.cells.with_columns(
            as_text(column) for column in table.cells.iter_columns() if column.dtype == pl.Object
        )
        columns = plain.to_arrow().rename_columns(list(table.headers))
    for name, header in table.headers.of_graded_columns.items():
        columns = columns.append_column(header, graded[name].to_arrow())
    with replacing(path) as draft, draft.open("wb") as file:  # any name can be opened so
        parquet.write_table(columns, file, compression="zstd")


def _score(score: float, cuts: Sequence[Cut]) -> str:
    tenths = int(score * 10 + 0.5)
    text = f"{tenths // 10}.{tenths % 10}"
    return text if is_on_its_sides(text, score, cuts) else beside(score, cuts, 2)


def _decoded(path: Path) -> str:
    refuse_too_many_bytes(path, path.stat().st_size)
    raw = path.read_bytes()
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if raw.startswith(mark):
            return _decoded_as(raw, encoding, path)
    for zero, encoding in ((raw[1:2], "utf-16-le"), (raw[:1], "utf-16-be")):
        if zero == b"\0":
            return _decoded_as(raw, encoding, path)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        _refuse_mixed_encodings(raw, path)
        return _decoded_as(raw, "cp1252", path)


def _decoded_as(raw: bytes, encoding: str, path: Path) -> str:
    try:
        return raw.decode(encoding).lstrip("\ufeff")
    except UnicodeDecodeError as error:
        raise CannotGrade(f"{path.name} is not a text file: save it as CSV (UTF-8).") from error


def _refuse_mixed_encodings(raw: bytes, path: Path) -> None:
    """Refuse UTF-8 with a few bytes of another encoding. Windows-1252 looks like UTF-8 in few places, if at all."""
    text = raw.decode("utf-8", "surrogateescape")
    others = list(_NO_UTF_8.finditer(text))
    if len(others) < len(_BEYOND_ASCII.findall(text)):
        line = text.count("\n", 0, others[0].start()) + 1
        raise CannotGrade(f"{path.name} is in UTF-8, but line {line:,} is not: save it as CSV (UTF-8).")


def _rows(text: str, delimiter: str, path: Path, first: int | None = None) -> Iterator[list[str]]:
    """The rows of a text, or the first of them."""
    if "\0" in text:
        raise CannotGrade(f"{path.name} is not a text file: save it as CSV (UTF-8).")
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        yield from islice(reader, first)
    except csv.Error as error:
        raise CannotGrade(
            f"{path.name} cannot be read as CSV beyond line {reader.line_num:,}: {error}. "
            "Perhaps a quotation mark is opened there and never closed."
        ) from error


def _width(rows: list[list[str]]) -> int:
    return max((len(row) for row in rows[:20]), default=0)
