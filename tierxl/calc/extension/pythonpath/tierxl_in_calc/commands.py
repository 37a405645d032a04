"""The commands of the menu and the toolbar: each is dispatched as tierxl:GradeClients or the like."""

from __future__ import annotations

import re
from contextlib import contextmanager
from functools import partial
from typing import Any, Iterator

from com.sun.star.awt.MessageBoxType import ERRORBOX, INFOBOX
from com.sun.star.frame import DispatchResultEvent, FeatureStateEvent, XDispatchProvider, XNotifyingDispatch
from com.sun.star.frame.DispatchResultState import FAILURE, SUCCESS
from com.sun.star.lang import XInitialization

from tierxl_in_calc.asking import answer
from tierxl_in_calc.service import Service
from tierxl_in_calc.settings import settings_sheet
from tierxl_in_calc.worker import WORKER, CommandFailed, Message, WorkerFailed

PROTOCOL = "tierxl:"
TITLE = "Client tiers"

OPEN_SETTINGS = "OpenSettings"


class Commands(Service, XInitialization, XDispatchProvider, XNotifyingDispatch):
    """Runs the commands on the document of its frame."""

    NAME = "tierxl.Commands"
    SERVICES = ("com.sun.star.frame.ProtocolHandler",)
    _frame: Any = None

    def initialize(self, arguments: Any) -> None:
        if arguments:
            self._frame = arguments[0]

    def queryDispatch(self, url: Any, target: str, flags: int) -> Any:
        return self if url.Protocol == PROTOCOL else None

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

    def _run(self, url: Any) -> Any:
        """Run a command, and tell the user how it went."""
        command = url.Complete.partition(":")[2]
        try:
            message = _done(self._frame, command)
        except Exception as error:  # noqa: BLE001  a traceback is nothing to show to an account manager
            message = _complaint(error)
            self._show(message, ERRORBOX)
            return FAILURE, message
        if message:
            self._show(message, INFOBOX)
        return SUCCESS, message

    def _show(self, text: str, kind: Any) -> None:
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
        return WORKER.run(_message(controller, command), partial(answer, controller.Model, progress), progress)


def _complaint(error: Exception) -> str:
    if isinstance(error, CommandFailed):
        return str(error)
    if isinstance(error, WorkerFailed):
        return f"{error} The document is as it was."
    return f"The extension met something it did not expect, and stopped: {type(error).__name__}: {error}"


def _message(controller: Any, command: str) -> Message:
    name = re.sub(r"\B([A-Z])", r"_\1", command).lower()  # GradeClients is grade_clients
    selected = controller.Selection
    row = selected.RangeAddress.StartRow + 1 if hasattr(selected, "RangeAddress") else None
    return {"command": name, "sheet": controller.ActiveSheet.Name, "row": row}


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
