"""Call every worksheet function over real COM, as Excel does: ``python tests/install/call_over_com.py``.

It runs on Windows, in the Python of tierxl's environment. It loads the library through which Excel reaches Python,
starts that Python as the library does, and calls the functions in it. All that is missing is Excel itself.
"""

import ctypes
import re
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tierxl.doctor.vba import SHIPPED, read_vba
from tierxl.workbooks.shipped import shipped

MODULE = "tierxl.excel.udfs"
LEFT_OUT = -2147352572
"""What VBA hands over for an argument that a formula leaves out: DISP_E_PARAMNOTFOUND."""
PATIENCE = 60
"""Seconds that a Python may take to start."""

CLIENTS = (("Client", "Revenue"), ("Ashdown", 900.0), ("Bellwether", 500.0), ("Cedar House", 100.0))
CALLS: dict[str, tuple[tuple[Any, ...], Any]] = {
    "TIER_TABLE": ((CLIENTS, "Tier"), (("Tier",), ("A",), ("C",), ("C",))),
    "TIER_RATING": (("High", "Low", "High", "Medium", "Low", *[LEFT_OUT] * 6), "A"),
    "TIER_SCORE": (("High", "Low", "High", "Medium", "Low", *[LEFT_OUT] * 2), 92.5),
    "REVENUE_RATING": ((900.0, ((900.0,), (500.0,), (100.0,))), "High"),
    "WALLET_RATING": ((0.9,), "High"),
    "PROFIT_RATING": ((-0.1, 0.3, 0.1), "Laggard"),
    "PAIN_RATING": (("Yes", "No"), "Low"),
    "TIER_WHY": ((CLIENTS, "Ashdown"), "Starts at A: score 100 "),
    "TIER_SERVICE": (("A", "Review meeting"), "4/yr, 180 min, in person, travel or host"),
    "NEXT_DUE": (("A", "Personal contact", 45_000.0), "2023-04-15"),
    "SHOULD_TIER": ((CLIENTS, LEFT_OUT), "Tier, with care"),
}
"""Of each function, what its cells hold, and the answer; of a long text, a day or a table, how that starts."""


def is_as_expected(answer: Any, expected: Any) -> bool:
    """True for the answer that was expected, or that starts so."""
    if not isinstance(expected, str):
        return bool(answer == expected)
    while isinstance(answer, tuple):
        answer = answer[0]
    return str(answer).startswith(expected)


def load_library() -> None:
    """Load the library of xlwings that fits 64-bit Excel, and have it tell what it is."""
    path = Path(sys.prefix) / f"xlwings64-{version('xlwings')}.dll"
    architecture = ctypes.c_void_p()
    ctypes.WinDLL(str(path)).XLPyDLLVersion(None, None, ctypes.byref(architecture))
    kind = ctypes.string_at(architecture.value or 0, len(b"win64"))
    assert kind == b"win64", f"{path.name} says that it is {kind!r}"
    print(f"{path.name} is loaded")


def first_imports() -> str:
    """What the macros of the workbook have Python import first."""
    vba = read_vba(shipped(SHIPPED))
    assert vba
    (imports,) = re.findall(r'" -B -c ""(import [^;"]+);"', vba.modules["xlwings"])
    return str(imports)


def server() -> Any:
    """A Python that was started as Excel starts it, as an object of COM."""
    import pythoncom
    from win32com.client import dynamic

    clsid = pythoncom.CreateGuid()
    python = Path(sys.prefix) / "Scripts" / "pythonw.exe"
    code = f"{first_imports()};import xlwings.utils;xlwings.utils.prepare_sys_path('False;;;;;;');"
    code += f"import xlwings; xlwings.serve('{clsid}')"
    started = subprocess.Popen(f'cmd.exe /C ""{python}" -B -c "{code}""', creationflags=subprocess.CREATE_NO_WINDOW)
    until = time.monotonic() + PATIENCE
    while True:
        try:
            context = pythoncom.CLSCTX_LOCAL_SERVER
            return dynamic.Dispatch(pythoncom.CoCreateInstance(clsid, None, context, pythoncom.IID_IDispatch))
        except pythoncom.com_error:
            assert started.poll() is None, f"cmd.exe has ended with {started.returncode}"
            assert time.monotonic() < until, "Python does not answer"
            time.sleep(0.2)


def main() -> None:
    """Call all functions; the exit status is that of an error where one answers something else."""
    load_library()
    python = server()
    wrong = []
    for name, (cells, expected) in CALLS.items():
        answer = python.CallUDF(MODULE, name, cells, None, None)
        print(f"{name}: {answer!r}"[:120])
        if not is_as_expected(answer, expected):
            wrong.append(f"{name} should be {expected!r}")
    sys.exit("\n".join(wrong))


if __name__ == "__main__":
    main()
