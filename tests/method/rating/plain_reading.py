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
HELD = {"Medium": ("Medium", "High"), "High": ("High",), "off": ()}
Client = Mapping[str, Any]


@dataclass(frozen=True)
class Rules:
    """The numbers and switches; a margin of None is found from the clients."""

    method: str = "five-factor"
    by: str = "rank"
    high_top: float = 0.10
    medium_top: float = 0.20
    high_share: float = 0.80
    medium_share: float = 0.95
    high_amount: float = 0
    medium_amount: float = 0
    target: float | None = None
    laggard_below: float = 0
    derive: bool = True
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
    revenue_ratings = [rate_revenue(client, clients, rules) for client in clients]
    smallest = smallest_of_each_rating(clients, revenue_ratings, rules)
    results = []
    for given, revenue_rating in zip(clients, revenue_ratings, strict=True):
        client = {**given, "Retention risk": find_risk(given, rules, as_of)}
        share, wallet, upside = rate_wallet(client)
        potential = rate_potential(client, share, wallet, smallest)
        ratings = {
            "revenue": revenue_rating,
            "wallet": wallet,
            "profit": rate_profit(client, target, acceptable, rules),
            "strategic": client.get("Strategic value") or NOT_RATED,
            "pain": rate_pain(client),
        }
        score = find_score(ratings, client.get("Appetite for change"), potential, rules)
        start = find_start(ratings, score, rules)
        by_floor = start == NOT_GRADED and ratings["strategic"] in HELD[rules.floor]
        tier, action = find_tier(client, ratings, start, rules, as_of)
        near = score is not None and any(round(abs(score - cut), 9) <= 2.5 for cut in (rules.a_from, rules.b_from))
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
                "Provisional": "Yes" if by_floor or (start != NOT_GRADED and NOT_RATED in ratings.values()) else "No",
                "Borderline": "Yes" if near and rules.method == "five-factor" else "No",
            }
        )
    return results


def rate_revenue(client: Client, clients: Sequence[Client], rules: Rules) -> str:
    revenue = client.get("Revenue")
    if revenue is None:
        return NOT_RATED
    if revenue <= 0:
        return "Low"
    known = [other["Revenue"] for other in clients if other.get("Revenue") is not None]
    if rules.by == "amount":
        return "High" if revenue >= rules.high_amount else "Medium" if revenue >= rules.medium_amount else "Low"
    if rules.by == "share":
        larger = math.fsum(other for other in known if other > revenue)
        share = round(larger / math.fsum(other for other in known if other > 0), 9)
        return "High" if share < rules.high_share else "Medium" if share < rules.medium_share else "Low"
    have_more = sum(other > revenue for other in known)
    have_as_much = sum(other >= revenue for other in known)
    for rating, top in (("High", rules.high_top), ("Medium", rules.medium_top)):
        places = math.ceil(Fraction(str(top)) * len(known))
        if have_more < places and have_as_much <= 2 * places:
            return rating
    return "Low"


def smallest_of_each_rating(
    clients: Sequence[Client], ratings: Sequence[str], rules: Rules
) -> tuple[float | None, float | None]:
    """The smallest revenue that is rated High, and the smallest that is rated Medium or High."""
    if rules.by == "amount":
        return rules.high_amount, rules.medium_amount
    high = [client["Revenue"] for client, rating in zip(clients, ratings, strict=True) if rating == "High"]
    medium = [client["Revenue"] for client, rating in zip(clients, ratings, strict=True) if rating == "Medium"]
    return min(high, default=None), min(high + medium, default=None)


def rate_potential(
    client: Client, share: float | None, wallet: str, smallest: tuple[float | None, float | None]
) -> str | None:
    """What the client could spend with us in all, against the revenues of the others."""
    if wallet == NOT_RATED:
        return None
    if client.get("Total spend") is not None:
        whole = client["Total spend"]
    elif share:
        whole = client["Revenue"] / share if client.get("Revenue") is not None else None
    else:
        whole = None
    if whole is None:
        return None
    whole = round(whole, 9)
    for level, least in zip(("High", "Medium"), smallest, strict=True):
        if least is not None and whole >= least:
            return level
    return "Low"


