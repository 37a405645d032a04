"""The worksheet functions as named LAMBDAs: what two engines make of them is what the add-in's functions answer."""

import random
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import formulon
import ironcalc
import pytest
from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import to_excel
from openpyxl.workbook.defined_name import DefinedName

from tests.method.frames import AS_OF
from tierxl.formulas.lambdas import is_hidden, lambdas
from tierxl.functions import FUNCTIONS
from tierxl.method.policy import Policy
from tierxl.sheets import settings as settings_sheet
from tierxl.template.lambda_names import SETTINGS

LEVELS = (None, "High", "medium", "L", 3, "Not rated", "gering", "élevée", "Hgh")
ANSWERS = (None, "Yes", "no", "y", 1, True, "✓", "x")
PROFILE: Mapping[str, Sequence[Any]] = {
    **dict.fromkeys(("revenue_rating", "wallet_rating"), LEVELS),
    "profit_rating": (*LEVELS, "Laggard"),
    **dict.fromkeys(("strategic_rating", "pain_rating", "retention_risk"), LEVELS),
    "opportunity": (*LEVELS, "None"),
    "appetite": LEVELS,
    **dict.fromkeys(("high_touch", "marquee"), ANSWERS),
    "potential": LEVELS,
}
KNOWN: Mapping[str, Sequence[Any]] = {
    name: [it for it in words if it not in ("Hgh", "x")] for name, words in PROFILE.items()
}
OF_SCORE = [*list(PROFILE)[:5], "appetite", "potential"]
REVENUES = (None, "Revenue", -5, 0, 100, 100, 100, 250.5, 812.25, 9_000, 9_000.5)
SHARES = (None, "x", "45 %", "60%", 0, 0.5, 0.75, 0.750000001, 0.2, 0.9, -0.2)
MARGINS = (None, "x", "12%", -0.2, 0, 0.0999, 0.1, 0.15, 0.2, 0.5, 1.2)
DAYS = (None, "soon", "2026-02-28", datetime(2026, 1, 31), datetime(2026, 5, 30), datetime(2028, 2, 29))
TIERS, SERVICES = (
    ("A", "b", "C", "Not graded", "Q", None),
    ("Review meeting", "sponsor", "Open events", "Personal contact"),
)
POLICIES: dict[str, dict[str, Any]] = {
    "defaults": {},
    "revenue": {"grading": {"method": "revenue"}, "floor": {"strategic": "High"}, "moves": {"max_move": 2}},
    "weights": {
        "weights": {"revenue": 0, "pain": 33.3},
        "points": {"medium": 0.4, "low": 0.1},
        "likelihood": {"not_known": 0.3},
        "size": {"medium": 0.5},
        "tiers": {"a_from": 62.25, "b_from": 33.3},
    },
    "switches": {
        "moves": {"profitability": "on", "high_touch": "off", "retention_risk": "revenue", "max_move": 2},
        "floor": {"strategic": "off"},
        "revenue": {"by": "share", "high_share": 0.6},
        "profit": {"target": 0.2, "acceptable": 0.05},
    },
}


@cache
def names() -> dict[str, str]:
    return lambdas(SETTINGS)


def write(path: Path, policy: Policy, columns: Sequence[Sequence[Any]], formulas: Sequence[str]) -> Path:
    """A workbook with the names, a Settings sheet, columns of cells from A on, and formulas in each row behind them."""
    book = Workbook()
    page, settings_page = book.active, book.create_sheet(settings_sheet.TITLE)
    for table in settings_sheet.describe(policy).tables:
        settings_page.cell(table.row - 1, 1, table.title)
        for row, line in enumerate((table.headers, *table.rows), table.row):
            for column, value in enumerate(line, 1):
                settings_page.cell(row, column, value)
    for row, line in enumerate(zip(*columns, strict=True), 1):
        for column, value in enumerate(line, 1):
            page.cell(row, column, value)
        for column, formula in enumerate(formulas, len(columns) + 1):
            page.cell(row, column, formula.replace("#", str(row)))
    for name, text in names().items():
        book.defined_names[name] = DefinedName(name, attr_text=text, hidden=is_hidden(name) or None)
    book.save(path)
    return path


