"""A proposal in a file: the sheet Assignments, and the account managers where the user says so."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.styles import PatternFill
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook

from tests import packages
from tests.corpus import BOOKS, Book
from tests.files import (
    AS_OF,
    below,
    csv_file,
    csv_records,
    everything,
    page_of,
    parts_of,
    put,
    regrade,
    with_stored_values,
    workbook,
)
from tests.packages import Package, Place
from tierxl.method.issues import CannotGrade
from tierxl.method.table.columns import GRADED_COLUMNS
from tierxl.use_cases.assign import AssignedFile, assign_file
from tierxl.use_cases.grade import check_file
from tierxl.use_cases.reading import Request
from tierxl.workbooks.client_list import clients_in
from tierxl.workbooks.ooxml.workbook_file import WorkbookFile

pytestmark = pytest.mark.long

CLIENTS = (
    ("Client", "Account manager", "Revenue", "Override tier", "Override reason", "Client since"),
    ("Abel", "Daniel", 100, "A", "Known", "2020-01-01"),
    ("Baker", "Daniel", 200, "B", "Known", "2021-01-01"),
    ("Cohen", None, 300, "C", "Known", "2022-01-01"),
    ("Dunn", "Priya", 300, "A", "Known", "2022-01-01"),
)
TEAM = (("Account manager", "Seniority", "Hours per year"), ("Priya", "Senior", 500), ("Daniel", "Standard", 500))
FILL = "FFFFEE00"


def book_of(path: Path, change: Callable[[Workbook, Worksheet], object] | None = None, **where: Any) -> Path:
    def with_team(book: Workbook, page: Worksheet) -> None:
        put(book.create_sheet("Account managers"), TEAM)
        if change:
            change(book, page)

    return workbook(path, CLIENTS, change=with_team, **where)


def assign(source: Path, target: Path | None = None, *, apply: bool = False, **options: Any) -> AssignedFile:
    return assign_file(Request(source, AS_OF, **options), target or source, apply=apply)


def team_file(folder: Path) -> Path:
    return csv_file(folder, "\n".join(",".join(map(str, line)) for line in TEAM), name="team.csv")


def managers(path: Path) -> list[Any]:
    return below(page_of(path), "Account manager")


@dataclass(frozen=True)
class Assigned:
    """A workbook of the clients and the team, and what was proposed in it or applied."""

    path: Path
    found: AssignedFile


@pytest.fixture(scope="module")
def proposed(tmp_path_factory: pytest.TempPathFactory) -> Assigned:
    path = book_of(tmp_path_factory.mktemp("proposed") / "a.xlsx")
    return Assigned(path, assign(path))


@pytest.fixture(scope="module")
def applied(tmp_path_factory: pytest.TempPathFactory) -> Assigned:
    """The same applied, where one cell is filled with a colour."""

    def fill(_: Workbook, page: Worksheet) -> None:
        page["B2"].fill = PatternFill("solid", fgColor=FILL)

    path = book_of(tmp_path_factory.mktemp("applied") / "a.xlsx", fill)
    return Assigned(path, assign(path, apply=True))


# --- The proposal ----------------------------------------------------------------------------------------------------


def test_a_proposal_is_a_sheet_and_changes_nothing_of_the_users(proposed: Assigned, tmp_path: Path):
    path, found = proposed.path, proposed.found
    graded = book_of(tmp_path / "b.xlsx")
    regrade(graded)
    assert (found.applied, found.proposal.handovers, found.proposal.assignments) == (None, 1, 1)
    after, without = everything(path), everything(graded)
    assert list(after) == [*without, "Assignments"]
    assert {title: after[title] for title in without} == without


def test_the_sheet_says_who_moves_and_why_and_what_that_does_to_the_hours(proposed: Assigned):
    page = page_of(proposed.path, "Assignments")
    assert page["D1"].hyperlink.location == "'Summary'!A1"
    lines = [[cell.value for cell in line] for line in page.iter_rows()]
    assert lines[1][0] == (
        "Updated 22 Nov 2026. A proposal: nothing is changed until you apply it. Grading leaves this sheet as it is."
    )
    assert lines[4][0] == "1 client should be handed over, and 1 client without a listed account manager gets one."
    top = next(at for at, line in enumerate(lines) if line[0] == "Client")
    first, second = lines[top + 1 : top + 3]
    assert [first[0], first[1], first[2], f"{first[3]:%Y-%m-%d}", *first[4:]] == [
        "Abel", "A", 51.75, "2020-01-01", "Daniel", "Priya", "Handover",
        "A tier A client needs a Senior, and Daniel is Standard",
    ]  # fmt: skip
    assert [second[0], second[4], second[6], second[7]] == ["Cohen", None, "Assignment", "Has no account manager yet"]
    priya = next(line for line in lines if line[0] == "Priya")
    assert priya[:7] == ["Priya", "Senior", 500, 51.75, 103.5, 51.75 / 500, 103.5 / 500]
    assert priya[7].startswith("+1 A")


def test_the_sheet_says_of_each_aim_whether_it_is_proved(proposed: Assigned):
    lines = [[cell.value for cell in line[:4]] for line in page_of(proposed.path, "Assignments").iter_rows()]
    top = next(at for at, line in enumerate(lines) if line[0] == "Aim")
    assert lines[top : top + 6] == [
        ["Aim", "Reached", "Lowest possible", "Proved?"],
        ["Tier A clients without a Senior", 0, 0, "Proved"],
        ["Hours over capacity", 0, 0, "Proved"],
        ["Most hours over capacity of one account manager", 0, 0, "Proved"],
        ["Handovers", 1, 1, "Proved"],
        ["Days of relationship lost", 2517, 2517, "Proved"],
    ]


def test_a_later_grading_leaves_the_sheet_byte_for_byte(proposed: Assigned, tmp_path: Path):
    path = Path(shutil.copy(proposed.path, tmp_path))
    part = Package(path).sheets["Assignments"]
    before = parts_of(path)
    regrade(path)
    after = parts_of(path)
    assert after[part] == before[part]
    assert len([name for name in after if "tables/" in name]) == len([name for name in before if "tables/" in name])
    assert "Assignments" in load_workbook(path).sheetnames


def test_assigning_again_makes_the_sheet_anew(proposed: Assigned, tmp_path: Path):
    path = Path(shutil.copy(proposed.path, tmp_path))
    once = everything(path)
    assign(path)
    assert everything(path) == once


def test_a_sheet_of_the_users_that_is_called_assignments_stays(tmp_path: Path):
    path = book_of(tmp_path / "a.xlsx", lambda book, _: put(book.create_sheet("Assignments"), [("mine",)]))
    found = assign(path)
    assert 'the sheet "Assignments" is yours' in " ".join(issue.message for issue in found.graded.issues)
    assert page_of(path, "Assignments")["A1"].value == "mine"
    assert page_of(path, "Assignments (tierxl)")["A1"].value == "Assignments"


def test_without_account_managers_nothing_is_written(tmp_path: Path):
    path = workbook(tmp_path / "a.xlsx", CLIENTS)
    before = path.read_bytes()
    with pytest.raises(CannotGrade, match="There are no account managers to propose"):
        assign(path)
    assert path.read_bytes() == before


# --- Applied ---------------------------------------------------------------------------------------------------------


def test_applied_clients_get_their_account_manager_and_the_cells_keep_their_format(applied: Assigned):
    path, found = applied.path, applied.found
    assert (found.applied, managers(path)[0], managers(path)[1], managers(path)[3]) == (2, "Priya", "Daniel", "Priya")
    assert managers(path)[2] in ("Priya", "Daniel")
    assert page_of(path)["B2"].fill.fgColor.rgb == FILL
    assert "Applied: 2 of 2 account managers are written" in page_of(path, "Assignments")["A2"].value


def test_the_other_sheets_show_the_new_account_managers(applied: Assigned):
    capacity = {line[0].value: line[2].value for line in page_of(applied.path, "Capacity").iter_rows()}
    assert capacity["Priya"] == 2


def test_after_it_was_applied_nothing_is_left_to_propose(applied: Assigned, tmp_path: Path):
    path = Path(shutil.copy(applied.path, tmp_path))
    again = assign(path, apply=True)
    assert (len(again.proposal.moves), again.applied) == (0, 0)


def test_applied_in_a_copy_the_original_stays(tmp_path: Path):
    path = book_of(tmp_path / "a.xlsx")
    before = path.read_bytes()
    assign(path, tmp_path / "b.xlsx", apply=True)
    assert path.read_bytes() == before
    assert managers(tmp_path / "b.xlsx")[0] == "Priya"


def test_a_cell_with_a_formula_stays_and_is_reported(tmp_path: Path):
    path = book_of(tmp_path / "a.xlsx", lambda _, page: page.__setitem__("B2", "=LOWER(A2)"))
    found = assign(path, apply=True)
    assert found.applied == 1
    assert page_of(path)["B2"].value == "=LOWER(A2)"
    (issue,) = (issue for issue in found.graded.issues if issue.message.startswith("holds a formula"))
    assert str(issue) == "Clients!B2, Abel, Account manager: holds a formula and stays: write Priya there yourself"
    assert "Applied: 1 of 2" in page_of(path, "Assignments")["A2"].value


def test_cells_that_a_formula_fills_from_elsewhere_stay(tmp_path: Path):
    def fill(_: Workbook, page: Worksheet) -> None:
        page["B2"] = ArrayFormula("B2:B4", "=A2:A4")

    path = book_of(tmp_path / "a.xlsx", fill)
    found = assign(path, apply=True)
    assert found.applied == 0
    assert sum(issue.message.startswith("holds a formula") for issue in found.graded.issues) == len(
        found.proposal.moves
    )


def test_a_manager_in_a_merged_cell_stays_since_it_is_that_of_other_clients_too(tmp_path: Path):
    path = book_of(tmp_path / "a.xlsx", lambda _, page: page.merge_cells("B2:B3"))
    found = assign(path, apply=True)
    assert [row["client"] for row in found.proposal.moves.rows(named=True) if row["client"] == "Abel"]
    assert any(issue.message.startswith("is part of a merged cell") for issue in found.graded.issues)
    assert page_of(path)["B2"].value == "Daniel"


def test_without_a_column_to_write_into_one_is_asked_for(tmp_path: Path):
    source = csv_file(tmp_path, "Client,Revenue\nAbel,100\n")
    with pytest.raises(CannotGrade, match="There is no column Account manager to write into"):
        assign(source, tmp_path / "b.csv", apply=True, managers=team_file(tmp_path))
    assert not (tmp_path / "b.csv").exists()


@pytest.mark.parametrize("apply", [False, True])
def test_csv_and_parquet_are_assigned_as_well(tmp_path: Path, apply: bool):
    lines = [",".join("" if cell is None else str(cell) for cell in line) for line in CLIENTS]
    source, team = csv_file(tmp_path, "\n".join(lines)), team_file(tmp_path)
    expected = "Priya" if apply else "Daniel"
    assign(source, tmp_path / "b.csv", apply=apply, managers=team)
    assert csv_records(tmp_path / "b.csv")[0]["Account manager"] == expected
    pl.read_csv(source).write_parquet(tmp_path / "a.parquet")
    assign(tmp_path / "a.parquet", tmp_path / "b.parquet", apply=apply, managers=team)
    assert pl.read_parquet(tmp_path / "b.parquet")["Account manager"][0] == expected
    assign(source, tmp_path / "b.xlsx", apply=apply, managers=team)
    assert managers(tmp_path / "b.xlsx")[0] == expected
    assert "Assignments" in load_workbook(tmp_path / "b.xlsx").sheetnames


def test_names_with_signs_of_xml_arrive_as_they_are(tmp_path: Path):
    def rename(book: Workbook, _: Worksheet) -> None:
        book["Account managers"]["A2"] = 'Priya <& "Co">'

    path = book_of(tmp_path / "a.xlsx", rename)
    assign(path, apply=True)
    assert managers(path)[0] == 'Priya <& "Co">'


# --- Over the corpus -------------------------------------------------------------------------------------------------


@pytest.mark.corpus
@pytest.mark.filterwarnings("ignore:.*extension is not supported")
@pytest.mark.parametrize("book", BOOKS, ids=str)
def test_applying_changes_nothing_else_of_a_users_workbook(book: Book, tmp_path: Path):
    team = csv_file(
        tmp_path, "Account manager,Seniority,Hours per year\nPriya Raman,Senior,900\nJonas Hale,Standard,60\n"
    )
    path = Path(shutil.copy(book.path, tmp_path))
    table, place = clients_in(WorkbookFile(path))
    manager = place.columns[table.headers.position_of["account_manager"]]
    found = assign(path, apply=True, managers=team)
    assert found.applied
    before, after = Package(book.path), Package(path)
    columns = graded_columns(path, book)
    grades = Place(book.sheet, book.header, book.last, frozenset(columns))
    where = replace(grades, columns=grades.columns | {manager})
    for compare in (packages.changed_cells, packages.changed_rows, packages.changed_parts,
                    packages.changed_relationships, packages.changed_workbook):  # fmt: skip
        assert compare(before, after, where) == []
    for compare in (packages.changed_sheet, packages.changed_table):
        assert compare(before, after, grades) == []
    assert packages.changed_styles(before, after) == packages.changed_content_types(before, after) == []
    assert packages.unsorted_cells(after, grades) == []
    styles = [
        {at: cell.get("s") for at, cell in packages.cells_of(each.xml(each.sheets[book.sheet])) if at[1] == manager}
        for each in (before, after)
    ]
    assert {at: style or "0" for at, style in styles[0].items()} == {
        at: style or "0" for at, style in styles[1].items() if at in styles[0]
    }
    plain = check_file(Request(book.path, AS_OF)).grading.columns
    lines = grid(path, book)
    assert {name: [lines[row - 1][at - 1] or None for row in table.rows] for at, name in columns.items()} == {
        name: [cell or None for cell in plain[name].to_list()] for name in columns.values()
    }
    to = dict(found.proposal.moves.select("position", "to").iter_rows())
    read = clients_in(WorkbookFile(path))[0].cells.to_series(table.headers.position_of["account_manager"]).to_list()
    assert {position: read[position] for position in to} == to


def grid(path: Path, book: Book) -> list[list[Any]]:
    return CalamineWorkbook.from_path(path).get_sheet_by_name(book.sheet).to_python(skip_empty_area=False)


def graded_columns(path: Path, book: Book) -> dict[int, str]:
    """The graded columns that a workbook has and had not, by their place."""
    before, after = (grid(each, book)[book.header - 1] for each in (book.path, path))
    return {at: name for at, name in enumerate(after, 1) if name in GRADED_COLUMNS and name not in before}


def test_an_untouched_formula_elsewhere_keeps_its_value(tmp_path: Path):
    path = book_of(tmp_path / "a.xlsx", lambda _, page: page.__setitem__("H2", "=C2*2"))
    with_stored_values(path, {"H2": "200"})
    assign(path, apply=True)
    assert load_workbook(path, data_only=True)["Clients"]["H2"].value == 200
