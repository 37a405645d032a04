"""The engagement plan: what is due when, and whether the service levels are distinct."""

from datetime import date
from typing import Any

import pytest

from tests.method.frames import AS_OF, ENGINES, graded
from tests.runs import first
from tierxl.method.plan.hours import hours_per_client
from tierxl.method.plan.service import clients_to_shed, distinct_levels, engagement_plan, first_dates
from tierxl.method.policy import Policy


def client(tier: str, **dates: date | None) -> dict[str, Any]:
    """A client with a tier by override, and the dates Last_contact, Last_review and Client_since."""
    known = {name.replace("_", " "): day for name, day in dates.items()}
    return {"Revenue": 50_000, "Override tier": tier, "Override reason": "To try the plan", **known}


def plan(
    clients: list[dict[str, Any]], services: dict[str, Any] | None = None, engine: str = "polars", as_of: date = AS_OF
) -> list[dict]:
    """The lines of the plan, in the order of the clients, with days as days."""
    lines = engagement_plan(graded(clients, {"services": services or {}}, as_of, engine=engine)).rows(named=True)
    days = ("next_review", "next_contact", "due_first")
    return [
        {name: as_day(value) if name in days else value for name, value in line.items()}
        for line in sorted(lines, key=lambda line: line["position"])
    ]


def as_day(value: Any) -> date | None:
    return None if value is None or value != value else value.date()


MONTHS = [
    # last contact, tier, next contact
    (date(2026, 11, 15), "A", date(2026, 12, 15)),
    (date(2026, 12, 15), "A", date(2027, 1, 15)),
    (date(2026, 1, 31), "A", date(2026, 2, 28)),
    (date(2026, 1, 30), "A", date(2026, 2, 28)),
    (date(2026, 1, 29), "A", date(2026, 2, 28)),
    (date(2026, 2, 28), "A", date(2026, 3, 31)),
    (date(2026, 4, 30), "A", date(2026, 5, 31)),
    (date(2026, 4, 29), "A", date(2026, 5, 29)),
    (date(2024, 1, 31), "A", date(2024, 2, 29)),
    (date(2024, 2, 28), "A", date(2024, 3, 28)),
    (date(2024, 2, 29), "A", date(2024, 3, 31)),
    (date(2026, 5, 15), "B", date(2026, 8, 15)),
    (date(2026, 11, 30), "B", date(2027, 2, 28)),
    (date(2026, 2, 28), "B", date(2026, 5, 31)),
    (date(2026, 5, 15), "C", date(2027, 5, 15)),
    (date(2024, 2, 29), "C", date(2025, 2, 28)),
    (date(2023, 2, 28), "C", date(2024, 2, 29)),
]


@pytest.mark.parametrize("engine", ENGINES)
def test_what_happens_monthly_quarterly_or_yearly_keeps_its_day_and_the_end_of_the_month(engine: str):
    lines = plan([client(tier, Last_contact=last) for last, tier, _ in MONTHS], engine=engine, as_of=date(2026, 12, 31))
    found = [(last, tier, line["next_contact"]) for (last, tier, _), line in zip(MONTHS, lines, strict=True)]
    assert found == MONTHS


CADENCES = [
    ("2/yr, 60 min", date(2026, 9, 1)),
    ("6/yr, 60 min", date(2026, 5, 1)),
    ("1.5/yr, 60 min", date(2026, 11, 1)),
    ("0.5/yr, 60 min", date(2028, 3, 1)),
    ("5/yr, 60 min", date(2026, 5, 13)),  # 73 days
    ("7/yr, 60 min", date(2026, 4, 22)),  # 52.1 days
    ("8/yr, 60 min", date(2026, 4, 16)),  # 45.6 days
    ("10/yr, 60 min", date(2026, 4, 7)),  # 36.5 days
    ("52/yr, 60 min", date(2026, 3, 8)),
    ("365/yr, 60 min", date(2026, 3, 2)),
]


@pytest.mark.long
@pytest.mark.parametrize(("level", "due"), CADENCES)
def test_a_cadence_that_does_not_divide_the_year_counts_days(level: str, due: date):
    (line,) = plan([client("A", Last_contact=date(2026, 3, 1))], {"Personal contact": {"A": level}})
    assert line["next_contact"] == due


def test_a_review_and_a_contact_are_due_each_after_its_own_last_date():
    (line,) = plan([client("B", Last_review=date(2026, 7, 10), Last_contact=date(2026, 10, 5))])
    assert (line["next_review"], line["next_contact"]) == (date(2027, 1, 10), date(2027, 1, 5))
    assert line["due_first"] == date(2027, 1, 5)
    assert (line["review_basis"], line["contact_basis"]) == ("last date", "last date")


