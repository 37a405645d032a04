"""Rows that are no clients: totals, subtotals and notes; and clients who are called like one."""

from collections.abc import Sequence
from typing import Any

import narwhals as nw
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tierxl.method.table.headers import Headers
from tierxl.method.table.rows import LeftOut, adds_other_rows, is_amount, rows_without_client, sentence_on

Line = tuple[Any, ...]


def left_out(
    lines: Sequence[Line],
    headers: Sequence[str] = ("Client", "Revenue"),
    rows: Sequence[int] | None = None,
    **more: Any,
) -> list[Line]:
    """The rows that are no clients: what each is, and its text."""
    columns = list(zip(*lines, strict=True))
    texts = {header: list(map(_as_written, column)) for header, column in zip(headers, columns, strict=True)}
    frame = nw.from_native(pl.DataFrame(texts))
    rows = rows or range(2, len(lines) + 2)
    return [(kind, text) for _, kind, text in rows_without_client(frame, Headers.of(headers), rows, **more)]


def _as_written(cell: object) -> str | None:
    return None if cell is None else str(cell)


THREE = [("Alder Freight", 100), ("Birch Foods", 250), ("Cedar Legal", 50)]


WORDS = """Total;TOTAL:;Grand Total;Total (3 records);*** Total ***;Average;Count;Summe;Gesamtsumme;Zwischensumme
Durchschnitt;Anzahl;Total général;Sous-total;Suma;Totale;Totaal;Soma""".replace("\n", ";").split(";")


@pytest.mark.parametrize("word", WORDS)
def test_a_row_with_nothing_but_a_word_for_a_total_and_amounts_is_no_client(word: str):
    assert [text for _, text in left_out([*THREE, (word, 400)])] == [word]
    assert [text for _, text in left_out([*THREE, (word, 17)])] == [word], "though nothing adds up to it"


SUMS = [
    pytest.param("Freight Total", 400, id="ends with the word"),
    pytest.param("Total freight", "401", id="rounded by less than half a percent"),
    pytest.param("(EUR) Total 2025", 400, id="behind brackets, with a year"),
    pytest.param("Average of all", 133.33, id="the average"),
    pytest.param("Count of clients", 3, id="the number"),
    pytest.param(None, "400.00", id="no name"),
]


@pytest.mark.parametrize(("name", "revenue"), SUMS)
def test_a_name_with_such_a_word_or_none_is_a_total_where_its_revenue_is_that_of_the_rows_above(
    name: str | None, revenue: object
):
    assert len(left_out([*THREE, (name, revenue)])) == 1


CLIENTS = [
    pytest.param("Total Energies", 17, id="a revenue of its own"),
    pytest.param("Total Energies", 403, id="nearly the sum"),
    pytest.param("Totally Green", 400, id="another word"),
    pytest.param("Media Markt", 400, id="the sum, but no average"),
    pytest.param("Elm Media", 132.7, id="nearly the average"),
    pytest.param("Elm Media", 133.33, id="the average, by a word for it at the end"),
    pytest.param("Elm Max", 3, id="the number, likewise"),
    pytest.param("Total Energies", None, id="no revenue"),
    pytest.param(None, 17, id="no name, and no sum"),
]


@pytest.mark.parametrize(("name", "revenue"), CLIENTS)
def test_a_client_who_is_called_like_a_total_stays(name: str | None, revenue: object):
    assert left_out([*THREE, (name, revenue)]) == []


def test_a_client_called_total_stays_where_more_than_amounts_is_known_of_it():
    headers = ("Client", "Segment", "Revenue", "Last contact")
    lines = [("Alder", "Legal", 100, None), ("Birch", "Legal", 50, None)]
    assert left_out([*lines, ("Total", "Oil", 70, None)], headers) == []
    assert left_out([*lines, ("Total", None, 70, "2026-06-20")], headers) == []
    assert left_out([*lines, ("Total", None, 70, None)], headers) == [("total", "Total")]


def test_a_second_client_called_like_a_total_stays_though_it_brings_as_much_as_the_first():
    assert left_out([("Alder Freight", 100), ("Total Energies", 100)]) == []


