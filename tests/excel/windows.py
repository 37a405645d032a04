"""What xlwings does on Windows between Excel and a worksheet function, run without Excel.

xlwings' own modules for Windows run as they are, its COM server too: a call goes through ``XLPython.CallUDF``, as that
of the VBA does. Only the libraries of Windows below them are stand-ins. Run as a program, it reads calls from its
input, as JSON of a function's name and its arguments, and writes what VBA gets, and what Excel was asked for.
"""
# ruff: noqa: N802, N803  the names of Windows

import ctypes
import json
import sys
from datetime import UTC, date, datetime
from importlib import import_module
from types import ModuleType
from typing import Any, ClassVar

LEFT_OUT = -2147352572
"""How Excel hands over an argument that is left out."""

NOT_AVAILABLE = -2146826246
"""How Excel hands over #N/A."""

BUSY = -2147418111
"""How Excel refuses a call while it is busy."""

RANGE = "{00020846-0000-0000-C000-000000000046}"

CALLED_BY_IMPORTS = ("ctypes", "ctypes.ole32.CLSIDFromString", "pythoncom.CoInitialize")

LIBRARIES = (
    "pythoncom", "win32api", "win32con", "win32event", "win32gui", "win32process", "win32timezone", "win32com",
    "win32com.client", "win32com.client.dynamic", "win32com.server", "win32com.server.dispatcher",
    "win32com.server.policy", "win32com.server.util",
)  # fmt: skip


class NotHere(ModuleType):
    """A library of Windows: its parts can be named, as an import does, but nothing of it works."""

    __file__ = "not here"

    def __getattr__(self, name: str) -> "NotHere":
        if name.startswith("__"):
            raise AttributeError(name)
        part = NotHere(f"{self.__name__}.{name}")
        setattr(self, name, part)
        return part

    def __call__(self, *_: Any, **__: Any) -> "NotHere":
        assert self.__name__ in CALLED_BY_IMPORTS, f"{self.__name__} was called, which is not on this computer"
        return NotHere(f"{self.__name__}()")


# --- Excel's objects, as pywin32 hands them over ---------------------------------------------------------------------


class ComError(Exception):
    def __init__(self, hresult: int) -> None:
        super().__init__(hresult, "Call was rejected by callee.", None, None)
        self.hresult = hresult


class Pointer:
    """An object of Excel's before anybody has asked it anything."""

    def __init__(self, kind: str, **members: Any) -> None:
        self.kind, self.members, self.iid = kind, members, RANGE if kind == "Range" else "{}"

    def GetTypeInfo(self) -> "Pointer":
        return self

    def GetTypeAttr(self) -> "Pointer":
        return self

    def GetDocumentation(self, _: int) -> tuple[str]:
        return (self.kind,)


class CDispatch:
    """An object of Excel's whose members can be asked for; each question is noted."""

    asked: ClassVar[list[str]] = []

    def __init__(self, pointer: Any, userName: str | None = None) -> None:  # noqa: ARG002
        self.__dict__["_oleobj_"] = pointer._oleobj_ if isinstance(pointer, CDispatch) else pointer

    def __getattr__(self, name: str) -> Any:
        self.asked.append(f"{self._oleobj_.kind}.{name}")
        member = self._oleobj_.members[name]
        if isinstance(member, Exception):
            raise member
        return member


def workbook(name: object = r"S:\Book.xlsm", worksheets: object = ()) -> Pointer:
    """A workbook without a sheet."""
    return Pointer("Workbook", FullName=name, Worksheets=worksheets)


