"""Writes what a command has worked out into an open document: one step that can be undone, all of it or nothing."""

from tierxl_in_calc.checking import check
from tierxl_in_calc.columns import write_columns
from tierxl_in_calc.looks import Looks
from tierxl_in_calc.painting import paint
from tierxl_in_calc.printing import print_clients
from tierxl_in_calc.protection import Unprotected
from tierxl_in_calc.undoing import OneStep
from tierxl_in_calc.view import SameView, character_width, scroll


def write(document, changes, progress):
    """Write the changes of a message into a document.

    Args:
        document: the model of the document.
        changes: the message.
        progress: called with the number of written parts, and of all.

    Raises:
        Refused: they cannot be written; then nothing is changed.
    """
    check(document, changes)
    sheets, graded = changes["sheets"], changes["columns"]
    unprotected = Unprotected(document, (described["title"] for described in sheets))
    with unprotected, OneStep(document, changes["doing"]) as step, _Quietly(document), SameView(document):
        looks = Looks(document, changes)
        character = character_width(document)
        if graded:
            write_columns(document, graded, looks, step, character)
        for done, described in enumerate(sheets, 1):
            progress(done, len(sheets) + 1)
            later = {other["title"] for other in sheets[done:]}
            paint(document, described, looks, step, character, later)
        if graded and graded["pages"]:
            print_clients(document, document.Sheets[graded["sheet"]], graded["pages"], looks, step)
        progress(len(sheets) + 1, len(sheets) + 1)
    if graded and graded["beside"]:
        scroll(document, graded["sheet"], graded["beside"])


class _Quietly:
    """Without drawing, calculating or measuring meanwhile."""

    def __init__(self, document):
        self._document = document

    def __enter__(self):
        document = self._document
        self._calculates, self._measures = document.isAutomaticCalculationEnabled(), document.IsAdjustHeightEnabled
        document.lockControllers()
        document.addActionLock()
        document.enableAutomaticCalculation(False)
        document.IsAdjustHeightEnabled = False

    def __exit__(self, *_):
        document = self._document
        document.IsAdjustHeightEnabled = self._measures
        document.enableAutomaticCalculation(self._calculates)
        document.removeActionLock()
        document.unlockControllers()