def test_the_subtotal_of_a_single_client_is_known_by_its_segment():
    headers = ("Segment", "Client", "Revenue")
    lines = [("Energy", "Alder", 100), ("Energy Total", None, 100), ("Total Legal", "Birch", 100)]
    assert left_out(lines, headers) == [("subtotal", "Energy Total")]


SEGMENTS = [
    ("Legal", "Alder", "100"),
    ("Legal", "Birch", "50"),
    ("Legal Total", None, "150"),
    ("Retail", "Cedar", "30"),
    ("Retail", "Dun", "20"),
    ("Retail Total", None, "50"),
]


def test_subtotals_are_sums_since_the_last_one_and_the_grand_total_is_that_of_all():
    lines = [*SEGMENTS, ("South", None, "200"), ("Legal", "Elm", "5"), ("Grand total", None, "205")]
    kinds = left_out(lines, ("Segment", "Client", "Revenue"))
    assert kinds == [
        ("subtotal", "Legal Total"),
        ("subtotal", "Retail Total"),
        ("total", "South"),
        ("total", "Grand total"),
    ]


PIVOT = [
    ("North", 500), ("Alder", 300), ("Birch", 200),
    ("South", 400), ("Cedar", 398), ("Dun", 2), ("Elm", None),
    ("West", 90.5), ("Fern", 90.5), ("Gorse", 0),
]  # fmt: skip
"""A pivot table pasted as values: each region above its clients."""


def test_subtotals_above_their_clients_are_known_by_a_total_that_is_half_of_all():
    groups = [("subtotal", region) for region in ("North", "South", "West")]
    assert left_out([*PIVOT, ("Grand Total", 990.5)]) == [*groups, ("total", "Grand Total")]
    assert left_out([*PIVOT, ("Grand Total", 991)]) == [*groups, ("total", "Grand Total")]


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(PIVOT, id="no total proves it"),
        pytest.param([*PIVOT, ("Total", 1981)], id="the total is that of all rows"),
        pytest.param([*PIVOT, ("Heath", 19), ("Total", 1000)], id="one client is in no group"),
        pytest.param(
            [("Alder", 300), ("Birch", 300), ("Cedar", 9), ("Dun", 9), ("Total", 309)], id="pairs that are equal"
        ),
    ],
)
def test_rows_that_happen_to_be_sums_of_those_below_stay(lines: list[Line]):
    assert [text for kind, text in left_out(lines) if text != "Total"] == []


def test_a_legend_beside_the_list_and_longer_than_it_is_no_client():
    headers = ("Client", "Revenue", "Pain", "Code", "Meaning")
    legend = [("H", "High"), ("M", "Medium"), ("L", "Low"), ("X", "Nobody knows")]
    listed = [("Alder", 100, "High"), ("Birch", 250, None), (None, None, "Low"), (None, None, None)]
    lines = [(*line, *beside) for line, beside in zip(listed, legend, strict=True)]
    assert left_out(lines, headers) == [("note", "X")]


def test_a_total_with_nothing_in_a_column_that_is_used_is_named_once():
    lines = [("1", "Alder", 100, 3), ("2", "Birch", 250, 4), ("Total", None, None, 7)]
    assert left_out(lines, ("Number", "Client", "Revenue", "Visits")) == [("total", "Total")]


def test_headers_once_more_are_named_once_by_that_of_the_clients():
    lines = [("1", "Alder", "100"), ("No", "Client", "Revenue"), ("2", "Birch", "250")]
    assert left_out(lines, ("No", "Client", "Revenue")) == [("repeated header", "Client")]
    lines = [("1", "Alder", "100"), ("No", "Client", "Fees FY26 (£)"), ("2", "Birch", "250")]
    assert left_out(lines, ("No", "Client", "Fees FY26 (£)")) == [("repeated header", "Client")]


def test_a_number_of_clients_proves_no_subtotals():
    assert left_out([("Alder", 3), ("Birch", 2), ("Cedar", 1), ("Count", 3)]) == [("total", "Count")]


