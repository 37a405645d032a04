"""The Live tiers sheet: the grades beside the clients' names, where formulas keep them up to date."""

from dataclasses import replace

import narwhals as nw

from tierxl.method.rating.grading import Grading
from tierxl.sheets.clients import GRADED, GRADED_WIDTHS, TABLE, graded_styles
from tierxl.sheets.clients import TITLE as CLIENTS
from tierxl.sheets.description import Column, Sheet, Table

TITLE = "Live tiers"
HEADER_ROW = 5
CLIENT_COLUMN, GRADES_COLUMN = 1, 2
"""The columns from which the names of the clients spill, and their grades."""

_WIDTHS = {header: max(width, len(header) + 3) for header, width in GRADED_WIDTHS.items()}
_PRINTED = CLIENT_COLUMN + [column.header for column in GRADED].index("Revenue rating")
"""The columns that are printed: those that a page has room for."""
_FOLLOW = (
    f"The tiers of the sheet {CLIENTS} as formulas: in Excel for Windows they follow each change there, and on the "
    "sheet Settings, at once."
)
_AMISS = "There is nothing to type here. Where you read #NAME? in place of tiers: see the sheet Start here."
TOTALS = f"A totals row of the table {TABLE} would count as a client here: leave it off."


def describe(grading: Grading) -> Sheet:
    """The sheet with the grades of a portfolio; the cells from the header row on are what the formulas come to."""
    styles = graded_styles(grading)
    columns = [
        Column("Client", 32),
        *(replace(column, width=_WIDTHS[column.header], style=styles[column.header]) for column in GRADED),
    ]
    clients = grading.lines(Client=nw.col("client")).select(column.header for column in columns)
    live = Table(
        HEADER_ROW,
        columns,
        [tuple("" if value is None else value for value in row) for row in clients.iter_rows()],
        CLIENT_COLUMN,
        header_style="live-header",
        grows=True,
    )
    return Sheet(
        TITLE,
        [live],
        [_FOLLOW, f"{_AMISS} {TOTALS}"],
        widths=live.widths,
        freeze=(HEADER_ROW + 1, GRADES_COLUMN),
        print_columns=_PRINTED,
        print_header_row=HEADER_ROW,
    )
