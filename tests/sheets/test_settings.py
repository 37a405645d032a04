"""The Settings sheet: the whole policy, editable, and read back to the last digit."""

import json
import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from tests import files
from tests.runs import first
from tests.sheets.looks import grid as grid_of
from tests.sheets.looks import rows_of
from tierxl.method.documented_settings import documented_settings
from tierxl.method.issues import CannotGrade, Issue
from tierxl.method.policy import Policy, default_settings
from tierxl.method.table.cells import shown
from tierxl.sheets import settings as sheet
from tierxl.sheets.description import Sheet
from tierxl.sheets.wording import former_label, label
from tierxl.use_cases.grade import check_file
from tierxl.use_cases.reading import Request
from tierxl.workbooks.ooxml.new_sheets import Draft, write_draft
from tierxl.workbooks.ooxml.sheet_mark import mark
from tierxl.workbooks.ooxml.sheet_writer import SheetWriter
from tierxl.workbooks.ooxml.workbook_file import WorkbookFile

DEFAULT = Policy()


def read(policy: Policy) -> Policy:
    """A policy after it was described and read back, without any file between."""
    found = sheet.read(rows_of(sheet.describe(policy)), "Settings")
    assert found.issues == []
    return Policy.with_settings(found.layer)


def written(path: Path, policy: Policy = DEFAULT) -> Path:
    """A workbook with the Settings sheet of a policy."""
    draft = Draft()
    mark(SheetWriter(draft).sheet(sheet.describe(policy), "Settings"), sheet.KIND)
    write_draft(draft, path)
    return path


@pytest.fixture(scope="module")
def default_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("default") / "a.xlsx")


@pytest.fixture
def default(default_file: Path, tmp_path: Path) -> Path:
    """A copy of a workbook with the default settings."""
    return Path(shutil.copy(default_file, tmp_path))


def reread(path: Path) -> tuple[Policy, list[Issue]]:
    found = WorkbookFile(path).settings()
    return Policy.with_settings(found.layer), found.issues


# --- Any valid policy ------------------------------------------------------------------------------------------------

share = st.floats(0, 1)
number = st.one_of(st.integers(0, 1000), st.floats(0, 1_000_000))
switch = st.sampled_from(["on", "off", "five-factor", "revenue"])
margin = st.one_of(st.just("auto"), st.floats(-1_000, 1_000))
plain = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn", "Zl", "Zp"]), min_size=1, max_size=30
).map(str.strip)
cadence = st.builds(
    "{}/yr, {} min".format, st.integers(1, 365), st.one_of(st.integers(0, 600), st.decimals("0.5", 99, places=1))
)
level = st.one_of(plain, cadence, st.builds("{}; {}".format, plain, cadence), st.just("None"))
service = st.fixed_dictionaries({"A": level, "B": level, "C": level})


def ordered(count: int, values: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    return st.lists(values, min_size=count, max_size=count).map(lambda found: sorted(found, reverse=True))


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    """A valid policy with anything in it."""
    points, revenue, wallet, tiers = (draw(ordered(count, share)) for count in (4, 2, 2, 2))
    defaults = default_settings()["services"]
    services: dict[str, Any] = dict(draw(st.dictionaries(plain, service, max_size=4)))
    services |= {
        name: draw(st.one_of(st.none(), service)) for name in draw(st.sets(st.sampled_from([*defaults]), max_size=4))
    }
    for name in ("Review meeting", "Personal contact"):
        if services.get(name, "") is None:
            del services[name]
    chosen = {
        "grading": {"method": draw(st.sampled_from(["five-factor", "revenue"]))},
        "reading": {
            "decimal_mark": draw(st.sampled_from(["auto", ".", ","])),
            "day_order": draw(st.sampled_from(["auto", "iso", "day first", "month first"])),
        },
        "revenue": dict(zip(("medium_top", "high_top"), revenue, strict=True)),
        "wallet": dict(zip(("high_above", "medium_from"), wallet, strict=True)),
        "profit": {"target": draw(margin), "acceptable": draw(margin)},
        "points": dict(zip(("high", "medium", "low", "laggard"), points, strict=True)),
        "likelihood": {name: draw(share) for name in ("high", "medium", "low", "not_known")},
        "weights": {name: draw(number) for name in default_settings()["weights"]},
        "tiers": {"a_from": tiers[0] * 100, "b_from": tiers[1] * 100, "borderline": draw(st.floats(0, 100))},
        "moves": {
            **{name: draw(switch) for name in ("retention_risk", "profitability", "opportunity", "high_touch")},
            "max_move": draw(st.integers(0, 2)),
        },
        "floor": {"strategic": draw(st.sampled_from(["Medium", "High", "off"]))},
        "shed": {"exit_options": draw(st.lists(plain, min_size=1, max_size=4))},
        "suitability": {
            "homogeneous_from": draw(share),
            "small_below": draw(st.integers(0, 10**9)),
            "highly_reactive": draw(st.sampled_from(["Yes", "No", "not answered"])),
            "equal_gini_below": draw(share),
            "resources_from": draw(st.floats(0, 1e300)),
            "pareto_top": draw(share),
        },
        "distinct": {"differ_in": draw(share)},
        "services": services,
    }  # fmt: skip
    try:
        return Policy.with_settings(chosen)
    except CannotGrade:
        assume(False)
        raise


@given(policies())
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much], deadline=None)
def test_any_policy_is_read_back_exactly(policy: Policy):
    assert read(policy) == policy


