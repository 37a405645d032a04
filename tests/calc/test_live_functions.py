"""Formulas typed into a real Calc: each answers what the function answers in Excel, and follows what it depends on."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.add_in_links import CELL, FORMULA, LINKS, VALUE, linked_workbook
from tests.calc.office import Office
from tests.calc.test_functions import CASES, directly
from tests.files import SAMPLE
from tierxl.calc.build_extension import build_extension
from tierxl.functions import FUNCTIONS
from tierxl.method.table.columns import GRADED_COLUMNS
from tierxl.template.build import build_template
from tierxl.use_cases.grade import grade_file
from tierxl.use_cases.reading import Request

pytestmark = pytest.mark.calc

FIRST_DAY = datetime(1899, 12, 30)
LEFT_OUT = {("WALLET_RATING", 3), ("TIER_RATING", 5)}
"""A TRUE in a range is 1 for Calc, but for a range of clients; and Calc has no arguments that must be given."""
EACH = [
    (name, arguments)
    for name in FUNCTIONS
    for number, arguments in enumerate(CASES[name])
    if (name, number) not in LEFT_OUT
]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Calc with the extension."""
    folder = tmp_path_factory.mktemp("office")
    extension = folder / "tierxl.oxt"
    build_extension(extension)
    started = Office(folder, extension)
    yield started
    started.terminate()


