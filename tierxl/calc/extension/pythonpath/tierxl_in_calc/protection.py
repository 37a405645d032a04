"""Sheets of ours that are protected from slips, without a password."""

from contextlib import suppress

from com.sun.star.lang import IllegalArgumentException

from tierxl_in_calc.checking import refuse_protected
from tierxl_in_calc.marks import kind_of
from tierxl_in_calc.refused import Refused


class Unprotected:
    """As long as this lasts no sheet of ours is protected; then those are again that were not made anew.

    LibreOffice changes no style of cells as long as a sheet is protected, whichever it is. What happens here is not
    recorded: LibreOffice 7.4 ends when it makes changes again in a sheet that it has protected while it undid them.

    Raises:
        Refused: one has a password.
    """

    def __init__(self, document, anew):
        self._document, self._anew = document, set(anew)
        self._titles = [sheet.Name for sheet in document.Sheets if sheet.isProtected() and kind_of(sheet)]

    def __enter__(self):
        try:
            for title in self._titles:
                self._without_record(self._document.Sheets[title].unprotect)
                refuse_protected(self._document.Sheets[title])
        except Refused:
            self._protect(self._titles)
            raise

    def __exit__(self, kind, *_):
        self._protect(self._titles if kind else set(self._titles) - self._anew)

    def _protect(self, titles):
        for title in titles:
            sheet = self._document.Sheets[title]
            if not sheet.isProtected():
                self._without_record(sheet.protect)

    def _without_record(self, change):
        manager = self._document.UndoManager
        manager.lock()
        try:
            with suppress(IllegalArgumentException):
                change("")
        finally:
            manager.unlock()
