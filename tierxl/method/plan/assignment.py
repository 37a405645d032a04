"""The proposal who should serve whom: tier A with Seniors, nobody over capacity, as few handovers as possible."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import narwhals as nw

from tierxl.method.expressions import days_between, first_that_applies, midnight
from tierxl.method.issues import CannotGrade
from tierxl.method.levels import TIER_NAMES, A
from tierxl.method.plan.assignment_model import Seat, Solution, solve
from tierxl.method.plan.capacity import NAMED, Load, capacity, full_at, manager_keys, share_of, tier_loads
from tierxl.method.plan.hours import Need, hours_per_client, minutes_per_client
from tierxl.method.plan.service import TIERS, is_served
from tierxl.method.rating.figures import PERCENT, Cut, beside
from tierxl.method.rating.grading import Grading
from tierxl.method.table.clients import Frame
from tierxl.method.table.managers import MANAGER_COLUMNS, SENIOR, Manager, hours_known
from tierxl.method.words import as_called, counted, listed, plural

HANDOVER, FIRST_MANAGER = "Handover", "Assignment"
"""The kinds of moves: from one account manager to another, or to one who is on the sheet at last."""


@dataclass(frozen=True)
class Change:
    """The load of an account manager before and after the proposal."""

    before: Load
    after: Load

    def more(self, tier: int) -> int:
        """The clients of a tier that are more than before; below 0 if they are fewer."""
        return self.after.tiers[tier].clients - self.before.tiers[tier].clients


@dataclass(frozen=True)
class Aim:
    """An aim of a proposal: a number to keep as small as possible.

    Attributes:
        name: the number of what is to be as small as possible.
        reached: that number, by the proposal.
        least: the number that is proved to be needed, of all ways that are as good by the aims before this one.
    """

    name: str
    reached: float
    least: float

    @property
    def is_proved(self) -> bool:
        """True if no other way comes nearer to the aim."""
        return self.reached == self.least

    @property
    def proof(self) -> str:
        """The word "proved" or "unproved"."""
        return "proved" if self.is_proved else "unproved"

    @property
    def sentence(self) -> str:
        """The number that is reached, and that it is proved, or else the least that is."""
        start = f"{self.name}: {_number(self.reached)}, {self.proof}"
        if self.is_proved:
            return f"{start}."
        least = f"at least {_number(self.least)} cannot be avoided"
        return f"{start}: the search ended after its fixed number of steps; {least}."


@dataclass(frozen=True)
class Proposal:
    """Moves of clients between account managers, and what comes of them.

    Attributes:
        moves: one line a client that gets another account manager, in the order of the present ones: ``position`` (in
            the user's table), ``client``, ``Tier``, ``from`` (missing where there is nobody), ``to``, ``hours`` a
            year, ``client_since``, ``kind`` (:data:`HANDOVER` or :data:`FIRST_MANAGER`) and ``reason``.
        handovers: how many clients go from one account manager to another.
        assignments: how many clients get an account manager who had none, or one who is not listed.
        changes: the account managers in their order, before and after.
        aims: what the proposal is to keep small, the weightiest first, each proved or not.
        missing: what cannot be done, each a sentence with what is missing.
        notes: what else to know of the proposal, each a sentence.
    """

    moves: Frame
    handovers: int
    assignments: int
    changes: tuple[Change, ...]
    aims: tuple[Aim, ...]
    missing: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """The numbers of handovers and of first account managers, as a sentence."""
        if not any(tier.clients for change in self.changes for tier in change.after.tiers):
            return "No client gets service, so there is nobody to assign."
        if not self.handovers and not self.assignments:
            return "Every client can stay with the account manager it has."
        parts = []
        if self.handovers:
            parts.append(f"{counted(self.handovers, 'client')} should be handed over")
        if self.assignments:
            get = plural(self.assignments, "gets", "get")
            parts.append(f"{counted(self.assignments, 'client')} without an account manager {get} one")
        return f"{', and '.join(parts)}."


def propose(grading: Grading) -> Proposal:
    """Propose who should serve whom.

    Clients who get no service, being shed or without a tier, stay where they are. An account manager whose hours are
    not known gets no client. One whose seniority is not known is no Senior. Where a choice is free, the client with the
    shortest relationship moves; one whose start is not known counts as the longest.

    Raises:
        CannotGrade: there are no account managers, or none with hours.
    """
    managers = grading.managers
    _refuse_without_hours(managers)
    loads = capacity(grading).loads[: len(managers)]
    served = _served(grading)
    groups = _groups(served, len(managers))
    days = served["days"].to_list()
    minutes = [math.ceil(minutes_per_client(Need(tier), grading.policy).all) for tier in TIERS]
    full = Fraction(repr(grading.policy.capacity.full_at))
    seats = [
        Seat(
            tuple(days[groups[tier, at].start : groups[tier, at].stop] for tier in range(len(TIERS))),
            None if manager.hours is None else math.floor(Fraction(repr(manager.hours)) * 60 * full),
            manager.seniority == SENIOR,
        )
        for at, manager in enumerate(managers)
    ]
    arriving = [len(groups[tier, len(managers)]) for tier in range(len(TIERS))]
    solution = solve(seats, arriving, minutes)
    of_need = {Need(tier): minutes_per_client(Need(tier), grading.policy).all for tier in TIERS}
    changes = tuple(
        Change(load, replace(load, tiers=tier_loads(dict(zip(map(Need, TIERS), counts, strict=True)), of_need)))
        for load, counts in zip(loads, solution.counts, strict=True)
    )
    reasons = _Reasons(changes, seats, minutes, full_at(grading.policy))
    return Proposal(
        moves=_moves(served, groups, changes, reasons, grading),
        handovers=solution.costs.handovers,
        assignments=sum(arriving),
        changes=changes,
        aims=_aims(solution),
        missing=tuple(_missing(seats, solution, minutes)),
        notes=tuple(_notes(managers)),
    )


def _refuse_without_hours(managers: Sequence[Manager]) -> None:
    *columns, last = MANAGER_COLUMNS
    if not managers:
        raise CannotGrade(
            "There are no account managers to propose: give them a sheet Account managers with the columns "
            f"{', '.join(columns)} and {last}, a row a person."
        )
    if hours_known(managers) is None:
        raise CannotGrade(f"The hours of no account manager are known: fill in the column {last}.")
    if not any(manager.hours for manager in managers):
        raise CannotGrade(
            f"No account manager has hours for clients: write in the column {last} how many hours a year each has."
        )


# --- Who is where ----------------------------------------------------------------------------------------------------


def _served(grading: Grading) -> Frame:
    """One line a client that gets service, tier by tier and manager by manager, the shortest relationship first.

    Beside what moves show there are ``tier`` and ``at``, the places of the tier and the account manager in their orders
    (behind the last one for a client who has none of them), ``days`` of the relationship, and whether these are
    ``unknown``.
    """
    fields = ("client", "account_manager", "client_since")
    lines = (
        grading.lines(*fields)
        .select(*fields, "Tier", "Action")
        .with_row_index("position")
        .filter(is_served(nw.col("Tier"), nw.col("Action")))
    )
    places = {as_called(manager.name): at for at, manager in enumerate(grading.managers)}
    keys = manager_keys(lines["account_manager"].fill_null(""))
    distinct = keys.unique().to_list()
    at = keys.replace_strict(distinct, [places.get(key, len(places)) for key in distinct]).cast(nw.Int64)
    days = days_between(nw.col("client_since"), nw.lit(midnight(grading.as_of))).clip(0)
    lines = lines.with_columns(
        at=at, days=days, tier=nw.col("Tier").replace_strict(TIERS, range(3), return_dtype=nw.Int64)
    )
    longest = lines["days"].max() if len(lines["days"].drop_nulls()) else 0
    lines = lines.with_columns(unknown=nw.col("days").is_null(), days=nw.col("days").fill_null(longest))
    return lines.sort("tier", "at", "days", "unknown", "position").rename({"account_manager": "from"})


def _groups(served: Frame, managers: int) -> dict[tuple[int, int], range]:
    """The lines of each tier and account manager."""
    counts = {(tier, at): count for tier, at, count in served.group_by("tier", "at").agg(count=nw.len()).iter_rows()}
    groups, start = {}, 0
    for tier in range(len(TIERS)):
        for at in range(managers + 1):
            end = start + counts.get((tier, at), 0)
            groups[tier, at] = range(start, end)
            start = end
    return groups


# --- Who moves -------------------------------------------------------------------------------------------------------


def _moves(
    served: Frame,
    groups: dict[tuple[int, int], range],
    changes: Sequence[Change],
    reasons_of: "_Reasons",
    grading: Grading,
) -> Frame:
    going: list[int] = []
    to: list[str] = []
    reasons: list[str] = []
    names = served["from"].to_list()
    for tier in range(len(TIERS)):
        for at, change in enumerate(changes):
            more = change.more(tier)
            going += groups[tier, at][: max(-more, 0)]
            reasons += [reasons_of.of(tier, at)] * -more if more < 0 else []
            to += [change.after.name] * max(more, 0)
        outside = groups[tier, len(changes)]
        going += outside
        reasons += [
            "Has no account manager yet" if names[line] is None else f"{names[line]} is not among the account managers"
            for line in outside
        ]
    hours = [hours_per_client(tier, grading.policy) for tier in TIERS]
    columns = {"to": to, "reason": reasons}
    return (
        served[going]
        .with_columns(
            *(nw.new_series(name, of, nw.String, backend=served.implementation) for name, of in columns.items()),
            hours=nw.col("tier").replace_strict(range(len(TIERS)), hours, return_dtype=nw.Float64),
            kind=first_that_applies([(nw.col("at") == len(changes), FIRST_MANAGER)], HANDOVER),
        )
        .sort("at", "tier", "days", "unknown", "position")
        .select("position", "client", "Tier", "from", "to", "hours", "client_since", "kind", "reason")
    )


@dataclass(frozen=True)
class _Reasons:
    """The reasons why clients go from an account manager."""

    changes: Sequence[Change]
    seats: Sequence[Seat]
    minutes: Sequence[int]
    full_at: Cut

    def of(self, tier: int, at: int) -> str:
        """The reason why clients of a tier go from the account manager at a place; at least one does."""
        change, seat = self.changes[at], self.seats[at]
        name = change.before.name
        if self._needs_senior(tier, seat):
            seniority = (change.before.manager and change.before.manager.seniority) or "not known to be one"
            return f"A tier {TIER_NAMES[A]} client needs a Senior, and {name} is {seniority}"
        received = " and ".join(TIERS[of] for of in range(len(TIERS)) if change.more(of) > 0)
        staying, going = self._minutes_of_choice(change, seat)
        limit = seat.limit or 0
        if staying <= limit:
            return f"Makes room at {name} for clients of tier {received}"
        over = f"{name} is over capacity ({self._utilisation(change.before, seat)})"
        is_over_without_any_coming = staying - going + self.minutes[tier] > limit
        return over if is_over_without_any_coming else f"{over} and gets clients of tier {received}"

    def _needs_senior(self, tier: int, seat: Seat) -> bool:
        is_senior_known = any(each.is_senior and each.limit is not None for each in self.seats)
        return TIERS[tier] == TIER_NAMES[A] and not seat.is_senior and is_senior_known

    def _minutes_of_choice(self, change: Change, seat: Seat) -> tuple[int, int]:
        """Minutes a year of the clients that need not go to a Senior, and of those among them that go."""
        choice = [tier for tier in range(len(TIERS)) if not self._needs_senior(tier, seat)]
        return (
            sum(self.minutes[tier] * seat.clients[tier] for tier in choice),
            sum(self.minutes[tier] * max(-change.more(tier), 0) for tier in choice),
        )

    def _utilisation(self, load: Load, seat: Seat) -> str:
        needed = sum(need * count for need, count in zip(self.minutes, seat.clients, strict=True))
        share = share_of(needed / 60, load.hours)
        return "there are no hours" if share is None else beside(share, [self.full_at], 0, PERCENT)


# --- What is missing -------------------------------------------------------------------------------------------------


def _missing(seats: Sequence[Seat], solution: Solution, minutes: Sequence[int]) -> Iterator[str]:
    """The hours that are missing to serve tier A by Seniors and to keep everybody within capacity, as sentences."""
    without_senior, over = solution.costs.without_senior, solution.costs.minutes_over
    known = [(seat, counts) for seat, counts in zip(seats, solution.counts, strict=True) if seat.limit is not None]
    limits = [(seat.limit or 0, seat.is_senior) for seat, _ in known]
    a_minutes = minutes[0] * (without_senior + sum(counts[0] for seat, counts in known if seat.is_senior))
    senior_short = max(a_minutes - sum(limit for limit, is_senior in limits if is_senior), 0)
    needed = sum(need * has for _, counts in known for need, has in zip(minutes, counts, strict=True))
    team_short = max(needed - sum(limit for limit, _ in limits), 0)
    if senior_short:
        who = f": {counted(without_senior, 'client')} {plural(without_senior, 'has', 'have')} none"
        more = f"{_hours(senior_short, 'Senior hour')} more{who if without_senior else ''}"
        yield f"Tier {TIER_NAMES[A]} needs {more}."
    if team_short:
        yield f"The team needs {_hours(team_short)} more than it has."
    short = max(senior_short, team_short)
    if over > short and not short:
        yield f"{_hours(over)} stay over capacity: the team has the hours, but a client cannot be divided."
    elif over > short:
        yield f"{_hours(over - short)} more stay over capacity, as a client cannot be divided."


def _notes(managers: Sequence[Manager]) -> Iterator[str]:
    unknown = [manager.name for manager in managers if manager.hours is None]
    if unknown:
        yield f"The hours of {listed(unknown[:NAMED], len(unknown))} are not known, so nobody is handed over there."


def _aims(solution: Solution) -> tuple[Aim, ...]:
    reached, least = solution.costs, solution.least
    return (
        Aim("Tier A clients without a Senior", reached.without_senior, least.without_senior),
        Aim("Hours over capacity", reached.minutes_over / 60, least.minutes_over / 60),
        Aim("Handovers", reached.handovers, least.handovers),
        Aim("Days of relationship given up", reached.days, least.days),
    )


def _number(number: float) -> str:
    return f"{number:,.2f}".removesuffix("0").removesuffix("0").removesuffix(".")


def _hours(minutes: int, what: str = "hour") -> str:
    return counted(math.ceil(minutes / 60), what)
