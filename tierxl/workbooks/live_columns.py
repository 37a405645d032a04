"""The formulas of graded columns: what stands in them for the cells of a row, of the Live sheet and of Settings."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from openpyxl.utils import get_column_letter, quote_sheetname

from tierxl.formulas import placed
from tierxl.formulas.graded import CHECK, LIVE, LiveFormulas, live_formulas
from tierxl.method.issues import CannotGrade
from tierxl.method.table.headers import WORKING, Headers
from tierxl.sheets import engagement_plan, live, settings, shed_list
from tierxl.sheets.description import Sheet
from tierxl.sheets.live_lists import IN_ROW
from tierxl.workbooks.graded_inputs import AMOUNTS, DAY, INPUTS, VALUES, WHY_AS_OF, columns_of_inputs, working
from tierxl.workbooks.stretches import stretches

_ALL = "all "
_SPECIAL = re.compile(r"([\[\]#'])")
_LONGEST = 8_192
"""The characters that a formula can have."""
_IS_CLIENT = "client"
"""The column beside the rules' that says whether a row is a client."""
_HIDDEN_WIDTH, _WIDTHS = 14.0, {CHECK: 30.0, WHY_AS_OF: 40.0}


def live_columns(headers: Headers, currency: str, services: int, *, has_team: bool) -> LiveFormulas:
    """The formulas of the graded columns of a list, of its engagement plan and of the hours that it takes.

    Args:
        headers: the headers of the list.
        currency: the currency of its amounts.
        services: the rows of services on the sheet Settings.
        has_team: whether the workbook has account managers.
    """
    return _formulas((*headers.position_of,), (*headers.factors.items(),), currency, services, has_team)


@lru_cache(maxsize=8)
def _formulas(
    fields: tuple[str, ...], factors: tuple[tuple[str, float], ...], currency: str, services: int, has_team: bool
) -> LiveFormulas:
    """The formulas, half of the time of a live grading, made once for all lists with the same columns."""
    shown = {"remark": engagement_plan.REMARK} | shed_list.FIGURES
    return live_formulas(fields, dict(factors), shown, currency, services, has_team=has_team)


def header_of(name: str) -> str:
    """The header of the column of a formula; graded columns keep their name."""
    return name if name in LIVE else working(name)


def wanted(formulas: LiveFormulas) -> dict[str, float]:
    """The columns that the formulas take beside the graded ones, and their widths; those in sight come first."""
    others = [name for name in formulas.columns if name not in LIVE and name not in _WIDTHS]
    names = [*_WIDTHS, _IS_CLIENT, *others, *VALUES]
    return {header_of(name): _WIDTHS.get(name, _HIDDEN_WIDTH) for name in names}


