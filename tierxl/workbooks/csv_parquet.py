"""Tables without a workbook: CSV as spreadsheets and CRM systems write it, and Parquet."""

import codecs
import csv
import io
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path

import polars as pl

from tierxl.method.issues import CannotGrade, Issue
from tierxl.method.rating.figures import Cut, beside, is_on_its_sides
from tierxl.method.table.amounts import PROOFS, DecimalMark, decimal_mark_of
from tierxl.method.table.columns import GRADED_COLUMNS, Kind
from tierxl.method.table.headers import ColumnChoice, Headers
from tierxl.sheets.description import LAST_COLUMN
from tierxl.workbooks.atomic import replacing
from tierxl.workbooks.encodings import encoding_issues
from tierxl.workbooks.header_rows import ROWS_TO_SEARCH, HeaderRow, header_row, looks_like_header
from tierxl.workbooks.limits import refuse_too_many_cells, refuse_too_many_columns
from tierxl.workbooks.table import ClientTable, as_text, beyond_calendars, letter_at
from tierxl.workbooks.text_file import CsvRows, TextFile, dialect_of, text_of


def read_csv(path: Path, choice: ColumnChoice | None = None, encoding: str | None = None) -> ClientTable:
    """Read a CSV file, whatever its delimiter and its encoding. Every cell stays text.

    Args:
        path: the file.
        choice: the columns that the user chose.
        encoding: its encoding, where the user says it.

    Raises:
        CannotGrade: the file is no text, or has no rows.
    """
    file, header, body = csv_lines(
        path, lambda rows: header_row(rows, choice=choice), lambda rows: _fitness(rows, choice), encoding
    )
    headers = Headers.of(header.texts, letter_of=letter_at, number=file.header_row, choice=choice)
    columns = [
        pl.Series(f"c{at}", [row[place] if place < len(row) and row[place] else None for _, row in body], pl.String)
        for at, place in enumerate(headers.places)
    ]
    issues = [] if encoding else encoding_issues(file.encoding, path)
    issues += _longer_rows(file, header, body)
    rows = [number for number, _ in body]
    table = ClientTable(headers, pl.DataFrame(columns), rows, text=file, issues=issues)
    return table.completed().of_clients()


def _longer_rows(file: TextFile, header: HeaderRow, body: Sequence[tuple[int, list[str]]]) -> list[Issue]:
    """An issue for each row that goes on beyond the last header: a comma may part one of its cells in two."""
    width = max((at + 1 for at, text in enumerate(header.texts) if text), default=0)
    if file.delimiter != "," or width == len(header.texts):
        return []
    longer = (number for number, row in body if any(cell.strip() for cell in row[width:]))
    return [
        Issue("has more cells than there are headers: amounts and names with a comma need quotes", n) for n in longer
    ]


def csv_lines(
    path: Path,
    header_of: Callable[[CsvRows], HeaderRow],
    fitness: Callable[[CsvRows], int],
    encoding: str | None = None,
) -> tuple[TextFile, HeaderRow, list[tuple[int, list[str]]]]:
    """The dialect of a CSV file, its header, and the rows below it that are not empty, each with its number.

    Args:
        path: the file.
        header_of: the header among its first rows.
        fitness: how much some rows look like those that are looked for.
        encoding: its encoding, where the user says it.

    Raises:
        CannotGrade: the file is no text, or has no rows.
    """
    text, found = text_of(path, encoding)
    file = dialect_of(text, path, found, fitness)
    first = [row for _, row in file.rows(text, ROWS_TO_SEARCH)]
    if not first:
        raise CannotGrade(f"{path.name} is empty: it needs a header row and rows below it.")
    refuse_too_many_columns(path, max(map(len, first)) - len(GRADED_COLUMNS))
    header = header_of(first)
    lines = islice(file.rows(text), header.at, None)
    header_number, _ = next(lines)
    body = [(number, row) for number, row in lines if any(cell.strip() for cell in row)]
    width = max(len(header.texts), *(len(row) for _, row in body), 1)
    own = width - len(Headers.of(header.texts).graded)
    refuse_too_many_columns(path, own)
    refuse_too_many_cells(path.name, own * len(body))
    texts = [*header.texts, *[""] * (width - len(header.texts))]
    return replace(file, header_row=header_number), replace(header, texts=texts), body


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