@given(policies())
@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much], deadline=None)
def test_any_policy_is_read_back_exactly_from_a_workbook(tmp_path_factory: pytest.TempPathFactory, policy: Policy):
    path = tmp_path_factory.getbasetemp() / "any-policy.xlsx"
    assert reread(written(path, policy)) == (policy, [])


@pytest.mark.parametrize(
    "text",
    first(
        5,
        [
            "=1+1",
            "-1",
            "+1",
            "@x",
            "12",
            "1e5",
            "TRUE",
            "#N/A",
            "2026-11-22",
            "_x0041_",
            "a\nb",
            "a, b",
            "'x",
            "Setting",
            "Ω ✓ 客",
        ],
    ),
)
def test_odd_texts_are_read_back_exactly_from_a_workbook(tmp_path: Path, text: str):
    chosen = {"services": {text: {"A": text, "B": text, "C": text}}, "shed": {"exit_options": [text, text]}}
    policy = Policy.with_settings(chosen)
    assert reread(written(tmp_path / "a.xlsx", policy)) == (policy, [])


@pytest.mark.parametrize("text", [" x", "x ", "\tx", "a\r\nb", "a\rb", "\x07bell", "x" * 40_000, "\ufffe"])
def test_a_text_that_a_cell_cannot_hold_is_refused_or_read_back_exactly(tmp_path: Path, text: str):
    try:
        policy = Policy.with_settings({"services": {"Sponsor": {"A": text}}})
    except CannotGrade:
        return
    assert reread(written(tmp_path / "a.xlsx", policy)) == (policy, [])


@pytest.mark.parametrize("name", ["", " ", " x ", "Section", "Service", "a\rb"])
def test_a_service_whose_name_a_sheet_cannot_hold_is_refused_or_read_back_exactly(tmp_path: Path, name: str):
    try:
        policy = Policy.with_settings({"services": {name: {"A": "Setting", "B": "Tier B", "C": "None"}}})
    except CannotGrade:
        return
    assert reread(written(tmp_path / "a.xlsx", policy)) == (policy, [])


def test_the_default_settings_are_read_back_exactly(default: Path):
    assert read(DEFAULT) == DEFAULT
    assert reread(default) == (DEFAULT, [])


def test_every_setting_has_its_row_with_what_it_does_and_its_source():
    lines = [line for table in sheet.describe(DEFAULT).tables if "Setting" in table.headers for line in table.rows]
    assert len(lines) == len(list(documented_settings()))
    for line in lines:
        section, name, value, meaning, source = line
        assert section and name and meaning and source, line  # noqa: PT018
        assert value is not None, line


def test_what_people_change_most_stands_at_the_top_and_all_else_below_the_services():
    main, services, others = sheet.describe(DEFAULT).tables
    assert [line[:2] for line in main.rows] == [
        ("Grading", "Method"), ("Weights", "Revenue"), ("Weights", "Profitability"), ("Weights", "Wallet upside"),
        ("Weights", "Strategic value"), ("Weights", "Pain"), ("Tiers", "A from"), ("Tiers", "B from"),
    ]  # fmt: skip
    assert main.title.startswith("What people change most.")
    assert [line[0] for line in services.rows] == [*DEFAULT.services, None, None, None]
    assert others.title == "Advanced"
    assert main.title.endswith("they need not add up to 100.")


