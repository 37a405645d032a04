"""Where the clients stand in a workbook, and how its cells are read."""

import re
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.worksheet import Worksheet

from tests import files
from tests.files import (
    CLIENTS,
    add_table,
    clients_of,
    columns_of,
    parts_of,
    put,
    with_part,
    with_stored_values,
    workbook,
)
from tests.hostile import packages
from tests.runs import first
from tierxl.method.issues import CannotGrade, Issue
from tierxl.method.table.headers import Headers
from tierxl.use_cases.grade import check_file, grade_file
from tierxl.use_cases.reading import Request


def named(name: str) -> list[tuple[Any, ...]]:
    """A small list of clients that tells which list it is."""
    return [("Client", "Revenue"), (name, 1)]


def found(path: Path, table: str | None = None) -> str:
    return columns_of(clients_of(path, table))["Client"][0]


def issues(path: Path) -> list[Issue]:
    return check_file(Request(path, files.AS_OF)).issues


# --- Where the clients stand -----------------------------------------------------------------------------------------


def several(path: Path) -> Path:
    """A list on the first sheet, one on a sheet Clients, and a table Clients on a third."""

    def change(book: Workbook, _: Worksheet) -> None:
        put(book.create_sheet("CLIENTS"), named("on the sheet Clients"))
        third = book.create_sheet("Data")
        put(third, [("a note",), *named("in the table Clients")], left=3, top=4)
        add_table(third, "clients", named(""), top=5, left=3)
        put(third, named("in another table"), left=8)
        add_table(third, "Prospects", named(""), left=8)

    return workbook(path, named("on the first sheet"), sheet="First", change=change)


def test_a_table_named_clients_wins_over_a_sheet_of_that_name(tmp_path: Path):
    assert found(several(tmp_path / "a.xlsx")) == "in the table Clients"


def test_a_sheet_named_clients_wins_over_the_first_sheet_with_a_header(tmp_path: Path):
    def change(book: Workbook, _: Worksheet) -> None:
        put(book.create_sheet("clients"), named("on the sheet Clients"))

    assert found(workbook(tmp_path / "a.xlsx", named("x"), sheet="First", change=change)) == "on the sheet Clients"


def test_a_summary_that_counts_clients_comes_after_the_list_of_them(tmp_path: Path):
    summary = [("Segment", "Clients", "Revenue"), ("Retail", 12, 3000), ("Banks", 3, 900)]
    path = workbook(
        tmp_path / "clients.xlsx",
        summary,
        sheet="Summary",
        change=lambda book, _: put(book.create_sheet("List"), named("Elm Foods")),
    )
    assert found(path) == "Elm Foods"


def test_a_second_list_of_clients_is_said(tmp_path: Path):
    def change(book: Workbook, _: Worksheet) -> None:
        put(book.create_sheet("2026"), named("of this year"))

    path = workbook(tmp_path / "clients.xlsx", named("of last year"), sheet="2025", change=change)
    assert [str(issue) for issue in issues(path) if issue.assumed] == [
        'the clients are those of the sheet "2025"; to take another, give --table: "2026"'
    ]


def test_else_the_first_sheet_with_a_client_and_a_revenue_header_is_taken(tmp_path: Path):
    def change(book: Workbook, _: Worksheet) -> None:
        put(book.create_sheet("Second"), [("Customer", "Phone"), ("no revenue here", 1)])
        put(book.create_sheet("Third"), [("Customer", "Turnover"), ("here", 1)])
        put(book.create_sheet("Fourth"), named("too late"))

    path = workbook(tmp_path / "a.xlsx", [("Notes",), ("Client and revenue",)], sheet="First", change=change)
    assert columns_of(clients_of(path)) == {"Customer": ["here"], "Turnover": [1.0]}


@pytest.mark.parametrize("top", [1, 2, 20])
def test_a_header_is_found_in_the_first_20_rows(tmp_path: Path, top: int):
    table = clients_of(workbook(tmp_path / "a.xlsx", named("here"), sheet="Any", top=top))
    assert columns_of(table)["Client"] == ["here"]
    assert list(table.rows) == [top + 1]


def test_a_header_below_row_20_is_not_found(tmp_path: Path):
    with pytest.raises(CannotGrade, match="no sheet has, in its first 20 rows, a header row with a Client and a Reven"):
        clients_of(workbook(tmp_path / "a.xlsx", named("here"), sheet="Any", top=21))


