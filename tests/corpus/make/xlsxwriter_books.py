"""Workbooks as XlsxWriter makes them: python -m tests.corpus.make.xlsxwriter_books"""

import io
import tempfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from tests.corpus.make.clients import CORPUS, HEADERS, ROWS, macros, picture

MADE = datetime(2026, 11, 1, 9, 30)
LAST = len(ROWS)  # the last row of clients, counted from 0, where the header is row 0


def new(name: str, **options: Any) -> xlsxwriter.Workbook:
    book = xlsxwriter.Workbook(CORPUS / name, options)
    book.set_properties({"title": "Client list", "author": "Finance", "created": MADE})
    return book


def put_clients(book: xlsxwriter.Workbook, page: Any, top: int = 0) -> None:
    head = book.add_format({"bold": True, "bg_color": "#1F3864", "font_color": "white", "border": 1})
    money = book.add_format({"num_format": "#,##0 [$€-407];[Red]-#,##0 [$€-407]"})
    day = book.add_format({"num_format": "dd/mm/yyyy", "align": "right"})
    for column, header in enumerate(HEADERS):
        page.write_string(top, column, header, head)
    for row, line in enumerate(ROWS, top + 1):
        for column, value in enumerate(line):
            if isinstance(value, date):
                page.write_datetime(row, column, value, day)
            elif isinstance(value, int):
                page.write_number(row, column, value, money)
            elif value is not None:
                page.write_string(row, column, value)


def charts() -> None:
    """A table with a totals row; charts of many kinds, pictures, shapes and sparklines on it and on other sheets."""
    with new("xlsxwriter-charts.xlsx") as book:
        page, board = book.add_worksheet("Clients"), book.add_worksheet("Dashboard")
        put_clients(book, page)
        columns: list[dict[str, Any]] = [{"header": header} for header in HEADERS]
        columns[1]["total_string"] = "Total"
        columns[4]["total_function"] = columns[5]["total_function"] = "sum"
        columns.append({"header": "Margin so far", "formula": "=[@Profit]/[@Revenue]"})
        page.add_table(
            0, 0, LAST + 1, len(HEADERS),
            {"name": "Clients", "columns": columns, "total_row": True, "style": "Table Style Medium 9"},
        )  # fmt: skip
        page.set_column("A:A", 9)
        page.set_column("B:B", 31.5)
        page.set_column("C:L", 13)
        for row in range(LAST):
            page.add_sparkline(row + 1, 14, {"range": f"Clients!E{row + 2}:G{row + 2}", "type": "column"})
        page.insert_textbox(
            "C30", "Figures are net of VAT.", {"width": 220, "height": 60, "fill": {"color": "#FFF2CC"}}
        )
        page.insert_image(
            "G30", "logo.png", {"image_data": io.BytesIO(picture(200, 30, 60)), "description": "Our logo"}
        )
        page.set_header(
            "&L&G&RClient list", {"image_left": "head.png", "image_data_left": io.BytesIO(picture(0, 90, 0))}
        )
        page.set_footer("&CPage &P of &N")
        page.insert_chart("B40", column_chart(book))

        board.insert_chart("A1", column_chart(book))
        pie = book.add_chart({"type": "doughnut"})
        pie.add_series({"categories": "=Clients!$B$2:$B$9", "values": "=Clients!$F$2:$F$9"})
        board.insert_chart("J1", pie)
        cloud = book.add_chart({"type": "scatter", "subtype": "smooth_with_markers"})
        cloud.add_series(
            {
                "categories": f"=Clients!$E$2:$E${LAST + 1}",
                "values": f"=Clients!$F$2:$F${LAST + 1}",
                "trendline": {"type": "linear"},
            }
        )
        board.insert_chart("A20", cloud)
        both, line = column_chart(book), book.add_chart({"type": "line"})
        line.add_series({"values": f"=Clients!$G$2:$G${LAST + 1}", "y2_axis": True})
        both.combine(line)
        board.insert_chart("J20", both)
        board.set_background(io.BytesIO(picture(245, 245, 250)))
        board.write_url("A40", "internal:'Clients'!A1", string="The list")
        board.write_url("A41", "https://example.org/clients?a=1&b=2")
        board.write_formula("A42", "=SUM(Clients[Revenue])", None, sum(row[4] or 0 for row in ROWS))

        trend = book.add_chartsheet("Trend")
        trend.set_chart(column_chart(book))


def column_chart(book: xlsxwriter.Workbook) -> Any:
    chart = book.add_chart({"type": "column"})
    chart.add_series(
        {
            "name": "=Clients!$E$1",
            "categories": f"=Clients!$B$2:$B${LAST + 1}",
            "values": f"=Clients!$E$2:$E${LAST + 1}",
        }
    )
    chart.set_title({"name": "Revenue by client"})
    return chart


