"""The Clients sheet: how the user's columns are helped along, and how the graded columns look beside them."""

from tierxl.method.rating.grading import Grading
from tierxl.method.rating.score import score_cuts
from tierxl.method.table.columns import COLUMNS, GRADED_COLUMNS, Column, Kind
from tierxl.sheets.description import style_beside
from tierxl.sheets.styles import ACTION_STYLES, RATING_STYLES, TIER_STYLES, YES_STYLES

TITLE = TABLE = "Clients"

GRADED_WIDTHS = {
    "Tier": 11,
    "Action": 17,
    "Score": 8,
    "Starting tier": 11,
    "Revenue rating": 11,
    "Wallet rating": 11,
    "Profit rating": 11,
    "Strategic rating": 11,
    "Pain rating": 11,
    "Upside": 12,
    "Provisional": 12,
    "Borderline": 11,
    "Next step": 26,
    "Why": 90,
}
GRADED_STYLES = dict.fromkeys(GRADED_COLUMNS, "centred") | {
    "Tier": "tier",
    "Score": "score",
    "Upside": "money",
    "Next step": "wrapped",
    "Why": "wrapped",
}


def graded_styles(grading: Grading) -> dict[str, str]:
    """The style of each graded column of a grading."""
    score = style_beside(GRADED_STYLES["Score"], grading.columns, "Score", score_cuts(grading.policy))
    return GRADED_STYLES | {"Score": score}


GRADED_COLOURS = RATING_STYLES | {
    "Tier": TIER_STYLES,
    "Starting tier": TIER_STYLES,
    "Action": ACTION_STYLES,
    "Provisional": YES_STYLES,
    "Borderline": YES_STYLES,
}

INPUT_CHOICES = {
    Kind.LEVEL: ("High", "Medium", "Low"),
    Kind.YES_NO: ("Yes", "No"),
    Kind.TIER: ("A", "B", "C"),
}
_INPUT_STYLES = {Kind.MONEY: "money", Kind.PERCENT: "percent", Kind.DATE: "date", Kind.TEXT: "text"}
_TEXT_WIDTHS = {"Client": 32, "Client ID": 11, "Account manager": 20, "Segment": 19, "Override reason": 34}
OWN_COLUMN_WIDTH = 32


def input_style(column: Column | None) -> str:
    """The style of a column that tierxl writes for the user; of the user's own columns, text."""
    if column is None:
        return "wrapped"
    return _INPUT_STYLES.get(column.kind, "centred")


def input_width(column: Column | None) -> float:
    """A width for a column that tierxl writes for the user, in characters."""
    if column is None:
        return OWN_COLUMN_WIDTH
    return _TEXT_WIDTHS.get(column.name, 13)


def prompt(column: Column) -> str:
    """What a cell of a column asks for, as Excel shows it beside the cell."""
    return f"{column.meaning[0].upper()}{column.meaning[1:]}."


KNOWN = {column.field: column for column in COLUMNS}
