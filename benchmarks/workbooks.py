"""Speed, memory and size of graded workbooks: python benchmarks/workbooks.py [THOUSANDS, default 30 and 1000].

The whole command is measured, from start to end, on workbooks of 9 and of 14 filled columns: graded into another file,
in place, and graded again. Beside it stand two baselines of the same run: openpyxl loads and saves the same file, up to
100,000 clients; and python-calamine reads the values of its clients' sheet, and nothing else. Times are of the
processor, as machines are shared; the best of three up to 100,000 clients, else single.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from run import Measured, report

MAKE = """
import datetime, random
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
random.seed(1)
book = Workbook(write_only=True)
page = book.create_sheet("Clients")
headers = ["Client", "Client ID", "Account manager", "Revenue", "Profit", "Total spend", "Strategic value",
           "Pain factor", "Last contact", "Segment", "Retention risk", "Opportunity",
           "Appetite for change", "High touch"]
page.append(headers[:{columns}])
levels, day = ["High", "Medium", "Low"], datetime.datetime(2026, 11, 1)
def shown(value, number_format):
    cell = WriteOnlyCell(page, value)
    cell.number_format = number_format
    return cell
for at in range({count}):
    revenue = random.lognormvariate(10, 1.5)
    money = [revenue, revenue * random.gauss(0.1, 0.1), revenue * (1 + random.expovariate(1))]
    line = [f"Client {{at}}", f"{{at:07}}", random.choice(["Ann", "Bob", "Cy"]),
            *(shown(round(m, 2), "#,##0.00") for m in money), *random.choices(levels, k=2),
            shown(day - datetime.timedelta(random.randrange(500)), "yyyy-mm-dd"),
            random.choice(["Retail", "Energy", "Banking"]), *random.choices(levels, k=3), random.choice(["Yes", "No"])]
    page.append(line[:{columns}])
book.save({path!r})
"""
LOAD_AND_SAVE = "import openpyxl; openpyxl.load_workbook({path!r}).save({path!r} + '.saved.xlsx')"
READ = """
from python_calamine import CalamineWorkbook
for line in CalamineWorkbook.from_path({path!r}).get_sheet_by_name("Clients").iter_rows(): pass
"""
MEASURED = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
"""


def ran(*command: str) -> Measured:
    """The processor time of a whole command, and the most memory that it held."""
    ended = subprocess.run([sys.executable, "-c", MEASURED, *command], check=True, capture_output=True, text=True)
    return Measured(*map(float, ended.stdout.split()))


def graded(source: Path, target: Path, *, in_place: bool = False) -> Measured:
    """One grading of a workbook into a fresh file, or in place of a fresh copy."""
    target.unlink(missing_ok=True)
    if in_place:
        shutil.copy(source, target)
        return ran(sys.executable, "-m", "tierxl.cli", "grade", str(target), "--in-place")
    return ran(sys.executable, "-m", "tierxl.cli", "grade", str(source), "-o", str(target))


def beside(times: int, what: str, source: Path, target: Path, *, in_place: bool = False) -> None:
    """Report gradings beside the baselines, each of which runs between two gradings: a shared machine drifts."""
    baselines = {"reading by calamine": READ} | ({"openpyxl's load and save": LOAD_AND_SAVE} if times > 1 else {})
    ours, theirs = [], {name: [] for name in baselines}
    for _ in range(times):
        ours.append(graded(source, target, in_place=in_place))
        for name, code in baselines.items():
            theirs[name].append(ran(sys.executable, "-c", code.format(path=str(source))))
    for name, runs in theirs.items():
        report(what, _fastest(ours), name, _fastest(runs))
    larger = target.stat().st_size / source.stat().st_size
    print(f"{what:<44}{target.stat().st_size / 1e6:7.1f} MB   {larger:6.2f} x the file that was graded")


def _fastest(runs: list[Measured]) -> Measured:
    return min(runs, key=lambda measured: measured.seconds)


def main(counts: list[int]) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        for count in counts:
            times = 3 if count <= 100_000 else 1
            for columns in (9, 14):
                path, target = Path(folder) / f"{count}-{columns}.xlsx", Path(folder) / "graded.xlsx"
                ran(sys.executable, "-c", MAKE.format(count=count, columns=columns, path=str(path)))
                what = f"{count:,} clients, {columns} columns"
                beside(times, what, path, target)
                beside(times, f"{what}, in place", path, target, in_place=True)
                once = Path(shutil.copy(target, Path(folder) / "once.xlsx"))
                beside(times, f"{what}, again", once, target, in_place=True)


if __name__ == "__main__":
    main([int(number) * 1_000 for number in sys.argv[1:]] or [30_000, 1_000_000])
