"""Speed and memory on more clients than one wants in memory: python benchmarks/many.py [MILLIONS, default 10].

The clients lie in files of a million. Beside the grading on Polars in streaming stands a baseline of the same run:
Polars, streaming as well, sorts the same files by revenue into another file. Each is a process of its own; memory is
the most that the process held.
"""

import sys
import tempfile
from pathlib import Path

from run import Measured, python, report

CLIENTS = """
import numpy as np, polars as pl
from pathlib import Path
Path({folder!r}).mkdir()
for part in range({millions}):
    rng, n = np.random.default_rng(part), 1_000_000
    def of(*values): return pl.Series(values).gather(rng.integers(0, len(values), n))
    level = "High", "Medium", "Low", None
    revenue = rng.lognormal(10, 1.5, n).round(2)
    number = pl.Series(range(part * n, part * n + n)).cast(pl.String).str.zfill(9)
    pl.DataFrame({{
        "Client": "Client " + number, "Client ID": number,
        "Account manager": of("Ann", "Bob", "Cy"), "Segment": of("Retail", "Energy", "Banking"),
        "Revenue": revenue, "Profit": (revenue * rng.normal(0.1, 0.1, n)).round(2),
        "Total spend": (revenue * (1 + rng.exponential(1, n))).round(2),
        "Strategic value": of(*level), "Pain factor": of(*level), "Retention risk": of(*level),
        "Opportunity": of(*level), "Appetite for change": of(*level), "High touch": of("Yes", "No"),
    }}).write_parquet(f"{{Path({folder!r})}}/{{part:03}}.parquet")
"""
TIMED = """
import json, resource, time
{setup}
start = time.perf_counter()
{work}
seconds = time.perf_counter() - start
print(json.dumps({{"seconds": seconds, "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}}))
"""
SORT = """pl.scan_parquet({source!r}).sort("Revenue", descending=True).sink_parquet({target!r}, engine="streaming")"""
GRADE = """
with opened("polars") as engine:
    grade_large({source!r}, {target!r}, engine, Policy(), date.today(), lambda *_: None)
"""
GRADE_SETUP = """
from datetime import date
from tierxl.engines import opened
from tierxl.use_cases.large import grade_large
from tierxl.method.policy import Policy
"""


def measured(work: str, setup: str) -> Measured:
    """Run work once in a new process."""
    return Measured.from_json(python(TIMED.format(work=work, setup=setup)).splitlines()[-1])


def main(millions: int) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        clients = Path(folder) / "clients"
        python(CLIENTS.format(folder=str(clients), millions=millions))
        source = f"{clients}/*.parquet"
        sort = measured(SORT.format(source=source, target=f"{folder}/sorted.parquet"), "import polars as pl")
        grade = measured(GRADE.format(source=source, target=f"{folder}/graded"), GRADE_SETUP)
        size = sum(file.stat().st_size for file in clients.iterdir()) / 2**20
        print(f"{millions} million clients, {size:,.0f} MB of Parquet; the sort held {sort.megabytes:,.0f} MB")
        report("Grade them on Polars in streaming", grade, "a streaming sort", sort)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10)
