"""A graded workbook: what tierxl adds to it, and that everything of the user's stays as it was."""

import shutil
from collections.abc import Callable
from copy import copy as duplicate
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule, DataBarRule, FormulaRule
from openpyxl.styles import PatternFill
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.table import TableColumn, TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet

from tests import files
from tests.files import (
    CLIENTS,
    OURS,
    SHOWN,
    add_table,
    are_sound,
    below,
    book_of,
    column_at,
    csv_file,
    edit,
    everything,
    grade,
    headers_of,
    page_of,
    put,
    regrade,
    values,
    workbook,
    write_grades,
)
from tests.runs import first
from tierxl.method.issues import CannotGrade
from tierxl.method.table.columns import GRADED_COLUMNS
from tierxl.use_cases.grade import check_file
from tierxl.use_cases.graded import GradedFile
from tierxl.use_cases.reading import Request

ORDER = [
    "Tier", "Action", "Reason", "Score", "Starting tier", "Revenue rating", "Profit rating", "Provisional",
    "Borderline", "What would lift it", "Why",
]  # fmt: skip
OF_REVENUE = [name for name in SHOWN if name != "Profit rating"]
"""The graded columns of clients of whom the revenue is known and nothing else."""


def graded_twice(path: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Grade a workbook in place, and again: what it holds after each."""
    write_grades(path)
    once = everything(path)
    write_grades(path)
    return once, everything(path)


def fully_graded_twice(path: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """The same with the sheets of our own."""
    regrade(path)
    once = everything(path)
    regrade(path)
    return once, everything(path)


# --- What is added ---------------------------------------------------------------------------------------------------


def test_the_graded_columns_stand_right_of_the_users_in_their_order(tmp_path: Path):
    path = workbook(tmp_path / "a.xlsx", table="Clients")
    write_grades(path)
    assert headers_of(page_of(path)) == [*CLIENTS[0], *ORDER]


def test_an_existing_table_grows_over_the_graded_columns_and_keeps_its_name_and_style(tmp_path: Path):
    def change(_: Workbook, page: Worksheet) -> None:
        table = add_table(page, "MyList", CLIENTS)
        table.tableStyleInfo = TableStyleInfo(name="TableStyleDark3", showRowStripes=True)

    path = workbook(tmp_path / "a.xlsx", change=change)
    write_grades(path)
    page = page_of(path)
    (table,) = page.tables.values()
    assert (table.displayName, table.ref, table.autoFilter.ref) == ("MyList", "A1:N4", "A1:N4")
    assert table.tableStyleInfo.name == "TableStyleDark3"
    assert are_sound(page)


def test_a_plain_list_becomes_a_table_with_filters(tmp_path: Path):
    path = workbook(tmp_path / "a.xlsx", top=4, left=2)
    write_grades(path)
    (table,) = page_of(path).tables.values()
    assert (table.displayName, table.ref, table.autoFilter.ref) == ("Clients", "B4:O7", "B4:O7")
    assert are_sound(page_of(path))


def test_the_header_and_the_client_column_are_frozen(tmp_path: Path):
    rows = [("Client ID", "Client", "Revenue"), (1, "Abel", 100)]
    path = workbook(tmp_path / "a.xlsx", rows, top=3)
    write_grades(path)
    assert page_of(path).freeze_panes == "C4"


def test_the_live_colours_reach_over_the_whole_column_and_lie_on_the_right_one(tmp_path: Path):
    path = workbook(tmp_path / "a.xlsx")
    write_grades(path)
    page = page_of(path)
    coloured = {str(area.sqref) for area in page.conditional_formatting}
    for header in ("Tier", "Starting tier", "Action", "Revenue rating", "Profit rating"):
        letter = get_column_letter(column_at(page, header))
        assert f"{letter}2:{letter}1048576" in coloured


def test_lists_are_offered_on_the_input_columns(tmp_path: Path):
    rows = [("Client", "Revenue", "Opportunity", "Marquee", "Override tier"), ("Abel", 100, "High", "Yes", None)]
    path = workbook(tmp_path / "a.xlsx", rows)
    write_grades(path)
    offered = {str(rule.sqref): rule.formula1 for rule in page_of(path).data_validations.dataValidation}
    assert offered == {
        "C2:C1048576": '"High,Medium,Low"',
        "D2:D1048576": '"Yes,No"',
        "E2:E1048576": '"A,B,C"',
        "F2:F1048576": None,
    }


def test_a_client_is_one_line_and_the_score_shows_one_decimal(tmp_path: Path):
    path = workbook(tmp_path / "a.xlsx")
    write_grades(path)
    page = page_of(path)
    assert [cell.coordinate for cell in page[2] if cell.alignment.wrap_text] == []
    assert [row for row, shape in page.row_dimensions.items() if shape.height] == [1], "the headers alone have two"
    assert page.cell(2, column_at(page, "Score")).number_format == "0.0"


def test_a_client_without_a_tier_reads_not_graded_and_a_missing_rating_not_rated(tmp_path: Path):
    path = workbook(tmp_path / "a.xlsx", [("Client", "Revenue"), ("Abel", None), ("Baker", 5)])
    write_grades(path)
    page = page_of(path)
    assert below(page, "Tier")[0] == "Not graded"
    assert below(page, "Revenue rating") == ["Not rated", "High"]
    assert below(page, "Action")[0] is None
    assert below(page, "Score")[0] is None


# --- Grading again ---------------------------------------------------------------------------------------------------


@pytest.mark.long
def test_a_workbook_that_is_made_from_csv_and_graded_again_is_the_same_file(tmp_path: Path):
    path, text = tmp_path / "sample.xlsx", files.SAMPLE.read_text(encoding="utf-8-sig")
    grade(csv_file(tmp_path, text.replace("148.000", "148000")), path)  # else an assumption
    once = path.read_bytes()
    regrade(path)
    assert path.read_bytes() == once


def but_for_checks(path: Path) -> dict[str, Any]:
    """The sheets but for those that tell what was assumed: in a workbook the amounts of a CSV file are known."""
    return {title: sheet for title, sheet in everything(path).items() if title not in ("Checks", "Summary")}


@pytest.mark.long
def test_grading_the_sample_again_changes_nothing(sample_workbook: Path, regraded_sample: Path):
    assert but_for_checks(regraded_sample) == but_for_checks(sample_workbook)


@pytest.mark.parametrize(("table", "twice_graded"), [(None, graded_twice), ("Clients", fully_graded_twice)])
def test_grading_a_users_workbook_again_changes_nothing(tmp_path: Path, table: str | None, twice_graded: Any):
    def change(book: Workbook, page: Worksheet) -> None:
        page.row_dimensions[2].height = 60
        page.column_dimensions["A"].width = 44
        put(book.create_sheet("Notes"), [("Anything",)])

    rows = [
        ("Client", "Revenue", "Margin", "Client since", "Segment", "Override tier", "Own"),
        ("Abel", 100, 0.1, datetime(2020, 1, 2), "Retail", "A", "=1+1"),
        ("Baker", "200", "180 %", "2020-01-02", None, None, True),
        (None, None, None, None, None, None, None),
        ("Cohen", None, -0.5, None, "Energy", "B", "x"),
    ]
    once, twice = twice_graded(workbook(tmp_path / "a.xlsx", rows, table=table, top=3, left=2, change=change))
    assert twice == once


def test_what_the_user_changes_between_two_gradings_is_graded(tmp_path: Path):
    path = workbook(tmp_path / "a.xlsx")
    write_grades(path)

    def change(book: Workbook) -> None:
        page = book["Clients"]
        page["B2"], page["A3"] = 9_000, "Baker & Sons"

    write_grades(edit(path, change))
    page = page_of(path)
    assert below(page, "Client") == ["Abel", "Baker & Sons", "Cohen"]
    assert below(page, "Revenue rating")[0] == "High"


def test_a_client_that_the_user_adds_below_is_graded(tmp_path: Path):
    path = workbook(tmp_path / "a.xlsx")
    write_grades(path)

    def change(book: Workbook) -> None:
        book["Clients"].append(["Dean", 400, 50])
        book["Clients"].tables["Clients"].ref = "A1:N5"
        book["Clients"].tables["Clients"].autoFilter.ref = "A1:N5"

    write_grades(edit(path, change))
    assert None not in below(page_of(path), "Tier")
    assert len(below(page_of(path), "Tier")) == 4


def test_the_grade_of_a_client_whose_cells_were_cleared_is_cleared_too(tmp_path: Path):
    path = workbook(tmp_path / "a.xlsx")
    write_grades(path)

    def change(book: Workbook) -> None:
        for row in (2, 4):
            for column in (1, 2, 3):
                book["Clients"].cell(row, column).value = None

    write_grades(edit(path, change))
    page = page_of(path)
    for header in SHOWN:
        first, second, third = below(page, header)
        assert (first, third) == (None, None), header
        assert header == "Action" or second is not None


def test_clients_may_be_sorted_between_two_gradings(tmp_path: Path):
    path = workbook(tmp_path / "a.xlsx")
    write_grades(path)
    before = {line[0]: line[1:] for line in page_of(path).iter_rows(min_row=2, values_only=True)}

    def change(book: Workbook) -> None:
        page = book["Clients"]
        lines = [[cell.value for cell in line] for line in page.iter_rows(min_row=2)]
        put(page, lines[::-1], top=2)

    write_grades(edit(path, change))
    after = {line[0]: line[1:] for line in page_of(path).iter_rows(min_row=2, values_only=True)}
    ranks = {name: line[:-1] for name, line in after.items()}
    assert ranks == {name: line[:-1] for name, line in before.items()}
    assert below(page_of(path), "Client") == ["Cohen", "Baker", "Abel"]


def test_a_column_that_the_user_puts_right_of_the_graded_block_survives(tmp_path: Path):
    path = workbook(tmp_path / "a.xlsx", table="Clients")
    write_grades(path)

    def change(book: Workbook) -> None:
        page = book["Clients"]
        put(page, [("My view",), ("keep",), ("=1+1",), (7,)], left=15)
        table = page.tables["Clients"]
        table.ref = table.autoFilter.ref = "A1:O4"
        table.tableColumns.append(TableColumn(id=15, name="My view"))

    once, twice = graded_twice(edit(path, change))
    assert once == twice
    page = page_of(path)
    assert headers_of(page) == [*CLIENTS[0], *SHOWN, "My view"]
    assert below(page, "My view") == ["keep", "=1+1", 7]
    assert are_sound(page)


@pytest.mark.long
def test_a_plain_column_right_of_the_graded_block_survives(tmp_path: Path):
    path = workbook(tmp_path / "a.xlsx")
    write_grades(path)
    once, twice = graded_twice(edit(path, lambda book: put(book["Clients"], [("My view",), ("keep",)], left=15)))
    assert once == twice
    assert below(page_of(path), "My view")[0] == "keep"
    assert headers_of(page_of(path))[:14] == [*CLIENTS[0], *SHOWN]


def test_a_column_that_the_user_inserts_before_the_graded_block_is_read(tmp_path: Path):
    path = workbook(tmp_path / "a.xlsx", sheet="Other")

    def change(book: Workbook) -> None:
        page = book["Other"]
        table = page.tables.pop("Clients")
        page.conditional_formatting = type(page.conditional_formatting)()
        page.insert_cols(4)
        put(page, [("Segment",), ("Retail",), ("Energy",), ("Retail",)], left=4)
        assert table.ref == "A1:N4"

    write_grades(path)
    write_grades(edit(path, change))
    assert headers_of(page_of(path, "Other")) == [*CLIENTS[0], "Segment", *SHOWN]
    assert below(page_of(path, "Other"), "Segment") == ["Retail", "Energy", "Retail"]


def test_overrides_survive_and_decide_again(tmp_path: Path):
    rows = [
        ("Client", "Revenue", "Override tier", "Override reason", "Override expires"),
        ("Abel", 100, "A", "Founder", datetime(2027, 1, 31)),
        ("Baker", 200, None, None, None),
        ("Cohen", 300, "C", "Leaves", None),
    ]
    path = workbook(tmp_path / "a.xlsx", rows)
    once, twice = graded_twice(path)
    assert once == twice
    page = page_of(path)
    assert [[cell.value for cell in line[:5]] for line in page.iter_rows()] == [list(row) for row in rows]
    assert [below(page, "Tier")[at] for at in (0, 2)] == ["A", "C"]


def test_a_graded_column_that_the_user_deleted_comes_back(tmp_path: Path):
    path = workbook(
        tmp_path / "a.xlsx", sheet="Other", change=lambda _, page: setattr(page, "auto_filter", AutoFilter(ref="A1:C4"))
    )
    write_grades(path)

    def change(book: Workbook) -> None:
        page = book["Other"]
        page.conditional_formatting = type(page.conditional_formatting)()
        page.delete_cols(column_at(page, "Profit rating"))

    write_grades(edit(path, change))
    page = page_of(path, "Other")
    assert sorted(headers_of(page), key=str) == sorted([*CLIENTS[0], *SHOWN])
    assert below(page, "Profit rating") == ["Medium", "Laggard", "High"]


# --- The user's own cells --------------------------------------------------------------------------------------------


def test_every_cell_of_the_users_is_as_it_was(tmp_path: Path):
    def change(book: Workbook, page: Worksheet) -> None:
        page["A8"], page["B9"] = "a note below", datetime(2020, 1, 2, 3, 4, 5)
        page["A2"].fill, page["A2"].comment = PatternFill("solid", fgColor="FF112233"), Comment("call first", "me")
        page["B2"].number_format = '#,##0.00 "€"'
        page["C3"].hyperlink = "https://example.org/"
        page.column_dimensions["B"].hidden = True
        page.column_dimensions["C"].width = 33
        other = book.create_sheet("My figures")
        put(other, [("Sum", "=SUM(Clients!B2:B4)"), ("Text", "x"), ("Flag", True)])
        other.sheet_state = "hidden"

    path = workbook(tmp_path / "a.xlsx", table="Clients", change=change)
    before = book_of(path)
    regrade(path)
    after = book_of(path)
    for title in ("Clients", "My figures"):
        kept = values(after[title])
        assert {at: kept.get(at) for at in values(before[title])} == values(before[title])
    page = after["Clients"]
    assert page["A2"].fill.fgColor.rgb == "FF112233"
    assert page["A2"].comment.text == "call first"
    assert page["B2"].number_format == '#,##0.00 "€"'
    assert page["C3"].hyperlink.target == "https://example.org/"
    assert page.column_dimensions["B"].hidden
    assert page.column_dimensions["C"].width == 33
    assert after["My figures"].sheet_state == "hidden"


def test_formatted_text_keeps_its_format(tmp_path: Path):
    text = CellRichText("plain ", TextBlock(InlineFont(b=True), "bold"), "  tail ")
    path = workbook(tmp_path / "a.xlsx", change=lambda _, page: setattr(page["A2"], "value", text))
    write_grades(path)
    assert page_of(path)["A2"].value == text


@pytest.mark.parametrize("table", first(1, [None, "Clients"]))
def test_formulas_stay_formulas_with_the_values_that_stood_beside_them(tmp_path: Path, table: str | None):
    rows = [("Client", "Units", "Revenue", "Own"), ("Abel", 5, "=B2*10", '=A2&"!"'), ("Baker", 7, "=B3*10", "=B3>6")]
    path = workbook(tmp_path / "a.xlsx", rows, table=table)
    files.with_stored_values(path, {"C2": "50", "C3": "70", "D3": "1"})
    assert write_grades(path).clients.table["revenue"].to_list() == [50, 70]
    assert write_grades(path).clients.table["revenue"].to_list() == [50, 70]
    assert [page_of(path)[cell].value for cell in ("C2", "C3", "D2")] == ["=B2*10", "=B3*10", '=A2&"!"']
    assert load_workbook(path, data_only=True)["Clients"]["C3"].value == 70


def test_numbers_keep_their_last_digit(tmp_path: Path):
    odd = [0.1 + 0.2, 15.127401827295264, 1e22 / 7, -2 / 3, 2**53 + 1, 1e-300]
    rows = [("Client", "Revenue", "Own"), *[("Abel", 100, number) for number in odd]]
    path = workbook(tmp_path / "a.xlsx", rows)
    files.with_stored_values(path, {f"C{row}": repr(number) for row, number in enumerate(odd, 2)})
    write_grades(path)
    part = files.parts_of(path)[files.FIRST_SHEET]
    assert [number for number in odd if b"<v>%s</v>" % repr(number).encode() not in part] == []


def test_a_number_that_is_formatted_as_an_impossible_date_stays_a_number(tmp_path: Path):
    def change(_: Workbook, page: Worksheet) -> None:
        page["D1"], page["D2"] = "Phone", 4412345678
        page["D2"].number_format = "yyyy-mm-dd"

    path = workbook(tmp_path / "a.xlsx", change=change)
    write_grades(path)
    assert b"<v>4412345678" in files.parts_of(path)[files.FIRST_SHEET]


def test_notes_beside_the_clients_are_not_overwritten(tmp_path: Path):
    path = workbook(tmp_path / "a.xlsx", change=lambda _, page: put(page, [("ask again",)], top=3, left=6))
    once, twice = graded_twice(path)
    assert once == twice
    assert once["Clients"]["cells"]["F3"] == "ask again"
    assert [header for header in headers_of(page_of(path)) if header] == [*CLIENTS[0], *SHOWN]


@pytest.mark.long
def test_notes_beside_a_table_are_not_overwritten(tmp_path: Path):
    path = workbook(
        tmp_path / "a.xlsx", table="Clients", change=lambda _, page: put(page, [("ask again",)], top=3, left=6)
    )
    once, twice = graded_twice(path)
    assert once == twice
    assert once["Clients"]["cells"]["F3"] == "ask again"
    assert [header for header in headers_of(page_of(path)) if header] == [*CLIENTS[0], *SHOWN]
    assert are_sound(page_of(path))


@pytest.mark.long
def test_another_table_beside_the_clients_is_not_overwritten(tmp_path: Path):
    def change(_: Workbook, page: Worksheet) -> None:
        put(page, [("Target", "Sum"), ("2026", 5)], left=6)
        add_table(page, "Targets", [("Target", "Sum"), ("2026", 5)], left=6)

    path = workbook(tmp_path / "a.xlsx", table="Clients", change=change)
    once, twice = graded_twice(path)
    assert once == twice
    page = page_of(path)
    assert [page[cell].value for cell in ("F1", "G1", "F2", "G2")] == ["Target", "Sum", "2026", 5]
    assert page.tables["Targets"].ref == "F1:G2"
    assert are_sound(page)


def test_notes_far_below_the_clients_table_are_not_overwritten(tmp_path: Path):
    path = workbook(
        tmp_path / "a.xlsx", table="Clients", change=lambda _, page: put(page, [("far",)] * 3, top=6, left=9)
    )
    write_grades(path)
    page = page_of(path)
    assert headers_of(page) == [*CLIENTS[0], *SHOWN]
    assert [page.cell(row, 9).value for row in (6, 7, 8)] == ["far"] * 3


# --- Names that are taken --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("own", first(2, ["Score", "Sc-ore", "score", " SCORE "]))
def test_a_column_score_of_the_users_survives_beside_ours(tmp_path: Path, own: str):
    rows = [("Client", own, "Revenue"), ("Abel", "my 7", 100), ("Baker", "my 8", 200)]
    path = workbook(tmp_path / "a.xlsx", rows, table="Clients")
    once, twice = graded_twice(path)
    assert once == twice
    page = page_of(path)
    assert below(page, own) == ["my 7", "my 8"]
    ours = "Score" if own == "Sc-ore" else "Score (tierxl)"
    assert headers_of(page) == ["Client", own, "Revenue", *(ours if name == "Score" else name for name in OF_REVENUE)]
    assert are_sound(page)


def without_columns(*headers: str) -> Callable[[Workbook], None]:
    def change(book: Workbook) -> None:
        page = book["Clients"]
        for name in list(page.tables):
            del page.tables[name]
        for header in headers:
            page.delete_cols(column_at(page, header))

    return change


@pytest.mark.parametrize("suffix", first(1, [".xlsx", ".csv"]))
def test_a_score_of_the_users_stays_theirs_when_they_delete_ours(tmp_path: Path, suffix: str):
    rows = [("Client", "Score", "Revenue"), ("Abel", 7, 100), ("Baker", 8, 200)]
    lines = "".join(f"{','.join(map(str, row))}\n" for row in rows)
    source = workbook(tmp_path / "a.xlsx", rows) if suffix == ".xlsx" else csv_file(tmp_path, lines)
    grade(source, tmp_path / "graded.xlsx")
    path = edit(tmp_path / "graded.xlsx", without_columns("Score (tierxl)"))
    regrade(path)
    assert [str(score) for score in below(page_of(path), "Score")] == ["7", "8"]
    assert below(page_of(path), "Score (tierxl)") == [0, 100]


@pytest.mark.long
def test_a_list_of_which_few_graded_columns_are_left_gets_no_second_tier(tmp_path: Path):
    path = workbook(tmp_path / "a.xlsx", [("Client", "Revenue"), ("Abel", 100), ("Baker", 200)])
    regrade(path)
    regrade(edit(path, without_columns(*OF_REVENUE[3:])))
    assert headers_of(page_of(path)) == ["Client", "Revenue", *OF_REVENUE]


SPELT = ["starting_tier", "Next-Step", "REVENUE RATING", "Why"]


@pytest.mark.parametrize("suffix", first(2, [".csv", ".xlsx", ".parquet"]))
def test_columns_that_are_called_nearly_like_ours_survive_a_second_grading(tmp_path: Path, suffix: str):
    source = csv_file(tmp_path, f"Client,Revenue,{','.join(SPELT)}\nAbel,1,a,b,c,d\n")
    grade(source, tmp_path / f"once{suffix}")
    grade(tmp_path / f"once{suffix}", tmp_path / "twice.csv")
    record = files.csv_records(tmp_path / "twice.csv")[0]
    assert [record[name] for name in SPELT] == ["a", "b", "c", "d"]
    assert len(record) == 2 + len(SPELT) + len(GRADED_COLUMNS)


@pytest.mark.parametrize("suffix", first(1, [".csv", ".xlsx", ".parquet"]))
def test_a_column_that_is_called_like_our_marked_one_survives_a_second_grading(tmp_path: Path, suffix: str):
    source = csv_file(tmp_path, "Client,Revenue,Score,Score (tierxl)\nAbel,1,a,b\n")
    grade(source, tmp_path / f"once{suffix}")
    grade(tmp_path / f"once{suffix}", tmp_path / "twice.csv")
    header, row = files.csv_rows(tmp_path / "twice.csv")
    assert row[:4] == [
        "1" if name == "Revenue" else text for name, text in zip(header, ["Abel", "1", "a", "b"], strict=False)
    ]
    assert header[:4] == ["Client", "Revenue", "Score", "Score (tierxl)"]
    assert len(set(header)) == len(header) == 4 + len(GRADED_COLUMNS)


def test_our_column_takes_its_plain_name_when_the_users_is_gone_and_the_table_stays_sound(tmp_path: Path):
    rows = [("Client", "Revenue", "Score"), ("Abel", 100, "x")]
    path = workbook(tmp_path / "a.xlsx", rows, table="Clients")
    write_grades(path)

    def change(book: Workbook) -> None:
        book["Clients"]["C1"] = "My score"
        book["Clients"].tables["Clients"].tableColumns[2].name = "My score"

    write_grades(edit(path, change))
    page = page_of(path)
    assert headers_of(page) == ["Client", "Revenue", "My score", *OF_REVENUE]
    assert are_sound(page)


@pytest.fixture(scope="module")
def beside_namesakes(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, GradedFile]:
    """A graded workbook in which the user has sheets that are called like ours, and a table that is."""

    def change(book: Workbook, _: Worksheet) -> None:
        put(book.create_sheet("Settings"), [("Section", "Setting", "Value"), ("Tiers", "A from", 99)])
        put(book.create_sheet("PORTFOLIO"), [("mine",)])
        page = book.create_sheet("Mine")
        put(page, [("a", "b"), (1, 2)])
        add_table(page, "Engagement_Plan", [("a", "b"), (1, 2)])

    path = workbook(tmp_path_factory.mktemp("namesakes") / "a.xlsx", change=change)
    return path, regrade(path)


def test_sheets_of_the_users_that_are_called_like_ours_are_neither_read_nor_overwritten(
    beside_namesakes: tuple[Path, GradedFile], tmp_path: Path
):
    graded, first = beside_namesakes
    once = everything(graded)
    path = Path(shutil.copy(graded, tmp_path))
    second = regrade(path)
    assert everything(path) == once
    assert once["Settings"]["cells"] == {
        "A1": "Section", "B1": "Setting", "C1": "Value", "A2": "Tiers", "B2": "A from", "C2": 99,
    }  # fmt: skip
    assert once["PORTFOLIO"]["cells"] == {"A1": "mine"}
    assert {"Settings (tierxl)", "Portfolio (tierxl)"} < set(once)
    assert first.grading.policy.tiers.a_from == second.grading.policy.tiers.a_from == 65
    assert [str(issue) for issue in first.issues if "sheet" in str(issue)] == [
        'the sheet "Portfolio" is yours and stays as it is; ours is "Portfolio (tierxl)"',
        'the sheet "Settings" is yours and stays as it is; ours is "Settings (tierxl)"',
    ]
    assert second.issues == first.issues


def test_our_settings_are_read_under_their_other_name_too(beside_namesakes: tuple[Path, GradedFile], tmp_path: Path):
    def change(book: Workbook) -> None:
        page = book["Settings (tierxl)"]
        (row,) = (line[0].row for line in page.iter_rows() if line[1].value == "A from")
        page.cell(row, 3).value = 80

    path = edit(beside_namesakes[0], change, tmp_path / "a.xlsx")
    assert check_file(Request(path, files.AS_OF)).grading.policy.tiers.a_from == 80


@pytest.mark.long
def test_clients_on_a_sheet_that_is_called_like_one_of_ours_are_graded_there(tmp_path: Path):
    path = workbook(tmp_path / "a.xlsx", sheet="Portfolio")
    regrade(path)
    assert headers_of(page_of(path, "Portfolio")) == [*CLIENTS[0], *SHOWN]
    assert "Portfolio (tierxl)" in book_of(path).sheetnames


@pytest.fixture(scope="module")
def went_on(graded_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A graded workbook in which the user copied a sheet of ours, deleted one and renamed one, graded again."""

    def change(book: Workbook) -> None:
        copy = book.create_sheet("Portfolio (2)")
        copy["A1"] = "as of last year"
        copy.defined_names.update({name: duplicate(each) for name, each in book["Portfolio"].defined_names.items()})
        book.remove(book["Checks"])
        book["Tier matrix"].title = "Board pack"

    path = Path(shutil.copy(graded_once, tmp_path_factory.mktemp("went-on")))
    regrade(edit(path, change))
    return path


@pytest.mark.long
def test_a_copy_that_the_user_made_of_a_sheet_of_ours_is_theirs(went_on: Path):
    assert values(page_of(went_on, "Portfolio (2)")) == {"A1": "as of last year"}


def test_a_sheet_of_ours_that_the_user_deleted_comes_back(went_on: Path):
    assert "Checks" in book_of(went_on).sheetnames


def test_a_sheet_of_ours_that_the_user_renamed_is_found_by_its_mark(went_on: Path):
    ours = ["Board pack" if title == "Tier matrix" else title for title in OURS]
    assert book_of(went_on).sheetnames == ["Clients", *ours, "Portfolio (2)"]


@pytest.mark.parametrize("name", first(1, ["Clients", "CLIENTS"]))
def test_a_name_clients_of_the_users_stays_the_only_one(tmp_path: Path, name: str):
    def change(book: Workbook, _: Worksheet) -> None:
        book.defined_names[name] = DefinedName(name, attr_text="Other!$A$1:$C$4")

    path = workbook(tmp_path / "a.xlsx", sheet="Other", change=change)
    write_grades(path)
    book = book_of(path)
    assert book.defined_names[name].attr_text == "Other!$A$1:$C$4"
    assert "clients" not in [table.casefold() for page in book for table in page.tables]


def test_tables_of_ours_take_names_that_are_free(beside_namesakes: tuple[Path, GradedFile]):
    names = [name.casefold() for page in book_of(beside_namesakes[0]) for name in page.tables]
    assert len(names) == len(set(names)) > 3


# --- Text that looks like something else -----------------------------------------------------------------------------

DANGEROUS = ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "=cmd|' /C calc'!A0", "\t=1", "=", "'=1"]


