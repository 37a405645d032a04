"""A Parquet file with a column of any type is graded, or refused in one sentence that names the column."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pytest
from pyarrow import parquet

from tests import files
from tests.arrow_columns import COLUMNS, NOT_IN_PARQUET
from tests.use_cases import large_files
from tierxl.engines import opened
from tierxl.method.issues import CannotGrade
from tierxl.method.table.columns import GRADED_COLUMNS
from tierxl.use_cases.assign import assign_file
from tierxl.use_cases.reading import Request

pytestmark = pytest.mark.long

OWN = "my own"
READ = ("Client", "Revenue", "Client since")
REFUSED_BY_TYPE = ("decimal256", "Mars/Olympus", "list view", "no UTF-8", "list of times with an offset")


def written(path: Path, **columns: Any) -> Path:
    table = {"Client": ["Abel", "Baker"], "Revenue": [1, 2], **columns}
    parquet.write_table(pa.table(table), path)
    return path


def in_memory(source: Path, ending: str = ".parquet") -> "list[dict[str, Any]] | str":
    """The graded columns, or why there are none."""
    target = source.with_name(f"graded{ending}")
    try:
        files.grade(source, target)
    except CannotGrade as error:
        return str(error)
    return sorted(files.graded_values(target), key=repr)


def by_engine(source: Path) -> "list[dict[str, Any]] | str":
    target = source.with_name("by-engine")
    try:
        with opened("polars") as engine:
            large_files.graded(str(source), target, engine)
    except CannotGrade as error:
        return str(error)
    rows = parquet.read_table(target / "clients").select(GRADED_COLUMNS).to_pylist()
    return sorted(({name: files.plain(name, value) for name, value in row.items()} for row in rows), key=repr)


def arrow_schema(folder: Path) -> pa.Schema:
    (part,) = (folder / "clients").iterdir()
    return parquet.read_schema(part)


REFUSED = [name for name in COLUMNS if any(kind in name for kind in REFUSED_BY_TYPE)]


@pytest.mark.parametrize("name", REFUSED)
def test_a_column_of_the_users_that_no_program_can_show_is_refused_by_name(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], name: str
):
    source = written(tmp_path / "a.parquet", **{OWN: COLUMNS[name]})
    outcome, other = in_memory(source), by_engine(source)
    assert outcome == other
    assert isinstance(outcome, str)
    assert outcome.startswith(f'The column "{OWN}" ')
    assert "panicked" not in capfd.readouterr().err


def test_columns_of_the_user_may_have_any_other_type(tmp_path: Path, capfd: pytest.CaptureFixture[str]):
    own = {f"my {name}": column for name, column in COLUMNS.items() if name not in REFUSED}
    source = written(tmp_path / "a.parquet", **own)
    outcome = in_memory(source)
    assert not isinstance(outcome, str), outcome
    assert outcome == by_engine(source)
    graded, given = parquet.read_table(tmp_path / "graded.parquet"), parquet.read_table(source)
    for name in own:
        assert graded.schema.field(name).equals(given.schema.field(name), check_metadata=True), name
        assert graded[name].equals(given[name]) or name == "my no numbers", name
    assert "panicked" not in capfd.readouterr().err


NOT_AS_TEXT = [name for name in COLUMNS if any(kind in name for kind in (*REFUSED_BY_TYPE, "list of date32 far"))]


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_columns_of_the_user_of_all_other_types_are_written_as_text(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], ending: str
):
    columns = {f"my {name}": column for name, column in COLUMNS.items() if name not in NOT_AS_TEXT}
    outcome = in_memory(written(tmp_path / "a.parquet", **columns), ending)
    assert not isinstance(outcome, str), outcome
    assert "panicked" not in capfd.readouterr().err


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
@pytest.mark.parametrize("name", NOT_AS_TEXT)
def test_a_column_of_the_user_that_cannot_be_written_as_text_is_refused(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], name: str, ending: str
):
    outcome = in_memory(written(tmp_path / "a.parquet", **{OWN: COLUMNS[name]}), ending)
    assert isinstance(outcome, str)
    assert outcome.startswith(f'The column "{OWN}" ')
    assert "panicked" not in capfd.readouterr().err


@pytest.mark.hostile
@pytest.mark.parametrize(
    ("role", "name"), [(role, name) for role in READ for name in list(COLUMNS)[:: 3 if role == "Client" else 1]]
)
def test_a_column_that_is_read_is_graded_or_refused_alike_by_memory_and_engine(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], name: str, role: str
):
    source = written(tmp_path / "a.parquet", **{role: COLUMNS[name], OWN: [1, 2]})
    outcome, other = in_memory(source), by_engine(source)
    assert outcome == other
    if isinstance(outcome, str):
        assert outcome.startswith((f'The column "{role}" ', "No client has a revenue that can be read"))
    assert "panicked" not in capfd.readouterr().err


@pytest.mark.parametrize("name", NOT_IN_PARQUET)
def test_what_arrow_cannot_write_needs_no_reading(tmp_path: Path, name: str):
    with pytest.raises(pa.ArrowException):
        written(tmp_path / "a.parquet", **{OWN: NOT_IN_PARQUET[name]})


# --- Values at the ends ----------------------------------------------------------------------------------------------


def test_far_dates_stand_in_csv_as_dates(tmp_path: Path):
    for name in ("date32 far", "timestamp[us] far", "timestamp[ms, tz=Europe/Paris] far"):
        in_memory(written(tmp_path / "a.parquet", **{OWN: COLUMNS[name]}), ".csv")
        assert [row[OWN] for row in files.csv_records(tmp_path / "graded.csv")] == {
            "date32 far": ["5881580-07-11", "-5877641-06-23"],
            "timestamp[us] far": ["294247-01-10", "-290308-12-21"],
            "timestamp[ms, tz=Europe/Paris] far": ["292278994-08-17", "-292275055-05-16"],
        }[name]


@pytest.mark.parametrize("zone", [None, "UTC"])
def test_int96_reaches_to_the_end_of_the_calendar(tmp_path: Path, zone: str | None):
    days = [datetime(9999, 12, 31), datetime(2020, 1, 1)]
    table = pa.table({"Client": ["a", "b"], "Revenue": [1, 2], "Override expires": pa.array(days, pa.timestamp("us"))})
    table = table.set_column(2, "Override expires", table[2].cast(pa.timestamp("us", zone)))
    parquet.write_table(table, tmp_path / "a.parquet", use_deprecated_int96_timestamps=True)
    result = files.grade(tmp_path / "a.parquet", tmp_path / "graded.parquet")
    assert result.grading.clients.table["override_expires"].to_list() == days


@pytest.mark.parametrize(
    ("zone", "tier"), [("Europe/Paris", "C"), ("+05:30", "C"), ("-08:00", "A"), ("UTC", "A"), (None, "A")]
)
def test_a_day_is_that_of_the_clocks_in_the_zone(tmp_path: Path, zone: str | None, tier: str):
    """The override of the client in tier A holds on the day of the grading, which has begun east of London."""
    late = pa.array([None, datetime(2026, 11, 21, 23, 30)], pa.timestamp("us", "UTC")).cast(pa.timestamp("us", zone))
    source = written(tmp_path / "a.parquet", **{"Override tier": [None, "C"], "Override expires": late})
    outcome = in_memory(source)
    assert outcome == by_engine(source)
    assert sorted(row["Tier"] for row in outcome) == sorted(["C", tier])


# --- What a file may lack --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "says"),
    [
        (pa.table({}), "There is no Client column"),
        (pa.table({"Client": pa.array([], pa.string()), "Revenue": pa.array([], pa.int64())}), "There are no clients"),
        (pa.table([["a"], [1], [1]], names=["Client", "Revenue", "Revenue"]), '"Revenue": give each a name of its own'),
        (pa.table([["a"], [1], [1], [2]], names=["Client", "Revenue", "", ""]), 'have the name "": give each'),
    ],
    ids=["no columns", "no rows", "a name twice", "no name twice"],
)
def test_a_table_that_lacks_something_is_refused_alike(tmp_path: Path, table: pa.Table, says: str):
    parquet.write_table(table, tmp_path / "a.parquet")
    outcome = in_memory(tmp_path / "a.parquet")
    assert says in str(outcome)
    assert outcome == by_engine(tmp_path / "a.parquet")


def test_names_and_types_are_kept(tmp_path: Path):
    columns = {
        "": pa.array([1, 2], pa.int8()),
        "^at$": pa.array([1, 2], pa.time64("us")),
        "of files": pa.DictionaryArray.from_arrays(pa.array([0, 1], pa.int8()), ["x", "y"], ordered=True),
        "Score": pa.array([date(2020, 1, 1), None]),
    }
    source = written(tmp_path / "a.parquet", **columns)
    files.grade(source, tmp_path / "once.parquet")
    files.grade(tmp_path / "once.parquet", tmp_path / "twice.parquet")
    given = parquet.read_table(source)
    for graded in (parquet.read_table(tmp_path / f"{name}.parquet") for name in ("once", "twice")):
        assert graded.column_names[: len(given.column_names)] == given.column_names
        assert graded.select(range(given.num_columns)).equals(given)
        assert len(graded.column_names) == given.num_columns + len(GRADED_COLUMNS)


def test_with_an_engine_names_are_kept_too(tmp_path: Path):
    source = written(tmp_path / "a.parquet", **{"": [1, 2], "^at$": [1, 2], "ns": COLUMNS["timestamp[ns]"]})
    assert not isinstance(by_engine(source), str)
    schema = arrow_schema(tmp_path / "by-engine")
    assert schema.names[:5] == ["Client", "Revenue", "", "^at$", "ns"]
    assert schema.field("ns").type == pa.timestamp("ns")


def test_what_pandas_notes_about_its_frame_is_kept(tmp_path: Path):
    frame = pl.DataFrame({"Client": ["a", "b"], "Revenue": [1, 2]}).to_pandas().set_index("Client", drop=False)
    frame.index.name = "key"
    frame.to_parquet(tmp_path / "a.parquet")
    files.grade(tmp_path / "a.parquet", tmp_path / "graded.parquet")
    import pandas as pd  # noqa: PLC0415  it is slow to import

    assert list(pd.read_parquet(tmp_path / "graded.parquet").index) == ["a", "b"]


def test_a_proposal_that_is_applied_is_written_into_parquet(tmp_path: Path):
    managers = pa.array([None, None], pa.string()).dictionary_encode()
    source = written(tmp_path / "a.parquet", **{"Account manager": managers})
    team = files.csv_file(tmp_path, "Account manager,Seniority,Hours\nAnn,Senior,2000\n", name="team.csv")
    assign_file(Request(source, large_files.AS_OF, managers=team), tmp_path / "graded.parquet", apply=True)
    assert pl.read_parquet(tmp_path / "graded.parquet")["Account manager"].to_list() == ["Ann", "Ann"]
