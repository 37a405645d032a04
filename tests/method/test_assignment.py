"""Who should serve whom: against every way that there is, and in plain words."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.method.frames import AS_OF, ENGINES, table
from tierxl.method.assignment import FIRST_MANAGER, HANDOVER, Proposal, propose
from tierxl.method.grading import grade
from tierxl.method.issues import CannotGrade
from tierxl.method.managers import Manager
from tierxl.method.policy import Policy

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
    choices = [
        [*able, each["Account manager"]] if each["Account manager"] in unable else able for each in clients
    ]  # fmt: skip
    return product(*choices)


def costs(way: Way, clients: Sequence[Mapping[str, Any]], managers: Sequence[Manager]) -> tuple[int, int, int, int]:
    """Tier A without a Senior, minutes over capacity, handovers, days of relationship that are given up."""
    listed = {manager.name: manager for manager in managers}
    tiers = [each["Override tier"] for each in clients]
    without_senior = sum(
        tier == "A" and listed[who].seniority != "Senior" for tier, who in zip(tiers, way, strict=True)
    )
    over = 0
    for manager in managers:
        if manager.hours is not None:
            needed = sum(MINUTES[tier] for tier, who in zip(tiers, way, strict=True) if who == manager.name)
            over += max(0, needed - int(manager.hours * 60))
    known = [(AS_OF - each["Client since"]).days for each in clients if each["Client since"]]
    handovers = days = 0
    for each, who in zip(clients, way, strict=True):
        if each["Account manager"] in listed and each["Account manager"] != who:
            handovers += 1
            days += (AS_OF - each["Client since"]).days if each["Client since"] else max(known, default=0)
    return without_senior, over, handovers, days


NAMES = ("Priya", "Daniel", "Sofia")
some_managers = st.lists(
    st.builds(
        Manager,
        st.sampled_from(NAMES),
        st.sampled_from(["Senior", "Standard", None]),
        st.sampled_from([None, 0, 14, 27.5, 53, 66, 120]),
    ),
    min_size=1,
    max_size=3,
    unique_by=lambda manager: manager.name,
).filter(lambda managers: any(manager.hours is not None for manager in managers))
some_clients = st.lists(
    st.builds(
        client,
        st.sampled_from("AABC"),
        st.sampled_from([*NAMES, *NAMES, None, "Somebody Else"]),
        st.sampled_from([None, 0, 1, 2, 3, 10]),
    ),
    min_size=1,
    max_size=6,
)


@given(some_managers, some_clients)
@settings(max_examples=150, deadline=None)
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
    assert proposal.handovers == found[2]
    assert proposal.assignments == sum(each["Account manager"] not in {m.name for m in managers} for each in clients)
    assert bool(proposal.missing) == bool(found[0] or found[1])
    for change in proposal.changes:
        needed = sum(
            MINUTES[each["Override tier"]] / 60
            for each, who in zip(clients, way, strict=True)
            if who == change.after.name
        )
        assert change.after.needed == pytest.approx(needed)


def test_a_start_in_the_future_is_a_relationship_of_no_days():
    clients = [client("B", "Daniel", years=0), client("B", "Daniel")]
    clients[1]["Client since"] = date(2030, 1, 1)
    assert moves(proposed(clients, PRIYA, Manager("Daniel", "Standard", 20))) == [("Client 1", "Daniel", "Priya")]
