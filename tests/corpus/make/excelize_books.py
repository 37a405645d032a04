"""Workbooks as excelize makes them: python -m tests.corpus.make.excelize_books, with the package excelize of PyPI"""

import tempfile
from datetime import date, datetime
from pathlib import Path

import excelize
from openpyxl.utils import get_column_letter

from tests.corpus.make.clients import CORPUS, HEADERS, ROWS, macros, picture

LAST = len(ROWS) + 1


def put_clients(book: excelize.File, sheet: str) -> None:
    money = book.new_style(excelize.Style(custom_num_fmt="#,##0"))
    day = book.new_style(excelize.Style(num_fmt=14))
    for row, line in enumerate((HEADERS, *ROWS), 1):
        for column, value in enumerate(line, 1):
            if value is not None:
                shown = datetime(value.year, value.month, value.day) if isinstance(value, date) else value
                book.set_cell_value(sheet, f"{get_column_letter(column)}{row}", shown)
    book.set_cell_style(sheet, "E2", f"G{LAST}", money)
    book.set_cell_style(sheet, "L2", f"L{LAST}", day)
    book.set_col_width(sheet, "B", "B", 28)
    book.set_col_width(sheet, "C", "L", 13)


def pivots() -> None:
    """A table with slicers; a pivot table with its cache and a slicer of its own; charts, shapes and sparklines."""
    book = excelize.new_file()
    book.set_sheet_name("Sheet1", "Accounts")
    put_clients(book, "Accounts")
    book.add_table("Accounts", excelize.Table(range=f"A1:L{LAST}", name="Accounts", style_name="TableStyleMedium2"))
    for number, field in enumerate(("Segment", "Account manager")):
        book.add_slicer(
            "Accounts",
            excelize.SlicerOptions(
                name=field,
                cell=f"{'BF'[number]}30",
                table_sheet="Accounts",
                table_name="Accounts",
                caption=field,
                width=200,
                height=220,
            ),
        )
    book.add_shape(
        "Accounts",
        excelize.Shape(
            cell="J30",
            type="wedgeRectCallout",
            width=160,
            height=60,
            paragraph=[excelize.RichTextRun(text="As of November")],
        ),
    )
    book.add_comment(
        "Accounts", excelize.Comment(cell="E1", author="Finance", paragraph=[excelize.RichTextRun(text="In euros")])
    )
    book.add_sparkline(
        "Accounts",
        excelize.SparklineOptions(
            location=["Z2", "Z3"], range=["Accounts!E2:G2", "Accounts!E3:G3"], type="column", markers=True
        ),
    )
    offered = excelize.new_data_validation(True)
    offered.set_sqref(f"H2:H{LAST}")
    offered.set_drop_list(["High", "Medium", "Low"])
    book.add_data_validation("Accounts", offered)
    live = book.new_conditional_style(excelize.Style(font=excelize.Font(color="9A0511")))
    book.set_conditional_format(
        "Accounts",
        f"E2:E{LAST}",
        [
            excelize.ConditionalFormatOptions(
                type="data_bar", criteria="=", min_type="min", max_type="max", bar_color="#638EC6", bar_solid=True
            )
        ],
    )
    book.set_conditional_format(
        "Accounts",
        f"F2:F{LAST}",
        [excelize.ConditionalFormatOptions(type="cell", criteria="<", format=live, value="0")],
    )
    book.set_panes(
        "Accounts", excelize.Panes(freeze=True, x_split=2, y_split=1, top_left_cell="C2", active_pane="bottomRight")
    )

    book.new_sheet("Pivot")
    book.add_pivot_table(
        excelize.PivotTableOptions(
            data_range=f"Accounts!A1:L{LAST}",
            pivot_table_range="Pivot!A3:F30",
            rows=[excelize.PivotTableField(data="Segment", default_subtotal=True)],
            columns=[excelize.PivotTableField(data="Strategic value", default_subtotal=True)],
            data=[excelize.PivotTableField(data="Revenue", name="Sum of revenue", subtotal="Sum")],
            row_grand_totals=True, col_grand_totals=True, show_drill=True, show_row_headers=True, show_col_headers=True,
            show_last_column=True, name="Revenue",
        )
    )  # fmt: skip
    book.add_slicer(
        "Pivot",
        excelize.SlicerOptions(
            name="Segment",
            cell="J2",
            table_sheet="Pivot",
            table_name="Revenue",
            caption="By segment",
            width=180,
            height=200,
        ),
    )
    book.add_chart(
        "Pivot",
        "J15",
        excelize.Chart(
            type=excelize.ChartType.Radar,
            series=[
                excelize.ChartSeries(name="Accounts!$E$1", categories="Accounts!$B$2:$B$9", values="Accounts!$E$2:$E$9")
            ],
        ),
    )
    book.add_picture_from_bytes(
        "Pivot", "J32", excelize.Picture(extension=".png", file=picture(90, 90, 10), format=excelize.GraphicOptions())
    )
    book.set_custom_props(excelize.CustomProperty(name="Department", value="Finance"))
    book.save_as(str(CORPUS / "excelize-pivots.xlsx"))


def controls() -> None:
    """Form controls of several kinds with cells that they are linked to, macros, a filter and a picture."""
    book = excelize.new_file()
    book.set_sheet_name("Sheet1", "Clients")
    put_clients(book, "Clients")
    kinds = excelize.FormControlType
    for cell, kind, more in (
        ("B30", kinds.FormControlButton, {"text": "Letters", "macro": "WriteLetters", "width": 120, "height": 30}),
        ("D30", kinds.FormControlCheckBox, {"text": "Approved", "checked": True, "cell_link": "B41"}),
        (
            "F30",
            kinds.FormControlSpinButton,
            {"cell_link": "B42", "current_val": 7, "min_val": 1, "max_val": 12, "inc_change": 1},
        ),
        ("H30", kinds.FormControlOptionButton, {"text": "Gross"}),
        (
            "J30",
            kinds.FormControlScrollBar,
            {"cell_link": "B43", "current_val": 5, "max_val": 99, "horizontally": True},
        ),
    ):
        book.add_form_control("Clients", excelize.FormControl(cell=cell, type=kind, **more))
    book.auto_filter("Clients", f"A1:L{LAST}", [])
    book.new_sheet("Notes")
    book.add_picture_from_bytes(
        "Notes", "B5", excelize.Picture(extension=".png", file=picture(10, 90, 90), format=excelize.GraphicOptions())
    )
    with tempfile.TemporaryDirectory() as folder:
        book.add_vba_project(macros(Path(folder)))
    book.save_as(str(CORPUS / "excelize-controls.xlsm"))


if __name__ == "__main__":
    pivots()
    controls()
