"""The Checks sheet: every data issue, and whether the service levels are distinct."""

from collections.abc import Sequence

from tierxl.method.issues import Issue, count_of
from tierxl.method.plan.service import distinct_levels
from tierxl.method.rating.grading import Grading
from tierxl.sheets.description import Cell, Column, Sheet, Table
from tierxl.sheets.wording import made_anew

TITLE = "Checks"
KIND = TITLE.lower()


def _sentence(message: str) -> str:
    return f"{message[0].upper()}{message[1:]}." if message else ""


_USED = (
    Column("Header", value="header"),
    Column("Used as", value="name"),
    Column("Found", style="wrapped", value=lambda column: _sentence(column.found_by)),
)
_ISSUES = (
    Column("Where", 18, value=lambda issue: issue.place or "the table"),
    Column("Client", 32, value="client"),
    Column("Column", 20, value="column"),
    Column("Value", 24, "wrapped", "value"),
    Column("Kind", 10, value=lambda issue: "Assumed" if issue.assumed else "Issue"),
    Column("What to do", 80, "wrapped", lambda issue: _sentence(issue.message)),
)
LEVELS = (
    Column("Tiers", style="label", value=lambda pair: f"{pair.upper} and {pair.lower}"),
    Column("Verdict", value=lambda pair: "Distinct" if pair.enough and not pair.more_often_below else "Look again"),
    Column("Services that differ", value=lambda pair: f"{pair.different} of {pair.different + len(pair.same)}"),
    Column("The same in both", style="wrapped", value=lambda pair: ", ".join(pair.same) or "none"),
    Column(
        "More often in the lower tier", style="wrapped", value=lambda pair: ", ".join(pair.more_often_below) or "none"
    ),
)


def describe(grading: Grading, issues: Sequence[Issue]) -> Sheet:
    """The sheet of a grading with all its issues."""
    levels = Table.of(distinct_levels(grading.policy), LEVELS, 5, title="Are the service levels distinct?")
    usage = grading.clients.usage
    used = Table.of(usage.used, _USED, levels.bottom + 3, title="Which columns are used, and as what?")
    unused = Cell(used.bottom + 1, 1, f"Not used: {usage.sentences['Not used']}.")
    row = used.bottom + 3
    title = count_of(issues)
    table = Table.of(issues, _ISSUES, row + 1, title=title, name="Data_issues")
    return Sheet(
        TITLE,
        [levels, used, table] if issues else [levels, used],
        [made_anew(grading.as_of)],
        [unused, *([] if issues else [Cell(row, 1, "No data issue", "section")])],
        widths=table.widths,
    )