def test_a_sheet_with_the_services_below_all_settings_is_read_as_before():
    main, services, others = ([list(line) for line in table.rows] for table in sheet.describe(DEFAULT).tables)
    main[-1][2] = 39
    for line, setting in zip([*main, *others], sheet._in_order(), strict=True):
        line[1] = former_label(setting.name)
    earlier = [*main, *others, [None] * 5, ["Service", "Tier A", "Tier B", "Tier C"], *services[:-3], ["Golf", *"abc"]]
    found = sheet.read(earlier, "Settings")
    golf = {"services": {"Golf": dict(zip("ABC", "abc", strict=True))}}
    assert found.issues == []
    assert Policy.with_settings(found.layer) == Policy.with_settings({"tiers": {"b_from": 39}} | golf)


def test_a_title_or_header_between_the_tables_can_be_lost():
    for lost in ("Advanced", "Source"):
        lines = [[None if cell == lost else cell for cell in line] for line in rows_of(sheet.describe(DEFAULT))]
        found = sheet.read(lines, "Settings")
        assert (found.issues, Policy.with_settings(found.layer)) == ([], DEFAULT), lost


def test_settings_that_take_words_offer_them():
    offered = {choice.area.top: choice.values for choice in sheet.describe(DEFAULT).validations}
    tables = sheet.describe(DEFAULT).tables
    rows = {line[:2]: row for table in tables for row, line in enumerate(table.rows, table.row + 1)}
    assert offered[rows["Grading", "Method"]] == ("five-factor", "revenue")
    assert offered[rows["Floor", "Strategic"]] == ("Medium", "High", "off")
    assert offered[rows["Suitability", "Highly reactive"]] == ("Yes", "No", "not answered")


def test_settings_that_take_numbers_say_which():
    expected = {
        choice.area.top: choice.numbers.expected for choice in sheet.describe(DEFAULT).validations if choice.numbers
    }
    tables = sheet.describe(DEFAULT).tables
    rows = {line[:2]: row for table in tables for row, line in enumerate(table.rows, table.row + 1)}
    assert expected[rows["Tiers", "A from"]] == "a number from 0 to 100"
    assert expected[rows["Retention", "High signs"]] == "a whole number from 1 to 4"
    assert expected[rows["Wallet", "High above"]] == "a percentage from 0% to 100%"
    assert expected[rows["Revenue", "High amount"]] == "not set, or a number above 0 to 1,000,000,000,000,000"
    assert expected[rows["Suitability", "Fewer clients than"]] == "a whole number from 0"
    assert expected[rows["Profit", "Target"]] == "auto, or a percentage from -100,000% to 100%"


# --- What a user does to the sheet -----------------------------------------------------------------------------------


def cell_of(page: Worksheet, section: str, name: str) -> Any:
    (row,) = (line[0].row for line in page.iter_rows() if (line[0].value, line[1].value) == (section, name))
    return page.cell(row, 3)


def row_of(page: Worksheet, service: str) -> int:
    (row,) = (line[0].row for line in page.iter_rows() if line[0].value == service)
    return int(row)


def add_service(path: Path, *line: str | None) -> int:
    """The row into which a user writes a service: the first one that is blank below the services."""
    (row,) = (table.row + len(table.rows) - 2 for table in sheet.describe(DEFAULT).tables if "Tier A" in table.headers)
    files.edit(path, lambda book: files.put(book["Settings"], [line], top=row))
    return row


def changed(path: Path, **chosen: Any) -> Path:
    """Settings with some cells changed, named as section__setting."""
    book = load_workbook(path)
    for key, value in chosen.items():
        section, name = map(label, key.split("__"))
        cell_of(book["Settings"], section, name).value = value
    book.save(path)
    return path


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    first(
        4,
        [
            ("tiers__a_from", 70, 70),
            ("tiers__a_from", 70.5, 70.5),
            ("revenue__high_top", 0.15, 0.15),
            ("grading__method", "revenue", "revenue"),
            ("grading__method", " revenue ", "revenue"),
            ("profit__target", 0.2, 0.2),
            ("profit__target", "auto", "auto"),
            ("shed__exit_options", "Reprice; Say goodbye ;", ["Reprice", "Say goodbye"]),
            ("moves__max_move", 2.0, 2),
        ],
    ),
)
def test_a_changed_cell_is_the_new_setting(default: Path, key: str, value: Any, expected: Any):
    policy, issues = reread(changed(default, **{key: value}))
    section, name = key.split("__")
    assert getattr(getattr(policy, section), name) == expected
    assert issues == []


