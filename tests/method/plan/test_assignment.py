"""Who should serve whom: against every way that there is, and in plain words."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.method.frames import AS_OF, ENGINES, table
from tierxl.method.issues import CannotGrade
from tierxl.method.plan.assignment import FIRST_MANAGER, HANDOVER, Proposal, propose
from tierxl.method.policy import Policy
from tierxl.method.rating.grading import grade
from tierxl.method.table.managers import Manager

MINUTES = {"A": 3105, "B": 825, "C": 70}
"""What a client of each tier takes a year, by the service levels of the default policy."""

PRIYA, MARCUS = Manager("Priya", "Senior", 200), Manager("Marcus", "Senior", 200)
DANIEL, SOFIA = Manager("Daniel", "Standard", 200), Manager("Sofia", "Assistant", 200)


def client(tier: str, manager: str | None, years: float | None = 1, **more: Any) -> dict[str, Any]:
    """A client whose tier is set by override."""
    since = None if years is None else AS_OF - timedelta(days=round(365 * years))
    return {
        "Revenue": 100,
        "Account manager": manager,
        "Client since": since,
        "Override tier": tier,
        "Override reason": "A test",
    } | more


def proposed(
    clients: Sequence[Mapping[str, Any]],
    *managers: Manager,
    engine: str = "polars",
    policy: Mapping[str, Any] | None = None,
) -> Proposal:
    named = [{"Client": f"Client {number}"} | dict(each) for number, each in enumerate(clients, 1)]
    return propose(grade(table(named, engine), Policy.with_settings(policy or {}), AS_OF, managers=managers))


def moves(proposal: Proposal) -> list[tuple[str, str | None, str]]:
    """Which client goes from whom to whom."""
    lines = proposal.moves.iter_rows(named=True)
    return sorted((line["client"], line["from"] or None, line["to"]) for line in lines)


def reasons(proposal: Proposal) -> list[str]:
    return proposal.moves["reason"].to_list()


# --- Cases -----------------------------------------------------------------------------------------------------------


def test_everybody_stays_where_all_is_well():
    proposal = proposed([client("A", "Priya"), client("B", "Daniel"), client("C", "Sofia")], PRIYA, DANIEL, SOFIA)
    assert moves(proposal) == []
    assert (proposal.handovers, proposal.assignments, proposal.missing, proposal.notes) == (0, 0, (), ())
    assert proposal.sentence == "Every client can stay with the account manager it has."


@pytest.mark.parametrize("engine", ENGINES)
def test_a_tier_a_client_goes_to_a_senior(engine: str):
    proposal = proposed([client("A", "Daniel"), client("B", "Daniel")], PRIYA, DANIEL, engine=engine)
    assert moves(proposal) == [("Client 1", "Daniel", "Priya")]
    (line,) = proposal.moves.iter_rows(named=True)
    assert (line["Tier"], line["hours"], line["kind"], line["position"]) == ("A", 51.75, HANDOVER, 0)
    assert line["reason"] == "A tier A client needs a Senior, and Daniel is Standard"
    assert proposal.sentence == "1 client should be handed over."


def test_somebody_whose_seniority_is_not_known_is_no_senior():
    proposal = proposed([client("A", "Kim")], PRIYA, Manager("Kim", None, 200))
    assert moves(proposal) == [("Client 1", "Kim", "Priya")]
    assert reasons(proposal) == ["A tier A client needs a Senior, and Kim is not known to be one"]


def test_a_manager_over_capacity_hands_over_as_few_clients_as_possible():
    """16 hours needed, 14 there are: two tier C clients would do as well, one tier B client is enough."""
    clients = [client("B", "Daniel", years=9), *(client("C", "Daniel") for _ in range(2))]
    proposal = proposed(clients, PRIYA, Manager("Daniel", "Standard", 14))
    assert moves(proposal) == [("Client 1", "Daniel", "Priya")]
    assert reasons(proposal) == ["Daniel is over capacity (115%)"]


def test_exactly_full_is_not_over_capacity():
    assert proposed([client("B", "Daniel")], PRIYA, Manager("Daniel", "Standard", 13.75)).handovers == 0
    assert proposed([client("B", "Daniel")], PRIYA, Manager("Daniel", "Standard", 13.74)).handovers == 1


def test_what_is_full_is_a_setting():
    three = [client("B", "Daniel") for _ in range(3)]
    managers = PRIYA, Manager("Daniel", "Standard", 50)
    assert proposed(three, *managers).handovers == 0
    assert proposed(three, *managers, policy={"capacity": {"full_at": 0.8}}).handovers == 1


def test_of_clients_that_are_alike_the_one_with_the_shortest_relationship_moves():
    clients = [client("B", "Daniel", years=years) for years in (5, 2, 3)]
    assert moves(proposed(clients, PRIYA, Manager("Daniel", "Standard", 30))) == [("Client 2", "Daniel", "Priya")]


def test_of_groups_that_would_do_the_one_with_the_shortest_relationship_moves():
    """A tier B or a tier A client would do; which one depends on since when they are clients."""
    managers = Manager("Priya", "Senior", 60), MARCUS
    assert moves(proposed([client("A", "Priya", 5), client("B", "Priya", 2)], *managers)) == [
        ("Client 2", "Priya", "Marcus")
    ]
    assert moves(proposed([client("A", "Priya", 2), client("B", "Priya", 5)], *managers)) == [
        ("Client 1", "Priya", "Marcus")
    ]


def test_a_client_whose_start_is_not_known_counts_as_the_longest():
    clients = [client("B", "Daniel", years) for years in (None, 20, 20)]
    assert moves(proposed(clients, PRIYA, Manager("Daniel", "Standard", 30))) == [("Client 2", "Daniel", "Priya")]


def test_of_relationships_of_one_length_the_first_in_the_list_moves():
    clients = [client("B", "Daniel") for _ in range(3)]
    assert moves(proposed(clients, PRIYA, Manager("Daniel", "Standard", 30))) == [("Client 1", "Daniel", "Priya")]


def test_a_client_without_an_account_manager_gets_one_and_that_is_no_handover():
    proposal = proposed([client("B", None), client("C", "Somebody Else")], DANIEL)
    assert moves(proposal) == [("Client 1", None, "Daniel"), ("Client 2", "Somebody Else", "Daniel")]
    assert (proposal.handovers, proposal.assignments) == (0, 2)
    assert proposal.moves["kind"].to_list() == [FIRST_MANAGER] * 2
    assert reasons(proposal) == [
        "Has no account manager yet",
        "Somebody Else is not among the account managers",
    ]
    assert proposal.sentence == "2 clients without an account manager get one."


def test_a_client_without_an_account_manager_goes_where_there_are_hours():
    clients = [client("B", "Daniel"), client("B", None)]
    assert moves(proposed(clients, Manager("Daniel", "Standard", 20), SOFIA)) == [("Client 2", None, "Sofia")]


def test_names_are_compared_without_case_and_spaces():
    assert proposed([client("A", "  priya ")], PRIYA, DANIEL).handovers == 0


def test_clients_to_shed_and_clients_without_a_tier_stay_and_take_no_hours():
    shed = {"Revenue": 100, "Profit": -50, "Account manager": None}
    ungraded = {"Revenue": None, "Account manager": "Somebody Else"}
    proposal = proposed([shed, ungraded, client("B", "Daniel")], DANIEL)
    assert moves(proposal) == []


def test_a_senior_makes_room_for_tier_a():
    """Priya has the hours of one tier A client and of one of tier B; a second one of tier A comes."""
    clients = [client("A", "Priya"), *(client("B", "Priya") for _ in range(4)), client("A", "Daniel")]
    proposal = proposed(clients, Manager("Priya", "Senior", 110), DANIEL)
    assert (proposal.handovers, proposal.missing) == (5, ())
    assert reasons(proposal)[0] == "Makes room at Priya for clients of tier A"


def test_nobody_is_handed_over_to_somebody_whose_hours_are_not_known():
    clients = [client("B", "Kim"), client("B", None), client("A", "Kim")]
    proposal = proposed(clients, Manager("Kim", "Standard", None), PRIYA)
    assert moves(proposal) == [("Client 2", None, "Priya"), ("Client 3", "Kim", "Priya")]
    assert proposal.notes == ("The hours of Kim are not known, so nobody is handed over there.",)


def test_a_senior_whose_hours_are_not_known_keeps_the_tier_a_clients():
    assert proposed([client("A", "Kim")], Manager("Kim", "Senior", None), PRIYA).handovers == 0


def test_before_and_after_stand_side_by_side():
    proposal = proposed([client("A", "Daniel"), client("B", "Daniel")], PRIYA, DANIEL)
    priya, daniel = proposal.changes
    assert (priya.before.needed, priya.after.needed) == (0, 51.75)
    assert (daniel.before.utilisation, daniel.after.utilisation) == (65.5 / 200, 13.75 / 200)
    assert [tier.clients for tier in daniel.after.tiers] == [0, 1, 0]


# --- What is missing -------------------------------------------------------------------------------------------------


def test_missing_senior_hours_are_told():
    """Eight tier A clients need 414 hours; the only Senior has 200."""
    proposal = proposed([client("A", "Daniel") for _ in range(8)], PRIYA, DANIEL)
    assert proposal.missing == ("Tier A needs 214 Senior hours more.", "The team needs 14 hours more than it has.")
    assert proposal.handovers == 8


def test_without_any_senior_the_tier_a_clients_that_have_none_are_told():
    proposal = proposed([client("A", "Daniel"), client("A", None)], DANIEL)
    assert proposal.missing == ("Tier A needs 104 Senior hours more: 2 clients have none.",)
    assert moves(proposal) == [("Client 2", None, "Daniel")]


def test_missing_hours_of_the_team_are_told():
    proposal = proposed([client("B", "Daniel") for _ in range(4)], Manager("Daniel", "Standard", 20))
    assert proposal.missing == ("The team needs 35 hours more than it has.",)
    assert proposal.handovers == 0


def test_hours_that_suffice_but_cannot_be_used_are_told():
    managers = Manager("Daniel", "Standard", 7), Manager("Sofia", "Standard", 7)
    proposal = proposed([client("B", "Daniel")], *managers)
    assert proposal.missing == ("7 hours stay over capacity: the team has the hours, but a client cannot be divided.",)


def test_without_account_managers_there_is_nothing_to_propose():
    with pytest.raises(CannotGrade, match="There are no account managers to propose: give them a sheet"):
        proposed([client("B", "Daniel")])
    with pytest.raises(CannotGrade, match="The hours of no account manager are known: fill in the column Hours"):
        proposed([client("B", "Daniel")], Manager("Daniel", "Senior", None))


def test_without_anybody_who_has_hours_there_is_nothing_to_propose():
    with pytest.raises(
        CannotGrade, match="No account manager has hours for clients: write in the column Hours per year"
    ):
        proposed([client("B", "Daniel")], Manager("Daniel", "Senior", 0), Manager("Kim", "Senior", None))


@pytest.mark.parametrize("engine", ENGINES)
def test_where_nobody_gets_service_there_is_nobody_to_assign(engine: str):
    shed = {"Revenue": 100, "Profit": -50, "Account manager": None}
    proposal = proposed([shed, shed], PRIYA, engine=engine)
    assert moves(proposal) == []
    assert proposal.sentence == "No client gets service, so there is nobody to assign."
    assert [aim.sentence for aim in proposal.aims][2] == "Handovers: 0, proved."


def test_clients_who_take_no_time_stay_or_get_anybody():
    services = dict.fromkeys(Policy().services, dict.fromkeys("ABC", "None"))
    proposal = proposed([client("B", "Daniel"), client("C", None)], DANIEL, policy={"services": services})
    assert moves(proposal) == [("Client 2", None, "Daniel")]


def test_client_ids_are_told_apart_by_their_case():
    clients = [client("A", "Daniel") | {"Client ID": each} for each in ("0015AA", "0015aa")]
    assert moves(proposed(clients, PRIYA, DANIEL)) == [("Client 1", "Daniel", "Priya"), ("Client 2", "Daniel", "Priya")]


# --- Reasons ---------------------------------------------------------------------------------------------------------


def test_without_a_senior_who_can_take_it_no_client_is_said_to_need_one():
    clients = [client("A", "Daniel"), client("A", "Kim")]
    managers = Manager("Kim", "Senior", None), Manager("Daniel", "Standard", 0), Manager("Sofia", "Standard", 60)
    proposal = proposed(clients, *managers)
    assert moves(proposal) == [("Client 1", "Daniel", "Sofia")]
    assert reasons(proposal) == ["Daniel is over capacity (there are no hours)"]


def test_over_capacity_is_shown_to_be_more_than_full():
    """13.75 hours needed, 13.74 there are: 100% would be no reason."""
    proposal = proposed([client("B", "Daniel")], PRIYA, Manager("Daniel", "Standard", 13.74))
    assert reasons(proposal) == ["Daniel is over capacity (100.1%)"]


def test_a_client_who_goes_for_what_comes_and_for_what_there_is_too_much_of_has_both_reasons():
    """Priya is over capacity by less than one tier B client; a second one goes for the tier A client who comes."""
    clients = [*(client("B", "Priya") for _ in range(5)), client("A", "Daniel")]
    proposal = proposed(clients, Manager("Priya", "Senior", 66), DANIEL)
    both = "Priya is over capacity (104%) and gets clients of tier A"
    assert reasons(proposal) == [*[both] * 4, "A tier A client needs a Senior, and Daniel is Standard"]


def test_the_same_clients_get_the_same_proposal():
    clients = [client("ABC"[at % 3], "Daniel" if at % 2 else None, at % 7) for at in range(60)]
    managers = PRIYA, MARCUS, DANIEL, SOFIA
    assert moves(proposed(clients, *managers)) == moves(proposed(clients, *managers))


# --- Against every way that there is ---------------------------------------------------------------------------------

Way = tuple[str | None, ...]
"""Who serves each client."""


def every_way(clients: Sequence[Mapping[str, Any]], managers: Sequence[Manager]) -> Iterator[Way]:
    """Every way to give the clients account managers; nobody comes to somebody whose hours are not known."""
    able = [manager.name for manager in managers if manager.hours is not None]
    unable = {manager.name for manager in managers} - set(able)
    choices = []
    for each in clients:
        present = each["Account manager"]
        if each["Override tier"] is None:
            choices.append([present])
        else:
            choices.append([*able, present] if present in unable else able)
    return product(*choices)


def minutes_of(who: str, way: Sequence[str | None], clients: Sequence[Mapping[str, Any]]) -> int:
    """The minutes that the clients of an account manager take."""
    return sum(MINUTES.get(each["Override tier"], 0) for each, of in zip(clients, way, strict=True) if of == who)


def costs(way: Way, clients: Sequence[Mapping[str, Any]], managers: Sequence[Manager]) -> tuple[int, int, int, int]:
    """Tier A without a Senior, minutes over capacity, handovers, days of relationship that are given up."""
    listed = {manager.name: manager for manager in managers}
    served = [(each, who) for each, who in zip(clients, way, strict=True) if each["Override tier"]]
    without_senior = sum(
        each["Override tier"] == "A" and listed[who or ""].seniority != "Senior" for each, who in served
    )
    over = 0
    for manager in managers:
        if manager.hours is not None:
            over += max(0, minutes_of(manager.name, way, clients) - int(manager.hours * 60))
    known = [(AS_OF - each["Client since"]).days for each, _ in served if each["Client since"]]
    handovers = days = 0
    for each, who in served:
        if each["Account manager"] in listed and each["Account manager"] != who:
            handovers += 1
            days += (AS_OF - each["Client since"]).days if each["Client since"] else max(known, default=0)
    return without_senior, over, handovers, days


def is_true(reason: str, at: int, way: Way, clients: Sequence[Mapping[str, Any]], managers: Sequence[Manager]) -> bool:
    """Whether a client really has to be handed over for a reason."""
    listed = {manager.name: manager for manager in managers}
    tier, name, to = clients[at]["Override tier"], clients[at]["Account manager"], way[at]
    present = [each["Account manager"] for each in clients]
    if "needs a Senior" in reason:
        return tier == "A" and listed[name].seniority != "Senior" and listed[to or ""].seniority == "Senior"
    limit = int((listed[name].hours or 0) * 60)
    is_over = minutes_of(name, present, clients) > limit
    comes = {
        each["Override tier"]
        for each, before, after in zip(clients, present, way, strict=True)
        if after == name and before != name
    }
    room = reason.rpartition(" clients of tier ")[2].split(" and ") if "clients of tier" in reason else []
    return (
        minutes_of(name, way, clients) + MINUTES[tier] > limit
        and set(room) <= comes
        and ("is over capacity" in reason) <= is_over
        and ("is over capacity" in reason or "Makes room" in reason)
    )


def shed_client(manager: str | None, years: float | None) -> dict[str, Any]:
    """A client that is to be shed."""
    return client("C", manager, years) | {"Profit": -50, "Override tier": None, "Override reason": None}


NAMES = ("Priya", "Daniel", "Sofia")
some_managers = st.lists(
    st.builds(
        Manager,
        st.sampled_from(NAMES),
        st.sampled_from(["Senior", "Standard", "Assistant", None]),
        st.sampled_from([None, 0, 13.74, 14, 27.5, 51.76, 53, 66, 120]),
    ),
    min_size=1,
    max_size=3,
    unique_by=lambda manager: manager.name,
).filter(lambda managers: any(manager.hours for manager in managers))
a_manager = st.sampled_from([*NAMES, *NAMES, None, "Somebody Else"])
some_years = st.sampled_from([None, 0, 1, 2, 3, 10])
some_clients = st.lists(
    st.one_of(
        st.builds(client, st.sampled_from("AABC"), a_manager, some_years),
        st.builds(client, st.sampled_from("AABC"), a_manager, some_years),
        st.builds(shed_client, a_manager, some_years),
    ),
    min_size=1,
    max_size=6,
)


@given(some_managers, some_clients)
@settings(max_examples=200, deadline=None)
def test_no_way_is_better_than_the_proposal(managers: list[Manager], clients: list[dict[str, Any]]):
    proposal = proposed(clients, *managers)
    way: list[str | None] = [each["Account manager"] for each in clients]
    for position, to in proposal.moves.select("position", "to").iter_rows():
        assert way[position] != to
        way[position] = to
    ways = set(every_way(clients, managers))
    assert tuple(way) in ways
    found = costs(tuple(way), clients, managers)
    assert found == min(costs(other, clients, managers) for other in ways)
    assert [aim.reached for aim in proposal.aims] == [found[0], found[1] / 60, *found[2:]]
    assert all(aim.is_proved for aim in proposal.aims)
    assert proposal.handovers == found[2]
    names = {manager.name for manager in managers}
    assert proposal.assignments == sum(
        bool(each["Override tier"]) and each["Account manager"] not in names for each in clients
    )
    assert bool(proposal.missing) == bool(found[0] or found[1])
    for position, kind, reason in proposal.moves.select("position", "kind", "reason").iter_rows():
        assert kind == FIRST_MANAGER or is_true(reason, position, tuple(way), clients, managers), reason
    for change in proposal.changes:
        assert change.after.needed == pytest.approx(minutes_of(change.after.name, way, clients) / 60)


def test_a_start_in_the_future_is_a_relationship_of_no_days():
    clients = [client("B", "Daniel", years=0), client("B", "Daniel")]
    clients[1]["Client since"] = date(2030, 1, 1)
    assert moves(proposed(clients, PRIYA, Manager("Daniel", "Standard", 20))) == [("Client 1", "Daniel", "Priya")]
