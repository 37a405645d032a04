"""Work that waits until LibreOffice has done what it is doing."""

from __future__ import annotations

from typing import Any, Callable

import uno
import unohelper
from com.sun.star.awt import XCallback


def when_idle(work: Callable[[], None]) -> None:
    """Do some work soon, on the office's main thread."""
    context = uno.getComponentContext()
    later = context.ServiceManager.createInstanceWithContext("com.sun.star.awt.AsyncCallback", context)
    later.addCallback(_Callback(work), None)


class _Callback(unohelper.Base, XCallback):
    def __init__(self, work: Callable[[], None]) -> None:
        self._work = work

    def notify(self, data: Any) -> None:
        self._work()