def test_text_never_becomes_a_formula_in_cells_of_a_new_workbook(tmp_path: Path):
    def quoted(text: str) -> str:
        return '"' + text.replace('"', '""') + '"'

    lines = [f"{quoted(f'{text} Ltd')},1,{quoted(text)},{quoted(text)},A,{quoted(text)}" for text in DANGEROUS]
    text = "\n".join(["Client,Revenue,Own,Account manager,Override tier,Override reason", *lines])
    grade(csv_file(tmp_path, text), tmp_path / "a.xlsx")
    book = book_of(tmp_path / "a.xlsx")
    cells = [cell for page in book for line in page.iter_rows() for cell in line]
    assert [cell.value for cell in cells if cell.data_type == "f"] == []
    assert below(book["Clients"], "Own") == DANGEROUS
    marked = [cell.quotePrefix for cell in book["Clients"]["F"][1:] if cell.value[0] in "=+-@"]
    assert marked == [True] * 6


def test_text_never_becomes_a_formula_in_headers(tmp_path: Path):
    text = "Client,Revenue,=1+1,+1,-1,@x\nAbel,1,a,b,c,d\n"
    write_grades(csv_file(tmp_path, text), tmp_path / "a.xlsx")
    page = page_of(tmp_path / "a.xlsx")
    assert headers_of(page)[4:9] == ["Revenue", "=1+1", "+1", "-1", "@x"]
    assert {cell.data_type for cell in page[1]} == {"s"}
    assert are_sound(page)
    write_grades(tmp_path / "a.xlsx", tmp_path / "b.xlsx")
    assert everything(tmp_path / "b.xlsx") == everything(tmp_path / "a.xlsx")