def drawn(words: Mapping[str, Sequence[Any]], count: int, seed: Any = 19) -> dict[str, list[Any]]:
    chance = random.Random(seed)
    return {name: [chance.choice(each) for _ in range(count)] for name, each in words.items()}


def answers(name: str, policy: Policy, columns: Sequence[Any]) -> list[Any]:
    ranges = [[[cell] for cell in column] if isinstance(column, list) else column for column in columns]
    return [plain(row[0]) for row in FUNCTIONS[name](policy, AS_OF, *ranges)]


def plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return to_excel(value)
    return round(value, 7) if isinstance(value, float) else value


def tiers_and_scores_differ(tmp_path: Path, columns: Mapping[str, list[Any]], settings: Any) -> list[Any]:
    """The profiles of which IronCalc, from the file as it is stored, has another tier or score than the add-in."""
    policy, count = Policy.with_settings(settings), len(columns["opportunity"])
    letters = {name: get_column_letter(at) for at, name in enumerate(columns, 1)}
    formulas = [
        f"={function}({','.join(f'{letters[name]}#' for name in arguments)})"
        for function, arguments in (("TIER_RATING", list(columns)), ("TIER_SCORE", OF_SCORE))
    ]
    path = write(tmp_path / "lambdas.xlsx", policy, [*columns.values()], formulas)
    model = ironcalc.load_from_xlsx(str(path), "en", "UTC", "en")
    model.evaluate()
    tiers = answers("TIER_RATING", policy, [*columns.values()])
    scores = answers("TIER_SCORE", policy, [columns[name] for name in OF_SCORE])
    found = [
        tuple(model.get_formatted_cell_value(0, row, len(columns) + at) for at in (1, 2)) for row in range(1, count + 1)
    ]
    return [
        line
        for line in zip(zip(*columns.values(), strict=True), tiers, scores, found, strict=True)
        if (line[1], line[2]) != (line[3][0], number_or_text(line[3][1]))
    ]


def number_or_text(text: str) -> Any:
    return round(float(text), 7) if re.fullmatch(r"[\d.]+", text) else text


@pytest.mark.long
def test_a_tier_and_a_score_of_ratings_in_any_spelling_or_what_to_mend(tmp_path: Path):
    assert not tiers_and_scores_differ(tmp_path, drawn(PROFILE, 60), {})


@pytest.mark.long
@pytest.mark.parametrize("name", POLICIES)
def test_hundreds_of_profiles_have_the_tier_and_the_score_of_the_add_in(tmp_path: Path, name: str):
    """IronCalc takes 15 ms and 0.7 MB for each: others under each policy."""
    assert not tiers_and_scores_differ(tmp_path, drawn(KNOWN, 120, name), POLICIES[name])


@pytest.mark.long
@pytest.mark.parametrize("name", POLICIES)
def test_thousands_of_profiles_have_the_tier_and_the_score_of_the_add_in_where_they_spill(tmp_path: Path, name: str):
    policy, columns = Policy.with_settings(POLICIES[name]), drawn(KNOWN, 2_000)
    book = calculating(write(tmp_path / "lambdas.xlsx", policy, [*columns.values()], []))
    letters = {argument: get_column_letter(at) for at, argument in enumerate(columns, 1)}
    for function, arguments in (("TIER_RATING", list(columns)), ("TIER_SCORE", OF_SCORE)):
        ranges = ",".join(f"{letters[argument]}1:{letters[argument]}2000" for argument in arguments)
        expected = answers(function, policy, [columns[argument] for argument in arguments])
        assert spilled(book, f"={function}({ranges})") == expected


SPILLING = {
    "TIER_RATING": ("TIER_RATING", [*PROFILE.values()]),
    "TIER_SCORE": ("TIER_SCORE", [PROFILE[name] for name in OF_SCORE]),
    "PAIN_RATING": ("PAIN_RATING", [ANSWERS, ANSWERS]),
    "WALLET_RATING": ("WALLET_RATING", [SHARES]),
    "PROFIT_RATING": ("PROFIT_RATING", [MARGINS, (None, 0.2), (None, 0.1)]),
    "TIER_SERVICE": ("TIER_SERVICE", [TIERS, (*SERVICES, "zz", None)]),
    "NEXT_DUE": ("NEXT_DUE", [TIERS, SERVICES, DAYS]),
}


