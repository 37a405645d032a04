"""Cells of a sheet: their values and styles, what they offer, their live colours, and how wide and high they are."""

import re

from com.sun.star.beans import PropertyValue
from com.sun.star.sheet.CellFlags import DATETIME, FORMULA, STRING, VALUE
from com.sun.star.sheet.ConditionOperator import BETWEEN, EQUAL, GREATER, GREATER_EQUAL
from com.sun.star.sheet.ConditionOperator import FORMULA as BY_FORMULA
from com.sun.star.sheet.ValidationAlertStyle import WARNING
from com.sun.star.sheet.ValidationType import ANY, CUSTOM, DECIMAL, LIST, WHOLE

from tierxl_in_calc.areas import cells_at, runs, together
from tierxl_in_calc.looks import POINT
from tierxl_in_calc.stretches import stretches
from tierxl_in_calc.view import set_row_height

CONTENTS = VALUE | DATETIME | STRING | FORMULA
_BLOCK = 5_000
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""The characters that no file of a spreadsheet can hold."""


def fill(sheet, top, left, lines):
    """Write values, rows of equal length, from a cell on. A text stays a text, whatever it starts with.

    A blank is an empty text: LibreOffice 7.4 ends when it gets nothing for a cell of a column without any.
    """
    right = left + len(lines[0]) - 1
    for start in range(0, len(lines), _BLOCK):
        block = lines[start : start + _BLOCK]
        area = [top + start, left, top + start + len(block) - 1, right]
        cells_at(sheet, area).setDataArray(tuple(zip(*map(_plain, zip(*block)))))


def empty_again(cells, step):
    """Let those cells that are empty be so again when the step is undone: LibreOffice leaves what is written there."""
    step.beside(undo=_emptying(cells))


def empty_still(cells, step):
    """Let those cells that are empty be so when the step is made again: LibreOffice leaves what was there before it."""
    step.beside(redo=_emptying(cells))


def _emptying(cells):
    empty = cells.queryEmptyCells()
    return (lambda: empty.clearContents(CONTENTS)) if empty.Count else None


def _plain(column):
    """The values of a column as LibreOffice takes them."""
    if set(map(type, column)) == {str} and "".join(column).isprintable():
        return column
    return list(map(_plain_value, column))


def _plain_value(value):
    if isinstance(value, str):
        return value if value.isprintable() else _NOT_XML.sub("\ufffd", value)
    return "" if value is None else float(value)


def answers_in(lines, top, left):
    """The areas whose values are answers, true or false."""
    return [
        [top + start, left + at, top + end - 1, left + at]
        for at, column in enumerate(zip(*lines))
        if bool in set(map(type, column))
        for start, end, is_answer in runs(isinstance(value, bool) for value in column)
        if is_answer
    ]


def show_answers(document, sheet, areas, looks):
    """Show TRUE and FALSE instead of numbers."""
    if areas:
        together(document, sheet, areas).NumberFormat = looks.number_format("BOOLEAN")


def colour(sheet, colouring, beneath, looks, step):
    """Add live colours to an area whose cells have a style.

    LibreOffice does not bring the earlier ones of the area back as they were when it undoes this, so the step does.
    """
    cells = cells_at(sheet, colouring["area"])
    rules = [
        (BY_FORMULA, formula.replace(",", ";"), looks.over(beneath, style))
        for formula, style in colouring["formulas"].items()
    ]
    rules += [(EQUAL, _quoted(text), looks.over(beneath, style)) for text, style in colouring["styles"].items()]
    if colouring["above"]:
        limit, style = colouring["above"]
        rules.append((GREATER, f"{limit:g}", looks.over(beneath, style)))
    before = _rules_of(sheet, cells)
    if rules != before:
        if before:
            step.beside(lambda: _set_rules(cells, before))
        _set_rules(cells, rules)


def _rules_of(sheet, cells):
    """The live colours that just these cells have: the operator, formula and style of each."""
    address = cells.AbsoluteName.replace("$", "")
    if not any(
        conditional_format.Range.RangeAddressesAsString.replace("$", "") == address
        for conditional_format in sheet.ConditionalFormats.getConditionalFormats()
    ):
        return []
    rules = cells.getCellByPosition(0, 0).ConditionalFormat
    return [(rules[at].Operator, rules[at].Formula1, rules[at].StyleName) for at in range(rules.Count)]


def _set_rules(cells, rules):
    conditions = cells.ConditionalFormat
    conditions.clear()
    for operator, formula, style in rules:
        properties = {
            "Operator": operator,
            "Formula1": formula,
            "StyleName": style,
            "SourcePosition": cells.getCellByPosition(0, 0).CellAddress,
        }
        conditions.addNew(tuple(PropertyValue(name, 0, value, 0) for name, value in properties.items()))
    cells.ConditionalFormat = conditions


def offer(sheet, choices):
    """Offer a list of values for the cells of an area, or limit its numbers; another value is questioned, not refused.

    Without values and limits it is an input message only.
    """
    cells, values = cells_at(sheet, choices["area"]), choices["values"]
    validation = cells.Validation
    validation.Type, validation.IgnoreBlankCells = LIST if values else ANY, True
    if values:
        validation.setFormula1(";".join(map(_quoted, values)))
        validation.ShowList = 1
        validation.ShowErrorMessage, validation.ErrorAlertStyle = True, WARNING
        validation.ErrorTitle, validation.ErrorMessage = "Not on the list", f"Expected: {', '.join(values)}."
    if choices["limits"]:
        kind, first, last, title, message = choices["limits"]
        validation.Type = {"whole": WHOLE, "decimal": DECIMAL, "custom": CUSTOM}[kind]
        validation.setOperator(BETWEEN if last else GREATER_EQUAL)
        validation.setSourcePosition(cells.getCellByPosition(0, 0).CellAddress)
        validation.setFormula1(first)
        validation.setFormula2(last)
        validation.ShowErrorMessage, validation.ErrorAlertStyle = True, WARNING
        validation.ErrorTitle, validation.ErrorMessage = title, message
    if choices["prompt"]:
        validation.ShowInputMessage = True
        validation.InputTitle, validation.InputMessage = choices["title"], choices["prompt"]
    cells.Validation = validation


def _quoted(text):
    return '"' + text.replace('"', '""') + '"'


def set_widths(sheet, widths, character):
    """Give columns, by their numbers, their widths in characters, of which each is so wide."""
    for first, last in stretches(sorted(widths)):
        numbers = range(first, last + 1)
        for start, end, width in runs(widths[number] for number in numbers):
            area = [1, numbers[start], 1, numbers[end - 1]]
            cells_at(sheet, area).Columns.Width = round(width * character)


def set_heights(document, sheet, heights):
    """Give rows, by their numbers, their heights in points. Rows that the user has hidden stay as they are."""
    areas = {}
    for first, last in stretches(sorted(heights)):
        for visible in cells_at(sheet, [first, 1, last, 1]).queryVisibleCells().RangeAddresses:
            top = visible.StartRow + 1
            for start, end, points in runs(heights[row] for row in range(top, visible.EndRow + 2)):
                areas.setdefault(points, []).append([top + start, 1, top + end - 1, 1])
    for points, alike in areas.items():
        height = round(points * POINT)
        if not set_row_height(document, sheet, together(document, sheet, alike), height):
            for area in alike:
                cells_at(sheet, area).Rows.Height = height
