"""The sheets of a graded workbook, as data."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from tierxl.method.issues import Issue
from tierxl.method.plan.history import movers_since
from tierxl.method.plan.portfolio import Portfolio
from tierxl.method.plan.summary import summary as summary_of
from tierxl.method.rating.grading import Grading
from tierxl.sheets import (
    capacity,
    checks,
    engagement_plan,
    history,
    live,
    movers,
    neglected_clients,
    portfolio,
    service_levels,
    settings,
    shed_list,
    summary,
    tier_matrix,
)
from tierxl.sheets.currency import sheet_in
from tierxl.sheets.description import Cell, Sheet

_OWN = (
    summary,
    engagement_plan,
    neglected_clients,
    service_levels,
    portfolio,
    tier_matrix,
    shed_list,
    capacity,
    movers,
    checks,
    settings,
    history,
    live,
)
OWN_TITLES = {module.TITLE.lower(): module.TITLE for module in _OWN}
"""The sheets of our own, kind to title, in their order behind the clients."""


_WAY_BACK = 4
"""The column of the way back: right of the longest heading, and of the cells that are read back as settings."""


def own_sheets(
    grading: Grading,
    figures: Portfolio,
    issues: Sequence[Issue],
    past: history.Past | None = None,
    unused: Sequence[settings.Unused] = (),
    there: Collection[str] = (),
    kinds: Collection[str] = OWN_TITLES,
    *,
    is_live: bool = False,
    has_team: bool = False,
) -> list[Sheet]:
    """The descriptions of the sheets of our own that have something to show, in their order.

    A sheet that an earlier grading made stays and says that it is empty: the user's formulas may look into it.

    Args:
        grading: the grading.
        figures: its figures.
        issues: all its issues.
        past: what the History sheet holds so far.
        unused: what on the Settings sheet cannot be used.
        there: the kinds of the sheets that an earlier grading made.
        kinds: the kinds of the sheets that are wanted.
        is_live: whether the workbook grades itself.
        has_team: whether it lists the account managers whom the grading knows, so that their hours can be looked up.
    """
    past = past or history.Past()
    moved = movers_since(past.lines, grading)
    others = [
        engagement_plan.describe_live(grading) if is_live else engagement_plan.describe(grading, moved),
        neglected_clients.describe(grading),
        (service_levels.describe_live if is_live else service_levels.describe)(grading, figures),
        portfolio.describe(grading, figures),
        tier_matrix.describe(grading),
        shed_list.describe_live(grading) if is_live else shed_list.describe(grading),
        (capacity.describe_live if is_live and has_team else capacity.describe)(grading, figures),
        movers.describe(grading, past, moved),
        checks.describe(grading, issues, figures.capacity),
        settings.describe(grading.policy, unused),
        history.describe(grading, past),
    ]
    others = [sheet for sheet in others if sheet.kind in kinds and (not sheet.is_empty or sheet.kind in there)]
    page = summary_of(grading, figures, issues, moved)
    in_sight = [sheet for sheet in others if not sheet.is_hidden]
    sheets = [summary.describe(page, grading, figures, in_sight, is_live=is_live), *map(with_way_back, others)]
    return [sheet_in(sheet, grading.clients.currency) for sheet in sheets]


def with_way_back(sheet: Sheet) -> Sheet:
    """A sheet of ours with the way back to the Summary beside its heading."""
    back = Cell(1, _WAY_BACK, f"\N{LEFTWARDS ARROW} {summary.TITLE}", "link", link=summary.KIND)
    return replace(sheet, texts=[*sheet.texts, back])
