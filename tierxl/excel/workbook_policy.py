"""The policy of the workbook whose cells call a function: that of its Settings sheet.

The sheet is read once, and again after its macros have told of a change: each reading asks Excel some 60 questions, and
a column of formulas calls once a cell. In case that nobody tells, a call a second reads it as well. A workbook is known
by its full name: the next one of the same name, from another folder, is another.
"""

from dataclasses import dataclass
from time import monotonic
from typing import Any

import xlwings as xw

from tierxl.excel.sheets import settings_of
from tierxl.excel.switches import patience
from tierxl.method.policy import Policy

_FRESH = 1.0
"""Seconds for which a reading counts."""
_ATTEMPTS = 5
"""The questions to an Excel that is busy: it stays so until the function that asks has answered."""
_DEFAULT = Policy()


@dataclass(frozen=True)
class _Reading:
    """The settings of a workbook when they were read last, and the policy that they make."""

    settings: dict[str, Any] | None
    policy: Policy
    fresh_until: float


_readings: dict[str, _Reading] = {}


def workbook_policy() -> Policy:
    """The policy of the workbook that calls.

    A setting that is wrong keeps its default. Where the Settings sheet cannot be reached, as when Excel is busy, the
    policy is the one that the workbook had before; where no workbook calls, it is the default policy.
    """
    try:
        with patience(_ATTEMPTS):
            book = xw.Book.caller()
            name = book.api.FullName
    except Exception:  # noqa: BLE001  each host has its own way to say that no workbook calls
        return _DEFAULT
    reading = _readings.get(name)
    if reading is None or monotonic() > reading.fresh_until:
        reading = _readings[name] = _read(book, reading or _Reading(None, _DEFAULT, 0))
    return reading.policy


def forget() -> None:
    """Have the settings of each workbook read again when it calls next."""
    for name, reading in _readings.items():
        _readings[name] = _Reading(reading.settings, reading.policy, fresh_until=0)


def _read(book: xw.Book, before: _Reading) -> _Reading:
    settings, policy = before.settings, before.policy
    try:
        with patience(_ATTEMPTS):
            settings = settings_of(book).layer
        policy = policy if settings == before.settings else Policy.with_settings(settings)
    except Exception:  # noqa: BLE001, S110  Excel has many ways to say that it is busy
        pass
    return _Reading(settings, policy, monotonic() + _FRESH)
