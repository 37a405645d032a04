"""The sheets of a graded workbook, as data."""

from collections.abc import Sequence

from tierxl.method.issues import Issue
from tierxl.method.plan.portfolio import Portfolio
from tierxl.method.rating.grading import Grading
from tierxl.sheets import (
    capacity,
    checks,
    engagement_plan,
    history,
    movers,
    neglected_clients,
    portfolio,
    settings,
    shed_list,
    tier_matrix,
)
from tierxl.sheets.description import Sheet

_OWN = (
    engagement_plan,
    neglected_clients,
    portfolio,
    tier_matrix,
    shed_list,
    capacity,
    movers,
    checks,
    settings,
    history,
)
OWN_TITLES = {module.TITLE.lower(): module.TITLE for module in _OWN}
"""The sheets of our own, kind to title, in their order behind the clients."""


def own_sheets(
    grading: Grading,
    figures: Portfolio,
    issues: Sequence[Issue],
    past: history.Past | None = None,
    unused: Sequence[settings.Unused] = (),
) -> list[Sheet]:
    """The descriptions of the sheets of our own, in their order.

    Args:
        grading: the grading.
        figures: its figures.
        issues: all its issues.
        past: what the History sheet holds so far.
        unused: what on the Settings sheet cannot be used.
    """
    past = past or history.Past()
    return [
        engagement_plan.describe(grading, figures),
        neglected_clients.describe(grading),
        portfolio.describe(grading, figures),
        tier_matrix.describe(grading),
        shed_list.describe(grading),
        capacity.describe(grading, figures),
        movers.describe(grading, past),
        checks.describe(grading, issues),
        settings.describe(grading.policy, unused),
        history.describe(grading, past),
    ]
