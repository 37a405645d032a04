"""A small stand-in for LibreOffice Calc and its extension: it answers what a worker asks, and writes what it is sent.

It keeps an openpyxl workbook, so that a test can compare what "Calc" holds with a file. All that it is asked and sent
goes through JSON, as it does on the wire.
"""

import json
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from openpyxl import Workbook
from openpyxl.formatting.formatting import ConditionalFormattingList
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.table import TableColumn
from openpyxl.worksheet.worksheet import Worksheet

from tierxl.method.issues import CannotGrade
from tierxl.sheets.description import Area, Chart, ConditionalFormat, Series, Validation
from tierxl.sheets.mark import MARK, kind_of
from tierxl.sheets.numbers import Numbers
from tierxl.sheets.styles import STYLES
from tierxl.workbooks.ooxml.cell_range import area_of, reference
from tierxl.workbooks.ooxml.charts import add_chart
from tierxl.workbooks.ooxml.new_sheets import Draft
from tierxl.workbooks.ooxml.sheet_mark import mark
from tierxl.workbooks.ooxml.sheet_writer import (
    A4,
    SheetWriter,
    add_conditional_format,
    add_link,
    add_table,
    fit_page_width,
    set_width,
)
from tierxl.workbooks.ooxml.validation import add_validation

if TYPE_CHECKING:
    from collections.abc import Callable

Message = dict[str, Any]


