"""The report as data: texts that are ready to print. Every figure comes from the method."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import Any, NamedTuple

import narwhals as nw

from tierxl.method.money import in_short, money_text
from tierxl.method.plan.board import Decision, decisions, largest
from tierxl.method.plan.history import Movers
from tierxl.method.plan.portfolio import Portfolio, pareto_curve
from tierxl.method.plan.service import TIERS, engagement_plan, first_dates
from tierxl.method.plan.summary import Moved, Tile, summary
from tierxl.method.policy import Policy
from tierxl.method.rating.figures import PERCENT, Cut, exactly
from tierxl.method.rating.grading import Grading
from tierxl.method.rating.moves import SHED
from tierxl.method.rating.ratings import margin_cuts
from tierxl.method.table.cells import is_blank
from tierxl.method.table.clients import Frame
from tierxl.method.table.totals import totals
from tierxl.method.words import MONTHS, counted, in_words, plural
from tierxl.sheets import movers
from tierxl.sheets.currency import columns_in
from tierxl.sheets.description import Column, Table, chosen
from tierxl.sheets.engagement_plan import COLUMNS as PLAN
from tierxl.sheets.portfolio import SIGNALS, TIER_COLUMNS
from tierxl.sheets.shed_list import COLUMNS as SHED_LIST
from tierxl.sheets.shed_list import with_action
from tierxl.sheets.styles import ACTION_STYLES, MOVE_STYLES, TIER_STYLES
from tierxl.sheets.texts import as_text
from tierxl.sheets.wording import exit_line

MOST_LINES = 500
"""Clients of a tier that the report lists at most, the most overdue first; the graded workbook has all."""

MOST_LARGEST = 10
"""Clients that the first page lists at most."""
_TILES = ("Revenue", "At risk", "Overdue", "To shed")

_OF_READING = ("reading.", "columns.")
_TITLE = "Client tiers"
NOTHING = "–"
_WITHIN_DATE = re.compile(rf"(?<=\d) (?=(?:{'|'.join(MONTHS)}) \d{{4}}\b)|(?<=\d (?:{'|'.join(MONTHS)})) (?=\d{{4}}\b)")
_NOT_PRINTED = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]+")


@dataclass(frozen=True)
class Figure:
    """One figure: what it is, its value, and what that says."""

    name: str
    value: str
    note: str


class Cell(NamedTuple):
    """The text of a cell, and the style of the chip that it is shown as; "" for plain text."""

    text: str
    style: str = ""


@dataclass(frozen=True)
class Section:
    """A titled table of texts.

    Attributes:
        title: the title.
        columns: the columns; their widths are parts of a whole.
        rows: the cells, row by row.
        note: the line above the table.
        header_style: the style of the headers.
    """

    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    note: str = ""
    header_style: str = "header"

    @property
    def lists_clients(self) -> bool:
        """True where each row is a client, by name."""
        return self.columns[0].header == "Client"


@dataclass(frozen=True)
class Charts:
    """The figures of the charts; shares are fractions.

    Attributes:
        tiers: tier, its share of the clients and of the revenue.
        tiers_sentence: the same in words.
        pareto: share of clients and the share of revenue that they bring, the largest first.
        pareto_sentence: what the curve says in words.
    """

    tiers: tuple[tuple[str, float, float], ...]
    tiers_sentence: str
    pareto: tuple[tuple[float, float], ...]
    pareto_sentence: str


@dataclass(frozen=True)
class FirstPage:
    """The first page, for a board.

    Attributes:
        headline: the sentence that sums it up.
        tiles: the figures at the top.
        clients: the clients that matter most.
        decisions: what is to be decided, and for whom.
        moved: who moved up or down, where there was an earlier grading.
    """

    headline: str
    tiles: tuple[Figure, ...]
    clients: Section
    decisions: tuple[Decision, ...]
    moved: Section | None

    @property
    def decisions_title(self) -> str:
        return "To decide" if self.decisions else "Nothing needs a decision"


@dataclass(frozen=True)
class Spread:
    """The page on how the revenue is spread, and whether to tier at all.

    Attributes:
        sentences: the Pareto reading, the concentration, the target margin, and on what too much of the revenue hangs.
        charts: the charts.
        tables: the tiers, and the signals of the verdict.
    """

    sentences: tuple[str, ...]
    charts: Charts
    tables: tuple[Section, Section]
    title: str = "How the revenue is spread"


@dataclass(frozen=True)
class Content:
    """The report.

    Attributes:
        title, subtitle: the heading.
        first: the first page.
        plans: the plan of each tier.
        spread: the page on how the revenue is spread.
        lists: the clients to watch where there was an earlier grading, the shed list, and the service levels.
        footer: the day and the policy, for the foot of every page.
    """

    title: str
    subtitle: str
    first: FirstPage
    plans: tuple[Section, ...]
    spread: Spread
    lists: tuple[Section, ...]
    footer: str


def content_of(grading: Grading, portfolio: Portfolio, moved: Movers | None = None, title: str = "") -> Content:
    """The report on a graded portfolio, under a title such as the firm's name."""
    plan, currency = engagement_plan(grading), grading.clients.currency
    day = _printed(in_words(grading.as_of))
    clients = f"{counted(portfolio.clients, 'client')}, as of {day}"
    title = _printed(title)
    return Content(
        title=title or _TITLE,
        subtitle=f"{_TITLE}: {clients}" if title else clients,
        first=_first_page(grading, portfolio, moved),
        plans=tuple(_plan(tier, plan, currency) for tier in TIERS),
        spread=Spread(
            _sentences(grading, portfolio),
            _charts(grading, portfolio),
            (_tiers(portfolio, currency), _signals(portfolio)),
        ),
        lists=(*([_watch(moved, currency)] if moved else []), *_leaving(grading), _services(grading.policy)),
        footer=f"As of {day}. {policy_line(grading.policy)}",
    )


