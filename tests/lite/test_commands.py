"""The buttons of the workbook for xlwings Lite, on a stand-in that has what Lite's object model has."""

import ast
import asyncio
import re
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlwings
from openpyxl import Workbook, load_workbook
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.worksheet import Worksheet

from tests import fake_lite
from tests.files import (
    AS_OF,
    CLIENTS,
    OURS,
    SHOWN,
    below,
    book_of,
    edit,
    headers_of,
    regrade,
    values,
    workbook,
)
from tierxl.lite import commands, writing
from tierxl.workbooks.ooxml.new_sheets import strict_writing
from tierxl.workbooks.shipped import shipped

pytestmark = pytest.mark.long


class DayOfTheTests(date):
    @classmethod
    def today(cls) -> date:
        return AS_OF


@pytest.fixture(autouse=True)
def _day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "date", DayOfTheTests)


def press(
    path: Path, command: Callable[[Any], Any] = commands.grade_clients, *, select: tuple[str, str] | None = None,
    protect: str = "", target: Path | None = None,
) -> tuple[str, str]:  # fmt: skip
    """The message of a button, and its kind; the workbook is saved as it is then."""
    book = fake_lite.open_book(path)
    book.impl.app.selected, book.impl.protected = select, {protect}
    asyncio.run(fake_lite.run(command, book))
    with strict_writing():
        fake_lite.saved(book, target or path)
    (alert,) = book.impl.app.alerts
    return alert


@pytest.fixture(scope="module")
def graded_here(tmp_path_factory: pytest.TempPathFactory) -> Path:
    patch = pytest.MonkeyPatch()
    patch.setattr(commands, "date", DayOfTheTests)
    path = workbook(tmp_path_factory.mktemp("lite") / "clients.xlsx", table="Clients")
    press(path)
    patch.undo()
    return path


@pytest.fixture
def graded(graded_here: Path, tmp_path: Path) -> Path:
    """A copy of a workbook of three clients that was graded in Lite."""
    return Path(shutil.copy(graded_here, tmp_path))


def test_it_writes_the_columns_and_the_sheets_that_the_command_writes(graded: Path, tmp_path: Path):
    by_command = workbook(tmp_path / "command.xlsx", table="Clients")
    regrade(by_command)
    here, there = book_of(graded), book_of(by_command)
    assert here.sheetnames == there.sheetnames == ["Clients", *OURS]
    for title in here.sheetnames:
        assert values(here[title]) == values(there[title]), title
        ours, theirs = (book[title].defined_names.get("_tierxl") for book in (here, there))
        assert (ours and ours.attr_text) == (theirs and theirs.attr_text)


def test_the_table_of_the_clients_reaches_over_the_graded_columns(graded: Path):
    page = book_of(graded)["Clients"]
    assert headers_of(page) == ["Client", "Revenue", "Profit", *SHOWN]
    assert below(page, "Tier") == ["C", "C", "A"]
    assert page.tables["Clients"].ref == f"A1:{page.cell(4, page.max_column).coordinate}"


def test_the_looks_are_those_of_the_same_description(graded: Path, tmp_path: Path):
    by_command = workbook(tmp_path / "command.xlsx", table="Clients")
    regrade(by_command)
    for title in ("Summary", "Checks", "Settings", "Clients"):
        here, there = book_of(graded)[title], book_of(by_command)[title]
        for address in values(there):
            ours, theirs = here[address], there[address]
            assert ours.number_format == theirs.number_format, (title, address)
            assert ours.fill.fgColor.rgb[-6:] == theirs.fill.fgColor.rgb[-6:], (title, address)
            assert bool(ours.font.bold) == bool(theirs.font.bold), (title, address)
            assert ours.alignment.wrap_text == theirs.alignment.wrap_text, (title, address)


def test_tiers_and_ratings_are_coloured_also_for_clients_to_come(graded: Path):
    page = book_of(graded)["Clients"]
    column = page.cell(1, headers_of(page).index("Tier") + 1).column_letter
    rules = {
        rule.formula[0]: rule.dxf.fill and rule.dxf.fill.bgColor.rgb[-6:]
        for area in page.conditional_formatting
        if str(area.sqref) == f"{column}2:{column}1048576"
        for rule in area.rules
    }
    assert list(rules)[:3] == ['"A"', '"B"', '"C"']
    assert rules['"A"'] == "1F6F54"


