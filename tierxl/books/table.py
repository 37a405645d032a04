"""A table of clients as a file holds it: the user's headers, the cells, and where they stand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

import polars as pl

from tierxl.method import cells
from tierxl.method.columns import graded_positions, recognise, recognised

HEADER_SEARCH_ROWS = 20
NO_VALUE = "is a formula without a value: mend it, or open the file in Excel and save it"


@dataclass(frozen=True)
class ClientTable:
    """The clients of a file.

    Attributes:
        headers: the user's headers, without the graded columns of an earlier grading.
        cells: one column a header, in the same order, named by position; one row a client.
        rows: the row of each client in the file, whose first row is 1.
        letters: the column letter of each header in a sheet; empty where the file is no workbook.
        sheet: the name of the sheet; empty where the file is no workbook.
    """

    headers: list[str]
    cells: pl.DataFrame
    rows: Sequence[int]
    letters: list[str] = field(default_factory=list)
    sheet: str = ""

    def known_columns(self) -> pl.DataFrame:
        """The columns that the method knows, under the user's headers.

        Raises:
            CannotGrade: a required column is missing, or two columns mean the same.
        """
        known = sorted(recognise(self.headers).values())
        return self.cells.select(pl.nth(at).alias(self.headers[at]) for at in known)

    def with_texts(self, column: int, texts: Mapping[int, str]) -> "ClientTable":
        """The same clients with other texts in some cells of a column.

        Args:
            column: the place of the column among the headers.
            texts: the text of each cell, by the place of the client.
        """
        there = self.cells.to_series(column)
        values = [texts.get(at, value) for at, value in enumerate(there.to_list())]
        return replace(self, cells=self.cells.with_columns(column_of(values).alias(there.name)))


def without_graded_columns(headers: Sequence[str], cells: pl.DataFrame) -> tuple[list[str], pl.DataFrame]:
    """The user's own headers and columns, the columns of an earlier grading left out."""
    ours = graded_positions(headers)
    kept = [at for at in range(len(headers)) if at not in ours]
    return [headers[at] for at in kept], cells.select(pl.nth(at).alias(f"c{place}") for place, at in enumerate(kept))


def header_row(rows: Sequence[Sequence[object]]) -> int | None:
    """Which of the first rows is the header: the first with a client and a revenue column."""
    for number, row in enumerate(rows[:HEADER_SEARCH_ROWS]):
        names = {column.name for cell in row if isinstance(cell, str) and (column := recognised(cell))}
        if {"Client", "Revenue"} <= names:
            return number
    return None


def best_header_row(rows: Sequence[Sequence[object]]) -> int:
    """The header, or where there is none, the first row that looks most like one, for a helpful error."""
    found = header_row(rows)
    if found is not None:
        return found
    known = [sum(recognised(cell) is not None for cell in row) for row in rows[:HEADER_SEARCH_ROWS]]
    filled = [any(not cells.is_blank(cell) for cell in row) for row in rows[:HEADER_SEARCH_ROWS]]
    if any(known):
        return known.index(max(known))
    return filled.index(True) if any(filled) else 0


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


def address(sheet: str, letter: str, row: int) -> str:
    """The address of a cell, such as 'My clients'!C12."""
    name = sheet if sheet.replace("_", "").isalnum() else "'" + sheet.replace("'", "''") + "'"
    return f"{name}!{letter}{row}"


def as_text(series: pl.Series) -> pl.Series:
    """A column as the text that a CSV file carries."""
    if series.dtype == pl.String:
        return series
    values = series.to_list()
    return pl.Series([None if cells.is_blank(value) else cells.text(value) for value in values], dtype=pl.String)
