"""What the ribbon's buttons do, in a stand-in for Excel."""

import math
import shutil
import sys
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import xlwings as xw

from tests import fake_excel, files
from tests.files import OURS, below, headers_of, put, workbook
from tierxl.doctor import Finding
from tierxl.doctor.vba import ADD_IN
from tierxl.excel import macros, workbook_policy
from tierxl.method.policy import Policy
from tierxl.method.words import in_words
from tierxl.use_cases import about, commands
from tierxl.workbooks.ooxml.new_sheets import strict_writing
from tierxl.workbooks.shipped import shipped

pytestmark = pytest.mark.long

Press = Callable[..., fake_excel.Book]


@pytest.fixture(scope="module")
def app_with_others(tmp_path_factory: pytest.TempPathFactory) -> Iterator[fake_excel.App]:
    """An Excel with the add-in and another workbook of clients, which no button may touch."""
    app = fake_excel.App()
    beside = workbook(tmp_path_factory.mktemp("beside") / "Beside.xlsx")
    others = [app.books.open(str(path)) for path in (shipped(ADD_IN), beside)]
    before = [other.content for other in others]
    yield app
    assert [other.content for other in others] == before, "another workbook was touched"


@pytest.fixture
def press(app_with_others: fake_excel.App, monkeypatch: pytest.MonkeyPatch) -> Iterator[Press]:
    """Open a file in Excel, select a client's cell, and press a button."""
    app = app_with_others
    opened = []

    def pressed(path: Path, macro: Callable[[], None], select: tuple[str, str] = ("Clients", "B3")) -> fake_excel.Book:
        opened.append(book := app.books.open(str(path)))
        sheet, cell = select
        book.sheets[sheet].activate()
        book.sheets[sheet].range(cell).select()
        monkeypatch.setattr(xw.Book, "caller", lambda: book)
        macro()
        return book

    yield pressed
    for book in opened:
        book.close()
    app.alerts.clear()
    app.status_texts.clear()


def with_team(book: Any, _: Any) -> None:
    lines = [("Account manager", "Seniority", "Hours per year"), ("Priya", "Senior", 500)]
    put(book.create_sheet("Account managers"), lines)


@pytest.fixture
def ungraded(tmp_path: Path) -> Path:
    return workbook(tmp_path / "clients.xlsx")


