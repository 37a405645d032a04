"""The commands of the menu and the toolbar: each is dispatched as tierxl:GradeClients or the like."""

from __future__ import annotations

from contextlib import contextmanager
from typing import Any, Iterator

import unohelper
from com.sun.star.awt.MessageBoxType import ERRORBOX, INFOBOX
from com.sun.star.frame import DispatchResultEvent, FeatureStateEvent, XDispatchProvider, XNotifyingDispatch
from com.sun.star.frame.DispatchResultState import FAILURE, SUCCESS
from com.sun.star.lang import XInitialization, XServiceInfo

from tierxl_in_calc.asking import Asked
from tierxl_in_calc.settings import settings_sheet
from tierxl_in_calc.worker import WORKER, CommandFailed, Message, WorkerFailed

NAME = "tierxl.Commands"
PROTOCOL = "tierxl:"
TITLE = "Client tiers"

WORKED = {
    "GradeClients": "grade_clients",
    "ExplainSelectedClient": "explain_selected_client",
    "CheckData": "check_data",
    "RefreshPlan": "refresh_plan",
    "ProposeAssignments": "propose_assignments",
    "About": "about",
}
"""The commands that the worker runs."""

OPEN_SETTINGS = "OpenSettings"


class Commands(unohelper.Base, XInitialization, XDispatchProvider, XNotifyingDispatch, XServiceInfo):
    """Runs the commands on the document of its frame."""

    def __init__(self, context: Any) -> None:
        self._context = context
        self._frame: Any = None

    def initialize(self, arguments: Any) -> None:
        if arguments:
            self._frame = arguments[0]

    def queryDispatch(self, url: Any, target: str, flags: int) -> Any:
        command = url.Complete.partition(":")[2]
        return self if url.Protocol == PROTOCOL and command in (*WORKED, OPEN_SETTINGS) else None

    def queryDispatches(self, requests: Any) -> Any:
        return tuple(
            self.queryDispatch(request.FeatureURL, request.FrameName, request.SearchFlags) for request in requests
        )

    def dispatch(self, url: Any, arguments: Any) -> None:
        self._run(url)

    def dispatchWithNotification(self, url: Any, arguments: Any, listener: Any) -> None:
        event = DispatchResultEvent()
        event.Source = self
        event.State, event.Result = self._run(url)
        if listener is not None:
            listener.dispatchFinished(event)

    def addStatusListener(self, listener: Any, url: Any) -> None:
        event = FeatureStateEvent()
        event.FeatureURL, event.Source, event.IsEnabled = url, self, True
        listener.statusChanged(event)

    def removeStatusListener(self, listener: Any, url: Any) -> None:
        pass

    def getImplementationName(self) -> str:
        return NAME

    def supportsService(self, name: str) -> bool:
        return name in self.getSupportedServiceNames()

    def getSupportedServiceNames(self) -> Any:
        return ("com.sun.star.frame.ProtocolHandler",)

    def _run(self, url: Any) -> Any:
        """Run a command, and tell the user how it went."""
        command = url.Complete.partition(":")[2]
        try:
            told = _done(self._frame, command)
        except Exception as error:  # noqa: BLE001  a traceback is nothing to show to an account manager
            told = _complaint(error)
            self._tell(told, ERRORBOX)
            return FAILURE, told
        if told:
            self._tell(told, INFOBOX)
        return SUCCESS, told

    def _tell(self, text: str, kind: Any) -> None:
        window = self._frame.ContainerWindow
        box = window.Toolkit.createMessageBox(window, kind, 1, TITLE, text)
        box.execute()
        box.dispose()


def _done(frame: Any, command: str) -> str:
    controller = frame.Controller
    if command == OPEN_SETTINGS:
        sheet = settings_sheet(controller.Model)
        if sheet is None:
            raise CommandFailed("There is no Settings sheet yet: press Grade clients, which makes one.")
        controller.ActiveSheet = sheet
        return ""
    with _progress_bar(frame) as progress:
        return WORKER.run(_message(controller, command), Asked(controller.Model, progress).give, progress)


def _complaint(error: Exception) -> str:
    if isinstance(error, CommandFailed):
        return str(error)
    if isinstance(error, WorkerFailed):
        return f"{error} The document is as it was."
    return f"The extension met something it did not expect, and stopped: {type(error).__name__}: {error}"


def _message(controller: Any, command: str) -> Message:
    message: dict[str, Any] = {"command": WORKED[command], "sheet": controller.ActiveSheet.Name, "row": None}
    selected = controller.Selection
    if hasattr(selected, "RangeAddress"):
        message["row"] = selected.RangeAddress.StartRow + 1
    return message


@contextmanager
def _progress_bar(frame: Any) -> Iterator[Any]:
    """A bar in the status bar that says what is done."""
    bar = frame.createStatusIndicator()
    doing: str | None = None

    def progress(what: str, done: int, of: int) -> None:
        nonlocal doing
        if what != doing:
            bar.start(f"{TITLE}: {what}", 100)
            doing = what
        bar.setValue(100 * done // max(of, 1))

    progress("Reading", 0, 1)
    try:
        yield progress
    finally:
        bar.end()
