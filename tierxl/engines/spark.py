"""Apache Spark, for clients that lie on a cluster, or on more disks than one machine has.

No step gathers the clients in one place: what is collected are counts, totals, and distinct cells and profiles.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import narwhals as nw
import pyarrow as pa
from py4j.protocol import Py4JError
from pyspark.errors import PySparkException
from pyspark.sql import Column, DataFrame, SparkSession, Window
from pyspark.sql import functions as F  # noqa: N812  as everybody calls it

from tierxl.engines import first_line, is_address
from tierxl.method.expressions import RATIO_DECIMALS
from tierxl.method.issues import CannotGrade
from tierxl.method.table.kinds import LazyFrame, column_name

_SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.caseSensitive": "true",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
    # Texts are made in steps. The rule puts those of columns that no list has into each other, and they grow at each.
    "spark.sql.optimizer.excludedRules": "org.apache.spark.sql.catalyst.optimizer.FoldablePropagation",
    # The Java made for a step with all our columns is more than a method holds: Spark logs that at length, and does
    # without it.
    "spark.sql.codegen.maxFields": "20",
}
START_SETTINGS: dict[str, Any] = {
    "spark.ui.showConsoleProgress": "false",
    "spark.python.sql.dataFrameDebugging.enabled": "false",  # more than half the calls, see benchmarks/README.md
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
        session = running or SparkSession.builder.appName("tierxl").config(map=START_SETTINGS).getOrCreate()
    except (PySparkException, RuntimeError, OSError) as error:
        raise CannotGrade("Spark does not start: it needs Java 17 or newer, and JAVA_HOME set to it.") from error
    before = {name: session.conf.get(name, None) for name in _SETTINGS}
    for name, setting in _SETTINGS.items():
        session.conf.set(name, setting)
    try:
        with ExitStack() as scratch:
            yield Spark(session, scratch)
    finally:
        if running is None:
            session.stop()
        else:
            for name, value in before.items():
                session.conf.unset(name) if value is None else session.conf.set(name, value)


class Spark:
    """The engine; see :class:`tierxl.engines.Engine`."""

    name = "spark"

    def __init__(self, session: SparkSession, scratch: ExitStack) -> None:
        self.session = session
        self._scratch = scratch

    def check_target(self, target: str) -> None:
        """See :meth:`tierxl.engines.Engine.check_target`; on a cluster, each executor has a disk of its own."""
        if not is_address(target) and not (self.session.sparkContext.master or "").startswith("local"):
            raise CannotGrade(
                f"On a cluster, give -o an address such as s3a://bucket/{target}: {target} is one disk's."
            )

    def scan(self, source: str) -> tuple[list[str], LazyFrame]:
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
        native: DataFrame = frame.to_native().persist()
        self._scratch.callback(native.unpersist)
        kept: LazyFrame = nw.from_native(native)
        return kept

    def ranks(self, values: LazyFrame) -> "RanksInBuckets":
        """See :meth:`tierxl.engines.Engine.ranks`.

        Values go into buckets of which each lies wholly above the next, so that a bucket can be ranked by itself once
        it is known how many values lie above it, and what they bring.
        """
        native: DataFrame = values.to_native()
        counts = native.toDF("value").dropna().groupBy("value").agg(F.count("*").alias("clients"))
        counts = counts.withColumn("brings", F.greatest(F.col("value"), F.lit(0.0)) * F.col("clients"))
        buckets = int(self.session.conf.get("spark.sql.shuffle.partitions") or 200)
        quantiles = [number / buckets for number in range(1, buckets)]
        bounds = sorted(set(counts.approxQuantile("value", quantiles, _ACCURACY))) if quantiles else []
        above = F.array(*map(F.lit, bounds)) if bounds else F.array().cast("array<double>")
        counts = counts.withColumn("bucket", F.size(F.filter(above, lambda bound: bound > F.col("value"))))
        counts = counts.withColumn("bucket", F.col("bucket").cast("long"))
        filled = sorted(tuple(row) for row in counts.groupBy("bucket").agg(F.sum("clients"), F.sum("brings")).collect())
        *clients_before, count = accumulate((clients for _, clients, _ in filled), initial=0)
        *brought_before, brought = accumulate((amount for *_, amount in filled), initial=0.0)
        placed = counts.select("value", F.lit(1).cast("long").alias("rank"), F.lit(0.0).alias("larger_share"))
        if filled:
            before = {
                "bucket": [bucket for bucket, *_ in filled],
                "clients_before": clients_before,
                "brought_before": brought_before,
            }
            higher = counts.join(self.table(before).to_native(), "bucket")
            in_bucket = Window.partitionBy("bucket").orderBy(F.desc("value"))
            in_bucket = in_bucket.rowsBetween(Window.unboundedPreceding, -1)
            larger, amount = (F.coalesce(F.sum(name).over(in_bucket), F.lit(0)) for name in ("clients", "brings"))
            share = (F.col("brought_before") + amount) / F.lit(brought) if brought else F.lit(1.0)
            placed = higher.select(
                "value",
                (F.col("clients_before") + larger + 1).alias("rank"),
                F.round(F.least(share, F.lit(1.0)), RATIO_DECIMALS).alias("larger_share"),
            )
        return RanksInBuckets(count, counts, placed)

    def repeated(self, keys: LazyFrame) -> LazyFrame:
        native: DataFrame = keys.to_native()
        return nw.from_native(native.groupBy(*native.columns).count().where("count > 1").drop("count"))

    def write(self, frame: LazyFrame, folder: str) -> None:
        """See :meth:`tierxl.engines.Engine.write`; Spark's own mark ``_SUCCESS`` is written last."""
        try:
            frame.to_native().write.mode("errorifexists").parquet(folder)
        except (PySparkException, Py4JError) as error:
            raise CannotGrade(f"{folder} cannot be written: {first_line(error)}") from error


@dataclass(frozen=True)
class RanksInBuckets:
    """Distinct values with their rank and the share that larger ones bring; see :class:`tierxl.engines.EngineRanks`."""

    count: int
    counts: DataFrame
    placed: DataFrame

    def value_at(self, place: int) -> float:
        return float(_first(self.placed.where(f"rank <= {place}").agg({"value": "min"})))

    def larger_than(self, value: float) -> int:
        return self._clients(F.col("value") > value)

    def reaching(self, value: float) -> int:
        return self._clients(F.col("value") >= value)

    def share_cut(self, share: float) -> float | None:
        reached = self.placed.where((F.col("value") > 0) & (F.col("larger_share") < share))
        cut = _first(reached.agg({"value": "min"}))
        return None if cut is None else float(cut)

    def beside(self, clients: LazyFrame, by: str) -> LazyFrame:
        place = "larger_share" if by == "share" else "rank"
        places = self.placed.select(F.col("value").alias("revenue"), place)
        return clients.join(nw.from_native(places), on="revenue", how="left")

    def _clients(self, condition: Column) -> int:
        return int(_first(self.counts.where(condition).agg({"clients": "sum"})) or 0)


def _first(frame: DataFrame) -> Any:
    """The only cell of a frame."""
    ((value,),) = frame.collect()
    return value
