"""The worker ends with the office."""

from typing import Any

import uno
import unohelper
from com.sun.star.frame import XTerminateListener

from tierxl_in_calc.worker import WORKER


class _End(unohelper.Base, XTerminateListener):
    def queryTermination(self, event: Any) -> None:
        """Nothing speaks against it."""

    def notifyTermination(self, event: Any) -> None:
        WORKER.end()

    def disposing(self, event: Any) -> None:
        """The office has ended, and the pipes with it."""


def end_with_the_office() -> None:
    """Let the worker end when the office does."""
    context = uno.getComponentContext()
    desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
    desktop.addTerminateListener(_End())
