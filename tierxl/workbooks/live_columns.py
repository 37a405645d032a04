"""The formulas of graded columns: what stands in them for the cells of a row, of the Live sheet and of Settings."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from openpyxl.utils import get_column_letter, quote_sheetname

from tierxl.formulas.code import placed
from tierxl.formulas.graded import CHECK, LIVE, LiveFormulas, live_formulas
from tierxl.method.table.columns import BY_FIELD
from tierxl.method.table.headers import WORKING, Headers
from tierxl.sheets import live, settings
from tierxl.sheets.description import Sheet

_ALL = "all "
_SPECIAL = re.compile(r"([\[\]#'])")
WIDTH = 14.0
"""The width of a column that formulas take, in characters, once somebody shows it."""


def live_columns(headers: Headers) -> LiveFormulas:
    """The formulas of the graded columns of a list."""
    return live_formulas(headers.position_of, headers.factors)


def header_of(name: str) -> str:
    """The header of the column of a formula; graded columns keep their name."""
    return name if name in LIVE else f"{WORKING}{name}"


def wanted(formulas: LiveFormulas) -> dict[str, float]:
    """The columns that the formulas take beside the graded ones, and their widths."""
    return {header: WIDTH for name in formulas.columns if (header := header_of(name)).startswith(WORKING)}


@dataclass(frozen=True)
class LiveColumns:
    """The formulas of the graded columns on a sheet of clients.

    Attributes:
        formulas: the formulas.
        users: the column of each of the user's that they take, by its name in the method.
        columns: the column of each graded column and of those that formulas take, by header.
        headers: the header of each column, by its number.
        table: the name of the table that the clients are; "" where they are none.
        sheet: the title of their sheet.
        first, last: the first and the last row of the clients.
        places: the cells that are not of a row: of the Live sheet and of Settings, by name.
    """

    formulas: LiveFormulas
    users: Mapping[str, int]
    columns: Mapping[str, int]
    headers: Mapping[int, str]
    table: str
    sheet: str
    first: int
    last: int
    places: Mapping[str, str]

    @cached_property
    def _numbers(self) -> dict[str, int]:
        """The column of each name in a formula."""
        return dict(self.users) | {name: self.columns[header_of(name)] for name in self.formulas.columns}

    @property
    def in_cells(self) -> dict[int, str]:
        """The formula of each column as its first cell has it, by the number of the column."""
        return self._placed(lambda column: f"${get_column_letter(column)}{self.first}")

    @property
    def in_table(self) -> dict[int, str]:
        """The formula of each column as a table gives it to new rows."""
        return self._placed(lambda column: f"{self.table}[[#This Row],[{_escaped(self.headers[column])}]]")

    @property
    def hidden(self) -> set[int]:
        """The columns that nobody needs to see."""
        return {self.columns[header] for header in wanted(self.formulas) if header != header_of(CHECK)}

    def sheet_of_figures(self, as_of: date) -> Sheet:
        """The Live sheet."""
        day = "TODAY()" if as_of == date.today() else f"DATE({as_of.year},{as_of.month},{as_of.day})"
        everyone = {f"{_ALL}{name}": self._all(column) for name, column in self._numbers.items()}
        return live.describe(self.formulas, {**everyone, **self.places}, day)

    def _placed(self, of_column) -> dict[int, str]:
        def place(name: str) -> str:
            return of_column(self._numbers[name]) if name in self._numbers else self.places[name]

        return {self._numbers[name]: placed(text, place) for name, text in self.formulas.columns.items()}

    def _all(self, column: int) -> str:
        if self.table:
            return f"{self.table}[{_escaped(self.headers[column])}]"
        letter = get_column_letter(column)
        return f"{quote_sheetname(self.sheet)}!${letter}${self.first}:${letter}${self.last}"


def in_formulas(title: str) -> str:
    """The title of a sheet as formulas write it, without quotation marks where it needs none."""
    return title if title in (live.TITLE, settings.TITLE) else quote_sheetname(title)


def users_columns(headers: Headers) -> dict[str, int]:
    """The column of each field, by its name in the method."""
    return {BY_FIELD[name].name: headers.places[at] + 1 for name, at in headers.position_of.items()}


def _escaped(header: str) -> str:
    """A header as a formula has it between brackets."""
    return _SPECIAL.sub(r"'\1", header)
