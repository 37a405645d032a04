"""The agenda: every review meeting and personal contact of the next twelve months, each on a working day.

An item is due by the rule of :mod:`tierxl.method.plan.service`, and is planned for that day, or for the nearest working
day before it on which the account manager has time; only where there is none, for one behind it. Clients who are
overdue or were never seen come on the first days that are still free, and what follows counts from there. Tier A is
planned first, and within a tier those who are not overdue, so that a client moves nobody of a better tier, and a
backlog moves none of the appointments that are on time. Holidays and leave are not known.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from math import ceil

import narwhals as nw

from tierxl.method.expressions import midnight
from tierxl.method.issues import CannotGrade
from tierxl.method.plan.service import LATEST, TIERS, engagement_plan, next_due, period
from tierxl.method.policy import Policy
from tierxl.method.policy_sections import PERSONAL_CONTACT, REVIEW_MEETING, Service
from tierxl.method.rating.grading import Grading
from tierxl.method.table.clients import Frame
from tierxl.method.words import as_called, did_you_mean

_OF_CLIENT = ("key", "client", "account_manager", "Tier", "Action")
_OF_ITEM = ("due", "day", "overdue", "never", "period")
_ON_TIME = {"overdue": nw.lit(0, nw.Int64), "never": nw.lit(False)}

_DRIFT = timedelta(3)
"""The most behind a year that the last item can be due: months differ in length, and the end of a month stays one."""


@dataclass(frozen=True)
class Agenda:
    """The items of twelve months.

    Attributes:
        items: one line an item, by day, tier and key. Columns ``key`` (the Client ID, else the name in small letters,
            numbered where several clients share it), ``client``, ``account_manager``, ``Tier``, ``Action``,
            ``service``, ``due`` and ``day`` (dates), ``overdue`` (days), ``never`` (true or false: there was none
            before), ``period`` (text: see :func:`tierxl.method.plan.service.period`; a client has one item of a
            service in it).
        overloads: a sentence for each account manager who has more to do than the policy's limits allow.
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
        manager: only items of this account manager, which are the same as in the agenda of all.

    Raises:
        CannotGrade: no client has that account manager; the message names those that are called alike. Or the day is
            so late that dates end before the twelve months do.
    """
    if grading.as_of.year >= LATEST.year:
        raise CannotGrade(f"Nothing can be planned from the year {LATEST.year} on: give another --as-of.")
    plan = _with_key(engagement_plan(grading))
    if manager is not None:
        plan = plan.filter(nw.col("account_manager").is_in(_spellings(grading, manager)))
    policy, days = grading.policy, _WorkingDays(grading.as_of)
    items, overloads = [], []
    for name, kind, most in (
        (REVIEW_MEETING, "review", policy.calendar.reviews_per_day),
        (PERSONAL_CONTACT, "contact", policy.calendar.contacts_per_day),
    ):
        lines = plan.select(
            *_OF_CLIENT,
            due=nw.col(f"next_{kind}"),
            overdue=nw.col(f"{kind}_overdue"),
            never=nw.col(f"never_{kind}ed"),
        )
        due = lines.filter(nw.col("due") <= days.last_due)
        service = policy.services[name]
        diaries, sentences = _diaries(due, service, f"{name.lower()}s", most, len(days.days))
        overloads += sentences
        for tier in TIERS:
            per_year = service.per_year(tier)
            of_tier = _of_tier(due.filter(nw.col("Tier") == tier), per_year or Fraction(1), days, diaries)
            items.append(of_tier.with_columns(service=nw.lit(name)))
    return Agenda(nw.concat(items).sort("day", "Tier", "key", "service"), tuple(overloads), grading.as_of, policy)


def _with_key(plan: Frame) -> Frame:
    name = nw.col("client").fill_null("").str.to_lowercase()
    key = nw.when(nw.col("client_id").is_null()).then(name).otherwise(nw.col("client_id"))
    keyed = plan.with_columns(key=key, one=nw.lit(1)).sort("position")
    number = nw.col("one").cum_sum().over("key", order_by="position")
    numbered = nw.concat_str(nw.col("key"), nw.lit("\n"), number.cast(nw.String))
    return keyed.with_columns(key=nw.when(number == 1).then(nw.col("key")).otherwise(numbered))


def _spellings(grading: Grading, manager: str) -> list[str]:
    names = [name for name in grading.clients.table["account_manager"].unique().to_list() if isinstance(name, str)]
    spellings = [name for name in names if as_called(name) == as_called(manager)]
    if not spellings:
        raise CannotGrade(f'There is no account manager "{manager}".{did_you_mean(manager, sorted(names))}')
    return spellings


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
        """The lines with ``day``, the working days of these numbers."""
        chosen = [self.days[number] for number in numbers]
        return lines.with_columns(day=nw.new_series("day", chosen, nw.Datetime("us"), backend=lines.implementation))


class _Diary:
    """The working days of one account manager, each with room for so many items."""

    def __init__(self, days: int, limit: int) -> None:
        self._room = [limit] * days
        self._free = list(range(days))

    def near(self, number: int) -> int:
        """Take a day: this one, or the nearest free one before it, or else behind it."""
        return self._use(max(bisect_right(self._free, number) - 1, 0))

    def first(self) -> int:
        """Take the first day that is free."""
        return self._use(0)

    def _use(self, at: int) -> int:
        number = self._free[at]
        self._room[number] -= 1
        if not self._room[number]:
            del self._free[at]
        return number


def _diaries(
    lines: Frame, service: Service, name: str, most: int, days: int
) -> tuple[dict[str | None, _Diary], list[str]]:
    """A diary for each spelling of an account manager, and a sentence for each with more to do than ``most`` a day."""
    times = {tier: ceil(service.per_year(tier) or 0) for tier in TIERS}
    managers = lines["account_manager"].to_list()
    to_do: Counter[str] = Counter()
    spellings: dict[str, str | None] = {}
    for manager, tier in zip(managers, lines["Tier"].to_list(), strict=True):
        called = as_called(manager or "")
        to_do[called] += times[tier]
        spellings.setdefault(called, manager)
    diaries, overloads = {}, []
    for called, count in to_do.items():
        room = max(most, ceil(count / days))
        diaries[called] = _Diary(days, room)
        if room > most:
            who = spellings[called] or "Nobody in particular"
            overloads.append(
                f"{who} has {count:,} {name} to do in twelve months, more than {most} a day: "
                f"they are spread over all working days, up to {room:,} on one."
            )
    return {manager: diaries[as_called(manager or "")] for manager in set(managers)}, overloads


def _of_tier(lines: Frame, per_year: Fraction, days: _WorkingDays, diaries: Mapping[str | None, _Diary]) -> Frame:
    """The items of a service for the clients of a tier."""
    times = ceil(per_year)
    late = (nw.col("overdue") > 0) | nw.col("never")
    on_time = lines.filter(~late)
    planned = _planned(_series(on_time, per_year, times, days.last_due), days, diaries)
    backlog = lines.filter(late).sort("overdue", "key", descending=[True, False])
    first = days.on(backlog, [diaries[manager].first() for manager in backlog["account_manager"].to_list()])
    next_ones = first.with_columns(due=next_due(nw.col("day"), per_year), **_ON_TIME)
    following = _planned(_series(next_ones.drop("day"), per_year, times - 1, days.last_due), days, diaries)
    parts = [
        planned.with_columns(period=period(nw.col("due"), per_year)),
        first.with_columns(period=period(nw.col("day"), per_year)),
        following.with_columns(period=period(nw.col("due"), per_year)),
    ]
    return nw.concat([part.select(*_OF_CLIENT, *_OF_ITEM) for part in parts])


def _series(first: Frame, per_year: Fraction, times: int, last: datetime) -> Frame:
    """The first items and those that follow by the rule of due dates, at most ``times`` of a client, until a day."""
    parts, current = [first[:0]], first
    for _ in range(times):
        current = current.filter(nw.col("due") <= last)
        if current.is_empty():
            break
        parts.append(current)
        current = current.with_columns(due=next_due(nw.col("due"), per_year), **_ON_TIME)
    return nw.concat(parts)


def _planned(items: Frame, days: _WorkingDays, diaries: Mapping[str | None, _Diary]) -> Frame:
    """Items that are due, in the order of their days, each near its day."""
    items = items.sort("due", "key")
    numbers = days.numbers(items)
    managers = items["account_manager"].to_list()
    return days.on(items, [diaries[manager].near(at) for manager, at in zip(managers, numbers, strict=True)])
