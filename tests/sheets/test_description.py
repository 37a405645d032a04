"""A table is described once: by its columns, for a frame or for records."""

from datetime import datetime
from typing import Any, NamedTuple

import narwhals as nw
import polars as pl
import pytest

from tierxl.method.rating.figures import Cut
from tierxl.sheets.description import LAST_ROW, Area, Cell, Column, ConditionalFormat, Sheet, Table, chosen
from tierxl.sheets.texts import as_text, texts_of


class Client(NamedTuple):
    name: str
    share: float


CLIENTS = [Client("Abel", 0.49996), Client("Baker", 0.7)]
COLUMNS = (
    Column("Client", 30, value="name", colours={"Abel": "good"}),
    Column("Share", 10, "percent", "share", above=(0.6, "overdue")),
)
FRAME = nw.from_native(pl.DataFrame(CLIENTS, schema=["name", "share"], orient="row"))


@pytest.mark.parametrize("data", [CLIENTS, FRAME], ids=["records", "a frame"])
def test_a_table_shows_the_same_of_records_and_of_a_frame(data: Any):
    table = Table.of(data, COLUMNS, 5, cuts={"Share": [Cut(0.5)]}, title="Shares")
    assert (table.headers, table.widths, table.styles) == (("Client", "Share"), (30, 10), ("text", "percent-3"))
    assert list(table.rows) == CLIENTS
    assert table.area == Area(5, 1, 7, 2)
    assert texts_of(table) == [["Abel", "49.996%"], ["Baker", "70.0%"]]


def test_a_value_can_be_made_of_a_record_or_by_an_expression():
    of_record = Table.of(CLIENTS, [Column("Client", value=lambda client: client.name.upper())])
    of_frame = Table.of(FRAME, [Column("Client", value=nw.col("name").str.to_uppercase())])
    assert list(of_record.rows) == list(of_frame.rows) == [("ABEL",), ("BAKER",)]


def test_a_title_says_how_many_rows_are_shown_where_not_all_have_room():
    assert Table.of(CLIENTS, COLUMNS, title="Who", room=1).title == "Who (the first 1 of 2: a sheet has no more rows)"
    assert Table.of(CLIENTS, COLUMNS, title="Who").title == "Who"


def test_the_title_of_a_table_stands_above_it_and_its_formats_hold_for_its_rows():
    sheet = Sheet("Shares", [Table.of(CLIENTS, COLUMNS, 5, title="Who")], ["A note."])
    assert sheet.kind == "shares"
    assert sheet.cells == [Cell(1, 1, "Shares", "title"), Cell(2, 1, "A note.", "note"), Cell(4, 1, "Who", "section")]
    assert sheet.conditional_formats == [
        ConditionalFormat(Area(6, 1, 7, 1), {"Abel": "good"}),
        ConditionalFormat(Area(6, 2, 7, 2), {}, (0.6, "overdue")),
    ]


def test_rows_of_large_letters_are_as_high_as_these():
    sheet = Sheet("Shares", [Table.of(CLIENTS, COLUMNS, 5, title="Who")], heights={3: 40})
    assert sheet.row_heights == {1: 26, 3: 40, 4: 20}


def test_only_a_long_table_of_the_workbook_has_buttons_that_filter():
    long = [*CLIENTS] * 5
    assert [
        Table.of(data, COLUMNS, name=name).is_filtered for data, name in ((CLIENTS, "T"), (long, "T"), (long, ""))
    ] == [False, True, False]


def test_what_holds_for_a_column_of_a_table_that_grows_holds_to_the_last_row():
    assert Table.of(CLIENTS, COLUMNS, grows=True).column_area("Share") == Area(2, 2, LAST_ROW, 2)


def test_another_table_chooses_columns_and_gives_them_its_widths():
    assert [(it.header, it.width, it.style) for it in chosen(COLUMNS, {"Share": 4})] == [("Share", 4, "percent")]


@pytest.mark.parametrize(
    ("value", "style", "text"),
    [
        (1234.5, "money", "1,234"), (12, "count", "12"), (0.1234, "percent", "12.3%"), (-3.2, "change", "-3"),
        (0.4, "change", "0"), (2, "change", "+2"), (0.126, "number", "0.13"), (0, "days", "none"), (7, "days", "7"),
        (datetime(2026, 11, 22), "date", "22 Nov 2026"), (None, "money", "none"), ("Abel", "text", "Abel"),
    ],
)  # fmt: skip
def test_a_value_reads_as_the_style_of_its_column_shows_it(value: Any, style: str, text: str):
    assert as_text(value, Column("", style=style), "none") == text