def policy_line(policy: Policy) -> str:
    """The policy in a line: its method, and which settings of the method differ from the defaults."""
    changed = _changed(policy.model_dump(mode="json"), Policy().model_dump(mode="json"))
    changed = [name for name in changed if name != "grading.method" and not name.startswith(_OF_READING)]
    shown = ", ".join(changed[:4]) + (f" and {len(changed) - 4} more" if len(changed) > 4 else "")
    settings = f"changed from the defaults: {shown}" if changed else "default settings"
    return f"Method {policy.grading.method}, {settings}."


def _changed(settings: dict[str, Any], defaults: dict[str, Any], section: str = "") -> list[str]:
    """The names of the settings that differ."""
    names = []
    for name in {**defaults, **settings}:
        value, default = settings.get(name), defaults.get(name)
        if isinstance(value, dict) and isinstance(default, dict):
            names += _changed(value, default, f"{section}{name}.")
        elif value != default:
            names.append(f"{section}{name}")
    return names


def _first_page(grading: Grading, portfolio: Portfolio, movers: Movers | None) -> FirstPage:
    summed, currency = summary(grading, portfolio, movers=movers), grading.clients.currency
    return FirstPage(
        _printed(summed.headline),
        tuple(_tile(tile, currency) for tile in summed.tiles if tile.name in _TILES),
        _largest(grading),
        tuple(Decision(each.what, _printed(each.why)) for each in decisions(grading, portfolio)),
        _moved(summed.moved, currency) if summed.moved else None,
    )


def _tile(tile: Tile, currency: str) -> Figure:
    amount = NOTHING if tile.amount is None else _signed(in_short(tile.amount, currency))
    return Figure(tile.name, amount.replace(" ", "\N{NO-BREAK SPACE}"), tile.sentence)


def _largest(grading: Grading) -> Section:
    columns = (
        Column("Client", 27, value="client"),
        Column("Tier", 6, "tier", colours=TIER_STYLES),
        Column("Revenue", 11, "money", "revenue"),
        Column("Action", 18, "centred", colours=ACTION_STYLES),
        Column("Reason", 38, "wrapped"),
    )
    clients = largest(grading.lines("client", "revenue"), MOST_LARGEST)
    return _section("The largest clients", clients, columns_in(columns, grading.clients.currency))


