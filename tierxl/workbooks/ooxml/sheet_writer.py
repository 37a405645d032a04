"""Writing sheet descriptions into an openpyxl workbook: cells, tables, live colours and choices."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from copy import copy
from functools import cache
from typing import Any

import polars as pl
from openpyxl.cell.cell import Cell
from openpyxl.formatting.rule import CellIsRule, FormulaRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.table import Table as ExcelTable
from openpyxl.worksheet.table import TableColumn, TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet

from tierxl.formulas import placed, references
from tierxl.sheets.cells import LONGEST_TEXT
from tierxl.sheets.description import Area, ConditionalFormat, Sheet, Table
from tierxl.sheets.description import Cell as DescribedCell
from tierxl.sheets.lines import Value
from tierxl.sheets.styles import FONT, INK, LINE, STYLES, TABLE_STYLE, TABS, Style
from tierxl.workbooks.dimensions import free_name, header_styles, heights_of, long_columns, printed
from tierxl.workbooks.ooxml.bulk_cells import Block, Column, SharedFormula, by_kind, reads_as_formula
from tierxl.workbooks.ooxml.cell_range import reference
from tierxl.workbooks.ooxml.cell_texts import ESCAPE, without_controls
from tierxl.workbooks.ooxml.charts import add_chart
from tierxl.workbooks.ooxml.new_sheets import Draft
from tierxl.workbooks.ooxml.validation import add_validation

_FIRST_LIVE_FORMAT = 1_000
_LIVE_FORMATS = {
    code: number
    for number, code in enumerate(
        dict.fromkeys(style.number_format for style in STYLES.values()), start=_FIRST_LIVE_FORMAT
    )
}
"""The number of each number format in live colours, beyond those that openpyxl gives to the formats of cells."""


class SheetWriter:
    """Writes into one draft; it prepares each style once. The vertical alignment is that of all texts."""

    def __init__(self, draft: Draft, vertical: str = "top") -> None:
        self.book = draft.book
        self._draft = draft
        self._vertical = vertical
        self._prepared: dict[str, Any] = {}
        self._beside: dict[tuple[str, int], dict[str, str]] = {}

    def sheet(
        self, description: Sheet, title: str, position: int | None = None, titles: Mapping[str, str] | None = None
    ) -> Worksheet:
        """Write a described sheet as a new sheet; its links lead to the sheets with these titles, by kind."""
        titles = titles or {}
        sheet: Worksheet = self.book.create_sheet(title, position)
        sheet.sheet_view.showGridLines = False
        sheet.sheet_properties.tabColor = TABS[description.tab]
        for cell in description.cells:
            self._described_cell(sheet, cell)
            if cell.link in titles:
                add_link(sheet, cell.row, cell.column, titles[cell.link])
        for column, width in enumerate(description.widths, 1):
            set_width(sheet, column, width)
        written = {(cell.row, cell.column) for cell in description.cells}
        for table in description.tables:
            self.table(sheet, table, description.widths, written)
            for column in range(table.area.left, table.area.right + 1) if table.is_hidden else ():
                sheet.column_dimensions[get_column_letter(column)].hidden = True
        for colouring in description.conditional_formats:
            add_conditional_format(sheet, colouring, has_formulas=self._draft.places is not None)
        for choices in description.validations:
            add_validation(sheet, choices)
        for chart in description.charts:
            add_chart(sheet, chart)
        for row, height in description.row_heights.items():
            sheet.row_dimensions[row].height = max(height, sheet.row_dimensions[row].height or 0)
        if description.is_hidden:
            sheet.sheet_state = "hidden"
        sheet.protection.sheet = description.is_protected
        sheet.protection.autoFilter = sheet.protection.sort = not description.is_protected  # True takes them away
        if description.freeze:
            row, column = description.freeze
            sheet.freeze_panes = f"{get_column_letter(column)}{row}"
        _set_up_print(sheet, description)
        return sheet

    def _described_cell(self, sheet: Worksheet, cell: DescribedCell) -> None:
        """Write a described cell, merged with those that it spans; their borders are those of the merged cell."""
        self.write(sheet, cell.row, cell.column, cell.value, cell.style)
        self._formula(sheet, cell.row, cell.column, cell.formula)
        if cell.span > 1:
            right = cell.column + cell.span - 1
            sheet.merged_cells.add(reference(Area(cell.row, cell.column, cell.row, right)))
            for column in range(cell.column + 1, right + 1):
                self.write(sheet, cell.row, column, None, cell.style)

    def _formula(
        self, sheet: Worksheet, row: int, column: int, formula: str, beside: Mapping[str, str] | None = None
    ) -> None:
        """Let a cell have its value from a formula, in a workbook with formulas; beside are the cells of its row.

        A formula that looks at a column which the clients do not have is left out.
        """
        if not formula or self._draft.places is None:
            return
        places, near = self._draft.places, beside or {}
        while names := references(formula):
            if not all(name in near or name in places for name in names):
                return
            formula = placed(formula, lambda name: near[name] if name in near else places[name])
        self._draft.formulas.setdefault(sheet.title, {})[row, column] = formula

    def table(
        self,
        sheet: Worksheet,
        table: Table,
        widths: Sequence[float] = (),
        written: Collection[tuple[int, int]] = (),
    ) -> None:
        """Write a table, except where a cell was already written; the widths are those of the sheet's columns."""
        for at, (header, style) in enumerate(zip(table.headers, header_styles(table), strict=True)):
            if (table.row, table.column + at) not in written:
                self.write(sheet, table.row, table.column + at, header, style)
        has_formulas = self._draft.places is not None and any(column.formula for column in table.columns)
        columns = [] if has_formulas else long_columns(table)
        heights = {} if table.is_hidden else heights_of(table, columns, widths)
        if columns:
            rows = range(table.row + 1, table.row + 1 + len(table.rows))
            numbers = range(table.column, table.column + len(columns))
            of_rows = [heights.get(row) for row in rows]
            self.block(sheet, rows, zip(numbers, columns, table.styles, strict=True), of_rows)
            heights = {row: height for row, height in heights.items() if row not in rows}
        else:
            for row, line in enumerate(table.rows, table.row + 1):
                beside = self._beside.setdefault((sheet.title, row), {})
                for at, header in enumerate(table.headers, table.column):
                    beside[header] = f"{get_column_letter(at)}{row}"
                    beside[f"above {header}"] = f"{get_column_letter(at)}{row - 1}"
                    beside[f"list {header}"] = (
                        f"${get_column_letter(at)}${table.row + 1}:${get_column_letter(at)}${table.bottom}"
                    )
                for column, (value, described) in enumerate(zip(line, table.columns, strict=True), table.column):
                    if (row, column) not in written:
                        self.write(sheet, row, column, value, described.style)
                        self._formula(sheet, row, column, described.formula, beside)
        for row, height in heights.items():
            sheet.row_dimensions[row].height = height
        if table.name:
            names = {table.displayName.casefold() for sheet in self.book.worksheets for table in sheet.tables.values()}
            name = free_name(table.name, names | self._draft.names)
            add_table(sheet, table.area, name, table.headers, is_filtered=table.is_filtered)

    def block(
        self,
        sheet: Worksheet,
        rows: Sequence[int],
        columns: Iterable[tuple[int, Sequence[Value] | pl.Series, str]],
        heights: Sequence[float | None] = (),
        formulas: Mapping[int, tuple[str, int]] | None = None,
    ) -> None:
        """Write many cells at once.

        Args:
            sheet: the sheet.
            rows: the row of each line, in their order.
            columns: for each column its number, its values and its style, in their order.
            heights: how high each row is to be, in points; None leaves it.
            formulas: the formulas that columns share: by column, as the first row has it, and its number on the sheet.
        """
        written, formulas = [], formulas or {}
        for number, cells, style in columns:
            values = by_kind(cells, since_1904=self.book.epoch == CALENDAR_MAC_1904)
            as_text = any(map(reads_as_formula, values))
            style_id = self._style_id(sheet, style)
            text_style_id = self._style_id(sheet, style, as_text=True) if as_text else style_id
            shared = SharedFormula(*formulas[number], rows[0], rows[-1]) if number in formulas else None
            written.append(Column(number, values, style_id, text_style_id, shared))
        self._draft.blocks.setdefault(sheet.title, []).append(Block(rows, written, heights))

    def _style_id(self, sheet: Worksheet, name: str, *, as_text: bool = False) -> int:
        style = copy(self._style(sheet, name))
        style.quotePrefix = int(as_text)
        return int(self.book._cell_styles.add(style))  # noqa: SLF001  as openpyxl's own cells do

    def write(self, sheet: Worksheet, row: int, column: int, value: Value, style: str) -> Cell:
        """Write one cell with its style. Text stays text, whatever it starts with."""
        cell: Cell = sheet.cell(row, column)
        set_value(cell, value)
        cell._style = self._style(sheet, style)  # noqa: SLF001  openpyxl's own way to share a prepared style
        if isinstance(value, str) and value[:1] in ("=", "+", "-", "@"):
            cell._style = copy(cell._style)  # noqa: SLF001
            cell.quotePrefix = True
        return cell

    def _style(self, sheet: Worksheet, name: str) -> Any:
        if name not in self._prepared:
            scratch = Cell(sheet, row=1, column=1)
            style = STYLES[name]
            scratch.font = Font(
                name=FONT, size=style.size, bold=style.bold, italic=style.italic, color=style.colour or INK
            )
            if style.fill:
                scratch.fill = PatternFill("solid", fgColor=style.fill)
            horizontal = style.align or None
            scratch.alignment = Alignment(
                horizontal=horizontal,
                vertical=self._vertical,
                wrap_text=style.wrap or None,
                shrink_to_fit=style.shrink or None,
                indent=style.indent,
            )
            scratch.number_format = style.number_format
            if style.bordered:
                side = Side(style="thin", color=LINE)
                scratch.border = Border(left=side, right=side, top=side, bottom=side)
            self._prepared[name] = scratch._style  # noqa: SLF001
        return self._prepared[name]


