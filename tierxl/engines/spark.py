"""Apache Spark, for clients that lie on a cluster, or on more disks than one machine has.

No step gathers the clients in one place: what is collected are counts, totals, and distinct cells and profiles.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import narwhals as nw
import pyarrow as pa
from py4j.protocol import Py4JError
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession, Window
from pyspark.sql import functions as F  # noqa: N812  as everybody calls it

from tierxl.engines import first_line, is_address
from tierxl.method.issues import CannotGrade
from tierxl.method.table.kinds import LazyFrame, column_name

_SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.caseSensitive": "true",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
}
_ACCURACY = 0.001
"""The most that a bound between two buckets is off its quantile; the ranks are exact whatever the bounds."""


@contextmanager
def opened_spark() -> Iterator["Spark"]:
    """The session of ``spark-submit`` or of the settings in the environment, else a local one; ended if we began it.

    Raises:
        CannotGrade: Java is missing.
    """
    running = SparkSession.getActiveSession()
    try:
        session = (
            running
            or SparkSession.builder.appName("tierxl").config("spark.ui.showConsoleProgress", "false").getOrCreate()
        )
    except (PySparkException, RuntimeError, OSError) as error:
        raise CannotGrade("Spark does not start: it needs Java 17 or newer, and JAVA_HOME set to it.") from error
    before = {name: session.conf.get(name, None) for name in _SETTINGS}
    for name, setting in _SETTINGS.items():
        session.conf.set(name, setting)
    try:
        yield Spark(session)
    finally:
        if running is None:
            session.stop()
        else:
            for name, value in before.items():
                session.conf.unset(name) if value is None else session.conf.set(name, value)


class Spark:
    """The engine; see :class:`tierxl.engines.Engine`."""

    def __init__(self, session: SparkSession) -> None:
        self.session = session

    def check_target(self, target: str) -> None:
        """See :meth:`tierxl.engines.Engine.check_target`; on a cluster, each executor has a disk of its own."""
        if not is_address(target) and not (self.session.sparkContext.master or "").startswith("local"):
            raise CannotGrade(
                f"On a cluster, give -o an address such as s3a://bucket/{target}: {target} is one disk's."
            )

    def scan(self, source: str) -> tuple[list[str], LazyFrame]:
        """See :meth:`tierxl.engines.Engine.scan`."""
        try:
            frame = self.session.read.parquet(source)
        except PySparkException as error:
            raise CannotGrade(f"{source} cannot be read as Parquet: {first_line(error)}") from error
        headers = list(frame.columns)
        return headers, nw.from_native(frame.toDF(*(column_name(at) for at in range(len(headers)))))

    def table(self, columns: Mapping[str, Sequence[Any]]) -> LazyFrame:
        """See :meth:`tierxl.engines.Engine.table`; it is sent to every executor."""
        return nw.from_native(F.broadcast(self.session.createDataFrame(pa.table(dict(columns)))))

    def kept(self, frame: LazyFrame) -> LazyFrame:
        """See :meth:`tierxl.engines.Engine.kept`."""
        kept: LazyFrame = nw.from_native(frame.to_native().persist())
        return kept

    def ranks(self, revenues: LazyFrame) -> "RanksInBuckets":
        """See :meth:`tierxl.engines.Engine.ranks`.

        Amounts go into buckets of which each lies wholly above the next, so that a bucket can be ranked by itself once
        it is known how many clients lie above it.
        """
        native: DataFrame = revenues.to_native()
        counts = native.dropna().groupBy("revenue").agg(F.count("*").alias("clients"))
        buckets = int(self.session.conf.get("spark.sql.shuffle.partitions") or 200)
        quantiles = [number / buckets for number in range(1, buckets)]
        bounds = sorted(set(counts.approxQuantile("revenue", quantiles, _ACCURACY))) if quantiles else []
        above = F.array(*map(F.lit, bounds)) if bounds else F.array().cast("array<double>")
        counts = counts.withColumn("bucket", F.size(F.filter(above, lambda bound: bound > F.col("revenue"))))
        counts = counts.withColumn("bucket", F.col("bucket").cast("long"))
        filled = sorted(tuple(row) for row in counts.groupBy("bucket").agg(F.sum("clients")).collect())
        *before, ranked = accumulate((clients for _, clients in filled), initial=0)
        if not filled:
            return RanksInBuckets(0, counts.select("revenue", F.col("clients").alias("rank")))
        higher = self.table({"bucket": [bucket for bucket, _ in filled], "before": before}).to_native()
        in_bucket = Window.partitionBy("bucket").orderBy(F.desc("revenue")).rowsBetween(Window.unboundedPreceding, -1)
        with_more = F.coalesce(F.sum("clients").over(in_bucket), F.lit(0))
        placed = counts.withColumn("with_more", with_more).join(higher, "bucket")
        ranks = placed.select("revenue", (F.col("before") + F.col("with_more") + 1).alias("rank"))
        return RanksInBuckets(ranked, ranks)

    def repeated(self, keys: LazyFrame) -> LazyFrame:
        """See :meth:`tierxl.engines.Engine.repeated`."""
        native: DataFrame = keys.to_native()
        return nw.from_native(native.groupBy(*native.columns).count().where("count > 1").drop("count"))

    def write(self, frame: LazyFrame, folder: str) -> None:
        """See :meth:`tierxl.engines.Engine.write`; Spark's own mark ``_SUCCESS`` is written last."""
        try:
            frame.to_native().write.mode("errorifexists").parquet(folder)
        except (PySparkException, Py4JError) as error:
            raise CannotGrade(f"{folder} cannot be written: {first_line(error)}") from error


@dataclass
class RanksInBuckets:
    """Each distinct revenue with its rank; see :class:`tierxl.engines.Ranks`."""

    ranked: int
    ranks: DataFrame

    def revenue_of(self, place: int) -> float:
        """See :meth:`tierxl.engines.Ranks.revenue_of`."""
        ((least,),) = self.ranks.where(f"rank <= {place}").agg({"revenue": "min"}).collect()
        return float(least)

    def beside(self, clients: LazyFrame) -> LazyFrame:
        """See :meth:`tierxl.engines.Ranks.beside`."""
        return clients.join(nw.from_native(self.ranks), on="revenue", how="left")