def write_csv(
    path: Path, table: ClientTable, graded: pl.DataFrame, score_cuts: Sequence[Cut], decimal_mark: DecimalMark
) -> None:
    """Write the user's columns and the graded columns as CSV: with commas and in UTF-8, a file in place in its dialect.

    A score has one decimal, or as many more as it takes to fall on its side of the cuts.
    Excel needs a mark at the start to know UTF-8; other programs stumble over it, so it stands only where it is needed.

    Raises:
        CannotGrade: the encoding of a file in place has not all letters and signs of the graded columns.
    """
    names = table.headers.of_graded_columns
    scores = {score: "" if score is None else _score(score, score_cuts) for score in graded["Score"].unique()}
    shown = graded.with_columns(
        Score=pl.Series([scores[score] for score in graded["Score"]], dtype=pl.String),
        Upside=graded["Upside"].round(2),
    ).rename(names)
    lines = pl.concat([pl.DataFrame(table.texts()), shown], how="horizontal")
    if table.text and path.exists() and path.samefile(table.text.path):
        _write_in_place(table.text, table, _with_mark_of(table, lines, decimal_mark))
        return
    header = io.StringIO()
    csv.writer(header, lineterminator="\r\n").writerow([*table.headers, *names.values()])  # which quotes both signs
    accented = lines.select(pl.col(pl.String).str.contains(r"[^\x00-\x7F]").any()).row(0)
    is_plain = header.getvalue().isascii() and True not in accented
    with replacing(path) as draft, draft.open("wb") as file:
        file.write(b"" if is_plain else codecs.BOM_UTF8)
        file.write(header.getvalue().removesuffix("\r\n").encode() + b"\n")
        lines.write_csv(file, include_header=False)


def _with_mark_of(table: ClientTable, lines: pl.DataFrame, decimal_mark: DecimalMark) -> pl.DataFrame:
    """Lines with the decimal mark in our numbers that is set, or else that the user's amounts and percentages have."""
    numbers = [at for at, column in table.headers.columns.items() if column.kind in (Kind.MONEY, Kind.PERCENT)]
    if decimal_mark == "auto":
        decimal_mark = decimal_mark_of(chain.from_iterable(table.cells.to_series(at).head(PROOFS) for at in numbers))
    if decimal_mark != ",":
        return lines
    ours = [table.headers.of_graded_columns[name] for name in ("Score", "Upside")]
    return lines.with_columns(pl.col(ours).cast(pl.String).str.replace(".", ",", literal=True))


def _write_in_place(file: TextFile, table: ClientTable, lines: pl.DataFrame) -> None:
    """Write a file with its clients graded; its other rows stay as they are."""
    text, _ = text_of(file.path, file.encoding.codec)
    graded = dict.fromkeys(table.headers.of_graded_columns.values(), "")
    clients = zip(table.rows, lines.rows(), strict=True)

    def rows() -> Iterator[Sequence[object]]:
        client, cells = next(clients)
        for number, row in file.rows(text):
            own = [row[place] if place < len(row) else "" for place in table.headers.places] if row else []
            if number == file.header_row:
                yield [*own, *graded]
            elif number == client:
                yield cells
                client, cells = next(clients, (0, ()))
            else:
                yield own

    with replacing(file.path) as draft, draft.open("wb") as target:
        file.write(target, rows())


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


def _fitness(rows: CsvRows, choice: ColumnChoice | None) -> int:
    if max(map(len, rows), default=0) > LAST_COLUMN:
        return 0
    header = header_row(rows, choice=choice)
    return 2 * header.headers.are_of_clients + looks_like_header(rows, header)