def set_width(sheet: Worksheet, column: int, width: float) -> None:
    """Give a column a width, in characters."""
    sheet.column_dimensions[get_column_letter(column)].width = width


def set_value(cell: Cell, value: Value) -> None:
    """Give a cell a value; a text is never read as a formula, and fits what a workbook can hold."""
    if isinstance(value, str):
        literal = ESCAPE.sub("_x005F_", value)
        cell.value = without_controls(literal)[:LONGEST_TEXT]
        cell.data_type = "s"
    else:
        cell.value = value


def add_link(sheet: Worksheet, row: int, column: int, title: str) -> None:
    """Let a cell lead to another sheet; it keeps its style."""
    cell = sheet.cell(row, column)
    cell._hyperlink = Hyperlink(ref=cell.coordinate, location=f"{quote_sheetname(title)}!A1")  # noqa: SLF001


def add_table(
    sheet: Worksheet, area: Area, name: str, headers: Sequence[str] = (), *, is_filtered: bool = True
) -> ExcelTable:
    """Make an area a table; its headers are those in its cells, or others."""
    table = ExcelTable(displayName=name, name=name, ref=reference(area))
    if headers:
        table.tableColumns = [TableColumn(id=number, name=header) for number, header in enumerate(headers, 1)]
        table.autoFilter = AutoFilter(ref=table.ref) if is_filtered else None
    table.tableStyleInfo = TableStyleInfo(name=TABLE_STYLE, showRowStripes=False)
    sheet.add_table(table)
    return table