# --- Where there is no last date -------------------------------------------------------------------------------------


@pytest.mark.long
def test_client_since_is_no_last_date():
    (line,) = plan([client("B", Client_since=date(2015, 10, 1))])
    assert (line["contact_basis"], line["contact_overdue"]) == ("not given", 0)
    _, since = plan([client("B", Last_contact=AS_OF), client("B", Client_since=date(2015, 10, 1))])
    assert (since["contact_basis"], since["next_contact"], since["contact_overdue"]) == ("none recorded", AS_OF, 0)


def test_a_client_without_a_date_beside_one_with_a_date_has_none_recorded_and_is_due_today():
    _, line = plan([client("C", Last_contact=date(2026, 11, 1), Last_review=date(2026, 11, 1)), client("A")])
    assert (line["next_review"], line["next_contact"], line["due_first"]) == (AS_OF, AS_OF, AS_OF)
    assert (line["review_basis"], line["contact_basis"]) == ("none recorded", "none recorded")
    assert (line["review_overdue"], line["contact_overdue"], line["neglected"]) == (0, 0, False)


@pytest.mark.long
def test_any_client_with_a_date_counts_also_one_to_shed():
    clients = [client("A"), {"Revenue": 1.0, "Profit": -1.0, "Last contact": date(2026, 1, 1)}]
    assert [line["contact_basis"] for line in plan(clients)] == ["none recorded"]


def test_a_date_after_the_day_of_the_plan_is_no_date():
    clients = [client("A"), client("A", Last_contact=date(2027, 1, 1))]
    assert [line["contact_basis"] for line in plan(clients)] == ["not given", "not given"]


@pytest.mark.long
def test_each_of_the_two_columns_is_judged_by_itself():
    lines = plan([client("A", Last_contact=date(2026, 11, 1)), client("A")])
    assert [line["review_basis"] for line in lines] == ["not given", "not given"]
    assert [line["next_review"] for line in lines] == [date(2027, 1, 6), date(2027, 2, 21)]
    assert lines[1]["next_contact"] == AS_OF


SPREAD = [
    # how many clients, their tier, days from the as-of date to the first contact of each
    (1, "C", [365]),
    (1, "A", [30]),
    (7, "C", [52, 104, 156, 208, 260, 312, 365]),
    (7, "A", [4, 8, 12, 17, 21, 25, 30]),
    (13, "C", [28, 56, 84, 112, 140, 168, 196, 224, 252, 280, 308, 336, 365]),
    (13, "B", [7, 14, 21, 28, 35, 42, 49, 56, 63, 70, 77, 84, 91]),
]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("count", "tier", "days"), first(2, SPREAD))
def test_where_the_list_gives_no_dates_the_first_ones_are_spread_evenly(
    count: int, tier: str, days: list[int], engine: str
):
    lines = plan([client(tier) for _ in range(count)], engine=engine)
    assert [(line["next_contact"] - AS_OF).days for line in lines] == days
    assert {(line["contact_overdue"], line["neglected"], line["contact_basis"]) for line in lines} == {
        (0, False, "not given")
    }


@pytest.mark.long
def test_a_rhythm_is_spread_over_its_clients_of_any_tier_in_the_order_of_the_list():
    clients = [
        client("B"),
        {"Revenue": 1.0, "Profit": -1.0},
        {"Revenue": None},
        client("A") | {"Contacts a year": 4},
        client("A"),
        client("C") | {"Contacts a year": 4.0},
    ]
    lines = plan(clients)
    assert [line["position"] for line in lines] == [0, 3, 4, 5]
    assert [(line["next_contact"] - AS_OF).days for line in lines] == [30, 60, 30, 91]


@pytest.mark.long
def test_a_year_by_its_number_is_rounded_with_a_half_up():
    clients = [client("A") | {"Contacts a year": often} for often in (10, 2, 1.5, 7.3, 500)]
    assert [(line["next_contact"] - AS_OF).days for line in plan(clients)] == [37, 183, 243, 50, 1]


# --- A rhythm of its own ---------------------------------------------------------------------------------------------


@pytest.mark.long
def test_a_clients_own_rhythm_replaces_that_of_its_tier():
    last = {"Last contact": date(2026, 10, 22), "Last review": date(2026, 10, 22)}
    own, of_tier = plan([client("C") | last | {"Reviews a year": 2, "Contacts a year": 5}, client("C") | last])
    assert (own["next_review"], own["next_contact"]) == (date(2027, 4, 22), date(2027, 1, 3))
    assert (of_tier["next_review"], of_tier["next_contact"]) == (date(2027, 10, 22), date(2027, 10, 22))