class Office:
    """An open document.

    Attributes:
        asked: what was asked, and with what details.
        changes: the messages with what to write.
        refuses: what is refused, and the sentence.
        meanwhile: called while cells are written, as recalculation is.
    """

    def __init__(self, book: Workbook, name: str = "clients.ods", null_date: str = "1899-12-30") -> None:
        self.book, self.name, self.null_date = book, name, null_date
        self.asked: list[tuple[str, Message]] = []
        self.changes: list[Message] = []
        self.refuses: dict[str, str] = {}
        self.meanwhile: Callable[[], object] = lambda: None

    def ask(self, what: str, **details: Any) -> Any:
        """What a worker's ask comes to, without a wire.

        Raises:
            CannotGrade: it is refused.
        """
        reply = self.reply(through_json({"ask": what, **details}))
        if "refused" in reply:
            raise CannotGrade(reply["refused"])
        return through_json(reply)["reply"]

    def reply(self, message: Message) -> Message:
        details = {name: value for name, value in message.items() if name != "ask"}
        what = message["ask"]
        self.asked.append((what, details))
        if what in self.refuses:
            return {"refused": self.refuses[what]}
        return {"reply": getattr(self, f"_{what}")(**details)}

    # --- What is read ------------------------------------------------------------------------------------------------

    def _outline(self) -> Message:
        sheets = []
        for page in self.book.worksheets:
            mark_of_it = page.defined_names.get(MARK)
            tables = [
                {"name": t.displayName, "area": corners(t.ref), "totals_rows": t.totalsRowCount or 0}
                for t in page.tables.values()
            ]
            kind = kind_of(mark_of_it.attr_text) if mark_of_it else None
            sheets.append({"title": page.title, "kind": kind, "tables": tables})
        names = [*self.book.defined_names, *(table["name"] for sheet in sheets for table in sheet["tables"])]
        return {"name": self.name, "sheets": sheets, "names": names}

    def _values(self, sheet: str, rows: int | None = None) -> Message:
        page = self.book[sheet]
        cells: list[list[Any]] = []
        dates, answers = [], []
        for number, line in enumerate(page.iter_rows(max_row=rows and min(rows, page.max_row), values_only=True), 1):
            shown = []
            for column, value in enumerate(line, 1):
                if isinstance(value, bool):
                    answers.append([number, column, number, column])
                    shown.append(float(value))
                elif isinstance(value, date):
                    dates.append([number, column, number, column])
                    shown.append(self._days(value))
                else:
                    shown.append(float(value) if isinstance(value, int) else value)
            cells.append(shown)
        return {"cells": cells, "dates": dates, "answers": answers, "null_date": self.null_date}

    def _days(self, day: date) -> float:
        moment = day if isinstance(day, datetime) else datetime(day.year, day.month, day.day)
        return (moment - datetime.fromisoformat(self.null_date)) / timedelta(days=1)

    def _formats(self, sheet: str, column: int, first: int, last: int) -> list[list[Any]]:
        page = self.book[sheet]
        return [[row, row, page.cell(row, column).number_format] for row in range(first, last + 1)]

    def _formulas(self, sheet: str, column: int, first: int, last: int) -> list[list[Any]]:
        page = self.book[sheet]
        cells = [page.cell(row, column) for row in range(first, last + 1)]
        return [[cell.row, cell.value] for cell in cells if cell.data_type == "f"]

    def _surroundings(
        self, sheet: str, columns: list[int], first: int, last: int, name_column: int, right: int
    ) -> Message:
        page = self.book[sheet]
        validated = [
            column
            for column in columns
            if any(
                Area(first, column, last, column).overlaps(area_of(str(part)))
                for validation in page.data_validations.dataValidation
                for part in validation.sqref.ranges
            )
        ]
        vertical = page.cell(first, name_column).alignment.vertical or "bottom"
        known = {at: page.column_dimensions.get(get_column_letter(at)) for at in range(1, right + 1)}
        widths = [[at, shape.width] for at, shape in known.items() if shape and shape.width]
        is_frozen = page.freeze_panes is not None
        return {"validated": validated, "vertical": vertical, "is_frozen": is_frozen, "widths": widths,
                "pages": pages_on(page)}  # fmt: skip

    # --- What is written ---------------------------------------------------------------------------------------------

    def _write(self, changes: Message) -> bool:
        self.changes.append(changes)
        self.meanwhile()
        for done, content in enumerate(changes["sheets"], 1):
            self._paint(content, {other["title"] for other in changes["sheets"][done:]})
        if changes["columns"]:
            self._write_columns(changes["columns"])
        return True

    def _value(self, value: Any, style: str) -> Any:
        """A number in a cell that shows dates is one; the file counts from the usual day."""
        if STYLES[style].number_format == "mm-dd-yy" and isinstance(value, float):
            return datetime.fromisoformat(self.null_date) + timedelta(days=value)
        return value

    def _paint(self, content: Message, later: set[str]) -> None:
        before = self.book[content["title"]] if content["title"] in self.book.sheetnames else None
        position = next((at for at, name in enumerate(self.book.sheetnames) if name in later), None)
        position = self.book.index(before) if before else position
        state = before.sheet_state if before else "hidden" if content["is_hidden"] else "visible"
        active = self.book.active
        if before:
            self.book.remove(before)
        page: Worksheet = self.book.create_sheet(content["title"], position)
        self.book.active = page if active is before else active
        page.sheet_state = state
        page.sheet_view.showGridLines = False
        page.sheet_properties.tabColor = content["tab"]
        mark(page, content["kind"])
        painter = SheetWriter(Draft(self.book))
        for table in content["tables"]:
            self._paint_table(painter, page, table)
        for row, column, value, style, span in content["cells"]:
            for at in range(column, column + span):
                page._cells.pop((row, at), None)  # openpyxl lets days that are written over change a style
                painter.write(page, row, at, self._value(value, style) if at == column else None, style)
            if span > 1:
                page.merge_cells(reference(Area(row, column, row, column + span - 1)))
        for at, width in enumerate(content["widths"], 1):
            set_width(page, at, width)
        self._decorate(page, content)
        for chart in content["charts"]:
            add_chart(page, chart_of(chart))
        for row, height in content["heights"].items():
            page.row_dimensions[int(row)].height = height
        if content["freeze"]:
            row, column = content["freeze"]
            page.freeze_panes = page.cell(row, column)
        for row, column, target in content["links"]:
            add_link(page, row, column, target)
        fit_page_width(page, A4, is_portrait=content["page"]["is_portrait"])
        page.page_setup.fitToHeight = int(content["page"]["is_one"])
        if content["print_area"]:
            page.print_area = reference(Area(*content["print_area"]))
        if content["print_header_row"]:
            page.print_title_rows = "{0}:{0}".format(content["print_header_row"])

    def _paint_table(self, painter: SheetWriter, page: Worksheet, content: Message) -> None:
        lines = [zip(content["headers"], content["header_styles"], strict=True)]
        lines += [zip(line, content["styles"], strict=True) for line in content["rows"]]
        for row, line in enumerate(lines, content["row"]):
            for column, (value, style) in enumerate(line, content["column"]):
                painter.write(page, row, column, self._value(value, style), style)
        if content["name"]:
            add_table(
                page, Area(*content["area"]), content["name"], content["headers"], is_filtered=content["is_filtered"]
            )

    def _decorate(self, page: Worksheet, content: Message) -> None:
        for colouring in content["colourings"]:
            above = tuple(colouring["above"]) if colouring["above"] else None
            add_conditional_format(
                page, ConditionalFormat(Area(*colouring["area"]), colouring["styles"], above, colouring["formulas"])
            )
        for choices in content["choices"]:
            area, values = Area(*choices["area"]), tuple(choices["values"])
            numbers = Numbers(**choices["numbers"]) if choices["limits"] else None
            add_validation(page, Validation(area, values, choices["title"], choices["prompt"], numbers))

    def _write_columns(self, content: Message) -> None:
        page = self.book[content["sheet"]]
        painter = SheetWriter(Draft(self.book), content["vertical"])
        header_row = content["header_row"]
        for column in content["columns"]:
            at, style = column["column"], column["style"]
            painter.write(page, header_row, at, column["header"], column["header_style"])
            for row, value in zip(content["rows"], column["values"], strict=True):
                painter.write(page, row, at, value, style)
            for row in content["removed_rows"]:
                painter.write(page, row, at, None, style)
        page.row_dimensions[header_row].height = content["header_height"]
        for at, width in content["widths"]:
            set_width(page, at, width)
        self._clear_colours(page, {get_column_letter(column["column"]) for column in content["columns"]})
        self._decorate(page, content)
        self._write_table(page, content)
        if content["frozen"]:
            row, column = content["frozen"]
            page.freeze_panes = page.cell(row, column)
        if content["beside"]:
            pane = page.sheet_view.pane
            pane.topLeftCell = page.cell(int(pane.ySplit) + 1, content["beside"]).coordinate
        if content["pages"]:
            self._print(page, content["pages"])

    def _print(self, page: Worksheet, content: Message) -> None:
        page.print_area = reference(Area(*content["area"]))
        page.print_title_cols = ":".join(map(get_column_letter, content["columns"]))
        page.print_title_rows = "{}:{}".format(*content["rows"])
        if content["scale"]:
            page.page_setup.orientation, page.page_setup.scale = "landscape", content["scale"]

    def _clear_colours(self, page: Worksheet, letters: set[str]) -> None:
        kept = ConditionalFormattingList()
        for area in page.conditional_formatting:
            if not {get_column_letter(range_boundaries(str(part))[0]) for part in area.sqref.ranges} & letters:
                for rule in area.rules:
                    kept.add(str(area.sqref), rule)
        page.conditional_formatting = kept

    def _write_table(self, page: Worksheet, content: Message) -> None:
        if content["filtered"]:
            page.auto_filter = AutoFilter(ref=reference(Area(*content["filtered"])))
        if not content["table"]:
            return
        area = Area(*content["table"]["area"])
        headers = [page.cell(area.top, column).value for column in range(area.left, area.right + 1)]
        if content["table"]["name"] not in page.tables:
            add_table(page, area, content["table"]["name"], headers)
            return
        table = page.tables[content["table"]["name"]]
        table.ref = reference(area)
        table.tableColumns = [TableColumn(id=number, name=header) for number, header in enumerate(headers, 1)]
        if table.autoFilter:
            table.autoFilter = AutoFilter(ref=table.ref)