@cache
def spilling_book(policy_name: str) -> tuple[formulon.Workbook, dict[str, list[list[Any]]]]:
    """One workbook with what every function is given, side by side."""
    columns = {
        name: [*drawn(dict(enumerate(words)), 40).values()]  # type: ignore[arg-type]
        for name, (_, words) in SPILLING.items()
    }
    with TemporaryDirectory() as folder:
        side_by_side = [column for each in columns.values() for column in each]
        path = write(Path(folder, "lambdas.xlsx"), Policy.with_settings(POLICIES[policy_name]), side_by_side, [])
        return calculating(path), columns


@pytest.mark.long
@pytest.mark.parametrize("name", SPILLING)
@pytest.mark.parametrize("policy_name", ["defaults", "switches"])
def test_a_function_spills_over_ranges(name: str, policy_name: str):
    book, columns = spilling_book(policy_name)
    before = sum(len(columns[other]) for other in list(SPILLING)[: list(SPILLING).index(name)])
    letters = [get_column_letter(before + at) for at in range(1, len(columns[name]) + 1)]
    expected = answers(SPILLING[name][0], Policy.with_settings(POLICIES[policy_name]), columns[name])
    ranges = ",".join(f"{letter}1:{letter}40" for letter in letters)
    assert spilled(book, f"={SPILLING[name][0]}({ranges})") == expected


@pytest.mark.parametrize(
    "by", [{}, {"by": "share", "high_share": 0.6}, {"by": "amount", "high_amount": 800, "medium_amount": 100}]
)
@pytest.mark.long
def test_revenue_is_rated_beside_that_of_all(tmp_path: Path, by: dict[str, Any]):
    policy = Policy.with_settings({"revenue": by})
    columns = [[*REVENUES] * 3]
    book = calculating(write(tmp_path / "lambdas.xlsx", policy, columns, []))
    assert spilled(book, "=REVENUE_RATING(A1:A33,A1:A33)") == answers("REVENUE_RATING", policy, columns * 2)
    assert spilled(book, "=REVENUE_RATING(9000.5,A1:A33)") == ["High"]


@pytest.mark.long
def test_optional_arguments_can_be_left_out(tmp_path: Path):
    book = calculating(write(tmp_path / "lambdas.xlsx", Policy(), [[None]], []))
    assert spilled(book, '=TIER_RATING("High","Low","High","Medium","Low")') == ["A"]
    assert spilled(book, '=TIER_SCORE("High","Low","High","Medium","Low","Medium")') == [82.5]
    assert spilled(book, "=PROFIT_RATING(0.3,0.2)") == ["High"]
    assert "target is left out" in spilled(book, "=PROFIT_RATING(0.3)")[0]


def test_a_file_can_hold_every_name():
    for name, text in names().items():
        assert len(text) < 8_192, name
        assert text.startswith("_xlfn.LAMBDA(")
        assert not re.search(r"(?<!_xlfn\.)\b(LAMBDA|LET|ISOMITTED|REDUCE|TEXTJOIN)\(", text), name
        for parameter in re.findall(r"_xl[po][mp]\.(\w+)", text):
            assert not re.fullmatch(r"[a-zA-Z]{1,3}\d+|[rcRC]", parameter)  # which would be a cell
            assert parameter.upper() not in names()


def as_typed(stored: str) -> str:
    """A stored formula as a person types it."""
    return re.sub(r"_xl(?:fn|pm)\.", "", re.sub(r"_xlop\.(\w+)", r"[\1]", stored))


def calculating(path: Path) -> formulon.Workbook:
    """A workbook in Formulon, which knows optional arguments only where a name is typed."""
    book = formulon.Workbook.load(path.read_bytes())
    for name, text in names().items():
        book.set_defined_name(name, as_typed(text))
    return book


def spilled(book: formulon.Workbook, formula: str) -> list[Any]:
    rows = book.evaluate_formula_array(0, 0, 30, formula)
    return [plain(row[0].number if row[0].number is not None else row[0].text) for row in rows]
