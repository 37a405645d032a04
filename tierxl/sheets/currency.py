"""The currency of the list in our own sheets: in the formats of amounts, and beside the titles of axes."""

import re
from collections.abc import Sequence
from dataclasses import replace

from tierxl.method.money import before_digits, money_text
from tierxl.sheets.description import Chart, Column, Sheet
from tierxl.sheets.styles import STYLES

_OF_MONEY = ("money", "level-money", "tile-amount", "tile-alarm")
_DIGITS = re.compile(r"(?<![#0,.])(?=[#0])")
"""The places in a number format where digits begin: one in each of its parts."""
_BRACKETED = re.compile(r"\[[^\]]*\]")
_NARROWEST = 20
"""The characters that a column keeps that gives room to amounts."""
_MONEY_AXIS = re.compile(r"^Revenue(?: \((.*)\))?(,.*)?$")


def style_in(style: str, currency: str) -> str:
    """The style of amounts in a currency, such as "money £"; any other style as it is.

    A minus stays in front: -£1,200.
    """
    if not currency or style not in _OF_MONEY:
        return style
    name = f"{style} {currency}"
    look = STYLES[style]
    STYLES.setdefault(name, replace(look, number_format=number_format_in(look.number_format, currency)))
    return name


def number_format_in(number_format: str, currency: str) -> str:
    """A number format with a currency in front of the digits of each of its parts.

    >>> number_format_in("#,##0;[Red]-#,##0", "£")
    '"£"#,##0;[Red]-"£"#,##0'
    """
    conditions = _BRACKETED.findall(number_format)
    parts = _BRACKETED.split(number_format)
    marked = [_DIGITS.sub(f'"{before_digits(currency)}"', part) for part in parts]
    return "".join(part for pair in zip(marked, [*conditions, ""], strict=True) for part in pair)


def columns_in(columns: Sequence[Column], currency: str) -> list[Column]:
    """The columns of a table, amounts in a currency."""
    return [replace(column, style=style_in(column.style, currency)) for column in columns]


def sheet_in(sheet: Sheet, currency: str) -> Sheet:
    """A sheet with its amounts in a currency, each in a column with room for it."""
    return replace(
        sheet,
        widths=_with_room(sheet, currency),
        tables=[replace(table, columns=columns_in(table.columns, currency)) for table in sheet.tables],
        texts=[replace(cell, style=style_in(cell.style, currency)) for cell in sheet.texts],
        charts=[_chart_in(chart, currency) for chart in sheet.charts],
    )


def _with_room(sheet: Sheet, currency: str) -> list[float]:
    """The widths of columns that show each amount whole; the widest column gives what they need."""
    widths = list(sheet.widths)
    for table in sheet.tables:
        for at, column in enumerate(table.columns[: max(len(widths) + 1 - table.column, 0)]):
            amounts = table.extremes(at) if column.style in _OF_MONEY else []
            place = table.column - 1 + at
            lack = max((len(money_text(amount, currency)) for amount in amounts), default=0) - widths[place]
            if lack > 0:
                widest = widths.index(max(widths[: sheet.print_columns]))
                widths[place] += lack
                widths[widest] = max(widths[widest] - lack, _NARROWEST)
    return widths


def _chart_in(chart: Chart, currency: str) -> Chart:
    return replace(chart, x_title=_title_in(chart.x_title, currency), y_title=_title_in(chart.y_title, currency))


def _title_in(title: str, currency: str) -> str:
    """The title of an axis, with the currency where it is one of revenue: Revenue (£, log scale)."""
    of_revenue = _MONEY_AXIS.match(title)
    if not currency or not of_revenue:
        return title
    return f"Revenue ({', '.join(filter(None, (currency, of_revenue[1])))}){of_revenue[2] or ''}"
