"""The Assignments sheet: who should serve whom, why, and what that does to everybody's hours."""

import textwrap
from collections.abc import Sequence

import narwhals as nw

from tierxl.method.plan.assignment import Aim, Change, Proposal
from tierxl.method.policy import Policy
from tierxl.method.rating.grading import Grading
from tierxl.sheets.description import LAST_ROW, Cell, Colouring, Lines, Sheet, Table, Value
from tierxl.sheets.styles import TIER_STYLES
from tierxl.sheets.wording import TITLE_HEIGHT, too_long, utilisation_style

KIND, TITLE = "assignments", "Assignments"

_COLUMNS = (
    ("Client", 32, "text", "client"),
    ("Tier", 12, "tier", "Tier"),
    ("Hours a year", 12, "count", "hours"),
    ("Client since", 13, "date", "client_since"),
    ("From", 24, "text", "from"),
    ("To", 24, "text", "to"),
    ("What", 14, "text", "kind"),
    ("Why", 66, "wrapped", "reason"),
)
_MANAGERS = (
    ("Account manager", "text"),
    ("Seniority", "text"),
    ("Hours there are", "count"),
    ("Hours needed now", "count"),
    ("Utilisation now", "percent"),
    ("Utilisation then", "percent"),
    ("Hours then", "centred"),
    ("Clients that come and go", "wrapped"),
)
_AIMS = (
    ("Aim", "text"),
    ("Reached", "count"),
    ("At least", "count"),
    ("Is it the least?", "text"),
)
_SENTENCE_WIDTH = 150
_SPAN = len(_COLUMNS)


def describe(proposal: Proposal, grading: Grading, applied: int | None = None) -> Sheet:
    """The sheet of a proposal.

    Args:
        proposal: who should serve whom.
        grading: the graded portfolio.
        applied: how many of the clients have their new account manager already; None where nothing was changed.
    """
    sentences = [*proposal.missing, *proposal.notes]
    cells = [
        Cell(1, 1, TITLE, "title"),
        Cell(2, 1, f"As of {grading.as_of:%Y-%m-%d}. {_standing(proposal, applied)}", "note"),
        Cell(4, 1, "Who should serve whom?", "section"),
        Cell(5, 1, proposal.sentence, "verdict"),
    ]
    heights: dict[int, float] = {1: TITLE_HEIGHT, 5: 20}
    for row, sentence in enumerate(sentences, 6):
        cells.append(Cell(row, 1, sentence, "wrapped", _SPAN))
        heights[row] = 15.0 * len(textwrap.wrap(sentence, _SENTENCE_WIDTH))
    aims = _aims(proposal.aims, 8 + len(sentences))
    cells.append(Cell(aims.row - 1, 1, "What is kept small, the weightiest first", "section"))
    managers = _managers(proposal.changes, grading.policy, aims.area.bottom + 3)
    cells.append(Cell(managers.row - 1, 1, "The account managers, now and then", "section"))
    moves, total = _moves(proposal, managers.area.bottom + 3)
    what = f"Who moves, by the account manager they have{too_long(len(moves.rows), total)}"
    cells.append(Cell(moves.row - 1, 1, what, "section"))
    if not total:
        cells.append(Cell(moves.row, 1, "Nobody.", "text"))
    full_at = grading.policy.capacity.full_at
    return Sheet(
        kind=KIND,
        title=TITLE,
        cells=cells,
        tables=(aims, managers, moves) if total else (aims, managers),
        colourings=[
            *(
                Colouring(managers.column_area(header), above=(full_at, "overdue"))
                for header in ("Utilisation now", "Utilisation then")
            ),
            *([Colouring(moves.column_area("Tier"), TIER_STYLES)] if total else []),
        ],
        widths=[width for _, width, _, _ in _COLUMNS],
        heights=heights,
    )


def _standing(proposal: Proposal, applied: int | None) -> str:
    """What has become of the proposal."""
    later = "A later grading leaves this sheet as it is."
    if applied is None:
        return f"A proposal: nothing is changed until you apply it. {later}"
    of = len(proposal.moves)
    return f"Applied: {applied:,} of {of:,} account managers are written in the column Account manager. {later}"


def _aims(aims: Sequence[Aim], row: int) -> Table:
    return Table(
        row,
        1,
        [header for header, _ in _AIMS],
        [(aim.name, aim.reached, aim.least, aim.proof.capitalize()) for aim in aims],
        [style for _, style in _AIMS],
    )


def _managers(changes: Sequence[Change], policy: Policy, row: int) -> Table:
    styles = dict(_MANAGERS) | {
        "Utilisation now": utilisation_style([change.before.utilisation for change in changes], policy),
        "Utilisation then": utilisation_style([change.after.utilisation for change in changes], policy),
    }
    return Table(
        row,
        1,
        [header for header, _ in _MANAGERS],
        [_line(change) for change in changes],
        list(styles.values()),
    )


def _line(change: Change) -> tuple[Value, ...]:
    now, then = change.before, change.after
    return (
        now.name,
        now.manager.seniority if now.manager else None,
        now.hours,
        now.needed,
        now.utilisation,
        then.utilisation,
        round(then.needed),
        coming_and_going(change),
    )


def coming_and_going(change: Change) -> str:
    """How many clients of each tier an account manager gets, and how many go."""
    return ", ".join(
        f"{then.clients - now.clients:+,} {now.tier}".replace("-", "\N{MINUS SIGN}")
        for now, then in zip(change.before.tiers, change.after.tiers, strict=True)
        if then.clients != now.clients
    )


def _moves(proposal: Proposal, row: int) -> tuple[Table, int]:
    """The clients that move, as many as there is room for, and how many there are."""
    moves = proposal.moves.select(*(nw.col(field).alias(header) for header, _, _, field in _COLUMNS))
    fitting = moves.head(LAST_ROW - row)
    return (
        Table(
            row,
            1,
            [header for header, _, _, _ in _COLUMNS],
            Lines(fitting),
            [style for _, _, style, _ in _COLUMNS],
            name=TITLE,
        ),
        len(moves),
    )
