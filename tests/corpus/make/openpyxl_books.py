"""Workbooks as openpyxl makes them: python -m tests.corpus.make.openpyxl_books"""

import io
from datetime import datetime

from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.chart import BarChart, PieChart, Reference
from openpyxl.comments import Comment
from openpyxl.drawing.image import Image
from openpyxl.formatting.rule import ColorScaleRule, FormulaRule, IconSetRule
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.protection import SheetProtection
from openpyxl.worksheet.worksheet import Worksheet

from tests.corpus.make.clients import CORPUS, HEADERS, ROWS, picture

MADE = datetime(2026, 11, 1, 9, 30)


def new() -> tuple[Workbook, Worksheet]:
    book = Workbook()
    book.properties.creator, book.properties.created = "Finance", MADE
    page = book.worksheets[0]
    page.title = "Clients"
    return book, page


def put_clients(page: Worksheet, top: int, left: int = 1) -> None:
    for row, line in enumerate((HEADERS, *ROWS), top):
        for column, value in enumerate(line, left):
            if value is not None:
                page.cell(row, column, value)
    for row in range(top + 1, top + 1 + len(ROWS)):
        for column in (4, 5, 6):
            page.cell(row, left + column).number_format = '#,##0\\ "€"'
        page.cell(row, left + 11).number_format = "yyyy-mm-dd"


def report() -> None:
    """A report with headers over merged cells, pictures, charts, notes, outlines and a page setup."""
    book, page = new()
    page["A1"] = CellRichText("Client report ", TextBlock(InlineFont(b=True, color="FFC00000"), "2026"))
    page.merge_cells("A1:L2")
    for area, text in (("A4:D4", "Who"), ("E4:G4", "Figures"), ("H4:L4", "Judgement")):
        page.merge_cells(area)
        page[area.split(":")[0]] = text
        page[area.split(":")[0]].alignment = Alignment(horizontal="center")
    put_clients(page, 5)
    head = NamedStyle(
        "House header", font=Font(bold=True, color="FFFFFFFF"), fill=PatternFill("solid", fgColor="FF44546A")
    )
    head.border = Border(bottom=Side("double", color="FF000000"))
    for cell in page[5]:
        cell.style = head
    page["E4"].comment = Comment("In euros", "Finance", height=60, width=140)
    page["B8"].comment = Comment("Pays late", "Jonas Hale")
    page["B9"].hyperlink = "https://example.org/dunmore"
    offered = DataValidation(type="list", formula1='"High,Medium,Low"', allow_blank=True)
    offered.add("H6:K29")
    page.add_data_validation(offered)
    page.conditional_formatting.add(
        "E6:E29", ColorScaleRule("min", start_color="FFFFFF", end_type="max", end_color="63BE7B")
    )
    page.conditional_formatting.add("F6:F29", IconSetRule("3Arrows", "num", [-1e9, 0, 50_000]))
    page.conditional_formatting.add("A6:L29", FormulaRule(["$F6<0"], fill=PatternFill("solid", bgColor="FFFCE4D6")))
    for column, width in zip("ABCDEFGHIJKL", (9, 30, 18, 20, 12, 12, 12, 13, 11, 13, 12, 12), strict=True):
        page.column_dimensions[column].width = width
    page.column_dimensions.group("I", "J", outline_level=1, hidden=True)
    page.row_dimensions.group(20, 24, outline_level=1, hidden=True)
    page.row_dimensions[5].height = 41.5
    page["E3"] = "=SUM(E6:E29)"
    page["E3"].font = Font(bold=True, underline="singleAccounting")
    page.add_image(Image(io.BytesIO(picture(60, 20, 140))), "N32")
    page.print_title_rows, page.print_area = "4:5", "A1:L29"
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", 9
    page.oddFooter.right.text, page.oddFooter.left.text = "&P / &N", "Report & more"
    page.row_breaks.append(Break(18))
    page.sheet_properties.tabColor = "FF44546A"
    page.sheet_view.zoomScale = 110
    page.freeze_panes = "C6"

    mine = book.create_sheet("Charts & sums")
    bars = BarChart()
    bars.add_data(Reference(page, min_col=5, max_col=6, min_row=5, max_row=29), titles_from_data=True)
    bars.set_categories(Reference(page, min_col=2, min_row=6, max_row=29))
    mine.add_chart(bars, "D2")
    pie = PieChart()
    pie.add_data(Reference(page, min_col=7, min_row=5, max_row=12), titles_from_data=True)
    mine.add_chart(pie, "D20")
    mine["A1"], mine["A2"] = "=AVERAGE(Clients!E6:E29)", "=Largest"
    mine.protection = SheetProtection(sheet=True, password="house")
    trend = book.create_chartsheet("Trend")
    line = BarChart()
    line.add_data(Reference(page, min_col=5, min_row=5, max_row=29), titles_from_data=True)
    trend.add_chart(line)
    book.create_sheet("Old").sheet_state = "veryHidden"
    book.defined_names["Largest"] = DefinedName("Largest", attr_text="MAX(Clients!$E$6:$E$29)")
    mine.defined_names["Rate"] = DefinedName("Rate", attr_text="0.19")
    book.active = 1
    book.save(CORPUS / "openpyxl-report.xlsx")


def two_lists() -> None:
    """Clients that begin in the third column, with a note and another list close to them, and a blank row in between."""
    book, page = new()
    page.title = "Accounts, all"
    put_clients(page, 2, 3)
    page.insert_rows(12)
    page["A3"], page["A14"] = "watch", "watch"
    page["P6"] = "ask Lotte"
    page["P6"].font = Font(italic=True)
    for row, line in enumerate((("Region", "Target"), ("North", 900_000), ("South", 450_000)), 2):
        for column, value in enumerate(line, 18):
            page.cell(row, column, value)
    for column in range(1, 17):
        page.column_dimensions[get_column_letter(column)].width = 14
    page.auto_filter.ref = "C2:N27"
    page.auto_filter.add_filter_column(3, ["Legal", "Energy", "Retail"], blank=True)
    page.auto_filter.add_sort_condition("G3:G27", descending=True)
    book.save(CORPUS / "openpyxl-two-lists.xlsx")


if __name__ == "__main__":
    report()
    two_lists()