def test_text_of_a_workbook_that_looks_like_a_formula_stays_text_everywhere(tmp_path: Path):
    def change(_: Workbook, page: Worksheet) -> None:
        for row, text in enumerate(DANGEROUS, 2):
            for column in (1, 4):
                page.cell(row, column).value = text
                page.cell(row, column).data_type = "s"

    rows = [("Client", "Revenue", "Profit", "Account manager"), *[("x", 100, -5, "x")] * len(DANGEROUS)]
    path = workbook(tmp_path / "a.xlsx", rows, change=change)
    regrade(path)
    formulas = [
        cell.coordinate for page in book_of(path) for line in page.iter_rows() for cell in line
        if cell.data_type == "f"
    ]  # fmt: skip
    assert formulas == []


def test_control_characters_do_not_break_the_workbook(tmp_path: Path):
    text = 'Client,Revenue,Own\x0c\nAb\x01el,1,"a\x00b\x1f\ufffe"\n'.replace("\x00", "\x07")
    write_grades(csv_file(tmp_path, text), tmp_path / "a.xlsx")
    page = page_of(tmp_path / "a.xlsx")
    assert page["A2"].value == "Ab\ufffdel"
    assert below(page, "Revenue") == [1]
    write_grades(tmp_path / "a.xlsx")


