"""The hours a year that a client takes: by its tier's services, and by a rhythm of its own."""

from typing import Any

import pytest

from tests.method.frames import AS_OF, ENGINES, table
from tests.method.plan.test_capacity import HOURS, flags, measured, of, shed
from tests.runs import first
from tierxl.method.plan.hours import is_by_assistant
from tierxl.method.plan.suitability import high_resource_availability
from tierxl.method.plan.what_if import compare
from tierxl.method.policy import Policy
from tierxl.method.policy_sections import PERSONAL_CONTACT
from tierxl.method.rating.grading import grade
from tierxl.method.table.managers import Manager

POLICY = Policy()
PRIYA, DANIEL = Manager("Priya", "Senior", 200), Manager("Daniel", "Standard", 200)
SOFIA, KIM = Manager("Sofia", "Assistant", 30), Manager("Kim", "Assistant", 10)
ENGINE = pytest.mark.parametrize("engine", ENGINES)


def needed(clients: list[dict[str, Any]], *managers: Manager, **more: Any) -> dict[str, float]:
    return {load.name: round(load.needed, 9) for load in measured(clients, *managers, **more).loads}


# --- A rhythm of one's own -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tier", "reviews", "contacts", "hours"),
    first(
        2,
        [
            ("A", None, None, 51.75),
            ("A", 6, None, 51.75 + 2 * 3),
            ("A", None, 24, 51.75 + 12 * 0.5),
            ("A", 0, 0, 51.75 - 4 * 3 - 12 * 0.5),
            ("B", 2, 4, 13.75),  # just what the tier gets
            ("B", 2.5, None, 13.75 + 0.5 * 2),
            ("C", 1, 12, 7 / 6 + 11 / 6),
        ],
    ),
)
def test_an_own_rhythm_takes_the_place_of_the_tiers(
    tier: str, reviews: float | None, contacts: float | None, hours: float
):
    client = of("Priya", tier, **{"Reviews a year": reviews, "Contacts a year": contacts})
    assert needed(client, PRIYA) == {"Priya": pytest.approx(hours)}


@ENGINE
def test_clients_with_a_rhythm_and_clients_without_one_add_up(engine: str):
    """4 clients of tier B: 13.75 hours, 2 hours more, 2 hours less, and both rhythms at once."""
    clients = [
        *of("Priya", "B"),
        *of("Priya", "B", **{"Reviews a year": 3}),
        *of("Priya", "B", **{"Contacts a year": 0}),
        *of("Priya", "B", **{"Reviews a year": 3, "Contacts a year": 0}),
    ]
    assert needed(clients, PRIYA, engine=engine) == {"Priya": 4 * 13.75 + 2 - 2 + 0}


@pytest.mark.long
def test_sums_of_tenths_are_exact():
    """Ten clients with a tenth of a contact of 30 minutes have one: half an hour."""
    clients = of("Priya", "B" * 10, **{"Contacts a year": 0.1, "Reviews a year": 0})
    (load,) = measured(clients, PRIYA).loads
    rest = 13.75 - 4 - 2
    assert load.needed == 10 * rest + 0.5


@pytest.mark.long
def test_a_service_without_a_length_takes_no_minutes_however_often_a_client_has_it():
    settings = {"services": {"Review meeting": {"C": "None"}}}
    without = needed(of("Priya", "C"), PRIYA, settings=settings)
    assert needed(of("Priya", "C", **{"Reviews a year": 6}), PRIYA, settings=settings) == without


def test_a_client_to_shed_takes_no_hours_whatever_its_rhythm():
    clients = [shed("Priya") | {"Contacts a year": 52}, *of("Priya", "C", Profit=50)]
    assert needed(clients, PRIYA) == {"Priya": round(HOURS["C"], 9)}


@pytest.mark.long
def test_whether_everybody_could_get_tier_a_service_leaves_own_rhythms_out():
    """4 clients with 51.75 hours each are 207 hours, and there are 200."""
    for own in ({}, {"Reviews a year": 0, "Contacts a year": 0}):
        clients = [{"Client": str(at)} | each for at, each in enumerate(of("Priya", "ABCC", **own))]
        assert high_resource_availability(grade(table(clients), POLICY, AS_OF, managers=[PRIYA])).value == "0.97"


