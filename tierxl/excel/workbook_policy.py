"""The policy of the workbook that calls: that of its Settings sheet."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any

import xlwings as xw

from tierxl.excel.open_workbook import settings_of
from tierxl.method.policy import Policy

_last: dict[str, tuple[dict[str, Any], Policy]] = {}
"""The settings and the policy that each workbook had when its Settings sheet was last read."""


_said: ContextVar[Policy | None] = ContextVar("policy of the workbook that calls", default=None)


@contextmanager
def calling_workbook(policy: Policy | None) -> Iterator[None]:
    """A host other than Excel says whose functions it calculates meanwhile: those of a workbook with this policy.

    Args:
        policy: the policy; None where the workbook has no Settings sheet, and the default policy holds.
    """
    before = _said.set(policy or _default())
    try:
        yield
    finally:
        _said.reset(before)


def workbook_policy() -> Policy:
    """The policy of the workbook that calls.

    A setting that is wrong keeps its default. Where the Settings sheet cannot be reached, as when Excel is busy, the
    policy is the one that the workbook had before; where no workbook calls, it is the default policy. As long as the
    settings stay the same, so does the object, by which answers are remembered.
    """
    if said := _said.get():
        return said
    try:
        book = xw.Book.caller()
        name = book.name
    except Exception:  # noqa: BLE001  each host has its own way to say that no workbook calls
        return _default()
    try:
        layer = settings_of(book).layer
        if name not in _last or _last[name][0] != layer:
            _last[name] = layer, Policy.with_settings(layer)
    except Exception:  # noqa: BLE001  Excel has many ways to say that it is busy
        return _last[name][1] if name in _last else _default()
    return _last[name][1]


@cache
def _default() -> Policy:
    return Policy()
