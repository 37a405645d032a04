"""The Engagement plan: service levels side by side, what is due for each client, and the way out for the others."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import narwhals as nw

from tierxl.method.expressions import first_that_applies
from tierxl.method.levels import NOT_GRADED, TIER_NAMES
from tierxl.method.plan.due_dates import APPOINTMENTS, CONTACT, REVIEW, Appointment
from tierxl.method.plan.portfolio import Portfolio
from tierxl.method.plan.service import TIERS, clients_to_shed, engagement_plan, first_dates, is_not_recorded
from tierxl.method.policy import Policy
from tierxl.method.policy_sections import Service
from tierxl.method.rating.grading import Grading
from tierxl.method.table.clients import Frame
from tierxl.method.words import counted, plural
from tierxl.sheets.description import LAST_ROW, MOST_REPEATED, TITLE_HEIGHT, Cell, Column, Sheet, Table, Value
from tierxl.sheets.styles import ACTION_STYLES, LATE, REMARK_STYLES, TIER_STYLES
from tierxl.sheets.wording import exit_line, height_of, made_anew

TITLE = "Engagement plan"
KIND = TITLE.lower()
_REMARK = first_that_applies(
    [
        (nw.col("neglected"), "Neglected"),
        (is_not_recorded(CONTACT) & is_not_recorded(REVIEW), "None recorded"),
        (is_not_recorded(CONTACT), "No contact recorded"),
        (is_not_recorded(REVIEW), "No review recorded"),
    ],
    nw.lit(None, nw.String),
)
COLUMNS = (
    Column("Client", 32, value="client"),
    Column("Account manager", 20, value="account_manager"),
    Column("Tier", 7, "tier", colours=TIER_STYLES),
    Column("Action", 17, "centred", colours=ACTION_STYLES),
    Column("Next step", 46, "wrapped", "next_step"),
    Column("Next review", 13, "date", REVIEW.next),
    Column("Review overdue, days", 11, "days", REVIEW.overdue, above=LATE),
    Column("Next contact", 13, "date", CONTACT.next),
    Column("Contact overdue, days", 11, "days", CONTACT.overdue, above=LATE),
    Column("Preferred contact", 18, value="preferred_contact"),
    Column("Remark", 22, value=_REMARK, colours=REMARK_STYLES),
)
_SPONSOR = "Sponsor"
_APPOINTMENT_WIDTHS = {REVIEW: 36, CONTACT: 38}
_IN_COLUMNS = (_SPONSOR, *(each.service for each in _APPOINTMENT_WIDTHS))
"""The services that have a column each."""
_LEVELS_ROW = 4
_LEVEL_SPANS = {"A": (2, 3), "B": (5, 1), "C": (6, 4)}
"""The first column and the number of columns of each tier's service levels."""
_LEVEL_WIDTH = 46
_ROWS_BETWEEN = 6
"""Rows below the headers of the plan that are neither clients who are due nor clients to shed."""


def describe(grading: Grading, portfolio: Portfolio) -> Sheet:
    """The sheet of a graded portfolio."""
    levels = dict(enumerate(_levels(grading.policy, portfolio), _LEVELS_ROW + 2))
    row = max(levels) + 3
    room = LAST_ROW - row - _ROWS_BETWEEN
    way_out = nw.lit(exit_line(grading.policy))
    leaving = clients_to_shed(grading).head(room)
    due = engagement_plan(grading)
    is_short = len(due) <= MOST_REPEATED
    services = _service_columns(grading.policy)
    plan = Table.of(
        _with_levels(due, grading.policy) if is_short else due,
        [*COLUMNS, *(services if is_short else ())],
        row,
        room=room - len(leaving),
        title="What is next: tier A first, then the longest overdue",
        name="Engagement_plan",
    )
    if not is_short:
        plan = replace(plan, title=f"{plan.title}. What the clients of each tier get stands above")
    exits = Table.of(
        leaving,
        (
            Column("Client", value="client"),
            Column("Account manager", value="account_manager"),
            Column("Tier", style="tier-c"),
            Column("Action", style="shed"),
            Column("Next step", style="wrapped", value="next_step"),
            Column("Exit option", value=way_out),
        ),
        plan.bottom + 3,
        title="Exit options for clients to shed",
    )
    return Sheet(
        TITLE,
        [plan, exits] if exits.rows else [plan],
        [made_anew(grading.as_of), *filter(None, [first_dates(due)])],
        [*_level_cells(levels), *_remarks(grading, exits)],
        widths=[column.width for column in (*COLUMNS, *services)],
        heights={1: TITLE_HEIGHT}
        | {
            row: height_of(_LEVEL_WIDTH, name, *map(str, of_tier.values()))
            for row, (name, of_tier, _) in levels.items()
        },
        print_header_row=plan.row,
    )


