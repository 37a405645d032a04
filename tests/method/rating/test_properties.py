"""What holds for every portfolio and every policy."""

from collections.abc import Mapping
from datetime import timedelta
from itertools import product
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.method.frames import AS_OF, graded, graded_rows

PROPERTY = settings(
    max_examples=6,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

# --- Portfolios as users write them ----------------------------------------------------------------------------------

RATED, KNOWN = ("Strategic value", "Pain factor"), ("Retention risk", "Opportunity", "Appetite for change")
WEIGHTS = ("revenue", "wallet_upside", "profitability", "strategic_value", "pain")
MOVES = ("retention_risk", "profitability", "opportunity", "high_touch")
LEVELS = st.sampled_from([None, "High", "medium", "L", 1, "2", 3.0, "?"])
ANSWERS = st.sampled_from([None, "Yes", "no", True, False, 1, "0", "✓", "perhaps"])
AMOUNTS = st.one_of(
    st.none(),
    st.sampled_from([0, 1000, 1000.0, "$2,500.00", "(500)", "1 200", "1.200", "n/a", " "]),
    st.integers(-5_000, 100_000),
    st.floats(0, 1e6).map(lambda amount: round(amount, 2)),
)
SHARES = st.sampled_from([None, 0.2, 0.5, 0.75, 0.9, 1, "60 %", "0.8", "75%", -0.1, "half"])
DAYS = st.one_of(
    st.none(),
    st.integers(-900, 100).map(lambda days: AS_OF + timedelta(days=days)),
    st.sampled_from(["2026-11-22", "2026-11-21", "soon"]),
)
CLIENTS = st.fixed_dictionaries(
    {
        "Revenue": st.one_of(st.integers(1, 100_000), st.integers(1, 9).map(lambda many: many * 1000), AMOUNTS),
        "Profit": AMOUNTS,
        **dict.fromkeys(("Previous revenue", "Cost to serve", "Support cost", "Overhead"), AMOUNTS),
        "Margin": SHARES,
        "Total spend": AMOUNTS,
        "Wallet share": SHARES,
        **dict.fromkeys((*RATED, *KNOWN, "Satisfaction"), LEVELS),
        **dict.fromkeys(("Well aligned", "Challenging", "High touch", "Marquee"), ANSWERS),
        "Override tier": st.sampled_from([None, None, None, "A", "b", "Gold"]),
        "Override reason": st.sampled_from([None, "Agreed"]),
        **dict.fromkeys(("Last contact", "Override expires"), DAYS),
    }
)
PORTFOLIOS = st.lists(CLIENTS, min_size=4, max_size=20)
POLICIES = st.fixed_dictionaries(
    {
        "grading": st.fixed_dictionaries({"method": st.sampled_from(["five-factor", "revenue"])}),
        "revenue": st.fixed_dictionaries({"by": st.sampled_from(["rank", "share"])}),
        "weights": st.fixed_dictionaries(dict.fromkeys(WEIGHTS, st.integers(1, 40))),
        "tiers": st.fixed_dictionaries({"a_from": st.integers(50, 90), "b_from": st.integers(10, 50)}),
        "moves": st.fixed_dictionaries(
            dict.fromkeys(MOVES, st.sampled_from(["on", "off", "revenue"])) | {"max_move": st.integers(0, 2)}
        ),
        "floor": st.fixed_dictionaries({"strategic": st.sampled_from(["Medium", "High", "off"])}),
    }
)


@PROPERTY
@given(st.data(), PORTFOLIOS, POLICIES)
def test_a_grade_does_not_depend_on_the_order_of_the_rows(data: st.DataObject, clients: list, policy: dict):
    order = data.draw(st.permutations(range(len(clients))))
    named = [{"Client": f"Client {number}"} | client for number, client in enumerate(clients)]
    before = graded_rows(graded(named, policy))
    after = graded_rows(graded([named[at] for at in order], policy))
    assert after == [before[at] for at in order]


@PROPERTY
@given(PORTFOLIOS, POLICIES)
def test_pandas_and_polars_give_the_same_answer(clients: list, policy: dict):
    on_polars, on_pandas = (graded(clients, policy, engine=engine) for engine in ("polars", "pandas"))
    assert graded_rows(on_polars) == graded_rows(on_pandas)
    assert on_polars.issues == on_pandas.issues
    assert on_polars.cuts == on_pandas.cuts


@PROPERTY
@given(PORTFOLIOS, st.lists(st.one_of(st.none(), st.integers(), st.text(max_size=5)), min_size=20, max_size=20))
def test_a_column_of_the_users_own_changes_nothing(clients: list, notes: list):
    without = graded(clients)
    beside = graded([{"Notes": note} | client for note, client in zip(notes, clients, strict=False)])
    assert graded_rows(beside) == graded_rows(without)
    assert beside.issues == without.issues


@PROPERTY
@given(PORTFOLIOS, POLICIES)
def test_why_ends_with_the_tier(clients: list, policy: dict):
    for row in graded_rows(graded(clients, policy)):
        if row["Tier"] == "Not graded":
            assert row["Why"].startswith("Not graded: revenue is not known.")
            assert " Tier " not in row["Why"]
        else:
            assert row["Why"].endswith(f" Tier {row['Tier']}.")


@PROPERTY
@given(PORTFOLIOS, POLICIES)
def test_a_client_that_costs_money_or_nerves_is_a_c_to_shed_unless_it_is_held_or_overridden(
    clients: list, policy: dict
):
    held = {"Medium": ("Medium", "High"), "High": ("High",), "off": ()}[policy["floor"]["strategic"]]
    for row in graded_rows(graded(clients, policy)):
        painful = (row["Pain rating"], row["Profit rating"]) == ("High", "Low")
        to_shed = row["Profit rating"] == "Laggard" or painful
        spared = row["Strategic rating"] in held or "Override to" in row["Why"] or row["Tier"] == "Not graded"
        assert (row["Action"] == "Shed") == (to_shed and not spared)
        if row["Action"] == "Shed":
            assert row["Tier"] == "C"


# --- Every combination of ratings ------------------------------------------------------------------------------------

Ratings = tuple[str | None, ...]

SCALES = {
    "Revenue": ("Low", "Medium", "High"),
    "Wallet share": ("High", "Medium", "Low"),
    "Profitability": ("Laggard", "Low", "Medium", "High"),
    "Strategic value": ("Low", "Medium", "High"),
    "Pain factor": ("High", "Medium", "Low"),
}
"""Each factor's ratings, the better for us the further right."""
CELLS = {
    "Revenue": {"Low": 298, "Medium": 299, "High": 300},
    "Margin": {"Laggard": -0.05, "Low": 0.05, "Medium": 0.15, "High": 0.25, None: None},
    "Wallet share": {"High": 0.9, "Medium": 0.6, "Low": 0.2, None: None},
    "Strategic value": {"High": "High", "Medium": "Medium", "Low": "Low", None: None},
    "Pain factor": {"High": "High", "Medium": "Medium", "Low": "Low", None: None},
}
NAMES = {"Margin": "Profitability"}
COMBINATIONS = list(product(*(scale if factor == "Revenue" else (*scale, None) for factor, scale in SCALES.items())))
FIXED_CUTS = {"revenue": {"high_top": 0.33, "medium_top": 0.5}, "profit": {"target": 0.2, "acceptable": 0.1}}
"""With these, a third of the combinations each is High, Medium and Low in revenue. Their potential is always High."""
REST = st.fixed_dictionaries(
    dict.fromkeys(KNOWN, st.sampled_from([None, "High", "Medium", "Low"]))
    | dict.fromkeys(("High touch", "Marquee"), st.booleans())
)


def client_with(ratings: Ratings, rest: Mapping[str, Any]) -> dict[str, Any]:
    """A client with the cells that give these ratings, whatever the other clients are."""
    of = dict(zip(SCALES, ratings, strict=True))
    return {column: cells[of[NAMES.get(column, column)]] for column, cells in CELLS.items()} | rest


def every_combination(rest: Mapping[str, Any], policy: Mapping[str, Any]) -> dict[Ratings, dict[str, Any]]:
    """A portfolio with every combination of ratings, graded; ``rest`` is what all its clients share."""
    clients = [client_with(ratings, rest) for ratings in COMBINATIONS]
    return dict(zip(COMBINATIONS, graded_rows(graded(clients, policy | FIXED_CUTS)), strict=True))


def better(ratings: Ratings) -> list[tuple[str, int, Ratings]]:
    """Every change of one rating for the better: the factor, by how many levels, and the ratings then."""
    changes = []
    for place, (factor, scale) in enumerate(SCALES.items()):
        if ratings[place] is not None:
            level = scale.index(ratings[place])
            changes += [
                (factor, up, (*ratings[:place], scale[level + up], *ratings[place + 1 :]))
                for up in range(1, len(scale) - level)
            ]
    return changes


@settings(PROPERTY, max_examples=2)
@given(REST, POLICIES)
def test_the_portfolio_has_the_ratings_that_it_was_made_for(rest: dict, policy: dict):
    columns = ("Revenue rating", "Wallet rating", "Profit rating", "Strategic rating", "Pain rating")
    for ratings, row in every_combination(rest, policy).items():
        assert [row[column] for column in columns] == [rating or "Not rated" for rating in ratings]


@PROPERTY
@given(REST, POLICIES)
def test_one_rating_for_the_better_never_lowers_the_score_or_the_tier(rest: dict, policy: dict):
    rows = every_combination(rest, policy)
    for ratings, row in rows.items():
        for _, _, then in better(ratings):
            assert rows[then]["Score"] >= row["Score"]
            assert rows[then]["Tier"] <= row["Tier"]


@PROPERTY
@given(REST, POLICIES)
def test_what_would_lift_a_client_is_the_smallest_change_that_brings_a_better_tier(rest: dict, policy: dict):
    weight_of = dict(zip(WEIGHTS, SCALES, strict=True))
    weights = {weight_of[name]: weight for name, weight in policy["weights"].items()}
    rows = every_combination(rest, policy)
    for ratings, row in rows.items():
        steps = [
            (levels, weights[factor], step_text(factor, ratings, then, rows[then]["Tier"]))
            for factor, levels, then in better(ratings)
            if rows[then]["Tier"] < row["Tier"]
        ]
        smallest = min((step[:2] for step in steps), default=None)
        assert row["What would lift it"] in ([step[2] for step in steps if step[:2] == smallest] or ["none"])


def step_text(factor: str, before: Ratings, after: Ratings, tier: str) -> str:
    place = list(SCALES).index(factor)
    return f"{factor} from {before[place]} to {after[place]}: tier {tier}"


@PROPERTY
@given(REST, POLICIES)
def test_whoever_makes_that_change_gets_the_tier_that_it_promises(rest: dict, policy: dict):
    taken = {}
    for ratings, row in every_combination(rest, policy).items():
        factor, _, change = row["What would lift it"].partition(" from ")
        if change and factor != "Revenue":
            place = list(SCALES).index(factor)
            then = change.partition(" to ")[2].partition(":")[0]
            taken[ratings] = (
                client_with((*ratings[:place], then, *ratings[place + 1 :]), rest),
                row["What would lift it"][-1],
            )
    others = [client_with(ratings, rest) for ratings in COMBINATIONS if ratings not in taken]
    rows = graded_rows(graded([*(client for client, _ in taken.values()), *others], policy | FIXED_CUTS))
    assert [row["Tier"] for row in rows[: len(taken)]] == [promised for _, promised in taken.values()]
    assert taken