def test_text_that_a_workbook_would_read_as_a_code_stays_what_it_is(tmp_path: Path):
    write_grades(csv_file(tmp_path, "Client,Revenue,Own\n_x0041_bel,1,a_x000D_b\n"), tmp_path / "a.xlsx")
    read = files.columns_of(files.clients_of(tmp_path / "a.xlsx"))
    assert (read["Client"], read["Own"]) == (["_x0041_bel"], ["a_x000D_b"])


@pytest.mark.long
def test_a_text_longer_than_a_cell_can_hold_is_cut(tmp_path: Path):
    write_grades(csv_file(tmp_path, f"Client,Revenue,Own\nAbel,1,{'x' * 40_000}\n"), tmp_path / "a.xlsx")
    assert len(below(page_of(tmp_path / "a.xlsx"), "Own")[0]) == 32_767


# --- From CSV to a workbook ------------------------------------------------------------------------------------------


def test_amounts_percentages_and_dates_of_a_csv_file_become_real_ones(tmp_path: Path):
    text = (
        "Client,Client ID,Revenue,Profit,Margin,Wallet share,Client since,Own\n"
        'Abel,007,"$1,200.50",(300),,80 %,2020-02-29,12\n'
        'Baker,08,1 000,,12.5,,"2021-01-02T10:00",2020-01-01\n'
    )
    write_grades(csv_file(tmp_path, text), tmp_path / "a.xlsx")
    page = page_of(tmp_path / "a.xlsx")
    assert [[line[0].value, *(cell.value for cell in line[4:11])] for line in page.iter_rows(min_row=2)] == [
        ["Abel", "007", 1200.5, -300, None, 0.8, datetime(2020, 2, 29), "12"],
        ["Baker", "08", 1000, None, 0.125, None, datetime(2021, 1, 2), "2020-01-01"],
    ]
    assert [page.cell(2, column).number_format for column in (9, 10)] == ["0.0%", "mm-dd-yy"]