def test_lines_below_the_grand_total_are_notes_where_they_have_no_revenue():
    end = [("Total", 400), (None, None), ("Source: our books", None), ("as of 12 Nov 2026", None)]
    assert left_out([*THREE, *end]) == [
        ("total", "Total"),
        ("note", "Source: our books"),
        ("note", "as of 12 Nov 2026"),
    ]


REMARKS = [
    pytest.param([("* excl. VAT", None)], ["* excl. VAT"], id="with a star"),
    pytest.param([("red = at risk", None)], ["red = at risk"], id="with an equals sign"),
    pytest.param([("Source: our books", None), ("as of 12 Nov", None)], ["Source: our books"], id="with a colon"),
    pytest.param(
        [(None, None), ("All amounts in thousand pounds", None), ("Dun Clinics", None)],
        ["All amounts in thousand pounds"],
        id="a sentence below a blank row",
    ),
    pytest.param([("The Boys and Girls Brigade", None)], [], id="a long name right below the others"),
    pytest.param([("* Dun Clinics", 50)], [], id="a client with a star"),
    pytest.param([("Prospects:", None), ("Dun Clinics", 50)], [], id="a heading among clients"),
]


@pytest.mark.parametrize(("end", "remarks"), REMARKS)
def test_remarks_at_the_end_of_a_list_without_a_total_are_notes(end: list[Line], remarks: list[str]):
    assert left_out([*THREE, *end]) == [("note", text) for text in remarks]


def test_a_blank_row_that_was_taken_away_still_parts_a_sentence_from_the_clients():
    lines = [*THREE, ("All amounts in thousand pounds", None)]
    assert left_out(lines, rows=[2, 3, 4, 6]) == [("note", "All amounts in thousand pounds")]


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param([*THREE, ("Dun Clinics", None)], id="no total"),
        pytest.param([("Total", 450), *THREE, ("Dun Clinics", None), ("Elm", 50)], id="a total above clients"),
        pytest.param([*THREE, ("Subtotal", 400), ("Dun Clinics", None)], id="a subtotal"),
    ],
)
def test_a_client_without_revenue_is_no_note(lines: list[Line]):
    assert "note" not in [kind for kind, _ in left_out(lines)]


FORMULAS = [
    pytest.param("=SUM(B2:B4)", True, id="of the rows above"),
    pytest.param("=SUBTOTAL(109,B2:B4)", True, id="of what a filter shows"),
    pytest.param("=SUBTOTAL(109,Clients[Revenue])", True, id="of a column of a table"),
    pytest.param("=B2+SUM(B3,B4)", True, id="of single cells"),
    pytest.param("=SUM(C5:N5)", False, id="of the months of one client"),
    pytest.param("=SUM(Clients[@[Jan]:[Dec]])", False, id="of the months of one client in a table"),
    pytest.param("=B2*2", False, id="no sum"),
    pytest.param("=SUMIFS(Invoices!$B$2:$B$99,Invoices!$A$2:$A$99,A5)", False, id="of the client's invoices"),
    pytest.param("=SUM('Invoices 2026'!B2:B9)", False, id="of rows of another sheet"),
    pytest.param('=SUMIF(Invoices!A:A,"Total Energies",Invoices!B:B)', False, id="of columns of another sheet"),
    pytest.param('=SUMIFS(Invoices[Amount],Invoices[Client],"Total Energies")', False, id="of one client in a table"),
    pytest.param("=SUM(Jan:Dec!B5)", False, id="of the same cell of other sheets"),
    pytest.param("=SUMIFS($Invoices.B2:B99;$Invoices.A2:A99;A5)", False, id="of the client's invoices, in Calc"),
    pytest.param("=SUM($'My invoices'.B2:$'My invoices'.B9)", False, id="of a named range on both sides, in Calc"),
    pytest.param("=SUM(Sheet1!B2:Sheet1!B9)", False, id="of another sheet, named twice"),
    pytest.param('=SUMIF(A2:A4,"North",B2:B4)', True, id="of some of the rows above"),
]


