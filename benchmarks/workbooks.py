"""Speed and memory of grading workbooks in place: python benchmarks/workbooks.py [THOUSANDS, default 30 and 1000].

The whole command is measured, from start to end, on a workbook of 14 columns: graded for the first time, and graded
again. Beside it stand two baselines of the same run: openpyxl loads and saves the same file, up to 100,000 clients; and
python-calamine reads the values of its clients' sheet, and nothing else. Times are the best of three up to 100,000
clients, else single.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from run import Measured, report

MAKE = """
import datetime, random, sys
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
random.seed(1)
book = Workbook(write_only=True)
page = book.create_sheet("Clients")
page.append(["Client", "Client ID", "Account manager", "Segment", "Revenue", "Profit", "Total spend", "Strategic value",
             "Pain factor", "Retention risk", "Opportunity", "Appetite for change", "High touch", "Last contact"])
levels, day = ["High", "Medium", "Low", None], datetime.datetime(2026, 11, 1)
def shown(value, number_format):
    cell = WriteOnlyCell(page, value)
    cell.number_format = number_format
    return cell
for at in range({count}):
    revenue = random.lognormvariate(10, 1.5)
    money = [revenue, revenue * random.gauss(0.1, 0.1), revenue * (1 + random.expovariate(1))]
    page.append([f"Client {{at}}", f"{{at:07}}", random.choice(["Ann", "Bob", "Cy"]),
                 random.choice(["Retail", "Energy", "Banking"]), *(shown(round(m, 2), "#,##0.00") for m in money),
                 *random.choices(levels, k=5), random.choice(["Yes", "No"]),
                 shown(day - datetime.timedelta(random.randrange(500)), "yyyy-mm-dd")])
book.save({path!r})
"""
LOAD_AND_SAVE = "import openpyxl; openpyxl.load_workbook({path!r}).save({path!r} + '.saved.xlsx')"
READ = """
from python_calamine import CalamineWorkbook
for line in CalamineWorkbook.from_path({path!r}).get_sheet_by_name("Clients").iter_rows(): pass
"""
WAITED_FOR = """
import os, resource, subprocess, sys
ended = subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)
"""


def ran(*command: str) -> Measured:
    """A whole command, and the most memory that it held."""
    before = perf_counter()
    held = subprocess.run([sys.executable, "-c", WAITED_FOR, *command], check=True, capture_output=True, text=True)
    return Measured(perf_counter() - before, float(held.stdout))


def best(times: int, *command: str) -> Measured:
    """The fastest of several runs of a command."""
    return min((ran(*command) for _ in range(times)), key=lambda measured: measured.seconds)


def graded(times: int, source: Path, target: Path) -> Measured:
    """The fastest of several gradings in place, each of a fresh copy."""
    runs = []
    for _ in range(times):
        shutil.copy(source, target)
        runs.append(ran(sys.executable, "-m", "tierxl.cli", "grade", str(target), "--in-place"))
    return min(runs, key=lambda measured: measured.seconds)


def main(counts: list[int]) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        for count in counts:
            path, target = Path(folder) / f"{count}.xlsx", Path(folder) / "graded.xlsx"
            ran(sys.executable, "-c", MAKE.format(count=count, path=str(path)))
            few = count <= 100_000
            times = 3 if few else 1
            first = graded(times, path, target)
            again = graded(times, Path(shutil.copy(target, Path(folder) / "once.xlsx")), target)
            if few:
                for what, ours, file in (("in place", first, path), ("in place, again", again, target)):
                    theirs = best(times, sys.executable, "-c", LOAD_AND_SAVE.format(path=str(file)))
                    report(f"{count:,} clients {what}", ours, "openpyxl's load and save", theirs)
            for what, ours, file in (("in place", first, path), ("in place, again", again, target)):
                read = best(times, sys.executable, "-c", READ.format(path=str(file)))
                report(f"{count:,} clients {what}", ours, "reading by calamine", read)


if __name__ == "__main__":
    main([int(number) * 1_000 for number in sys.argv[1:]] or [30_000, 1_000_000])