def test_grading_again_writes_the_same_over_the_same(graded: Path):
    before = {page.title: values(page) for page in book_of(graded) if page.title not in ("History", "Portfolio")}
    assert press(graded)[1] == "info"
    again = book_of(graded)
    assert again.sheetnames == ["Clients", *OURS]
    assert {title: values(again[title]) for title in before} == before


def test_formulas_and_names_of_the_user_go_on_looking_into_our_sheets(graded: Path):
    def change(book: Workbook) -> None:
        book.create_sheet("Mine").append(["=Summary!A1", "=1+1", "='Shed list'!A1"])
        book.defined_names["Verdict"] = DefinedName("Verdict", attr_text="Portfolio!$B$4")

    edit(graded, change)
    press(graded)
    assert book_of(graded).defined_names["Verdict"].value == "Portfolio!$B$4"
    assert values(book_of(graded)["Mine"]) == {"A1": "=Summary!A1", "B1": "=1+1", "C1": "='Shed list'!A1"}


def test_tiers_that_are_formulas_stay_formulas(tmp_path: Path):
    def formulas(path: Path) -> dict[str, str]:
        cells = (cell for row in book_of(path)["Clients"].iter_rows() for cell in row)
        return {cell.coordinate: str(cell.value) for cell in cells if cell.data_type == "f"}

    path = Path(shutil.copy(shipped("workbook/Client Tiers Live.xlsx"), tmp_path / "live.xlsx"))
    before = formulas(path)
    message = press(path)[0]
    assert message.startswith("10 clients: 3 A, 4 B, 3 C")
    assert "The tiers stay formulas" in message
    assert formulas(path) == before


def test_the_users_settings_count_and_their_sheet_stays(graded: Path):
    def change(book: Workbook) -> None:
        cuts = {row[1].value: row[2] for row in book["Settings"].iter_rows()}
        cuts["A from"].value, cuts["B from"].value = 2, 1

    edit(graded, change)
    before = values(book_of(graded)["Settings"])
    press(graded)
    assert values(book_of(graded)["Settings"]) == before
    assert below(book_of(graded)["Clients"], "Starting tier") == ["A", "C", "A"]


def test_texts_stay_what_they_are(tmp_path: Path):
    names = [
        "=1+1", "007", "true", "3/4", "-", "'quoted", "2026-01-02", "Ann & Bob <AG>", "+49 170 55", "@SUM(A1)", "Wahr",
        "Vero", "1e5", "Öl", "日本株式会社", "Two\nlines",
    ]  # fmt: skip

    def as_text(_: Workbook, page: Worksheet) -> None:
        for row in range(2, len(names) + 2):
            page.cell(row, 1).data_type = "s"

    rows = [("Client", "Revenue"), *((name, 100 + at) for at, name in enumerate(names))]
    path = workbook(tmp_path / "clients.xlsx", rows, change=as_text)
    assert press(path)[1] == "info"
    named = {cell.value for row in book_of(path)["Engagement plan"].iter_rows() for cell in row}
    assert set(names) <= named


def test_a_text_of_many_lines_makes_no_row_higher_than_excel_can(tmp_path: Path):
    rows = [("Client", "Revenue"), ("Abel", "soon " * 1_000), ("Baker", 200)]
    assert press(workbook(tmp_path / "clients.xlsx", rows))[1] == "info"


def test_a_text_as_long_as_a_cell_takes_is_written(tmp_path: Path):
    rows = [("Client", "Revenue", "Override tier", "Override reason"), ("Abel", 300, "A", "2" * 32_767)]
    path = workbook(tmp_path / "clients.xlsx", rows)
    assert press(path)[1] == "info"
    assert len(below(book_of(path)["Clients"], "Why")[0]) > 32_000


def test_no_lists_of_values_are_made_since_they_would_refuse_other_values(tmp_path: Path):
    rows = [("Client", "Revenue", "Strategic value", "Well aligned"), ("Abel", 300, "h", "y"), ("Baker", 200, 3, "no")]
    path = workbook(tmp_path / "clients.xlsx", rows)
    press(path)
    assert not any(page.data_validations.dataValidation for page in book_of(path))


def test_currencies_and_leading_zeros_of_number_formats_are_asked_for(tmp_path: Path):
    def change(_: Workbook, page: Worksheet) -> None:
        page["B2"].number_format = page["B3"].number_format = '#,##0 "€"'
        page["B4"].number_format = '#,##0 "$"'

    path = workbook(tmp_path / "clients.xlsx", change=change)
    before = path.read_bytes()
    message, mode = press(path, target=tmp_path / "saved.xlsx")
    assert mode == "critical"
    assert "currenc" in message
    assert path.read_bytes() == before
    assert book_of(tmp_path / "saved.xlsx").sheetnames == ["Clients"]


