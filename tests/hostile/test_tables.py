"""CSV and Parquet files that nobody means well with."""

import csv
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pytest
from pyarrow import parquet

from tests import files
from tests.files import csv_records, grade
from tests.hostile.command import ends_in_order, graded_in_place, names, refused_in_place, sentence_of, tierxl
from tierxl.method.table.columns import GRADED_COLUMNS
from tierxl.sheets.description import LAST_COLUMN
from tierxl.use_cases.grade import check_file
from tierxl.use_cases.reading import Request
from tierxl.workbooks import parquet as reader

pytestmark = pytest.mark.hostile

HEADER = "Client,Revenue,Client since,Notes\n"


def csv_file(folder: Path, content: str | bytes) -> Path:
    path = folder / "a.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


REFUSED: dict[str, tuple[Callable[[], str | bytes], str]] = {
    "a line of 100 MB": (lambda: HEADER + "Abel,1,," + "x" * 100_000_000, "cannot be read as CSV beyond line 2"),
    "a header of 100 MB": (lambda: "x" * 100_000_000 + HEADER, "cannot be read as CSV beyond line 1"),
    "an unclosed quotation mark": (
        lambda: HEADER + 'Abel,1,,"' + "Baker,1,,x\n" * 2_000_000, "Perhaps a quotation mark is opened there",
    ),
    "100,000 columns": (
        lambda: "Client,Revenue" + ",x" * 99_998 + "\nAbel,1\n",
        "is too wide: it has 99,985 columns, and 16,384 is the most",
    ),
    "nothing but commas": (lambda: "," * 1_000_000, "is too wide"),
    "one wide row among many": (
        lambda: HEADER + "Abel,1" + "," * 16_000 + "\n" + "B,1\n" * 10_000, "is too large: it has 160,036,002 cells",
    ),
    "a zero byte at the start": (lambda: HEADER + "Ab\0el,1,,\n", "is not a text file"),
    "a zero byte at the end": (lambda: HEADER + "Abel,1,,\n" * 1_000 + "\0", "is not a text file"),
    "half a character of UTF-16": (lambda: HEADER.encode("utf-16-le") + b"A", "is not a text file"),
    "UTF-32": (lambda: (HEADER + "Abel,1,,\n").encode("utf-32"), "is not a text file"),
    "two encodings": (
        lambda: HEADER.encode() + "Brühl,1,,Bø\n".encode() + "Brühl,2,,\n".encode("cp1252"),
        "is in UTF-8, but line 3 is not: save it as CSV (UTF-8)",
    ),
    "a workbook by another name": (lambda: b"PK\3\4\x14\0\0\0\x08\0" + bytes(100), "is not a text file"),
    "millions of empty lines": (lambda: HEADER + "\n" * 3_000_000, "There are no clients"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_a_csv_file_that_cannot_be_read_is_refused_in_one_sentence(tmp_path: Path, name: str):
    content, says = REFUSED[name]
    assert says in refused_in_place(csv_file(tmp_path, content()))


def test_two_marks_of_the_encoding_are_as_good_as_one(tmp_path: Path):
    graded_in_place(csv_file(tmp_path, "\ufeff\ufeff" + HEADER + "Abel,1,,\n"))


def test_letters_of_windows_1252_that_look_like_utf_8_do_not_stop_a_file_in_windows_1252(tmp_path: Path):
    path = csv_file(tmp_path, (HEADER + "Brühl,1,,Gruß\nÄ“,2,,é\n").encode("cp1252"))
    assert [record["Client"] for record in csv_records(graded(path))] == ["Brühl", "Ä“"]


def graded(path: Path, ending: str = ".csv") -> Path:
    target = path.with_name(f"graded{ending}")
    grade(path, target)
    return target


NUMBERS = ("NaN", "nan", "inf", "-inf", "Infinity", "1e999", "-1e999", "9" * 400, "0x10", "1_000")


@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".parquet"])
def test_what_is_no_number_is_reported_and_passes_through(tmp_path: Path, ending: str):
    lines = "".join(f"C{at},{value},,{value}\n" for at, value in enumerate(NUMBERS))
    path = csv_file(tmp_path, HEADER + lines + "Abel,10,,x\n")
    ended = tierxl("grade", path, "-o", tmp_path / f"graded{ending}")
    assert (ended.code, "11 clients graded" in ended.out) == (0, True)
    assert f"{len(NUMBERS)} x Revenue, first row 2, C0:" in ended.err
    read = files.columns_of(files.clients_of(tmp_path / f"graded{ending}"))
    assert read["Notes"] == [*NUMBERS, "x"]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".parquet"])
