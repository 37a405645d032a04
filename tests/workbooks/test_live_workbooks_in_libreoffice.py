"""Live workbooks in LibreOffice: every cell is what a grading gives, before and after clients and settings change."""

import csv
import random
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.formula.translate import Translator
from openpyxl.utils import range_boundaries
from python_calamine import CalamineWorkbook

from tests import files
from tests.files import AS_OF, workbook
from tests.formulas.any_portfolio import Book, drawn
from tests.formulas.portfolios import portfolio
from tests.libreoffice import EXCEL, NEEDS_LIBREOFFICE, calculate
from tierxl.formulas.graded import LIVE
from tierxl.method.plan.service import TIERS
from tierxl.sheets.wording import label
from tierxl.template.live_workbook import NAME as TEMPLATE
from tierxl.use_cases.grade import grade_file
from tierxl.use_cases.reading import Request

pytestmark = [
    *NEEDS_LIBREOFFICE,
    pytest.mark.hypothesis,
    pytest.mark.long,
]
DRAWN = [f"drawn {number}" for number in range(1, 3)]
MADE = [*DRAWN, "sample"]
CHANGED = [f"{name}, changed" for name in MADE]
THROUGH_ODS = CHANGED[-2:]
OF_SAMPLE = Book(
    clients=[],
    settings={},
    of_clients={(at, "Revenue"): value for at, value in ((3, 7), (4, 5e6), (11, None), (20, 5e6))}
    | {(at, "Strategic value"): value for at, value in ((3, "High"), (8, "l"), (12, None))},
    of_settings={
        ("weights", "pain"): 40,
        ("weights", "revenue"): 12.5,
        ("tiers", "a_from"): 58,
        ("moves", "max_move"): 2,
    },
    of_services={("Review meeting", 0): "6 / yr, 180 min, in person", ("Review meeting", 1): "None"},
)
LISTS = ("Summary", "Engagement plan", "Shed list")
PASTED, UNDATED = 40, "undated"
"""How many clients are pasted into the template; the workbook of a list without any last date."""


def lines_of(clients: Sequence[Mapping[str, Any]]) -> list[tuple[Any, ...]]:
    return [tuple(clients[0]), *(tuple(client.values()) for client in clients)]


def graded_live(folder: Path, name: str, book: Book) -> None:
    """The workbook of a book that Hypothesis drew, as it is drawn and with its changes; and the gradings of both."""
    source = workbook(folder / f"{name}-clients.xlsx", lines_of(book.clients), table="Clients")
    grade_file(Request(source, AS_OF, settings=book.settings), folder / f"{name}.xlsx", live=True)
    files.edit(folder / f"{name}.xlsx", partial(change, book), folder / f"{name}, changed.xlsx")


def change(book: Book, workbook: Any) -> None:
    """A user changes clients, settings, and levels of services."""
    page, settings = workbook["Clients"], workbook["Settings"]
    for (at, header), value in book.of_clients.items():
        page.cell(at + 2, files.column_at(page, header)).value = value
    of_settings = {(label(section), label(name)): it for (section, name), it in book.of_settings.items()}
    for line in settings.iter_rows(max_col=4):
        if (line[0].value, line[1].value) in of_settings:
            line[2].value = of_settings[line[0].value, line[1].value]
        for (service, at), level in book.of_services.items():
            if line[0].value == service:
                line[at + 1].value = level


def paste(book: Any) -> None:
    """A user pastes other clients over the samples of the template; the table grows with them."""
    page, (headers, *lines) = book["Clients"], csv.reader(files.SAMPLE.read_text("utf-8").splitlines())
    table = page.tables["Clients"]
    left, top, right, bottom = range_boundaries(table.ref)
    columns = {page.cell(top, column).value: column for column in range(left, right + 1)}
    formulas = {column: page.cell(top + 1, column) for column in columns.values()}
    for row, line in enumerate(lines[:PASTED], top + 1):
        for column, first in formulas.items():
            is_formula = first.data_type == "f"
            moved = Translator(first.value, first.coordinate) if is_formula else None
            page.cell(row, column).value = moved.translate_formula(f"{first.column_letter}{row}") if moved else None
        for header, value in zip(headers, line, strict=True):
            if header in columns:
                page.cell(row, columns[header]).value = _typed(value)
    table.ref = f"{page.cell(top, left).coordinate}:{page.cell(top + PASTED, right).coordinate}"
    assert bottom < top + PASTED


