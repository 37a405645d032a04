"""The proposal who should serve whom: tier A with Seniors, nobody over capacity, as few handovers as possible."""

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import narwhals as nw

from tierxl.method.expressions import as_written, days_between, first_that_applies, midnight
from tierxl.method.issues import CannotGrade
from tierxl.method.levels import TIER_NAMES, A
from tierxl.method.plan.assignment_model import Solution, solve
from tierxl.method.plan.assignment_team import Kind, Seat
from tierxl.method.plan.capacity import NAMED, Load, capacity, full_at, manager_keys, tier_loads
from tierxl.method.plan.hours import RHYTHM_FIELDS, Need, Work
from tierxl.method.plan.service import is_served
from tierxl.method.rating.figures import PERCENT, Cut, beside
from tierxl.method.rating.grading import Grading
from tierxl.method.table.clients import Frame
from tierxl.method.table.managers import MANAGER_COLUMNS, SENIOR, Manager, hours_known
from tierxl.method.words import as_called, counted, listed, plural

HANDOVER, FIRST_MANAGER = "Handover", "Assignment"
"""The kinds of moves: from one account manager to another, or to one who is on the sheet at last."""

LARGEST = 10**8
"""The most parts of a minute that all clients together take: with larger numbers the solver is not exact. So where time
has other parts, some of the smallest part is lost to each account manager, in the largest books a minute."""


@dataclass(frozen=True)
class Change:
    """The load of an account manager before and after the proposal."""

    before: Load
    after: Load


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
        start = f"{self.name}: {_number(self.reached)}"
        if self.is_proved:
            return f"{start}, proved to be the least."
        least = f"at least {_number(self.least)} cannot be avoided"
        return f"{start}, unproved: the search ended after its fixed number of steps; {least}."


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
            return "Every client can stay with its account manager."
        parts = []
        if self.handovers:
            parts.append(f"{counted(self.handovers, 'client')} should be handed over")
        if self.assignments:
            get = plural(self.assignments, "gets", "get")
            parts.append(f"{counted(self.assignments, 'client')} without a listed account manager {get} one")
        return f"{', and '.join(parts)}."


def propose(grading: Grading) -> Proposal:
    """Propose who should serve whom.

    Clients who get no service, being shed or without a tier, stay where they are. An account manager without hours, or
    whose hours are not known, keeps no client and gets none. One whose seniority is not known is no Senior. Where a
    choice is free, the client with the shortest relationship moves; one whose start is not known counts as the longest.

    Raises:
        CannotGrade: there are no account managers, or none with hours.
    """
    managers = grading.managers
    _refuse_without_hours(managers)
    book = _book(grading)
    solution = solve(book.seats, book.arriving, book.kinds)
    changes = tuple(
        Change(load, replace(load, tiers=tier_loads(dict(zip(book.needs, counts, strict=True)), book.work.of_manager)))
        for load, counts in zip(capacity(grading).loads, solution.counts, strict=False)
    )
    reasons = _Reasons(changes, book, solution, full_at(grading.policy))
    return Proposal(
        moves=_moves(book, reasons),
        handovers=solution.costs.handovers,
        assignments=sum(book.arriving),
        changes=changes,
        aims=_aims(solution, book.unit),
        missing=tuple(_missing(book, solution)),
        notes=tuple(_notes(managers)),
    )


def _refuse_without_hours(managers: Sequence[Manager]) -> None:
    *columns, last = MANAGER_COLUMNS
    if not managers:
        raise CannotGrade(
            "There are no account managers to propose: add a sheet Account managers with the columns "
            f"{', '.join(columns)} and {last}, one row per person, or give them with --managers."
        )
    if hours_known(managers) is None:
        raise CannotGrade(f"The hours of no account manager are known: fill in the column {last}.")
    if not any(manager.hours for manager in managers):
        raise CannotGrade(
            f"No account manager has hours for clients: write in the column {last} how many hours a year each has."
        )


# --- Who is where ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Book:
    """The clients that get service, and their account managers, as the model has them.

    Attributes:
        served: one line a client, see :func:`_served`.
        needs: a need of each kind of clients; clients of one tier for whom account managers take as long are alike.
        groups: the lines of each kind and account manager; behind the last manager those of clients who have none.
        work: the time that each need takes, and that of the Assistants beside.
        unit: the parts of a minute in which time is counted.
        kinds, seats, arriving: see :func:`tierxl.method.plan.assignment_model.solve`.
    """

    served: Frame
    needs: Sequence[Need]
    groups: Mapping[tuple[int, int], range]
    work: Work
    unit: int
    kinds: Sequence[Kind]
    seats: Sequence[Seat]
    arriving: Sequence[int]

    def hours(self, time: int, what: str = "hour") -> str:
        """A time in words, in whole hours that are enough."""
        return counted(math.ceil(Fraction(time, self.unit * 60)), what)


