"""Live tiers without macros: plain formulas, whose cells in LibreOffice are what a grading gives."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from tests.files import column_at, edit, page_of, put
from tests.libreoffice import EXCEL, calculate, in_libreoffice
from tests.template.templates import PLAIN, PLAIN_TEMPLATE
from tierxl.formulas.graded import LIVE
from tierxl.sheets.live_tiers import HEADER_ROW
from tierxl.sheets.wording import label
from tierxl.template.plain_live_tiers import ROOM
from tierxl.template.sample import CLIENTS
from tierxl.use_cases.grade import check_file, grade_file
from tierxl.use_cases.reading import Request
from tierxl.workbooks.ooxml.new_sheets import strict_writing

pytestmark = pytest.mark.long
SHEET, FIRST = "Live tiers", HEADER_ROW + 1
SETTINGS = {
    ("weights", "pain"): 80,
    ("tiers", "a_from"): 50,
    ("moves", "opportunity"): "off",
    ("wallet", "high_above"): None,
}


def clients(book: Any) -> None:
    """A user changes samples, and pastes more clients below them."""
    page = book["Clients"]
    for row in range(FIRST + len(CLIENTS), FIRST + 40):
        for column in range(1, page.max_column + 1):
            page.cell(row, column).value = page.cell(FIRST + row % len(CLIENTS), column).value
        page.cell(row, 1).value, page.cell(row, 2).value, page.cell(row, 5).value = f"Client {row}", None, 1_000 * row
    revenue, risk = (column_at(page, header, HEADER_ROW) for header in ("Revenue", "Retention risk"))
    for row, value in zip((7, 9, 10), (5_000_000, None, "1200"), strict=True):
        page.cell(row, revenue).value = value
    page.cell(42, risk).value = "Hgh"
    table = page.tables["Clients"]
    table.ref = table.ref.replace(str(HEADER_ROW + len(CLIENTS)), str(FIRST + 39))


def settings(book: Any) -> None:
    page = book["Settings"]
    services = next(row for row in range(1, page.max_row) if page.cell(row, 1).value == "Review meeting")
    blank = next(row for row in range(services, page.max_row) if page.cell(row, 1).value is None)
    put(page, [("Newsletter", "4/yr, 5 min", "None", "None")], top=blank)
    for line in page.iter_rows(max_col=3):
        for (section, name), value in SETTINGS.items():
            if (line[0].value, line[1].value) == (label(section), label(name)):
                line[2].value = value


def crowd(book: Any) -> None:
    more = [(f"Client {at}", None, None, None, 100) for at in range(ROOM + 1 - len(CLIENTS))]
    put(book["Clients"], more, FIRST + len(CLIENTS))


@pytest.fixture(scope="module")
def books(plain: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the changed templates, and as LibreOffice calculates them."""
    folder = tmp_path_factory.mktemp("live-tiers")
    made = [folder / "change.xlsx", folder / "crowd.xlsx"]

    def in_turn(book: Any) -> None:
        clients(book)
        settings(book)
        with strict_writing():
            book.save(made[0])
        crowd(book)

    edit(plain, in_turn, made[1])
    grade_file(Request(folder / "change.xlsx", date.today()), folder / "graded.xlsx")
    calculate(EXCEL, folder / "calculated", *made, folder / "graded.xlsx")
    return folder


def cells(path: Path) -> list[list[Any]]:
    return CalamineWorkbook.from_path(path).get_sheet_by_name(SHEET).to_python()


def lines(path: Path) -> list[dict[str, Any]]:
    headers, *rows = cells(path)[HEADER_ROW - 1 :]
    return [{header: plain_value(value) for header, value in zip(headers, row, strict=True)} for row in rows]


def plain_value(value: Any) -> Any:
    return float(f"{value:.9g}") if isinstance(value, int | float) else value or None


@in_libreoffice
@pytest.mark.parametrize("name", ["change", "graded"])
def test_every_cell_is_what_a_grading_gives(books: Path, name: str):
    """Also where a grading has written the Settings sheet anew, with a service more on it."""
    grading = check_file(Request(books / f"{name}.xlsx", date.today())).grading
    expected = [{of: plain_value(row[of]) for of in LIVE} for row in grading.columns.iter_rows(named=True)]
    there = lines(books / "calculated" / f"{name}.xlsx")
    assert [{of: line[of] for of in LIVE} for line in there[: len(expected)]] == expected
    assert {line[of] for line in there[len(expected) :] for of in ("Client", *LIVE)} == {None}


@in_libreoffice
def test_a_cell_that_cannot_be_read_is_named(books: Path):
    named = {line["Client"]: line["tierxl Check"] for line in lines(books / "calculated" / "change.xlsx")}
    assert {text: name for name, text in named.items() if text} == {"Retention risk": "Client 42"}


@in_libreoffice
def test_more_clients_than_there_is_room_for_get_no_tier_and_a_sentence(books: Path):
    path = books / "calculated" / "crowd.xlsx"
    assert {line["Tier"] for line in lines(path)} <= {None}
    assert f"room for {ROOM} clients" in str(cells(path)[1])


@pytest.mark.parametrize("name", [PLAIN, PLAIN_TEMPLATE])
def test_it_shows_the_samples_where_nothing_calculates(name: str, templates: dict[str, Path]):
    shown = lines(templates[name])
    assert [line["Client"] for line in shown[: len(CLIENTS)]] == [client["Client"] for client in CLIENTS]
    assert {line["Tier"] for line in shown[: len(CLIENTS)]} == {"A", "B", "C"}
    assert {line["Tier"] for line in shown[len(CLIENTS) :]} <= {None}


@pytest.mark.parametrize("name", [PLAIN, PLAIN_TEMPLATE])
def test_it_takes_no_function_that_excel_2010_lacks(name: str, templates: dict[str, Path]):
    page = page_of(templates[name], SHEET)
    formulas = {str(cell.value) for row in page.iter_rows(FIRST) for cell in row}
    assert {text[:1] for text in formulas} == {"="}
    assert not [text for text in formulas if "_xlfn" in text or "TIER" in text]
    assert page.protection.sheet
    assert not page.protection.password
