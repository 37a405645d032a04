"""The graded columns are the same in every format, whatever format the clients came in."""

from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests import files
from tests.files import csv_records, csv_rows, grade, graded_values
from tests.runs import first
from tierxl.method.issues import CannotGrade
from tierxl.method.table.columns import GRADED_COLUMNS
from tierxl.sheets.description import LAST_COLUMN
from tierxl.use_cases.graded import GradedFile

CLIENTS: dict[str, list[Any]] = {
    "Client": ["Abel", "Baker", "Cohen", "Dean"],
    "Client ID": ["007", "08", None, "a"],
    "Revenue": [1200.5, 300.0, None, 0.0],
    "Profit": [200.0, -1.0, None, 0.0],
    "Margin": [None, None, 0.25, None],
    "Total spend": [1500.25, None, 3.0, 5.0],
    "Opportunity": ["High", "Low", None, "high"],
    "Marquee": [True, False, None, True],
    "Client since": [datetime(2020, 2, 29), None, datetime(2024, 1, 1), None],
    "Override tier": [None, None, "B", None],
    "Notes": ["a,b", "=1", None, 'say "x"'],
}


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The same clients in every format."""
    folder = tmp_path_factory.mktemp("formats")
    frame = pl.DataFrame(CLIENTS)
    frame.write_parquet(folder / "a.parquet")
    frame.with_columns(pl.col("Marquee").replace_strict({True: "Yes", False: "No"})).write_csv(
        folder / "a.csv", datetime_format="%Y-%m-%d"
    )
    files.workbook(folder / "a.xlsx", [frame.columns, *frame.rows()])
    return {suffix: folder / f"a{suffix}" for suffix in (".csv", ".parquet", ".xlsx")}


@pytest.fixture(scope="module")
def expected(sources: dict[str, Path]) -> list[dict[str, Any]]:
    target = sources[".parquet"].with_name("expected.parquet")
    grade(sources[".parquet"], target)
    return graded_values(target)


@pytest.mark.long
@pytest.mark.parametrize("target", [".csv", ".parquet", ".xlsx"])
@pytest.mark.parametrize("source", [".csv", ".parquet", ".xlsx"])
def test_every_format_gives_the_same_graded_columns_in_every_format(
    tmp_path: Path, sources: dict[str, Path], expected: list[dict[str, Any]], source: str, target: str
):
    grade(sources[source], tmp_path / f"graded{target}")
    assert graded_values(tmp_path / f"graded{target}") == expected


@pytest.mark.long
def test_a_graded_file_is_graded_the_same_in_another_format_again(
    tmp_path: Path, sources: dict[str, Path], expected: list[dict[str, Any]]
):
    path = sources[".csv"]
    for number, suffix in enumerate([".parquet", ".xlsx", ".xlsm", ".csv"]):
        grade(path, tmp_path / f"{number}{suffix}")
        path = tmp_path / f"{number}{suffix}"
        assert graded_values(path) == expected
    assert csv_rows(path)[0] == [*CLIENTS, *GRADED_COLUMNS]


def test_csv_carries_the_columns_in_order_and_the_score_to_one_decimal(tmp_path: Path, sources: dict[str, Path]):
    grade(sources[".parquet"], tmp_path / "graded.csv")
    records = csv_records(tmp_path / "graded.csv")
    assert list(records[0]) == [*CLIENTS, *GRADED_COLUMNS]
    assert [record["Score"] for record in records] == ["73.3", "0.0", "", "20.0"]
    assert [record["Upside"] for record in records] == ["299.75", "", "", "5.0"]
    assert [record["Tier"] for record in records][2] == "B"


def test_scores_in_csv_are_rounded_half_up(tmp_path: Path, sample: GradedFile):
    grade(files.SAMPLE, tmp_path / "graded.csv")
    scores = [None if score is None else Decimal(repr(score)) for score in sample.grading.columns["Score"].to_list()]
    tenth = Decimal("0.1")
    expected = ["" if score is None else str(score.quantize(tenth, ROUND_HALF_UP)) for score in scores]
    assert [record["Score"] for record in csv_records(tmp_path / "graded.csv")] == expected
    assert [score for score in scores if score and score.quantize(tenth, ROUND_HALF_UP) > score]


def test_csv_with_letters_beyond_ascii_carries_the_mark_by_which_excel_knows_utf_8(tmp_path: Path):
    grade(files.csv_file(tmp_path, "Client,Revenue\nØrsted,1\n"), tmp_path / "graded.csv")
    assert (tmp_path / "graded.csv").read_bytes().startswith(b"\xef\xbb\xbfClient,")


def test_csv_keeps_numbers_and_dates_of_a_parquet_file_readable(tmp_path: Path, sources: dict[str, Path]):
    grade(sources[".parquet"], tmp_path / "graded.csv")
    first, *_, last = csv_records(tmp_path / "graded.csv")
    assert (first["Client since"], first["Revenue"], first["Marquee"]) == ("2020-02-29", "1200.5", "True")
    assert (last["Client since"], last["Revenue"], last["Notes"]) == ("", "0", 'say "x"')


def test_parquet_keeps_the_types_of_the_users_columns(tmp_path: Path, sources: dict[str, Path]):
    grade(sources[".parquet"], tmp_path / "graded.parquet")
    graded = pl.read_parquet(tmp_path / "graded.parquet")
    given = pl.read_parquet(sources[".parquet"])
    assert graded.select(given.columns).equals(given)
    assert graded.schema["Score"] == graded.schema["Upside"] == pl.Float64
    assert {graded.schema[name] for name in GRADED_COLUMNS if name not in ("Score", "Upside")} == {pl.String()}


ODD = {
    "list": pl.Series([[1], [2, 3]]),
    "struct": pl.Series([{"a": 1}, {"a": 2}]),
    "bytes": pl.Series([b"x", b"\xff"]),
    "category": pl.Series(["x", "y"], dtype=pl.Categorical),
    "decimal": pl.Series(["1.50", "2.25"]).cast(pl.Decimal(10, 2)),
    "duration": pl.Series([90_000_000, 1]).cast(pl.Duration("us")),
    "time": pl.Series([3_600_000_000_000, 0]).cast(pl.Time),
    "zoned": pl.Series([datetime(2020, 1, 1, 12), None]).dt.replace_time_zone("Europe/Paris"),
    "far": pl.Series([10**18, 0]).cast(pl.Datetime("us")),
    "early": pl.Series([datetime(1066, 10, 14), datetime(1899, 1, 1)]),
    "big": pl.Series([2**63 - 1, -1]),
    "unsigned": pl.Series([2**64 - 1, 0], dtype=pl.UInt64),
    "nan": pl.Series([float("nan"), float("inf")]),
    "empty": pl.Series([None, None], dtype=pl.Null),
}


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("odd") / "odd.parquet"
    pl.DataFrame({"Client": ["Abel", "Baker"], "Revenue": [1, 2], **ODD}).write_parquet(path)
    return path


def test_parquet_hands_columns_of_any_type_through(tmp_path: Path, odd: Path):
    grade(odd, tmp_path / "graded.parquet")
    given, graded = pl.read_parquet(odd).drop("far"), pl.read_parquet(tmp_path / "graded.parquet")
    assert graded.select(given.columns).equals(given)


@pytest.mark.parametrize("suffix", first(1, [".csv", ".xlsx"]))
def test_columns_of_any_type_can_be_written_as_text(tmp_path: Path, odd: Path, suffix: str):
    grade(odd, tmp_path / f"graded{suffix}")
    read = files.columns_of(files.clients_of(tmp_path / f"graded{suffix}"))
    assert read["list"] == ["[1]", "[2, 3]"]
    assert read["category"] == ["x", "y"]


KNOWN = {
    "Client": pl.Series(["Abel", "Baker"], dtype=pl.Categorical),
    "Revenue": pl.Series(["1.50", "2.25"]).cast(pl.Decimal(10, 2)),
    "Profit": pl.Series([1, None], dtype=pl.Int8),
    "Marquee": pl.Series([True, None]),
    "Client since": pl.Series([10**18, 0]).cast(pl.Datetime("us")),
    "Last contact": pl.Series([datetime(2020, 1, 1, 23), None]).dt.replace_time_zone("Europe/Paris"),
    "Opportunity": pl.Series([3, None], dtype=pl.Int64),
    "Segment": pl.Series([None, None], dtype=pl.Null),
}


@pytest.mark.parametrize("suffix", first(1, [".csv", ".xlsx", ".parquet"]))
def test_columns_that_the_method_knows_may_have_any_type(tmp_path: Path, suffix: str):
    pl.DataFrame(KNOWN).write_parquet(tmp_path / "a.parquet")
    result = grade(tmp_path / "a.parquet", tmp_path / f"graded{suffix}")
    assert result.grading.clients.table["revenue"].to_list() == [1.5, 2.25]
    assert result.grading.clients.table["last_contact"].to_list() == [datetime(2020, 1, 1), None]
    assert result.grading.clients.table["opportunity"].to_list() == [3, -1]


def test_parquet_refuses_headers_that_stand_twice(tmp_path: Path):
    source = files.csv_file(tmp_path, "Client,Revenue,Notes,Notes\nAbel,1,a,b\n")
    with pytest.raises(CannotGrade, match='Parquet needs distinct headers, but "Notes" stands more than once'):
        grade(source, tmp_path / "graded.parquet")
    assert not (tmp_path / "graded.parquet").exists()


@pytest.mark.parametrize("raw", [b"", b"PAR1", b"PAR1PAR1", b"Client,Revenue\nAbel,1\n", b"PK\x03\x04"])
def test_what_is_no_parquet_file_is_refused_in_one_sentence(tmp_path: Path, raw: bytes):
    (tmp_path / "a.parquet").write_bytes(raw)
    with pytest.raises(CannotGrade, match=r"^a.parquet is not a Parquet file that can be read: it may be damaged\.$"):
        grade(tmp_path / "a.parquet", tmp_path / "graded.csv")


def test_a_parquet_file_without_clients_is_refused(tmp_path: Path):
    pl.DataFrame({"Client": [], "Revenue": []}).write_parquet(tmp_path / "a.parquet")
    with pytest.raises(CannotGrade, match="There are no clients"):
        grade(tmp_path / "a.parquet", tmp_path / "graded.csv")


CONTROLS = [chr(code) for code in (*range(1, 32), 0x7F, 0x85, 0x9B, 0xFFFE, 0xFFFF)]


@pytest.mark.long
@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".parquet"])
def test_headers_may_hold_control_characters(tmp_path: Path, suffix: str):
    headers = ",".join(f'"e{character}{number}"' for number, character in enumerate(CONTROLS))
    source = files.csv_file(tmp_path, f"Client,Revenue,{headers}\nAbel,1{',x' * len(CONTROLS)}\n")
    expected = grade(source, tmp_path / f"graded{suffix}").grading.columns.rows()
    assert files.regrade(tmp_path / f"graded{suffix}").grading.columns.rows() == expected


@pytest.mark.long
def test_headers_that_are_alike_without_their_control_characters_stay_two_columns(tmp_path: Path):
    source = files.csv_file(tmp_path, 'Client,Revenue,"e\x1f","e\x1e"\nAbel,1,x,y\n')
    grade(source, tmp_path / "graded.xlsx")
    headers = files.headers_of(files.page_of(tmp_path / "graded.xlsx"))
    assert headers[4:7] == ["Revenue", "e\N{REPLACEMENT CHARACTER}", "e\N{REPLACEMENT CHARACTER}"]


@pytest.mark.long
@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_as_many_columns_as_a_sheet_has_can_be_graded_again(tmp_path: Path, suffix: str):
    headers = ["Client", "Revenue", *(f"c{number}" for number in range(LAST_COLUMN - 2))]
    source = files.csv_file(tmp_path, f"{','.join(headers)}\nAbel,1{',x' * (LAST_COLUMN - 2)}\n")
    grade(source, tmp_path / f"graded{suffix}")
    files.regrade(tmp_path / f"graded{suffix}")
    assert len(graded_values(tmp_path / f"graded{suffix}")) == 1


@pytest.mark.long
@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_a_column_more_than_a_sheet_has_is_refused(tmp_path: Path, suffix: str):
    headers = ["Client", "Revenue", *(f"c{number}" for number in range(LAST_COLUMN - 1))]
    source = files.csv_file(tmp_path, f"{','.join(headers)}\nAbel,1\n")
    with pytest.raises(CannotGrade, match="is too wide: it has 16,385 columns"):
        grade(source, tmp_path / f"graded{suffix}")
