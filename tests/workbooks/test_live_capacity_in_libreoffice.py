"""Capacity as formulas in LibreOffice: each cell is what a grading gives, before and after changes."""

import random
from pathlib import Path
from typing import Any

import pytest
from openpyxl.workbook.workbook import Workbook
from python_calamine import CalamineWorkbook

from tests import files
from tests.files import AS_OF, column_at, put, workbook
from tests.formulas.portfolios import portfolio
from tests.libreoffice import EXCEL, NEEDS_LIBREOFFICE, calculate
from tierxl.sheets.wording import label
from tierxl.use_cases.grade import grade_file
from tierxl.use_cases.reading import Request

pytestmark = [*NEEDS_LIBREOFFICE, pytest.mark.long]
TEAM = [
    ("Account manager", "Seniority", "Hours per year"),
    ("ANN", "Snr", 300),
    ("Bob", "Standard", "250"),
    ("Cleo", "asst", 60),
    ("Dan", "Assistant", 30),
    ("Eve", "Standard", None),
    ("Idle", "Standard", 100),
    ("Bob", "Senior", 999),
]
NAMES = ["Ann", "bob", "Cleo", "Eve", None, "Zoe", "Yan", "Bob / Ann", "Ann; Nobody"]


def clients() -> list[tuple[Any, ...]]:
    chance = random.Random("capacity")
    lines = portfolio(chance, 40)
    headers = tuple(lines[0])
    names = [chance.choice(NAMES) for _ in lines]
    return [
        ("Client", "Account manager", *headers),
        *((f"Client {at}", name, *line.values()) for at, (name, line) in enumerate(zip(names, lines, strict=True))),
    ]


def change(book: Workbook) -> None:
    page, team, settings = (book[title] for title in ("Clients", "Account managers", "Settings"))
    for row in range(2, 20):
        page.cell(row, column_at(page, "Account manager")).value = "Eve" if row % 3 else "Xenia"
    team["C3"], team["B4"], team["C5"] = 50, "Senior", 70
    for line in settings.iter_rows(max_col=4):
        for cell, level in zip(line[1:], SERVICES.get(line[0].value, ()), strict=False):
            cell.value = cell.value if level == "as it is" else level
        if (line[0].value, line[1].value) == (label("weights"), label("pain")):
            line[2].value = 70
        if line[0].value == "Client appreciation":
            for cell in line:
                cell.value = None
    last = next(line[0].row for line in settings.iter_rows() if line[0].value == "Clients' other professionals")
    put(settings, OWN_SERVICES, last + 1)


SERVICES = {
    "Review meeting": ("6 / yr, 120min, in person", "as it is", "None"),
    "Personal contact": ("as it is", None, "12/yr"),
    "Data analysis": ("4/yr, 200.5 min, by an  Assistant", None, "Call, 2/yr, 30 minutes"),
    "Account monitoring": ("4/yr, 10 min, 2/yr, 5 min", "366/yr, 1 min", "0/yr, 5 min"),
    "Open events": ("52/yr, 1 min", "Invited; 0.5/yr, 15 min", "2 min"),
}
"""Levels that a user types, some of which cannot be used: the usual ones count then."""
OWN_SERVICES = [
    ("Newsletter", "4/yrs, quarterly 12/yr, 2.5 min", "4/yr, 5 min, by an assistant", "None"),
    ("Gifts", "2/yr, 60 min", None, "None"),
    ("Newsletter", "1/yr, 600 min", "None", "None"),
]
"""A service of the user's own, one of which a level is missing, and one that is there already."""


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("capacity")
    source = workbook(folder / "clients.xlsx", clients(), table="Clients")
    files.edit(source, lambda book: put(book.create_sheet("Account managers"), TEAM))
    grade_file(Request(source, AS_OF), folder / "team.xlsx", live=True)
    files.edit(folder / "team.xlsx", change, folder / "changed.xlsx")
    for name in ("team", "changed"):
        grade_file(Request(folder / f"{name}.xlsx", AS_OF), folder / f"{name}-values.xlsx", live=False)
    calculate(EXCEL, folder / "calculated", folder / "team.xlsx", folder / "changed.xlsx")
    return folder


def capacity(path: Path) -> dict[str, Any]:
    lines = CalamineWorkbook.from_path(path).get_sheet_by_name("Capacity").to_python()
    tiers = next(at for at, line in enumerate(lines) if line[:2] == ["Tier", "Clients"])
    managers = next(at for at, line in enumerate(lines) if line[:2] == ["Account manager", "Seniority"])
    return {
        "sentence": lines[4][0],
        "tiers": [[*map(plain, line[:5])] for line in lines[tiers : tiers + 5]],
        "managers": [[*map(plain, line[:14])] for line in lines[managers:] if any(line[:14])],
    }


def levels(path: Path) -> list[Any]:
    lines = CalamineWorkbook.from_path(path).get_sheet_by_name("Service levels").to_python()
    return [[*map(plain, line[:4])] for line in lines[3:] if any(line[:4])]


def plain(value: Any) -> Any:
    return float(f"{value:.9g}") if isinstance(value, float) else value


@pytest.mark.parametrize("name", ["team", "changed"])
def test_hours_and_account_managers_are_those_of_a_grading(books: Path, name: str):
    expected = capacity(books / f"{name}-values.xlsx")
    assert capacity(books / "calculated" / f"{name}.xlsx") == expected
    assert {"Over capacity", "Not listed", "Tier A without a Senior"} & {line[-1] for line in expected["managers"]}


@pytest.mark.parametrize("name", ["team", "changed"])
def test_the_service_levels_are_those_that_a_grading_takes(books: Path, name: str):
    assert levels(books / "calculated" / f"{name}.xlsx") == levels(books / f"{name}-values.xlsx")


def test_the_hours_have_changed(books: Path):
    assert capacity(books / "team-values.xlsx") != capacity(books / "changed-values.xlsx")
