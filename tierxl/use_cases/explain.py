"""Why a client of a file has its tier."""

from tierxl.method.rating.explanation import Explanation, explanations
from tierxl.use_cases.grade import check_file
from tierxl.use_cases.reading import Request


def explain_file(request: Request, client: str) -> list[Explanation]:
    """Why a client of a file has its tier: by name or Client ID; more than one where several are called so.

    Raises:
        CannotGrade: as for grading; also no client of that name.
    """
    return explanations(check_file(request).grading, client)
