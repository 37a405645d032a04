"""The commands behind the buttons of a spreadsheet program, whichever it is: each returns the message for the user."""

from datetime import date

from tierxl.method.issues import CannotGrade, by_cause, count_of
from tierxl.method.progress import Progress
from tierxl.method.words import counted, in_words, visible
from tierxl.sheets import checks, engagement_plan
from tierxl.use_cases.graded import GradedFile
from tierxl.use_cases.open_workbook import assign_open, explain_open, grade_open, renew_open
from tierxl.workbooks import WORKBOOKS
from tierxl.workbooks.open_workbook import OpenWorkbook

TITLE = "Client tiers"
SHOWN_ISSUES = 10
LONGEST_MESSAGE = 1_023
"""Characters that a dialog of VBA shows."""
MAY_NOT_CONTROL = "-1743"
"""The error of macOS where nobody has allowed one program to control another."""
_LIVE = (
    "The tiers stay formulas and follow each change, and so do sheets that are formulas as a whole, such as the "
    "engagement plan. Why, What would lift it, Summary and the other sheets are as of this grading: the command tierxl "
    "grade makes formulas again of those that can be."
)
NO_SETTINGS = "There is no Settings sheet yet: press Grade clients, which makes one."


def grade_clients(workbook: OpenWorkbook, as_of: date, progress: Progress) -> str:
    """Grade the clients: tier columns, colours, and the sheets of our own."""
    result = grade_open(workbook, as_of, progress)
    figures = result.portfolio
    tiers = ", ".join(f"{tier.clients:,} {tier.tier}" for tier in figures.tiers)
    return (
        f"{counted(figures.clients, 'client')}: {tiers}; {figures.to_shed:,} to shed.\n"
        f"Should you tier? {figures.suitability.verdict}.\n{_issues(result)}"
        + "".join(f"\n{visible(line)}" for line in [*_found(result), *([_LIVE] if result.is_live else [])])
    )


def explain_selected_client(workbook: OpenWorkbook, as_of: date, sheet: str | None, row: int | None) -> str:
    """Say why the client in the selected row has its tier; there is no row where no cell is selected."""
    if sheet is None or row is None:
        raise CannotGrade("Select a cell in the row of a client first.")
    return str(explain_open(workbook, as_of, sheet, row))


def check_data(workbook: OpenWorkbook, as_of: date, progress: Progress) -> str:
    """List what is wrong in the data, on the Checks sheet."""
    result, _ = renew_open(workbook, as_of, checks.KIND, progress)
    causes = by_cause(sorted(result.issues, key=lambda issue: issue.assumed))
    first = [f"  {cause}" for cause in causes[:SHOWN_ISSUES]]
    more = ["  ..."] if len(causes) > SHOWN_ISSUES else []
    return "\n".join(map(visible, [_issues(result), *first, *more, *_found(result)]))


def refresh_plan(workbook: OpenWorkbook, as_of: date, progress: Progress) -> str:
    """Make the engagement plan anew, as of a day."""
    result, outdated = renew_open(workbook, as_of, engagement_plan.KIND, progress)
    if result.is_live and workbook.follows(engagement_plan.KIND):
        return "The engagement plan is made of formulas, and up to date: there is nothing to refresh."
    message = f"The engagement plan is as of {in_words(as_of)}."
    if result.is_live:
        message += " It is values: the command tierxl grade makes formulas of it, which follow each change."
    if outdated:
        message += (
            f"\nThe tier beside {counted(outdated, 'client')} is not what the data say now: "
            "press Grade clients to bring it up to date."
        )
    return message


def propose_assignments(workbook: OpenWorkbook, as_of: date, progress: Progress) -> str:
    """Propose who should serve whom, on the Assignments sheet."""
    proposal = assign_open(workbook, as_of, progress)
    lines = [proposal.sentence, *(aim.sentence for aim in proposal.aims), *proposal.missing, *proposal.notes]
    if len(proposal.moves):
        by_command = (
            ", or close the workbook and run: tierxl assign FILE --in-place --apply"
            if workbook.name.lower().endswith(WORKBOOKS)
            else "."
        )
        lines.append(
            "The clients and the reasons stand on the sheet Assignments. Nothing is changed: write the account "
            f"managers that you agree with beside the clients{by_command}"
        )
    return "\n".join(map(visible, lines))


def complaint(error: BaseException) -> str:
    """The message about a command that failed: a traceback is nothing to show to an account manager."""
    if isinstance(error, CannotGrade):
        message = visible(str(error))
        return message if len(message) <= LONGEST_MESSAGE else f"{message[: LONGEST_MESSAGE - 1]}…"
    if MAY_NOT_CONTROL in str(error):
        from tierxl.doctor.finding import phrase  # noqa: PLC0415  no button waits for what examines a computer

        return f"This Mac does not let Excel be controlled. Run {phrase('allow_automation')}."
    return (
        f"tierxl met something it did not expect, and stopped: {type(error).__name__}: {error}\n\n"
        "Press Help / About for what may be wrong on this computer. If that does not help, save a copy of the "
        "workbook as .xlsx and grade it with the command: tierxl grade."
    )


def _issues(result: GradedFile) -> str:
    return f"{count_of(result.issues)}, see the sheet {checks.TITLE}." if result.issues else "No data issue."


def _found(result: GradedFile) -> list[str]:
    """A line on the columns that were not called by their names, if there are any."""
    found = [str(one) for one in result.grading.clients.usage.used if one.is_to_be_told]
    return [f"{'; '.join(found)}."] if found else []
