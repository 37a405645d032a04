"""Speed and memory of tierxl, each beside a baseline of the same run: python benchmarks/run.py.

Every measurement is a process of its own. Times are the best of three; memory is the most that the process held.
"""

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from time import perf_counter

CLIENTS = """
import polars as pl, random
random.seed(1)
n = {count}
levels = ["High", "Medium", "Low", None]
def of(values): return random.choices(values, k=n)
revenue = [round(random.lognormvariate(10, 1.5), 2) for _ in range(n)]
frame = pl.DataFrame({{
    "Client": [f"Client {{i}}" for i in range(n)], "Client ID": [f"{{i:07}}" for i in range(n)],
    "Account manager": of(["Ann", "Bob", "Cy"]), "Segment": of(["Retail", "Energy", "Banking"]),
    "Revenue": revenue, "Profit": [round(r * random.gauss(0.1, 0.1), 2) for r in revenue],
    "Total spend": [round(r * (1 + random.expovariate(1)), 2) for r in revenue],
    "Strategic value": of(levels), "Pain factor": of(levels), "Retention risk": of(levels), "Opportunity": of(levels),
    "Appetite for change": of(levels), "High touch": of(["Yes", "No"]),
}})
frame.write_parquet({path!r})
"""
TIMED = """
import json, resource, time
import polars as pl
{setup}
frame = pl.read_parquet({path!r}){convert}
best = float("inf")
for _ in range({times}):
    start = time.perf_counter()
    {work}
    best = min(best, time.perf_counter() - start)
print(json.dumps({{"seconds": best, "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}}))
"""


READING = """
import narwhals as nw
import tierxl; tierxl.grade
from tierxl.method.policy import Policy
from tierxl.method.table.clients import headers_of, read_clients
from tierxl.method.table.rows import clients_alone

def read(frame):
    table, policy = nw.from_native(frame), Policy()
    headers = headers_of(table, policy)
    clients, rows, _ = clients_alone(table, headers, range(2, len(table) + 2))
    return read_clients(clients, policy, rows, headers)
"""


@dataclass(frozen=True)
class Measured:
    """The time and memory of one process."""

    seconds: float
    megabytes: float

    @classmethod
    def from_json(cls, line: str) -> "Measured":
        """The figures that a process prints of itself."""
        return cls(**json.loads(line))


def python(code: str) -> str:
    """The output of a Python program."""
    return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout


def measured(path: Path, work: str, setup: str = "", convert: str = "", times: int = 3) -> Measured:
    """The figures of work on the clients of a file, in a new process; the best of so many times."""
    code = TIMED.format(path=str(path), work=work, setup=setup, convert=convert, times=times)
    return Measured.from_json(python(code).splitlines()[-1])


def started(*command: str) -> Measured:
    """The best of five whole runs of a command."""
    seconds = []
    for _ in range(5):
        before = perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        seconds.append(perf_counter() - before)
    return Measured(min(seconds), 0)


def report(what: str, ours: Measured, baseline: str, theirs: Measured) -> None:
    """Print one line of the report."""
    ratio = ours.seconds / theirs.seconds
    took = f"{ours.seconds:7.2f} s {ours.megabytes:7.0f} MB"
    print(f"{what:<44}{took}   {ratio:6.2f} x {baseline} ({theirs.seconds:.3f} s)")


def main() -> None:
    """Measure and print."""
    grade, setup = "tierxl.grade(frame)", "import tierxl; tierxl.grade"
    sort, sort_name = 'frame.sort("Revenue", descending=True)', "a sort by revenue"
    with tempfile.TemporaryDirectory() as folder:
        for count in (100_000, 1_000_000):
            path = Path(folder) / f"{count}.parquet"
            python(CLIENTS.format(count=count, path=str(path)))
            baseline = measured(path, sort, times=7)
            ours = measured(path, grade, setup)
            report(f"Grade {count:,} clients in memory, Polars", ours, sort_name, baseline)
            first = min(
                (measured(path, f"import tierxl; {grade}", times=1) for _ in range(3)), key=attrgetter("seconds")
            )
            report("the first call of a process, import included", first, sort_name, baseline)
            if count == 100_000:
                pandas = 'frame.sort_values("Revenue", ascending=False)'
                baseline = measured(path, pandas, convert=".to_pandas()")
                ours = measured(path, grade, setup, ".to_pandas()")
                report(f"Grade {count:,} clients in memory, pandas", ours, sort_name, baseline)
            else:
                for times, which in ((1, "the first time"), (6, "the best of six")):
                    ours_read = measured(path, "read(frame)", READING, times=times)
                    report(f"Read {count:,} clients, {which}", ours_read, sort_name, baseline)
                few = ".head(5)"
                report("Grade 5 clients in memory, Polars", measured(path, grade, setup, few, 50), grade, ours)
                few += ".to_pandas()"
                report("Grade 5 clients in memory, pandas", measured(path, grade, setup, few, 50), grade, ours)
        path = Path(folder) / "30000.parquet"
        python(CLIENTS.format(count=30_000, path=str(path)))
        once = measured(path, grade, setup)
        setup = "import tierxl; from tierxl.method.plan.what_if import sensitivity; graded = None"
        ours = measured(path, "graded = graded or tierxl.grade(frame).grading; sensitivity(graded)", setup)
        report("What 30,000 clients' tiers hang on", ours, "a grading", once)
        nothing = started(sys.executable, "-c", "pass")
        report("tierxl --help", started(sys.executable, "-m", "tierxl.cli", "--help"), "python -c pass", nothing)


if __name__ == "__main__":
    main()
