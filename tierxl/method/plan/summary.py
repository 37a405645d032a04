"""The portfolio on one page: a headline, five amounts, what comes next, who moved, and what the grades rest on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import narwhals as nw

from tierxl.method.expressions import Expr, first_that_applies, midnight
from tierxl.method.issues import Issue, count_of
from tierxl.method.levels import NOT_RATED, RATING_NAMES, TIER_NAMES, A
from tierxl.method.money import in_cents, money_text
from tierxl.method.plan.due_dates import APPOINTMENTS, CONTACT
from tierxl.method.plan.history import DOWN, UP, Movers
from tierxl.method.plan.portfolio import Portfolio
from tierxl.method.plan.service import TIERS, engagement_plan, has_last_dates
from tierxl.method.rating.grading import Grading
from tierxl.method.rating.moves import GROW, PROTECT, SHED, has_action
from tierxl.method.rating.retention import risks
from tierxl.method.table.cells import name_or
from tierxl.method.table.clients import Frame
from tierxl.method.table.headers import Usage
from tierxl.method.table.totals import totals
from tierxl.method.words import counted, in_words, listed, plural

MOST_STEPS, MOST_MOVED, MOST_NAMED, MOST_COLUMNS = 10, 3, 2, 12
"""The most next steps, movers up and down, names in the headline, and columns by name."""
_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Tile:
    """An amount of money that a director asks for first, and the clients behind it.

    Attributes:
        name: what it is.
        amount: money to the cent; None where the list does not tell.
        clients: how many clients it is of.
        about: what is true of these clients; where there is no amount, what the list lacks.
    """

    name: str
    amount: float | None
    clients: int
    about: str

    @property
    def sentence(self) -> str:
        """How many clients, and what is true of them."""
        return self.about if self.amount is None else f"{counted(self.clients, 'client')} {self.about}".rstrip()


@dataclass(frozen=True)
class TierLine:
    """The clients of a tier, their revenue and its share, and the hours a year that they need."""

    tier: str
    clients: int
    revenue: float
    share: float | None
    hours: float | None


@dataclass(frozen=True)
class Moved:
    """The clients who moved up and down since the grading before.

    Attributes:
        sentence: the day of that grading, and how many moved.
        clients: the largest of each: ``client``, ``Tier`` (now), ``revenue``, ``Move``, ``What changed``.
    """

    sentence: str
    clients: Frame


@dataclass(frozen=True)
class Summary:
    """The portfolio on one page. Frames have one line a client, the most important at the top.

    Attributes:
        headline: one sentence: who brings the revenue, who is neglected, whom to reprice or let go.
        tiles: revenue, at risk, overdue, to shed, upside.
        tiers: a line for each tier, and one for all clients.
        next_steps: ``client``, ``Tier``, ``revenue``, ``account_manager``, ``Action``, ``next_step`` and ``by``, the
            day by which it is to be done: what is due within a week by tier, then what is due after it.
        is_this_week: whether all of them are due within a week.
        moved: who moved up and down since the grading before; None where there is none.
        to_shed: ``client``, ``Tier``, ``revenue``, ``account_manager``, ``Action``, ``Reason``.
        to_grow: the same with ``Upside``.
        verdict: whether to tier at all.
        rests_on: the columns that are used, those that are not, and the issues, each by its name.
    """

    headline: str
    tiles: tuple[Tile, ...]
    tiers: tuple[TierLine, ...]
    next_steps: Frame
    is_this_week: bool
    moved: Moved | None
    to_shed: Frame
    to_grow: Frame
    verdict: str
    rests_on: dict[str, str]


def summary(
    grading: Grading, portfolio: Portfolio, issues: Sequence[Issue] = (), movers: Movers | None = None
) -> Summary:
    """The summary of a graded portfolio.

    Args:
        grading: the grading.
        portfolio: its figures.
        issues: all its issues.
        movers: who moved since the grading before, where there is one.
    """
    plan, lines = engagement_plan(grading), grading.lines("client", "revenue", "account_manager")
    steps = _next_steps(plan, midnight(grading.as_of))
    to_shed = lines.filter(has_action(SHED)).sort("revenue", descending=True, nulls_last=True)
    grows = lines.filter((has_action(GROW) & (nw.col("Upside") > 0)).fill_null(False))
    return Summary(
        headline=_headline(portfolio, plan, to_shed, grading.clients.currency),
        tiles=tuple(_tiles(grading, portfolio, plan, lines)),
        tiers=tuple(_tiers(portfolio)),
        next_steps=steps,
        is_this_week=not (steps["by"] > midnight(grading.as_of) + _WEEK).any(),
        moved=_moved(movers) if movers else None,
        to_shed=to_shed,
        to_grow=grows.sort("Upside", descending=True),
        verdict=portfolio.suitability.verdict,
        rests_on=_rests_on(grading.clients.usage, issues),
    )


# --- The headline ----------------------------------------------------------------------------------------------------


def _headline(portfolio: Portfolio, plan: Frame, to_shed: Frame, currency: str) -> str:
    parts = filter(None, (_who_brings(portfolio, currency), _who_is_neglected(plan), _who_goes(to_shed)))
    return f"{'; '.join(parts)}."


def _who_brings(portfolio: Portfolio, currency: str) -> str:
    best = portfolio.tiers[0]
    if not best.clients:
        return "No client is tier A"
    brings, revenue = plural(best.clients, "brings", "bring"), money_text(best.revenue, currency)
    who = f"{counted(best.clients, 'A client')} {brings} {revenue}"
    return who if best.revenue_share is None else f"{who} ({best.revenue_share:.0%} of the revenue)"


def _who_is_neglected(plan: Frame) -> str:
    """How many clients of tier A are neglected; empty where the list has no contacts."""
    of_best = plan.filter(nw.col("Tier") == TIER_NAMES[A])
    if not len(of_best) or not has_last_dates(of_best, CONTACT):
        return ""
    names = of_best.filter(nw.col("neglected")).sort(CONTACT.overdue, descending=True)["client"].to_list()
    count = len(names)
    if not count:
        return "none of them is neglected"
    return f"{count:,} of them {plural(count, 'is', 'are')} neglected: {_named(names)}"


def _who_goes(to_shed: Frame) -> str:
    names = to_shed["client"].to_list()
    return f"{counted(len(names), 'client')} to reprice or let go: {_named(names)}" if names else ""


def _named(names: Sequence[str | None]) -> str:
    known = [name_or(name, "one without a name") for name in names]
    return listed(known if len(known) == MOST_NAMED + 1 else known[:MOST_NAMED], len(known))


# --- The figures -----------------------------------------------------------------------------------------------------


def is_profit_rated(grading: Grading) -> bool:
    """True where the profit of any client is rated: without, nobody can say who is to be shed."""
    return bool((grading.columns["Profit rating"] != RATING_NAMES[NOT_RATED]).any())


def _tiles(grading: Grading, portfolio: Portfolio, plan: Frame, lines: Frame) -> Iterator[Tile]:
    risk = grading.clients.table.select(risks(grading.policy, grading.as_of))["risk"]
    dated = not all(grading.clients.table[each.last].is_null().all() for each in APPOINTMENTS)
    upsides = lines.filter((nw.col("Upside") > 0).fill_null(False))
    yield Tile("Revenue", in_cents(portfolio.revenue), portfolio.clients, "")
    yield _tile("At risk", lines.filter(has_action(PROTECT)), OF_RISK, (risk != NOT_RATED).any(), NO_RISK)
    waiting = plan.filter(nw.col("overdue") > 0)
    yield _tile("Overdue", waiting, plural(len(waiting), "waits", "wait") + " for a call or review", dated, NO_DATES)
    yield _tile("To shed", lines.filter(has_action(SHED)), TO_SHED, is_profit_rated(grading), NO_PROFIT)
    is_known = not grading.columns["Upside"].is_null().all()
    yield _tile("Upside", upsides, UPSIDE, is_known, NO_SPEND, "Upside")


OF_RISK, TO_SHED, UPSIDE = "of tier A or B may leave", "to reprice or let go", "could buy more"
NO_RISK, NO_DATES = "Not known: no sign of risk", "Not known: no last contact or review"
NO_PROFIT, NO_SPEND = "Not known: no profit", "Not known: no total spend"


def _tile(name: str, clients: Frame, about: str, is_known: bool, lacks: str, money: str = "revenue") -> Tile:
    if not is_known:
        return Tile(name, None, 0, lacks)
    amounts = clients.select(amount=nw.col(money).fill_null(0.0))
    return Tile(name, in_cents(totals(amounts)["amount"]) if len(amounts) else 0.0, len(amounts), about)


def _tiers(portfolio: Portfolio) -> Iterator[TierLine]:
    team = portfolio.capacity.team
    for it in portfolio.tiers:
        hours = team.of_tier(it.tier).hours if it.tier in TIERS else None
        yield TierLine(it.tier, it.clients, it.revenue, it.revenue_share, hours)
    yield TierLine("All", portfolio.clients, portfolio.revenue, 1.0 if portfolio.revenue > 0 else None, team.needed)


def _next_steps(plan: Frame, today: datetime) -> Frame:
    """The next steps of the engagement plan: those of the week as they stand there, then the others by their day."""
    dated = plan.filter(~nw.col("due_first").is_null()).with_row_index("place")
    first = dated.with_columns(**later(today)).sort("later", "place").head(MOST_STEPS)
    return first.select("client", "Tier", "revenue", "account_manager", "Action", "next_step", "by")


def later(today: datetime) -> dict[str, Expr]:
    """The day by which each client's next step is to be done, and the day by which it is put in order."""
    due = nw.col("due_first")
    return {
        "by": first_that_applies([(due < today, nw.lit(today))], due),
        "later": nw.when(due > today + _WEEK).then(due).otherwise(nw.lit(today)),
    }


def _moved(movers: Movers) -> Moved:
    up, down = (movers.lines.filter(nw.col("Move") == move) for move in (UP, DOWN))
    clients = nw.concat([up.head(MOST_MOVED), down.head(MOST_MOVED)]).select(
        "Move", "What changed", client=nw.col("Client"), Tier=nw.col("To"), revenue=nw.col("Revenue")
    )
    return Moved(f"Since {in_words(movers.since)}: {len(up):,} moved up, {len(down):,} down", clients)


def _rests_on(usage: Usage, issues: Sequence[Issue]) -> dict[str, str]:
    """The columns that are used, those that are not, and the issues, each by its name."""
    columns = {"Columns used": [one.name for one in usage.used], "Not used": usage.unused}
    lists = {name: listed(of[:MOST_COLUMNS], len(of)) if of else "none" for name, of in columns.items()}
    return lists | {"Data issues": count_of(issues) if issues else "none"}
