"""The agenda: which review meeting and which personal contact falls on which working day."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.method.frames import ENGINES, graded
from tests.runs import first
from tierxl.method.issues import CannotGrade
from tierxl.method.plan.agenda import Agenda, agenda
from tierxl.method.policy_sections import PERSONAL_CONTACT, REVIEW_MEETING
from tierxl.method.table.managers import Manager

MONDAY = date(2026, 11, 23)
NO_REVIEWS = {REVIEW_MEETING: {"A": "None", "B": "None", "C": "None"}}


def client(tier: str, name: str = "", manager: str | None = "Priya", **dates: date | None) -> dict[str, Any]:
    """A client with a tier by override, and the dates Last_contact, Last_review and Client_since."""
    known = {header.replace("_", " "): day for header, day in dates.items()}
    named = {"Client": name} if name else {}
    return (
        {"Revenue": 50_000, "Override tier": tier, "Override reason": "x", "Account manager": manager} | named | known
    )


EARLIER = {"Client": "Earlier", "Revenue": 1, "Profit": -1, "Last contact": date(2026, 1, 1),
           "Last review": date(2026, 1, 1)}  # fmt: skip
"""A client to shed, of whom dates are known: who has none beside it has none recorded, and is due at once."""


def planned(
    clients: list[dict[str, Any]],
    services: dict[str, Any] | None = None,
    as_of: date = MONDAY,
    engine: str = "polars",
    manager: str | None = None,
    **limits: int,
) -> Agenda:
    settings = {"services": NO_REVIEWS if services is None else services, "calendar": limits}
    return agenda(graded(clients, settings, as_of, engine), manager)


def days(plan: Agenda, name: str = "", service: str = PERSONAL_CONTACT) -> list[date]:
    return [
        item["day"].date()
        for item in plan.items.iter_rows(named=True)
        if item["service"] == service and item["client"] == (name or item["client"])
    ]


def ids(plan: Agenda) -> dict[tuple[str, str, str], date]:
    """Each item's day by what it is known by."""
    return {(i["key"], i["service"], i["period"]): i["day"].date() for i in plan.items.iter_rows(named=True)}


# --- When ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", ENGINES)
def test_a_client_of_tier_b_is_contacted_every_three_months_from_the_next_due_date(engine: str):
    plan = planned([client("B", Last_contact=date(2026, 10, 5))], engine=engine)
    assert days(plan) == [date(2027, 1, 5), date(2027, 4, 5), date(2027, 7, 5), date(2027, 10, 5)]


def test_a_date_on_a_weekend_moves_to_the_friday_before_and_the_next_ones_keep_their_rhythm():
    plan = planned([client("A", Last_contact=date(2026, 11, 5))])
    assert days(plan)[:4] == [date(2026, 12, 4), date(2027, 1, 5), date(2027, 2, 5), date(2027, 3, 5)]
    assert date(2026, 12, 5).weekday() == 5


PER_YEAR = {"A": (4, 12), "B": (2, 4), "C": (1, 1)}
"""Review meetings and personal contacts of each tier."""

OTHER_DAYS = (date(2027, 1, 30), date(2028, 2, 29), date(2026, 12, 31))


@pytest.mark.parametrize("as_of", first(1, [MONDAY, *OTHER_DAYS]))
def test_a_client_has_as_many_meetings_and_contacts_in_twelve_months_as_its_tier_gets(as_of: date):
    lasts = [as_of, as_of - timedelta(1), date(2026, 10, 31), date(2020, 1, 1), None]
    clients = [
        client(tier, f"{tier}{at}", Last_contact=last, Last_review=last)
        for tier in PER_YEAR
        for at, last in enumerate(lasts)
    ]
    plan = planned(clients, {}, as_of)
    for each in clients:
        name = each["Client"]
        assert (len(days(plan, name, REVIEW_MEETING)), len(days(plan, name))) == PER_YEAR[name[0]]


