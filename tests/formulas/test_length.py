"""Formulas that are too long for a cell are written in several."""

import pytest

from tierxl.formulas.code import arguments_of, references
from tierxl.formulas.graded import live_formulas
from tierxl.method.table.columns import COLUMNS

pytestmark = pytest.mark.long

FIELDS = [column.field for column in COLUMNS]


@pytest.mark.parametrize("fields", [FIELDS, ["client", "revenue", "previous_revenue", "margin"], ["revenue", "profit"]])
def test_no_formula_is_too_long_with_names_of_fifty_characters(fields: list[str]):
    columns = live_formulas(fields).columns
    assert max(len(text) + 50 * len(references(text)) for text in columns.values()) <= 8_192


@pytest.mark.parametrize(
    ("text", "arguments"),
    [
        ('IF(A(1,2)>"x,)",⟨b,(⟩,C(D,(E)))', ['A(1,2)>"x,)"', "⟨b,(⟩", "C(D,(E))"]),
        ("A(1)&B(2)", []),
        ('"a"&A(1)', []),
        ("⟨a⟩", []),
    ],
)
def test_the_arguments_of_a_function_are_those_of_the_whole_formula(text: str, arguments: list[str]):
    assert arguments_of(text) == arguments
