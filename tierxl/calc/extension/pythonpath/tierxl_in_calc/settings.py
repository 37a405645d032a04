"""The settings of a document: its Settings sheet, read anew whenever the document has changed."""

from __future__ import annotations

from typing import Any, List, Optional

import unohelper
from com.sun.star.util import XModifyListener

from tierxl_in_calc.areas import used
from tierxl_in_calc.document import grid_of
from tierxl_in_calc.idle import when_idle
from tierxl_in_calc.marks import kind_of
from tierxl_in_calc.own_sheet import own_title

KIND = "settings"
Cells = Optional[List[List[Any]]]


def settings_of(document: Any) -> tuple[str, Cells]:
    """The key of a document, and the cells of its Settings sheet; None where there is no such sheet."""
    key = document.RuntimeUID
    if key not in _watched:
        _watched[key] = _Watch(document, key)
    watch = _watched[key]
    if watch.is_outdated:
        watch.read()
    return key, watch.cells


def settings_sheet(document: Any) -> Any | None:
    """Our Settings sheet; None where there is none."""
    sheets = {sheet.Name: sheet for sheet in document.Sheets}
    title = own_title(KIND, sheets, lambda name: kind_of(sheets[name]))
    return None if title is None else sheets[title]


class _Watch(unohelper.Base, XModifyListener):
    """Sees that a document changes, and lets its formulas follow its settings: they do not know them."""

    def __init__(self, document: Any, key: str) -> None:
        self.cells: Cells = None
        self.is_outdated = True
        self._is_calculation_due = False
        self._document = document
        self._key = key
        document.addModifyListener(self)

    def read(self) -> None:
        """Look at the Settings sheet."""
        sheet = settings_sheet(self._document)
        self.cells = None if sheet is None else grid_of(used(sheet))
        self.is_outdated = False

    def modified(self, event: Any) -> None:
        """Look again; where the settings are others now, all formulas are calculated when this change is done."""
        before, was_outdated = self.cells, self.is_outdated
        self.read()
        if not was_outdated and self.cells != before and not self._is_calculation_due:
            self._is_calculation_due = True
            when_idle(self._calculate)

    def _calculate(self) -> None:
        self._is_calculation_due = False
        self._document.calculateAll()

    def disposing(self, event: Any) -> None:
        _watched.pop(self._key, None)


_watched: dict[str, _Watch] = {}