def _levels(policy: Policy, portfolio: Portfolio) -> Iterator[tuple[str, Mapping[str, Value], str]]:
    """Each line of the service levels: its name, its value of each tier, and the style of these."""
    figures = {tier.tier: tier for tier in portfolio.tiers}
    yield "Clients", {tier: figures[tier].clients for tier in TIERS}, "level-count"
    yield "Revenue", {tier: figures[tier].revenue for tier in TIERS}, "level-money"
    for name, service in policy.services.items():
        yield name, {tier: getattr(service, tier) for tier in TIERS}, "level"


def _level_cells(levels: Mapping[int, tuple[str, Mapping[str, Value], str]]) -> Iterator[Cell]:
    """The service levels side by side."""
    yield Cell(_LEVELS_ROW, 1, "Service levels by tier", "section")
    yield Cell(_LEVELS_ROW + 1, 1, "Service", "header")
    for tier, (column, span) in _LEVEL_SPANS.items():
        yield Cell(_LEVELS_ROW + 1, column, f"Tier {tier}", f"header-{tier.lower()}", span)
    for row, (name, of_tier, style) in levels.items():
        yield Cell(row, 1, name, "level-label")
        for tier, (column, span) in _LEVEL_SPANS.items():
            yield Cell(row, column, of_tier[tier], style, span)


def _service_columns(policy: Policy) -> tuple[Column, ...]:
    """The columns of the services, by tier: some in a column each, the others in short."""
    services = policy.services
    also = {
        tier: "; ".join(
            _in_short(name, service, tier)
            for name, service in services.items()
            if name not in _IN_COLUMNS and not getattr(service, tier).casefold().startswith("none")
        )
        for tier in TIERS
    }
    return (
        Column(
            _SPONSOR, 24, "wrapped", _by_tier({tier: getattr(services.get(_SPONSOR), tier, None) for tier in TIERS})
        ),
        *(Column(each.service, width, "wrapped", _level_of(each)) for each, width in _APPOINTMENT_WIDTHS.items()),
        Column("Also gets", 70, "wrapped", _by_tier(also)),
    )


def _with_levels(plan: Frame, policy: Policy) -> Frame:
    """A plan with the level of each appointment as each client has it, with its own rhythm."""
    for each in APPOINTMENTS:
        service = policy.services[each.service]
        rhythms = plan.select("Tier", nw.col(each.rhythm).fill_null(0.0)).iter_rows()
        levels = [service.level(tier, per_year) for tier, per_year in rhythms]
        plan = plan.with_columns(nw.new_series(_level_of(each), levels, nw.String, backend=plan.implementation))
    return plan


def _level_of(appointment: Appointment) -> str:
    return f"{appointment.kind}_level"


def _in_short(name: str, service: Service, tier: str) -> str:
    """A service as one of many in a line: how often, or where it has no cadence, what."""
    per_year = service.per_year(tier)
    return f"{name} {float(per_year):g}/yr" if per_year else f"{name}: {getattr(service, tier)}"


def _by_tier(texts: Mapping[str, str | None]) -> nw.Expr:
    """A text for each tier; as one of a few, so that a long plan does not hold it once a client."""
    if None in texts.values():
        return nw.lit(None, nw.String)
    few = nw.Enum(list(dict.fromkeys(map(str, texts.values()))))
    return nw.col("Tier").replace_strict(list(texts), list(texts.values()), return_dtype=few)


def _remarks(grading: Grading, exits: Table) -> Iterator[Cell]:
    """Remarks where nobody is to be shed, and where clients have no tier."""
    if not exits.rows:
        yield Cell(exits.row - 1, 1, exits.title, exits.title_style)
        yield Cell(exits.row, 1, "No client is to be shed.", "note")
    ungraded = len(grading.columns.filter(nw.col("Tier") == TIER_NAMES[NOT_GRADED]))
    if ungraded:
        without = f"{counted(ungraded, 'client')} {plural(ungraded, 'has', 'have')} no tier yet"
        text = f"{without} and so no service level: see the sheet Checks."
        yield Cell(exits.row + 2 + len(exits.rows), 1, text, "note")
