"""Every style that a sheet names exists, can be read, and never says something by its colour alone."""

from collections import defaultdict
from collections.abc import Sequence
from functools import cache

import pytest

from tests.method.frames import graded
from tests.sheets.looks import styled
from tierxl.formulas.graded import live_formulas
from tierxl.method.levels import RATING_NAMES, TIER_NAMES
from tierxl.method.plan.portfolio import portfolio
from tierxl.method.rating.moves import ACTIONS
from tierxl.sheets import clients, live
from tierxl.sheets.description import Sheet
from tierxl.sheets.graded_workbook import OWN_TITLES, own_sheets
from tierxl.sheets.styles import ACTION_STYLES, MOVE_STYLES, RATING_STYLES, STYLES, TIER_STYLES, YES_STYLES, Style

EVERY_KIND = [
    {
        "Client": "a",
        "Revenue": 900,
        "Profit": 300,
        "Strategic value": "High",
        "Total spend": 9000,
        "Pain factor": "Low",
    },
    {"Client": "b", "Revenue": 400, "Profit": 60, "Retention risk": "High", "Strategic value": "Medium"},
    {"Client": "sheds", "Revenue": 100, "Profit": -1, "Last contact": "2020-01-01"},
    {"Client": "held", "Revenue": 100, "Profit": -1, "Strategic value": "High"},
    {"Client": "unknown", "Revenue": None},
]


@cache
def sheets() -> Sequence[Sheet]:
    grading = graded(EVERY_KIND)
    anywhere: defaultdict[str, str] = defaultdict(lambda: "Clients!$A$2")
    formulas = live.describe(live_formulas(["client", "revenue"]), anywhere, "TODAY()")
    return [*own_sheets(grading, portfolio(grading), grading.issues, there=OWN_TITLES), formulas]


def test_every_kind_of_sheet_is_described_once_in_its_order():
    assert {sheet.kind: sheet.title for sheet in sheets()} == OWN_TITLES
    assert [sheet.kind for sheet in sheets()] == list(OWN_TITLES)


@pytest.mark.parametrize("kind", OWN_TITLES)
def test_every_style_that_a_sheet_names_exists(kind: str):
    (sheet,) = (sheet for sheet in sheets() if sheet.kind == kind)
    named = {style for _, style in styled(sheet)}
    for colouring in sheet.conditional_formats:
        named |= set(colouring.styles.values())
        if colouring.above:
            named.add(colouring.above[1])
    named |= {series.style for chart in sheet.charts for series in chart.series}
    assert named <= set(STYLES)


def test_every_style_of_the_clients_sheet_exists():
    named = set(clients.GRADED_STYLES.values()) | {"graded-header", "header"}
    named |= {clients.input_style(column) for column in (None, *clients.KNOWN.values())}
    named |= {style for styles in clients.GRADED_COLOURS.values() for style in styles.values()}
    assert named <= set(STYLES)


def test_every_tier_rating_and_action_that_there_is_has_its_colour():
    assert set(TIER_STYLES) == set(TIER_NAMES.values())
    assert set(ACTION_STYLES) == {rule.name for rule in ACTIONS} - {"Maintain"}, "Maintain needs no attention"
    for column, styles in RATING_STYLES.items():
        laggard = set() if column == "Profit rating" else {"Laggard"}
        assert set(styles) | laggard == set(RATING_NAMES.values()), column


SAYING = set(TIER_STYLES.values()) | set(ACTION_STYLES.values()) | {
    style for styles in RATING_STYLES.values() for style in styles.values()
}  # fmt: skip


def test_a_live_colour_depends_on_the_word_in_the_cell():
    words = (
        set(TIER_STYLES)
        | set(ACTION_STYLES)
        | set(YES_STYLES)
        | set(MOVE_STYLES)
        | {word for styles in RATING_STYLES.values() for word in styles}
    )
    words |= {"Neglected", "No contact recorded", "None recorded", "not measured"}
    words |= {"Over capacity", "Tier A without a Senior", "Senior on tier C", "Not listed", "Hours not known"}
    for sheet in sheets():
        for colouring in sheet.conditional_formats:
            assert set(colouring.styles) <= words
            assert all(word.strip() for word in colouring.styles)


def test_no_cell_has_the_colour_of_a_tier_a_rating_or_an_action_but_by_its_word():
    assert [(value, style) for sheet in sheets() for value, style in styled(sheet) if style in SAYING] == []


def test_the_header_in_the_colour_of_a_tier_names_the_tier():
    headers = [
        (value, style)
        for sheet in sheets()
        for value, style in styled(sheet)
        if style in ("header-a", "header-b", "header-c")
    ]
    assert sorted(headers) == [("Tier A", "header-a"), ("Tier B", "header-b"), ("Tier C", "header-c")]


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(style: Style) -> float:
    light, dark = sorted((luminance(style.colour or "1F2933"), luminance(style.fill or "FFFFFF")), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("name", [name for name in STYLES if name != "point-c"])
def test_text_can_be_read_on_the_colour_behind_it(name: str):
    assert contrast(STYLES[name]) >= 4.5


def test_the_colours_of_a_scale_differ():
    for styles in (TIER_STYLES, ACTION_STYLES, *RATING_STYLES.values()):
        looks = [STYLES[name] for name in styles.values()]
        assert len(looks) == len(set(looks))