def test_what_cannot_be_read_stays_as_it_was_written(tmp_path: Path):
    text = "Client,Revenue,Total spend,Client since\nAbel,100,148 or so,02/03/2020\nBaker,plenty,1,soon\n"
    write_grades(csv_file(tmp_path, text), tmp_path / "a.xlsx")
    page = page_of(tmp_path / "a.xlsx")
    assert below(page, "Total spend") == ["148 or so", 1]
    assert below(page, "Client since") == ["02/03/2020", "soon"]
    assert below(page, "Revenue") == [100, "plenty"]


@pytest.mark.parametrize(
    "margins",
    first(
        2,
        [
            ["180 %", "20 %", "5 %"],
            ["-250 %", "0.2", "0.05"],
            ["180", "20", "5"],
            ["1.8", "20", "0.05"],
            ["151.2345678 %", "20 %", ""],
            ["1234567.89 %", "1 %", "0.001 %"],
            ["0.2", "1.5", "-1.5"],
        ],
    ),
)
def test_percentages_mean_the_same_in_the_graded_workbook(tmp_path: Path, margins: list[str]):
    lines = [f"C{at},100,{margin}" for at, margin in enumerate(margins)]
    source = csv_file(tmp_path, "\n".join(["Client,Revenue,Margin", *lines]))
    first = write_grades(source, tmp_path / "a.xlsx")
    second = write_grades(tmp_path / "a.xlsx")
    before, after = ([margin or 0 for margin in result.clients.table["margin"].to_list()] for result in (first, second))
    assert after == pytest.approx(before, rel=1e-12)
    assert second.columns.to_native().equals(first.columns.to_native())


