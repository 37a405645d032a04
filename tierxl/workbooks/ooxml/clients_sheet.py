"""The frame of the clients' sheet, around its rows: what a grading changes there, and nothing else."""

from collections.abc import Collection, Sequence
from copy import deepcopy

from openpyxl.utils import get_column_letter

from tierxl.sheets import clients as look
from tierxl.sheets.description import LAST_ROW, Area
from tierxl.workbooks.layout import Layout
from tierxl.workbooks.live_columns import LiveColumns
from tierxl.workbooks.ooxml.cell_range import areas_of, reference
from tierxl.workbooks.ooxml.package import MAIN, RELATED, Element, element, holder, put, whole
from tierxl.workbooks.ooxml.print_setup import page_setup
from tierxl.workbooks.ooxml.sheet_xml import reach_over
from tierxl.workbooks.outline import Place
from tierxl.workbooks.stretches import stretches

_ORDER = (
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr", "sheetProtection",
    "protectedRanges", "scenarios", "autoFilter", "sortState", "dataConsolidate", "customSheetViews", "mergeCells",
    "phoneticPr", "conditionalFormatting", "dataValidations", "hyperlinks", "printOptions", "pageMargins", "pageSetup",
    "headerFooter", "rowBreaks", "colBreaks", "customProperties", "cellWatches", "ignoredErrors", "smartTags",
    "drawing", "legacyDrawing", "legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems",
    "tableParts", "extLst",
)  # fmt: skip
"""The order that the format gives to what a sheet is made of."""


def change_frame(frame: Element, place: Place, layout: Layout, drafted: Element, colours: dict[int, int]) -> None:
    """Change the frame of the clients' sheet.

    Args:
        frame: the frame; it is changed.
        place: where the clients stand.
        layout: what changes.
        drafted: the frame of the drafted sheet, with our live colours and lists.
        colours: the number in the workbook of each style of the draft's live colours.
    """
    reach_over(frame, Area(place.header_row, min(layout.columns.values()), place.last, max(layout.columns.values())))
    if layout.frozen and layout.beside:
        _freeze(frame, layout.frozen, layout.beside)
    _set_widths(frame, layout.widths, layout.live.hidden if layout.live else ())
    _part(frame, layout.parted)
    _clear_colours(frame, set(layout.columns.values()), place.first, _texts_of_ours(layout))
    _add_colours(frame, drafted, colours)
    _add_lists(frame, drafted)
    if layout.pages and layout.pages.scale:
        put(frame, page_setup(layout.pages.scale), _ORDER)
    if layout.filtered:
        put(frame, element("autoFilter", ref=reference(layout.filtered)), _ORDER)
    if layout.live:
        _accept_formulas(frame, place, layout.live)


def _accept_formulas(frame: Element, place: Place, live: LiveColumns) -> None:
    """Let Excel not mark formulas that differ in their form from those that new rows of the table get."""
    ignored = holder(frame, "ignoredErrors", _ORDER)
    for earlier in ignored.findall(f"{{{MAIN}}}ignoredError[@calculatedColumn]"):
        ignored.remove(earlier)
    areas = (Area(place.first, first, LAST_ROW, last) for first, last in stretches(sorted(live.in_cells)))
    ignored.append(element("ignoredError", sqref=" ".join(map(reference, areas)), calculatedColumn="1"))


def add_table(frame: Element, relationship: str) -> None:
    """Add a table to a sheet, by the id of the relationship to its part."""
    tables = holder(frame, "tableParts", _ORDER)
    tables.append(element("tablePart", **{f"{{{RELATED}}}id": relationship}))
    tables.set("count", str(len(tables)))


def _freeze(frame: Element, first: tuple[int, int], beside: int) -> None:
    """Freeze the panes of each view above and left of a cell, with a column beside those that stay."""
    row, column = first
    views = holder(frame, "sheetViews", _ORDER)
    if not len(views):
        views.append(element("sheetView", workbookViewId="0"))
    for view in views.iterfind(f"{{{MAIN}}}sheetView"):
        if view.get("view") == "pageLayout":
            continue  # such a view has no panes
        view.attrib.pop("topLeftCell", None)  # where the view is scrolled to would be frozen
        pane = element("pane", xSplit=str(column - 1), ySplit=str(row - 1))
        pane.set("topLeftCell", f"{get_column_letter(beside)}{row}")
        pane.set("activePane", "bottomRight")
        pane.set("state", "frozen")
        selections = view.findall(f"{{{MAIN}}}selection") or [element("selection")]
        for selection in selections:
            selection.set("pane", "bottomRight")
        others = [element("selection", pane=name) for name in ("topRight", "bottomLeft")]
        for at, child in enumerate((pane, *others, *selections)):
            view.insert(at, child)


