"""The next twelve months of a file of clients, as a calendar."""

from dataclasses import dataclass
from pathlib import Path

from tierxl.method.issues import CannotGrade, Issue
from tierxl.method.plan.agenda import Agenda, agenda
from tierxl.method.progress import Progress, silent
from tierxl.use_cases.grade import check_file
from tierxl.use_cases.reading import Request, refuse_unreadable
from tierxl.workbooks.atomic import claimed
from tierxl.workbooks.calendar import write_calendar

CALENDAR = ".ics"


@dataclass(frozen=True)
class CalendarFile:
    """A calendar: what is planned in it, all issues of the clients, and where it was written."""

    agenda: Agenda
    issues: list[Issue]
    target: Path


def calendar_file(
    request: Request, target: Path, manager: str | None = None, progress: Progress = silent
) -> CalendarFile:
    """Plan the next twelve months of the clients of a file, and write them as a calendar.

    Args:
        request: what to grade, and how.
        target: the calendar, .ics.
        manager: the account manager whose appointments are written; everybody's if left out.
        progress: called with what is being done.

    Raises:
        CannotGrade: as for grading; also there is no such account manager, or nothing to plan.
    """
    if target.suffix.lower() != CALENDAR:
        raise CannotGrade(f"{target.name} is no calendar: give it a name that ends with {CALENDAR}.")
    refuse_unreadable(request.source)
    with claimed(target, request.inputs):
        result = check_file(request, progress)
        planned = agenda(result.grading, manager)
        if planned.items.is_empty():
            raise CannotGrade("There is nothing to plan: no client has a tier with review meetings or contacts.")
        name = f"Client tiers, {manager}" if manager else "Client tiers"
        write_calendar(target, planned, name, progress)
    return CalendarFile(planned, result.issues, target)
