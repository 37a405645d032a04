"""The figures for a board: what the tiers bring, what is at risk, and the decisions that are due."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import narwhals as nw

from tierxl.method.levels import TIER_NAMES, A, B
from tierxl.method.plan.portfolio import Portfolio
from tierxl.method.plan.service import TIERS, engagement_plan
from tierxl.method.plan.suitability import VERDICTS
from tierxl.method.rating.grading import Grading
from tierxl.method.rating.moves import GROW, PROTECT, REVIEW, SHED
from tierxl.method.table.cells import is_blank
from tierxl.method.table.clients import Frame
from tierxl.method.table.totals import totals
from tierxl.method.words import counted, listed, plural

NAMED = 3
"""The most clients that a sentence names, the largest first."""
MOST_DECISIONS = 3
_TOP = [TIER_NAMES[A], TIER_NAMES[B]]


@dataclass(frozen=True)
class Group:
    """Some clients: how many, their revenue, and the names of the largest."""

    clients: int
    revenue: float
    names: tuple[str, ...]

    @property
    def listed(self) -> str:
        """The names in a sentence, with how many there are besides."""
        return listed(self.names, self.clients)


@dataclass(frozen=True)
class Decision:
    """A decision for the board: what to do, and for whom."""

    what: str
    why: str


@dataclass(frozen=True)
class Board:
    """The figures for a board.

    Attributes:
        headline: the sentence that sums them up.
        all: all clients.
        at_risk: the clients to protect.
        overdue: the clients of tiers A and B whose personal contact or review meeting is overdue.
        to_shed: the clients to shed.
        decisions: the decisions that are due, the most urgent first; at most :data:`MOST_DECISIONS`.
    """

    headline: str
    all: Group
    at_risk: Group
    overdue: Group
    to_shed: Group
    decisions: tuple[Decision, ...]


def board(grading: Grading, portfolio: Portfolio) -> Board:
    """The figures of a graded portfolio for a board."""
    lines = grading.lines("client", "revenue")
    plan = engagement_plan(grading)
    overdue = _group(plan.filter(nw.col("Tier").is_in(_TOP) & (nw.col("overdue") > 0)))
    at_risk, to_shed = _with_action(lines, PROTECT), _with_action(lines, SHED)
    return Board(
        _headline(portfolio, plan, to_shed),
        _group(lines),
        at_risk,
        overdue,
        to_shed,
        tuple(_decisions(lines, portfolio, overdue))[:MOST_DECISIONS],
    )


def largest(grading: Grading, most: int) -> Frame:
    """The clients with the largest revenue, with their graded columns."""
    lines = grading.lines("client", "revenue").with_row_index("position")
    return lines.sort("revenue", "position", descending=[True, False], nulls_last=True).head(most)


def _group(lines: Frame) -> Group:
    revenue = lines.select(revenue=nw.col("revenue").fill_null(0.0))
    first = lines.with_row_index("place").sort("revenue", "place", descending=[True, False], nulls_last=True)
    names = ("a client without a name" if is_blank(name) else name for name in first["client"].head(NAMED))
    return Group(len(lines), totals(revenue)["revenue"] if len(lines) else 0.0, tuple(names))


def _with_action(lines: Frame, action: str) -> Group:
    return _group(lines.filter((nw.col("Action") == action).fill_null(False)))


def _headline(portfolio: Portfolio, plan: Frame, to_shed: Group) -> str:
    """What the best tier brings, how many of it wait, and how many clients are to leave."""
    tiers = {tier.tier: tier for tier in portfolio.tiers}
    best = next((tiers[tier] for tier in TIERS if tiers[tier].clients), None)
    if best is None:
        return "No client is graded yet."
    brings = (
        f" {plural(best.clients, 'brings', 'bring')} {best.revenue_share:.0%} of the revenue"
        if best.revenue_share
        else ""
    )
    parts = [f"{counted(best.clients, f'{best.tier} client')}{brings}"]
    waiting = int(plan.filter(nw.col("Tier") == best.tier)["neglected"].sum()) if len(plan) else 0
    if waiting:
        parts.append(f"{waiting:,} of them {plural(waiting, 'waits', 'wait')} for a call")
    if to_shed.clients:
        parts.append(f"{counted(to_shed.clients, 'client')} to reprice or let go")
    return f"{'; '.join(parts)}."


# --- Decisions -------------------------------------------------------------------------------------------------------


def _decisions(lines: Frame, portfolio: Portfolio, overdue: Group) -> Iterator[Decision]:
    """The decisions that are due, the most urgent first."""
    against = [signal.sentence for signal in portfolio.suitability.signals if signal.against]
    if portfolio.suitability.verdict == VERDICTS[-1]:
        yield Decision("Keep the tiers, or give every client one standard of service", " ".join(against))
    for action, what, why in _BY_ACTION:
        group = _with_action(lines, action)
        if group.clients:
            yield Decision(
                what(group),
                f"{group.listed} {plural(group.clients, 'brings', 'bring')} {group.revenue:,.0f} of revenue{why}.",
            )
    team = portfolio.capacity.team
    if team.hours is not None and team.needed > team.hours:
        yield Decision(f"Find {team.needed - team.hours:,.0f} hours a year", portfolio.capacity.sentence)
    if portfolio.warnings:
        yield Decision("Lessen what hangs on a few", " ".join(portfolio.warnings))
    if overdue.clients:
        who = counted(overdue.clients, "client")
        yield Decision(f"Make time for {who} of tier A and B", f"A contact or review is overdue: {overdue.listed}.")


def _clients(verb: str, rest: str = "") -> Callable[[Group], str]:
    return lambda group: f"{verb} {counted(group.clients, 'client')}{rest}"


_BY_ACTION = (
    (PROTECT, _clients("Keep", " who may leave"), ""),
    (SHED, _clients("Reprice or let go"), ""),
    (REVIEW, _clients("Decide whether to keep"), ", and would be shed if they were not strategic or overridden"),
    (GROW, _clients("Back the growth of"), ", and could bring more"),
)
"""The decision on the clients with an action, the most urgent first."""
