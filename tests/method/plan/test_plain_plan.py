"""The engagement plan once more, in plain Python: whole books at random, line by line."""

import calendar
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.method.frames import AS_OF, graded
from tierxl.method.plan.service import engagement_plan

OF_TIER = {"review": {"A": 4, "B": 2, "C": 1}, "contact": {"A": 12, "B": 4, "C": 1}}
OWN = st.sampled_from([None, None, None, 0, 1, 1.5, 4, 5, 12])
LAST = st.one_of(st.none(), st.integers(0, 800).map(lambda ago: AS_OF - timedelta(ago)))
CLIENT = st.fixed_dictionaries(
    {
        "Revenue": st.sampled_from([5.0, 70.0, 70.0, 900.0, None]),
        "Override tier": st.sampled_from("ABC"),
        "Reviews a year": OWN,
        "Contacts a year": OWN,
        "Last review": LAST,
        "Last contact": LAST,
    }
)
TO_SHED = st.fixed_dictionaries({"Revenue": st.just(5.0), "Profit": st.just(-1.0), "Last contact": LAST})
BOOKS = st.lists(st.one_of(CLIENT, CLIENT, CLIENT, TO_SHED), min_size=1, max_size=14)


def after(last: date, per_year: Fraction) -> date:
    """The next day of a service: calendar months with the end of a month kept, else days."""
    months = 12 / per_year
    if months.denominator != 1:
        return last + timedelta(int(Fraction(365) / per_year + Fraction(1, 2)))
    year, month = divmod(last.year * 12 + last.month - 1 + int(months), 12)
    length = calendar.monthrange(year, month + 1)[1]
    is_month_end = (last + timedelta(1)).month != last.month
    return date(year, month + 1, length if is_month_end else min(last.day, length))


def due(book: list[dict[str, Any]], kind: str) -> list[date | None]:
    """The next day of each client of a book; None for one to shed, and for one who has none."""
    rhythms: list[Fraction | None] = []
    for client in book:
        own = client.get(f"{kind.capitalize()}s a year")
        of_tier = OF_TIER[kind].get(client.get("Override tier", ""), 0)
        rhythms.append(Fraction(str(of_tier if own is None else own)) or None)
    lasts = [client.get(f"Last {kind}") for client in book]
    days: list[date | None] = []
    for at, (rhythm, last) in enumerate(zip(rhythms, lasts, strict=True)):
        if rhythm is None:
            days.append(None)
        elif any(lasts):
            days.append(after(last, rhythm) if last else AS_OF)
        else:
            place, count = rhythms[: at + 1].count(rhythm), rhythms.count(rhythm)
            year = int(Fraction(365) / rhythm + Fraction(1, 2))
            days.append(AS_OF + timedelta(place * year // count))
    return days


def plain_plan(book: list[dict[str, Any]]) -> list[tuple[int, date | None, int, date | None, int, bool]]:
    """The lines of the plan: place in the list, next review, days overdue, the same of the contact, neglected."""
    lines = []
    for at, (client, review, contact) in enumerate(zip(book, due(book, "review"), due(book, "contact"), strict=True)):
        late = [max((AS_OF - day).days, 0) if day else 0 for day in (review, contact)]
        key = (client.get("Override tier"), -max(late), -(client["Revenue"] or float("-inf")), at)
        lines.append((key, (at, review, late[0], contact, late[1], late[1] > 7)))
    return [line for key, line in sorted(line for line in lines if line[0][0])]


@pytest.mark.hypothesis
@settings(deadline=None, max_examples=60, derandomize=True)
@given(BOOKS)
def test_the_plan_of_a_book_is_as_a_plain_reading_has_it(book: list[dict[str, Any]]):
    columns = ("position", "next_review", "review_overdue", "next_contact", "contact_overdue", "neglected")
    plan = engagement_plan(graded(book)).select(*columns)
    lines = [tuple(value.date() if hasattr(value, "date") else value for value in line) for line in plan.iter_rows()]
    assert lines == plain_plan(book)
