"""The worksheet functions in the formulas of cells, calculated by formualizer in Excel's place."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import formualizer
import pytest

from tests.files import day
from tests.functions.ranges import Range, column, graded_range, sheet, without_grades
from tests.method.frames import graded_rows
from tierxl.excel import udfs
from tierxl.functions import FUNCTIONS
from tierxl.method.levels import NOT_RATED, RATING_NAMES
from tierxl.method.rating.grading import profiles_of
from tierxl.method.table.columns import GRADED_COLUMNS
from tierxl.use_cases.graded import GradedFile

pytestmark = pytest.mark.usefixtures("worksheet")

ERRORS = {"Na": "#N/A", "Div": "#DIV/0!"}
FIRST_DAY = datetime(1899, 12, 30)
TABLE: Range = [
    ["Client", "Revenue", "Profit", "Strategic value", "Last contact"],
    ["Abel", 100.0, 10.0, "High", day("2026-01-31")],
    ["Baker", 200.0, -5.0, None, day("2026-02-15")],
    ["Cohen", 300.0, 60.0, "Hgh", None],
]


def in_excel(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function as it is called from a cell: an error arrives as its text, as xlwings hands it over."""

    def cell(value: Any) -> Any:
        if isinstance(value, list):
            return [cell(part) for part in value]
        return ERRORS[value["kind"]] if isinstance(value, dict) else value

    return lambda *arguments: function(*map(cell, arguments))


class Worksheet:
    """A worksheet with a table Clients from its first cell, and the functions of tierxl."""

    def __init__(self, table: Range = TABLE) -> None:
        self.book = formualizer.Workbook()
        self.book.add_sheet("Clients")
        self.book.add_sheet("Formulas")
        for name in FUNCTIONS:
            self.book.register_function(name, in_excel(getattr(udfs, name)), min_args=1, max_args=11)
        for number, line in enumerate(table, 1):
            for at, value in enumerate(line, 1):
                if value is not None:
                    self.book.set_value("Clients", number, at, value)
        self.book.add_table("Clients", "Clients", (1, 1, len(table), len(table[0])), [str(cell) for cell in table[0]])
        self.next_column = 1

    def calculated(self, formula: str, height: int = 1, width: int = 1) -> Any:
        """What a formula shows in its cell, or in the range over which it spills."""
        left = self.next_column
        self.next_column += width + 1
        self.book.set_formula("Formulas", 1, left, formula)
        self.book.evaluate_cell("Formulas", 1, left)
        shown = [
            [self.book.get_value("Formulas", number, at) for at in range(left, left + width)]
            for number in range(1, height + 1)
        ]
        return shown if (height, width) != (1, 1) else shown[0][0]

    def put(self, formula: str, row: int, at: int) -> None:
        self.book.set_formula("Clients", row, at, formula)


@pytest.fixture(scope="module")
def portfolio(sample_workbook: Path) -> Range:
    return without_grades(sheet(sample_workbook))


def test_a_graded_table_spills_row_for_row(portfolio: Range, sample: GradedFile):
    shown = Worksheet(portfolio).calculated("=TIER_TABLE(Clients[#All])", len(portfolio), len(GRADED_COLUMNS))
    assert shown == graded_range(sample.grading)


def test_one_column_spills_beside_the_table(portfolio: Range, sample: GradedFile):
    page = Worksheet(portfolio)
    assert page.calculated('=TIER_TABLE(Clients[#All],"tier")', len(portfolio)) == graded_range(sample.grading, "Tier")


@pytest.mark.long
def test_a_range_is_as_good_as_a_table():
    page = Worksheet()
    tiers = page.calculated('=TIER_TABLE(Clients[#All],"Tier")', 4)
    assert tiers == column("Tier", "B", "C", "A")
    assert page.calculated('=TIER_TABLE(Clients!A1:C4,"Tier")', 4) != tiers  # without the strategic value
    assert page.calculated('=TIER_TABLE(Clients!A1:E6,"Tier")', 6) == [*tiers, [""], [""]]


def test_a_changed_cell_changes_the_tiers():
    page = Worksheet()
    assert page.calculated('=TIER_TABLE(Clients[#All],"Tier")', 4)[2] == ["C"]
    page.book.set_value("Clients", 3, 4, "Medium")
    page.book.evaluate_all()
    assert page.book.get_value("Formulas", 3, 1) == "B"


def test_an_error_in_a_cell_is_taken_as_blank():
    page = Worksheet()
    page.put("=1/0", 3, 2)
    assert page.calculated('=TIER_TABLE(Clients[#All],"Tier")', 4) == column("Tier", "B", "Not graded", "A")


def test_a_range_that_cannot_be_graded_shows_what_to_mend():
    page = Worksheet()
    answer = page.calculated("=TIER_TABLE(Clients[Client])")
    assert answer.startswith("tierxl: There is no Revenue column: give one column the header Revenue")
    answer = page.calculated("=TIER_TABLE(Clients!A1:E1)")
    assert answer == "tierxl: There are no clients: the table has a header row and nothing below it."
    assert page.calculated('=TIER_TABLE(Clients[#All],"Teer")').startswith('tierxl: There is no graded column "Teer"')


