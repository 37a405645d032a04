"""Grading Parquet files larger than memory, on Polars in streaming."""

import shlex
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from tests.use_cases import large_files
from tierxl.cli import app
from tierxl.engines import Engine, opened
from tierxl.method.issues import CannotGrade
from tierxl.method.table import many_clients
from tierxl.method.table.columns import GRADED_COLUMNS

pytestmark = pytest.mark.long


@pytest.fixture
def engine() -> Iterator[Engine]:
    with opened("polars") as engine:
        yield engine


@pytest.mark.parametrize("name", large_files.PORTFOLIOS)
@pytest.mark.parametrize("policy", large_files.POLICIES)
def test_every_cell_is_what_pandas_gives_in_memory(name: str, policy: str, tmp_path: Path, engine: Engine):
    frame, settings = large_files.PORTFOLIOS[name](), large_files.POLICIES[policy]
    large_files.graded(large_files.write(frame, tmp_path / "in"), tmp_path / "out", engine, settings)
    found, wanted = large_files.clients(tmp_path / "out"), large_files.expected(frame, settings)
    assert found.columns == wanted.columns
    assert large_files.rows(found) == large_files.rows(wanted)


@pytest.mark.parametrize("name", large_files.PORTFOLIOS)
def test_every_issue_is_counted_as_in_memory(name: str, tmp_path: Path, engine: Engine):
    frame = large_files.PORTFOLIOS[name]()
    result = large_files.graded(large_files.write(frame, tmp_path / "in"), tmp_path / "out", engine)
    assert large_files.found_issues(result) == large_files.expected_issues(frame)
    assert len(large_files.issues(tmp_path / "out")) == sum(large_files.expected_issues(frame).values())
    assert sum(result.tiers.values()) == result.clients == len(frame)


def test_an_issue_names_the_client_the_column_the_cell_and_what_to_do(tmp_path: Path, engine: Engine):
    frame = pl.DataFrame({"Client": ["Abel", "Baker"], "Client ID": ["1", "2"], "Sales": ["12.5", "1,2,3"]})
    large_files.graded(large_files.write(frame, tmp_path / "in"), tmp_path / "out", engine)
    assert large_files.issues(tmp_path / "out").rows() == [
        (
            "Baker",
            "2",
            "Sales",
            "1,2,3",
            "is not an amount of money: write a number such as 1200.50",
        )
    ]


def test_equal_revenues_that_are_too_many_to_stand_out_are_said(tmp_path: Path, engine: Engine):
    frame = pl.DataFrame({"Client": list("abcdefghij"), "Sales": [3600.0] * 6 + [4.0, 3.0, 2.0, 1.0]})
    result = large_files.graded(large_files.write(frame, tmp_path / "in"), tmp_path / "out", engine)
    sentence = "Sales: 6 of 10 clients have the same revenue, 3,600: too many to stand out, so they are rated Low"
    assert list(map(str, result.assumptions)) == [sentence]


def test_files_of_the_first_edition_are_graded_anew_under_todays_names(tmp_path: Path, engine: Engine):
    first = [name for name in GRADED_COLUMNS if name != "Reason"]
    former = {name: ["x", "y"] for name in ("Next step" if it == "What would lift it" else it for it in first)}
    frame = pl.DataFrame({"Client": ["Abel", "Baker"], "Revenue": [2.0, 1.0]} | former)
    large_files.graded(large_files.write(frame, tmp_path / "in"), tmp_path / "out", engine)
    assert large_files.clients(tmp_path / "out").columns == ["Client", "Revenue", *GRADED_COLUMNS]


def test_graded_files_are_graded_anew_without_doubled_columns(tmp_path: Path, engine: Engine):
    frame = large_files.typed()
    large_files.graded(large_files.write(frame, tmp_path / "in"), tmp_path / "once", engine)
    large_files.graded(f"{tmp_path}/once/clients", tmp_path / "twice", engine)
    once, twice = large_files.clients(tmp_path / "once"), large_files.clients(tmp_path / "twice")
    assert once.columns == twice.columns
    assert large_files.rows(once) == large_files.rows(twice)


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        ({"Revenue": [1]}, "There is no Client column"),
        ({"Client": ["Abel"]}, "There is no Revenue column"),
        ({"Client": ["Abel"], "Sales": [1], "Turnover": [1]}, '"Sales" and "Turnover" both mean Revenue'),
        ({"Client": pl.Series([], dtype=pl.String), "Revenue": pl.Series([], dtype=pl.Int64)}, "There are no clients"),
        ({"Client": ["Abel", "Baker"], "Revenue": ["$1", "€2"]}, r"mixes currencies \(\$, €\)"),
    ],
)
def test_what_cannot_be_graded_says_why_and_leaves_nothing(columns: dict, says: str, tmp_path: Path, engine: Engine):
    source = large_files.write(pl.DataFrame(columns), tmp_path / "in", files=1)
    with pytest.raises(CannotGrade, match=says):
        large_files.graded(source, tmp_path / "out", engine)
    assert [path.name for path in tmp_path.iterdir()] == ["in"]


