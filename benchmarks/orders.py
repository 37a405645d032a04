"""Speed and memory on orders that are summed to clients: python benchmarks/orders.py [MILLIONS, default 10].

The orders of 200,000 clients lie in files of a million. Beside the grading on Polars in streaming stands a baseline of
the same run: Polars, streaming as well, sums the revenue of each client into another file.
"""

import sys
import tempfile
from pathlib import Path

from many import GRADE, GRADE_SETUP, measured
from run import python, report

ORDERS = """
import numpy as np, polars as pl
from datetime import date, timedelta
from pathlib import Path
Path({folder!r}).mkdir()
for part in range({millions}):
    rng, n = np.random.default_rng(part), 1_000_000
    client = pl.Series(rng.integers(0, 200_000, n)).cast(pl.String).str.zfill(6)
    back = pl.Series(rng.integers(0, 1500, n))
    pl.DataFrame({{
        "Order ID": range(part * n, part * n + n), "Client ID": client, "Client": "Client " + client,
        "Segment": pl.Series(["Retail", "Energy", "Banking"]).gather(rng.integers(0, 3, n)),
        "Revenue": rng.lognormal(5, 1.5, n).round(2), "Profit": rng.normal(10, 30, n).round(2),
    }}).with_columns(
        (pl.lit(date.today()) - pl.duration(days=back)).cast(pl.Date).alias("Order date")
    ).write_parquet(f"{{Path({folder!r})}}/{{part:03}}.parquet")
"""
SUM = """
pl.scan_parquet({source!r}).group_by("Client ID").agg(pl.col("Revenue").sum()).sink_parquet(
    {target!r}, engine="streaming"
)
"""


def main(millions: int) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = f"{folder}/orders", f"{folder}/sums.parquet"
        python(ORDERS.format(folder=source, millions=millions))
        size = sum(file.stat().st_size for file in Path(source).iterdir()) / 2**20
        baseline = measured(SUM.format(source=source, target=target), "import polars as pl")
        grading = measured(GRADE.format(source=source, target=f"{folder}/graded"), GRADE_SETUP)
        print(f"{millions} million orders, {size:,.0f} MB of Parquet; the sums held {baseline.megabytes:,.0f} MB")
        report("Sum and grade them on Polars in streaming", grading, "sums of revenue alone", baseline)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10)