@pytest.mark.parametrize("name", ["Prospects", "PROSPECTS"])
def test_another_table_can_be_named(tmp_path: Path, name: str):
    assert found(several(tmp_path / "a.xlsx"), name) == "in another table"


@pytest.mark.parametrize("name", ["First", "first"])
def test_another_sheet_can_be_named(tmp_path: Path, name: str):
    assert found(several(tmp_path / "a.xlsx"), name) == "on the first sheet"


def test_a_name_that_is_not_there_lists_what_is(tmp_path: Path):
    with pytest.raises(CannotGrade) as stopped:
        clients_of(several(tmp_path / "a.xlsx"), "Klienten")
    assert str(stopped.value) == (
        'a.xlsx has no table or sheet "Klienten": it has clients, Prospects, First, CLIENTS, Data.'
    )


def test_a_table_may_stand_anywhere_on_its_sheet(tmp_path: Path):
    table = clients_of(workbook(tmp_path / "a.xlsx", named("here"), sheet="Any", table="Clients", top=30, left=7))
    assert columns_of(table)["Client"] == ["here"]
    assert (list(table.rows), table.letters, table.sheet) == ([31], ["G", "H"], "Any")


def test_what_stands_beside_a_table_is_not_read(tmp_path: Path):
    def change(_: Workbook, page: Worksheet) -> None:
        page["D1"], page["D2"], page["A6"] = "Segment", "beside", "below"

    table = clients_of(workbook(tmp_path / "a.xlsx", table="Clients", change=change))
    assert columns_of(table) == {
        "Client": ["Abel", "Baker", "Cohen"],
        "Revenue": [100, 200, 300],
        "Profit": [10, -5, 60],
    }


def test_a_header_need_not_start_in_column_a(tmp_path: Path):
    table = clients_of(workbook(tmp_path / "a.xlsx", CLIENTS, top=4, left=3))
    assert (list(table.headers), table.letters) == (["Client", "Revenue", "Profit"], ["C", "D", "E"])
    assert list(table.rows) == [5, 6, 7]


def test_a_column_without_a_header_on_a_plain_sheet_is_passed_over(tmp_path: Path):
    rows = [("Client", None, "Revenue"), ("Abel", "scribble", 1)]
    assert columns_of(clients_of(workbook(tmp_path / "a.xlsx", rows))) == {"Client": ["Abel"], "Revenue": [1]}