@pytest.mark.long
def test_nothing_is_planned_beyond_twelve_months():
    plan = planned([client("C", Last_contact=date(2026, 11, 20))])
    assert days(plan) == [date(2027, 11, 19)]
    month_ends = planned([client("A", Last_contact=date(2027, 1, 30))], as_of=date(2027, 1, 30))
    assert days(month_ends)[-1] == date(2028, 1, 28)  # due on Monday the 31st: the 30th is a Sunday


def test_who_is_overdue_comes_at_once_and_what_follows_counts_from_that_day():
    plan = planned([client("B", Last_contact=date(2026, 1, 5))])
    assert days(plan) == [MONDAY, date(2027, 2, 23), date(2027, 5, 21), date(2027, 8, 23)]


@pytest.mark.long
def test_on_a_weekend_the_agenda_begins_on_monday():
    for as_of in (date(2026, 11, 21), date(2026, 11, 22)):
        assert days(planned([client("C"), EARLIER], as_of=as_of)) == [MONDAY]


@pytest.mark.long
def test_a_tier_without_a_service_has_nothing_in_the_agenda():
    assert days(planned([client("A")], service_none("A"))) == []
    assert len(days(planned([client("B")], service_none("A")))) == 4


def service_none(tier: str) -> dict[str, Any]:
    return NO_REVIEWS | {PERSONAL_CONTACT: {tier: "None"}}


@pytest.mark.long
def test_clients_to_shed_and_clients_without_a_tier_have_no_appointments():
    clients = [{"Client": "Shed", "Revenue": 50_000, "Profit": -1}, {"Client": "Not graded", "Revenue": None}]
    assert planned(clients).items.is_empty()


@pytest.mark.parametrize(("level", "first", "times"), first(1, [("5/yr, 9 min", date(2026, 12, 4), 5),
                                                       ("0.5/yr, 9 min", date(2027, 9, 22), 1),
                                                       ("52/yr, 9 min", MONDAY, 52)]))  # fmt: skip
def test_other_rhythms_are_kept_as_well(level: str, first: date, times: int):
    last = {"5/yr, 9 min": date(2026, 9, 22), "0.5/yr, 9 min": date(2025, 9, 22), "52/yr, 9 min": date(2026, 11, 16)}
    plan = planned([client("A", Last_contact=last[level])], NO_REVIEWS | {PERSONAL_CONTACT: {"A": level}})
    assert (days(plan)[0], len(days(plan))) == (first, times)


@pytest.mark.long
def test_nothing_is_planned_on_a_weekend_also_where_today_is_one():
    for as_of in (date(2026, 11, 21), date(2026, 11, 22)):
        today = [client("A", f"A{at}", Last_contact=as_of, Last_review=as_of) for at in range(5)]
        late = [
            client("A", f"Late {at}", Last_contact=date(2026, 1, 1), Last_review=date(2026, 1, 1)) for at in range(5)
        ]
        spread = planned([client(tier, f"{tier}{at}") for tier in "ABC" for at in range(40)], {}, as_of)
        for plan in (planned([*today, *late], {}, as_of), spread):
            assert all(
                item["day"].weekday() < 5 and item["day"].date() >= MONDAY for item in plan.items.iter_rows(named=True)
            )


def test_where_the_list_gives_no_dates_the_first_appointments_are_spread_over_the_time_between_two():
    plan = planned([client("B", f"B{at}") for at in range(3)])
    assert [days(plan, f"B{at}")[0] for at in range(3)] == [date(2026, 12, 23), date(2027, 1, 22), date(2027, 2, 22)]
    assert [len(days(plan, f"B{at}")) for at in range(3)] == [4, 4, 4]
    assert {item["overdue"] for item in plan.items.iter_rows(named=True)} == {0}


def test_a_clients_own_rhythm_counts():
    last = date(2026, 10, 23)
    clients = [client("C", "Often", Last_contact=last) | {"Contacts a year": 4}, client("C", "C", Last_contact=last),
               client("A", "Never", Last_contact=last) | {"Contacts a year": 0}]  # fmt: skip
    plan = planned(clients)
    assert days(plan, "Often") == [date(2027, 1, 22), date(2027, 4, 23), date(2027, 7, 23), date(2027, 10, 22)]
    assert len(days(plan, "C")) == 1
    assert days(plan, "Never") == []