@pytest.mark.parametrize("blank", first(1, [None, "", "  "]))
def test_a_blank_cell_takes_the_default(default: Path, blank: Any):
    assert reread(changed(default, tiers__a_from=blank, profit__target=blank)) == (DEFAULT, [])


@pytest.mark.parametrize(
    ("key", "value"),
    first(
        5,
        [
            ("tiers__a_from", 101),
            ("tiers__a_from", "plenty"),
            ("tiers__a_from", True),
            ("grading__method", "by feeling"),
            ("grading__method", 5),
            ("moves__max_move", 1.5),
            ("moves__opportunity", True),
            ("revenue__high_top", -0.1),
            ("profit__target", "high"),
            ("shed__exit_options", ";"),
            ("weights__pain", "#N/A"),
            ("suitability__small_below", 7.5),
        ],
    ),
)
def test_a_wrong_cell_names_its_place_and_its_value_and_takes_the_default(default: Path, key: str, value: Any):
    path = changed(default, **{key: value, "tiers__b_from": 39})
    policy, issues = reread(path)
    section, name = map(label, key.split("__"))
    cell = cell_of(files.page_of(path, "Settings"), section, name)
    (issue,) = issues
    assert issue.cell == f"Settings!{cell.coordinate}"
    assert issue.value
    assert "the default is used" in issue.message
    assert policy == Policy.with_settings({"tiers": {"b_from": 39}}), "the other cells are read all the same"


@pytest.mark.long
def test_cells_that_do_not_fit_together_are_all_named(default: Path):
    path = changed(default, tiers__a_from=30, tiers__b_from=50, moves__max_move=2)
    policy, issues = reread(path)
    assert policy == Policy.with_settings({"moves": {"max_move": 2}})
    page = load_workbook(path)["Settings"]
    named = {issue.cell for issue in issues}
    assert {f"Settings!{cell_of(page, 'Tiers', name).coordinate}" for name in ("A from", "B from")} <= named


def test_a_row_that_names_no_setting_is_reported(default: Path):
    files.edit(default, lambda book: setattr(book["Settings"]["B7"], "value", "Made up"))
    policy, (issue,) = reread(default)
    assert policy == DEFAULT
    assert (issue.cell, "there is no such setting" in issue.message) == ("Settings!B7", True)


def test_the_sheet_of_an_earlier_edition_is_read_without_a_complaint_and_made_anew(default: Path):
    path = changed(default, tiers__b_from=39, reading__day_order="iso")

    def change(book: Any) -> None:
        page = book["Settings"]
        row = cell_of(page, "Reading", "Day order").row + 1
        page.insert_rows(row)
        files.put(page, [("Reading", "Percent points beyond", 1.5, "A percent column …", "tierxl")], top=row)

    files.edit(path, change)
    policy, issues = reread(path)
    assert (policy, issues) == (Policy.with_settings({"tiers": {"b_from": 39}}), [])
    names = [row[1] for row in rows_of(sheet.describe(policy, WorkbookFile(path).settings().unused)) if len(row) > 1]
    assert "Percent points beyond" not in names


@pytest.mark.long
def test_a_removed_row_of_a_setting_takes_the_default(default: Path):
    path = changed(default, tiers__b_from=39)
    files.edit(path, lambda book: book["Settings"].delete_rows(cell_of(book["Settings"], "Tiers", "A from").row))
    assert reread(path) == (Policy.with_settings({"tiers": {"b_from": 39}}), [])


def test_settings_may_be_sorted_and_lines_put_between(default: Path):
    path = changed(default, tiers__a_from=70)

    def change(book: Any) -> None:
        page = book["Settings"]
        page.insert_rows(1, 2)
        page.insert_rows(12)

    assert reread(files.edit(path, change)) == (Policy.with_settings({"tiers": {"a_from": 70}}), [])


def test_a_removed_service_is_gone(default: Path):
    files.edit(default, lambda book: book["Settings"].delete_rows(row_of(book["Settings"], "Open events")))
    policy, issues = reread(default)
    assert list(policy.services) == [name for name in DEFAULT.services if name != "Open events"]
    assert issues == []


