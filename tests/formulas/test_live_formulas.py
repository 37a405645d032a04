"""The rules as worksheet formulas: what a worksheet calculates is what a grading gives."""

import random
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import formualizer
import pytest

from tests.formulas import live_workbook
from tests.formulas.portfolios import portfolio
from tests.method.frames import AS_OF, graded
from tests.runs import first
from tierxl.formulas import placed, references
from tierxl.formulas.graded import CHECK, LIVE, LiveFormulas, live_formulas
from tierxl.formulas.plan import LISTED
from tierxl.method.levels import YES
from tierxl.method.rating import moves
from tierxl.method.table.columns import COLUMNS
from tierxl.sheets import engagement_plan, shed_list

EXCEL_2010 = {
    "ABS", "AND", "COUNT", "COUNTIF", "DATEVALUE", "DAY", "EXACT", "FIND", "IF", "IFERROR", "INDEX", "INT", "ISBLANK",
    "ISERROR", "ISNUMBER", "LARGE", "LEN", "MATCH", "MAX", "MID", "MIN", "MONTH", "NOT", "OR", "REPT", "RIGHT", "ROUND",
    "ROUNDUP", "SUBSTITUTE", "SUMIF", "SUMPRODUCT", "TEXT", "TRIM", "VALUE", "YEAR",
}  # fmt: skip


class Worksheet:
    """A live workbook in an engine that calculates it."""

    def __init__(self, path: Path, live: LiveFormulas | None = None) -> None:
        self.engine = formualizer.load_workbook_bytes(path.read_bytes())
        self.headers = [*live_workbook.HEADERS, *(live or live_workbook.formulas()).columns]

    def rows(self, count: int) -> list[dict[str, Any]]:
        self.engine.evaluate_all()
        return [
            {name: self._value(row, name) for name in (*LIVE, CHECK)} for row in range(2, count + 2)
        ]  # fmt: skip

    def _value(self, row: int, name: str) -> Any:
        return live_workbook.plain(self.engine.get_value("Clients", row, self.headers.index(name) + 1))

    def change(self, client: int, header: str, value: Any) -> None:
        self.engine.set_value("Clients", client + 1, self.headers.index(header) + 1, value)

    def set(self, setting: str, value: Any) -> None:
        self.engine.set_value("Settings", [*live_workbook.SETTINGS].index(setting) + 1, 3, value)


CLIENTS = portfolio(random.Random(19), 24)


@pytest.fixture
def worksheet(tmp_path: Path) -> Worksheet:
    return Worksheet(live_workbook.write(tmp_path / "live.xlsx", CLIENTS, {}, AS_OF))


def graded_rows(
    clients: Sequence[Mapping[str, Any]], settings: Mapping[str, Any] | None = None
) -> list[dict[str, Any]]:
    return live_workbook.graded_rows(graded(clients, settings))


def without_checks(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: value for name, value in row.items() if name != CHECK} for row in rows]


def test_a_worksheet_calculates_what_a_grading_gives(worksheet: Worksheet):
    assert without_checks(worksheet.rows(len(CLIENTS))) == graded_rows(CLIENTS)


def test_the_grades_follow_a_changed_client_and_a_changed_setting_and_a_blank_one(worksheet: Worksheet):
    worksheet.change(3, "Revenue", 5_000_000)
    worksheet.set("weights.revenue", 80)
    worksheet.set("tiers.a_from", None)
    worksheet.set("floor.strategic", "High")
    clients = [{**client, "Revenue": 5_000_000} if at == 3 else client for at, client in enumerate(CLIENTS, 1)]
    settings = {"weights": {"revenue": 80}, "floor": {"strategic": "High"}}
    assert without_checks(worksheet.rows(len(CLIENTS))) == graded_rows(clients, settings)


