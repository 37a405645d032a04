"""Live tiers: formulas that spill, with what they come to stored for those who cannot calculate them."""

import re
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.utils.datetime import to_excel

from tests.files import everything, page_of, parts_of
from tests.template.templates import LIVE_TIERS, Calculated
from tierxl.functions.worksheet_function import MARK
from tierxl.method.levels import NOT_RATED, RATING_NAMES
from tierxl.method.plan.service import engagement_plan
from tierxl.method.rating.grading import profiles_of
from tierxl.method.table.columns import COLUMNS, GRADED_COLUMNS
from tierxl.sheets.clients import GRADED_COLOURS
from tierxl.sheets.live_tiers import HEADER_ROW
from tierxl.template.sample import CLIENTS, SAMPLE_DAY
from tierxl.use_cases.grade import check_file
from tierxl.use_cases.graded import GradedFile
from tierxl.use_cases.reading import Request

pytestmark = pytest.mark.long

SHEET = "Live tiers"
RETENTION_RISK = 1 + [column.field for column in COLUMNS].index("retention_risk")
NAMES_AREA, GRADES_AREA, REASONS_AREA = "A5:A15", "B5:O15", "P5:P15"
WHOLE_AREA = "B5:P15"
COUNT = len(CLIENTS)


@pytest.fixture(scope="module")
def graded(template: Path) -> GradedFile:
    """The template's clients, graded by the command."""
    return check_file(Request(template, SAMPLE_DAY))


@pytest.fixture(scope="module")
def grades(graded: GradedFile) -> list[list[Any]]:
    """The graded columns with their headers; a blank is an empty text."""
    columns = graded.grading.columns
    rows = zip(*(columns[name].to_list() for name in GRADED_COLUMNS), strict=True)
    return [list(GRADED_COLUMNS), *(["" if value is None else value for value in row] for row in rows)]


def test_the_formulas_spill_as_excel_writes_such(template: Path):
    parts = parts_of(template)
    formulas = re.findall(
        r'<c r="(\w+)" s="\d+" cm="1" t="str"><f ref="([\w:]+)" t="array">', parts[LIVE_TIERS].decode()
    )
    assert formulas == [("A5", NAMES_AREA), ("B5", GRADES_AREA), ("P5", REASONS_AREA)]
    assert b'name="XLDAPR"' in parts["xl/metadata.xml"]
    assert b'<cellMetadata count="1"><bk><rc t="1" v="0"/></bk></cellMetadata>' in parts["xl/metadata.xml"]
    assert b"relationships/sheetMetadata" in parts["xl/_rels/workbook.xml.rels"]
    assert b"sheetMetadata+xml" in parts["[Content_Types].xml"]


def formulas_of(path: Path) -> list[str]:
    page = page_of(path, SHEET)
    return [page[cell].value.text for cell in ("A5", "B5", "P5")]


def test_the_formulas_are_those_of_the_documentation(template: Path):
    assert formulas_of(template) == [
        '=Clients[[#All],[Client]]&""', "=TIER_TABLE(Clients[#All])", '=TIER_TABLE(Clients[#All],"Why")',
    ]  # fmt: skip


def test_what_the_formulas_come_to_is_stored_in_their_cells(template: Path, grades: list[list[Any]]):
    page = load_workbook(template, data_only=True)[SHEET]
    stored = [["" if cell.value is None else cell.value for cell in row] for row in page[WHOLE_AREA]]
    assert stored == grades
    names = [row[0].value for row in page[NAMES_AREA]]
    assert names == ["Client", *(client["Client"] for client in CLIENTS)]


def test_the_stored_texts_are_results_and_not_typed(template: Path):
    cells = re.findall(rb'<c r="[A-P](?:[6-9]|1[0-5])"[^>]*t="(\w+)"', parts_of(template)[LIVE_TIERS])
    assert set(cells) == {b"str", b"n"}


def test_the_colours_and_formats_follow_a_longer_list_of_clients(template: Path):
    coloured = {area for area, *_ in everything(template)[SHEET]["colours"]}
    page = page_of(template, SHEET)
    headers = [*page[HEADER_ROW]]
    for at, header in enumerate(("Client", *GRADED_COLUMNS)):
        letter = headers[at].column_letter
        assert (f"{letter}6:{letter}1048576" in coloured) == (header in GRADED_COLOURS)
        below_it = page.column_dimensions[letter]
        assert (below_it.number_format, below_it.alignment.horizontal) == (
            page[f"{letter}6"].number_format, page[f"{letter}6"].alignment.horizontal,
        )  # fmt: skip


