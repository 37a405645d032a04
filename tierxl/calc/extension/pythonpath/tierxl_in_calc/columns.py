"""The graded columns, written beside the user's."""

from tierxl_in_calc.areas import cells_at, together
from tierxl_in_calc.cells import (
    answers_in,
    colour,
    empty_again,
    empty_still,
    fill,
    offer,
    set_heights,
    set_widths,
    show_answers,
)
from tierxl_in_calc.stretches import stretches
from tierxl_in_calc.tables import set_table
from tierxl_in_calc.view import freeze, toggle_buttons


def write_columns(document, graded, looks, step, character):
    """Write the graded columns, and what comes with them; characters of a column are so wide."""
    sheet = document.Sheets[graded["sheet"]]
    _write_values(document, sheet, graded, looks, step)
    _dress(sheet, graded, looks, step)
    set_widths(sheet, dict(graded["widths"]), character)
    set_heights(document, sheet, {graded["header_row"]: graded["header_height"]})
    for choices in graded["choices"]:
        offer(sheet, choices)
    if graded["table"]:
        set_table(document, sheet, graded["table"])
    if graded["filtered"]:
        toggle_buttons(document, cells_at(sheet, graded["filtered"]))
    if graded["frozen"]:
        freeze(document, graded["sheet"], graded["frozen"])
        step.beside(
            lambda: freeze(document, graded["sheet"], None), lambda: freeze(document, graded["sheet"], graded["frozen"])
        )


def _write_values(document, sheet, graded, looks, step):
    """Write the headers and the grades, and blanks in the rows of removed clients."""
    by_number = {column["column"]: column for column in graded["columns"]}
    top, rows = graded["header_row"], sorted([*graded["rows"], *graded["removed_rows"]])
    across, down = stretches(sorted(by_number)), stretches(rows)
    areas = [[first, left, last, right] for first, last in [(top, top), *down] for left, right in across]
    cells = together(document, sheet, areas)
    empty_again(cells, step)
    looks.clear(cells)
    # Styles come before values: a text that looks like a formula gets a format for texts with its value.
    for number, column in by_number.items():
        cells_at(sheet, [top, number] * 2).CellStyle = looks.of_cells(column["header_style"], graded["vertical"])
        below = [[first, number, last, number] for first, last in down]
        together(document, sheet, below).CellStyle = looks.of_cells(column["style"], graded["vertical"])
    answers = []
    for left, right in across:
        columns = [by_number[number] for number in range(left, right + 1)]
        fill(sheet, top, left, [[column["header"] for column in columns]])
        lines = dict.fromkeys(graded["removed_rows"], [None] * len(columns))
        lines.update(zip(graded["rows"], zip(*(column["values"] for column in columns))))
        for first, last in down:
            block = [lines[row] for row in range(first, last + 1)]
            fill(sheet, first, left, block)
            answers += answers_in(block, first, left)
    show_answers(document, sheet, answers, looks)
    empty_still(cells, step)


def _dress(sheet, graded, looks, step):
    """Live colours, for clients to come as well."""
    styles = {column["column"]: column["style"] for column in graded["columns"]}
    for colouring in graded["colourings"]:
        beneath = looks.of_cells(styles[colouring["area"][1]], graded["vertical"])
        colour(sheet, colouring, beneath, looks, step)
