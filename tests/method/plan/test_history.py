"""What gradings leave behind, and who has moved between two of them."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import narwhals as nw
import pandas as pd
import pytest

from tests.method.frames import ENGINES, graded
from tests.runs import first
from tierxl.method.plan import history
from tierxl.method.plan.history import (
    TYPES,
    Movers,
    days_of,
    latest_days,
    lines_of,
    lines_on,
    movers,
    no_lines,
    with_grading,
)
from tierxl.method.policy import Policy
from tierxl.method.rating.grading import Grading

SPRING, SUMMER, AUTUMN = date(2026, 3, 1), date(2026, 6, 1), date(2026, 9, 1)

Clients = Sequence[Mapping[str, Any]]

TEN = [{"Client": f"Small {number}", "Revenue": 10} for number in range(8)]
"""Clients that fill the portfolio up, so that its top has room for one or two."""


def named(*clients: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [*clients, *TEN]


def by_revenue(clients: Clients, day: date, settings: Mapping[str, Any] | None = None) -> Grading:
    """Graded by revenue alone: the largest of ten is an A, the second a B, the others are Cs."""
    return graded(clients, {"grading": {"method": "revenue"}} | dict(settings or {}), day)


def moved(before: Clients, after: Clients, **settings: Any) -> Movers:
    return movers(lines_of(by_revenue(before, SPRING)), lines_of(by_revenue(after, SUMMER, settings)), watch_from=0.2)


def shown(found: Movers) -> list[tuple[str, str, str | None, str | None, str]]:
    return [
        (line["Client"], line["Move"], line["From"], line["To"], line["What changed"])
        for line in found.lines.iter_rows(named=True)
    ]


OTHERS_FELL = " (own revenue unchanged: others fell behind it, or the cut moved)"
OTHERS_ROSE = " (own revenue unchanged: others overtook it, or the cut moved)"

ABEL, BAKER = {"Client": "Abel", "Revenue": 300}, {"Client": "Baker", "Revenue": 200}

# --- Lines -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", ENGINES)
def test_a_client_leaves_one_line_with_its_day_key_tier_score_ratings_settings_and_figures(engine: str):
    clients = [{"Client": "Abel & Co", "Client ID": "007", "Revenue": 500, "Profit": 100}, {"Client": "Baker"}]
    grading = graded(clients, as_of=SPRING, engine=engine)
    first, second = lines_of(grading).iter_rows(named=True)
    assert {name: None if pd.isna(value) else value for name, value in first.items()} == {
        "As of": datetime(2026, 3, 1), "Client key": "007", "Client": "Abel & Co", "Revenue": 500, "Tier": "A",
        "Score": 100, "Revenue rating": "High", "Wallet rating": "Not rated", "Profit rating": "High",
        "Strategic rating": "Not rated", "Pain rating": "Not rated", "Override": None, "Policy": Policy().fingerprint,
        "Wallet share": None, "Margin": 0.2,
    }  # fmt: skip
    assert (second["Client key"], second["Tier"]) == ("Baker", "Not graded")


def test_a_client_without_name_and_id_leaves_no_line():
    assert len(lines_of(graded([{"Client": None, "Revenue": 5}, {"Client": "Abel", "Revenue": 5}]))) == 1


def test_an_override_is_kept_while_it_holds():
    clients = [
        {"Revenue": 5, "Override tier": "A"},
        {"Revenue": 5, "Override tier": "B", "Override expires": "2026-02-28"},
    ]
    assert lines_of(graded(clients, as_of=SPRING))["Override"].to_list() == ["A", None]


def test_policies_have_the_same_fingerprint_only_where_every_setting_is_the_same():
    other = Policy.with_settings({"tiers": {"a_from": 66}})
    assert Policy().fingerprint == Policy.with_settings({"tiers": {"a_from": 65.0}}).fingerprint
    assert Policy().fingerprint != other.fingerprint
    assert len(Policy().fingerprint) == 8


# --- History ---------------------------------------------------------------------------------------------------------


def three_days() -> Any:
    lines = no_lines()
    for day in (SUMMER, SPRING, AUTUMN):
        lines = with_grading(lines, by_revenue(named(ABEL, BAKER), day))
    return lines


def test_each_day_stands_there_once_the_latest_at_the_top():
    assert days_of(three_days()) == [SPRING, SUMMER, AUTUMN]
    shown = [day.date() for day in three_days()["As of"].to_list()]
    assert shown == [AUTUMN] * 10 + [SUMMER] * 10 + [SPRING] * 10


def test_grading_the_same_day_again_leaves_the_history_the_same():
    again = with_grading(three_days(), by_revenue(named(ABEL, BAKER), SUMMER))
    assert again.rows() == three_days().rows()


@pytest.mark.long
def test_a_second_grading_of_a_day_replaces_its_lines_and_no_others():
    again = with_grading(three_days(), by_revenue(named({"Client": "Abel", "Revenue": 1}), SUMMER))
    assert len(lines_on(again, SUMMER)) == 9
    for day in (SPRING, AUTUMN):
        assert lines_on(again, day).rows() == lines_on(three_days(), day).rows()


@pytest.mark.parametrize(("room", "kept"), [(30, 3), (29, 2), (20, 2), (19, 1), (10, 1)])
def test_where_there_is_no_room_whole_days_give_way_the_oldest_first(room: int, kept: int):
    assert days_of(latest_days(three_days(), room)) == [SPRING, SUMMER, AUTUMN][-kept:]


def test_of_a_day_that_has_more_clients_than_there_is_room_the_first_stay():
    assert len(latest_days(three_days(), 4)) == 4


# --- Movers ----------------------------------------------------------------------------------------------------------


def test_a_client_whose_tier_differs_is_a_mover_with_the_rating_that_changed():
    found = moved(named(ABEL, BAKER), named(ABEL | {"Revenue": 150}, BAKER))
    assert shown(found) == [
        ("Baker", "Up", "B", "A", f"Revenue Medium to High{OTHERS_FELL}"),
        ("Abel", "Down", "A", "B", "Revenue High to Medium"),
    ]
    assert (found.since, found.as_of, found.unmoved, found.policy_changed) == (SPRING, SUMMER, 8, False)


@pytest.mark.long
def test_without_a_change_of_tiers_nobody_moves_though_revenue_changes():
    found = moved(named(ABEL, BAKER), named(ABEL | {"Revenue": 900}, BAKER))
    assert (shown(found), found.unmoved) == ([], 10)


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    first(2, [
        ({}, {"Override tier": "C"}, "Override to C"),
        ({"Override tier": "C"}, {}, "Override to C ended"),
        ({"Override tier": "B"}, {"Override tier": "C"}, "Override B to C"),
        ({"Revenue": 1, "Override tier": "B"}, {}, "Revenue Low to High; Override to B ended"),
        ({"Revenue": 5}, {"Revenue": 5, "Profit": 1}, "Profit Not rated to High"),
        ({"Revenue": 5, "Retention risk": "High"}, {"Revenue": 5},
         "Retention risk, opportunity or high touch; the ratings are as before"),
    ]),
)  # fmt: skip
def test_what_changed_is_said_with_each_mover(before: Mapping[str, Any], after: Mapping[str, Any], sentence: str):
    found = moved(named(ABEL | before, BAKER), named(ABEL | after, BAKER))
    assert {line[0]: line[4] for line in shown(found)}["Abel"] == sentence


# --- A rating that changed though the client did not ----------------------------------------------------------------


def change_of(name: str, before: Clients, after: Clients, **settings: Any) -> str:
    return {line[0]: line[4] for line in shown(moved(before, after, **settings))}[name]


@pytest.mark.long
def test_a_client_that_others_overtook_is_said_to_have_the_revenue_that_it_had():
    risen = {"Client": "Cohen", "Revenue": 900}
    assert (
        change_of("Baker", [ABEL, BAKER, *TEN], [risen, ABEL, BAKER, *TEN[1:]]) == "Revenue Medium to Low" + OTHERS_ROSE
    )


@pytest.mark.long
def test_a_margin_that_is_the_same_is_said_where_its_rating_is_another():
    settings = {"profit": {"target": 0.6, "acceptable": 0.2}, "moves": {"profitability": "on"}}
    before = named(ABEL, BAKER | {"Revenue": 6, "Profit": 3})
    after = named(ABEL, BAKER | {"Revenue": 8, "Profit": 4})
    sentence = "Profit High to Medium (own margin unchanged: others overtook it, or the cut moved)"
    assert change_of("Baker", before, after, **settings) == sentence


@pytest.mark.long
def test_a_wallet_share_that_is_the_same_is_said_where_its_cut_moved():
    clients = named(ABEL | {"Revenue": 5, "Total spend": 9, "Override tier": "B"}, BAKER)
    after = named(ABEL | {"Revenue": 5, "Total spend": 9}, BAKER)
    sentence = "Wallet Medium to High (own wallet share unchanged: the cut moved); Override to B ended"
    assert change_of("Abel", clients, after, wallet={"high_above": 0.55}) == sentence


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    first(1, [
        ({"Margin": 0.1}, {"Margin": 0.5}, "Profit Medium to High"),
        ({"Revenue": 0, "Profit": -5}, {"Revenue": 0, "Profit": 5},
         "Profit Laggard to Not rated"),
        ({"Strategic value": "Low"}, {"Strategic value": "High"}, "Strategic Low to High"),
        ({"Pain factor": "Low"}, {"Pain factor": "High"}, "Pain Low to High"),
    ]),
)  # fmt: skip
def test_nothing_is_said_of_figures_that_did_change_or_that_nobody_knows(
    before: Mapping[str, Any], after: Mapping[str, Any], sentence: str
):
    fixed = {"profit": {"target": 0.4, "acceptable": 0.05}}
    small = ABEL | {"Revenue": 5}
    one = lines_of(by_revenue(named(small | {"Override tier": "A"} | before, BAKER), SPRING, fixed))
    other = lines_of(by_revenue(named(small | {"Override tier": "C"} | after, BAKER), SUMMER, fixed))
    assert {line[0]: line[4] for line in shown(movers(one, other))}["Abel"] == f"{sentence}; Override A to C"


@pytest.mark.long
def test_of_a_line_that_keeps_no_margin_nothing_is_said_of_it():
    settings = {"profit": {"target": 0.6, "acceptable": 0.2}, "moves": {"profitability": "on"}}
    clients = named(ABEL, BAKER | {"Revenue": 9, "Profit": 3})
    first_edition = lines_of(by_revenue(clients, SPRING)).with_columns(
        nw.lit(None, TYPES[name]).alias(name) for name in ("Wallet share", "Margin")
    )
    (line,) = shown(movers(first_edition, lines_of(by_revenue(clients, SUMMER, settings))))
    assert line[4] == "Profit High to Medium"


# --- Watch -----------------------------------------------------------------------------------------------------------


def watched(found: Movers) -> list[tuple[Any, ...]]:
    return [tuple(line.values()) for line in found.watch.iter_rows(named=True)]


@pytest.mark.parametrize(
    ("now", "is_watched"), first(2, [(240.01, False), (240, True), (0, True), (-10, True), (None, False)])
)
def test_an_a_client_of_the_same_tier_whose_revenue_fell_by_a_fifth_is_watched(now: float | None, is_watched: bool):
    strategic = {"Override tier": "A"}
    found = moved(named(ABEL | strategic, BAKER), named(ABEL | strategic | {"Revenue": now}, BAKER))
    assert [line[1] for line in watched(found)] == ["Abel"] * is_watched


def test_what_revenue_was_and_is_and_its_fall_stand_there():
    found = moved(named(ABEL | {"Client ID": "7"}, BAKER), named(ABEL | {"Client ID": "7", "Revenue": 225}, BAKER))
    assert watched(found) == [("7", "Abel", "A", 300, 225, 0.25)]


@pytest.mark.long
def test_those_of_tier_a_stand_first_and_the_largest_fall_of_each_tier():
    before = named(ABEL, BAKER | {"Override tier": "B"}, {"Client": "Cohen", "Revenue": 180, "Override tier": "B"})
    after = named(
        ABEL | {"Revenue": 225},
        BAKER | {"Revenue": 100, "Override tier": "B"},
        {"Client": "Cohen", "Revenue": 45, "Override tier": "B"},
    )
    assert [line[1:3] + line[-1:] for line in watched(moved(before, after))] == [
        ("Abel", "A", 0.25), ("Cohen", "B", 0.75), ("Baker", "B", 0.5),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after"),
    first(
        1,
        [
            pytest.param({"Revenue": 5}, {"Revenue": 1}, id="a C client"),
            pytest.param({"Override tier": "A"}, {"Revenue": 30, "Override tier": "B"}, id="a mover"),
            pytest.param({"Revenue": None, "Override tier": "A"}, {"Override tier": "A"}, id="no revenue before"),
            pytest.param(
                {"Revenue": 0, "Override tier": "A"}, {"Revenue": -9, "Override tier": "A"}, id="nothing before"
            ),
            pytest.param(
                {"Revenue": -5, "Override tier": "A"}, {"Revenue": -9, "Override tier": "A"}, id="less than that"
            ),
            pytest.param({"Client": "Gone"}, {}, id="new"),
        ],
    ),
)
def test_nobody_else_is_watched(before: Mapping[str, Any], after: Mapping[str, Any]):
    assert watched(moved(named(ABEL | before, BAKER), named(ABEL | after, BAKER))) == []


@pytest.mark.long
def test_a_fall_is_compared_without_the_last_bits_of_its_division():
    found = moved(named(ABEL | {"Revenue": 1000.1}, BAKER), named(ABEL | {"Revenue": 800.08}, BAKER))
    assert [line[-1] for line in watched(found)] == [0.2]


@pytest.mark.parametrize(("fall", "names"), first(1, [(0.25, ["Abel"]), (0.2500000001, ["Abel"]), (0.26, [])]))
def test_the_policy_says_from_which_fall_on(fall: float, names: list[str]):
    past = lines_of(by_revenue(named(ABEL, BAKER), SPRING))
    now = by_revenue(named(ABEL | {"Revenue": 225}, BAKER), SUMMER, {"retention": {"revenue_down": fall}})
    found = history.movers_since(past, now)
    assert found is not None
    assert [line[1] for line in watched(found)] == names


# --- Other movers ----------------------------------------------------------------------------------------------------


@pytest.mark.long
def test_where_no_rating_changed_the_score_says_more():
    likely, unlikely = ({"Appetite for change": level, "Total spend": 3_000} for level in ("High", "Low"))
    others = [{"Client": f"C{number}", "Revenue": 10, "Total spend": 10} for number in range(9)]
    settings = {"tiers": {"a_from": 80}}
    before = lines_of(graded([ABEL | likely, *others], settings, SPRING))
    after = lines_of(graded([ABEL | unlikely, *others], settings, SUMMER))
    assert shown(movers(before, after)) == [("Abel", "Down", "A", "B", "Score 100 to 60")]


def test_new_clients_and_those_that_are_gone_are_listed_with_their_revenue():
    found = moved(named(ABEL, BAKER), named(ABEL, {"Client": "Cohen", "Revenue": 250}))
    assert shown(found) == [
        ("Cohen", "New", None, "B", "New on the list"),
        ("Baker", "Gone", "B", None, "No longer on the list"),
    ]
    assert {move.name: (move.clients, move.revenue) for move in found.moves if move.clients} == {
        "New": (1, 250), "Gone": (1, 200),
    }  # fmt: skip


def test_a_client_without_revenue_is_no_longer_graded_and_then_graded_again():
    unknown = named(ABEL | {"Revenue": None}, BAKER)
    change = "Revenue High to Not rated"
    assert ("Abel", "No longer graded", "A", "Not graded", change) in shown(moved(named(ABEL, BAKER), unknown))
    change = "Revenue Not rated to High"
    assert ("Abel", "Now graded", "Not graded", "A", change) in shown(moved(unknown, named(ABEL, BAKER)))


@pytest.mark.long
def test_movers_stand_in_the_order_of_their_moves_the_largest_revenue_first():
    before = named(
        {"Client": "Abel", "Revenue": 5, "Override tier": "B"}, {"Client": "Cohen", "Revenue": 7, "Override tier": "B"}
    )
    after = named(
        {"Client": "Abel", "Revenue": 5, "Override tier": "A"}, {"Client": "Cohen", "Revenue": 7, "Override tier": "A"}
    )
    assert [line[0] for line in shown(moved(before, after))][:2] == ["Cohen", "Abel"]


@pytest.mark.long
def test_ids_that_differ_in_the_case_of_a_letter_are_two_clients():
    one, other = ABEL | {"Client ID": "001A"}, {"Client": "Baker", "Client ID": "001a", "Revenue": 200}
    assert shown(moved(named(one, other), named(other, one))) == []


@pytest.mark.long
def test_an_id_is_found_again_though_its_letters_have_another_case():
    assert shown(moved(named(ABEL | {"Client ID": "001A"}), named(ABEL | {"Client ID": "001a"}))) == []


def test_a_client_is_found_by_its_id_whatever_it_is_called_now():
    found = moved(
        named(ABEL | {"Client ID": "a7"}, BAKER),
        named({"Client": "Abel Holding", "Client ID": "A7", "Revenue": 1}, BAKER),
    )
    assert ("Abel Holding", "Down", "A", "C", "Revenue High to Low") in shown(found)


@pytest.mark.parametrize("has_id_before", first(1, [True, False]))
def test_a_client_that_got_or_lost_its_id_in_between_is_found_by_its_name(has_id_before: bool):
    with_id, without = {"Client ID": "17"}, {"Client ID": None}
    before, after = (with_id, without) if has_id_before else (without, with_id)
    found = moved(named(ABEL | before, BAKER), named({"Client": "ABEL", "Revenue": 300} | after, BAKER))
    assert (shown(found), found.unmoved) == ([], 10)


@pytest.mark.long
def test_two_clients_of_one_name_with_different_ids_are_two_clients():
    found = moved(named(ABEL | {"Client ID": "17"}, BAKER), named(ABEL | {"Client ID": "18"}, BAKER))
    assert [line[1] for line in shown(found)] == ["New", "Gone"]


@pytest.mark.long
def test_of_clients_that_stand_there_twice_the_first_is_compared_with_the_first():
    twice = [{"Client": "Twin", "Revenue": 300}, {"Client": "Twin", "Revenue": 5}]
    grown = [{"Client": "Twin", "Revenue": 300}, {"Client": "Twin", "Revenue": 200}]
    found = shown(moved(named(*twice), named(*grown)))
    assert [line for line in found if line[0] == "Twin"] == [("Twin", "Up", "C", "B", "Revenue Low to Medium")]


@pytest.mark.long
def test_other_settings_are_said_to_be_others():
    found = moved(named(ABEL, BAKER), named(ABEL, BAKER), revenue={"high_top": 0.2})
    assert found.policy_changed
    assert ("Baker", "Up", "B", "A", f"Revenue Medium to High{OTHERS_FELL}") in shown(found)


@pytest.mark.long
def test_where_only_the_settings_changed_they_are_named_as_a_cause():
    risky = ABEL | {"Revenue": 5, "Retention risk": "High"}
    found = moved(named(risky, BAKER), named(risky, BAKER), moves={"retention_risk": "off"})
    sentence = {line[0]: line[4] for line in shown(found)}
    assert sentence["Abel"] == "The settings, retention risk, opportunity or high touch; the ratings are as before"


# --- Since the day before, and over time -----------------------------------------------------------------------------


def test_movers_are_those_since_the_latest_earlier_day():
    for day, since in ((SUMMER, SPRING), (AUTUMN, SUMMER)):
        found = history.movers_since(three_days(), by_revenue(named(ABEL, BAKER), day))
        assert found is not None
        assert found.since == since


def test_on_the_first_day_there_are_no_movers():
    grading = by_revenue(named(ABEL, BAKER), SPRING)
    assert history.movers_since(no_lines(), grading) is None
    assert history.movers_since(with_grading(no_lines(), grading), grading) is None


def test_the_tiers_are_counted_day_by_day_with_their_revenue():
    first, last = history.trend(three_days(), [SPRING, AUTUMN])
    assert (first.as_of, last.as_of) == (SPRING, AUTUMN)
    assert first.clients == {"A": 1, "B": 1, "C": 8, "Not graded": 0} == last.clients
    assert first.revenue == {"A": 300.0, "B": 200.0, "C": 80.0, "Not graded": 0.0}
