"""The agenda: every review meeting and personal contact of the next twelve months, each on a working day.

An item is due by the rule of :mod:`tierxl.method.plan.service`, and is planned for that day, or for the nearest working
day before it on which the account manager has time; only where there is none, for one behind it. Clients who are
overdue or were never seen come on the first days that are still free, and what follows counts from there. Tier A is
planned first, and within a tier those who are not overdue, so that a client moves nobody of a better tier, and a
backlog moves none of the appointments that are on time. Review meetings come before contacts, which avoid the days on
which the client has one. Contacts by an assistant are the Assistants'. Holidays and leave are not known.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from itertools import accumulate, chain
from math import ceil
from typing import TypeVar

import narwhals as nw

from tierxl.method.expressions import Expr, midnight, reusable
from tierxl.method.issues import CannotGrade
from tierxl.method.plan.due_dates import (
    CONTACT,
    LAST,
    LATEST,
    NONE_RECORDED,
    REVIEW,
    Appointment,
    each_rhythm,
    next_due,
    period,
)
from tierxl.method.plan.hours import is_by_assistant
from tierxl.method.plan.service import TIERS, engagement_plan
from tierxl.method.policy import Policy
from tierxl.method.policy_sections import Service
from tierxl.method.rating.grading import Grading
from tierxl.method.table.clients import Frame
from tierxl.method.table.managers import ASSISTANT, Manager
from tierxl.method.words import as_called, did_you_mean, listed, plural

_OF_CLIENT = ("position", "key", "client", "account_manager", "preferred_contact", "by", "rhythm", "Tier", "Action")
_OF_ITEM = ("due", "day", "number", "overdue", "basis", "period")
_ON_TIME = {"overdue": nw.lit(0, nw.Int64), "basis": nw.lit(LAST)}

_NAMED = 5
"""How many account managers a message offers."""
_DRIFT = timedelta(3)
"""The most behind a year that the last item can be due: months differ in length, and the end of a month stays one."""


@dataclass(frozen=True)
class Agenda:
    """The items of twelve months.

    Attributes:
        items: one line an item, by day, tier and key. Columns ``key`` (the Client ID, else the name in small letters,
            numbered where several clients share it), ``position``, ``client``, ``account_manager``,
            ``preferred_contact``, ``by`` (in whose calendar it is: the account manager, or an Assistant), ``rhythm``
            (how often a year), ``Tier``, ``Action``, ``service``, ``due`` and ``day`` (dates), ``overdue`` (days),
            ``basis`` (what the date counts from, see :mod:`tierxl.method.plan.due_dates`), ``period`` (text: see
            :func:`tierxl.method.plan.due_dates.period`; a client has one item of a service in it).
        overloads: a sentence for each person who has more to do than the policy's limits allow.
        as_of: the day of the plan.
        policy: the policy.
    """

    items: Frame
    overloads: tuple[str, ...]
    as_of: date
    policy: Policy


def agenda(grading: Grading, manager: str | None = None) -> Agenda:
    """Plan twelve months from the day of the grading.

    Args:
        grading: the graded portfolio.
        manager: only items of this account manager, or Assistant, which are the same as in the agenda of all.

    Raises:
        CannotGrade: there is nobody of that name; the message names those that are called alike. Or the day is so late
            that dates end before the twelve months do.
    """
    if grading.as_of.year >= LATEST.year:
        raise CannotGrade(f"Nothing can be planned from the year {LATEST.year} on: give another --as-of.")
    plan = _with_key(engagement_plan(grading))
    policy, days = grading.policy, _WorkingDays(grading.as_of)
    reviews, contacts = (_lines(plan, each, grading) for each in (REVIEW, CONTACT))
    spellings = None if manager is None else _spellings(grading, (reviews, contacts), manager)
    meetings, busy_people = _items(reviews, REVIEW, policy.calendar.reviews_per_day, days)
    taken = frozenset(meetings.select(taken=_taken(nw.col("position"), nw.col("number")))["taken"])
    calls, busier_people = _items(contacts, CONTACT, policy.calendar.contacts_per_day, days, taken)
    items = nw.concat([meetings, calls]).sort("day", "Tier", "key", "service").drop("number")
    overloads = [*busy_people.items(), *busier_people.items()]
    return Agenda(
        items if spellings is None else items.filter(nw.col("by").is_in(spellings)),
        tuple(sentence for name, sentence in overloads if manager is None or name == as_called(manager)),
        grading.as_of,
        policy,
    )


def _with_key(plan: Frame) -> Frame:
    name = nw.col("client").fill_null("").str.to_lowercase()
    key = nw.when(nw.col("client_id").is_null()).then(name).otherwise(nw.col("client_id"))
    keyed = plan.with_columns(key=key, one=nw.lit(1)).sort("position")
    number = nw.col("one").cum_sum().over("key", order_by="position")
    numbered = nw.concat_str(nw.col("key"), nw.lit("\n"), number.cast(nw.String))
    return keyed.with_columns(key=nw.when(number == 1).then(nw.col("key")).otherwise(numbered))


def _lines(plan: Frame, appointment: Appointment, grading: Grading) -> Frame:
    """The due dates of an appointment: one line a client who has it, with how often, and by whom."""
    lines = plan.filter(~nw.col(appointment.next).is_null()).select(
        *(name for name in _OF_CLIENT if name not in ("by", "rhythm")),
        by=nw.col("account_manager"),
        due=nw.col(appointment.next),
        overdue=nw.col(appointment.overdue),
        basis=nw.col(appointment.basis),
        rhythm=nw.col(appointment.rhythm),
    )
    assistants = [each for each in grading.managers if each.seniority == ASSISTANT and each.hours]
    return _by_assistants(lines, grading.policy.services[appointment.service], assistants) if assistants else lines


def _by_assistants(lines: Frame, service: Service, assistants: Sequence[Manager]) -> Frame:
    """The lines, those of tiers that an assistant serves by one of the Assistants, who share them by their hours.

    In the order of their keys the first clients are the first Assistant's, so that few change hands with a new one.
    """
    tiers = [tier for tier in TIERS if is_by_assistant(service, tier)]
    theirs = lines.filter(nw.col("Tier").is_in(tiers)).sort("key")
    minutes = {tier: float(service.minutes(tier) or 1) for tier in tiers}
    work = [often * minutes[tier] for often, tier in theirs.select("rhythm", "Tier").iter_rows()]
    until = list(accumulate(each.hours or 0 for each in assistants))
    middles = (end - each / 2 for each, end in zip(work, accumulate(work), strict=True))
    whole = sum(work)
    chosen = [assistants[bisect_right(until, middle / whole * until[-1])].name for middle in middles]
    by = nw.new_series("by", chosen, nw.String, backend=lines.implementation)
    return nw.concat([lines.filter(~nw.col("Tier").is_in(tiers)), theirs.with_columns(by)])


def _spellings(grading: Grading, lines: Iterable[Frame], manager: str) -> list[str]:
    """The names of an account manager or Assistant, as the clients and the lines have them."""
    columns = [grading.clients.table["account_manager"], *(each["by"] for each in lines)]
    names = {name for column in columns for name in column.unique().to_list() if isinstance(name, str)}
    spellings = sorted(name for name in names if as_called(name) == as_called(manager))
    if not spellings:
        known = sorted(names)
        raise CannotGrade(f'There is no account manager "{manager}".{did_you_mean(manager, known) or _known(known)}')
    return spellings


def _known(names: Sequence[str]) -> str:
    be = plural(len(names), "The only one is", "They are")
    return f" {be} {listed(names[:_NAMED], len(names))}." if names else ""


class _WorkingDays:
    """The days from Monday to Friday of the next twelve months."""

    def __init__(self, as_of: date) -> None:
        first = midnight(as_of)
        behind = datetime(as_of.year + 1, as_of.month, 1) + timedelta(as_of.day)
        every = [first + timedelta(offset) for offset in range((behind - first).days)]
        self.last_due = every[-1] + _DRIFT
        self.days = [day for day in every if day.weekday() < 5]

    def numbers(self, lines: Frame) -> list[int]:
        """The number of the working day that each line is due on, or else of the one before."""
        return [max(bisect_right(self.days, due) - 1, 0) for due in lines["due"].to_list()]

    def on(self, lines: Frame, numbers: Sequence[int]) -> Frame:
        """The lines with ``day``, the working days of these numbers, and the ``number``."""
        chosen = [self.days[number] for number in numbers]
        return lines.with_columns(
            number=nw.new_series("number", numbers, nw.Int64, backend=lines.implementation),
            day=nw.new_series("day", chosen, nw.Datetime("us"), backend=lines.implementation),
        )


_Whole = TypeVar("_Whole", int, Expr)


def _taken(client: _Whole, day: _Whole) -> _Whole:
    """The number of a client's working day, by the client's position and the number of the day."""
    return client * 512 + day


class _Diary:
    """The working days of one person, each with room for so many items.

    Args:
        days: how many working days there are.
        room: how many items have room on a day.
        busy: the days on which clients have no time, see :func:`_taken`.
    """

    def __init__(self, days: int, room: int, busy: frozenset[int]) -> None:
        self._room = [room] * days
        self._free = list(range(days))
        self._busy = busy

    def near(self, number: int, client: int) -> int:
        """Take a day: this one, or the nearest one before it that is free for both, or else behind it."""
        at = max(bisect_right(self._free, number) - 1, 0)
        if _taken(client, self._free[at]) not in self._busy:
            return self._use(at)
        others = chain(range(at - 1, -1, -1), range(at + 1, len(self._free)))
        free = next((other for other in others if _taken(client, self._free[other]) not in self._busy), None)
        return self._beyond_room(number, client) if free is None else self._use(free)

    def first(self, client: int) -> int:
        """Take the first day that is free for both."""
        return self.near(-1, client)

    def _beyond_room(self, number: int, client: int) -> int:
        """The nearest day on which the client has time, though nobody else has; if there is none, the day itself."""
        nearest = sorted(range(len(self._room)), key=lambda day: abs(day - number))
        return next((day for day in nearest if _taken(client, day) not in self._busy), nearest[0])

    def _use(self, at: int) -> int:
        number = self._free[at]
        self._room[number] -= 1
        if not self._room[number]:
            del self._free[at]
        return number


_Diaries = Mapping[str | None, _Diary]


def _diaries(lines: Frame, name: str, most: int, days: int, busy: frozenset[int]) -> tuple[_Diaries, dict[str, str]]:
    """A diary for each spelling of a person, and a sentence for each person with more to do than ``most`` a day."""
    people = lines["by"].to_list()
    to_do: Counter[str] = Counter()
    spellings: dict[str, str | None] = {}
    for person, often in zip(people, lines["rhythm"].to_list(), strict=True):
        called = as_called(person or "")
        to_do[called] += ceil(often)
        spellings.setdefault(called, person)
    diaries, overloads = {}, {}
    for called, count in to_do.items():
        room = max(most, ceil(count / days))
        diaries[called] = _Diary(days, room, busy)
        if room > most:
            who = spellings[called] or "The team, for clients without an account manager,"
            overloads[called] = (
                f"{who} has {count:,} {name} to do in twelve months, more than {most} a day: "
                f"they are spread over all working days, up to {room:,} on one."
            )
    return {person: diaries[as_called(person or "")] for person in set(people)}, overloads


def _items(
    lines: Frame, appointment: Appointment, most: int, days: _WorkingDays, busy: frozenset[int] = frozenset()
) -> tuple[Frame, dict[str, str]]:
    """The items of an appointment, and a sentence for each person with more to do than ``most`` a day."""
    due = lines.filter(nw.col("due") <= days.last_due)
    diaries, overloads = _diaries(due, f"{appointment.service.lower()}s", most, len(days.days), busy)
    items = nw.concat([_of_tier(due.filter(nw.col("Tier") == tier), days, diaries) for tier in TIERS])
    return items.with_columns(service=nw.lit(appointment.service)), overloads


def _of_tier(lines: Frame, days: _WorkingDays, diaries: _Diaries) -> Frame:
    """The items of an appointment for the clients of a tier."""
    late = (nw.col("overdue") > 0) | (nw.col("basis") == NONE_RECORDED)
    on_time = each_rhythm(lines.filter(~late), "rhythm", lambda of, often: _series(of, often, ceil(often), days))
    planned = _planned(on_time, days, diaries)
    backlog = lines.filter(late).sort("overdue", "key", descending=[True, False])
    first = days.on(
        backlog, [diaries[who].first(client) for who, client in backlog.select("by", "position").iter_rows()]
    )
    first = each_rhythm(first, "rhythm", lambda of, often: of.with_columns(_period("day", often)))
    next_ones = each_rhythm(first, "rhythm", lambda of, often: _following(of, often, days))
    parts = [planned, first, _planned(next_ones, days, diaries)]
    return nw.concat([part.select(*_OF_CLIENT, *_OF_ITEM) for part in parts])


def _following(first: Frame, per_year: Fraction, days: _WorkingDays) -> Frame:
    """The items that follow the first ones, counted from the days of these."""
    next_ones = first.drop("number", "period").with_columns(_next("day", per_year))
    return _series(next_ones.drop("day"), per_year, ceil(per_year) - 1, days)


def _series(first: Frame, per_year: Fraction, times: int, days: _WorkingDays) -> Frame:
    """The first items and those that follow by the rule of due dates, at most ``times`` of a client, with periods."""
    parts, current = [first[:0]], first
    for _ in range(times):
        current = current.filter(nw.col("due") <= days.last_due)
        if current.is_empty():
            break
        parts.append(current)
        current = current.with_columns(_next("due", per_year))
    return nw.concat(parts).with_columns(_period("due", per_year))


@reusable()
def _next(column: str, per_year: Fraction) -> dict[str, Expr]:
    return {"due": next_due(nw.col(column), per_year), **_ON_TIME}


@reusable()
def _period(column: str, per_year: Fraction) -> dict[str, Expr]:
    return {"period": period(nw.col(column), per_year)}


def _planned(items: Frame, days: _WorkingDays, diaries: _Diaries) -> Frame:
    """Items that are due, in the order of their days, each near its day."""
    items = items.sort("due", "key")
    wanted = zip(items["by"].to_list(), days.numbers(items), items["position"].to_list(), strict=True)
    return days.on(items, [diaries[who].near(number, client) for who, number, client in wanted])
