"""The Checks sheet: every data issue, and whether the service levels are distinct."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import dropwhile, islice, takewhile

from tierxl.method.issues import Issue, count_of
from tierxl.method.plan.capacity import Capacity
from tierxl.method.plan.service import distinct_levels
from tierxl.method.rating.grading import Grading
from tierxl.method.table.cells import is_blank
from tierxl.method.table.headers import NO_HEADER, Usage
from tierxl.sheets.capacity import hours_missing
from tierxl.sheets.description import FEWEST_FROZEN, LAST_ROW, Cell, Column, Sheet, Table
from tierxl.sheets.lines import Value
from tierxl.sheets.wording import made_anew

TITLE = "Checks"
KIND = TITLE.lower()
NOT_USED = "not used"
_ROWS_BETWEEN = 8
"""Rows below the issues that hold titles and headers, or nothing."""
_HISTORY = "Every grading is kept on the hidden sheet History: to see it, right-click a tab and choose Unhide or Show."


def _sentence(message: str) -> str:
    return f"{message[0].upper()}{message[1:]}." if message else ""


_USED = (
    Column("Header", style="wrapped"),
    Column("Used as"),
    Column("Found", style="wrapped"),
)
_ISSUES = (
    Column("Where", 17, value=lambda issue: issue.place or "the table"),
    Column("Client", 27, "name", value="client"),
    Column("Column", 17, value="column"),
    Column("Value", 21, "wrapped", "value"),
    Column("Kind", 10, value=lambda issue: "Assumed" if issue.assumed else "Issue"),
    Column("What to do", 67, "wrapped", lambda issue: _sentence(issue.message)),
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


def _lines(usage: Usage) -> Iterator[tuple[str, str, str]]:
    """A line for each column of a list: first those that are used."""
    for one in usage.used:
        yield one.header or NO_HEADER, one.name, _sentence(one.found_by)
    for header in usage.unused:
        yield header, NOT_USED, f"Did you mean {usage.meant[header]}?" if header in usage.meant else ""


def used_before(lines: Iterable[Sequence[Value]]) -> dict[str, str]:
    """The user's headers at the grading that wrote a sheet, each with the column that it was used as; none without.

    Args:
        lines: the values of the sheet, row by row.
    """
    headers = tuple(column.header for column in _USED)
    below = dropwhile(lambda line: tuple(line[: len(headers)]) != headers, lines)
    rows = takewhile(lambda line: line and not is_blank(line[0]), islice(below, 1, None))
    return {str(line[0]): str(line[1]) for line in rows}


def describe(grading: Grading, issues: Sequence[Issue], capacity: Capacity) -> Sheet:
    """The sheet of a grading with all its issues; where no hours are known, it says how to plan with them."""
    notes = [made_anew(grading.as_of), _HISTORY, *([] if capacity.team.hours else [hours_missing(capacity)])]
    row = len(notes) + 4
    title = count_of(issues)
    usage = list(_lines(grading.clients.usage))
    pairs = distinct_levels(grading.policy)
    room = LAST_ROW - row - len(usage) - len(pairs) - _ROWS_BETWEEN
    found = Table.of(issues, _ISSUES, row, title=title, room=room, name="Data_issues")
    used = Table((found.bottom if issues else row) + 3, _USED, usage, title="Which columns are used?")
    levels = Table.of(pairs, LEVELS, used.bottom + 3, title="Are the service levels distinct?")
    return Sheet(
        TITLE,
        [found, used, levels] if issues else [used, levels],
        notes,
        [] if issues else [Cell(row - 1, 1, "No data issues", "section")],
        widths=found.widths,
        freeze=(row + 1, 1) if len(issues) > FEWEST_FROZEN else None,
        tab="machine",
    )
