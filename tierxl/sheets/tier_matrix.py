"""The Tier matrix: the five ratings and the grade, one row a client."""

import narwhals as nw

from tierxl.method.rating.grading import Grading
from tierxl.method.rating.score import score_cuts
from tierxl.sheets.description import LAST_ROW, Cell, Colouring, Lines, Sheet, Table
from tierxl.sheets.styles import ACTION_STYLES, RATING_STYLES, TIER_STYLES
from tierxl.sheets.wording import TITLE_HEIGHT, heading, shortened, style_beside

_COLUMNS = (
    ("Client", 32, "text"),
    ("Revenue rating", 13, "centred"),
    ("Wallet rating", 13, "centred"),
    ("Profit rating", 13, "centred"),
    ("Strategic rating", 13, "centred"),
    ("Pain rating", 13, "centred"),
    ("Score", 9, "score"),
    ("Tier", 11, "tier"),
    ("Action", 17, "centred"),
)
_HEADER_ROW = 5
_ELSEWHERE = "all stand beside your clients, where you can filter and sort them"


def describe(grading: Grading) -> Sheet:
    """The sheet of a graded portfolio, the best tier and score at the top."""
    headers = [header for header, _, _ in _COLUMNS]
    lines = grading.lines(Client=nw.col("client")).select(headers)
    lines = lines.sort("Tier", "Score", descending=[False, True], nulls_last=True)
    fitting, remark = shortened(lines, LAST_ROW - _HEADER_ROW, _ELSEWHERE)
    score = style_beside("score", fitting, "Score", score_cuts(grading.policy))
    matrix = Table(
        _HEADER_ROW,
        1,
        headers,
        Lines(fitting),
        [score if header == "Score" else style for header, _, style in _COLUMNS],
        name="Tier_matrix",
    )
    colours = {"Tier": TIER_STYLES, "Action": ACTION_STYLES} | RATING_STYLES
    legend = (
        "Green speaks for a client, yellow is between, red speaks against it. A Low wallet share speaks for a client: "
        "there is more to win. So does a Low pain factor."
    )
    return Sheet(
        kind="tier matrix",
        title="Tier matrix",
        cells=(*heading("Tier matrix", grading.as_of), Cell(3, 1, legend + remark, "note")),
        tables=(matrix,),
        colourings=[Colouring(matrix.column_area(header), styles) for header, styles in colours.items()],
        heights={1: TITLE_HEIGHT},
        widths=[width for _, width, _ in _COLUMNS],
        freeze=(_HEADER_ROW + 1, 2),
        print_header_row=_HEADER_ROW,
    )