def test_the_header_and_the_names_stay_in_sight(template: Path):
    assert page_of(template, SHEET).freeze_panes == "B6"


def test_a_note_says_what_keeps_the_tiers_up_to_date(template: Path):
    page = page_of(template, SHEET)
    assert "Excel for Windows" in page["A2"].value
    assert "Start here" in page["A3"].value
    assert "totals row" in page["A3"].value


# --- The formulas, calculated ----------------------------------------------------------------------------------------


@pytest.fixture
def calculated(template: Path) -> Calculated:
    return Calculated(template)


def near(rows: list[list[Any]]) -> list[list[Any]]:
    return [[pytest.approx(value) if isinstance(value, float) else value for value in row] for row in rows]


def test_the_grades_spill_as_the_command_gives_them(calculated: Calculated, grades: list[list[Any]]):
    assert calculated.spilled(SHEET, "B5", GRADES_AREA) == near([line[:-1] for line in grades])
    assert calculated.spilled(SHEET, "P5", REASONS_AREA) == [line[-1:] for line in grades]


def test_a_name_that_is_blank_stays_blank(template: Path, calculated: Calculated):
    calculated.engine.set_value("Clients", 7, 1, None)
    names = ["Client", *(client["Client"] for client in CLIENTS)]
    names[2] = ""
    formula = formulas_of(template)[0].replace("Clients[[#All],[Client]]", f"Clients!{NAMES_AREA}")  # for the engine
    assert calculated.column(formula, COUNT + 1) == names


def test_the_grades_follow_a_changed_client(calculated: Calculated):
    tiers = [row[0] for row in calculated.spilled(SHEET, "B5", GRADES_AREA)]
    assert tiers[3] == "B"
    calculated.engine.set_value("Clients", 8, RETENTION_RISK, "High")  # Cedar Logistics may leave
    assert [row[0] for row in calculated.values(SHEET, "B5:B15")] == [*tiers[:3], "A", *tiers[4:]]


def test_a_client_without_a_revenue_is_graded_by_its_strategic_value_alone(calculated: Calculated):
    calculated.engine.set_value("Clients", 6, 5, None)
    grades = calculated.spilled(SHEET, "B5", GRADES_AREA)[1]
    assert (grades[0], grades[2]) == ("B", "B: strategic, revenue not known")


@pytest.fixture
def ratings(calculated: Calculated) -> str:
    """The five ratings that Live tiers spills, as arguments."""
    calculated.spilled(SHEET, "B5", GRADES_AREA)
    return ", ".join(f"'{SHEET}'!{column}6:{column}15" for column in "GHIJK")


def column(graded: GradedFile, name: str) -> list[Any]:
    return ["" if value is None else value for value in graded.grading.columns[name].to_list()]


def test_one_graded_column_spills(calculated: Calculated, graded: GradedFile):
    answer = calculated.column('=TIER_TABLE(Clients[#All],"Score")', COUNT + 1)
    assert answer == ["Score", *map(pytest.approx, column(graded, "Score"))]


def levels_beside(calculated: Calculated, graded: GradedFile) -> tuple[str, str]:
    """The retention risk and the potential that count for each client, in cells, as arguments."""
    grading = graded.grading
    levels = profiles_of(grading.clients, grading.policy, grading.as_of).select("retention_risk", "potential").rows()
    for row, line in enumerate(levels, HEADER_ROW + 1):
        for column, level in enumerate(line, 30):
            calculated.engine.set_value(SHEET, row, column, None if level == NOT_RATED else RATING_NAMES[level])
    return f"'{SHEET}'!AD6:AD15", f"'{SHEET}'!AE6:AE15"


def test_tiers_from_ratings_that_were_spilled(calculated: Calculated, ratings: str, graded: GradedFile):
    risk, potential = levels_beside(calculated, graded)
    more = f"{risk}, Clients[Opportunity], Clients[Appetite for change], Clients[High touch], Clients[Marquee]"
    answer = calculated.column(f"=TIER_RATING({ratings}, {more}, {potential})", COUNT)
    overridden = [bool(client.get("Override tier")) for client in CLIENTS]
    assert sum(overridden) == 1
    assert [tier for tier, is_ours in zip(answer, overridden, strict=True) if not is_ours] == [
        tier for tier, is_ours in zip(column(graded, "Tier"), overridden, strict=True) if not is_ours
    ]
    assert answer[overridden.index(True)] == "C"


