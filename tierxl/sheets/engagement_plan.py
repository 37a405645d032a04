"""The Engagement plan: service levels side by side, what is due for each client, and the way out for the others."""

import textwrap
from collections.abc import Mapping, Sequence

import narwhals as nw

from tierxl.method.expressions import first_that_applies
from tierxl.method.plan.portfolio import Portfolio
from tierxl.method.plan.service import TIERS, engagement_plan
from tierxl.method.policy import PERSONAL_CONTACT, REVIEW_MEETING, Policy, Service
from tierxl.method.rating.grading import Grading
from tierxl.method.rating.moves import SHED
from tierxl.method.table.clients import Frame
from tierxl.sheets.description import LAST_ROW, MOST_REPEATED, Cell, Colouring, Lines, Sheet, Table, Value
from tierxl.sheets.styles import ACTION_STYLES, TIER_STYLES
from tierxl.sheets.wording import TITLE_HEIGHT, exit_line, heading, too_long

_COLUMNS = (
    ("Client", 32, "text"),
    ("Account manager", 20, "text"),
    ("Tier", 7, "tier"),
    ("Action", 17, "centred"),
    ("Next review", 13, "date"),
    ("Review overdue, days", 11, "days"),
    ("Next contact", 13, "date"),
    ("Contact overdue, days", 11, "days"),
    ("Remark", 22, "text"),
    ("Sponsor", 24, "wrapped"),
    (REVIEW_MEETING, 36, "wrapped"),
    (PERSONAL_CONTACT, 38, "wrapped"),
    ("Also gets", 70, "wrapped"),
)
_OWN_COLUMNS = 9
"""The columns before those that say the same of all clients of a tier."""
_EXIT_HEADERS = ("Client", "Account manager", "Tier", "Action", "Way out")
_ROWS_BETWEEN = 8
"""Rows of the sheet that are neither levels, nor clients who are due, nor clients to shed."""

_LEVEL_SPANS = {"A": (2, 3), "B": (5, 4), "C": (9, 2)}
"""The first column and the number of columns of each tier's service levels."""


def describe(grading: Grading, portfolio: Portfolio) -> Sheet:
    """The sheet of a graded portfolio."""
    levels, heights, row = _service_levels(grading.policy, portfolio, 4)
    room = LAST_ROW - row - _ROWS_BETWEEN
    due, leaving = engagement_plan(grading), _leaving(grading).head(room)
    fitting = due.head(room - len(leaving))
    columns = _COLUMNS if len(fitting) <= MOST_REPEATED else _COLUMNS[:_OWN_COLUMNS]
    who = f"Who is due, the first at the top{too_long(len(fitting), len(due))}"
    who += "" if columns is _COLUMNS else ". What the clients of each tier get stands above"
    section = Cell(row + 1, 1, who, "section")
    plan = _plan(grading, fitting, row + 2, columns)
    exit_cells, exits = _exits(grading, leaving, plan.area.bottom + 2)
    return Sheet(
        kind="engagement plan",
        title="Engagement plan",
        cells=(*heading("Engagement plan", grading.as_of), *levels, section, *exit_cells),
        tables=(plan, *exits),
        colourings=(
            Colouring(plan.column_area("Tier"), TIER_STYLES),
            Colouring(plan.column_area("Action"), ACTION_STYLES),
            Colouring(plan.column_area("Review overdue, days"), above=(0, "overdue")),
            Colouring(plan.column_area("Contact overdue, days"), above=(0, "overdue")),
            Colouring(plan.column_area("Remark"), {"Neglected": "overdue", "Never contacted": "warning"}),
        ),
        widths=[width for _, width, _ in _COLUMNS],
        heights=heights,
        print_header_row=plan.row,
    )