def as_on_windows() -> Any:
    """Xlwings with its decorators and its server as on Windows; the object that answers Excel's calls."""
    for name in LIBRARIES:
        sys.modules[name] = NotHere(name)
        package, _, part = name.rpartition(".")
        if package:
            setattr(sys.modules[package], part, sys.modules[name])
    times = ModuleType("pywintypes")
    times.TimeType, times.com_error, times.IID = datetime, ComError, str  # type: ignore[attr-defined]
    sys.modules["pywintypes"] = times
    com, client, server = (sys.modules[f"{name}"] for name in ("pythoncom", "win32com.client", "win32com.server.util"))
    com.IID_IDispatch, com.TypeIIDs, com.ole_error = "IDispatch", {"IDispatch": Pointer}, ComError  # type: ignore[attr-defined]
    client.CDispatch, client.Dispatch = CDispatch, CDispatch  # type: ignore[attr-defined]
    client.CoClassBaseClass, client.DispatchBaseClass = type("CoClass", (), {}), type("Base", (), {})  # type: ignore[attr-defined]

    def unwrap(_: Any) -> Any:
        raise ComError(0)  # nothing of Python's is among the arguments

    server.unwrap = unwrap  # type: ignore[attr-defined]
    sys.modules["win32process"].GetWindowThreadProcessId = lambda window: (1, window)  # type: ignore[attr-defined]
    sys.modules["win32timezone"].TimeZoneInfo.utc = lambda: UTC  # type: ignore[attr-defined]
    ctypes.PyDLL = ctypes.windll = ctypes.oledll = NotHere("ctypes")  # type: ignore[attr-defined, misc]

    xlwings, udfs, windows = map(import_module, ("xlwings", "xlwings.udfs", "xlwings._xlwindows"))
    udfs.Dispatch = lambda pointer: windows.COMRetryObjectWrapper(CDispatch(pointer))  # it asks a busy Excel again
    xlwings.engines.add(xlwings.main.Engine(impl=windows.engine))
    xlwings.func, xlwings.arg, xlwings.ret = udfs.xlfunc, udfs.xlarg, udfs.xlret
    return import_module("xlwings.com_server").XLPython()


# --- Calls -----------------------------------------------------------------------------------------------------------


def argument(value: Any) -> Any:
    """An argument as VBA hands it over: the values of cells, or the cells themselves, as older workbooks do."""
    if isinstance(value, dict):
        return cells_themselves(argument(value["cells"]))
    return tuple(map(argument, value)) if isinstance(value, list) else plain(value)


def cells_themselves(values: Any) -> Pointer:
    lines = values if isinstance(values, tuple) else ((values,),)
    book = Pointer("Book", Application=CDispatch(Pointer("Application", Hwnd=1)))
    sheet = Pointer("Sheet", Parent=CDispatch(book))
    size = {
        "Rows": CDispatch(Pointer("Rows", Count=len(lines))),
        "Columns": CDispatch(Pointer("Rows", Count=len(lines[0]))),
    }
    return Pointer("Range", Value=values, Worksheet=CDispatch(sheet), Row=1, Column=1, **size)


def plain(value: Any) -> Any:
    return datetime.fromisoformat(value[4:]) if isinstance(value, str) and value.startswith("day ") else value


def shown(value: Any) -> str:
    assert isinstance(value, date), f"{value!r} is nothing that Excel can show"
    return f"day {value:%Y-%m-%d}"


def main() -> None:
    """Answer the calls of the input, and tell how xlwings has understood the functions."""
    server = as_on_windows()
    udfs = import_module("tierxl.excel.udfs")
    book, cell, refusal = workbook(), Pointer("Range"), ComError(BUSY)
    busy, busier = workbook(r"S:\Busy.xlsm", refusal), workbook(refusal, refusal)

    def answer(name: str, arguments: list[Any], this_workbook: Pointer) -> dict[str, Any]:
        CDispatch.asked.clear()
        cells = server.CallUDF("tierxl.excel.udfs", name, tuple(map(argument, arguments)), this_workbook, cell)
        return {"cells": cells, "asked": list(CDispatch.asked)}

    calls = json.load(sys.stdin)
    answers = [answer(name, arguments, book) for name, arguments in calls]
    while_busy = [answer(*calls[-1], each) for each in (busy, busy, busier)]
    understood = {name: getattr(udfs, name).__xlfunc__ for name in udfs.FUNCTIONS}
    for function in understood.values():
        del function["ret"]["options"]["convert"]
    json.dump({"answers": answers, "while busy": while_busy, "understood": understood}, sys.stdout, default=shown)


if __name__ == "__main__":
    main()