def _set_widths(frame: Element, widths: dict[int, float], hidden: Collection[int]) -> None:
    """Give columns a width, and hide some of them; where one shares a width with its neighbours, these keep theirs."""
    if not widths:
        return
    columns = holder(frame, "cols", _ORDER)
    for shared in list(columns):
        span = range(whole(shared, "min", 1), whole(shared, "max") + 1)
        if not any(number in span for number in widths):
            continue
        columns.remove(shared)
        inner = sorted(number for number in widths if number in span)
        for start, end in zip([span.start, *(number + 1 for number in inner)], [*inner, span.stop], strict=True):
            if start < end:
                part = deepcopy(shared)
                part.set("min", str(start))
                part.set("max", str(end - 1))
                columns.append(part)
    for number, width in widths.items():
        out_of_sight = {"hidden": "1"} if number in hidden else {}
        column = element("col", min=str(number), max=str(number), width=f"{width:g}", **out_of_sight, customWidth="1")
        columns.append(column)
    columns[:] = sorted(columns, key=lambda column: whole(column, "min", 1))


def _part(frame: Element, areas: Sequence[Area]) -> None:
    """Part merged cells."""
    merged = frame.find(f"{{{MAIN}}}mergeCells")
    if merged is not None:
        for cell in list(merged):
            if set(areas_of(cell.get("ref"))) & set(areas):
                merged.remove(cell)
        merged.set("count", str(len(merged)))
        if not len(merged):
            frame.remove(merged)


def _texts_of_ours(layout: Layout) -> set[str]:
    """The formulas of our live colours: a text that a cell is compared with, or the condition of a mark."""
    words = {f'"{text}"' for styles in look.GRADED_COLOURS.values() for text in styles}
    return words | {formula for colouring in layout.colourings for formula in colouring.formulas}


def _clear_colours(frame: Element, columns: set[int], first: int, ours: set[str]) -> None:
    """Take away the live colours of an earlier grading: rules of ours that cover nothing but graded cells."""
    for formatting in frame.findall(f"{{{MAIN}}}conditionalFormatting"):
        cells = formatting.get("sqref", "")
        areas = areas_of(cells)
        are_ours = len(areas) == len(cells.split()) and all(
            area.bottom == LAST_ROW and area.top >= first for area in areas
        )
        if are_ours and all(set(range(area.left, area.right + 1)) <= columns for area in areas):
            for rule in formatting.findall(f"{{{MAIN}}}cfRule"):
                formulas = {formula.text for formula in rule.iterfind(f"{{{MAIN}}}formula")}
                if rule.get("type") in ("cellIs", "expression") and formulas <= ours:
                    formatting.remove(rule)
            if not len(formatting):
                frame.remove(formatting)


def _add_colours(frame: Element, drafted: Element, colours: dict[int, int]) -> None:
    before = max((whole(rule, "priority") for rule in frame.iter("{*}cfRule")), default=0)
    for formatting in drafted.findall(f"{{{MAIN}}}conditionalFormatting"):
        added = deepcopy(formatting)
        for rule in added.iterfind(f"{{{MAIN}}}cfRule"):
            rule.set("priority", str(int(rule.get("priority")) + before))
            rule.set("dxfId", str(colours[int(rule.get("dxfId"))]))
        put(frame, added, _ORDER)


def _add_lists(frame: Element, drafted: Element) -> None:
    added = drafted.findall(f"{{{MAIN}}}dataValidations/{{{MAIN}}}dataValidation")
    if added:
        validations = holder(frame, "dataValidations", _ORDER)
        validations.extend(deepcopy(validation) for validation in added)
        validations.set("count", str(len(validations)))
