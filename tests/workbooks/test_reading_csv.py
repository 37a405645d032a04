"""CSV files as spreadsheets and CRM systems write them."""

import codecs
from pathlib import Path

import pytest

from tests.files import clients_of, columns_of, csv_file, csv_records, grade
from tierxl.method.issues import CannotGrade

ROWS = [
    ["Client", "Client ID", "Revenue", "Notes"],
    ["Brühl & Søn", "007", "1200", "gut – sehr gut"],
    ["Ørsted", "08", "5", ""],
]
EXPECTED = {
    "Client": ["Brühl & Søn", "Ørsted"],
    "Client ID": ["007", "08"],
    "Revenue": ["1200", "5"],
    "Notes": ["gut – sehr gut", None],
}


def lines(delimiter: str, end: str = "\r\n") -> str:
    return "".join(delimiter.join(row) + end for row in ROWS)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"], ids=["comma", "semicolon", "tab"])
@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (b"", "utf-8"),
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (b"", "utf-16-le"),
        (b"", "utf-16-be"),
        (b"", "cp1252"),
    ],
    ids=["UTF-8", "UTF-8 marked", "UTF-16 marked", "UTF-16 BE marked", "UTF-16", "UTF-16 BE", "Windows-1252"],
)
def test_every_separator_is_read_in_every_encoding(tmp_path: Path, delimiter: str, mark: bytes, encoding: str):
    path = tmp_path / "clients.csv"
    path.write_bytes(mark + lines(delimiter).encode(encoding))
    assert columns_of(clients_of(path)) == EXPECTED


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["Unix", "Windows", "old Mac"])
def test_every_line_ending_is_read(tmp_path: Path, end: str):
    assert columns_of(clients_of(csv_file(tmp_path, lines(",", end)))) == EXPECTED


def test_the_last_line_needs_no_line_ending(tmp_path: Path):
    path = csv_file(tmp_path, "Client,Revenue\nAbel,1\nBaker,2")
    assert columns_of(clients_of(path))["Revenue"] == ["1", "2"]


@pytest.mark.parametrize("separator", [";", ",", "|", "\t"])
def test_a_first_line_that_names_the_separator_is_obeyed(tmp_path: Path, separator: str):
    table = clients_of(csv_file(tmp_path, f"sep={separator}\r\n{lines(separator)}"))
    assert columns_of(table) == EXPECTED
    assert list(table.rows) == [3, 4]


def test_the_named_separator_wins_over_another_that_would_fit(tmp_path: Path):
    path = csv_file(tmp_path, "sep=;\nClient;Revenue;a,b\nAbel;1;x,y\n")
    assert columns_of(clients_of(path)) == {"Client": ["Abel"], "Revenue": ["1"], "a,b": ["x,y"]}


def test_separators_inside_quotes_belong_to_the_cell(tmp_path: Path):
    path = csv_file(tmp_path, 'Client;Revenue;Notes\n"Abel; Sons";"1,5";"said ""no"", twice"\n')
    assert columns_of(clients_of(path)) == {
        "Client": ["Abel; Sons"],
        "Revenue": ["1,5"],
        "Notes": ['said "no", twice'],
    }


def test_a_comma_in_cells_does_not_win_over_the_semicolon_of_the_header(tmp_path: Path):
    path = csv_file(tmp_path, "Client;Revenue\nAbel, Sons, Heirs, Co;1,5\nBaker, Sons, Heirs, Co;2,5\n")
    assert columns_of(clients_of(path)) == {
        "Client": ["Abel, Sons, Heirs, Co", "Baker, Sons, Heirs, Co"],
        "Revenue": ["1,5", "2,5"],
    }


def test_a_quoted_cell_can_have_lines(tmp_path: Path):
    table = clients_of(csv_file(tmp_path, 'Client,Revenue,Notes\nAbel,1,"first\nsecond\r\nthird"\nBaker,2,x\n'))
    assert columns_of(table)["Notes"] == ["first\nsecond\r\nthird", "x"]
    assert list(table.rows) == [2, 3], "rows count as a spreadsheet counts them"


def test_rows_shorter_and_longer_than_the_header_keep_all_their_cells(tmp_path: Path):
    table = clients_of(csv_file(tmp_path, "Client,Revenue,Notes\nAbel,1\nBaker,2,x,more,and more\nCohen,3,y\n"))
    assert list(table.headers) == ["Client", "Revenue", "Notes", "", ""]
    assert table.cells.rows() == [
        ("Abel", "1", None, None, None),
        ("Baker", "2", "x", "more", "and more"),
        ("Cohen", "3", "y", None, None),
    ]


