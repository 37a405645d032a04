"""A workbook that grades itself: clients, Settings, and the formulas beside them, put where they belong."""

import math
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter

from tierxl.formulas import placed
from tierxl.formulas.graded import LIVE, LiveFormulas, live_formulas
from tierxl.formulas.settings import SETTINGS
from tierxl.method.documented_settings import value_of
from tierxl.method.policy import Policy
from tierxl.method.rating.grading import Grading
from tierxl.method.table.columns import COLUMNS, Kind

Client = Mapping[str, Any]
_ROW = "⟨row⟩"
"""What stands for the number of a client's row until that is known."""
HEADERS = [column.name for column in COLUMNS if column.kind != Kind.TEXT]
FIELDS = [column.field for column in COLUMNS if column.kind != Kind.TEXT]


@cache
def formulas() -> LiveFormulas:
    """The formulas for clients of whom every column is in the table."""
    return live_formulas(FIELDS)


def write(
    path: Path, clients: Sequence[Client], settings: Mapping[str, Any], as_of: date, live: LiveFormulas | None = None
) -> Path:
    """A workbook of clients whose graded columns are formulas; nothing in it is calculated yet."""
    live, book = live or formulas(), Workbook()
    page, settings_page, figures = book.active, book.create_sheet("Settings"), book.create_sheet("Figures")
    policy = Policy.with_settings(settings)
    places: dict[str, str] = {"day": "Figures!$A$1"}
    for row, (name, setting) in enumerate(SETTINGS.items(), 1):
        settings_page.cell(row, 3, value_of(policy, setting))
        places[f"cell {name}"] = f"Settings!$C${row}"
    figures["A1"] = datetime(as_of.year, as_of.month, as_of.day)
    places |= {name: f"Figures!$B${row}" for row, name in enumerate(live.figures, 1)}
    for at, (of, words) in enumerate(live.words.items()):
        left, right = (get_column_letter(4 + 2 * at + each) for each in (0, 1))
        for row, (word, number) in enumerate(words.items(), 1):
            figures[f"{left}{row}"], figures[f"{right}{row}"] = word, number
            figures[f"{left}{row}"].data_type = "s"
        places[f"words of {of}"] = f"Figures!${left}$1:${left}${len(words)}"
        places[f"numbers of {of}"] = f"Figures!${right}$1:${right}${len(words)}"
    columns = {name: get_column_letter(at) for at, name in enumerate((*HEADERS, *live.columns), 1)}
    last = len(clients) + 1
    places |= {f"all {name}": f"Clients!${letter}$2:${letter}${last}" for name, letter in columns.items()}
    page.title = "Clients"
    page.append(list(columns))
    in_row = {name: f"${letter}{_ROW}" for name, letter in columns.items()}
    in_rows = {name: "=" + placed(formula, (places | in_row).__getitem__) for name, formula in live.columns.items()}
    for row, client in enumerate(clients, 2):
        for name in HEADERS:
            page[f"{columns[name]}{row}"] = client.get(name)
        for name, formula in in_rows.items():
            page[f"{columns[name]}{row}"] = formula.replace(_ROW, str(row))
    for row, formula in enumerate(live.figures.values(), 1):
        figures.cell(row, 2, "=" + placed(formula, places.__getitem__))
    book.save(path)
    return path


def calculated_rows(path: Path) -> list[dict[str, Any]]:
    """The rows of a workbook that a program has calculated, with None for an empty text."""
    with closing(load_workbook(path, read_only=True, data_only=True)) as book:
        header, *rows = book["Clients"].iter_rows(values_only=True)
    return [{name: plain(value) for name, value in zip(header, row, strict=True)} for row in rows]


def graded_rows(grading: Grading) -> list[dict[str, Any]]:
    """The same rows as they are graded."""
    return [{name: plain(row[name]) for name in LIVE} for row in grading.columns.iter_rows(named=True)]


def plain(value: Any) -> Any:
    if isinstance(value, float):
        return None if math.isnan(value) else float(f"{value:.13g}")
    return None if value == "" else value
