"""The Service levels: what each tier gets, side by side."""

from tests.method.frames import graded
from tests.sheets.looks import grid, table_with
from tierxl.method.plan.portfolio import portfolio
from tierxl.method.policy import Policy
from tierxl.sheets import service_levels

CLIENTS = [
    {"Client": "Abel", "Override tier": "A", "Revenue": 700},
    {"Client": "Baker", "Override tier": "B", "Revenue": 200},
    {"Client": "Cohen", "Override tier": "C", "Revenue": 60},
    {"Client": "Evans", "Revenue": 50, "Profit": -5},
]


def test_each_tier_has_its_clients_its_revenue_and_its_services():
    own = {"services": {"Golf day": {"A": "2/yr, 300 min", "B": "Invited", "C": "None"}}}
    grading = graded(CLIENTS, own)
    sheet = service_levels.describe(grading, portfolio(grading))
    cells, table = grid(sheet), table_with(sheet, "Service")
    levels = {cells[row, 1]: [cells[row, column] for column in (2, 3, 4)] for row in range(table.row, table.bottom + 1)}
    assert levels == {
        "Service": ["Tier A", "Tier B", "Tier C"],
        "Clients": [1, 1, 2],
        "Revenue": [700, 200, 110],
        **{name: [level.A, level.B, level.C] for name, level in Policy().services.items()},
        "Golf day": ["2/yr, 300 min", "Invited", "None"],
    }
