"""CSV files in the dialects of spreadsheets and exports: delimiters, quotes, line ends, title rows."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.files import clients_of, columns_of, csv_file, grade
from tests.runs import first
from tierxl.workbooks.csv_parquet import read_csv

ROWS = [["Client", "Revenue", "Notes"], ["Abel", "1,5", "a, b"], ["Baker", "2,25", "x"], ["Cohen", "30,75", ""]]
EXPECTED = {"Client": ["Abel", "Baker", "Cohen"], "Revenue": ["1,5", "2,25", "30,75"], "Notes": ["a, b", "x", None]}


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
@pytest.mark.parametrize("title", ["", "Sales, by client, all regions\n\n", "Export;2026|x\n"])
def test_the_delimiter_is_the_one_that_parts_a_header_and_even_rows(tmp_path: Path, delimiter: str, title: str):
    text = title + "".join(delimiter.join(row) + "\n" for row in ROWS)
    assert columns_of(clients_of(csv_file(tmp_path, text))) == EXPECTED


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_unknown_headers_are_parted_too(tmp_path: Path, delimiter: str):
    rows = [["Wer", "Was", "Arbeit"], ["Abel", "x", "1200.5"], ["Baker; Sons", "y", "7,5"], ["Cohen", "z", "900.25"]]
    text = io.StringIO()
    text.write("Bericht, Stand: heute; alle Kunden\n")
    csv.writer(text, delimiter=delimiter, lineterminator="\n").writerows(rows)
    table = clients_of(csv_file(tmp_path, text.getvalue()))
    assert list(table.headers) == rows[0]
    assert table.cells.rows() == [tuple(row) for row in rows[1:]]


def graded_in_place(folder: Path, text: str) -> list[str]:
    path = csv_file(folder, text)
    grade(path, path)
    return path.read_bytes().decode().split("\n")


@pytest.mark.parametrize("delimiter", first(2, [",", ";", "\t", "|"]))
def test_a_list_graded_in_place_keeps_its_delimiter_and_line_ends(tmp_path: Path, delimiter: str):
    header, first, *_ = graded_in_place(tmp_path, f"Client{delimiter}Revenue\r\nAbel{delimiter}100\r\n")
    assert header.startswith(f"Client{delimiter}Revenue{delimiter}Tier{delimiter}Action")
    assert first.startswith(f"Abel{delimiter}100{delimiter}")
    assert header.endswith("\r")


@pytest.mark.parametrize(
    ("cells", "score", "upside"),
    [
        (("1.200,50", "4.000,75", ""), "100,0", "2800,25"),
        (("1200.50", "4000.75", ""), "100.0", "2800.25"),
        (("1200", "4000", "12,5"), "100,0", "2800,0"),
    ],
)
def test_numbers_beside_a_list_have_the_decimal_mark_of_its_amounts_and_percentages(
    tmp_path: Path, cells: tuple[str, ...], score: str, upside: str
):
    header, first, *_ = graded_in_place(tmp_path, f"Client;Revenue;Total spend;Margin\nAbel;{';'.join(cells)}\n")
    graded = dict(zip(header.split(";"), next(csv.reader([first], delimiter=";")), strict=True))
    assert (graded["Revenue"], graded["Score"], graded["Upside"]) == (cells[0], score, upside)


def test_numbers_beside_a_list_have_the_decimal_mark_that_is_set(tmp_path: Path):
    path = csv_file(tmp_path, "Client;Revenue;Total spend\nAbel;1200;4000\n")
    grade(path, path, settings={"reading": {"decimal_mark": ","}})
    assert "100,0" in path.read_text()


def test_rows_that_are_no_clients_stay_where_they_are(tmp_path: Path):
    text = "sep=;\nSales by client;;\n\nClient;Annual;\n;Revenue;Hours\nAbel;100;90\n;;\nBaker;50;40\n"
    lines = graded_in_place(tmp_path, text)
    assert lines[:4] == [*text.split("\n")[:3], "Client;Annual;"]
    assert lines[4].startswith(";Revenue;Hours;Tier;")
    assert lines[5].startswith("Abel;100;90;")
    assert lines[6] == ";;"
    assert lines[7].startswith("Baker;50;40;")


@pytest.mark.parametrize("line_end", first(1, ["\n", "\r\n", "\r"]))
def test_cells_of_more_lines_stay_whole_in_place(tmp_path: Path, line_end: str):
    text = line_end.join(["Client,Revenue,Notes", 'Abel,100,"a\nb"', 'Baker,50,"c\rd"', ""])
    path = csv_file(tmp_path, text)
    grade(path, path)
    assert columns_of(clients_of(path))["Notes"] == ["a\nb", "c\rd"]


@pytest.mark.long
def test_grading_in_place_twice_changes_nothing(tmp_path: Path):
    once = graded_in_place(tmp_path, "Report\nClient|Revenue\nAbel|100\n\nBaker|50\n")
    grade(tmp_path / "clients.csv", tmp_path / "clients.csv")
    assert (tmp_path / "clients.csv").read_bytes().decode().split("\n") == once


WORDS = st.text("abcäöüéñßŁżćЖшд漢字 ,;|\t\"'\n.-", min_size=1, max_size=12).map(str.strip).filter(bool)
AMOUNTS = st.integers(1_000, 10**7).map(lambda cents: f"{cents / 100:.2f}")


@pytest.mark.hypothesis
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    clients=st.lists(st.tuples(WORDS, AMOUNTS, WORDS), min_size=2, max_size=8),
    delimiter=st.sampled_from(",;\t|"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252", "cp1250", "cp1251", "cp932", "gb18030"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
    line_end=st.sampled_from(["\n", "\r\n", "\r"]),
    is_named=st.booleans(),
)
def test_any_list_in_any_dialect_is_read_back_to_the_same_cells(
    tmp_path: Path, clients, delimiter, encoding, quoting, line_end, is_named
):
    rows = [("Client", "Revenue", "Notes"), *clients]
    text = io.StringIO()
    text.write(f"sep={delimiter}{line_end}" if is_named else "")
    row_ends = line_end if quoting else "\r\n"  # Python quotes only the signs of the line end
    csv.writer(text, delimiter=delimiter, lineterminator=row_ends, quoting=quoting).writerows(rows)
    path = tmp_path / "clients.csv"
    try:
        path.write_bytes(text.getvalue().encode(encoding))
    except UnicodeEncodeError:
        assume(False)
    table = read_csv(path, encoding=None if encoding.startswith("utf") else encoding)
    assert table.cells.rows() == clients