@pytest.mark.long
@pytest.mark.parametrize("sheet", ["Clients", "Accounts"])
@pytest.mark.parametrize("table", [None, "Clients", "Accounts"])
def test_a_header_row_is_understood_once(
    sheet: str, table: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = workbook(tmp_path / "a.xlsx", sheet=sheet, table=table, top=3)
    rows, make = [], Headers.of

    def counting(row: Sequence[object], *more: Any, **named: Any) -> Headers:
        rows.append([*filter(None, row)])
        return make(row, *more, **named)

    monkeypatch.setattr(Headers, "of", counting)
    grade_file(Request(path, files.AS_OF), tmp_path / "graded.xlsx")
    assert rows.count(list(CLIENTS[0])) == 1


def test_the_totals_row_of_a_table_is_no_client(tmp_path: Path):
    def change(_: Workbook, page: Worksheet) -> None:
        page.tables["Clients"].totalsRowCount = 1

    table = clients_of(workbook(tmp_path / "a.xlsx", [*CLIENTS, ("Total", 600, 65)], table="Clients", change=change))
    assert columns_of(table)["Client"] == ["Abel", "Baker", "Cohen"]


@pytest.mark.parametrize("table", [None, "Clients"])
def test_blank_rows_are_no_clients(tmp_path: Path, table: str | None):
    rows = [CLIENTS[0], CLIENTS[1], (None, None, None), (" ", "", None), CLIENTS[2]]
    read = clients_of(workbook(tmp_path / "a.xlsx", rows, table=table))
    assert columns_of(read)["Client"] == ["Abel", "Baker"]
    assert list(read.rows) == [2, 5]


def test_headers_mean_the_same_in_any_spelling_and_with_line_breaks(tmp_path: Path):
    rows = [("ACCOUNT_NAME", "Annual\nrevenue", "wallet-share %"), ("Abel", 100, 0.5)]
    result = check_file(Request(workbook(tmp_path / "a.xlsx", rows, sheet="Any"), files.AS_OF))
    assert result.grading.clients.table["wallet_share"].to_list() == [0.5]


def test_a_sheet_of_clients_without_a_revenue_column_is_refused(tmp_path: Path):
    with pytest.raises(CannotGrade, match="There is no Revenue column"):
        issues(workbook(tmp_path / "a.xlsx", [("Client", "Phone"), ("Abel", 1)]))


@pytest.mark.parametrize("table", [None, "Clients"])
def test_a_header_without_clients_is_refused(tmp_path: Path, table: str | None):
    rows = [("Client", "Revenue"), (None, None)]
    with pytest.raises(CannotGrade, match="There are no clients"):
        issues(workbook(tmp_path / "a.xlsx", rows, table=table))


def test_an_empty_workbook_is_refused(tmp_path: Path):
    with pytest.raises(CannotGrade, match="no list of clients"):
        clients_of(workbook(tmp_path / "a.xlsx", [], sheet="Sheet1"))


# --- Cells -----------------------------------------------------------------------------------------------------------


def test_numbers_texts_dates_and_answers_are_read_as_they_are(tmp_path: Path):
    rows = [
        ("Client", "Client ID", "Revenue", "Margin", "Client since", "Marquee", "Own"),
        ("Abel", 42, 1200.5, 0.25, datetime(2020, 2, 29), True, 7),
        ("Baker", "007", "$1,300.00", "30 %", date(2021, 1, 2), False, "seven"),
        (True, 3.0, 3, None, "2022-03-04", "yes", datetime(2020, 1, 1, 12, 30)),
    ]
    result = check_file(Request(workbook(tmp_path / "a.xlsx", rows), files.AS_OF))
    table = result.grading.clients.table
    assert table["client"].to_list() == ["Abel", "Baker", "True"]
    assert table["client_id"].to_list() == ["42", "007", "3"]
    assert table["revenue"].to_list() == [1200.5, 1300.0, 3.0]
    assert table["margin"].to_list() == [0.25, 0.3, None]
    assert table["client_since"].to_list() == [datetime(2020, 2, 29), datetime(2021, 1, 2), datetime(2022, 3, 4)]
    assert table["marquee"].to_list() == [1, 0, 1]
    assert result.issues == []


def test_a_formula_is_read_by_the_value_that_stands_beside_it(tmp_path: Path):
    rows = [("Client", "Revenue"), ("Abel", "=10*12"), ("Baker", "=SUM(B2,5)")]
    path = with_stored_values(workbook(tmp_path / "a.xlsx", rows), {"B2": "120", "B3": "125"})
    assert columns_of(clients_of(path))["Revenue"] == [120, 125]
    assert issues(path) == []


def test_a_formula_without_a_value_is_reported_with_its_cell_and_the_others_are_graded(tmp_path: Path):
    path = workbook(
        tmp_path / "a.xlsx", [("Client", "Revenue", "Own"), ("Abel", '=IF(1<2,"12")', "=1"), ("Baker", 5, "=2")]
    )
    first, *others = (str(issue) for issue in issues(path))
    assert first == (
        'Clients!B2, Revenue: "=IF(1<2,"12")" is a formula without a value: '
        "open the file in Excel, save it, and grade again"
    )
    assert [other for other in others if "Own" in other] == [], "the user's own formulas are not tierxl's business"


@pytest.mark.parametrize("error", first(2, ["#N/A", "#DIV/0!", "#REF!", "#NAME?"]))
def test_an_error_in_a_cell_is_reported_with_its_cell(tmp_path: Path, error: str):
    rows = [("Client", "Revenue", "Opportunity"), ("Abel", error, "High"), ("Baker", 5, error)]
    found = issues(workbook(tmp_path / "a.xlsx", rows))
    assert {(issue.cell, issue.value) for issue in found if issue.value} == {
        ("Clients!B2", error),
        ("Clients!C3", error),
    }


def test_a_value_that_cannot_be_read_names_its_cell_with_the_sheet_as_formulas_write_it(tmp_path: Path):
    rows = [("Client", "Revenue", "Opportunity"), ("Abel", 1, "perhaps")]
    (issue,) = issues(workbook(tmp_path / "a.xlsx", rows, sheet="Bob's list", left=27))
    assert (issue.cell, issue.client, issue.value) == ("'Bob''s list'!AC2", "Abel", "perhaps")


def formatted(formats: dict[str, str]) -> Any:
    """Give cells their number formats."""

    def change(_: Workbook, page: Worksheet) -> None:
        for cell, code in formats.items():
            page[cell].number_format = code

    return change


def test_leading_zeros_of_a_client_id_that_only_its_number_format_shows_are_kept(tmp_path: Path):
    rows = [("Client", "Client ID", "Revenue"), ("Abel", 159, 1), ("Baker", 42, 1), ("Cohen", 7.5, 1)]
    path = workbook(tmp_path / "a.xlsx", rows, change=formatted({"B2": "00000", "B3": "0.00", "B4": "00000"}))
    result = check_file(Request(path, files.AS_OF))
    assert result.grading.clients.table["client_id"].to_list() == ["00159", "42", "7.5"]


@pytest.mark.parametrize(("shown", "read"), [("0%", 0.25), ('0.0"%"', 0.0025), (r"0.0\%", 0.0025), ("0.00", 0.0025)])
def test_percentages_that_excel_shows_with_their_sign_stand_beside_percent_points(
    tmp_path: Path, shown: str, read: float
):
    rows = [("Client", "Revenue", "Margin"), ("Abel", 1, 0.25), ("Baker", 1, 30), ("Cohen", 1, 45), ("Dunn", 1, 0.5)]
    path = workbook(tmp_path / "a.xlsx", rows, change=formatted({"C2": shown}))
    result = check_file(Request(path, files.AS_OF))
    assert result.grading.clients.table["margin"].to_list() == [read, 0.3, 0.45, 0.005]
    assert not [issue for issue in result.issues if issue.column == "Margin"]


@pytest.mark.parametrize(("title", "named"), [("Clients", "Clients"), ("Bob's list", "'Bob''s list'")])
def test_a_subtotal_whose_formula_names_its_own_sheet_is_one(tmp_path: Path, title: str, named: str):
    rows = [("Client", "Revenue"), ("Abel", 1), ("Baker", 2), ("Total North", f"=SUM({named}!B2:B3)"), ("Cohen", 9)]
    book = workbook(tmp_path / "a.xlsx", rows, change=lambda _, page: setattr(page, "title", title))
    path = with_stored_values(book, {"B4": "7"})
    assert [row.row for row in check_file(Request(path, files.AS_OF)).left_out] == [4]


def test_a_manager_in_cells_that_are_merged_downwards_has_each_of_their_clients(tmp_path: Path):
    rows = [
        ("Owner", "Client", "Revenue"),
        ("Ann", "Abel", 4),
        (None, "Baker", 3),
        ("Bob", "Cohen", 2),
        (None, "Dunn", 1),
    ]
    path = workbook(tmp_path / "a.xlsx", rows, change=lambda _, page: page.merge_cells("A2:A3"))
    found = check_file(Request(path, files.AS_OF)).grading.clients.table
    assert found["account_manager"].to_list() == ["Ann", "Ann", "Bob", None]


def test_amounts_and_names_in_merged_cells_are_those_of_the_first_row_alone(tmp_path: Path):
    rows = [("Client", "Segment", "Revenue"), ("Abel", "Law", 4), ("Baker", "Law", None), ("Cohen", "Law", 2)]
    path = workbook(tmp_path / "a.xlsx", rows, change=lambda _, page: page.merge_cells("C2:C3"))
    assert check_file(Request(path, files.AS_OF)).grading.clients.table["revenue"].to_list() == [4, None, 2]


def test_an_error_where_a_text_is_read_is_nobody_and_is_reported(tmp_path: Path):
    rows = [("Client", "Owner", "Revenue"), ("Abel", "#N/A", 4), ("Baker", "Ann", 3), ("Cohen", "#N/A", 2)]

    def change(_: Workbook, page: Worksheet) -> None:
        for cell in ("B2", "B4"):
            page[cell].data_type = "e"

    result = check_file(Request(workbook(tmp_path / "a.xlsx", rows, change=change), files.AS_OF))
    assert result.grading.clients.table["account_manager"].to_list() == [None, "Ann", None]
    assert 'Clients!B2, Owner: "#N/A" is an error, like 1 more below it: mend its formula' in map(str, result.issues)


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_list_in_sight_goes_before_one_on_a_hidden_sheet(tmp_path: Path, state: str):
    book = Workbook()
    old = book.active
    for row in files.CLIENTS:
        old.append(row)
    portfolio = book.create_sheet("Portfolio")
    for row in (("Client", "Revenue"), ("Zimmer", 5)):
        portfolio.append(row)
    old.title, old.sheet_state, book.active = "Old 2023", state, 1
    book.save(tmp_path / "a.xlsx")
    assert clients_of(tmp_path / "a.xlsx").sheet == "Portfolio"


def test_a_formula_without_a_value_right_of_everything_else_is_no_trouble(tmp_path: Path):
    def change(_: Workbook, page: Worksheet) -> None:
        page["E3"] = "=1+1"

    path = workbook(tmp_path / "a.xlsx", files.CLIENTS, change=change)
    assert len(check_file(Request(path, files.AS_OF)).grading.clients.table) == len(files.CLIENTS) - 1


@pytest.mark.parametrize(
    "formats",
    [
        {"B2": '"€"#,##0', "B3": "[$$-409]#,##0"},
        {"B2": "[$€-407] #,##0.00", "B3": "[$£-809]#,##0.00"},
        {"B2": '#,##0.00 "EUR"', "B3": '#,##0.00 "USD"'},
    ],
)
def test_amounts_that_are_formatted_in_two_currencies_are_refused(tmp_path: Path, formats: dict[str, str]):
    path = workbook(tmp_path / "a.xlsx", change=formatted(formats))
    with pytest.raises(CannotGrade, match='The column "Revenue" mixes currencies'):
        issues(path)


@pytest.mark.parametrize(
    "formats",
    first(
        1,
        [
            {"B2": '"€"#,##0', "B3": "[$€-407] #,##0.00", "B4": "0.00"},
            {"B2": '"€"#,##0', "B9": '"$"#,##0'},
        ],
    ),
    ids=["one currency", "a blank cell"],
)
def test_amounts_in_one_currency_a_column_are_read(tmp_path: Path, formats: dict[str, str]):
    assert issues(workbook(tmp_path / "a.xlsx", change=formatted(formats))) == []


@pytest.mark.parametrize(
    ("headers", "formats", "messages"),
    first(
        2,
        [
            (
                ("Revenue", "Profit"),
                {"B2": '"€"#,##0', "C2": '"$"#,##0'},
                ["Profit: is in $ and the revenue in €: give both in one currency"],
            ),
            (
                ("Revenue (EUR)", "Profit (CHF)"),
                {},
                ["Profit (CHF): is in CHF and the revenue in €: give both in one currency"],
            ),
            (("Revenue ($)", "Profit (USD)"), {"B2": '"$"#,##0'}, []),
            (("Revenue", "Profit"), {"C2": '"$"#,##0'}, []),
        ],
    ),
)
def test_a_column_in_another_currency_than_the_revenue_is_said_to_be_so(
    tmp_path: Path, headers: tuple[str, str], formats: dict[str, str], messages: list[str]
):
    path = workbook(tmp_path / "a.xlsx", [("Client", *headers), ("Abel", 100, 9)], change=formatted(formats))
    assert [f"{issue.column}: {issue.message}" for issue in issues(path)] == messages


def test_a_currency_that_is_written_and_another_that_is_formatted_are_refused(tmp_path: Path):
    rows = [("Client", "Revenue"), ("Abel", 100), ("Baker", "$200")]
    with pytest.raises(CannotGrade, match='The column "Revenue" mixes currencies'):
        issues(workbook(tmp_path / "a.xlsx", rows, change=formatted({"B2": '"€"#,##0'})))


def test_formatted_text_is_read_as_text(tmp_path: Path):
    def change(_: Workbook, page: Worksheet) -> None:
        page["A2"] = rich("Abel ", "& Sons")

    assert found(workbook(tmp_path / "a.xlsx", change=change)) == "Abel & Sons"


def rich(plain: str, bold: str) -> Any:
    return CellRichText(plain, TextBlock(InlineFont(b=True), bold))


RUNS = b'<r><t xml:space="pr&#x65;serve">Abel </t></r><r><t>&amp; Sons</t></r>'
STRINGS = b'<?xml version="1.0" encoding="UTF-8"?><sst xmlns="%s"><si>%s</si></sst>' % (packages.MAIN.encode(), RUNS)


@pytest.mark.parametrize("cell", [b'<c r="A2" t="s"><v>0</v></c>', b'<c r="A2" t="inlineStr"><is>%s</is></c>' % RUNS])
def test_a_space_is_kept_where_the_file_says_so_with_a_letter_by_its_number(tmp_path: Path, cell: bytes):
    clients = packages.sheet(packages.HEADER, packages.row(2, cell, packages.number("B2", 1)))
    path = packages.workbook(tmp_path / "a.xlsx", {packages.SHEET: clients, packages.STRINGS: STRINGS})
    assert found(path) == "Abel & Sons"


def test_dates_of_a_workbook_that_counts_from_1904_are_the_same_days(tmp_path: Path):
    def change(book: Workbook, _: Worksheet) -> None:
        book.epoch = CALENDAR_MAC_1904

    rows = [("Client", "Revenue", "Client since"), ("Abel", 1, datetime(2020, 2, 29))]
    result = check_file(Request(workbook(tmp_path / "a.xlsx", rows, change=change), files.AS_OF))
    assert result.grading.clients.table["client_since"].to_list() == [datetime(2020, 2, 29)]


# --- Files -----------------------------------------------------------------------------------------------------------


def test_a_workbook_with_macros_is_read(tmp_path: Path):
    assert found(files.macro_workbook(tmp_path / "a.xlsm")) == "Abel"


@pytest.mark.parametrize("suffix", first(1, [".XLSX", ".Xlsm"]))
def test_the_ending_of_the_name_may_be_in_capitals(tmp_path: Path, suffix: str):
    path = workbook(tmp_path / "a.xlsx").rename(tmp_path / f"a{suffix}")
    assert check_file(Request(path, files.AS_OF)).portfolio.clients == 3


def old_format(path: Path) -> None:
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))


