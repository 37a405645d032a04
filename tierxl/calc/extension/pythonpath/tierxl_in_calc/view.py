"""The view of a document: the sheet that is shown, the selection, panes that stay while the rest scrolls."""

from contextlib import suppress

import uno
from com.sun.star.awt import FontDescriptor
from com.sun.star.beans import PropertyValue
from com.sun.star.util import URL, InvalidStateException

from tierxl_in_calc.looks import POINT

_MEASURED, _LARGE = 11, 1_000
_CHARACTER = 185.2


class SameView:
    """The place of the user in a document, to leave them there whatever sheets are shown meanwhile."""

    def __init__(self, document):
        self._document, self._controller = document, document.CurrentController
        if self._controller:
            self._sheet, self._selected = self._controller.ActiveSheet.Name, self._controller.getSelection()
            self._row, self._column = self._controller.FirstVisibleRow, self._controller.FirstVisibleColumn

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.show()

    def show(self):
        """Show the user where they were."""
        if self._controller:
            _show(self._document, self._document.Sheets[self._sheet])
            self._controller.select(self._selected)
            self._controller.setFirstVisibleRow(self._row)
            self._controller.setFirstVisibleColumn(self._column)


def unhide(document):
    """Show a document that a program has opened hidden: LibreOffice 7.4 ends when sheets are undone in a hidden one."""
    frame = document.CurrentController.Frame
    if not frame.ContainerWindow.isVisible():
        frames = frame.Creator.Frames
        is_alone = not any(frames.getByIndex(at).ContainerWindow.isVisible() for at in range(frames.Count))
        frame.ContainerWindow.setVisible(True)
        if is_alone:
            frame.activate()
            frame.ContainerWindow.setFocus()


def freeze(document, title, first):
    """Let all above and left of a cell stay while the rest scrolls; first is its row and column, or nothing."""
    controller = _showing(document, title)
    if controller:
        _freeze(controller, first)


def scroll(document, title, column):
    """Scroll what is not frozen of the sheet that is shown, if it is that of a title, to a column."""
    controller = document.CurrentController
    if controller and controller.ActiveSheet.Name == title:
        controller.getByIndex(controller.Count - 1).setFirstVisibleColumn(column - 1)


def dress(document, title, first):
    """Show a new sheet of ours without gridlines, and freeze its panes."""
    controller = _showing(document, title)
    if controller:
        _dispatch(controller.Frame, ".uno:ToggleSheetGrid")
        _freeze(controller, first)


def _showing(document, title):
    controller, sheet = document.CurrentController, document.Sheets[title]
    if controller is not None and sheet.IsVisible:
        if controller.ActiveSheet.Name != title:
            _show(document, sheet)
        return controller
    return None


def _show(document, sheet):
    """Show a sheet. With that, LibreOffice forgets all but the last hundred changes of the list that it is recording.

    So another list is begun within the same step.
    """
    with suppress(InvalidStateException):  # nothing is recorded
        document.UndoManager.leaveUndoContext()
        document.UndoManager.enterUndoContext("")
    document.CurrentController.setActiveSheet(sheet)


def _freeze(controller, first):
    if first is None:
        if controller.hasFrozenPanes():
            controller.freezeAtPosition(0, 0)
        return
    row, column = first
    controller.setFirstVisibleRow(0)
    controller.setFirstVisibleColumn(0)
    controller.freezeAtPosition(column - 1, row - 1)


def _dispatch(frame, command, **details):
    url = URL()
    url.Complete, url.Main, url.Protocol, url.Path = command, command, ".uno:", command[len(".uno:") :]
    details["SynchronMode"] = True
    properties = tuple(PropertyValue(name, 0, value, 0) for name, value in details.items())
    uno.invoke(frame.queryDispatch(url, "", 0), "dispatch", (url, properties))


def toggle_buttons(document, cells):
    """Give an area the buttons that filter, or take them and what they have hidden back.

    It is done as the user does it: only then LibreOffice records all of it.

    Returns:
        Whether it was done: nothing can be where the sheet is hidden.
    """
    return _as_the_user(document, cells.Spreadsheet, cells, ".uno:DataFilterAutoFilter")


def set_row_height(document, sheet, cells, height):
    """Give the rows of cells a height in 1/100 mm, many at once.

    Returns:
        Whether it was done: nothing can be where the sheet is hidden.
    """
    return _as_the_user(document, sheet, cells, ".uno:RowHeight", RowHeight=uno.Any("unsigned short", height))


def _as_the_user(document, sheet, cells, command, **details):
    controller = _showing(document, sheet.Name)
    if controller:
        controller.select(cells)
        _dispatch(controller.Frame, command, **details)
    return controller is not None


def character_width(document):
    """The width of a column's character, in 1/100 mm: that of the figures of the font that Excel measures with."""
    controller = document.CurrentController
    if controller is None:
        return _CHARACTER
    font = controller.Frame.ContainerWindow.getFont(FontDescriptor(Name="Calibri", Height=_LARGE))
    return max(map(font.getCharWidth, "0123456789")) / _LARGE * _MEASURED * POINT
