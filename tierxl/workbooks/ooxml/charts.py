"""Native charts on the sheets of a workbook."""

from openpyxl.chart import BarChart, LineChart, Reference, ScatterChart
from openpyxl.chart import Series as ChartSeries
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.legend import Legend, LegendEntry
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties, RegularTextRun
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from tierxl.sheets.description import Area, Chart
from tierxl.sheets.styles import INK, LINE, PAPER, STYLES
from tierxl.workbooks.ooxml.cell_texts import without_controls

_FIFTH = 0.2
"""The distance of the labels below a curve: the share of clients that it is read at."""
_MARKERS = ("circle", "diamond", "triangle")


def add_chart(sheet: Worksheet, chart: Chart) -> None:
    """Add a native chart to a sheet."""
    by_category = chart.kind in ("columns", "stacked columns", "bars")
    drawn = BarChart() if by_category else ScatterChart()
    drawn.title = _words(chart.title, 1200, bold=True)
    drawn.width, drawn.height = chart.width, chart.height
    drawn.x_axis.delete = drawn.y_axis.delete = False
    drawn.x_axis.title = _words(chart.x_title, 1000) if chart.x_title else None
    drawn.y_axis.title = _words(chart.y_title, 1000)
    drawn.x_axis.number_format, drawn.y_axis.number_format = chart.x_format, chart.y_format
    drawn.y_axis.majorGridlines.spPr = GraphicalProperties(ln=LineProperties(solidFill=LINE))
    drawn.legend = _legend(chart) if chart.has_legend else None
    if by_category:
        _by_category(sheet, drawn, chart)
    else:
        _scatter(sheet, drawn, chart)
    sheet.add_chart(drawn, f"{get_column_letter(chart.column)}{chart.row}")


def _legend(chart: Chart) -> Legend:
    """The legend below a chart, without the points that have their name beside them."""
    count = len(chart.series)
    entries = [LegendEntry(at, delete=True) for at in range(count, count + len(chart.named))]
    return Legend("b", entries)


def _words(text: str, size: int, *, bold: bool = False) -> Title:
    """A title of a chart or an axis; size in hundredths of a point."""
    look = CharacterProperties(sz=size, b=bold, solidFill=INK)
    run = RegularTextRun(rPr=look, t=text)
    paragraph = Paragraph(pPr=ParagraphProperties(defRPr=look), r=[run])
    return Title(tx=Text(rich=RichText(p=[paragraph])), overlay=False)


def _by_category(sheet: Worksheet, drawn: BarChart, chart: Chart) -> None:
    drawn.type, drawn.gapWidth = "col", 60
    if chart.kind == "stacked columns":
        drawn.grouping, drawn.overlap = "stacked", 100
    if chart.kind == "bars":
        drawn.type, drawn.x_axis.scaling.orientation, drawn.y_axis.crosses = "bar", "maxMin", "max"
    for series in chart.series:
        column = ChartSeries(_cells(sheet, series.y), title=series.name)
        column.graphicalProperties = GraphicalProperties(solidFill=STYLES[series.style].fill)
        drawn.series.append(column)
    drawn.set_categories(_cells(sheet, chart.series[0].x))
    if chart.labelled:
        drawn.dataLabels = _labels(value=True)
    if chart.marks:
        _marks(sheet, drawn, chart)


def _marks(sheet: Worksheet, drawn: BarChart, chart: Chart) -> None:
    """Lay series over columns that are not drawn but for a dash at each value."""
    line = LineChart()
    for series in chart.marks:
        mark = ChartSeries(_cells(sheet, series.y), title=series.name)
        fill = STYLES[series.style].fill
        mark.marker.symbol, mark.marker.size = "dash", 14
        mark.marker.graphicalProperties = GraphicalProperties(solidFill=fill, ln=LineProperties(solidFill=fill))
        mark.graphicalProperties = GraphicalProperties(ln=LineProperties(noFill=True))
        mark.smooth = False
        line.series.append(mark)
    line.set_categories(_cells(sheet, chart.marks[0].x))
    drawn += line


def _scatter(sheet: Worksheet, drawn: ScatterChart, chart: Chart) -> None:
    drawn.style, drawn.scatterStyle = 13, "lineMarker"
    drawn.x_axis.majorGridlines = None
    if chart.x_logarithmic:
        drawn.x_axis.scaling.logBase = 10
    if chart.kind == "curve":
        drawn.x_axis.scaling.min = drawn.y_axis.scaling.min = 0
        drawn.x_axis.scaling.max = 1
        drawn.x_axis.majorUnit = _FIFTH
    if chart.y_maximum is not None:
        drawn.y_axis.scaling.max = chart.y_maximum
    drawn.x_axis.tickLblPos = drawn.y_axis.tickLblPos = "low"
    for series, marker in zip(chart.series, _MARKERS, strict=False):
        points = ChartSeries(_cells(sheet, series.y), _cells(sheet, series.x), title=series.name)
        style = STYLES[series.style]
        if chart.kind == "curve":
            points.marker.symbol = "none"
            points.graphicalProperties = GraphicalProperties(ln=LineProperties(solidFill=style.fill, w=28_575))
            points.smooth = False
        else:
            points.marker.symbol, points.marker.size = marker, 8
            outline = LineProperties(solidFill=INK if style.fill != INK else PAPER, w=6_350)
            points.marker.graphicalProperties = GraphicalProperties(solidFill=style.fill, ln=outline)
            points.graphicalProperties = GraphicalProperties(ln=LineProperties(noFill=True))
        drawn.series.append(points)
    for series in chart.named:
        point = ChartSeries(_cells(sheet, series.y), _cells(sheet, series.x), title=without_controls(series.name))
        point.marker.symbol = "none"
        point.graphicalProperties = GraphicalProperties(ln=LineProperties(noFill=True))
        point.dLbls = _labels(value=False, position="t")
        drawn.series.append(point)


def _labels(*, value: bool, position: str | None = None) -> DataLabelList:
    """Labels of points with their values, or with the names of their series."""
    hidden = dict.fromkeys(("showCatName", "showLegendKey", "showPercent", "showBubbleSize"), False)
    return DataLabelList(showVal=value, showSerName=not value, dLblPos=position, **hidden)


def _cells(sheet: Worksheet, area: Area) -> Reference:
    return Reference(sheet, min_col=area.left, min_row=area.top, max_col=area.right, max_row=area.bottom)