def cut_off(path: Path) -> None:
    whole = workbook(path).read_bytes()
    path.write_bytes(whole[: len(whole) // 2])


def plain_text(path: Path) -> None:
    path.write_text("Client,Revenue\nAbel,1\n")


def empty(path: Path) -> None:
    path.write_bytes(b"")


def other_package(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("word/document.xml", "<w:document/>")


def without_a_sheet(path: Path) -> None:
    parts = files.parts_of(workbook(path))
    del parts[files.FIRST_SHEET]
    files.package(path, parts)


def broken_sheet(path: Path) -> None:
    files.with_part(workbook(path), files.FIRST_SHEET, lambda part: part[: len(part) // 2])


def broken_checksum(path: Path) -> None:
    workbook(path)
    raw = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as package:
        start = package.getinfo(files.FIRST_SHEET).header_offset
    raw[start + 60 : start + 80] = bytes(20)
    path.write_bytes(raw)


@pytest.mark.parametrize("suffix", [".xlsx", ".xlsm"])
@pytest.mark.parametrize(
    ("make", "says"),
    [
        (old_format, "is protected by a password or in the old .xls format"),
        (cut_off, "it may be damaged or cut off"),
        (plain_text, "is not a workbook that can be read"),
        (empty, "is not a workbook that can be read"),
        (other_package, "is not a workbook that can be read"),
        (without_a_sheet, "has no list of clients"),
        (broken_sheet, "is not a workbook that can be read"),
        (broken_checksum, "is not a workbook that can be read"),
    ],
)
def test_what_is_no_workbook_is_refused_in_one_sentence(tmp_path: Path, suffix: str, make: Any, says: str):
    path = tmp_path / "clients.xlsx"
    make(path)
    path = path.rename(tmp_path / f"clients{suffix}")
    with pytest.raises(CannotGrade) as stopped:
        clients_of(path)
    assert says in str(stopped.value)
    assert str(stopped.value).startswith(path.name)
    assert str(stopped.value).endswith(".")
    assert "\n" not in str(stopped.value)


@pytest.mark.parametrize(
    "empty", first(1, [b"<sheetData/>", b"<sheetData />", b"<sheetData></sheetData>"]), ids=bytes.decode
)
def test_a_sheet_of_account_managers_without_any_cell_is_no_matter(tmp_path: Path, empty: bytes):
    path = workbook(tmp_path / "a.xlsx", change=lambda book, _: book.create_sheet("Account managers"))
    with_part(path, "xl/worksheets/sheet2.xml", lambda part: re.sub(rb"<sheetData.*(/>|Data>)(?=<)", empty, part))
    assert empty in parts_of(path)["xl/worksheets/sheet2.xml"]
    assert len(check_file(Request(path, files.AS_OF)).grading.columns) == len(CLIENTS) - 1


def test_a_column_right_beside_the_table_is_named_as_the_table_does_not_reach_over_it(tmp_path: Path):
    def with_more(_: Workbook, page: Worksheet) -> None:
        put(page, [("Total spend", "Own", "Revenue", None, "Margin"), (500, "x", 1, None, 0.1)], left=4)

    (issue,) = issues(workbook(tmp_path / "a.xlsx", table="Clients", change=with_more))
    assert str(issue) == (
        "Total spend: this column, right of the table Clients, is not read: make the table reach over it (in Excel, "
        "drag its lower right corner; in LibreOffice, Data, Define Range), and grade again"
    )
