"""Portfolios of which a worksheet can read every cell: numbers, dates, and words in their spellings."""

import random
from datetime import datetime
from typing import Any

LEVELS = (None, None, "High", "Medium", "Low", "h", "M ", "3", 2, "élevée", "Gering", "Hgh")
ANSWERS = (None, "Yes", "No", "y", True, 0, "✓", "perhaps")
WORDS = {
    "Strategic value": (*LEVELS, "None"), "Pain factor": LEVELS, "Retention risk": LEVELS, "Opportunity": LEVELS,
    "Appetite for change": LEVELS, "Satisfaction": (None, "Low", 3, 2, 1), "Well aligned": ANSWERS,
    "Challenging": ANSWERS, "High touch": ANSWERS, "Marquee": ANSWERS,
    "Override tier": (None, None, None, None, None, "A", "b", "C", "Gold"),
}  # fmt: skip
DAYS = (None, datetime(2026, 1, 1), datetime(2026, 5, 26), datetime(2026, 11, 22), datetime(2027, 1, 1), "2026-03-01")


def portfolio(chance: random.Random, clients: int) -> list[dict[str, Any]]:
    """So many clients, with equal revenues, amounts at the cuts, and blanks among them."""
    return [_client(chance) for _ in range(clients)]


def _client(chance: random.Random) -> dict[str, Any]:
    pick, amount = chance.choice, round(chance.uniform(1, 1e6), 2)
    revenue = pick([None, 0, -5, 100, 100, 250.5, amount, amount, chance.uniform(1, 1e6)])
    base = revenue or 300
    return {
        "Revenue": revenue,
        "Previous revenue": pick([None, 0, revenue, amount, base * 1.25, "1200"]),
        "Profit": pick([None, None, base * pick([-0.04, -0.1235, -0.0001, 0.1, 0.25, 0.3])]),
        **{cost: pick([None, None, round(chance.uniform(1, 1e5), 2)]) for cost in ("Cost to serve", "Support cost")},
        "Overhead": pick([None, None, 12.5]),
        "Margin": pick([None, None, 0.1, 0.3, -0.05, 1.2]),
        "Total spend": pick([None, None, base * 2, base / 0.75, 0, 1e6]),
        "Wallet share": pick([None, 0.5, 0.75, 0.2, 1.4, 0, "30%"]),
        **{header: pick(words) for header, words in WORDS.items()},
        "Last contact": pick(DAYS),
        "Override expires": pick(DAYS[:-1]),
    }
