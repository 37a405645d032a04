"""A change of a document as one step that the user can undo; it is made whole, or not at all."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Callable, Iterable

import unohelper
from com.sun.star.document import XUndoAction

from tierxl_in_calc.idle import when_idle
from tierxl_in_calc.refused import Refused

Change = Callable[[], None]


class OneStep:
    """All that happens within is one step in the document's undo list; if it fails, it is undone.

    LibreOffice records most of it. Some changes it records wrongly or not at all: text in cells that were empty stays
    when it is undone, for example. How to undo these, and do them again, is told beside.

    It is a class, as every context here through which LibreOffice's exceptions pass: Python's contextmanager notes
    where it has seen an exception, which these do not let it.

    Raises:
        Refused: it failed; the document is as it was.
    """

    def __init__(self, document: Any, title: str) -> None:
        self._document, self._title = document, title
        self._manager = document.UndoManager
        self._opening, self._closing = _Action(document, title), _Action(document, title)

    def __enter__(self) -> OneStep:
        self._was_modified = self._document.isModified()
        self._manager.enterUndoContext(self._title)
        self._manager.addUndoAction(self._opening)
        self._manager.enterUndoContext(self._title)
        return self

    def before_all(self, undo: Change | None = None, redo: Change | None = None) -> None:
        """Do again before, and undo after, all that is told later."""
        self._opening.take(undo, redo)

    def after_all(self, undo: Change | None = None, redo: Change | None = None) -> None:
        """Do again after, and undo before, what is told to come before all."""
        self._closing.take(undo, redo)

    def next_part(self) -> None:
        """Begin another part: LibreOffice remembers the last hundred changes of a part, and forgets those before."""
        self._manager.leaveUndoContext()
        self._manager.enterUndoContext(self._title)

    def unrecorded(self) -> _Unrecorded:
        """Within, LibreOffice records nothing."""
        return _Unrecorded(self._manager)

    def __exit__(self, kind: Any, error: BaseException | None, _: Any) -> None:
        self._manager.leaveUndoContext()
        self._manager.addUndoAction(self._closing)
        self._manager.leaveUndoContext()
        if error is None:
            return
        self._manager.undo()
        self._closing.finish()
        self._opening.finish()
        self._manager.clearRedo()
        self._document.setModified(self._was_modified)
        if not isinstance(error, Refused):
            raise Refused(
                f"LibreOffice did not let tierxl write into {self._document.Title}, and nothing was changed. "
                f"LibreOffice says: {_said(error)}"
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

    def take(self, undo: Change | None, redo: Change | None) -> None:
        self._undo += [undo] if undo else []
        self._redo += [redo] if redo else []

    def undo(self) -> None:
        self._plan(reversed(self._undo))

    def redo(self) -> None:
        self._plan(self._redo)

    def finish(self) -> None:
        """Make the changes that are due. What one cannot put back must not keep the others from it."""
        due, self._due = self._due, []
        with _Unrecorded(self._document.UndoManager):
            for change in due:
                with suppress(Exception):
                    change()

    def _plan(self, changes: Iterable[Change]) -> None:
        self._due += changes
        when_idle(self.finish)


class _Unrecorded:
    def __init__(self, manager: Any) -> None:
        self._manager = manager

    def __enter__(self) -> None:
        self._manager.lock()

    def __exit__(self, *_: object) -> None:
        self._manager.unlock()


def _said(error: BaseException) -> str:
    return str(getattr(error, "Message", "") or error) or type(error).__name__