@pytest.mark.parametrize(
    ("setting", "value"),
    first(
        1,
        [("weights.revenue", "a lot"), ("tiers.a_from", 140), ("grading.method", "by feel"), ("moves.max_move", 1.5)],
    ),
)
def test_a_setting_that_is_none_counts_as_the_default(worksheet: Worksheet, setting: str, value: Any):
    worksheet.set(setting, value)
    assert without_checks(worksheet.rows(6)) == graded_rows(CLIENTS)[:6]


@pytest.mark.parametrize(
    "settings",
    first(
        1,
        [
            {"tiers.a_from": 30, "tiers.borderline": 9},
            {"points.medium": 0.2, "points.low": 0.4},
            {"revenue.by": "amount", "revenue.high_amount": 500, "revenue.high_top": 0.15},
            {"wallet.medium_from": 0.9},
        ],
    ),
)
def test_settings_that_do_not_go_together_count_as_their_defaults(worksheet: Worksheet, settings: dict[str, Any]):
    for setting, value in settings.items():
        worksheet.set(setting, value)
    assert without_checks(worksheet.rows(len(CLIENTS))) == graded_rows(CLIENTS)


def test_the_cells_that_cannot_be_read_are_named(worksheet: Worksheet):
    for header, value in {"Opportunity": "Hgh", "Revenue": "much", "High touch": "perhaps", "Margin": "?"}.items():
        worksheet.change(1, header, value)
    worksheet.change(2, "Opportunity", " hoch ")
    checks = [row[CHECK] for row in worksheet.rows(2)]
    assert checks[0] == "Revenue, Margin, Opportunity, High touch"
    assert "Opportunity" not in (checks[1] or "")


@pytest.mark.long
def test_a_move_that_is_added_is_in_the_formulas(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    late = moves.Move("opportunity", -1, lambda client: client.marquee == YES, "is marquee", "marquee", "made up")
    monkeypatch.setattr(moves, "MOVES", (*moves.MOVES, late))
    live = live_formulas(live_workbook.FIELDS)
    settings = {"moves": {"max_move": 2}}  # moves of its own, since expressions are made once for each
    path = live_workbook.write(tmp_path / "live.xlsx", CLIENTS, settings, AS_OF, live)
    rows = without_checks(Worksheet(path, live).rows(len(CLIENTS)))
    assert rows == graded_rows(CLIENTS, settings)
    assert any("down from A: marquee" in row["Reason"] for row in rows)


def test_excel_2010_knows_every_function_and_takes_every_formula():
    live = live_workbook.formulas()
    texts = [*live.columns.values(), *live.figures.values()]
    functions = {name for text in texts for name in re.findall(r"([A-Z]+)\(", re.sub('"[^"]*"', "", text))}
    assert functions <= EXCEL_2010
    assert max(len(placed(text, lambda _: "'Live tiers'!$BC$10000")) for text in texts) < 8_192


def test_every_name_in_a_formula_has_a_place():
    live = live_workbook.formulas()
    known = {*live.columns, *live.figures, *live_workbook.HEADERS, "day"}
    for text in (*live.columns.values(), *live.figures.values()):
        for name in references(text):
            kind, _, rest = name.partition(" ")
            assert name in known or (kind == "all" and rest in known) or kind in ("cell", "words", "numbers")


@pytest.mark.long
def test_what_only_lists_show_stands_in_cells_of_theirs():
    fields = [column.field for column in COLUMNS]
    live = live_formulas(fields, None, {"remark": engagement_plan.REMARK} | shed_list.FIGURES)
    assert {*live.listed} <= {name for cells in LISTED.values() for name in cells}
    assert not {*live.listed} & {*live.columns}


@pytest.mark.long
def test_columns_that_a_list_has_not_are_not_in_its_formulas():
    live = live_formulas(["revenue", "strategic_value"])
    assert {name for text in live.columns.values() for name in references(text)} & {*live_workbook.HEADERS} == {
        "Revenue", "Strategic value",
    }  # fmt: skip
    assert live.columns["Wallet rating"] == '"Not rated"'
