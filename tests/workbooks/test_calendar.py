"""The calendar file, read back by another library than the one that writes it."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import vobject
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.method.frames import graded
from tierxl.method.plan.agenda import Agenda, agenda
from tierxl.method.progress import silent
from tierxl.method.table.managers import Manager
from tierxl.workbooks.calendar import write_calendar

MONDAY = date(2026, 11, 23)


def client(name: str, tier: str = "C", **cells: Any) -> dict[str, Any]:
    given_cells = {header.replace("_", " "): cell for header, cell in cells.items()}
    return {"Client": name, "Revenue": 50_000, "Override tier": tier, "Override reason": "x"} | given_cells


def agenda_of(*clients: dict[str, Any], as_of: date = MONDAY) -> Agenda:
    return agenda(graded(clients, as_of=as_of))


def written(folder: Path, plan: Agenda, name: str = "Client tiers") -> bytes:
    write_calendar(folder / "plan.ics", plan, name, silent)
    return (folder / "plan.ics").read_bytes()


def read(content: bytes) -> Any:
    return vobject.readOne(content.decode("utf-8"))


def events(folder: Path, *clients: dict[str, Any], as_of: date = MONDAY) -> list[Any]:
    return list(read(written(folder, agenda_of(*clients, as_of=as_of))).vevent_list)


def test_every_item_is_an_event_of_its_day_that_leaves_the_day_free(tmp_path: Path):
    plan = agenda_of(client("Abel", "A", Last_contact=date(2026, 11, 2)), client("Baker", "B"))
    calendar = read(written(tmp_path, plan, "Client tiers, Priya"))
    assert calendar.version.value == "2.0"
    assert calendar.x_wr_calname.value == "Client tiers, Priya"
    assert [
        (event.dtstart.value, event.dtend.value, event.summary.value, event.transp.value)
        for event in calendar.vevent_list
    ] == [
        (
            item["day"].date(),
            item["day"].date() + timedelta(1),
            f"{item['service']}: {item['client']} ({item['Tier']})",
            "TRANSPARENT",
        )
        for item in plan.items.iter_rows(named=True)
    ]


def test_an_event_says_what_to_do_why_and_for_how_long(tmp_path: Path):
    late = client("Abel", "A", Last_contact=date(2026, 10, 16), Last_review=date(2026, 11, 2))
    described = {
        (event.summary.value.partition(":")[0], event.dtstart.value): event.description.value.splitlines()
        for event in events(tmp_path, late | {"Account manager": "Priya Raman", "Opportunity": "High"})
    }
    assert described["Personal contact", MONDAY] == [
        "12/yr, 30 min, phone",
        "Action: Grow",
        "Overdue by 7 days: it was due on 2026-11-16",
        "Time: 30 minutes with preparation",
        "Account manager: Priya Raman",
    ]
    assert described["Review meeting", date(2027, 2, 2)][2:4] == [
        "Due on 2027-02-02",
        "Time: 180 minutes with preparation",
    ]


@pytest.mark.long
def test_a_client_without_a_date_beside_one_with_a_date_and_without_an_account_manager_says_so(tmp_path: Path):
    other = client("Baker", Last_review=date(2026, 11, 2))
    review = next(
        event for event in events(tmp_path, client("Abel"), other) if "Review meeting: Abel" in event.summary.value
    )
    assert "None is recorded: due at once" in review.description.value
    assert review.description.value.endswith("Account manager: none")


@pytest.mark.long
def test_the_preferred_contact_stands_behind_what_the_tier_gets(tmp_path: Path):
    for event in events(tmp_path, client("Abel", "B", Preferred_contact="video, mornings")):
        assert event.description.value.splitlines()[1] == "Preferred contact: video, mornings"


@pytest.mark.long
def test_an_event_says_the_rhythm_that_the_client_has(tmp_path: Path):
    described = {
        event.description.value.splitlines()[0] for event in events(tmp_path, client("Abel", Contacts_a_year=2))
    }
    assert described == {"2/yr, 10 min, phone or email, by an assistant", "1/yr, 45 min, video or phone"}


def test_a_contact_by_an_assistant_says_who_it_is_by(tmp_path: Path):
    team = (Manager("Sam Assistant", "Assistant", 800.0),)
    grading = replace(graded([client("Abel", Account_manager="Priya")], as_of=MONDAY), managers=team)
    by_kind = {
        event.summary.value.partition(":")[0]: event.description.value.splitlines()[-2:]
        for event in read(written(tmp_path, agenda(grading))).vevent_list
    }
    assert by_kind["Personal contact"] == ["By: Sam Assistant", "Account manager: Priya"]
    assert by_kind["Review meeting"][0] == "Time: 45 minutes with preparation"


@pytest.mark.long
def test_an_event_is_of_the_category_of_its_tier_and_of_its_service(tmp_path: Path):
    assert {tuple(event.categories.value) for event in events(tmp_path, client("Abel", "B"))} == {
        ("Tier B", "Review meeting"),
        ("Tier B", "Personal contact"),
    }


NASTY = [
    "Ashdown, Bell; Carter & Co",
    r"C:\new\table, the \; shop",
    "客户有限公司 😀 " * 12,
    "Zoë’s “Café”: 100 %",
    "BEGIN:VCALENDAR",
    'A "quoted" name=with:colons',
    "=SUM(A1)",
    "x" * 400,
]


@pytest.mark.long
@pytest.mark.parametrize("name", NASTY)
def test_any_name_comes_back_as_it_was(tmp_path: Path, name: str):
    plan = agenda_of(client(name) | {"Account manager": name})
    content = written(tmp_path, plan)
    summaries = {event.summary.value for event in read(content).vevent_list}
    assert summaries == {f"Review meeting: {name.strip()} (C)", f"Personal contact: {name.strip()} (C)"}
    assert all(f"Account manager: {name.strip()}" in event.description.value for event in read(content).vevent_list)
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))


def test_lines_and_control_characters_in_a_name_become_spaces(tmp_path: Path):
    names = ["Abel\nBaker", "Abel\r\nBaker", "Abel\x00\x0bBaker", "Abel\u2028Baker"]
    found = [event.summary.value.partition(": ")[2] for event in events(tmp_path, *map(client, names))]
    assert found == ["Abel Baker (C)"] * 2 * len(names)


@settings(
    deadline=None,
    max_examples=15,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(st.text(min_size=1), min_size=1, max_size=4))
def test_whatever_clients_are_called_the_calendar_can_be_read_and_no_two_events_are_taken_for_one(
    tmp_path: Path, names: list[str]
):
    plan = agenda_of(*(client(name) for name in names))
    found = read(written(tmp_path, plan)).vevent_list
    assert len({event.uid.value for event in found}) == len(found) == len(plan.items)


# --- Importing again -------------------------------------------------------------------------------------------------


@pytest.mark.long
def test_the_same_plan_is_the_same_file(tmp_path: Path):
    clients = [client("Abel", "A"), client("Baker", "B", Last_contact=date(2026, 9, 1))]
    assert written(tmp_path, agenda_of(*clients)) == written(tmp_path, agenda_of(*clients))


def test_a_later_file_moves_the_appointments_that_lie_ahead(tmp_path: Path):
    before = events(tmp_path, client("Abel", "A", Last_contact=date(2026, 10, 16)), as_of=date(2026, 10, 22))
    after = events(tmp_path, client("Abel", "A", Last_contact=date(2026, 11, 18)), as_of=date(2026, 11, 22))

    def contacts(found: list[Any]) -> dict[str, Any]:
        return {event.uid.value: event for event in found if event.summary.value.startswith("Personal contact")}

    moved = {
        event.dtstart.value: contacts(after)[uid].dtstart.value
        for uid, event in contacts(before).items()
        if uid in contacts(after)
    }
    assert moved[date(2026, 12, 16)] == date(2026, 12, 18)
    ahead = {uid for uid, event in contacts(before).items() if event.dtstart.value > date(2026, 11, 22)}
    assert ahead <= set(contacts(after))


@pytest.mark.long
def test_a_later_file_counts_as_newer(tmp_path: Path):
    (early, *_), (late, *_) = (events(tmp_path, client("Abel"), as_of=MONDAY + timedelta(at)) for at in (0, 1))
    assert early.dtstamp.value.date() == MONDAY
    assert late.dtstamp.value > early.dtstamp.value
    assert int(late.sequence.value) > int(early.sequence.value)


@pytest.mark.long
def test_nobody_reads_a_client_from_what_an_appointment_is_known_by(tmp_path: Path):
    uids = [event.uid.value for event in events(tmp_path, client("Abel", Client_ID="4711"))]
    assert all(uid.endswith("@tierxl") and len(uid) == 39 for uid in uids)
    assert not [uid for uid in uids if "abel" in uid.lower()]