def pages_on(page: Worksheet) -> Message | None:
    """What somebody has set up of a sheet's pages."""
    setup = page.page_setup
    areas = [corners(part.rpartition("!")[2]) for part in page.print_area.split(",") if part]
    left, _, right, _ = range_boundaries(page.print_title_cols) if page.print_title_cols else [0] * 4
    _, top, _, bottom = range_boundaries(page.print_title_rows) if page.print_title_rows else [0] * 4
    is_set_up = areas or left or top or setup.orientation == "landscape" or (setup.scale or 100) != 100
    return {"areas": areas, "columns": [left, right], "rows": [top, bottom]} if is_set_up else None


def corners(named: str) -> list[int]:
    area = area_of(named)
    return [area.top, area.left, area.bottom, area.right]


def chart_of(content: Message) -> Chart:
    def series(content: list[Message]) -> tuple[Series, ...]:
        return tuple(Series(one["name"], Area(*one["x"]), Area(*one["y"]), one["style"]) for one in content)

    described = {name: value for name, value in content.items() if name not in ("bottom", "has_legend")}  # they follow
    return Chart(**(described | {part: series(content[part]) for part in ("series", "marks", "named")}))


def through_json(message: Any) -> Any:
    return json.loads(json.dumps(message, allow_nan=False))