@pytest.mark.long
@ENGINE
def test_what_if_counts_own_rhythms(engine: str):
    """Two clients go from tier B to A; one of them keeps its 6 reviews a year and no contacts."""
    client = {"Revenue": 100, "Strategic value": "High", "Pain factor": "High"}
    own = {"Client": "Ashdown", "Reviews a year": 6, "Contacts a year": 0}
    clients = table([own | client, {"Client": "Bellwether"} | client], engine)
    before, after = (
        grade(clients, Policy.with_settings({"tiers": {"a_from": a_from, "b_from": 1}}), AS_OF) for a_from in (100, 2)
    )
    found = compare(before, after)
    in_b, in_a = 13.75 + 4 * 2 - 2, 51.75 + 2 * 3 - 6
    assert found.moved["hours"].to_list() == [in_a - in_b, 51.75 - 13.75]
    assert (found.before.hours, found.after.hours) == (in_b + 13.75, in_a + 51.75)


# --- Services by an assistant ----------------------------------------------------------------------------------------


def test_a_service_by_an_assistant_says_so_in_its_level():
    assert [is_by_assistant(POLICY.services[PERSONAL_CONTACT], tier) for tier in "ABC"] == [False, False, True]
    shouted = Policy.with_settings({"services": {PERSONAL_CONTACT: {"A": "12/yr, 30 min, By an  Assistant"}}})
    assert is_by_assistant(shouted.services[PERSONAL_CONTACT], "A")


@ENGINE
def test_assistants_share_services_by_an_assistant_by_their_hours_beside_their_own_clients(engine: str):
    """24 contacts of 10 minutes are 4 hours: Sofia, with 30 of 40 hours, has 3 of them, and Kim has 1."""
    clients = [*of("Priya", "C" * 12), *of("Daniel", "C" * 11), *of("Sofia", "C")]
    found = measured(clients, PRIYA, SOFIA, DANIEL, KIM, engine=engine)
    assert {load.name: (load.of_tier("C").hours, load.by_assistant, load.needed) for load in found.loads} == {
        "Priya": (12, 0, 12),
        "Sofia": (1, 3, 4),
        "Daniel": (11, 0, 11),
        "Kim": (0, 1, 1),
    }
    assert {load.name: load.utilisation for load in found.loads} == {
        "Priya": 0.06, "Sofia": 0.133333333, "Daniel": 0.055, "Kim": 0.1
    }  # fmt: skip
    assert found.team.needed == pytest.approx(28) == pytest.approx(sum(load.needed for load in found.loads))


@pytest.mark.parametrize("hours", first(1, [0, None]))
def test_without_an_assistant_who_has_hours_they_fall_to_the_manager(hours: float | None):
    clients = of("Priya", "C" * 6)
    assert needed(clients, PRIYA, Manager("Sofia", "Assistant", hours)) == {"Priya": 7, "Sofia": 0}
    assert needed(clients, PRIYA, SOFIA) == {"Priya": 6, "Sofia": 1}


def test_an_assistant_without_hours_takes_no_share():
    assert needed(of("Priya", "C" * 6), PRIYA, SOFIA, Manager("Kim", "Assistant", 0)) == {
        "Priya": 6, "Sofia": 1, "Kim": 0
    }  # fmt: skip


def test_assistants_serve_the_clients_of_nobody_and_of_somebody_who_is_not_listed_too():
    found = measured([*of(None, "C" * 6), *of("Somebody Else", "C" * 6)], SOFIA)
    assert [(load.name, load.needed) for load in found.loads] == [("Sofia", 2), ("Somebody Else", 6)]
    assert found.unassigned
    assert found.unassigned.needed == 6


def test_an_own_rhythm_of_contacts_by_an_assistant_falls_to_the_assistants():
    assert needed(of("Priya", "C" * 6, **{"Contacts a year": 3}), PRIYA, SOFIA) == {"Priya": 6, "Sofia": 3}


def test_an_assistant_with_too_much_to_do_is_flagged_and_the_share_is_said():
    busy = Manager("Sofia", "Assistant", 2)
    (sentence,) = flags([*of("Priya", "C" * 6), *of("Sofia", "CC")], PRIYA, busy)
    clients = "The clients of Sofia, with 1 hour of services by an assistant,"
    assert sentence == f"{clients} need 3 hours a year, and Sofia has only 2 (167%)."


@pytest.mark.long
def test_what_assistants_do_takes_none_of_a_seniors_hours():
    """30 tier C clients are 35 hours of 120, more than a quarter; 30 without the contacts."""
    clients, priya = of("Priya", "C" * 30), Manager("Priya", "Senior", 120)
    assert len(flags(clients, priya)) == 1
    assert flags(clients, priya, Manager("Sofia", "Assistant", 200)) == []
