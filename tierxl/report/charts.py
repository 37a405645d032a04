"""The charts of the report, as drawings that a PDF takes as they are and a page as SVG."""

from reportlab.graphics.charts.barcharts import VerticalBarChart
from reportlab.graphics.charts.legends import Legend
from reportlab.graphics.charts.lineplots import LinePlot
from reportlab.graphics.shapes import Drawing, String
from reportlab.lib.colors import Color, HexColor

from tierxl.report import fonts
from tierxl.report.content import Charts
from tierxl.sheets.styles import INK, LINE, MUTED, STYLES

WIDTH, HEIGHT = 370, 170
_CLIENTS, _REVENUE = STYLES["point-c"].fill, STYLES["tier-a"].fill
_SIZE = 8


def colour(rgb: str) -> Color:
    """A colour that is written as RRGGBB."""
    return HexColor(f"#{rgb}")


def tiers_chart(charts: Charts) -> Drawing:
    """The share of clients and of revenue, by tier."""
    drawing = _drawing("Share of clients and of revenue by tier")
    bars = VerticalBarChart()
    bars.x, bars.y, bars.width, bars.height = 30, 40, WIDTH - 50, HEIGHT - 65
    bars.data = [[share for _, share, _ in charts.tiers], [share for _, _, share in charts.tiers]]
    bars.categoryAxis.categoryNames = [f"Tier {tier}" for tier, _, _ in charts.tiers]
    _style_axis(bars.categoryAxis)
    _style_percent_axis(bars.valueAxis)
    bars.groupSpacing, bars.barSpacing = 12, 2
    bars.barLabels.fontName, bars.barLabels.fontSize, bars.barLabels.nudge = fonts.PLAIN, _SIZE, 7
    bars.barLabelFormat = _percent
    for at, fill in enumerate((_CLIENTS, _REVENUE)):
        bars.bars[at].fillColor = colour(fill)
        bars.bars[at].strokeColor = None
    drawing.add(bars)
    drawing.add(_legend([(_CLIENTS, "left bar: clients"), (_REVENUE, "right bar: revenue")]))
    return drawing


def pareto_chart(charts: Charts) -> Drawing:
    """The share of revenue that the largest clients bring."""
    drawing = _drawing("Revenue that the largest clients bring")
    plot = LinePlot()
    plot.x, plot.y, plot.width, plot.height = 30, 40, WIDTH - 50, HEIGHT - 65
    plot.data = [list(charts.pareto) or [(0, 0)], [(0, 0), (1, 1)]]
    plot.lines[0].strokeColor, plot.lines[0].strokeWidth = colour(_REVENUE), 2
    plot.lines[1].strokeColor, plot.lines[1].strokeDashArray = colour(MUTED), (3, 3)
    for axis in (plot.xValueAxis, plot.yValueAxis):
        _style_percent_axis(axis)
    drawing.add(plot)
    drawing.add(_legend([(_REVENUE, "your clients, the largest first"), (MUTED, "dashed: if all were equal")]))
    return drawing


def _percent(share: float) -> str:
    return f"{share:.0%}"


def _drawing(title: str) -> Drawing:
    fonts.register()
    drawing = Drawing(WIDTH, HEIGHT)
    drawing.add(String(0, HEIGHT - 10, title, fontName=fonts.BOLD, fontSize=10, fillColor=colour(INK)))
    return drawing


def _style_axis(axis: VerticalBarChart) -> None:
    axis.labels.fontName, axis.labels.fontSize = fonts.PLAIN, _SIZE
    axis.strokeColor = colour(MUTED)
    axis.visibleTicks = False


def _style_percent_axis(axis: VerticalBarChart) -> None:
    _style_axis(axis)
    axis.valueMin, axis.valueMax, axis.valueStep = 0, 1, 0.25
    axis.labelTextFormat = _percent
    axis.visibleGrid = True
    axis.gridStrokeColor = colour(LINE)


def _legend(names: list[tuple[str, str]]) -> Legend:
    legend = Legend()
    legend.x, legend.y = 30, 10
    legend.boxAnchor, legend.columnMaximum, legend.alignment = "w", 1, "right"
    legend.fontName, legend.fontSize, legend.dx, legend.dy, legend.deltax = fonts.PLAIN, _SIZE, 7, 7, 60
    legend.autoXPadding = 22
    legend.strokeWidth, legend.colorNamePairs = 0, [(colour(fill), name) for fill, name in names]
    return legend