def test_what_is_no_number_in_parquet_is_reported(tmp_path: Path, value: float, ending: str):
    path = tmp_path / "a.parquet"
    pl.DataFrame({"Client": ["Abel", "Baker"], "Revenue": [value, 1.0], "Own": [value, 2.0]}).write_parquet(path)
    result = grade(path, tmp_path / f"graded{ending}")
    assert [(issue.client, issue.column) for issue in result.issues] == [("Abel", "Revenue")]
    assert [row["Tier"] for row in files.graded_values(tmp_path / f"graded{ending}")][1] == "A"


DATES = ("1900-01-00", "1900-02-29", "10000-01-01", "0000-00-00", "-5", "2958466", "1e300", "31/12/99999")


def test_a_day_that_is_in_no_calendar_is_reported_and_passes_through(tmp_path: Path):
    lines = "".join(f"C{at},{at},{value},{value}\n" for at, value in enumerate(DATES, 1))
    path = csv_file(tmp_path, HEADER + lines + "Last,9,9999-12-31,x\nFirst,9,1900-01-01,x\n")
    graded_in_place(path)
    issues = check_file(Request(path, files.AS_OF)).issues
    reported = {issue.client for issue in issues if issue.column == "Client since"}
    assert reported == {"Last", *(f"C{at}" for at in range(1, len(DATES) + 1))}
    assert [record["Client since"] for record in csv_records(path)] == [*DATES, "9999-12-31", "1900-01-01"]


# --- Texts that a spreadsheet would take for formulas ----------------------------------------------------------------

FORMULAS = ("=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(1)", "\t=1", "\r=1", "=1", '=HYPERLINK("http://x","y")')
_TEXT_COLUMNS = ("Client", "Account manager", "Override reason", "Opportunity", "Segment", "Notes")


def formulas(folder: Path) -> Path:
    """A list in which every text looks like a formula."""
    path = folder / "a.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        written = csv.writer(file)
        written.writerow([*_TEXT_COLUMNS, "Revenue", "Override tier", "Override expires"])
        for at, formula in enumerate(FORMULAS):
            written.writerow([f"{formula}{at}", *[formula] * 5, at, "A", "2027-01-01"])
    return path


def test_in_csv_the_users_cells_pass_to_the_letter_and_no_cell_of_ours_starts_like_a_formula(tmp_path: Path):
    with graded(formulas(tmp_path)).open(newline="", encoding="utf-8") as file:
        records = list(csv.DictReader(file))
    for name in _TEXT_COLUMNS[1:]:
        assert [record[name] for record in records] == list(FORMULAS)
    numbers = {"Score", "Upside"}
    for record in records:
        for name in set(GRADED_COLUMNS) - numbers:
            assert not record[name].startswith(("=", "+", "-", "@", "\t", "\r")), (name, record[name])
        for name in numbers:
            assert not record[name] or float(record[name]) is not None


def test_in_a_workbook_no_text_of_the_users_becomes_a_formula_on_any_sheet(tmp_path: Path):
    target = graded(formulas(tmp_path), ".xlsx")
    assert files.below(files.page_of(target), "Notes") == list(FORMULAS)
    for name, part in files.parts_of(target).items():
        if name.startswith("xl/worksheets/"):
            assert b"<f>" not in part, name


def test_what_would_steer_the_terminal_is_not_printed(tmp_path: Path):
    path = csv_file(tmp_path, "Client,Revenue\n\x1b]0;owned\x07Abel\x9b31m,abc\nBaker,1\n")
    for arguments in (["grade", path, "--in-place"], ["check", path], ["explain", path, "\x1b]0;owned\x07Abel\x9b31m"]):
        ended = tierxl(*arguments)
        assert ended.code == 0
        assert "Abel" in ended.out + ended.err
        assert not {"\x1b", "\x07", "\x9b"} & set(ended.out + ended.err)


# --- A sheet is smaller than a file ----------------------------------------------------------------------------------