def test_an_added_service_is_there(default: Path):
    add_service(default, "Golf day", "2/yr, 300 min", "Invited", "None")
    policy, issues = reread(default)
    assert policy.services["Golf day"].model_dump() == {"A": "2/yr, 300 min", "B": "Invited", "C": "None"}
    assert issues == []


def test_a_changed_service_level_is_read(default: Path):
    files.edit(
        default, lambda book: setattr(book["Settings"].cell(row_of(book["Settings"], "Sponsor"), 2), "value", "Me")
    )
    assert reread(default)[0].services["Sponsor"].A == "Me"


@pytest.mark.parametrize("text", first(2, ["4/yr", "30 min", "0/yr, 5 min", "4/yr, 2/yr, 5 min", None]))
def test_a_wrong_service_level_names_its_cell_and_takes_the_default(default: Path, text: str | None):
    files.edit(
        default,
        lambda book: setattr(book["Settings"].cell(row_of(book["Settings"], "Data analysis"), 3), "value", text),
    )
    policy, (issue,) = reread(default)
    assert policy == DEFAULT
    assert issue.cell == f"Settings!C{row_of(load_workbook(default)['Settings'], 'Data analysis')}"


def test_a_wrong_level_of_a_service_of_the_users_own_names_its_cell_and_leaves_the_service_out(default: Path):
    row = add_service(default, "Golf day", "2/yr", "Invited", "None")
    policy, (issue,) = reread(default)
    assert policy == DEFAULT
    assert issue.cell == f"Settings!B{row}"


@pytest.mark.parametrize("service", first(1, ["Review meeting", "Personal contact"]))
def test_a_service_that_carries_due_dates_comes_back_and_nothing_else_is_lost(default: Path, service: str):
    path = changed(default, tiers__a_from=70)
    files.edit(path, lambda book: book["Settings"].delete_rows(row_of(book["Settings"], service)))
    policy, (issue,) = reread(path)
    assert policy.tiers.a_from == 70
    assert policy.services[service] == DEFAULT.services[service]
    assert service in issue.message


def test_a_service_level_without_a_service_is_reported(default: Path):
    add_service(default, None, "2/yr, 300 min", "Invited", "None")
    policy, issues = reread(default)
    assert policy == DEFAULT
    assert len(issues) == 1


@pytest.mark.long
def test_a_service_that_stands_twice_is_reported(default: Path):
    add_service(default, "Sponsor", "Me", "You", "None")
    assert len(reread(default)[1]) == 1


def test_an_empty_settings_sheet_is_the_default_policy(default: Path):
    files.edit(default, lambda book: book["Settings"].delete_rows(1, 100))
    assert reread(default)[0] == DEFAULT


# --- What cannot be used stays ---------------------------------------------------------------------------------------

MAIN, SERVICES, OTHERS = (range(table.row + 1, table.bottom + 1) for table in sheet.describe(DEFAULT).tables)
SETTINGS_ROWS, SERVICE_ROWS = [*MAIN, *OTHERS], SERVICES[: len(DEFAULT.services)]
EDITABLE = [(row, 3) for row in SETTINGS_ROWS] + [(row, column) for row in SERVICE_ROWS for column in range(1, 5)]
NAMES = [(row, column) for row in SETTINGS_ROWS for column in (1, 2)]
ODD = st.one_of(
    st.sampled_from(
        ["10", "plenty", "#N/A", "=1+1", "auto", "on", "revenue", "Sponsor", "4/yr", ";", " x ", "2/yr, 5 min"]
    ),
    plain,
    st.integers(-1000, 10**6),
    st.floats(-1e300, 1e300),
    st.booleans(),
    st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1)),
    st.times(),
    st.none(),
)
"""What people type into cells, wrong or right."""


def graded_with(grid: list[list[Any]]) -> tuple[Policy, list[Issue], Sheet]:
    """What a grading does: read the sheet, and describe the one that takes its place, where the issues then stand."""
    found = sheet.read(grid, "Settings")
    policy = Policy.with_settings(found.layer)
    moved = sheet.moved(policy, found.unused, "Settings")
    return policy, [moved.get(issue, issue) for issue in found.issues], sheet.describe(policy, found.unused)


