"""Speed in LibreOffice Calc, beside baselines of the same run: python -m benchmarks.calc [CLIENTS, default 10,000].

The clients are those of the other benchmarks, on a sheet of a real Calc with the extension. A table is calculated again
after one revenue was edited; the command Grade clients is pressed for the first time and again. The baselines are the
function without Calc, and Calc's opening of the workbook that the command has graded. Times are the best of five, those
of opening and of grading again the best of three.
"""

import sys
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from time import perf_counter

import polars as pl
from openpyxl import Workbook

from benchmarks.run import CLIENTS, python
from tests.calc.office import Office
from tierxl.calc.build_extension import build_extension
from tierxl.excel.udfs import TIER_TABLE
from tierxl.use_cases.grade import grade_file
from tierxl.use_cases.reading import Request


def best(times: int, work: Callable[[int], object]) -> float:
    """The best time of a work, which is told how often it was done before, in seconds."""
    seconds = []
    for turn in range(times):
        before = perf_counter()
        work(turn)
        seconds.append(perf_counter() - before)
    return min(seconds)


def main() -> None:
    """Print a line a measurement."""
    count = int(sys.argv[1].replace(",", "")) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        python(CLIENTS.format(count=count, path=str(folder / "clients.parquet")))
        frame = pl.read_parquet(folder / "clients.parquet")
        save(frame, folder / "clients.xlsx")
        grade_file(Request(folder / "clients.xlsx", date.today()), folder / "clients-graded.xlsx")
        build_extension(folder / "tierxl.oxt")
        office = Office(folder, folder / "tierxl.oxt")
        try:
            measure(office, folder, frame)
        finally:
            office.terminate()


def measure(office: Office, folder: Path, frame: pl.DataFrame) -> None:
    """Measure formulas, then the command."""
    document = office.open(folder / "clients.xlsx")
    sheet, height = document.Sheets["Clients"], len(frame) + 1
    document.Sheets.insertNewByName("Live", 1)
    live = document.Sheets["Live"]
    table = live.getCellRangeByPosition(0, 0, 13, height - 1)
    cells = sheet.getCellRangeByPosition(0, 0, frame.width - 1, height - 1).AbsoluteName
    table.setArrayFormula(f"=TIER_TABLE({cells})")
    revenue = frame.columns.index("Revenue")

    def edit(turn: int) -> str:
        sheet.getCellByPosition(revenue, 1).Value = 1_000.0 * (turn + 1)
        return str(live["A2"].String)

    grid = [frame.columns, *map(list, frame.rows())]

    def directly(turn: int) -> object:
        grid[1][revenue] = 500.0 * (turn + 1)
        return TIER_TABLE(grid)

    what = f"TIER_TABLE of {len(frame):,} x {frame.width} cells"
    report(what, best(5, edit), "the function without Calc", best(5, directly))
    document.close(True)
    document = office.open(folder / "clients.xlsx")
    office.press(document, "About")
    opening = best(3, lambda _: office.open(folder / "clients-graded.xlsx").close(True))

    def press(_: int) -> object:
        return office.press(document, "GradeClients")

    report("Grade clients", best(1, press), "opening the graded file", opening)
    report("the same again", best(3, press), "opening the graded file", opening)
    document.close(True)


def save(frame: pl.DataFrame, path: Path) -> None:
    """The clients as a workbook."""
    book = Workbook(write_only=True)
    page = book.create_sheet("Clients")
    for line in (frame.columns, *frame.rows()):
        page.append(list(line))
    book.save(path)


def report(what: str, seconds: float, baseline: str, theirs: float) -> None:
    """One line of the report."""
    print(f"{what:<40} {seconds:.2f} s, {seconds / theirs:.1f} times {baseline} ({theirs:.2f} s)")


if __name__ == "__main__":
    main()
