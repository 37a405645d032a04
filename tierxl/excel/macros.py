"""What the ribbon's buttons call. A macro takes nothing: it works on the workbook that called it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from functools import wraps
from pathlib import Path

import xlwings as xw

from tierxl.excel.open_workbook import WorkbookInExcel, own_sheet
from tierxl.method.issues import CannotGrade
from tierxl.method.progress import Progress
from tierxl.use_cases import commands
from tierxl.use_cases.commands import TITLE


def _macro(work: Callable[[xw.Book], str]) -> Callable[[], None]:
    """A macro, of a function that works on the calling workbook and returns what to tell the user."""

    @wraps(work)
    def run() -> None:
        book = xw.Book.caller()
        try:
            told, mode = work(book), "info"
        except Exception as error:  # noqa: BLE001  whatever it is, the user is told
            told, mode = commands.complaint(error), "critical"
        if told:
            book.app.alert(told, TITLE, mode=mode)

    return run


@_macro
def grade_clients(book: xw.Book) -> str:
    """Grade the clients: tier columns, colours, and the sheets of our own."""
    with _quietly(book) as progress:
        return commands.grade_clients(WorkbookInExcel(book), date.today(), progress)


@_macro
def explain_selected_client(book: xw.Book) -> str:
    """Say why the client in the selected row has its tier."""
    selected = book.app.selection
    sheet, row = (selected.sheet.name, selected.row) if selected is not None else (None, None)
    return commands.explain_selected_client(WorkbookInExcel(book), date.today(), sheet, row)


@_macro
def check_data(book: xw.Book) -> str:
    """List what is wrong in the data, on the Checks sheet."""
    with _quietly(book) as progress:
        return commands.check_data(WorkbookInExcel(book), date.today(), progress)


@_macro
def refresh_plan(book: xw.Book) -> str:
    """Make the engagement plan anew, as of today."""
    with _quietly(book) as progress:
        return commands.refresh_plan(WorkbookInExcel(book), date.today(), progress)


@_macro
def propose_assignments(book: xw.Book) -> str:
    """Propose who should serve whom, on the Assignments sheet."""
    with _quietly(book) as progress:
        return commands.propose_assignments(WorkbookInExcel(book), date.today(), progress)


@_macro
def open_settings(book: xw.Book) -> str:
    """Show the Settings sheet."""
    sheet = own_sheet(book, "settings")
    if sheet is None:
        raise CannotGrade(commands.NO_SETTINGS)
    sheet.activate()
    return ""


@_macro
def about(book: xw.Book) -> str:
    """Say which version this is, and what may keep it from working on this computer."""
    try:
        path = Path(book.fullname)
    except Exception:  # noqa: BLE001  xlwings does not know where on this computer a workbook of OneDrive is
        path = None
    return commands.about(path if path and path.exists() else None)


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
