"""The Assignments sheet: who should serve whom, why, and what that does to everybody's hours."""

from tierxl.method.plan.assignment import Change, Proposal
from tierxl.method.plan.capacity import full_at
from tierxl.method.policy import Policy
from tierxl.method.rating.grading import Grading
from tierxl.method.words import in_words
from tierxl.sheets.description import Cell, Column, Sheet, Table
from tierxl.sheets.styles import TIER_STYLES
from tierxl.sheets.wording import height_of

TITLE = "Assignments"
KIND = TITLE.lower()


def coming_and_going(change: Change) -> str:
    """The clients of each tier that an account manager gets or gives away, such as "+2 A, −1 C"."""
    return ", ".join(
        f"{then.clients - now.clients:+,} {now.tier}".replace("-", "\N{MINUS SIGN}")
        for now, then in zip(change.before.tiers, change.after.tiers, strict=True)
        if then.clients != now.clients
    )


_CLIENTS = (
    Column("Client", 28, "name", value="client"),
    Column("Tier", 12, "tier", colours=TIER_STYLES),
    Column("Hours a year", 11, "count", "hours"),
    Column("Client since", 13, "date", "client_since"),
    Column("From", 20, value="from"),
    Column("To", 20, value="to"),
    Column("What", 13, value="kind"),
    Column("Why", 42, "wrapped", "reason"),
)
_AIMS = (
    Column("Aim", style="wrapped", value="name"),
    Column("Reached", style="count", value="reached"),
    Column("Lowest possible", style="count", value="least"),
    Column("Proved?", style="indented", value=lambda aim: aim.proof.capitalize()),
)
_SENTENCE_WIDTH = 140
_UTILISATIONS = ("Utilisation before", "Utilisation after")


def managers_columns(policy: Policy) -> tuple[Column, ...]:
    """The columns of the account managers, before and after."""
    above = policy.capacity.full_at, "overdue"
    now, then = _UTILISATIONS
    return (
        Column("Account manager", value="before.name"),
        Column("Seniority", value=lambda change: change.before.manager and change.before.manager.seniority),
        Column("Hours available", style="count", value="before.hours"),
        Column("Hours before", style="count", value="before.needed"),
        Column("Hours after", style="count", value="after.needed"),
        Column(now, style="percent", value="before.utilisation", above=above),
        Column(then, style="percent", value="after.utilisation", above=above),
        Column("Clients gained and lost", style="indented", value=coming_and_going),
    )


def describe(proposal: Proposal, grading: Grading, applied: int | None = None) -> Sheet:
    """The sheet of a proposal.

    Args:
        proposal: who should serve whom.
        grading: the graded portfolio.
        applied: how many of the clients have their new account manager already; None where nothing was changed.
    """
    sentences = dict(enumerate([*proposal.missing, *proposal.notes], 6))
    policy = grading.policy
    aims = Table.of(proposal.aims, _AIMS, 8 + len(sentences), title="Aims, the most important first")
    managers = Table.of(
        proposal.changes,
        managers_columns(policy),
        aims.bottom + 3,
        cuts={header: [full_at(policy)] for header in _UTILISATIONS},
        title="Account managers, before and after",
    )
    who = "Who moves, by present account manager"
    moves = Table.of(proposal.moves, _CLIENTS, managers.bottom + 3, title=who, name=TITLE)
    nobody = [] if moves.rows else [Cell(moves.row - 1, 1, who, "section"), Cell(moves.row, 1, "Nobody.")]
    return Sheet(
        TITLE,
        [aims, managers, *([moves] if moves.rows else [])],
        [f"Updated {in_words(grading.as_of)}. {_standing(proposal, applied)}"],
        [
            Cell(4, 1, "Who should serve whom?", "section"),
            Cell(5, 1, proposal.sentence, "verdict"),
            *(Cell(row, 1, sentence, "wrapped", len(_CLIENTS)) for row, sentence in sentences.items()),
            *nobody,
        ],
        widths=moves.widths,
        heights={row: height_of(_SENTENCE_WIDTH, sentence) for row, sentence in sentences.items()},
    )


def _standing(proposal: Proposal, applied: int | None) -> str:
    """A sentence on what has become of the proposal."""
    later = "Grading leaves this sheet as it is."
    if applied is None:
        return f"A proposal: nothing is changed until you apply it. {later}"
    of = len(proposal.moves)
    return f"Applied: {applied:,} of {of:,} account managers are written in the column Account manager. {later}"
