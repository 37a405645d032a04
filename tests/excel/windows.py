"""What xlwings does on Windows between Excel and a worksheet function, run without Excel.

xlwings' own modules for Windows run as they are; only the libraries of Windows below them are stand-ins, which nothing
here calls into. Run as a program, it reads calls from its input, as JSON of a function's name and its arguments, and
writes what Excel would get.
"""

import ctypes
import json
import sys
from datetime import UTC, date, datetime
from importlib import import_module
from types import ModuleType
from typing import Any

LEFT_OUT = -2147352572
"""How Excel hands over an argument that is left out."""

NOT_AVAILABLE = -2146826246
"""How Excel hands over #N/A."""

CALLED_BY_IMPORTS = ("ctypes", "ctypes.ole32.CLSIDFromString")

LIBRARIES = (
    "pythoncom", "win32api", "win32con", "win32gui", "win32process", "win32timezone", "win32com", "win32com.client",
    "win32com.client.dynamic", "win32com.server", "win32com.server.policy", "win32com.server.util",
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


def as_on_windows() -> Any:
    """Xlwings with its decorators and its server as on Windows; the module that answers Excel's calls."""
    for name in LIBRARIES:
        sys.modules[name] = NotHere(name)
    times = ModuleType("pywintypes")
    times.TimeType, times.com_error = datetime, type("com_error", (Exception,), {})  # type: ignore[attr-defined]
    sys.modules["pywintypes"] = times
    sys.modules["win32timezone"].TimeZoneInfo.utc = lambda: UTC  # type: ignore[attr-defined]
    ctypes.PyDLL = ctypes.windll = ctypes.oledll = NotHere("ctypes")  # type: ignore[attr-defined, misc]

    xlwings, udfs, windows = map(import_module, ("xlwings", "xlwings.udfs", "xlwings._xlwindows"))
    sys.modules["xlwings.com_server"] = NotHere("xlwings.com_server")
    xlwings.engines.add(xlwings.main.Engine(impl=windows.engine))
    xlwings.func, xlwings.arg, xlwings.ret = udfs.xlfunc, udfs.xlarg, udfs.xlret
    return udfs


def from_json(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(map(from_json, value))
    return datetime.fromisoformat(value[4:]) if isinstance(value, str) and value.startswith("day ") else value


def main() -> None:
    """Answer the calls of the input, and tell how xlwings has understood the functions."""
    xlwings_udfs = as_on_windows()
    udfs = import_module("tierxl.excel.udfs")
    calls = json.load(sys.stdin)
    answers = [
        xlwings_udfs.call_udf(
            "tierxl.excel.udfs", name, tuple(map(from_json, arguments)), None, NotHere("the calling cell")
        )
        for name, arguments in calls
    ]
    understood = {name: getattr(udfs, name).__xlfunc__ for name in udfs.FUNCTIONS}
    json.dump({"answers": answers, "understood": understood}, sys.stdout, default=shown)


def shown(value: Any) -> str:
    return f"day {value:%Y-%m-%d}" if isinstance(value, date) else repr(value)


if __name__ == "__main__":
    main()