def test_a_list_with_more_columns_than_a_sheet_has_beside_the_graded_ones_is_refused_as_a_workbook(tmp_path: Path):
    width = LAST_COLUMN - len(GRADED_COLUMNS) + 1
    path = csv_file(tmp_path, "Client,Revenue" + ",x" * (width - 2) + "\nAbel,1\n")
    sentence = sentence_of(tierxl("grade", path))
    assert "does not fit on a sheet" in sentence
    assert f"it needs 2 and {LAST_COLUMN + 1:,}" in sentence
    assert names(tmp_path) == ["a.csv"]
    graded_in_place(path)


def test_a_list_with_more_clients_than_a_sheet_has_rows_is_refused_as_a_workbook(tmp_path: Path):
    path = csv_file(tmp_path, "Client,Revenue\n" + "A,1\n" * 1_048_576)
    assert "Write it as .csv or .parquet with -o." in sentence_of(tierxl("grade", path))
    assert names(tmp_path) == ["a.csv"]


# --- Parquet ---------------------------------------------------------------------------------------------------------


def one_text(length: int, rows: int) -> Any:
    """A column whose one text stands in every row, and once in the file."""
    return pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int32()), pa.array(["y" * length]))


def parquet_file(path: Path, **columns: Any) -> Path:
    parquet.write_table(pa.table(columns), path, store_schema=False)
    return path


ROWS = 100_000


def long_texts(path: Path) -> None:
    parquet_file(path, Client=one_text(1_000_000, ROWS), Revenue=pa.array(range(ROWS)))


def lists_of_long_texts(path: Path) -> None:
    lists = pa.ListArray.from_arrays(pa.array(range(ROWS + 1), pa.int32()), one_text(1_000_000, ROWS))
    parquet_file(path, Client=pa.array(["a"] * ROWS), Revenue=pa.array(range(ROWS)), Own=lists)


def many_rows(path: Path) -> None:
    count = 70_000_000
    numbers = pa.Array.from_buffers(pa.int8(), count, [None, pa.py_buffer(bytes(count))])
    parquet_file(path, Client=numbers, Revenue=numbers)


def many_columns(path: Path) -> None:
    parquet_file(path, Client=["a"], Revenue=[1], **{f"c{at}": [1] for at in range(LAST_COLUMN)})


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (long_texts, "is too large: it has more than 4 GB"),
        (lists_of_long_texts, "is too large: it has more than 4 GB"),
        (many_rows, "is too large: it has 140,000,000 cells"),
        (many_columns, "is too wide: it has 16,386 columns"),
    ],
)
def test_a_parquet_file_that_grows_when_it_is_read_is_refused(tmp_path: Path, make: Callable[[Path], None], says: str):
    make(tmp_path / "a.parquet")
    assert says in refused_in_place(tmp_path / "a.parquet", limits={"memory": 3 * 1024**3})


def test_a_parquet_file_with_many_equal_texts_is_read_as_any_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    columns = {
        "Client": ["Abel", "Abel"],
        "Revenue": [1, 2],
        "Own": [["x", "x"], None],
        "Day": [datetime(2026, 1, 2)] * 2,
    }
    parquet_file(tmp_path / "a.parquet", **columns)
    grade(tmp_path / "a.parquet", tmp_path / "plain.parquet")
    read = parquet.read_table
    asked: list[list[str]] = []

    def spy(path: Path, read_dictionary: list[str], **options: Any) -> Any:
        asked.append(read_dictionary)
        return read(path, read_dictionary=read_dictionary, **options)

    monkeypatch.setattr(reader.parquet, "read_table", spy)
    monkeypatch.setattr(reader, "SUSPICIOUS", 0)
    grade(tmp_path / "a.parquet", tmp_path / "graded.parquet")
    assert "Client" in asked[0]
    assert pl.read_parquet(tmp_path / "graded.parquet").equals(pl.read_parquet(tmp_path / "plain.parquet"))


@pytest.mark.parametrize("every", [37])
@pytest.mark.parametrize("kind", [".parquet", ".xlsx", ".xlsm"])
def test_a_file_that_is_cut_off_anywhere_is_refused(tmp_path: Path, kind: str, every: int):
    whole = tmp_path / f"whole{kind}"
    if kind == ".parquet":
        parquet_file(whole, Client=["Abel", "Baker"], Revenue=[1, 2])
    else:
        files.workbook(whole)
    raw = whole.read_bytes()
    whole.unlink()
    path = tmp_path / f"a{kind}"
    for length in range(0, len(raw), max(every, len(raw) // 8)):
        path.write_bytes(raw[:length])
        assert not ends_in_order(path), length
