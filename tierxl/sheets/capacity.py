"""The Capacity sheet: hours needed against hours available, by tier and account manager, and what does not fit."""

from dataclasses import replace

from tierxl.method.plan.capacity import (
    NO_MANAGER,
    NO_SENIOR,
    NOT_LISTED,
    OVER_CAPACITY,
    SENIOR_ON_C,
    Capacity,
    full_at,
    share_of,
)
from tierxl.method.plan.hours import hours_per_client
from tierxl.method.plan.portfolio import Portfolio
from tierxl.method.plan.service import TIERS
from tierxl.method.policy import Policy
from tierxl.method.rating.grading import Grading
from tierxl.method.table.managers import MANAGER_COLUMNS
from tierxl.method.words import in_words, listed
from tierxl.sheets import account_managers
from tierxl.sheets.description import Cell, Chart, Column, Sheet, Table
from tierxl.sheets.live_capacity import NOT_KNOWN, hours_of_assistants, live_managers, live_tiers, sentence
from tierxl.sheets.live_capacity import hours_missing as missing_formula
from tierxl.sheets.styles import SERIES_STYLES, TIER_STYLES
from tierxl.sheets.wording import height_of, made_anew

TITLE = "Capacity"
KIND = TITLE.lower()
MOST_COLUMNS = 25
"""The most account managers that the chart shows, those with the most hours."""
_FEWEST_IN_CHART = 6
"""Those that it has room for at least where formulas keep it up to date."""

_TIERS = (
    Column("Tier", style="tier", colours=TIER_STYLES),
    Column("Clients", style="count"),
    Column("Hours a client", style="number"),
    Column("Hours needed", style="count"),
    Column("Share of hours", style="percent"),
)
_BY_TIER = {f"Tier {tier}": SERIES_STYLES[tier] for tier in TIERS}
_BY_ASSISTANT = {"By an assistant": "by-assistant"}
"""The parts of the hours needed, each with its style in the chart."""
_TIERS_ROW = 9
_CHART_ROWS = 15
_NAMED = 5
_SENTENCE_WIDTH = 140
_MORE_PRINTED = 10
"""The rows that are printed for more account managers, where formulas keep the sheet up to date."""
_FLAGS = "What to look at"
_NONE_MISSING = "Clients to shed, and clients without a tier, take no hours here."
_REMARK_STYLES = {OVER_CAPACITY: "overdue"} | dict.fromkeys((NO_SENIOR, SENIOR_ON_C, NOT_LISTED, NOT_KNOWN), "warning")


def describe(grading: Grading, portfolio: Portfolio) -> Sheet:
    """The sheet of a graded portfolio."""
    capacity, policy = portfolio.capacity, grading.policy
    if capacity.team.hours is None:
        texts = [Cell(4, 1, capacity.sentence, "section"), Cell(5, 1, hours_missing(capacity), "note")]
        return Sheet(TITLE, notes=[made_anew(grading.as_of)], texts=texts, is_empty=True)
    tiers = Table(_TIERS_ROW, _TIERS, _tiers(capacity, policy), title="By tier")
    flags_row = tiers.row + _CHART_ROWS
    flags = dict(enumerate(capacity.flags, flags_row + 1))
    managers = Table.of(
        sorted(filter(None, (*capacity.loads, capacity.unassigned)), key=lambda load: (-load.needed, load.name)),
        _columns(capacity, policy),
        flags_row + max(len(flags), 1) + 3,
        cuts={"Utilisation": [full_at(policy)]},
        title="By account manager, most hours first",
        name="Capacity",
    )
    return Sheet(
        TITLE,
        [tiers, managers],
        [made_anew(grading.as_of)],
        [
            Cell(4, 1, "How busy is the team?", "section"),
            Cell(5, 1, capacity.sentence, "verdict"),
            Cell(6, 1, hours_missing(capacity), "note"),
            Cell(flags_row, 1, _FLAGS, "section"),
            *(Cell(row, 1, flag.kind, "label") for row, flag in flags.items()),
            *(Cell(row, 2, flag.sentence, "wrapped", len(managers.columns) - 1) for row, flag in flags.items()),
            *([] if flags else [Cell(flags_row + 1, 1, "Nothing to look at.")]),
        ],
        charts=[_chart(managers, capacity, tiers.row - 1)] if capacity.team.needed else (),
        heights={row: height_of(_SENTENCE_WIDTH, flag.sentence) for row, flag in flags.items()},
        widths=managers.widths,
    )