def test_scores_from_ratings_that_were_spilled(calculated: Calculated, ratings: str, graded: GradedFile):
    _, potential = levels_beside(calculated, graded)
    answer = calculated.column(f"=TIER_SCORE({ratings}, Clients[Appetite for change], {potential})", COUNT)
    assert answer == [pytest.approx(score) for score in column(graded, "Score")]


def test_revenue_ratings(calculated: Calculated, graded: GradedFile):
    answer = calculated.column("=REVENUE_RATING(Clients[Revenue], Clients[Revenue])", COUNT)
    assert answer == column(graded, "Revenue rating")
    assert calculated.column("=REVENUE_RATING(480000, Clients[Revenue])", 1) == ["High"]


def of_clients_with(*fields: str) -> list[int]:
    """The positions of the clients that have something in these columns."""
    found = [at for at, client in enumerate(CLIENTS) if all(field in client for field in fields)]
    assert len(found) >= 3
    return found


def chosen(values: list[Any], places: list[int]) -> list[Any]:
    return [values[at] for at in places]


def test_wallet_ratings(calculated: Calculated, graded: GradedFile):
    places = of_clients_with("Wallet share")
    answer = calculated.column("=WALLET_RATING(Clients[Wallet share])", COUNT)
    assert chosen(answer, places) == chosen(column(graded, "Wallet rating"), places)
    assert set(answer) - set(chosen(answer, places)) == {"Not rated"}


def test_profit_ratings(calculated: Calculated, graded: GradedFile):
    places = of_clients_with("Profit")
    cuts = f"{graded.grading.cuts.target_margin!r}, {graded.grading.cuts.acceptable_margin!r}"
    answer = calculated.column(f"=PROFIT_RATING(Clients[Profit]/Clients[Revenue], {cuts})", COUNT)
    assert chosen(answer, places) == chosen(column(graded, "Profit rating"), places)


def test_pain_ratings(calculated: Calculated, graded: GradedFile):
    places = of_clients_with("Well aligned", "Challenging")
    answer = calculated.column("=PAIN_RATING(Clients[Well aligned], Clients[Challenging])", COUNT)
    assert chosen(answer, places) == chosen(column(graded, "Pain rating"), places)


def test_reasons(calculated: Calculated, graded: GradedFile):
    assert calculated.column("=TIER_WHY(Clients[#All], Clients[Client])", COUNT) == column(graded, "Why")
    assert calculated.column('=TIER_WHY(Clients[#All], "0002")', 1) == [column(graded, "Why")[1]]


def test_services_of_tiers_that_were_spilled(calculated: Calculated, ratings: str, graded: GradedFile):
    assert ratings
    answer = calculated.column(f"=TIER_SERVICE('{SHEET}'!B6:B15, \"Review meeting\")", COUNT)
    meetings = graded.grading.policy.services["Review meeting"]
    assert answer == [getattr(meetings, tier) for tier in column(graded, "Tier")]


def test_due_dates_of_tiers_that_were_spilled(calculated: Calculated, ratings: str, graded: GradedFile):
    assert ratings
    due = calculated.column(f"=NEXT_DUE('{SHEET}'!B6:B15, \"Review meeting\", Clients[Last review])", COUNT)
    plan = engagement_plan(graded.grading).select("position", "next_review").iter_rows()
    planned = {position: next_review for position, next_review in plan if "Last review" in CLIENTS[position]}
    assert len(planned) >= 5
    assert chosen(due, list(planned)) == [to_excel(day) for day in planned.values()]


def test_the_verdict_on_tiering(calculated: Calculated, graded: GradedFile):
    formula = "=SHOULD_TIER(Clients[#All], Account_managers[#All])"
    assert calculated.column(formula, 1) == [graded.portfolio.suitability.verdict]


@pytest.mark.parametrize(
    ("formula", "words"),
    [
        ("=TIER_TABLE(Clients[Revenue])", "There is no Client column"),
        ('=TIER_TABLE(Clients[#All],"Colour")', 'There is no graded column "Colour"'),
        ('=TIER_RATING("Hgh","Low","High","Medium","Low")', 'revenue_rating "Hgh"'),
        ('=TIER_WHY(Clients[#All],"Nobody")', "Nobody"),
        ('=TIER_SERVICE("A","Sailing")', "Sailing"),
    ],
)
def test_wrong_input_is_answered_with_a_sentence(formula: str, words: str, calculated: Calculated):
    (answer,) = calculated.column(formula, 1)
    assert answer.startswith(MARK)
    assert words in answer