def test_too_many_distinct_texts_are_refused(tmp_path: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(many_clients, "MOST_DISTINCT", 2)
    source = large_files.write(
        pl.DataFrame({"Client": ["A", "B", "C"], "Revenue": ["1", "2", "3"]}), tmp_path / "in", files=1
    )
    with pytest.raises(CannotGrade, match=r'"Revenue" holds more than 2 different texts.*store it as numbers'):
        large_files.graded(source, tmp_path / "out", engine)


def test_a_folder_with_something_in_it_is_refused_and_kept(tmp_path: Path, engine: Engine):
    source = large_files.write(large_files.typed(), tmp_path / "in")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "note.txt").write_text("mine")
    with pytest.raises(CannotGrade, match="exists already: give -o"):
        large_files.graded(source, tmp_path / "out", engine)
    assert (tmp_path / "out" / "note.txt").read_text() == "mine"


def test_polars_writes_to_no_address(tmp_path: Path, engine: Engine):
    source = large_files.write(large_files.typed(), tmp_path / "in")
    with pytest.raises(CannotGrade, match="writes to a folder of this machine"):
        engine.check_target("s3://bucket/graded")
    engine.check_target(source)


def test_when_writing_fails_nothing_is_left(tmp_path: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch):
    source = large_files.write(large_files.typed(), tmp_path / "in")
    write = type(engine).write

    def full(self: Engine, frame: pl.LazyFrame, folder: str) -> None:
        if folder.endswith("clients"):
            raise CannotGrade("the disk is full")
        write(self, frame, folder)

    monkeypatch.setattr(type(engine), "write", full)
    with pytest.raises(CannotGrade, match="disk is full"):
        large_files.graded(source, tmp_path / "out", engine)
    assert [path.name for path in tmp_path.iterdir()] == ["in"]


# --- The command -----------------------------------------------------------------------------------------------------


def run(*arguments: str):
    return CliRunner().invoke(app, ["grade", *arguments])


def test_the_command_that_names_the_column_of_the_revenue_can_be_pasted(tmp_path: Path):
    source = large_files.write(
        pl.DataFrame({"Client": ["Abel", "Baker"], "Fee A": [2.0, 1.0], "Fee B": [1.0, 1.0]}), tmp_path / "in"
    )
    refused = run(source, "--engine", "polars", "-o", str(tmp_path / "the result"))
    assert (refused.exit_code, refused.stdout) == (2, "")
    name, *arguments = shlex.split(refused.stderr.partition("Try: ")[2])
    assert (name, arguments[-1]) == ("tierxl", "Revenue=Fee A")
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0, done.stderr
    assert len(large_files.clients(tmp_path / "the result")) == 2


def test_the_command_tells_tiers_issues_and_where_the_result_is(tmp_path: Path):
    source = large_files.write(large_files.written(), tmp_path / "in")
    done = run(source, "--engine", "polars", "-o", str(tmp_path / "out"), "--as-of", "2026-11-22")
    assert done.exit_code == 0, done.output
    assert "300 clients graded" in done.output
    assert "x Sales: is not an amount of money" in done.output
    assert f"Written:          {tmp_path / 'out'}" in done.output.replace("\n", "")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "Give -o with the name of a new folder."),
        (["-o", "out", "--in-place"], "leave --in-place, --overwrite, --table, --managers, --live and --values out"),
        (["-o", "out"], "cannot be read as Parquet"),
    ],
)
def test_the_command_refuses_what_an_engine_cannot_do(
    arguments: list[str], says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    done = run("none/*.parquet", "--engine", "polars", *arguments)
    assert done.exit_code == 2
    assert says in done.stderr
    assert list(tmp_path.iterdir()) == []


ORDERS = {
    "Order date": [date(2026, 1, 5), date(2026, 11, 5), date(2026, 3, 5), date(2025, 3, 5), None, date(2027, 1, 1)],
    "Client": ["Alder", "Birch", "alder", "Cedar", "Alder", "Birch"],
    "Revenue": [100.0, 300.0, 50.0, 80.0, 7.0, 9.0],
    "Segment": ["Legal", "Retail", "Retail", "Legal", "None", "None"],
}


def test_orders_are_summed_to_clients(tmp_path: Path, engine: Engine):
    result = large_files.graded(large_files.write(pl.DataFrame(ORDERS), tmp_path / "in"), tmp_path / "out", engine)
    assert result.orders is not None
    assert result.orders.sentence == "4 rows of 3 clients, summed over the 12 months to 2026-11-22"
    found = large_files.clients(tmp_path / "out").select(
        "Client", "Segment", "Revenue", "Previous revenue", "Last order"
    )
    assert sorted((*line[:4], line[4].date()) for line in found.rows()) == [
        ("Birch", "Retail", 300, 0, date(2026, 11, 5)),
        ("Cedar", "Legal", 0, 80, date(2025, 3, 5)),
        ("alder", "Retail", 150, 0, date(2026, 3, 5)),
    ]
    assert [(issue.column, issue.clients) for issue in result.issues if "left out" in issue.message] == [
        ("Order date", 1),
        ("Order date", 1),
    ]


def test_totals_are_left_out_and_counted(tmp_path: Path, engine: Engine):
    columns = {
        "Client": ["Abel", "Baker", "TOTAL", "Grand total:", "Total"],
        "Segment": ["Oil", None, None, " ", "Oil"],
        "Revenue": [1.0, 2.0, 3.0, 3.0, 9.0],
    }
    result = large_files.graded(large_files.write(pl.DataFrame(columns), tmp_path / "in"), tmp_path / "out", engine)
    assert result.left_out == 2
    assert sorted(large_files.clients(tmp_path / "out")["Client"]) == ["Abel", "Baker", "Total"]
