"""The team's hours: what is needed, what there is, and what does not fit."""

from collections.abc import Sequence
from typing import Any

import pytest

from tests.method.frames import AS_OF, ENGINES, table
from tierxl.method.plan.capacity import Capacity, capacity
from tierxl.method.plan.suitability import high_resource_availability
from tierxl.method.policy import Policy
from tierxl.method.rating.grading import grade
from tierxl.method.table.managers import Manager

SENIOR, STANDARD = Manager("Priya Raman", "Senior", 100), Manager("Daniel Okafor", "Standard", 1600)
HOURS = {"A": 51.75, "B": 13.75, "C": 7 / 6}
"""What a client of each tier takes a year, by the service levels of the default policy."""


def of(manager: str | None, tiers: str, **more: Any) -> list[dict[str, Any]]:
    """Clients of an account manager, one a letter: their tiers are set by override."""
    return [
        {"Revenue": 100, "Account manager": manager, "Override tier": tier, "Override reason": "A test"} | more
        for tier in tiers
    ]


def shed(manager: str | None) -> dict[str, Any]:
    """A client who brings losses, to be shed."""
    return {"Revenue": 100, "Profit": -50, "Account manager": manager}


def ungraded(manager: str | None) -> dict[str, Any]:
    return {"Revenue": None, "Account manager": manager}


def measured(
    clients: Sequence[dict[str, Any]],
    *managers: Manager,
    settings: dict[str, Any] | None = None,
    engine: str = "polars",
) -> Capacity:
    named = [{"Client": f"Client {number}"} | client for number, client in enumerate(clients, 1)]
    return capacity(grade(table(named, engine), Policy.with_settings(settings or {}), AS_OF, managers=managers))


def flags(clients: Sequence[dict[str, Any]], *managers: Manager, settings: dict[str, Any] | None = None) -> list[str]:
    return [flag.sentence for flag in measured(clients, *managers, settings=settings).flags]


@pytest.mark.parametrize("engine", ENGINES)
def test_hours_needed_are_the_clients_of_each_tier_by_the_hours_of_its_service(engine: str):
    found = measured([*of("Priya Raman", "ABBC"), *of("Daniel Okafor", "CC")], SENIOR, STANDARD, engine=engine)
    priya, daniel = found.loads
    assert [(tier.tier, tier.clients, tier.hours) for tier in priya.tiers] == [
        ("A", 1, 51.75),
        ("B", 2, 27.5),
        ("C", 1, HOURS["C"]),
    ]
    assert priya.needed == pytest.approx(80.4167, abs=0.0001)
    assert priya.utilisation == pytest.approx(0.804167, abs=0.000001)
    assert (daniel.clients, daniel.needed) == (2, pytest.approx(2.3333, abs=0.0001))
    assert [(tier.tier, tier.clients) for tier in found.team.tiers] == [("A", 1), ("B", 2), ("C", 3)]
    assert found.team.hours == 1700
    assert found.team.needed == pytest.approx(priya.needed + daniel.needed)


@pytest.mark.parametrize("engine", ENGINES)
def test_clients_to_shed_and_clients_without_a_tier_take_no_hours(engine: str):
    clients = [*of("Priya Raman", "C", Profit=100), shed("Priya Raman"), ungraded("Priya Raman")]
    (load,) = measured(clients, SENIOR, engine=engine).loads
    assert (load.clients, load.to_shed, load.ungraded) == (3, 1, 1)
    assert load.needed == pytest.approx(HOURS["C"])


@pytest.mark.parametrize("engine", ENGINES)
def test_names_are_matched_whatever_their_case_and_spaces(engine: str):
    clients = of("PRIYA raman", "B") + of("Priya  Raman ", "B")
    (load,) = measured(clients, SENIOR, engine=engine).loads
    assert (load.name, load.clients, load.hours) == ("Priya Raman", 2, 100)


def test_an_account_manager_without_clients_is_there_with_all_hours_free():
    (load,) = [load for load in measured(of("Priya Raman", "B"), SENIOR, STANDARD).loads if load.name != "Priya Raman"]
    assert (load.name, load.clients, load.needed, load.utilisation) == ("Daniel Okafor", 0, 0, 0)


def test_a_manager_over_their_hours_is_flagged():
    assert flags(of("Priya Raman", "AA"), Manager("Priya Raman", "Senior", 90)) == [
        "The clients of Priya Raman need 104 hours a year, and Priya Raman has only 90 (115%)."
    ]


def test_a_manager_with_just_as_many_hours_as_needed_is_not_flagged():
    assert flags(of("Priya Raman", "AA"), Manager("Priya Raman", "Senior", 103.5)) == []


def test_the_last_digit_of_a_sum_makes_nobody_too_busy():
    nothing = {"C": "None"}
    six_minutes = {
        "Personal contact": {"C": "1/yr, 6 min"}, "Review meeting": nothing, "Open events": nothing,
    }  # fmt: skip
    three_tenths = Manager("Daniel Okafor", "Standard", 0.3)
    assert flags(of("Daniel Okafor", "CCC"), three_tenths, settings={"services": six_minutes}) == []


def test_a_little_too_much_reads_as_more_than_100_percent():
    assert "(100.05%)" in flags(of("Priya Raman", "AA"), Manager("Priya Raman", "Senior", 103.45))[0]


def test_a_manager_without_any_hours_but_with_clients_is_flagged():
    assert flags(of("Priya Raman", "B"), Manager("Priya Raman", "Senior", 0)) == [
        "The clients of Priya Raman need 14 hours a year, and Priya Raman has none."
    ]


