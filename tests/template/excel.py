"""Excel for a VBA interpreter: what pyopenvba has of it, and the members about add-ins and links that it lacks.

It refuses what Excel refuses, and a member that neither has raises an error that no VBA can handle.
"""

# ruff: noqa: ARG002, N802, N803  members and arguments have the names of Excel

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from pyopenvba.apps.excel import Application, ExcelApplication, Workbook
from pyopenvba.apps.excel._bridge import ExcelBridge
from pyopenvba.apps.excel._io import load_workbook
from pyopenvba.interpreter._objects import VBAObject, member, method, setter
from pyopenvba.interpreter._values import EMPTY, MISSING, NOTHING, VBAArray, error, to_bool, to_text

from tests.files import parts_of
from tests.template.templates import vba_of

START_UP = r"C:\Users\Ann\AppData\Roaming\Microsoft\Excel\XLSTART"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MICROSOFT = "http://schemas.microsoft.com/office/2006/relationships/xlExternalLinkPath"
_REFUSED = 1004


class Instance(Application):
    """An instance of Excel."""

    def set_up(self) -> None:
        self.asks_about_links, self.in_protected_view, self.is_ending = True, False, False
        self.caller: object = NOTHING
        self.later, self.helped, self.handed_over, self.other_add_ins = [], [], [], []

    @member
    def AskToUpdateLinks(self) -> object:
        return self.asks_about_links

    @setter("AskToUpdateLinks")
    def _set_ask(self, value: object) -> None:
        self.asks_about_links = to_bool(value)

    @member
    def Caller(self) -> object:
        return self.caller

    @member
    def CommandBars(self, Index: object) -> object:
        assert Index == "Standard"
        return Bar()

    @member
    def ActiveProtectedViewWindow(self) -> object:
        return self if self.in_protected_view else NOTHING

    @method
    def OnTime(self, EarliestTime: object, Procedure: object) -> object:
        if self.is_ending:
            raise error(_REFUSED, "Method 'OnTime' of object '_Application' failed")
        self.later.append(to_text(Procedure))
        return EMPTY

    @method
    def MacroOptions(
        self,
        Macro: object,
        Description: object,
        Category: object,
        ArgumentDescriptions: object,
    ) -> object:
        if self.active_book is None:
            raise error(_REFUSED, "Method 'MacroOptions' of object '_Application' failed")
        self.helped.append(to_text(Macro))
        self._this_workbook.saved = False
        return EMPTY

    @member
    def Workbooks(self, Index: object = MISSING) -> object:
        """The workbooks; by its name also an add-in, which is none of them."""
        this = self._this_workbook
        add_ins = [*self.other_add_ins, *([this] if this and this.name.endswith(".xlam") else [])]
        return next((book for book in add_ins if book.name == Index), None) or super().Workbooks(Index)

    @method
    def Run(self, Macro: object, *arguments: object) -> object:
        quoted, _, name = to_text(Macro).rpartition("!")
        owner = re.sub(r"^'(.*)'$", r"\1", quoted).replace("''", "'")
        book = self.Workbooks(owner)
        if not book.runs_macros or name not in book.macros:
            raise error(_REFUSED, f"Cannot run the macro '{to_text(Macro)}'.")
        if name != "TierxlIsHere":
            self.handed_over.append((owner, name, *map(to_text, arguments)))
        return EMPTY


class Bar(VBAObject):
    """A bar of commands, which Excel switches off while it waits for the user."""

    @member
    def Controls(self, Index: object) -> object:
        assert Index == 1
        return self

    @member
    def Enabled(self) -> object:
        return True


class Book(Workbook):
    """A workbook with its links to others as its file has them."""

    def set_up(self, path: Path) -> None:
        self.links, self.has_vba = links_of(path), "xl/vbaProject.bin" in parts_of(path)
        self.runs_macros = self.has_vba
        modules = vba_of(path).values() if self.has_vba else ()
        offered = [source for source in modules if "\nOption Private Module\n" not in source]
        self.macros = set(re.findall(r"^Public Sub (\w+)", "\n".join(offered), re.MULTILINE))

    @member
    def FullName(self) -> object:
        return f"{self.path}\\{self.name}"

    @member
    def IsAddin(self) -> object:
        return self.name.endswith(".xlam")

    @member
    def HasVBProject(self) -> object:
        return self.has_vba

    @method
    def LinkSources(self, Type: object) -> object:
        assert Type == 1
        return VBAArray([(1, len(self.links))], items=[*self.links]) if self.links else EMPTY

    @method
    def ChangeLink(self, Name: object, NewName: object, Type: object) -> object:
        assert Type == 1
        assert not self.application.display_alerts, "Excel asks when it does not find the file"
        assert not self.application.asks_about_links
        old, new = to_text(Name), to_text(NewName)
        if old not in self.links or any(sheet.protection for sheet in self.sheets_):
            raise error(_REFUSED, "Method 'ChangeLink' of object '_Workbook' failed")
        self.links[self.links.index(old)] = new
        self.saved = False
        return EMPTY