def _service_levels(policy: Policy, portfolio: Portfolio, row: int) -> tuple[list[Cell], dict[int, float], int]:
    """The service levels side by side, the heights of their rows, and the first free row below them."""
    figures = {tier.tier: tier for tier in portfolio.tiers}
    cells = [Cell(row, 1, "Service levels by tier", "section"), Cell(row + 1, 1, "Service", "header")]
    lines: list[tuple[str, dict[str, Value], str]] = [
        ("Clients", {tier: figures[tier].clients for tier in TIERS}, "level-count"),
        ("Revenue", {tier: figures[tier].revenue for tier in TIERS}, "level-count"),
        *(
            (name, {tier: getattr(service, tier) for tier in TIERS}, "level")
            for name, service in policy.services.items()
        ),
    ]
    for tier, (column, span) in _LEVEL_SPANS.items():
        cells.append(Cell(row + 1, column, f"Tier {tier}", f"header-{tier.lower()}", span))
    heights: dict[int, float] = {1: TITLE_HEIGHT}
    for at, (name, values, style) in enumerate(lines, row + 2):
        cells.append(Cell(at, 1, name, "level-label"))
        cells += [Cell(at, column, values[tier], style, span) for tier, (column, span) in _LEVEL_SPANS.items()]
        heights[at] = 15.0 * max(len(textwrap.wrap(str(text), 46)) or 1 for text in (name, *values.values()))
    return cells, heights, row + 2 + len(lines)


def _plan(grading: Grading, due: Frame, row: int, columns: Sequence[tuple[str, float, str]]) -> Table:
    services = grading.policy.services
    sponsor = services.get("Sponsor")
    shown_apart = ("Sponsor", REVIEW_MEETING, PERSONAL_CONTACT)
    also = {
        tier: "; ".join(
            _in_short(name, service, tier)
            for name, service in services.items()
            if name not in shown_apart and not getattr(service, tier).casefold().startswith("none")
        )
        for tier in TIERS
    }
    shown = {
        "Client": nw.col("client"),
        "Account manager": nw.col("account_manager"),
        "Tier": nw.col("Tier"),
        "Action": nw.col("Action"),
        "Next review": nw.col("next_review"),
        "Review overdue, days": nw.col("review_overdue"),
        "Next contact": nw.col("next_contact"),
        "Contact overdue, days": nw.col("contact_overdue"),
        "Remark": remark(),
        "Sponsor": _by_tier({tier: getattr(sponsor, tier) if sponsor else None for tier in TIERS}),
        REVIEW_MEETING: _by_tier({tier: getattr(services[REVIEW_MEETING], tier) for tier in TIERS}),
        PERSONAL_CONTACT: _by_tier({tier: getattr(services[PERSONAL_CONTACT], tier) for tier in TIERS}),
        "Also gets": _by_tier(also),
    }
    rows = Lines(due.select(**{header: shown[header] for header, _, _ in columns}))
    return Table(
        row,
        1,
        [header for header, _, _ in columns],
        rows,
        [style for _, _, style in columns],
        name="Engagement_plan",
    )


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


def remark() -> nw.Expr:
    return first_that_applies(
        [
            (nw.col("never_contacted"), "Never contacted"),
            (nw.col("neglected"), "Neglected"),
            (nw.col("never_reviewed"), "Never reviewed"),
        ],
        nw.lit(None, nw.String),
    )


def _leaving(grading: Grading) -> Frame:
    """The clients to shed, with the way out."""
    leaving = grading.lines("client", "account_manager").filter((nw.col("Action") == SHED).fill_null(False))
    return leaving.select("client", "account_manager", "Tier", "Action", exit=nw.lit(exit_line(grading.policy)))


def _exits(grading: Grading, leaving: Frame, row: int) -> tuple[list[Cell], list[Table]]:
    """The clients to shed, and what is to be said of those without a tier."""
    cells = [Cell(row, 1, "The way out for clients to shed", "section")]
    tables = []
    if leaving.is_empty():
        cells.append(Cell(row + 1, 1, "No client is to be shed.", "note"))
    else:
        tables = [Table(row + 1, 1, _EXIT_HEADERS, Lines(leaving), ["text", "text", "tier-c", "shed", "text"])]
    ungraded = len(grading.columns.filter(nw.col("Tier") == "Not graded"))
    if ungraded:
        what = "1 client has" if ungraded == 1 else f"{ungraded:,} clients have"
        text = f"{what} no tier yet and so no service level: see the Checks sheet."
        cells.append(Cell(row + 3 + len(leaving), 1, text, "note"))
    return cells, tables
