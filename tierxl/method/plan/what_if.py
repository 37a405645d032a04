"""What-if: the clients that another policy moves, and the sensitivity of the tiers to each weight and cut."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw

from tierxl.method.documented_settings import documented_settings, value_of
from tierxl.method.expressions import RATIO_DECIMALS, Expr, filled, first_that_applies, ratio, reusable
from tierxl.method.issues import CannotGrade
from tierxl.method.levels import TIER_NAMES
from tierxl.method.plan.hours import RHYTHM_FIELDS, hours_needed
from tierxl.method.plan.parameters import CUTS, WEIGHTS, Parameter
from tierxl.method.plan.service import TIERS
from tierxl.method.policy import Policy
from tierxl.method.rating.decision import TIER_AND_ACTION, decide
from tierxl.method.rating.figures import Cut, Wording
from tierxl.method.rating.grading import RATING_COLUMNS, Grading, profiles_of
from tierxl.method.rating.moves import SHED
from tierxl.method.rating.ratings import rated_alike
from tierxl.method.rating.score import score_cuts
from tierxl.method.table.clients import Frame
from tierxl.method.table.totals import clients_and_revenue, totals

_IN_ORDER = tuple(TIER_NAMES.values())
_PAIRED = ("Tier", "Action", "Score", "Starting tier", *RATING_COLUMNS)


@dataclass(frozen=True)
class Figures:
    """A portfolio under one policy, in figures.

    Attributes:
        clients: how many clients each tier has, and how many are not graded.
        revenue: their revenue; money.
        to_shed: how many clients to shed.
        hours: hours a year that the others need.
    """

    clients: Mapping[str, int]
    revenue: Mapping[str, float]
    to_shed: int
    hours: float


@dataclass(frozen=True)
class Shift:
    """The clients that go from one tier to another; their revenue is money."""

    before: str
    after: str
    clients: int
    revenue: float


@dataclass(frozen=True)
class Difference:
    """A setting that two policies do not share; missing is a service that one of them does not have."""

    section: str
    setting: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Comparison:
    """The difference between two gradings of the same clients.

    Attributes:
        settings: the settings that differ.
        before, after: the figures under either.
        shifts: the clients that change tier, and their revenue, by where from and where to.
        moved: one line a client that changes tier, in the user's order: ``client``, ``account_manager``, ``revenue``,
            ``tier_before``, ``tier_after``, ``score_before``, ``score_after``, ``action_before``, ``action_after``,
            ``hours`` (a year, more than before) and ``why``.
        score_cuts: where the score makes another tier, before and after.
    """

    settings: tuple[Difference, ...]
    before: Figures
    after: Figures
    shifts: tuple[Shift, ...]
    moved: Frame
    score_cuts: tuple[Sequence[Cut], Sequence[Cut]]

    @property
    def clients(self) -> int:
        """The number of clients that change tier."""
        return sum(shift.clients for shift in self.shifts)

    @property
    def revenue(self) -> float:
        """The revenue of the clients that change tier."""
        return math.fsum(shift.revenue for shift in self.shifts)

    @property
    def hours(self) -> float:
        """Hours a year that the change costs; below 0 it frees them."""
        return _more(self.after.hours, self.before.hours)


def compare(before: Grading, after: Grading) -> Comparison:
    """The comparison of two gradings of the same clients."""
    clients = before.clients.table.select(
        "client", "account_manager", nw.col("revenue").fill_null(0), *RHYTHM_FIELDS.values()
    )
    pairs = nw.concat([clients, _sided(before, "before"), _sided(after, "after")], how="horizontal")
    moved = pairs.filter(nw.col("Tier before") != nw.col("Tier after"))
    for side, grading in (("before", before), ("after", after)):
        words = Wording(nw.col(f"Score {side}"), score_cuts(grading.policy))
        moved = words.added_to(moved, _points(side))
    return Comparison(
        tuple(_differences(before.policy, after.policy)),
        _figures(pairs, "before", before.policy),
        _figures(pairs, "after", after.policy),
        tuple(_shifts(moved)),
        moved.select(
            "client",
            "account_manager",
            "revenue",
            **{
                f"{name.lower()}_{side}": nw.col(f"{name} {side}")
                for name in ("Tier", "Score", "Action")
                for side in ("before", "after")
            },
            hours=ratio(_hours("after", after.policy) - _hours("before", before.policy)),
            why=_why(),
        ),
        (score_cuts(before.policy), score_cuts(after.policy)),
    )


def _sided(grading: Grading, side: str) -> Frame:
    return grading.columns.select(nw.col(name).alias(f"{name} {side}") for name in _PAIRED)


def _hours(side: str, policy: Policy) -> Expr:
    return hours_needed(nw.col(f"Tier {side}"), nw.col(f"Action {side}"), policy)


def _figures(pairs: Frame, side: str, policy: Policy) -> Figures:
    clients, revenue = clients_and_revenue(pairs, nw.col(f"Tier {side}"), nw.col("revenue"))
    others = totals(pairs.select(hours=_hours(side, policy), to_shed=_where(_is_shed(side))))
    return Figures(clients, revenue, int(others["to_shed"]), others["hours"])


def _more(after: float, before: float) -> float:
    return round(after - before, RATIO_DECIMALS)


def _where(condition: Expr, amount: Expr | float = 1.0) -> Expr:
    return first_that_applies([(condition, amount)], 0.0)


def _shifts(moved: Frame) -> list[Shift]:
    shifts = []
    for (before, after), clients in moved.group_by("Tier before", "Tier after"):
        shifts.append(Shift(str(before), str(after), len(clients), totals(clients.select("revenue"))["revenue"]))
    return sorted(shifts, key=lambda shift: (_IN_ORDER.index(shift.before), _IN_ORDER.index(shift.after)))


def _why() -> Expr:
    """The reason for another tier, in short: score, ratings and starting tier, as far as they differ."""
    before, after = nw.col("Score before"), nw.col("Score after")
    points_before, points = nw.col(_points("before")), nw.col(_points("after"))
    score = first_that_applies(
        [
            (before.is_null() & after.is_null(), "No score"),
            (before.is_null(), filled("Score {}, there was none", points)),
            (after.is_null(), filled("No score, it was {}", points_before)),
            (before != after, filled("Score {}, was {}", points, points_before)),
        ],
        filled("Score {} as before", points),
    )
    steps = [_change(name, name) for name in RATING_COLUMNS]
    start = _change("Starting tier", "starts at")
    shed = [
        nw.when(_is_shed("after") & ~_is_shed("before")).then(nw.lit("to be shed")),
        nw.when(_is_shed("before") & ~_is_shed("after")).then(nw.lit("no longer to be shed")),
    ]
    same_start = nw.col("Starting tier before") == nw.col("Starting tier after")
    later = nw.when(same_start & ~_is_shed("before") & ~_is_shed("after")).then(nw.lit("the moves or the floor differ"))
    return nw.concat_str(score, *steps, start, *shed, later, separator="; ", ignore_nulls=True)


def _points(side: str) -> str:
    """The column with the score of a side in words."""
    return f"Points {side}"


def _change(name: str, words: str) -> Expr:
    before, after = nw.col(f"{name} before"), nw.col(f"{name} after")
    return nw.when(before != after).then(filled(f"{words} {{}}, was {{}}", after, before))


def _is_shed(side: str) -> Expr:
    return (nw.col(f"Action {side}") == SHED).fill_null(False)


def _differences(before: Policy, after: Policy) -> list[Difference]:
    differences = [
        Difference(setting.section, setting.name, value_of(before, setting), value_of(after, setting))
        for setting in documented_settings()
    ]
    for service in dict.fromkeys([*before.services, *after.services]):
        levels = [policy.services.get(service) for policy in (before, after)]
        differences += [
            Difference(service, f"Tier {tier}", *(getattr(level, tier) if level else None for level in levels))
            for tier in TIERS
        ]
    return [difference for difference in differences if difference.before != difference.after]


# --- Sensitivity -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Trial:
    """The effect of a parameter at another value.

    Attributes:
        value: the value that is tried.
        clients: how many clients change tier.
        revenue: their revenue; money.
        hours: hours a year that it costs; below 0 it frees them.
    """

    value: float
    clients: int
    revenue: float
    hours: float


@dataclass(frozen=True)
class Sensitivity:
    """The effect of one parameter: lower (``less``) and higher (``more``); None where the policy does not take that."""

    parameter: Parameter
    value: float
    less: Trial | None
    more: Trial | None

    @property
    def clients(self) -> int:
        """The most clients that change tier, at either value."""
        return max(trial.clients for trial in (self.less, self.more) if trial)


def sensitivity(grading: Grading) -> list[Sensitivity]:
    """The sensitivities to all weights and cuts, each alone lower and higher by the policy's step, the greatest first.

    A parameter is left out if it is 0, or has no value because no margin is known.
    """
    present = profiles_of(grading.clients, grading.policy, grading.as_of)
    rhythm = RHYTHM_FIELDS.values()
    lines = grading.lines(nw.col("revenue").fill_null(0), *rhythm).select(
        "revenue", *rhythm, before="Tier", action="Action"
    )
    hours = totals(lines.select(hours=hours_needed(nw.col("before"), nw.col("action"), grading.policy)))["hours"]

    def trial(parameter: Parameter, value: float, factor: float) -> Trial | None:
        try:
            policy = parameter.with_value(grading.policy, value * factor)
        except CannotGrade:
            return None
        tried = parameter.value(policy, grading.cuts)
        if tried is None or tried == value:
            return None
        alike = rated_alike(policy, grading.policy)
        profiles = present if alike else profiles_of(grading.clients, policy, grading.as_of)
        both = nw.concat([lines, decide(profiles, policy).select(**TIER_AND_ACTION)], how="horizontal")
        sums = totals(both.select(_effects(policy)))
        return Trial(tried, int(sums["clients"]), sums["revenue"], _more(sums["hours"], hours))

    step = grading.policy.sensitivity.step
    sensitivities = [
        Sensitivity(parameter, value, trial(parameter, value, 1 - step), trial(parameter, value, 1 + step))
        for parameter in (*WEIGHTS, *CUTS)
        if (value := parameter.value(grading.policy, grading.cuts)) is not None
    ]
    return sorted((each for each in sensitivities if each.less or each.more), key=_influence, reverse=True)


@reusable("services")
def _effects(policy: Policy) -> dict[str, Expr]:
    moves = nw.col("Tier") != nw.col("before")
    return {
        "clients": _where(moves),
        "revenue": _where(moves, nw.col("revenue")),
        "hours": hours_needed(nw.col("Tier"), nw.col("Action"), policy),
    }


def _influence(sensitivity: Sensitivity) -> tuple[float, ...]:
    trials = [trial for trial in (sensitivity.less, sensitivity.more) if trial]
    revenue, hours = max(trial.revenue for trial in trials), max(abs(trial.hours) for trial in trials)
    return sensitivity.clients, revenue, hours
