"""Sheets of ours that are protected from slips, without a password."""

from contextlib import suppress

from com.sun.star.lang import IllegalArgumentException

from tierxl_in_calc.checking import refuse_protected
from tierxl_in_calc.marks import kind_of


def lift_protection(document, step):
    """Lift the protection of the sheets of ours; returns their titles.

    LibreOffice changes no style of cells as long as a sheet is protected, whichever it is.

    Raises:
        Refused: one has a password.
    """
    titles = [sheet.Name for sheet in document.Sheets if sheet.isProtected() and kind_of(sheet)]
    for title in titles:
        lift, protect = _change(document, title, "unprotect"), _change(document, title, "protect")
        step.beside(undo=protect, redo=lift)
        lift()
        refuse_protected(document.Sheets[title])
    return titles


def protect_again(document, titles, step):
    """Protect sheets that were not made anew."""
    for title in titles:
        lift, protect = _change(document, title, "unprotect"), _change(document, title, "protect")
        step.beside(undo=lift, redo=protect)
        protect()


def _change(document, title, change):
    """A change that LibreOffice does not record: it would undo it before we have undone ours."""

    def make():
        document.UndoManager.lock()
        try:
            with suppress(IllegalArgumentException):
                getattr(document.Sheets[title], change)("")
        finally:
            document.UndoManager.unlock()

    return make
