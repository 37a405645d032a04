"""The Shed list: who should go, why and how, and who is held."""

from functools import cache

from tests.method.frames import graded, graded_rows
from tests.sheets.looks import records, texts
from tierxl.method.rating.grading import Grading
from tierxl.sheets import shed_list

CLIENTS = [
    {"Client": "keeps", "Revenue": 500, "Profit": 100},
    {"Client": "loses", "Revenue": 300, "Profit": -30, "Account manager": "Priya"},
    {"Client": "hurts", "Revenue": 200, "Profit": 2, "Pain factor": "High"},
    {"Client": "strategic", "Revenue": 100, "Profit": -1, "Strategic value": "High"},
    {"Client": "kept", "Revenue": 100, "Profit": -1, "Override tier": "B", "Override reason": "pilot"},
    {"Client": "unknown", "Revenue": None},
]


@cache
def everyone() -> Grading:
    return graded(CLIENTS, {"profit": {"target": 0.2}})


def test_clients_to_shed_stand_there_with_their_figures_and_reasons():
    grading = everyone()
    why = {client["Client"]: row["Why"] for client, row in zip(CLIENTS, graded_rows(grading), strict=True)}
    leaving, _ = shed_list.describe(grading).tables
    assert records(leaving) == [
        {
            "Client": "loses", "Account manager": "Priya", "Tier": "C", "Revenue": 300, "Profit": -30, "Margin": -0.1,
            "Profit rating": "Laggard", "Pain rating": "Not rated",
            "Exit option": "Reprice, reduce service, or introduce to a competitor", "Why": why["loses"],
        },
        {
            "Client": "hurts", "Account manager": None, "Tier": "C", "Revenue": 200, "Profit": 2, "Margin": 0.01,
            "Profit rating": "Low", "Pain rating": "High",
            "Exit option": "Reprice, reduce service, or introduce to a competitor", "Why": why["hurts"],
        },
    ]  # fmt: skip
    assert "makes a loss" in why["loses"]
    assert "pain is High" in why["hurts"]


def test_clients_that_are_held_stand_apart():
    _, held = shed_list.describe(everyone()).tables
    assert [(line["Client"], line["Tier"]) for line in records(held)] == [("strategic", "B"), ("kept", "B")]
    assert {line["Exit option"] for line in records(held)} == {"Kept as strategic, or by an override: review it."}


def test_the_clients_to_shed_are_counted():
    assert "2 clients are to be shed" in texts(shed_list.describe(everyone()))
    assert shed_list.describe(everyone()).print_header_row == 5, "the exceptions have the same columns"
    assert "1 client is to be shed" in texts(shed_list.describe(graded(CLIENTS[:2])))
    assert "No client is to be shed." in texts(shed_list.describe(graded(CLIENTS[:1])))


def test_an_empty_list_has_no_headers_on_the_sheet():
    assert shed_list.describe(graded(CLIENTS[:1])).tables == []
    assert [table.name for table in shed_list.describe(graded(CLIENTS[:2])).tables] == ["Shed_list"]


def test_every_way_out_is_named():
    options = {"shed": {"exit_options": ["Reprice", "Say goodbye"]}}
    leaving, _ = shed_list.describe(graded(CLIENTS, options)).tables
    assert records(leaving)[0]["Exit option"] == "Reprice, or say goodbye"
