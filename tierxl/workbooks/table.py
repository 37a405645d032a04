"""A table of clients as a file holds it: the user's headers, the cells, and their places."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import polars as pl
from openpyxl.utils import get_column_letter

from tierxl.method.issues import CannotGrade, Issue
from tierxl.method.table import cells
from tierxl.method.table.footers import LONGEST, footer_length
from tierxl.method.table.headers import Headers
from tierxl.sheets.cells import column_of

if TYPE_CHECKING:
    from tierxl.workbooks.text_file import TextFile

_UNITS = {"ms": timedelta(milliseconds=1), "us": timedelta(microseconds=1)}
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
        text: the text file that they were read from, if they were.
        issues: what a user should know about the reading.
    """

    headers: Headers
    cells: pl.DataFrame
    rows: Sequence[int]
    letters: list[str] = field(default_factory=list)
    sheet: str = ""
    stored: Any = None
    text: "TextFile | None" = None
    issues: Sequence[Issue] = ()

    def without_footer(self) -> "ClientTable":
        """The table without the lines about a report that some systems write below the accounts."""
        clients = len(self.rows) - footer_length(self.headers, self.cells.tail(LONGEST).rows())
        return replace(self, cells=self.cells.head(clients), rows=self.rows[:clients])

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

    def texts(self) -> list[pl.Series]:
        """The columns as the text that a CSV file carries."""
        return [as_text(column, header) for header, column in zip(self.headers, self.cells.iter_columns(), strict=True)]


def letter_at(position: int) -> str:
    """The letter of the column at a position in a row; A is at 0."""
    letter: str = get_column_letter(position + 1)
    return letter


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
    return texts.scatter(far.arg_true(), _far_days(series.filter(far))) if far.any() else texts


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
    if series.dtype == pl.Date:
        first, last = cells.calendar_in(None)
    elif isinstance(series.dtype, pl.Datetime) and series.dtype.time_unit != "ns":  # which reach to the year 2262
        first, last = cells.calendar_in(series.dtype.time_zone)
        a_day = timedelta(days=1) // _UNITS[series.dtype.time_unit]
        first, last = first * a_day, (last + 1) * a_day - 1
    else:
        return pl.repeat(False, len(series), eager=True)
    return ~series.to_physical().is_between(first, last).fill_null(True)


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


def _far_days(series: pl.Series) -> list[str]:
    a_day = 1 if series.dtype == pl.Date else timedelta(days=1) // _UNITS[series.dtype.time_unit]  # type: ignore[attr-defined]
    return [cells.far_day(moment // a_day) for moment in series.to_physical().to_list()]
