"""Macros behind the ribbon's buttons. A macro takes nothing: it works on the workbook that called it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from functools import wraps
from pathlib import Path

import xlwings as xw

from tierxl.excel.open_workbook import WorkbookInExcel
from tierxl.excel.sheets import own_sheet
from tierxl.method.issues import CannotGrade
from tierxl.method.progress import Progress
from tierxl.use_cases import commands
from tierxl.use_cases.commands import TITLE
from tierxl.workbooks.open_workbook import OpenWorkbook


def _macro(work: Callable[[xw.Book], str]) -> Callable[[], None]:
    """A macro of a function that works on the calling workbook and returns the message for the user."""

    @wraps(work)
    def run() -> None:
        book = xw.Book.caller()
        try:
            message, mode = work(book), "info"
        except Exception as error:  # noqa: BLE001  whatever it is, the user reads it
            message, mode = commands.complaint(error), "critical"
        if message:
            book.app.alert(message, TITLE, mode=mode)

    return run


def _command(command: Callable[[OpenWorkbook, date, Progress], str]) -> Callable[[], None]:
    """A macro of a command, which works with a quiet screen."""

    @wraps(command)
    def work(book: xw.Book) -> str:
        with _quietly(book) as progress:
            return command(WorkbookInExcel(book), date.today(), progress)

    return _macro(work)


grade_clients = _command(commands.grade_clients)
check_data = _command(commands.check_data)
refresh_plan = _command(commands.refresh_plan)
propose_assignments = _command(commands.propose_assignments)


@_macro
def explain_selected_client(book: xw.Book) -> str:
    """Say why the client in the selected row has its tier."""
    selected = book.app.selection
    sheet, row = (selected.sheet.name, selected.row) if selected is not None else (None, None)
    return commands.explain_selected_client(WorkbookInExcel(book), date.today(), sheet, row)


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
