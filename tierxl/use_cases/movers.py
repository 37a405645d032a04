"""Clients who have another tier in one file than in another."""

from dataclasses import replace

from tierxl.method.issues import CannotGrade
from tierxl.method.plan.history import Movers, days_of, lines_of, lines_on, movers
from tierxl.method.rating.grading import Grading
from tierxl.method.rating.retention import fallen_cut
from tierxl.method.rating.score import score_cuts
from tierxl.method.table.clients import Frame
from tierxl.use_cases.grade import check_file
from tierxl.use_cases.reading import Request, refuse_unreadable
from tierxl.workbooks import WORKBOOKS
from tierxl.workbooks.ooxml.workbook_file import WorkbookFile


def movers_between(old: Request, new: Request) -> Movers:
    """The clients who have another tier in one file than in another.

    The new file is graded now. So is the old one, unless it is a workbook with a History: it counts as it was at its
    last grading.

    Raises:
        CannotGrade: as for grading; also there is no client with a name or an ID.
    """
    before, now = _last_lines(old), check_file(new).grading
    moved = movers(before, _lines_of(now, new), score_cuts(now.policy), fallen_cut(now.policy).value)
    return replace(moved, currency=now.clients.currency)


def _last_lines(request: Request) -> Frame:
    """The lines of the last grading of a file; of one that was never graded, those of today's."""
    refuse_unreadable(request.source)
    if request.source.suffix.lower() in WORKBOOKS:
        past = WorkbookFile(request.source).past().lines
        if len(past):
            return lines_on(past, days_of(past)[-1])
    return _lines_of(check_file(request).grading, request)


def _lines_of(grading: Grading, request: Request) -> Frame:
    lines = lines_of(grading)
    if not len(lines):
        raise CannotGrade(f"{request.source.name} has no client with a name or a Client ID.")
    return lines
