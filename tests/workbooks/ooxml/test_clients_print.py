"""What is printed of the clients' sheet: who, tier, action and reason. What a user has set up stays."""

from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from tests.files import column_at, csv_file, edit, page_of, put, regrade, workbook, write_grades

LIST = [("No", "Client", "Account manager", "Segment", "Revenue"), (1, "Abel", "Ann", "Retail", 100),
        (2, "Baker", "Bo", "Retail", 50)]  # fmt: skip


def printed(path: Path) -> tuple[str, str | None, str | None]:
    """The area that is printed, the columns and the rows that are repeated."""
    page = page_of(path, "Clients")
    return page.print_area, page.print_title_cols, page.print_title_rows


def book(tmp_path: Path, change: Callable[[Workbook, Worksheet], None] = lambda *_: None) -> Path:
    path = workbook(tmp_path / "a.xlsx", LIST, change=change)
    write_grades(path)
    return path


def test_the_graded_columns_are_printed_beside_the_clients_and_who_looks_after_them(tmp_path: Path):
    path = book(tmp_path)
    page = page_of(path)
    area, left, top = printed(path)
    tier, reason = column_at(page, "Tier"), column_at(page, "Reason")
    (shown,) = page[area.partition("!")[2] or area][:1]
    assert [cell.value for cell in shown][:3] == ["Tier", "Action", "Reason"]
    assert (shown[0].column, shown[-1].column >= reason) == (tier, True)
    assert (left, top) == ("$B:$C", "$1:$1")
    assert (page.page_setup.orientation, 70 <= page.page_setup.scale <= 100) == ("landscape", True)


@pytest.mark.long
def test_a_client_that_comes_later_is_printed_too(tmp_path: Path):
    path = book(tmp_path)
    before = printed(path)

    def add(file: Workbook) -> None:
        put(file["Clients"], [(3, "Cohen", "Ann", "Retail", 70)], top=4)
        table = file["Clients"].tables["Clients"]
        table.ref = table.autoFilter.ref = table.ref.replace("3", "4")

    regrade(edit(path, add))
    area, *titles = printed(path)
    assert (area, titles) == (before[0].replace("$3", "$4"), list(before[1:]))


def test_what_the_user_has_set_up_stays(tmp_path: Path):
    def own_area(_: Workbook, page: Worksheet) -> None:
        page.print_area = "A1:B9"

    def own_page(_: Workbook, page: Worksheet) -> None:
        page.page_setup.orientation = "portrait"

    assert printed(book(tmp_path, own_area))[0].endswith("$A$1:$B$9")
    path = book(tmp_path, own_page)
    assert printed(path) == ("", None, None)
    assert page_of(path).page_setup.orientation == "portrait"


def test_a_list_from_a_text_file_is_printed_with_the_clients_names_on_the_left(tmp_path: Path):
    target = tmp_path / "graded.xlsx"
    write_grades(csv_file(tmp_path, "Client,Revenue\nAbel,100\nBaker,50\n"), target)
    sheet = load_workbook(target)["Clients"]
    area, left, _ = printed(target)
    assert sheet[left.replace("$", "").partition(":")[0] + "1"].value == "Client"  # type: ignore[union-attr]
    assert {"Tier", "Action", "Reason"} <= {cell.value for cell in sheet[area.partition("!")[2] or area][0]}