def rules() -> None:
    """A plain list with a filter that is set: validations, live formats old and new, notes, names, outlines, text in
    several fonts, formulas that spill, a password on the sheet, hidden sheets, and much of the page setup."""
    with new("xlsxwriter-rules.xlsx") as book:
        page = book.add_worksheet("Portfolio 2026")
        put_clients(book, page)
        red, bold = book.add_format({"font_color": "#C00000"}), book.add_format({"bold": True})
        page.write_rich_string("B3", "Bergström ", bold, "Textil", " AB")
        page.write("M1", "Note")
        page.write_rich_string("M2", bold, "Call ", red, "first", " thing")
        page.write_formula("M3", "=E3-F3", None, ROWS[1][4] - ROWS[1][5])
        page.write_boolean("M4", True)
        page.write_formula("M5", "=1/0", None, "#DIV/0!")
        page.write_string("M6", "=not a formula")
        page.autofilter(0, 0, LAST, 12)
        page.filter_column("D", "x == Legal or x == Energy")
        page.filter_column("E", "x > 20000")
        for row, line in enumerate(ROWS, 1):
            if line[3] not in ("Legal", "Energy") or line[4] <= 20_000:
                page.set_row(row, None, None, {"hidden": True})
        page.set_row(0, 32)
        page.set_row(2, 21.75)
        page.data_validation(f"D2:D{LAST + 1}", {"validate": "list", "source": "=Lists!$A$1:$A$4"})
        page.data_validation(
            f"E2:G{LAST + 1}", {"validate": "decimal", "criteria": ">", "value": -1e9, "ignore_blank": True}
        )
        page.data_validation(
            f"H2:H{LAST + 1}",
            {
                "validate": "list",
                "source": ["High", "Medium", "Low"],
                "input_title": "Value",
                "input_message": "Beside money",
            },
        )
        page.conditional_format(
            f"E2:E{LAST + 1}", {"type": "data_bar", "data_bar_2010": True, "bar_negative_color": "#FF0000"}
        )
        page.conditional_format(f"F2:F{LAST + 1}", {"type": "icon_set", "icon_style": "5_ratings"})
        page.conditional_format(f"G2:G{LAST + 1}", {"type": "3_color_scale"})
        page.conditional_format(f"K2:K{LAST + 1}", {"type": "cell", "criteria": "==", "value": '"High"', "format": red})
        page.conditional_format(
            f"A2:L{LAST + 1}", {"type": "formula", "criteria": "=$F2<0", "format": bold, "stop_if_true": True}
        )
        page.write_comment("B2", "Renewal in March", {"author": "Priya Raman", "visible": True, "color": "#E2EFDA"})
        page.write_comment("E16", "Disputed invoice", {"x_scale": 2})
        page.set_column("A:A", 10)
        page.set_column("B:B", 28, bold)
        page.set_column("C:D", 17, None, {"level": 1})
        page.set_column("G:G", 14, None, {"hidden": True})
        page.set_column("N:Q", 3.25)
        page.freeze_panes(1, 2, 3, 2)
        page.set_selection("E5")
        page.set_zoom(90)
        page.hide_gridlines(2)
        page.set_tab_color("#1F3864")
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        page.repeat_rows(0)
        page.print_area(0, 0, LAST, 12)
        page.set_h_pagebreaks([12])
        page.ignore_errors({"number_stored_as_text": "A1:A99"})
        page.protect("", {"format_cells": True, "autofilter": True})
        page.unprotect_range("E2:G25", "Amounts")

        lists = book.add_worksheet("Lists")
        lists.write_column("A1", ["Legal", "Energy", "Retail", "Technology"])
        lists.hide()
        sums = book.add_worksheet("Sums & shares")
        sums.write_dynamic_array_formula("A1", "=UNIQUE('Portfolio 2026'!D2:D25)", None, "Legal")
        sums.write_dynamic_array_formula("C1:C3", "=_xlfn._xlws.SORT('Portfolio 2026'!E2:E4)", None, 187300)
        sums.write_array_formula("E1:E2", "{='Portfolio 2026'!E2:E3*2}", None, 825000)
        sums.write_formula("G1", "=LargestClient", None, 598000)
        sums.split_panes(30, 20)
        book.add_worksheet("Secret").very_hidden()
        book.define_name("LargestClient", "=MAX('Portfolio 2026'!$E$2:$E$25)")
        book.define_name("'Sums & shares'!Rate", "=0.2")
        book.set_custom_property("Department", "Finance & control")
        book.set_custom_property("Reviewed", True)
        book.set_custom_property("Version", 3)
        book.set_calc_mode("manual")
        book.set_size(2400, 1400)


def with_macros() -> None:
    """Macros, a button that runs one, check boxes in cells and over cells, notes on the same sheet."""
    with tempfile.TemporaryDirectory() as folder, new("xlsxwriter-macros.xlsm") as book:
        book.add_vba_project(io.BytesIO(macros(Path(folder))), is_stream=True)
        page = book.add_worksheet("Clients")
        put_clients(book, page)
        page.insert_button("B30", {"macro": "WriteLetters", "caption": "Write letters", "width": 120, "height": 28})
        page.write("M1", "Invited")
        for row in range(LAST):
            page.insert_checkbox(row + 1, 12, row % 3 == 0)
        page.write_comment("C4", "Ask Niamh")
        page.split_panes(20, 10)
        book.add_worksheet("Notes").write("A1", "Nothing here yet")


def lean() -> None:
    """Dates from 1904 on, no shared strings, and a clients' sheet that is neither the first nor where rows begin at 1."""
    with new("xlsxwriter-lean.xlsx", date_1904=True, constant_memory=True) as book:
        cover = book.add_worksheet("Cover")
        cover.write("A1", "Key accounts")
        cover.write_datetime("A2", date(2026, 11, 1), book.add_format({"num_format": "yyyy-mm-dd"}))
        page = book.add_worksheet("Accounts")
        page.write(0, 0, "Accounts at the end of the quarter")
        page.write_formula(1, 4, f"=SUM(E5:E{LAST + 4})", None, sum(row[4] or 0 for row in ROWS))
        put_clients(book, page, 3)


if __name__ == "__main__":
    charts()
    rules()
    with_macros()
    lean()