def test_a_client_id_that_a_number_format_fills_up_with_zeros_is_the_same_as_one_of_letters(tmp_path: Path):
    def change(_: Workbook, page: Worksheet) -> None:
        page["A2"].number_format = "00000"

    rows = [("Client ID", "Client", "Revenue"), (42, "Abel", 1), ("00042", "Cohen", 3)]
    message, _ = press(workbook(tmp_path / "clients.xlsx", rows, change=change), commands.check_data)
    assert '"00042" is in more than one row' in message


def test_a_protected_sheet_is_one_sentence_and_nothing_is_changed(tmp_path: Path):
    path = workbook(tmp_path / "clients.xlsx", table="Clients")
    before = values(book_of(path)["Clients"])
    message, mode = press(path, protect="Clients")
    assert (mode, message.count("\n")) == ("critical", 0)
    assert message.startswith("Excel did not let tierxl write into clients.xlsx, and nothing was changed.")
    after = book_of(path)
    assert (after.sheetnames, values(after["Clients"])) == (["Clients"], before)
    assert after["Clients"].tables["Clients"].ref == "A1:C4"


def test_a_sheet_that_refuses_in_the_middle_is_not_said_to_be_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(writing, "_CELLS_AT_ONCE", 40)
    written, enter = [], fake_lite._enter

    def refusing(cell: Any, entered: Any) -> None:
        written.append(cell.coordinate)
        if cell.row == 4:
            raise fake_lite.Refused("RequestPayloadSizeLimitExceeded")
        enter(cell, entered)

    monkeypatch.setattr(fake_lite, "_enter", refusing)
    message, mode = press(workbook(tmp_path / "clients.xlsx"))
    assert (mode, message.count("\n")) == ("critical", 0)
    assert "only some of the grades are changed" in message
    assert message.endswith("Excel says: RequestPayloadSizeLimitExceeded")
    assert written[0] == "D1"


def test_what_nobody_expects_is_one_sentence_and_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def broken(*_: object) -> None:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr(commands.commands, "grade_open", broken)
    path = workbook(tmp_path / "clients.xlsx")
    message, mode = press(path)
    assert mode == "critical"
    assert message.startswith("tierxl met something it did not expect, and changed nothing: ZeroDivisionError")
    assert book_of(path).sheetnames == ["Clients"]


def test_sheets_of_the_users_that_are_called_like_ours_stay(tmp_path: Path):
    path = workbook(tmp_path / "clients.xlsx", change=lambda book, _: book.create_sheet("Summary").append(["mine"]))
    for _ in range(2):
        press(path)
        assert values(book_of(path)["Summary"]) == {"A1": "mine"}
        assert [title for title in book_of(path).sheetnames if "Summary" in title] == ["Summary", "Summary (tierxl)"]


def test_a_list_that_cannot_be_graded_is_left_as_it_is(tmp_path: Path):
    path = workbook(tmp_path / "clients.xlsx", [("Client", "Town"), ("Abel", "Ulm")])
    message, mode = press(path)
    assert mode == "critical"
    assert "Revenue" in message
    assert book_of(path).sheetnames == ["Clients"]


def test_explain_says_why_the_selected_client_has_its_tier_and_writes_nothing(graded: Path, tmp_path: Path):
    target = tmp_path / "after.xlsx"
    for selected in ("B4:C9", "4:4"):
        message, _ = press(graded, commands.explain_selected_client, select=("Clients", selected), target=target)
        assert message.startswith("Cohen")
        assert "Tier A" in message
    assert values(book_of(target)["Clients"]) == values(book_of(graded)["Clients"])


def test_explain_asks_for_a_client_where_none_is_selected(graded: Path):
    for selected in (None, ("Clients", "B:B"), ("Clients", "Z99")):
        message, _ = press(graded, commands.explain_selected_client, select=selected)
        assert message.startswith("Select a cell in the row of a client first")


def test_check_data_makes_the_checks_sheet_alone(tmp_path: Path):
    path = workbook(tmp_path / "clients.xlsx", [*CLIENTS, ("Dora", "soon", 1)])
    message, _ = press(path, commands.check_data)
    assert "soon" in message
    assert book_of(path).sheetnames == ["Clients", "Checks"]
    assert headers_of(book_of(path)["Clients"]) == list(CLIENTS[0])


