"""The clients and account managers that the template shows until a user pastes their own."""

from datetime import date
from typing import Any

from tierxl.method.table.managers import Manager

SAMPLE_DAY = date(2026, 11, 22)
"""The day for which the template's sheets are made, so that the same inputs give the same file."""

SENIOR, STANDARD, ASSISTANT = "Priya Raman", "Daniel Okafor", "Lotte Vermeulen"

ACCOUNT_MANAGERS = [
    Manager(SENIOR, "Senior", 160),
    Manager(STANDARD, "Standard", 120),
    Manager(ASSISTANT, "Assistant", 80),
]

CLIENTS: list[dict[str, Any]] = [
    {
        "Client": "Sample: Alder Legal", "Client ID": "0001", "Account manager": SENIOR, "Segment": "Legal",
        "Revenue": 480_000, "Profit": 96_000, "Total spend": 900_000, "Strategic value": "High",
        "Well aligned": "Yes", "Challenging": "No", "Retention risk": "Low", "Opportunity": "High",
        "Appetite for change": "High", "Marquee": "Yes", "Client since": date(2015, 3, 2),
        "Last contact": date(2026, 11, 3), "Last review": date(2026, 9, 15),
    },
    {
        "Client": "Sample: Birch Hotels", "Client ID": "0002", "Account manager": SENIOR, "Segment": "Hospitality",
        "Revenue": 310_000, "Profit": 49_600, "Total spend": 350_000, "Strategic value": "Medium",
        "Well aligned": "Yes", "Challenging": "Yes", "Retention risk": "High", "Opportunity": "Medium",
        "Appetite for change": "Medium", "High touch": "Yes", "Client since": date(2018, 6, 11),
        "Last contact": date(2026, 9, 28), "Last review": date(2026, 4, 20),
    },
    {
        "Client": "Sample: Cedar Logistics", "Client ID": "0003", "Account manager": STANDARD, "Segment": "Transport",
        "Revenue": 205_000, "Cost to serve": 178_000, "Total spend": 620_000, "Strategic value": "Low",
        "Well aligned": "Yes", "Challenging": "No", "Retention risk": "Medium", "Opportunity": "Medium",
        "Appetite for change": "High", "Client since": date(2020, 1, 15), "Last contact": date(2026, 10, 30),
        "Last review": date(2026, 8, 4),
    },
    {
        "Client": "Sample: Dogwood Foods", "Client ID": "0004", "Account manager": STANDARD, "Segment": "Food",
        "Revenue": 164_000, "Profit": 16_400, "Wallet share": 0.6, "Strategic value": "Medium", "Pain factor": "Low",
        "Retention risk": "Low", "Opportunity": "Medium", "Appetite for change": "Medium",
        "Client since": date(2019, 9, 30), "Last contact": date(2026, 8, 12), "Last review": date(2026, 6, 9),
    },
    {
        "Client": "Sample: Elm & Sons", "Client ID": "0005", "Account manager": STANDARD, "Segment": "Retail",
        "Revenue": 98_000, "Profit": 4_900, "Wallet share": 0.85, "Strategic value": "Low", "Pain factor": "Medium",
        "Retention risk": "Low", "Opportunity": "Low", "Appetite for change": "Low",
        "Client since": date(2021, 5, 17), "Last contact": date(2026, 2, 26), "Last review": date(2025, 12, 1),
    },
    {
        "Client": "Sample: Fir Biotech", "Client ID": "0006", "Account manager": SENIOR, "Segment": "Life sciences",
        "Revenue": 76_000, "Profit": 20_500, "Total spend": 540_000, "Strategic value": "High",
        "Well aligned": "Yes", "Challenging": "No", "Retention risk": "Low", "Opportunity": "High",
        "Appetite for change": "High", "Client since": date(2026, 4, 7), "Last contact": date(2026, 11, 10),
    },
    {
        "Client": "Sample: Ginkgo Media", "Client ID": "0007", "Account manager": ASSISTANT, "Segment": "Media",
        "Revenue": 61_000, "Profit": -7_300, "Wallet share": 0.9, "Strategic value": "Low",
        "Well aligned": "No", "Challenging": "Yes", "Retention risk": "Medium", "Opportunity": "Low",
        "Appetite for change": "Low", "High touch": "Yes", "Client since": date(2017, 11, 6),
        "Last contact": date(2026, 7, 1), "Last review": date(2026, 1, 14),
    },
    {
        "Client": "Sample: Hazel Schools", "Client ID": "0008", "Account manager": ASSISTANT, "Segment": "Education",
        "Revenue": 45_000, "Profit": 2_700, "Wallet share": 0.4, "Strategic value": "Low", "Pain factor": "Low",
        "Retention risk": "Low", "Opportunity": "Medium", "Appetite for change": "Low",
        "Client since": date(2022, 8, 22), "Last contact": date(2026, 3, 19), "Last review": date(2026, 3, 19),
        "Override tier": "B", "Override reason": "Pilot of the new service until the spring",
    },
    {
        "Client": "Sample: Ivy Partners", "Client ID": "0009", "Account manager": ASSISTANT, "Segment": "Legal",
        "Revenue": 28_000, "Margin": 0.08, "Appetite for change": "Medium", "Client since": date(2024, 2, 5),
    },
    {
        "Client": "Sample: Juniper Council", "Client ID": "0010", "Account manager": STANDARD,
        "Segment": "Public sector", "Revenue": 52_000, "Profit": -1_900, "Total spend": 130_000,
        "Strategic value": "High", "Well aligned": "Yes", "Challenging": "Yes", "Retention risk": "Low",
        "Opportunity": "Medium", "Appetite for change": "Medium", "Client since": date(2016, 10, 3),
        "Last contact": date(2026, 10, 5), "Last review": date(2026, 7, 21),
    },
]  # fmt: skip