def _book(grading: Grading) -> _Book:
    lines = _lines(grading)
    fields = (lines[field].to_list() for field in ("Tier", *RHYTHM_FIELDS.values()))
    need_of = [Need.of(*each) for each in zip(*fields, strict=True)]
    managers, policy = grading.managers, grading.policy
    clients = Counter(need_of)
    work = Work.of(clients, managers, policy)
    alike = {(need.tier, minutes): need for need, minutes in work.of_manager.items()}
    order = sorted(alike, key=lambda each: (each[0], -each[1]))
    place = {key: at for at, key in enumerate(order)}
    served = _served(lines, [place[need.tier, work.of_manager[need]] for need in need_of], need_of, work)
    groups, days = _groups(served, len(order), len(managers)), served["days"].to_list()
    full = as_written(policy.capacity.full_at)
    limits = [
        as_written(manager.hours) * 60 * full - share if manager.hours else None
        for manager, share in zip(managers, work.shares, strict=True)
    ]
    times = [minutes for _, minutes in order]
    finest = LARGEST / (1 + sum(count * work.of_manager[need] for need, count in clients.items()))
    unit = min(math.lcm(*(time.denominator for time in (*times, *limits) if time is not None)), max(int(finest), 1))
    return _Book(
        served,
        [alike[key] for key in order],
        groups,
        work,
        unit,
        [Kind(math.ceil(minutes * unit), tier == TIER_NAMES[A]) for tier, minutes in order],
        [
            Seat(
                tuple(days[groups[kind, at].start : groups[kind, at].stop] for kind in range(len(order))),
                None if limit is None else math.floor(limit * unit),
                manager.seniority == SENIOR,
            )
            for at, (manager, limit) in enumerate(zip(managers, limits, strict=True))
        ],
        [len(groups[kind, len(managers)]) for kind in range(len(order))],
    )


def _lines(grading: Grading) -> Frame:
    """One line a client that gets service."""
    fields = ("client", "account_manager", "client_since", *RHYTHM_FIELDS.values())
    lines = grading.lines(*fields).select(*fields, "Tier", "Action").with_row_index("position")
    places = {as_called(manager.name): at for at, manager in enumerate(grading.managers)}
    lines = lines.filter(is_served(nw.col("Tier"), nw.col("Action")))
    keys = manager_keys(lines["account_manager"].fill_null(""))
    distinct = keys.unique().to_list()
    at = keys.replace_strict(distinct, [places.get(key, len(places)) for key in distinct]).cast(nw.Int64)
    days = days_between(nw.col("client_since"), nw.lit(midnight(grading.as_of))).clip(0)
    return lines.with_columns(at=at, days=days).rename({"account_manager": "from"})


def _served(lines: Frame, kinds: Sequence[int], needs: Sequence[Need], work: Work) -> Frame:
    """One line a client that gets service, kind by kind and manager by manager, the shortest relationship first.

    Beside what moves show there are ``kind`` and ``at``, the places of the kind and the account manager in their orders
    (behind the last one for a client who has none of them), ``days`` of the relationship, and whether these are
    ``unknown``.
    """
    hours = {need: float(minutes / 60) for need, minutes in work.of_all.items()}
    longest = lines["days"].max() if len(lines["days"].drop_nulls()) else 0
    return lines.with_columns(
        nw.new_series("kind", kinds, nw.Int64, backend=lines.implementation),
        nw.new_series("hours", [hours[need] for need in needs], nw.Float64, backend=lines.implementation),
        unknown=nw.col("days").is_null(),
        days=nw.col("days").fill_null(longest).cast(nw.Int64),
    ).sort("kind", "at", "days", "unknown", "position")


def _groups(served: Frame, kinds: int, managers: int) -> dict[tuple[int, int], range]:
    """The lines of each kind and account manager."""
    counts = {(kind, at): count for kind, at, count in served.group_by("kind", "at").agg(count=nw.len()).iter_rows()}
    groups, start = {}, 0
    for kind in range(kinds):
        for at in range(managers + 1):
            end = start + counts.get((kind, at), 0)
            groups[kind, at] = range(start, end)
            start = end
    return groups


# --- Who moves -------------------------------------------------------------------------------------------------------


def _moves(book: _Book, reasons_of: "_Reasons") -> Frame:
    going: list[int] = []
    to: list[str] = []
    reasons: list[str] = []
    names, changes = book.served["from"].to_list(), reasons_of.changes
    for kind in range(len(book.kinds)):
        for at, change in enumerate(changes):
            more = reasons_of.more(kind, at)
            going += book.groups[kind, at][: max(-more, 0)]
            reasons += [reasons_of.of(kind, at)] * -more if more < 0 else []
            to += [change.after.name] * max(more, 0)
        outside = book.groups[kind, len(changes)]
        going += outside
        reasons += [
            "Has no account manager yet" if names[line] is None else f"{names[line]} is not among the account managers"
            for line in outside
        ]
    columns = {"to": to, "reason": reasons}
    return (
        book.served[going]
        .with_columns(
            *(nw.new_series(name, of, nw.String, backend=book.served.implementation) for name, of in columns.items()),
            kind=first_that_applies([(nw.col("at") == len(changes), FIRST_MANAGER)], HANDOVER),
        )
        .sort("at", "Tier", "days", "unknown", "position")
        .select("position", "client", "Tier", "from", "to", "hours", "client_since", "kind", "reason")
    )