@pytest.fixture
def document(office: Office) -> Iterator[Any]:
    opened = office.open()
    yield opened
    office.close(opened)


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample portfolio, graded by the command for today, as formulas are."""
    target = tmp_path_factory.mktemp("graded") / "sample.xlsx"
    return grade_file(Request(SAMPLE, date.today()), target).target or Path()


class Typist:
    """Types arguments into cells, and formulas over them."""

    def __init__(self, document: Any) -> None:
        self.document = document
        self.sheet = document.Sheets[0]
        self._row = 0

    def formula(self, name: str, arguments: list[Any]) -> str:
        return f"={name}({';'.join(map(self._argument, arguments))})"

    def calculated(self, formula: str, rows: int, columns: int) -> list[list[Any]]:
        """What an array formula shows."""
        if not self.document.Sheets.hasByName("Answers"):
            self.document.Sheets.insertNewByName("Answers", 1)
        area = self.document.Sheets["Answers"].getCellRangeByPosition(0, self._row, columns - 1, self._row + rows - 1)
        area.setArrayFormula(formula)
        return [list(row) for row in area.DataArray]

    def _argument(self, argument: Any) -> str:
        if isinstance(argument, list):
            return self._range(argument)
        if isinstance(argument, bool):
            return f"{argument}()".upper()
        if isinstance(argument, str):
            return '"{}"'.format(argument.replace('"', '""'))
        return "" if argument is None else repr(argument)

    def _range(self, grid: list[list[Any]]) -> str:
        first, width = self._row + 1, max(map(len, grid))
        for line in grid:
            for column, value in enumerate(line):
                self.put(self.sheet.getCellByPosition(column, self._row), value)
            self._row += 1
        area = self.sheet.getCellRangeByPosition(0, first - 1, width - 1, self._row - 1)
        return area.AbsoluteName

    def put(self, cell: Any, value: Any) -> None:
        if isinstance(value, bool):
            cell.Formula = f"={value}()".upper()
        elif isinstance(value, datetime):
            cell.Formula = f"{value:%Y-%m-%d}"
        elif value == "#N/A":
            cell.Formula = "=NA()"
        elif isinstance(value, str):
            cell.String = value
        elif value is not None:
            cell.Value = value


def as_shown(answer: Any) -> list[list[Any]]:
    """An answer of a function as the cells of a sheet."""
    return [list(row) for row in answer] if isinstance(answer, list) else [[answer]]


@pytest.mark.parametrize(("name", "arguments"), EACH, ids=[name for name, _ in EACH])
def test_a_formula_shows_what_the_function_answers(document: Any, name: str, arguments: list[Any]):
    expected = as_shown(directly(name, arguments))
    typist = Typist(document)
    formula = typist.formula(name, arguments)
    assert typist.calculated(formula, len(expected), len(expected[0])) == expected


def test_a_text_from_a_function_compares_like_any_text(document: Any):
    sheet = document.Sheets[0]
    sheet["A1"].Formula = '=IF(TIER_RATING("High";"Low";"High";"Medium";"Low")="A";"yes";"no")'
    sheet["A2:A3"].setDataArray((("High",), ("Low",)))
    sheet["B2:B3"].setArrayFormula('=TIER_RATING(A2:A3;"Low";"High";"Medium";"Low")')
    sheet["C1"].Formula = '=COUNTIF(B2:B3;"A")'
    assert (sheet["A1"].String, sheet["C1"].Value) == ("yes", 1)


def test_plain_texts_of_a_table_can_be_counted(document: Any):
    sheet = document.Sheets[0]
    sheet["A1:B3"].setDataArray((("Client", "Revenue"), ("Abel", 9.0), ("Baker", 1.0)))
    sheet["D1:D3"].setArrayFormula('=TIER_TABLE(A1:B3;"Tier")&""')
    sheet["E1"].Formula = '=COUNTIF(D1:D3;"B")+COUNTIF(D1:D3;"C")+COUNTIF(D1:D3;"A")'
    assert sheet["E1"].Value == 2


def load_sample(office: Office, graded: Path) -> Any:
    document = office.open(graded)
    document.Sheets.insertNewByName("Live", 0)
    document.Sheets["Live"]["A1:O64"].setArrayFormula("=TIER_TABLE($Clients.A1:AV64)")
    return document


def live(document: Any) -> list[list[Any]]:
    return [list(row) for row in document.Sheets["Live"]["A1:O64"].DataArray]


def written(document: Any) -> list[list[Any]]:
    columns = {column[0]: column for column in zip(*document.Sheets["Clients"]["A1:AV64"].DataArray, strict=True)}
    return [list(row) for row in zip(*(columns[name] for name in GRADED_COLUMNS), strict=True)]


def test_the_table_of_a_portfolio_is_what_the_command_writes(office: Office, graded: Path):
    document = load_sample(office, graded)
    assert live(document) == written(document)
    office.close(document)


def test_the_tiers_follow_an_edited_cell(office: Office, graded: Path):
    document = load_sample(office, graded)
    names = [row[0] for row in document.Sheets["Clients"]["B1:B64"].DataArray]
    row = names.index("Ardnavar Biologics Ltd")
    assert live(document)[row][5] == "Low" or live(document)[row][5] == "Medium"
    document.Sheets["Clients"].getCellByPosition(7, row).Value = 90_000_000
    assert live(document)[row][5] == "High"
    office.close(document)


def wait_until(holds: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def test_the_tiers_follow_the_settings_sheet(office: Office, graded: Path):
    document = load_sample(office, graded)
    before = live(document)
    sheet = document.Sheets["Settings"]
    (row,) = [at for at, line in enumerate(sheet["A1:C200"].DataArray) if line[1] == "Method"]
    sheet.getCellByPosition(2, row).String = "revenue"
    wait_until(
        lambda: live(document)[1][14].startswith("Starts at B by revenue") or live(document)[1][14] != before[1][14]
    )
    assert "by revenue" in live(document)[1][14]
    office.close(document)


def test_a_copy_of_the_settings_sheet_that_the_user_makes_is_not_read(office: Office, graded: Path):
    document = load_sample(office, graded)
    before = live(document)
    document.Sheets.copyByName("Settings", "Settings_2", 0)
    copy = document.Sheets["Settings_2"]
    assert copy.NamedRanges.hasByName("_tierxl"), "Calc copies our mark along"
    (row,) = [at for at, line in enumerate(copy["A1:C200"].DataArray) if line[1] == "Method"]
    copy.getCellByPosition(2, row).String = "revenue"
    office.settle()
    document.calculateAll()
    assert live(document) == before
    document.Sheets["Settings"].getCellByPosition(2, row).String = "revenue"
    wait_until(lambda: "by revenue" in live(document)[1][14])
    office.close(document)


@pytest.mark.parametrize("ending", [".ods", ".xlsx"])
def test_formulas_go_into_files_and_come_back_with_their_values(
    office: Office, graded: Path, tmp_path: Path, ending: str
):
    document = load_sample(office, graded)
    document.Sheets["Live"]["P1"].Formula = '=TIER_RATING("High";"Low";"High";"Medium";"Low")'
    before = live(document)
    saved = office.save(document, tmp_path / f"live{ending}")
    office.close(document)
    again = office.open(saved)
    assert again.Sheets["Live"]["P1"].Formula == '=TIERXL.TIER_RATING("High";"Low";"High";"Medium";"Low")'
    assert again.Sheets["Live"]["A1"].Formula.startswith("{=TIERXL.TIER_TABLE(")
    assert (live(again), again.Sheets["Live"]["P1"].String) == (before, "A")
    again.calculateAll()
    assert live(again) == before
    office.close(again)


def test_formulas_of_a_workbook_from_excel_are_known_when_it_is_opened(office: Office, tmp_path: Path):
    workbook = tmp_path / "Client Tiers.xlsm"
    build_template(workbook)
    document = office.open(workbook)
    sheet = document.Sheets["Live tiers"]
    assert sheet["B5"].Formula == "{=TIERXL.TIER_TABLE(Clients[[#All]])}"
    assert [cell.String for cell in (sheet["B5"], sheet["B6"])] == ["Tier", "A"]
    assert not document.isModified()
    office.close(document)


def test_a_live_workbook_of_an_earlier_day_is_of_today_when_it_is_opened(office: Office):
    document = office.open(SAMPLE.with_name("Client Tiers Live.xlsx"))
    opened = shown(document)
    document.calculateAll()
    assert opened == shown(document)
    overdue = (date.today() - date(2026, 6, 19)).days  # the call that Hazel Schools of the samples waited for first
    assert f"Call: {overdue} days overdue" in {cell for row in opened["Engagement plan"] for cell in row}
    office.close(document)


def shown(document: Any) -> dict[str, list[tuple[Any, ...]]]:
    """The values of each sheet that people see."""
    found = {}
    for sheet in document.Sheets:
        cursor = sheet.createCursor()
        cursor.gotoEndOfUsedArea(True)
        if sheet.IsVisible:
            found[sheet.Name] = cursor.getDataArray()
    return found


# --- The worker ------------------------------------------------------------------------------------------------------


def workers(office: Office) -> list[int]:
    """The workers of an office, by their numbers among the processes."""
    output = subprocess.run(["ps", "-ww", "-eo", "pid,ppid,args"], capture_output=True, text=True, check=True).stdout
    processes = [line.split(None, 2) for line in output.splitlines()[1:]]
    ours = {office.process.pid}
    for _ in processes:
        ours |= {int(pid) for pid, parent, _ in processes if int(parent) in ours}
    return [int(pid) for pid, _, arguments in processes if int(pid) in ours and "calc-worker" in arguments]


def ask(document: Any) -> str:
    cell = document.Sheets[0]["Z1"]
    cell.Formula = "=0"
    cell.Formula = '=TIER_RATING("High";"Low";"High";"Medium";"Low")'
    return str(cell.String)


def test_a_worker_that_was_killed_is_started_again(office: Office, document: Any):
    assert ask(document) == "A"
    (first,) = workers(office)
    os.kill(first, signal.SIGKILL)
    assert ask(document) == "A"
    (second,) = workers(office)
    assert second != first


@pytest.fixture
def own_office(tmp_path: Path) -> Iterator[Office]:
    """Another Calc with the extension, for one test."""
    build_extension(tmp_path / "tierxl.oxt")
    started = Office(tmp_path, tmp_path / "tierxl.oxt")
    yield started
    started.terminate()


def test_without_a_worker_a_formula_says_so_and_the_office_lives(own_office: Office, tmp_path: Path):
    pointer = tmp_path / "data/tierxl/calc-worker.txt"
    broken = tmp_path / "broken"
    broken.write_text("#!/bin/sh\necho no licence >&2\nexit 1\n")
    broken.chmod(0o755)
    pointer.write_text(str(broken))
    document = own_office.open()
    assert ask(document) == "tierxl: tierxl ended unexpectedly: no licence"
    document.Sheets[0]["A1"].Value = 5
    assert document.Sheets[0]["A1"].Value == 5


def test_the_worker_ends_with_the_office(own_office: Office):
    assert ask(own_office.open()) == "A"
    (worker,) = workers(own_office)
    own_office.terminate()
    wait_until(lambda: not Path(f"/proc/{worker}").exists())


@pytest.mark.parametrize("where", LINKS)
def test_a_formula_with_a_function_of_excels_add_in_keeps_its_value(where: str, office: Office, tmp_path: Path):
    """Calc looks for it in another workbook, and leaves what Excel has stored; the same one typed here answers."""
    document = office.open(linked_workbook(tmp_path / "Team.xlsx", LINKS[where]))
    sheet = document.Sheets[0]
    sheet.getCellRangeByName("A2").String = "Abel & Co"
    sheet.getCellRangeByName("I2").Formula = "=" + FORMULA.partition("!")[2].replace(",", ";")
    document.calculate()
    shown = [sheet.getCellRangeByName(cell).String for cell in (CELL, "I2")]
    office.close(document)
    assert shown == [VALUE, "A"]
