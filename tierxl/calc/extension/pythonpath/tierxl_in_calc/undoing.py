"""A change of a document as one step that the user can undo; it is made whole, or not at all."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Callable, Iterable

import unohelper
from com.sun.star.document import XUndoAction

from tierxl_in_calc.idle import when_idle
from tierxl_in_calc.refused import Refused
from tierxl_in_calc.view import SameView, unhide

Change = Callable[[], None]


class OneStep:
    """All that happens within is one step in the document's undo list; if it fails, it is undone.

    LibreOffice records most of it. Some changes it records wrongly or not at all: text in cells that were empty stays
    when it is undone, for example. These are undone and done again by changes beside it. Styles of ours stay in
    the document: what LibreOffice has recorded hangs on them.

    It is a class, as every context here through which LibreOffice's exceptions pass: Python's contextmanager notes
    where it has seen an exception, which these do not let it.

    Raises:
        Refused: it failed; the document is as it was.
    """

    def __init__(self, document: Any, title: str) -> None:
        self._document, self._title = document, title
        self._manager = document.UndoManager
        self._beside = _Action(document, title)
        self._first = _First(document, title)

    def __enter__(self):
        self._was_modified = self._document.isModified()
        self._manager.enterUndoContext(self._title)
        self._manager.addUndoAction(self._first)
        self._manager.enterUndoContext("")  # a list of its own, as long as no other sheet is shown
        return self

    def beside(self, undo: Change | None = None, redo: Change | None = None) -> None:
        """Tell how to undo a change, and how to make it again: either when LibreOffice has done its own part."""
        self._beside.take(undo, redo)

    def __exit__(self, kind: object, error: BaseException | None, _: object) -> None:
        self._manager.leaveUndoContext()
        self._manager.addUndoAction(self._beside)
        self._manager.leaveUndoContext()
        if error is None:
            return
        self._manager.undo()
        self._beside.finish()
        self._manager.clearRedo()
        self._document.setModified(self._was_modified)
        if not isinstance(error, Refused):
            raise Refused(
                f"LibreOffice did not let tierxl write into {self._document.Title}, and nothing was changed. "
                f"LibreOffice says: {_message(error)}"
            ) from error


class _Action(unohelper.Base, XUndoAction):
    """Changes that are made when LibreOffice has undone what it has recorded itself.

    Not before: what changes while it undoes makes LibreOffice 7.4 record, and end.
    """

    def __init__(self, document: Any, title: str) -> None:
        self._document, self.Title = document, title
        self._undo: list[Change] = []
        self._redo: list[Change] = []
        self._due: list[Change] = []
        self._is_planned = False
        self._view: SameView | None = None

    def take(self, undo: Change | None, redo: Change | None) -> None:
        self._undo += [undo] if undo else []
        self._redo += [redo] if redo else []

    def undo(self) -> None:
        unhide(self._document)
        self._view = SameView(self._document)
        self._plan(reversed(self._undo))

    def redo(self) -> None:
        self._plan(self._redo)

    def finish(self) -> None:
        """Make the changes that are due. What one cannot put back must not keep the others from it."""
        if not self._is_planned or self._document.CurrentController is None:
            return
        self._is_planned = False
        due, self._due = self._due, []
        self._document.UndoManager.lock()
        for change in due:
            with suppress(Exception):
                change()
        with suppress(Exception):
            self._view.show()
        self._document.UndoManager.unlock()

    def _plan(self, changes: Iterable[Change]) -> None:
        self._due += changes
        self._is_planned = True
        when_idle(self.finish)


class _First(unohelper.Base, XUndoAction):
    """The first action when a step is made again."""

    def __init__(self, document: Any, title: str) -> None:
        self._document, self.Title = document, title

    def undo(self) -> None:
        pass

    def redo(self) -> None:
        unhide(self._document)


def _message(error: BaseException) -> str:
    return str(getattr(error, "Message", "") or error) or type(error).__name__
