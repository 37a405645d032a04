"""The rules once more, in plain Python: one client at a time, values in words, nothing shared with the package.

A client is a mapping with the names of the columns in the table as keys; what is not known is missing or None. Money
and shares are numbers, levels are "High", "Medium" or "Low", answers are True or False, dates are dates.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

NOT_RATED, NOT_GRADED = "Not rated", "Not graded"
Client = Mapping[str, Any]


@dataclass(frozen=True)
class Rules:
    """The numbers and switches; a margin of None is found from the clients."""

    method: str = "five-factor"
    high_top: float = 0.10
    medium_top: float = 0.20
    target: float | None = None
    acceptable: float | None = None
    weights: Mapping[str, float] = field(
        default_factory=lambda: {"revenue": 30, "wallet": 20, "profit": 25, "strategic": 15, "pain": 10}
    )
    a_from: float = 65
    b_from: float = 40
    moves: Mapping[str, bool] = field(
        default_factory=lambda: {"retention": True, "profit": False, "opportunity": True, "high touch": True}
    )
    max_move: int = 1
    floor: str = "Medium"


def grade(clients: Sequence[Client], rules: Rules, as_of: date) -> list[dict[str, Any]]:
    """The graded columns of each client, without the sentences."""
    target, acceptable = margins_to_reach(clients, rules)
    results = []
    for client in clients:
        _, wallet, upside = rate_wallet(client)
        ratings = {
            "revenue": rate_revenue(client, clients, rules),
            "wallet": wallet,
            "profit": rate_profit(client, target, acceptable),
            "strategic": client.get("Strategic value") or NOT_RATED,
            "pain": rate_pain(client),
        }
        score = find_score(ratings, client.get("Appetite for change"), rules)
        start = find_start(ratings, score, rules)
        tier, action = find_tier(client, ratings, start, rules, as_of)
        near = score is not None and any(round(abs(score - cut), 9) <= 5 for cut in (rules.a_from, rules.b_from))
        results.append(
            {
                "Tier": tier,
                "Action": action,
                "Score": score,
                "Starting tier": start,
                "Revenue rating": ratings["revenue"],
                "Wallet rating": ratings["wallet"],
                "Profit rating": ratings["profit"],
                "Strategic rating": ratings["strategic"],
                "Pain rating": ratings["pain"],
                "Upside": upside,
                "Provisional": "Yes" if start != NOT_GRADED and NOT_RATED in ratings.values() else "No",
                "Borderline": "Yes" if near and rules.method == "five-factor" else "No",
            }
        )
    return results


def rate_revenue(client: Client, clients: Sequence[Client], rules: Rules) -> str:
    revenue = client.get("Revenue")
    if revenue is None:
        return NOT_RATED
    known = [other["Revenue"] for other in clients if other.get("Revenue") is not None]
    have_more = sum(other > revenue for other in known)
    if revenue > 0 and have_more < math.ceil(Fraction(str(rules.high_top)) * len(known)):
        return "High"
    if revenue > 0 and have_more < math.ceil(Fraction(str(rules.medium_top)) * len(known)):
        return "Medium"
    return "Low"


def rate_wallet(client: Client) -> tuple[float | None, str, float | None]:
    """Share, rating and upside."""
    revenue, spend, share = client.get("Revenue"), client.get("Total spend"), client.get("Wallet share")
    upside = None
    if spend is not None:
        if revenue is None or revenue < 0 or spend <= 0:
            return None, NOT_RATED, None
        share = round(revenue / spend, 9)
        upside = spend - revenue
    elif share is not None:
        share = round(share, 9)
        if revenue is not None and share > 0:
            upside = revenue / share - revenue
    if share is None or not 0 <= share <= 1:
        return share, NOT_RATED, None
    if share > 0.75:
        return share, "High", upside
    return share, "Medium" if share >= 0.5 else "Low", upside


def profit_of(client: Client) -> float | None:
    revenue, profit, cost = client.get("Revenue"), client.get("Profit"), client.get("Cost to serve")
    if profit is not None:
        return profit
    return None if revenue is None or cost is None else revenue - cost


def margin_of(client: Client) -> float | None:
    revenue, profit = client.get("Revenue"), profit_of(client)
    if client.get("Profit") is None and client.get("Cost to serve") is None:
        margin = client.get("Margin")
        return None if margin is None else round(margin, 9)
    if profit is None or revenue is None or revenue <= 0:
        return None
    return round(profit / revenue, 9)


def margins_to_reach(clients: Sequence[Client], rules: Rules) -> tuple[float | None, float | None]:
    """The target margin and the acceptable one."""
    target, acceptable = rules.target, rules.acceptable
    if target is None:
        earning = [c for c in clients if (c.get("Revenue") or 0) > 0 and margin_of(c) is not None]
        if not earning:
            return None, None
        profits = [c["Revenue"] * c["Margin"] if profit_of(c) is None else profit_of(c) for c in earning]
        revenue = math.fsum(c["Revenue"] for c in earning)
        target = max(0.0, round(math.fsum(profits) / revenue, 9))
    return target, round(target / 2, 9) if acceptable is None else acceptable


def rate_profit(client: Client, target: float | None, acceptable: float | None) -> str:
    profit, margin = profit_of(client), margin_of(client)
    if (profit is not None and profit < 0) or (margin is not None and margin < 0):
        return "Laggard"
    if margin is None or target is None:
        return NOT_RATED
    if margin >= target:
        return "High"
    return "Medium" if margin >= acceptable else "Low"


def rate_pain(client: Client) -> str:
    if client.get("Pain factor") is not None:
        return client["Pain factor"]
    aligned, challenging = client.get("Well aligned"), client.get("Challenging")
    if aligned is None or challenging is None:
        return NOT_RATED
    if aligned and not challenging:
        return "Low"
    return "High" if challenging and not aligned else "Medium"


def find_score(ratings: Mapping[str, str], appetite: str | None, rules: Rules) -> float | None:
    if ratings["revenue"] == NOT_RATED:
        return None
    good = {"High": 1, "Medium": 0.5, "Low": 0, "Laggard": 0}
    bad = {"Low": 1, "Medium": 0.5, "High": 0}
    likelihood = {"High": 1, "Medium": 0.5, "Low": 0, None: 1}[appetite]
    earned = possible = 0.0
    for factor, rating in ratings.items():
        if rating == NOT_RATED:
            continue
        points = bad[rating] if factor in ("wallet", "pain") else good[rating]
        earned += rules.weights[factor] * points * (likelihood if factor == "wallet" else 1)
        possible += rules.weights[factor]
    return round(100 * earned / possible, 9)


def find_start(ratings: Mapping[str, str], score: float | None, rules: Rules) -> str:
    if score is None:
        return NOT_GRADED
    if rules.method == "revenue":
        return {"High": "A", "Medium": "B", "Low": "C"}[ratings["revenue"]]
    if score >= rules.a_from:
        return "A"
    return "B" if score >= rules.b_from else "C"


def find_tier(
    client: Client, ratings: Mapping[str, str], start: str, rules: Rules, as_of: date
) -> tuple[str, str | None]:
    """Tier and action."""
    unprofitable = ratings["profit"] in ("Low", "Laggard")
    to_shed = ratings["profit"] == "Laggard" or (ratings["pain"] == "High" and unprofitable)
    held = ratings["strategic"] in {"Medium": ("Medium", "High"), "High": ("High",), "off": ()}[rules.floor]
    tier = start
    if start != NOT_GRADED:
        tier = moved(start, client, ratings, rules)
        if held and tier == "C":
            tier = "B"
        if to_shed and not held:
            tier = "C"
    expires = client.get("Override expires")
    overridden = client.get("Override tier") is not None and (expires is None or expires >= as_of)
    if overridden:
        tier = client["Override tier"]
    if tier == NOT_GRADED:
        return tier, None
    return tier, find_action(client, ratings, tier, to_shed=to_shed, kept=held or overridden)


def moved(start: str, client: Client, ratings: Mapping[str, str], rules: Rules) -> str:
    unprofitable = ratings["profit"] in ("Low", "Laggard")
    little_return = unprofitable and client.get("Opportunity") == "Low" and not client.get("Marquee")
    steps = 0
    if rules.moves["retention"] and client.get("Retention risk") == "High" and not unprofitable:
        steps += 1
    if rules.moves["profit"] and ratings["profit"] == "High":
        steps += 1
    if rules.moves["opportunity"] and client.get("Opportunity") == "High":
        steps += 1
    if rules.moves["high touch"] and client.get("High touch") and little_return:
        steps -= 1
    steps = max(-rules.max_move, min(rules.max_move, steps))
    return "CBA"[max(0, min(2, "CBA".index(start) + steps))]


def find_action(client: Client, ratings: Mapping[str, str], tier: str, *, to_shed: bool, kept: bool) -> str:
    if to_shed:
        return "Review exception" if kept else "Shed"
    if tier == "C":
        return "Maintain"
    if client.get("Retention risk") == "High":
        return "Protect"
    open_wallet = ratings["wallet"] == "Low" and client.get("Appetite for change") != "Low"
    return "Grow" if client.get("Opportunity") == "High" or open_wallet else "Maintain"