@pytest.mark.long
def test_a_rhythm_of_0_means_no_dates_at_all():
    (line, _) = plan([client("A") | {"Contacts a year": 0, "Reviews a year": 0}, client("A", Last_contact=AS_OF)])
    assert (line["next_contact"], line["next_review"], line["contact_overdue"], line["neglected"]) == (
        None, None, 0, False,
    )  # fmt: skip


@pytest.mark.long
def test_a_client_has_a_rhythm_of_its_own_where_its_tier_has_none():
    nothing = {"Personal contact": {"C": "None"}}
    own, of_tier = plan([client("C") | {"Contacts a year": 1}, client("C")], nothing)
    assert (own["next_contact"], of_tier["next_contact"]) == (date(2027, 11, 22), None)


@pytest.mark.long
def test_what_is_due_less_than_once_in_a_hundred_years_is_never_due():
    clients = [client("A", Last_contact=AS_OF) | {"Contacts a year": 0.0001, "Reviews a year": 0.0001}]
    assert [(line["next_contact"], line["next_review"]) for line in plan(clients)] == [(None, None)]


# --- Overdue and neglected -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", ENGINES)
def test_a_client_is_neglected_when_its_contact_is_overdue_by_more_than_7_days(engine: str):
    lasts = [date(2026, 10, 22), date(2026, 10, 15), date(2026, 10, 14), date(2025, 10, 22)]
    lines = plan([client("A", Last_contact=last) for last in lasts], engine=engine)
    assert [line["contact_overdue"] for line in lines] == [0, 7, 8, 365]
    assert [line["neglected"] for line in lines] == [False, False, True, True]


@pytest.mark.long
def test_the_days_of_grace_are_the_policys():
    grading = graded([client("A", Last_contact=date(2026, 10, 21))], {"plan": {"grace_days": 0}})
    assert engagement_plan(grading)["neglected"].to_list() == [True]


@pytest.mark.long
def test_an_overdue_review_alone_does_not_make_a_client_neglected():
    (line,) = plan([client("A", Last_review=date(2025, 1, 1), Last_contact=date(2026, 11, 20))])
    assert line["review_overdue"] == (AS_OF - date(2025, 4, 1)).days
    assert line["neglected"] is False


def test_a_tier_without_a_service_has_nothing_due():
    (line,) = plan([client("C", Last_contact=date(2020, 1, 1))], {"Personal contact": {"C": "None"}})
    assert line["next_contact"] is None
    assert (line["contact_overdue"], line["neglected"]) == (0, False)
    assert line["due_first"] == line["next_review"] == date(2027, 11, 22)


def test_clients_to_shed_and_clients_without_a_tier_are_not_in_the_plan():
    clients = [
        {"Client": "Shed", "Revenue": 50_000, "Profit": -1},
        {"Client": "Not graded", "Revenue": None},
        {"Client": "Exception", "Revenue": 50_000, "Profit": -1, "Strategic value": "High"},
        {"Client": "Overridden", "Revenue": None, "Override tier": "B", "Override reason": "Signed last week"},
        {"Client": "Kept", "Revenue": 50_000, "Profit": 1},
    ]
    lines = plan(clients)
    assert [line["client"] for line in lines] == ["Exception", "Overridden", "Kept"]
    assert [line["position"] for line in lines] == [2, 3, 4]


@pytest.mark.parametrize("engine", ENGINES)
def test_the_plan_is_sorted_by_tier_then_days_overdue_then_revenue_and_equals_keep_their_order(engine: str):
    def late(tier: str, contact: date, review: date, revenue: float | None) -> dict[str, Any]:
        return client(tier, Last_contact=contact, Last_review=review) | {"Revenue": revenue}

    today, month_ago = AS_OF, date(2026, 10, 21)
    clients = [
        late("C", date(2020, 1, 1), today, 9.0),  # overdue for years
        late("B", today, today, 5.0),
        late("A", today, today, 1.0),
        late("A", today, today, None),
        late("A", month_ago, today, 2.0),  # overdue by a day
        late("A", today, date(2026, 8, 20), 1.0),  # overdue by two days
        late("A", today, today, 7.0),
        late("A", today, today, 1.0),
    ]
    lines = engagement_plan(graded(clients, engine=engine))
    assert lines["overdue"].to_list()[:3] == [2, 1, 0]
    assert lines["position"].to_list() == [5, 4, 6, 2, 7, 3, 1, 0]


