"""Reading the clients of a sheet, line by line, into columns."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import compress, count, islice
from typing import Any

import polars as pl

from tierxl.method.issues import Issue
from tierxl.method.levels import TIER_NAMES
from tierxl.method.table import cells
from tierxl.method.table.amounts import currency_of
from tierxl.method.table.headers import Headers
from tierxl.method.table.rows import adds_other_rows, is_about_a_report, is_bare_total
from tierxl.sheets.cells import column_of

Line = Sequence[Any]
"""The values of a row from its first cell; None or "" for a blank, the text of an error such as #N/A."""

_BATCH = 20_000
_TIERS = frozenset(TIER_NAMES.values())


@dataclass(frozen=True)
class WithoutValue:
    """The stand-in for the value of a formula that has none; as a text it is the formula."""

    formula: str

    def __str__(self) -> str:
        return self.formula


class ClientsReading:
    """The clients of a sheet, read line by line into columns.

    Attributes:
        numbers: the columns that are read.
        rows: the row of each client.
        columns: for each column that is read, its values in stretches.
        without_value: the formulas without a value: row, column, formula.
        filled: the columns right of the clients that have cells: the first row of each that has one.
        removed: the rows without a client that still have a tier.
        tiers: for each client, whether it has a tier, in stretches; nothing where the sheet was not graded before.
        bottom: the last row.
    """

    def __init__(self, numbers: list[int], tier: int | None, right: int) -> None:
        self.numbers = numbers
        self.rows: list[int] = []
        self.columns: list[list[pl.Series]] = [[] for _ in numbers]
        self.without_value: list[tuple[int, int, str]] = []
        self.filled: dict[int, int] = {}
        self.removed: list[int] = []
        self.tiers: list[pl.Series] = []
        self.bottom = 0
        self._tier, self._right = tier, right

    def read(self, lines: Iterator[Line], first: int) -> None:
        """Read all lines; the first stands in a row."""
        while batch := list(islice(lines, _BATCH)):
            self._read(batch, first)
            first += len(batch)
        self.bottom = first - 1

    def _read(self, batch: list[Line], first: int) -> None:
        by_column = list(zip(*batch, strict=True))
        width, blank = len(by_column), (None,) * len(batch)
        wanted = [by_column[number - 1] if number <= width else blank for number in self.numbers]
        values = [self._values(column, number, first) for number, column in zip(self.numbers, wanted, strict=True)]
        is_client = [line.count(None) < len(line) for line in zip(*values, strict=True)]
        self.rows += compress(range(first, first + len(batch)), is_client)
        for stretches, column in zip(self.columns, values, strict=True):
            stretches.append(column_of(list(compress(column, is_client))))
        if self._tier and self._tier <= width:
            has_tier = [tier in _TIERS for tier in by_column[self._tier - 1]]
            self.removed += [row for row in compress(count(first), has_tier) if not is_client[row - first]]
            self.tiers.append(pl.Series(list(compress(has_tier, is_client)), dtype=pl.Boolean))
        for number in range(self._right + 1, width + 1):
            if number not in self.filled:
                blanks = map(cells.is_blank, by_column[number - 1])
                filled = next((row for row, is_blank in enumerate(blanks, first) if not is_blank), None)
                self.filled |= {number: filled} if filled else {}

    def leave_out(self, rows: Collection[int]) -> None:
        """Note that some of the rows are no clients: their tiers go, and nobody misses the values of their formulas."""
        if self.tiers:
            graded = compress(self.rows, pl.concat(self.tiers))
            self.removed = sorted({*self.removed, *(row for row in graded if row in rows)})
        self.without_value = [found for found in self.without_value if found[0] not in rows]

    def _values(self, column: Sequence[Any], number: int, first: int) -> list[Any]:
        """The values of a column, each blank as nothing."""
        kinds = set(map(type, column))
        if WithoutValue in kinds:
            self.without_value += [
                (row, number, value.formula) for row, value in enumerate(column, first) if type(value) is WithoutValue
            ]
            column = [None if type(value) is WithoutValue else value for value in column]
        if kinds <= {str}:
            return [None if not text or text.isspace() else text for text in column]
        return [None if value is None or value != value or _is_space(value) else value for value in column]


def clients_below(
    table: str,
    first: int,
    headers: Headers,
    numbers: Sequence[int],
    lines: Sequence[Line],
    no_clients: Collection[int],
) -> list[Issue]:
    """An issue for each client in the rows right below a table, down to the first blank one: it is not in the table.

    A client is a row with a name and a value in another column that a grading reads, other than a sum of other rows,
    unless it is a total. What stands further below, behind a blank row, is the user's own.

    Args:
        table: the name of the table.
        first: the first row below it.
        headers: the user's headers.
        numbers: the column of each.
        lines: the rows below the table.
        no_clients: those of them that are known to be none.
    """
    columns = headers.columns
    name = next((at for at, column in columns.items() if column.field == "client"), None)
    issues: list[Issue] = []
    if name is None:
        return issues
    for row, line in enumerate(lines, first):
        shown = [cells.shown(line[number - 1]) if number <= len(line) else "" for number in numbers]
        if not any(shown):
            break
        but_sums = ["" if adds_other_rows(text, row) else text for text in shown]
        is_client = row not in no_clients and shown[name] and any(but_sums[at] for at in columns if at != name)
        if is_client and not (is_bare_total(headers, but_sums) or is_about_a_report(shown)):
            issues.append(
                Issue(
                    f"row {row} below the table {table} is not graded: make the table reach over it (in Excel, "
                    "drag its lower right corner down), and grade again",
                    row,
                    client=shown[name],
                    column=headers[name],
                )
            )
    return issues


def like_more(count: int) -> str:
    """The words on so many cells with one issue, of which the first is named; "" where there is no other."""
    return f", like {count - 1:,} more below it" if count > 1 else ""


def currencies(amounts: pl.Series, formats: Sequence[str]) -> set[str]:
    """The currencies that amounts are written or formatted in; the formats are those of the cells that are filled."""
    if amounts.dtype == pl.String:
        return {currency_of(amount, "") for amount in amounts.drop_nulls().unique()}
    if amounts.dtype == pl.Object:
        written = [value if isinstance(value, str) else 0 for value in amounts.to_list() if value is not None]
        return {currency_of(*amount) for amount in set(zip(written, formats, strict=True))}
    return {currency_of(0, shown) for shown in set(formats)}


def _is_space(value: Any) -> bool:
    return type(value) is str and (not value or value.isspace())


def joined(stretches: list[pl.Series]) -> pl.Series:
    """The stretches of a column as one."""
    kinds = {stretch.dtype for stretch in stretches if stretch.null_count() < len(stretch)}
    if pl.Object in kinds or len(kinds) > 1:
        column: pl.Series = column_of([value for stretch in stretches for value in stretch.to_list()])
        return column
    kind = next(iter(kinds), pl.String())
    filled = [
        stretch if stretch.dtype == kind else pl.Series([None] * len(stretch), dtype=kind) for stretch in stretches
    ]
    return pl.concat(filled) if filled else pl.Series(dtype=kind)


def filled_right_of(line: Line, right: int) -> set[int]:
    """The columns right of one that have something in a line."""
    return {number for number, value in enumerate(line[right:], right + 1) if not cells.is_blank(value)}
