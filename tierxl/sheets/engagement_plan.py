"""The Engagement plan: what is due for each client and when, and the way out for the others."""

from collections.abc import Iterator, Mapping

import narwhals as nw

from tierxl.method.expressions import first_that_applies
from tierxl.method.levels import NOT_GRADED, TIER_NAMES
from tierxl.method.plan.due_dates import APPOINTMENTS, CONTACT, REVIEW, Appointment
from tierxl.method.plan.history import Movers, trend_marks
from tierxl.method.plan.service import clients_to_shed, engagement_plan, first_dates, is_not_recorded
from tierxl.method.plan.summary import is_profit_rated
from tierxl.method.rating.grading import Grading
from tierxl.method.table.clients import Frame
from tierxl.method.words import counted, plural
from tierxl.sheets.description import LAST_ROW, Cell, Column, Sheet, Table, too_long
from tierxl.sheets.live import AT_ONCE
from tierxl.sheets.live_lists import live_list, printed_for, rows_for
from tierxl.sheets.styles import ACTION_STYLES, LATE, REMARK_STYLES, TIER_STYLES
from tierxl.sheets.wording import exit_line, made_anew

TITLE = "Engagement plan"
KIND = TITLE.lower()
REMARK = first_that_applies(
    [
        (nw.col("neglected"), "Neglected"),
        (is_not_recorded(CONTACT) & is_not_recorded(REVIEW), "None recorded"),
        (is_not_recorded(CONTACT), "No contact recorded"),
        (is_not_recorded(REVIEW), "No review recorded"),
    ],
    nw.lit(None, nw.String),
)
COLUMNS = (
    Column("Client", 28, "name", value="client"),
    Column("Account manager", 16, value="account_manager"),
    Column("Tier", 7, "tier", colours=TIER_STYLES),
    Column("Revenue", 11, "money", "revenue"),
    Column("Action", 16, "centred", colours=ACTION_STYLES),
    Column("Next step", 36, value="next_step"),
    Column("Next review", 11, "date", REVIEW.next),
    Column("Next contact", 11, "date", CONTACT.next),
    Column("Days overdue", 11, "days", "overdue", above=LATE),
    Column("Preferred contact", 12, value="preferred_contact"),
    Column("Remark", 20, value=REMARK, colours=REMARK_STYLES, formula="⟨all remark⟩"),
    Column("Last review", 11, "date", REVIEW.last),
    Column("Last contact", 11, "date", CONTACT.last),
)
_BESIDE_TIER = [column.header for column in COLUMNS].index("Tier") + 1
_OWN = Column("Own rhythm", 30)
"""The column of how often a client is met that is not met as its tier is."""
_TREND = Column("Trend", 9, "centred")
"""The column right of the tier that says where a client has come from since the grading before."""
_ORDER = "Tier A first, then the longest overdue."
_ROW = 3
_ROWS_BELOW = 6
"""Rows below the headers of the plan that are neither clients who are due nor clients to shed."""