@dataclass(frozen=True)
class _Reasons:
    """The reasons why clients go from an account manager."""

    changes: Sequence[Change]
    book: _Book
    solution: Solution
    full_at: Cut

    def more(self, kind: int, at: int) -> int:
        """The clients of a kind that an account manager has more than before; below 0 if they are fewer."""
        return self.solution.counts[at][kind] - self.book.seats[at].clients[kind]

    def of(self, kind: int, at: int) -> str:
        """The reason why clients of a kind go from the account manager at a place; at least one does."""
        load, seat, kinds = self.changes[at].before, self.book.seats[at], range(len(self.book.kinds))
        if seat.limit is None:
            return f"The hours of {load.name} are not known" if load.hours is None else f"{load.name} has no hours"
        if self._needs_senior(kind, seat):
            seniority = (load.manager and load.manager.seniority) or "not known to be one"
            return f"A tier {TIER_NAMES[A]} client needs a Senior, and {load.name} is {seniority}"
        tiers = dict.fromkeys(self.book.needs[of].tier for of in kinds if self.more(of, at) > 0)
        received = " and ".join(tiers)
        times = {of: self.book.kinds[of].time for of in kinds if not self._needs_senior(of, seat)}
        staying = sum(time * seat.clients[of] for of, time in times.items())
        if staying <= seat.limit:
            return f"Frees {load.name} for clients of tier {received}"
        over = f"{load.name} is over capacity ({beside(load.utilisation or 0, [self.full_at], 0, PERCENT)})"
        going = sum(time * max(-self.more(of, at), 0) for of, time in times.items())
        is_over_without_any_coming = staying - going + times[kind] > seat.limit
        return over if is_over_without_any_coming else f"{over} and gets clients of tier {received}"

    def _needs_senior(self, kind: int, seat: Seat) -> bool:
        is_senior_known = any(each.is_senior and each.limit is not None for each in self.book.seats)
        return self.book.kinds[kind].is_a and not seat.is_senior and is_senior_known


# --- What is missing -------------------------------------------------------------------------------------------------


def _missing(book: _Book, solution: Solution) -> Iterator[str]:
    """The hours that are missing to serve tier A by Seniors and to keep everybody within capacity, as sentences."""
    without_senior, over = solution.costs.without_senior, solution.costs.over
    limits = [(seat.limit, seat.is_senior) for seat in book.seats if seat.limit is not None]
    totals = [(kind, sum(counts)) for kind, counts in zip(book.kinds, zip(*solution.counts, strict=True), strict=True)]
    of_a = sum(kind.time * count for kind, count in totals if kind.is_a)
    senior_short = max(of_a - sum(limit for limit, is_senior in limits if is_senior), 0)
    assistants_short = -sum(min(limit, 0) for limit, _ in limits)
    team_short = max(sum(kind.time * count for kind, count in totals) - sum(limit for limit, _ in limits), 0)
    if senior_short:
        who = f": {counted(without_senior, 'client')} {plural(without_senior, 'has', 'have')} none"
        more = f"{book.hours(senior_short, 'Senior hour')} more{who if without_senior else ''}"
        yield f"Tier {TIER_NAMES[A]} needs {more}."
    if assistants_short:
        yield f"The services by an assistant need {book.hours(assistants_short, 'Assistant hour')} more."
    if team_short:
        yield f"The team needs {book.hours(team_short)} more than it has."
    short = max(senior_short + assistants_short, team_short)
    if over > short and not short:
        yield f"{book.hours(over)} stay over capacity: the team has the hours, but a client cannot be divided."
    elif over > short:
        yield f"{book.hours(over - short)} more stay over capacity, as a client cannot be divided."


def _notes(managers: Sequence[Manager]) -> Iterator[str]:
    unknown = [manager.name for manager in managers if manager.hours is None]
    none = [manager.name for manager in managers if manager.hours == 0]
    if unknown:
        yield f"The hours of {_some(unknown)} are not known: nobody stays there or is handed over there."
    if none:
        yield f"{_some(none)} {plural(len(none), 'has', 'have')} no hours: nobody stays there or is handed over there."


def _some(names: Sequence[str]) -> str:
    return listed(names[:NAMED], len(names))


def _aims(solution: Solution, unit: int) -> tuple[Aim, ...]:
    reached, least = solution.costs, solution.least
    over, largest = (
        (time / (unit * 60), bound / (unit * 60))
        for time, bound in ((reached.over, least.over), (reached.largest_over, least.largest_over))
    )
    return (
        Aim("Tier A clients without a Senior", reached.without_senior, least.without_senior),
        Aim("Hours over capacity", *over),
        Aim("Most hours over capacity of one account manager", *largest),
        Aim("Handovers", reached.handovers, least.handovers),
        Aim("Days of relationship lost", reached.days, least.days),
    )


def _number(number: float) -> str:
    return f"{number:,.2f}".removesuffix("0").removesuffix("0").removesuffix(".")