# --- A review and a contact ------------------------------------------------------------------------------------------


@pytest.mark.long
def test_a_client_has_its_review_and_its_contact_never_on_one_day():
    same = date(2026, 10, 27)
    plan = planned([client("B", Last_contact=same, Last_review=date(2026, 7, 27))], {})
    assert days(plan, service=REVIEW_MEETING) == [date(2027, 1, 27), date(2027, 7, 27)]
    assert days(plan) == [date(2027, 1, 26), date(2027, 4, 27), date(2027, 7, 26), date(2027, 10, 27)]


@pytest.mark.long
def test_who_is_overdue_for_both_has_the_review_at_once_and_the_contact_on_the_day_after():
    plan = planned([client("C", Last_contact=date(2020, 1, 1), Last_review=date(2020, 1, 1))], {})
    assert (days(plan, service=REVIEW_MEETING), days(plan)) == ([MONDAY], [MONDAY + timedelta(1)])


@pytest.mark.long
def test_where_every_other_day_is_full_the_contact_is_beyond_the_limit_rather_than_on_the_day_of_the_review():
    working_days = [day for day in (MONDAY + timedelta(at) for at in range(366)) if day.weekday() < 5]
    late = {"Last contact": date(2020, 1, 1), "Reviews a year": 0}
    others = [client("C", f"C{at:03}") | late for at in range(len(working_days) - 1)]
    last = client("C", "Last", Last_contact=date(2020, 1, 1), Last_review=MONDAY)
    plan = planned([*others, last], {}, contacts_per_day=1)
    assert days(plan, "Last", REVIEW_MEETING) == working_days[-1:]
    assert days(plan, "Last") == working_days[:1]
    assert max(Counter(days(plan)).values()) == 2


# --- By an assistant -------------------------------------------------------------------------------------------------

TEAM = (Manager("Priya", "Senior", 1600.0), Manager("Sam", "Assistant", 600.0), Manager("Alex", "Assistant", 200.0),
        Manager("Kim", "Assistant", None), Manager("Lee", "Assistant", 0.0))  # fmt: skip


def shared(clients: list[dict[str, Any]], team: tuple[Manager, ...] = TEAM, manager: str | None = None) -> Agenda:
    return agenda(replace(graded(clients, as_of=MONDAY), managers=team), manager)


def test_contacts_by_an_assistant_are_shared_by_the_hours_of_the_assistants():
    clients = [client(tier, f"{tier}{at:02}", Last_contact=date(2026, 6, 1)) for tier in "ABC" for at in range(40)]
    plan = shared(clients)
    by = Counter((item["Tier"], item["service"], item["by"]) for item in plan.items.iter_rows(named=True))
    assert by["C", PERSONAL_CONTACT, "Sam"] == 30
    assert by["C", PERSONAL_CONTACT, "Alex"] == 10
    assert {who for tier, service, who in by if (tier, service) != ("C", PERSONAL_CONTACT)} == {"Priya"}
    assert {item["account_manager"] for item in plan.items.iter_rows(named=True)} == {"Priya"}


@pytest.mark.long
def test_a_client_has_one_assistant_and_another_client_changes_few():
    clients = [client("C", f"C{at:02}", Last_contact=date(2026, 6, 1)) | {"Contacts a year": 4} for at in range(40)]

    def assistants(book: list[dict[str, Any]]) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for item in shared(book).items.iter_rows(named=True):
            if item["service"] == PERSONAL_CONTACT:
                found.setdefault(item["client"], set()).add(item["by"])
        return found

    before, after = assistants(clients), assistants([*clients[::-1], client("C", "B new", Last_contact=MONDAY)])
    assert all(len(who) == 1 for who in before.values())
    assert sum(before[name] != after[name] for name in before) <= 1


