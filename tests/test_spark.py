"""Grading on Spark: the same cells as pandas, and no step that gathers the clients in one place."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import narwhals as nw
import polars as pl
import pytest

from tests.use_cases import large_files
from tests.use_cases.test_large import ORDERS
from tierxl.engines import opened
from tierxl.method.issues import CannotGrade

pytestmark = [
    pytest.mark.spark,
    pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


@pytest.fixture(scope="module")
def engine() -> Iterator[Any]:
    from pyspark.sql import SparkSession  # noqa: PLC0415  collected everywhere, run where PySpark is

    from tierxl.engines.spark import START_SETTINGS  # noqa: PLC0415  likewise

    settings = START_SETTINGS | {
        "spark.ui.enabled": "false",
        "spark.sql.ui.explainMode": "simple",
        "spark.sql.shuffle.partitions": "4",
        "spark.driver.memory": "2g",
        "spark.buffer.pageSize": "1m",  # else 16 MB for each of many tables, with few rows in each
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",  # each query is planned once
    }
    builder = SparkSession.builder.master("local[2]")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    with opened("spark") as engine:
        yield engine
    session.stop()


@pytest.fixture
def _interpreted(engine: Any) -> Iterator[None]:
    """No Java is made for each query, which takes longer than a few rows do; one grading tries that as well."""
    settings = {"spark.sql.codegen.wholeStage": "false", "spark.sql.codegen.factoryMode": "NO_CODEGEN"}
    for name, value in settings.items():
        engine.session.conf.set(name, value)
    yield
    for name in settings:
        engine.session.conf.unset(name)


def gathers_in_one_place(plan: str) -> list[str]:
    """The steps that bring all rows into one partition: an exchange into one, or a window that is not partitioned."""
    exchanges = re.findall(r"Exchange SinglePartition.*", plan)
    windows = re.findall(r"(?m)^.*\bWindow \[.*$", plan)
    return [*exchanges, *(window for window in windows if not re.search(r"\], \[[^\]]+\], \[", window))]


def last_plan(engine: Any) -> str:
    """The plan by which Spark has just made a table, as it ran."""
    engine.session.sparkContext._jsc.sc().listenerBus().waitUntilEmpty()
    return engine.session._jsparkSession.sharedState().statusStore().executionsList().last().physicalPlanDescription()


@pytest.fixture
def plans(engine: Any, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The plans of what is written, by folder."""
    plans: dict[str, str] = {}
    write = type(engine).write

    def watched(self: Any, frame: nw.LazyFrame[Any], folder: str) -> None:
        write(self, frame, folder)
        plans[Path(folder).name] = last_plan(self)

    monkeypatch.setattr(type(engine), "write", watched)
    return plans


@pytest.mark.parametrize(
    ("name", "policy", "run_by"), [("typed", "no tie", "_interpreted"), ("written", "share", "engine")]
)
def test_cells_and_issues_are_those_of_memory_and_no_step_on_the_way_gathers_them(
    name: str, policy: str, run_by: str, tmp_path: Path, engine: Any, plans: dict[str, str], request: Any
):
    request.getfixturevalue(run_by)
    frame, settings = large_files.PORTFOLIOS[name](), large_files.POLICIES[policy]
    result = large_files.graded(large_files.write(frame, tmp_path / "in"), tmp_path / "out", engine, settings)
    assert "Window" in plans["clients"]
    assert {name: gathers_in_one_place(plan) for name, plan in plans.items()} == {"clients": [], "issues": []}
    found, wanted = large_files.clients(tmp_path / "out"), large_files.expected(frame, settings)
    assert found.columns == wanted.columns
    assert large_files.rows(found) == large_files.rows(wanted)
    issues = large_files.expected_issues(frame, settings)
    assert large_files.found_issues(result) == issues
    assert len(large_files.issues(tmp_path / "out")) == sum(issues.values())


def test_clients_without_any_revenue_are_refused(tmp_path: Path, engine: Any):
    frame = pl.DataFrame({"Client": ["A", "B"], "Revenue": pl.Series([None, None], dtype=pl.Float64)})
    with pytest.raises(CannotGrade, match="No client has a revenue that can be read"):
        large_files.graded(large_files.write(frame, tmp_path / "in", files=1), tmp_path / "out", engine)