def find_risk(client: Client, rules: Rules, as_of: date) -> str | None:
    """The retention risk as given, else by its signs."""
    if client.get("Retention risk") is not None or not rules.derive:
        return client.get("Retention risk")
    revenue, before = client.get("Revenue"), client.get("Previous revenue")
    contact, satisfaction = client.get("Last contact"), client.get("Satisfaction")
    signs = []
    if revenue is not None and before is not None and before > 0:
        signs.append(round((before - revenue) / before, 9) >= 0.2)
    if satisfaction is not None:
        signs.append(satisfaction == "Low")
    if contact is not None:
        signs.append((as_of - contact).days > 180)
    if not signs:
        return None
    return ("Low", "Medium", "High", "High")[sum(signs)]


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
    revenue, profit, costs = client.get("Revenue"), client.get("Profit"), costs_of(client)
    if profit is not None:
        return profit
    return None if revenue is None or not costs else revenue - sum(costs)


def costs_of(client: Client) -> list[float]:
    known = (client.get(name) for name in ("Cost to serve", "Support cost", "Overhead"))
    return [abs(cost) for cost in known if cost is not None]


def margin_of(client: Client) -> float | None:
    revenue, profit = client.get("Revenue"), profit_of(client)
    if client.get("Profit") is None and not costs_of(client):
        margin = client.get("Margin")
        return None if margin is None else round(margin, 9)
    if profit is None or revenue is None or revenue <= 0:
        return None
    return round(profit / revenue, 9)


def margins_to_reach(clients: Sequence[Client], rules: Rules) -> tuple[float | None, float | None]:
    """The target margin and the acceptable one."""
    target, acceptable = rules.target, rules.acceptable
    if target is None:
        earning = (c for c in clients if (c.get("Revenue") or 0) > 0)
        margins = sorted(margin for c in earning if (margin := margin_of(c)) is not None)
        if not margins:
            return None, None
        target = max(0.0, margins[math.ceil(Fraction(3, 4) * len(margins)) - 1])
    return target, round(target / 2, 9) if acceptable is None else acceptable


def rate_profit(client: Client, target: float | None, acceptable: float | None, rules: Rules) -> str:
    profit, margin = profit_of(client), margin_of(client)
    if margin is None and profit is not None and profit < 0:
        return "Laggard"
    if margin is not None and margin < rules.laggard_below:
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


def find_score(ratings: Mapping[str, str], appetite: str | None, potential: str | None, rules: Rules) -> float | None:
    if ratings["revenue"] == NOT_RATED:
        return None
    good = {"High": 1, "Medium": 0.5, "Low": 0, "Laggard": 0}
    bad = {"Low": 1, "Medium": 0.5, "High": 0}
    likelihood = {"High": 1, "Medium": 0.5, "Low": 0, None: 1}[appetite]
    size = {"High": 1, "Medium": 0.75, "Low": 0.5, None: 1}[potential]
    earned = possible = 0.0
    for factor, rating in ratings.items():
        if rating == NOT_RATED:
            continue
        points = bad[rating] if factor in ("wallet", "pain") else good[rating]
        earned += rules.weights[factor] * points * (likelihood * size if factor == "wallet" else 1)
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
    held = ratings["strategic"] in HELD[rules.floor]
    tier = "B" if start == NOT_GRADED and held else start
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
    if client.get("Retention risk") == "High" and ratings["profit"] not in ("Low", "Laggard"):
        return "Protect"
    more_to_win = client.get("Opportunity") == "High" or ratings["wallet"] == "Low"
    return "Grow" if more_to_win and client.get("Appetite for change") != "Low" else "Maintain"