@pytest.mark.long
def test_without_assistants_with_hours_contacts_by_an_assistant_are_the_account_managers():
    clients = [client("C", "C", Last_contact=date(2026, 6, 1))]
    for team in ((), TEAM[:1], TEAM[3:]):
        assert [item["by"] for item in shared(clients, team).items.iter_rows(named=True)] == ["Priya", "Priya"]


@pytest.mark.long
def test_the_calendar_of_an_assistant_has_the_contacts_by_them_and_that_of_the_manager_has_not():
    clients = [client(tier, f"{tier}{at}", Last_contact=date(2026, 6, 1)) for tier in "BC" for at in range(8)]
    whole = list(shared(clients).items.iter_rows(named=True))
    for who in ("Sam", "Alex", "Priya"):
        theirs = [item for item in whole if item["by"] == who]
        assert theirs
        assert list(shared(clients, manager=who).items.iter_rows(named=True)) == theirs


# --- How many on a day -----------------------------------------------------------------------------------------------


def test_when_a_day_is_full_the_next_ones_move_to_the_working_day_before():
    wanted = date(2026, 12, 14)  # a Monday
    clients = [client("C", f"C{at}", Last_contact=date(2025, 12, 14)) for at in range(5)]
    plan = planned(clients, contacts_per_day=2)
    assert days(plan) == [date(2026, 12, 10), *[date(2026, 12, 11)] * 2, *[wanted] * 2]


@pytest.mark.long
def test_only_where_no_day_before_is_free_a_later_one_is_taken():
    clients = [client("C", f"C{at}", Last_contact=date(2025, 11, 24)) for at in range(5)]
    plan = planned(clients, contacts_per_day=1)
    assert days(plan) == [MONDAY + timedelta(at) for at in range(5)]


@pytest.mark.long
def test_reviews_and_contacts_have_limits_of_their_own_and_so_has_each_account_manager():
    clients = [client("C", f"{who}{at}", who) for who in ("Priya", "Daniel") for at in range(6)]
    plan = planned([*clients, EARLIER], {}, reviews_per_day=2, contacts_per_day=3)
    counts = Counter((item["account_manager"], item["service"], item["day"].date())
                     for item in plan.items.iter_rows(named=True))  # fmt: skip
    for who in ("Priya", "Daniel"):
        assert [counts[who, REVIEW_MEETING, MONDAY + timedelta(at)] for at in range(4)] == [2, 2, 2, 0]
        assert [counts[who, PERSONAL_CONTACT, MONDAY + timedelta(at)] for at in range(4)] == [3, 3, 0, 0]


@pytest.mark.long
def test_one_person_who_is_written_in_two_ways_has_one_diary():
    clients = [client("C", f"C{at}", who) for at, who in enumerate(["Priya Raman", "priya raman"] * 2)]
    assert max(Counter(days(planned([*clients, EARLIER], contacts_per_day=2))).values()) == 2


def test_the_best_tier_and_the_longest_overdue_come_first():
    clients = [
        client("C", "C long ago", Last_contact=date(2020, 1, 1)),
        client("B", "B", Last_contact=date(2026, 1, 1)),
        client("A", "A short", Last_contact=date(2026, 10, 20)),
        client("A", "A long", Last_contact=date(2026, 5, 1)),
        client("C", "C never"),
    ]
    plan = planned(clients, contacts_per_day=1)
    first = {name: days(plan, name)[0] for name in ("A long", "A short", "B", "C long ago", "C never")}
    assert first == {name: MONDAY + timedelta(at) for at, name in enumerate(first)}


@pytest.mark.long
def test_a_backlog_moves_no_appointment_that_is_on_time():
    on_time = [client("B", f"On time {at}", Last_contact=date(2026, 8, 25)) for at in range(3)]
    backlog = [client("B", f"Late {at:02}", Last_contact=date(2026, 1, 5)) for at in range(40)]
    alone, together = planned(on_time, contacts_per_day=3), planned(on_time + backlog, contacts_per_day=3)
    assert {name: days(together, name) for name in ("On time 0", "On time 2")} == {
        name: days(alone, name) for name in ("On time 0", "On time 2")
    }


