"""The graded columns, written beside the user's."""

from tierxl_in_calc.areas import cells_at, stretches, together
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
from tierxl_in_calc.tables import set_table
from tierxl_in_calc.view import freeze, toggle_buttons


def write_columns(document, told, looks, step, character):
    """Write the graded columns, and what comes with them; characters of a column are so wide."""
    sheet = document.Sheets[told["sheet"]]
    for area in told["parted"]:
        cells_at(sheet, area).merge(False)
    _write_values(document, sheet, told, looks, step)
    _dress(sheet, told, looks, step)
    new = {column["column"]: column["width"] for column in told["columns"] if column["width"]}
    set_widths(sheet, new, character)
    heights = {row: height for row, height in zip(told["rows"], told["heights"]) if height}
    if told["header_height"]:
        heights[told["header_row"]] = told["header_height"]
    set_heights(document, sheet, heights)
    for choices in told["choices"]:
        offer(sheet, choices)
    if told["table"]:
        set_table(document, sheet, told["table"])
    if told["filtered"]:
        toggle_buttons(document, cells_at(sheet, told["filtered"]))
    if told["frozen"]:
        freeze(document, told["sheet"], told["frozen"])
        step.beside(
            lambda: freeze(document, told["sheet"], None), lambda: freeze(document, told["sheet"], told["frozen"])
        )


def _write_values(document, sheet, told, looks, step):
    """Write the headers and the grades, and blanks where a client is gone."""
    by_number = {column["column"]: column for column in told["columns"]}
    top, rows = told["header_row"], sorted([*told["rows"], *told["gone"]])
    across, down = stretches(sorted(by_number)), stretches(rows)
    areas = [[first, left, last, right] for first, last in [(top, top), *down] for left, right in across]
    graded = together(document, sheet, areas)
    empty_again(graded, step)
    looks.clear(graded)
    # Styles come before values: a text that looks like a formula gets a format for texts with its value.
    for number, column in by_number.items():
        cells_at(sheet, [top, number] * 2).CellStyle = looks.of_cells(column["header_style"], told["vertical"])
        below = [[first, number, last, number] for first, last in down]
        together(document, sheet, below).CellStyle = looks.of_cells(column["style"], told["vertical"])
    answers = []
    for left, right in across:
        columns = [by_number[number] for number in range(left, right + 1)]
        fill(sheet, top, left, [[column["header"] for column in columns]])
        lines = dict.fromkeys(told["gone"], [None] * len(columns))
        lines.update(zip(told["rows"], zip(*(column["values"] for column in columns))))
        for first, last in down:
            block = [lines[row] for row in range(first, last + 1)]
            fill(sheet, first, left, block)
            answers += answers_in(block, first, left)
    show_answers(document, sheet, answers, looks)
    empty_still(graded, step)


def _dress(sheet, told, looks, step):
    """Live colours, for clients to come as well."""
    styles = {column["column"]: column["style"] for column in told["columns"]}
    for colouring in told["colourings"]:
        beneath = looks.of_cells(styles[colouring["area"][1]], told["vertical"])
        colour(sheet, colouring, beneath, looks, step)
