"""What Excel waits for: python -m benchmarks.excel.

Loading, in processor time, beside loading xlwings alone, as it is where pandas is installed; each in a process of its
own, the best of five. Then the members of Excel's object model that are asked for, counted in the tests' stand-in for
Excel: each is one to four calls between processes.
"""

import os
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

import xlwings as xw

from tests import fake_excel, files
from tierxl.excel import workbook_policy
from tierxl.excel.open_workbook import WorkbookInExcel
from tierxl.excel.udfs import TIER_RATING
from tierxl.use_cases.open_workbook import grade_open

LOADED = {
    "xlwings alone": "xlwings",
    "the first formula": "tierxl.excel.start, tierxl.excel.udfs",
    "the first button": "tierxl.excel.start, tierxl.excel.macros",
    "a first button that writes": "tierxl.excel.start, tierxl.excel.macros, tierxl.excel.transfer",
}


def seconds(modules: str) -> float:
    """The processor time of importing some modules, in seconds: the best of five processes, after one that compiles."""
    program = f"import time; before = time.process_time(); import {modules}; print(time.process_time() - before)"
    with tempfile.TemporaryDirectory() as folder:
        compiled = os.environ | {"PYTHONPYCACHEPREFIX": folder, "PYTHONDONTWRITEBYTECODE": ""}
        times = [
            subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, env=compiled).stdout
            for _ in range(6)
        ]
    return min(map(float, times[1:]))


def members(path: Path) -> dict[str, int]:
    """The members that are asked for, for each thing that Excel does."""
    book = fake_excel.App().books.open(str(path))
    asked, counted = fake_excel.Counted.asked, {}
    xw.Book.caller = lambda: book  # type: ignore[method-assign]
    for what, work in {
        "the first formula": lambda: TIER_RATING("High", "Low", "High", "Medium", "Low"),
        "another formula": lambda: TIER_RATING("Low", "Low", "High", "Medium", "Low"),
        "a formula after a changed setting": lambda: (workbook_policy.forget(), TIER_RATING(*5 * ["Low"])),
        "Grade clients": lambda: grade_open(WorkbookInExcel(book), date.today()),
    }.items():
        asked.clear()
        work()
        counted[what] = len(asked)
    return counted


def main() -> None:
    """Print a line a measurement."""
    times = {what: seconds(modules) for what, modules in LOADED.items()}
    for what, time in times.items():
        print(f"loading {what}: {time:.2f} s, {time / times['xlwings alone']:.2f} times xlwings alone")
    with tempfile.TemporaryDirectory() as folder:
        path = files.workbook(Path(folder) / "clients.xlsx", table="Clients")
        files.regrade(path)
        for what, count in members(path).items():
            print(f"{what}: {count} members")


if __name__ == "__main__":
    main()
