"""What the ribbon's buttons call. A macro takes nothing: it works on the workbook that called it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from functools import wraps
from importlib.metadata import version
from pathlib import Path

import xlwings as xw

from tierxl.books.excel import WorkbookInExcel, own_sheet
from tierxl.doctor import examine
from tierxl.method.issues import CannotGrade
from tierxl.method.words import counted
from tierxl.sheets import OWN_TITLES
from tierxl.workflow import (
    GradedFile,
    Progress,
    assign_in_excel,
    explain_in_excel,
    grade_in_excel,
    renew_in_excel,
)

TITLE = "Client tiers"
SHOWN_ISSUES = 10


def _macro(work: Callable[[xw.Book], str]) -> Callable[[], None]:
    """A macro, of a function that works on the calling workbook and returns what to tell the user."""

    @wraps(work)
    def run() -> None:
        book = xw.Book.caller()
        try:
            told, mode = work(book), "info"
        except CannotGrade as error:
            told, mode = str(error), "critical"
        except Exception as error:  # noqa: BLE001  a traceback is nothing to show to an account manager
            told = (
                f"tierxl met something it did not expect, and stopped: {type(error).__name__}: {error}\n\n"
                "Press About for what may be wrong on this computer. If that does not help, save a copy of the "
                "workbook and grade it with the command: tierxl grade."
            )
            mode = "critical"
        if told:
            book.app.alert(told, TITLE, mode=mode)

    return run


@_macro
def grade_clients(book: xw.Book) -> str:
    """Grade the clients: tier columns, colours, and the sheets of our own."""
    with _quietly(book) as progress:
        result = grade_in_excel(WorkbookInExcel(book), date.today(), progress)
    figures = result.portfolio
    tiers = ", ".join(f"{tier.clients:,} {tier.tier}" for tier in figures.tiers)
    return (
        f"{counted(figures.clients, 'client')}: {tiers}; {figures.to_shed:,} to shed.\n"
        f"Should you tier? {figures.suitability.verdict}.\n{_issues(result)}"
    )


@_macro
def explain_selected_client(book: xw.Book) -> str:
    """Say why the client in the selected row has its tier."""
    selected = book.app.selection
    if selected is None:
        raise CannotGrade("Select a cell in the row of a client first.")
    return str(explain_in_excel(WorkbookInExcel(book), date.today(), selected.sheet.name, selected.row))


@_macro
def check_data(book: xw.Book) -> str:
    """List what is wrong in the data, on the Checks sheet."""
    with _quietly(book) as progress:
        result, _ = renew_in_excel(WorkbookInExcel(book), date.today(), "checks", progress)
    first = [f"  {issue}" for issue in result.issues[:SHOWN_ISSUES]]
    more = ["  ..."] if len(result.issues) > SHOWN_ISSUES else []
    return "\n".join([_issues(result), *first, *more])


@_macro
def refresh_plan(book: xw.Book) -> str:
    """Make the engagement plan anew, as of today."""
    with _quietly(book) as progress:
        _, outdated = renew_in_excel(WorkbookInExcel(book), date.today(), "engagement plan", progress)
    told = f"The engagement plan is as of {date.today():%Y-%m-%d}."
    if outdated:
        told += (
            f"\nThe tier beside {counted(outdated, 'client')} is not what the data say now: "
            "press Grade clients to bring it up to date."
        )
    return told


@_macro
def propose_assignments(book: xw.Book) -> str:
    """Propose who should serve whom, on the Assignments sheet."""
    with _quietly(book) as progress:
        proposal = assign_in_excel(WorkbookInExcel(book), date.today(), progress)
    told = [proposal.sentence, *proposal.missing, *proposal.notes]
    if len(proposal.moves):
        told.append(
            "The clients and the reasons stand on the sheet Assignments. Nothing is changed: write the account "
            "managers that you agree with beside the clients, or close the workbook and run: "
            "tierxl assign FILE --in-place --apply"
        )
    return "\n".join(told)


@_macro
def open_settings(book: xw.Book) -> str:
    """Show the Settings sheet."""
    sheet = own_sheet(book, "settings")
    if sheet is None:
        raise CannotGrade("There is no Settings sheet yet: press Grade clients, which makes one.")
    sheet.activate()
    return ""


@_macro
def about(book: xw.Book) -> str:
    """Say which version this is, and what may keep it from working on this computer."""
    try:
        path = Path(book.fullname)
    except Exception:  # noqa: BLE001  xlwings does not know where on this computer a workbook of OneDrive is
        path = None
    findings = [finding for finding in examine(path if path and path.exists() else None) if finding.cure]
    told = [f"{finding.check}: {finding.found}\n{finding.cure}" for finding in findings]
    return "\n\n".join([f"tierxl {version('tierxl')}", *(told or ["All that can be checked from here is well."])])


@contextmanager
def _quietly(book: xw.Book) -> Iterator[Progress]:
    """Nothing flickers, asks or recalculates meanwhile, the status bar says what is done, and the selection stays."""
    app, selected = book.app, None
    with suppress(Exception):  # what is selected may be a shape
        selected = app.selection
    place = (selected.sheet.name, selected.address) if selected is not None else None

    def progress(doing: str, done: int, of: int) -> None:
        app.status_bar = f"{TITLE}: {doing}, {done:,} of {of:,}"

    with app.properties(screen_updating=False, display_alerts=False, enable_events=False, calculation="manual"):
        try:
            yield progress
        finally:
            app.status_bar = False
            with suppress(Exception):  # a selection is not worth failing for
                if place is not None:
                    book.sheets[place[0]].activate()
                    book.sheets[place[0]].range(place[1]).select()


def _issues(result: GradedFile) -> str:
    count = len(result.issues)
    return f"{counted(count, 'data issue')}, see the sheet {OWN_TITLES['checks']}." if count else "No data issue."
