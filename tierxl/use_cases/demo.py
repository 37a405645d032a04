"""The sample portfolio, graded in a folder of its own."""

from datetime import date
from pathlib import Path

from tierxl.method.issues import CannotGrade
from tierxl.method.progress import Progress
from tierxl.use_cases.grade import GradedFile, grade_file
from tierxl.use_cases.reading import Request
from tierxl.workbooks.shipped import shipped

CLIENTS, GRADED = "sample-portfolio.csv", "sample-portfolio-graded.xlsx"
_DAY = date(2026, 11, 22)


def grade_sample(folder: Path, progress: Progress) -> GradedFile:
    """Write the sample portfolio into a folder and grade it there.

    Raises:
        CannotGrade: the folder cannot be written.
    """
    clients = folder / CLIENTS
    try:
        folder.mkdir(parents=True, exist_ok=True)
        clients.write_bytes(shipped(f"workbook/{CLIENTS}").read_bytes())
    except OSError as error:
        raise CannotGrade(f"{folder} cannot be written: {error.strerror or error}.") from error
    return grade_file(Request(clients, _DAY), folder / GRADED, progress)
