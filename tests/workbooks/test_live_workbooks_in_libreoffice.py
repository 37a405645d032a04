"""Live workbooks in LibreOffice: every cell is what a grading gives, before and after clients and settings change."""

import random
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from tests import files
from tests.files import AS_OF, workbook
from tests.formulas.portfolios import portfolio
from tests.formulas.test_live_formulas_in_libreoffice import POLICIES, RECALCULATE
from tierxl.formulas.graded import LIVE
from tierxl.sheets.wording import label
from tierxl.use_cases.grade import grade_file
from tierxl.use_cases.reading import Request

pytestmark = [
    pytest.mark.libreoffice,
    pytest.mark.long,
    pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice (soffice) is not installed"),
]
CLIENTS = 30
MADE = ["revenue", "amount", "sample"]
CHANGED = [f"{name}, changed" for name in MADE]
SETTINGS = {("weights", "pain"): 40, ("weights", "revenue"): 12.5, ("tiers", "a_from"): 58, ("moves", "max_move"): 2}
COUNTED = ("Summary", "Portfolio")


def clients(name: str) -> list[tuple[Any, ...]]:
    lines = portfolio(random.Random(name), CLIENTS)
    headers = tuple(lines[0])
    return [("Client", *headers), *((f"Client {at}", *line.values()) for at, line in enumerate(lines))]


def changes(book: Any) -> None:
    """A user changes clients and settings."""
    page, chance = book["Clients"], random.Random(1)
    for header, values in {"Revenue": (7, 5e6, None), "Strategic value": ("High", "l", None)}.items():
        column = files.column_at(page, header)
        for row in chance.sample(range(2, CLIENTS + 1), 12):
            page.cell(row, column).value = chance.choice(values)
    for line in book["Settings"].iter_rows(max_col=3):
        for (section, name), value in SETTINGS.items():
            if (line[0].value, line[1].value) == (label(section), label(name)):
                line[2].value = value


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with live workbooks, with value gradings of the same, and with both as LibreOffice writes them."""
    folder = tmp_path_factory.mktemp("live")
    (folder / "user").mkdir()
    (folder / "user" / "registrymodifications.xcu").write_text(RECALCULATE, encoding="utf-8")
    for name in MADE[:-1]:
        source = workbook(folder / f"{name}-clients.xlsx", clients(name), table="Clients")
        grade_file(Request(source, AS_OF, settings=POLICIES[name]), folder / f"{name}.xlsx", live=True)
    grade_file(Request(files.SAMPLE, AS_OF), folder / "sample.xlsx", live=True)
    for name in MADE:
        files.edit(folder / f"{name}.xlsx", changes, folder / f"{name}, changed.xlsx")
    made = [folder / f"{name}.xlsx" for name in (*MADE, *CHANGED)]
    for path in made:
        grade_file(Request(path, AS_OF), folder / f"{path.stem}-values.xlsx", live=False)
    convert(folder, "xlsx:Calc MS Excel 2007 XML", "calculated", made)
    convert(folder, "ods", "open", made[len(MADE) :])
    convert(folder, "xlsx:Calc MS Excel 2007 XML", "back", [folder / "open" / f"{name}.ods" for name in CHANGED])
    return folder


def convert(folder: Path, to: str, into: str, sources: list[Path]) -> None:
    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation={folder.as_uri()}", "--convert-to", to, "--outdir",
         str(folder / into), *map(str, sources)],
        capture_output=True, check=True, timeout=500,
    )  # fmt: skip


def graded(path: Path) -> Iterator[list[Any]]:
    headers, *lines = CalamineWorkbook.from_path(path).get_sheet_by_name("Clients").to_python()
    places = [headers.index(name) if name in headers else None for name in LIVE]
    return ([_plain(line[at]) if at is not None else None for at in places] for line in lines)


def _plain(value: Any) -> Any:
    return float(f"{value:.9g}") if isinstance(value, float) else value


@pytest.mark.parametrize(
    ("name", "through"), [*((name, "calculated") for name in (*MADE, *CHANGED)), *((name, "back") for name in CHANGED)]
)
def test_every_tier_is_what_a_grading_gives(books: Path, name: str, through: str):
    expected = list(graded(books / f"{name}-values.xlsx"))
    there = [[value if of is not None else None for value, of in zip(line, wanted, strict=True)]
             for line, wanted in zip(graded(books / through / f"{name}.xlsx"), expected, strict=True)]  # fmt: skip
    assert there == expected


def test_tiers_have_changed_with_clients_and_settings(books: Path):
    for name in MADE:
        assert list(graded(books / f"{name}.xlsx")) != list(graded(books / f"{name}, changed-values.xlsx"))


@pytest.mark.parametrize("name", MADE)
@pytest.mark.parametrize("title", COUNTED)
def test_what_is_counted_is_what_a_grading_counts(books: Path, name: str, title: str):
    before, after = (
        CalamineWorkbook.from_path(path).get_sheet_by_name(title).to_python()
        for path in (books / f"{name}.xlsx", books / "calculated" / f"{name}.xlsx")
    )
    assert [list(map(_plain, line)) for line in after] == [list(map(_plain, line)) for line in before]