def test_blank_rows_are_no_clients_but_count_as_rows(tmp_path: Path):
    table = clients_of(csv_file(tmp_path, "Client,Revenue\n\nAbel,1\n,\n  , \nBaker,2\n\n"))
    assert columns_of(table) == {"Client": ["Abel", "Baker"], "Revenue": ["1", "2"]}
    assert list(table.rows) == [3, 6]


def test_lines_above_the_header_are_passed_over(tmp_path: Path):
    text = "Export of our CRM, 2026\n\nAll regions,,\nClient,Revenue,Notes\nAbel,1,x\n"
    table = clients_of(csv_file(tmp_path, text))
    assert columns_of(table) == {"Client": ["Abel"], "Revenue": ["1"], "Notes": ["x"]}
    assert list(table.rows) == [5]


def test_the_header_may_stand_in_row_20_but_not_lower(tmp_path: Path):
    text = "Client,Revenue\nAbel,1\n"
    assert columns_of(clients_of(csv_file(tmp_path, "note\n" * 19 + text)))["Client"] == ["Abel"]
    with pytest.raises(CannotGrade, match="There is no Client column"):
        _ = clients_of(csv_file(tmp_path, "note\n" * 20 + text)).headers.position_of


def test_leading_zeros_of_a_client_id_survive_into_the_graded_file(tmp_path: Path):
    source = csv_file(tmp_path, "Client,Client ID,Revenue\nAbel,0042,1\nBaker,00.10,2\n")
    grade(source, tmp_path / "graded.csv")
    assert [record["Client ID"] for record in csv_records(tmp_path / "graded.csv")] == ["0042", "00.10"]


OWN = [
    "  two  spaces  ",
    "=1+1",
    "1.20",
    "1e5",
    "TRUE",
    "2026-1-2",
    "“quoted”",
    'a "b" c',
    "a,b",
    "line\nline",
    "\t",
    "ﬁ",
    "n/a",
]


def test_the_users_own_columns_pass_through_to_the_letter(tmp_path: Path):
    quoted = ['"' + cell.replace('"', '""') + '"' for cell in OWN]
    text = 'Client,Revenue," Own; Column ",OWN\n' + "".join(
        f"C{at},{at},{cell},{cell}\n" for at, cell in enumerate(quoted)
    )
    grade(csv_file(tmp_path, text), tmp_path / "graded.csv")
    records = csv_records(tmp_path / "graded.csv")
    assert [record[" Own; Column "] for record in records] == OWN
    assert [record["OWN"] for record in records] == OWN


def test_an_empty_file_is_refused(tmp_path: Path):
    with pytest.raises(CannotGrade, match=r"clients.csv is empty: it needs a header row and rows below it\."):
        clients_of(csv_file(tmp_path, ""))


@pytest.mark.parametrize("text", ["\n\n\n", " , \n", "\ufeff", "sep=;\n"])
def test_a_file_of_blanks_is_refused(tmp_path: Path, text: str):
    with pytest.raises(CannotGrade):
        grade(csv_file(tmp_path, text), tmp_path / "graded.csv")
    assert not (tmp_path / "graded.csv").exists()


def test_a_header_without_clients_is_refused(tmp_path: Path):
    with pytest.raises(CannotGrade, match="There are no clients"):
        grade(csv_file(tmp_path, "Client,Revenue\n"), tmp_path / "graded.csv")


@pytest.mark.parametrize(
    "raw",
    [b"Client,Revenue\nAb\0el,1\n", b"\x81\x8d\x8f\x90\x9d", b"\xff\xfeC\x00l\x00i", b"\x89PNG\r\n\x1a\n\x00\x00"],
    ids=["zero byte", "bytes of no alphabet", "half a character", "picture"],
)
def test_bytes_that_are_no_text_are_refused(tmp_path: Path, raw: bytes):
    path = tmp_path / "clients.csv"
    path.write_bytes(raw)
    with pytest.raises(CannotGrade):
        _ = clients_of(path).headers.position_of


def test_columns_without_a_header_are_the_users_own(tmp_path: Path):
    grade(csv_file(tmp_path, "Client,,Revenue,\nAbel,x,1,y\n"), tmp_path / "graded.csv")
    header, row = (line.split(",") for line in (tmp_path / "graded.csv").read_text("utf-8-sig").splitlines())
    assert (header[:4], row[:4]) == (["Client", "", "Revenue", ""], ["Abel", "x", "1", "y"])


def test_an_unclosed_quote_ends_in_one_sentence_or_a_table(tmp_path: Path):
    table = clients_of(csv_file(tmp_path, 'Client,Revenue,Notes\nAbel,1,"never closed\nBaker,2,x\n'))
    assert columns_of(table)["Notes"] == ["never closed\nBaker,2,x\n"]