def describe_live(grading: Grading, portfolio: Portfolio) -> Sheet:
    """The sheet where formulas keep its figures up to date; what to look at is as of the grading."""
    sheet = describe(grading, portfolio)
    if sheet.is_empty:
        return sheet
    tiers, managers = sheet.tables
    *out_of_sight, shown = live_managers(managers)
    formulas = {5: sentence(managers), 6: missing_formula(managers, _NONE_MISSING)}
    dated = range(tiers.row + _CHART_ROWS, managers.row - 1)
    texts = [
        replace(
            cell,
            formula=formulas.get(cell.row, ""),
            is_dated=cell.row in dated,
            value=f"{_FLAGS}, on {in_words(grading.as_of)}" if cell.value == _FLAGS else cell.value,
        )
        for cell in sheet.texts
    ]
    in_chart = shown.rows[: max(len(managers.rows), _FEWEST_IN_CHART)]
    chart = _chart(replace(managers, rows=in_chart), portfolio.capacity, tiers.row - 1)
    return replace(
        sheet,
        tables=[live_tiers(tiers), *out_of_sight, shown],
        texts=[*texts, hours_of_assistants(managers)],
        charts=[chart],
        print_columns=len(managers.columns),
        print_rows=managers.bottom + _MORE_PRINTED,
    )


def hours_missing(capacity: Capacity) -> str:
    """A sentence on the hours that are not known, and how to fill them in."""
    if capacity.without_hours:
        who = listed(capacity.without_hours[:_NAMED], len(capacity.without_hours))
        return f"The hours of {who} are not known: fill them in where the account managers stand, and grade again."
    if capacity.team.hours is None:
        *columns, last = MANAGER_COLUMNS
        return (
            f'To plan with hours, add a sheet "{account_managers.TITLE}" with the columns {", ".join(columns)} and '
            f"{last}, one row per person, and grade again."
        )
    return _NONE_MISSING


def _tiers(capacity: Capacity, policy: Policy) -> list[tuple[str, int, float | None, float, float | None]]:
    team = capacity.team
    return [
        *(
            (it.tier, it.clients, hours_per_client(it.tier, policy), it.hours, share_of(it.hours, team.needed))
            for it in team.tiers
        ),
        ("All", sum(tier.clients for tier in team.tiers), None, team.needed, None),
    ]


def _columns(capacity: Capacity, policy: Policy) -> list[Column]:
    """The columns of the account managers; the remark is the most urgent flag, else what is missing."""
    remarks = {load.name: NOT_KNOWN if load.manager else NOT_LISTED for load in capacity.loads if load.hours is None}
    remarks |= {flag.manager: flag.kind for flag in reversed(capacity.flags) if flag.manager}
    clients, hours = (
        [
            Column(f"Tier {tier}, {what}", 9, "count", lambda load, at=at, what=what: getattr(load.tiers[at], what))
            for at, tier in enumerate(TIERS)
        ]
        for what in ("clients", "hours")
    )
    return [
        Column("Account manager", 25, value=lambda load: load.name or NO_MANAGER),
        Column("Seniority", 11, value=lambda load: load.manager and load.manager.seniority),
        *clients,
        Column("To shed", 8, "count", "to_shed"),
        *hours,
        Column("By an assistant, hours", 12, "count", "by_assistant"),
        Column("Hours needed", 10, "count", "needed"),
        Column("Hours available", 10, "count", "hours"),
        Column("Utilisation", 11, "percent", "utilisation", above=(policy.capacity.full_at, "overdue")),
        Column("Remark", 20, "centred", lambda load: remarks.get(load.name), colours=_REMARK_STYLES),
    ]


def _chart(managers: Table, capacity: Capacity, row: int) -> Chart:
    """The hours of each account manager's clients, stacked by tier, with a mark where the hours available end."""
    stacked = _BY_TIER | (_BY_ASSISTANT if any(load.by_assistant for load in capacity.loads) else {})
    count = min(len(managers.rows), MOST_COLUMNS)
    which = "" if count == len(managers.rows) else f", the {count} with the most hours"
    return Chart(
        "stacked columns",
        f"Hours needed and available{which}",
        row,
        7,
        tuple(
            managers.series("Account manager", f"{name}, hours", style, name, MOST_COLUMNS)
            for name, style in stacked.items()
        ),
        "Hours a year",
        y_format="#,##0",
        marks=(managers.series("Account manager", "Hours available", "hours", most=MOST_COLUMNS),),
        width=16.5,
        height=7.5,
    )