def links_of(path: Path) -> list[str]:
    """The files that a workbook's formulas come from, as Excel names them to its macros on Ann's computer."""
    found = []
    for name, part in parts_of(path).items():
        if name.startswith("xl/externalLinks/_rels/"):
            kind, target = re.findall(r'Type="([^"]*)" Target="([^"]*)"', part.decode())[0]
            folders = {f"{_OFFICE}/externalLinkPath": "", f"{_MICROSOFT}/xlStartup": f"{START_UP}\\",
                       f"{_MICROSOFT}/xlPathMissing": ""}  # fmt: skip
            found.append(folders[kind] + unquote(target.removeprefix("file:///")))
    return found


class ExcelWithPython(ExcelBridge):
    """Excel for a VBA interpreter, in which RunPython is handed to Python at once."""

    def __init__(self, application: Any, run_python: Callable[[str], object]) -> None:
        super().__init__(application)
        self.run_python = run_python

    def has_global_member(self, name: str) -> bool:
        return name.lower() == "runpython" or super().has_global_member(name)

    def call_global(self, name: str, args: list[object], named: dict[str, object]) -> object:
        if name.lower() == "runpython":
            (statement,) = args
            return self.run_python(str(statement))
        return super().call_global(name, args, named)


def run(statement: str) -> None:
    """Run a Python statement, as xlwings does."""
    exec(statement, {})


HELPERS = ("TierxlWorkbooks",)
"""The modules that others need."""


def excel(path: Path, *modules: str, run_python: Callable[[str], object] = run) -> ExcelApplication:
    """An Excel with a workbook in front, and some of its VBA modules."""
    app = _without_workbooks(run_python)
    _owns(app, open_in(app, path), path, modules)
    return app


def excel_with_add_in(
    add_in: Path, *modules: str, folder: str = START_UP, run_python: Callable[[str], object] = run
) -> ExcelApplication:
    """An Excel without any workbook, and with the add-in."""
    app = _without_workbooks(run_python)
    book = _loaded(app, add_in)
    book.path = folder
    _owns(app, book, add_in, modules)
    return app


def open_in(app: ExcelApplication, path: Path) -> Book:
    """A workbook, open and in front."""
    book = _loaded(app, path)
    app.application.workbooks_.books.append(book)
    app.application.activate_book(book)
    return book


def load_add_in(app: ExcelApplication, path: Path) -> None:
    """An add-in, loaded beside what is open; its macros are not run."""
    app.application.other_add_ins.append(_loaded(app, path))


def handle(app: ExcelApplication, event: str, *arguments: object) -> None:
    """Have the module of the workbook handle an event of Excel's; the interpreter does not connect them."""
    document = app.application._this_workbook.vba_document
    procedure = document.module.procedure(event)
    assert procedure is not None, event
    document.interpreter.call(procedure, document.module, list(arguments), {}, me=document)


def _without_workbooks(run_python: Callable[[str], object]) -> ExcelApplication:
    app = ExcelApplication()
    app.application.__class__ = Instance
    app.application.set_up()
    app.interpreter.host = ExcelWithPython(app.application, run_python)
    return app


def _loaded(app: ExcelApplication, path: Path) -> Book:
    book = load_workbook(app.application, path)
    book.__class__ = Book
    book.set_up(path)
    return book


def _owns(app: ExcelApplication, book: Book, path: Path, modules: tuple[str, ...]) -> None:
    app.application._this_workbook = book
    sources = vba_of(path)
    for name in dict.fromkeys((*HELPERS, *modules)):
        if name in sources:
            source = sources[name].replace("Private WithEvents ", "Private ")  # which the interpreter does not know
            app.add_module(source, name=name, kind="document" if name == "ThisWorkbook" else "standard")