def add_conditional_format(sheet: Worksheet, colouring: ConditionalFormat, *, has_formulas: bool = False) -> None:
    """Add live colours to an area, in whose cells there can be formulas."""
    cells = reference(colouring.area)
    rules = [(FormulaRule([formula]), style) for formula, style in colouring.formulas.items()]
    rules += [(CellIsRule("equal", [f'"{text}"']), style) for text, style in colouring.styles.items()]
    if colouring.above:
        limit, style = colouring.above
        rule = CellIsRule("greaterThan", [f"{limit:g}"])
        if has_formulas:  # which come to empty texts, and any text is more than a number
            first = reference(Area(colouring.area.top, colouring.area.left, colouring.area.top, colouring.area.left))
            rule = FormulaRule([f"IF(ISNUMBER({first}),{first}>{limit:g},FALSE)"])
        rules.append((rule, style))
    for rule, style in rules:
        rule.dxf = _laid_over(STYLES[style])
        sheet.conditional_formatting.add(cells, rule)


class _LiveStyle(DifferentialStyle):  # type: ignore[misc]  # openpyxl has no types
    """A live style, equal to itself alone: openpyxl compares those of a workbook again and again."""

    __elements__ = DifferentialStyle.__elements__
    __eq__, __hash__ = object.__eq__, object.__hash__


def _laid_over(style: Style) -> DifferentialStyle:
    """The changes of a live colour to a cell: its colours and letters, and its number format if it has one."""
    return _live_style(style.colour or INK, style.bold, style.italic, style.number_format, style.fill)


@cache
def _live_style(colour: str, bold: bool, italic: bool, code: str, fill: str) -> _LiveStyle:
    return _LiveStyle(
        font=Font(color=colour, bold=bold or None, italic=italic or None),
        numFmt=None if code == "General" else NumberFormat(_LIVE_FORMATS[code], code),
        fill=PatternFill(bgColor=fill) if fill else None,
    )


A4 = 9
"""Paper sizes, by their numbers in a workbook."""


def fit_page_width(sheet: Worksheet, paper: int, *, is_portrait: bool = False) -> None:
    """Print a sheet as wide as the paper and as many pages long as it needs."""
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "portrait" if is_portrait else "landscape", paper
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _set_up_print(sheet: Worksheet, description: Sheet) -> None:
    fit_page_width(sheet, A4, is_portrait=description.is_portrait)
    sheet.page_margins.left = sheet.page_margins.right = 0.25
    sheet.page_margins.top = sheet.page_margins.bottom = 0.3
    if description.is_one_page:
        sheet.page_setup.fitToHeight = 1
    if description.print_header_row:
        sheet.print_title_rows = f"{description.print_header_row}:{description.print_header_row}"
    if area := printed(description):
        sheet.print_area = reference(area)
