"""The buttons and functions of the workbook for xlwings Lite: its scripts hand over their workbook, and wait."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from tierxl.functions import FUNCTIONS
from tierxl.functions.worksheet_function import MARK
from tierxl.lite.open_workbook import Changes, WorkbookInLite
from tierxl.lite.questions import Answers, Unanswered
from tierxl.lite.writing import write
from tierxl.method.issues import CannotGrade
from tierxl.method.policy import Policy
from tierxl.method.progress import silent
from tierxl.sheets import settings
from tierxl.use_cases import commands
from tierxl.use_cases.commands import TITLE

_UNEXPECTED = (
    "tierxl met something it did not expect, and changed nothing: {}: {}. Save a copy of the workbook and grade it "
    "with the command: tierxl grade."
)
_NO_SETTINGS = (
    "No setting stands in the last argument: hand over the cells of the sheet Settings, such as Settings!A1:F200"
)

Work = Callable[[WorkbookInLite], str]


async def grade_clients(live: Any) -> None:
    """Grade the clients: tier columns, colours, and the sheets of our own."""
    await _run(live, lambda workbook: commands.grade_clients(workbook, date.today(), silent))


async def check_data(live: Any) -> None:
    """List what is wrong in the data, on the Checks sheet."""
    await _run(live, lambda workbook: commands.check_data(workbook, date.today(), silent))


async def explain_selected_client(live: Any) -> None:
    """Say why the client in the selected row has its tier."""
    selected = live.app.selection
    is_cell = selected is not None and selected.address is not None
    sheet, row = (selected.sheet.name, selected.row) if is_cell else (None, None)
    await _run(live, lambda workbook: commands.explain_selected_client(workbook, date.today(), sheet, row))


async def _run(live: Any, work: Work) -> None:
    """Do the work of a button, and show its message. Nothing is written before all is decided."""
    mode = "info"
    try:
        message, changes = await _decided(live, work)
    except CannotGrade as error:
        message, mode, changes = commands.complaint(error), "critical", None
    except Exception as error:  # noqa: BLE001  a traceback is nothing to show to an account manager
        message, mode, changes = _UNEXPECTED.format(type(error).__name__, error), "critical", None
    if changes:
        try:
            await write(live, changes)
        except CannotGrade as error:  # Lite shows any other one itself, and lets go of what waits to be written
            message, mode = commands.complaint(error), "critical"
    live.app.alert(message, TITLE, mode=mode)


async def _decided(live: Any, work: Work) -> tuple[str, Changes | None]:
    """The message of a command, and its changes. It begins anew when a question was answered."""
    answers = Answers(live)
    while True:
        workbook = WorkbookInLite(live, answers)
        try:
            return work(workbook), workbook.changes
        except Unanswered as unanswered:
            await answers.fetch(unanswered.questions)


def calculate(function: str, cells: Sequence[Any], settings_range: Any = None) -> Any:
    """The answer of a worksheet function.

    Args:
        function: its name.
        cells: its arguments; Lite hands over None for a blank one as for one that is left out.
        settings_range: the cells of the Settings sheet; the default policy without them.
    """
    layer = settings.read(settings_range or (), settings.TITLE).layer
    if settings_range and not layer:
        return f"{MARK}{_NO_SETTINGS}"
    return FUNCTIONS[function](Policy.with_settings(layer), date.today(), *cells)