@given(st.dictionaries(st.sampled_from([*EDITABLE, *NAMES]), ODD, min_size=1, max_size=4))
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_whatever_is_typed_the_next_grading_finds_the_same_policy_the_same_issues_and_the_same_sheet(typed: Any):
    grid = rows_of(sheet.describe(DEFAULT))
    for (row, column), value in typed.items():
        grid[row - 1][column - 1] = value
    policy, issues, first = graded_with(grid)
    lasting = [issue for issue in issues if issue.cell != "Settings"]
    for _ in range(2):
        again = graded_with(rows_of(first))
        assert again == (policy, lasting, first)
    at = cells_by_address(first)
    for issue in lasting:
        assert shown(at[issue.cell.removeprefix("Settings!")]) == issue.value


@given(st.dictionaries(st.sampled_from([(row, 3) for row in SETTINGS_ROWS]), ODD, min_size=1, max_size=4))
@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_a_value_that_is_typed_into_a_yellow_cell_stays_in_it(typed: Any):
    grid = rows_of(sheet.describe(DEFAULT))
    for (row, column), value in typed.items():
        grid[row - 1][column - 1] = value
    _, issues, described = graded_with(grid)
    kept = rows_of(described)
    wrong = {issue.cell for issue in issues}
    for (row, column), value in typed.items():
        if value is not None and f"Settings!C{row}" in wrong:
            assert shown(kept[row - 1][column - 1]) == shown(value)
            assert kept[row - 1][3].startswith("Not used: ")


def cells_by_address(described: Sheet) -> dict[str, Any]:
    return {f"{get_column_letter(column)}{row}": value for (row, column), value in grid_of(described).items()}


def test_a_cell_that_is_not_used_is_marked_with_the_reason_beside_it():
    grid = rows_of(sheet.describe(DEFAULT))
    a_from = next(at for at, row in enumerate(grid) if row[1] == "A from")
    level = next(at for at, row in enumerate(grid) if row[0] == "Data analysis")
    grid[a_from][2], grid[level][1] = 10, "4/yr"
    _, issues, described = graded_with(grid)
    assert [(issue.cell, issue.column, issue.value) for issue in issues] == [
        (f"Settings!C{a_from + 1}", "Value", "10"),
        (f"Settings!B{level + 1}", "Tier A", "4/yr"),
    ]
    styles = {(cell.row, cell.column): cell.style for cell in described.cells}
    assert styles[a_from + 1, 3] == "unused"
    assert styles[level + 1, 2] == "unused-wrapped"
    cells = grid_of(described)
    assert cells[a_from + 1, 4].startswith(
        "Not used: b_from (40) must not be more than a_from (10); the default is used. "
    )
    assert cells[level + 1, 5].startswith("Not used: needs both how often and how long")
    assert "What cannot be used is red" in cells[2, 1]


@pytest.mark.parametrize("level", ["monthly, 2 hours", "Quarterly", "12 times a year", "every week, phone", "4 x"])
def test_a_rhythm_in_words_from_which_no_due_date_can_be_told_is_not_used(level: str):
    grid = rows_of(sheet.describe(DEFAULT))
    row = next(at for at, line in enumerate(grid) if line[0] == "Review meeting")
    grid[row][1] = level
    policy, (issue,), _ = graded_with(grid)
    assert (issue.cell, issue.value) == (f"Settings!B{row + 1}", level)
    assert issue.message.startswith('says how often in words: write it as a number, such as "12/yr, 30 min"')
    assert policy.services["Review meeting"] == DEFAULT.services["Review meeting"]
    with pytest.raises(CannotGrade, match='"Review meeting", tier A, says how often in words'):
        Policy.with_settings({"services": {"Review meeting": {"A": level}}})


def test_a_service_with_due_dates_may_be_on_request_or_none():
    levels = {"A": "On request, not a year-end letter", "B": "None: great service", "C": "1/yr, 45 min, annual review"}
    assert levels["C"] == Policy.with_settings({"services": {"Review meeting": levels}}).services["Review meeting"].C


def test_a_target_margin_above_100_percent_is_not_used():
    grid = rows_of(sheet.describe(DEFAULT))
    row = next(at for at, line in enumerate(grid) if line[:2] == ["Profit", "Target"])
    grid[row][2] = 30
    policy, (issue,), _ = graded_with(grid)
    assert (policy.profit.target, issue.cell) == ("auto", f"Settings!C{row + 1}")
    assert issue.message == "should be 'auto' or less than or equal to 1; the default is used"