@pytest.fixture(scope="module")
def graded_here(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = workbook(tmp_path_factory.mktemp("graded") / "clients.xlsx")
    files.regrade(path)
    return path


@pytest.fixture
def graded(graded_here: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(graded_here, tmp_path))


def told(book: fake_excel.Book) -> str:
    ((message, mode),) = book.app.alerts
    assert mode == "info"
    return message


def complaint(book: fake_excel.Book) -> str:
    ((message, mode),) = book.app.alerts
    assert mode == "critical"
    return message


def test_grade_clients_writes_the_tiers_and_the_sheets_and_says_how_many(press: Press, ungraded: Path):
    book = press(ungraded, macros.grade_clients)
    assert below(book.book["Clients"], "Tier") == ["C", "C", "A"]
    assert book.book.sheetnames == ["Clients", *OURS]
    assert told(book).startswith("3 clients: 1 A, 0 B, 2 C; 1 to shed.\nShould you tier?")


def test_a_second_press_before_anybody_has_saved_writes_the_same(press: Press, ungraded: Path):
    book = press(ungraded, macros.grade_clients)
    before = {page.title: list(page.values) for page in book.book.worksheets if page.title != "History"}
    macros.grade_clients()
    assert {page.title: list(page.values) for page in book.book.worksheets if page.title != "History"} == before
    assert book.app.alerts[0] == book.app.alerts[1]


def test_grade_clients_says_how_many_data_issues_there_are_and_where(press: Press, tmp_path: Path):
    path = workbook(tmp_path / "clients.xlsx", [("Client", "Revenue"), ("Abel", "much"), ("Baker", 5)])
    assert "1 data issue, see the sheet Checks." in told(press(path, macros.grade_clients))


@pytest.mark.parametrize("macro", [macros.grade_clients, macros.refresh_plan, macros.check_data])
def test_the_users_selection_is_kept(press: Press, graded: Path, macro: Callable[[], None]):
    book = press(graded, macro, ("Tier matrix", "C7"))
    assert book.app.selection is not None
    assert (book.app.selection.sheet.name, book.app.selection.address) == ("Tier matrix", "$C$7")
    assert book.book.active.title == "Tier matrix"


def test_a_chart_sheet_in_front_is_in_front_afterwards(ungraded: Path, monkeypatch: pytest.MonkeyPatch):
    book = fake_excel.App().books.open(str(ungraded))
    chart = book.book.create_chartsheet("Chart")
    book.book.active = chart
    monkeypatch.setattr(xw.Book, "caller", lambda: book)
    for macro in (macros.check_data, macros.grade_clients):
        macro()
        assert told(book)
        assert book.book.active is chart
        book.app.alerts.clear()
    macros.explain_selected_client()
    assert "Select a cell in the row of a client" in complaint(book)


def test_excel_is_quiet_while_a_macro_writes_and_as_before_afterwards(
    press: Press, ungraded: Path, monkeypatch: pytest.MonkeyPatch
):
    seen = []
    called = fake_excel.App.called

    def look(app: fake_excel.App, what: str) -> None:
        if what in ("copy to", "copy sheet", "rename"):
            seen.append(tuple(getattr(app, name) for name in sorted(fake_excel.SWITCHES)))
        called(app, what)

    monkeypatch.setattr(fake_excel.App, "called", look)
    app = press(ungraded, macros.grade_clients).app
    assert set(seen) == {("manual", False, False, False, False)}
    assert as_before(app)


def as_before(app: fake_excel.App) -> bool:
    return [getattr(app, name) for name in sorted(fake_excel.SWITCHES)] == ["automatic", True, True, True, True]


@pytest.mark.parametrize("refused", sorted(fake_excel.SWITCHES))
def test_a_switch_that_excel_refuses_keeps_no_other_from_going_back(ungraded: Path, refused: str):
    book = fake_excel.App().books.open(str(ungraded))
    book.app.refuses = {refused}
    with macros._quietly(book):
        off = [name for name in fake_excel.SWITCHES - {"calculation"} if not getattr(book.app, name)]
        assert set(off) == fake_excel.SWITCHES - {"calculation", refused}
    assert as_before(book.app)


def test_a_switch_that_excel_refuses_to_set_back_keeps_no_other_from_going_back(ungraded: Path):
    book = fake_excel.App().books.open(str(ungraded))
    with macros._quietly(book):
        book.app.refuses = {"calculation"}
    book.app.refuses, book.app.calculation = set(), "automatic"
    assert as_before(book.app)


def test_a_mac_on_which_python_may_not_control_excel_is_told_where_to_allow_it(
    ungraded: Path, monkeypatch: pytest.MonkeyPatch
):
    """Excel cannot show it, so it goes where the workbook's macros look for errors: out of the process."""

    def not_allowed() -> None:
        raise OSError("Command failed: OSERROR: -1743 MESSAGE: The user has declined permission.")

    monkeypatch.setattr(xw.Book, "caller", not_allowed)
    with pytest.raises(SystemExit, match=r"Privacy & Security, Automation"):
        macros.grade_clients()
    assert ungraded.exists()


def test_the_status_bar_says_what_is_done_and_is_excels_again_afterwards(press: Press, ungraded: Path):
    status_texts = press(ungraded, macros.grade_clients).app.status_texts
    assert [str(text).split(",")[0] for text in status_texts[:2]] == ["Client tiers: Reading", "Client tiers: Grading"]
    assert any("Client tiers: Writing" in str(text) for text in status_texts)
    assert status_texts[-1] is False


def test_what_cannot_be_graded_is_a_sentence_and_nothing_changes(press: Press, tmp_path: Path):
    path = workbook(tmp_path / "clients.xlsx", [("Client", "City"), ("Abel", "Bath")])
    book = press(path, macros.grade_clients)
    assert "Revenue" in complaint(book)
    assert headers_of(book.book["Clients"]) == ["Client", "City"]
    assert book.app.status_texts[-1] is False


def test_a_workbook_in_which_excel_lets_nobody_add_a_sheet_such_as_a_shared_one_stays_as_it_is(
    press: Press, ungraded: Path, monkeypatch: pytest.MonkeyPatch
):
    def refuse(*_: Any, **__: Any) -> None:
        raise fake_excel.Refused("That command cannot be performed in a shared workbook.")

    monkeypatch.setattr(fake_excel.Sheet, "copy", refuse)
    book = press(ungraded, macros.grade_clients)
    assert "nothing was changed. Is the workbook shared, " in complaint(book)
    assert headers_of(book.book["Clients"]) == ["Client", "Revenue", "Profit"]
    assert book.book.sheetnames == ["Clients"]


def test_what_nobody_expected_is_a_sentence_too(press: Press, ungraded: Path, monkeypatch: pytest.MonkeyPatch):
    def fail(*_: Any) -> None:
        raise ZeroDivisionError("by nought")

    monkeypatch.setattr(commands, "grade_open", fail)
    message = complaint(press(ungraded, macros.grade_clients))
    assert "ZeroDivisionError: by nought" in message
    assert "Press Help / About" in message


def test_explain_says_why_the_selected_client_has_its_tier(press: Press, ungraded: Path):
    message = told(press(ungraded, macros.explain_selected_client, ("Clients", "B4")))
    assert message.startswith("Cohen (row 4): tier A")
    assert "What would change it, each alone:" in message


def test_explain_tells_clients_of_one_name_apart_by_their_row(press: Press, tmp_path: Path):
    path = workbook(tmp_path / "clients.xlsx", [("Client", "Revenue"), ("Abel", 1), ("Abel", 99)])
    assert told(press(path, macros.explain_selected_client, ("Clients", "A3"))).startswith("Abel (row 3)")


def test_explain_knows_the_client_of_a_row_of_the_tier_matrix(press: Press, graded: Path):
    message = told(press(graded, macros.explain_selected_client, ("Tier matrix", "G6")))
    assert message.startswith("Cohen (row 4): tier A")


@pytest.mark.parametrize("select", [("Clients", "B1"), ("Clients", "B9"), ("Tier matrix", "A4"), ("Mine", "B2")])
def test_explain_asks_for_a_client_where_none_is_selected(press: Press, graded: Path, select: tuple[str, str]):
    files.edit(graded, lambda book: put(book.create_sheet("Mine"), [("Cohen",)]))
    assert "Select a cell in the row of a client" in complaint(press(graded, macros.explain_selected_client, select))


def test_explain_knows_the_client_of_a_row_of_any_sheet_that_begins_with_its_name(press: Press, ungraded: Path):
    files.edit(ungraded, lambda book: put(book.create_sheet("Live tiers"), [("Client", "Tier"), ("Cohen", "A")]))
    message = told(press(ungraded, macros.explain_selected_client, ("Live tiers", "B2")))
    assert message.startswith("Cohen (row 4): tier A")


def test_explain_changes_nothing(press: Press, graded: Path, tmp_path: Path):
    before = files.everything(graded)
    book = press(graded, macros.explain_selected_client)
    with strict_writing():
        book.book.save(tmp_path / "after.xlsx")
    assert files.everything(tmp_path / "after.xlsx") == before


def test_check_data_lists_the_issues_and_renews_only_the_checks_sheet(press: Press, graded: Path):
    files.edit(graded, lambda book: put(book["Clients"], [("soon",)], top=2, left=2))
    book = press(graded, macros.check_data)
    assert told(book).startswith('1 data issue, see the sheet Checks.\n  Clients!B2, Abel, Revenue: "soon" is not')
    assert any("soon" in str(cell.value) for row in book.book["Checks"].iter_rows() for cell in row)
    assert below(book.book["Clients"], "Tier") == ["C", "C", "A"]


def test_check_data_shows_the_first_ten_of_many_issues(press: Press, tmp_path: Path):
    others = [f"Override {n}" for n in range(12)]
    revenues = [("Client", "Revenue", "Override tier"), *((f"c{n}", n, "A") for n in range(12))]
    path = workbook(tmp_path / "clients.xlsx", [*revenues, *((other, "much", "") for other in others)])
    lines = told(press(path, macros.check_data)).splitlines()
    assert lines[0] == "24 data issues, see the sheet Checks."
    assert len(lines) == 3, "issues of one cause are one line"
    assert lines[2].startswith('  12 x Revenue, first Clients!B14, Override 0: "much" is not an amount of money')


TWO_REVENUES = [("Kunde", "Umsatz Inland", "Umsatz Export", "Stadt")]
TWO_REVENUES += [(f"Firma {n}", 1000 + 37 * n, 500 + 11 * n, "Ulm") for n in range(9)]


@pytest.mark.parametrize("macro", [macros.grade_clients, macros.check_data, macros.refresh_plan])
def test_a_list_that_is_not_understood_names_the_candidates_and_the_header_to_write(
    press: Press, tmp_path: Path, macro: Callable[[], None]
):
    message = complaint(press(workbook(tmp_path / "clients.xlsx", TWO_REVENUES), macro))
    assert message == (
        "There is no Revenue column. The headers in row 1: Kunde, Umsatz Inland, Umsatz Export and Stadt. Did you mean "
        '"Umsatz Inland" (column B) or "Umsatz Export" (column C)? Give the right one the header Revenue.'
    )


def test_where_there_is_a_settings_sheet_the_message_says_where_to_write_the_header(press: Press, tmp_path: Path):
    path = workbook(tmp_path / "clients.xlsx", [("Client", "Revenue"), *((f"c{n}", n) for n in range(9))])
    files.regrade(path)
    files.edit(path, lambda book: put(book["Clients"], [("Net sales", "Gross sales")], left=2))
    files.edit(path, lambda book: put(book["Clients"], [(10 * n,) for n in range(9)], top=2, left=3))
    message = complaint(press(path, macros.grade_clients))
    assert '"Net sales" (column B) and "Gross sales" (column C) both mean Revenue' in message
    assert 'or write its header, such as "Net sales", on Settings, Columns, Revenue.' in message


def test_a_message_about_a_list_of_many_columns_fits_into_a_dialog(press: Press, tmp_path: Path):
    wide = [f"Question {n} of the survey that our clients answered in the summer" for n in range(200)]
    message = complaint(
        press(workbook(tmp_path / "a.xlsx", [("Client", *wide), ("Abel", *wide)]), macros.grade_clients)
    )
    assert len(message) <= commands.LONGEST_MESSAGE
    assert message.endswith(" and 196 more.")


def test_no_message_is_longer_than_a_dialog_shows(press: Press, tmp_path: Path):
    path = workbook(tmp_path / "a.xlsx", [("Client", "x" * 900, "y" * 900), ("Abel", 5, 6), ("Baker", 7, 8)])
    message = complaint(press(path, macros.grade_clients))
    assert (len(message), message[-1]) == (commands.LONGEST_MESSAGE, "…")


def on_settings(path: Path, **values: Any) -> None:
    """Write values on the Settings sheet, each beside its setting."""

    def change(book: Any) -> None:
        for row in book["Settings"].iter_rows(min_row=6):
            if row[1].value in values and row[0].value in ("Columns", "Reading"):
                row[2].value = values[row[1].value]

    files.edit(path, change)


def test_the_button_uses_the_columns_the_decimal_mark_the_dates_and_the_rows_of_settings(press: Press, tmp_path: Path):
    lines = [("Kunde", "Umsatz Inland", "Umsatz Export", "Last contact", "Order date")]
    lines += [("Abel", 9, "1.200", "03/04/2026", "2026-01-05"), ("Abel", 8, "2.400", "05/04/2026", "2026-02-05")]
    path = workbook(tmp_path / "clients.xlsx", [("Client", "Revenue"), ("Baker", 5)])
    files.regrade(path)
    settings = {"Decimal mark": ".", "Day order": "month first", "Rows": "clients", "Revenue": "Umsatz Export"}
    on_settings(path, **settings)

    def replace_clients(book: Any) -> None:
        book.remove(book["Clients"])
        put(book.create_sheet("Clients", 0), lines)

    files.edit(path, replace_clients)
    book = press(path, macros.grade_clients)
    assert told(book).endswith('Client is "Kunde".'), "a column that the user chose is not told"
    assert below(book.book["Clients"], "Tier")[:2] == ["C", "A"]
    plan = [cell.value for row in book.book["Engagement plan"].iter_rows() for cell in row]
    assert {1.2, 2.4, datetime(2027, 3, 4)} <= set(plan), "revenues with decimals; a year after the 4th of March"


def test_orders_are_refused_with_the_setting_that_takes_each_row_for_a_client(press: Press, tmp_path: Path):
    orders = [("Client", "Revenue", "Order date"), *(("Abel", n, "2026-01-05") for n in range(4))]
    message = complaint(press(workbook(tmp_path / "clients.xlsx", orders), macros.grade_clients))
    assert message.startswith("These are orders, not clients")
    assert "write clients on Settings, Reading, Rows" in message


def test_refresh_plan_renews_only_the_plan(press: Press, graded: Path):
    files.edit(graded, lambda book: put(book["Portfolio"], [("changed",)]))
    book = press(graded, macros.refresh_plan)
    assert told(book) == f"The engagement plan is as of {in_words(date.today())}."
    assert book.book["Portfolio"]["A1"].value == "changed"


def test_refresh_plan_says_when_the_grades_beside_the_clients_are_out_of_date(press: Press, graded: Path):
    files.edit(graded, lambda book: put(book["Clients"], [(9000, 4000)], top=2, left=2))
    message = told(press(graded, macros.refresh_plan))
    assert "The tier beside 2 clients is not what the data say now" in message


def test_open_settings_shows_them(press: Press, graded: Path):
    book = press(graded, macros.open_settings)
    assert book.book.active.title == "Settings"
    assert book.app.alerts == []


def test_a_button_lets_the_functions_read_the_settings_again_and_asks_a_busy_excel_only_so_often(
    press: Press, graded: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(workbook_policy, "_readings", {"a": workbook_policy._Reading({}, Policy(), math.inf)})
    windows: Any = SimpleNamespace(N_COM_ATTEMPTS=0)
    monkeypatch.setitem(sys.modules, "xlwings._xlwindows", windows)
    attempts = []
    monkeypatch.setattr(macros, "own_sheet", lambda *_: attempts.append(windows.N_COM_ATTEMPTS))
    press(graded, macros.open_settings)
    assert workbook_policy._readings["a"].fresh_until == 0
    assert 0 < attempts[0] < 1_000_000
    assert windows.N_COM_ATTEMPTS == 0


def test_open_settings_says_how_to_get_them(press: Press, ungraded: Path):
    assert "press Grade clients" in complaint(press(ungraded, macros.open_settings))


def test_about_says_the_version_and_what_the_doctor_finds(press: Press, graded: Path, monkeypatch: pytest.MonkeyPatch):
    seen = []

    def examine(path: Path | None) -> list[Finding]:
        seen.append(path)
        return [Finding("Python", "good", "3.12"), Finding("Macros", "wrong", "are off", "Switch them on.")]

    monkeypatch.setattr(about, "examine", examine)
    message = told(press(graded, macros.about))
    assert message.startswith("tierxl 0.")
    assert "Macros: are off\nSwitch them on." in message
    assert "Python" not in message
    assert seen == [graded]


def test_about_examines_the_computer_where_the_workbook_is_only_an_address(
    press: Press, graded: Path, monkeypatch: pytest.MonkeyPatch
):
    class InOneDrive(fake_excel.Book):
        @property
        def fullname(self) -> str:
            raise fake_excel.Refused("the local location cannot be found")

        @fullname.setter
        def fullname(self, value: str) -> None: ...

    monkeypatch.setattr(fake_excel, "Book", InOneDrive)
    monkeypatch.setattr(about, "examine", lambda path: [Finding("Place", "note", str(path), "Move it.")])
    assert "Place: None\nMove it." in told(press(graded, macros.about))


def test_about_says_so_when_all_is_well(press: Press, graded: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(about, "examine", lambda _: [Finding("Python", "good", "3.12")])
    assert told(press(graded, macros.about)).endswith("All that can be checked from here is well.")


def test_propose_assignments_makes_its_sheet_and_changes_nothing_else(press: Press, tmp_path: Path):
    path = workbook(tmp_path / "clients.xlsx", change=with_team)
    book = press(path, macros.propose_assignments)
    assert book.book.sheetnames == ["Clients", "Account managers", "Assignments"]
    assert headers_of(book.book["Clients"]) == ["Client", "Revenue", "Profit"]
    assert told(book).startswith("2 clients without a listed account manager get one.\n")
    assert "Nothing is changed" in told(book)
    assert book.book["Assignments"]["A1"].value == "Assignments"


def test_without_account_managers_there_is_nothing_to_propose(press: Press, ungraded: Path):
    assert "There are no account managers to propose" in complaint(press(ungraded, macros.propose_assignments))
