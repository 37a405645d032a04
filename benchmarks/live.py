"""Live workbooks in LibreOffice, beside RANK(): python -m benchmarks.live [CLIENTS, 2,000 10,000 50,000 if none].

LibreOffice opens each workbook, calculates all of it, and writes one sheet as CSV; and does so once more with the
values of the file, which tells how much of the time is calculating. The baseline is a workbook of the same clients
whose only formulas rate revenue by RANK(), as people write it by hand. Times are of the processor, as machines are
shared, net of a workbook of one cell.
"""

import subprocess
import sys
import tempfile
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage

import polars as pl
from openpyxl import Workbook

from benchmarks.run import CLIENTS, python
from tests.formulas.test_live_formulas_in_libreoffice import RECALCULATE


def live(folder: Path, count: int) -> Path:
    """A live workbook of so many clients."""
    clients, made = folder / f"{count}.parquet", folder / f"live-{count}.xlsx"
    python(CLIENTS.format(count=count, path=str(clients)))
    command = [sys.executable, "-m", "tierxl.cli", "grade", str(clients), "--live", "-o", str(made), "--overwrite"]
    subprocess.run(command, check=True, capture_output=True)
    return made


def by_rank(folder: Path, count: int) -> Path:
    """A workbook with the revenue of the same clients, rated by RANK()."""
    made, book = folder / f"rank-{count}.xlsx", Workbook(write_only=True)
    page = book.create_sheet("Clients")
    page.append(["Revenue", "Revenue rating"])
    for row, revenue in enumerate(pl.read_parquet(folder / f"{count}.parquet")["Revenue"], 2):
        rank = f"RANK(A{row},A$2:A${count + 1})/{count}"
        page.append([revenue, f'=IF({rank}<=0.1,"High",IF({rank}<=0.75,"Medium","Low"))'])
    book.save(made)
    return made


def of_one_cell(folder: Path) -> Path:
    """A workbook with nothing to calculate."""
    made, book = folder / "start.xlsx", Workbook()
    book.active["A1"] = 1
    book.save(made)
    return made


def profile_of(folder: Path, settings: str) -> Path:
    """A profile of LibreOffice with some settings."""
    (folder / "user").mkdir(parents=True)
    (folder / "user" / "registrymodifications.xcu").write_text(settings, encoding="utf-8")
    return folder


def seconds(profile: Path, workbook: Path) -> float:
    """The seconds in which LibreOffice opens a workbook, calculates it if the profile says so, and writes a sheet."""
    user = f"-env:UserInstallation={profile.as_uri()}"
    before = getrusage(RUSAGE_CHILDREN)
    command = ["soffice", "--headless", user, "--convert-to", "csv", "--outdir", str(profile), str(workbook)]
    subprocess.run(command, check=True, capture_output=True)
    after = getrusage(RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Print a line a measurement."""
    counts = [int(count.replace(",", "")) for count in sys.argv[1:]] or [2_000, 10_000, 50_000]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        always = profile_of(folder / "always", RECALCULATE)
        never = profile_of(folder / "never", RECALCULATE.replace("<value>0</value>", "<value>1</value>"))
        start, of_values = ([seconds(each, of_one_cell(folder)) for _ in range(2)][-1] for each in (always, never))
        for count in counts:
            workbook = live(folder, count)
            whole, loading = seconds(always, workbook) - start, seconds(never, workbook) - of_values
            print(f"{count:>9,} clients  live {whole:8.1f} s, {whole - loading:.1f} s of them calculating", flush=True)
            print(f"{'':>9}          RANK {seconds(always, by_rank(folder, count)) - start:8.1f} s", flush=True)


if __name__ == "__main__":
    main()
