"""Switches of Excel that are set for a while, and how long a busy Excel is asked again."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

import xlwings as xw


@contextmanager
def switched(app: xw.App, **switches: Any) -> Iterator[None]:
    """Switches of Excel set meanwhile; one that it refuses stays as it is, and each other goes back to what it was."""
    with ExitStack() as stack:
        for name, value in switches.items():
            with suppress(Exception):
                before = getattr(app, name)
                stack.callback(_set, app, name, before)
                setattr(app, name, value)
        yield


def _set(app: xw.App, name: str, value: Any) -> None:
    with suppress(Exception):
        setattr(app, name, value)


@contextmanager
def patience(attempts: int) -> Iterator[None]:
    """Excel is asked so many times at most while it is busy: xlwings asks for ever, without a pause."""
    windows: Any = sys.modules.get("xlwings._xlwindows")
    if windows is None:
        yield
        return
    before = windows.N_COM_ATTEMPTS
    windows.N_COM_ATTEMPTS = attempts
    try:
        yield
    finally:
        windows.N_COM_ATTEMPTS = before
