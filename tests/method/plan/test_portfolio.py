"""The portfolio in figures."""

import pytest

from tests.method.frames import graded
from tests.runs import first
from tierxl.method.plan.portfolio import herfindahl, pareto_curve, portfolio


@pytest.mark.parametrize(
    ("revenues", "index"),
    [
        ([100], 1),
        ([50, 50], 0.5),
        ([25, 25, 25, 25], 0.25),
        ([60, 20, 20], 0.44),
        ([50, 50, 0], 0.5),
        ([], None),
        ([0, 0], None),
    ],
)
def test_the_herfindahl_index_is_the_sum_of_the_squared_shares(revenues: list[float], index: float | None):
    assert herfindahl(revenues) == (None if index is None else pytest.approx(index))


def test_the_pareto_curve_runs_from_nothing_to_all_the_largest_client_first():
    assert pareto_curve([1, 3, 4, 2], points=4) == [(0, 0), (0.25, 0.4), (0.5, 0.7), (0.75, 0.9), (1, 1)]


def test_the_pareto_curve_takes_losses_as_nothing():
    assert pareto_curve([-5, 10], points=2) == [(0, 0), (0.5, 1), (1, 1)]
    assert pareto_curve([0, -5]) == []
    assert pareto_curve([]) == []


def test_the_pareto_curve_of_many_clients_has_a_hundred_steps():
    curve = pareto_curve(range(1, 1001))
    assert len(curve) == 101
    assert curve == sorted(curve)


@pytest.mark.parametrize(
    ("revenues", "clients", "share"),
    first(
        2,
        [
            ((60, 20, 10, 5, 5), 1, 0.6),
            ((5, 5, 60, 10, 20), 1, 0.6),
            ((60, 20, 10, 5, 5, 0), 2, 0.8),
            ((60, 20, 10, 5, 5, None), 1, 0.6),
            ((60, 20, 10, 5, 5, -40), 2, 0.8),
            ((70,), 1, 1),
            ((0, 0), 1, None),
            ((None,), 0, None),
        ],
    ),
)
def test_the_pareto_reading_is_what_the_top_fifth_of_clients_brings(revenues: tuple, clients: int, share: float | None):
    figures = portfolio(graded([{"Revenue": revenue} for revenue in revenues]))
    assert figures.pareto_clients == clients
    assert figures.pareto_share == (None if share is None else pytest.approx(share))


def test_the_top_share_of_the_pareto_reading_is_the_policys():
    revenues = [{"Revenue": revenue} for revenue in (60, 20, 10, 5, 5)]
    assert portfolio(graded(revenues, {"suitability": {"pareto_top": 0.4}})).pareto_share == pytest.approx(0.8)


def test_concentration_adds_up_segments_and_leaves_out_clients_without_one():
    clients = [
        {"Revenue": 30, "Segment": "Retail"},
        {"Revenue": 30, "Segment": "Retail"},
        {"Revenue": 40, "Segment": "Health"},
        {"Revenue": 100, "Segment": None},
        {"Revenue": -50, "Segment": "Health"},
        {"Revenue": None, "Segment": "Energy"},
    ]
    figures = portfolio(graded(clients))
    assert figures.concentration_by_segment == pytest.approx(0.6**2 + 0.4**2)
    assert figures.concentration_by_client == pytest.approx(2 * 0.15**2 + 0.2**2 + 0.5**2)


@pytest.mark.long
def test_there_is_no_concentration_by_segment_where_no_segment_is_known():
    assert portfolio(graded([{"Revenue": 30}])).concentration_by_segment is None


PORTFOLIO = [
    {"Revenue": 500, "Profit": 100},
    {"Revenue": 200, "Override tier": "B", "Override reason": "Promised"},
    {"Revenue": 150},
    {"Revenue": 100, "Profit": -10},
    {"Revenue": 50},
]


def test_each_tier_has_its_clients_and_its_share_of_the_revenue():
    tiers = portfolio(graded(PORTFOLIO)).tiers
    assert [(tier.tier, tier.clients, tier.revenue) for tier in tiers] == [("A", 1, 500), ("B", 1, 200), ("C", 3, 300)]
    assert [tier.revenue_share for tier in tiers] == [0.5, 0.2, 0.3]