@pytest.mark.parametrize(("formula", "is_total"), FORMULAS)
def test_a_formula_that_adds_other_rows_tells_a_total_whatever_its_value(formula: str, is_total: bool):
    assert adds_other_rows(formula, 5) is is_total
    found = left_out([*THREE, ("Total Energies", 0)], formulas=lambda places: dict.fromkeys(places, formula))
    assert len(found) == is_total


def test_formulas_are_asked_of_likely_rows_only():
    asked = []
    left_out([*THREE, ("Total", 400)], formulas=lambda places: asked.append(list(places)) or {})
    left_out(THREE, formulas=lambda places: asked.append(list(places)) or {})
    assert asked == [[3]]


@pytest.mark.parametrize("cell", [5, 2.5, "1,200.50", "€ 1.200,-", "(500)", "12 Mio", "-", "$ -", "1'200 CHF"])
def test_what_is_an_amount(cell: object):
    assert is_amount(cell)


@pytest.mark.parametrize("cell", ["Oil", "2026-06-20", "20.06.2026", "0171 2345", "+44 20 7946", "12 clients", True])
def test_what_is_none(cell: object):
    assert not is_amount(cell)


def test_what_is_left_out_is_told_in_one_sentence():
    rows = [LeftOut(17, "total", "TOTAL"), LeftOut(19, "note", "Source: our books"), LeftOut(21, "total", "")]
    assert sentence_on(rows) == (
        '3 rows are no clients and were left out: row 17 "TOTAL", row 19 "Source: our books", '
        "row 21, a total without a name."
    )
    assert sentence_on(rows[:1] * 9).endswith('row 17 "TOTAL", 4 more.')
    assert sentence_on([]) == ""
    assert str(rows[0].issue) == 'row 17: "TOTAL" is a total and no client, and was left out'


def test_numbers_and_cells_of_several_kinds_are_read_in_any_frame():
    frame = pd.DataFrame({"Client": ["Alder", 4711, "Total"], "Revenue": ["100", 250.0, 350]})
    found = rows_without_client(nw.from_native(frame), Headers.of(list(frame)), range(2, 5))
    assert [row.position for row in found] == [2]


# --- Properties ------------------------------------------------------------------------------------------------------

names = st.text("abcdefgh", min_size=3, max_size=8).map(str.title)
revenues = st.integers(-1000, 100_000).filter(bool)
clients = st.lists(st.tuples(names, revenues), min_size=2, max_size=12)


@pytest.mark.hypothesis
@settings(deadline=None)
@given(clients, st.data())
def test_a_total_row_anywhere_legal_changes_nothing(lines: list[Line], data: st.DataObject):
    at = data.draw(st.integers(2, len(lines)))
    name = data.draw(st.sampled_from(["Total", "Subtotal", "Zwischensumme", "Total of these", None]))
    total = sum(revenue for _, revenue in lines[:at])
    if total == 0 and name in (None, "Total of these"):
        return
    assert [text for _, text in left_out([*lines[:at], (name, total), *lines[at:]])] == [name or ""]


@pytest.mark.hypothesis
@settings(deadline=None)
@given(st.lists(st.lists(st.tuples(names, st.integers(1, 100_000)), min_size=2, max_size=6), min_size=1, max_size=6))
def test_groups_of_any_size_below_their_subtotals_are_the_clients(groups: list[list[Line]]):
    sums = [(f"Group {at}", sum(revenue for _, revenue in group)) for at, group in enumerate(groups)]
    lines = [line for first, group in zip(sums, groups, strict=True) for line in (first, *group)]
    total = ("Total", sum(revenue for _, revenue in sums))
    assert [text for _, text in left_out([*lines, total])] == [*(name for name, _ in sums), "Total"]


@pytest.mark.hypothesis
@settings(deadline=None)
@given(clients, st.data())
def test_a_client_called_like_a_total_with_a_revenue_of_its_own_stays(lines: list[Line], data: st.DataObject):
    at = data.draw(st.integers(0, len(lines)))
    name = data.draw(st.sampled_from(["Total Energies", "Sum & Substance", "Grand Total Hotels", "Subtotal Software"]))
    above = sum(revenue for _, revenue in lines[:at])
    assert left_out([*lines[:at], (name, 2 * abs(above) + 7), *lines[at:]]) == []
