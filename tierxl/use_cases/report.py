"""The report for the board, from a file of clients."""

from dataclasses import replace
from pathlib import Path

from tierxl.method.issues import CannotGrade
from tierxl.method.plan.history import movers_since
from tierxl.method.progress import Progress, silent
from tierxl.report import FORMATS as REPORT_FORMATS
from tierxl.report import report
from tierxl.use_cases.graded import GradedFile, graded
from tierxl.use_cases.reading import Request, read_clients_of
from tierxl.workbooks.atomic import claimed, replacing


def report_file(request: Request, target: Path, progress: Progress = silent, title: str = "") -> GradedFile:
    """Grade the clients of a file and write a report for the board; the target's ending says which format.

    Args:
        request: the clients.
        target: the file to write.
        progress: called with what is being done.
        title: the title of the report, such as the firm's name.

    Raises:
        CannotGrade: as for grading; also a report that cannot be written. Nothing is written then.
    """
    if target.suffix.lower() not in REPORT_FORMATS:
        raise CannotGrade(f"{target.name} is no kind of report: use {' or '.join(REPORT_FORMATS)}.")
    with claimed(target, request.inputs):
        read = read_clients_of(request, progress)
        result = graded(request.as_of, read, progress)
        moved = movers_since(read.source.workbook.past().lines, result.grading) if read.source else None
        progress("Writing", 0, 1)
        written = report(result.grading, result.portfolio, target.suffix.lower(), moved, title)
        with replacing(target) as draft:
            draft.write_bytes(written)
    progress("Writing", 1, 1)
    return replace(result, target=target)
