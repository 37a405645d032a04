"""The package against a plain reading of the rules, over random portfolios full of ties and exact boundaries."""

import random
from datetime import timedelta
from typing import Any

import pytest

from tests.method.frames import AS_OF, graded_rows, table
from tests.method.rating import plain_reading
from tierxl.method.policy import Policy
from tierxl.method.rating.grading import grade

LEVELS = ("High", "Medium", "Low")
ON_AND_AROUND_THE_CUTS = (0.0, 0.2, 0.49, 0.5, 0.6, 0.75, 0.751, 0.8, 1.0)
WEIGHTS = {
    "revenue": "revenue",
    "wallet": "wallet_upside",
    "profit": "profitability",
    "strategic": "strategic_value",
    "pain": "pain",
}
MOVES = {
    "retention": "retention_risk",
    "profit": "profitability",
    "opportunity": "opportunity",
    "high touch": "high_touch",
}
MARGINS = (-0.1, 0.0, 0.05, 0.1, 0.12, 0.2, 0.25, 0.3)


def random_clients(rng: random.Random, count: int) -> list[dict[str, Any]]:
    blank = rng.choice([0.0, 0.1, 0.4])
    revenues = rng.choice([[1000, 2000, 5000, 8000], [7000], range(100, 90_000)])
    return [random_client(rng, number, blank, rng.choice(revenues)) for number in range(count)]


def random_client(rng: random.Random, number: int, blank: float, revenue: float) -> dict[str, Any]:
    revenue = rng.choices([revenue, 0, -revenue, None], [90, 3, 3, 4])[0]
    base = 1000.0 if revenue is None else revenue
    share = rng.choice([*ON_AND_AROUND_THE_CUTS, 1.2 if rng.random() < 0.2 else 0.5])
    margin = rng.choice(MARGINS)
    client = {
        "Client": f"Client {number}",
        "Revenue": revenue,
        "Profit": round(base * margin, 2),
        "Cost to serve": round(base * (1 - margin), 2),
        "Support cost": round(base * 0.1, 2),
        "Overhead": rng.choice([0.0, round(base * 0.05, 2)]),
        "Previous revenue": rng.choice([base, base * 1.25, round(base * 1.3), base * 0.8, 0.0, -5.0]),
        "Last contact": AS_OF - timedelta(days=rng.choice([0, 179, 180, 181, 400])),
        "Margin": margin,
        "Total spend": round(abs(base) / share, 2) if share else rng.choice([0.0, 40_000.0]),
        "Wallet share": share,
        "Well aligned": rng.random() < 0.6,
        "Challenging": rng.random() < 0.4,
        "High touch": rng.random() < 0.5,
        "Marquee": rng.random() < 0.2,
        "Override tier": rng.choice("ABC") if rng.random() < 0.1 else None,
        "Override reason": "Agreed",
        "Override expires": rng.choice([None, AS_OF, AS_OF - timedelta(days=1)]),
    }
    for name in (
        "Strategic value",
        "Pain factor",
        "Retention risk",
        "Opportunity",
        "Appetite for change",
        "Satisfaction",
    ):
        client[name] = rng.choice(LEVELS)
    often_blank = dict.fromkeys(("Pain factor", "Strategic value", "Last contact", "Satisfaction"), 0.3)
    often_blank |= {"Profit": 0.4, "Cost to serve": 0.6, "Support cost": 0.7, "Overhead": 0.7, "Total spend": 0.5}
    often_blank |= {"Retention risk": 0.7}
    return {
        name: value if name in ("Client", "Revenue") or rng.random() >= max(blank, often_blank.get(name, 0)) else None
        for name, value in client.items()
    }


def random_rules(rng: random.Random) -> plain_reading.Rules:
    method = rng.choice(["five-factor", "revenue"])
    default = plain_reading.Rules()
    return plain_reading.Rules(
        method=method,
        by=rng.choice(["rank", "share", "amount"]),
        high_share=rng.choice([0.8, 0.5]),
        high_amount=rng.choice([8_000.0, 60_000.0]),
        medium_amount=rng.choice([2_000.0, 7_000.0]),
        laggard_below=rng.choice([0, 0.1, -0.05]),
        derive=rng.random() < 0.8,
        target=rng.choice([None, None, 0.1, 0.2]),
        acceptable=rng.choice([None, 0.05, 0.1]),
        high_top=rng.choice([0.1, 0.2, 0.28]),
        medium_top=rng.choice([0.28, 0.56]),
        weights=rng.choice([default.weights, dict.fromkeys(default.weights, 0.1), default.weights | {"pain": 0}]),
        a_from=rng.choice([65, 70, 50]),
        b_from=rng.choice([40, 45, 50]),
        moves=rng.choice(
            [default.moves | {"profit": method == "revenue"}, {name: rng.random() < 0.5 for name in default.moves}]
        ),
        max_move=rng.choice([0, 1, 1, 2]),
        floor=rng.choice(["Medium", "Medium", "High", "off"]),
    )


def policy_of(rules: plain_reading.Rules) -> Policy:
    """The same rules as a policy."""
    moves = {MOVES[name]: "on" if on else "off" for name, on in rules.moves.items()}
    return Policy.with_settings(
        {
            "grading": {"method": rules.method},
            "revenue": {
                "by": rules.by,
                "high_top": rules.high_top,
                "medium_top": rules.medium_top,
                "high_share": rules.high_share,
                "medium_share": rules.medium_share,
                "high_amount": rules.high_amount or "not set",
                "medium_amount": rules.medium_amount or "not set",
            },
            "retention": {"derive": "on" if rules.derive else "off"},
            "profit": {
                "target": "auto" if rules.target is None else rules.target,
                "acceptable": "auto" if rules.acceptable is None else rules.acceptable,
                "laggard_below": rules.laggard_below,
            },
            "weights": {WEIGHTS[name]: weight for name, weight in rules.weights.items()},
            "tiers": {"a_from": rules.a_from, "b_from": rules.b_from},
            "moves": {**moves, "max_move": rules.max_move},
            "floor": {"strategic": rules.floor},
        }
    )


@pytest.mark.long
@pytest.mark.parametrize("seed", range(14))
def test_the_package_agrees_with_a_plain_reading(seed: int):
    rng = random.Random(seed)
    clients = random_clients(rng, rng.choice([1, 10, 25, 60, 120, 200]))
    rules = plain_reading.Rules() if seed < 6 else random_rules(rng)
    engine = ("polars", "pandas")[seed % 2]
    grading = grade(table(clients, engine), policy_of(rules), AS_OF)
    for client, found, plain in zip(
        clients, graded_rows(grading), plain_reading.grade(clients, rules, AS_OF), strict=True
    ):
        for number in ("Score", "Upside"):
            found[number] = found[number] if found[number] is None else pytest.approx(found[number], rel=1e-9, abs=1e-6)
        assert plain == {name: found[name] for name in plain}, client