def _moved(moved: Moved, currency: str) -> Section:
    columns = (
        Column("Client", 50, value="client"),
        Column("Move", 15, "centred", colours=MOVE_STYLES),
        Column("Tier", 15, "tier", colours=TIER_STYLES),
        Column("Revenue", 20, "money", "revenue"),
    )
    return _section("Moved", moved.clients, columns_in(columns, currency), _printed(f"{moved.sentence}."))


def _sentences(grading: Grading, portfolio: Portfolio) -> tuple[str, ...]:
    """How the revenue is spread, in words."""
    indices = (("client", portfolio.concentration_by_client), ("segment", portfolio.concentration_by_segment))
    target = _target(grading)
    return (
        _pareto_sentence(portfolio),
        *(
            f"By {what}, revenue is spread as if over {1 / index:.1f} equal {what}s (Herfindahl index {index:.2f})."
            for what, index in indices
            if index
        ),
        *([f"A margin of {target} or more is rated High."] if target != NOTHING else []),
        *map(_printed, portfolio.warnings),
    )


def _charts(grading: Grading, portfolio: Portfolio) -> Charts:
    tiers = tuple(
        (tier.tier, tier.clients / portfolio.clients, max(0.0, tier.revenue_share or 0.0))
        for tier in portfolio.tiers
        if tier.tier in TIERS
    )
    words = "; ".join(
        f"tier {name} {clients:.0%} of clients, {revenue:.0%} of revenue" for name, clients, revenue in tiers
    )
    return Charts(
        tiers,
        f"{words[0].upper()}{words[1:]}.",
        tuple(pareto_curve(grading.clients.table["revenue"].drop_nulls().to_list())),
        _pareto_sentence(portfolio),
    )


def _pareto_sentence(portfolio: Portfolio) -> str:
    if portfolio.pareto_share is None:
        return "No revenue is known."
    top, share = portfolio.pareto_clients, _text(portfolio.pareto_share, _PERCENT)
    return f"The top {counted(top, 'client')} by revenue {plural(top, 'brings', 'bring')} {share} of it."


def _section(
    title: str,
    data: Frame | Sequence[Any],
    columns: Sequence[Column],
    note: str = "",
    cuts: Mapping[str, Sequence[Cut]] | None = None,
) -> Section:
    """The table of a frame, or of records; columns without a value are left out."""
    table = Table.of(data, columns, cuts=cuts, room=MOST_LINES)
    rows = [[_cell(value, column) for value, column in zip(row, table.columns, strict=True)] for row in table.rows]
    filled = [at for at in range(len(table.columns)) if not at or any(row[at].text != NOTHING for row in rows)]
    return Section(title, [table.columns[at] for at in filled], [[row[at] for at in filled] for row in rows], note)


def _tiers(portfolio: Portfolio, currency: str) -> Section:
    hours = {load.tier: load.hours for load in portfolio.capacity.team.tiers}
    hours_column = Column("Hours a year", style="count", value=lambda tier: hours.get(tier.tier))
    widths = {"Tier": 18, "Clients": 16, "Revenue": 26, "Share of revenue": 22, "Hours a year": 18}
    columns = columns_in(chosen((*TIER_COLUMNS, hours_column), widths), currency)
    return _section("Tiers", portfolio.tiers, columns, portfolio.capacity.sentence)


def _signals(portfolio: Portfolio) -> Section:
    widths = {"Signal": 27, "Measured": 18, "For or against": 14, "What it says": 41}
    columns = chosen((*SIGNALS, Column("For or against", value="speaks")), widths)
    return _section(
        "Should you tier your clients?", portfolio.suitability.signals, columns, f"{portfolio.suitability.verdict}."
    )


