"""The charts of a described sheet, drawn into a document."""

import uno
from com.sun.star.awt import Point, Rectangle, Size
from com.sun.star.awt.FontWeight import BOLD, NORMAL
from com.sun.star.chart.ChartAxisArrangeOrderType import SIDE_BY_SIDE
from com.sun.star.chart.ChartAxisLabelPosition import OUTSIDE_START
from com.sun.star.chart.ChartAxisPosition import END
from com.sun.star.chart.ChartLegendExpansion import WIDE
from com.sun.star.chart.DataLabelPlacement import TOP
from com.sun.star.chart2 import DataPointLabel, Symbol
from com.sun.star.chart2.AxisOrientation import REVERSE
from com.sun.star.chart2.AxisType import CATEGORY, REALNUMBER
from com.sun.star.chart2.LegendPosition import PAGE_END
from com.sun.star.chart2.StackingDirection import Y_STACKING
from com.sun.star.chart2.SymbolStyle import NONE as NO_SYMBOL
from com.sun.star.chart2.SymbolStyle import STANDARD
from com.sun.star.drawing.FillStyle import NONE as NO_FILL
from com.sun.star.drawing.FillStyle import SOLID as FILLED
from com.sun.star.drawing.LineStyle import NONE as NO_LINE
from com.sun.star.drawing.LineStyle import SOLID

from tierxl_in_calc.areas import cells_at
from tierxl_in_calc.looks import POINT, number_format

_CENTIMETRE = 1_000
_CIRCLE, _DIAMOND, _TRIANGLE, _DASH = 8, 1, 3, 13
_SYMBOLS = (_CIRCLE, _DIAMOND, _TRIANGLE)
_SYMBOL_SIZE, _MARK_SIZE = 8, 14
_GAP = 60
_CURVE, _FIFTH = 79, 0.2
_PAPER, _FRAME, _AXIS = 0xFFFFFF, 0xD9D9D9, 0x878787
_HAIR = 26


def draw(sheet, described, name, looks, words):
    """Draw a chart.

    Args:
        sheet: the sheet.
        described: the chart.
        name: what it is called; LibreOffice wants that to be the only one of the document.
        looks: our colours.
        words: the cell, by row and column, where a word stands on the sheet.
    """
    corner = sheet.getCellByPosition(described["column"] - 1, described["row"] - 1)
    width, height = round(described["width"] * _CENTIMETRE), round(described["height"] * _CENTIMETRE)
    place = Rectangle(corner.Position.X, corner.Position.Y, width, height)
    first = cells_at(sheet, described["series"][0]["y"]).RangeAddress
    sheet.Charts.addNewByName(name, place, (first,), False, False)
    chart = sheet.Charts[name].EmbeddedObject
    chart.lockControllers()
    try:
        _Chart(sheet, chart, described, looks, words).draw()
    finally:
        chart.unlockControllers()
    _anchor(sheet, corner, place)


def _anchor(sheet, corner, place):
    """Let the chart that was added last move with a cell, without growing with it."""
    shape = sheet.DrawPage.getByIndex(sheet.DrawPage.Count - 1)
    shape.Anchor, shape.ResizeWithCell = corner, False
    shape.setPosition(Point(place.X, place.Y))
    shape.setSize(Size(place.Width, place.Height))


