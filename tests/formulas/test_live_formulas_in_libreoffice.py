"""Live workbooks of random portfolios in LibreOffice: every cell is what a grading gives."""

import random
from pathlib import Path
from typing import Any

import pytest

from tests.formulas import live_workbook
from tests.formulas.portfolios import portfolio
from tests.libreoffice import EXCEL, NEEDS_LIBREOFFICE, calculate
from tests.method.frames import AS_OF, graded

pytestmark = [
    *NEEDS_LIBREOFFICE,
    pytest.mark.long,
]

POLICIES: dict[str, dict[str, Any]] = {
    "defaults": {},
    "revenue": {
        "grading": {"method": "revenue"},
        "floor": {"strategic": "High"},
        "moves": {"max_move": 2},
        "revenue": {"high_top": 0.07, "medium_top": 0.55, "tie_limit": 1.5},
    },
    "share": {
        "revenue": {"by": "share", "high_share": 0.333333333},
        "floor": {"strategic": "off"},
        "moves": {"profitability": "on", "high_touch": "off", "retention_risk": "revenue", "max_move": 2},
        "retention": {"derive": "off"},
        "weights": {"pain": 33.3, "revenue": 0},
        "points": {"medium": 0.4, "low": 0.15},
    },
    "amount": {
        "revenue": {"by": "amount", "high_amount": 50_000, "medium_amount": 1_000.5},
        "profit": {"target": 0.2, "acceptable": 0.123456789, "laggard_below": -0.01},
        "tiers": {"a_from": 62.25, "b_from": 40.333333333, "borderline": 10},
        "retention": {"silent_days": 20, "revenue_down": 0.25, "high_signs": 1},
        "likelihood": {"not_known": 0.3},
        "size": {"not_known": 0.2, "low": 0.1},
    },
}


@pytest.fixture(scope="module")
def calculated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a workbook for each policy, as LibreOffice calculates it."""
    folder = tmp_path_factory.mktemp("live")
    written = [
        live_workbook.write(folder / f"{name}.xlsx", portfolio(random.Random(name), 250), settings, AS_OF)
        for name, settings in POLICIES.items()
    ]
    calculate(EXCEL, folder / "calculated", *written)
    return folder / "calculated"


@pytest.mark.parametrize("name", POLICIES)
def test_every_cell_is_what_a_grading_gives(calculated: Path, name: str):
    rows = live_workbook.calculated_rows(calculated / f"{name}.xlsx")
    expected = live_workbook.graded_rows(graded(portfolio(random.Random(name), 250), POLICIES[name]))
    assert [{header: row[header] for header in live_workbook.LIVE} for row in rows] == expected
