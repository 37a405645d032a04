"""The Start here sheet: what the workbook is, three steps, and what to do when the buttons do nothing."""

import tomllib
from collections.abc import Collection, Sequence
from importlib.resources import files
from typing import Any

from tierxl.sheets.description import Cell, Column, Sheet, Table

TITLE = "Start here"
_WORDS: dict[str, Any] = tomllib.loads((files("tierxl.sheets") / "start_here.toml").read_text(encoding="utf-8"))
_COLUMNS = ((30, "label"), (84, "wrapped"), (46, "wrapped"))
"""The width and the style of each column."""


def describe(
    functions: Sequence[tuple[str, str, str]], titles: Collection[str], *, has_macros: bool, has_add_in: bool = False
) -> Sheet:
    """The sheet of the template with macros, of the one for the add-in, or of the one without both.

    Args:
        functions: the worksheet functions: name, help, and the names of the arguments.
        titles: the titles of the sheets that it leads to.
        has_macros: whether the template has macros.
        has_add_in: whether it is for those who have the add-in.
    """
    has_buttons = has_macros or has_add_in
    steps, sheets, hosts = (_words(name, has_add_in=has_add_in) for name in ("steps", "sheets", "hosts"))
    if not has_buttons:
        steps = _WORDS["steps_without_macros"]
    contents: list[tuple[str, tuple[str, ...], Sequence[tuple[str, ...]]]] = [
        ("Three steps", ("Step", "What to do"), list(steps.items())),
        ("What each sheet shows", ("Sheet", "What it shows"), list(sheets.items())),
    ]
    if has_buttons:
        cures = _WORDS["cures_with_add_in" if has_add_in else "cures"]
        own_cells = "Functions for cells of your own, in Excel for Windows"
        contents += [
            (own_cells, ("Function", "What it answers", "Arguments"), functions),
            ("What runs where", ("Where", "What runs"), list(hosts.items())),
            ("If the buttons do nothing", ("What you see", "What to do"), list(cures.items())),
        ]
    tables: list[Table] = []
    row = 5
    for title, headers, rows in contents:
        columns = [Column(header, *of) for header, of in zip(headers, _COLUMNS, strict=False)]
        tables.append(Table(row, columns, rows, title=title))
        row = tables[-1].bottom + 3
    of_sheets = enumerate(tables[1].rows, tables[1].row + 1)
    texts = [Cell(at, 1, title, "link", link=str(title)) for at, (title, _) in of_sheets if title in titles]
    if not has_buttons:
        texts.append(Cell(row - 1, 1, "Macros", "section"))
        texts += [Cell(at, 1, sentence) for at, sentence in enumerate(_WORDS["no_macros"], row)]
    widths = [width for width, _ in _COLUMNS]
    return Sheet(TITLE, tables, [_WORDS["note"]], texts, heading="Client tiers", widths=widths)


def _words(name: str, *, has_add_in: bool) -> dict[str, str]:
    """A table of words, those for the add-in among them."""
    return {**_WORDS[name], **(_WORDS.get(f"{name}_with_add_in", {}) if has_add_in else {})}


def words_in_lite() -> dict[str, str]:
    """The sentences of the workbook for xlwings Lite, by those of the templates without macros in their place."""
    steps = {_WORDS["steps_without_macros"][step]: words for step, words in _WORDS["steps_in_lite"].items()}
    others = dict(zip(_WORDS["no_macros"], _WORDS["in_lite"], strict=True))
    return steps | others | {_WORDS["live"][2]: _WORDS["live_in_lite"]}


def describe_live() -> Sheet:
    """The sheet of the template whose tiers are formulas."""
    columns = [Column(header, *of) for header, of in zip(("Step", "What to do"), _COLUMNS, strict=False)]
    steps = Table(5, columns, list(_WORDS["steps_live"].items()), title="Three steps")
    texts = [Cell(row, 1, sentence) for row, sentence in enumerate(_WORDS["live"], steps.bottom + 2)]
    return Sheet(TITLE, [steps], [_WORDS["note"]], texts, heading="Client tiers", widths=steps.widths)