@pytest.mark.long
def test_who_has_more_to_do_than_days_can_hold_is_spread_evenly_and_named():
    plan = planned([client("C") for _ in range(3_000)])
    (sentence,) = plan.overloads
    assert sentence.startswith("Priya has 3,000 personal contacts to do in twelve months, more than 8 a day: ")
    assert sentence.endswith("they are spread over all working days, up to 12 on one.")
    counts = Counter(days(plan))
    assert sum(counts.values()) == 3_000
    assert max(counts.values()) == 12
    assert len(counts) >= 250
    assert all(day.weekday() < 5 for day in counts)


@pytest.mark.long
def test_a_normal_book_of_an_account_manager_fits_and_is_on_time():
    lasts = [date(2026, 11, 20) - timedelta(at % 27) for at in range(200)]
    book = [client("A" if at < 10 else "B" if at < 50 else "C", f"C{at:03}", Last_contact=last, Last_review=last)
            for at, last in enumerate(lasts)]  # fmt: skip
    plan = planned(book, {})
    assert plan.overloads == ()
    assert len(plan.items) == 10 * 16 + 40 * 6 + 150 * 2
    assert all(item["day"] <= item["due"] for item in plan.items.iter_rows(named=True))


# --- Whose -----------------------------------------------------------------------------------------------------------


@pytest.mark.long
def test_the_agenda_of_one_account_manager_is_their_part_of_the_agenda_of_all():
    clients = [
        client("B", f"C{at}", ("Priya", "Daniel", None)[at % 3], Last_contact=date(2026, 9, 1)) for at in range(60)
    ]
    whole, part = planned(clients, {}), planned(clients, {}, manager=" PRIYA ")
    theirs = [item for item in whole.items.iter_rows(named=True) if item["account_manager"] == "Priya"]
    assert list(part.items.iter_rows(named=True)) == theirs
    assert theirs


def test_an_unknown_account_manager_is_refused_with_those_who_are_called_alike():
    clients = [client("A", "C1", "Priya Raman"), client("A", "C2", None)]
    with pytest.raises(CannotGrade, match=r'^There is no account manager "Pria". Did you mean Priya Raman\?$'):
        planned(clients, manager="Pria")
    with pytest.raises(CannotGrade, match=r'^There is no account manager "Zoltan". The only one is Priya Raman.$'):
        planned(clients, manager="Zoltan")


def test_at_the_end_of_all_dates_nothing_is_planned():
    with pytest.raises(CannotGrade, match="from the year 9900 on: give another --as-of"):
        planned([client("A")], as_of=date(9999, 12, 31))


# --- What an appointment is known by ---------------------------------------------------------------------------------


def test_a_month_later_and_with_a_new_last_contact_each_appointment_is_moved_and_none_is_doubled():
    before = ids(planned([client("A", Last_contact=date(2026, 10, 16))], as_of=date(2026, 10, 22)))
    after = ids(planned([client("A", Last_contact=date(2026, 11, 18))], as_of=date(2026, 11, 22)))
    moved = {before[known]: day for known, day in after.items() if known in before}
    assert moved[date(2026, 12, 16)] == date(2026, 12, 18)
    assert not [day for known, day in before.items() if known not in after and day >= date(2026, 11, 22)]


@pytest.mark.long
def test_a_call_that_was_overdue_and_made_a_day_later_than_planned_moves_those_that_follow():
    before = ids(planned([client("A", Last_contact=date(2026, 8, 16))]))
    after = ids(planned([client("A", Last_contact=MONDAY + timedelta(1))], as_of=MONDAY + timedelta(2)))
    moved = {day: after[known] for known, day in before.items() if day < date(2027, 1, 1) and known in after}
    assert moved == {date(2026, 12, 23): date(2026, 12, 24)}


@pytest.mark.long
def test_another_client_changes_nothing_for_those_who_are_there():
    clients = [client("B", f"C{at}", Last_contact=date(2026, 9, 1) + timedelta(at)) for at in range(40)]
    before = ids(planned(clients, {}))
    after = ids(planned([client("C", "A new one", Last_contact=date(2026, 9, 20)), *clients], {}))
    assert {known: after[known] for known in before} == before