def test_a_tier_follows_from_ratings_in_cells_and_in_ranges(portfolio: Range, sample: GradedFile):
    grading = sample.grading
    levels = profiles_of(grading.clients, grading.policy, grading.as_of).select("retention_risk", "potential").rows()
    names = RATING_NAMES | {NOT_RATED: None}
    counted = [("Risk", "Reach"), *([names[level] for level in line] for line in levels)]
    page = Worksheet([[*line, *more] for line, more in zip(portfolio, counted, strict=True)])
    page.calculated("=TIER_TABLE(Clients[#All])", len(portfolio), len(GRADED_COLUMNS))
    last = len(portfolio)
    at = {name: "ABCDEFGHIJKLMNO"[place] for place, name in enumerate(GRADED_COLUMNS)}
    ratings = [at[f"{name} rating"] for name in ("Revenue", "Wallet", "Profit", "Strategic", "Pain")]
    beside = ["Risk", "Opportunity", "Appetite for change", "High touch", "Marquee", "Reach"]
    ranges = ",".join([f"{letter}2:{letter}{last}" for letter in ratings] + [f"Clients[{name}]" for name in beside])
    tiers = page.calculated(f"=TIER_RATING({ranges})", last - 1)
    rated = ",".join(f"{letter}2:{letter}{last}" for letter in ratings)
    scores = page.calculated(f"=TIER_SCORE({rated},Clients[Appetite for change],Clients[Reach])", last - 1)
    readable = 0
    for client, (tier,), (score,) in zip(graded_rows(sample.grading), tiers, scores, strict=True):
        if not tier.startswith("tierxl: ") and "verride" not in client["Why"]:
            assert tier == client["Tier"]
            assert score == ("" if client["Score"] is None else client["Score"])
            readable += 1
    assert readable > 50
    assert page.calculated('=TIER_RATING("High","Low","High","Medium","Low")') == "A"
    assert page.calculated('=TIER_RATING("High","Low","Hgh","Medium","Low")') == (
        'tierxl: profit_rating "Hgh" is not a rating: write High, Medium, Low or Laggard'
    )


@pytest.mark.long
def test_single_ratings_are_calculated_from_cells_and_columns():
    page = Worksheet()
    assert page.calculated("=REVENUE_RATING(Clients!B4,Clients[Revenue])") == "High"
    assert page.calculated("=REVENUE_RATING(Clients[Revenue],Clients[Revenue])", 3) == column("Low", "Low", "High")
    assert page.calculated("=WALLET_RATING(50%)") == "Medium"
    assert page.calculated("=WALLET_RATING({80,40;60,0})", 2, 2) == [["High", "Low"], ["Medium", "Low"]]
    assert page.calculated("=PROFIT_RATING(Clients[Profit]/Clients[Revenue],15%)", 3) == column(
        "Medium", "Laggard", "High"
    )
    assert page.calculated("=PROFIT_RATING(10%,10%,5%)") == "High"
    assert page.calculated("=PAIN_RATING(TRUE,FALSE)") == "Low"
    assert page.calculated('=PAIN_RATING("Yes","often")').startswith('tierxl: challenging "often" is not an answer')


@pytest.mark.parametrize("function", ["WALLET_RATING(NA())", "PROFIT_RATING(1/0,10%)", 'PAIN_RATING(NA(),"Yes")'])
def test_an_error_in_place_of_a_rating_is_named(function: str):
    answer = Worksheet().calculated(f"={function}")
    assert answer.startswith("tierxl: ")
    assert "#N/A" in answer or "#DIV/0!" in answer


@pytest.mark.long
def test_the_reason_of_a_client_stands_in_a_cell(portfolio: Range, sample: GradedFile):
    page = Worksheet(portfolio)
    names = [line[portfolio[0].index("Client")] for line in portfolio]
    at = names.index("Aldersyke Building Society")
    reason = graded_rows(sample.grading)[at - 1]["Why"]
    assert page.calculated('=TIER_WHY(Clients[#All],"Aldersyke Building Society")') == reason
    assert page.calculated(f"=TIER_WHY(Clients[#All],Clients!B{at + 1})") == reason
    assert page.calculated('=TIER_WHY(Clients[#All],"Nobody")') == 'tierxl: There is no client "Nobody".'


def test_services_and_due_dates_stand_beside_the_clients():
    page = Worksheet()
    assert page.calculated('=TIER_SERVICE({"A";"B"},"Personal contact")', 2) == column(
        "12/yr, 30 min, phone", "4/yr, 30 min, phone or email"
    )
    due = page.calculated('=NEXT_DUE({"A";"B";"C"},"Personal contact",Clients[Last contact])', 3)
    days = [FIRST_DAY + timedelta(days=cell) for (cell,) in due[:2]]
    assert days == [day("2026-02-28"), day("2026-05-15")]
    assert due[2] == ["tierxl: last is blank: write the day on which it happened last"]
    assert page.calculated('=NEXT_DUE("A","Review meeting",DATE(2026,1,31))-DATE(2026,4,1)') == 29


def test_the_verdict_spills_with_its_signals():
    shown = Worksheet().calculated("=SHOULD_TIER(Clients[#All])", 6, 4)
    assert shown[0] == ["Tier, with care", "", "", ""]
    assert shown[2] == ["Small portfolio", "3 clients", "against", "You can look after so few in person."]
    assert [line[2] for line in shown[1:]] == ["for", "against", "open", "for", "open"]