def describe(grading: Grading, moved: Movers | None = None) -> Sheet:
    """The sheet of a graded portfolio, with the trend of clients that moved; the plan begins at its top."""
    due, leaving = engagement_plan(grading), clients_to_shed(grading).head(LAST_ROW - _ROW - _ROWS_BELOW)
    has_own = not all(due[each.own].is_null().all() for each in APPOINTMENTS)
    beside = []
    if marks := trend_marks(moved) if moved else {}:
        beside = [_TREND]
        due, leaving = (_with_trend(clients, marks) for clients in (due, leaving))
    unknown = {"Preferred contact"} if due["preferred_contact"].is_null().all() else set()
    if all(clients["account_manager"].is_null().all() for clients in (due, leaving)):
        unknown.add("Account manager")

    def known(*columns: Column) -> list[Column]:
        return [column for column in columns if column.header not in unknown]

    columns = known(*COLUMNS[:_BESIDE_TIER], *beside, *COLUMNS[_BESIDE_TIER:], *([_OWN] if has_own else []))
    dates = first_dates(due)
    row = _ROW + bool(dates)
    room = LAST_ROW - row - _ROWS_BELOW - len(leaving)
    plan = Table.of(_with_own_rhythm(due) if has_own else due, columns, row, room=room, name="Engagement_plan")
    remark = too_long(len(plan.rows), len(due), "")
    sentences = [made_anew(grading.as_of), _ORDER, f"Here are {remark}." if remark else ""]
    exits = Table.of(
        leaving,
        known(
            Column("Client", style="name", value="client"),
            Column("Account manager", value="account_manager"),
            Column("Tier", style="tier", colours=TIER_STYLES),
            *beside,
            Column("Revenue", style="money", value="revenue"),
            Column("Action", style="centred", colours=ACTION_STYLES),
            Column("Exit option", style="wrapped", value=nw.lit(exit_line(grading.policy))),
            Column("Next step", value="next_step"),
        ),
        plan.bottom + 3,
        title="Exit options for clients to shed",
    )
    return Sheet(
        TITLE,
        [plan, exits] if exits.rows else [plan],
        list(filter(None, [" ".join(filter(None, sentences)), dates])),
        list(_remarks(grading, exits)),
        widths=[column.width for column in columns],
        freeze=(row + 1, 2),
        print_columns=[column.header for column in columns].index("Remark"),
        print_header_row=row,
    )


def describe_live(grading: Grading) -> Sheet:
    """The sheet where formulas keep it up to date; clients to shed stand on a sheet of their own."""
    due = engagement_plan(grading)
    clients = len(grading.columns)
    rows, on_paper = rows_for(clients), printed_for(clients)
    plan = Table.of(due, COLUMNS, _ROW, room=rows, name="Engagement_plan")
    return Sheet(
        TITLE,
        live_list(plan, "plan place", rows, "largest revenue", "plan key"),
        [f"{AT_ONCE} {_ORDER} It has room for {rows:,} clients, and the first {on_paper:,} are printed."],
        widths=plan.widths,
        freeze=(_ROW + 1, 2),
        print_columns=plan.headers.index("Remark"),
        print_rows=_ROW + on_paper,
        print_header_row=_ROW,
        is_protected=True,
    )


def _with_trend(plan: Frame, marks: Mapping[str, str]) -> Frame:
    """A plan with the trend of each client that has one."""
    keys = plan.select(nw.coalesce("client_id", "client")).iter_rows()
    trends = nw.new_series(_TREND.header, [marks.get(key) for (key,) in keys], nw.String, backend=plan.implementation)
    return plan.with_columns(trends)


def _with_own_rhythm(plan: Frame) -> Frame:
    """A plan with how often clients are met who have a rhythm of their own, in words."""
    rhythms = plan.select(each.own for each in APPOINTMENTS).iter_rows()
    texts = [", ".join(_times(each, often) for each, often in zip(APPOINTMENTS, own, strict=True) if often is not None)
             for own in rhythms]  # fmt: skip
    return plan.with_columns(nw.new_series(_OWN.header, texts, nw.String, backend=plan.implementation))


def _times(appointment: Appointment, often: float) -> str:
    return f"{often:g} {plural(often, appointment.kind, f'{appointment.kind}s')} a year"


def _remarks(grading: Grading, exits: Table) -> Iterator[Cell]:
    """Remarks where nobody is to be shed though profits are rated, and where clients have no tier."""
    if not exits.rows and is_profit_rated(grading):
        yield Cell(exits.row - 1, 1, "No client is to be shed.", "note")
    ungraded = len(grading.columns.filter(nw.col("Tier") == TIER_NAMES[NOT_GRADED]))
    if ungraded:
        without = f"{counted(ungraded, 'client')} {plural(ungraded, 'has', 'have')} no tier yet"
        text = f"{without} and so no service level: see the sheet Checks."
        yield Cell(exits.row + 2 + len(exits.rows), 1, text, "note")