def test_of_cells_that_do_not_fit_together_only_those_are_left_that_the_user_has_changed():
    grid = rows_of(sheet.describe(DEFAULT))
    row = next(at for at, line in enumerate(grid) if line[1] == "A from")
    grid[row][2] = 10
    assert [issue.cell for issue in sheet.read(grid, "Settings").issues] == [f"Settings!C{row + 1}"]


def test_a_setting_that_stands_twice_is_reported_and_the_first_is_used():
    grid = rows_of(sheet.describe(DEFAULT))
    row = next(at for at, line in enumerate(grid) if line[1] == "A from")
    grid[row][2] = 70
    grid.insert(row + 1, [*grid[row][:2], 80])
    policy, (issue,), described = graded_with(grid)
    assert (policy.tiers.a_from, issue.message) == (70, "appears more than once: the first one is used")
    assert cells_by_address(described)[issue.cell.removeprefix("Settings!").replace("B", "C")] == 80


@pytest.mark.parametrize("column", [0, 1])
def test_settings_are_found_without_a_word_of_their_header(column: int):
    grid = rows_of(sheet.describe(DEFAULT))
    row = next(at for at, line in enumerate(grid) if line[1] == "A from")
    grid[row][2], grid[4][column] = 70, "x"
    assert graded_with(grid)[0].tiers.a_from == 70


# --- Which settings win ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def book_with_settings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A graded workbook whose Settings sheet changes three settings."""
    path = tmp_path_factory.mktemp("settings") / "a.xlsx"
    files.workbook(path)
    files.regrade(path)

    def change(book: Any) -> None:
        for section, name, value in (
            ("Tiers", "A from", 71),
            ("Tiers", "B from", 31),
            ("Grading", "Method", "revenue"),
        ):
            cell_of(book["Settings"], section, name).value = value

    return files.edit(path, change)


POLICY_FILE = "[tiers]\na_from = 72\n[grading]\nmethod = 'five-factor'\n"


@pytest.mark.long
@pytest.mark.parametrize(
    ("policy_file", "method", "expected"),
    [
        (None, None, (71, 31, 2.5, "revenue")),
        (None, "five-factor", (71, 31, 2.5, "five-factor")),
        (POLICY_FILE, None, (72, 31, 2.5, "five-factor")),
        (POLICY_FILE, "revenue", (72, 31, 2.5, "revenue")),
    ],
    ids=["Settings", "Settings and --method", "--policy", "--policy and --method"],
)
def test_settings_win_over_defaults_the_policy_file_over_settings_and_the_method_over_all(
    tmp_path: Path, book_with_settings: Path, policy_file: str | None, method: str | None, expected: tuple[Any, ...]
):
    path = None
    if policy_file:
        path = tmp_path / "policy.toml"
        path.write_text(policy_file)
    request = Request(book_with_settings, files.AS_OF, policy_file=path, method=method)
    policy = check_file(request).grading.policy
    assert (policy.tiers.a_from, policy.tiers.b_from, policy.tiers.borderline, policy.grading.method) == expected


@pytest.mark.long
def test_the_settings_sheet_of_the_graded_workbook_shows_what_was_used(tmp_path: Path, book_with_settings: Path):
    (tmp_path / "policy.toml").write_text(POLICY_FILE)
    files.grade(book_with_settings, tmp_path / "b.xlsx", policy_file=tmp_path / "policy.toml")
    page = files.page_of(tmp_path / "b.xlsx", "Settings")
    assert [cell_of(page, "Tiers", name).value for name in ("A from", "B from")] == [72, 31]
    again = check_file(Request(tmp_path / "b.xlsx", files.AS_OF)).grading.policy
    assert json.loads(again.model_dump_json())["tiers"] == {"a_from": 72, "b_from": 31, "borderline": 2.5}


@pytest.mark.long
def test_a_wrong_setting_is_an_issue_of_the_grading_and_on_the_checks(tmp_path: Path, book_with_settings: Path):
    path = files.edit(
        book_with_settings,
        lambda book: setattr(cell_of(book["Settings"], "Weights", "Pain"), "value", "x"),
        tmp_path / "a.xlsx",
    )
    result = files.grade(path, tmp_path / "b.xlsx")
    place = cell_of(files.page_of(path, "Settings"), "Weights", "Pain").coordinate
    assert [issue.cell for issue in result.issues] == [f"Settings!{place}"]
    assert f"Settings!{place}" in files.values(files.page_of(tmp_path / "b.xlsx", "Checks")).values()
