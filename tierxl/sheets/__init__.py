"""What the sheets of a graded workbook show, as data."""

from collections.abc import Sequence

from tierxl.method.grading import Grading
from tierxl.method.issues import Issue
from tierxl.method.portfolio import Portfolio
from tierxl.sheets import checks, engagement_plan, neglected_clients, portfolio, settings, shed_list, tier_matrix
from tierxl.sheets.description import Sheet

OWN_TITLES = {
    "engagement plan": "Engagement plan",
    "neglected clients": "Neglected clients",
    "portfolio": "Portfolio",
    "tier matrix": "Tier matrix",
    "shed list": "Shed list",
    "checks": "Checks",
    "settings": "Settings",
}
"""The sheets of our own, kind to title, in their order behind the clients."""


def own_sheets(grading: Grading, figures: Portfolio, issues: Sequence[Issue]) -> list[Sheet]:
    """The descriptions of the sheets of our own, in their order."""
    return [
        engagement_plan.describe(grading, figures),
        neglected_clients.describe(grading),
        portfolio.describe(grading, figures),
        tier_matrix.describe(grading),
        shed_list.describe(grading),
        checks.describe(grading, issues),
        settings.describe(grading.policy),
    ]
