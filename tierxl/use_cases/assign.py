"""Account managers proposed for the clients of a file or of an open workbook."""

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from tierxl.method.issues import CannotGrade, Issue
from tierxl.method.plan.assignment import Proposal, propose
from tierxl.method.progress import Progress, silent
from tierxl.sheets import assignments
from tierxl.use_cases.grade import GradedFile, graded, graded_open, write
from tierxl.use_cases.reading import Read, Request, read_for, refuse_unreadable, refuse_unwritable, with_cell
from tierxl.workbooks.atomic import claimed
from tierxl.workbooks.ooxml import graded_workbook
from tierxl.workbooks.open_workbook import OpenWorkbook
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
    refuse_unwritable(target)
    refuse_unreadable(request.source)
    with claimed(target, request.inputs):
        read = read_for(request, target, progress)
        result = graded(request.as_of, read, progress)
        progress("Proposing", 0, 1)
        proposal = propose(result.grading)
        progress("Proposing", 1, 1)
        applied = _applied(proposal, read) if apply else None
        if applied:
            read = applied.read
            result = graded(request.as_of, read, progress)
        count, rewriting = (applied.count, applied.rewriting) if applied else (None, None)
        sheet = assignments.describe(proposal, result.grading, count)
        return AssignedFile(proposal, write(read, target, result, progress, [sheet], rewriting), count)


@dataclass(frozen=True)
class _Applied:
    """The clients with their new account managers, how many have one, and the cells of a workbook that change."""

    read: Read
    count: int
    rewriting: Rewriting | None


def _applied(proposal: Proposal, read: Read) -> _Applied:
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
    return _Applied(applied, len(texts), rewriting)


def assign_open(workbook: OpenWorkbook, as_of: date, progress: Progress = silent) -> Proposal:
    """Propose who should serve whom in a workbook that is open in a spreadsheet program, on the sheet Assignments.

    Raises:
        CannotGrade: see :func:`grade_open` and :func:`assign_file`.
    """
    grading = graded_open(workbook, as_of, progress).result.grading
    proposal = propose(grading)
    titles = graded_workbook.own_titles(workbook, {assignments.KIND: assignments.TITLE})
    workbook.write_sheets([assignments.describe(proposal, grading)], titles, progress)
    return proposal
