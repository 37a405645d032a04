"""A change of a document as one step that the user can undo; it is made whole, or not at all."""

from contextlib import suppress

import unohelper
from com.sun.star.document import XUndoAction

from tierxl_in_calc.refused import Refused


class Step:
    """What a step of ours undoes and does again beside LibreOffice, which does not record every change.

    Cells that were empty are an example: when what was written into them is undone, LibreOffice leaves it there.
    Each change is told as a call that makes it, and is one that LibreOffice would record once at most.
    """

    def __init__(self, document, title):
        self.opening, self.closing = _Action(document, title), _Action(document, title)

    def before_all(self, undo=None, redo=None):
        """Do again before, and undo after, all that LibreOffice has recorded."""
        self.opening.take(undo, redo)

    def after_all(self, undo=None, redo=None):
        """Do again after, and undo before, all that LibreOffice has recorded."""
        self.closing.take(undo, redo)


class _Action(unohelper.Base, XUndoAction):
    def __init__(self, document, title):
        self._document, self.Title = document, title
        self._undo, self._redo = [], []

    def take(self, undo, redo):
        self._undo += [undo] if undo else []
        self._redo += [redo] if redo else []

    def undo(self):
        self._each(reversed(self._undo))

    def redo(self):
        self._each(self._redo)

    def _each(self, changes):
        """Make changes without a record: LibreOffice 7.4 ends when one is made of what happens while it undoes.

        It makes none then by itself, but does again once a change has been drawn: so each is locked out by itself.
        What one change cannot put back must not keep the others from it: LibreOffice would forget the whole list.
        """
        manager = self._document.UndoManager
        for change in changes:
            manager.lock()
            with suppress(Exception):
                change()
            manager.unlock()


class OneStep:
    """All that happens within is one step in the document's undo list; if it fails, it is undone.

    It is a class, as every context here through which LibreOffice's exceptions pass: Python's contextmanager notes
    where it has seen an exception, which these do not let it.

    Raises:
        Refused: it failed; the document is as it was.
    """

    def __init__(self, document, title):
        self._document, self._title = document, title

    def __enter__(self):
        self._was_modified = self._document.isModified()
        manager = self._document.UndoManager
        self._step = Step(self._document, self._title)
        manager.enterUndoContext(self._title)
        manager.addUndoAction(self._step.opening)
        return self._step

    def __exit__(self, kind, error, _):
        manager = self._document.UndoManager
        manager.addUndoAction(self._step.closing)
        manager.leaveUndoContext()
        if error is None:
            return
        manager.undo()
        manager.clearRedo()
        self._document.setModified(self._was_modified)
        if not isinstance(error, Refused):
            raise Refused(
                f"LibreOffice did not let tierxl write into {self._document.Title}, and nothing was changed. "
                f"LibreOffice says: {_said(error)}"
            ) from error


def _said(error):
    return str(getattr(error, "Message", "") or error) or type(error).__name__
