"""A table of clients as a file holds it: the user's headers, the cells, and their places."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import compress
from typing import TYPE_CHECKING, Any

import narwhals as nw
import polars as pl

from tierxl.method.issues import CannotGrade, Issue
from tierxl.method.table import cells, dates
from tierxl.method.table.clients import cells_to_look_at
from tierxl.method.table.contents import MOST_CELLS
from tierxl.method.table.headers import Headers
from tierxl.method.table.orders import Orders
from tierxl.method.table.rows import Formulas, LeftOut, rows_without_client
from tierxl.sheets.cells import column_of
from tierxl.sheets.description import letters

if TYPE_CHECKING:
    from tierxl.workbooks.text_file import TextFile

_A_DAY = {"": 1, "ms": 86_400_000, "us": 86_400_000_000}
"""A day in the units of a column's type; times in nanoseconds do not reach beyond the calendar."""
_MOST_DAYS = timedelta.max.days - 1
NO_VALUE = "is a formula without a value"
OPEN_AND_SAVE = "open the file in Excel, save it, and grade again"


@dataclass(frozen=True)
class ClientTable:
    """The clients of a file.

    Attributes:
        headers: the user's headers, without the graded columns of an earlier grading.
        cells: one column a header, in the same order, named by position; one row a client.
        rows: the row of each client in the file, whose first row is 1.
        letters: the column letter of each header in a sheet; empty where the file is no workbook.
        sheet: the name of the sheet; empty where the file is no workbook.
        stored: the same columns as a Parquet file holds them, an Arrow table; None where they come from elsewhere.
        orders: the orders that the clients were summed from, if they were.
        left_out: the rows below the headers that are no clients: totals, subtotals, notes.
        text: the text file that they were read from, if they were.
        issues: what a user should know about the reading.
    """

    headers: Headers
    cells: pl.DataFrame
    rows: Sequence[int]
    letters: list[str] = field(default_factory=list)
    sheet: str = ""
    stored: Any = None
    left_out: Sequence[LeftOut] = ()
    orders: Orders | None = None
    text: "TextFile | None" = None
    issues: Sequence[Issue] = ()

    def of_clients(self, formulas: Formulas | None = None) -> "ClientTable":
        """The table without the rows that are no clients.

        Args:
            formulas: answers with the formulas of revenues, where the table can hold some.
        """
        others = rows_without_client(nw.from_native(self.cells), self.headers, self.rows, formulas=formulas)
        if not others:
            return self
        positions = {other.position for other in others}
        stays = pl.Series([at not in positions for at in range(len(self.rows))], dtype=pl.Boolean)
        return replace(
            self,
            cells=self.cells.filter(stays),
            rows=list(compress(self.rows, stays)),
            stored=None if self.stored is None else self.stored.filter(stays.to_arrow()),
            left_out=[LeftOut(self.rows[at], kind, text) for at, kind, text in others],
        )

    def with_texts(self, column: int, texts: Mapping[int, str]) -> "ClientTable":
        """The same clients with other texts in some cells of a column.

        Args:
            column: the place of the column among the headers.
            texts: the text of each cell, by the place of the client.
        """
        there = self.cells.to_series(column)
        values = [texts.get(at, value) for at, value in enumerate(there.to_list())]
        stored = self.stored
        if stored is not None:
            stored = stored.set_column(column, self.headers[column], as_text(column_of(values)).to_arrow())
        return replace(self, cells=self.cells.with_columns(column_of(values).alias(there.name)), stored=stored)

    def completed(self) -> "ClientTable":
        """The table with the columns that no header names and that their cells tell."""
        top = nw.from_native(self.cells.head(MOST_CELLS))
        return replace(self, headers=self.headers.with_cells(lambda at: cells_to_look_at(top[:, at])))

    def texts(self) -> list[pl.Series]:
        """The columns as the text that a CSV file carries."""
        return [as_text(column, header) for header, column in zip(self.headers, self.cells.iter_columns(), strict=True)]


def letter_at(position: int) -> str:
    """The letter of the column at a position in a row; A is at 0."""
    return letters(position + 1)


def address(sheet: str, letter: str, row: int) -> str:
    """The address of a cell, such as 'My clients'!C12."""
    name = sheet if sheet.replace("_", "").isalnum() else "'" + sheet.replace("'", "''") + "'"
    return f"{name}!{letter}{row}"


def as_text(series: pl.Series, header: str = "") -> pl.Series:
    """A column as text: of dates also those that no calendar has.

    Args:
        series: the column.
        header: its header, for the error.

    Raises:
        CannotGrade: lists or records hold dates that no calendar has.
    """
    if series.dtype == pl.String:
        return series
    if isinstance(series.dtype, pl.Duration) and (series.dt.total_days().abs() > _MOST_DAYS).any():
        return series.dt.to_string("iso")
    far = beyond_calendars(series)
    known = series.set(far, None) if far.any() else series
    values = [None if cells.is_blank(value) else cells.text(value) for value in _listed(known, header)]
    texts = pl.Series(series.name, values, dtype=pl.String)
    if not far.any():
        return texts
    a_day = _A_DAY[getattr(series.dtype, "time_unit", "")]
    far_days = [dates.far_day(moment // a_day) for moment in series.filter(far).to_physical().to_list()]
    return texts.scatter(far.arg_true(), far_days)


def as_shown(series: pl.Series, header: str) -> pl.Series:
    """A column as a sheet shows it: times by the clocks of their zone, and what no cell can hold as text.

    Args:
        series: the column.
        header: its header, for the error.

    Raises:
        CannotGrade: see :func:`as_text`.
    """
    if isinstance(series.dtype, pl.Datetime) and series.dtype.time_zone:
        return series.dt.replace_time_zone(None)
    return as_text(series, header) if series.dtype.is_nested() or isinstance(series.dtype, pl.Duration) else series


def beyond_calendars(series: pl.Series) -> pl.Series:
    """True for the dates of a column that lie outside the years 1 to 9999, with which Python's calendar ends."""
    unit = getattr(series.dtype, "time_unit", "")
    if series.dtype != pl.Date and not (isinstance(series.dtype, pl.Datetime) and unit in _A_DAY):
        return pl.repeat(False, len(series), eager=True)
    first, last = dates.calendar_in(getattr(series.dtype, "time_zone", None))
    return ~series.to_physical().is_between(first * _A_DAY[unit], (last + 1) * _A_DAY[unit] - 1).fill_null(True)


def _listed(series: pl.Series, header: str) -> list[Any]:
    if not series.dtype.is_nested():
        return series.to_list()
    try:
        values: list[Any] = series.to_arrow().to_pylist()
    except (OverflowError, ValueError) as error:
        raise CannotGrade(
            f'The column "{header}" has dates outside the years 1 to 9999 inside of {series.dtype.base_type()}, which '
            "cannot be written as text: leave it out, or write a .parquet file with -o."
        ) from error
    return values