@pytest.mark.parametrize("count", [1, 2, 5, 97])
def test_ranks_count_the_clients_with_more_across_all_buckets(count: int, engine: Any):
    amounts = [float(at % 40) for at in range(count)] + [None]
    table = nw.from_native(engine.session.createDataFrame([(amount,) for amount in amounts], "revenue double"))
    ranks = engine.ranks(table)
    known = sorted((amount for amount in amounts if amount is not None), reverse=True)
    found = {row.revenue: row["rank"] for row in ranks.beside(table, "rank").to_native().collect()}
    assert found == {None: None} | {amount: known.index(amount) + 1 for amount in known}
    places = sorted({1, 2, count // 3, count // 2, count - 1, count} & {*range(1, count + 1)})  # three queries each
    values = [known[place - 1] for place in places]
    assert [ranks.value_at(place) for place in places] == values
    assert [ranks.larger_than(value) for value in values] == [known.index(value) for value in values]
    assert [ranks.reaching(value) for value in values] == [sum(other >= value for other in known) for value in values]


def test_shares_of_the_total_are_found_across_all_buckets(engine: Any):
    amounts = [800.0, 100.0, 50.0, 50.0, 0.0, -5.0, None]
    table = nw.from_native(engine.session.createDataFrame([(amount,) for amount in amounts], "revenue double"))
    ranks = engine.ranks(table)
    found = {row.revenue: row["larger_share"] for row in ranks.beside(table, "share").to_native().collect()}
    assert found == {800.0: 0.0, 100.0: 0.8, 50.0: 0.9, 0.0: 1.0, -5.0: 1.0, None: None}
    assert (ranks.share_cut(0.8), ranks.share_cut(0.9), ranks.share_cut(0.95)) == (800.0, 100.0, 50.0)


def test_a_rank_over_all_clients_would_be_found_out(engine: Any):
    table = nw.from_native(engine.session.createDataFrame([(1.0,), (2.0,)], "revenue double"))
    table.with_columns(rank=nw.col("revenue").rank("min", descending=True)).to_native().collect()
    assert gathers_in_one_place(last_plan(engine))


def test_a_folder_that_is_no_parquet_is_refused(tmp_path: Path, engine: Any):
    with pytest.raises(CannotGrade, match="cannot be read as Parquet"):
        large_files.graded(f"{tmp_path}/none/*.parquet", tmp_path / "out", engine)
    assert list(tmp_path.iterdir()) == []


def test_a_session_of_the_users_has_its_settings_again_and_keeps_no_table_of_ours(engine: Any):
    name, of_user = "spark.sql.session.timeZone", "Asia/Tokyo"
    ours = engine.session.conf.get(name)
    engine.session.conf.set(name, of_user)
    with opened("spark") as other:
        assert other.session.conf.get(name) == ours
        kept = other.kept(other.table({"Client": ["Ashdown"]})).to_native()
        assert kept.storageLevel.useMemory
    assert engine.session.conf.get(name) == of_user
    assert not kept.storageLevel.useMemory
    engine.session.conf.set(name, ours)


@pytest.mark.usefixtures("_interpreted")
def test_orders_are_summed_and_totals_left_out_as_on_polars(tmp_path: Path, engine: Any):
    with_total = {name: [*cells, None] for name, cells in ORDERS.items()} | {"Client": [*ORDERS["Client"], "Total"]}
    source, by_revenue = (
        large_files.write(pl.DataFrame(with_total), tmp_path / "in"),
        large_files.POLICIES["revenue alone"],
    )
    result = large_files.graded(source, tmp_path / "spark", engine, by_revenue)
    with opened("polars") as polars:
        wanted = large_files.graded(source, tmp_path / "polars", polars, by_revenue)
    assert large_files.rows(large_files.clients(tmp_path / "spark")) == large_files.rows(
        large_files.clients(tmp_path / "polars")
    )
    assert (result.orders.sentence, result.left_out) == (wanted.orders.sentence, 1)
    assert result.issues == wanted.issues