def test_clients_that_are_not_graded_stand_beside_the_tiers_where_there_are_any():
    tiers = portfolio(graded([*PORTFOLIO, {"Revenue": None}])).tiers
    assert [(tier.tier, tier.clients) for tier in tiers] == [("A", 1), ("B", 1), ("C", 3), ("Not graded", 1)]
    assert (tiers[-1].revenue, tiers[-1].revenue_share) == (0, 0)


def test_the_figures_of_the_whole():
    figures = portfolio(graded([*PORTFOLIO, {"Revenue": None}]))
    assert (figures.clients, figures.revenue) == (6, 1000)
    assert figures.actions == {"Maintain": 4, "Shed": 1}
    assert figures.to_shed == 1
    assert figures.target_margin == pytest.approx(0.2)
    assert figures.acceptable_margin == pytest.approx(0.1)
    assert figures.suitability.verdict == "Tier, with care"


def test_a_portfolio_without_revenue_has_clients_but_no_shares():
    figures = portfolio(graded([{"Revenue": None}, {"Revenue": 0}]))
    assert figures.revenue == 0
    assert {tier.revenue_share for tier in figures.tiers} == {None}
    assert (figures.pareto_share, figures.concentration_by_client, figures.target_margin) == (None, None, None)


# --- Warnings of concentration ---------------------------------------------------------------------------------------


def warnings(*clients: tuple[str | None, float | None, str | None], **settings: float) -> tuple[str, ...]:
    """The warnings on clients with a name, a revenue and a segment."""
    named = [{"Client": name, "Revenue": revenue, "Segment": segment} for name, revenue, segment in clients]
    return portfolio(graded(named, {"concentration": settings})).warnings


def test_a_client_with_more_than_a_quarter_of_all_revenue_is_warned_of():
    clients = [("Abel", 25.0, None), ("Baker", 26.0, None), ("Cohen", 24.0, None), ("Dean", 25.0, None)]
    assert warnings(*clients) == ("Baker brings 26% of the revenue: more than 25% depends on one client.",)


@pytest.mark.long
def test_a_segment_with_more_than_half_of_all_revenue_is_warned_of():
    clients = [(f"Retail {at}", 17.0, "Retail") for at in range(3)] + [(f"Other {at}", 7.0, "Food") for at in range(7)]
    assert warnings(*clients) == ("Segment Retail brings 51% of the revenue: more than 50% depends on one segment.",)
    half = [(name, 10.0 if segment == "Food" else 70 / 3, segment) for name, _, segment in clients]
    assert warnings(*half) == ()


def test_a_loss_does_not_make_a_share_larger_and_clients_without_a_segment_count_in_the_whole():
    clients = [(f"C{at}", 20.0, "Retail" if at < 3 else None) for at in range(6)] + [("Loss", -80.0, "Retail")]
    assert warnings(*clients) == ()


@pytest.mark.long
def test_a_share_close_to_its_cut_reads_as_on_its_side_of_it_and_the_cuts_are_the_policys():
    clients = [("Abel", 250_400.0, "X"), ("Baker", 749_600.0, "Y")]
    found = warnings(*clients, client_above=0.25, segment_above=0.25)
    assert found[1] == "Abel brings 25.04% of the revenue: more than 25% depends on one client."
    assert [text.split(" of ")[0] for text in found] == [
        "Baker brings 75%", "Abel brings 25.04%", "Segment Y brings 75%", "Segment X brings 25.04%",
    ]  # fmt: skip


@pytest.mark.long
def test_only_the_largest_ten_are_warned_of_and_none_without_revenue():
    assert len(warnings(*((f"C{at}", 1.0 + at, None) for at in range(30)), client_above=0)) == 10
    assert warnings(("Abel", 0.0, "X"), ("Baker", None, "Y")) == ()
    assert warnings((None, 5.0, None))[0].startswith("A client without a name brings 100%")
