"""Why a client has its tier: one of a file, or one of an open workbook."""

from datetime import date

from tierxl.method.issues import CannotGrade
from tierxl.method.progress import silent
from tierxl.method.rating.explanation import Explanation, explanation_at, explanations
from tierxl.method.table.cells import shown
from tierxl.use_cases.grade import check_file, graded_open
from tierxl.use_cases.reading import Request
from tierxl.workbooks.open_workbook import OpenWorkbook


def explain_file(request: Request, client: str) -> list[Explanation]:
    """Why a client of a file has its tier: by name or Client ID; more than one where several are called so.

    Raises:
        CannotGrade: as for grading; also no client of that name.
    """
    return explanations(check_file(request).grading, client)


def explain_open(workbook: OpenWorkbook, as_of: date, sheet: str, row: int) -> Explanation:
    """Why the client in a row has its tier: a row of the clients, or of another sheet that begins with their names.

    Raises:
        CannotGrade: as for grading; also there is no client in that row.
    """
    opened = graded_open(workbook, as_of, silent)
    table, grading = opened.table, opened.result.grading
    if sheet == table.sheet and row in table.rows:
        return explanation_at(list(table.rows).index(row), grading)
    grid = workbook.grid(sheet) if sheet != table.sheet else []
    name = shown(grid[row - 1][0]) if row <= len(grid) else ""
    if not name:
        raise CannotGrade(
            "Select a cell in the row of a client first, on the clients' sheet or where a row begins with its name."
        )
    return explanations(grading, name)[0]
