"""The Clients sheet: how the user's columns are helped along, and how the graded columns look beside them."""

from collections.abc import Mapping

from tierxl.method.levels import NOT_RATED, RATING_NAMES
from tierxl.method.money import money_text
from tierxl.method.rating.grading import Grading
from tierxl.method.rating.score import score_cuts
from tierxl.method.table import columns
from tierxl.method.table.clients import Series
from tierxl.method.table.columns import COLUMNS, GRADED_COLUMNS, Kind
from tierxl.sheets.currency import style_in
from tierxl.sheets.description import Column, style_beside
from tierxl.sheets.styles import ACTION_STYLES, RATING_STYLES, TIER_STYLES, YES_STYLES

TITLE = TABLE = "Clients"
KIND = TITLE.lower()
"""The mark of links to the sheet of clients, whatever it is called."""

GRADED = (
    Column("Tier", 11, "tier", colours=TIER_STYLES),
    Column("Action", 17, "centred", colours=ACTION_STYLES),
    Column("Reason", 44, "text"),
    Column("Score", 8, "score"),
    Column("Starting tier", 11, "centred", colours=TIER_STYLES),
    *(Column(rating, 11, "centred", colours=colours) for rating, colours in RATING_STYLES.items()),
    Column("Upside", 12, "money"),
    Column("Provisional", 12, "centred", colours=YES_STYLES),
    Column("Borderline", 11, "centred", colours=YES_STYLES),
    Column("What would lift it", 46, "text"),
    Column("Why", 90, "text"),
)
"""The graded columns, as they stand beside the user's; a client is one line, so none of them is wrapped."""
FIRST_SEEN = ("Tier", "Action", "Reason")
"""The graded columns that a user sees first, beside the clients' names."""
GRADED_WIDTHS = {column.header: column.width for column in GRADED}
GRADED_STYLES = {column.header: column.style for column in GRADED}
GRADED_COLOURS = RATING_STYLES | {column.header: column.colours for column in GRADED if column.colours}


_MARKS = {
    "override": 'ISNUMBER(SEARCH("by override",{Reason}))',
    "held": 'OR(ISNUMBER(SEARCH("strategic",{Reason})),ISNUMBER(SEARCH("No move: up",{Why})))',
    "up": "{Tier}<{Starting tier}",
    "down": "{Tier}>{Starting tier}",
}
"""The condition of each mark beside a tier, over the other graded cells of the row; the first that holds counts."""
MARKS_EXPLAINED = (
    "The tier of the client. ↑ and ↓: moved up or down from the starting tier. held: strategic, or what speaks for a "
    "move and against it cancel. override: set by hand. Reason says why. Filters see A, B and C only."
)


def mark_formulas(cells: Mapping[str, str]) -> dict[str, str]:
    """The style of a tier with its mark, by the formula of its condition.

    Args:
        cells: the address of the graded cells of the first row, such as "$B2", by header.
    """
    return {
        f'AND({cells["Tier"]}="{tier}",{condition.format_map(cells)})': f"{TIER_STYLES[tier]}-{mark}"
        for tier in INPUT_CHOICES[Kind.TIER]
        for mark, condition in _MARKS.items()
    }


def rated_columns(grading: Grading) -> list[str]:
    """The ratings that any client has."""
    return [name for name in RATING_STYLES if (grading.columns[name] != RATING_NAMES[NOT_RATED]).any()]


def columns_to_show(grading: Grading) -> dict[str, float]:
    """The graded columns that say something, and their widths, in which each amount is seen whole.

    These are not the ratings that nobody has, nor the upside where nobody has one.
    """
    silent = set(RATING_STYLES) - set(rated_columns(grading))
    upside = grading.columns["Upside"]
    silent |= {"Upside"} if upside.is_null().all() else set()
    longest = 0 if "Upside" in silent else len(money_text(upside.max(), grading.clients.currency))
    widths = GRADED_WIDTHS | {"Upside": max(GRADED_WIDTHS["Upside"], longest)}
    return {name: widths[name] for name in GRADED_COLUMNS if name not in silent}


def graded_styles(grading: Grading) -> dict[str, str]:
    """The style of each graded column of a grading."""
    score = style_beside(GRADED_STYLES["Score"], grading.columns, "Score", score_cuts(grading.policy))
    upside = style_in(GRADED_STYLES["Upside"], grading.clients.currency)
    return GRADED_STYLES | {"Score": score, "Upside": upside}


INPUT_CHOICES = {
    Kind.LEVEL: ("High", "Medium", "Low"),
    Kind.YES_NO: ("Yes", "No"),
    Kind.TIER: ("A", "B", "C"),
}
_INPUT_STYLES = {Kind.MONEY: "money", Kind.PERCENT: "percent", Kind.DATE: "date", Kind.TEXT: "text"}
_TEXT_WIDTHS = {
    "Client": 32,
    "Client ID": 11,
    "Account manager": 20,
    "Segment": 19,
    "Satisfaction": 15,
    "Override reason": 34,
}
OWN_COLUMN_WIDTH = 32


def input_style(column: columns.Column | None, *, is_of_days: bool = False) -> str:
    """The style of a column that tierxl writes for the user; one of the user's own is text, unless it is of days."""
    if column is None:
        return "date" if is_of_days else "text"
    return _INPUT_STYLES.get(column.kind, "centred")


def input_width(column: columns.Column | None, amounts: Series | None = None, currency: str = "") -> float:
    """A width for a column that tierxl writes for the user, in characters: each of its amounts is seen whole."""
    if column is None:
        return OWN_COLUMN_WIDTH
    known = [] if amounts is None else amounts.drop_nulls().to_list()
    shown = [money_text(amount, currency) for amount in (min(known), max(known))] if known else []
    return _TEXT_WIDTHS.get(column.name, max([13, *(len(text) + 1 for text in shown)]))


def prompt(column: columns.Column) -> str:
    """The input message of a column, as Excel shows it beside a cell."""
    end = "" if column.meaning.endswith("?") else "."
    return f"{column.meaning[0].upper()}{column.meaning[1:]}{end}"


KNOWN = {column.field: column for column in COLUMNS}
