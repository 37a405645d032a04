"""The Shed list: the clients to let go with the reasons and the ways out, and those that are held back."""

import narwhals as nw

from tierxl.method.rating.figures import PERCENT
from tierxl.method.rating.grading import Grading
from tierxl.method.rating.moves import REVIEW, SHED
from tierxl.method.rating.ratings import margin, margin_cuts, profit
from tierxl.sheets.description import LAST_ROW, MOST_REPEATED, Cell, Colouring, Lines, Sheet, Table
from tierxl.sheets.styles import TIER_STYLES
from tierxl.sheets.wording import TITLE_HEIGHT, exit_line, heading, style_beside

_COLUMNS = (
    ("Client", 32, "text"),
    ("Account manager", 20, "text"),
    ("Tier", 8, "tier"),
    ("Revenue", 13, "money"),
    ("Profit", 13, "money"),
    ("Margin", 10, "percent"),
    ("Profit rating", 13, "centred"),
    ("Pain rating", 13, "centred"),
    ("Way out", 46, "wrapped"),
    ("Why", 90, "wrapped"),
)
_ROWS_BETWEEN = 5
"""Rows that are kept free for what stands below."""


def describe(grading: Grading) -> Sheet:
    """The sheet of a graded portfolio."""
    leaving = _table(grading, SHED, exit_line(grading.policy), 5, "Shed_list")
    row = leaving.area.bottom + 3
    held = _table(
        grading, REVIEW, "Held: strategic, or overridden. Review the exception.", row + 1, "Review_exceptions"
    )
    count = len(leaving.rows)
    what = "No client is" if not count else "1 client is" if count == 1 else f"{count:,} clients are"
    elsewhere = "" if "Why" in leaving.headers else " (why stands beside each of your clients)"
    return Sheet(
        kind="shed list",
        title="Shed list",
        cells=(
            *heading("Shed list", grading.as_of),
            Cell(4, 1, f"{what} to be shed{elsewhere}", "section"),
            Cell(row, 1, "Review exceptions: the shed rule applies, but the client is held", "section"),
        ),
        tables=(leaving, held),
        colourings=[Colouring(table.column_area("Tier"), TIER_STYLES) for table in (leaving, held)],
        heights={1: TITLE_HEIGHT},
        widths=[width for _, width, _ in _COLUMNS],
        freeze=(4, 2),
    )


def _table(grading: Grading, action: str, way_out: str, row: int, name: str) -> Table:
    fields = ("client", "account_manager", "revenue")
    lines = grading.lines(*fields, earned_profit=profit(), earned_margin=margin())
    lines = lines.filter((nw.col("Action") == action).fill_null(False))
    fitting = lines.head(max(LAST_ROW - row - _ROWS_BETWEEN, 0))
    columns = _COLUMNS if len(grading.columns) <= MOST_REPEATED else _COLUMNS[:-1]
    shown = (
        "client", "account_manager", "Tier", "revenue", "earned_profit", "earned_margin", "Profit rating",
        "Pain rating", nw.lit(way_out).alias("way_out"), "Why",
    )  # fmt: skip
    rows = Lines(fitting.select(*shown[: len(columns)]))
    margins = style_beside("percent", fitting, "earned_margin", margin_cuts(grading.cuts), PERCENT)
    styles = [margins if header == "Margin" else style for header, _, style in columns]
    return Table(row, 1, [header for header, _, _ in columns], rows, styles, name=name if rows else "")