def test_clients_to_shed_have_lines_of_their_own_with_the_first_way_out():
    clients = [
        {"Client": "Small", "Revenue": 5.0, "Profit": -1.0},
        {"Client": "Large", "Revenue": 50_000.0, "Profit": -1.0, "Last contact": date(2020, 1, 1)},
        {"Client": "Kept", "Revenue": 50_000.0, "Profit": 1.0},
    ]
    lines = clients_to_shed(graded(clients)).select("client", "next_step", "next_contact", "contact_overdue")
    assert lines.rows() == [("Large", "Reprice", None, 0), ("Small", "Reprice", None, 0)]


@pytest.mark.parametrize("engine", ENGINES)
def test_the_first_and_the_last_days_of_the_calendar_do_not_stop_the_plan(engine: str):
    lines = plan([client("A", Last_contact=day) for day in (date(1, 1, 1), date(9999, 12, 31))], engine=engine)
    assert lines[0]["next_contact"] == date(1, 2, 1)
    assert lines[0]["neglected"]
    assert not lines[1]["neglected"]


@pytest.mark.parametrize(("tier", "hours"), [("A", 51.75), ("B", 13.75), ("C", 70 / 60)])
def test_the_hours_of_a_client_are_how_often_times_how_long_over_all_services(tier: str, hours: float):
    assert hours_per_client(tier, Policy()) == pytest.approx(hours)


@pytest.mark.long
def test_a_sentence_says_which_dates_are_spread_since_the_list_has_none():
    def sentence(**dates: date) -> str:
        return first_dates(engagement_plan(graded([client("A", **dates)])))

    assert sentence() == (
        "Your list has no Last review and no Last contact: the first reviews and contacts are spread evenly, and none "
        "is overdue."
    )
    assert sentence(Last_contact=AS_OF) == (
        "Your list has no Last review: the first reviews are spread evenly, and none is overdue."
    )
    assert sentence(Last_contact=AS_OF, Last_review=AS_OF) == ""


# --- Distinct levels -------------------------------------------------------------------------------------------------


def alike(*names: str, a: str | None = None, b: str | None = None) -> Policy:
    """The default services, some of which two tiers get alike: B as A does, or C as B does."""
    services = {name: dict(service) for name, service in Policy().model_dump()["services"].items()}
    for name in names:
        services[name] |= {"A": a or services[name]["A"], "B": b or a or services[name]["A"]}
    return Policy.with_settings({"services": services})


def test_the_default_levels_are_distinct():
    upper, lower = distinct_levels(Policy())
    assert (upper.upper, upper.lower, upper.same, upper.different) == ("A", "B", ("Open events",), 9)
    assert (lower.upper, lower.lower, lower.same) == ("B", "C", ("Open events", "Clients' other professionals"))
    assert lower.different == 8
    assert upper.enough
    assert lower.enough
    assert upper.more_often_below == lower.more_often_below == ()
    assert upper.sentence == "Tiers A and B differ in 9 of 10 services: distinct."


SERVICES = [name for name in Policy().services if name != "Open events"]


@pytest.mark.parametrize(("same", "enough"), [(5, True), (6, False)])
def test_tiers_that_differ_in_fewer_than_half_of_the_services_are_too_much_alike(same: int, enough: bool):
    upper, _ = distinct_levels(alike(*SERVICES[: same - 1]))
    assert (len(upper.same), upper.different, upper.enough) == (same, 10 - same, enough)
    assert upper.sentence.endswith("distinct." if enough else "too much alike.")


def test_how_many_services_must_differ_is_the_policys():
    settings = {"distinct": {"differ_in": 0.9}}
    assert [levels.enough for levels in distinct_levels(Policy.with_settings(settings))] == [True, False]


def test_case_and_spaces_do_not_make_a_service_differ():
    policy = alike("Open events", a="Invited; 1/yr, 15 min", b="invited;  1/YR, 15 min")
    assert "Open events" in distinct_levels(policy)[0].same


def test_a_service_that_a_lower_tier_gets_more_often_is_reported():
    services = {"Open events": {"B": "2/yr, 15 min"}, "Data analysis": {"A": "None", "C": "1/yr, 90 min"}}
    upper, lower = distinct_levels(Policy.with_settings({"services": services}))
    assert upper.more_often_below == ("Data analysis", "Open events")
    assert lower.more_often_below == ()


@pytest.mark.long
def test_the_plan_of_one_grading_is_made_once():
    grading = graded([{"Revenue": 1.0}])
    assert engagement_plan(grading) is engagement_plan(grading)
    assert engagement_plan(graded([{"Revenue": 2.0}])) is not engagement_plan(grading)
