"""Files that the first edition of tierxl graded: its columns are taken over, and none stands there twice."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from tests import files
from tests.files import (
    CLIENTS,
    are_sound,
    below,
    csv_file,
    csv_records,
    csv_rows,
    graded_values,
    headers_of,
    page_of,
    put,
    regrade,
    workbook,
    write_grades,
)
from tests.functions.ranges import Range
from tests.runs import first
from tierxl.excel.udfs import TIER_TABLE
from tierxl.method.table.columns import GRADED_COLUMNS
from tierxl.method.table.headers import Headers

OWN = list(CLIENTS[0])
FIRST = [
    "Tier", "Action", "Score", "Starting tier", "Revenue rating", "Wallet rating", "Profit rating", "Strategic rating",
    "Pain rating", "Upside", "Provisional", "Borderline", "Next step", "Why",
]  # fmt: skip
"""The graded columns of the first edition."""
TAKEN_OVER = ["What would lift it" if name == "Next step" else name for name in FIRST]
OLD = [
    "A",
    "Maintain",
    100,
    "A",
    "High",
    "Not rated",
    "High",
    "Not rated",
    "Not rated",
    None,
    "Yes",
    "No",
    "none",
    "So.",
]


def graded_by_the_first(*right: Any, headers: list[str] = FIRST) -> list[list[Any]]:
    """Three clients with the columns of the first edition, and right of these a column of the user's own."""
    header, *clients = CLIENTS
    lines = [[*header, *headers], *([*client, *OLD] for client in clients)]
    return [[*line, cell] for line, cell in zip(lines, right, strict=True)] if right else lines


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """The graded columns of the same clients, graded for the first time."""
    path = workbook(tmp_path_factory.mktemp("new") / "a.xlsx")
    write_grades(path)
    return graded_values(path)


@pytest.mark.parametrize("table", first(1, ["Clients", None]))
def test_a_workbook_keeps_the_columns_in_their_places_under_todays_names_and_gets_the_reason(
    tmp_path: Path, expected: list[dict[str, Any]], table: str | None
):
    path = workbook(tmp_path / "a.xlsx", graded_by_the_first(), table=table)
    write_grades(path)
    assert headers_of(page_of(path)) == [*OWN, *TAKEN_OVER, "Reason"]
    assert graded_values(path) == expected
    assert are_sound(page_of(path))
    once = files.everything(path)
    write_grades(path)
    assert files.everything(path) == once


def test_a_csv_file_and_a_parquet_file_get_todays_columns_and_none_twice(tmp_path: Path):
    text = "\n".join(",".join("" if cell is None else str(cell) for cell in line) for line in graded_by_the_first())
    path = csv_file(tmp_path, text)
    regrade(path)
    assert csv_rows(path)[0] == [*OWN, *GRADED_COLUMNS]
    records = csv_records(path)
    assert [record["Reason"] for record in records] == [
        "C: score 22.7",
        "C, to shed: makes a loss (margin −2.5 %)",
        "A: score 100",
    ]

    header, *lines = graded_by_the_first()
    path = tmp_path / "clients.parquet"
    pl.DataFrame(lines, schema=header, orient="row").write_parquet(path)
    regrade(path)
    assert pl.read_parquet(path).columns == [*OWN, *GRADED_COLUMNS]
    assert pl.read_parquet(path)["Reason"].to_list() == [record["Reason"] for record in records]


def test_a_next_step_of_the_users_own_left_of_ours_stays_theirs(tmp_path: Path):
    """A CRM has such a column; the first edition then marked its own."""
    marked = [f"{name} (tierxl)" if name == "Next step" else name for name in FIRST]
    header, *clients = graded_by_the_first(headers=marked)
    lines = [["Next step", *header], *(["Call", *client] for client in clients)]
    path = workbook(tmp_path / "a.xlsx", lines, table="Clients")
    write_grades(path)
    assert headers_of(page_of(path)) == ["Next step", *OWN, *TAKEN_OVER, "Reason"]
    assert below(page_of(path), "Next step") == ["Call"] * 3


@pytest.mark.parametrize("headers", first(1, [FIRST, TAKEN_OVER]), ids=["the first edition", "the second edition"])
def test_a_next_step_of_the_users_own_right_of_ours_stays_theirs(tmp_path: Path, headers: list[str]):
    right = ["Next step", "Call", "Write", "Visit"]
    path = workbook(tmp_path / "a.xlsx", graded_by_the_first(*right, headers=headers))
    write_grades(path)
    assert [header for header in headers_of(page_of(path)) if header] == [*OWN, *TAKEN_OVER, "Next step", "Reason"]
    assert below(page_of(path), "Next step") == right[1:]


def test_a_next_step_in_a_list_that_was_never_graded_is_the_users_own():
    headers = Headers.of([*OWN, "Next step"])
    assert (headers.graded, list(headers)) == ({}, [*OWN, "Next step"])
    assert headers.of_graded_columns["What would lift it"] == "What would lift it"


def test_in_todays_columns_a_next_step_beside_them_is_the_users_own():
    headers = Headers.of(["Client", "Next step", "Revenue", *GRADED_COLUMNS])
    assert list(headers) == ["Client", "Next step", "Revenue"]


def test_formulas_by_address_hold_as_the_columns_stay_in_their_places(tmp_path: Path):
    def change(book: Workbook, _: Worksheet) -> None:
        put(book.create_sheet("Mine"), [('=COUNTIF(Clients!P2:P4,"none")',), ("=Clients!D4",)])

    path = workbook(tmp_path / "a.xlsx", graded_by_the_first(), table="Clients", change=change)
    write_grades(path)
    assert [cell.value for cell in page_of(path, "Mine")["A"]] == ['=COUNTIF(Clients!P2:P4,"none")', "=Clients!D4"]
    assert page_of(path)["P1"].value == "What would lift it"


@pytest.mark.parametrize(
    "formula", first(1, ['=COUNTIF(Clients[Next step],"none")', "=Clients[[#Headers],[Next step]]"])
)
def test_a_former_name_that_formulas_refer_to_stays_so_that_they_hold(tmp_path: Path, formula: str):
    def change(book: Workbook, _: Worksheet) -> None:
        put(book.create_sheet("Mine"), [(formula,)])

    path = workbook(tmp_path / "a.xlsx", graded_by_the_first(), table="Clients", change=change)
    for _ in range(2):
        write_grades(path)
        assert headers_of(page_of(path)) == [*OWN, *FIRST, "Reason"]
        assert are_sound(page_of(path))
        assert page_of(path, "Mine")["A1"].value == formula


GRADED_RANGE: Range = graded_by_the_first()


@pytest.mark.parametrize("asked", ["Next step", "next_step", "What would lift it"])
def test_a_formula_of_an_earlier_workbook_gets_the_column_by_its_former_name(asked: str):
    graded = TIER_TABLE(GRADED_RANGE)
    at = graded[0].index("What would lift it")
    assert TIER_TABLE(GRADED_RANGE, asked) == [[line[at]] for line in graded]