@pytest.mark.long
@pytest.mark.parametrize("last", [None, date(2026, 1, 5), date(2025, 12, 14)])
def test_the_order_of_the_rows_makes_no_difference(last: date | None):
    clients = [EARLIER, *(client("C", f"C{at}", Last_contact=last) for at in range(40))]
    assert ids(planned(clients)) == ids(planned(clients[::-1]))


@pytest.mark.long
def test_clients_of_the_same_id_or_name_are_told_apart():
    clients = [client("C", "Abel"), client("C", "ABEL "), client("C", "Baker") | {"Client ID": "7"},
               client("C", "Cohen") | {"Client ID": "7"}]  # fmt: skip
    assert sorted({key for key, _, _ in ids(planned(clients))}) == ["7", "7\n2", "abel", "abel\n2"]


# --- On random books -------------------------------------------------------------------------------------------------

BOOK = settings(deadline=None, max_examples=15, derandomize=True)
AS_OFS = st.dates(date(2024, 1, 1), date(2029, 12, 31))
AGO = st.one_of(st.none(), st.integers(0, 500))


@st.composite
def books(draw: st.DrawFn) -> tuple[date, list[dict[str, Any]]]:
    as_of = draw(AS_OFS)

    def day() -> date | None:
        ago = draw(AGO)
        return None if ago is None else as_of - timedelta(ago)

    return as_of, [
        client(draw(st.sampled_from("ABC")), f"C{at}", draw(st.sampled_from(["Priya", "Daniel", None])),
               Last_contact=day(), Last_review=day(), Client_since=day())
        for at in range(draw(st.integers(1, 25)))
    ]  # fmt: skip


@BOOK
@given(books())
def test_every_client_is_served_as_often_as_its_tier_says_on_working_days_that_are_never_too_full(
    book: tuple[date, list[dict[str, Any]]],
):
    as_of, clients = book
    plan = planned(clients, {}, as_of)
    per_client = Counter((item["client"], item["service"]) for item in plan.items.iter_rows(named=True))
    for each in clients:
        reviews, contacts = PER_YEAR[each["Override tier"]]
        assert per_client[each["Client"], REVIEW_MEETING] == reviews
        assert per_client[each["Client"], PERSONAL_CONTACT] == contacts
    most = {REVIEW_MEETING: 3, PERSONAL_CONTACT: 8}
    on_a_day = Counter(
        (item["service"], item["account_manager"], item["day"].date()) for item in plan.items.iter_rows(named=True)
    )
    assert plan.overloads == ()
    assert all(count <= most[service] for (service, _, _), count in on_a_day.items())
    assert all(day.weekday() < 5 and day >= as_of for _, _, day in on_a_day)
    met, called = (
        {(item["client"], item["day"]) for item in plan.items.iter_rows(named=True) if item["service"] == service}
        for service in (REVIEW_MEETING, PERSONAL_CONTACT)
    )
    assert not met & called
    assert len(ids(plan)) == len(plan.items)


@BOOK
@given(books(), st.integers(1, 120), st.data())
def test_a_later_agenda_moves_what_lies_ahead_but_for_one_appointment_that_was_made_before_its_day(
    book: tuple[date, list[dict[str, Any]]], wait: int, data: st.DataObject
):
    as_of, clients = book
    later = as_of + timedelta(wait)
    seen = [
        each | {name: later - timedelta(data.draw(st.integers(0, wait)))}
        for each in clients
        for name in [data.draw(st.sampled_from(["Last contact", "Last review"]))]
    ]
    before, after = ids(planned(clients, {}, as_of)), ids(planned(seen, {}, later))
    made_early = [known[:2] for known, day in before.items() if day > later and known not in after]
    assert len(made_early) == len(set(made_early))


@BOOK
@given(books())
def test_the_same_book_gives_the_same_agenda(book: tuple[date, list[dict[str, Any]]]):
    as_of, clients = book
    assert list(planned(clients, {}, as_of).items.iter_rows()) == list(planned(clients, {}, as_of).items.iter_rows())
