"""The Tier matrix: the five ratings and the grade, one row a client."""

import narwhals as nw

from tierxl.method.rating.grading import Grading
from tierxl.method.rating.score import score_cuts
from tierxl.sheets.clients import rated_columns
from tierxl.sheets.description import Cell, Column, Sheet, Table, too_long
from tierxl.sheets.styles import ACTION_STYLES, RATING_STYLES, TIER_STYLES
from tierxl.sheets.wording import made_anew

TITLE = "Tier matrix"
_COLUMNS = (
    Column("Client", 32, "name"),
    *(Column(rating, 13, "centred", colours=colours) for rating, colours in RATING_STYLES.items()),
    Column("Score", 9, "score"),
    Column("Tier", 11, "tier", colours=TIER_STYLES),
    Column("Action", 17, "centred", colours=ACTION_STYLES),
)
_COMPARED = 2
"""The fewest ratings that are worth a look side by side."""
_NOT_COMPARED = "Fewer than two ratings are known: there is nothing to see side by side."
_HEADER_ROW = 5
_ELSEWHERE = "all stand beside your clients, where you can filter and sort them"
_LEGEND = (
    "The greener a rating, the more points it earns; grey earns none. A Low wallet share earns all of them: there is "
    "more to win. So does a Low pain factor. Only a Laggard is red."
)


def describe(grading: Grading) -> Sheet:
    """The sheet of a graded portfolio, the best tier and score at the top."""
    rated = rated_columns(grading)
    if len(rated) < _COMPARED:
        notes, texts = [made_anew(grading.as_of)], [Cell(4, 1, _NOT_COMPARED, "section")]
        return Sheet(TITLE, notes=notes, texts=texts, is_empty=True)
    columns = [column for column in _COLUMNS if column.header not in RATING_STYLES or column.header in rated]
    clients = grading.lines(Client=nw.col("client")).select(column.header for column in columns)
    clients = clients.sort("Tier", "Score", descending=[False, True], nulls_last=True)
    cuts = {"Score": score_cuts(grading.policy)}
    matrix = Table.of(clients, columns, _HEADER_ROW, cuts=cuts, elsewhere=_ELSEWHERE, name="Tier_matrix")
    remark = too_long(len(matrix.rows), len(clients), _ELSEWHERE)
    return Sheet(
        TITLE,
        [matrix],
        [made_anew(grading.as_of), _LEGEND, *([f"The clients here are {remark}."] if remark else [])],
        widths=matrix.widths,
        freeze=(_HEADER_ROW + 1, 2),
        print_header_row=_HEADER_ROW,
    )
