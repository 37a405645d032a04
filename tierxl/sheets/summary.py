"""The Summary, the sheet that opens: how the portfolio stands, what to do next, and the way to the other sheets."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import narwhals as nw

from tierxl.method.levels import NOT_GRADED, TIER_NAMES
from tierxl.method.plan.history import DOWN, UP
from tierxl.method.plan.portfolio import Portfolio
from tierxl.method.plan.summary import MOST_STEPS, Summary, TierLine, Tile
from tierxl.method.rating.grading import Grading
from tierxl.method.table.clients import Frame
from tierxl.sheets import clients as clients_sheet
from tierxl.sheets.description import FIGURES_COLUMN, TITLE_HEIGHT, Cell, Chart, Column, Sheet, Table
from tierxl.sheets.live import CLIENTS_OF_TIER, REVENUE_OF_TIER, SHARE_OF_REVENUE
from tierxl.sheets.live_lists import live_list
from tierxl.sheets.live_summary import headline, list_title, names_in_headline, steps_title, tile_formulas
from tierxl.sheets.portfolio import pareto_chart, tier_chart
from tierxl.sheets.styles import ACTION_STYLES, MOVE_STYLES, TIER_STYLES
from tierxl.sheets.wording import height_of, made_anew

TITLE = "Summary"
KIND = TITLE.lower()

_WIDTHS = (26, 6, 11, 15, 43, 11, 1, 12, 8, 11, 8, 7)
_RIGHT = 8
"""The first column of what stands right of the clients."""
_HEADLINE_ROW, _TILES_ROW, _TABLES_ROW = 3, 5, 10
_HEADLINE_WIDTH = 90
_ROW_HEIGHT = 15.0
"""The height of each row below the tiles, in points: a title on the left makes none on the right higher."""
_TILES = ((1, 1), (2, 3), (5, 1), (6, 4), (10, 3))
"""The first column and the number of columns of each tile."""
_TO_GROW, _TO_SHED = "To grow, the most upside first", "To reprice or let go"
_Listed = tuple[str, Frame, Sequence[Column]]
"""A list of clients: its title, the clients, and the columns beside their names."""
_ALARMS = ("At risk", "Overdue", "To shed")
MOST_LISTED = 4
"""The most clients of a list beside what is next."""
_SPAN = 6
"""The columns of the clients on the left."""
_TIERS = (
    Column("Tier", style="tier", value="tier", colours=TIER_STYLES),
    Column("Clients", style="count", value="clients", formula=CLIENTS_OF_TIER),
    Column("Revenue", style="money", value="revenue", formula=REVENUE_OF_TIER),
    Column("Share", style="percent", value="share", formula=SHARE_OF_REVENUE),
    Column("Hours", style="count", value="hours"),
)
_CLIENT, _TIER, _REVENUE = (
    Column("Client", style="name", value="client"),
    Column("Tier", style="tier", colours=TIER_STYLES),
    Column("Revenue", style="money", value="revenue"),
)
_WHO = Column("Who", style="indented", value="account_manager")
_ACTION = Column("Action", style="centred", colours=ACTION_STYLES)
_MOVES = (
    _TIER,
    _REVENUE,
    Column("Move", style="centred", colours=MOVE_STYLES),
    Column("What changed"),
)
_CHART_WIDTH, _CHART_HEIGHT, _CHART_ROWS = 8.4, 5.4, 11


def describe(
    summary: Summary, grading: Grading, portfolio: Portfolio, others: Sequence[Sheet] = (), *, is_live: bool = False
) -> Sheet:
    """The sheet of a summary.

    Args:
        summary: the summary.
        grading: the grading, for the curve of its revenue.
        portfolio: its figures.
        others: the other sheets of ours, to which this one leads.
        is_live: whether formulas keep it up to date.
    """
    left, sentences, sentence = (
        _live_left(summary, grading.clients.currency) if is_live else ([*_left(summary)], [], "")
    )
    tiers = Table.of(summary.tiers, _TIERS, _TABLES_ROW, column=_RIGHT, title="Tiers")
    if is_live:
        tiers = Table.of(_with_ungraded(summary.tiers), _TIERS[:-1], _TABLES_ROW, column=_RIGHT, title="Tiers")
    below = tiers.bottom + 2
    links = list(_links(others, below + 1))
    figures, charts = _charts(grading, portfolio, links[-1].row + 2 if links else below)
    rests_on = list(_rests_on(summary, left[-1].bottom + 2 if left else _TABLES_ROW))
    return Sheet(
        TITLE,
        [*left, tiers, *figures],
        [made_anew(grading.as_of)],
        [
            Cell(_HEADLINE_ROW, 1, summary.headline, "headline", _SPAN, formula=sentence),
            *sentences,
            *_tiles(summary.tiles),
            Cell(tiers.bottom + 1, _RIGHT, f"Should you tier? {summary.verdict}.", "label", is_dated=True),
            *links,
            *rests_on,
        ],
        charts=charts,
        heights=dict.fromkeys(range(_TABLES_ROW - 1, rests_on[-1].row + 1), _ROW_HEIGHT)
        | {
            _HEADLINE_ROW: 1.25 * height_of(_HEADLINE_WIDTH, summary.headline),
            _TILES_ROW - 1: 6,
            _TILES_ROW + 1: TITLE_HEIGHT,
            _TILES_ROW + 3: 6,
        }
        | {
            cell.row: max(height_of(sum(_WIDTHS[1:_SPAN]), str(cell.value)), _ROW_HEIGHT)
            for cell in rests_on
            if cell.span > 1
        },
        widths=_WIDTHS,
        print_columns=len(_WIDTHS),
        is_one_page=True,
    )


def _with_ungraded(tiers: Sequence[TierLine]) -> list[TierLine]:
    """The lines of the tiers, with one for clients without a tier whether there are any or not."""
    of_tier = {line.tier: line for line in tiers}
    ungraded = TierLine(TIER_NAMES[NOT_GRADED], 0, 0.0, 0.0, None)
    return [*tiers[:-1], *([] if ungraded.tier in of_tier else [ungraded]), tiers[-1]]


def _tiles(tiles: Sequence[Tile]) -> Iterator[Cell]:
    for tile, (column, span) in zip(tiles, _TILES, strict=True):
        style = "tile-alarm" if tile.name in _ALARMS and tile.amount else "tile-amount"
        amount, sentence = tile_formulas(tile)
        cells = {
            tile.name: ("tile-name", ""),
            "–" if tile.amount is None else tile.amount: (style, amount),
            tile.sentence: ("tile-about", sentence),
        }
        for row, (value, (look, formula)) in enumerate(cells.items(), _TILES_ROW):
            yield Cell(row, column, value, look, span, formula=formula)


def _left(summary: Summary) -> Iterator[Table]:
    """The tables of clients, one below the other: only those that have any."""
    row = _TABLES_ROW
    for title, clients, columns in [*_lists(summary), *_moves(summary)]:
        if len(clients):
            listed = clients.head(MOST_LISTED) if clients is not summary.next_steps else clients
            table = Table.of(listed, (_CLIENT, *columns), row, title=title)
            yield table
            row = table.bottom + 3


def _lists(summary: Summary) -> list[_Listed]:
    """The clients of whom something is to be done."""
    steps, to_shed, to_grow = summary.next_steps, summary.to_shed, summary.to_grow
    what = (Column("What", style="wrapped", value="next_step"), Column("By", style="date", value="by"))
    why = Column("Why", value="Reason")
    upside = Column("Upside", style="money")
    return [
        ("This week" if summary.is_this_week else "What is next", steps, (_TIER, _REVENUE, _who(steps), *what)),
        (_title(_TO_GROW, to_grow), to_grow, (_TIER, upside, _who(to_grow), why)),
        (_title(_TO_SHED, to_shed), to_shed, (_TIER, _REVENUE, _who(to_shed), why)),
    ]


def _moves(summary: Summary) -> list[_Listed]:
    """The largest who moved up and those who moved down, half and half where there are enough of both."""
    if not summary.moved:
        return []
    up, down = (summary.moved.clients.filter(nw.col("Move") == move) for move in (UP, DOWN))
    shown = up.head(MOST_LISTED - min(len(down), MOST_LISTED // 2))
    return [(summary.moved.sentence, nw.concat([shown, down.head(MOST_LISTED - len(shown))]), _MOVES)]


def _live_left(summary: Summary, currency: str) -> tuple[list[Table], list[Cell], str]:
    """The tables of clients that formulas keep up to date, the cells that they take, and the formula of the headline.

    Each of them has its rows whether there are clients for it or not.
    """
    row, tables, lists = _TABLES_ROW, [], []
    orders = (("week place", "largest revenue"), ("grow place", ""), ("shed place", "largest revenue"))
    for (title, clients, columns), (place, amount) in zip(_lists(summary), orders, strict=True):
        rows = MOST_STEPS if clients is summary.next_steps else MOST_LISTED
        finders, listed = live_list(
            Table.of(clients.head(rows), (_CLIENT, *columns), row, title=title), place, rows, amount
        )
        tables += [finders, replace(listed, title="")]  # which is a cell of its own
        lists.append(listed)
        row = listed.bottom + 3
    for title, clients, columns in _moves(summary):
        if len(clients):
            tables.append(Table.of(clients.head(MOST_LISTED), (_CLIENT, *columns), row, title=title))
    steps, to_grow, to_shed = lists
    names = names_in_headline(row)
    titles = [
        steps_title(steps),
        list_title(to_grow, _TO_GROW, 'COUNTIF(⟨all grow place⟩,">0")'),
        list_title(to_shed, _TO_SHED, "SUM(⟨all shed place⟩)"),
    ]
    parts, sentence = headline(currency, names[-1], to_shed)
    return [*names, *tables], [*parts, *titles], sentence


def _title(title: str, clients: Frame) -> str:
    return f"{title}: the first {MOST_LISTED} of {len(clients):,}" if len(clients) > MOST_LISTED else title


def _who(clients: Frame) -> Column:
    """The account managers; their actions where the clients have none."""
    return _ACTION if clients["account_manager"].is_null().all() else _WHO


def _rests_on(summary: Summary, row: int) -> Iterator[Cell]:
    """The lines on what the grades rest on; the data issues lead to the sheet that lists them."""
    yield Cell(row, 1, "What the grades rest on", "section", is_dated=True)
    for at, (name, text) in enumerate(summary.rests_on.items(), row + 1):
        yield Cell(at, 1, name, "label-wrapped", is_dated=True)
        yield Cell(at, 2, text, "wrapped", _SPAN - 1, is_dated=True)


def _links(sheets: Sequence[Sheet], row: int) -> Iterator[Cell]:
    """The way to the clients and to the other sheets, in two columns."""
    if not sheets:
        return
    yield Cell(row, _RIGHT, "Sheets", "section")
    ways = [(clients_sheet.TITLE, clients_sheet.KIND), *((sheet.title, sheet.kind) for sheet in sheets)]
    half = (len(ways) + 1) // 2
    for at, (title, kind) in enumerate(ways):
        below, beside = at % half, 2 * (at // half)
        yield Cell(row + 1 + below, _RIGHT + beside, title, "link", link=kind)


def _charts(grading: Grading, portfolio: Portfolio, row: int) -> tuple[list[Table], list[Chart]]:
    """The two charts, and the figures behind them; those of no revenue draw nothing."""
    size = {"column": _RIGHT, "width": _CHART_WIDTH, "height": _CHART_HEIGHT}
    tiers, shares = tier_chart(portfolio, FIGURES_COLUMN, row=row, **size)
    curve, points = pareto_chart(grading, portfolio, FIGURES_COLUMN + 4, row=row + _CHART_ROWS, **size)
    return ([*shares, *points], [tiers, curve]) if tiers and curve else ([], [])
