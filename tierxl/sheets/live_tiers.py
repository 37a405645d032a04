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
NEEDS_MACROS = "needs macros"
NEEDS_ADD_IN = "needs the add-in"
"""The texts in place of a tier in the workbooks without macros, once their cells are calculated."""

_WITH_MACROS = (
    f"The tiers of the sheet {CLIENTS} as formulas: in Excel for Windows they follow each change there, and on the "
    "sheet Settings, at once."
)
_WITHOUT_MACROS = (
    "The tiers of the sample clients. Yours follow them in the workbook Client Tiers.xlsm, in Excel for Windows."
)
_WITH_ADD_IN = (
    "The tiers of the sample clients. In Excel for Windows, yours follow each change: click the cells B5 and P5 once "
    "each, and press F2 and Enter."
)
_AMISS = "There is nothing to type here. Where you read #NAME? in place of tiers: see the sheet Start here."
_TOTALS = f" A totals row of the table {TABLE} would count as a client here: leave it off."


def describe(grading: Grading, *, has_macros: bool, has_add_in: bool = False) -> Sheet:
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
    note = _WITH_MACROS if has_macros else _WITH_ADD_IN if has_add_in else _WITHOUT_MACROS
    return Sheet(
        TITLE,
        [live],
        [note, _AMISS + (_TOTALS if has_macros else "")],
        widths=live.widths,
        freeze=(HEADER_ROW + 1, GRADES_COLUMN),
        print_columns=_PRINTED,
        print_header_row=HEADER_ROW,
    )
