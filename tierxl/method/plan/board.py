"""The decisions that a portfolio asks of a board, in money and names, and its largest clients."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

import narwhals as nw

from tierxl.method.money import money_text
from tierxl.method.plan.portfolio import Portfolio
from tierxl.method.plan.service import engagement_plan
from tierxl.method.plan.suitability import VERDICTS
from tierxl.method.rating.grading import Grading
from tierxl.method.rating.moves import GROW, PROTECT, REVIEW, SHED, has_action, has_top_tier
from tierxl.method.table.cells import name_or
from tierxl.method.table.clients import Frame
from tierxl.method.table.totals import totals
from tierxl.method.words import counted, listed, plural, whole

NAMED, MOST_DECISIONS = 3, 3
"""The most clients that a decision names, the largest first, and the most decisions."""


@dataclass(frozen=True)
class Decision:
    """A decision: what to do, and for whom or why."""

    what: str
    why: str


def decisions(grading: Grading, portfolio: Portfolio) -> tuple[Decision, ...]:
    """The decisions that a graded portfolio asks for, the most urgent first; at most :data:`MOST_DECISIONS`."""
    return tuple(islice(_decisions(grading, portfolio), MOST_DECISIONS))


def largest(lines: Frame, most: int) -> Frame:
    """The lines of the clients with the largest revenue; of equal ones, those that stand first."""
    placed = lines.with_row_index("place").sort("revenue", "place", descending=[True, False], nulls_last=True)
    return placed.drop("place").head(most)


def _decisions(grading: Grading, portfolio: Portfolio) -> Iterator[Decision]:
    lines, plan, team = grading.lines("client", "revenue"), engagement_plan(grading), portfolio.capacity.team
    if portfolio.suitability.verdict == VERDICTS[-1]:
        against = (signal.sentence for signal in portfolio.suitability.signals if signal.against)
        yield Decision("Keep the tiers, or give every client one standard of service", " ".join(against))
    for action, what, reason in _BY_ACTION:
        clients = lines.filter(has_action(action))
        if len(clients):
            yield Decision(
                what(counted(len(clients), "client")), f"{_brings(clients, grading.clients.currency)}{reason}."
            )
    if team.hours is not None and team.needed > team.hours:
        yield Decision(f"Find {whole(team.needed - team.hours):,} hours a year", portfolio.capacity.sentence)
    if portfolio.warnings:
        yield Decision("Depend less on a few", " ".join(portfolio.warnings))
    overdue = plan.filter(has_top_tier() & (nw.col("overdue") > 0))
    if len(overdue):
        who = counted(len(overdue), "client")
        yield Decision(f"Make time for {who} of tier A and B", f"A contact or review is overdue: {_names(overdue)}.")
    provisional = lines.filter(nw.col("Provisional") == "Yes")
    if len(provisional):
        who = f"{counted(len(provisional), 'client')} {plural(len(provisional), 'is', 'are')}"
        yield Decision("Complete the ratings", f"{who} graded on only some of the five factors.")


_BY_ACTION: tuple[tuple[str, Callable[[str], str], str], ...] = (
    (PROTECT, "Keep {} who may leave".format, ""),
    (SHED, "Reprice or let go {}".format, ""),
    (REVIEW, "Decide whether to keep {}".format, "; only strategic value or an override keeps them"),
    (GROW, "Invest in {} with room to grow".format, ""),
)
"""The decision on the clients with an action, the most urgent first."""


def _brings(clients: Frame, currency: str) -> str:
    """A clause on the revenue of clients, by name."""
    revenue = totals(clients.select(revenue=nw.col("revenue").fill_null(0.0)))["revenue"]
    return f"{_names(clients)} {plural(len(clients), 'brings', 'bring')} {money_text(revenue, currency)}"


def _names(clients: Frame) -> str:
    names = largest(clients, NAMED)["client"].to_list()
    return listed([name_or(name, "one without a name") for name in names], len(clients))