# --- Layouts that a table does not fit -------------------------------------------------------------------------------


def test_merged_cells_above_the_clients_do_no_harm(tmp_path: Path):
    def change(_: Workbook, page: Worksheet) -> None:
        page["A1"] = "Our clients"
        page.merge_cells("A1:Z1")

    path = workbook(tmp_path / "a.xlsx", top=3, change=change)
    once, twice = graded_twice(path)
    assert once == twice
    assert once["Clients"]["merged"] == ["A1:Z1"]
    assert headers_of(page_of(path), 3)[:14] == [*CLIENTS[0], *SHOWN]
    assert are_sound(page_of(path))


@pytest.mark.parametrize("merged", first(2, ["A2:B2", "B3:C4", "A2:F2", "E2:E3"]))
def test_merged_cells_among_the_clients_give_filters_but_no_broken_table(tmp_path: Path, merged: str):
    path = workbook(tmp_path / "a.xlsx", change=lambda _, page: page.merge_cells(merged))
    once, twice = graded_twice(path)
    assert once == twice
    assert once["Clients"]["merged"] == [merged]
    assert are_sound(page_of(path))
    assert None not in [
        tier for name, tier in zip(below(page_of(path), "Client"), below(page_of(path), "Tier"), strict=True) if name
    ]


@pytest.mark.long
def test_cells_that_the_user_merged_in_the_graded_block_do_not_stop_the_next_grading(tmp_path: Path):
    path = workbook(tmp_path / "a.xlsx", change=lambda _, page: page.merge_cells("A3:A4"))
    write_grades(path)
    write_grades(edit(path, lambda book: book["Clients"].merge_cells("D2:E2")))
    assert are_sound(page_of(path))


def test_a_filter_of_the_users_stays_and_no_table_lies_over_it(tmp_path: Path):
    path = workbook(tmp_path / "a.xlsx", change=lambda _, page: setattr(page, "auto_filter", AutoFilter(ref="A1:C4")))
    once, twice = graded_twice(path)
    assert once == twice
    assert once["Clients"]["filter"] == "A1:C4"
    assert once["Clients"]["tables"] == {}


@pytest.mark.long
def test_a_hidden_name_of_a_filter_that_is_gone_gives_way_to_that_of_ours(tmp_path: Path):
    """Excel leaves such a name behind when a filter is switched off, and repairs a workbook that has two."""
    doubled = [("Client", "Revenue", "Notes", "Notes"), ("Abel", 100, "x", "y"), ("Baker", 200, "z", "w")]

    def filtered_once(_: Workbook, page: Worksheet) -> None:
        page.defined_names["_xlnm._FilterDatabase"] = DefinedName(
            "_xlnm._FilterDatabase", attr_text="Clients!$A$1:$B$2", hidden=True
        )

    path = workbook(tmp_path / "a.xlsx", doubled, change=filtered_once)
    write_grades(path)
    text = files.parts_of(path)["xl/workbook.xml"]
    assert text.count(b"_xlnm._FilterDatabase") == 1
    assert b"'Clients'!$A$1:$N$3</definedName>" in text
    write_grades(path)
    assert files.parts_of(path)["xl/workbook.xml"] == text


@pytest.mark.long
def test_a_workbook_without_room_for_more_cell_formats_is_refused(tmp_path: Path):
    """With more than 65,490 Excel repairs a workbook, and takes all formats away."""
    path = workbook(tmp_path / "a.xlsx")
    many = b"".join(b'<xf numFmtId="%d" fontId="0" fillId="0" borderId="0" xfId="0"/>' % at for at in range(65_489))
    files.with_part(path, "xl/styles.xml", lambda part: part.replace(b"</cellXfs>", many + b"</cellXfs>"))
    before = path.read_bytes()
    with pytest.raises(CannotGrade, match=r"65,490 cell formats.*new workbook"):
        write_grades(path)
    assert path.read_bytes() == before