def test_functions_take_the_settings_that_they_are_handed(graded: Path):
    page = book_of(graded)["Settings"]
    cells = [[cell.value for cell in row] for row in page.iter_rows()]
    clients = [list(line) for line in CLIENTS]
    tier = [["Tier"]]
    assert commands.calculate("TIER_TABLE", [clients, tier], cells) == [["Tier"], ["C"], ["C"], ["A"]]
    assert commands.calculate("TIER_WHY", [clients, [["Cohen"]]]).startswith("Starts at")
    assert commands.calculate("SHOULD_TIER", [clients, None])[0][0]
    assert commands.calculate("TIER_TABLE", [[["Town"]], None]).startswith("tierxl: ")


def test_a_large_list_is_written_in_few_large_ranges(tmp_path: Path):
    rows = [("Client", "Revenue"), *((f"Client {at:04}", at + 1.0) for at in range(300))]
    path = workbook(tmp_path / "clients.xlsx", rows)
    book = fake_lite.open_book(path)
    writes: list[tuple[int, int]] = []
    setter = fake_lite.Range.raw_value.fset

    def noted(cells: Any, value: Any) -> None:
        writes.append(cells.shape)
        setter(cells, value)

    patched = pytest.MonkeyPatch()
    patched.setattr(fake_lite.Range, "raw_value", property(fake_lite.Range.raw_value.fget, noted))
    asyncio.run(fake_lite.run(commands.grade_clients, book))
    patched.undo()
    assert len(writes) == 1 + sum(page.title != "Clients" for page in book.impl.excel)
    assert book.impl.calls < 700


# --- The stand-in itself ---------------------------------------------------------------------------------------------


def test_the_stand_in_has_no_member_that_lites_engine_lacks():
    """The engine is read as a text: it is licensed for use inside Lite, not here."""
    source = (Path(xlwings.__file__).parent / "pro" / "_xlremote.py").read_text(encoding="utf-8")
    engine = {node.name: node for node in ast.parse(source).body if isinstance(node, ast.ClassDef)}
    of_engine = {"FontOfRange": ["Font"], "Tables": ["Tables", "Collection"]}
    of_its_own = {"Book.add", "Book.impl", "Engine.impl", "Sheet.do"}
    of_its_own |= {"Range.change", "Range.cells_of", "Range.reference"}
    for name, stand_in in vars(fake_lite).items():
        is_ours = isinstance(stand_in, type) and stand_in.__module__ == fake_lite.__name__
        if is_ours and not issubclass(stand_in, Exception):
            nodes = [node for kind in of_engine.get(name, [name]) for node in ast.walk(engine[kind])]
            members = {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
            members |= {node.id for node in nodes if isinstance(node, ast.Name)}
            members |= {node.attr for node in nodes if isinstance(node, ast.Attribute)}
            shown = {f"{name}.{member}" for member in vars(stand_in) if not member.startswith("_")}
            assert shown <= of_its_own | {f"{name}.{member}" for member in members}


def test_nothing_imports_the_licensed_parts_of_xlwings_or_sets_a_key_of_its_licence():
    root = Path(__file__).parents[2]
    licensed = re.compile(r"^\s*(?:from|import) xlwings\.(?:pro|server)\b|XLWINGS_LICENSE" + "_KEY", re.MULTILINE)
    for folder in ("tierxl", "tests", "benchmarks", "docs", "install"):
        for path in (root / folder).rglob("*.py"):
            assert not licensed.search(path.read_text(encoding="utf-8")), path


def test_what_excel_refuses_the_stand_in_refuses(tmp_path: Path):
    book = fake_lite.open_book(workbook(tmp_path / "clients.xlsx", table="Clients"))
    sheet = book.sheets["Clients"]
    with pytest.raises((AttributeError, NotImplementedError)):
        _ = sheet.range("A1").number_format
    sheet.range("A9").value = [["=1+1"]]
    with pytest.raises(fake_lite.Refused):
        asyncio.run(book.flush())
    sheet.tables.add(sheet.range("A1:B3"), "Other")
    with pytest.raises(fake_lite.Refused):
        asyncio.run(book.flush())
    assert load_workbook(tmp_path / "clients.xlsx").sheetnames == ["Clients"]
