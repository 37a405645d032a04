"""The columns of a list as its sheet shows them: merged cells, errors and number formats."""

import re
from collections.abc import Sequence
from itertools import compress
from typing import Any

import polars as pl

from tierxl.method.issues import Issue
from tierxl.method.table.amounts import one_currency
from tierxl.method.table.columns import Kind
from tierxl.method.table.headers import Headers
from tierxl.sheets.cells import column_of
from tierxl.sheets.description import Area
from tierxl.workbooks.reading import ClientsReading, currencies, like_more
from tierxl.workbooks.workbook import ClientWorkbook

_ERRORS = [
    f"#{error}"
    for error in (
        "N/A", "DIV/0!", "REF!", "NAME?", "VALUE!", "NUM!", "NULL!", "SPILL!", "CALC!", "FIELD!", "BLOCKED!",
        "CONNECT!", "GETTING_DATA", "UNKNOWN!", "BUSY!",
    )
]  # fmt: skip


def with_merged(
    columns: Sequence[pl.Series], reading: ClientsReading, headers: Headers, merged: Sequence[Area]
) -> list[pl.Series]:
    """The columns, with a text in cells that are merged downwards in each of their rows, but for names and IDs."""
    filled = list(columns)
    downwards = [area for area in merged if area.top < area.bottom]
    place = {row: at for at, row in enumerate(reading.rows)} if downwards else {}
    for at, column in headers.columns.items():
        areas = [area for area in downwards if area.left <= reading.numbers[at] <= area.right]
        if not areas or column.kind != Kind.TEXT or column.field in ("client", "client_id"):
            continue
        values = filled[at].to_list()
        for area in areas:
            for row in range(area.top + 1, area.bottom + 1):
                if area.top in place and row in place:
                    values[place[row]] = values[place[area.top]]
        filled[at] = column_of(values)
    return filled


def without_errors(
    columns: Sequence[pl.Series], reading: ClientsReading, headers: Headers
) -> tuple[list[pl.Series], list[Issue]]:
    """The columns without the errors, such as #N/A, that stand where a text is read, and an issue for each column."""
    known, issues = list(columns), []
    for at, column in headers.columns.items():
        if column.kind != Kind.TEXT or known[at].dtype != pl.String:
            continue
        are_errors = known[at].is_in(_ERRORS).fill_null(value=False)
        if not are_errors.any():
            continue
        rows = list(compress(reading.rows, are_errors))
        message, text = f"is an error{like_more(len(rows))}: mend its formula", known[at].filter(are_errors)[0]
        issues.append(Issue(message, row=rows[0], column=headers[at], value=text))
        known[at] = known[at].set(are_errors, None)
    return known, issues


def with_formats(
    read: Sequence[pl.Series], reading: ClientsReading, headers: Headers, workbook: ClientWorkbook, title: str
) -> tuple[list[pl.Series], dict[str, str]]:
    """The columns as their formats show them, and the currencies of amounts, by field.

    Client IDs have the leading zeros that are shown. Where some percentages are cells that Excel formats as percent and
    others are percent points, the first have their sign.

    Raises:
        CannotGrade: amounts of one column are formatted in more than one currency.
    """
    columns, numbers = list(read), reading.numbers
    identifiers = [at for at, column in headers.columns.items() if column.field == "client_id"]
    amounts = [at for at, column in headers.columns.items() if column.kind == Kind.MONEY]
    percents = [at for at, column in headers.columns.items() if column.kind == Kind.PERCENT and _are_mixed(columns[at])]
    filled = {
        numbers[at]: list(compress(reading.rows, columns[at].is_not_null()))
        for at in (*identifiers, *amounts, *percents)
        if columns[at].dtype != pl.String
    }
    formats = workbook.formats(title, filled)
    for shown_by, of_kind in ((_with_zeros, identifiers), (_with_sign, percents)):
        for at in of_kind:
            if of_filled := formats.get(numbers[at]):
                shown = iter(of_filled)
                values = [None if value is None else shown_by(value, next(shown)) for value in columns[at].to_list()]
                columns[at] = column_of(values)
    currency_of = {
        headers.columns[at].field: one_currency(headers[at], currencies(columns[at], formats.get(numbers[at], [])))
        for at in amounts
    }
    return columns, currency_of


def _with_zeros(value: Any, number_format: str) -> Any:
    """An identifier with the leading zeros that its number format shows."""
    if not isinstance(value, float) or not value.is_integer():
        return value
    return str(int(value)).zfill(len(number_format)) if set(number_format) == {"0"} else value


_SHOWN_AS_IT_IS = re.compile(r'"[^"]*"|\\.')
"""The texts that a number format shows as they are written there: 0.0"%" multiplies nothing."""


def _with_sign(value: Any, number_format: str) -> Any:
    """A percentage as its number format shows it."""
    is_percent = "%" in _SHOWN_AS_IT_IS.sub("", number_format)
    return f"{value * 100:.12g}%" if isinstance(value, float) and is_percent else value


def _are_mixed(percentages: pl.Series) -> bool:
    """True where some numbers are beyond 1, and others that are not 0 within."""
    beyond = {abs(value) > 1 for value in percentages.to_list() if isinstance(value, float) and value}
    return len(beyond) > 1
