"""What is in sight when the sheet of clients is opened: the names with their tiers, whole, a line each."""

from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from tests.files import (
    SHOWN,
    below,
    column_at,
    csv_file,
    edit,
    everything,
    grade,
    headers_of,
    page_of,
    put,
    regrade,
    workbook,
    write_grades,
)
from tierxl.workbooks.layout import FIRST_VIEW

OWN = [f"Own {number}" for number in range(1, 21)]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workbook that tierxl made of a CSV file with columns of the user's own."""
    folder = tmp_path_factory.mktemp("made")
    grade(csv_file(folder, "ID,Client,Own,Revenue,Profit\n1,Abel,x,100,10\n2,Baker,y,200,-5\n"), folder / "a.xlsx")
    return folder / "a.xlsx"


def test_a_workbook_of_ours_has_tier_action_and_reason_right_of_the_client_and_the_rest_at_the_right(made: Path):
    assert headers_of(page_of(made)) == ["ID", "Client", *SHOWN[:3], "Own", "Revenue", "Profit", *SHOWN[3:]]
    assert below(page_of(made), "Own") == ["x", "y"]


@pytest.mark.long
def test_the_largest_amount_is_seen_whole(tmp_path: Path):
    grade(csv_file(tmp_path, 'Client,Revenue\nAbel,"£1,000,000,000,000"\nBaker,900\n'), tmp_path / "a.xlsx")
    page = page_of(tmp_path / "a.xlsx")
    width = page.column_dimensions[get_column_letter(column_at(page, "Revenue"))].width
    assert width > len("£1,000,000,000,000")


@pytest.mark.long
def test_what_is_next_is_read_whole_in_one_line_of_the_summary(tmp_path: Path):
    clients = "".join(f"Client {number},{number}\n" for number in range(1, 11))
    grade(csv_file(tmp_path, f"Client,Revenue\n{clients}"), tmp_path / "a.xlsx")
    page = page_of(tmp_path / "a.xlsx", "Summary")
    assert page["E11"].value == "Fill in 4 missing ratings"
    assert {page.row_dimensions[row].height for row in range(11, 21)} == {15}


@pytest.mark.long
def test_graded_again_in_place_or_into_a_copy_its_columns_stay_where_they_are(made: Path, tmp_path: Path):
    def taller(book: Workbook) -> None:
        book["Clients"]["G2"] = 50_000

    changed = edit(made, taller, tmp_path / "changed.xlsx")
    regrade(changed)
    assert headers_of(page_of(changed)) == headers_of(page_of(made))
    assert below(page_of(changed), "Revenue rating") == ["High", "Low"]


def test_in_a_workbook_of_ours_nothing_is_out_of_sight_that_must_be_scrolled_to(made: Path):
    page = page_of(made)
    assert page.freeze_panes == "C2", "the names stay, and the tiers stand beside them"
    assert sum(page.column_dimensions[letter].width for letter in "ABCDE") < FIRST_VIEW


def wide(path: Path, change: Any = None) -> Path:
    """A user's workbook in which the tiers come behind so many columns that no screen shows them."""
    rows = [("Client", *OWN, "Revenue"), ("Abel", *["x"] * 20, 100), ("Baker", *["y"] * 20, 50)]
    return workbook(path, rows, change=change)


@pytest.fixture(scope="module")
def graded_wide(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = wide(tmp_path_factory.mktemp("wide") / "a.xlsx")
    write_grades(path)
    return path


def test_a_users_wide_list_opens_at_the_tiers_beside_the_names(graded_wide: Path):
    page = page_of(graded_wide)
    pane = page.sheet_view.pane
    assert (pane.xSplit, pane.ySplit, pane.state) == (1, 1, "frozen")
    assert pane.topLeftCell == f"{get_column_letter(column_at(page, 'Tier'))}2"
    assert headers_of(page)[:22] == ["Client", *OWN, "Revenue"]


def test_a_list_whose_tiers_are_in_sight_is_not_scrolled(tmp_path: Path):
    path = workbook(tmp_path / "a.xlsx")
    write_grades(path)
    assert page_of(path).sheet_view.pane.topLeftCell == "B2"


def test_a_pane_of_the_users_own_stays_as_it_is_scrolled(tmp_path: Path):
    path = wide(tmp_path / "a.xlsx", lambda _, page: setattr(page, "freeze_panes", "B2"))
    write_grades(path)
    assert page_of(path).sheet_view.pane.topLeftCell == "B2"


def test_a_mark_leaves_the_tier_in_the_cell_and_is_explained_where_it_stands(graded_wide: Path):
    page = page_of(graded_wide)
    assert below(page, "Tier") == ["A", "C"]
    assert {page.cell(row, column_at(page, "Tier")).number_format for row in (2, 3)} == {"General"}
    area = "{0}2:{0}1048576".format(get_column_letter(column_at(page, "Tier")))
    (rules,) = [formatting.rules for formatting in page.conditional_formatting if str(formatting.sqref) == area]
    assert {rule.dxf.numFmt.formatCode for rule in rules if rule.dxf.numFmt} == {
        '@" ↑"', '@" ↓"', '@" held"', '@" override"',
    }  # fmt: skip
    (message,) = [each for each in page.data_validations.dataValidation if str(each.sqref) == area]
    assert (message.type, message.promptTitle) == (None, "Tier")
    assert "override" in message.prompt


def test_a_rating_that_somebody_has_at_last_comes_right_of_the_others_which_stay(tmp_path: Path):
    path = workbook(tmp_path / "a.xlsx", table="Clients")
    write_grades(path)

    def pains(book: Workbook) -> None:
        book["Clients"]["C1"] = "Pain factor"
        book["Clients"].tables["Clients"].tableColumns[2].name = "Pain factor"
        put(book["Clients"], [("Low",), ("High",), ("Low",)], top=2, left=3)

    write_grades(edit(path, pains))
    page = page_of(path)
    assert headers_of(page)[3:] == [*SHOWN, "Pain rating"]
    assert below(page, "Profit rating") == ["Not rated"] * 3, "formulas may look at it, so it stays"
    once = everything(path)
    write_grades(path)
    assert everything(path) == once
