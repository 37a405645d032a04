"""Macros behind the ribbon's buttons. A macro takes nothing: it works on the workbook in front of it."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from functools import wraps
from pathlib import Path

import xlwings as xw

from tierxl.excel import workbook_policy
from tierxl.excel.open_workbook import WorkbookInExcel
from tierxl.excel.sheets import own_sheet
from tierxl.excel.switches import patience, switched
from tierxl.method.issues import CannotGrade
from tierxl.method.progress import Progress
from tierxl.use_cases import commands
from tierxl.use_cases.commands import TITLE
from tierxl.workbooks.open_workbook import OpenWorkbook

_ATTEMPTS = 100_000
"""The questions to a busy Excel, some seconds long: it is done soon, where it does not wait for us."""
_ALLOW = (
    "Python may not control Excel on this Mac yet. In System Settings, under Privacy & Security, Automation, switch on "
    "Microsoft Excel for the program that wants to control it, and press the button again."
)


def _macro(work: Callable[[xw.Book], str]) -> Callable[[], None]:
    """A macro of a function that works on the calling workbook and returns the message for the user."""

    @wraps(work)
    def run() -> None:
        try:
            with patience(_ATTEMPTS):
                _run(work)
        except Exception as error:
            if commands.MAY_NOT_CONTROL in str(error):
                sys.exit(_ALLOW)  # no message can be shown in Excel: the workbook's macros show it
            raise

    return run


def _run(work: Callable[[xw.Book], str]) -> None:
    book = xw.Book.caller()
    try:
        message, mode = work(book), "info"
    except Exception as error:  # noqa: BLE001  whatever it is, the user reads it
        message, mode = commands.complaint(error), "critical"
    workbook_policy.forget()
    if message:
        with switched(book.app, display_alerts=False):  # else Excel complains of having to wait, after a minute
            book.app.alert(message, TITLE, mode=mode)


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
    from tierxl.use_cases.about import about  # noqa: PLC0415  only this button waits for what examines a computer

    return about(path if path and path.exists() else None)


@contextmanager
def _quietly(book: xw.Book) -> Iterator[Progress]:
    """Nothing flickers, asks, recalculates or takes keys; the status bar says what is done, and the selection stays."""
    app, front, selected = book.app, None, None
    with suppress(Exception):  # what is in front may be a chart sheet, and what is selected a shape
        front = book.sheets.active
        selected = app.selection
    place = (selected.sheet.name, selected.address) if selected is not None else None

    def progress(doing: str, done: int, of: int) -> None:
        app.status_bar = f"{TITLE}: {doing}, {done:,} of {of:,}"

    off = dict.fromkeys(("screen_updating", "display_alerts", "enable_events", "interactive"), False)
    with switched(app, **off, calculation="manual"):
        try:
            yield progress
        finally:
            with suppress(Exception):
                app.status_bar = False
            with suppress(Exception):  # a selection is not worth failing for
                if place is not None:
                    front = book.sheets[place[0]]
                    front.activate()
                    front.range(place[1]).select()
                elif front is not None:
                    front.activate()