def _plan(tier: str, plan: Frame, currency: str) -> Section:
    of_tier = plan.filter(nw.col("Tier") == tier)
    widths = {
        "Client": 21, "Revenue": 9, "Account manager": 14, "Action": 13, "Next step": 22, "Next review": 9,
        "Next contact": 9, "Days overdue": 9, "Preferred contact": 9, "Remark": 11,
    }  # fmt: skip
    revenue = totals(of_tier.select(nw.col("revenue").fill_null(0.0)))["revenue"] if len(of_tier) else 0.0
    which = _listed_first(len(of_tier), ", the most overdue first")
    note = (
        f"{counted(len(of_tier), 'client')} to look after, {_signed(money_text(revenue, currency))} of revenue.{which}"
    )
    spread = first_dates(plan)
    note = f"{note} {spread}" if spread and tier == TIERS[0] else note
    columns = columns_in(chosen(PLAN, widths), currency)
    section = _section(f"Plan for tier {tier}", of_tier, columns, _printed(note))
    return replace(section, header_style=f"header-{tier.lower()}")


def _watch(moved: Movers, currency: str) -> Section:
    count = len(moved.watch)
    widths = {"Client": 40, "Client key": 20, "Tier": 8, "Revenue before": 12, "Revenue now": 12, "Fall": 8}
    note = f"{movers.watch_sentence(moved)} since {in_words(moved.since)}.{_listed_first(count)}"
    columns = columns_in(chosen(movers.WATCH, widths), currency)
    return _section("Watch", moved.watch, columns, _printed(note), {"Fall": [Cut(moved.watch_from)]})


def _leaving(grading: Grading) -> list[Section]:
    """The shed list; none where nobody is on it."""
    leaving = with_action(grading, SHED)
    count = len(leaving)
    if not count:
        return []
    note = f"{counted(count, 'client')} to shed: {exit_line(grading.policy)}.{_listed_first(count)}"
    widths = {
        "Client": 30, "Account manager": 20, "Revenue": 12, "Profit": 12, "Margin": 10, "Profit rating": 12,
        "Pain rating": 12,
    }  # fmt: skip
    cuts = {"Margin": margin_cuts(grading.cuts, grading.policy)}
    columns = columns_in(chosen(SHED_LIST, widths), grading.clients.currency)
    return [_section("Shed list", leaving, columns, note, cuts)]


def _listed_first(count: int, which: str = "") -> str:
    """A remark where more clients are there than are listed."""
    return f" The first {MOST_LINES:,} are listed{which}; the graded workbook has all." if count > MOST_LINES else ""


def _services(policy: Policy) -> Section:
    rows = [
        {"Service": name} | {f"Tier {tier}": getattr(service, tier) for tier in TIERS}
        for name, service in policy.services.items()
    ]
    columns = [Column(header, 27 if at else 19, "wrapped", itemgetter(header)) for at, header in enumerate(rows[0])]
    return _section("Service levels", rows, columns)


_PERCENT = Column("", style="percent")


def _cell(value: Any, column: Column) -> Cell:
    text = _text(value, column)
    is_above = column.above is not None and not is_blank(value) and value > column.above[0]
    return Cell(text, column.above[1] if column.above and is_above else column.colours.get(text, ""))


def _text(value: Any, column: Column) -> str:
    """The text of a value in one line, without what no page can show."""
    text = _printed(as_text(value, column, NOTHING)) or NOTHING
    return _signed(text) if column.is_number else text


def _signed(number: str) -> str:
    return number.replace("-", "\N{MINUS SIGN}")


def _printed(text: str) -> str:
    """A text without what no page can show, in which no date is parted at the end of a line."""
    return _WITHIN_DATE.sub("\N{NO-BREAK SPACE}", _NOT_PRINTED.sub(" ", text)).strip()


def _target(grading: Grading) -> str:
    """The target margin: one that the policy fixes as it is, the portfolio's own rounded."""
    fixed = grading.policy.profit.target
    if fixed == "auto":
        return _text(grading.cuts.target_margin, _PERCENT)
    return _signed(exactly(fixed, 1, PERCENT))
