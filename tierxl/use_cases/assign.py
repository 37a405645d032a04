"""Account managers proposed for the clients of a file."""

from dataclasses import dataclass, replace
from pathlib import Path

from tierxl.method.issues import CannotGrade, Issue
from tierxl.method.plan.assignment import Proposal, propose
from tierxl.method.progress import Progress, silent
from tierxl.sheets import assignments
from tierxl.use_cases.grade import clients_to_write, write
from tierxl.use_cases.graded import GradedFile, graded
from tierxl.use_cases.read import Read, with_cell
from tierxl.use_cases.reading import Request
from tierxl.workbooks.rewriting import Rewriting


@dataclass(frozen=True)
class AssignedFile:
    """The proposal for a file, the graded file, and how many clients moved if it was applied."""

    proposal: Proposal
    graded: GradedFile
    applied: int | None


def assign_file(request: Request, target: Path, *, apply: bool, progress: Progress = silent) -> AssignedFile:
    """Propose who should serve whom, and write the graded file; a workbook gets the sheet Assignments.

    Args:
        request: what to grade, and how.
        target: the file.
        apply: whether to write the proposal into the column Account manager. A cell that holds a formula stays, and
            is among the issues.
        progress: called with what is being done.

    Raises:
        CannotGrade: as for grading; also there are no account managers with hours, or no column to write into.
    """
    with clients_to_write(request, target, progress) as read:
        result = graded(request.as_of, read, progress)
        progress("Proposing", 0, 1)
        proposal = propose(result.grading)
        progress("Proposing", 1, 1)
        changed, count, rewriting = read, None, None
        if apply:
            changed, count, rewriting = _applied(proposal, read)
            result = graded(request.as_of, changed, progress)
        sheet = assignments.describe(proposal, result.grading, count)
        return AssignedFile(proposal, write(changed, target, result, progress, [sheet], rewriting), count)


def _applied(proposal: Proposal, read: Read) -> tuple[Read, int, Rewriting | None]:
    """The clients with their new account managers, how many have one, and the cells of a workbook that change."""
    table = read.table
    column = table.headers.position_of.get("account_manager")
    if column is None:
        raise CannotGrade(
            "There is no column Account manager to write into: give the clients one, which may be blank, and run "
            "this again."
        )
    kept = read.source.workbook.unwritable(read.source.place, read.source.place.columns[column]) if read.source else {}
    texts, issues = {}, []
    for position, client, to in proposal.moves.select("position", "client", "to").iter_rows():
        row = table.rows[position]
        if row in kept:
            message = f"{kept[row]} and stays: write {to} there yourself"
            issues.append(with_cell(Issue(message, row, client or "", table.headers[column]), table))
        else:
            texts[position] = to
    rewriting = None
    if read.source:
        cells = {table.rows[position]: to for position, to in texts.items()}
        rewriting = Rewriting(read.source.place.columns[column], cells)
    applied = replace(read, table=table.with_texts(column, texts), issues=[*read.issues, *issues])
    return applied, len(texts), rewriting