def test_nobody_is_over_hours_that_are_not_known():
    found = measured(of("Priya Raman", "AAA"), Manager("Priya Raman", "Senior", None))
    assert found.flags == ()
    assert found.loads[0].utilisation is found.team.utilisation is None
    assert found.without_hours == ("Priya Raman",)


def test_a_tier_a_client_is_flagged_unless_a_senior_is_known_to_look_after_it():
    unknown = Manager("Bo Lund", None, 100)
    clients = [*of("Priya Raman", "A"), *of("Bo Lund", "AB"), *of("Cy Young", "A")]
    assert [flag for flag in flags(clients, SENIOR, unknown) if "tier A" in flag] == [
        "Bo Lund (seniority not known) looks after 1 tier A client: Client 2.",
        "Cy Young (seniority not known) looks after 1 tier A client: Client 4.",
    ]


def test_nobody_is_missed_as_a_senior_before_anybodys_seniority_is_known():
    assert flags(of("Bo Lund", "A"), Manager("Bo Lund", None, 100)) == []


@pytest.mark.long
def test_where_full_is_follows_the_policy():
    assert flags(of("Priya Raman", "AA"), SENIOR, settings={"capacity": {"full_at": 1.1}}) == []
    assert flags(of("Priya Raman", "A"), SENIOR, settings={"capacity": {"full_at": 0.5}}) == [
        "The clients of Priya Raman need 52 hours a year, and Priya Raman has only 100 (52%)."
    ]


def test_a_tier_a_client_without_a_senior_is_flagged():
    assert flags(of("Daniel Okafor", "BABA"), STANDARD) == [
        "Daniel Okafor (Standard) looks after 2 tier A clients: Client 2 and Client 4."
    ]


def test_a_flag_names_a_few_clients_and_counts_the_others():
    (flag,) = flags(of("Daniel Okafor", "A" * 15), STANDARD)
    assert flag == "Daniel Okafor (Standard) looks after 15 tier A clients: Client 1, Client 2, Client 3 and 12 more."


@pytest.mark.long
def test_a_senior_with_more_than_a_quarter_of_the_hours_on_tier_c_is_flagged():
    clients = of("Priya Raman", "C" * 22)
    assert flags(clients, SENIOR) == ["Priya Raman (Senior) spends 26 of 100 hours (26%) on 22 tier C clients."]
    assert flags(clients[:-1], SENIOR) == []
    assert flags(clients, SENIOR, settings={"capacity": {"senior_on_c": 0.26}}) == []
    assert flags(clients, Manager("Priya Raman", "Standard", 100)) == []


def test_exactly_a_quarter_is_not_more_than_a_quarter():
    assert flags(of("Priya Raman", "C" * 6), Manager("Priya Raman", "Senior", 28)) == []


def test_clients_without_a_manager_are_flagged_whatever_their_tier():
    found = measured([*of(None, "B"), ungraded(" "), shed(None), *of("Daniel Okafor", "B", Profit=50)], STANDARD)
    assert [flag.sentence for flag in found.flags] == [
        "3 clients have no account manager: Client 1, Client 2 and Client 3. They need 14 hours a year."
    ]
    assert found.unassigned
    assert found.unassigned.clients == 3
    assert found.team.clients == 4


def test_a_tier_a_client_without_a_manager_has_no_senior_either():
    assert flags(of(None, "A"), SENIOR) == [
        "1 tier A client has no account manager and so no Senior: Client 1.",
        "1 client has no account manager: Client 1. It needs 52 hours a year.",
    ]


@pytest.mark.long
def test_managers_who_are_not_listed_are_flagged_together():
    clients = of("Priya Raman", "B") + of("Zoë Adler", "BB") + of("Bo Lund", "C")
    assert flags(clients, SENIOR) == [
        "Bo Lund and Zoë Adler are not among the account managers, and have 3 clients. They need 29 hours a year."
    ]
    assert flags(of("Bo Lund", "B"), SENIOR) == [
        "Bo Lund is not among the account managers, and has 1 client. It needs 14 hours a year."
    ]


def test_where_nobody_is_listed_only_clients_without_a_manager_are_flagged():
    found = measured(of("Bo Lund", "AB") + of(None, "C"))
    assert [flag.kind for flag in found.flags] == ["No account manager"]
    assert [(load.name, load.manager, load.hours) for load in found.loads] == [("Bo Lund", None, None)]
    assert found.team.hours is None


def availability(clients: Sequence[dict[str, Any]], *managers: Manager) -> tuple[str, bool | None]:
    named = [{"Client": f"Client {number}"} | client for number, client in enumerate(clients, 1)]
    signal = high_resource_availability(grade(table(named), Policy(), AS_OF, managers=managers))
    return signal.value, signal.against


@pytest.mark.long
def test_hours_for_tier_a_service_to_everyone_speak_against_tiering():
    clients = of("Priya Raman", "ABCC")  # 4 clients with 51.75 hours each: 207 hours
    assert availability(clients, SENIOR) == ("0.48", False)
    assert availability(clients, SENIOR, Manager("Bo Lund", "Standard", 107)) == ("1.00", True)
    assert availability(clients, Manager("Priya Raman", "Senior", 206.9)) == ("0.9995", False)


@pytest.mark.long
def test_resources_cannot_be_measured_where_nobodys_hours_are_known():
    clients = of("Priya Raman", "ABCC")
    assert availability(clients) == ("", None)
    assert availability(clients, Manager("Priya Raman", "Senior", None)) == ("", None)
    assert availability(clients, SENIOR, Manager("Bo Lund", "Standard", None)) == ("0.48", False)