def _typed(text: str) -> Any:
    for read in (float, date.fromisoformat):
        with suppress(ValueError):
            return read(text)
    return text or None


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory, templates: dict[str, Path]) -> Path:
    """A folder with live workbooks, with value gradings of the same, and with both as LibreOffice writes them."""
    folder = tmp_path_factory.mktemp("live")
    for name, book in zip(DRAWN, drawn(len(DRAWN)), strict=True):
        graded_live(folder, name, book)
    grade_file(Request(files.SAMPLE, AS_OF), folder / "sample.xlsx", live=True)
    files.edit(folder / "sample.xlsx", partial(change, OF_SAMPLE), folder / "sample, changed.xlsx")
    made = [folder / f"{name}.xlsx" for name in (*MADE, *CHANGED)]
    undated = [
        {"Client": f"Client {at}"} | {header: it for header, it in client.items() if not header.startswith("Last")}
        for at, client in enumerate(portfolio(random.Random(UNDATED), 30))
    ]
    source = workbook(folder / "clients.xlsx", lines_of(undated), table="Clients")
    grade_file(Request(source, AS_OF), folder / f"{UNDATED}.xlsx", live=True)
    made.append(folder / f"{UNDATED}.xlsx")
    files.edit(templates[TEMPLATE], paste, folder / "pasted.xlsx")
    for path in made:
        grade_file(Request(path, AS_OF), folder / f"{path.stem}-values.xlsx", live=False)
    grade_file(Request(folder / "pasted.xlsx", date.today()), folder / "pasted-values.xlsx", live=False)
    made.append(folder / "pasted.xlsx")
    through_ods = [folder / f"{name}.xlsx" for name in THROUGH_ODS]
    calculate(EXCEL, folder / "calculated", *(path for path in made if path not in through_ods))
    calculate("ods", folder / "calculated", *through_ods)
    calculate(EXCEL, folder / "back", *(calculated_of(folder, name) for name in THROUGH_ODS))
    return folder


def calculated_of(folder: Path, name: str) -> Path:
    return folder / "calculated" / f"{name}.{'ods' if name in THROUGH_ODS else 'xlsx'}"


def graded(path: Path) -> Iterator[list[Any]]:
    headers, *lines = CalamineWorkbook.from_path(path).get_sheet_by_name("Clients").to_python()
    places = [headers.index(name) if name in headers else None for name in LIVE]
    return ([_plain(line[at]) if at is not None else None for at in places] for line in lines)


def _plain(value: Any) -> Any:
    return float(f"{value:.9g}") if isinstance(value, float) else value


@pytest.mark.parametrize(
    ("name", "through"),
    [*((name, "calculated") for name in (*MADE, *CHANGED)), *((name, "back") for name in THROUGH_ODS)],
)
def test_every_tier_is_what_a_grading_gives(books: Path, name: str, through: str):
    expected = list(graded(books / f"{name}-values.xlsx"))
    path = calculated_of(books, name) if through == "calculated" else books / through / f"{name}.xlsx"
    there = [[value if of is not None else None for value, of in zip(line, wanted, strict=True)]
             for line, wanted in zip(graded(path), expected, strict=True)]  # fmt: skip
    assert there == expected


def test_tiers_have_changed_with_clients_and_settings(books: Path):
    for name in MADE:
        assert list(graded(books / f"{name}-values.xlsx")) != list(graded(books / f"{name}, changed-values.xlsx"))


def lists(path: Path, title: str) -> list[dict[str, Any]]:
    """The lines of the lists of clients on a sheet, one below the other."""
    lines, headers = [], None
    for line in CalamineWorkbook.from_path(path).get_sheet_by_name(title).to_python():
        if "Client" in line[:1]:
            headers = line[: line.index("") if "" in line else None]
        elif not line[0] or headers is None:
            headers = None
        else:
            lines.append(dict(zip(map(str, headers), map(_plain, line), strict=False)))
    return lines


@pytest.mark.parametrize("name", [*MADE, *CHANGED, UNDATED, "pasted"])
@pytest.mark.parametrize("title", LISTS)
def test_lists_of_clients_are_those_of_a_grading(books: Path, name: str, title: str):
    expected, there = lists(books / f"{name}-values.xlsx", title), lists(calculated_of(books, name), title)
    if title == "Engagement plan":  # where a grading shows the clients to shed as well
        expected = [line for line in expected if "Remark" in line]
    own = {header for line in there for header in line} & {header for line in expected for header in line}
    assert {"Client", "Revenue"} <= own or not expected
    assert [{header: line.get(header) for header in own} for line in there] == [
        {header: line.get(header) for header in own} for line in expected
    ]


@pytest.mark.parametrize("name", [*MADE, *CHANGED, "pasted"])
def test_what_is_counted_is_what_a_grading_counts(books: Path, name: str):
    def counted(path: Path) -> dict[str, Any]:
        book = CalamineWorkbook.from_path(path)
        summary, levels = (book.get_sheet_by_name(title).to_python() for title in ("Summary", "Service levels"))
        of_tiers = [[*map(_plain, line[7:11])] for line in summary[9:15] if line[7] in ("All", *TIERS)]
        return {
            "headline": summary[2][0],
            "tiles": [[*map(_plain, line[:12])] for line in summary[4:7]],
            "tiers": of_tiers,
            "services": [[*map(_plain, line[:4])] for line in levels[3:] if any(line[:4])],
        }

    assert counted(calculated_of(books, name)) == counted(books / f"{name}-values.xlsx")


def test_nothing_of_the_samples_is_left_in_the_template_and_no_error(books: Path):
    book = CalamineWorkbook.from_path(books / "calculated" / "pasted.xlsx")
    pages = {title: book.get_sheet_by_name(title).to_python() for title in book.sheet_names if title != "Start here"}
    assert [title for title, lines in pages.items() if "Sample:" in str(lines)] == []
    cells = load_workbook(books / "calculated" / "pasted.xlsx", data_only=True)
    assert [cell.coordinate for page in cells for line in page for cell in line if cell.data_type == "e"] == []