@dataclass(frozen=True)
class LiveColumns:
    """The formulas of the graded columns on a sheet of clients.

    Attributes:
        formulas: the formulas.
        users: the column of each of the user's that they take, by its name in the method.
        own: all columns of the user's.
        columns: the column of each graded column and of those that formulas take, by header.
        headers: the header of each column, by its number.
        table: the name of the table that the clients are; "" where they are none.
        sheet: the title of their sheet.
        first, last: the first and the last row of the clients.
        places: the cells that are not of a row: of the Live sheet and of Settings, by name.
        day: the formula of the day of the grading.
    """

    formulas: LiveFormulas
    users: Mapping[str, int]
    own: Sequence[int]
    columns: Mapping[str, int]
    headers: Mapping[int, str]
    table: str
    sheet: str
    first: int
    last: int
    places: Mapping[str, str]
    day: str

    @property
    def in_cells(self) -> dict[int, str]:
        """The formula of each column as its first cell has it, by the number of the column."""
        return self.in_row(self.first)

    def in_row(self, row: int) -> dict[int, str]:
        """The formula of each column as the cell in a row has it, by the number of the column."""

        def of_columns(first: int, last: int) -> str:
            cells = [f"${get_column_letter(column)}{row}" for column in (first, last)]
            return ":".join(dict.fromkeys(cells))

        return self._placed(of_columns)

    @property
    def in_table(self) -> dict[int, str]:
        """The formula of each column as a table gives it to new rows.

        Raises:
            CannotGrade: a formula is too long.
        """

        def of_columns(first: int, last: int) -> str:
            columns = [f"[{escaped(self.headers[column])}]" for column in (first, last)]
            return f"{self.table}[[#This Row],{':'.join(dict.fromkeys(columns))}]"

        formulas = self._placed(of_columns)
        if any(len(formula) > _LONGEST for formula in formulas.values()):
            raise CannotGrade(
                f"With the name of the table {self.table} and its headers the formulas are longer than Excel takes: "
                "give the table a short name, such as Clients."
            )
        return formulas

    @property
    def hidden(self) -> set[int]:
        """The columns that nobody needs to see."""
        in_sight = {header_of(name) for name in _WIDTHS}
        return {column for header, column in self.columns.items() if header.startswith(WORKING)} - {
            self.columns[header] for header in in_sight
        }

    def own_sheets(self, sheets: Iterable[Sheet]) -> list[Sheet]:
        """The sheets of our own, with the Live sheet behind them."""
        return [*map(live.following, sheets), live.describe(self.formulas, self.names, self.day)]

    @property
    def names(self) -> dict[str, str]:
        """The cells and ranges of all names but those of a row."""
        columns = {f"{_ALL}{name}": self._all(column) for name, column in self.numbers.items()} | dict(self.places)
        listed = {name: f"⟨{name}⟩" for name in self.formulas.listed}
        in_row = {name: f"INDEX({columns[f'{_ALL}{name}']},⟨{IN_ROW}⟩)" for name in self.numbers if name not in listed}
        texts = {
            f"listed {name}": placed(text, (columns | listed | in_row).__getitem__)
            for name, text in self.formulas.listed.items()
        }
        return columns | {f"listed {name}": text for name, text in in_row.items()} | texts

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The column of each name in a formula."""
        names = (*self.formulas.columns, _IS_CLIENT, WHY_AS_OF, *VALUES)
        return dict(self.users) | {name: self.columns[header_of(name)] for name in names}

    def _all(self, column: int) -> str:
        """A column of all clients, as a formula on another sheet has it."""
        if self.table:
            return f"{self.table}[{escaped(self.headers[column])}]"
        letter = get_column_letter(column)
        return f"{in_formulas(self.sheet)}!${letter}${self.first}:${letter}${self.last}"

    def _placed(self, of_columns: Callable[[int, int], str]) -> dict[int, str]:
        def place(name: str) -> str:
            if name in self.numbers:
                return of_columns(self.numbers[name], self.numbers[name])
            return self._all(self.numbers[name.removeprefix(_ALL)]) if name.startswith(_ALL) else self.places[name]

        texts = {
            name: f'IF(⟨{_IS_CLIENT}⟩,{text},"")' if name in LIVE else text
            for name, text in self.formulas.columns.items()
        }
        own = ",".join(of_columns(first, last) for first, last in stretches(sorted(self.own)))
        inputs = [of_columns(column, column) for column in columns_of_inputs(self.users)]
        texts[_IS_CLIENT] = f"COUNTA({own})>0"
        texts[WHY_AS_OF] = _why_as_of(inputs)
        return {self.numbers[name]: placed(text, place) for name, text in texts.items()}


def _why_as_of(inputs: Sequence[str]) -> str:
    """The formula of the day as of which Why holds, or of what to do where it no longer does."""
    texts = "&".join(f'T({cell})&"|"' for cell in inputs)
    amounts = "+".join(f"{at}*N({cell})" for at, cell in enumerate(inputs, 1))
    as_graded = f"ABS({amounts}-⟨{AMOUNTS}⟩)<=1E-9*ABS(⟨{AMOUNTS}⟩)"
    changed = f'"changed since "&⟨{DAY}⟩&": grade again"'
    kept = f"IF(({texts}=⟨{INPUTS}⟩)*({as_graded}),⟨{DAY}⟩,{changed})"
    return f'IF(⟨{_IS_CLIENT}⟩,IF(⟨{INPUTS}⟩="","new: grade again",IFERROR({kept},{changed})),"")'


def in_formulas(title: str) -> str:
    """The title of a sheet as formulas write it, without quotation marks where it needs none."""
    return title if title in (live.TITLE, settings.TITLE) else str(quote_sheetname(title))


def escaped(header: str) -> str:
    """A header as a formula has it between brackets."""
    return _SPECIAL.sub(r"'\1", header)