@pytest.mark.long
def test_a_part_keeps_its_name_in_an_old_alphabet_and_its_packing(tmp_path: Path):
    path = workbook(tmp_path / "a.xlsx")
    parts = files.parts_of(path)
    types = parts["[Content_Types].xml"].replace(
        b"<Default", b'<Default Extension="bin" ContentType="a/b"/><Default', 1
    )
    files.package(path, parts | {"[Content_Types].xml": types, "xl/f?r.bin": bytes(9_999)})
    path.write_bytes(path.read_bytes().replace(b"xl/f?r.bin", b"xl/f\x81r.bin"))
    write_grades(path)
    written = path.read_bytes()
    assert written.count(b"xl/f\x81r.bin") == 2
    assert files.parts_of(path)["xl/für.bin"] == bytes(9_999)
    write_grades(path)
    assert path.read_bytes() == written


@pytest.mark.long
def test_a_rule_for_cells_that_are_lost_stays(tmp_path: Path):
    rule = DataValidation(type="list", formula1='"a,b"', sqref="C2:C4")
    path = workbook(tmp_path / "a.xlsx", change=lambda _, page: page.add_data_validation(rule))
    files.with_part(path, files.FIRST_SHEET, lambda part: part.replace(b'sqref="C2:C4"', b'sqref="#REF!"'))
    write_grades(path)
    assert b'sqref="#REF!"' in files.parts_of(path)[files.FIRST_SHEET]


@pytest.mark.long
def test_a_header_with_breaks_and_codes_names_its_column_of_the_table(tmp_path: Path):
    path = workbook(
        tmp_path / "a.xlsx", [("Client", "Revenue", "Two\nlines_x005F_x0041_", "tab\there"), ("Abel", 1, 2, 3)]
    )
    write_grades(path)
    (table,) = (part for name, part in files.parts_of(path).items() if name.startswith("xl/tables/table1"))
    assert b'name="Two_x000a_lines_x005F_x0041_"' in table
    assert b'name="tab_x0009_here"' in table


@pytest.mark.parametrize(
    "header",
    first(
        1,
        [
            pytest.param(("Client", "Revenue", "Notes", "notes"), id="doubled"),
            pytest.param(("Client", "Revenue", 2026, "x"), id="a number"),
            pytest.param(("Client", "Revenue", None, "x"), id="blank"),
        ],
    ),
)
def test_headers_that_no_table_takes_give_no_broken_table(tmp_path: Path, header: tuple[Any, ...]):
    path = workbook(tmp_path / "a.xlsx", [header, ("Abel", 100, "x", "y"), ("Baker", 200, "z", "w")])
    once, twice = graded_twice(path)
    assert once == twice
    page = page_of(path)
    assert are_sound(page)
    assert [cell.value for cell in page[1][:4]] == list(header)
    assert [cell.value for cell in page[2][:4]] == ["Abel", 100, "x", "y"]


def test_a_totals_row_stays_below_the_table_that_grew(tmp_path: Path):
    def change(_: Workbook, page: Worksheet) -> None:
        page.tables["Clients"].totalsRowCount = 1

    path = workbook(tmp_path / "a.xlsx", [*CLIENTS, ("Total", 600, 65)], table="Clients", change=change)
    once, twice = graded_twice(path)
    assert once == twice
    page = page_of(path)
    (table,) = page.tables.values()
    assert (table.ref, table.autoFilter.ref) == ("A1:N5", "A1:N4")
    assert [cell.value for cell in page[5]] == ["Total", 600, 65, *[None] * len(SHOWN)]


def test_the_filter_that_the_user_set_on_a_table_stays(tmp_path: Path):
    def change(_: Workbook, page: Worksheet) -> None:
        page.tables["Clients"].autoFilter = AutoFilter(ref="A1:C4")
        page.tables["Clients"].autoFilter.add_filter_column(0, ["Abel"])

    path = workbook(tmp_path / "a.xlsx", table="Clients", change=change)
    write_grades(path)
    table = page_of(path).tables["Clients"]
    assert table.autoFilter.ref == "A1:N4"
    assert [(column.colId, column.filters.filter) for column in table.autoFilter.filterColumn] == [(0, ["Abel"])]


@pytest.mark.parametrize(("first", "last"), first(2, [(1, 16_384), (2, 9), (4, 4), (5, 30)]))
def test_widths_that_a_workbook_gives_to_many_columns_at_once_never_overlap(tmp_path: Path, first: int, last: int):
    path = workbook(tmp_path / "a.xlsx")
    wide = b'<cols><col min="%d" max="%d" width="15" customWidth="1"/></cols><sheetData>' % (first, last)
    files.with_part(path, files.FIRST_SHEET, lambda part: part.replace(b"<sheetData>", wide))
    write_grades(path)
    page = page_of(path)
    taken: list[int] = []
    for column in page.column_dimensions.values():
        taken += range(column.min, column.max + 1)
    assert len(taken) == len(set(taken))
    own = range(first, min(last, 3) + 1)
    widths = {at: c.width for c in page.column_dimensions.values() for at in range(c.min, c.max + 1)}
    assert all(widths[at] == 15 for at in own)
    assert last < 14 or widths[last] == 15
    assert widths[column_at(page, "Why")] == 90


def test_what_the_user_froze_stays_frozen(tmp_path: Path):
    path = workbook(tmp_path / "a.xlsx", change=lambda _, page: setattr(page, "freeze_panes", "C3"))
    once, twice = graded_twice(path)
    assert once["Clients"]["frozen"] == twice["Clients"]["frozen"] == "C3"


def test_validations_of_the_users_stay_and_are_not_doubled(tmp_path: Path):
    def change(_: Workbook, page: Worksheet) -> None:
        own = DataValidation(type="list", formula1='"High,Low"')
        own.add("C2:C3")
        page.add_data_validation(own)

    rows = [("Client", "Revenue", "Opportunity", "Marquee"), ("Abel", 100, "High", None), ("Baker", 200, None, "Yes")]
    once, twice = graded_twice(workbook(tmp_path / "a.xlsx", rows, change=change))
    assert once["Clients"]["choices"] == [
        ("C2:C3", '"High,Low"'), ("D2:D1048576", '"Yes,No"'), ("E2:E1048576", None),
    ]  # fmt: skip
    assert twice["Clients"]["choices"] == once["Clients"]["choices"]


