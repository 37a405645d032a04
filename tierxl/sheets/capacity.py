"""The Capacity sheet: hours needed against hours there are, by tier and account manager, and what does not fit."""

import textwrap
from collections.abc import Mapping

from tierxl.method.plan.capacity import (
    NO_MANAGER,
    NO_SENIOR,
    NOT_LISTED,
    OVER_CAPACITY,
    SENIOR_ON_C,
    Capacity,
    Load,
    share_of,
)
from tierxl.method.plan.portfolio import Portfolio
from tierxl.method.plan.service import TIERS, hours_per_client
from tierxl.method.policy import Policy
from tierxl.method.rating.grading import Grading
from tierxl.method.table.managers import MANAGER_COLUMNS
from tierxl.method.words import listed
from tierxl.sheets import account_managers
from tierxl.sheets.description import LAST_ROW, Area, Cell, Chart, Colouring, Series, Sheet, Table, Value
from tierxl.sheets.styles import TIER_STYLES
from tierxl.sheets.wording import TITLE_HEIGHT, heading, too_long, utilisation_style

MOST_COLUMNS = 25
"""How many account managers the chart shows at most, those with the most hours."""

_COLUMNS = (
    ("Account manager", 30, "text"),
    ("Seniority", 12, "text"),
    *((f"Tier {tier}, clients", 10, "count") for tier in TIERS),
    ("To shed", 9, "count"),
    *((f"Tier {tier}, hours", 10, "count") for tier in TIERS),
    ("Hours needed", 11, "count"),
    ("Hours there are", 11, "count"),
    ("Utilisation", 12, "percent"),
    ("Remark", 26, "centred"),
)
_CHART_ROWS = 20
_NAMED = 5
_SENTENCE_SPAN = len(_COLUMNS) - 1
_SENTENCE_WIDTH = 155
_NOT_KNOWN = "Hours not known"
_SERIES = {"A": "tier-a", "B": "tier-b", "C": "point-c"}


def describe(grading: Grading, portfolio: Portfolio) -> Sheet:
    """The sheet of a graded portfolio."""
    found, policy = portfolio.capacity, grading.policy
    flags, heights, row = _flags(found, 8)
    tiers = _tiers(found, policy, row + 1)
    by_manager = tiers.row + _CHART_ROWS
    loads = sorted((*found.loads, *([found.unassigned] if found.unassigned else [])), key=_most_hours_first)
    fitting = loads[: LAST_ROW - by_manager - 1]
    remarks = _remarks(found)
    styles = {header: style for header, _, style in _COLUMNS}
    styles["Utilisation"] = utilisation_style([load.utilisation for load in fitting], policy)
    managers = Table(
        by_manager + 1,
        1,
        [header for header, _, _ in _COLUMNS],
        [_line(load, remarks) for load in fitting],
        list(styles.values()),
        name="Capacity",
    )
    who = f"By account manager, the most hours at the top{too_long(len(fitting), len(loads))}"
    return Sheet(
        kind="capacity",
        title="Capacity",
        cells=(
            *heading("Capacity", grading.as_of),
            Cell(4, 1, "How busy is the team?", "section"),
            Cell(5, 1, found.sentence, "verdict"),
            Cell(6, 1, _hours_missing(found), "note"),
            *flags,
            Cell(tiers.row - 1, 1, "By tier", "section"),
            Cell(by_manager, 1, who, "section"),
        ),
        tables=(tiers, managers),
        colourings=(
            Colouring(tiers.column_area("Tier"), TIER_STYLES),
            Colouring(managers.column_area("Utilisation"), above=(policy.capacity.full_at, "overdue")),
            Colouring(
                managers.column_area("Remark"),
                {OVER_CAPACITY: "overdue"} | dict.fromkeys((NO_SENIOR, SENIOR_ON_C, NOT_LISTED, _NOT_KNOWN), "warning"),
            ),
        ),
        charts=[_chart(managers)] if found.team.needed else (),
        heights={1: TITLE_HEIGHT, 5: 20} | heights,
        widths=[width for _, width, _ in _COLUMNS],
    )


