"""The Live sheet: the figures and lists of words that the formulas of the clients' tiers look up."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from itertools import count
from typing import TYPE_CHECKING

from tierxl.formulas import placed
from tierxl.formulas.code import constant, grouped
from tierxl.sheets import settings
from tierxl.sheets.description import Cell, Sheet, letters

if TYPE_CHECKING:
    from tierxl.formulas.graded import LiveFormulas

TITLE = "Live"
KIND = TITLE.lower()
DAY = "day"
_ALL_TIERS = '"?*"'
CLIENTS = f"COUNTIF(⟨all Tier⟩,{_ALL_TIERS})"
"""The formula of the number of clients; blank rows are none."""
REVENUE = "SUM(⟨all revenue⟩)"
_OF_ROW = f'IF(⟨Tier⟩="All",{_ALL_TIERS},⟨Tier⟩)'
CLIENTS_OF_TIER, REVENUE_OF_TIER = f"COUNTIF(⟨all Tier⟩,{_OF_ROW})", f"SUMIF(⟨all Tier⟩,{_OF_ROW},⟨all revenue⟩)"
SHARE_OF_REVENUE = f'IF({REVENUE}>0,⟨Revenue⟩/{REVENUE},"")'
"""The formulas of clients, revenue and its share in a table with a row for each tier, and one for all."""
OF_ACTION = 'SUMIF(⟨all Action⟩,"{0}",⟨all revenue⟩)', 'COUNTIF(⟨all Action⟩,"{0}")'
"""The formulas of the revenue of the clients with an action, and of their number."""
_HOW = (
    "The tiers calculate themselves from the figures here. There is nothing to type: settings stand on the sheet "
    "Settings, clients on their own sheet."
)
_FOLLOWS = (
    "Figures of tiers and actions, and lists of clients, are formulas and follow each change; all else is of that day."
)
AT_ONCE = "This sheet follows each change on the sheets Clients and Settings, at once."
_CHANGE = "Change the yellow cells: the tiers, and all sheets, follow at once. A blank value takes the default."
_AT_REST = "The tiers are values. To have formulas that calculate them, grade with --live."
_LITERAL = 255
_FIRST_ROW, _FIGURES, _WORDS = 5, 1, 4
"""The row below the headers; the columns from which on figures stand, and lists of words."""


def names(formulas: "LiveFormulas", title: str) -> dict[str, str]:
    """The cells and ranges of the sheet, by the names that formulas have for them.

    Args:
        formulas: the formulas of the clients.
        title: the title of the sheet, as formulas write it.
    """
    cells = {name: f"{title}!$B${row}" for row, name in enumerate((DAY, *formulas.figures), _FIRST_ROW)}
    for (of, words), column in zip(formulas.words.items(), _columns_of_words(), strict=False):
        last = _FIRST_ROW + len(words) - 1
        for name, letter in ((f"words of {of}", column), (f"numbers of {of}", column + 1)):
            cells[name] = f"{title}!${letters(letter)}${_FIRST_ROW}:${letters(letter)}${last}"
    return cells


def describe(formulas: "LiveFormulas", place: Mapping[str, str], day: str) -> Sheet:
    """The sheet.

    Args:
        formulas: the formulas of the clients.
        place: the cell or range of each name in them.
        day: the formula of the day of the grading.
    """
    figures = {DAY: day} | {name: placed(text, place.__getitem__) for name, text in formulas.figures.items()}
    texts = [Cell(_FIRST_ROW - 1, _FIGURES, "Figure", "header"), Cell(_FIRST_ROW - 1, _FIGURES + 1, "Value", "header")]
    for row, (name, formula) in enumerate(figures.items(), _FIRST_ROW):
        style = "date" if name == DAY else "text"
        texts += [Cell(row, _FIGURES, name), Cell(row, _FIGURES + 1, None, style, formula=formula)]
    for (of, words), column in zip(formulas.words.items(), _columns_of_words(), strict=False):
        texts.append(Cell(_FIRST_ROW - 1, column, f"Words of {of}", "header"))
        for row, (word, number) in enumerate(words.items(), _FIRST_ROW):
            texts += [Cell(row, column, word), Cell(row, column + 1, number)]
    return Sheet(TITLE, notes=[_HOW], texts=texts, widths=(60, 14), is_hidden=True, is_protected=True, tab="machine")


def counted_clients(count: str, about: str, about_one: str = "") -> str:
    """The formula of a sentence that begins with a number of clients."""
    one = about_one or about
    return f'TRIM({with_commas(count)}&IF({count}=1," client {one}"," clients {about}"))'


def rounded(number: str) -> str:
    """The formula of a whole number, a half rounded to the even one, as sentences have it."""
    return f"(ROUND({number},0)-SIGN({number})*(ABS({number})-INT(ABS({number}))=0.5)*(MOD(INT(ABS({number})),2)=0))"


def with_commas(number: str) -> str:
    """The formula of a whole number of up to 18 digits as text, with a comma between thousands."""
    return grouped(f'TEXT({number},"0")', 18)


def as_formula(text: str) -> str:
    """The formula of a text: a literal in one has at most 255 characters."""
    parts = [text[at : at + _LITERAL] for at in range(0, len(text), _LITERAL)]
    return "&".join(constant(part).text for part in parts)


def following(sheet: Sheet) -> Sheet:
    """A sheet of ours in a workbook that grades itself: it says what in it follows each change."""
    if not sheet.has_formulas or sheet.is_protected:
        return sheet
    first, *others = sheet.notes
    return replace(sheet, notes=[f"{first} {_FOLLOWS}", *others], is_protected=True)


def lasting(sheet: Sheet) -> Sheet:
    """A sheet of ours where nobody grades again: with nothing but what follows each change."""
    if sheet.is_protected:
        return sheet
    if sheet.kind == settings.KIND:
        return replace(sheet, notes=[_CHANGE])
    tables = [table for table in sheet.tables if any(column.formula for column in table.columns)]
    return replace(
        sheet,
        tables=tables,
        notes=[AT_ONCE],
        texts=[cell for cell in sheet.texts if not cell.is_dated],
        charts=[
            chart
            for chart in sheet.charts
            if all(any(series.y.overlaps(table.area) for table in tables) for series in chart.series)
        ],
        is_protected=True,
    )


def formula_of(day: date) -> str:
    """The formula of a day."""
    return f"DATE({day.year},{day.month},{day.day})"


def at_rest() -> Sheet:
    """The sheet of a workbook that was live: its tiers are values now."""
    return Sheet(TITLE, notes=[_AT_REST], is_hidden=True, tab="machine", is_empty=True)


def _columns_of_words() -> Iterator[int]:
    return count(_WORDS, 3)
