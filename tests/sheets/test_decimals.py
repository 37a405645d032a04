"""Cells beside a cut have the decimals that it takes to see on which side of it they are."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.files import csv_records
from tests.method.frames import AS_OF, graded, table
from tierxl.method.plan.history import no_lines
from tierxl.method.plan.parameters import Parameter
from tierxl.method.plan.portfolio import portfolio
from tierxl.method.plan.what_if import compare, sensitivity
from tierxl.method.policy import Policy
from tierxl.method.rating.grading import grade
from tierxl.method.rating.score import score_cuts
from tierxl.method.table.headers import Headers
from tierxl.method.table.managers import Manager
from tierxl.report.content import content_of
from tierxl.sheets import capacity, clients, history, settings, shed_list, tier_matrix, what_if
from tierxl.sheets.description import Sheet
from tierxl.sheets.styles import STYLES
from tierxl.workbooks.csv_parquet import write_csv
from tierxl.workbooks.table import ClientTable

WEIGHTS = {"revenue": 64.96, "profitability": 35.04, "wallet_upside": 0, "strategic_value": 0, "pain": 0}
NEARLY_A = {"weights": WEIGHTS, "profit": {"target": 0.9, "acceptable": 0.8}}
"""A client of High revenue and Low profitability has a score of 64.96, and 65 would be an A."""
LOW_MARGIN = [{"Client": "Abel", "Revenue": 100, "Margin": 0.05}]


def format_of(sheet: Sheet, header: str) -> str:
    shown = next(table for table in sheet.tables if header in table.headers)
    return STYLES[shown.styles[list(shown.headers).index(header)]].number_format


@pytest.mark.long
def test_a_score_just_below_a_cut_is_shown_so_on_every_sheet():
    grading = graded(LOW_MARGIN, NEARLY_A)
    assert STYLES[clients.graded_styles(grading)["Score"]].number_format == "0.00"
    assert format_of(tier_matrix.describe(grading), "Score") == "0.00"
    assert format_of(history.describe(grading, history.Past(no_lines())), "Score") == "0.00"
    other = graded(LOW_MARGIN, NEARLY_A | {"weights": WEIGHTS | {"revenue": 90}})
    compared = what_if.describe(grading, sensitivity(grading), compare(grading, other))
    assert (format_of(compared, "Score now"), format_of(compared, "Score tried")) == ("0.00", "0.0")


def test_scores_that_are_not_close_to_a_cut_have_one_decimal():
    grading = graded([{"Client": "Abel", "Revenue": 100, "Strategic value": "Medium", "Pain factor": "High"}])
    assert clients.graded_styles(grading) == clients.GRADED_STYLES
    assert format_of(tier_matrix.describe(grading), "Score") == "0.0"


def test_in_csv_a_score_just_below_a_cut_reads_as_below_it(tmp_path: Path):
    grading = graded(LOW_MARGIN, NEARLY_A)
    cells = grading.clients.table.select("client").to_native()
    read = ClientTable(Headers.of(["Client"]), cells, [2])
    write_csv(tmp_path / "a.csv", read, grading.columns.to_native(), score_cuts(grading.policy), "auto")
    assert csv_records(tmp_path / "a.csv")[0]["Score"] == "64.96"


def test_a_utilisation_just_above_100_percent_is_shown_so():
    served = {"Client": "Abel", "Revenue": 1, "Account manager": "Ann", "Override tier": "A", "Override reason": "x"}
    needed = 51.75
    grading = grade(table([served]), Policy(), AS_OF, managers=[Manager("Ann", "Senior", needed / 1.0003)])
    assert format_of(capacity.describe(grading, portfolio(grading)), "Utilisation") == "0.00%"


@pytest.mark.long
def test_a_small_loss_is_shown_as_one_on_the_shed_list_and_in_the_report():
    grading = graded([{"Client": "Abel", "Revenue": 10_000, "Profit": -1}, {"Client": "B", "Revenue": 1, "Profit": 1}])
    assert format_of(shed_list.describe(grading), "Margin") == "0.00%"
    (leaving,) = (shown for shown in content_of(grading, portfolio(grading)).lists if shown.title == "Shed list")
    assert "−0.01%" in [cell.text for cell in leaving.rows[0]]


def percents(sheet: Sheet) -> Mapping[Any, str]:
    return {cell.value: STYLES[cell.style].number_format for cell in sheet.cells if "percent" in cell.style}


def test_a_cut_is_shown_as_it_is_in_force():
    formats = percents(settings.describe(Policy.with_settings({"wallet": {"medium_from": 0.4996}})))
    assert formats[0.75] == "0.0%"
    assert formats[0.4996].startswith("0.0##")
    assert what_if.setting_text(Parameter("wallet", "medium_from", ""), 0.49996) == "49.996 %"
    assert what_if.setting_text(Parameter("tiers", "a_from", ""), 65) == "65"


def test_a_fixed_target_margin_is_shown_as_it_is_in_the_report():
    grading = graded(LOW_MARGIN, {"profit": {"target": 0.1234}})
    assert "A margin of 12.34% or more is rated High." in content_of(grading, portfolio(grading)).spread.sentences
