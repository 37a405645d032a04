"""The Clients sheet as described: the marks beside the tiers, and the columns that say something."""

import re

import pytest

from tests.method.frames import graded, graded_rows
from tierxl.method.table.columns import GRADED_COLUMNS
from tierxl.sheets.clients import columns_to_show, mark_formulas
from tierxl.sheets.styles import STYLES

CLIENTS = [
    {"Client": "large", "Revenue": 9000, "Profit": 3000},
    {"Client": "large, too", "Revenue": 8000, "Profit": 2500},
    {"Client": "third", "Revenue": 7000, "Profit": 2200},
    {"Client": "grows", "Revenue": 100, "Profit": 1, "Opportunity": "High"},
    {"Client": "tires", "Revenue": 20_000, "Profit": 9, "Opportunity": "Low", "High touch": "Yes", "Marquee": "No"},
    {"Client": "strategic", "Revenue": 100, "Profit": 1, "Strategic value": "Medium"},
    {"Client": "strategic, at a loss", "Revenue": 100, "Profit": -5, "Strategic value": "High"},
    {"Client": "unknown, strategic", "Revenue": None, "Strategic value": "High"},
    {"Client": "unknown", "Revenue": None},
    {"Client": "set by hand", "Revenue": 100, "Profit": 1, "Override tier": "A", "Override reason": "the owner's"},
    {"Client": "small", "Revenue": 100, "Profit": 1},
]
IN_A_SHEET = {"ISNUMBER": bool, "AND": lambda *each: all(each), "OR": lambda *each: any(each)}


def search(text: str, cell: str) -> int:
    """The position of a text in a cell; 0 where it is not there, which is an error in a sheet."""
    return cell.lower().find(text.lower()) + 1


def shown(row: dict[str, object]) -> str:
    """The tier as a reader of the sheet sees it: by the first condition that holds, as in a workbook."""
    cells = {name: f"cell_{at}" for at, name in enumerate(GRADED_COLUMNS)}
    values = {cells[name]: row[name] for name in GRADED_COLUMNS} | IN_A_SHEET | {"SEARCH": search}
    styles = (
        style
        for formula, style in mark_formulas(cells).items()
        if eval(re.sub(r"(?<![<>])=", "==", formula), {}, values)
    )
    style = next(styles, None)
    return (
        str(row["Tier"])
        if style is None
        else STYLES[style].number_format.replace("@", str(row["Tier"])).replace('"', "")
    )


@pytest.mark.parametrize(
    ("client", "tier"),
    [
        ("large", "A"),
        ("grows", "B ↑"),
        ("tires", "C ↓"),
        ("strategic", "B held"),
        ("strategic, at a loss", "B held"),
        ("unknown, strategic", "B held"),
        ("unknown", "Not graded"),
        ("set by hand", "A override"),
        ("small", "C"),
    ],
)
def test_a_mark_says_that_a_tier_was_moved_held_or_overridden(client: str, tier: str):
    rows = {each["Client"]: row for each, row in zip(CLIENTS, graded_rows(graded(CLIENTS)), strict=True)}
    assert shown(rows[client]) == tier


def test_a_tier_with_a_mark_has_the_colours_of_the_tier():
    for name in mark_formulas(dict.fromkeys(GRADED_COLUMNS, "$B2")).values():
        tier = STYLES[name.rpartition("-")[0]]
        assert (STYLES[name].fill, STYLES[name].colour) == (tier.fill, tier.colour)


def test_ratings_and_an_upside_that_nobody_has_are_left_out_and_the_others_keep_their_order():
    assert set(GRADED_COLUMNS) - set(columns_to_show(graded(CLIENTS))) == {"Wallet rating", "Pain rating", "Upside"}
    one_more = [*CLIENTS, {"Client": "shares", "Revenue": 100, "Total spend": 900, "Pain factor": "Low"}]
    assert list(columns_to_show(graded(one_more))) == list(GRADED_COLUMNS)


def test_an_upside_of_millions_of_francs_is_seen_whole():
    widths = columns_to_show(graded([{"Revenue": "CHF 1'000'000", "Total spend": "CHF 151'000'000"}]))
    assert widths["Upside"] >= len("CHF 150,000,000")
