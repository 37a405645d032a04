"""The policy of the workbook that calls: that of its Settings sheet."""

from functools import cache

import xlwings as xw

from tierxl.books.excel import settings_of
from tierxl.method.policy import Policy

_last: dict[str, Policy] = {}
"""The policy that each workbook had when its Settings sheet was last read."""


def workbook_policy() -> Policy:
    """The policy of the workbook that calls.

    A setting that is wrong keeps its default. Where the Settings sheet cannot be reached, as when Excel is busy, the
    policy is the one that the workbook had before; where no workbook calls, it is the default policy.
    """
    try:
        book = xw.Book.caller()
        name = book.name
    except Exception:  # noqa: BLE001  each host has its own way to say that no workbook calls
        return _default()
    try:
        policy = Policy.with_settings(settings_of(book).layer)
    except Exception:  # noqa: BLE001  Excel has many ways to say that it is busy
        return _last.get(name, _default())
    _last[name] = policy
    return policy


@cache
def _default() -> Policy:
    return Policy()