class _Chart:
    def __init__(self, sheet, chart, described, looks, words):
        self._sheet, self._chart, self._described, self._words = sheet, chart, described, words
        self._looks, self._ink, self._line, self._font = looks, looks.ink, looks.line, looks.font
        self._provider = chart.getDataProvider()
        self._diagram = chart.getFirstDiagram()
        (self._system,) = self._diagram.getCoordinateSystems()

    def draw(self):
        by_category = self._described["kind"] in ("columns", "stacked columns", "bars")
        self._system.setChartTypes(self._columns() if by_category else self._scatter())
        self._scale(by_category)
        self._finish_axes()
        self._chart.setTitleObject(self._title(self._described["title"], 12, BOLD))
        self._legend()
        page = self._chart.getPageBackground()
        page.FillStyle, page.FillColor = FILLED, _PAPER
        page.LineStyle, page.LineColor, page.LineWidth = SOLID, _FRAME, _HAIR
        self._diagram.IncludeHiddenCells = False
        _empty(self._diagram.getWall())

    # --- Series ------------------------------------------------------------------------------------------------------

    def _columns(self):
        drawn = _made("ColumnChartType")
        is_stacked = self._described["kind"] == "stacked columns"
        overlap = 100 if is_stacked else 0
        drawn.GapwidthSequence, drawn.OverlapSequence = (_GAP, _GAP), (overlap, overlap)
        for described in self._described["series"]:
            series = self._series(described)
            series.FillStyle, series.BorderStyle = FILLED, NO_LINE
            if self._described["labelled"]:
                series.Label = DataPointLabel(ShowNumber=True)
            if is_stacked:
                series.StackingDirection = Y_STACKING
            drawn.addDataSeries(series)
        if not self._described["marks"]:
            return (drawn,)
        marks = _made("LineChartType")
        for described in self._described["marks"]:
            series = self._series(described)
            colour = self._looks.fill(described["style"])
            series.LineStyle, series.Symbol = NO_LINE, _symbol(_DASH, _MARK_SIZE, colour, colour)
            marks.addDataSeries(series)
        return drawn, marks

    def _scatter(self):
        drawn = _made("ScatterChartType")
        symbols = iter(_SYMBOLS)
        for described in self._described["series"]:
            series = self._series(described, with_x=True)
            colour = self._looks.fill(described["style"])
            if self._described["kind"] == "curve":
                series.LineStyle, series.LineWidth = SOLID, _CURVE
                series.Symbol = Symbol(Style=NO_SYMBOL)
            else:
                outline = self._ink if colour != self._ink else _PAPER
                series.LineStyle = NO_LINE
                series.Symbol = _symbol(next(symbols), _SYMBOL_SIZE, colour, outline)
            drawn.addDataSeries(series)
        for described in self._described["named"]:
            series = self._series(described, with_x=True)
            series.LineStyle, series.Symbol = NO_LINE, Symbol(Style=NO_SYMBOL)
            series.Label, series.LabelPlacement = DataPointLabel(ShowSeriesName=True), TOP
            series.ShowLegendEntry = False
            drawn.addDataSeries(series)
        return (drawn,)

    def _series(self, described, *, with_x=False):
        series = _made("DataSeries")
        values = self._values(described["y"], "values-y")
        values.setLabel(self._sequence(self._name(described["name"]), "label"))
        series.setData((self._values(described["x"], "values-x"), values) if with_x else (values,))
        series.Color = self._looks.fill(described["style"])
        return series

    def _name(self, name):
        """A series' name as the cell where it stands: a name by itself is lost when a sheet before ours is deleted."""
        if name in self._words:
            return cells_at(self._sheet, [*self._words[name]] * 2).AbsoluteName
        return '"' + name.replace('"', '""') + '"'

    def _values(self, area, role):
        values = _made("data.LabeledDataSequence")
        values.setValues(self._sequence(cells_at(self._sheet, area).AbsoluteName, role))
        return values

    def _sequence(self, written, role):
        sequence = self._provider.createDataSequenceByRangeRepresentation(written)
        sequence.Role = role
        return sequence

    # --- Axes --------------------------------------------------------------------------------------------------------

    def _scale(self, by_category):
        x, y = self._axis(0), self._axis(1)
        of_x, of_y = x.getScaleData(), y.getScaleData()
        kind = self._described["kind"]
        if by_category:
            x.TextBreak, x.ArrangeOrder = True, SIDE_BY_SIDE
            of_x.AxisType = CATEGORY
            of_x.Categories = self._values(self._described["series"][0]["x"], "categories")
        else:
            of_x.AxisType = REALNUMBER
            x.LabelPosition = y.LabelPosition = OUTSIDE_START
        if kind == "bars":
            self._system.SwapXAndYAxis = True
            of_x.Orientation, y.CrossoverPosition = REVERSE, END
        if self._described["x_logarithmic"]:
            of_x.Scaling = _made("LogarithmicScaling")
        if kind == "curve":
            of_x.Minimum = of_y.Minimum = 0.0
            of_x.Maximum = of_y.Maximum = 1.0
            of_x.IncrementData.Distance = _FIFTH
        if self._described["y_maximum"] is not None:
            of_y.Maximum = float(self._described["y_maximum"])
        x.setScaleData(of_x)
        y.setScaleData(of_y)

    def _finish_axes(self):
        is_swapped = self._described["kind"] == "bars"
        for dimension, name in enumerate("xy"):
            axis = self._axis(dimension)
            axis.Show, axis.LineStyle, axis.LineColor, axis.LineWidth = True, SOLID, _AXIS, _HAIR
            axis.CharFontName = self._font
            axis.MajorTickmarks = axis.MinorTickmarks = 0
            axis.LinkNumberFormatToSource = False
            axis.NumberFormat = number_format(self._chart.getNumberFormats(), self._described[f"{name}_format"])
            words = self._described[f"{name}_title"]
            if words:
                title = self._title(words, 10, NORMAL)
                title.TextRotation = 90.0 if (name == "y") != is_swapped else 0.0
                axis.setTitleObject(title)
            grid = axis.getGridProperties()
            grid.Show = name == "y"
            grid.LineStyle, grid.LineColor, grid.LineWidth = SOLID, self._line, _HAIR

    def _axis(self, dimension):
        return self._system.getAxisByDimension(dimension, 0)

    # --- Words -------------------------------------------------------------------------------------------------------

    def _title(self, words, size, weight):
        title, text = _made("Title"), _made("FormattedString")
        text.setString(words)
        text.CharFontName = self._font
        text.CharHeight, text.CharWeight, text.CharColor = float(size), weight, self._ink
        title.setText((text,))
        return title

    def _legend(self):
        if not self._described["has_legend"]:
            self._diagram.setLegend(None)
            return
        legend = _made("Legend")
        legend.AnchorPosition, legend.Expansion, legend.Show = PAGE_END, WIDE, True
        legend.CharFontName = self._font
        _empty(legend)
        self._diagram.setLegend(legend)


def _empty(area):
    """Let what is beneath an area show through."""
    area.FillStyle, area.LineStyle = NO_FILL, NO_LINE


def _symbol(number, points, fill, outline):
    size = round(points * POINT)
    return Symbol(Style=STANDARD, StandardSymbol=number, Size=Size(size, size), FillColor=fill, BorderColor=outline)


def _made(name):
    context = uno.getComponentContext()
    return context.ServiceManager.createInstanceWithContext(f"com.sun.star.chart2.{name}", context)
