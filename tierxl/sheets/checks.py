"""The Checks sheet: every data issue, and whether the service levels are distinct."""

from collections.abc import Sequence

from tierxl.method.issues import Issue
from tierxl.method.plan.service import distinct_levels
from tierxl.method.rating.grading import Grading
from tierxl.sheets.description import LAST_ROW, Cell, Sheet, Table
from tierxl.sheets.wording import TITLE_HEIGHT, heading, too_long

_COLUMNS = (("Where", 18), ("Client", 32), ("Column", 20), ("Value", 24), ("What to do", 80))
_LEVEL_COLUMNS = ("Tiers", "Verdict", "Services that differ", "The same in both", "More often in the lower tier")


def describe(grading: Grading, issues: Sequence[Issue]) -> Sheet:
    """The sheet of a grading with all its issues."""
    levels = Table(
        5,
        1,
        _LEVEL_COLUMNS,
        [
            (
                f"{pair.upper} and {pair.lower}",
                "Distinct" if pair.enough and not pair.more_often_below else "Look again",
                f"{pair.different} of {pair.different + len(pair.same)}",
                ", ".join(pair.same) or "none",
                ", ".join(pair.more_often_below) or "none",
            )
            for pair in distinct_levels(grading.policy)
        ],
        ["label", "text", "text", "wrapped", "wrapped"],
    )
    row = levels.area.bottom + 2
    fitting = issues[: LAST_ROW - row - 1]
    rows = [
        (issue.place or "the table", issue.client, issue.column, issue.value, _sentence(issue.message))
        for issue in fitting
    ]
    count = "No data issue" if not rows else "1 data issue" if len(rows) == 1 else f"{len(issues):,} data issues"
    count += too_long(len(fitting), len(issues))
    table = Table(
        row + 1, 1, [header for header, _ in _COLUMNS], rows, ["text", "text", "text", "wrapped", "wrapped"],
        name="Data_issues" if rows else "",
    )  # fmt: skip
    return Sheet(
        kind="checks",
        title="Checks",
        cells=(
            *heading("Checks", grading.as_of),
            Cell(4, 1, "Are the service levels distinct?", "section"),
            Cell(row, 1, count, "section"),
        ),
        tables=(levels, table) if rows else (levels,),
        heights={1: TITLE_HEIGHT},
        widths=[width for _, width in _COLUMNS],
    )


def _sentence(message: str) -> str:
    return f"{message[0].upper()}{message[1:]}." if message else ""