def _most_hours_first(load: Load) -> tuple[float, str]:
    return -load.needed, load.name


def _flags(found: Capacity, row: int) -> tuple[list[Cell], dict[int, float], int]:
    """The flags, the heights of their rows, and the first free row below them."""
    cells = [Cell(row, 1, "What does not fit", "section")]
    heights: dict[int, float] = {}
    for at, flag in enumerate(found.flags, row + 1):
        cells += [Cell(at, 1, flag.kind, "label"), Cell(at, 2, flag.sentence, "wrapped", _SENTENCE_SPAN)]
        heights[at] = 15.0 * len(textwrap.wrap(flag.sentence, _SENTENCE_WIDTH))
    if not found.flags:
        cells.append(Cell(row + 1, 1, "Nothing was found.", "text"))
    return cells, heights, row + 2 + max(len(found.flags), 1)


def _hours_missing(found: Capacity) -> str:
    """Whose hours are not known, and how they can be told."""
    if found.without_hours:
        who = listed(found.without_hours[:_NAMED], len(found.without_hours))
        return f"The hours of {who} are not known: fill them in where the account managers stand, and grade again."
    if found.team.hours is None:
        *columns, last = MANAGER_COLUMNS
        return (
            f'To plan with hours, add a sheet "{account_managers.TITLE}" with the columns {", ".join(columns)} and '
            f"{last}, a row a person, and grade again."
        )
    return "Clients who are to be shed get no service, and clients without a tier none yet: they take no hours here."


def _tiers(found: Capacity, policy: Policy, row: int) -> Table:
    each, team = {tier: hours_per_client(tier, policy) for tier in TIERS}, found.team
    lines: list[tuple[Value, ...]] = [
        (tier.tier, tier.clients, each[tier.tier], tier.hours, share_of(tier.hours, team.needed)) for tier in team.tiers
    ]
    lines.append(("All", sum(tier.clients for tier in team.tiers), None, team.needed, None))
    headers = ("Tier", "Clients", "Hours a client", "Hours needed", "Share of hours")
    return Table(row, 1, headers, lines, ["tier", "count", "number", "count", "percent"])


def _remarks(found: Capacity) -> dict[str, str]:
    """The most urgent flag of each account manager, else what is missing."""
    remarks = {load.name: _NOT_KNOWN if load.manager else NOT_LISTED for load in found.loads if load.hours is None}
    return remarks | {flag.manager: flag.kind for flag in reversed(found.flags) if flag.manager}


def _line(load: Load, remarks: Mapping[str, str]) -> tuple[Value, ...]:
    return (
        load.name or NO_MANAGER,
        load.manager.seniority if load.manager else None,
        *(tier.clients for tier in load.tiers),
        load.to_shed,
        *(tier.hours for tier in load.tiers),
        load.needed,
        load.hours,
        load.utilisation,
        remarks.get(load.name),
    )


def _chart(managers: Table) -> Chart:
    """The hours of each account manager's clients, stacked by tier, with a mark where the hours there are end."""
    count = min(len(managers.rows), MOST_COLUMNS)

    def first(header: str) -> Area:
        whole = managers.column_area(header)
        return Area(whole.top, whole.left, whole.top + count - 1, whole.right)

    which = "" if count == len(managers.rows) else f", the {count} with the most hours"
    names = first("Account manager")
    return Chart(
        "stacked columns",
        f"Hours needed and hours there are{which}",
        managers.row - _CHART_ROWS - 2,
        7,
        tuple(Series(f"Tier {tier}", names, first(f"Tier {tier}, hours"), style) for tier, style in _SERIES.items()),
        "",
        "Hours a year",
        y_format="#,##0",
        marks=(Series("Hours there are", names, first("Hours there are"), "hours"),),
        width=17,
        height=9.5,
    )