def test_live_colours_of_the_users_stay_and_ours_are_not_doubled(tmp_path: Path):
    fill = PatternFill(bgColor="FFFF0000")

    def change(_: Workbook, page: Worksheet) -> None:
        page.conditional_formatting.add("B2:B4", CellIsRule("greaterThan", ["150"], fill=fill))
        page.conditional_formatting.add("A2:Q4", FormulaRule(["$B2>150"], fill=fill))

    path = workbook(tmp_path / "a.xlsx", change=change)
    write_grades(path)

    def more(book: Workbook) -> None:
        page = book["Clients"]
        page.conditional_formatting.add("F2:F4", DataBarRule("num", 0, "num", 100, color="FF0000"))
        page.conditional_formatting.add("D2:D4", CellIsRule("equal", ['"B"'], fill=fill))

    before = everything(edit(path, more))["Clients"]["colours"]
    write_grades(path)
    assert everything(path)["Clients"]["colours"] == before
    write_grades(path)
    assert everything(path)["Clients"]["colours"] == before


def test_a_row_height_that_the_user_set_stays(tmp_path: Path):
    path = workbook(tmp_path / "a.xlsx", change=lambda _, page: setattr(page.row_dimensions[2], "height", 60))
    once, twice = graded_twice(path)
    assert once["Clients"]["heights"][2] == twice["Clients"]["heights"][2] == 60


def test_a_column_width_that_the_user_set_on_a_graded_column_stays(tmp_path: Path):
    path = workbook(tmp_path / "a.xlsx")
    write_grades(path)
    write_grades(edit(path, lambda book: setattr(book["Clients"].column_dimensions["Q"], "width", 40)))
    assert page_of(path).column_dimensions["Q"].width == 40


def test_charts_of_the_users_stay(tmp_path: Path):
    def change(book: Workbook, page: Worksheet) -> None:
        chart = BarChart()
        chart.add_data(Reference(page, min_col=2, min_row=1, max_row=4), titles_from_data=True)
        book.create_sheet("Mine").add_chart(chart, "A1")

    once, twice = graded_twice(workbook(tmp_path / "a.xlsx", change=change))
    assert once["Mine"]["charts"] == twice["Mine"]["charts"] == 1


@pytest.mark.long
def test_a_workbook_with_a_chart_sheet_can_be_graded_again(tmp_path: Path):
    def change(book: Workbook, page: Worksheet) -> None:
        chart = BarChart()
        chart.add_data(Reference(page, min_col=2, min_row=1, max_row=4), titles_from_data=True)
        book.create_chartsheet("Trend", 0).add_chart(chart)
        mine = book.create_sheet("Mine")
        mine.print_title_rows = "1:2"

    path = workbook(tmp_path / "a.xlsx", change=change)
    # The maker of this test numbers names over the worksheets alone; Excel counts chart sheets too.
    files.with_part(path, "xl/workbook.xml", lambda part: part.replace(b'localSheetId="1"', b'localSheetId="2"'))
    regrade(path)
    regrade(path)
    book = book_of(path)
    assert book.sheetnames == ["Trend", "Clients", "Mine", *OURS]
    assert book["Mine"].print_title_rows == "$1:$2"


@pytest.mark.parametrize(
    ("left", "note"), first(1, [(1, "XFD2"), (16_380, None)]), ids=["a note far right", "clients far right"]
)
def test_columns_never_run_over_the_right_edge_of_the_sheet(tmp_path: Path, left: int, note: str | None):
    def change(_: Workbook, page: Worksheet) -> None:
        if note:
            page["F2"] = page[note] = "mine"

    path = workbook(tmp_path / "a.xlsx", left=left, change=change)
    before = path.read_bytes()
    try:
        write_grades(path)
    except CannotGrade:
        assert path.read_bytes() == before
    else:
        assert page_of(path).max_column <= 16_384
        assert note is None or page_of(path)[note].value == "mine"


# --- Workbooks with macros -------------------------------------------------------------------------------------------


def test_macros_stay_in_a_workbook_with_macros(tmp_path: Path):
    path = files.macro_workbook(tmp_path / "a.xlsm")
    macros = files.parts_of(path)["xl/vbaProject.bin"]
    write_grades(path)
    parts = files.parts_of(path)
    assert parts["xl/vbaProject.bin"] == macros
    assert files.MACRO_WORKBOOK in parts["[Content_Types].xml"]


@pytest.mark.long
def test_a_copy_without_macros_is_a_plain_workbook_and_says_what_it_lacks(tmp_path: Path):
    result = grade(files.macro_workbook(tmp_path / "a.xlsm"), tmp_path / "b.xlsx")
    parts = files.parts_of(tmp_path / "b.xlsx")
    assert "xl/vbaProject.bin" not in parts
    assert files.PLAIN_WORKBOOK in parts["[Content_Types].xml"]
    assert b"macroEnabled" not in parts["[Content_Types].xml"]
    assert "the graded copy lacks the macros of your workbook; the original keeps them" in map(str, result.issues)


@pytest.mark.parametrize("source", first(1, [".csv", ".xlsx"]))
def test_an_xlsm_file_without_macros_is_one_that_excel_opens(tmp_path: Path, source: str):
    given = csv_file(tmp_path, "Client,Revenue\nAbel,1\n") if source == ".csv" else workbook(tmp_path / "a.xlsx")
    write_grades(given, tmp_path / "b.xlsm")
    types = files.parts_of(tmp_path / "b.xlsm")["[Content_Types].xml"]
    assert files.MACRO_WORKBOOK in types
    assert files.PLAIN_WORKBOOK not in types
    assert check_file(Request(tmp_path / "b.xlsm", files.AS_OF)).portfolio.clients in (1, 3)


@pytest.mark.long
def test_a_program_that_reads_in_a_stream_finds_every_row(sample_workbook: Path):
    whole, stream = book_of(sample_workbook), load_workbook(sample_workbook, read_only=True)
    for sheet in whole:
        assert sum(1 for _ in stream[sheet.title].iter_rows()) == sheet.max_row, sheet.title


def test_the_area_of_our_tables_is_that_of_their_rows(sample_workbook: Path):
    for page in book_of(sample_workbook).worksheets:
        for table in page.tables.values():
            left, top, right, bottom = range_boundaries(table.ref)
            block = [
                [page.cell(row, column).value for column in range(left, right + 1)] for row in (top, top + 1, bottom)
            ]
            assert all(line[0] or line[1] for line in block), (page.title, table.ref)
            assert page.cell(top, right + 1).value is None
        assert are_sound(page)
