"""The Tier matrix: one row a client, its five ratings and its grade, in colours."""

from functools import cache

from tests.method.frames import graded, graded_rows
from tests.sheets.looks import records, table_with
from tierxl.method.rating.grading import Grading
from tierxl.sheets import tier_matrix
from tierxl.sheets.styles import RATING_STYLES, STYLES

CLIENTS = [
    {"Client": "loses money", "Revenue": 500, "Profit": -5},
    {"Client": "unknown", "Revenue": None},
    {
        "Client": "best",
        "Revenue": 900,
        "Profit": 300,
        "Strategic value": "High",
        "Total spend": 9000,
        "Pain factor": "Low",
    },
    {"Client": "middling", "Revenue": 400, "Profit": 60, "Strategic value": "Medium", "Pain factor": "Low"},
    {"Client": "less poor", "Revenue": 90, "Profit": 5, "Strategic value": "Low", "Pain factor": "Low"},
    {"Client": "poor", "Revenue": 100, "Profit": 1, "Strategic value": "Low", "Pain factor": "High"},
]

RED = {name for name, style in STYLES.items() if "8A1C12" in (style.colour, style.fill)}


@cache
def everyone() -> Grading:
    return graded(CLIENTS)


def test_every_client_has_one_row_with_its_ratings_and_its_grade():
    grading = everyone()
    lines = {line["Client"]: line for line in records(table_with(tier_matrix.describe(grading), "Pain rating"))}
    assert list(lines["best"]) == [
        "Client", "Revenue rating", "Wallet rating", "Profit rating", "Strategic rating", "Pain rating", "Score",
        "Tier", "Action",
    ]  # fmt: skip
    for client, row in zip(CLIENTS, graded_rows(grading), strict=True):
        name = client["Client"]
        assert lines[str(name)] == {"Client": name, **{key: row[key] for key in list(lines["best"])[1:]}}


def test_the_best_tier_stands_at_the_top_and_within_it_the_best_score():
    lines = records(table_with(tier_matrix.describe(everyone()), "Pain rating"))
    assert [line["Tier"] for line in lines] == sorted(line["Tier"] for line in lines)
    for tier in "ABC":
        scores = [line["Score"] for line in lines if line["Tier"] == tier]
        assert scores == sorted(scores, reverse=True)
    assert len({line["Score"] for line in lines if line["Tier"] == "C"}) > 1
    assert lines[-1]["Client"] == "unknown"


def test_ratings_tier_and_action_are_coloured_over_all_rows():
    sheet = tier_matrix.describe(everyone())
    table = table_with(sheet, "Pain rating")
    coloured = {colour.area: colour.styles for colour in sheet.conditional_formats}
    for header, styles in RATING_STYLES.items():
        assert coloured[table.column_area(header)] == styles
    assert {table.column_area("Tier"), table.column_area("Action")} <= set(coloured)


def test_a_rating_is_as_green_as_it_earns_points_and_the_legend_says_so():
    more, less = RATING_STYLES["Revenue rating"], RATING_STYLES["Wallet rating"]
    assert [more[level] for level in ("High", "Medium", "Low")] == ["full-points", "half-points", "no-points"]
    assert [less[level] for level in ("Low", "Medium", "High")] == ["full-points", "half-points", "no-points"]
    assert RATING_STYLES["Pain rating"] == less
    (note,) = (cell.value for cell in tier_matrix.describe(everyone()).cells if cell.row == 3)
    assert "A Low wallet share earns all" in str(note)


def test_only_a_laggard_is_red():
    assert {word for styles in RATING_STYLES.values() for word, style in styles.items() if style in RED} == {"Laggard"}


def test_a_rating_that_nobody_has_is_left_out():
    clients = [{key: value for key, value in client.items() if key != "Total spend"} for client in CLIENTS]
    headers = tier_matrix.describe(graded(clients)).tables[0].headers
    assert headers[1:5] == ("Revenue rating", "Profit rating", "Strategic rating", "Pain rating")


def test_the_header_and_the_names_stay_in_sight():
    sheet = tier_matrix.describe(everyone())
    assert sheet.freeze == (sheet.tables[0].row + 1, 2)
